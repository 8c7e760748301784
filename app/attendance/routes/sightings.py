"""Judged on the phone: the fences it judges by, and what it found."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from app.attendance import phones, sightings
from app.attendance.routes import MODULE
from app.attendance.routes.pings import MAX_BODY_BYTES, NOWHERE, PingOut, answers, read_batch
from app.core.consent import Evaluation
from app.core.policy import Circle, FenceVersion
from app.errors import Invalid, NotFound, TooLarge
from app.geofences.service.shapes import geojson_of
from app.ingest.sightings import parse_sightings
from app.web.parsing import Answer
from app.web.route import Call, RawCall, Routes

routes = Routes("sightings")
own_fences = Routes("own_fences", module=MODULE)


class OwnFence(Answer):
    """A geofence that holds for you now. `policy` has every number that holds, `leave_margin_m` and `max_accuracy_m` among them."""

    id: UUID
    number: int
    name: str
    geometry: dict[str, Any]
    radius_m: float | None
    policy: dict[str, int | float]
    counts_as_work: bool


class OwnFences(Answer):
    """The geofences that hold for you now. `fence_set` names them together; it stays the same until one of them changes.

    `evaluation`: who judges your positions, the server or your phone; null while the organization has not asked for locations.
    """

    fence_set: str
    evaluation: Evaluation | None
    fences: list[OwnFence]


class SightingsOut(Answer):
    """One result for each sighting, in the order sent, and the fence set that holds now: when it is not yours, fetch /api/v1/me/fences again."""

    results: list[PingOut]
    fence_set: str


@own_fences.get("/me/fences", action="fence.read", device_scope="pings", problems=(NotFound,))
def list_own_fences(call: Call) -> OwnFences:
    """The geofences that hold for you now, with shapes and policies: all that a phone needs to judge by itself.

    Send the ETag back as If-None-Match: while nothing changed the answer is 304, without a body.
    """
    if call.actor.person_id is None:
        raise NotFound
    now = sightings.fences_now(call.session, call.actor.tenant, call.actor.person_id, call.now)
    return OwnFences(fence_set=now.name, evaluation=now.evaluation, fences=[_shown(*one) for one in now.fences])


@routes.post("/sightings", action="ping.record", transaction="own", max_body_bytes=MAX_BODY_BYTES, problems=(Invalid, TooLarge), status=200)
def record_sightings(call: RawCall, body: bytes) -> SightingsOut:
    """Report what the phone judged itself, up to 1,000 sightings, in any order, late or repeated, where the organization chose `on_device`.

    Body: `{"sightings": [{"id", "recorded_at", "inside": [ids], "unclear": [ids], "accuracy_class_m", "fence_set"}, ...]}`. A geofence in neither
    list was outside. `accuracy_class_m` is the smallest of 5, 10, 25, 50, 100, 200, 500 that holds the accuracy (unknown: 50), or else 32000.
    `fence_set` is what came with the geofences it was judged by; a geofence that changed since counts as unclear. Answered item by item, like pings.
    """
    parsed = read_batch(call, "sightings", lambda: parse_sightings(body, NOWHERE))
    claimed = [one for _, one in parsed.items]
    lateness = phones.lateness_of(call.deps)
    results, fence_set = sightings.record_sightings(call.deps.database, call.device, claimed, call.now, lateness)
    return SightingsOut(results=answers(parsed, results), fence_set=fence_set)


def _shown(fence_id: UUID, number: int, name: str, version: FenceVersion) -> OwnFence:
    return OwnFence(
        id=fence_id,
        number=number,
        name=name,
        geometry=geojson_of(version.shape),
        radius_m=version.shape.radius_m if isinstance(version.shape, Circle) else None,
        policy=asdict(version.policy),
        counts_as_work=version.counts_as_work,
    )
