"""How a person is known at a kiosk: by the whole name or the personal code, and by a PIN where the organization asks one.

1. A name is compared whole, without regard to case, accents, hyphens and the order of its words; a part of it finds nobody, so staff cannot be browsed.
   Where several have one name the employee number tells them apart; that they are several is told only to whoever could be one of them.
2. The personal code is signed, not stored: it holds the person's id and the number of the code. A new code is the next number; the old one is void.
3. A PIN is short, so its hash is made of a keyed hash: whoever copies the database cannot try PINs without the installation's secret.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.queries import kiosk as queries
from app.accounts.service.passwords import hash_password, verify_password
from app.core.names import key_of, words_of
from app.errors import Invalid, NotFound

PREFIX: Final = "muster:me:"
_CODE: Final = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{22}})\.[A-Za-z0-9_-]{{22}}", re.ASCII)
SAME_NAME: Final = "Several people here have this name. Give the employee number too, or show your personal code."


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody at a kiosk showed: a name (with a number, where names are the same) or a code; and a PIN."""

    name: str | None = field(default=None, repr=False)
    employee_number: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who works here, and what their PIN will be compared with."""

    person_id: UUID
    name: str | None = field(repr=False)
    pin_hash: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a person has to show at a kiosk."""

    code: str = field(repr=False)
    has_pin: bool


def find(session: Session, organization_id: int, shown: Shown, secret_key: str) -> list[Known]:
    """Who that may be, PIN aside: nobody, one, or all who have the name when no number tells them apart."""
    if shown.code is not None:
        return _of_code(session, organization_id, shown.code, secret_key)
    people = named(session, organization_id, shown.name or "")
    rows = [row for person_id in people if (row := queries.person_with_pass(session, organization_id, person_id))]
    if len(rows) > 1 and shown.employee_number is not None:
        rows = [row for row in rows if row.employee_number == shown.employee_number]
    return [_known(row) for row in rows]


def named(session: Session, organization_id: int, name: str) -> list[UUID]:
    """Everybody here who has this whole name."""
    wanted = words_of(name)
    likely = queries.named(session, organization_id, key_of(name)) if wanted else []
    return [person_id for person_id, known in likely if words_of(known or "") == wanted]


def stands_at(session: Session, organization_id: int, device_id: UUID) -> tuple[UUID, str]:
    """The site of a kiosk, and its time zone. Raises `NotFound` for a device that stands nowhere."""
    found = queries.stands_at(session, organization_id, device_id)
    if found is None:
        raise NotFound
    return found[0], found[1]


def _of_code(session: Session, organization_id: int, code: str, secret_key: str) -> list[Known]:
    match = _CODE.fullmatch(code)
    if match is None:
        return []
    person_id = UUID(bytes=base64.urlsafe_b64decode(match[1] + "=="))
    row = queries.person_with_pass(session, organization_id, person_id)
    if row is None or not hmac.compare_digest(code, code_of(secret_key, organization_id, person_id, row.code_number)):
        return []
    return [_known(row)]


def _known(row: Row[*tuple[Any, ...]]) -> Known:
    return Known(row.id, row.name, row.pin_hash)


def code_of(secret_key: str, organization_id: int, person_id: UUID, number: int) -> str:
    """The text of a person's code."""
    text = f"person code {organization_id} {person_id.hex} {number}"
    signed = hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).digest()[:16]
    return f"{PREFIX}{_base64(person_id.bytes)}.{_base64(signed)}"


def is_pin_right(secret_key: str, pin: str, pin_hash: str | None) -> bool:
    """Takes a tenth of a second, as long where there is no PIN: run it outside a transaction."""
    return verify_password(_keyed(secret_key, pin), pin_hash)


def read_pass(session: Session, organization_id: int, person_id: UUID, secret_key: str) -> Pass:
    """Raises `NotFound`, also for those who left."""
    row = queries.person_with_pass(session, organization_id, person_id)
    if row is None:
        raise NotFound
    return Pass(code_of(secret_key, organization_id, person_id, row.code_number), row.pin_hash is not None)


def set_pin(session: Session, organization_id: int, person_id: UUID, pin: str, secret_key: str) -> None:
    """Raises `NotFound`, and `Invalid` for a PIN that anybody would try first."""
    read_pass(session, organization_id, person_id, secret_key)
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise Invalid.of("pin", "This PIN is too easy to guess", "Choose digits that are neither all the same nor in a row.")
    queries.set_pin(session, organization_id, person_id, hash_password(_keyed(secret_key, pin)))


def renew_code(session: Session, organization_id: int, person_id: UUID, secret_key: str) -> Pass:
    """A new code; the old one, wherever it is printed, opens nothing any more. Raises `NotFound`."""
    read_pass(session, organization_id, person_id, secret_key)
    queries.next_code(session, organization_id, person_id)
    return read_pass(session, organization_id, person_id, secret_key)


def end_pass(session: Session, organization_id: int, person_id: UUID) -> None:
    """The person left: code and PIN are void, also should they come back."""
    queries.next_code(session, organization_id, person_id, forget_pin=True)


def _keyed(secret_key: str, pin: str) -> str:
    return hmac.new(secret_key.encode(), f"kiosk pin {pin}".encode(), hashlib.sha256).hexdigest()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
