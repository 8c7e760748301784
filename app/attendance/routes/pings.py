"""Where phones report: our own batches, OwnTracks and Traccar Client."""

import json
from collections.abc import Callable, Mapping
from typing import Final, Literal
from uuid import UUID

from flask import Response, request

from app.attendance import phones, service
from app.attendance.service import Report
from app.errors import FieldError, Invalid, MusterError, TooLarge
from app.ingest.batch import Parsed, Refusal
from app.ingest.native import parse_pings
from app.web.parsing import ANY_TYPE, Answer
from app.web.route import RawCall, Routes

routes = Routes("pings")
owntracks_routes = Routes("owntracks")
traccar_routes = Routes("traccar")

MAX_BODY_BYTES = 512 * 1024
NOWHERE = UUID(int=0)
NEXT_STEP: Final[Mapping[str, str]] = {
    "no_instruction": "The organization has not asked for locations. Its owner signs an instruction first; clock in without location meanwhile.",
    "switched_off": "Sharing is off. Switch it on, or clock in without location.",
    "paused": "Sharing is paused. Resume it, or wait for the end of the pause.",
    "outside_window": "This moment lies outside the working windows. It need not be sent again.",
    "too_late": "This is older than the server takes. It need not be sent again; propose a correction for that day.",
    "in_the_future": "This lies more than two minutes ahead. Set the clock of the phone.",
    "judged_on_device": "The organization keeps positions on the phone. Judge it there and send what was found to /api/v1/sightings.",
    "judged_on_server": "The server judges for this organization. Send the position to /api/v1/pings.",
    "unknown_fence": "It names a geofence that is not this person's. Fetch /api/v1/me/fences again, and judge by those only.",
    "not_tracking_device": "This phone does not speak for its person. Switch sharing on with it, or choose it under the switch.",
}
"""What to do about a refusal at the gate, by its reason."""


class PingOut(Answer):
    """What became of one ping. `reason` is stable; `field` and `detail` say what to mend, where something can be mended."""

    index: int
    id: str | None
    status: Literal["accepted", "repeat", "refused"]
    reason: str | None = None
    field: str | None = None
    detail: str | None = None


class PingsOut(Answer):
    """One result for each ping, in the order sent."""

    results: list[PingOut]


@routes.post("/pings", action="ping.record", transaction="own", max_body_bytes=MAX_BODY_BYTES, problems=(Invalid, TooLarge), status=200)
def record_pings(call: RawCall, body: bytes) -> PingsOut:
    """Report up to 1,000 positions, in any order, late or repeated.

    Body: `{"pings": [{"id", "recorded_at", "latitude", "longitude", "accuracy_m"}, ...]}`. Good pings are taken, and each bad one is answered
    with its reason; only a batch without a single readable ping is refused as a whole. No position is kept.
    """
    parsed = read_batch(call, "pings", lambda: parse_pings(body, NOWHERE))
    pings = [ping for _, ping in parsed.items]
    results = service.record_pings(call.deps.database, call.device, pings, call.now, phones.lateness_of(call.deps))
    return PingsOut(results=answers(parsed, results))


@owntracks_routes.post("/ingest/owntracks", action="ping.record", transaction="own", consumes=(ANY_TYPE,), max_body_bytes=MAX_BODY_BYTES)
def owntracks(call: RawCall, body: bytes) -> Response:
    """OwnTracks in HTTP mode. Everything authenticated is answered 200 with a list of commands, so that the phone's queue keeps moving."""
    reply = phones.owntracks_post(call.deps, call.device, body, request.headers.get("User-Agent", ""), call.now)
    return Response(json.dumps(reply), content_type="application/json")


@traccar_routes.post(
    "/ingest/traccar/<token>",
    action="ping.record",
    transaction="own",
    consumes=(ANY_TYPE,),
    produces=("text/plain",),
    max_body_bytes=MAX_BODY_BYTES,
)
def traccar(call: RawCall, body: bytes) -> Response:
    """Traccar Client, all three generations. The token in the address says which device it is; any `id` inside is ignored."""
    wire = (request.headers.get("Content-Type", ""), request.query_string.decode("latin-1"), body)
    phones.traccar_post(call.deps, call.device, wire, call.now)
    return Response(status=200, content_type="text/plain")


def read_batch(call: RawCall, things: str, parse: Callable[[], Parsed[Report]]) -> Parsed[Report]:
    """The batch. Raises what `parse` raises, and `Invalid` when not one item can be read; but `Unauthorized` first: a stranger is told nothing of the body."""
    try:
        parsed = parse()
        if parsed.refused and not parsed.items:
            raise Invalid(errors=[_field_error(things, refusal) for refusal in parsed.refused])
    except MusterError:
        service.require_device(call.deps.database, call.device, call.now)
        raise
    return parsed


def answers(parsed: Parsed[Report], results: list[service.PingResult]) -> list[PingOut]:
    """One answer for each item of a batch, in the order sent."""
    found = [
        PingOut(index=index, id=report.id, status=result.status, reason=result.reason, detail=NEXT_STEP.get(result.reason or ""))
        for (index, report), result in zip(parsed.items, results, strict=True)
    ]
    found += [
        PingOut(index=one.index, id=one.id, status="refused", reason=one.fault.reason, field=one.fault.field, detail=one.fault.detail)
        for one in parsed.refused
    ]
    return sorted(found, key=lambda answer: answer.index)


def _field_error(things: str, refusal: Refusal) -> FieldError:
    return FieldError(f"{things}.{refusal.index}.{refusal.fault.field}", refusal.fault.detail, "Correct it and send the ping again.")
