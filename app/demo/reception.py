"""The demo's visitors: three kinds of visit, people expected today, and two who are in, so that the day list and a roll call show what they are for."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.actor import Actor
from app.ports import Deps
from app.visitors import desk, set_up
from app.visitors.arrive import Told, WalkIn
from app.visitors.invitations import Guest, NewInvitation, invite

COMPANY: Final = {"purpose": {"nl": "Op de badge, zodat collega's weten voor wie je werkt", "en": "On the badge"}, "days": 7}
KINDS: Final = {
    "Bezoeker": {"kind": "visitor", "fields": {"company": COMPANY}, "overstay_after_min": 30, "keep_days": 14},
    "Aannemer": {"kind": "contractor", "fields": {"company": COMPANY | {"required": True}}, "ends_after_min": 600, "keep_days": 90},
    "Levering": {"kind": "delivery", "ends_after_min": 30, "assumed_after_min": 30, "badge": False, "keep_days": 7},
}
RECEIVES: Final = {
    "directions": {
        "nl": "Meld je bij de balie aan de kade. Parkeren kan op het terrein.",
        "en": "Report to the desk at the quay. You can park on the premises.",
    },
    "house_rules": {
        "nl": "Draag je badge zichtbaar. Bij alarm ga je naar de verzamelplaats aan de kade.",
        "en": "Wear your badge where it can be seen. In an alarm, go to the assembly point at the quay.",
    },
}
EXPECTED: Final = (("Jasper Tuinstra", "Tuinstra Metaal"), ("Priya Raman", "Raman & Co"), ("Mohamed Haddou", "Haddou Advies"))
IN_ALREADY: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("Aannemer", "Roos Veldkamp", {"company": "Veldkamp Liften"}),
    ("Levering", "Stefan Nowak", {}),
)


def receive(session: Session, deps: Deps, owner: Actor, place: tuple[UUID, UUID], now: datetime) -> None:
    """`place`: the site, and the host of whoever comes. The expected are told by e-mail, which the demo's stand-in takes."""
    site_id, host_id = place
    kinds = {name: set_up.create_type(session, owner.tenant, {"name": name, **facts}) for name, facts in KINDS.items()}
    set_up.set_settings(session, owner.tenant, site_id, RECEIVES)
    guests = [
        Guest(name, "nl", {"company": company, "email": f"{name.lower().replace(' ', '.')}@bezoek.example"}) for name, company in EXPECTED
    ]
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    until = starts_at + timedelta(hours=2)
    of = kinds["Bezoeker"].id
    new = NewInvitation(uuid4(), site_id, of, host_id, "Rondleiding door de fabriek", starts_at, until, None, guests, tell=True)
    invite(session, owner, new, now, deps)
    for kind, name, values in IN_ALREADY:
        someone = WalkIn(uuid4(), name, kinds[kind].id, "nl", host_id)
        desk.walk_in(session, owner, site_id, someone, Told(values), now, deps)
