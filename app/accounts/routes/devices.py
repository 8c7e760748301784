"""Devices and their enrolment, over HTTP."""

import io
from uuid import UUID

import segno

from app.accounts.routes import whose, window
from app.accounts.schemas import (
    ActivatedOut,
    ActivateIn,
    DeviceEdit,
    DeviceOut,
    DevicesQuery,
    EnrolmentIn,
    EnrolmentOut,
    SetupOut,
)
from app.accounts.service import devices
from app.errors import NotFound
from app.ingest import owntracks_setup, traccar
from app.web.paging import Page, page
from app.web.route import Call, Created, RawCall, Routes

routes = Routes("devices")
activation = Routes("activation")


@routes.post("/enrolments", action="device.enrol", secret_answer=True, limit="30 per minute")
def create_enrolment(call: Call, body: EnrolmentIn) -> Created[EnrolmentOut]:
    """Make a code for a phone or a kiosk. Without `person_id` and `site_id` it is for one's own phone; managers may name another person or a site."""
    person_id = body.person_id or (None if body.site_id else call.actor.person_id)
    if call.own() and person_id != call.own():
        raise NotFound
    new = devices.NewEnrolment(body.name, body.client, person_id, body.site_id)
    enrolment, code = devices.create_enrolment(call.session, call.actor.tenant, new, call.now)
    page = "kiosk" if body.site_id else "enrol"
    link = f"{call.deps.settings.public_url}/{page}#{code}"  # behind the #, so that no server log ever sees it
    answer = EnrolmentOut(id=enrolment.id, code=code, expires_at=enrolment.expires_at, link=link, qr_svg=_qr(link))
    return Created(answer)


@activation.post("/devices", action="device.activate", transaction="own", idempotent=False, limit="20 per minute", problems=(NotFound,))
def activate(call: RawCall, body: ActivateIn) -> Created[ActivatedOut]:
    """Turn a code into a device. Its token is shown once, here."""
    database, settings = call.deps.database, call.deps.settings
    with database.identity() as session:
        organization_id = devices.organization_of_code(session, body.code, call.now)
    with database.tenant(organization_id) as session:
        enrolled = devices.activate(session, organization_id, body.code, call.now, settings.secret_key)
        device = DeviceOut.model_validate(enrolled.device)
    return Created(ActivatedOut(device=device, token=enrolled.token, setup=_setup(settings.public_url, enrolled)))


@routes.get("/devices", action="device.read", problems=(NotFound,))
def list_devices(call: Call, query: DevicesQuery) -> Page[DeviceOut]:
    """Phones and kiosks; who may not see all sees their own."""
    of_person = whose(call, query.person_id)
    rows = devices.list_devices(call.session, call.actor.tenant, own=of_person, revoked=query.revoked, window=window(query))
    return page(rows, query, key=lambda device: (device.id,), show=lambda device: _shown(call, DeviceOut.model_validate(device)))


@routes.get("/devices/<uuid:device_id>", action="device.read")
def read_device(call: Call, device_id: UUID) -> DeviceOut:
    """One device."""
    device = devices.get_device(call.session, call.actor.tenant, device_id, own=call.own())
    return _shown(call, DeviceOut.model_validate(device))


@routes.put("/devices/<uuid:device_id>", action="device.enrol", edits=True)
def rename_device(call: Call, device_id: UUID, body: DeviceEdit) -> DeviceOut:
    """Rename a device."""
    device = devices.get_device(call.session, call.actor.tenant, device_id, own=call.own(), lock=True)
    call.check_match(_shown(call, DeviceOut.model_validate(device)))
    devices.rename_device(call.session, device, body.name)
    return _shown(call, DeviceOut.model_validate(device))


@routes.delete("/devices/<uuid:device_id>", action="device.revoke")
def revoke_device(call: Call, device_id: UUID) -> None:
    """Take a device's token back. It opens nothing from now on."""
    device = devices.get_device(call.session, call.actor.tenant, device_id, own=call.own(), lock=True)
    devices.revoke_device(call.session, device, call.now)


def _shown(call: Call, device: DeviceOut) -> DeviceOut:
    """What hinders a phone (a permission taken away, say) is for its person only: to others it would tell an opt-out from silence."""
    return device if device.person_id == call.actor.person_id else device.model_copy(update={"health": None})


def _setup(public_url: str, enrolled: devices.Enrolled) -> SetupOut | None:
    """How another app is set up with the token; None for our own."""
    device = enrolled.device
    if device.client == "owntracks":
        url = f"{public_url}/api/v1/ingest/owntracks"
        settings = owntracks_setup.configuration(url, "muster", enrolled.token, "phone", device.name[:2])
        link = owntracks_setup.config_link(settings)
        file = owntracks_setup.otrc(settings)
        return SetupOut(link=link, qr_svg=_qr(link), file=file, file_name="muster.otrc", passphrase=enrolled.passphrase)
    if device.client == "traccar":
        link = traccar.setup_link(f"{public_url}/api/v1/ingest/traccar/{enrolled.token}")
        return SetupOut(link=link, qr_svg=_qr(link), file=None, file_name=None, passphrase=None)
    return None


def _qr(text: str) -> str:
    """A QR code of the text, as an SVG document."""
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="svg", xmldecl=False, border=4)
    return out.getvalue().decode()
