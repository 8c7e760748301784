"""What people say, and a number that is nobody's, are searched for in everything that is kept or logged.

1. Words like no others go out as template, message, alert and update over a real channel to a provider; others come in as answers, by the app,
   by the provider from a known number and from one that nobody has.
2. The database is dumped as the backup role does it; Redis is read key by key; the log is what the process wrote at its chattiest.
3. The words are at the provider and on the screens of who may read them, and nowhere else. The number of a person is in its two columns only.
The search itself is tried first: what it must find is put where it must not be.
"""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from app import wiring
from app.accounts.models import OrganizationModule, Person
from app.accounts.service import AccountsIdentity
from app.adapters.channels import build_receipt_readers
from app.adapters.clock import SetClock
from app.adapters.sms.http import HttpSmsChannel
from app.config import Settings, libpq
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.messaging.models import Message, MessageTemplate, Reply, TemplateVersion
from app.outbox.models import Outbox
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World, deps_of
from tests.peers.http_sms import HttpSmsPeer, posted
from tests.security.canary import found_in, tables_of

SAID, ANSWERED = "Kanarievogel-uit-123", "Piepende-kanarie-456"
KNOWN, NOBODYS = "+31612783459", "+31687456213"
WORDS = [re.compile(re.escape(word).encode(), re.IGNORECASE) for word in (SAID, ANSWERED, "kanarievogel")]
NUMBERS = [re.compile(re.escape(number.removeprefix("+31")).encode()) for number in (KNOWN, NOBODYS)]
COLUMNS_OF_NUMBERS = {("person", "telephone"), ("traffic_record", "address")}


@pytest.fixture
def provider() -> Iterator[HttpSmsPeer]:
    with HttpSmsPeer() as peer:
        yield peer


@contextmanager
def open_desk(database: Database, settings: Settings, provider: HttpSmsPeer) -> Iterator[Desk]:
    """The application with a real channel. Made inside the test, so that its log goes where the test captures it."""
    wiring.join_hooks()
    given = {"sms_providers": (provider.provider(),), "outbound_private": ("127.0.0.0/8",), "log_level": "DEBUG"}
    chatty = Settings(**(settings.model_dump() | given))
    clock = SetClock(NOW)
    channel = HttpSmsChannel(provider.provider(), chatty, clock)
    deps = deps_of(settings=chatty, database=database, clock=clock, identity=AccountsIdentity(database, chatty))
    deps = replace(deps, channels={"sms": channel}, receipt_readers=build_receipt_readers(chatty))
    world = World(database)
    world.add(*(OrganizationModule(module=module) for module in ("messages", "alerts")))
    yield Desk(world, deps)
    channel.close()


def all_work(desk: Desk) -> None:
    """Do what waits, and what follows from it, up to now."""
    for _ in range(20):
        if not [row for row in desk.world.rows(Outbox) if row.due_at <= desk.clock.now()]:
            return
        desk.work()


def keyed(who: Who, path: str, body: dict[str, Any]) -> Any:
    """Sent with a key, under which the answer may be kept if it has no words in it; else a repetition is told that it was done."""
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (who.client.post(f"/api/v1{path}", json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202 if path == "/alerts" else 409), first.text
    return first.get_json()


def send_everything(desk: Desk, provider: HttpSmsPeer) -> None:
    anna = uuid4()
    desk.world.add(Person(id=anna, name="Anna", telephone=KNOWN))
    owner, me = desk.member("owner"), desk.member("employee", person_id=anna)
    texts = {"nl": {"subject": SAID, "body": f"Lees dit: {SAID}"}, "en": {"subject": SAID, "body": SAID}}
    target = {"people": [str(anna)]}
    template = owner.post("/message-templates", {"name": "T", "texts": {"nl": {"body": f"{SAID} {{place}}"}}})
    key = {"Idempotency-Key": "k1"}
    filled = {"template": {"id": template["id"], "fields": {"place": SAID}}, "target": target}
    for body in ({"texts": texts, "target": target}, filled):
        assert owner.client.post("/api/v1/messages", json=body, headers={**key, "Idempotency-Key": str(uuid4())}).status_code == 202
        owner.post("/messages/preview", body, 200)
    owner.post("/messages", {"texts": texts, "target": {"group": SAID}}, 422)
    owner.client.post("/api/v1/messages", data=f'{{"texts": "{SAID}', content_type="application/json")
    alert = keyed(owner, "/alerts", {"texts": texts, "target": target, "exercise": "actual", "severity": "severe"})
    desk.at(desk.clock.now().replace(minute=1))
    all_work(desk)
    keyed(owner, f"/alerts/{alert['id']}/updates", {"texts": texts, "kind": "update"})
    answer = me.client.post(f"/api/v1/me/alerts/{alert['id']}/reply", json={"reply": "safe", "text": ANSWERED})
    assert answer.status_code in (200, 201, 202), answer.text
    for number in (KNOWN, NOBODYS):
        headers, post = posted({"from": number, "to": "1234", "text": f"JA {ANSWERED}"}, desk.clock.now())
        answer = desk.app.test_client().post("/api/v1/receipts/acme", data=post, headers=headers)
        assert answer.status_code in (200, 204), answer.text
    all_work(desk)
    assert len(provider.sent) >= 4
    assert all(SAID in each["text"] for each in provider.sent.values())
    assert owner.get(f"/messages/{alert['id']}")["texts"] == texts
    assert any(line["text"] and ANSWERED in line["text"] for line in owner.get("/replies")["items"])
    assert owner.get("/traffic", address=KNOWN)["items"]


def test_the_search_finds_words_and_numbers_where_they_must_not_be(database: Database, urls: Urls) -> None:
    world = World(database)
    held = [("person", "name"), ("person", "name_key"), ("person", "telephone"), ("message_template_version", "sealed_texts")]
    template = uuid4()
    world.add(
        Person(name=SAID, telephone=NOBODYS),
        MessageTemplate(id=template, name="T"),
        TemplateVersion(template_id=template, number=1, sealed_texts=f"x\t\n{ANSWERED}".encode()),
    )
    tables = tables_of(dumped(urls))
    found = {(table, column) for table, cells in tables.items() for column, cell in cells if found_in(cell, [*WORDS, *NUMBERS])}
    assert found == set(held)
    with database.tenant(world.organization_id) as session:
        for row in (*session.query(Person), *session.query(MessageTemplate)):
            session.delete(row)


def test_what_people_say_and_numbers_that_are_nobodys_are_found_nowhere(
    database: Database, provider: HttpSmsPeer, urls: Urls, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    with open_desk(database, settings, provider) as desk, Redis.from_url(settings.redis_url) as redis:
        redis.flushdb()
        send_everything(desk, provider)
        kept = b"\n".join(key + b" " + (redis.dump(key) or b"") for key in redis.scan_iter())
    log = "".join(capfd.readouterr()).encode()
    tables = tables_of(dumped(urls))
    assert desk.world.rows(Message)
    assert desk.world.rows(Reply)
    assert {(table, column) for table, cells in tables.items() for column, cell in cells if found_in(cell, WORDS)} == set()
    held = {(table, column) for table, cells in tables.items() for column, cell in cells if found_in(cell, NUMBERS)}
    assert held == COLUMNS_OF_NUMBERS
    assert not any(found_in(cell, NUMBERS[1:]) for cells in tables.values() for _, cell in cells)
    assert kept, "limits are counted in Redis"
    assert found_in(kept, [*WORDS, *NUMBERS]) == []
    assert log.count(b"\n") > 15
    assert found_in(log, [*WORDS, *NUMBERS]) == []


def dumped(urls: Urls) -> bytes:
    """As the backup role dumps it; bytea columns as hex, so sealed text that was not sealed would show as hex of its letters."""
    dump = subprocess.run(["pg_dump", "--data-only", "--no-owner", libpq(urls.backup)], capture_output=True, check=False)
    assert dump.returncode == 0, dump.stderr.decode()
    unhexed = re.sub(rb"\\\\x((?:[0-9a-f]{2})+)", lambda found: bytes.fromhex(found[1].decode()).translate(_HARMLESS), dump.stdout)
    return bytes(unhexed)


_HARMLESS: Any = bytes(byte if byte not in b"\t\n\r\\" else 0x20 for byte in range(256))
