"""The only module that opens outbound HTTP. One peer, given at the start: no redirects, no proxies, no cookies, a timeout on everything."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

TIMEOUT_S: Final = 30.0
MAX_ANSWER_BYTES: Final = 4 * 2**20


class Unreachable(Exception):
    """The peer did not answer. It may have acted all the same, so only what is idempotent may be sent again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Peer:
    """One server, over one connection that is opened when needed and kept. Not for several threads at once."""

    def __init__(self, base_url: str, timeout_s: float = TIMEOUT_S) -> None:
        """Raises `ValueError` for anything but http and https with a host."""
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError("an address looks like https://muster.example.org")
        self.base_url = base_url.rstrip("/")
        self._prefix = parts.path.rstrip("/")
        self._connection = (
            http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout_s, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout_s)
        )

    def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request, one answer, whatever its status. Raises `Unreachable`."""
        try:
            self._connection.request(method, self._prefix + path, body, dict(headers or {}))
            response = self._connection.getresponse()
            content = response.read(MAX_ANSWER_BYTES)
            if not response.isclosed():
                raise Unreachable("the answer is too large")
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable(type(error).__name__) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the next request opens another."""
        self._connection.close()
