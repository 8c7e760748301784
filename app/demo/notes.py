"""var/demo.json: what scripts, and the next run, need to speak for the people of the demo. Readable by its owner alone: it holds passwords."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from app.demo.cast import CAST


@dataclass(frozen=True, slots=True)
class User:
    """A sign-in that can be used at once. `username` is what one types."""

    username: str
    password: str = field(repr=False)
    role: str
    organization: str


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A phone: whose, which client (`kind`: native, owntracks, traccar), and its token."""

    person: str
    organization: str
    kind: str
    token: str = field(repr=False)


@dataclass
class Notes:
    """The file. `organizations`: slug to id, the main one first; `days`: the local dates that were played to their end."""

    base_url: str = ""
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    log_dir: str = ""
    organizations: dict[str, int] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)
    devices: list[DeviceKey] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    push_port: int = 0
    """Where the stand-in for a push service listens; kept, because browsers are subscribed there."""

    @property
    def main_slug(self) -> str:
        """The organization of the cast."""
        return next(iter(self.organizations))

    @property
    def main_id(self) -> int:
        """Its id."""
        return self.organizations[self.main_slug]

    def tokens(self) -> dict[str, str]:
        """The token of each phone of the cast, by the person's name."""
        names = {role.name for role in CAST}
        return {key.person: key.token for key in self.devices if key.organization == self.main_slug and key.person in names}

    def is_played(self, day: date) -> bool:
        """Whether a day was played to its end."""
        return day.isoformat() in self.days

    def played(self, day: date) -> None:
        """Remember that it was."""
        if not self.is_played(day):
            self.days.append(day.isoformat())


def read(path: Path) -> Notes | None:
    """The notes of an earlier run; None when there are none that can be used."""
    try:
        kept = json.loads(path.read_text())
        users, devices = [User(**row) for row in kept.pop("users")], [DeviceKey(**row) for row in kept.pop("devices")]
        return Notes(**kept, users=users, devices=devices)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(path: Path, notes: Notes) -> None:
    """Replace the file as a whole."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(notes), file, indent=1, ensure_ascii=False)
    draft.replace(path)
