"""With a certificate, the web process speaks HTTPS: the app, the API, and the event stream."""

import ssl
import subprocess
from functools import partial
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from app.serve import answers
from tests.live.conftest import Start, free_port
from tests.processes import until

SUBJECT = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes", "-newkey", "rsa:2048")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a key and a certificate for this machine."""
    made = tmp_path_factory.mktemp("tls")
    files = ("-keyout", made / "key.pem", "-out", made / "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", *SUBJECT, *files], check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def port(start: Start, certificate: Path) -> int:
    port = free_port()
    files = {"tls_certificate": certificate / "certificate.pem", "tls_key": certificate / "key.pem"}
    start("web", bind=f"127.0.0.1:{port}", public_url=f"https://127.0.0.1:{port}", web_workers=1, **files)
    until(partial(answers, f"127.0.0.1:{port}", tls=True), within_s=90)
    return port


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate / "certificate.pem"))


def test_it_serves_the_app_and_tells_browsers_to_stay_with_https(port: int, certificate: Path) -> None:
    peer = HTTPSConnection("127.0.0.1", port, context=trusting(certificate), timeout=20)
    peer.request("GET", "/api/v1/csrf-token")
    answer = peer.getresponse()
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert answer.headers["Set-Cookie"].startswith("__Host-muster=")
    assert "Secure" in answer.headers["Set-Cookie"]
    peer.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_refuses_versions_of_tls_that_are_broken(port: int, certificate: Path) -> None:
    old = trusting(certificate)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    peer = HTTPSConnection("127.0.0.1", port, context=old, timeout=20)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        peer.request("GET", "/healthz")
    peer.close()
