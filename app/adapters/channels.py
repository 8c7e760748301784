"""The ways to reach people that the settings give, by name. A channel that is not set up is absent."""

from collections.abc import Mapping, Sequence

import structlog

from app.adapters.email import EmailChannel
from app.adapters.failover import FailoverChannel
from app.adapters.push import PushChannel
from app.adapters.sms.http import HttpReceipts, HttpSmsChannel
from app.adapters.sms.kannel import KannelChannel, KannelReceipts
from app.adapters.sms.smpp import SmppChannel
from app.config import HttpSmsProvider, KannelProvider, Settings, SmppProvider
from app.ports import Channel, Clock, ReceiptReader

_log = structlog.get_logger("channels")


def build_channels(settings: Settings, clock: Clock) -> Mapping[str, Channel]:
    """Every channel that can be used; unconnected: the first parcel connects it."""
    mail = [(EmailChannel(one, settings, clock), one.weight) for one in settings.email_providers]
    sms = [(_sms(one, settings, clock), one.weight) for one in settings.sms_providers]
    found = {"push": PushChannel(settings, clock), "sms": _one_of(sms), "email": _one_of(mail), "apprise": _apprise(settings, clock)}
    return {name: channel for name, channel in found.items() if channel is not None}


def build_receipt_readers(settings: Settings) -> Mapping[str, ReceiptReader]:
    """By provider: who reads what it tells us over HTTP."""
    found: dict[str, ReceiptReader] = {}
    for one in settings.sms_providers:
        if isinstance(one, HttpSmsProvider):
            found[one.name] = HttpReceipts(one)
        elif isinstance(one, KannelProvider):
            found[one.name] = KannelReceipts(one)
    return found


def _sms(provider: HttpSmsProvider | KannelProvider | SmppProvider, settings: Settings, clock: Clock) -> Channel:
    match provider:
        case HttpSmsProvider():
            return HttpSmsChannel(provider, settings, clock)
        case KannelProvider():
            return KannelChannel(provider, settings, clock)
        case SmppProvider():
            return SmppChannel(provider, settings)


def _apprise(settings: Settings, clock: Clock) -> Channel | None:
    """Loaded when it is wanted: it is an extra, and large."""
    if not settings.apprise_urls:
        return None
    try:
        from app.adapters.apprise import AppriseChannel  # noqa: PLC0415
    except ImportError:
        _log.error("apprise_is_not_installed", do="pip install muster[apprise]")
        return None
    return AppriseChannel(settings, clock)


def _one_of(providers: Sequence[tuple[Channel, float]]) -> Channel | None:
    return FailoverChannel(providers) if len(providers) > 1 else providers[0][0] if providers else None
