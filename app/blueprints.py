"""The security map: which routes hang where, and who must be calling. There is no other place where a route is attached."""

from typing import Final

from app.web import health, openapi, readable
from app.web.guards import anonymous, metrics
from app.web.mount import Mount

API: Final = "/api/v1"

TABLE: Final[tuple[Mount, ...]] = (
    Mount(health.routes, "", anonymous),
    Mount(health.metrics_routes, "", metrics),
    Mount(health.csrf_routes, API, anonymous),
    Mount(openapi.routes, API, anonymous),
    Mount(readable.routes, API, anonymous),
)
