"""Settings: the only reader of the environment. `docs/settings.md` is generated from this class."""

import hashlib
import hmac
import json
import re
import sys
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, IPvAnyNetwork, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url

_HOST: Final = re.compile(r"[\w.-]+(?::\d+)?", re.ASCII)
"""What may stand in a header as the host of a tile server."""
ROLES: Final = ("owner", "app", "relay", "backup")


def _words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("must be JSON, a list of objects") from None


class Provider(BaseModel):
    """One service that takes messages of a channel. Several share the work by weight and health."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[a-z0-9_-]{1,60}$")
    weight: int = Field(10, ge=1, le=100)


class SmtpProvider(Provider):
    """A mail server. `tls`: `start` (STARTTLS, never without), `implicit` (from the first byte), or `none` for a relay on this machine."""

    host: str
    port: int = Field(587, ge=1, le=65535)
    tls: Literal["start", "implicit", "none"] = "start"
    user: str | None = None
    password: str | None = Field(None, repr=False)


class HttpSmsProvider(Provider):
    """An SMS service that takes {id, to, from, text, callback} as JSON. `secret` signs the receipts it posts to /api/v1/receipts/<name>."""

    kind: Literal["http"]
    url: str = Field(pattern=r"^https?://")
    token: str = Field(repr=False)
    secret: str = Field(min_length=16, repr=False)
    sender: str = Field("", max_length=16)


class KannelProvider(Provider):
    """A Kannel's `sendsms`. `secret` signs the address of its receipts."""

    kind: Literal["kannel"]
    url: str = Field(pattern=r"^https?://")
    user: str
    password: str = Field(repr=False)
    secret: str = Field(min_length=16, repr=False)
    sender: str = Field("", max_length=16)


IdForm = Literal["text", "hex", "decimal"]


class SmppProvider(Provider):
    """A carrier or gateway that speaks SMPP 3.4.

    `window`: how many messages may be under way at once. `answer_ids`, `receipt_ids`: how it writes the ids of messages when it takes them, and
    in its receipts; `text` is compared without regard for case and leading zeros. `receive`: sign in for receipts and answers too (`muster sms`).
    """

    kind: Literal["smpp"]
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(2775, ge=1, le=65535)
    tls: bool = False
    system_id: str = Field(pattern=r"^[!-~]{1,15}$", repr=False)
    password: str = Field("", pattern=r"^[!-~]{0,64}$", repr=False)
    system_type: str = Field("", pattern=r"^[!-~]{0,12}$")
    sender: str = Field("", max_length=16)
    window: int = Field(10, ge=1, le=200)
    answer_ids: IdForm = "text"
    receipt_ids: IdForm = "text"
    receive: bool = True


SmsProvider = Annotated[HttpSmsProvider | KannelProvider | SmppProvider, Field(discriminator="kind")]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]


class SettingsError(SystemExit):
    """Some settings are missing or wrong; the message names every one of them at once."""


class Settings(BaseSettings):
    """Everything an installation can decide. Frozen: one object, made at start-up, passed on."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=False, env_ignore_empty=True)

    database_url: str = Field(
        description="PostgreSQL 15+ with PostGIS, as a role that may create roles and tables. Used by set-up and migrations."
    )
    database_owner_url: str | None = Field(None, description="Role that owns the tables. Default: derived from DATABASE_URL.")
    database_app_url: str | None = Field(
        None, description="Run-time role: owns nothing, cannot bypass row-level security. Default: derived."
    )
    database_relay_url: str | None = Field(
        None, description="Role of the relay: sees the outbox of all organizations, without bodies. Default: derived."
    )
    database_backup_url: str | None = Field(None, description="Read-only role for pg_dump. Default: derived.")
    database_role_prefix: str = Field(
        "muster", pattern=r"^[a-z][a-z0-9_]{0,30}$", description="Names of the derived roles: <prefix>_app and so on."
    )
    redis_url: str = Field(description="Redis 6.2+: hints, queues and rate limits. May be lost at any moment.")
    secret_key: str = Field(
        min_length=32, description="At least 32 random characters. Signs cookies and derives the passwords of the database roles."
    )
    content_key: str | None = Field(
        None,
        min_length=32,
        description="At least 32 random characters that wrap the keys under which organizations' messages are sealed. Default: SECRET_KEY. "
        "Lost or changed, no message can be read any more.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Where phones and browsers reach the server. https for anything but this machine."
    )
    bind: str = Field("127.0.0.1:8000", description="Address and port of the web process.")
    live_bind: str = Field("127.0.0.1:8001", description="Address and port of the event stream process.")
    trusted_proxies: int = Field(0, ge=0, le=5, description="How many reverse proxies in front may be believed about the caller's address.")
    tls_certificate: Path | None = Field(None, description="PEM certificate chain; with TLS_KEY `muster serve` speaks HTTPS.")
    tls_key: Path | None = Field(None, description="PEM private key.")
    var_dir: Path = Field(Path("var"), description="Where private servers, logs and finished exports are kept.")
    log_level: str = Field("INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR.")
    web_workers: int = Field(2, ge=1, le=64, description="Web processes.")
    web_threads: int = Field(
        4, ge=1, le=64, description="Threads in each web process; each holds one database connection. More than a few wait for each other."
    )
    worker_processes: int = Field(1, ge=1, le=64, description="RQ workers.")
    lateness_days: int = Field(7, ge=1, le=30, description="How late a ping may arrive; how long sightings are kept.")
    evidence_days: int = Field(30, ge=1, le=60, description="How long a crossing keeps the evidence that answers 'why?'.")
    one_time_password_hours: int = Field(72, ge=1, le=720, description="How long a generated password may be used for the first sign-in.")
    session_idle_minutes: int = Field(720, ge=5, description="A session unused for this long ends.")
    session_absolute_hours: int = Field(720, ge=1, description="A session older than this ends.")
    sign_in_delay_max_s: int = Field(900, ge=0, description="The growing delay after failed sign-ins stops growing here.")
    metrics_token: str | None = Field(
        None, description="Bearer token for /metrics from other machines; without it only this machine may read it."
    )
    pwa_dir: Path = Field(Path("pwa/dist"), description="The built web app; `make setup` builds it where this says by default.")
    basemap: str = Field(
        "embedded",
        description="What maps show under the fences: `embedded` (the world in outlines), the path of a PMTiles file, or the address of a tile "
        "server with {z}, {x} and {y}, whose host every browser then asks. Vector tiles in the Protomaps schema, or raster tiles.",
    )
    basemap_attribution: str = Field("Natural Earth", description="Whom the map thanks; to be set with BASEMAP.")
    outbound_private: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_words)] = Field(
        (),
        description="Networks that are not public and may be called all the same, for a mail server or gateway of your own: 10.0.0.5/32.",
    )
    outbound_ca: Path | None = Field(None, description="PEM certificates to trust besides the system's, for servers of your own.")
    push_hosts: Words = Field(
        ("googleapis.com", "google.com", "push.services.mozilla.com", "mozaws.net", "windows.com", "microsoft.com", "push.apple.com"),
        description="Push services that may be called, with all names below them. Browsers say where to push; nowhere else is pushed to.",
    )
    vapid_private_key: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{43}=?$",
        repr=False,
        description="Key that signs pushes: 32 bytes, base64url. Default: derived from SECRET_KEY. With another key, every browser must subscribe again.",
    )
    vapid_contact: str | None = Field(
        None,
        pattern=r"^(mailto:[^@\s<>]+@[^@\s<>]+|https://\S+)$",
        description="Where push services reach you: mailto:... or https://... Default: EMAIL_FROM's address, else PUBLIC_URL when it is https.",
    )
    email_from: str | None = Field(
        None,
        pattern=r"^([^<>\r\n@]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$",
        description="Sender of e-mail: `Muster <alarm@example.org>`. Needed with EMAIL_PROVIDERS.",
    )
    email_providers: Annotated[tuple[SmtpProvider, ...], NoDecode, BeforeValidator(_json)] = Field(
        (),
        repr=False,
        description="Mail servers, as JSON: [{name, host, port (587), tls (start, implicit or none), user, password, weight (10)}].",
    )
    sms_providers: Annotated[tuple[SmsProvider, ...], NoDecode, BeforeValidator(_json)] = Field(
        (),
        repr=False,
        description="SMS services, as JSON, each with name, kind, sender and weight (10): {kind: http, url, token, secret}, "
        "{kind: kannel, url, user, password, secret} or {kind: smpp, host, port (2775), tls (false), system_id, password, system_type, "
        "window (10), answer_ids and receipt_ids (text, hex or decimal), receive (true)}.",
    )
    sms_part_cents: float | None = Field(
        None, ge=0, le=1000, description="What one part of a text message costs, in cents, for the preview. Default: no price is shown."
    )
    apprise_urls: Words = Field(
        (),
        repr=False,
        description="Apprise addresses that may be notified; an entry that ends in / allows all below it. Needs `pip install muster[apprise]`, "
        "which opens connections of its own.",
    )
    demo_outbox: str | None = Field(None, description="Set by `muster demo`: where its stand-ins for mail, SMS and push keep what arrived.")

    @field_validator("var_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("pwa_dir")
    @classmethod
    def _in_the_source(cls, value: Path) -> Path:
        return Path(__file__).resolve().parents[1] / value

    @model_validator(mode="after")
    def _basemap(self) -> Self:
        url = urlsplit(self.basemap)
        is_server = (
            url.scheme in {"http", "https"} and all(part in self.basemap for part in ("{z}", "{x}", "{y}")) and _HOST.fullmatch(url.netloc)
        )
        if not (is_server or self.basemap == "embedded" or self.basemap.endswith(".pmtiles")):
            raise ValueError("BASEMAP must be embedded, the path of a .pmtiles file, or https://.../{z}/{x}/{y}...")
        if self.basemap != "embedded" and "basemap_attribution" not in self.model_fields_set:
            raise ValueError("BASEMAP_ATTRIBUTION must say whom the map thanks, for example: © OpenStreetMap contributors")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("TLS_CERTIFICATE and TLS_KEY must be given together")
        return self

    @model_validator(mode="after")
    def _providers(self) -> Self:
        names = [provider.name for provider in (*self.email_providers, *self.sms_providers)]
        if len(set(names)) < len(names):
            raise ValueError("EMAIL_PROVIDERS and SMS_PROVIDERS: every provider needs a name of its own")
        if self.email_providers and self.email_from is None:
            raise ValueError("EMAIL_FROM must say who sends, with EMAIL_PROVIDERS: Muster <alarm@example.org>")
        return self

    @field_validator("database_url", "database_owner_url", "database_app_url", "database_relay_url", "database_backup_url")
    @classmethod
    def _psycopg(cls, value: str | None) -> str | None:
        if value is None:
            return None
        url = make_url(value)
        if url.get_backend_name() not in {"postgresql", "postgres"}:
            raise ValueError("must start with postgresql://")
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)

    def role(self, role: str) -> str:
        """Name of a derived role: owner, app, relay or backup."""
        return f"{self.database_role_prefix}_{role}"

    def url_of(self, role: str) -> URL:
        """Connection URL of a role: the setting, or DATABASE_URL with the role's name and its derived password."""
        explicit = getattr(self, f"database_{role}_url")
        if explicit:
            return make_url(explicit)
        return make_url(self.database_url).set(username=self.role(role), password=role_password(self.secret_key, self.role(role)))

    @property
    def basemap_kind(self) -> Literal["embedded", "pmtiles", "vector", "raster"]:
        """What BASEMAP names."""
        if self.basemap == "embedded":
            return "embedded"
        if "://" not in self.basemap:
            return "pmtiles"
        return "vector" if urlsplit(self.basemap).path.endswith((".mvt", ".pbf")) else "raster"

    @property
    def tile_host(self) -> str | None:
        """Origin of the tile server, the one foreign place browsers may ask; None when maps are ours."""
        url = urlsplit(self.basemap)
        return f"{url.scheme}://{url.netloc}" if url.scheme in {"http", "https"} else None

    @property
    def smscs_to_receive_from(self) -> tuple[SmppProvider, ...]:
        """Where `muster sms` signs in."""
        return tuple(one for one in self.sms_providers if isinstance(one, SmppProvider) and one.receive)

    @property
    def secure(self) -> bool:
        """Whether the outside sees HTTPS, so that cookies may be `Secure`."""
        return self.public_url.startswith("https://")


def role_password(secret_key: str, role: str) -> str:
    """Password of a database role, derived, so that one secret is enough."""
    return hmac.new(secret_key.encode(), f"database role {role}".encode(), hashlib.sha256).hexdigest()


def libpq(url: URL, *, tcp_host: str | None = None) -> str:
    """The URL as libpq reads it (psycopg, psql, pg_dump)."""
    query = "&".join(f"{key}={quote(str(value))}" for key, value in url.query.items())
    host = tcp_host or url.host or ""
    netloc = f"{quote(url.username or '')}:{quote(str(url.password or ''))}@{host}" + (f":{url.port}" if url.port else "")
    return f"postgresql://{netloc}/{url.database}" + (f"?{query}" if query else "")


def load_settings() -> Settings:
    """Read the environment once. Raises `SettingsError` naming every missing or wrong setting."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        raise SettingsError("Settings missing or wrong (see docs/settings.md):\n" + "\n".join(lines)) from None


def document() -> str:
    """`docs/settings.md`: every setting, for whoever runs an installation."""
    lines = [
        "# Settings",
        "",
        "Made from `app/config.py`; write it again with `python -m app.config > docs/settings.md`.",
        "",
        "Each is an environment variable. Without DATABASE_URL and REDIS_URL, `muster` starts private servers under VAR_DIR and makes a SECRET_KEY.",
        "",
        "| setting | default | what it decides |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "required" if field.is_required() else "" if field.default in (None, ()) else f"`{_shown(field.default)}`"
        lines.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    return " ".join(map(str, default)) if isinstance(default, tuple) else str(default)


if __name__ == "__main__":
    sys.stdout.write(document())
