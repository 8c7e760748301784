"""The badge of a visitor, made when it is printed and kept nowhere: name, site, number, day, and the QR code by which they leave."""

from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.errors import Conflict
from app.ports import Deps
from app.visitors import rows, tokens
from app.visitors.paper import Paper

Size = Literal["pdf", "label"]
MM: Final[dict[Size, tuple[float, float]]] = {"pdf": (105, 148), "label": (62, 100)}
"""A6, and a label for a printer of rolls."""
MARGIN_MM: Final = 5


def badge(session: Session, organization_id: int, visit_id: UUID, size: Size, deps: Deps) -> bytes:
    """A PDF. Raises `NotFound`; `Conflict` for somebody who is not on site, or whose kind of visit has no badge."""
    visit = rows.visit(session, organization_id, visit_id)
    if visit.state != "on_site" or visit.badge_number is None or visit.arrived_at is None:
        raise Conflict("Only somebody on site whose kind of visit has a badge gets one. Let them arrive first.")
    name = rows.visitor(session, organization_id, visit.visitor_id).name
    organization, site = accounts.get_organization(session, organization_id), accounts.get_site(session, organization_id, visit.site_id)
    day = visit.arrived_at.astimezone(ZoneInfo(site.timezone or organization.timezone))
    paper = Paper(MM[size], MARGIN_MM)
    paper.line(organization.name, 10)
    paper.line(name, 20 if size == "pdf" else 15, bold=True)
    paper.line(f"{site.name}  {day:%d-%m-%Y}", 10)
    paper.line(f"{visit.badge_number:d}", 24, bold=True)
    _qr(paper, tokens.qr_text(deps.settings, organization_id, visit.visitor_id), 0.5 * MM[size][0])
    return bytes(paper.output())


def _qr(paper: Paper, text: str, side_mm: float) -> None:
    """Below what was written, as squares: no picture, so any printer is sharp."""
    matrix = segno.make(text, error="m", micro=False).matrix
    dot, top = side_mm / len(matrix), paper.get_y() + MARGIN_MM
    for line, row in enumerate(matrix):
        for column, dark in enumerate(row):
            if dark:
                paper.rect(MARGIN_MM + column * dot, top + line * dot, dot, dot, style="F")
