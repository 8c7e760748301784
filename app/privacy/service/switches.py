"""The person's own switch: on, off, pause, resume, and the phone that speaks for them. Every act is a row that is never changed.

A person's acts get strictly rising times, so that replaying the ledger has one outcome; `now` is moved on by a millisecond where it must.
Nobody but the person reads any of this: to everybody else an opt-out looks like silence. Somebody else may have enrolled a phone for the
person, and may hold it: so a phone that does not speak for the person is told nothing. It can begin to speak, which the person sees in the ledger
and on their own phone, and is then told what was done since; and it can switch off, because off must always work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.service.devices import get_device, list_devices
from app.accounts.service.people import get_person
from app.core.fix import from_ms, to_ms
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.privacy import gates, queries, texts
from app.privacy.models import SwitchEvent
from app.privacy.service.projection import as_event, rewrite

LONGEST_PAUSE: Final = timedelta(days=31)
UNHEARD: Final = "This phone does not speak for its person, so it is told nothing. Switch sharing on with it, or choose it, first."


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose switch it is, and through what they speak: `member` (a browser), `device`, `departure`.

    `phone`: the device in the hand of whoever speaks. Somebody else may have enrolled it, so it can begin sharing for itself only,
    and is told nothing before it did.
    """

    organization_id: int
    person_id: UUID
    channel: str = "member"
    phone: UUID | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """How the switch stands. `state` is on, off or paused; `notice_awaits`: a newer notice than the accepted one is there to be read."""

    state: str
    since: datetime | None
    paused_until: datetime | None
    tracking_device_id: UUID | None
    notice_version: str | None
    notice_awaits: bool


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which location notice was read and accepted."""

    version: str
    locale: str


def switch_of(session: Session, whose: Whose, now: datetime) -> Switch:
    """How a person's switch stands after their last act; nothing in the ledger means off."""
    rows = queries.switch_events(session, whose.organization_id, [whose.person_id])
    now = max([now, *(row.at for row in rows[-1:])])
    replayed = gates.body(map(as_event, rows), (), now)
    on_since = next((start for start, end in replayed["on"] if end is None), None)
    pause = next(((start, end) for start, end in replayed["paused"] if on_since is not None and start <= to_ms(now) < end), None)
    ended = [row.at for row in rows if row.kind == "off"]
    since = (pause and pause[0]) or on_since
    accepted = next((row.notice_version for row in reversed(rows) if row.notice_version), None)
    return Switch(
        state="off" if on_since is None else "paused" if pause else "on",
        since=from_ms(since) if since is not None else max(ended, default=None),
        paused_until=from_ms(pause[1]) if pause else None,
        tracking_device_id=next((UUID(device) for device, _, end in replayed["tracking"] if end is None), None),
        notice_version=accepted,
        notice_awaits=accepted != texts.current("notice", "en").version,
    )


def read_switch(session: Session, whose: Whose, now: datetime) -> Switch:
    """`switch_of`, for whoever asks. Raises `Forbidden` for a phone that does not speak for the person."""
    _require_voice(session, whose)
    return switch_of(session, whose, now)


def ledger(session: Session, whose: Whose, *, before: tuple[datetime, UUID] | None = None, limit: int = 200) -> Sequence[SwitchEvent]:
    """The person's own acts, newest first; to a phone, those since it speaks for them. Raises `Forbidden` as `read_switch`."""
    since = _require_voice(session, whose)
    return queries.switch_events_after(session, whose.organization_id, whose.person_id, before=before, limit=limit, since=since)


def _require_voice(session: Session, whose: Whose) -> datetime | None:
    """Since when the phone in the hand speaks for the person; None: there is no phone. Raises `Forbidden`, however the switch stands."""
    if whose.phone is None:
        return None
    chosen = [row for row in queries.switch_events(session, whose.organization_id, [whose.person_id]) if row.kind == "device"]
    if not chosen or chosen[-1].device_id != whose.phone:
        raise Forbidden(UNHEARD)
    return chosen[-1].at


def switch_on(session: Session, whose: Whose, accepted: Acceptance, now: datetime) -> Switch:
    """Share from now on. By a phone, that phone becomes the tracking device; else, without a live one, the person's first phone.

    Raises `Invalid` when the notice is not the current one.
    """
    notice = texts.current("notice", accepted.locale)
    if accepted.version != notice.version:
        raise Invalid.of("notice_version", "A newer notice has been published", "Read it at /api/v1/privacy/notice and send its version.")
    _begin(session, whose)
    before = switch_of(session, whose, now)
    rows = [
        SwitchEvent(kind=kind, notice_version=notice.version, notice_sha256=notice.sha256, locale=notice.locale)
        for kind in ("on" if before.state == "off" else "notice",)
        if before.state == "off" or before.notice_version != notice.version
    ]
    phones = [whose.phone] if whose.phone else _phones(session, whose)
    if phones and before.tracking_device_id not in phones:
        rows.append(SwitchEvent(kind="device", device_id=phones[0]))
    return _append(session, whose, rows, now)


def switch_off(session: Session, whose: Whose, now: datetime) -> Switch:
    """Stop at once. No reason is asked; off when off changes nothing. Any phone may; one that does not speak for the person learns no more."""
    switched = _when(session, whose, ("on", "paused"), SwitchEvent(kind="off"), now)
    return switched if whose.phone in (None, switched.tracking_device_id) else Switch("off", None, None, None, None, notice_awaits=True)


def pause(session: Session, whose: Whose, until: datetime, now: datetime) -> Switch:
    """Stop until a moment, or until resumed. Raises `Invalid` for a moment that is past or too far, `Conflict` when off, `Forbidden` as `read_switch`."""
    if not now < until <= now + LONGEST_PAUSE:
        raise Invalid.of("until", "A pause ends in the future, within 31 days", "Choose a later or an earlier end, or switch off.")
    _begin(session, whose)
    _require_voice(session, whose)
    if switch_of(session, whose, now).state == "off":
        raise Conflict("The switch is off, so there is nothing to pause.")
    return _append(session, whose, [SwitchEvent(kind="pause", until=until)], now)


def resume(session: Session, whose: Whose, now: datetime) -> Switch:
    """End a pause; without one nothing changes. Raises `Forbidden` as `read_switch`."""
    _require_voice(session, whose)
    return _when(session, whose, ("paused",), SwitchEvent(kind="resume"), now)


def choose_device(session: Session, whose: Whose, device_id: UUID, now: datetime) -> Switch:
    """This phone speaks for the person from now on. Raises `NotFound` unless it is their own live phone that may send pings; a phone chooses itself."""
    if whose.phone not in (None, device_id):
        raise NotFound
    _begin(session, whose)
    device = get_device(session, whose.organization_id, device_id, own=whose.person_id)
    if device.kind != "phone" or device.revoked_at is not None or "pings" not in device.scopes:
        raise NotFound
    before = switch_of(session, whose, now)
    if before.tracking_device_id == device_id:
        return before
    return _append(session, whose, [SwitchEvent(kind="device", device_id=device_id)], now)


def on_people_left(session: Session, organization_id: int, person_ids: Sequence[UUID], now: datetime) -> None:
    """Joins `accounts.hooks.people_left`: whoever left is off, and stays off if they come back."""
    for person_id in person_ids:
        _when(session, Whose(organization_id, person_id, "departure"), ("on", "paused"), SwitchEvent(kind="off"), now)


def on_device_enrolled(session: Session, organization_id: int, person_ids: Sequence[UUID], now: datetime) -> None:
    """Joins `accounts.hooks.device_enrolled`: who shares already but has no live phone to do it with goes on with the new one."""
    for person_id in person_ids:
        whose = Whose(organization_id, person_id, "enrolment")
        _begin(session, whose)
        before, phones = switch_of(session, whose, now), _phones(session, whose)
        if before.state != "off" and phones and before.tracking_device_id not in phones:
            _append(session, whose, [SwitchEvent(kind="device", device_id=phones[0])], now)


def _begin(session: Session, whose: Whose) -> None:
    """One act at a time, so that each is judged by the one before it."""
    get_person(session, whose.organization_id, whose.person_id)
    queries.lock_gates(session, whose.organization_id)


def _when(session: Session, whose: Whose, states: tuple[str, ...], act: SwitchEvent, now: datetime) -> Switch:
    _begin(session, whose)
    before = switch_of(session, whose, now)
    return _append(session, whose, [act], now) if before.state in states else before


def _phones(session: Session, whose: Whose) -> list[UUID]:
    devices = list_devices(session, whose.organization_id, own=whose.person_id)
    return [device.id for device in devices if device.kind == "phone" and "pings" in device.scopes]


def _append(session: Session, whose: Whose, acts: list[SwitchEvent], now: datetime) -> Switch:
    last = queries.switch_events_after(session, whose.organization_id, whose.person_id, before=None, limit=1)
    at = max(now, last[0].at + timedelta(milliseconds=1)) if last else now
    for act in acts:
        act.organization_id, act.person_id, act.at, act.channel = whose.organization_id, whose.person_id, at, whose.channel
        session.add(act)
    if acts:
        rewrite(session, whose.organization_id, [whose.person_id], at)
    return switch_of(session, whose, at)
