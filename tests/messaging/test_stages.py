"""The life of an alert as a table: every pair of stages."""

from itertools import product

import pytest

from app.errors import Conflict
from app.messaging.models import STAGES, Message
from app.messaging.stages import ALLOWED, BEFORE, move

ALIVE = {
    ("draft", "approval"), ("draft", "countdown"), ("draft", "cancelled"),
    ("approval", "countdown"), ("approval", "refused"), ("approval", "cancelled"), ("approval", "expired"),
    ("scheduled", "ended"), ("scheduled", "cancelled"),
    ("countdown", "active"), ("countdown", "cancelled"),
    ("active", "ended"), ("active", "cancelled"), ("active", "expired"),
}  # fmt: skip


def test_the_table_knows_every_stage() -> None:
    assert set(ALLOWED) == set(STAGES)
    assert set(STAGES) >= BEFORE


@pytest.mark.parametrize(("before", "after"), list(product(STAGES, STAGES)))
def test_one_stage_follows_another_only_where_the_life_says_so(before: str, after: str) -> None:
    message = Message(stage=before, revision=1)
    if (before, after) in ALIVE:
        move(message, after)
        assert (message.stage, message.revision) == (after, 2)
    else:
        with pytest.raises(Conflict):
            move(message, after)
        assert (message.stage, message.revision) == (before, 1)
