"""Fences from a file, in two steps that share no memory: a preview writes nothing; then the same file is sent again with what was chosen.

`preview_hash` says that what is confirmed is what was shown: it covers every name and shape that the file gave.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.actor import Actor
from app.core.policy import Shape
from app.errors import Conflict, Invalid
from app.geofences import queries
from app.geofences.facts import Assigned, Chosen, FenceFacts
from app.geofences.formats.draft import FenceDraft
from app.geofences.formats.read import preview as read
from app.geofences.formats.wkb import to_ewkb
from app.geofences.service import shapes
from app.geofences.service.fences import FenceView, Step, create_fences


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft of the preview, and how it lies among what is there. `overlaps` has rows of `queries.overlaps`."""

    draft: FenceDraft
    swapped: bool
    overlaps: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would create."""

    preview_hash: str
    lines: list[DraftLine]


def preview_import(session: Session, organization_id: int, data: bytes, file_name: str) -> Preview:
    """What the file would create, and what is wrong. Raises `FileRefused` when the file as a whole cannot be read."""
    drafts = read(data, file_name)
    swapped = shapes.swapped(session, organization_id, drafts)
    meetings = _overlaps(session, organization_id, {draft.source_index: draft.shape for draft in drafts if draft.shape})
    lines = [DraftLine(draft, draft.source_index in swapped, meetings[draft.source_index]) for draft in drafts]
    return Preview(_hash(drafts), lines)


def confirm_import(session: Session, actor: Actor, file: tuple[bytes, str], chosen: Chosen, now: datetime) -> list[FenceView]:
    """Create what was chosen of a file (bytes and name), for everyone, in the file's order.

    Raises `Conflict` when this is not the file that was previewed, `Invalid` for what cannot be chosen.
    """
    drafts = {draft.source_index: draft for draft in read(*file)}
    if _hash(drafts.values()) != chosen.preview_hash:
        raise Conflict("This is not the file that was previewed. Preview it again, and look.")
    if not chosen.taken | chosen.repaired:
        raise Invalid.of("query.take", "Nothing was chosen", "Name what to create by its index, in take or take_repaired.")
    if chosen.taken & chosen.repaired:
        raise Invalid.of("query.take_repaired", "An index was chosen in both ways", "Choose each once.")
    taken = {index: draft.shape for index, draft in drafts.items()}
    repaired = {index: draft.repaired for index, draft in drafts.items()}
    shapes_of = _picked("take", taken, chosen.taken) | _picked("take_repaired", repaired, chosen.repaired)
    many = [FenceFacts(drafts[index].name, shapes.wound(shape), chosen.site_id) for index, shape in sorted(shapes_of.items(), key=_index)]
    return create_fences(session, actor, many, Assigned(), Step(1, now, "imported"))


def _picked(field: str, offered: Mapping[int, Shape | None], wanted: Collection[int]) -> dict[int, Shape]:
    found = {index: shape for index in wanted if (shape := offered.get(index)) is not None}
    if len(found) < len(wanted):
        raise Invalid.of(
            f"query.{field}", "The file has no such shape at an index that was chosen", "Choose what the preview shows with one."
        )
    return found


def _index(pair: tuple[int, Shape]) -> int:
    return pair[0]


def _overlaps(session: Session, organization_id: int, drawn: Mapping[int, Shape]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    indexes = list(drawn)
    for row in queries.overlaps(session, organization_id, list(drawn.values())) if drawn else ():
        found[indexes[row.nth]].append(row)
    return found


def _hash(drafts: Collection[FenceDraft]) -> str:
    digest = hashlib.sha256()
    for draft in drafts:
        offered = [None if shape is None else (to_ewkb(shape)[0].hex(), to_ewkb(shape)[1]) for shape in (draft.shape, draft.repaired)]
        digest.update(repr((draft.source_index, draft.name, offered)).encode())
    return digest.hexdigest()
