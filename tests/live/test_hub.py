from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import gevent
import pytest
from sqlalchemy import text

from app.accounts.service.identity import AccountsIdentity
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.errors import TooMany
from app.live.cursor import Cursors
from app.live.hub import POLL_S, STREAMS_PER_USER_MAX, Hub
from app.live.stream import Stream
from app.outbox.journal import Seen
from app.ports import Deps
from tests.factories import World, deps_of
from tests.live.conftest import SignedIn, sign_in

Change = Callable[[World, SignedIn], tuple[str, dict[str, object]]]


@pytest.fixture
def deps(settings: Settings, database: Database) -> Deps:
    """Redis is away: its client would block this process, which gevent has not patched."""
    settings = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    return deps_of(settings=settings, database=database, clock=SetClock(datetime.now(UTC)), identity=AccountsIdentity(database, settings))


@pytest.fixture
def own_world(database: Database) -> World:
    return World(database)


def join(hub: Hub, deps: Deps, member: SignedIn, last_event_id: str | None = None) -> Stream:
    claim = deps.identity.session(member.token, deps.clock.now())
    assert claim
    assert claim.organization_id
    with deps.database.tenant(claim.organization_id) as session:
        actor = deps.identity.member(session, claim, deps.clock.now())
    assert actor
    return hub.join(actor, last_event_id)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE user_session SET revoked_at = now() WHERE user_account_id = :user",
        "UPDATE user_session SET expires_at = now() - interval '1 second' WHERE user_account_id = :user",
        "UPDATE user_session SET last_seen_at = now() - interval '13 hours' WHERE user_account_id = :user",
        "UPDATE user_session SET last_seen_at = now() - interval '16 minutes', shared_computer = true WHERE user_account_id = :user",
        "UPDATE user_account SET active = false WHERE id = :user",
        "UPDATE user_account SET must_change_password = true WHERE id = :user",
        "UPDATE member SET ended_at = now() WHERE user_account_id = :user",
        "UPDATE member SET roles = '{employee}' WHERE user_account_id = :user",
        "UPDATE person SET left_at = now() WHERE id = :person",
    ],
)
def test_a_stream_ends_with_the_right_to_it_and_the_others_go_on(own_world: World, deps: Deps, settings: Settings, change: str) -> None:
    hub, leaving, staying = Hub(deps), sign_in(own_world, settings, "manager"), sign_in(own_world, settings, "manager")
    gone, kept = join(hub, deps, leaving), join(hub, deps, staying)
    hub.check()
    assert (gone.ended, kept.ended) == (False, False)
    with deps.database.tenant(own_world.organization_id) as session:
        session.execute(text(change), {"user": leaving.user_id, "person": leaving.person_id})
    hub.check()
    assert (gone.ended, kept.ended) == (True, False)
    assert list(gone.frames()) == []


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM organization_module WHERE module = 'attendance'", "UPDATE organization SET closed_at = now() WHERE id = :organization"],
)
def test_all_streams_end_with_the_module_or_the_organization(own_world: World, deps: Deps, settings: Settings, change: str) -> None:
    hub, elsewhere = Hub(deps), World(deps.database)
    gone, kept = join(hub, deps, sign_in(own_world, settings, "owner")), join(hub, deps, sign_in(elsewhere, settings, "owner"))
    with deps.database.tenant(own_world.organization_id) as session:
        session.execute(text(change), {"organization": own_world.organization_id})
    hub.check()
    assert (gone.ended, kept.ended) == (True, False)


def test_a_user_has_so_many_streams_and_no_more(own_world: World, deps: Deps, settings: Settings) -> None:
    hub, member = Hub(deps), sign_in(own_world, settings, "employee")
    streams = [join(hub, deps, member) for _ in range(STREAMS_PER_USER_MAX)]
    with pytest.raises(TooMany):
        join(hub, deps, member)
    hub.leave(streams[0])
    join(hub, deps, member)
    join(hub, deps, sign_in(own_world, settings, "employee"))


def test_a_place_in_a_database_that_was_set_back_is_no_place_to_go_on_from(own_world: World, deps: Deps, settings: Settings) -> None:
    cursor = Cursors(settings.secret_key).seal(own_world.organization_id, Seen(2**60), deps.clock.now())
    stream = join(Hub(deps), deps, sign_in(own_world, settings, "manager"), cursor)
    assert b'{"resumed":false}' in next(stream.frames())


def test_looking_on_does_not_keep_a_session_alive(own_world: World, deps: Deps, settings: Settings) -> None:
    hub, member = Hub(deps), sign_in(own_world, settings, "manager")
    stream = join(hub, deps, member)
    assert isinstance(deps.clock, SetClock)
    deps.clock.move(timedelta(minutes=settings.session_idle_minutes - 1))
    hub.check()
    assert not stream.ended
    deps.clock.move(timedelta(minutes=2))
    hub.check()
    assert stream.ended


def test_a_room_is_closed_when_its_last_stream_is_left(own_world: World, deps: Deps, settings: Settings) -> None:
    hub = Hub(deps)
    first, last = (join(hub, deps, sign_in(own_world, settings, "manager")) for _ in range(2))
    hub.leave(first)
    gevent.idle()
    assert hub.organizations == 1
    hub.leave(last)
    with gevent.Timeout(POLL_S / 2):
        while hub.organizations:
            gevent.idle()
