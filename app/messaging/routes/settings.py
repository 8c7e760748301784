"""The organization's choices over HTTP."""

from app.messaging import settings as service
from app.messaging.schemas import MessagingSettingsIn, MessagingSettingsOut
from app.web.route import Call, Routes

routes = Routes("messaging_settings")


@routes.get("/messaging-settings", action="messaging_settings.read")
def read_settings(call: Call) -> MessagingSettingsOut:
    """How the organization sends messages and alerts."""
    return MessagingSettingsOut.model_validate(service.read(call.session, call.actor.tenant))


@routes.put("/messaging-settings", action="messaging_settings.edit", edits=True)
def write_settings(call: Call, body: MessagingSettingsIn) -> MessagingSettingsOut:
    """Change how the organization sends messages and alerts."""
    call.check_match(MessagingSettingsOut.model_validate(service.read(call.session, call.actor.tenant, lock=True)))
    chosen = service.Choices(**body.model_dump(exclude={"channels"}), channels=tuple(dict.fromkeys(body.channels)))
    service.write(call.session, call.actor.tenant, chosen)
    return MessagingSettingsOut.model_validate(chosen)
