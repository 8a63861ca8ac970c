"""A finding as the report shows it: what is wrong, where it was met, what was sent and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from certification.client.authentication import SCHEMES
from certification.contract.requirements import REQUIREMENTS
from certification.contract.validation import show
from certification.databricks.requests import ABSENT
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act, When
from certification.generate.programs import tell
from certification.report.hints import hint_for
from certification.report.repeat import curl, script
from certification.report.words import step_title, step_words
from certification.run.findings import Finding, Place

CHAIN_LIMIT = 40
"""So many calls before the one that is wrong are shown in full."""

SCRIPT_LIMIT = 200
"""A chain of more calls is no script that somebody reads."""

MAX_PLACES = 40
MAX_WORDS = 600
SHORT_BODY = 300

Chains = Mapping[tuple[str, str], Sequence[Exchange]]
"""(case, execution) -> its calls, clean-up left out."""


def finding_entry(number: int, finding: Finding, chains: Chains) -> dict[str, Any]:
    """Return finding ``number`` as JSON-ready data (see ``schemas/report.json``)."""
    requirement = REQUIREMENTS[finding.cause[0]]
    shown = finding.shown
    chain = chains.get((shown.execution.case, shown.execution.id), [])
    place = next((at for at, exchange in enumerate(chain) if exchange.number == shown.seen.call), len(chain) - 1)
    whole, chain = chain, chain[max(0, place + 1 - CHAIN_LIMIT) : place + 1]
    last = chain[-1] if chain else None
    entry = {
        "id": f"F{number}",
        "requirement": requirement.id,
        "level": requirement.level,
        "security": requirement.security,
        "waiver": finding.waiver,
        "subject": shown.seen.subject,
        "detail": shown.seen.detail,
        "message": _titled(step_title(last.act, last.when), shown.seen.message) if last else shown.seen.message,
        "expected": shown.seen.expected,
        "actual": shown.seen.actual,
        "clause": requirement.clause,
        "source": requirement.source,
        "hint": hint_for(shown.seen),
        "cause": list(finding.cause),
        "case": finding.case,
        "execution": shown.execution.id,
        "call": shown.seen.call,
        "step": step_words(last) if last else "",
        "places": [_place(each, chains) for each in finding.places[:MAX_PLACES]],
        "cases": finding.cases(),
        "stops": finding.stopped(),
        "consequences": [
            {
                "requirement": each.cause[0],
                "cause": list(each.cause),
                "message": each.shown.seen.message,
                "cases": each.cases(),
            }
            for each in finding.consequences
        ],
        "seen": sum(each.execution.case == finding.case for each in finding.places),
        "examples": finding.examples,
        "intermittent": finding.intermittent,
        "tried_again": finding.tries,
        "failed_again": finding.failed_again,
        "matters": matters(shown, whole),
        "steps": [_step(exchange) for exchange in chain],
        "curl": curl(last.request) if last else "",
        "script": script(whole[: place + 1], f"expected: {shown.seen.expected}; it was: {shown.seen.actual}")
        if place < SCRIPT_LIMIT
        else "",
    }
    return {**entry, "text": _text(entry)}


def kind(entry: Mapping[str, Any]) -> str:
    """Return what a finding means for the certificate: ``required``, ``required, waived by W1``, or ``advice``."""
    waived = f", waived by {entry['waiver']}" if entry["waiver"] else ""
    return ("required" if entry["level"] == "must" else "advice") + waived


def stands(entry: Mapping[str, Any]) -> bool:
    """Return whether a finding costs the certificate."""
    return entry["level"] == "must" and not entry.get("waiver")


def matters(place: Place, chain: Sequence[Exchange]) -> dict[str, str]:
    """Return what of the example's shape matters, in words; of lists that are tried one by one, only what was at fault."""
    words = {}
    for name, value in place.execution.shape.items():
        if name == "credentials":
            names = [exchange.request.authorization for exchange in chain if exchange.number == place.seen.call]
            wrong = [each for each in names if each in value] or value
            words[name] = "; ".join(SCHEMES[each].title for each in wrong)[:MAX_WORDS]
        elif name == "mistakes":
            tried = [exchange.number for exchange in chain if exchange.when is When.WRONG_FIELD]
            at = tried.index(place.seen.call) if place.seen.call in tried else -1
            chosen = [value[at]] if 0 <= at < len(value) else value
            words[name] = "; ".join(_mistake(each) for each in chosen)[:MAX_WORDS]
        else:
            words[name] = _matters(name, value)
    return words


def _mistake(mistake: Mapping[str, Any]) -> str:
    sent = f", sent {show(mistake['to'], 60)}" if "to" in mistake else ""
    return f"{mistake['kind']} at /{'/'.join(mistake.get('at', []))}{sent}"


def _matters(name: str, value: Any) -> str:
    if name == "program":
        return tell(value)[:MAX_WORDS]
    if isinstance(value, dict) and "kind" in value and "value" in value:
        return f"{value['kind']}: {show(value['value'], 200)}"
    return "left out" if value == ABSENT else str(value)[:300]


def _place(place: Place, chains: Chains) -> dict[str, Any]:
    chain = chains.get((place.execution.case, place.execution.id), [])
    call = next((exchange for exchange in chain if exchange.number == place.seen.call), None)
    return {
        "case": place.execution.case,
        "execution": place.execution.id,
        "call": place.seen.call,
        "step": step_title(call.act, call.when) if call else "",
        "matters": matters(place, chain),
        "count": place.times,
    }


def _step(exchange: Exchange) -> dict[str, Any]:
    record = exchange.to_record()
    return {
        "number": exchange.number,
        "step": step_title(exchange.act, exchange.when),
        "act": exchange.act.value,
        "when": exchange.when.value,
        "request": {key: record["request"][key] for key in ("method", "url", "headers", "body", "charset")},
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


def _titled(step: str, message: str) -> str:
    """Return ``message`` with the step before it, unless it begins with it."""
    return message if message.startswith(f"{step} ") else f"{step}: {message}"


def sent(entry: Mapping[str, Any]) -> str:
    """Return the body of the call at which a finding shows, where it is short enough to stand beside the answer."""
    body = next((step["request"]["body"] for step in entry["steps"] if step["number"] == entry["call"]), "")
    return body if len(body) <= SHORT_BODY else ""


def _text(entry: Mapping[str, Any]) -> str:
    """Return all that is needed to repair the finding as one block of plain text."""
    lines = [
        f"{entry['id']} ({kind(entry)}): {entry['message']}",
        f"Expected: {entry['expected']}",
        f"Actual: {entry['actual']}",
        f"Clause: {entry['clause']} ({entry['source']}; requirement {entry['requirement']})",
    ]
    if entry["hint"]:
        lines.append(f"Usual cause: {entry['hint']}")
    if entry["matters"]:
        lines.append("It matters: " + "; ".join(f"{name}: {value}" for name, value in entry["matters"].items()))
    lines.append("Calls: " + ", ".join(_call_line(step) for step in entry["steps"][-8:]))
    last = entry["steps"][-1] if entry["steps"] else None
    if last is not None:
        lines.append(f"Request: {last['request']['method']} {last['request']['url']}")
        if last["request"]["body"]:
            lines.append(f"Request body: {last['request']['body'][:2000]}")
        if last["response"]:
            lines.append(f"Answer: {last['response']['status']} {last['response']['body'][:2000]}")
        lines.append(f"Repeat: {entry['curl']}")
    return "\n".join(lines)


def _call_line(step: Mapping[str, Any]) -> str:
    answer = step["response"]["status"] if step["response"] else (step["failure"] or {}).get("kind", "no answer")
    return f"{step['number']}. {step['step']} → {answer}"


def is_shown(exchange: Exchange) -> bool:
    """Return whether a call belongs into a chain: neither clean-up nor a call that had to wait."""
    return exchange.act is not Act.CLEAN_UP and not exchange.throttled
