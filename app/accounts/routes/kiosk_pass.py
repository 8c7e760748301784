"""What a person shows at a kiosk, over HTTP: the personal code and the PIN."""

import io
from uuid import UUID

import segno

from app.accounts.schemas import KioskPassOut, PinIn
from app.accounts.service import kiosk
from app.errors import NotFound
from app.web.route import Call, Routes

routes = Routes("kiosk_pass", module="attendance")


@routes.get("/people/<uuid:person_id>/kiosk-pass", action="kiosk_pass.read")
def read_pass(call: Call, person_id: UUID) -> KioskPassOut:
    """The personal code to show at a kiosk, and whether there is a PIN."""
    _mine(call, person_id)
    return _shown(person_id, kiosk.read_pass(call.session, call.actor.tenant, person_id, call.deps.settings.secret_key))


@routes.put("/people/<uuid:person_id>/kiosk-pass/pin", action="kiosk_pass.edit", limit="20 per minute")
def set_pin(call: Call, person_id: UUID, body: PinIn) -> KioskPassOut:
    """Set the PIN, or another one in its place."""
    _mine(call, person_id)
    secret_key = call.deps.settings.secret_key
    kiosk.set_pin(call.session, call.actor.tenant, person_id, body.pin, secret_key)
    return _shown(person_id, kiosk.read_pass(call.session, call.actor.tenant, person_id, secret_key))


@routes.post("/people/<uuid:person_id>/kiosk-pass/code", action="kiosk_pass.edit")
def renew_code(call: Call, person_id: UUID) -> KioskPassOut:
    """Make a new personal code. The old one, also where it is printed, opens nothing from now on."""
    _mine(call, person_id)
    return _shown(person_id, kiosk.renew_code(call.session, call.actor.tenant, person_id, call.deps.settings.secret_key))


def _mine(call: Call, person_id: UUID) -> None:
    if call.own() not in (None, person_id):
        raise NotFound


def _shown(person_id: UUID, found: kiosk.Pass) -> KioskPassOut:
    out = io.BytesIO()
    segno.make(found.code, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=4)
    return KioskPassOut(person_id=person_id, has_pin=found.has_pin, code=found.code, qr_svg=out.getvalue().decode())
