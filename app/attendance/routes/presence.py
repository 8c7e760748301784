"""Presence over HTTP: who is where, and who looked."""

from app.attendance import views
from app.attendance.board import Board
from app.attendance.presence_schemas import CrossingOut, FencePresence, LookOut, PresenceOut, PresenceQuery
from app.attendance.routes import MODULE
from app.errors import NotFound
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Routes

routes = Routes("presence", module=MODULE)


@routes.get("/presence", action="presence.read", problems=(NotFound,))
def read_presence(call: Call, query: PresenceQuery) -> PresenceOut:
    """Who is where now, by fence. Nobody has left because they are silent: they are unknown since their last sign of life.

    An employee sees only themselves. Whoever looks at others leaves a trace that these can read.
    """
    confined = call.own()
    if confined is None:
        wanted = views.Wanted(query.fence_id, query.group_id, query.person_id, query.q)
        fences = views.others(call.session, call.actor, wanted, call.now)
    else:
        if query.person_id not in (None, confined):
            raise NotFound
        fences = views.own(call.session, call.actor.tenant, confined, call.now)
        fences = [one for one in fences if query.fence_id is None or one.fence_id == str(query.fence_id)]
    return PresenceOut.model_construct(as_of=call.now, fences=[_shown(one) for one in fences])


def _shown(board: Board) -> FencePresence:
    """Made without checking each field again: at ten thousand people that would take longer than everything else."""
    return FencePresence.model_construct(
        fence_id=board.fence_id,
        name=board.name,
        inside=board.counts["inside"],
        unknown=board.counts["unknown"],
        assumed_left=board.counts["assumed_left"],
        people=board.people,
    )


@routes.get("/me/views", action="view.read", problems=(NotFound,))
def list_views(call: Call, query: PageQuery) -> Page[LookOut]:
    """Who looked at your presence, or at everybody's; one line for each of their sessions, the newest first."""
    confined = call.own()
    if confined is None:
        raise NotFound
    rows = views.who_looked(call.session, call.actor.tenant, confined, query.after_id(), query.limit + 1)
    names = views.names(call.session, call.actor.tenant, [row.viewer_id for row in rows])
    return page(
        rows,
        query,
        key=lambda row: (row.id,),
        show=lambda row: LookOut(
            at=row.created_at, viewer_id=row.viewer_id, viewer=names.get(row.viewer_id, ""), at_everybody=row.person_id is None
        ),
    )


@routes.get("/me/crossings", action="view.read", problems=(NotFound,))
def list_crossings(call: Call) -> list[CrossingOut]:
    """The last ten of your crossings, as the organization saw them."""
    confined = call.own()
    if confined is None:
        raise NotFound
    fences = views.fence_names(call.session, call.actor.tenant)
    return [
        CrossingOut.model_validate({"fence_id": one.fence_id, "fence": fences[one.fence_id], "kind": one.kind, "at": one.at})
        for one in views.crossings_seen(call.session, call.actor.tenant, confined)
    ]
