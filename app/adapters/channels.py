"""The ways to reach people that the settings give, by name. A channel that is not set up is absent."""

from collections.abc import Mapping

from app.adapters.push import PushChannel
from app.config import Settings
from app.ports import Channel, Clock


def build_channels(settings: Settings, clock: Clock) -> Mapping[str, Channel]:
    """Every channel that can be used; unconnected: the first parcel connects it."""
    return {"push": PushChannel(settings, clock)}
