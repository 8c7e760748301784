"""What people said is sealed under the organization's key, and is gone for good with it."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.config import Settings
from app.db.transaction import Database
from app.errors import Unreadable
from app.privacy.service.keys import OrganizationKeyring
from tests.factories import World

ABOUT = b"message.sealed_texts"
TEXT = "Verzamel bij het hek, Zoë".encode()


@pytest.fixture
def keyring(settings: Settings) -> OrganizationKeyring:
    return OrganizationKeyring(settings)


def sealed_in(world: World, keyring: OrganizationKeyring, about: bytes = ABOUT) -> bytes:
    with world.database.tenant(world.organization_id) as session:
        return keyring.seal(session, world.organization_id, TEXT, about)


def opened_in(world: World, keyring: OrganizationKeyring, sealed: bytes, about: bytes = ABOUT) -> bytes:
    with world.database.tenant(world.organization_id) as session:
        return keyring.open(session, world.organization_id, sealed, about)


def test_what_was_sealed_opens_in_another_transaction_and_never_looks_the_same_twice(
    database: Database, keyring: OrganizationKeyring
) -> None:
    world = World(database)
    first, second = sealed_in(world, keyring), sealed_in(world, keyring)
    assert TEXT not in first
    assert first != second
    assert opened_in(world, keyring, first) == opened_in(world, keyring, second) == TEXT


def test_it_opens_for_no_other_column_and_no_other_organization(database: Database, keyring: OrganizationKeyring) -> None:
    world, other = World(database), World(database)
    sealed = sealed_in(world, keyring)
    with pytest.raises(Unreadable):
        opened_in(world, keyring, sealed, b"reply.sealed_text")
    with pytest.raises(Unreadable):
        opened_in(other, keyring, sealed)


def test_a_changed_byte_a_short_text_and_an_unknown_key_are_unreadable(database: Database, keyring: OrganizationKeyring) -> None:
    world = World(database)
    sealed = sealed_in(world, keyring)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for bad in (changed, b"", sealed[:10], sealed[:20], uuid4().bytes + sealed[16:]):
        with pytest.raises(Unreadable):
            opened_in(world, keyring, bad)


def test_a_destroyed_key_opens_nothing_any_more_and_the_next_text_gets_a_new_key(database: Database, keyring: OrganizationKeyring) -> None:
    world = World(database)
    sealed = sealed_in(world, keyring)
    assert opened_in(world, keyring, sealed) == TEXT
    with database.tenant(world.organization_id) as session:
        session.execute(
            text("UPDATE organization_key SET wrapped = NULL, destroyed_at = now() WHERE organization_id = :id"),
            {"id": world.organization_id},
        )
    with pytest.raises(Unreadable):
        opened_in(world, keyring, sealed)
    again = sealed_in(world, keyring)
    assert again[:16] != sealed[:16]
    assert opened_in(world, keyring, again) == TEXT


def test_a_copy_of_the_database_opens_nothing_without_the_installations_secret(
    database: Database, settings: Settings, keyring: OrganizationKeyring
) -> None:
    world = World(database)
    sealed = sealed_in(world, keyring)
    thief = OrganizationKeyring(settings.model_copy(update={"content_key": "another secret, as long as it has to be"}))
    with pytest.raises(Unreadable):
        opened_in(world, thief, sealed)


def test_two_that_seal_at_once_for_the_first_time_share_one_key(database: Database, keyring: OrganizationKeyring) -> None:
    world = World(database)
    start, done = threading.Barrier(4), []

    def seal() -> None:
        start.wait()
        done.append(sealed_in(world, keyring))

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({sealed[:16] for sealed in done}) == 1
    assert all(opened_in(world, keyring, sealed) == TEXT for sealed in done)
