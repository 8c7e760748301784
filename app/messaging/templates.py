"""Texts prepared ahead. A change is a new version; what was sent names the version it was made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.service import Window
from app.actor import Actor
from app.core import template as core
from app.core.fault import Fault
from app.db.flush import flush
from app.db.types import uuid7
from app.errors import Conflict, FieldError, Invalid, NotFound
from app.messaging.models import MessageTemplate, TemplateVersion
from app.messaging.texts import Text, Texts, open_texts, require_texts, seal_texts
from app.ports import Deps

_CLASHES: Final = {
    "uq_message_template_organization_id_name": "A template with this name exists. Choose another name, or restore the retired one."
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A template with its newest words, and the names of the fields in them."""

    template: MessageTemplate
    number: int
    texts: Texts
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """What it said at a time."""

    row: TemplateVersion
    texts: Texts


def listed(session: Session, organization_id: int, *, retired: bool, window: Window) -> Sequence[tuple[MessageTemplate, int]]:
    """(template, number of its newest version), in order of creation, up to `limit + 1`."""
    mine = (TemplateVersion.organization_id == organization_id, TemplateVersion.template_id == MessageTemplate.id)
    newest = select(func.max(TemplateVersion.number)).where(*mine).correlate(MessageTemplate).scalar_subquery()
    query = select(MessageTemplate, newest).where(
        MessageTemplate.organization_id == organization_id, MessageTemplate.retired_at.is_not(None) == retired
    )
    if window.after:
        query = query.where(MessageTemplate.id > window.after)
    return [(row[0], row[1]) for row in session.execute(query.order_by(MessageTemplate.id).limit(window.limit + 1))]


def get(session: Session, organization_id: int, template_id: UUID, *, lock: bool = False) -> MessageTemplate:
    """Raises `NotFound`."""
    query = select(MessageTemplate).where(MessageTemplate.organization_id == organization_id, MessageTemplate.id == template_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def shown(session: Session, template: MessageTemplate, deps: Deps) -> Shown:
    """With its newest words."""
    version = _newest(session, template)
    texts = open_texts(session, template.organization_id, version, deps)
    return Shown(template, version.number, texts, _fields(texts))


def versions(session: Session, template: MessageTemplate, deps: Deps) -> list[Version]:
    """All it ever said, newest first."""
    query = select(TemplateVersion).where(
        TemplateVersion.organization_id == template.organization_id, TemplateVersion.template_id == template.id
    )
    rows = session.scalars(query.order_by(TemplateVersion.number.desc())).all()
    return [Version(row, open_texts(session, template.organization_id, row, deps)) for row in rows]


def create(session: Session, actor: Actor, name: str, texts: Texts, deps: Deps) -> MessageTemplate:
    """Raises `Conflict` when the name is taken, `Invalid` for a text whose fields cannot be read."""
    _check(texts)
    template = MessageTemplate(organization_id=actor.tenant, id=uuid7(), name=name)
    session.add(template)
    flush(session, _CLASHES)
    _add(session, actor, template, 1, texts, deps)
    return template


def edit(  # noqa: PLR0913, PLR0917 (what is changed, by whom)
    session: Session, actor: Actor, template: MessageTemplate, name: str, texts: Texts | None, deps: Deps
) -> None:
    """Another name, and a new version when the words differ. Lock the template first. Raises as `create`."""
    template.name = name
    flush(session, _CLASHES)
    if texts is not None:
        _check(texts)
        newest = shown(session, template, deps)
        if texts != newest.texts:
            _add(session, actor, template, newest.number + 1, texts, deps)


def filled(
    session: Session, organization_id: int, template_id: UUID, fields: Mapping[str, str], deps: Deps
) -> tuple[dict[str, Text], UUID]:
    """The words with their fields filled in, in every language, and the version they are of. Raises `NotFound`, `Conflict` (retired), `Invalid`."""
    template = get(session, organization_id, template_id)
    if template.retired_at is not None:
        raise Conflict("This template is out of use. Restore it, or choose another.")
    version = _newest(session, template)
    texts = open_texts(session, organization_id, version, deps)
    words = [word for text in texts.values() for word in (text.subject, text.body)]
    wrong = [
        FieldError(f"template.fields.{name}", f"The template asks for {name}, and it is not filled in", "Fill it in.")
        for name in core.missing(words, fields)
    ]
    wrong += [
        FieldError(f"template.fields.{name}", "The template has no field of this name", "Leave it out, or correct its name.")
        for name in core.unknown(words, fields)
    ]
    if wrong:
        raise Invalid(errors=wrong)
    return {locale: Text(_filled(text.subject, fields), _filled(text.body, fields)) for locale, text in texts.items()}, version.id


def _filled(text: str, fields: Mapping[str, str]) -> str:
    return core.fill(text, {name: fields[name] for name in core.fields(text)})


def _fields(texts: Texts) -> tuple[str, ...]:
    return core.fields(*(word for text in texts.values() for word in (text.subject, text.body)))


def _check(texts: Texts) -> None:
    require_texts(texts)
    for locale, text in texts.items():
        for part, words in (("subject", text.subject), ("body", text.body)):
            try:
                core.fields(words)
            except Fault as fault:
                raise Invalid.of(f"texts.{locale}.{part}", fault.message, fault.next_step) from None


def _newest(session: Session, template: MessageTemplate) -> TemplateVersion:
    query = select(TemplateVersion).where(
        TemplateVersion.organization_id == template.organization_id, TemplateVersion.template_id == template.id
    )
    return session.scalars(query.order_by(TemplateVersion.number.desc()).limit(1)).one()


def _add(session: Session, actor: Actor, template: MessageTemplate, number: int, texts: Texts, deps: Deps) -> None:  # noqa: PLR0913, PLR0917
    sealed = seal_texts(session, actor.tenant, texts, TemplateVersion, deps.keyring)
    session.add(
        TemplateVersion(
            organization_id=actor.tenant, template_id=template.id, number=number, sealed_texts=sealed, changed_by=actor.person_id
        )
    )
    session.flush()
