"""What arrived at the demo's stand-ins: asked of the process that plays them."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from app.adapters.outbound import Peer, Unreachable
from app.ports import Arrived

TIMEOUT_S: Final = 2.0


class DemoOutbox:
    """See `app.ports.Arrivals`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def recent(self) -> Sequence[Arrived]:
        """The newest first; nothing when nobody answers."""
        try:
            with Peer(self._url, TIMEOUT_S) as peer:
                rows = json.loads(peer.send("GET", "/arrived").body)
        except Unreachable:
            return []
        return [Arrived(**row | {"at": datetime.fromisoformat(row["at"])}) for row in rows]

    def answer(self, number: str, text: str) -> None:
        """Have the stand-in for an SMS provider hand on a text."""
        with suppress(Unreachable), Peer(self._url, TIMEOUT_S) as peer:
            peer.send("POST", "/answers", json.dumps({"from": number, "text": text}).encode(), {"Content-Type": "application/json"})
