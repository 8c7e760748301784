"""Messages and alerts over HTTP."""

from typing import Final

MESSAGES: Final = "messages"
ALERTS: Final = "alerts"
"""The modules of the organization."""
