"""Phones that speak other apps' languages: OwnTracks and Traccar Client. The same pings, the same gate, the same fold.

Their queues must keep moving: whatever they send, they are told that it arrived. What could not be used is counted by its reason.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from app.accounts import service as accounts
from app.actor import DeviceClaim
from app.attendance import queries
from app.attendance.service import Person, open_by_token, record
from app.core.fence import covering_circle
from app.core.fix import DeviceId, to_ms
from app.geofences import fence_set
from app.ingest import owntracks, traccar
from app.ingest.owntracks_setup import PushedFence, set_waypoints
from app.ports import Deps
from app.privacy import service as privacy

NOT_YET: Final[DeviceId] = "not yet known"
"""The device of a ping between parsing and the first round trip."""
FIRST_TST: Final = 1_000_000_000
"""Android keys a waypoint by its second of creation; the fence's number, counted from here, is one that is never used twice."""


def owntracks_post(deps: Deps, claim: DeviceClaim, body: bytes, user_agent: str, now: datetime) -> list[dict[str, Any]] | dict[str, object]:
    """Take one post and return the reply for its body. Raises `Unauthorized`."""
    message = owntracks.read(body, NOT_YET, user_agent=user_agent)
    with deps.database.hot(claim.organization_id) as connection:
        person = open_by_token(connection, claim, now)
        passphrase = (
            accounts.passphrase_of(deps.settings.secret_key, person.device.payload_key) if message.encrypted and person.device else None
        )
        if message.encrypted:
            message = owntracks.read(body, NOT_YET, user_agent=user_agent, passphrase=passphrase)
        if not person.module_on:
            _count(connection, person, "module_off", now)
            return []
        if message.fault is not None:
            _count(connection, person, message.fault.reason, now)
        if message.pings:
            record(connection, person, message.pings, now, lateness_of(deps))
        if message.hindrances is not None:
            accounts.note_health(connection, person.organization_id, person.device_id, list(message.hindrances))
        reply = _fences_to_watch(connection, person, user_agent, now)
    return owntracks.encrypt_reply(reply, passphrase) if passphrase else reply


def traccar_post(deps: Deps, claim: DeviceClaim, wire: tuple[str, str, bytes], now: datetime) -> None:
    """Take one post; `wire` is (content type, query string, body). Raises `Unauthorized`."""
    message = traccar.read(*wire, NOT_YET)
    with deps.database.hot(claim.organization_id) as connection:
        person = open_by_token(connection, claim, now)
        if not person.module_on:
            _count(connection, person, "module_off", now)
            return
        for fault in message.faults:
            _count(connection, person, fault.reason, now)
        if message.pings:
            record(connection, person, message.pings, now, lateness_of(deps))


def lateness_of(deps: Deps) -> timedelta:
    """How late a ping may arrive."""
    return timedelta(days=deps.settings.lateness_days)


def _count(connection: queries.Connection, person: Person, reason: str, now: datetime) -> None:
    privacy.count_refusals(connection, person.organization_id, now.date(), Counter([reason]))


def _fences_to_watch(connection: queries.Connection, person: Person, user_agent: str, now: datetime) -> list[dict[str, Any]]:
    """The `setWaypoints` command when the person's fences changed since the phone was last told, else nothing."""
    if person.fences_told == person.fences_key:
        return []
    connection.execute(queries.TOLD_FENCES, {**person.parameters, "told": person.fences_key})
    pushed = []
    for fence, (number, name) in fence_set.labels(connection, person.organization_id).items():
        version = person.rules.at(fence, to_ms(now))
        if version is not None:
            circle = covering_circle(version.shape)
            pushed.append(PushedFence(FIRST_TST + number, str(fence), name, circle.latitude, circle.longitude, circle.radius_m))
    return set_waypoints(pushed, user_agent)
