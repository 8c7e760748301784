"""A small world on a real database: an organization whose people may be located, written as rows so that it can lie in the past."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import shapely
from flask import Flask
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from app import logs
from app.accounts.models import Device, Group, GroupMember, Organization, OrganizationModule, Person
from app.actor import DeviceClaim, new_device_token
from app.adapters.webhooks import WebPoster
from app.attendance.inside import AttendanceInside
from app.blueprints import TABLE
from app.config import Settings
from app.core.consent import Evaluation
from app.core.fix import Ping, to_ms
from app.db.transaction import Database
from app.factory import create_app
from app.geofences.models import Fence, FenceAssignment, FenceSet, FenceVersion
from app.geofences.service import FencesInUse
from app.messaging.notify import MessagingNotifier
from app.ports import Clock, Deps, Identity
from app.privacy.models import Gate, Instruction
from app.privacy.service.keys import OrganizationKeyring
from app.visitors.onsite import VisitorsOnSite
from app.web import limits
from app.web.mount import Mount

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
HQ = (52.0907, 5.1214)
"""Latitude and longitude of the fence that `World.circle` draws by default."""
NORTH_M = 1 / 111_250
"""Degrees of latitude in a metre at HQ, near enough to place pings well inside or well outside."""

NUMBERS = count(1_000_000)
"""Of fences: beyond those that the product has given out before."""


@dataclass
class Phone:
    """A person with a phone that may report."""

    person_id: UUID
    device_id: UUID
    token: str

    @property
    def claim(self) -> DeviceClaim:
        claim = DeviceClaim.read(self.token)
        assert claim is not None
        return claim

    def ping(self, at: datetime, metres_north: float = 0.0, accuracy_m: float | None = 10.0, ping_id: str | None = None) -> Ping:
        """A fix `metres_north` of HQ."""
        place = HQ[0] + metres_north * NORTH_M
        return Ping(self.device_id, ping_id or f"p{to_ms(at)}", to_ms(at), place, HQ[1], accuracy_m)


@dataclass
class World:
    """One organization. `database` commits for real."""

    database: Database
    organization_id: int = 0
    slug: str = field(default_factory=lambda: f"world-{uuid4().hex[:12]}")

    def __post_init__(self) -> None:
        with self.database.identity() as session:
            # Again for each world: a test of retention may have dropped the days around NOW from this process's database.
            session.execute(text("SELECT make_sighting_partitions('2026-05-20', '2026-06-10')"))
            organization = Organization(
                slug=self.slug, name="World", contact_name="C", billing_address="B", telephone="+31201234567", email="w@example.org"
            )
            session.add(organization)
            session.flush()
            self.organization_id = organization.id
        self.add(*(OrganizationModule(module=module) for module in ("attendance", "geofence")), FenceSet(version=1))

    def add(self, *rows: Any) -> None:
        """Write rows of this organization, in order."""
        with self.database.tenant(self.organization_id) as session:
            for row in rows:
                row.organization_id = self.organization_id
                session.add(row)
                session.flush()

    def instruction(
        self,
        since: datetime = LONG_AGO,
        until: datetime | None = None,
        evaluation: Evaluation = "on_server",
        purposes: tuple[str, ...] = ("attendance",),
    ) -> None:
        self.add(
            Instruction(
                evaluation=evaluation, withdrawn_at=until,
                signed_by="O", signed_role="director", signed_at=since, purposes=list(purposes), legal_basis="legitimate_interest",
                notice_version="1", alternatives=["button"],
            )
        )  # fmt: skip

    def phone(self, *, on: list[list[int | None]] | None = None, windows: list[Any] | None = None, tracking: bool = True) -> Phone:
        """A person with a tracking phone; the switch is on since long ago unless `on` says otherwise ([from_ms, until_ms or None])."""
        person, device = uuid4(), uuid4()
        token, token_hash = new_device_token(self.organization_id)
        tracked = [[str(device), to_ms(LONG_AGO), None]] if tracking else []
        body = {"on": [[to_ms(LONG_AGO), None]] if on is None else on, "paused": [], "tracking": tracked, "windows": windows or []}
        self.add(
            Person(id=person, name="Somebody"),
            Device(
                id=device, person_id=person, kind="phone", client="native", name="Phone", token_hash=token_hash, scopes=["pings", "punches"]
            ),
            Gate(person_id=person, body=body),
        )
        return Phone(person, device, token)

    def group(self, name: str, *people: UUID, since: datetime = LONG_AGO) -> UUID:
        group = uuid4()
        self.add(Group(id=group, name=name), *(GroupMember(group_id=group, person_id=person, valid_from=since) for person in people))
        return group

    def circle(self, *, radius_m: float = 150.0, group: UUID | None = None, since: datetime = LONG_AGO, **policy: Any) -> UUID:
        """A circular fence around HQ, for everyone unless for a group."""
        return self.fence(shapely.Point(HQ[1], HQ[0]), radius_m=radius_m, group=group, since=since, **policy)

    def fence(
        self, geometry: BaseGeometry, *, radius_m: float | None = None, group: UUID | None = None, since: datetime = LONG_AGO, **policy: Any
    ) -> UUID:
        fence = uuid4()
        self.add(
            Fence(id=fence, number=next(NUMBERS)),
            FenceVersion(
                fence_id=fence,
                version=1,
                valid_from=since,
                name="HQ",
                geometry=from_shape(geometry, 4326),
                radius_m=radius_m,
                policy=policy,
            ),
            FenceAssignment(fence_id=fence, group_id=group, valid_from=since),
        )
        self.raise_fence_set()
        return fence

    def raise_fence_set(self) -> None:
        with self.database.tenant(self.organization_id) as session:
            kept = session.get_one(FenceSet, self.organization_id)
            kept.version += 1

    def rows(self, model: type[Any]) -> list[Any]:
        with self.database.tenant(self.organization_id) as session:
            return list(session.query(model).all())


def deps_of(*, settings: Settings, database: Database, clock: Clock, identity: Identity) -> Deps:
    """The real things as `wiring` joins them, at a time and for people of the test's choice."""
    return Deps(
        settings=settings,
        database=database,
        clock=clock,
        identity=identity,
        keyring=OrganizationKeyring(settings),
        fences=FencesInUse(),
        who_is_inside=AttendanceInside(),
        visits=VisitorsOnSite(),
        notifier=MessagingNotifier(),
        poster=WebPoster(settings),
    )


_MADE: list[tuple[Settings, Iterable[Mount], Flask]] = []


def application(deps: Deps, table: Iterable[Mount] = TABLE) -> Flask:
    """The real application over these things. For the same settings and routes it is made once, as that takes longer than most tests."""
    made = next((app for settings, routes, app in _MADE if routes is table and settings == deps.settings), None)
    if made is None:
        made = create_app(deps.settings, deps=deps, table=table)
        _MADE.append((deps.settings, table, made))
    app = copy(made)
    app.extensions = {**made.extensions, "muster": replace(made.extensions["muster"], deps=deps)}
    logs.configure(deps.settings.log_level)  # to where this test's output goes
    limits.attach(app, deps.settings)
    return app


def every(seconds: float, start: datetime, count: int) -> list[datetime]:
    """`count` moments, `seconds` apart."""
    return [start + timedelta(seconds=seconds * number) for number in range(count)]
