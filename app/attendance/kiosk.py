"""A kiosk: somebody stands before it, shows who they are, and clocks in or out.

1. Which kiosk: the token of a device that is for this and not revoked. No other device may.
2. Every attempt is counted before it is looked at, for whoever is named and for the kiosk (`accounts.service.guessing`): names and PINs cannot be
   tried out quickly. A right one is taken back. The kiosk's own wait stays short, so that one joker does not keep a whole shift outside.
3. Who it is: the whole name or the personal code (`accounts.service.kiosk`). No list, no part of a name, and nothing of anybody else comes back.
4. Where the organization asks a PIN, an unknown name, a wrong PIN and a PIN that was never set are one answer, equally late. That several people
   have a name is told after the PIN of one of them.
5. Then the punch is recorded as any other. One that was made offline comes with what was shown, and is judged now: a kiosk knows nobody.

Each step has its own short transaction, because a count must stay although the attempt fails.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service import guessing
from app.accounts.service import kiosk as people
from app.accounts.service.guessing import Patience
from app.accounts.service.kiosk import Shown
from app.actor import Actor, DeviceClaim
from app.attendance import lookups
from app.attendance.punches import NewPunch, Punched, record_punch
from app.attendance.questions import WAITED
from app.core.names import words_of
from app.errors import Conflict, Forbidden, Invalid, ModuleOff, NotFound, Unauthorized
from app.ports import Deps

SCOPE: Final = "kiosk"
WITH_PERSON: Final = Patience(free=4, weight=timedelta(minutes=30))
WITH_KIOSK: Final = Patience(free=20, weight=timedelta(minutes=1), most_s=8)
NOBODY: Final = "Nobody here goes by that. Type the full name as your employer writes it, or show your personal code; or ask a manager."
WRONG_PIN: Final = (
    "Name or code and PIN do not go together, or there is no PIN yet. Try again, set your PIN in the app, or ask a manager."
    " After several failures you must wait a little longer each time."
)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """Where it stands, what it is for (modules of the organization), and what it asks."""

    device_id: UUID
    name: str
    organization: str
    site: str
    timezone: str
    locale: str
    modules: list[str]
    asks_pin: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """Who stands there, and what they probably want."""

    name: str | None
    suggested: Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Who they say they are, and by which keys that is counted."""

    actor: Actor
    known: list[people.Known]
    asks_pin: bool
    person_key: bytes
    kiosk_key: bytes


def facts(session: Session, actor: Actor) -> Kiosk:
    """What this kiosk needs to know of itself. Raises `NotFound` for a device that stands at no site."""
    if actor.device_id is None:
        raise NotFound
    device = accounts.get_device(session, actor.tenant, actor.device_id)
    if device.site_id is None:
        raise NotFound
    home, site = accounts.get_organization(session, actor.tenant), accounts.get_site(session, actor.tenant, device.site_id)
    modules = sorted(actor.modules & {"attendance", "visitors"})
    return Kiosk(device.id, device.name, home.name, site.name, site.timezone or home.timezone, home.locale, modules, home.kiosk_asks_pin)


def see(claim: DeviceClaim, shown: Shown, now: datetime, deps: Deps) -> Seen:
    """Who that is. Raises `Unauthorized`, `Forbidden`, `ModuleOff`; `TooMany`; `Invalid`, `NotFound`, `Conflict` for who was shown."""
    actor, person = _identified(claim, shown, now, deps)
    with deps.database.tenant(claim.organization_id) as session:
        last = lookups.punch_before(session, actor.tenant, person.person_id, now)
    is_in = last is not None and last.kind == "in" and last.at > now - WAITED
    return Seen(person.name, "out" if is_in else "in")


def punch(claim: DeviceClaim, shown: Shown, new: NewPunch, now: datetime, deps: Deps) -> Punched:
    """Clock them in or out. Raises as `see`, and `Invalid` for an impossible time."""
    actor, person = _identified(claim, shown, now, deps)
    with deps.database.tenant(claim.organization_id) as session:
        return record_punch(session, actor, replace(new, person_id=person.person_id), now, deps, anybody=False)


def _identified(claim: DeviceClaim, shown: Shown, now: datetime, deps: Deps) -> tuple[Actor, people.Known]:
    """Steps 1 to 4."""
    attempt = _attempt(claim, shown, now, deps)
    with deps.database.identity() as session:
        guessing.count(session, {attempt.person_key: WITH_PERSON, attempt.kiosk_key: WITH_KIOSK}, now, deps.settings)
    right = _right(attempt, shown, deps)
    if not right:
        raise NotFound(WRONG_PIN if attempt.asks_pin else NOBODY)
    with deps.database.identity() as session:
        guessing.forgive(session, attempt.person_key, attempt.kiosk_key, WITH_KIOSK)
    if len(attempt.known) > 1:
        raise Conflict(people.SAME_NAME)
    return attempt.actor, right[0]


def _right(attempt: _Attempt, shown: Shown, deps: Deps) -> list[people.Known]:
    """Those of them whose PIN it is. Where nobody goes by that, a PIN is compared all the same."""
    if not attempt.asks_pin:
        return attempt.known
    hashes = [one.pin_hash for one in attempt.known] or [None]
    fits = [people.is_pin_right(deps.settings.secret_key, shown.pin or "", each) for each in hashes]
    return [one for one, fit in zip(attempt.known, fits, strict=False) if fit]


def _attempt(claim: DeviceClaim, shown: Shown, now: datetime, deps: Deps) -> _Attempt:
    with deps.database.tenant(claim.organization_id) as session:
        actor = _kiosk(session, claim, now, deps)
        if (shown.name is None) == (shown.code is None):
            raise Invalid.of("name", "Somebody is known by a name or by a code", "Give either of them, and not both.")
        asks_pin = accounts.get_organization(session, actor.tenant).kiosk_asks_pin
        if asks_pin and shown.pin is None:
            raise Invalid.of("pin", "A PIN is asked here", "Type your PIN too.")
        known = people.find(session, actor.tenant, shown, deps.settings.secret_key)
    named = str(known[0].person_id) if len(known) == 1 else " ".join(words_of(shown.name or shown.code or ""))
    return _Attempt(
        actor,
        known,
        asks_pin,
        guessing.key_of(deps.settings, "kiosk person", f"{actor.tenant} {named}"),
        guessing.key_of(deps.settings, "kiosk device", str(actor.device_id)),
    )


def _kiosk(session: Session, claim: DeviceClaim, now: datetime, deps: Deps) -> Actor:
    """What the pipeline does for routes with one transaction."""
    actor = deps.identity.device(session, claim, now)
    if actor is None:
        raise Unauthorized(headers={"WWW-Authenticate": "Bearer"})
    if "attendance" not in actor.modules:
        raise ModuleOff
    if SCOPE not in actor.scopes:
        raise Forbidden("This device's token is not for that. Enrol the device again for this purpose.")
    return actor
