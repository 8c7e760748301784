"""What other domains must do in the same transaction as a change of people. `app/wiring.py` joins them; accounts imports none of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

PeopleHandler = Callable[[Session, int, Sequence[UUID], datetime], None]
"""Called with (session, organization_id, person_ids, now); a hook of sessions gives the ids of sessions."""


class Hook:
    """Handlers in the order they joined; joining twice counts once."""

    def __init__(self) -> None:
        self._handlers: dict[PeopleHandler, None] = {}

    def join(self, handler: PeopleHandler) -> None:
        """Call this handler from now on."""
        self._handlers[handler] = None

    def call(self, session: Session, organization_id: int, person_ids: Sequence[UUID], now: datetime) -> None:
        """Tell everybody; an error rolls the change back."""
        if person_ids:
            for handler in self._handlers:
                handler(session, organization_id, person_ids, now)


groups_changed: Final = Hook()
"""The groups of these people are others from `now` on."""
people_left: Final = Hook()
"""These people left the organization; their devices and sign-ins have ended already."""
device_enrolled: Final = Hook()
"""These people have a new phone, live from `now` on."""
sessions_ended: Final = Hook()
"""Called with the ids of sessions instead of people: they ended. In a transaction of another organization a handler finds nothing of its own."""
session_renewed: Final = Hook()
"""Called with [old id, new id]: the same browser goes on under a new session. The old one ends right after."""
