"""What providers tell us over HTTP: receipts, and texts that people send. Signed; kept before they are understood.

Some providers can only fetch an address, so their receipts come with GET. Repeated, they change nothing.
"""

from typing import Final

from flask import request

from app.errors import Invalid, NotFound, Unauthorized
from app.messaging import receipts
from app.web.parsing import ANY_TYPE
from app.web.route import RawCall, Routes

routes = Routes("receipts")
LIMIT: Final = "60000 per minute"
"""By address: all that a provider tells comes from a few."""
MAX_BODY_BYTES: Final = 256 * 1024
SIGNATURE: Final = "x-signature"
"""Another time gives another signature, so somebody who texts the same words twice is heard twice."""
PROBLEMS: Final = (Invalid, NotFound, Unauthorized)


@routes.post(
    "/receipts/<provider>",
    action="receipt.take",
    transaction="own",
    limit=LIMIT,
    consumes=(ANY_TYPE,),
    max_body_bytes=MAX_BODY_BYTES,
    problems=PROBLEMS,
)
def take_receipts(call: RawCall, provider: str, body: bytes) -> None:
    """Take receipts and incoming texts of a provider that signs what it posts."""
    _take(call, provider, body)


@routes.get("/receipts/<provider>", action="receipt.take", transaction="own", limit=LIMIT, problems=PROBLEMS)
def take_fetched_receipt(call: RawCall, provider: str) -> None:
    """Take the receipt of a provider that fetches a signed address instead."""
    _take(call, provider, b"")


def _take(call: RawCall, provider: str, body: bytes) -> None:
    reader = call.deps.receipt_readers.get(provider)
    if reader is None:
        raise NotFound
    headers = {name.lower(): value for name, value in request.headers.items()}
    for place, incoming in enumerate(reader.read(headers, request.args, body, call.now)):
        # Only what is signed: anything else could be changed to make an old post look new.
        signed = (headers.get(SIGNATURE, "").encode(), body) if body else (incoming.reference.encode(), incoming.raw)
        receipts.take(call.deps, incoming, receipts.id_of(provider.encode(), *signed, str(place).encode()))
