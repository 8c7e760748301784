"""The sections of the API's description, in the order in which somebody new meets them: title -> blueprints."""

from collections.abc import Mapping
from typing import Final

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Signing in": ("csrf", "sign_in", "session", "organizations_of_account"),
    "Organization and sites": ("organization", "sites"),
    "People and groups": ("people", "groups"),
    "Members": ("members",),
    "Devices": ("devices", "activation"),
    "Geofences": ("fences", "fence_editing", "fence_files", "policy", "basemap"),
    "Consent and privacy": ("switch", "instructions", "privacy_statement", "privacy_texts", "privacy_register"),
    "Working windows": ("working_windows",),
    "What phones report": ("pings", "sightings", "own_fences", "owntracks", "traccar"),
    "Presence": ("presence",),
    "Stays": ("stays",),
    "Clocking in and out": ("punches", "punch_lists", "kiosk_place", "kiosk", "kiosk_pass"),
    "Shifts": ("shifts",),
    "Workdays and their approval": ("workdays", "corrections"),
    "Exports": ("exports",),
    "Contacts and being reached": ("contacts", "push"),
    "Messages": ("messages", "templates", "archive", "inbox", "messaging_settings"),
    "Alerts": ("alerts", "alert_board", "own_alerts", "cap"),
    "Minimum staffing": ("staffing",),
    "Visits": ("invitations", "visits", "kiosk_visits", "visit_set_up", "visit_rules", "visit_webhooks"),
    "Roll call": ("roll_calls", "assembly"),
    "What providers report": ("receipts",),
    "Operators": ("organizations_operator",),
    "This description": ("openapi", "docs"),
}
_OF_BLUEPRINT: Final = {blueprint: title for title, blueprints in SECTIONS.items() for blueprint in blueprints}


def section_of(blueprint: str) -> str:
    """The title of a blueprint's section; its own name where it has none."""
    return _OF_BLUEPRINT.get(blueprint, blueprint.replace("_", " "))
