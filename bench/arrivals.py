"""Arrivals at the kiosks of a large organization: thirty kiosks at three sites, five thousand people who may be hosts, fifty thousand visits of before.

Invited visitors show their QR code, or type their six digits, which are counted as guesses before they are looked at. Walk-ins name their host.
Every answer must say that they are on site, for whom, and with which badge. Afterwards the tables are asked: one visit each, no badge's number twice,
and somebody was told of each one: the work that is written with an arrival was done. It is done meanwhile, by the same server.
"""

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, text

from app.accounts.models import Device, OrganizationModule, Site
from app.actor import new_device_token
from app.db.types import uuid7
from app.visitors import tokens
from app.visitors.models import Visit, Visitor, VisitType
from bench import town
from bench.load import Generator, Outcome, post
from bench.server import Server

PEOPLE: Final = 5_000
KIOSKS: Final = 30
SITES: Final = 3
HISTORY: Final = 50_000
CONNECTIONS: Final = 64
RATE: Final = 50
PATIENCE_S: Final = 120.0
HISTORY_ROWS: Final = text("""
WITH past AS (
  SELECT gen_random_uuid() AS id, now() - interval '1 day' - n * interval '10 minutes' AS at, n FROM generate_series(1, :count) n
), who AS (
  INSERT INTO visitor (organization_id, id, name, locale, link_hash, purge_after)
  SELECT :organization_id, id, 'Visitor ' || n, 'nl', sha256(id::text::bytea), current_date + 30 FROM past
)
INSERT INTO visit (organization_id, id, visitor_id, visit_type_id, site_id, state, expected_from, expected_until, arrived_at, arrived_by,
                   left_at, left_by, badge_number, purge_after)
SELECT :organization_id, id, id, :type, (CAST(:sites AS uuid[]))[1 + n % cardinality(CAST(:sites AS uuid[]))], 'left_confirmed',
       at, at + interval '2 hours', at, 'code', at + interval '1 hour', 'kiosk', 1 + n % 100, current_date + 30
FROM past
""")


@dataclass(frozen=True, slots=True)
class Building:
    """An organization that receives visitors. `kiosks`: the tokens, one site after the other."""

    server: Server
    town: town.Town
    visit_type: UUID
    sites: list[UUID]
    kiosks: list[str]
    codes: set[bytes] = field(default_factory=set)

    def invited(self, count: int) -> list[bytes]:
        """Arrivals of visitors who are expected now: one with the QR code, the next with six digits."""
        settings, organization_id, now = self.server.settings, self.town.organization_id, datetime.now(tz=UTC)
        visitors, visits, requests = [], [], []
        for number in range(count):
            id_, kept = uuid7(), (now + timedelta(days=30)).date()
            token = tokens.visit_token(settings, organization_id, id_)
            visitors.append({
                "organization_id": organization_id, "id": id_, "name": f"Guest {number}", "locale": "nl", "purge_after": kept,
                "link_hash": tokens.token_hash(token), "code_hash": None,
            })  # fmt: skip
            visits.append({
                "organization_id": organization_id, "id": uuid7(), "visitor_id": id_, "visit_type_id": self.visit_type,
                "site_id": self._site(number), "host_id": self.town.phones[number % PEOPLE].person_id, "state": "expected",
                "expected_from": now, "expected_until": now + timedelta(hours=2), "purge_after": kept,
            })  # fmt: skip
            key: dict[str, Any] = {"token": token}
            if number % 2:
                code = next(tokens.codes(settings, organization_id, id_))
                hashed = tokens.code_hash(settings, organization_id, code)
                if hashed not in self.codes:  # six digits are few: of several hundred visitors two may have drawn the same
                    self.codes.add(hashed)
                    key, visitors[-1]["code_hash"] = {"code": code}, hashed
            requests.append(self._post(number, key))
        with self.server.database.tenant(organization_id) as session:
            session.execute(insert(Visitor), visitors)
            session.execute(insert(Visit), visits)
        return requests

    def walk_ins(self, count: int) -> list[bytes]:
        """Arrivals of nobody who was announced, each for somebody by name."""
        names = (f"Person {number % PEOPLE}" for number in range(count))
        return [
            self._post(number, {"walk_in": {"name": f"Walker {number}", "visit_type_id": str(self.visit_type), "host_name": name}})
            for number, name in enumerate(names)
        ]

    def measured(self, requests: list[bytes]) -> Outcome:
        """They arrive, fifty a second, whether answers come or not."""
        before = self._arrived()
        with Generator(self.server.address, CONNECTIONS, right=_is_in) as generator:
            outcome = generator.open(iter(requests), RATE, len(requests) / RATE)
        if outcome.bad:
            raise SystemExit(f"{[one.decode(errors='replace') for one in outcome.bad]}")
        outcome.latencies_s += [outcome.seconds] * outcome.unanswered  # they waited at least so long
        came, badges = (now - then for now, then in zip(self._arrived(), before, strict=True))
        if came != badges or (came != len(requests) and not outcome.unanswered):
            raise SystemExit(f"{len(requests)} were let in, {came} visits are on site, with {badges} badges.")
        self._until_told()
        return outcome

    def _post(self, number: int, key: dict[str, Any]) -> bytes:
        body = {"id": str(uuid7()), "locale": "nl", **key}
        return post("/api/v1/kiosk/visits/arrival", json.dumps(body).encode(), f"Bearer {self.kiosks[number % KIOSKS]}")

    def _site(self, number: int) -> UUID:
        return self.sites[number % KIOSKS % SITES]

    def _arrived(self) -> tuple[int, int]:
        found = self.server.rows(
            "SELECT count(*), count(DISTINCT (site_id, badge_number)) FROM visit WHERE organization_id = %s AND state = 'on_site'",
            self.town.organization_id,
        )
        return int(found[0][0]), int(found[0][1])

    def _until_told(self) -> None:
        """Until of everybody on site somebody was told."""
        query = """
            SELECT count(*) FROM visit v WHERE v.organization_id = %s AND v.state = 'on_site' AND NOT EXISTS (
              SELECT FROM visit_notice n WHERE n.organization_id = v.organization_id AND n.visit_id = v.id AND n.person_id = v.host_id)
        """
        end = time.monotonic() + PATIENCE_S
        while untold := self.server.rows(query, self.town.organization_id)[0][0]:
            if time.monotonic() > end:
                raise SystemExit(f"Of {untold} arrivals no host was told.")
            time.sleep(0.1)


def build(server: Server) -> Building:
    """Write the organization, its kiosks and what it remembers."""
    made = town.build(server.database, server.settings, fences=1, people=PEOPLE)
    sites, type_ = [uuid7() for _ in range(SITES)], uuid7()
    drawn = [new_device_token(made.organization_id) for _ in range(KIOSKS)]
    with server.database.tenant(made.organization_id) as session:
        session.merge(OrganizationModule(organization_id=made.organization_id, module="visitors"))
        session.execute(insert(Site), [{"organization_id": made.organization_id, "id": site, "name": str(site)} for site in sites])
        session.add(VisitType(organization_id=made.organization_id, id=type_, name="Visitor", kind="visitor"))
        session.execute(insert(Device), [
            {"organization_id": made.organization_id, "site_id": sites[number % SITES], "kind": "kiosk", "client": "native",
             "name": f"Kiosk {number}", "token_hash": token_hash, "scopes": ["visitors"]}
            for number, (_, token_hash) in enumerate(drawn)
        ])  # fmt: skip
        session.flush()
        given = {"organization_id": made.organization_id, "count": HISTORY, "type": type_, "sites": sites}
        session.execute(HISTORY_ROWS, given)
    server.analyze()
    return Building(server, made, type_, sites, [token for token, _ in drawn])


def _is_in(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 201"):
        return False
    said = json.loads(body)
    host = said["host"] is not None and said["host"].startswith("Person ")
    return (said["state"], said["already"], host, said["badge"]) == ("on_site", False, True, True) and said["badge_number"] > 0
