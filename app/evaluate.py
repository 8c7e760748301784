"""`muster evaluate`: the pure engine on files. No database, no settings, no gate; also the rehearsal of a draft fence.

Fences are a GeoJSON file (Polygon, MultiPolygon, or Point with `radius_m`), pings a file that `app.pingfiles` reads. Every fence is everyone's,
always. Without `--now`, now is the last ping. Here an assumed end also emits a leave crossing, dated at the last inside sighting.
"""

import gc
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import click

from app.core.fence import ShapeRefused, checked
from app.core.fix import FenceId, Ping, Sighting, from_ms
from app.core.fold import Crossing, State, Stay, fold
from app.core.index import FenceIndex
from app.core.intervals import FOREVER
from app.core.policy import Circle, FenceVersion, Policy, Shape
from app.core.presence import stays_as_of
from app.core.rules import OrganizationRules, PersonRules
from app.errors import MusterError
from app.geofences.formats import geojson
from app.geofences.formats.area import area_of
from app.geofences.formats.draft import Flaw
from app.pingfiles import BadFile, iso, parse_moment_ms, read_pings

CHUNK: Final = 50_000
"""Pings sighted at once: enough to be fast, few enough to stay small."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a file of pings came to: crossings and stays, each by time, then fence."""

    crossings: list[Crossing]
    stays: list[Stay]


class BadInput(click.ClickException):
    """An input that cannot be used."""

    exit_code = 2


def evaluate(versions: list[FenceVersion], pings: list[Ping], now_ms: int | None = None) -> Evaluation:
    """Fold a person's pings over fences. `now_ms` None: the last ping."""
    rules = PersonRules(OrganizationRules.for_everyone(versions))
    if not pings:
        return Evaluation([], [])
    if now_ms is None:
        now_ms = max(ping.recorded_at_ms for ping in pings)
    index = FenceIndex(versions)
    sightings: list[Sighting] = []
    for start in range(0, len(pings), CHUNK):
        sightings += index.sight(pings[start : start + CHUNK])
    result = fold(State(), sightings, [], rules, now_ms)
    stays = [*result.stays, *stays_as_of(result.state, rules, now_ms)]
    crossings = [*result.crossings, *(_assumed_leave(stay) for stay in stays if stay.ended == "assumed")]
    return Evaluation(
        sorted(crossings, key=lambda one: (one.at_ms, str(one.fence), one.kind)),
        sorted(stays, key=lambda one: (one.entered_at_ms, str(one.fence))),
    )


def read_fences(path: Path, policy: Policy) -> list[FenceVersion]:
    """The fences of a GeoJSON file, valid always, each with the same policy. Raises `BadFile`."""
    document = _json(path)
    features = document.get("features", [document]) if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise BadFile(f"{path.name}: expected a GeoJSON FeatureCollection with at least one feature")
    versions: dict[FenceId, FenceVersion] = {}
    for number, feature in enumerate(features, 1):
        try:
            version = _fence(feature, policy)
        except ValueError as error:
            raise BadFile(f"{path.name}, feature {number}: {error}") from error
        if version.fence in versions:
            raise BadFile(f"{path.name}, feature {number}: id {version.fence!r} stands twice")
        versions[version.fence] = version
    return list(versions.values())


def read_policy(path: Path) -> Policy:
    """A policy from a JSON object; what it leaves out has its default. Raises `BadFile`."""
    document = _json(path)
    known = {field.name: field.type for field in fields(Policy)}
    if not isinstance(document, dict):
        raise BadFile(f"{path.name}: expected an object with some of {', '.join(known)}")
    for name, value in document.items():
        if name not in known:
            raise BadFile(f"{path.name}: unknown key {name}; expected some of {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int | float if known[name] is float else int):
            raise BadFile(f"{path.name}: {name}: {value!r} is no {'number' if known[name] is float else 'whole number'}")
    try:
        return Policy(**document)
    except ValueError as error:
        raise BadFile(f"{path.name}: {error}") from error


@click.command("evaluate")
@click.option(
    "--fences", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="GeoJSON with an id per feature."
)
@click.option(
    "--pings", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV (recorded_at,lat,lon), NDJSON or GPX."
)
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON object; what is left out has its default."
)
@click.option("--timezone", default="UTC", show_default=True, help="IANA zone: of times without offset, and of the table.")
@click.option("--now", help="ISO 8601 moment to look from; default: the last ping.")
@click.option("--format", "form", type=click.Choice(["table", "ndjson"]), default="table", show_default=True)
def evaluate_command(fences: Path, pings: Path, policy: Path | None, timezone: str, now: str | None, form: str) -> None:  # noqa: PLR0913, PLR0917
    """Evaluate a file of one person's pings against a file of fences. Needs no database."""
    gc.disable()  # millions of small values without cycles: looking for cycles would take a third of the time
    try:
        zone = _zone(timezone)
        now_ms = None if now is None else parse_moment_ms(now, zone)
        versions = read_fences(fences, Policy() if policy is None else read_policy(policy))
        evaluation = evaluate(versions, read_pings(pings, zone), now_ms)
    except ValueError as error:
        raise BadInput(str(error)) from error
    finally:
        gc.enable()
    for line in _ndjson(evaluation) if form == "ndjson" else _table(evaluation, zone):
        click.echo(line)


def _assumed_leave(stay: Stay) -> Crossing:
    """The leave that a file shows for an assumed end; its only evidence is where the person was last seen."""
    evidence = () if stay.last_inside is None else (stay.last_inside,)
    return Crossing(stay.fence, "leave", stay.last_inside_at_ms, (stay.last_inside_at_ms, "", ""), evidence, 0)


def _ndjson(evaluation: Evaluation) -> Iterator[str]:
    lines = [(one.at_ms, str(one.fence), _crossing_line(one)) for one in evaluation.crossings]
    lines += [(one.entered_at_ms, str(one.fence), _stay_line(one)) for one in evaluation.stays]
    return (json.dumps(line, ensure_ascii=False) for _, _, line in sorted(lines, key=lambda each: each[:2]))


def _crossing_line(crossing: Crossing) -> dict[str, object]:
    evidence = [seen.ping_id for seen in crossing.evidence]
    return {"type": "crossing", "fence": crossing.fence, "kind": crossing.kind, "at": iso(crossing.at_ms), "evidence": evidence}


def _stay_line(stay: Stay) -> dict[str, object]:
    left_at = None if stay.left_at_ms is None else iso(stay.left_at_ms)
    return {"type": "stay", "fence": stay.fence, "entered_at": iso(stay.entered_at_ms), "left_at": left_at, "ended": stay.ended}


def _table(evaluation: Evaluation, zone: tzinfo) -> Iterator[str]:
    def local(at_ms: int | None) -> str:
        return "" if at_ms is None else from_ms(at_ms).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z")

    rows = [("fence", "entered", "left", "ended")]
    rows += [
        (str(stay.fence), local(stay.entered_at_ms), local(stay.left_at_ms), stay.ended or "still inside") for stay in evaluation.stays
    ]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield f"{_counted(len(evaluation.stays), 'stay')}, {_counted(len(evaluation.crossings), 'crossing')}"


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadFile(f"--timezone: {name!r} is no IANA zone such as Europe/Amsterdam") from None


def _json(path: Path) -> object:
    try:
        document: object = json.loads(path.read_text(encoding="utf-8-sig"))
        return document  # noqa: TRY300
    except json.JSONDecodeError as error:
        raise BadFile(f"{path.name}, line {error.lineno}: not JSON ({error.msg})") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name}: not UTF-8 text (byte {error.start})") from error


def _fence(feature: object, policy: Policy) -> FenceVersion:
    """One feature as a fence; ValueError says what is wrong with it."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValueError("expected an object of type Feature")
    fence = feature.get("id")
    if isinstance(fence, bool) or not isinstance(fence, str | int) or fence == "":
        raise ValueError("id: missing; give every feature an id (text or whole number) of its own")
    try:
        return FenceVersion(cast(FenceId, fence), _shape(feature), policy, valid_from_ms=-FOREVER)
    except (Flaw, MusterError, ShapeRefused) as refused:
        raise ValueError(f"geometry: {refused}") from refused


def _shape(feature: dict[str, Any]) -> Shape:
    """The shape as an import would read it. Raises `Flaw`, `FileRefused`, `ShapeRefused`."""
    drawn = next(geojson.features(json.dumps(feature).encode())).draw([])
    return checked(drawn if isinstance(drawn, Circle) else area_of(drawn, []))
