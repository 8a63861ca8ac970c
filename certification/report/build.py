"""From the evidence to the report: one function builds what every output shows.

HTML, JSON, JUnit, Markdown, terminal and exit status all come from :func:`build_report`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from certification.cases.case import Case
from certification.cases.catalogue import catalogue, catalogue_digest
from certification.config.partner import PartnerConfig
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act
from certification.foundation.reason import Reason
from certification.foundation.typed_json import to_json
from certification.report.around import readiness, since
from certification.report.finding import MAX_PLACES, finding_entry, is_shown
from certification.report.matrix import matrix
from certification.report.people import people_of, seen_clauses
from certification.report.read import Recomputed, RunRecords, exchanges, read_run
from certification.report.standing import validity, waivers_of
from certification.report.verdict import judged
from certification.report.words import reason_words
from certification.run.findings import Finding
from certification.run.judge import Purpose
from certification.run.waiving import WAIVED

REPORT_FORMAT = 2
"""Version of ``report.json``; raised when an older reader would misread a newer one."""


def build_report(folder: Path, recomputed: Recomputed | None = None) -> dict[str, Any]:
    """Return the report of the run whose evidence is in ``folder``, as JSON-ready data.  See ``schemas/report.json``."""
    came = judged(read_run(folder, recomputed))
    records, found, verdict = came.records, came.findings, came.verdict
    chains, statistics = _calls(folder, found)
    entries = [finding_entry(number, finding, chains) for number, finding in enumerate(found, 1)]
    met = _met(found)
    run = records.run
    config = PartnerConfig(run.config, run.config_source, trial=run.trial)
    cases = [_case(records, case, met.get(case.id, [])) for case in catalogue().values()]
    change = since(records, found, entries)
    lacks = readiness(records)
    stands = validity(came)
    people = people_of(records.attested, config.digest, run.suite.version)
    without = {"verdict": came.without.name, "headline": came.without.headline}
    return {
        "format": REPORT_FORMAT,
        "verdict": verdict.name,
        "headline": verdict.headline,
        "exit_status": verdict.exit_status,
        "suite": {**to_json(run.suite), "catalogue": catalogue_digest()},
        "partner": {
            "name": config.name,
            "url": run.url,
            "base_url": config.base_url,
            "api_version": config.api_version,
            "config": config.digest,
            "config_source": config.source,
            "trial": config.trial,
        },
        "run": {
            "id": run.id,
            "started": run.started,
            "finished": records.end.finished if records.end else "",
            "seed": run.seed,
            "profile": run.profile,
            "narrowed_by": list(records.narrowed_by),
            "challenge": run.challenge,
            "interrupted": records.stopped,
            "processes": max(1, records.workers),
            "problems": [to_json(problem) for problem in records.problems],
            "contradictions": records.contradictions,
            **statistics,
        },
        "notes": list(run.notes),
        "counts": _counts(cases, entries),
        "cases": cases,
        "findings": entries,
        "requirements": matrix(records, _broken(found), seen_clauses(records.attested, config, run.suite.version)),
        "config": run.config,
        **({"since": change} if change else {}),
        **({"readiness": lacks} if lacks else {}),
        **({"validity": stands} if stands else {}),
        **({"attestations": people} if people else {}),
        **({"waivers": waivers_of(came), "without_waivers": without} if records.waivers else {}),
    }


def _case(records: RunRecords, case: Case, met: Sequence[str]) -> dict[str, Any]:
    result = records.results.get(case.id)
    if case.manual:
        verdict, reason = "manual", reason_words(Reason("pending"))
    elif result is None:
        verdict, reason = _missing(records, case)
    elif result.verdict in {"failed", WAIVED}:
        verdict, reason = result.verdict, ", ".join(met)
    else:
        verdict, reason = result.verdict, reason_words(result.reason)
    executions = [each for each in records.executions.get(case.id, []) if each.purpose is Purpose.EXAMPLE]
    looked_at = list(dict.fromkeys(name for each in executions for name in each.looked_at()))
    levels = {REQUIREMENTS[name].level for name in looked_at}
    return {
        "id": case.id,
        "title": case.title,
        "category": case.category,
        "level": ("must" if "must" in levels else "should") if levels else case.level,
        "verdict": verdict,
        "reason": reason,
        "seconds": records.seconds.get(case.id, 0.0),
        "exchanges": result.exchanges if result else 0,
        "examples": result.executions if result else 0,
        "planned": records.planned.get(case.id, 0),
        "steps": case.steps,
        "clause": case.clause,
        "requirements": [name for name in REQUIREMENTS if name in looked_at] or list(case.requirements),
        "findings": list(met),
    }


def _missing(records: RunRecords, case: Case) -> tuple[str, str]:
    if records.problems:
        return "not_run", reason_words(Reason("could-not-start"))
    if case.id not in records.selected:
        narrowed = ", ".join(records.narrowed_by)
        return "not_run", reason_words(Reason("narrowed", {"by": narrowed}) if narrowed else Reason("stopped"))
    if records.stopped:
        return "not_run", reason_words(Reason("stopped"))
    return "error", reason_words(Reason("process-ended"))


def _met(found: Sequence[Finding]) -> dict[str, list[str]]:
    """Return, for each case, the ids of the findings that it meets."""
    met: dict[str, list[str]] = {}
    for number, finding in enumerate(found, 1):
        for case in finding.cases():
            met.setdefault(case, []).append(f"F{number}")
    return met


def _broken(found: Sequence[Finding]) -> dict[str, list[str]]:
    """Return, for each requirement that did not hold, the ids of the findings in which that shows."""
    broken: dict[str, list[str]] = {}
    for number, finding in enumerate(found, 1):
        for each in (finding, *finding.consequences):
            ids = broken.setdefault(each.cause[0], [])
            if f"F{number}" not in ids:
                ids.append(f"F{number}")
    return broken


def _calls(folder: Path, found: Sequence[Finding]) -> tuple[dict[tuple[str, str], list[Exchange]], dict[str, Any]]:
    """Return the calls of the executions that findings show, and the statistics of all calls, in one pass."""
    wanted: dict[tuple[str, str], list[Exchange]] = {}
    for finding in found:
        for place in (finding.shown, *finding.places[:MAX_PLACES]):
            wanted.setdefault((place.execution.case, place.execution.id), [])
    times: dict[str, list[float]] = {}
    throttled = left = 0
    for exchange in exchanges(folder):
        chain = wanted.get((exchange.case, exchange.execution))
        if chain is not None and is_shown(exchange):
            chain.append(exchange)
        times.setdefault(exchange.request.operation, []).append(exchange.seconds)
        throttled += exchange.throttled
        left += exchange.act is Act.CLEAN_UP and exchange.status not in {200, 404}
    latency = {
        name: {
            "calls": len(each),
            **{f"p{share}": _percentile(each, share) for share in (50, 90, 99)},
            "max": round(max(each), 4),
        }
        for name, each in sorted(times.items())
    }
    statistics = {
        "requests": sum(len(each) for each in times.values()),
        "throttled": throttled,
        "left_behind": left,
        "latency": latency,
    }
    return wanted, statistics


def _percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 4)


def _counts(cases: list[dict[str, Any]], entries: list[dict[str, Any]]) -> dict[str, int]:
    verdicts = ("passed", "failed", WAIVED, "not_applicable", "blocked", "not_run", "error", "manual")
    counts = {verdict: sum(case["verdict"] == verdict for case in cases) for verdict in verdicts}
    counts["findings_must"] = sum(entry["level"] == "must" and not entry["waiver"] for entry in entries)
    counts["findings_waived"] = sum(bool(entry["waiver"]) for entry in entries)
    counts["findings_should"] = sum(entry["level"] == "should" for entry in entries)
    return counts
