"""Who may do what: one table, from which guards, tests, `docs/authority.md` and the screens are made.

Each row: action, then what each role may do it to. `all` everything of the organization, `own` only what belongs to the caller's own person or device,
`-` nothing. A member with several roles has the widest of them. A route names its action; a route whose action is not here cannot be mounted.
"""

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, cast, get_args

import structlog

from app.actor import Actor, Role
from app.errors import Forbidden, PasswordChangeRequired

Scope = Literal["own", "all"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

# fmt: off
_TABLE: Final = """
action                owner manager sender responder reception employee privacy_officer device operator anonymous
service.read          all   all     all    all       all       all      all             all    all      all
session.create        -     -       -      -         -         -        -               -      -        all
session.read          own   own     own    own       own       own      own             -      own      -
session.end           own   own     own    own       own       own      own             -      own      -
session.switch        own   own     own    own       own       own      own             -      -        -
password.change       own   own     own    own       own       own      own             -      own      -
password.reset        all   -       -      -         -         -        -               -      -        -
me.read               own   own     own    own       own       own      own             -      own      -
organization.create   -     -       -      -         -         -        -               -      all      -
organization.read     all   all     all    all       all       all      all             -      -        -
organization.edit     all   -       -      -         -         -        -               -      -        -
module.edit           all   -       -      -         -         -        -               -      -        -
site.read             all   all     all    all       all       all      all             -      -        -
site.edit             all   all     -      -         -         -        -               -      -        -
person.read           all   all     all    all       all       own      all             -      -        -
person.edit           all   all     -      -         -         -        -               -      -        -
group.read            all   all     all    all       all       own      all             -      -        -
group.edit            all   all     -      -         -         -        -               -      -        -
member.read           all   all     -      -         -         -        all             -      -        -
member.edit           all   -       -      -         -         -        -               -      -        -
device.read           all   all     own    own       own       own      all             -      -        -
device.enrol          all   all     own    own       own       own      own             -      -        -
device.revoke         all   all     own    own       own       own      own             -      -        -
device.activate       -     -       -      -         -         -        -               -      -        all
fence.read            all   all     all    all       all       own      all             own    -        -
fence.edit            all   all     -      -         -         -        -               -      -        -
instruction.read      all   all     all    all       all       all      all             -      -        -
instruction.edit      all   -       -      -         -         -        -               -      -        -
switch.read           own   own     own    own       own       own      own             own    -        -
switch.edit           own   own     own    own       own       own      own             own    -        -
window.read           all   all     own    own       own       own      own             own    -        -
window.edit           all   all     -      -         -         -        -               -      -        -
statement.read        all   all     all    all       all       all      all             -      -        -
statement.accept      all   -       -      -         -         -        -               -      -        -
register.read         all   -       -      -         -         -        all             -      -        -
refusal.read          all   all     -      -         -         -        all             -      -        -
ping.record           -     -       -      -         -         -        -               own    -        -
presence.read         all   all     all    all       all       own      -               -      -        -
stay.read             all   all     own    own       own       own      -               -      -        -
shift.read            all   all     own    own       own       own      -               own    -        -
shift.edit            all   all     -      -         -         -        -               -      -        -
view.read             own   own     own    own       own       own      own             -      -        -
punch.read            all   all     own    own       own       own      own             -      -        -
punch.code            all   all     -      -         -         -        -               -      -        -
punch.create          all   all     own    own       own       own      own             own    -        -
kiosk.use             -     -       -      -         -         -        -               own    -        -
kiosk_pass.read       all   all     own    own       own       own      own             -      -        -
kiosk_pass.edit       all   all     own    own       own       own      own             -      -        -
workday.read          all   all     own    own       own       own      own             -      -        -
workday.approve       all   all     -      -         -         -        -               -      -        -
correction.read       all   all     own    own       own       own      own             -      -        -
correction.propose    all   all     own    own       own       own      own             -      -        -
correction.decide     all   all     -      -         -         -        -               -      -        -
question.read         own   own     own    own       own       own      own             -      -        -
alert.read            all   all     all    all       -         -        -               -      -        -
alert.send            all   all     all    all       -         -        -               -      -        -
reply.send            own   own     own    own       own       own      own             -      -        -
reply.read            all   all     all    all       -         -        -               -      -        -
staffing.read         all   all     all    all       -         -        -               -      -        -
staffing.edit         all   all     -      -         -         -        -               -      -        -
link.use              -     -       -      -         -         -        -               -      -        all
receipt.take          -     -       -      -         -         -        -               -      -        all
demo.answer           -     -       -      -         -         -        -               -      -        all
export.read           own   own     own    own       own       own      own             -      -        -
attendance.export     all   all     own    own       own       own      own             -      -        -
contact.read          all   all     all    -         -         -        all             -      -        -
preference.read       all   all     all    own       own       own      own             -      -        -
preference.edit       all   all     own    own       own       own      own             -      -        -
push.read             own   own     own    own       own       own      own             -      -        -
push.edit             own   own     own    own       own       own      own             -      -        -
template.read         all   all     all    all       -         -        -               -      -        -
template.edit         all   all     all    -         -         -        -               -      -        -
message.send          all   all     all    -         -         -        -               -      -        -
message.read          all   all     all    -         -         -        -               -      -        -
traffic.read          all   all     -      -         -         -        all             -      -        -
messaging_settings.read all all     all    all       -         -        all             -      -        -
messaging_settings.edit all -       -      -         -         -        -               -      -        -
visit.read            all   all     own    own       all       own      -               -      -        -
visit.invite          all   all     own    own       all       own      -               -      -        -
visit.receive         all   all     -      -         all       -        -               -      -        -
visit.set_up          all   all     -      -         -         -        -               -      -        -
visit.history         all   all     -      -         -         -        all             -      -        -
deny.propose          all   all     -      -         -         -        all             -      -        -
deny.approve          all   all     -      -         -         -        all             -      -        -
roll_call.read        all   all     -      all       all       -        -               -      -        -
roll_call.start       all   all     -      all       all       -        -               -      -        -
roll_call.mark        all   all     -      all       all       -        -               -      -        -
"""
# fmt: on

BEFORE_PASSWORD_CHANGE: Final = frozenset({"service.read", "session.read", "session.end", "password.change", "me.read"})
"""All that a member may do while the password is still the generated one."""

_log = structlog.get_logger(area="authority")


def read_table(text: str) -> Mapping[str, Mapping[Role, Scope]]:
    """The table as data: action -> role -> scope. `ValueError` names a row that is short, doubled or has an unknown word."""
    head, *rows = (line.split() for line in text.strip().splitlines())
    if tuple(head[1:]) != ROLES:
        raise ValueError("the head of the authority table does not name the roles in order")
    table: dict[str, Mapping[Role, Scope]] = {}
    for action, *cells in rows:
        if action in table or len(cells) != len(ROLES) or not set(cells) <= {"all", "own", "-"}:
            raise ValueError(f"authority row {action!r}: doubled, short, or an unknown word")
        table[action] = MappingProxyType({role: cast("Scope", cell) for role, cell in zip(ROLES, cells, strict=True) if cell != "-"})
    return MappingProxyType(table)


ACTIONS: Final = read_table(_TABLE)


def require(actor: Actor, action: str) -> Scope:
    """How far the actor may do the action: `all` or `own`. Raises `Forbidden`, or `PasswordChangeRequired`; a denial is logged without names."""
    if actor.must_change_password and action not in BEFORE_PASSWORD_CHANGE:
        raise PasswordChangeRequired
    scopes = {ACTIONS[action][role] for role in actor.roles if role in ACTIONS[action]}
    if not scopes:
        _log.warning("denied", action=action, actor_kind=actor.kind, roles=sorted(actor.roles), organization_id=actor.organization_id)
        raise Forbidden
    return "all" if "all" in scopes else "own"


def allowed(actor: Actor) -> dict[str, Scope]:
    """All that the actor may do, and how far. What the screens show; `require` is what decides."""
    found: dict[str, Scope] = {}
    for action, row in ACTIONS.items():
        scopes = {row[role] for role in actor.roles if role in row}
        if scopes and (not actor.must_change_password or action in BEFORE_PASSWORD_CHANGE):
            found[action] = "all" if "all" in scopes else "own"
    return found


def document() -> str:
    """`docs/authority.md`: the table for readers."""
    lines = [
        "# Who may do what",
        "",
        "Made from `app/authority.py`; write it again with `python -m app.authority > docs/authority.md`.",
        "",
        (__doc__ or "").split("\n\n", 1)[1].strip(),
        "",
    ]
    lines += ["| action | " + " | ".join(ROLES) + " |", "|---" * (len(ROLES) + 1) + "|"]
    lines += [f"| {action} | " + " | ".join(row.get(role, "") for role in ROLES) + " |" for action, row in ACTIONS.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
