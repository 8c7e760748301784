"""What goes in and out of the routes of a kiosk."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.accounts.service.kiosk import Shown
from app.web.parsing import Answer, Moment, Strict


class KioskOut(Answer):
    """A kiosk: where it stands, what it is for, and what it asks. `site` is the name."""

    device_id: UUID
    name: str
    organization: str
    site: str
    timezone: str
    locale: Literal["nl", "en"]
    modules: list[Literal["attendance", "visitors"]]
    asks_pin: bool


class ShownIn(Strict):
    """Somebody before a kiosk: the whole name (and the employee number, where names are the same) or the personal code; and the PIN, where one is asked."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    employee_number: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    code: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    pin: Annotated[str, Field(min_length=1, max_length=8)] | None = None

    def shown(self) -> Shown:
        """As the service takes it."""
        return Shown(self.name, self.employee_number, self.code, self.pin)


class KioskPunchIn(ShownIn):
    """Clock in or out at a kiosk; `at` only when it was made offline. The client's id makes a repetition recognisable."""

    kind: Literal["in", "out"]
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:~-]{1,64}$", max_length=64)]
    at: Moment | None = None


class KioskPersonOut(Answer):
    """Who stands there, and what they probably want: the opposite of their last punch."""

    name: str | None
    suggested: Literal["in", "out"]


class KioskPunchedOut(Answer):
    """What was recorded. `already`: the punch before it was of the same kind; both are kept, and the day will ask which is right."""

    kind: Literal["in", "out"]
    at: datetime
    repeat: bool
    already: bool
