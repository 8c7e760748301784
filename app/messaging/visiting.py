"""Which visitors a target means now. Visitors are asked for by site and evaluated over the same target as people, as a world of their own.

1. `visitors` (of a site or of all) and `on_site` mean whoever has arrived and not left; whose visit was ended by the clock today is possibly meant.
2. Nobody knows where on a site a visitor is: a fence or an area possibly means the visitors of the sites whose fences it names, covers or meets.
3. No group, role or list has visitors in it; so `{"not": {"role": ...}}` takes none away.
4. What is known of them is their addresses, asked of visitors and kept sealed as guests, from the moment that something is sent to them.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import target as core
from app.core.target import Leaf, People, Target
from app.geofences import service as geofences
from app.messaging import guests
from app.messaging.models import Message
from app.messaging.resolve import ALL_KINDS, DRAWN, Asking
from app.ports import Deps, OnSite

OF_VISITORS: Final = frozenset({"visitors", "on_site", "fence", "area"})
NOBODY: Final[People] = frozenset()


def of_message(session: Session, organization_id: int, message: Message, now: datetime, deps: Deps) -> dict[UUID, bool]:
    """Every visitor a message is for now -> whether only possibly."""
    return meant(Asking(session, organization_id, now, deps), core.parse(message.target, ALL_KINDS))


def meant(asking: Asking, target: Target, *, among: Collection[UUID] | None = None) -> dict[UUID, bool]:
    """The same for a target; `among`: only whoever made one of these visits."""
    leaves = core.leaves(target)
    if not any(leaf.kind in OF_VISITORS for leaf in leaves):
        return {}
    here = asking.deps.visits.on_site(asking.session, asking.organization_id, asking.now)
    here = [one for one in here if among is None or one.visit_id in among]
    if not here:
        return {}
    sites = geofences.sites_of_fences(asking.session, asking.organization_id)
    answers = {leaf: _answer(asking, leaf, here, sites) for leaf in leaves}
    surely, possibly = ({leaf: answer[which] for leaf, answer in answers.items()} for which in (0, 1))
    low, high = core.bounds(target, surely, possibly)
    return {visitor_id: visitor_id not in low for visitor_id in sorted(low | high)}


def know(session: Session, organization_id: int, visitor_ids: Collection[UUID], deps: Deps) -> None:
    """Know these visitors as guests, so that they can be recipients."""
    guests.keep(session, organization_id, deps.visits.addresses(session, organization_id, visitor_ids, deps), deps)


def _answer(asking: Asking, leaf: Leaf, here: Iterable[OnSite], sites: Mapping[str, str | None]) -> tuple[People, People]:
    """Who surely and who possibly is meant by a leaf."""
    match leaf.kind, leaf.value:
        case (("visitors" | "on_site"), None):
            return _at(here, None, sure=True), _at(here, None)
        case "visitors", UUID() as site:
            return _at(here, {str(site)}, sure=True), _at(here, {str(site)})
        case "fence", UUID() as fence:
            return NOBODY, _at(here, {sites.get(str(fence))})
        case "area", UUID() as area:
            return NOBODY, _at(here, {sites.get(str(fence)) for fence in _fences(asking, area)})
    return NOBODY, NOBODY


def _fences(asking: Asking, area: UUID) -> list[UUID]:
    own = [] if area == DRAWN else [area]
    shape = asking.drawn or geofences.get_fence(asking.session, asking.organization_id, area).shape
    within, meeting = geofences.meeting(asking.session, asking.organization_id, shape, but=area)
    return [*own, *within, *meeting]


def _at(here: Iterable[OnSite], sites: Collection[str | None] | None, *, sure: bool = False) -> People:
    return frozenset(
        one.visitor_id for one in here if (sites is None or str(one.site_id) in sites) and (one.state == "on_site" or not sure)
    )
