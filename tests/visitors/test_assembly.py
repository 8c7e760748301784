"""The assembly point: scan the poster, say who you are, be safe. Without a login and without learning anything of others."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from app.visitors import tokens
from app.visitors.models import Visit, Visitor
from tests.attendance.desk import Desk
from tests.visitors.test_roll_call import begin, by_name, clocked_in, site, visitor
from tests.visitors.test_roll_call import desk as desk  # noqa: PLC0414 (a fixture)
from tests.visitors.test_roll_call import world as world  # noqa: PLC0414 (a fixture)


def poster(desk: Desk, at: UUID) -> str:
    link: str = desk.member("responder").get(f"/sites/{at}/assembly-code")["link"]
    return urlsplit(link).path


def scan(desk: Desk, path: str, who: str, status: int = 200) -> str:
    answer = desk.app.test_client().post(path, data={"who": who})
    assert answer.status_code == status, answer.text
    return answer.text


def states(desk: Desk, call: Any) -> dict[str, str]:
    seen = desk.member("responder").get(f"/roll-calls/{call['id']}")
    return {name: one["state"] for name, one in by_name(seen).items()}


def test_whoever_writes_their_whole_name_is_safe_as_said_by_themselves(desk: Desk) -> None:
    hq, who = site(desk.world), desk.member("responder")
    clocked_in(desk.world, hq, "Zoë de Vries-Bakker")
    call, path = begin(who, hq), poster(desk, hq)
    assert 'name="who"' in desk.app.test_client().get(path).text
    assert "safe" in scan(desk, path, "bakker zoe DE vries")
    assert states(desk, call) == {"Zoë de Vries-Bakker": "safe"}
    assert [mark["marked_by"] for mark in who.get(f"/roll-calls/{call['id']}")["marks"]] == ["self"]


def test_a_name_that_nobody_knows_gets_the_same_answer_and_is_added(desk: Desk) -> None:
    hq = site(desk.world)
    clocked_in(desk.world, hq, "Anna Aalders")
    clocked_in(desk.world, hq, "Jan Jansen"), clocked_in(desk.world, hq, "Jan Jansen")
    call, path = begin(desk.member("responder"), hq), poster(desk, hq)
    assert (
        scan(desk, path, "Anna Aalders") == scan(desk, path, "Nobody Knows") == scan(desk, path, "Jan Jansen") == scan(desk, path, "Anna")
    )
    scan(desk, path, "nobody knows")
    seen = desk.member("responder").get(f"/roll-calls/{call['id']}")["entries"]
    assert sorted((one["name"], one["basis"], one["state"]) for one in seen) == [
        ("Anna", "added", "safe"), ("Anna Aalders", "clocked_in", "safe"), ("Jan Jansen", "added", "safe"),
        ("Jan Jansen", "clocked_in", "open"), ("Jan Jansen", "clocked_in", "open"), ("Nobody Knows", "added", "safe"),
    ]  # fmt: skip


def test_a_visitor_may_use_their_six_digits_and_wrong_digits_have_to_wait(desk: Desk) -> None:
    world, hq = desk.world, site(desk.world)
    visit = visitor(world, hq, "Visitor")
    with world.database.tenant(world.organization_id) as session:
        whose = session.get_one(Visit, (world.organization_id, visit)).visitor_id
        found = session.get_one(Visitor, (world.organization_id, whose))
        found.code_hash = tokens.code_hash(desk.deps.settings, world.organization_id, "123456")
    call, path = begin(desk.member("responder"), hq), poster(desk, hq)
    assert "six digits are nobody" in scan_in_english(desk, path, "654321")
    scan(desk, path, "123 456")
    assert states(desk, call) == {"Visitor": "safe"}
    for _attempt in range(25):
        answer = scan_in_english(desk, path, "000000")
    assert "too many attempts" in answer
    assert "It was noted" in scan_in_english(desk, path, "Somebody Else")


def scan_in_english(desk: Desk, path: str, who: str) -> str:
    return desk.app.test_client().post(path, data={"who": who}, headers={"Accept-Language": "en"}).text


def test_a_renewed_poster_makes_the_old_one_worthless_and_only_who_sets_up_may_renew(desk: Desk) -> None:
    hq = site(desk.world)
    begin(desk.member("responder"), hq)
    old = poster(desk, hq)
    desk.member("responder").post(f"/sites/{hq}/assembly-code/renewal", status=403)
    new = urlsplit(desk.member("manager").post(f"/sites/{hq}/assembly-code/renewal", status=200)["link"]).path
    assert new == poster(desk, hq) != old
    assert scan(desk, old, "Anna", 404) == desk.app.test_client().get("/a/nonsense").text
    scan(desk, new, "Anna")


def test_without_a_roll_call_nothing_is_asked_and_nothing_happens(desk: Desk) -> None:
    hq = site(desk.world)
    path = poster(desk, hq)
    assert 'name="who"' not in desk.app.test_client().get(path).text
    scan(desk, path, "Anna")
    call = begin(desk.member("responder"), hq)
    assert states(desk, call) == {}
    assert "<script>" not in scan(desk, path, "<script>alert(1)</script>")
