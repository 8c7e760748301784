"""The privacy tag of a column: what it is, what for, and until when. An untagged column fails the build.

The record of processing is generated from these. Terms are named here once; retention reads them by name.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy.orm import MappedColumn, mapped_column

DataClass = Literal["none", "personal", "credential", "attendance", "traffic", "content"]
Purpose = Literal["operation", "account", "attendance", "safety", "security", "evidence", "billing"]
Term = Literal[
    "organization",  # until the organization leaves
    "person",  # until the person leaves the organization
    "lateness",  # lateness_days: sightings
    "evidence",  # evidence_days: what answers "why?"
    "payroll",  # 5 years: workdays, punches, corrections
    "session",  # until the session or credential ends, and 30 days
    "delivery",  # until the work is done, at most 7 days
    "day",  # 24 hours
    "content",  # content_days of the organization: what a message said
    "message",  # as long as the message itself: 2 years
    "visit",  # days of the visit type after the expected end of the last visit; a field may have fewer
    "signature",  # days of the agreement after signing
    "denied",  # until it expires, at most 12 months
    "roll_call",  # roll_call_days after its end
    "traffic",  # the months of the accepted privacy statement
    "installation",  # not personal: as long as the installation
]


@dataclass(frozen=True, slots=True)
class Tag:
    """Class, purpose and term of one column."""

    data_class: DataClass
    purpose: Purpose
    term: Term


KEY: Final = Tag("none", "operation", "installation")
PLAIN: Final = KEY
ACCOUNT: Final = Tag("personal", "account", "person")
CUSTOMER: Final = Tag("personal", "billing", "organization")
CREDENTIAL: Final = Tag("credential", "security", "session")
SECURITY: Final = Tag("personal", "security", "session")
CONSENT: Final = Tag("personal", "evidence", "organization")
SIGHTING: Final = Tag("attendance", "attendance", "lateness")
EVIDENCE: Final = Tag("attendance", "attendance", "evidence")
ATTENDANCE: Final = Tag("attendance", "attendance", "payroll")
TRANSIENT: Final = Tag("attendance", "operation", "delivery")
CONTENT: Final = Tag("content", "safety", "content")
WORDING: Final = Tag("content", "operation", "organization")
MESSAGE: Final = Tag("personal", "safety", "message")
VISIT: Final = Tag("personal", "safety", "visit")
SIGNED: Final = Tag("personal", "evidence", "signature")
WATCHED: Final = Tag("personal", "security", "denied")
ROLL_CALL: Final = Tag("personal", "safety", "roll_call")
PASSING: Final = Tag("traffic", "operation", "delivery")
TRAFFIC: Final = Tag("traffic", "evidence", "traffic")
DAY: Final = Tag("attendance", "operation", "day")


def tagged(tag: Tag, *args: Any, **options: Any) -> MappedColumn[Any]:  # noqa: ANN401 (as mapped_column takes them)
    """A `mapped_column` that carries its privacy tag."""
    return mapped_column(*args, info={"privacy": tag}, **options)
