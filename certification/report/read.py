"""Read the evidence of a run back: what was planned, what every execution observed, what every case came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certification.cases.catalogue import catalogue
from certification.config.waivers import MAX_WAIVERS, Waiver
from certification.evidence.attested import MAX_ATTESTATIONS, Attested
from certification.evidence.exchange import Exchange
from certification.evidence.recorder import read_records
from certification.evidence.records import (
    Concluded,
    Earlier,
    End,
    Judgement,
    Lack,
    Obstacle,
    Planned,
    Run,
    Selected,
    Worker,
    read_record,
)
from certification.foundation.errors import BadEvidence
from certification.run.judge import CaseResult, Execution, conclude, execution_of, reason_of

MAIN = "main.jsonl"

Recomputed = dict[tuple[str, str, str], Execution]
"""(file name, case, execution) -> the execution as it was judged again."""


@dataclass
class RunRecords:
    """What the evidence of a run says, exchanges left out."""

    run: Run
    end: End | None = None
    problems: list[Obstacle] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    earlier: Earlier | None = None
    waivers: list[Waiver] = field(default_factory=list)
    attested: list[Attested] = field(default_factory=list)
    """What people say about manual cases."""
    selected: set[str] = field(default_factory=set)
    results: dict[str, CaseResult] = field(default_factory=dict)
    executions: dict[str, list[Execution]] = field(default_factory=dict)
    """By case, in the order of the catalogue; cases that did not come to their end included."""
    seconds: dict[str, float] = field(default_factory=dict)
    planned: dict[str, int] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    workers: int = 0

    @property
    def stopped(self) -> bool:
        """Whether the run was stopped before its end."""
        return self.end is None or self.end.interrupted

    @property
    def narrowed_by(self) -> tuple[str, ...]:
        """The options by which the run checked less than everything."""
        return self.end.narrowed_by if self.end else ()

    def unfinished(self) -> list[str]:
        """Return the selected automated cases that have no result, in the order of the catalogue."""
        return [
            case.id
            for case in catalogue().values()
            if case.id in self.selected and not case.manual and case.id not in self.results
        ]


def evidence_files(folder: Path) -> list[Path]:
    """Return the evidence files of the report folder, the main one first; raises BadEvidence when there is none."""
    files = sorted((folder / "evidence").glob("*.jsonl"), key=lambda path: (path.name != MAIN, path.name))
    if not files or files[0].name != MAIN:
        message = f"{folder}: there is no evidence of a run in this folder (expected evidence/{MAIN}). Name the folder that --certification-report named."
        raise BadEvidence(message)
    return files


def exchanges(folder: Path) -> Iterator[Exchange]:
    """Yield every exchange of the run whose evidence is in ``folder``; raises BadEvidence."""
    for path in evidence_files(folder):
        for record in read_records(path):
            if record["type"] == "exchange":
                exchange = _read(path, record)
                assert isinstance(exchange, Exchange)  # noqa: S101 - the type says so
                yield exchange


def read_run(folder: Path, recomputed: Recomputed | None = None) -> RunRecords:
    """Read the evidence in ``folder`` and conclude every case from it.

    ``recomputed`` replaces what the records say that executions observed.  Raises :class:`BadEvidence`.
    """
    records: RunRecords | None = None
    verdicts: dict[str, Concluded] = {}
    for path in evidence_files(folder):
        for record in read_records(path):
            # Exchanges are read elsewhere, one at a time.
            if record["type"] == "exchange":
                continue
            found = _read(path, record)
            if records is None:
                if not isinstance(found, Run):
                    message = (
                        f"{folder}: the evidence does not say which run it belongs to; the first record is missing."
                    )
                    raise BadEvidence(message)
                records = RunRecords(found)
            _enter(records, verdicts, found, path.name, recomputed or {})
    if records is None:
        message = f"{folder}: the evidence is empty; the run was stopped before it wrote anything."
        raise BadEvidence(message)
    records.executions = {name: records.executions[name] for name in catalogue() if name in records.executions}
    for name, verdict in verdicts.items():
        _conclude(records, name, verdict)
    return records


def _read(path: Path, record: dict[str, Any]) -> Any:
    try:
        return read_record(record)
    except BadEvidence as error:
        message = f"{path}: {error}."
        raise type(error)(message) from None


def _enter(records: RunRecords, verdicts: dict[str, Concluded], record: Any, file: str, recomputed: Recomputed) -> None:
    match record:
        case Selected():
            records.selected |= set(record.cases)
        case Planned():
            records.planned[record.case] = record.examples
        case Judgement():
            execution = execution_of(record)
            execution = recomputed.get((file, execution.case, execution.id), execution)
            records.executions.setdefault(execution.case, []).append(execution)
        case Concluded():
            verdicts[record.case] = record
        case End():
            records.end = record
        case Worker():
            records.workers += 1
        case _:
            _enter_circumstance(records, record)


def _enter_circumstance(records: RunRecords, record: Any) -> None:
    """Enter what is known of a run beside its cases."""
    match record:
        case Obstacle():
            records.problems.append(record)
        case Lack():
            records.lacks.append(record)
        case Earlier():
            records.earlier = record
        case Attested():
            records.attested = [*records.attested, record][:MAX_ATTESTATIONS]
        case Waiver():
            # No run takes more; what an edited record adds counts for nothing.
            records.waivers = [*records.waivers, record][:MAX_WAIVERS]


def _conclude(records: RunRecords, name: str, record: Concluded) -> None:
    case = catalogue().get(name)
    if case is None:
        records.contradictions.append(f"{name}: this version of the suite has no such case")
        return
    recorded = reason_of(record.reason, record.facts)
    if name in records.executions or record.verdict != "not_applicable":
        result = conclude(case, records.executions.get(name, []))
    else:
        result = CaseResult(name, "not_applicable", recorded)
    if (result.verdict, result.reason) != (record.verdict, recorded):
        records.contradictions.append(
            f"{name}: recorded as {record.verdict}, the evidence says {result.verdict}"
            if result.verdict != record.verdict
            else f"{name}: the recorded reason is not the one that the evidence gives"
        )
    records.results[name] = result
    records.seconds[name] = record.seconds
