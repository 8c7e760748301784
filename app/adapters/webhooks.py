"""Posts to addresses that an organization chose: over TLS, to public addresses unless the operator allows others, with no redirects followed."""

from collections.abc import Mapping
from typing import Final

from app.adapters.outbound import Peers, Refused, Unreachable, Wall
from app.config import Settings

ANSWER_S: Final = 10.0


class WebPoster:
    """Implements `ports.Poster`."""

    def __init__(self, settings: Settings) -> None:
        wall = Wall(None, settings.outbound_private, tls_only=not settings.outbound_private, ca=settings.outbound_ca)
        self._peers = Peers(wall, ANSWER_S)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int | str:
        """See `Poster`."""
        try:
            return self._peers.send(url, body, headers).status
        except Refused:
            return "refused"
        except Unreachable:
            return "unreachable"
