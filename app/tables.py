"""Every table, in one place, for migrations and the catalogue tests."""

from app.accounts import models as accounts
from app.attendance import models as attendance
from app.extensions import Base
from app.geofences import models as geofences
from app.messaging import models as messaging
from app.outbox import models as outbox
from app.privacy import models as privacy
from app.visitors import models as visitors
from app.web import models as web

metadata = Base.metadata
GLOBAL_TABLES = frozenset(
    {
        *("organization", "user_account", "user_session", "user_organization", "credential", "sign_in_delay", "statement_version"),
        # A provider's receipt and a text from a phone name no organization; these two say or await which one it is.
        *("provider_reference", "stray_receipt"),
    }
)
"""The few tables that belong to no organization. Everything else is walled."""

__all__ = ["GLOBAL_TABLES", "accounts", "attendance", "geofences", "messaging", "metadata", "outbox", "privacy", "visitors", "web"]
