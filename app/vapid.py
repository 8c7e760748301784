"""The key by which push services know this installation (VAPID, RFC 8292): the setting, or derived from SECRET_KEY, so that one secret is enough."""

import base64
from email.utils import parseaddr
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.config import Settings

ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group P-256 (FIPS 186-4, D.1.2.3)."""


def private_key(settings: Settings) -> ec.EllipticCurvePrivateKey:
    """A point's secret number. 48 derived bytes, so that taking the rest favours no number."""
    if settings.vapid_private_key:
        number = int.from_bytes(_unbase64url(settings.vapid_private_key))
    else:
        raw = HKDF(SHA256(), 48, salt=None, info=b"muster vapid key").derive(settings.secret_key.encode())
        number = int.from_bytes(raw) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def public_key(settings: Settings) -> str:
    """What a browser subscribes with (`applicationServerKey`): the uncompressed point, base64url without padding."""
    point = private_key(settings).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64url(point)


def contact(settings: Settings) -> str | None:
    """Where a push service may reach whoever runs this installation."""
    if settings.vapid_contact:
        return settings.vapid_contact
    if settings.email_from:
        return f"mailto:{parseaddr(settings.email_from)[1]}"
    return settings.public_url if settings.secure else None


def base64url(raw: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
