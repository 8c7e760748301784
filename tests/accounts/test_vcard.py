"""People from the address book of a phone or mail program."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.service.vcard import Card, read_cards

PHONE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Vries;Anna;;dr.;\r\nFN:dr. Anna\r\n  de Vries\r\n"
    "TEL;TYPE=WORK,VOICE:+31 20 123 4567\r\nitem1.TEL;type=CELL;type=pref:06-12345678\r\nEMAIL;TYPE=INTERNET:Anna@Example.org\r\n"
    "PHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\nEND:VCARD\r\n"
)
PROGRAM = (
    'BEGIN:VCARD\nVERSION:4.0\nFN:Bert\\, the baker\nN:;Bert;;;\nTEL;VALUE=uri;TYPE="voice,home":tel:+31-20-123-4567;ext=1\n'
    "TEL;VALUE=uri;PREF=1:tel:+31201234568\nEMAIL:mailto:bert@example.org\nEND:VCARD\n"
)


def cards(text: str) -> list[Card]:
    return list(read_cards(text))


def sent(client: FlaskClient, text: str | bytes, confirm: str | None = None) -> TestResponse:
    raw = text if isinstance(text, bytes) else text.encode()
    return client.post(f"/api/v1/people/import{f'?confirm={confirm}' if confirm else ''}", data=raw, content_type="text/vcard")


def test_a_card_gives_the_name_the_mobile_number_and_the_address() -> None:
    [card] = cards(PHONE)
    assert card.facts == {"name": "dr. Anna de Vries", "telephone": "06-12345678", "email": "Anna@Example.org"}
    assert (card.number, card.problem) == (1, None)


def test_a_card_of_version_4_gives_its_preferred_number_without_uri_and_unescaped() -> None:
    [card] = cards(PROGRAM)
    assert card.facts == {"name": "Bert, the baker", "telephone": "+31201234568", "email": "bert@example.org"}


def test_a_name_in_parts_counts_when_there_is_no_formatted_one() -> None:
    [card] = cards("BEGIN:VCARD\nVERSION:3.0\nN:de Vries\\; sr;Anna;Maria;dr.;MSc\nTEL:+31612345678\nEND:VCARD\n")
    assert card.facts["name"] == "dr. Anna Maria de Vries; sr MSc"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BEGIN:VCARD\nVERSION:2.1\nFN:A\nEND:VCARD\n", "version 3.0 or 4.0"),
        ("BEGIN:VCARD\nFN:A\nEND:VCARD\n", "version 3.0 or 4.0"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:A\n", "no end"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:A\nBEGIN:VCARD\nVERSION:3.0\nFN:B\nEND:VCARD\n", "no end"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN A\nEND:VCARD\n", "Line 3 is no line"),
    ],
)
def test_a_bad_card_says_what_is_wrong(text: str, said: str) -> None:
    problem = cards(text)[0].problem
    assert problem
    assert said in problem


def test_a_deeply_folded_or_endless_line_takes_no_time() -> None:
    assert cards("BEGIN:VCARD\nVERSION:3.0\nNOTE" + ";A=B" * 50_000 + "\nEND:VCARD\n")[0].problem
    assert cards("BEGIN:VCARD\nVERSION:3.0\nFN:A" + "\n B" * 100_000 + "\nEND:VCARD\n")[0].facts["name"].startswith("ABB")


def test_a_vcard_is_previewed_and_done_with_national_numbers_of_the_organizations_country(owner: FlaskClient) -> None:
    preview = sent(owner, PHONE + PROGRAM)
    assert preview.status_code == 200, preview.text
    assert preview.get_json()["delimiter"] == "vcard"
    assert [(line["line"], line["action"]) for line in preview.get_json()["lines"]] == [(1, "create"), (12, "create")]
    assert sent(owner, PHONE + PROGRAM, preview.get_json()["confirm"]).get_json()["done"] is True
    people = {row["name"]: row for row in owner.get("/api/v1/people").get_json()["items"]}
    assert people["dr. Anna de Vries"]["telephone"] == "+31612345678"
    assert people["dr. Anna de Vries"]["email"] == "anna@example.org"
    assert people["Bert, the baker"]["telephone"] == "+31201234568"


def test_a_card_that_names_nobody_or_begins_like_a_formula_is_left_out_with_words(owner: FlaskClient) -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nEMAIL:a@b.example\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:=cmd()\nEND:VCARD\n"
    lines = sent(owner, text).get_json()["lines"]
    assert [line["action"] for line in lines] == ["wrong", "wrong"]
    assert "formula" in lines[1]["problem"]
