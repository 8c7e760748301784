"""Links, codes and posters of visits: all made from the installation's secret, so that none is kept in a form that opens anything.

A visitor's link is `/v/<token>`, a host's `/h/<token>`; each names its row by what is stored of it (SHA-256). Six digits are few, so they are unique
among visitors to come or on, stored as a keyed hash, and guesses are counted (`arrive`). A poster at an assembly point names its site in clear.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from functools import cache
from typing import Final
from uuid import UUID

from app.config import Settings

PREFIX: Final = "muster:visit:"
"""Before a visitor's token in a QR code."""
_BYTES: Final = 16
_TOKEN: Final = re.compile(r"([vh])([1-9][0-9]{0,17})-[A-Za-z0-9_-]{22}", re.ASCII)
_POSTER: Final = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{22})-([1-9][0-9]{0,8})-([A-Za-z0-9_-]{22})", re.ASCII)
_CODE: Final = re.compile(r"[0-9]{6}", re.ASCII)
_DRAWS: Final = 1_000


def visit_token(settings: Settings, organization_id: int, visitor_id: UUID) -> str:
    """`v<organization_id>-<22 base64url>`: the same for the same visitor."""
    return f"v{organization_id:d}-{_mac(settings, 'visitor link', f'{organization_id:d} {visitor_id}')}"


def visit_url(settings: Settings, organization_id: int, visitor_id: UUID) -> str:
    """The visitor's own page."""
    return f"{settings.public_url.rstrip('/')}/v/{visit_token(settings, organization_id, visitor_id)}"


def qr_text(settings: Settings, organization_id: int, visitor_id: UUID) -> str:
    """What the QR code of an invitation and of a badge holds."""
    return PREFIX + visit_token(settings, organization_id, visitor_id)


def host_token(settings: Settings, organization_id: int, notice_id: UUID) -> str:
    """`h<organization_id>-<22 base64url>`: of one step of the host chain."""
    return f"h{organization_id:d}-{_mac(settings, 'host link', f'{organization_id:d} {notice_id}')}"


def host_url(settings: Settings, organization_id: int, notice_id: UUID) -> str:
    """Where a host says whether they come."""
    return f"{settings.public_url.rstrip('/')}/h/{host_token(settings, organization_id, notice_id)}"


def token_hash(token: str) -> bytes:
    """What is stored of a link's token; a QR code's prefix does not count."""
    return hashlib.sha256(token.removeprefix(PREFIX).encode()).digest()


def organization_of_visit(token: str) -> int | None:
    """The organization that a visitor's token (or their QR code) says it is of; None when it has not the form of one."""
    return _organization(token.removeprefix(PREFIX), "v")


def organization_of_host(token: str) -> int | None:
    """As `organization_of_visit`, of a host's token."""
    return _organization(token, "h")


def code_hash(settings: Settings, organization_id: int, code: str) -> bytes | None:
    """What is stored of six digits; None when they are no six digits."""
    digits = "".join(code.split())
    if not _CODE.fullmatch(digits):
        return None
    return hmac.digest(_key(settings.secret_key, "visit code"), f"{organization_id:d} {digits}".encode(), "sha256")


def codes(settings: Settings, organization_id: int, visitor_id: UUID) -> Iterator[str]:
    """The codes that a visitor may get, in order: the first that nobody has."""
    for draw in range(_DRAWS):
        text = f"{organization_id:d} {visitor_id} {draw:d}".encode()
        raw = hmac.digest(_key(settings.secret_key, "draw of a visit code"), text, "sha256")
        yield f"{int.from_bytes(raw[:8]) % 1_000_000:06d}"


def code_of(settings: Settings, organization_id: int, visitor_id: UUID, kept: bytes | None) -> str | None:
    """The code that a visitor has, from what is stored of it."""
    if kept is None:
        return None
    return next((code for code in codes(settings, organization_id, visitor_id) if code_hash(settings, organization_id, code) == kept), None)


def assembly_token(settings: Settings, organization_id: int, site_id: UUID, number: int) -> str:
    """What a poster at an assembly point holds: `<organization_id>-<site>-<number>-<mac>`."""
    mac = _mac(settings, "assembly point", f"{organization_id:d} {site_id} {number:d}")
    return f"{organization_id:d}-{_text(site_id.bytes)}-{number:d}-{mac}"


def assembly_url(settings: Settings, organization_id: int, site_id: UUID, number: int) -> str:
    """Where whoever scans it says that they are safe."""
    return f"{settings.public_url.rstrip('/')}/a/{assembly_token(settings, organization_id, site_id, number)}"


def assembly_point(settings: Settings, token: str) -> tuple[int, UUID, int] | None:
    """(organization, site, number) of a poster; None when we did not make it. Whether the number still counts is for the site to say."""
    found = _POSTER.fullmatch(token)
    if found is None:
        return None
    organization_id, site_id, number = int(found[1]), UUID(bytes=base64.urlsafe_b64decode(found[2] + "==")), int(found[3])
    expected = assembly_token(settings, organization_id, site_id, number)
    return (organization_id, site_id, number) if hmac.compare_digest(expected.encode(), token.encode()) else None


def _organization(token: str, kind: str) -> int | None:
    found = _TOKEN.fullmatch(token)
    return int(found[2]) if found and found[1] == kind else None


def _mac(settings: Settings, what: str, of: str) -> str:
    return _text(hmac.digest(_key(settings.secret_key, what), of.encode(), "sha256")[:_BYTES])


@cache
def _key(secret: str, what: str) -> bytes:
    return hmac.digest(secret.encode(), what.encode(), "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
