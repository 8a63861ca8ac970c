"""Judge every recorded execution again: play its script in front of the record, with this version's checks.

One pass over one evidence file.  The script of a case is a function of the run's id, the execution's id, its shape and
the partner's answers; so a request that is not the one that must have been sent shows, and so does a judgement that does
not follow from the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.client.pacing import Patience
from certification.config.waivers import Waiver
from certification.databricks.context import Context
from certification.evidence.attested import PEOPLE, Attested, People
from certification.evidence.exchange import Exchange
from certification.evidence.records import (
    KINDS,
    Begun,
    Concluded,
    End,
    Judgement,
    Obstacle,
    Planned,
    Run,
    Selected,
    Worker,
)
from certification.foundation.reason import Reason
from certification.report.read import MAIN
from certification.report.words import reason_words
from certification.review.verify.answers import answer_errors
from certification.review.verify.clock import Clock
from certification.review.verify.recorded_run import RecordedRun
from certification.run import preflight
from certification.run.judge import EndKind, Execution, execution_of, reason_of
from certification.run.runner import replay

MAX_EXCHANGES = 20_000
"""In one execution; a hostile record must not fill the memory."""

MAX_NOTES = 200

_NAMES = {kind: name for name, kind in KINDS.items()}


@dataclass
class FileFindings:
    """What one evidence file shows."""

    name: str
    broken: list[str] = field(default_factory=list)
    """What does not hold, one sentence each."""
    unfinished: str = ""
    """The execution at the end of the file that has no judgement, as when a process is killed."""
    executions: dict[tuple[str, str, str], Execution] = field(default_factory=dict)
    """Recomputed: (file, case, execution) -> what it finds now."""
    planned: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, list[Any]] = field(default_factory=dict)
    """The shapes of the examples, by case, in the order of their execution."""
    blocked_at_end: dict[str, int] = field(default_factory=dict)
    """How many examples in a row were blocked when the case was given up."""
    concluded: dict[str, Reason | None] = field(default_factory=dict)
    """Case -> recorded reason why it does not apply; None when it applies."""
    selected: set[str] = field(default_factory=set)
    problems: list[Obstacle] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    people: People | None = None
    attested: list[Attested] = field(default_factory=list)
    preflight: list[str] | None = None
    """What the preflight finds again; None when it made no call."""
    exchanges: int = 0

    def note(self, text: str) -> None:
        """Note something that does not hold; a hostile record does not get to fill the memory with notes."""
        if len(self.broken) < MAX_NOTES:
            self.broken.append(text)


class Rejudge:
    """Reads the records of one file, in order."""

    def __init__(self, name: str, context: Context, clock: Clock, budget: int | None = None) -> None:
        """``budget`` is the number of requests to which the run was narrowed."""
        self.found = FileFindings(name)
        self._context, self._clock, self._budget = context, clock, budget
        self._patience = Patience()
        self._open: Begun | None = None
        """The execution whose judgement has not come yet."""
        self._before: list[Exchange] = []
        self._exchanges: list[Exchange] = []
        self._numbers: dict[str, int] = {}
        self._examples: dict[tuple[str, str], Any] = {}
        self._first, self._ended = True, False
        self._opening = name == MAIN
        """Whether nothing was read yet but the run and its waivers."""

    def read(self, records: Iterable[Any]) -> FileFindings:
        """Read ``records`` and return what they show."""
        for record in records:
            self._enter(record)
        if self._open is not None:
            # The last execution of a process that was killed; it counts for nothing, and its case has no result.
            self.found.unfinished = _where(self._open)
        self._preflight()
        return self.found

    def _enter(self, record: Any) -> None:
        self._check_order(record)
        match record:
            case Exchange():
                self._exchange(record)
            case Begun():
                self._open, self._exchanges = record, []
            case Judgement():
                self._judge(record)
            case Planned():
                self._once(record.case, self.found.planned, record.examples, "planned")
            case Concluded():
                reason = reason_of(record.reason, record.facts) if record.verdict == "not_applicable" else None
                self._once(record.case, self.found.concluded, reason, "concluded")
            case Selected():
                self.found.selected |= set(record.cases)
            case _:
                self._enter_circumstance(record)

    def _enter_circumstance(self, record: Any) -> None:
        match record:
            case Obstacle():
                self.found.problems.append(record)
            case Waiver():
                self.found.waivers.append(record)
            case People():
                self.found.people = record
            case Attested():
                self.found.attested.append(record)

    def _check_order(self, record: Any) -> None:
        name = self.found.name
        opening = {MAIN: Run, PEOPLE: People}.get(name, Worker)
        if self._first and not isinstance(record, opening):
            self.found.note(f"{name} does not begin with the record of type {_NAMES[opening]!r}")
        elif not self._first and isinstance(record, Run | Worker | People):
            self.found.note(f"{name} holds a second record of type {_NAMES[type(record)]!r}")
        self._check_file(record, name)
        self._opening &= isinstance(record, Run | Waiver)
        if isinstance(record, Waiver) and not self._opening:
            self.found.note(f"{name} holds the waiver {record.id[:40]!a} where the run had begun")
        self._first = False
        if self._ended:
            self.found.note(f"{name} goes on after the end of the run")
        self._ended = isinstance(record, End)
        if isinstance(record, Exchange | Judgement):
            return
        if self._open is not None:
            if isinstance(record, End) and record.interrupted:
                self.found.unfinished = _where(self._open)
            else:
                self.found.note(f"{_where(self._open)} has no judgement")
        self._open = None

    def _check_file(self, record: Any, name: str) -> None:
        """Note a record that stands in a file of others."""
        if isinstance(record, Worker) and name != f"{record.name}.jsonl":
            self.found.note(f"{name} says that it is the file of the process {record.name!r}")
        if isinstance(record, End) and name != MAIN:
            self.found.note(f"{name} holds the end of the run, which stands in {MAIN} alone")
        if (name == PEOPLE) is not isinstance(record, People | Attested):
            self.found.note(f"{name} holds a record of type {_NAMES[type(record)]!r}, which does not belong there")

    def _once(self, case: str, entries: dict[str, Any], value: Any, what: str) -> None:
        if case in entries:
            self.found.note(f"{case} was {what} twice")
        entries[case] = value

    def _exchange(self, exchange: Exchange) -> None:
        self.found.exchanges += 1
        for wrong in (*self._clock.errors(exchange), *answer_errors(exchange)):
            self.found.note(f"{_where(exchange)}/{exchange.number}: {wrong}")
        if self._open is None:
            if (exchange.case, exchange.execution) != (preflight.CASE, "1") or len(self._before) > 50:
                self.found.note(f"{_where(exchange)}/{exchange.number}: the exchange belongs to no execution")
            else:
                self._before.append(exchange)
            return
        if (exchange.case, exchange.execution) != (self._open.case, self._open.execution):
            self.found.note(f"{_where(exchange)}/{exchange.number}: the exchange stands inside {_where(self._open)}")
        elif len(self._exchanges) >= MAX_EXCHANGES:
            self.found.note(f"{_where(self._open)} has more than {MAX_EXCHANGES:,} exchanges")
        else:
            self._exchanges.append(exchange)

    def _judge(self, record: Judgement) -> None:
        opened, self._open = self._open, None
        where = _where(record)
        same = Begun(record.case, record.execution, record.purpose, record.shape)
        if opened != same:
            self.found.note(f"{where}: the judgement does not belong to the execution before it")
            return
        case = catalogue().get(record.case)
        if case is None or case.script is None:
            self.found.note(f"{where}: this version of the suite has no such automated case")
            return
        self._number(record, where)
        self._check_example(record, where)
        key = (self.found.name, case.id, record.execution)
        if key in self.found.executions:
            self.found.note(f"{where} is recorded twice")
            return
        self._preflight()
        again = self._again(case, record, where)
        self.found.executions[key] = again
        if record.purpose == "example":
            self.found.shapes.setdefault(case.id, []).append(record.shape)
            self._examples[case.id, record.execution] = record.shape
            blocked = self.found.blocked_at_end.get(case.id, 0)
            self.found.blocked_at_end[case.id] = blocked + 1 if again.end.kind is EndKind.BLOCKED else 0

    def _number(self, record: Judgement, where: str) -> None:
        """Check the number: executions of a case are counted from 1 without gaps, so one that was taken out is missed."""
        number = self._numbers[record.case] = self._numbers.get(record.case, 0) + 1
        name = f"{number}" if record.purpose == "example" else f"{number} {record.purpose}"
        if record.execution != name:
            self.found.note(f"{where}: expected the execution {name!r} here; one is missing or was renamed")

    def _check_example(self, record: Judgement, where: str) -> None:
        """Check what is said to be a try of an example again, or a smaller one, against that example."""
        if record.purpose == "example":
            if record.of:
                self.found.note(f"{where}: it is said to belong to another execution, but it is an example of its own")
            return
        example = self._examples.get((record.case, record.of))
        if example is None:
            self.found.note(f"{where}: the example that it is said to try again is not on record")
        elif record.purpose == "again" and record.shape != example:
            self.found.note(f"{where}: it does not have the shape of the example that it is said to try again")

    def _again(self, case: Case, record: Judgement, where: str) -> Execution:
        recorded = RecordedRun(self._exchanges, self._patience, budget=self._budget)
        again = replay(self._context, recorded, case, record)
        for difference in recorded.all_differences():
            self.found.note(f"{where}, call {difference}")
        for text in _differences(execution_of(record), again):
            self.found.note(f"{where}: {text}")
        return again

    def _preflight(self) -> None:
        """Play the preflight again, once, when its exchanges are complete."""
        if not self._before:
            return
        recorded = RecordedRun(self._before, self._patience, budget=self._budget)
        try:
            problems = preflight.call_problems(self._context, recorded)
        except Exception as error:  # noqa: BLE001 - a hostile record must lead to a sentence, not to a traceback
            self.found.note(f"preflight: the recorded answers cannot be judged ({type(error).__name__})")
            problems = []
        for difference in recorded.all_differences():
            self.found.note(f"preflight, call {difference}")
        self.found.preflight = [str(problem) for problem in problems]
        self._before = []


def _differences(recorded: Execution, again: Execution) -> Iterator[str]:
    if recorded.end != again.end:
        yield f"recorded as {_end(recorded)}, judged again it is {_end(again)}"
    yield from _observation_differences(recorded, again)
    if recorded.fired != again.fired:
        yield "the rules that it tried are not the recorded ones"
    if recorded.exchanges != again.exchanges:
        yield f"recorded with {recorded.exchanges} exchanges, played again it has {again.exchanges}"


def _observation_differences(recorded: Execution, again: Execution) -> Iterator[str]:
    for found in again.observations:
        if found not in recorded.observations:
            yield f"the record leaves out, or changes, what the answers show: {found.message}"
    for found in recorded.observations:
        if found not in again.observations:
            yield f"the record claims what the answers do not show: {found.message}"
    if len(recorded.observations) != len(set(recorded.observations)):
        yield "the record claims the same twice"
    names = recorded.held.keys() | again.held.keys()
    wrong = sorted(name for name in names if recorded.held.get(name) != again.held.get(name))
    if wrong:
        yield f"the record says of other calls than the answers show that these held: {', '.join(wrong[:8])}"


def _end(execution: Execution) -> str:
    words = reason_words(execution.end.reason)
    return f"{execution.end.kind} ({words})" if words else execution.end.kind


def _where(record: Exchange | Begun | Judgement) -> str:
    return f"{record.case}/{record.execution}"
