"""The statuses of a delivery, and which of two is the later truth.

Receipts come late, twice and out of order (measured: the final one before "accepted" in three of five), so a status has a rank and only climbs.
"""

from typing import Final

CHANNELS: Final = ("push", "sms", "email", "apprise")
STATUSES: Final = ("queued", "submitting", "retry", "unknown", "accepted", "delivered", "failed", "expired", "withdrawn")
