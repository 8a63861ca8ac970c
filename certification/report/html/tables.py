"""The tables: every clause with the cases that test it, every case by category, manual cases, notes."""

from __future__ import annotations

from typing import Any

from certification.report.html.evidence_summary import Survey
from certification.report.html.texts import case_link, case_links, duration, entry, finding_link, shown, word
from certification.report.words import counted

VERDICT_OF = {"broken": "failed", "held": "passed", "not_checked": "blocked"}
"""Outcome of a requirement -> the verdict under which the filter finds it."""


def requirements(report: dict[str, Any], survey: Survey) -> str:
    """Return the requirement matrix."""
    rows = "\n".join(_requirement(row, survey) for row in report["requirements"])
    return (
        '<section id="requirements" class="pc-group"><h2>Requirements</h2>'
        "<p>Every clause of the contract, the cases that test it, and what came of it.</p>"
        '<table class="pc-rows"><thead><tr><th scope="col">Clause</th><th scope="col">Level</th><th scope="col">Outcome</th>'
        f'<th scope="col">Cases</th><th scope="col">Findings, or why not tested</th></tr></thead><tbody>\n{rows}\n'
        "</tbody></table></section>"
    )


def _requirement(row: dict[str, Any], survey: Survey) -> str:
    endpoints = set[str]().union(*(survey.endpoints.get(case, set()) for case in row["cases"]))
    verdict = "advisory" if row["outcome"] == "broken" and row["level"] == "should" else row["outcome"]
    level = word(row["level"]).replace("pc-word-failed", "").replace("pc-word-advisory", "")
    remark = ", ".join(finding_link(finding) for finding in row["findings"]) or shown(row["untested"])
    return (
        f'<tr class="pc-entry" id="requirement-{shown(row["id"])}" '
        f"{entry('clauses', VERDICT_OF.get(verdict, verdict), endpoints)}>"
        f'<th scope="row">{shown(row["clause"])} <span class="pc-soft">({shown(row["id"])}; {shown(row["source"])})</span></th>'
        f"<td>{level}{', ' + word('security') if row['security'] else ''}</td><td>{word(row['outcome'])}</td>"
        f'<td data-name="cases">{case_links(row["cases"])}</td><td>{remark}</td></tr>'
    )


def cases(report: dict[str, Any], survey: Survey) -> str:
    """Return a table of cases for each category."""
    findings: dict[str, list[str]] = {}
    for finding in report["findings"]:
        for name in (finding["case"], *finding["also_in"]):
            findings.setdefault(name, []).append(finding["id"])
    groups: dict[str, list[str]] = {}
    for case in report["cases"]:
        groups.setdefault(case["category"], []).append(_case(case, survey, findings.get(case["id"], [])))
    tables = "\n".join(_category(category, rows) for category, rows in groups.items())
    return f'<section id="cases"><h2>Cases</h2>\n{tables}\n</section>'


def _category(category: str, rows: list[str]) -> str:
    body = "\n".join(rows)
    return (
        f'<div class="pc-group"><h3>{shown(category)}</h3><table class="pc-rows"><thead><tr><th scope="col">Case</th>'
        '<th scope="col">Verdict</th><th scope="col">Reason</th><th scope="col">Took</th><th scope="col">Calls</th>'
        f"</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _case(case: dict[str, Any], survey: Survey, findings: list[str]) -> str:
    links = ", ".join(map(finding_link, findings))
    reason = shown(case["reason"], 600) + (f" ({links})" if links and case["reason"] else links)
    examples = f", {counted(case['examples'], 'example')}" if case["examples"] > 1 else ""
    level = "" if case["level"] == "must" else ", advisory only"
    took = duration(case["seconds"]) if case["seconds"] else ""
    return (
        f'<tr class="pc-entry" id="{shown(case["id"])}" '
        f"{entry('cases', case['verdict'], survey.endpoints.get(case['id'], set()))}>"
        f'<th scope="row"><b>{shown(case["id"])}</b> <details><summary>{shown(case["title"])}</summary>'
        f'<p>{shown(case["steps"])}</p><p class="pc-soft">{shown(case["clause"])}{level}. Tests: '
        f"{', '.join(_requirement_link(name) for name in case['requirements'])}</p></details></th>"
        f'<td>{word(case["verdict"])}</td><td>{reason}</td><td class="pc-number">{shown(took)}</td>'
        f'<td class="pc-number" data-name="calls">{case["exchanges"]:,}{examples}</td></tr>'
    )


def _requirement_link(name: str) -> str:
    return f'<a href="#requirement-{shown(name)}">{shown(name)}</a>'


def manual(report: dict[str, Any]) -> str:
    """Return what persons have to check; empty when the catalogue has no such case."""
    waiting = [case for case in report["cases"] if case["verdict"] == "manual"]
    if not waiting:
        return ""
    items = "".join(
        f"<li>{case_link(case['id'])} {shown(case['title'])}: {shown(case['steps'])}</li>" for case in waiting
    )
    return (
        '<section id="manual"><h2>Manual cases</h2><p>The verdict is about the API. These cases need a person who looks; '
        f'their outcome is not part of this report.</p><ul class="pc-lines">{items}</ul></section>'
    )


def notes(report: dict[str, Any]) -> str:
    """Return what else is worth knowing about the run; empty when there is nothing."""
    run = report["run"]
    remarks = [*report["notes"], *run["contradictions"]]
    if run["throttled"]:
        remarks.append(f"The partner answered 429 to {counted(run['throttled'], 'call')}; they were sent again.")
    if run["left_behind"]:
        remarks.append(
            f"{counted(run['left_behind'], 'connection')} that the run made could not be removed again; the partner's test data holds them."
        )
    if run["interrupted"] and not run["problems"]:
        remarks.append("The run was stopped before its end.")
    if run["processes"] > 1:
        remarks.append(f"{run['processes']} processes shared the cases.")
    if not remarks:
        return ""
    items = "".join(f"<li>{shown(remark, 600)}</li>" for remark in remarks[:200])
    return f'<section id="notes"><h2>Notes</h2><ul>{items}</ul></section>'
