"""The organization's signed instruction: without one that holds, every ping is refused. What was signed never changes; it can be withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.consent import Evaluation
from app.db.flush import flush
from app.errors import Conflict, Invalid, NotFound
from app.privacy import queries, texts
from app.privacy.models import Instruction
from app.privacy.service.projection import tell

_CURRENT: Final = "An instruction holds already. Withdraw it first, then sign the new one."


@dataclass(frozen=True, slots=True)
class NewInstruction:
    """What is signed. `starts_at` None: at once."""

    signed_by: str
    signed_role: str
    purposes: Sequence[str]
    legal_basis: str
    notice_version: str
    alternatives: Sequence[str]
    dpia_reference: str | None = None
    works_council_reference: str | None = None
    evaluation: Evaluation = "on_server"
    starts_at: datetime | None = None


def instructions(session: Session, organization_id: int, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[Instruction]:
    """What was ever signed, newest first."""
    return queries.instructions(session, organization_id, before, limit)


def purposes(session: Session, organization_id: int, now: datetime) -> frozenset[str]:
    """What presence may be used for now: the purposes of the instructions that hold. For domains above."""
    signed = queries.instructions(session, organization_id)
    holding = [given for given in signed if given.signed_at <= now and (given.withdrawn_at is None or given.withdrawn_at > now)]
    return frozenset(purpose for given in holding for purpose in given.purposes)


def sign_instruction(session: Session, organization_id: int, new: NewInstruction, now: datetime) -> Instruction:
    """Sign. Raises `Invalid` for a start in the past or an old notice, `Conflict` when one holds."""
    if new.starts_at is not None and new.starts_at < now:
        raise Invalid.of("starts_at", "An instruction cannot start in the past", "Leave it out to start at once.")
    if new.notice_version != texts.current("notice", "en").version:
        raise Invalid.of("notice_version", "This is not the current notice", "Read it at /api/v1/privacy/notice and send its version.")
    signed = Instruction(
        organization_id=organization_id,
        signed_by=new.signed_by,
        signed_role=new.signed_role,
        signed_at=new.starts_at or now,
        purposes=sorted(set(new.purposes)),
        legal_basis=new.legal_basis,
        dpia_reference=new.dpia_reference,
        works_council_reference=new.works_council_reference,
        notice_version=new.notice_version,
        alternatives=sorted(set(new.alternatives)),
        evaluation=new.evaluation,
    )
    session.add(signed)
    flush(session, {"uq_instruction_current": _CURRENT})
    return signed


def withdraw_instruction(session: Session, organization_id: int, instruction_id: UUID, withdrawn_by: str, now: datetime) -> Instruction:
    """From now on every ping is refused. Raises `NotFound`, `Conflict` when it was withdrawn before."""
    signed = queries.instruction(session, organization_id, instruction_id)
    if signed is None:
        raise NotFound
    if signed.withdrawn_at is not None:
        raise Conflict("This instruction was withdrawn already.")
    signed.withdrawn_at, signed.withdrawn_by = max(now, signed.signed_at), withdrawn_by
    session.flush()
    tell(session, organization_id, queries.people_with_gates(session, organization_id), now)
    return signed
