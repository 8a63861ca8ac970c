"""The certificate: what a manager reads, on one printed sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from certification.report.html.evidence_summary import Survey
from certification.report.html.texts import case_links, code, duration, facts_list, moment, shown
from certification.report.words import RUN, counted

MAX_REASONS = 8
MAX_NAMES = 10
MAX_PROBLEMS = 12

MEANING = {
    "conformant": "The partner's API does everything that Partner Connect requires of it, as far as this suite can test it.",
    "conformant_with_advisories": "The partner's API does everything that Partner Connect requires of it, as far as this suite can test it. Some of it could be done better.",
    "not_conformant": "The partner's API breaks requirements of Partner Connect. Each of them is a finding below, with the call that shows it; all required ones have to be corrected.",
    "incomplete": "This run certifies nothing: not everything that has to be checked was checked.",
}
COLOUR = {
    "conformant": "pc-good",
    "conformant_with_advisories": "pc-good",
    "not_conformant": "pc-bad",
    "incomplete": "pc-warn",
}
MARK = {"conformant": "✓", "conformant_with_advisories": "✓", "not_conformant": "✗", "incomplete": "…"}


def certificate(report: dict[str, Any], survey: Survey) -> str:
    """Return the first section of the page."""
    verdict, problems = report["verdict"], report["run"]["problems"]
    parts = [
        f'<section class="pc-certificate {COLOUR.get(verdict, "")}" id="certificate" aria-label="Certificate">',
        '<p class="pc-soft">Certification of a Databricks Partner Connect API</p>',
        f"<h1>{shown(report['partner']['name'], 100)}</h1>",
        f'<p class="pc-verdict" id="verdict" data-verdict="{shown(verdict)}">',
        f'<span aria-hidden="true">{MARK.get(verdict, "")}</span> {shown(RUN.get(verdict, verdict))}</p>',
        f"<p><strong>{shown(_sentence(report['headline']), 400)}</strong></p>",
        f"<p>{shown(MEANING.get(verdict, ''))}</p>",
    ]
    if problems:
        parts.append(_problems(problems))
    else:
        parts.append(_counts(report))
    parts += [_facts(report), "" if problems else _untested(report), _digests(report, survey), _verify(), "</section>"]
    return "\n".join(filter(None, parts))


def _sentence(headline: str) -> str:
    """Return the headline without the name of the verdict, which stands above it."""
    name, colon, rest = headline.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and name in {"Conformant", "Not conformant", "Incomplete"} else headline


def _problems(problems: list[dict[str, str]]) -> str:
    items = "".join(
        f"<li><strong>{shown(problem['where'], 200)}</strong>: {shown(problem['what'], 400)}<br>{shown(problem['remedy'], 400)}</li>"
        for problem in problems[:MAX_PROBLEMS]
    )
    left = len(problems) - MAX_PROBLEMS
    more = f"<p>{counted(left, 'more problem')} in report.json.</p>" if left > 0 else ""
    return f"<h2>What has to be put right before a run can start</h2><ul>{items}</ul>{more}"


def _counts(report: dict[str, Any]) -> str:
    counts = report["counts"]
    numbers = (
        (counts["findings_must"], "required finding", "required findings"),
        (counts["findings_should"], "advisory", "advisories"),
        (counts["passed"], "case passed", "cases passed"),
        (counts["failed"], "failed", "failed"),
        (counts["blocked"], "blocked", "blocked"),
        (counts["not_applicable"], "not applicable", "not applicable"),
        (counts["error"], "suite error", "suite errors"),
        (counts["manual"], "manual, pending", "manual, pending"),
        (report["run"]["requests"], "request", "requests"),
    )
    items = "".join(f"<li><b>{number:,}</b> {one if number == 1 else many}</li>" for number, one, many in numbers)
    return f'<ul class="pc-counts">{items}</ul>'


def _facts(report: dict[str, Any]) -> str:
    partner, run, suite = report["partner"], report["run"], report["suite"]
    elsewhere = "" if partner["base_url"] == partner["url"] else f"; the config names {code(partner['base_url'], 120)}"
    source = "documented defaults, no config" if partner["trial"] else f"from {shown(partner['config_source'], 80)}"
    finished = f" to {shown(moment(run['finished'])[-12:])}" if run["finished"] else ", never finished"
    return facts_list(
        (
            ("Endpoint", code(partner["url"], 160) + elsewhere),
            ("API version", f"{shown(partner['api_version'], 40)} ({source})"),
            ("When", shown(moment(run["started"]), 60) + finished + _took(run)),
            ("Run", f"{code(run['id'], 130)}, profile {shown(run['profile'])}, seed {code(run['seed'])}"),
            ("Narrowed by", shown(", ".join(run["narrowed_by"]), 200)),
            ("Suite", f"{shown(suite['name'])} {shown(suite['version'])}, Python {shown(suite.get('python', ''))}"),
        )
    )


def _took(run: dict[str, Any]) -> str:
    try:
        seconds = (datetime.fromisoformat(run["finished"]) - datetime.fromisoformat(run["started"])).total_seconds()
    except (TypeError, ValueError):
        return ""
    return f" ({duration(seconds)})"


def _untested(report: dict[str, Any]) -> str:
    reasons: dict[tuple[str, str], list[str]] = {}
    for verdict in ("error", "blocked", "not_applicable"):
        for case in report["cases"]:
            if case["verdict"] == verdict:
                reasons.setdefault((verdict, case["reason"]), []).append(case["id"])
    lines = [
        f"<li>{case_links(cases, MAX_NAMES)}: {shown(reason, 160)}</li>"
        for (_, reason), cases in list(reasons.items())[:MAX_REASONS]
    ]
    left = sum(len(cases) for cases in list(reasons.values())[MAX_REASONS:])
    if left:
        lines.append(f"<li>{counted(left, 'more case')}: see the cases below</li>")
    manual = report["counts"]["manual"]
    if manual:
        lines.append(
            f'<li><a href="#manual">{counted(manual, "manual case")}</a>: the verdict is about the API; these wait for a person</li>'
        )
    clauses = sum(row["outcome"] == "untested" for row in report["requirements"])
    if clauses:
        lines.append(
            f'<li><a href="#requirements">{counted(clauses, "clause")}</a>: cannot be tested from outside; the matrix says why</li>'
        )
    if not lines:
        return ""
    return f"<h2>What was not tested, and why</h2><ul>{''.join(lines)}</ul>"


def _digests(report: dict[str, Any], survey: Survey) -> str:
    return "<h2>Digests (SHA-256)</h2>" + facts_list(
        (
            ("Case catalogue", code(report["suite"]["catalogue"])),
            ("Partner config", code(report["partner"]["config"])),
            ("Evidence", code(survey.digest)),
        )
    )


def _verify() -> str:
    return (
        "<h2>How to verify</h2><p>"
        "<code>partner-connect verify</code> with the report folder or the bundle made of it computes the verdict again "
        "from the recorded calls, without the partner and without trusting this page. "
        "<code>partner-connect rerun</code> runs the whole suite again.</p>"
    )
