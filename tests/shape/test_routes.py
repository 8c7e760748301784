"""Every route has a guard and a row in the authority table; nothing is attached beside the security map."""

from pathlib import Path

import pytest

from app import authority
from app.blueprints import TABLE
from app.config import Settings
from app.factory import create_app
from app.web.guards import AnyOf, Single, member
from app.web.mount import Mount, Muster
from app.web.openapi import API
from app.web.route import Call, Routes
from app.web.sections import SECTIONS


@pytest.fixture(scope="module")
def muster() -> Muster:
    found: Muster = create_app(_settings()).extensions["muster"]
    return found


def _settings() -> Settings:
    return Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        redis_url="redis://127.0.0.1:1/0",
        secret_key="forty characters that are used in tests only",
    )


def test_every_rule_of_the_app_was_mounted_with_a_guard_and_an_action() -> None:
    app = create_app(_settings())
    mounted = app.extensions["muster"].mounted
    for rule in app.url_map.iter_rules():
        assert rule.endpoint in mounted, f"{rule.rule} is not in app/blueprints.py"
        entry = mounted[rule.endpoint]
        assert isinstance(entry.guard, Single | AnyOf)
        assert entry.operation.action in authority.ACTIONS
        assert entry.rule == rule.rule


def test_every_route_says_what_it_does(muster: Muster) -> None:
    assert not [name for name, entry in muster.mounted.items() if not (entry.operation.view.__doc__ or "").strip()]


def test_every_part_of_the_api_has_a_section_in_its_description_and_every_section_is_needed(muster: Muster) -> None:
    named = [blueprint for blueprints in SECTIONS.values() for blueprint in blueprints]
    assert sorted(named) == sorted({entry.operation.blueprint for entry in muster.mounted.values() if entry.rule.startswith(API)})


def test_what_is_open_to_anybody_is_a_short_list_that_was_looked_at(muster: Muster) -> None:
    """Add a row only after thinking about who may send what here, how often, and what it tells."""
    opened = {entry.rule for entry in muster.mounted.values() if any(not single.schemes for single in entry.guard.singles)}
    published_texts = {"/privacy", "/privacy.css", *(f"/api/v1/privacy/{name}" for name in ("notice", "statement", "statements"))}
    assert opened - published_texts == {
        "/",
        "/<screen:screen>",  # files of the web app and its screens: nothing of anybody
        "/basemap.pmtiles",
        "/healthz",
        "/readyz",
        "/metrics",
        "/api/v1/csrf-token",
        "/api/v1/session",  # sign in: slowed down per name and address, one answer for all that is wrong
        "/api/v1/devices",  # a code of 49 bits, once, for 15 minutes; 20 tries a minute
        "/api/v1/openapi.json",
        "/api/v1/docs",
        "/api/v1/docs.css",
        "/r/<link>",  # 128 bits name one recipient; shows what they were sent, takes one of three answers; one page for all that is no link
        "/u/<link>",  # signed; takes ordinary messages away from one person, who can undo it
        "/reply.css",
        "/a/<point>",  # signed; the poster at an assembly point: takes a name as safe, tells nothing; six digits are counted
        "/assembly.css",
        "/v/<link>",  # 128 bits name one visitor, who sees, corrects and erases what is theirs; one page for all that is no link
        "/v/<link>/visit.ics",
        "/h/<link>",  # 128 bits name one notice to one host; shows who is there while they are, takes one of three answers
        "/visit.css",
        "/outbox-preview",  # 404 but in the demo, where people and messages are invented
        "/outbox-preview.css",
        "/api/v1/receipts/<provider>",  # signed by the provider with a secret of ours; anybody else gets 401 or 404 and leaves nothing
    }


def test_a_route_without_a_row_cannot_be_declared() -> None:
    with pytest.raises(LookupError, match=r"no row in app/authority\.py"):

        @Routes("x").get("/x", action="nothing.known")
        def view(call: Call) -> None:
            """Not in the table."""


def test_a_view_with_its_own_transaction_cannot_hide_from_authority() -> None:
    routes = Routes("x")

    @routes.post("/x", action="site.edit", transaction="own")
    def view(call: Call) -> None:
        """Members' roles are read in the request's transaction, so this cannot be admitted."""

    with pytest.raises(LookupError, match="pseudo role"):
        create_app(_settings(), table=(*TABLE, Mount(routes, "", member)))


def test_a_broken_row_is_refused() -> None:
    head = "action " + " ".join(authority.ROLES)
    for row in ("x.read all", "x.read " + "all " * 9 + "some", "x.read " + "all " * 10 + "\nx.read " + "all " * 10):
        with pytest.raises(ValueError, match="authority row"):
            authority.read_table(f"{head}\n{row}")


def test_the_document_of_the_table_is_up_to_date() -> None:
    written = Path(__file__).parents[2] / "docs" / "authority.md"
    assert written.read_text() == authority.document(), "write it again: python -m app.authority > docs/authority.md"
