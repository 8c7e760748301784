"""The event stream: a process of its own, because a stream held open would hold a thread of the web processes.

1. `GET /api/v1/stream` (`application`) checks the caller as every route does, then hands out frames of Server-Sent Events for hours.
2. One `hub` per process. Per organization with streams it reads the journal when a Redis hint comes, and every second in any case:
   without Redis it polls. What it reads goes to every stream of the organization, each filtered by what its viewer may read.
3. Where a stream broke off stands in its `cursor`, which the browser sends back as Last-Event-ID.
4. When a session, a role or a module is taken away, and every 30 seconds in any case, one query for the organization asks which of its
   viewers still may look; the others' streams end.
5. `handoff` lets the web processes pass a stream's socket on, so that one public address serves both; `door` is their threads.
"""

from typing import Final

STREAM_PATH: Final = "/api/v1/stream"
