"""What of a visit can be judged without looking anything up."""

from datetime import date, datetime, timedelta

from app.core.fix import to_ms
from app.core.schedule import worked_on


def purge_after(expected_until: datetime, days: int, zone: str) -> date:
    """The last local date on which it is kept: so many days after the date of the expected end. It is gone on the next."""
    return worked_on(to_ms(expected_until), zone) + timedelta(days=days)


def deletes_on(purge_after: date) -> date:
    """The date on which a person no longer finds it here."""
    return purge_after + timedelta(days=1)
