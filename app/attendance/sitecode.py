"""The code on the wall of a site, to clock in by scanning it. Signed, so that nobody can make one; it holds the site and nothing of anybody."""

import base64
import hashlib
import hmac
from io import BytesIO
from uuid import UUID

import segno

PREFIX = "muster:site:"


def make_code(secret_key: str, organization_id: int, site_id: UUID) -> str:
    """The text of the code."""
    return f"{PREFIX}{site_id.hex}.{_signature(secret_key, organization_id, site_id)}"


def read_code(secret_key: str, organization_id: int, code: str) -> UUID | None:
    """The site a code stands for; None when it was not made here for this organization."""
    try:
        site_id = UUID(hex=code.removeprefix(PREFIX).partition(".")[0])
    except ValueError:
        return None
    good = hmac.compare_digest(code.encode(), make_code(secret_key, organization_id, site_id).encode())
    return site_id if good else None


def svg(code: str) -> str:
    """The code as a QR picture."""
    out = BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="svg", scale=8)
    return out.getvalue().decode()


def _signature(secret_key: str, organization_id: int, site_id: UUID) -> str:
    signed = hmac.new(secret_key.encode(), f"site code {organization_id} {site_id.hex}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signed[:16]).decode().rstrip("=")
