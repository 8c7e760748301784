"""Where a carrier or gateway takes SMS over SMPP, and how to sign in there: read from an address of one line.

    smpps://user:password@smsc.example.org:3550/?name=carrier&sender=31201234567&window=10

Several are separated by spaces or commas.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

IdForm = Literal["text", "hex", "decimal"]
"""How an id of a message is written. `text`: compared without regard for case and leading zeros."""
PORTS: Final = {"smpp": 2775, "smpps": 3550}
MAX_NAME, MAX_SYSTEM_TYPE = 15, 12
"""SMPP 3.4, 5.2.1 and 5.2.3, without the NUL. Passwords may be longer than its 8: many gateways make them so."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_SENDER: Final = re.compile(r"\+?[0-9]{3,15}|[A-Za-z0-9 ._&-]{1,11}")


@dataclass(frozen=True, slots=True)
class Smsc:
    """One account at one SMSC. `answer_ids`, `receipt_ids`: how it writes ids when it takes a message, and in its receipts."""

    host: str
    port: int
    tls: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    name: str
    system_type: str = ""
    sender: str = ""
    """What stands as sender where the organization chose no name: a number, or up to 11 letters."""
    weight: int = 1
    window: int = 10
    """How many messages may be under way at once."""
    answer_ids: IdForm = "text"
    receipt_ids: IdForm = "text"
    receive: bool = True
    """Whether `muster sms` signs in there too, for receipts and for what people send back."""
    ca: Path | None = None
    """Certificates to trust besides those of the system."""


def read_smscs(text: str) -> tuple[Smsc, ...]:
    """Every SMSC of a setting. Raises `ValueError` that names what is wrong, never a password."""
    found = tuple(_read(address) for address in re.split(r"[\s,]+", text) if address)
    names = [smsc.name for smsc in found]
    if len(set(names)) != len(names):
        raise ValueError("give each SMSC a name of its own: ?name=...")
    return found


def _read(address: str) -> Smsc:
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise ValueError("the address of an SMSC looks like smpps://user:password@host:3550/") from None
    if parts.scheme not in PORTS or not parts.hostname or not parts.username or parts.path not in {"", "/"} or parts.fragment:
        raise ValueError("the address of an SMSC looks like smpps://user:password@host:3550/")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    user, password = unquote(parts.username), unquote(parts.password or "")
    if not (user + password).isascii() or len(user) > MAX_NAME:
        raise ValueError(f"the user of an SMSC has at most {MAX_NAME} characters, and like its password no accents")
    smsc = Smsc(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "smpps",
        user=user,
        password=password,
        name=_matching(options, "name", parts.hostname.replace(".", "-")[:40], _NAME),
        system_type=_system_type(options),
        sender=_matching(options, "sender", "", _SENDER),
        weight=_number(options, "weight", 1, 100),
        window=_number(options, "window", 10, 500),
        answer_ids=_form(options, "answer_ids"),
        receipt_ids=_form(options, "receipt_ids"),
        receive=_number(options, "receive", 1, 1, least=0) == 1,
        ca=Path(options.pop("ca")) if "ca" in options else None,
    )
    if options:
        raise ValueError(f"an SMSC has no option {', '.join(sorted(options))}")
    return smsc


def _matching(options: dict[str, str], key: str, default: str, pattern: re.Pattern[str]) -> str:
    value = options.pop(key, default)
    if value != "" and not pattern.fullmatch(value):
        raise ValueError(f"the option {key} of an SMSC is not right")
    return value


def _system_type(options: dict[str, str]) -> str:
    value = options.pop("system_type", "")
    if len(value) > MAX_SYSTEM_TYPE or not value.isascii():
        raise ValueError(f"the option system_type of an SMSC has at most {MAX_SYSTEM_TYPE} characters")
    return value


def _number(options: dict[str, str], key: str, default: int, most: int, *, least: int = 1) -> int:
    value = options.pop(key, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ValueError(f"the option {key} of an SMSC is a number from {least} to {most}")
    return int(value)


def _form(options: dict[str, str], key: str) -> IdForm:
    value = options.pop(key, "text")
    for form in get_args(IdForm):
        if value == form:
            return form  # type: ignore[no-any-return]
    raise ValueError(f"the option {key} of an SMSC is text, hex or decimal")


def normal_id(text: str, form: IdForm) -> str:
    """An id as it is kept and compared. What is not written in that form is taken as text."""
    try:
        return str(int(text, 16 if form == "hex" else 10)) if form != "text" else _plain(text)
    except ValueError:
        return _plain(text)


def _plain(text: str) -> str:
    return text.strip().lower().lstrip("0") or "0"
