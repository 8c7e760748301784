"""The reception sees who did not agree to what is asked, has it signed at the desk, or lets in nevertheless: that stands with the visit until it is signed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from app.visitors.models import AgreementSignature
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World
from tests.visitors.test_kiosk import arrive, desk, invited, kind, kiosk, site, site_and_kiosk, walk_in, world
from tests.visitors.test_visits import on, plan

__all__ = ["desk", "kiosk", "site", "site_and_kiosk", "world"]
DAY = "2026-06-03"
TEXTS = {"nl": "Loop rustig.", "en": "Walk calmly."}


@pytest.fixture
def owner(desk: Desk) -> Who:
    return desk.member("owner")


@pytest.fixture
def reception(desk: Desk) -> Who:
    return desk.member("reception")


def agreement(owner: Who, name: str = "Safety", **more: Any) -> Any:
    return owner.post("/agreements", {"name": name, "texts": TEXTS, **more})


def asks(world: World, *agreements: Any, **more: Any) -> UUID:
    return kind(world, agreement_ids=[UUID(one["id"]) for one in agreements], **more)


def agreed(text: Any, locale: str = "nl") -> dict[str, str]:
    return {"version_id": text["version_id"], "locale": locale, "sha256": text["sha256"][locale]}


def lacks(seen: Any) -> list[tuple[str, int]]:
    return [(one["name"], one["number"]) for one in seen["unsigned"]]


def test_who_is_let_in_unsigned_is_shown_so_until_they_sign_at_the_desk(desk: Desk, site: UUID, owner: Who, reception: Who) -> None:
    of = asks(desk.world, agreement(owner, "Secrecy"), agreement(owner))
    invited(desk, site, of)
    [line] = on(reception, DAY)
    assert lacks(line) == [("Safety", 1), ("Secrecy", 1)]
    path = f"/visits/{line['id']}"
    seen = reception.post(f"{path}/arrival", {}, 200)
    assert (seen["state"], lacks(seen)) == ("on_site", [("Safety", 1), ("Secrecy", 1)])
    safety, secrecy = reception.get(f"{path}/agreements")
    assert (safety["name"], safety["number"], safety["texts"]) == ("Safety", 1, TEXTS)
    for _ in range(2):
        seen = reception.post(f"{path}/signatures", {"agreed": [agreed(safety, "en")]}, 200)
        assert lacks(seen) == [("Secrecy", 1)]
    assert seen["revision"] > line["revision"]
    reception.post(f"{path}/signatures", {"agreed": [agreed(secrecy) | {"sha256": "0" * 64}]}, 422)
    reception.post(f"{path}/signatures", {"agreed": []}, 422)
    assert lacks(reception.post(f"{path}/departure", {}, 200)) == [("Secrecy", 1)]
    reception.post(f"{path}/signatures", {"agreed": [agreed(secrecy)]}, 409)
    assert [lacks(one) for one in (reception.get(path), *on(reception, DAY))] == [[("Secrecy", 1)]] * 2
    [past] = owner.get("/visits/history", **{"from": DAY, "until": DAY})["items"]
    assert lacks(past) == [("Secrecy", 1)]
    (signature,) = desk.world.rows(AgreementSignature)
    assert (signature.locale, signature.signed_at) == ("en", NOW)


def test_who_signs_at_the_kiosklacks_nothing_and_a_walk_in_at_the_desk_lacks_all(
    desk: Desk, site: UUID, kiosk: FlaskClient, owner: Who, reception: Who
) -> None:
    made = agreement(owner)
    of = asks(desk.world, made)
    _, token, _ = invited(desk, site, of)
    arrive(kiosk, token=token, agreed=[agreed(made)])
    body = {"site_id": str(site), "visit_type_id": str(of), "name": "Bob"}
    assert lacks(reception.post("/visits", body)) == [("Safety", 1)]
    assert {one["name"]: lacks(one) for one in on(reception, DAY)} == {"Ann Visitor": [], "Bob": [("Safety", 1)]}


def test_a_text_that_is_newer_than_an_arrival_is_asked_of_who_comes_next_alone(
    desk: Desk, site: UUID, kiosk: FlaskClient, owner: Who, reception: Who
) -> None:
    made = agreement(owner)
    of = asks(desk.world, made)
    for name in ("Signed Early", "Comes Later"):
        invited(desk, site, of, name)
    walk_in(kiosk, of, "Here Already", agreed=[agreed(made)])
    desk.at(NOW + timedelta(hours=1))
    path = f"/agreements/{made['id']}"
    newer = owner.send("PATCH", path, {"texts": {"nl": "Ren niet."}}, match=owner.etag(path))
    found = {one["name"]: (one["id"], lacks(one)) for one in on(reception, DAY)}
    assert {name: lacking for name, (_, lacking) in found.items()} == {
        "Here Already": [], "Signed Early": [("Safety", 2)], "Comes Later": [("Safety", 2)]
    }  # fmt: skip
    early = f"/visits/{found['Signed Early'][0]}"
    [text] = reception.get(f"{early}/agreements")
    assert (text["version_id"], text["number"]) == (newer["version_id"], 2)
    assert lacks(reception.post(f"{early}/signatures", {"agreed": [agreed(text)]}, 200)) == []
    owner.send("POST", f"{path}/retirement")
    assert {str(one["unsigned"]) for one in on(reception, DAY)} == {"[]"}


def test_of_who_left_nothing_is_said_once_a_signature_would_be_gone(desk: Desk, site: UUID, owner: Who) -> None:
    of = asks(desk.world, agreement(owner, keep_days=2))
    invited(desk, site, of)
    reception = desk.member("reception")
    path = f"/visits/{on(reception, DAY)[0]['id']}"
    reception.post(f"{path}/arrival", {}, 200)
    reception.post(f"{path}/departure", {}, 200)
    for days, said in ((1, [("Safety", 1)]), (3, [])):
        desk.at(NOW + timedelta(days=days))
        assert lacks(desk.member("reception").get(path)) == said


def test_a_host_is_not_told_and_cannot_sign(desk: Desk, site: UUID, owner: Who) -> None:
    host, of = desk.member("employee"), asks(desk.world, agreement(owner))
    host.post("/invitations", plan(site, of))
    [line] = on(host, DAY)
    assert line["unsigned"] is None
    assert host.get("/me/visits")[0]["unsigned"] is None
    host.get(f"/visits/{line['id']}/agreements", 403)
    host.post(f"/visits/{line['id']}/signatures", {"agreed": [{"version_id": str(uuid4()), "locale": "nl", "sha256": "0" * 64}]}, 403)


def test_a_day_of_fifty_costs_as_many_questions_as_a_day_of_one(desk: Desk, site: UUID, owner: Who, reception: Who) -> None:
    of = asks(desk.world, agreement(owner))
    counts = []
    for number in (1, 49):
        reception.post("/invitations", plan(site, of, *(f"Guest {number}-{one}" for one in range(number))))
        with desk.statements() as said:
            assert all(lacks(one) for one in on(reception, DAY, limit=100))
        counts.append(len(said))
    assert counts[0] == counts[1]
