"""What a list is asked for."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Window:
    """Rows after this id, in order of creation; queries give one more than `limit`, so that a page knows whether it is the last."""

    after: UUID | None = None
    limit: int = 200


ALL: Final = Window()
ONE: Final = Window(limit=1)


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people: all who have not left, unless it says otherwise.

    `text` is looked for in name, employee number, telephone and e-mail; `only` restricts to one person (scope `own`). `has` and `lacks` name
    columns (telephone, email); `among` and `but` are people somebody else found.
    """

    left: bool = False
    text: str | None = None
    group_id: UUID | None = None
    site_id: UUID | None = None
    only: UUID | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    among: frozenset[UUID] | None = None
    but: frozenset[UUID] = frozenset()
