"""Where domains meet sideways: which handler does which kind of work, and what every minute and every day ask for.

A handler takes (session, organization_id, body, now, deps); work too long for one transaction is wrapped in `Long`.
"""

from typing import Final

from app.accounts.service.sessions import forget_ended
from app.outbox.carry import Handlers
from app.outbox.tick import Chores, in_identity, outbox_chores, partitions

HANDLERS: Final[Handlers] = {}

CHORES: Final = Chores(
    each_minute={"partitions": partitions},
    each_day={"sessions_forgotten": in_identity(forget_ended)},
    each_minute_and_organization=dict(outbox_chores()),
    each_day_and_organization={},
)
