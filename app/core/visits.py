"""What of a visit can be judged without looking anything up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol, TypeVar

from app.core.fix import to_ms
from app.core.schedule import worked_on

OPEN: Final = ("waiting", "on_site")
"""States of somebody who is at the site."""
Verdict = Literal["here", "comes", "again", "over", "not_now"]


class Planned(Protocol):
    """What is judged of a visit."""

    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def expected_from(self) -> datetime: ...  # noqa: D102
    @property
    def expected_until(self) -> datetime: ...  # noqa: D102
    @property
    def left_at(self) -> datetime | None: ...  # noqa: D102


P = TypeVar("P", bound=Planned)


def opens(visits: Sequence[P], at: datetime, zone: str) -> tuple[Verdict, P | None]:
    """What a visitor's link or code means at a moment, and for which of their visits.

    `here`: they arrived already. `comes`: a visit of this local day. `again`: a visit of several days, left on an earlier one. `over`: today's visit
    has ended. `not_now`: no visit today, or it was cancelled.
    """
    here = [one for one in visits if one.state in OPEN]
    if here:
        return "here", here[0]
    today = [one for one in visits if _day(one.expected_from, zone) <= _day(at, zone) <= _day(one.expected_until, zone)]
    coming = [one for one in today if one.state == "expected"]
    if coming:
        return "comes", min(coming, key=lambda one: abs(one.expected_from - at))
    left = [one for one in today if one.left_at is not None]
    if left and all(one.left_at is not None and _day(one.left_at, zone) < _day(at, zone) for one in left):
        return "again", left[-1]
    ended = (
        left or [one for one in today if one.state == "refused"] or [one for one in visits if one.left_at is not None and one.left_at <= at]
    )
    if ended and not any(one.state == "expected" for one in visits):
        return "over", ended[-1]
    return ("over", left[-1]) if left else ("not_now", None)


def _day(moment: datetime, zone: str) -> date:
    return worked_on(to_ms(moment), zone)


def purge_after(expected_until: datetime, days: int, zone: str) -> date:
    """The last local date on which it is kept: so many days after the date of the expected end. It is gone on the next."""
    return worked_on(to_ms(expected_until), zone) + timedelta(days=days)


def deletes_on(purge_after: date) -> date:
    """The date on which a person no longer finds it here."""
    return purge_after + timedelta(days=1)
