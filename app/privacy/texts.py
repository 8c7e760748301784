"""Published texts: the privacy statement and the location notice, each version in Dutch and English, as files beside this module.

1. A file is `<kind>s/<locale>-<version>.md`; its first line says when it was last changed: `Last changed: 2026-11-22`, `Laatst gewijzigd: ...`.
2. A text is known by the SHA-256 of its bytes: that is what people and organizations accept.
3. `PUBLISHED` binds each version to its date and hash. A text that was changed without giving it another date there does not load; and once it
   stands in a database, `muster migrate` refuses any change of it: what was accepted stays readable. Publish a change as a new version.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

Kind = Literal["statement", "notice"]
LOCALES: Final = ("nl", "en")
HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a text: its date, how many months traffic data is kept under it (statements), and its hashes by locale."""

    version: str
    changed_on: date
    traffic_months: int
    sha256: dict[str, str]


PUBLISHED: Final[dict[Kind, tuple[Version, ...]]] = {
    "statement": (
        Version(
            "1",
            date(2026, 11, 23),
            traffic_months=6,
            sha256={
                "nl": "39fa7259d218befaf9ddb82df89a3add78960032fcdf08412919cbe003b5cba9",
                "en": "8868c8caf25799d4d5eebb64692f857bbde88288d4285e49c369193b0aa4268e",
            },
        ),
    ),
    "notice": (
        Version(
            "1",
            date(2026, 11, 22),
            traffic_months=0,
            sha256={
                "nl": "41cfb77de5bd8c76aa214f03d63860cafaf7754a7dba8f95b29346b3281c644d",
                "en": "ab63bac6f4336332230d6149343f4b75cb1070b675a831929602ef55372de8e3",
            },
        ),
    ),
}
"""Every version ever published, oldest first; the last is the current one."""


@dataclass(frozen=True, slots=True)
class PublishedText:
    """One text in one language."""

    kind: Kind
    version: str
    locale: str
    changed_on: date
    traffic_months: int
    sha256: str
    text: str


class ChangedTextError(SystemExit):
    """A published text is not what was published."""


@cache
def text(kind: Kind, version: str, locale: str) -> PublishedText | None:
    """A published text, or None. Raises `ChangedTextError` when file, date and hash do not belong together."""
    known = next((each for each in PUBLISHED[kind] if each.version == version), None)
    if known is None or locale not in known.sha256:
        return None
    found = (HERE / f"{kind}s" / f"{locale}-{version}.md").read_bytes()
    return checked(PublishedText(kind, version, locale, known.changed_on, known.traffic_months, known.sha256[locale], found.decode()))


def checked(published: PublishedText) -> PublishedText:
    """The text, if its hash is the published one and its first line ends in the date it was published under. Raises `ChangedTextError`."""
    name = f"{published.kind}s/{published.locale}-{published.version}.md"
    if hashlib.sha256(published.text.encode()).hexdigest() != published.sha256:
        raise ChangedTextError(f"{name} was changed after it was published. Put it back, and publish the change as a new version.")
    if not published.text.splitlines()[0].endswith(f": {published.changed_on.isoformat()}"):
        raise ChangedTextError(f"{name} must say in its first line that it was last changed on {published.changed_on.isoformat()}.")
    return published


def current(kind: Kind, locale: str) -> PublishedText:
    """The newest version, in a language; Dutch when there is no such language."""
    newest = PUBLISHED[kind][-1]
    found = text(kind, newest.version, locale if locale in LOCALES else LOCALES[0])
    if found is None:
        raise LookupError(f"no {kind} is published")
    return found


def versions(kind: Kind, locale: str) -> list[PublishedText]:
    """All versions in a language, newest first."""
    found = (text(kind, each.version, locale) for each in reversed(PUBLISHED[kind]))
    return [each for each in found if each is not None]
