"""An application for a door under test: answers with what was asked; `/slow` when `release` of the environment's file exists."""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/slow":
        Path(os.environ["BEGUN"]).touch()
        while not Path(os.environ["RELEASE"]).exists():
            time.sleep(0.01)
    body = str(environ["PATH_INFO"]).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
