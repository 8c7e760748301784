"""Chat and the rest, through Apprise: an extra, for addresses that the operator allows. It opens connections of its own, past our wall.

Apprise says yes or no, not why: after a no the message may have been sent.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Final
from uuid import UUID

import apprise

from app.adapters.lanes import spread
from app.config import Settings
from app.core.chat import allows
from app.ports import Clock, Outcome, Parcel

LANES: Final = 4
ANSWER_S: Final = 10.0
NAME: Final = "apprise"


class AppriseChannel:
    """Notifies people at addresses of their own that the settings allow."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines may quote an answer
        self._allowed, self._clock = settings.apprise_urls, clock
        self._asset = apprise.AppriseAsset(app_id="Muster", storage_mode="memory", service_timeout=ANSWER_S)
        self._asset.http_redirects = False
        self._asset.async_mode = False

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome, as soon as it is known."""
        return spread(parcels, deadline_s, LANES, lambda: nullcontext(self._notify), Outcome("retry", NAME, "deadline"))

    def _notify(self, parcel: Parcel) -> Outcome:
        if parcel.expires_at <= self._clock.now():
            return Outcome("rejected", NAME, "expired")
        if not allows(self._allowed, parcel.address):
            return Outcome("rejected", NAME, "address_not_allowed")
        service = apprise.Apprise(asset=self._asset)
        if not service.add(parcel.address):
            return Outcome("rejected", NAME, "invalid_address")
        text = parcel.text if parcel.reply_url is None else f"{parcel.text}\n\n{parcel.reply_url}"
        kind = apprise.NotifyType.WARNING if parcel.urgent else apprise.NotifyType.INFO
        done = service.notify(text, parcel.subject, notify_type=kind, body_format=apprise.NotifyFormat.TEXT, timeout=ANSWER_S)
        return Outcome("accepted", NAME) if done else Outcome("unknown", NAME, "not_confirmed")
