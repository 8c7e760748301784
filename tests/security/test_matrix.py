"""Every route, for everybody, for what is theirs, a colleague's, a stranger's and nobody's: the authority table, and nothing but it.

1. What the table refuses is refused: 401 without a credential of the right kind, 403 without the right.
2. What it allows is not refused, whatever else is wrong with the plain request that is sent.
3. What belongs to another organization, and to somebody else where the table says `own`, answers like what does not exist: to the byte.
Nothing here names a route. A new one is walked as soon as it hangs in `app/blueprints.py`.
"""

from uuid import UUID, uuid5

import pytest
from structlog.testing import capture_logs

from app.authority import BEFORE_PASSWORD_CHANGE, ROLES
from app.web.mount import Mounted
from tests.security.callers import Caller, bytes_of, none_of, parameters, path_of
from tests.security.conftest import Street
from tests.security.houses import COLLEAGUE

ABSENT = UUID("00000000-0000-7000-8000-000000000000")
OWN_WAYS = {
    "sign_in.create_session": "401 says that name or password is wrong",
    "organizations_of_account.join_account": "the same",
    "session.change_password": "the same",
    "corrections.answer_question": "404 says that this was not asked",
    "activation.activate": "404 says that the code is unknown",
    "reply_pages.reply_page": "404 says that this is no link",
    "reply_pages.answer_by_link": "the same",
    "reply_pages.leave_page": "the same",
    "reply_pages.leave_by_link": "the same",
    "assembly_pages.assembly_page_of": "404 says that this is no poster",
    "visit_pages.visit_page": "404 says that this is no link",
    "visit_pages.visit_calendar": "the same",
    "visit_pages.host_page": "the same",
    "receipts.take_receipts": "404 says that there is no such provider",
    "receipts.take_fetched_receipt": "the same",
    "outbox_preview.outbox_preview": "404 says that this is no demo",
    "outbox_preview.outbox_style": "the same",
    "basemap_file.archive": "404 says that there is none here: a tile server is set, or none was built",
}


def absent(name: str) -> str:
    """An id that was never given."""
    return str(uuid5(ABSENT, name))


def walk(street: Street, caller: Caller, entry: Mounted, **others: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    ids = {**caller.ids, **others}
    request = street.examples.request(entry, caller.ids)
    return bytes_of(street.door.send(caller, entry, path_of(entry, caller, ids), **request))


def test_every_id_in_an_address_has_something_of_ours_to_name(street: Street) -> None:
    needed = {name for entry in street.door.mounted.values() for name in parameters(entry)}
    assert needed - set(street.ours.people["owner"].ids) == set(), "make one in tests/security/houses.py"


@pytest.mark.parametrize("name", ROLES)
def test_the_authority_table_is_what_happens(street: Street, name: str) -> None:
    caller, wrong = street.callers[name], []
    for entry in street.door.mounted.values():
        expected = caller.expected(entry)
        status, body, _ = walk(street, caller, entry)
        fine = status < 500 and (status not in {401, 403, 404} or entry.operation.name in OWN_WAYS)
        fine = status == expected if isinstance(expected, int) else fine
        promised = street.examples.statuses(entry)
        if not fine or (promised and status not in promised):
            wrong.append(f"{entry.operation.name}: {status} instead of {expected}; {body.decode()[:200]}")
    none_of(wrong)


@pytest.mark.parametrize("name", ROLES)
def test_what_is_not_mine_answers_like_what_does_not_exist(street: Street, name: str) -> None:
    caller, wrong = street.callers[name], []
    foreign = street.theirs.people[name if name in street.theirs.people else "employee"].ids
    colleague = street.ours.people[COLLEAGUE].ids
    for entry in street.door.mounted.values():
        expected = caller.expected(entry)
        for parameter in parameters(entry):
            if not parameter.endswith("_id"):
                continue
            nothing = walk(street, caller, entry, **{parameter: absent(parameter)})
            if nothing[0] != (expected if isinstance(expected, int) else 404):
                wrong.append(f"{entry.operation.name}: an absent {parameter} is answered {nothing[0]}: {nothing[1].decode()[:200]}")
            if walk(street, caller, entry, **{parameter: foreign[parameter]}) != nothing:
                wrong.append(f"{entry.operation.name}: a foreign {parameter} is told apart from an absent one")
            theirs = walk(street, caller, entry, **{each: colleague[each] for each in parameters(entry)})
            hidden = expected == "own" or parameter == "session_id"
            if colleague[parameter] != caller.ids[parameter] and not isinstance(expected, int) and (theirs == nothing) != hidden:
                wrong.append(f"{entry.operation.name}: a colleague's {parameter} is {'seen' if hidden else 'hidden'}")
    none_of(wrong)


@pytest.mark.parametrize("name", ["owner", "employee", "device"])
def test_what_a_request_names_inside_it_is_not_mine_either(street: Street, name: str) -> None:
    caller, wrong = street.callers[name], []
    foreign = street.theirs.people["employee"].ids
    for entry in street.door.mounted.values():
        if isinstance(caller.expected(entry), int):
            continue
        for where, field in street.examples.references(entry):
            kind = field if field in foreign else field.removesuffix("s")
            answers = []
            for value in (absent(field), foreign.get(kind, foreign["person_id"])):
                request = street.examples.request(entry, caller.ids)
                if where == "query":
                    request["query_string"] = {**request["query_string"], field: value}
                else:
                    request["json"] = {**request["json"], field: [value] if field.endswith("s") else value}
                answers.append(bytes_of(street.door.send(caller, entry, path_of(entry, caller, caller.ids), **request)))
            if answers[0] != answers[1]:
                wrong.append(f"{entry.operation.name}: a foreign {where}.{field} is told apart: {answers[0][:2]} {answers[1][:2]}")
            if max(answer[0] for answer in answers) >= 500:
                wrong.append(f"{entry.operation.name}: a fault for an absent or foreign {field}")
            if where == "body" and answers[0][0] < 400:
                wrong.append(f"{entry.operation.name}: an absent {field} is taken")
    none_of(wrong)


def test_a_credential_that_ended_opens_nothing(street: Street) -> None:
    wrong = [
        f"{caller.name}: {entry.operation.name}: {status}"
        for caller in street.callers.values()
        if not caller.usable
        for entry in street.door.mounted.values()
        if (expected := caller.expected(entry)) != "all"
        if (status := walk(street, caller, entry)[0]) != expected
    ]
    none_of(wrong)


@pytest.mark.parametrize("name", ["bare owner", "bare employee", "bare device"])
def test_a_module_that_is_off_cannot_be_told_from_one_that_does_not_exist(street: Street, name: str) -> None:
    caller = street.callers[name]
    routes = [entry for entry in street.door.mounted.values() if entry.operation.module and caller.expected(entry) in {"all", "own", 403}]
    assert routes
    unknown = street.door.client.get("/api/v1/never", headers=caller.headers)
    answers = {walk(street, caller, entry)[:2] for entry in routes}
    assert answers == {bytes_of(unknown)[:2]}


@pytest.mark.parametrize("name", ["newcomer", "new operator"])
def test_a_generated_password_opens_nothing_but_its_own_change(street: Street, name: str) -> None:
    caller = street.callers[name]
    wrong = [
        f"{entry.operation.name}: {status}"
        for entry in street.door.mounted.values()
        if caller.expected(entry) == 403 and (status := walk(street, caller, entry)[0]) != 403
    ]
    none_of(wrong)
    opened = {entry.operation.action for entry in street.door.mounted.values() if caller.expected(entry) in {"own", "all"}}
    for_anybody = {"session.create", "device.activate", "link.use", "receipt.take", "demo.answer"}
    assert opened - for_anybody == BEFORE_PASSWORD_CHANGE


def test_a_denied_attempt_is_logged_without_saying_who(street: Street) -> None:
    caller = street.callers["employee"]
    entry = next(each for each in street.door.mounted.values() if caller.expected(each) == 403)
    with capture_logs() as logged:
        assert walk(street, caller, entry)[0] == 403
    denied = [each for each in logged if each["event"] == "denied"]
    assert [(each["action"], each["actor_kind"], each["roles"]) for each in denied] == [(entry.operation.action, "member", ["employee"])]
    assert str(street.ours.people["employee"].person_id) not in repr(logged)
