"""Exports: asked for, built by a worker, opened by the programs they are for, and gone in time."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import openpyxl
import pytest

from app.accounts.models import Person
from app.attendance.exports import BUILD, expire, fail_given_up
from app.attendance.models import Export
from app.attendance.sheets import Record, guarded, write
from app.outbox.models import LiveEvent, Outbox
from tests.attendance.desk import API, Desk, Who
from tests.factories import NOW, World

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVIL = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
PLAIN = ["Ada", "-5", "+31201234567", "3,14", "0042", "a=b", "", "Zoë 你好"]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def wanted(form: str = "csv", kind: str = "workdays", first: str = "2026-06-01", last: str = "2026-06-03", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "format": form, "first": first, "last": last, **more}


def fetched(desk: Desk, who: Who, body: dict[str, Any]) -> bytes:
    made = who.post("/exports", body)
    who.get(f"/exports/{made['id']}/file", 409)
    assert desk.work() == ["done"]
    ready = who.get(f"/exports/{made['id']}")
    assert (ready["status"], ready["rows"] is not None) == ("ready", True)
    answer = who.client.get(f"{API}/exports/{made['id']}/file", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename={ready['file_name']}"
    return answer.get_data()


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", EVIL)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", PLAIN)
def test_what_it_would_not_run_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_formulas_do_no_harm_on_the_round_trip_and_numbers_survive(tmp_path: Path) -> None:
    cells = [*EVIL, *PLAIN]
    columns, record = [f"c{number}" for number in range(len(cells) + 2)], Record([*cells, -1.5, 7])
    write(tmp_path / "f.csv", "csv", columns, [record], NOW)
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [*(f"'{text}" for text in EVIL), *PLAIN, "-1.5", "7"]
    write(tmp_path / "f.xlsx", "xlsx", columns, [record], NOW)
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    (row,) = book.active.iter_rows(min_row=2)
    assert {cell.data_type for cell in row} <= {"s", "n"}
    assert [cell.value or "" for cell in row[: len(cells)]] == [
        text.replace("\r", "_x000D_") for text in cells
    ]  # as Excel itself writes a CR
    assert [cell.value for cell in row[-2:]] == [-1.5, 7]


@pytest.mark.parametrize(
    ("day", "first", "last"), [("2026-03-29", "00:30:00+01:00", "10:00:00+02:00"), ("2026-10-25", "00:30:00+02:00", "10:00:00+01:00")]
)
def test_local_times_have_their_offset_on_both_days_of_the_clock_change(desk: Desk, world: World, day: str, first: str, last: str) -> None:
    fence, person = world.circle(), world.phone().person_id
    desk.at(local(f"{day}T12:00") + timedelta(days=2))
    desk.stay(person, fence, local(f"{day}T00:30"), local(f"{day}T10:00"))
    manager = desk.member("manager")
    (row,) = rows_of(fetched(desk, manager, wanted(first=day, last=day, person_id=str(person))))
    assert (row["first"], row["last"]) == (f"{day}T{first}", f"{day}T{last}")
    assert float(row["worked_hours"]) == (8.5 if day == "2026-03-29" else 10.5)


def test_the_same_days_as_sheet_calendar_and_json(desk: Desk, world: World) -> None:
    fence, person, manager = world.circle(), world.phone().person_id, desk.member("manager")
    desk.stay(person, fence, local("2026-06-02T09:00"), local("2026-06-02T12:00"))
    desk.stay(person, fence, local("2026-06-02T12:30"), local("2026-06-02T17:00"))
    book = openpyxl.load_workbook(io.BytesIO(fetched(desk, manager, wanted("xlsx"))))
    head, row = book.active.iter_rows(values_only=True)
    sheet = dict(zip(head, row, strict=True))
    assert (sheet["worked_on"], sheet["worked_hours"], sheet["break_minutes"]) == ("2026-06-02", 7.5, 30)
    (item,) = json.loads(fetched(desk, manager, wanted("json")))
    assert item == sheet
    events = icalendar.Calendar.from_ical(fetched(desk, manager, wanted("ical"))).walk("VEVENT")
    assert [(event.decoded("DTSTART"), event.decoded("DTEND")) for event in events] == [
        (local("2026-06-02T09:00"), local("2026-06-02T12:00")),
        (local("2026-06-02T12:30"), local("2026-06-02T17:00")),
    ]
    stays = rows_of(fetched(desk, manager, wanted(kind="stays")))
    assert [stay["fence"] for stay in stays] == ["HQ", "HQ"]


def test_an_employee_exports_only_themselves_and_nobody_fetches_what_others_asked_for(desk: Desk, world: World) -> None:
    fence, person, other = world.circle(), world.phone().person_id, world.phone().person_id
    for who in (person, other):
        desk.stay(who, fence, local("2026-06-02T09:00"), local("2026-06-02T12:00"))
    employee, manager = desk.member("employee", person_id=person), desk.member("owner")
    assert len(rows_of(fetched(desk, employee, wanted()))) == 1
    assert len(rows_of(fetched(desk, manager, wanted()))) == 2
    employee.post("/exports", wanted(person_id=str(other)), 404)
    (export,) = employee.get("/exports")["items"]
    manager.get(f"/exports/{export['id']}", 404)
    manager.get(f"/exports/{export['id']}/file", 404)


def test_a_note_with_a_formula_comes_out_harmless(desk: Desk, world: World) -> None:
    person, manager = world.phone().person_id, desk.member("manager")
    manager.post("/punches", {"kind": "in", "client_id": "1", "person_id": str(person), "note": "=HYPERLINK(1)"})
    (row,) = rows_of(fetched(desk, manager, wanted(kind="punches")))
    assert (row["note"], row["at"]) == ("'=HYPERLINK(1)", "2026-06-03T14:00:00+02:00")


def test_its_person_hears_when_it_is_ready_and_it_is_gone_after_its_term(desk: Desk, world: World) -> None:
    world.add(Person(name="Other"))
    manager = desk.member("manager")
    fetched(desk, manager, wanted())
    assert [(row.kind, row.person_id) for row in world.rows(LiveEvent)] == [("export", manager.person_id)]
    directory = desk.deps.settings.var_dir / "exports" / str(world.organization_id)
    assert len(list(directory.iterdir())) == 1
    assert expire(desk.deps, world.organization_id, NOW + timedelta(days=2)) == 0
    assert expire(desk.deps, world.organization_id, NOW + timedelta(days=4)) == 1
    assert (list(directory.iterdir()), world.rows(Export)) == ([], [])


def test_an_export_that_cannot_be_made_ends_as_failed_and_says_what_to_do(desk: Desk, world: World) -> None:
    manager = desk.member("manager")
    made = manager.post("/exports", wanted())
    directory = desk.deps.settings.var_dir / "exports" / str(world.organization_id)
    directory.parent.mkdir(exist_ok=True)
    directory.write_text("something stands where the files go")
    for attempt in range(1, BUILD.attempts_max + 1):
        with world.database.tenant(world.organization_id) as session:
            session.query(Outbox).update({"attempts": attempt})
        assert fail_given_up(desk.deps, world.organization_id, NOW) == 0
        assert desk.work() == ["failed"]
    assert manager.get(f"/exports/{made['id']}")["status"] == "waiting"
    assert [fail_given_up(desk.deps, world.organization_id, NOW) for _ in range(2)] == [1, 0]
    failed = manager.get(f"/exports/{made['id']}")
    assert (failed["status"], failed["file_name"]) == ("failed", None)
    assert "Ask for it again" in failed["problem"]
    assert [row.body["status"] for row in world.rows(LiveEvent)] == ["failed"]
    assert manager.get(f"/exports/{made['id']}/file", 409)["detail"] == failed["problem"]
    directory.unlink()
    assert manager.post("/exports", wanted())["problem"] is None


def test_nothing_is_left_of_a_file_that_was_begun(desk: Desk, world: World) -> None:
    manager, directory = desk.member("manager"), desk.deps.settings.var_dir / "exports" / str(world.organization_id)
    made = manager.post("/exports", wanted())
    directory.mkdir(parents=True)
    begun = directory / f"{made['id']}.part"
    begun.write_text("Ada,")
    with world.database.tenant(world.organization_id) as session:
        session.query(Outbox).update({"dead_at": NOW})
    fail_given_up(desk.deps, world.organization_id, NOW)
    assert not begun.exists()
    begun.write_text("Ada,")
    expire(desk.deps, world.organization_id, NOW + timedelta(days=4))
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [({"last": "2026-05-01"}, "last"), ({"last": "2028-01-01"}, "last"), ({"kind": "punches", "format": "ical"}, "format")],
)
def test_an_impossible_export_is_refused_at_once(desk: Desk, more: dict[str, str], field: str) -> None:
    assert desk.member("manager").post("/exports", wanted() | more, 422)["errors"][0]["field"] == field
