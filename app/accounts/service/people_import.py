"""People from a file: a preview that says what each line will do, then the same file again to do it.

1. The file is read into lines (`people_file`).
2. Each line is matched with who is there: by employee number, else e-mail, else telephone. It creates, changes, leaves as it is, or is wrong.
3. The preview carries a `confirm` text: a digest of the file and of what every line would do. Sent back with the same file it is done;
   if anything changed in between, the digest differs and nothing is done.
Empty cells change nothing. Groups are added, never taken away.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.queries import people as queries
from app.accounts.service.hooks import groups_changed
from app.accounts.service.people import home_region
from app.accounts.service.people_file import Line, PeopleFile, read_people
from app.db.flush import flush
from app.db.types import uuid7
from app.errors import Conflict

Action = Literal["create", "change", "same", "wrong"]
KEYS: Final = ("employee_number", "email", "telephone")


@dataclass(frozen=True, slots=True)
class Planned:
    """What one line does. `fields` are the facts it sets; `groups` those it adds."""

    line: int
    action: Action
    fields: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    problem: str | None = None
    person: Person | None = field(default=None, repr=False)
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    group_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How the file was read, what each line does, whether it is done, and the text that confirms it."""

    file: PeopleFile
    lines: list[Planned]
    confirm: str
    done: bool

    @property
    def counts(self) -> dict[str, int]:
        """Action -> how many lines."""
        return Counter(line.action for line in self.lines)


def import_people(session: Session, organization_id: int, raw: bytes, confirm: str | None, now: datetime) -> ImportResult:
    """Preview the file, or with `confirm` do it. Raises `Invalid` (unreadable file), `Conflict` (no longer what the preview said)."""
    file = read_people(raw, home_region(session, organization_id))
    plan = _Planner(session, organization_id, file.lines).plan()
    digest = _digest(raw, plan)
    if confirm is None:
        return ImportResult(file, plan, digest, done=False)
    if confirm != digest:
        raise Conflict("The file, or what is there, changed since the preview. Look at a new preview and confirm that.")
    _apply(session, organization_id, plan, now)
    return ImportResult(file, plan, digest, done=True)


class _Planner:
    """Holds what is there, loaded once: four queries for any number of lines."""

    def __init__(self, session: Session, organization_id: int, lines: Sequence[Line]) -> None:
        self.lines = lines
        found = queries.people_known_by(
            session, organization_id, **{f"{key}s": [line.facts[key] for line in lines if key in line.facts] for key in KEYS}
        )
        self.known: dict[tuple[str, str], list[Person]] = {}
        for person in found:
            for key in KEYS:
                if value := getattr(person, key):
                    self.known.setdefault((key, value), []).append(person)
        self.groups_of = queries.current_groups(session, organization_id, [person.id for person in found])
        self.sites = queries.site_ids(session, organization_id)
        self.groups = queries.group_ids(session, organization_id, listed=True)
        self.seen: dict[tuple[str, str], int] = {}

    def plan(self) -> list[Planned]:
        return [self._planned(line) for line in self.lines]

    def _planned(self, line: Line) -> Planned:
        if problem := line.problem or self._unknown(line) or self._repeated(line):
            return Planned(line.number, "wrong", problem=problem)
        matches = self._matches(line)
        if len(matches) > 1:
            return Planned(line.number, "wrong", problem="Several people match. Add the employee number, or correct it.")
        facts = dict(line.facts) | ({"site_id": self.sites[line.site.lower()]} if line.site else {})
        group_ids = frozenset(self.groups[name.lower()] for name in line.groups)
        if not matches:
            return Planned(line.number, "create", tuple(sorted(facts)), line.groups, None, None, facts, group_ids)
        return self._change(line, matches[0], facts, group_ids)

    def _change(self, line: Line, person: Person, facts: Mapping[str, Any], group_ids: frozenset[UUID]) -> Planned:
        if person.left_at is not None:
            return Planned(line.number, "wrong", problem="This person has left. Take the person back first.")
        changed = {name: value for name, value in facts.items() if getattr(person, name) != value}
        joined = group_ids - self.groups_of[person.id]
        names = tuple(name for name in line.groups if self.groups[name.lower()] in joined)
        action: Action = "change" if changed or joined else "same"
        return Planned(line.number, action, tuple(sorted(changed)), names, None, person, changed, joined)

    def _unknown(self, line: Line) -> str | None:
        if line.site and line.site.lower() not in self.sites:
            return "site: There is no site of this name. Create it first, or correct the name."
        if any(name.lower() not in self.groups for name in line.groups):
            return "groups: There is no group of one of these names. Create it first; put | between several."
        return None

    def _repeated(self, line: Line) -> str | None:
        """A line that names somebody an earlier line names. Only the strongest key counts: a household may share a telephone."""
        key = next(((key, line.facts[key]) for key in KEYS if key in line.facts), None)
        first = self.seen.setdefault(key, line.number) if key else line.number
        return f"The same person as line {first}. Keep one of the two." if first != line.number else None

    def _matches(self, line: Line) -> list[Person]:
        """By the strongest key that knows anybody; a weaker one never overrules an employee number."""
        for key in KEYS:
            found = self.known.get((key, line.facts[key]), []) if key in line.facts else []
            if key != "employee_number" and "employee_number" in line.facts:
                found = [person for person in found if person.employee_number is None]
            if found:
                return found
        return []


def _digest(raw: bytes, plan: Sequence[Planned]) -> str:
    told = [(p.line, p.action, p.fields, p.groups, p.problem, str(p.person.id if p.person else "")) for p in plan]
    return hashlib.sha256(hashlib.sha256(raw).digest() + json.dumps(told).encode()).hexdigest()


def _apply(session: Session, organization_id: int, plan: Sequence[Planned], now: datetime) -> None:
    joined: list[tuple[UUID, UUID]] = []
    for line in plan:
        if line.action not in ("create", "change"):
            continue
        person = line.person or Person(organization_id=organization_id, id=uuid7())
        for name, value in line.facts.items():
            setattr(person, name, value)
        session.add(person)
        joined += [(group_id, person.id) for group_id in line.group_ids]
    flush(
        session,
        {
            "uq_person_organization_id_employee_number": "Two people would have one employee number. Correct the file and look at a new preview."
        },
    )
    groups_changed.call(session, organization_id, queries.join_groups(session, organization_id, joined, now), now)
