"""The organization's instruction to process locations."""

from uuid import UUID

from app.errors import Conflict
from app.privacy.schemas import InstructionIn, InstructionOut, WithdrawalIn
from app.privacy.service import instructions as service
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Created, Routes

routes = Routes("instructions")


@routes.get("/privacy/instructions", action="instruction.read")
def list_instructions(call: Call, query: PageQuery) -> Page[InstructionOut]:
    """Every instruction that was ever signed, newest first. The one without `withdrawn_at` is the current one."""
    rows = service.instructions(call.session, call.actor.tenant, query.after_moment(), query.limit + 1)
    return page(rows, query, key=lambda row: (row.signed_at.isoformat(), row.id), show=InstructionOut.model_validate)


@routes.post("/privacy/instructions", action="instruction.edit", problems=(Conflict,))
def sign(call: Call, body: InstructionIn) -> Created[InstructionOut]:
    """Sign an instruction. Without one that holds, every ping is refused."""
    return Created(
        InstructionOut.model_validate(
            service.sign_instruction(call.session, call.actor.tenant, service.NewInstruction(**body.model_dump()), call.now)
        )
    )


@routes.post("/privacy/instructions/<uuid:instruction_id>/withdraw", action="instruction.edit", problems=(Conflict,))
def withdraw(call: Call, instruction_id: UUID, body: WithdrawalIn) -> InstructionOut:
    """Withdraw an instruction: from now on every ping is refused. Nobody is asked why."""
    return InstructionOut.model_validate(
        service.withdraw_instruction(call.session, call.actor.tenant, instruction_id, body.withdrawn_by, call.now)
    )
