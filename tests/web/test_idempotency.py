"""The same request sent twice is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.web.idempotency import KEPT, KEY_KEPT, forget_answers
from tests.web.sample import NOW, made, problem, signed_in

ADDRESS = "/api/v1/things"
SECOND = timedelta(seconds=1)


def test_the_same_key_answers_the_same_and_does_it_once(stored: Flask) -> None:
    owner, key = signed_in(stored), {"Idempotency-Key": "one"}
    first, second = (owner.post(ADDRESS, json={"name": "a"}, headers=key) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert made == ["a"]


def test_another_request_under_the_same_key_is_refused(stored: Flask) -> None:
    owner, key = signed_in(stored), {"Idempotency-Key": "one"}
    assert owner.post(ADDRESS, json={"name": "a"}, headers=key).status_code == 201
    problem(owner.post(ADDRESS, json={"name": "b"}, headers=key), 422, "key-reused")
    assert made == ["a"]


def test_a_request_that_failed_may_be_sent_again_under_its_key(stored: Flask) -> None:
    owner, key = signed_in(stored), {"Idempotency-Key": "one"}
    for _ in range(2):
        problem(owner.post(ADDRESS, json={"name": "taken"}, headers=key), 409, "conflict")
    assert made == ["taken", "taken"]


def test_two_at_the_same_moment_are_done_once(stored: Flask) -> None:
    owners = [signed_in(stored) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda owner: owner.post(ADDRESS, json={"name": "a"}, headers={"Idempotency-Key": "one"}), owners))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert made == ["a"]


def forgotten_at(stored: Flask, *moments: datetime) -> list[int]:
    found = []
    for now in moments:
        with stored.extensions["muster"].deps.database.tenant(7) as session:
            found.append(forget_answers(session, 7, now))
    return found


def test_an_answer_is_forgotten_after_a_day_and_still_nothing_is_done_twice(stored: Flask) -> None:
    owner, key = signed_in(stored), {"Idempotency-Key": "one"}
    assert owner.post(ADDRESS, json={"name": "a"}, headers=key).status_code == 201
    assert forgotten_at(stored, NOW + KEPT, NOW + KEPT + SECOND, NOW + KEPT + SECOND) == [0, 1, 0]
    problem(owner.post(ADDRESS, json={"name": "a"}, headers=key), 409, "already-done")
    problem(owner.post(ADDRESS, json={"name": "b"}, headers=key), 422, "key-reused")
    assert made == ["a"]


def test_a_key_is_forgotten_after_two_months(stored: Flask) -> None:
    owner, key = signed_in(stored), {"Idempotency-Key": "one"}
    assert owner.post(ADDRESS, json={"name": "a"}, headers=key).status_code == 201
    assert forgotten_at(stored, NOW + KEPT + SECOND, NOW + KEY_KEPT, NOW + KEY_KEPT + SECOND) == [1, 0, 1]
    assert owner.post(ADDRESS, json={"name": "a"}, headers=key).status_code == 201
    assert made == ["a", "a"]


def test_an_answer_with_a_secret_is_not_kept(stored: Flask) -> None:
    owner, key = signed_in(stored), {"Idempotency-Key": "one"}
    assert owner.post("/api/v1/secrets", json={"name": "a"}, headers=key).status_code == 201
    problem(owner.post("/api/v1/secrets", json={"name": "a"}, headers=key), 409, "already-done")


@pytest.mark.parametrize("key", ["", "x" * 201, "caf\xe9", "a\tb"])
def test_a_key_that_cannot_be_kept_is_named(stored: Flask, key: str) -> None:
    document = problem(signed_in(stored).post(ADDRESS, json={"name": "a"}, headers={"Idempotency-Key": key}), 422, "invalid")
    assert document["errors"][0]["field"] == "Idempotency-Key"
