"""What the screens and chores ask of a long history is found by key: rows that are not wanted are not read. As the role that row-level security binds.

Counts of rows, not times: each statement is explained with what it really read, and put back.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.accounts.models import OrganizationModule, Site
from app.accounts.service import AccountsIdentity
from app.adapters.clock import SetClock
from app.config import Settings, libpq
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.messaging import guests
from app.ports import Deps
from app.visitors import deny, ending, listing, retention, rows
from app.visitors.listing import Wanted
from app.visitors.models import VisitType
from app.visitors.onsite import VisitorsOnSite
from tests.factories import NOW, World, deps_of

PAST, A_DAY = 6_000, 12
FEW = 10 * A_DAY
"""Rows of one table that a statement may look at: one in fifty."""
WATCHED = {"visit", "visitor", "visit_notice", "recipient"}
HISTORY = text("""
WITH past AS (
  SELECT gen_random_uuid() AS id, CAST(:now AS timestamptz) + (CASE WHEN n > 0 THEN interval '-1 day' ELSE interval '0' END) - n * interval '2 hours' AS at, n
  FROM generate_series(-3 * :a_day, :past) n
), who AS (
  INSERT INTO visitor (organization_id, id, name, locale, link_hash, code_hash, purge_after)
  SELECT :organization_id, id, 'Visitor ' || n, 'nl', sha256(id::text::bytea), CASE WHEN n <= 0 THEN sha256(id::text::bytea) END, at::date + 520 FROM past
), guest AS (
  INSERT INTO guest (organization_id, id, locale, channels, sealed) SELECT :organization_id, id, 'nl', '{email}', '' FROM past
), message AS (
  INSERT INTO message (organization_id, id, kind, exercise, severity, stage, target, channels, plan, asks_reply, late_entry)
  SELECT :organization_id, id, 'notice', 'actual', 'minor', 'ended', '{}', '{email}', '{}', false, false FROM past
), recipient AS (
  INSERT INTO recipient (organization_id, id, message_id, guest_id, reply_hash)
  SELECT :organization_id, gen_random_uuid(), id, id, sha256(id::text::bytea) FROM past
), people AS (
  INSERT INTO person (organization_id, id, name) SELECT :organization_id, person, 'Host' FROM unnest(CAST(:hosts AS uuid[])) AS person
), visits AS (
  INSERT INTO visit (organization_id, id, visitor_id, visit_type_id, site_id, host_id, state, expected_from, expected_until, arrived_at, arrived_by,
                     left_at, left_by, purge_after)
  SELECT :organization_id, id, id, :type, (CAST(:sites AS uuid[]))[1 + abs(n) % 2], (CAST(:hosts AS uuid[]))[1 + abs(n) % 200],
         CASE WHEN n > 0 THEN 'left_confirmed' WHEN n > -:a_day THEN 'on_site' ELSE 'expected' END, at, at + interval '2 hours',
         CASE WHEN n > -:a_day THEN at END, CASE WHEN n > -:a_day THEN 'code' END,
         CASE WHEN n > 0 THEN at + interval '1 hour' END, CASE WHEN n > 0 THEN 'kiosk' END, at::date + 520
  FROM past
)
INSERT INTO visit_notice (organization_id, id, visit_id, step, person_id, token_hash)
SELECT :organization_id, gen_random_uuid(), id, 0, (CAST(:hosts AS uuid[]))[1 + abs(n) % 200], sha256(id::text::bytea) FROM past
""")
DENIED = text("""
INSERT INTO deny_entry (organization_id, id, name_hash, sound_hash, reason, expires_on)
SELECT :organization_id, gen_random_uuid(), sha256(('n' || n)::bytea), sha256(('s' || n)::bytea), 'theft', '2027-01-01' FROM generate_series(1, 1000) n
""")
Question = Callable[[Session, "Past"], object]


class Past:
    """An organization with a long history, and whom to ask for."""

    def __init__(self, world: World, deps: Deps, urls: Urls) -> None:
        self.organization_id, self.deps = world.organization_id, deps
        self.sites, self.hosts, of = [uuid4(), uuid4()], [uuid4() for _ in range(200)], uuid4()
        world.add(
            OrganizationModule(module="visitors"),
            *(Site(id=site, name=str(site)) for site in self.sites),
            VisitType(id=of, name="Visitor", kind="visitor", overstay_after_min=30),
        )
        given = {"organization_id": self.organization_id, "now": NOW, "a_day": A_DAY, "past": PAST, "type": of}
        with world.database.tenant(self.organization_id) as session:
            session.execute(HISTORY, given | {"sites": self.sites, "hosts": self.hosts})
            session.execute(DENIED, {"organization_id": self.organization_id})
        with psycopg.connect(libpq(urls.owner)) as connection:
            connection.execute(f"ANALYZE {', '.join(sorted(WATCHED))}, guest, message, deny_entry".encode())
        with world.database.tenant(self.organization_id) as session:
            query = "SELECT v.arrived_at, v.id, w.link_hash FROM visit v JOIN visitor w USING (organization_id) WHERE w.id = v.visitor_id"
            self.deep = session.execute(
                text(f"{query} AND arrived_at < :at ORDER BY 1 DESC LIMIT 1"), {"at": NOW - timedelta(days=45)}
            ).one()
            self.coming = session.execute(text(f"{query} AND state = 'expected' LIMIT 1")).one()

    def inside(self, session: Session) -> Deps:
        """For chores, which begin a transaction of their own: this one."""

        class Here(Database):
            @contextmanager
            def tenant(self, organization_id: int) -> Iterator[Session]:  # noqa: ARG002 (it is this one's)
                yield session

        return replace(self.deps, database=Here(self.deps.database.engine))


@pytest.fixture(scope="module")
def past(database: Database, settings: Settings, urls: Urls) -> Past:
    deps = deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings))
    World(database)
    return Past(World(database), deps, urls)


def day(on: date | None = None, **wanted: Any) -> Question:
    return lambda session, past: listing.day(session, past.organization_id, on, Wanted(**wanted, limit=11), NOW)


def history(page: int, *, here: bool = False, days: int = 300) -> Question:
    def asked(session: Session, past: Past) -> object:
        after = (past.deep.arrived_at, past.deep.id) if page > 1 else None
        wanted = Wanted(past.sites[0] if here else None, after=after, limit=11)
        return listing.history(session, past.organization_id, NOW.date() - timedelta(days=days), NOW.date(), wanted)

    return asked


LONG_AGO = NOW.date() - timedelta(days=60)
QUESTIONS: dict[str, Question] = {
    "the list of today": day(),
    "the list of today at a site": lambda session, past: day(site_id=past.sites[0])(session, past),
    "the list of today of a host": lambda session, past: day(own=past.hosts[0])(session, past),
    "who is on site today": day(states=("on_site",)),
    "the list of a day long ago": day(LONG_AGO),
    "who comes for a host": lambda session, past: listing.mine(session, past.organization_id, past.hosts[0], NOW),
    "the past": history(1),
    "the past, a late page": history(2),
    "the past of a site": history(1, here=True),
    "the past of a site, a late page": history(2, here=True),
    "the numbers of a day": lambda session, past: listing.statistics(session, past.organization_id, LONG_AGO, LONG_AGO, None),
    "everybody on site": lambda session, past: VisitorsOnSite().on_site(session, past.organization_id, NOW),
    "everybody on a site": lambda session, past: VisitorsOnSite().on_site(session, past.organization_id, NOW, site_ids=past.sites[:1]),
    "a departure told again": lambda session, past: rows.left_at(session, past.organization_id, past.sites[0], NOW - timedelta(days=30)),
    "a personal link": lambda session, past: rows.visitor_of_link(session, past.organization_id, past.coming.link_hash),
    "six digits": lambda session, past: rows.visitor_of_code(session, past.organization_id, past.coming.link_hash),
    "who stayed too long": lambda session, past: ending.tell_overstays(past.inside(session), past.organization_id, NOW),
    "who is assumed to have left": lambda session, past: ending.end_assumed(past.inside(session), past.organization_id, NOW),
    "what is past its term": lambda session, past: retention.forget_expired(past.inside(session), past.organization_id, NOW + timedelta(days=22)),
    "what was sent to a guest": lambda session, past: guests.forget(session, past.organization_id, [past.deep.id]),
}  # fmt: skip


@contextmanager
def read_by(session: Session) -> Iterator[list[tuple[str, str, int]]]:
    """(statement, table, rows looked at) of each that is executed in the block."""
    found: list[tuple[str, str, int]] = []
    engine = session.get_bind()

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:  # noqa: FBT001 (SQLAlchemy's)
        if many or not re.match(r"\s*(SELECT|UPDATE|DELETE)", statement):
            return
        cursor.execute("SAVEPOINT explained")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("ROLLBACK TO SAVEPOINT explained")
        found.extend((statement, *read) for read in looked_at(plan))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def looked_at(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """(table, rows) of each scan below: those it gave, and those it fetched in vain. The wall is asked once for a statement, never for each row."""
    for condition in ("Filter", "Index Cond", "Recheck Cond", "Join Filter"):
        assert "current_setting" not in plan.get(condition, ""), "a table is read without saying of which organization"
    if "Relation Name" in plan and "Scan" in plan["Node Type"]:
        vain = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        yield plan["Relation Name"], round((plan["Actual Rows"] + vain) * plan["Actual Loops"])
    for child in plan.get("Plans", []):
        yield from looked_at(child)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_long_history_is_not_read_for_what_is_asked_of_a_part(past: Past, question: str) -> None:
    """Tables of a test are small, so reading them whole is made dear; whatever then still looks at many rows has no better index."""
    with past.deps.database.tenant(past.organization_id) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        with read_by(session) as read:
            QUESTIONS[question](session, past)
        session.rollback()
    watched = [one for one in read if one[1] in WATCHED]
    assert watched
    assert [one for one in watched if one[2] > FEW] == []


def test_a_name_is_looked_up_on_the_deny_list_by_its_hashes(past: Past) -> None:
    with past.deps.database.tenant(past.organization_id) as session, read_by(session) as read:
        deny.check(session, past.organization_id, "Jan Jansen", NOW, past.deps)
    assert [(table, rows_) for _, table, rows_ in read] == [("deny_entry", 0)]
