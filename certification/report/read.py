"""Read the evidence of a run back: what was planned, what every execution observed, what every case came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certification.cases.catalogue import catalogue
from certification.evidence.exchange import Exchange
from certification.evidence.recorder import FORMAT, read_records
from certification.foundation.errors import BadEvidence
from certification.foundation.reason import Reason
from certification.run.judge import CaseResult, Execution, conclude, execution_of

MAIN = "main.jsonl"

Recomputed = dict[tuple[str, str, str], Execution]
"""(file name, case, execution) -> the execution as it was judged again."""


@dataclass
class RunRecords:
    """What the evidence of a run says, exchanges left out."""

    run: dict[str, Any] = field(default_factory=dict)
    end: dict[str, Any] | None = None
    problems: list[dict[str, str]] = field(default_factory=list)
    selected: set[str] = field(default_factory=set)
    results: dict[str, CaseResult] = field(default_factory=dict)
    executions: dict[str, list[Execution]] = field(default_factory=dict)
    """By case, in the order of the catalogue; cases that did not come to their end included."""
    seconds: dict[str, float] = field(default_factory=dict)
    planned: dict[str, int] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    workers: int = 0

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
            if record["type"] != "exchange":
                continue
            try:
                yield Exchange.from_record(record)
            except (KeyError, TypeError, ValueError) as error:
                message = f"{path}: the record of an exchange lacks or garbles {error}. Is the folder from another version of the suite?"
                raise BadEvidence(message) from None


def read_run(folder: Path, recomputed: Recomputed | None = None) -> RunRecords:
    """Read the evidence in ``folder`` and conclude every case from it.

    ``recomputed`` replaces what the records say that executions observed.  Raises :class:`BadEvidence`.
    """
    records = RunRecords()
    verdicts: dict[str, dict[str, Any]] = {}
    for path in evidence_files(folder):
        for record in read_records(path):
            try:
                _enter(records, verdicts, record, path.name, recomputed or {})
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                message = f"{path}: a record of type {record.get('type')!r} lacks or garbles {error}. Is the folder from another version of the suite?"
                raise BadEvidence(message) from None
    if not records.run:
        message = f"{folder}: the evidence does not say which run it belongs to; the first record is missing."
        raise BadEvidence(message)
    records.executions = {name: records.executions[name] for name in catalogue() if name in records.executions}
    for name, record in verdicts.items():
        _conclude(records, name, record)
    return records


def _enter(
    records: RunRecords,
    verdicts: dict[str, dict[str, Any]],
    record: dict[str, Any],
    file: str,
    recomputed: Recomputed,
) -> None:
    match record["type"]:
        case "run":
            if record["format"] != FORMAT:
                message = f"The evidence has format {record['format']}; this version of the suite reads format {FORMAT}. Use the suite's version {record['suite']['version']}, which made it."
                raise BadEvidence(message)
            records.run = record
        case "problem":
            records.problems.append({key: record[key] for key in ("where", "what", "remedy")})
        case "selected":
            records.selected |= set(record["cases"])
        case "plan":
            records.planned[record["case"]] = record["examples"]
        case "judgement":
            execution = execution_of(record)
            execution = recomputed.get((file, execution.case, execution.id), execution)
            records.executions.setdefault(execution.case, []).append(execution)
        case "case":
            verdicts[record["case"]] = record
        case "end":
            records.end = record
        case "worker":
            records.workers += 1


def _conclude(records: RunRecords, name: str, record: dict[str, Any]) -> None:
    case = catalogue().get(name)
    if case is None:
        records.contradictions.append(f"{name}: this version of the suite has no such case")
        return
    recorded = Reason(record["reason"], record["facts"]) if record["reason"] else None
    if name in records.executions or record["verdict"] != "not_applicable":
        result = conclude(case, records.executions.get(name, []))
    else:
        result = CaseResult(name, "not_applicable", recorded)
    if (result.verdict, result.reason) != (record["verdict"], recorded):
        records.contradictions.append(
            f"{name}: recorded as {record['verdict']}, the evidence says {result.verdict}"
            if result.verdict != record["verdict"]
            else f"{name}: the recorded reason is not the one that the evidence gives"
        )
    records.results[name] = result
    records.seconds[name] = record["seconds"]
