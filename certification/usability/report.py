"""``ux/report.html``: one page that holds everything, the pictures too."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from certification.report.html.templating import asset, environment
from certification.usability import words
from certification.usability.judged import State
from certification.usability.record import MarkRecord, Result, SaidRecord, SightRecord, StatementRecord, VisitRecord

PACKAGE = "certification.usability.page"
FILE = "report.html"

MAX_BYTES = 3_000_000
"""Bytes of a picture that stands in the page itself."""

CROP_WIDTH, CROP_HEIGHT = 620, 260

GROUPS = (
    (State.VIOLATED, "What a user stumbles over", "bad"),
    (State.REVIEW, "What a person must answer", "warn"),
    (State.HOLDS, "What holds", "good"),
    (State.NOT_REACHED, "What could not be reached", "warn"),
    (State.NOT_APPLICABLE, "What does not apply", "plain"),
)
MARKS = {"bad": "✗", "warn": "?", "good": "✓", "plain": "–"}


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that a statement is about."""

    style: str
    """Name of the class that holds the picture."""
    x: int
    y: int
    width: int
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class SaidShown:
    """What one visit says."""

    where: str
    text: str
    question: str
    address: str
    crops: tuple[Crop, ...]


@dataclass(frozen=True, slots=True)
class StatementShown:
    """One statement."""

    id: str
    text: str
    optional: bool
    said: tuple[SaidShown, ...]


@dataclass(frozen=True, slots=True)
class SightShown:
    """One page on the way."""

    title: str
    address: str
    kind: str
    seconds: str
    deeds: tuple[str, ...]
    style: str
    width: int
    height: int
    file: str


def make_report(result: Result, pictures: Mapping[str, bytes]) -> str:
    """Return the page for ``result``; ``pictures`` are the PNG files by their names."""
    styles = {
        name: f"picture-{number}" for number, (name, data) in enumerate(pictures.items()) if len(data) <= MAX_BYTES
    }
    counts = Counter(statement.state for statement in result.statements)
    groups = [
        (
            title,
            tone,
            MARKS[tone],
            [_statement(each, result, styles) for each in result.statements if each.state is state],
        )
        for state, title, tone in GROUPS
    ]
    visits = [(_where(visit), _end(visit), [_sight(each, styles) for each in visit.sights]) for visit in result.visits]
    return (
        environment(PACKAGE)
        .get_template("ux.html.jinja")
        .render(
            style=asset("sheet.css") + asset("ux.css", PACKAGE),
            pictures=_sheet(styles, pictures),
            about=result.circumstances,
            lead=_lead(counts),
            tone="bad" if counts[State.VIOLATED] else "good" if counts[State.HOLDS] else "warn",
            verdict=_verdict(counts),
            groups=[group for group in groups if group[3]],
            visits=visits,
            hosts=result.hosts,
        )
    )


def _verdict(counts: Mapping[State, int]) -> str:
    if counts.get(State.VIOLATED):
        return f"{counts[State.VIOLATED]} violated"
    return "Nothing violated" if counts.get(State.HOLDS) else "Nothing could be judged"


def _lead(counts: Mapping[State, int]) -> str:
    return ", ".join(f"{counts[state]} {words.STATES[state]}" for state, _, _ in GROUPS if counts.get(state)) + "."


def _sheet(styles: Mapping[str, str], pictures: Mapping[str, bytes]) -> Markup:
    """Return a style sheet with each picture once, however often it is shown."""
    rules = (
        f".{style}{{background-image:url(data:image/png;base64,{base64.b64encode(pictures[name]).decode()})}}"
        for name, style in styles.items()
    )
    return Markup("\n".join(rules))  # noqa: S704 - made of base64 and our own names


def _where(visit: VisitRecord) -> str:
    return f"{words.PURPOSES[visit.purpose]}, {visit.width} × {visit.height} pixels"


def _end(visit: VisitRecord) -> str:
    last = visit.sights[-1].kind if visit.sights else ""
    return "" if visit.end == "arrived" else words.stopped(visit.end, last, visit.detail)


def _statement(statement: StatementRecord, result: Result, styles: Mapping[str, str]) -> StatementShown:
    said = [each for each in statement.said if each.state is statement.state]
    shown: dict[tuple[str, str], list[SaidRecord]] = {}
    for each in said:
        shown.setdefault((each.text, each.question), []).append(each)
    return StatementShown(
        statement.id,
        statement.text,
        statement.optional,
        tuple(_said(alike, result, styles) for alike in shown.values()),
    )


def _said(alike: list[SaidRecord], result: Result, styles: Mapping[str, str]) -> SaidShown:
    """Return what several visits say alike, with the pictures of each."""
    visits = [result.visits[each.visit] for each in alike if each.visit >= 0]
    addresses = list(
        dict.fromkeys(result.visits[each.visit].sights[mark.sight].address for each in alike for mark in each.marks)
    )
    return SaidShown(
        "; ".join(dict.fromkeys(_where(visit) for visit in visits)),
        alike[0].text,
        alike[0].question,
        ", ".join(addresses[:3]),
        tuple(crop for each in alike for crop in _crops(each, result, styles)),
    )


def _crops(said: SaidRecord, result: Result, styles: Mapping[str, str]) -> list[Crop]:
    by_sight: dict[int, list[MarkRecord]] = {}
    for mark in said.marks:
        by_sight.setdefault(mark.sight, []).append(mark)
    found = []
    for number, marks in by_sight.items():
        visit = result.visits[said.visit]
        picture = visit.sights[number].picture
        if picture is None or picture.file not in styles or marks[0].place.y > picture.height:
            continue
        width, height = min(CROP_WIDTH, picture.width), min(CROP_HEIGHT, picture.height)
        first = marks[0].place
        x = _within(first.x + first.width // 2 - width // 2, picture.width - width)
        y = _within(first.y + min(first.height, height) // 2 - height // 2, picture.height - height)
        names = ", ".join(str(mark.number) for mark in marks)
        label = f"Frame {names} at {visit.width} pixels"
        found.append(Crop(styles[picture.file], x, y, width, height, label))
    return found


def _within(value: int, most: int) -> int:
    return max(0, min(value, most))


def _sight(sight: SightRecord, styles: Mapping[str, str]) -> SightShown:
    picture = sight.picture
    return SightShown(
        sight.title,
        sight.address,
        sight.kind,
        f"{sight.seconds:.1f} s",
        tuple(f"{deed.act}: {deed.on}" if deed.on else str(deed.act) for deed in sight.deeds),
        styles.get(picture.file, "") if picture else "",
        picture.width if picture else 0,
        picture.height if picture else 0,
        picture.file if picture else "",
    )
