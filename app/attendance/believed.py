"""Who is believed on site, why and where, for a roll call: nobody who may still be there is left out.

1. Inside a fence, as others may see it; clocked in and not out; inside until the phone fell silent (unknown); and those whose stay was assumed to have
   ended today, by silence or by the end of the window in which we may look. The first of these that holds is said.
2. Which site a fence belongs to is a fact of the fence. A fence or punch without a site says nothing of where: on every list, place unknown.
3. Where the instruction does not name safety, presence is not looked at: punches alone put people on the list.
Ids stay text: five thousand of anything else cost more than all the rest.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, get_args
from uuid import UUID

from sqlalchemy.orm import Session

from app.attendance import lookups
from app.core.fix import to_ms
from app.core.presence import StandingNow, standing_now
from app.geofences import fence_set
from app.geofences import service as geofences
from app.ports import Basis, Believed
from app.privacy import service as privacy

RANK: Final[Mapping[Basis, int]] = {basis: rank for rank, basis in enumerate(get_args(Basis))}
BASIS: Final[Mapping[StandingNow, Basis]] = {"inside": "inside", "unknown": "unknown", "assumed_left": "left_assumed"}
Found = Iterator[tuple[str, Basis, str | None]]


def believed(  # noqa: PLR0913, PLR0917 (where, since when, how long a clock-in counts)
    session: Session, organization_id: int, site_ids: Collection[str] | None, since: datetime, now: datetime, counts: timedelta
) -> dict[str, Believed]:
    """Person -> why and where, at these sites (None: at any); `since`: when today began, for who is assumed to have left."""
    found: dict[str, Believed] = {}
    for person, basis, site in _all(session, organization_id, since, now, counts):
        if site_ids is None or site is None or site in site_ids:
            known = found.get(person)
            if known is None or (RANK[basis], site is None) < (RANK[known.basis], known.site_id is None):
                found[person] = Believed(basis, site)
    return found


def _all(session: Session, organization_id: int, since: datetime, now: datetime, counts: timedelta) -> Found:
    for person, site in lookups.clocked_in_where(session, organization_id, now - counts, now):
        yield person, "clocked_in", site
    if "safety" in privacy.purposes(session, organization_id, now):
        sites = geofences.sites_of_fences(session, organization_id)
        yield from _present(session, organization_id, sites, since, now)
        for person, fence in lookups.assumed_since(session, organization_id, since):
            yield person, "left_assumed", sites.get(fence)


def _present(session: Session, organization_id: int, sites: Mapping[str, str | None], since: datetime, now: datetime) -> Found:
    rows = lookups.presence_to_others(session, organization_id)
    if not rows:
        return
    last_seen = lookups.last_seen(session, organization_id, None)
    rules, now_ms = fence_set.of_session(session, organization_id, now).rules, to_ms(now)
    ids = {fence: UUID(fence) for fence in {row[1] for row in rows}}
    for person, fence, entered in rows:
        seen = last_seen.get(person) or entered
        basis = BASIS[standing_now(rules, ids[fence], to_ms(seen), now_ms)]
        if basis != "left_assumed" or seen >= since:
            yield person, basis, sites.get(fence)
