"""A visitor with a name like no other goes all the way; after the terms nothing of them is anywhere: tables, sealed words, Redis, the logs.

What is sealed is sealed here by a keyring that hides nothing, so that the search reads it too.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.base import Model
from app.subscriptions import CHORES
from app.visitors.models import Agreement, AgreementVersion, VisitSettings, VisitType
from tests.attendance.desk import API, Desk
from tests.factories import NOW
from tests.messaging.road import Road
from tests.visitors.test_telling import road

__all__ = ["road"]
NAME = "Zyzzyva Quetzalcoatl"
EMAIL = "zyzzyva.quetzalcoatl@canary.example"
TELEPHONE = "+31655514711"
COMPANY, PLATE, SUBJECT = "Xylophone & Zoon 4711", "QZ-47-11", "Talk with zyzzyva"
WORDS = ("yzzyva", "uetzalcoatl", "55514711", "ylophone", "QZ-47-11")
FIELDS = {name: {"purpose": {"en": "To reach you"}, "days": 5} for name in ("email", "telephone", "company", "plate")}


class GlassKeyring:
    """Seals nothing away."""

    def seal(self, _session: Session, _organization_id: int, plain: bytes, _about: bytes) -> bytes:
        return b"glass:" + plain

    def open(self, _session: Session, _organization_id: int, sealed: bytes, _about: bytes) -> bytes:
        return bytes(sealed).removeprefix(b"glass:")


@dataclass
class House:
    """A road with screens at its side."""

    road: Road
    desk: Desk

    def tick(self, at: datetime) -> None:
        """All chores of that minute and of that day, for this organization alone, as the tick runs them."""
        self.road.clock.moment = at
        done: Counter[str] = Counter()
        for name, chore in {**CHORES.each_minute_and_organization, **CHORES.each_day_and_organization}.items():
            done[name] = chore(self.road.deps, self.road.organization_id, at)
        self.road.work()

    def holding(self, *words: str) -> set[str]:
        """The tables that hold one of these, in any column, sealed or not."""
        found: set[str] = set()
        for table in Model.metadata.sorted_tables:
            query = f"SELECT count(*) FROM {table.name} t WHERE " + " OR ".join(
                f"t::text ILIKE :w{n} OR t::text ILIKE :h{n}" for n in range(len(words))
            )
            given: dict[str, Any] = {f"w{n}": f"%{word}%" for n, word in enumerate(words)}
            given |= {f"h{n}": f"%{word.encode().hex()}%" for n, word in enumerate(words)}
            scope = (
                self.road.deps.database.tenant(self.road.organization_id)
                if "organization_id" in table.columns
                else self.road.deps.database.identity()
            )
            with scope as session:
                if session.execute(text(query), given).scalar():
                    found.add(table.name)
        return found


@pytest.fixture
def house(road: Road) -> House:
    road.deps = replace(road.deps, keyring=GlassKeyring())
    return House(road, Desk(road.world, road.deps))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line of the log, as it would be written."""
    heard: list[str] = []
    for level in ("msg", "debug", "info", "warning", "error", "critical"):
        monkeypatch.setattr(structlog.WriteLogger, level, lambda _logger, line: heard.append(line))
    return heard


def visit_of(house: House) -> tuple[UUID, str]:
    """The canary is invited, told, comes by their code with fields and a signature, is on a roll call and marked; and never signs out. Their visitor id."""
    road, desk = house.road, house.desk
    site, kiosk = desk.kiosk()
    host, of, agreement, version = road.person("sms", "email"), uuid4(), uuid4(), uuid4()
    road.world.add(
        Agreement(id=agreement, name="Safety", keep_days=20),
        AgreementVersion(id=version, agreement_id=agreement, number=1, texts={"en": "Be careful"}, sha256={"en": "a" * 64}),
        VisitType(id=of, name="Guests", kind="visitor", fields=FIELDS, agreement_ids=[agreement], overstay_after_min=5, keep_days=10),
        VisitSettings(site_id=site),
    )
    reception = desk.member("reception")
    guest = {"name": NAME, "locale": "en", "email": EMAIL, "telephone": TELEPHONE, "fields": {"company": COMPANY}}
    times = {"starts_at": NOW.isoformat(), "ends_at": (NOW + timedelta(hours=1)).isoformat()}
    body = {"site_id": str(site), "visit_type_id": str(of), "host_id": str(host), "subject": SUBJECT, "visitors": [guest], **times}
    made = reception.client.post(f"{API}/invitations", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert made.status_code == 201, made.text
    road.work()
    [parcel] = road.email.had
    found = kiosk.post(f"{API}/kiosk/visits/find", json={"token": parcel.qr})
    assert found.get_json()["name"] == NAME
    signed = {"version_id": str(version), "locale": "en", "sha256": "a" * 64}
    arrival = {"id": str(uuid4()), "token": parcel.qr, "locale": "en", "fields": {"plate": PLATE}, "agreed": [signed]}
    came = kiosk.post(f"{API}/kiosk/visits/arrival", json=arrival, headers={"Idempotency-Key": str(uuid4())})
    assert came.get_json()["state"] == "on_site", came.text
    road.work()
    assert any(NAME in sent.text for sent in road.sms.had + road.email.had)
    responder = desk.member("responder")
    call = responder.post("/roll-calls", {"site_ids": [str(site)], "exercise": "exercise"})
    (entry,) = [one for one in call["entries"] if one["name"] == NAME]
    mark = {"id": str(uuid4()), "entry_id": entry["id"], "mark": "safe", "said_at": NOW.isoformat(), "note": f"saw {NAME}"}
    responder.post(f"/roll-calls/{call['id']}/marks", {"marks": [mark]}, 200)
    visitor = reception.get(f"/invitations/{made.get_json()['id']}/visitors")[0]["id"]
    return UUID(visitor), call["id"]


def test_after_the_terms_nothing_of_a_visitor_is_anywhere(
    house: House, settings: Settings, said: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    visitor, _ = visit_of(house)
    expected = {"visitor", "visitor_field", "invitation", "guest", "roll_call_entry", "roll_call_mark", "agreement_signature"}
    assert house.holding(*WORDS) >= expected, "the search finds what is there"
    for minutes in (65, 400):  # asked about, as one who stays too long; then ended by the clock
        house.tick(NOW + timedelta(minutes=minutes))
    for days in range(1, 11):
        house.tick(NOW + timedelta(days=days))
    assert house.holding(*WORDS[3:]) == set(), "fields went on their own day"
    assert house.holding(WORDS[2]) <= {"traffic_record", "delivery"}, "and so did the addresses, which messages know too"
    assert "visitor" in house.holding(*WORDS)
    house.tick(NOW + timedelta(days=11))
    own_terms = {"roll_call_entry", "roll_call_mark", "agreement_signature", "message", "text_version", "delivery", "traffic_record"}
    left = house.holding(*WORDS)
    assert left <= own_terms, left
    assert house.holding(str(visitor)) <= own_terms, house.holding(str(visitor))
    for days in (21, 40, 94, 400):
        house.tick(NOW + timedelta(days=days))
    assert house.holding(*WORDS, str(visitor)) == set()
    assert leaks(Redis.from_url(settings.redis_url)) == []
    logged = "\n".join([*said, caplog.text]).lower()
    assert "visits_forgotten" in logged, "the logs are read"
    assert [word for word in WORDS if word.lower() in logged] == []


def leaks(redis: Redis) -> list[bytes]:
    """Keys that hold a word of the canary, or are one; whatever their type: as they would be written to disk."""
    wanted = [word.lower().encode() for word in WORDS]
    return [key for key in redis.scan_iter() if any(word in (key + (redis.dump(key) or b"")).lower() for word in wanted)]
