"""Sign-up: the operator registers an organization that accepted the privacy statement."""

from app.accounts.service.organizations import NewOrganization, next_organization_id
from app.errors import Conflict
from app.privacy.schemas import RegistrationIn, RegistrationOut
from app.privacy.service import AcceptedStatement, register_organization
from app.web.route import Call, Created, Routes

routes = Routes("organizations_operator")


@routes.post("/organizations", action="organization.create", problems=(Conflict,), secret_answer=True, limit="30 per minute")
def create(call: Call, body: RegistrationIn) -> Created[RegistrationOut]:
    """Register an organization with its first owner. Without an accepted privacy statement there is none."""
    new = NewOrganization(
        name=body.name,
        contact_name=body.contact_name,
        billing_address=body.billing_address,
        telephone=body.telephone,
        email=body.email,
        slug=body.slug,
        locale=body.locale,
    )
    accepted = AcceptedStatement(body.statement.statement_version, body.statement.locale, body.statement.accepted_by)
    organization_id = next_organization_id(call.session)
    with call.deps.database.tenant(
        organization_id
    ) as session:  # the operator's own transaction is on global tables; this one has its walls
        created = register_organization(session, organization_id, new, accepted, call.now, call.deps.settings)
        return Created(
            RegistrationOut(
                id=organization_id,
                slug=created.organization.slug,
                name=created.organization.name,
                sign_in_name=created.sign_in_name,
                one_time_password=created.one_time_password,
                expires_at=created.expires_at,
            )
        )
