"""How this package says that something on the wire cannot be used. Never with the value: it may be a person's position."""

import re
from dataclasses import dataclass
from typing import Final

_FIELD: Final = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)
_PING_ID: Final = re.compile(r"[A-Za-z0-9._:~-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the field as the client names it, a stable reason, and what to do about it."""

    field: str
    reason: str
    detail: str


class FaultError(Exception):
    """Carries a `Fault` out of a reader; caught in the same module, so callers never see it."""

    def __init__(self, field: str, reason: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.fault = Fault(field, reason, detail)


def field_name(name: object) -> str:
    """The name of a field that is safe to repeat: a key chosen by a client could itself be a coordinate."""
    return name if isinstance(name, str) and _FIELD.fullmatch(name) else "(unnamed)"


def is_ping_id(value: object) -> bool:
    """Whether `value` can be kept as a ping's id: 1 to 64 letters, digits or one of . _ : ~ - in any order."""
    return isinstance(value, str) and _PING_ID.fullmatch(value) is not None
