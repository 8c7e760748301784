"""The demo's window on the world: nowhere else does it exist."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app
from app.ports import Arrived, Deps

AT = datetime(2026, 6, 3, 12, 0, 7, tzinfo=UTC)


class Arrivals:
    def __init__(self) -> None:
        self.answers: list[tuple[str, str]] = []

    def answer(self, number: str, text: str) -> None:
        self.answers.append((number, text))

    def recent(self) -> Sequence[Arrived]:
        return [
            Arrived("sms", AT, "+31612345678", "<b>BHV</b>", "", "Brand <script>x</script>\nGa naar buiten"),
            Arrived("push", AT, "sanne", "push", "Brand", "Ga", "javascript:alert(1)"),
            Arrived("email", AT, "a@b.example", "BHV", "Brand", "Ga", "https://muster.example/r/x"),
        ]


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals()


@pytest.fixture
def client(settings: Settings, deps: Deps, arrivals: Arrivals) -> FlaskClient:
    return create_app(settings, deps=replace(deps, arrivals=arrivals)).test_client()


def test_it_shows_what_arrived_by_channel_and_obeys_none_of_it(client: FlaskClient) -> None:
    answer = client.get("/outbox-preview?locale=en")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.text
    assert page.index("Push messages (1)") < page.index("Text messages (1)") < page.index("E-mail (1)")
    assert "Brand &lt;script&gt;x&lt;/script&gt;" in page
    assert "14:00:07" in page
    assert "to +31612345678, from &lt;b&gt;BHV&lt;/b&gt;" in page
    assert '<a href="https://muster.example/r/x">Open the link</a>' in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    ("query", "accepts", "language"), [("?locale=nl", "en", "nl"), ("", "en-GB,en", "en"), ("", "", "nl"), ("?locale=<x>", "en", "nl")]
)
def test_it_speaks_both_languages(client: FlaskClient, query: str, accepts: str, language: str) -> None:
    page = client.get(f"/outbox-preview{query}", headers={"Accept-Language": accepts}).text
    assert f'<html lang="{language}">' in page


def test_its_style_sheet_is_its_own(client: FlaskClient) -> None:
    assert client.get("/outbox-preview.css").content_type == "text/css; charset=utf-8"


def test_elsewhere_it_does_not_exist(settings: Settings, deps: Deps) -> None:
    client = create_app(settings, deps=deps).test_client()
    assert [client.get(path).status_code for path in ("/outbox-preview", "/outbox-preview.css")] == [404, 404]
    assert client.post("/outbox-preview", data={"number": "+31612345678", "text": "JA"}).status_code == 404


def test_a_text_can_be_answered_by_a_button(client: FlaskClient, arrivals: Arrivals) -> None:
    page = client.get("/outbox-preview?locale=nl").text
    assert '<input type="hidden" name="number" value="+31612345678">' in page
    assert page.count("<form") == 1
    answer = client.post("/outbox-preview", data={"number": "+31612345678", "text": "HULP", "locale": "nl"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "outbox-preview?locale=nl")
    assert arrivals.answers == [("+31612345678", "HULP")]


def test_nothing_else_can_be_said_in_a_phones_name(client: FlaskClient, arrivals: Arrivals) -> None:
    for data in ({"number": "+31612345678", "text": "anything"}, {"text": "JA"}, {"number": "é"}):
        assert client.post("/outbox-preview", data=data).status_code == 303
    assert arrivals.answers == []
