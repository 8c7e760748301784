"""The ways to reach people that the settings give, by name. A channel that is not set up is absent."""

from collections.abc import Mapping

from app.config import Settings
from app.ports import Channel, Clock


def build_channels(settings: Settings, clock: Clock) -> Mapping[str, Channel]:  # noqa: ARG001  (of the channels to come)
    """Every channel that can be used; unconnected: the first parcel connects it."""
    return {}
