"""The text a browser sends back as Last-Event-ID. Sealed: transaction numbers would tell one organization how busy the others are."""

import base64
import binascii
import hashlib
from datetime import datetime, timedelta
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from app.outbox.journal import Seen

GOOD_FOR: Final = timedelta(hours=23)
"""Less than the day for which events are kept."""


class Cursors:
    """Seals and opens cursors with a key derived from the installation's secret."""

    def __init__(self, secret_key: str) -> None:
        self._box = SecretBox(hashlib.sha256(f"stream cursor {secret_key}".encode()).digest())

    def seal(self, organization_id: int, seen: Seen, now: datetime) -> str:
        """Opaque ASCII text without spaces."""
        return base64.urlsafe_b64encode(self._box.encrypt(f"{organization_id} {int(now.timestamp())} {seen}".encode())).decode()

    def open(self, text: str | None, organization_id: int, now: datetime) -> Seen | None:
        """What was sealed; None when it is not ours, another organization's, or too old to go on from."""
        try:
            owner, at, seen = self._box.decrypt(base64.urlsafe_b64decode(text or "")).decode().split(" ")
        except (CryptoError, binascii.Error, ValueError, TypeError):
            return None
        fresh = now.timestamp() - float(at) < GOOD_FOR.total_seconds()
        return Seen.read(seen) if fresh and int(owner) == organization_id else None
