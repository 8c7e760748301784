"""Who takes part. Names are invented; any likeness is by chance."""

from dataclasses import dataclass
from typing import Final, Literal

Client = Literal["native", "owntracks", "traccar"]
Part = Literal["usual", "lunch", "drift", "tunnel", "dies", "queued", "opts_out", "night"]
"""What is special about somebody's day; see `app.demo.plan`."""


@dataclass(frozen=True, slots=True)
class Role:
    """One person of the demo, their group, the fence they work in, and what their phone goes through."""

    name: str
    group: str
    place: str
    part: Part = "usual"
    client: Client = "native"
    always_open: bool = False
    """On call: no working window, so the phone may be looked at around the clock."""
    signs_in_as: str | None = None
    """A role of a member; None: no login."""


OFFICE, PLANT, YARD, LAB, GUARDS, ON_CALL = "Kantoor", "Productie", "Logistiek", "Laboratorium", "Beveiliging", "Storingsdienst"
GROUPS: Final = (OFFICE, PLANT, YARD, LAB, GUARDS, ON_CALL)
_DESK, _HALL, _DOCK, _LABS = "Kantoor Kade", "Fabriek Oost", "Laadplein", "Laboratorium A en B"

CAST: Final = (
    Role("Sanne de Wit", ON_CALL, _DESK, "lunch", "native", always_open=True, signs_in_as="employee"),
    Role("Bram Kuipers", ON_CALL, _HALL, "drift", "native", always_open=True),
    Role("Noor van Dijk", ON_CALL, _HALL, "queued", "native", always_open=True),
    Role("Daan Hofman", ON_CALL, _DOCK, "usual", "native", always_open=True),
    Role("Eva Postma", ON_CALL, _DESK, "usual", "owntracks", always_open=True),
    Role("Lars Mulder", ON_CALL, _HALL, "tunnel", "owntracks", always_open=True),
    Role("Iris Vos", ON_CALL, _DESK, "lunch", "traccar", always_open=True),
    Role("Tim Brouwer", ON_CALL, _DOCK, "usual", "traccar", always_open=True),
    Role("Fatima El Idrissi", OFFICE, _DESK, "opts_out"),
    Role("Joris Bakker", OFFICE, _DESK, "dies"),
    Role("Hannah Clarke", OFFICE, _DESK, "lunch", signs_in_as="manager"),
    Role("Pieter Jansen", OFFICE, _DESK, "lunch"),
    Role("Marieke Smit", OFFICE, _DESK, signs_in_as="reception"),
    Role("Oliver Reed", OFFICE, _DESK, "tunnel"),
    Role("Anouk Verhoeven", OFFICE, _DESK, "lunch", signs_in_as="privacy_officer"),
    Role("Ruben Dekker", PLANT, _HALL),
    Role("Lotte Visser", PLANT, _HALL, "lunch"),
    Role("Youssef Amrani", PLANT, _HALL, "drift"),
    Role("Emma Peters", PLANT, _HALL, client="owntracks"),
    Role("Gijs van Leeuwen", PLANT, _HALL, client="traccar"),
    Role("Thomas Wright", YARD, _DOCK),
    Role("Femke Willems", YARD, _DOCK, "lunch"),
    Role("Sofia Meijer", LAB, _LABS),
    Role("Kees Vermeer", GUARDS, _HALL, "night"),
    Role("Amy Fletcher", GUARDS, _DESK, "night"),
)
OWNER: Final = "Willemijn Brandsma"
"""Contact and first owner of the main organization. No phone."""

SECOND: Final = (
    Role("Ilse Maas", "Atelier", "Atelier", client="native", always_open=True, signs_in_as="manager"),
    Role("George Miller", "Atelier", "Atelier", client="owntracks", always_open=True, signs_in_as="employee"),
    Role("Wout Timmer", "Atelier", "Atelier", client="traccar", always_open=True),
)
SECOND_OWNER: Final = "Carla Schouten"
WITHOUT_PHONE: Final = ("Henk Groeneveld", "Nina Roelofs")
"""They clock in by button and kiosk: location is never the only way."""
