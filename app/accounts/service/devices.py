"""Devices: enrolled by a short code, once; known by a token; revoked at once.

1. A member makes an enrolment for their own phone, a manager for anybody's phone or for a kiosk at a site. The code is shown once, as text and QR.
2. The phone sends the code without any other credential. The global `credential` row says which organization's walls to enter (`organization_of_code`).
3. There the enrolment is locked, marked used, and becomes a device; its token is shown once and stored as SHA-256.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy.orm import Session

from app.accounts.lists import ALL, Window
from app.accounts.models import Credential, Device, Enrolment
from app.accounts.queries import devices as queries
from app.accounts.queries import people
from app.accounts.service import hooks
from app.accounts.service.passwords import ALPHABET, new_code
from app.accounts.service.sites import require_site
from app.actor import new_device_token
from app.errors import Invalid, NotFound

CODE_LIFETIME: Final = timedelta(minutes=15)
CODE_LENGTH: Final = 10
SCOPES: Final = {"phone": ["pings", "punches"], "kiosk": ["kiosk", "visitors"]}
ENCRYPTING: Final = "owntracks"
_KIND: Final = "enrolment"


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    """What the code shall make: a phone of a person, or a kiosk of a site."""

    name: str
    client: str = "native"
    person_id: UUID | None = None
    site_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device and what opens its door, shown once. `passphrase` encrypts its messages (OwnTracks only)."""

    device: Device
    token: str = field(repr=False)
    passphrase: str | None = field(repr=False)


def code_hash(code: str) -> bytes:
    """What is stored of a code. Case, spaces and dashes do not count."""
    return hashlib.sha256("".join(character for character in code.lower() if character in ALPHABET).encode()).digest()


def create_enrolment(session: Session, organization_id: int, new: NewEnrolment, now: datetime) -> tuple[Enrolment, str]:
    """The enrolment and its code. Raises `Invalid` naming what is wrong."""
    if (new.person_id is None) == (new.site_id is None):
        raise Invalid.of("person_id", "A phone belongs to a person, a kiosk to a site", "Send either person_id or site_id.")
    if new.site_id and new.client != "native":
        raise Invalid.of("client", "A kiosk runs our own app", "Send native, or leave client out.")
    require_site(session, organization_id, new.site_id)
    person = people.person(session, organization_id, new.person_id) if new.person_id else None
    if new.person_id and (person is None or person.left_at is not None):
        raise Invalid.of("person_id", "There is no such person here", "Choose somebody of this organization who has not left.")
    code = new_code(CODE_LENGTH, 5)
    enrolment = Enrolment(
        organization_id=organization_id,
        code_hash=code_hash(code),
        person_id=new.person_id,
        site_id=new.site_id,
        kind="kiosk" if new.site_id else "phone",
        client=new.client,
        name=new.name,
        expires_at=now + CODE_LIFETIME,
    )
    credential = Credential(hash=enrolment.code_hash, organization_id=organization_id, kind=_KIND, expires_at=enrolment.expires_at)
    session.add_all([enrolment, credential])
    session.flush()
    return enrolment, code


def organization_of_code(session: Session, code: str, now: datetime) -> int:
    """Whose walls to enter with this code. Raises `NotFound`, alike for unknown, used and expired codes. Identity transaction."""
    found = queries.organization_of_code(session, code_hash(code), _KIND, now)
    if found is None:
        raise NotFound(UNKNOWN_CODE)
    return found


ENROLMENTS_KEPT: Final = timedelta(days=30)
UNKNOWN_CODE: Final = "This code is unknown, used or older than 15 minutes. Ask for a new one and type it as shown."


def activate(session: Session, organization_id: int, code: str, now: datetime, secret_key: str) -> Enrolled:
    """Turn a code into a device, once. Raises `NotFound`."""
    enrolment = queries.enrolment_of_code(session, organization_id, code_hash(code), now)
    if enrolment is None:
        raise NotFound(UNKNOWN_CODE)
    enrolment.used_at = now
    credential = queries.credential(session, enrolment.code_hash)
    if credential:
        session.delete(credential)
    enrolled = _device(session, enrolment, secret_key)
    if enrolment.person_id is not None:
        hooks.device_enrolled.call(session, organization_id, [enrolment.person_id], now)
    return enrolled


def _device(session: Session, enrolment: Enrolment, secret_key: str) -> Enrolled:
    token, hashed = new_device_token(enrolment.organization_id)
    passphrase = secrets.token_urlsafe(24)[:32] if enrolment.client == ENCRYPTING else None
    device = Device(
        organization_id=enrolment.organization_id,
        person_id=enrolment.person_id,
        site_id=enrolment.site_id,
        kind=enrolment.kind,
        client=enrolment.client,
        name=enrolment.name,
        token_hash=hashed,
        scopes=SCOPES[enrolment.kind],
        payload_key=seal(secret_key, passphrase) if passphrase else None,
    )
    session.add(device)
    session.flush()
    return Enrolled(device, token, passphrase)


def forget_enrolments(session: Session, organization_id: int, now: datetime) -> int:
    """Each day: codes that expired 30 days ago. The devices they made stay; how many rows."""
    return queries.forget_enrolments(session, organization_id, now - ENROLMENTS_KEPT)


def list_devices(
    session: Session, organization_id: int, *, own: UUID | None, revoked: bool = False, window: Window = ALL
) -> Sequence[Device]:
    """In order of enrolment, up to `limit + 1`; `own` restricts to a person's."""
    return queries.devices(session, organization_id, own=own, revoked=revoked, window=window)


def get_device(session: Session, organization_id: int, device_id: UUID, *, own: UUID | None = None, lock: bool = False) -> Device:
    """Raises `NotFound`."""
    found = queries.device(session, organization_id, device_id, own=own, lock=lock)
    if found is None:
        raise NotFound
    return found


def rename_device(session: Session, device: Device, name: str) -> None:
    """Another name."""
    device.name = name
    session.flush()


def revoke_device(session: Session, device: Device, now: datetime) -> None:
    """Its token opens nothing from now on. Repeating it changes nothing."""
    device.revoked_at = device.revoked_at or now
    session.flush()


def seal(secret_key: str, passphrase: str) -> bytes:
    """Encrypted at rest (XSalsa20-Poly1305), by a key derived from the installation's secret."""
    return bytes(_box(secret_key).encrypt(passphrase.encode()))


def passphrase_of(secret_key: str, sealed: bytes | None) -> str | None:
    """What `seal` hid; None when there is nothing, or when the installation's secret was changed since."""
    try:
        return _box(secret_key).decrypt(sealed).decode() if sealed else None
    except CryptoError:
        return None


def _box(secret_key: str) -> SecretBox:
    return SecretBox(hmac.new(secret_key.encode(), b"device payload key", hashlib.sha256).digest())
