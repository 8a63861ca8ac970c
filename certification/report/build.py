"""From the evidence to the report: one function decides the verdict, one builds what every output shows.

HTML, JSON, JUnit, Markdown, terminal and exit status all come from :func:`build_report`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from certification.cases.case import Case
from certification.cases.catalogue import catalogue, catalogue_digest, owners, tested_by
from certification.client.authentication import SCHEMES
from certification.config.partner import PartnerConfig
from certification.contract.requirements import REQUIREMENTS
from certification.contract.validation import show
from certification.databricks.requests import ABSENT
from certification.evidence.exchange import Exchange
from certification.evidence.recorder import FORMAT, read_records
from certification.foundation.errors import BadEvidence
from certification.generate.programs import tell
from certification.report.repeat import curl
from certification.run.judge import CaseResult, Execution, Finding, Ledger, execution_of

CHAIN_LIMIT = 40
"""So many steps of a finding's chain of calls are shown in full."""

MAIN = "main.jsonl"

EXIT_CONFORMANT = 0
EXIT_FAILED = 1
EXIT_INCOMPLETE = 2
EXIT_SUITE_ERROR = 3
EXIT_CANNOT_START = 4
EXIT_NOTHING_CHECKED = 5


@dataclass
class RunRecords:
    """What the evidence of a run says, exchanges left out."""

    run: dict[str, Any] = field(default_factory=dict)
    end: dict[str, Any] | None = None
    problems: list[dict[str, str]] = field(default_factory=list)
    selected: set[str] = field(default_factory=set)
    results: dict[str, CaseResult] = field(default_factory=dict)
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


def read_run(folder: Path, executions: dict[tuple[str, str, str], Execution] | None = None) -> RunRecords:
    """Read the evidence in ``folder`` and conclude every case from it.

    ``executions`` replaces what the records say executions found: (file name, case, execution) -> what was recomputed.
    Raises :class:`BadEvidence`.
    """
    records = RunRecords()
    ledgers: list[Ledger] = []
    for path in evidence_files(folder):
        ledger = Ledger(owners())
        ledgers.append(ledger)
        seen_worker = False
        for record in read_records(path):
            try:
                seen_worker |= _enter(records, ledger, record, path.name, executions)
            except (KeyError, TypeError, AttributeError) as error:
                message = f"{path}: a record of type {record.get('type')!r} lacks or garbles {error}. Is the folder from another version of the suite?"
                raise BadEvidence(message) from None
        records.workers += seen_worker
    if not records.run:
        message = f"{folder}: the evidence does not say which run it belongs to; the first record is missing."
        raise BadEvidence(message)
    for ledger in ledgers:
        _report_baselines(records, ledger)
    return records


def _report_baselines(records: RunRecords, ledger: Ledger) -> None:
    """Add what a case showed in a process that ran it for another's sake only: that other left it to be reported here."""
    for name in ledger.executions:
        result = records.results.get(name)
        if result is None:
            continue
        known = {finding.violation.cause for finding in result.findings}
        new = [finding for finding in ledger.baseline_findings(name) if finding.violation.cause not in known]
        if not new:
            continue
        failed = next((finding for finding in new if finding.violation.level == "must"), None)
        verdict, reason = result.verdict, result.reason
        if failed is not None and verdict != "failed":
            verdict, reason = "failed", failed.violation.message
        records.results[name] = replace(result, verdict=verdict, reason=reason, findings=(*result.findings, *new))


def _enter(  # noqa: C901 - one arm for each type of record
    records: RunRecords,
    ledger: Ledger,
    record: dict[str, Any],
    name: str,
    executions: dict[tuple[str, str, str], Execution] | None,
) -> bool:
    match record["type"]:
        case "run":
            if record["format"] != FORMAT:
                message = f"The evidence has format {record['format']}; this version of the suite reads format {FORMAT}. Use the suite's version {record['suite']['version']}."
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
            if executions is not None:
                execution = executions.get((name, execution.case, execution.id), execution)
            ledger.add(execution)
        case "case":
            _conclude(records, ledger, record)
        case "end":
            records.end = record
        case "worker":
            return True
    return False


def _conclude(records: RunRecords, ledger: Ledger, record: dict[str, Any]) -> None:
    name = record["case"]
    case = catalogue().get(name)
    if case is None:
        records.contradictions.append(f"{name}: this version of the suite has no such case")
        return
    if name in ledger.executions or record["verdict"] != "not_applicable":
        result = ledger.conclude(case)
    else:
        result = CaseResult(name, "not_applicable", record["reason"])
    if (result.verdict, result.reason) != (record["verdict"], record["reason"]):
        records.contradictions.append(
            f"{name}: recorded as {record['verdict']} ({record['reason']}), the evidence says {result.verdict} ({result.reason})"
        )
    records.results[name] = result
    records.seconds[name] = record["seconds"]


def verdict_of(records: RunRecords) -> tuple[str, int, str]:
    """Return the verdict of a run, its exit status, and the verdict in plain words.  The only place that decides it."""
    results = list(records.results.values())
    narrowed = list((records.end or {}).get("narrowed_by", []))
    trial = bool(records.run["trial"])
    required = [finding for result in results for finding in result.findings if finding.violation.level == "must"]
    advisory = [finding for result in results for finding in result.findings if finding.violation.level == "should"]
    failed = sorted({finding.case for finding in required})
    faults = [result for result in results if result.verdict == "error"]
    blocked = [result for result in results if result.verdict == "blocked"]
    checked = [result for result in results if result.verdict in {"passed", "failed"} and result.exchanges]
    if records.problems:
        return "incomplete", EXIT_CANNOT_START, "The run could not start; nothing was checked."
    if failed:
        return (
            "not_conformant",
            EXIT_FAILED,
            f"Not conformant: {len(failed)} required case{_s(failed)} failed ({', '.join(failed[:8])}{' …' if len(failed) > 8 else ''}).",
        )
    unfinished = records.unfinished()
    if faults or (unfinished and records.end is not None and not records.end.get("interrupted")):
        names = [result.case for result in faults] or unfinished
        return (
            "incomplete",
            EXIT_SUITE_ERROR,
            f"Incomplete: the suite itself failed in {', '.join(names[:8])}. This says nothing about the partner; please report it.",
        )
    if not checked:
        return "incomplete", EXIT_NOTHING_CHECKED, "Incomplete: not a single case was checked."
    if records.end is None or records.end.get("interrupted"):
        return "incomplete", EXIT_INCOMPLETE, "Incomplete: the run was stopped before its end."
    if narrowed or trial:
        why = "a trial run without a partner config" if trial else f"narrowed by {', '.join(narrowed)}"
        if trial and narrowed:
            why += f", narrowed by {', '.join(narrowed)}"
        return "incomplete", EXIT_CONFORMANT, f"Incomplete: nothing failed, but this was {why}."
    if blocked:
        return (
            "incomplete",
            EXIT_INCOMPLETE,
            f"Incomplete: {len(blocked)} case{_s(blocked)} could not be checked ({', '.join(result.case for result in blocked[:8])}).",
        )
    if advisory:
        return (
            "conformant_with_advisories",
            EXIT_CONFORMANT,
            f"Conformant, with {len(advisory)} advisor{'y' if len(advisory) == 1 else 'ies'} worth reading.",
        )
    return "conformant", EXIT_CONFORMANT, "Conformant: every required check that applies passed."


def build_report(folder: Path, executions: dict[tuple[str, str, str], Execution] | None = None) -> dict[str, Any]:
    """Return the report of the run whose evidence is in ``folder``, as JSON-ready data.  See ``schemas/report.json``."""
    records = read_run(folder, executions)
    verdict, status, headline = verdict_of(records)
    findings = _merge(records)
    chains = _chains(folder, [finding for finding, _ in findings])
    statistics = _statistics(folder)
    run, end = records.run, records.end or {}
    config = PartnerConfig(run["config"], run["config_source"], trial=run["trial"])
    cases = [_case(records, case) for case in catalogue().values()]
    entries = [_finding(number, finding, also, chains) for number, (finding, also) in enumerate(findings, 1)]
    return {
        "format": FORMAT,
        "verdict": verdict,
        "headline": headline,
        "exit_status": status,
        "suite": {**run["suite"], "catalogue": catalogue_digest()},
        "partner": {
            "name": config.name,
            "url": run["url"],
            "base_url": config.base_url,
            "api_version": config.api_version,
            "config": config.digest,
            "config_source": config.source,
            "trial": config.trial,
        },
        "run": {
            "id": run["id"],
            "started": run["started"],
            "finished": end.get("finished", ""),
            "seed": run["seed"],
            "profile": run["profile"],
            "narrowed_by": end.get("narrowed_by", []),
            "challenge": run.get("challenge", ""),
            "interrupted": bool(end.get("interrupted", records.end is None)),
            "processes": max(1, records.workers),
            "problems": records.problems,
            "contradictions": records.contradictions,
            **statistics,
        },
        "notes": list(run.get("notes", [])),
        "counts": _counts(cases, entries),
        "cases": cases,
        "findings": entries,
        "requirements": _matrix(records, entries),
        "config": run["config"],
    }


def _case(records: RunRecords, case: Case) -> dict[str, Any]:
    result = records.results.get(case.id)
    if case.manual:
        verdict, reason = "manual", "pending: a person has to carry this case out"
    elif result is not None:
        verdict, reason = result.verdict, result.reason
    else:
        verdict, reason = _missing(records, case)
    return {
        "id": case.id,
        "title": case.title,
        "category": case.category,
        "level": case.level,
        "verdict": verdict,
        "reason": reason,
        "seconds": records.seconds.get(case.id, 0.0),
        "exchanges": result.exchanges if result else 0,
        "examples": result.executions if result else 0,
        "planned": records.planned.get(case.id, 0),
        "steps": case.steps,
        "clause": case.clause,
        "requirements": list(case.requirements),
    }


def _missing(records: RunRecords, case: Case) -> tuple[str, str]:
    if records.problems:
        return "blocked", "the run could not start"
    if case.id not in records.selected:
        narrowed = ", ".join((records.end or {}).get("narrowed_by", [])) or "the run was stopped first"
        return "blocked", f"not run: {narrowed}"
    if records.end is None or records.end.get("interrupted"):
        return "blocked", "not run: the run was stopped first"
    return "error", "fault of the suite: the process that ran this case ended without a result"


def _merge(records: RunRecords) -> list[tuple[Finding, list[str]]]:
    """Return one finding for each cause, required ones first, with the other cases that show the same cause."""
    order = list(catalogue())
    found: dict[tuple[str, str, str], tuple[Finding, list[str]]] = {}
    for name in order:
        for finding in records.results[name].findings if name in records.results else ():
            known = found.get(finding.violation.cause)
            if known is None:
                found[finding.violation.cause] = (finding, [])
            elif finding.case != known[0].case:
                known[1].append(finding.case)
    return sorted(found.values(), key=lambda entry: entry[0].violation.level)


def _exchanges(folder: Path) -> Iterator[Exchange]:
    for path in evidence_files(folder):
        for record in read_records(path):
            if record["type"] == "exchange":
                yield Exchange.from_record(record)


def _chains(folder: Path, findings: Iterable[Finding]) -> dict[tuple[str, str], list[Exchange]]:
    wanted: dict[tuple[str, str], list[Exchange]] = {(finding.case, finding.execution): [] for finding in findings}
    if wanted:
        for exchange in _exchanges(folder):
            chain = wanted.get((exchange.case, exchange.execution))
            if chain is not None and not exchange.throttled and exchange.kind != "clean up":
                chain.append(exchange)
    return wanted


def _statistics(folder: Path) -> dict[str, Any]:
    times: dict[str, list[float]] = {}
    throttled = left = 0
    for exchange in _exchanges(folder):
        times.setdefault(exchange.request.operation, []).append(exchange.seconds)
        throttled += exchange.throttled
        left += exchange.kind == "clean up" and exchange.status not in {200, 404}
    latency = {
        name: {
            "calls": len(each),
            **{f"p{share}": _percentile(each, share) for share in (50, 90, 99)},
            "max": round(max(each), 4),
        }
        for name, each in sorted(times.items())
    }
    return {
        "requests": sum(len(each) for each in times.values()),
        "throttled": throttled,
        "left_behind": left,
        "latency": latency,
    }


def _percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 4)


def _finding(
    number: int, finding: Finding, also: list[str], chains: dict[tuple[str, str], list[Exchange]]
) -> dict[str, Any]:
    violation = finding.violation
    requirement = REQUIREMENTS[violation.requirement]
    chain = chains.get((finding.case, finding.execution), [])
    place = next(
        (position for position, exchange in enumerate(chain) if exchange.step == violation.step), len(chain) - 1
    )
    chain = chain[max(0, place + 1 - CHAIN_LIMIT) : place + 1]
    broken = chain[-1] if chain else None
    steps = [_step(exchange) for exchange in chain]
    return {
        "id": f"F{number}",
        "case": finding.case,
        "also_in": also,
        "requirement": requirement.id,
        "level": requirement.level,
        "security": requirement.security,
        "message": violation.message,
        "expected": violation.expected,
        "actual": violation.actual,
        "clause": f"{requirement.clause} ({requirement.source})",
        "hint": requirement.hint,
        "exchange": f"{finding.case}/{finding.execution}/{violation.step}",
        "curl": curl(broken.request) if broken else "",
        "seen": finding.seen,
        "examples": finding.examples,
        "intermittent": finding.intermittent,
        "tried_again": finding.tries,
        "failed_again": finding.failed_again,
        "matters": {name: _matters(name, value) for name, value in finding.shape.items()},
        "execution": finding.execution,
        "cause": list(violation.cause),
        "steps": steps,
    }


def _matters(name: str, value: Any) -> str:
    """Return the part of a shape that matters, in words."""
    if name == "program":
        return tell(value)[:600]
    if name == "credentials":
        return "; ".join(SCHEMES[each].title for each in value)[:600]
    if isinstance(value, dict) and "kind" in value and "value" in value:
        return f"{value['kind']}: {show(value['value'], 200)}"
    if name == "mistakes":
        return "; ".join(
            f"{each['kind']} at /{'/'.join(each.get('at', []))}"
            + (f", sent {show(each['to'], 60)}" if "to" in each else "")
            for each in value
        )[:600]
    return "left out" if value == ABSENT else str(value)[:300]


def _step(exchange: Exchange) -> dict[str, Any]:
    record = exchange.to_record()
    return {
        "step": exchange.step,
        "kind": exchange.kind,
        "request": {key: record["request"][key] for key in ("method", "url", "headers", "body")},
        "response": record["response"]
        and {
            key: record["response"][key]
            for key in ("status", "http_version", "headers", "body", "size", "truncated", "trouble")
        },
        "failure": record["failure"],
        "seconds": record["seconds"],
        "started": record["started"],
        "curl": curl(exchange.request),
    }


def _matrix(records: RunRecords, findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    broken: dict[str, list[str]] = {}
    for finding in findings:
        broken.setdefault(finding["requirement"], []).append(finding["id"])
    rows = []
    for requirement in REQUIREMENTS.values():
        cases = tested_by()[requirement.id]
        verdicts = {records.results[name].verdict for name in cases if name in records.results}
        if requirement.id in broken:
            outcome = "broken"
        elif not cases:
            outcome = "untested"
        elif "passed" in verdicts or "failed" in verdicts:
            outcome = "held"
        elif verdicts == {"not_applicable"}:
            outcome = "not_applicable"
        else:
            outcome = "not_checked"
        rows.append(
            {
                "id": requirement.id,
                "level": requirement.level,
                "clause": requirement.clause,
                "source": requirement.source,
                "security": requirement.security,
                "cases": cases,
                "outcome": outcome,
                "findings": broken.get(requirement.id, []),
                "untested": requirement.untested,
            }
        )
    return rows


def _counts(cases: list[dict[str, Any]], findings: list[dict[str, Any]]) -> dict[str, int]:
    counts = {
        verdict: sum(case["verdict"] == verdict for case in cases)
        for verdict in ("passed", "failed", "not_applicable", "blocked", "error", "manual")
    }
    counts["findings_must"] = sum(finding["level"] == "must" for finding in findings)
    counts["findings_should"] = sum(finding["level"] == "should" for finding in findings)
    return counts


def _s(items: Iterable[object]) -> str:
    return "" if len(list(items)) == 1 else "s"
