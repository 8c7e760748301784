"""The organization's instruction to process locations."""

from uuid import UUID

from app.errors import Conflict
from app.privacy.schemas import InstructionIn, InstructionOut, WithdrawalIn
from app.privacy.service import instructions as service
from app.web.route import Call, Created, Routes

routes = Routes("instructions")


@routes.get("/privacy/instructions", action="instruction.read")
def list_instructions(call: Call) -> list[InstructionOut]:
    """Every instruction that was ever signed, newest first. The one without `withdrawn_at` is the current one."""
    return [InstructionOut.model_validate(signed) for signed in service.instructions(call.session, call.actor.tenant)]


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
