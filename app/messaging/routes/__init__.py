"""Messages and alerts over HTTP."""

from typing import Final

MESSAGES: Final = "messages"
"""The module of the organization."""
