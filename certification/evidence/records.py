"""The records of which evidence is made: one definition for who writes them, who reads them, and who doubts them.

A line of an evidence file is one record: a JSON object whose ``type`` says which of the classes below it is, whose other
fields are those of the class, and whose ``chain`` ties it to the line before (see :mod:`certification.evidence.recorder`).
:data:`KINDS` lists them; ``schemas/evidence.json`` is made from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from certification.config.waivers import Waiver
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.attested import Attested, People
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.evidence.recorder import FORMAT, read_records
from certification.foundation.errors import BadEvidence, OtherFormat
from certification.foundation.typed_json import Form, MismatchError, OneOf, Within, reader, refuse, short, to_json

Moment = Annotated[str, Form(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", "a moment with time zone")]
Digest = Annotated[str, Form(r"[0-9a-f]{64}", "a SHA-256 in lower case")]
Version = Annotated[str, Form(r"[0-9A-Za-z.+_-]{1,60}", "a version")]
Name = Annotated[str, Form(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,60}", "a short name")]

Facts = Mapping[str, str | int]
Purpose = Annotated[str, OneOf(("example", "again", "shrink"))]
Verdict = Annotated[str, OneOf(("passed", "failed", "blocked", "not_applicable", "error"))]
Kind = Annotated[str, OneOf(("done", "blocked", "not_applicable", "error"))]


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite that made the run."""

    name: Literal["partner-connect-certification"]
    version: Version
    catalogue: Digest
    """SHA-256 of cases, requirements and schemas."""
    python: Version
    libraries: Mapping[str, Version]
    """Versions of the libraries that the run depended on, by name."""


@dataclass(frozen=True, slots=True)
class Run:
    """The first record: what all executions of a run share, so that they can be repeated."""

    format: int
    suite: Suite
    id: str
    """From this all people and companies of the run are derived."""
    seed: Annotated[int, Within(-(2**127), 2**127)]
    profile: Annotated[str, OneOf(("quick", "standard", "thorough"))]
    url: str
    """Address that was called."""
    config: dict[str, Any]
    """The partner's config, whole."""
    config_source: str
    trial: bool
    """True when there was no config and documented defaults stood in."""
    alike: tuple[str, ...]
    """Wrong ways to authenticate that, with the credentials of the run, are the right one."""
    challenge: str
    """The text that the validator made up for this run."""
    started: Moment
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worker:
    """The first record of the file of one process of several."""

    name: Name


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the run could not start."""

    where: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Lack:
    """What stands against a submission, besides what cases find, and cannot be seen in the config alone."""

    code: Annotated[str, Form(r"[a-z][a-z-]{0,39}", "a code")]
    text: str


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding of an earlier run."""

    cause: tuple[str, ...]
    """Requirement, subject, detail."""
    message: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The complete run that this run follows in the same folder, as its report told it."""

    run: str
    verdict: str
    findings: tuple[KnownFinding, ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """The cases that the run was to carry out."""

    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """How many examples a case has, before the first one."""

    case: str
    examples: int


@dataclass(frozen=True, slots=True)
class Begun:
    """An execution begins; its exchanges follow, then its judgement."""

    case: str
    execution: str
    purpose: Purpose
    shape: dict[str, Any]
    """What of the requests was chosen, rather than derived."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How an execution ended, and why if before its script did."""

    kind: Kind
    code: str
    """Code of the reason; empty when there is none."""
    facts: Facts


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an execution observed, and how it ended."""

    case: str
    execution: str
    purpose: Purpose
    of: str
    """For ``again`` and ``shrink``: the execution that is tried again."""
    shape: dict[str, Any]
    held: Mapping[str, tuple[int, ...]]
    """Requirement -> the calls in which it was looked at and held (0: in something else than a call)."""
    observations: tuple[Observation, ...]
    """Everything that did not hold, or was unclear."""
    end: Ended
    fired: tuple[str, ...]
    """Rules that were really tried."""
    exchanges: int


@dataclass(frozen=True, slots=True)
class Concluded:
    """Verdict of a case."""

    case: str
    verdict: Verdict
    reason: str
    """Code of the reason; empty when there is none."""
    facts: Facts
    seconds: float


@dataclass(frozen=True, slots=True)
class End:
    """The last record of a run that came to its end."""

    finished: Moment
    narrowed_by: tuple[str, ...]
    """Options by which the run checked less than everything."""
    interrupted: bool


KINDS: Final[Mapping[str, type]] = {
    "run": Run,
    "worker": Worker,
    "waiver": Waiver,
    "problem": Obstacle,
    "lack": Lack,
    "earlier": Earlier,
    "selected": Selected,
    "plan": Planned,
    "execution": Begun,
    "exchange": Exchange,
    "judgement": Judgement,
    "case": Concluded,
    "end": End,
    "people": People,
    "attestation": Attested,
}
"""Value of ``type`` -> the class with the other fields."""

_TYPES: Final = {kind: name for name, kind in KINDS.items()}


def record_of(value: Any) -> dict[str, Any]:
    """Return the JSON-ready record of ``value``, an object of one of :data:`KINDS`."""
    return {"type": _TYPES[type(value)], **to_json(value)}


def read_record(record: dict[str, Any]) -> Any:
    """Return the object of a ``record`` without its chain; raises :class:`BadEvidence`, whose text names the field."""
    name = record.get("type")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        message = f"a record of type {short(name)} is none that this version of the suite writes"
        raise BadEvidence(message)
    if kind is Run and isinstance(record.get("format"), int) and record["format"] != FORMAT:
        raise OtherFormat(other_format("evidence", record, FORMAT))
    try:
        found = reader(kind)({key: entry for key, entry in record.items() if key != "type"})
        if isinstance(found, Judgement):
            _check_requirements(found)
            _check_reason(found.end.code, found.end.facts)
        elif isinstance(found, Concluded):
            _check_reason(found.reason, found.facts)
    except MismatchError as error:
        message = f"in the record {name!r}, field {error.where or '/'} {error.what}"
        raise BadEvidence(message) from None
    return found


def _check_reason(code: str, facts: Facts) -> None:
    if facts and not code:
        refuse("holds facts of a reason that it does not name")


def _check_requirements(judgement: Judgement) -> None:
    for name in (*judgement.held, *(seen.requirement for seen in judgement.observations)):
        if name not in REQUIREMENTS:
            refuse(f"names the requirement {short(name)}, which this version of the suite does not have")


def records_in(path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield each record of the evidence file at ``path`` and its object, chain and fields checked; raises BadEvidence.

    A half-written last line is passed over; see :func:`is_whole`.
    """
    for number, record in enumerate(read_records(path, strict=True), 1):
        try:
            yield record, read_record(record)
        except BadEvidence as error:
            message = f"{path.name}, line {number}: {error}"
            raise type(error)(message) from None


def other_format(what: str, value: dict[str, Any], own: int) -> str:
    """Return the sentence about a document of another format than ``own``: it names the version that made it."""
    suite = value.get("suite")
    version = suite.get("version") if isinstance(suite, dict) else None
    made_by = (
        f"version {short(version)} of the suite made it; use that one" if version else "it does not say what made it"
    )
    return (
        f"the {what} has format {short(value.get('format'))}, this version of the suite reads format {own}: {made_by}"
    )


def is_whole(path: Path) -> bool:
    """Return whether the last line of ``path`` is complete; raises BadEvidence for an empty file."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size == 0:
            message = f"{path.name} is empty"
            raise BadEvidence(message)
        file.seek(size - 1)
        return file.read(1) == b"\n"
