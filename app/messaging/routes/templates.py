"""Templates over HTTP."""

from uuid import UUID

from app.accounts.service import Window
from app.errors import Conflict
from app.messaging import templates as service
from app.messaging.schemas import (
    TemplateEdit,
    TemplateLineOut,
    TemplateNew,
    TemplateOut,
    TemplatesQuery,
    TemplateVersionOut,
    WordsOut,
    texts_of,
)
from app.messaging.texts import Texts
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("templates")


@routes.get("/message-templates", action="template.read")
def list_templates(call: Call, query: TemplatesQuery) -> Page[TemplateLineOut]:
    """Words prepared ahead."""
    rows = service.listed(call.session, call.actor.tenant, retired=query.retired, window=Window(query.after_id(), query.limit))
    return page(
        rows,
        query,
        key=lambda row: (row[0].id,),
        show=lambda row: TemplateLineOut(id=row[0].id, name=row[0].name, number=row[1], retired_at=row[0].retired_at),
    )


@routes.post("/message-templates", action="template.edit", problems=(Conflict,), secret_answer=True)
def create_template(call: Call, body: TemplateNew) -> Created[TemplateOut]:
    """Prepare words ahead."""
    template = service.create(call.session, call.actor, body.name, texts_of(body.texts), call.deps)
    return Created(_shown(call, template.id))


@routes.get("/message-templates/<uuid:template_id>", action="template.read")
def read_template(call: Call, template_id: UUID) -> TemplateOut:
    """One template with its newest words."""
    return _shown(call, template_id)


@routes.patch("/message-templates/<uuid:template_id>", action="template.edit", edits=True, problems=(Conflict,))
def edit_template(call: Call, template_id: UUID, body: TemplateEdit) -> TemplateOut:
    """Another name, or other words: a new version. What was sent keeps the version it was made from."""
    template = service.get(call.session, call.actor.tenant, template_id, lock=True)
    call.check_match(_shown(call, template_id))
    texts = None if body.texts is None else texts_of(body.texts)
    service.edit(call.session, call.actor, template, body.name or template.name, texts, call.deps)
    return _shown(call, template_id)


@routes.get("/message-templates/<uuid:template_id>/versions", action="template.read")
def list_versions(call: Call, template_id: UUID) -> list[TemplateVersionOut]:
    """All it ever said, newest first."""
    template = service.get(call.session, call.actor.tenant, template_id)
    return [
        TemplateVersionOut(number=one.row.number, texts=_texts(one.texts), created_at=one.row.created_at, changed_by=one.row.changed_by)
        for one in service.versions(call.session, template, call.deps)
    ]


@routes.post("/message-templates/<uuid:template_id>/retirement", action="template.edit", problems=(Conflict,))
def retire_template(call: Call, template_id: UUID) -> TemplateOut:
    """Take it out of use."""
    template = service.get(call.session, call.actor.tenant, template_id, lock=True)
    if template.retired_at is not None:
        raise Conflict("The template is retired already.")
    template.retired_at = call.now
    return _shown(call, template_id)


@routes.post("/message-templates/<uuid:template_id>/restoration", action="template.edit", problems=(Conflict,))
def restore_template(call: Call, template_id: UUID) -> TemplateOut:
    """Back into use."""
    template = service.get(call.session, call.actor.tenant, template_id, lock=True)
    if template.retired_at is None:
        raise Conflict("The template is in use. Only a retired one can be restored.")
    template.retired_at = None
    return _shown(call, template_id)


def _shown(call: Call, template_id: UUID) -> TemplateOut:
    template = service.get(call.session, call.actor.tenant, template_id)
    found = service.shown(call.session, template, call.deps)
    return TemplateOut(
        id=template.id,
        name=template.name,
        number=found.number,
        retired_at=template.retired_at,
        texts=_texts(found.texts),
        fields=list(found.fields),
    )


def _texts(texts: Texts) -> dict[str, WordsOut]:
    return {locale: WordsOut.model_validate(text) for locale, text in texts.items()}
