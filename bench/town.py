"""An organization to measure on, written in bulk as rows: a hundred fences in a grid, and people whose phones may report.

The rows are those that registration, instruction, switch and enrolment leave behind; every gate and wall is on.
"""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import insert

from app.accounts import service as accounts
from app.accounts.models import Device, Person
from app.actor import new_device_token
from app.attendance.models import AttendanceState, Stay
from app.config import Settings
from app.core.fix import to_ms
from app.core.fold import Seen, Standing, State
from app.core.stays import to_json
from app.db.transaction import Database
from app.db.types import uuid7
from app.geofences.models import Fence, FenceAssignment, FenceSet, FenceVersion
from app.privacy.models import Gate, Instruction

MIDDLE: Final = (52.0907, 5.1214)
"""Latitude and longitude of the town."""
SPACING_DEGREES: Final = 0.006
VERTICES: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A fence and its middle."""

    fence: UUID
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Phone:
    """A person and the token of their phone."""

    person_id: UUID
    device_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Town:
    """What was written. The owner's password is good for one sign-in."""

    organization_id: int
    sign_in: str
    password: str
    places: list[Place]
    phones: list[Phone]


def build(database: Database, settings: Settings, *, fences: int, people: int, purposes: Sequence[str] = ("attendance",)) -> Town:
    """Write an organization. Times lie in the past, so that pings of the last days are allowed."""
    now = datetime.now(tz=UTC)
    since = now - timedelta(days=30)
    slug = f"bench-{secrets.token_hex(4)}"
    facts = accounts.NewOrganization("Bench", "Owner", "Kade 1, Utrecht", "+31301234567", "bench@example.org", slug=slug)
    with database.identity() as session:
        organization_id = accounts.next_organization_id(session)
    with database.tenant(organization_id) as session:
        made = accounts.create_organization(session, organization_id, facts, now, settings)
    places, phones = _places(fences), [_phone(organization_id) for _ in range(people)]
    _write(database, organization_id, _fence_rows(places, since))
    _write(database, organization_id, _phone_rows(phones, since, purposes))
    with database.tenant(organization_id) as session:
        session.merge(FenceSet(organization_id=organization_id, version=1))
    return Town(organization_id, made.sign_in_name, made.one_time_password, places, [phone for phone, _ in phones])


def enter_everybody(database: Database, town: Town, entered_at: datetime, seen_at: datetime) -> None:
    """Everybody is in a fence and was seen there."""
    states, stays = [], []
    for number, phone in enumerate(town.phones):
        fence = town.places[number % len(town.places)].fence
        key = (to_ms(seen_at), str(phone.device_id), "seen")
        state = State(key, key[0], key[0], {fence: Standing(to_ms(entered_at), Seen(*key, 25))})
        states.append({"person_id": phone.person_id, "state": to_json(state), "last_seen_at": seen_at})
        stays.append(
            {"id": uuid7(), "person_id": phone.person_id, "fence_id": fence, "entered_at": entered_at, "last_inside_at": entered_at}
        )
    _write(database, town.organization_id, [(AttendanceState, states), (Stay, stays)])


def _places(count: int) -> list[Place]:
    side = math.isqrt(count - 1) + 1
    return [
        Place(uuid7(), MIDDLE[0] + number // side * SPACING_DEGREES, MIDDLE[1] + number % side * SPACING_DEGREES) for number in range(count)
    ]


def area(place: Place) -> shapely.Polygon:
    """A polygon of 16 vertices, some 80 to 110 metres around its middle."""
    turns = [2 * math.pi * vertex / VERTICES for vertex in range(VERTICES)]
    reach = [0.0010 if vertex % 2 else 0.0008 for vertex in range(VERTICES)]
    corners = zip(turns, reach, strict=True)
    return shapely.Polygon([(place.longitude + 1.6 * r * math.cos(turn), place.latitude + r * math.sin(turn)) for turn, r in corners])


def _phone(organization_id: int) -> tuple[Phone, bytes]:
    token, token_hash = new_device_token(organization_id)
    return Phone(uuid7(), uuid7(), token), token_hash


def _fence_rows(places: list[Place], since: datetime) -> list[tuple[type[Any], list[dict[str, Any]]]]:
    versions = [
        {
            "id": uuid7(),
            "fence_id": place.fence,
            "version": 1,
            "valid_from": since,
            "name": f"Fence {number}",
            "geometry": from_shape(area(place), 4326),
            "policy": {},
        }
        for number, place in enumerate(places)
    ]
    assignments = [{"id": uuid7(), "fence_id": place.fence, "valid_from": since} for place in places]
    return [
        (Fence, [{"id": place.fence, "number": number} for number, place in enumerate(places, 1)]),
        (FenceVersion, versions),
        (FenceAssignment, assignments),
    ]


def _phone_rows(
    phones: list[tuple[Phone, bytes]], since: datetime, purposes: Sequence[str]
) -> list[tuple[type[Any], list[dict[str, Any]]]]:
    since_ms = to_ms(since)
    instruction = {
        "id": uuid7(),
        "signed_by": "O",
        "signed_role": "director",
        "signed_at": since,
        "purposes": list(purposes),
        "legal_basis": "legitimate_interest",
        "notice_version": "1",
        "alternatives": ["button"],
    }
    devices = [
        {
            "id": phone.device_id,
            "person_id": phone.person_id,
            "kind": "phone",
            "client": "owntracks",
            "name": "Phone",
            "token_hash": token_hash,
            "scopes": ["pings", "punches"],
        }
        for phone, token_hash in phones
    ]
    gates = [
        {
            "person_id": phone.person_id,
            "body": {
                "on": [[since_ms, None]],
                "paused": [],
                "tracking": [[str(phone.device_id), since_ms, None]],
                # Every day, all day, in local time: allows everything, and costs what a real window costs.
                "windows": [["1234567", "00:00:00", "23:59:59", "Europe/Amsterdam", since.date().isoformat(), None, since_ms, None]],
            },
        }
        for phone, _ in phones
    ]
    people = [{"id": phone.person_id, "name": f"Person {number}"} for number, (phone, _) in enumerate(phones)]
    return [(Instruction, [instruction]), (Person, people), (Device, devices), (Gate, gates)]


def _write(database: Database, organization_id: int, tables: list[tuple[type[Any], list[dict[str, Any]]]]) -> None:
    with database.tenant(organization_id) as session:
        for model, rows in tables:
            session.execute(insert(model), [{"organization_id": organization_id, **row} for row in rows])
