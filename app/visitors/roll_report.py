"""The report of a roll call, as CSV and as PDF: everybody on the list, how they stand, and every mark with both its times."""

import csv
from collections import defaultdict
from datetime import datetime
from io import StringIO
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.one_line import plain_cell
from app.core.rollcall import STATES, WITHDRAWN
from app.ports import Deps
from app.visitors.models import RollCall
from app.visitors.paper import Paper
from app.visitors.roll_reading import Entry, Marked, Whole, whole

COLUMNS: Final = ("name", "kind", "basis", "site", "state", "marks")
WIDTHS_MM: Final = (62.0, 38.0, 32.0, 48.0)
_WORDS: Final = {
    "nl": {
        "title": "Appel", "exercise": "Oefening", "actual": "Echt", "began": "Begonnen", "ended": "Geëindigd", "open": "Nog open",
        "sites": "Locaties", "notes": "Notities", "nowhere": "Plaats onbekend", "taken_back": "teruggenomen", "received": "ontvangen",
        "lossy": "Niet alle letters kunnen hier worden afgedrukt; het CSV-bestand heeft ze wel.",
        "state": {"open": "niets gemeld", "safe": "veilig", "missing": "vermist", "need_help": "hulp nodig", "not_here": "niet hier"},
        "basis": {"inside": "binnen", "unknown": "onbekend", "clocked_in": "ingeklokt", "visit": "bezoeker",
                  "left_assumed": "weg (aangenomen)", "added": "toegevoegd"},
        "by": {"responder": "hulpverlener", "self": "zelf, bij de verzamelplaats", "reply": "antwoord op het alarm", "host": "gastheer"},
    },
    "en": {
        "title": "Roll call", "exercise": "Exercise", "actual": "Actual", "began": "Began", "ended": "Ended", "open": "Still open",
        "sites": "Sites", "notes": "Notes", "nowhere": "Place unknown", "taken_back": "taken back", "received": "received",
        "lossy": "Not all letters can be printed here; the CSV file has them.",
        "state": {"open": "nothing said", "safe": "safe", "missing": "missing", "need_help": "needs help", "not_here": "not here"},
        "basis": {"inside": "inside", "unknown": "unknown", "clocked_in": "clocked in", "visit": "visitor",
                  "left_assumed": "left (assumed)", "added": "added"},
        "by": {"responder": "responder", "self": "themselves, at the assembly point", "reply": "reply to the alert", "host": "host"},
    },
}  # fmt: skip


class Report:
    """One roll call in the organization's language and time zone."""

    def __init__(self, session: Session, roll_call: RollCall, deps: Deps) -> None:
        organization = accounts.get_organization(session, roll_call.organization_id)
        self.organization = organization.name
        self.words: dict[str, str] = {key: text for key, text in _WORDS[organization.locale].items() if isinstance(text, str)}
        self.names: dict[str, dict[str, str]] = {key: text for key, text in _WORDS[organization.locale].items() if isinstance(text, dict)}
        self.zone = ZoneInfo(organization.timezone)
        self.all: Whole = whole(session, roll_call, deps)
        self.sites = {site["id"]: site["name"] for site in self.all["sites"]}
        self.responders = {one["id"]: one["name"] for one in self.all["responders"]}
        self.taken_back = {mark["withdraws"] for mark in self.all["marks"] if mark["mark"] == WITHDRAWN}
        self.marks: defaultdict[UUID, list[Marked]] = defaultdict(list)
        for mark in sorted(self.all["marks"], key=lambda one: (one["said_at"], one["id"])):
            self.marks[mark["entry_id"]].append(mark)

    def csv(self) -> bytes:
        """UTF-8 with a byte order mark; times as ISO 8601 with their zone; no cell is a formula to a spreadsheet."""
        out = StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        for one in self.all["entries"]:
            kind = "person" if one["person_id"] else "visit" if one["visit_id"] else "added"
            site = self.sites.get(one["site_id"], "") if one["site_id"] else ""
            marks = "; ".join(self._said(mark, iso=True) for mark in self.marks[one["id"]])
            writer.writerow([plain_cell(cell) for cell in (one["name"], kind, one["basis"], site, one["state"], marks)])
        for note in self.all["notes"]:
            responder = self.responders.get(note["responder_id"], "") if note["responder_id"] else ""
            writer.writerow(
                [plain_cell(cell) for cell in (responder, "note", "", "", "", f"{self._at(note['said_at'], iso=True)} {note['text']}")]
            )
        return out.getvalue().encode("utf-8-sig")

    def pdf(self) -> bytes:
        """A4, by site and then by how they stand; who needs something comes first."""
        paper, words = Paper(), self.words
        paper.line(f"{words['title']}: {words[self.all['exercise']]}", 16, bold=True)
        paper.line(f"{self.organization} - {words['sites']}: {', '.join(self.sites.values())}")
        ended = f"{words['ended']} {self._at(self.all['ended_at'])}" if self.all["ended_at"] else words["open"]
        paper.line(f"{words['began']} {self._at(self.all['started_at'])} - {ended}")
        paper.line(", ".join(f"{self.names['state'][state]} {self.all['tally'][state]}" for state in STATES), bold=True)
        for site_id, name in [*self.sites.items(), (None, words["nowhere"])]:
            here = [one for one in self.all["entries"] if (one["site_id"] if one["site_id"] in self.sites else None) == site_id]
            self._people(paper, name, sorted(here, key=lambda one: (STATES.index(one["state"]), one["name"].casefold())))
        if self.all["notes"]:
            paper.line(words["notes"], 12, bold=True)
            for note in self.all["notes"]:
                responder = self.responders.get(note["responder_id"], "") if note["responder_id"] else ""
                paper.line(f"{self._at(note['said_at'])} {responder}: {note['text']}")
        if paper.is_lossy:
            paper.line(words["lossy"], 8)
        return bytes(paper.output())

    def _people(self, paper: Paper, name: str, people: list[Entry]) -> None:
        if not people:
            return
        paper.ln(3)
        paper.line(f"{name} ({len(people)})", 12, bold=True)
        for one in people:
            marks = self.marks[one["id"]]
            cells = (one["name"], self.names["basis"][one["basis"]], self.names["state"][one["state"]], "")
            paper.row(list(zip(WIDTHS_MM, cells, strict=True)), bold=one["state"] in {"missing", "need_help"})
            for mark in marks:
                paper.row([(6, ""), (174, self._said(mark))], 7)

    def _said(self, mark: Marked, *, iso: bool = False) -> str:
        what = self.words["taken_back"] if mark["mark"] == WITHDRAWN else self.names["state"][mark["mark"]]
        who = self.responders.get(mark["responder_id"]) if mark["responder_id"] else None
        times = f"{self._at(mark['said_at'], iso=iso)} ({self.words['received']} {self._at(mark['received_at'], iso=iso)})"
        again = f" ({self.words['taken_back']})" if mark["id"] in self.taken_back else ""
        return f"{what}{again}, {who or self.names['by'][mark['marked_by']]}, {times}{': ' + mark['note'] if mark['note'] else ''}"

    def _at(self, at: datetime | None, *, iso: bool = False) -> str:
        if at is None:
            return ""
        local = at.astimezone(self.zone)
        return local.isoformat(timespec="seconds") if iso else f"{local:%d-%m-%Y %H:%M:%S}"
