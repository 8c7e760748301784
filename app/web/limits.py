"""Rate limits, counted in Redis; in memory of each process while Redis is away.

A route says `limit="10 per minute"`. Callers with a credential are counted by it, anonymous ones by address (IPv6: by /64, one household).
"""

import hashlib
import ipaddress
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask, request

from app.config import Settings
from app.extensions import limiter
from app.web.guards import Guard


def attach(app: Flask, settings: Settings) -> None:
    """Attach Flask-Limiter. Its looks at every request and answer are taken off: limits stand on single routes only, and pings need not pay for them."""
    url = settings.redis_url
    app.config.update(
        RATELIMIT_STORAGE_URI=f"redis+{url}" if url.startswith("unix:") else url,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="muster",
    )
    limiter.init_app(app)
    looks: tuple[list[Any], ...] = (app.before_request_funcs[None], app.after_request_funcs[None], app.teardown_request_funcs[None])
    for hooks in looks:
        hooks[:] = [hook for hook in hooks if limiter not in (getattr(hook, "__self__", None), *getattr(hook, "args", ()))]


def address_prefix() -> str:
    """The caller's address: all of IPv4, the /64 of IPv6."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def by_address() -> str:
    """Key of an anonymous caller."""
    return f"address:{address_prefix()}"


@cache  # Flask-Limiter tells limits apart by this function: a second app in the process must not make each request count twice
def by_credential(guard: Guard) -> Callable[[], str]:
    """Key of a caller with a credential this guard reads, without keeping the credential. What else stands in the headers makes no other caller."""

    def key() -> str:
        given = next((text for single in guard.singles if (text := single.presented())), None)
        return f"credential:{hashlib.sha256(given.encode()).hexdigest()[:32]}" if given else by_address()

    return key
