"""A computed workday as plain JSON: what is shown, and what is kept when it is approved. Times are UTC in ISO 8601; durations are milliseconds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.attendance.models import Correction, Shift
from app.core import workday as core
from app.core.fix import from_ms, to_ms
from app.core.fold import Stay
from app.core.intervals import Interval

Answered = frozenset[tuple[str, int]]
"""(kind, at_ms) of questions that somebody answered."""


def day_form(
    workday: core.Workday, stay_ids: Mapping[tuple[Any, int], UUID], done: Answered, shifts: Mapping[str, Shift]
) -> dict[str, Any]:
    """The result with a line for every number."""
    asked = [question for question in workday.questions if (question.kind, question.at_ms) not in done]
    return {
        "worked_ms": workday.worked_ms,
        "spans": _spans(workday.spans),
        "breaks": _spans(workday.breaks),
        "break_deducted_ms": workday.break_deducted_ms,
        "is_open": workday.is_open,
        "questions": [{"kind": question.kind, "at": iso(question.at_ms)} for question in asked],
        "lines": [_line(line, stay_ids, shifts) for line in workday.lines],
    }


def core_correction(row: Correction) -> core.Correction | None:
    """As `core.workday` takes it; None for one that changes no time (a confirmation, a proposal of late data)."""
    change = row.change
    if change["kind"] not in ("add", "remove"):
        return None
    author, approved_by = str(row.proposed_by or ""), str(row.decided_by) if row.status == "approved" else None
    span = (read_ms(change["since"]), read_ms(change["until"]))
    return core.Correction(str(row.id), row.worked_on, change["kind"], *span, to_ms(row.created_at), author, row.reason, approved_by)


def answered(corrections: Iterable[Correction]) -> Answered:
    """The questions that these corrections, or confirmations, are about."""
    about = (row.change.get("about") for row in corrections)
    return frozenset((one["kind"], read_ms(one["at"])) for one in about if one)


def iso(at_ms: int) -> str:
    """A moment in text."""
    return from_ms(at_ms).isoformat()


def read_ms(text: str) -> int:
    """The moment in a text that `iso` wrote."""
    return to_ms(datetime.fromisoformat(text))


def _spans(spans: Iterable[Interval]) -> list[dict[str, str]]:
    return [{"since": iso(start), "until": iso(end)} for start, end in spans]


def _line(line: core.Line, stay_ids: Mapping[tuple[Any, int], UUID], shifts: Mapping[str, Shift]) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": line.kind, "effect_ms": line.effect_ms, "spans": _spans(line.spans)}
    if line.stay is not None:
        found["stay"] = _stay(line.stay, stay_ids)
    if line.punches:
        found["punches"] = [{"id": one.id, "kind": one.kind, "at": iso(one.at_ms), "method": one.way} for one in line.punches]
    if line.shift is not None:
        shift = line.shift
        found["shift"] = {"id": shift.weekly, "name": shifts[shift.weekly].name, "since": iso(shift.from_ms), "until": iso(shift.until_ms)}
    if line.correction is not None:
        found["correction"] = {"id": line.correction.id, "kind": line.correction.kind, "reason": line.correction.reason}
    if line.break_rule is not None:
        rule = line.break_rule
        found["break_rule"] = {"worked_more_than_ms": rule.worked_more_than_s * 1000, "break_ms": rule.break_s * 1000, "shift": rule.weekly}
    return found


def _stay(stay: Stay, stay_ids: Mapping[tuple[Any, int], UUID]) -> dict[str, Any]:
    return {
        "id": str(stay_ids[(stay.fence, stay.entered_at_ms)]),
        "fence_id": str(stay.fence),
        "entered_at": iso(stay.entered_at_ms),
        "left_at": None if stay.left_at_ms is None else iso(stay.left_at_ms),
        "ended": stay.ended,
        "cut": stay.cut,
    }
