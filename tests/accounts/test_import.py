"""People from a CSV file: said first, then done."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.service import people_file
from app.errors import Invalid

FILE = "name;telephone;email;employee_number;site;groups\nAnne;06;a@b.example;1;;\nBert;+31612345678;;2;Quay;Night|Day\n"


def sent(client: FlaskClient, text: str | bytes, confirm: str | None = None) -> TestResponse:
    raw = text if isinstance(text, bytes) else text.encode()
    query = f"?confirm={confirm}" if confirm else ""
    return client.post(f"/api/v1/people/import{query}", data=raw, content_type="text/csv")


def actions(answer: TestResponse) -> list[tuple[int, str]]:
    return [(line["line"], line["action"]) for line in answer.get_json()["lines"]]


def names(client: FlaskClient) -> list[str]:
    return sorted(row["name"] for row in client.get("/api/v1/people").get_json()["items"])


def test_a_preview_says_what_each_line_does_and_changes_nothing(owner: FlaskClient) -> None:
    answer = sent(owner, FILE)
    assert answer.status_code == 200, answer.text
    assert actions(answer) == [(2, "wrong"), (3, "wrong")]
    assert "telephone" in answer.get_json()["lines"][0]["problem"]
    assert "site" in answer.get_json()["lines"][1]["problem"]
    assert (answer.get_json()["delimiter"], answer.get_json()["encoding"], answer.get_json()["done"]) == (";", "utf-8", False)
    assert names(owner) == ["Olga Owner"]


def test_the_same_file_with_the_previews_confirm_does_it_and_then_has_nothing_left_to_do(owner: FlaskClient) -> None:
    owner.post("/api/v1/sites", json={"name": "Quay"})
    for name in ("Night", "Day"):
        owner.post("/api/v1/groups", json={"name": name})
    preview = sent(owner, FILE)
    assert actions(preview) == [(2, "wrong"), (3, "create")]
    done = sent(owner, FILE, preview.get_json()["confirm"])
    assert done.get_json()["done"] is True
    assert names(owner) == ["Bert", "Olga Owner"]
    assert sorted((group["name"], group["people"]) for group in owner.get("/api/v1/groups").get_json()["items"]) == [
        ("Day", 1),
        ("Night", 1),
    ]
    assert actions(sent(owner, FILE)) == [(2, "wrong"), (3, "same")]


def test_a_change_names_the_fields_it_changes(owner: FlaskClient) -> None:
    owner.post("/api/v1/people", json={"name": "Bert", "employee_number": "2"})
    owner.post("/api/v1/groups", json={"name": "Night"})
    text = "name,employee_number,email,groups\nBert Best,2,bert@b.example,night\n"
    preview = sent(owner, text)
    assert preview.get_json()["lines"][0] == {
        "line": 2, "action": "change", "fields": ["email", "name"], "groups": ["night"], "problem": None,
    }  # fmt: skip
    sent(owner, text, preview.get_json()["confirm"])
    assert names(owner) == ["Bert Best", "Olga Owner"]


def test_a_preview_that_is_no_longer_true_is_not_done(owner: FlaskClient) -> None:
    text = "name,employee_number\nBert,2\n"
    confirm = sent(owner, text).get_json()["confirm"]
    owner.post("/api/v1/people", json={"name": "Bert", "employee_number": "2"})
    assert sent(owner, text, confirm).status_code == 409
    assert sent(owner, text + "Chris,3\n", confirm).status_code == 409
    assert names(owner) == ["Bert", "Olga Owner"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Anne,1,,\nBert,1,,", ["create", "wrong"]),
        ("Anne,,a@b.example,\nAnn,,A@B.example,", ["create", "wrong"]),
        ("Anne,1,,+31612345678\nBert,2,,+31612345678", ["create", "create"]),
        ("=HYPERLINK(1),1,,", ["wrong"]),
        ("@SUM(1),1,,", ["wrong"]),
        (",1,,", ["wrong"]),
        ("Anne,1,,,,,", ["wrong"]),
        ("Anne,1,nobody,", ["wrong"]),
        ('"Anne\nBert",1,,', ["wrong"]),
        ("x" * 201 + ",1,,", ["wrong"]),
    ],
)
def test_a_wrong_line_is_left_out_and_says_why(owner: FlaskClient, rows: str, expected: list[str]) -> None:
    answer = sent(owner, f"name,employee_number,email,telephone\n{rows}\n")
    assert [line["action"] for line in answer.get_json()["lines"]] == expected
    assert all(line["problem"].count(".") >= 1 for line in answer.get_json()["lines"] if line["action"] == "wrong")


def test_somebody_who_left_is_not_taken_back_by_a_file(owner: FlaskClient) -> None:
    person = owner.post("/api/v1/people", json={"name": "Anne", "employee_number": "1"}).get_json()["id"]
    owner.post(f"/api/v1/people/{person}/leave")
    assert actions(sent(owner, "name,employee_number\nAnne,1\n")) == [(2, "wrong")]


def test_the_encoding_is_said() -> None:
    assert [
        people_file.read_people(raw).encoding
        for raw in ("naam\nZoë".encode(), b"\xef\xbb\xbf" + "naam\nZoë".encode(), "naam\nZoë".encode("latin-1"))
    ] == [
        "utf-8",
        "utf-8",
        "latin-1",
    ]
    assert people_file.read_people("naam\nZoë".encode("latin-1")).lines[0].facts == {"name": "Zoë"}


@pytest.mark.parametrize(
    "raw", [b"", b"name\n", b"name,shoe size\nAnne,42\n", b"email\na@b.example\n", b"name,name\na,b\n", b"na\x00me\nAnne", b'name\n"Anne\n']
)
def test_a_file_that_cannot_be_read_says_what_to_do(raw: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        people_file.read_people(raw)
    assert caught.value.errors[0].next_step


def test_a_file_of_more_than_four_mebibytes_is_not_read(owner: FlaskClient) -> None:
    assert sent(owner, "name\n" + "x" * 4 * 1024 * 1024).status_code == 413


def test_a_hundred_thousand_lines_are_refused_with_words_and_twenty_thousand_are_read_in_time(owner: FlaskClient) -> None:
    many = "telephone\n" + "".join(f"+3161{number:07d}\n" for number in range(100_000))
    answer = sent(owner, many)
    assert answer.status_code == 422
    assert "More than 20000 people" in answer.get_json()["errors"][0]["message"]
    assert len(people_file.read_people(many[: len("telephone\n") + 20_000 * 13].encode()).lines) == 20_000
