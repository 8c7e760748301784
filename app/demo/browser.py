"""The demo's browser: it takes pushes for everybody who signs in, at the stand-in for a push service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from app import vapid
from app.adapters.outbound import Peer
from app.demo.notes import User

API: Final = "/api/v1"
LIFE: Final = timedelta(days=825)


@dataclass(frozen=True)
class Browser:
    """Its key and secret, the same in every run of an installation."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret_key: str) -> Self:
        """Derived."""
        raw = HKDF(SHA256(), 64, salt=None, info=b"muster demo browser").derive(secret_key.encode())
        return cls(ec.derive_private_key(int.from_bytes(raw[:48]) % (vapid.ORDER - 1) + 1, ec.SECP256R1()), raw[48:])

    def subscription(self, url: str, whose: str) -> dict[str, str]:
        """As the API takes it."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"{url}/push/{whose}",
            "p256dh": vapid.base64url(point),
            "auth": vapid.base64url(self.secret),
            "browser": "Demo",
        }

    def subscribe(self, peer: Peer, user: User, url: str) -> None:
        """Sign in as somebody, as a browser does, and take pushes for them. Raises `LookupError` when the server will not have it."""
        asked = peer.send("GET", f"{API}/csrf-token")
        cookie, token = _cookie(asked.headers), json.loads(asked.body)["csrf_token"]
        entered = _post(peer, "/session", {"sign_in": user.username, "password": user.password}, cookie, token)
        token = json.loads(entered[1])["csrf_token"]
        _post(peer, "/me/push-subscriptions", self.subscription(url, user.username), entered[0], token)


def _post(peer: Peer, path: str, said: object, cookie: str, token: str) -> tuple[str, bytes]:
    headers = {"Content-Type": "application/json", "Cookie": cookie, "X-CSRF-Token": token}
    answer = peer.send("POST", API + path, json.dumps(said).encode(), headers)
    if answer.status >= 300:
        raise LookupError(f"{path} answered {answer.status}")
    return _cookie(answer.headers) or cookie, answer.body


def _cookie(headers: Mapping[str, str]) -> str:
    return headers.get("set-cookie", "").partition(";")[0]


def certificate(directory: Path, address: str) -> Path:
    """`certificate.pem` and `key.pem` for an address of this machine, made when there are none or they end soon."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = directory / "certificate.pem"
    now = datetime.now(UTC)
    if kept.exists() and x509.load_pem_x509_certificate(kept.read_bytes()).not_valid_after_utc > now + timedelta(days=2):
        return directory
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Muster demo")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + LIFE)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    secret = directory / "key.pem"
    secret.touch(mode=0o600)
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    kept.write_bytes(made.public_bytes(Encoding.PEM))
    return directory
