"""``ux/result.json``: what was seen on the way and what follows from it, for people and programs that were not there.

No page is kept as a whole.  What is kept of it, labels, titles and lines of the log, is a stranger's text: it is bounded, and
addresses, tokens, credentials and the invented password are cut out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from certification.browser.page import Place
from certification.config.cut_addresses import cut_address
from certification.contract.statements import STATEMENTS
from certification.foundation.safe_text import one_line
from certification.foundation.typed_json import Form, Within
from certification.usability import words
from certification.usability.field_class import SURE, FieldClass
from certification.usability.judge import Conclusion
from certification.usability.judged import Judged, State
from certification.usability.kinds import PageKind, label_of, read
from certification.usability.visit import Act, Deed, End, Purpose, Sight, Visit

FORMAT: Final = 1
FILE: Final = "result.json"
MAX_FIELDS = 60
MAX_TROUBLES = 20

Sha256 = Annotated[str, Form("[0-9a-f]{64}", "a SHA-256 digest")]
Visited = Annotated[int, Within(-1, 1_000)]
Clean = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A picture beside the record, with numbered frames around what is meant."""

    file: str
    sha256: Sha256
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """A visible field of a page."""

    label: str
    asks_for: FieldClass
    sure: bool
    filled: bool
    """Whether something stood in it when the page was first seen."""
    required: bool


@dataclass(frozen=True, slots=True)
class DeedRecord:
    """One thing that the visitor did."""

    act: Act
    on: str


@dataclass(frozen=True, slots=True)
class SightRecord:
    """A page as it was seen at one moment."""

    seconds: float
    """Since the visit began."""
    deeds: tuple[DeedRecord, ...]
    """What was done to get here from the sight before."""
    kind: PageKind
    title: str
    address: str
    """Identifiers and tokens are cut out."""
    status: int
    """The HTTP status of the page; 0 where the browser does not tell."""
    fields: tuple[FieldRecord, ...]
    troubles: tuple[str, ...]
    """Script errors in the browser's log."""
    picture: PictureRecord | None


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One visit: a user, a window, a way."""

    purpose: Purpose
    width: int
    height: int
    end: End
    detail: str
    submitted: float | None
    """When the last form of the sign-up was sent, in seconds of the visit."""
    sights: tuple[SightRecord, ...]


@dataclass(frozen=True, slots=True)
class MarkRecord:
    """A frame on a picture."""

    sight: int
    number: int
    """What stands on the frame."""
    place: Place


@dataclass(frozen=True, slots=True)
class SaidRecord:
    """What one visit says about a statement."""

    visit: Visited
    """Number of the visit, from 0; -1 where there was none."""
    state: State
    code: str
    facts: Mapping[str, str]
    text: str
    """The same in a sentence."""
    question: str
    """What a person must answer; empty where there is nothing to answer."""
    marks: tuple[MarkRecord, ...]


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """What all visits together say about a statement."""

    id: str
    text: str
    optional: bool
    state: State
    said: tuple[SaidRecord, ...]


@dataclass(frozen=True, slots=True)
class HostRecord:
    """A host other than the partner's own that the pages asked for, and whether they got through."""

    host: str
    passage: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What was looked at, when, and with what."""

    partner: str
    config: Sha256
    """Digest of the partner config."""
    suite: str
    url: str
    """Base address of the API."""
    browser: str
    began: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """The whole record."""

    format: int
    circumstances: Circumstances
    visits: tuple[VisitRecord, ...]
    statements: tuple[StatementRecord, ...]
    hosts: tuple[HostRecord, ...]


Numbers = Mapping[tuple[int, int, Place], int]
"""(visit, sight, place) -> number on the picture."""


def numbered(conclusions: Sequence[Conclusion]) -> Numbers:
    """Return the number of each frame: counted from 1 on each picture, in the order of the statements."""
    numbers: dict[tuple[int, int, Place], int] = {}
    counts: dict[tuple[int, int], int] = {}
    for conclusion in conclusions:
        for visit, judged in conclusion.said:
            for mark in judged.marks:
                key = (visit, mark.sight, mark.place)
                if key not in numbers:
                    counts[visit, mark.sight] = counts.get((visit, mark.sight), 0) + 1
                    numbers[key] = counts[visit, mark.sight]
    return numbers


def make_result(
    circumstances: Circumstances,
    visits: Sequence[Visit],
    conclusions: Sequence[Conclusion],
    pictures: Mapping[str, PictureRecord],
    hosts: Sequence[HostRecord],
    clean: Clean,
) -> Result:
    """Return the record; ``pictures`` by the name that a sight gives its own, ``clean`` cuts secrets out of a text."""
    numbers = numbered(conclusions)
    return Result(
        FORMAT,
        circumstances,
        tuple(_visit(visit, pictures, clean) for visit in visits),
        tuple(_statement(each, numbers, clean) for each in conclusions),
        tuple(hosts),
    )


def _visit(visit: Visit, pictures: Mapping[str, PictureRecord], clean: Clean) -> VisitRecord:
    sights = tuple(_sight(sight, pictures, clean) for sight in visit.sights)
    detail = one_line(clean(visit.detail))
    return VisitRecord(visit.purpose, visit.width, visit.height, visit.end, detail, visit.submitted, sights)


def _sight(sight: Sight, pictures: Mapping[str, PictureRecord], clean: Clean) -> SightRecord:
    page = sight.page
    return SightRecord(
        max(0.0, sight.seconds),
        tuple(_deed(each, clean) for each in sight.deeds),
        sight.kind,
        one_line(clean(page.title), 120),
        one_line(cut_address(page.address), 300),
        page.status,
        tuple(
            FieldRecord(
                one_line(clean(label_of(field)), 80),
                guess.kind,
                guess.weight >= SURE,
                bool(field.value),
                field.required,
            )
            for field, guess in read(page).open_fields()[:MAX_FIELDS]
        ),
        tuple(
            one_line(clean(each.text)) for each in (sight.troubles or ())[:MAX_TROUBLES] if each.kind == "javascript"
        ),
        pictures.get(sight.picture),
    )


def _deed(deed: Deed, clean: Clean) -> DeedRecord:
    return DeedRecord(deed.act, one_line(clean(deed.on), 80))


def _statement(conclusion: Conclusion, numbers: Numbers, clean: Clean) -> StatementRecord:
    statement = STATEMENTS[conclusion.statement]
    said = tuple(_said(visit, judged, numbers, clean) for visit, judged in conclusion.said)
    return StatementRecord(statement.id, statement.text, statement.optional, conclusion.state, said)


def _said(visit: int, judged: Judged, numbers: Numbers, clean: Clean) -> SaidRecord:
    facts = {name: one_line(clean(str(value))) for name, value in judged.reason.facts.items()}
    marks = tuple(MarkRecord(mark.sight, numbers[visit, mark.sight, mark.place], mark.place) for mark in judged.marks)
    code = judged.reason.code
    question = words.question(code, facts) if judged.state is State.REVIEW else ""
    return SaidRecord(visit, judged.state, code, facts, words.sentence(code, facts), question, marks)
