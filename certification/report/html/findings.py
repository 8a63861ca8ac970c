"""The findings: a line for each, and a card with the calls that show it."""

from __future__ import annotations

from typing import Any

from certification.report.html.evidence_summary import Survey
from certification.report.html.texts import (
    case_link,
    case_links,
    code,
    duration,
    entry,
    facts_list,
    finding_link,
    readable,
    shown,
    word,
)

MAX_BODY = 6_000
MAX_EARLIER_BODY = 2_000
MAX_CURL = 12_000
MAX_CALLS = 1_500_000
"""Characters of HTML for the calls in all cards; after that a card shows only its last call, after twice that none."""


def lines(report: dict[str, Any], survey: Survey) -> str:
    """Return a line for each finding, linked to its card."""
    findings = report["findings"]
    if not findings:
        text = "Nothing was checked." if report["run"]["problems"] else "There are no findings."
        return f'<section id="findings"><h2>Findings</h2><p>{text}</p></section>'
    items = "".join(
        f'<li class="pc-entry" {_entry(finding, survey, "lines")}>{finding_link(finding["id"])} {_words(finding)} '
        f"{shown(finding['case'])}: {shown(finding['message'], 300)}</li>"
        for finding in findings
    )
    return f'<section id="findings"><h2>Findings</h2><ul class="pc-lines">{items}</ul></section>'


def cards(report: dict[str, Any], survey: Survey) -> str:
    """Return a card for each finding."""
    findings = report["findings"]
    if not findings:
        return ""
    room = _Room()
    shown_cards = "\n".join(_card(finding, survey, room) for finding in findings)
    return f'<section id="cards"><h2>The findings in detail</h2>\n{shown_cards}\n</section>'


class _Room:
    """Bounds what the calls of all cards take together."""

    def __init__(self) -> None:
        self.taken = 0

    def allows(self, share: int) -> bool:
        return self.taken < MAX_CALLS * share


def _words(finding: dict[str, Any]) -> str:
    return word(finding["level"]) + (f" {word('security')}" if finding["security"] else "")


def _entry(finding: dict[str, Any], survey: Survey, kind: str) -> str:
    verdict = "failed" if finding["level"] == "must" else "advisory"
    return entry(kind, verdict, {survey.steps.get(finding["exchange"], "")} - {""})


def _card(finding: dict[str, Any], survey: Survey, room: _Room) -> str:
    steps = finding["steps"]
    attributes = _entry(finding, survey, "findings")
    parts = [
        f'<article class="pc-card pc-entry pc-{shown(finding["level"])}" id="finding-{shown(finding["id"])}" {attributes}>',
        f"<h3>{shown(finding['id'])} {_words(finding)} {case_link(finding['case'])}: {shown(finding['message'])}</h3>",
        facts_list(_facts(finding)),
    ]
    if steps:
        parts += ["<h4>The call that shows it</h4>", _bounded_step(steps[-1], MAX_BODY, room, 2)]
    if len(steps) > 1:
        earlier = "".join(_bounded_step(step, MAX_EARLIER_BODY, room, 1) for step in steps[:-1])
        parts.append(f"<details><summary>The calls before it ({len(steps) - 1})</summary>{earlier}</details>")
    return "\n".join([*parts, "</article>"])


def _facts(finding: dict[str, Any]) -> list[tuple[str, str]]:
    seen = f"in {finding['seen']:,} of {finding['examples']:,} examples" if finding["examples"] > 1 else ""
    again = (
        f"intermittent: it failed again in {finding['failed_again']} of {finding['tried_again']} more tries"
        if finding["intermittent"]
        else ""
    )
    matters = "; ".join(f"{name}: {value}" for name, value in finding["matters"].items())
    return [
        ("Expected", shown(finding["expected"])),
        ("Found", shown(finding["actual"])),
        ("Clause", f'<a href="#requirement-{shown(finding["requirement"])}">{shown(finding["clause"])}</a>'),
        ("Usual cause", shown(finding["hint"])),
        ("What matters", shown(matters, 1000)),
        ("Seen", shown(seen)),
        ("Again", f"<strong>{shown(again)}</strong>" if again else ""),
        ("Also in", case_links(finding["also_in"], 20)),
        ("Exchange", code(finding["exchange"])),
    ]


def _bounded_step(step: dict[str, Any], limit: int, room: _Room, share: int) -> str:
    if not room.allows(share):
        return f'<p class="pc-soft">{_title(step)}: the call is in report.json and in the evidence.</p>'
    html = _step(step, limit)
    room.taken += len(html)
    return html


def _title(step: dict[str, Any]) -> str:
    response = step["response"]
    answer = response["status"] if response else f"no answer ({_failure(step)['kind']})"
    kind = "" if step["kind"] in step["step"] else f" ({step['kind']})"
    return (
        f"{shown(step['step'] + kind)}: {shown(step['request']['method'])} "
        f"{shown(step['request']['url'], 300)} → {shown(answer)}, {shown(duration(step['seconds']))}"
    )


def _failure(step: dict[str, Any]) -> dict[str, str]:
    """Return why no answer came; the evidence of a stranger may not say so."""
    return step["failure"] or {"kind": "nothing", "message": "neither an answer nor a failure was recorded"}


def _step(step: dict[str, Any], limit: int) -> str:
    request, response = step["request"], step["response"]
    sent = _message(f"{request['method']} {request['url']}", request["headers"], request["body"], limit)
    if response:
        came = _message(
            f"{response['http_version']} {response['status']}", response["headers"], response["body"], limit
        )
        remarks = [response["trouble"]] if response["trouble"] else []
        if response["truncated"]:
            remarks.append(f"the body has {response['size']:,} bytes; the evidence holds the beginning")
        came += f'<p class="pc-soft">{shown("; ".join(remarks))}</p>' if remarks else ""
    else:
        failure = _failure(step)
        came = f"<p>{shown(failure['kind'])}: {shown(failure['message'], 1000)}</p>"
    curl = (
        f"<pre>{shown(step['curl'])}</pre>"
        if len(step["curl"]) <= MAX_CURL
        else "<p>The line is too long for this page; it is in report.json.</p>"
    )
    return (
        f'<div class="pc-step"><p>{_title(step)}</p><div class="pc-pair"><div><h4>Request</h4>{sent}</div>'
        f"<div><h4>Answer</h4>{came}</div></div><h4>Repeat it</h4>{curl}</div>"
    )


def _message(head: str, headers: list[Any], body: str, limit: int) -> str:
    text = "\n".join([head, *(f"{name}: {value}" for name, value in headers)])
    if body:
        text += f"\n\n{readable(body)}"
    return f"<pre>{shown(text, limit + 2_000)}</pre>"
