"""Published texts are bound to their date and hash; organizations accept the current one or do not exist."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, update

from app.accounts.models import Organization
from app.accounts.service.organizations import NewOrganization, next_organization_id
from app.config import Settings
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.errors import Conflict, Invalid
from app.privacy import service, texts
from app.privacy.models import StatementVersion
from app.privacy.page import html
from app.privacy.service import register, statements
from tests.privacy.conftest import NOW, House

ALL_TEXTS = [(kind, version.version, locale) for kind, found in texts.PUBLISHED.items() for version in found for locale in texts.LOCALES]


@pytest.mark.parametrize(("kind", "version", "locale"), ALL_TEXTS)
def test_every_published_text_is_what_was_published_and_its_date_stands_first(kind: texts.Kind, version: str, locale: str) -> None:
    found = texts.text(kind, version, locale)
    assert found is not None
    assert re.fullmatch(r"(Last changed|Laatst gewijzigd): \d{4}-\d\d-\d\d", found.text.splitlines()[0])


def test_changing_a_text_without_its_hash_or_its_date_is_refused() -> None:
    published = texts.current("statement", "en")
    with pytest.raises(texts.ChangedTextError, match="was changed after it was published"):
        texts.checked(replace(published, text=published.text + "more"))
    with pytest.raises(texts.ChangedTextError, match="first line"):
        texts.checked(replace(published, changed_on=published.changed_on + timedelta(days=1)))


def test_a_text_that_differs_from_the_accepted_one_is_not_published(urls: Urls, published: None) -> None:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        assert service.register_statements(connection) == 0
        connection.execute(update(StatementVersion).values(sha256="0" * 64))
        with pytest.raises(texts.ChangedTextError, match="new version"):
            service.register_statements(connection)
        connection.rollback()
    engine.dispose()


def test_sign_up_without_the_current_statement_leaves_nothing(database: Database, settings: Settings, published: None) -> None:
    with database.identity() as session:
        organization_id = next_organization_id(session)
    new = NewOrganization("Nobody", "N. Body", "Street 1", "+31201234567", "n@example.org", slug=f"nobody-{organization_id}")
    with pytest.raises(Invalid), database.tenant(organization_id) as session:
        service.register_organization(session, organization_id, new, service.AcceptedStatement("0", "nl", "N. Body"), NOW, settings)
    with database.identity() as session:
        assert session.get(Organization, organization_id) is None


def test_an_acceptance_keeps_version_language_hash_name_and_time_and_a_newer_version_awaits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.tenant(house.organization_id) as session:
        (kept,) = statements.acceptances(session, house.organization_id)
        expected = texts.current("statement", "en")
        assert (kept.version, kept.locale, kept.sha256, kept.accepted_by, kept.accepted_at) == ("1", "en", expected.sha256, "A. Boss", NOW)
        assert statements.standing(session, house.organization_id).awaits is None
        with pytest.raises(Conflict):
            service.accept_statement(session, house.organization_id, service.AcceptedStatement("1", "nl", "A. Boss"), NOW)
        newer = replace(expected, version="2", changed_on=date(2027, 1, 1))
        monkeypatch.setattr(texts, "current", lambda _kind, _locale: newer)
        assert statements.standing(session, house.organization_id).awaits == "2"


@pytest.mark.parametrize("locale", texts.LOCALES)
def test_the_page_shows_the_date_first_the_terms_of_the_settings_and_no_script(locale: str, settings: Settings) -> None:
    statement = texts.current("statement", locale)
    shown = html(statement, [replace(statement, version="0")], register.terms(settings.model_copy(update={"lateness_days": 13}), locale))
    body = shown.split("<main>", 1)[1]
    assert body.startswith(f"<p>{statement.text.splitlines()[0]}</p>")
    assert "13 day" in shown or "13 dagen" in shown
    assert "version=0" in shown
    assert "<script" not in shown


def test_the_page_escapes_what_a_text_says() -> None:
    statement = replace(texts.current("statement", "en"), text="Last changed: 2026-01-01\n\n<b>bold</b>\n\n- <i>\n")
    assert "<b>" not in html(statement, [], [("<u>", "x")])


def test_the_record_of_processing_names_every_personal_column_once_and_no_other_purpose() -> None:
    columns = [(entry.table, column) for entry in register.register() for column in entry.columns]
    assert len(columns) == len(set(columns))
    assert {("switch_event", "kind"), ("person", "name"), ("instruction", "signed_by")} <= set(columns)
    assert {entry.purpose for entry in register.register()} <= {
        "operation",
        "account",
        "attendance",
        "safety",
        "security",
        "evidence",
        "billing",
    }
    assert all(entry.recipients for entry in register.register())


def test_every_term_in_use_is_explained_in_both_languages(settings: Settings) -> None:
    used = {entry.term for entry in register.register()}
    for locale in texts.LOCALES:
        assert len(register.terms(settings, locale)) == len(used)
