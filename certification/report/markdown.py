"""The report as a short Markdown summary, for a pull request or the summary page of a job."""

from __future__ import annotations

import re
from typing import Any

from certification.foundation.safe_text import one_line
from certification.report.finding import stands
from certification.report.verdict import CERTIFICATES
from certification.report.words import CASE, LEVEL, RUN, WAIVER, counted, limits, sign_off_words, validity_words

MAX_FINDINGS = 50
"""So many findings are listed; the page lists them all."""

MAX_FIRST = 3
"""So many are shown with what was expected and found."""

_SPECIAL = re.compile(r"[!#$&*<>@\[\\\]^`{|}~]|:(?=\S)|(?<![^\W_])_|_(?![^\W_])|(?i:(?<=www)\.)")
"""ASCII punctuation that may mean something; a colon before a space and an underscore inside a word do not."""


def markdown(report: dict[str, Any]) -> str:
    """Return verdict, counts and findings as GitHub-flavoured Markdown.

    Whatever comes from the partner is written so that it shows as it is: no markup, no link, no mention, no table cell.
    """
    partner, run, counts = report["partner"], report["run"], report["counts"]
    lines = [
        f"## Partner Connect certification: {RUN.get(report['verdict'], 'unknown')}",
        "",
        f"**{literal(report['headline'])}**",
        "",
        f"Partner: {literal(partner['name'], 120)} at {literal(partner['url'])}, API version {literal(partner['api_version'])}  ",
        f"Run: {literal(run['id'])}, started {literal(run['started'])}, profile {literal(run['profile'])}, seed {literal(run['seed'])}, suite {literal(report['suite']['version'])}",
        "",
    ]
    if run["problems"]:
        lines += ["The run could not start:", ""]
        lines += [
            f"- {literal(problem['where'])}: {literal(problem['what'])} {literal(problem['remedy'])}"
            for problem in run["problems"]
        ]
        lines.append("")
    lines += [
        "| " + " | ".join(CASE.values()) + " | requests |",
        "|" + " ---: |" * (len(CASE) + 1),
        "| " + " | ".join(str(counts[verdict]) for verdict in CASE) + f" | {run['requests']} |",
        "",
    ]
    change = report.get("since")
    if change:
        lines += [f"Since the run before: {len(change['fixed'])} fixed, {len(change['new'])} new.", ""]
    lines += _waivers(report)
    lines += _certificate(report)
    if report["verdict"] in CERTIFICATES and report.get("readiness"):
        lines += ["Not ready to submit:", "", *(f"- {literal(lack['text'])}" for lack in report["readiness"]), ""]
    lines += _findings(report["findings"])
    lines += [
        f"The verdict is about the API; {counted(counts['manual'], 'manual case')} a person has to carry out.",
        "",
        "In the report folder: `report.html` (the page for people), `report.json`, `junit.xml`, `evidence.har`, `evidence/`.",
        "",
    ]
    return "\n".join(lines)


def _waivers(report: dict[str, Any]) -> list[str]:
    waivers = report.get("waivers", [])
    if not waivers:
        return []
    lines = ["### Waivers", "", f"Without them: {literal(report['without_waivers']['headline'])}", ""]
    lines += ["| waiver | allows | reason | asked by | approved by | until | in this run |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    for waiver in waivers:
        detail = f" ({waiver['detail']})" if waiver["detail"] else ""
        cells = (
            waiver["id"],
            f"{waiver['requirement']} of {waiver['operation']}{detail}",
            waiver["reason"],
            *(f"{each['by']}, {each['organisation']}, {each['on']}" for each in (waiver["asked"], waiver["approved"])),
            waiver["until"],
            ", ".join([WAIVER.get(waiver["state"], waiver["state"]), *waiver["findings"]]),
        )
        lines.append("| " + " | ".join(literal(cell) for cell in cells) + " |")
    return [*lines, ""]


def _certificate(report: dict[str, Any]) -> list[str]:
    """Return what the certificate of a run stands for, and what not; nothing for a run that is none."""
    if not report.get("validity"):
        return []
    return [
        "### Certificate",
        "",
        f"- Valid until {literal(validity_words(report['validity']))}.",
        f"- Sign-offs: {literal(sign_off_words(), 400)}.",
        *(f"- No statement {literal(text)}." for text in limits(report)),
        "",
    ]


def _findings(findings: list[dict[str, Any]]) -> list[str]:
    """Return the findings in the order in which they are to be repaired; the first few with what was expected and found."""
    if not findings:
        return ["No findings.", ""]
    lines = ["| id | level | cases | finding | clause |", "| --- | --- | ---: | --- | --- |"]
    for finding in findings[:MAX_FINDINGS]:
        level = LEVEL.get(finding["level"], "") + (", security" if finding["security"] else "")
        level += f", waived by {finding['waiver']}" if finding["waiver"] else ""
        cells = (finding["id"], level, len(finding["cases"]), finding["message"], finding["clause"])
        lines.append("| " + " | ".join(literal(cell) for cell in cells) + " |")
    left = len(findings) - MAX_FINDINGS
    if left > 0:
        lines += ["", f"{counted(left, 'more finding')} in `report.html`."]
    first = [finding for finding in findings if stands(finding)][:MAX_FIRST]
    if first:
        lines += ["", "### Fix these first", ""]
    for finding in first:
        lines += [
            f"1. **{literal(finding['id'])}** {literal(finding['message'])}  ",
            f"   expected: {literal(finding['expected'])}  ",
            f"   found: {literal(finding['actual'])}",
        ]
    return [*lines, ""]


def literal(text: object, limit: int = 300) -> str:
    """Return ``text`` on one line, with each character that means something in Markdown or HTML as a reference."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", one_line(text, limit))
