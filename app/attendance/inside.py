"""Who is inside, for alerts and the roll call: yes or no, as others may see it.

An opt-out is told as silence here as everywhere (`docs/decisions/0010-opting-out-is-told-as-silence.md`): the open stays that others are told, and
the one rule about silence (`core.presence.standing_now`), decide. Nothing says where else somebody is, or since when.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.attendance import believed, lookups
from app.core.fix import to_ms
from app.core.presence import StandingNow, standing_now
from app.errors import PurposeMissing
from app.geofences import fence_set
from app.ports import Believed
from app.privacy import service as privacy

CLOCKED_IN_COUNTS: Final = timedelta(hours=16)
"""Who clocked in longer ago forgot to clock out."""
SURELY: Final[frozenset[StandingNow]] = frozenset({"inside"})
PERHAPS: Final[frozenset[StandingNow]] = frozenset({"inside", "unknown"})
FEW: Final = 1_000
"""Up to so many people are looked up one by one; for more, reading everybody of the organization is faster."""


class AttendanceInside:
    """`app.ports.WhoIsInside`."""

    def inside(  # noqa: PLR0913 (where, when, who)
        self,
        session: Session,
        organization_id: int,
        fence_ids: Collection[UUID],
        now: datetime,
        *,
        only: Collection[UUID] | None = None,
        surely: bool = False,
    ) -> Mapping[UUID, frozenset[UUID]]:
        """Fence -> people inside or unknown there now; `surely`: inside. Raises `PurposeMissing`."""
        require_safety(session, organization_id, now)
        if not fence_ids:
            return {}
        found = _present(session, organization_id, set(map(str, fence_ids)), only, now, SURELY if surely else PERHAPS)
        return {fence_id: frozenset(found[fence_id]) for fence_id in fence_ids}

    def on_site(self, session: Session, organization_id: int, now: datetime, *, only: Collection[UUID] | None = None) -> frozenset[UUID]:
        """Everybody believed on any site: inside or unknown at a fence, or clocked in and not out. Raises `PurposeMissing`."""
        require_safety(session, organization_id, now)
        found = _present(session, organization_id, None, only, now, PERHAPS)
        clocked_in = frozenset(lookups.clocked_in(session, organization_id, now - CLOCKED_IN_COUNTS, now))
        return (clocked_in if only is None else clocked_in.intersection(only)).union(*found.values())

    def away(self, session: Session, organization_id: int, person_ids: Collection[UUID], now: datetime) -> frozenset[UUID]:
        """Who left, confirmed, or clocked out in these hours, and is not on site again. Raises `PurposeMissing`."""
        here = self.on_site(session, organization_id, now, only=person_ids)
        return frozenset(lookups.left_since(session, organization_id, list(person_ids), now - CLOCKED_IN_COUNTS, now)) - here

    def believed(
        self, session: Session, organization_id: int, now: datetime, *, since: datetime, site_ids: Collection[UUID] | None = None
    ) -> Mapping[str, Believed]:
        """See `app.attendance.believed`."""
        sites = None if site_ids is None else frozenset(map(str, site_ids))
        return believed.believed(session, organization_id, sites, since, now, CLOCKED_IN_COUNTS)

    def looked(self, session: Session, actor: Actor, now: datetime) -> None:
        """They saw who is there."""
        lookups.write_down(session, actor, None, now)


def require_safety(session: Session, organization_id: int, now: datetime) -> None:
    """Raises `PurposeMissing` unless an instruction that holds now names the purpose safety."""
    if "safety" not in privacy.purposes(session, organization_id, now):
        raise PurposeMissing


def _present(  # noqa: PLR0913, PLR0917 (where, who, when, how sure)
    session: Session,
    organization_id: int,
    fences: set[str] | None,
    only: Collection[UUID] | None,
    now: datetime,
    wanted: frozenset[StandingNow],
) -> "defaultdict[UUID, set[UUID]]":
    asked = None if only is None else [str(person_id) for person_id in only]
    rows = [row for row in lookups.presence_to_others(session, organization_id, asked) if fences is None or row[1] in fences]
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    if not rows:
        return found
    people = list({row[0] for row in rows})
    last_seen = lookups.last_seen(session, organization_id, people if len(people) <= FEW else None)
    rules, now_ms = fence_set.of_session(session, organization_id, now).rules, to_ms(now)
    ids = {fence: UUID(fence) for fence in {row[1] for row in rows}}
    for person, fence, since in rows:
        if standing_now(rules, ids[fence], to_ms(last_seen.get(person) or since), now_ms) in wanted:
            found[ids[fence]].add(UUID(person))
    return found
