"""Cross-site request forgery: a write by cookie must prove that it came from our own pages.

1. Browsers say where a request comes from (`Sec-Fetch-Site`); a write from another site is refused, signed in or not (sign-in too).
2. A write by cookie also carries the token of `GET /api/v1/csrf-token` in `X-CSRF-Token` (Flask-WTF checks it against the signed cookie).
Devices send their token by hand in every request, so nothing can be forged for them. Flask-WTF's check of the Referer header is off:
our pages send none (`Referrer-Policy: no-referrer`).
"""

from typing import Final

from flask import request
from flask_wtf.csrf import CSRFError, generate_csrf

from app.errors import CsrfRefused
from app.extensions import csrf

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CONFIG: Final = {
    "WTF_CSRF_CHECK_DEFAULT": False,
    "WTF_CSRF_SSL_STRICT": False,
    "WTF_CSRF_HEADERS": ["X-CSRF-Token"],
    "WTF_CSRF_TIME_LIMIT": None,
}


def protect(*, by_cookie: bool) -> None:
    """Raises `CsrfRefused` for a write that another site may have sent."""
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"} and "Authorization" not in request.headers:
        raise CsrfRefused
    if by_cookie:
        try:
            csrf.protect()
        except CSRFError:
            raise CsrfRefused from None


def new_token() -> str:
    """The token of this browser's session; makes the session when there is none."""
    token: str = generate_csrf()
    return token
