"""What the terminal shows, line by line: the words of the report, as wide as the terminal and never longer than a screen.

Only what is printed at the end with ``-v`` has no bound.  Each line is text with the markup that pytest's writer knows;
what a partner or a stranger wrote is made visible first, so that it cannot steer the terminal.
"""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certification.contract.requirements import REQUIREMENTS
from certification.foundation.safe_text import clip, one_line, visible
from certification.report.finding import kind, sent, stands
from certification.report.hints import hint_for
from certification.report.verdict import CERTIFICATES
from certification.report.words import CASE, WAIVER, counted, waiver_words

if TYPE_CHECKING:
    from certification.databricks.context import Context
    from certification.evidence.observation import Observation
    from certification.run.judge import CaseResult

Line = tuple[str, dict[str, bool]]
"""Text, and how pytest's terminal writer marks it up."""

COLOURS: dict[str, dict[str, bool]] = {
    "passed": {"green": True},
    "failed": {"red": True},
    "waived": {"yellow": True},
    "error": {"purple": True},
    "blocked": {"yellow": True},
    "not_run": {"yellow": True},
    "not_applicable": {"cyan": True},
    "manual": {"cyan": True},
    "conformant": {"green": True},
    "conformant_with_advisories": {"green": True},
    "conformant_with_waivers": {"yellow": True},
    "not_conformant": {"red": True},
    "incomplete": {"yellow": True},
}
"""Verdict of a case or of a run -> its colour."""

FIRST = 3
"""So many findings are shown at the end; the page shows them all."""

SCREEN = 24
"""Lines of the summary at the end; what is not in it stands in the report."""

MAX_REASONS = 3
MAX_NAMES = 6
MAX_NOTES = 4
MAX_WAIVERS = 3
SHOWN_STEPS = 8
NARROWEST, WIDEST = 40, 110


def header(context: Context, notes: list[str], folder: str, width: int) -> list[Line]:
    """Return the lines that say what is about to be certified."""
    config = context.config
    source = "no partner config, a trial run: useful findings, no certificate" if config.trial else config.source
    lines: list[Line] = [
        ("Partner Connect certification", {"bold": True}),
        (f"{config.name} at {context.url}, API version {config.api_version} ({source})", {}),
        (f"profile {context.profile}, seed {context.seed}, run {context.run_id}, report in {folder}", {}),
    ]
    lines = _wrapped(lines, width)
    room = 2 * _bounded(width) - 16
    shown: list[Line] = [(one_line(f"note: {note}", room), {"yellow": True}) for note in notes[:MAX_NOTES]]
    lines += _wrapped(shown, width, "      ")
    if len(notes) > MAX_NOTES:
        lines.append((f"note: {counted(len(notes) - MAX_NOTES, 'more note')} in the report", {"yellow": True}))
    return [*lines, ("", {})]


def case_line(
    case: str, title: str, verdict: str, reason: str, seconds: float, width: int
) -> list[tuple[str, dict[str, bool]]]:
    """Return the line of a case that is over, in parts: id and title, verdict, and why or how long."""
    width = _bounded(width)
    room = max(16, min(52, width - 24))
    rest = ""
    if reason and verdict in {"blocked", "not_applicable", "error"}:
        rest = reason
    elif seconds >= 5:
        rest = f"{seconds:.0f} s"
    word = CASE.get(verdict, verdict)
    start = f"{case:<5} {clip(one_line(title), room):<{room}}  "
    left = width - len(start) - len(word) - 2
    parts: list[tuple[str, dict[str, bool]]] = [(start, {}), (word, COLOURS.get(verdict, {}))]
    if rest and left >= 8:
        parts.append((f"  {one_line(rest, left)}", {}))
    return parts


def live_line(
    running: str, done: int, cases: int, requests: int, seconds: float, left: float | None, width: int
) -> str:
    """Return the line that says what is going on: case, cases done, requests, rate, time left."""
    facts = [f"{done} of {cases} done", counted(requests, "request")]
    if seconds >= 1:
        facts.append(f"{requests / seconds:.0f}/s")
    if left is not None:
        facts.append(f"about {_roughly(left)} left")
    text = " · ".join(facts)
    room = _bounded(width) - len(text) - 5
    return f"{one_line(running, room)}  · {text}" if room >= 6 else one_line(text, _bounded(width) - 1)


def _roughly(seconds: float) -> str:
    if seconds < 10:
        return "10 s"
    if seconds < 90:
        return f"{round(seconds / 10) * 10} s"
    return f"{round(seconds / 60)} min"


STATUS = {
    "passed": ("passed", ".", "PASSED"),
    "failed": ("failed", "F", "FAILED"),
    "waived": ("failed but waived", "w", "WAIVED"),
    "not_applicable": ("not applicable", "n", "NOT APPLICABLE"),
    "not_run": ("not run", "-", "NOT RUN"),
    "blocked": ("blocked", "b", "BLOCKED"),
    "error": ("suite error", "E", "SUITE ERROR"),
    "manual": ("manual", "m", "MANUAL"),
}
"""Verdict of a case -> category, letter and word, as pytest's own reporter wants them."""


def status(facts: dict[str, Any], when: str, *, shown: bool) -> tuple[str, str, Any] | None:
    """Return how pytest counts the outcome of a case, and shows it unless somebody else does; None for all else."""
    if not facts:
        return None
    category, letter, word = STATUS[facts["verdict"]]
    if when != "call":
        return "", "", ""
    return (category, letter, (word, COLOURS[facts["verdict"]])) if shown else (category, "", "")


def unpublished(reason: str, folder: Path) -> list[Line]:
    """Return the lines of a run whose report could not be written."""
    text = f"What was recorded is kept in {folder / 'evidence'}. Make the rest of it when there is room: partner-connect report {folder}"
    return [(visible(reason), {"yellow": True}), (visible(text), {})]


def case_text(result: CaseResult) -> str:
    """Return what a failed case has to say, for pytest's own reports."""
    return "\n\n".join(_short(seen) for seen in result.required)


def _short(seen: Observation) -> str:
    requirement = REQUIREMENTS[seen.requirement]
    return visible(
        f"{requirement.level.upper()} {seen.message}\n"
        f"expected: {seen.expected}\n"
        f"actual:   {seen.actual}\n"
        f"clause:   {requirement.clause} ({requirement.source})"
        + (f"\nhint:     {hint}" if (hint := hint_for(seen)) else "")
    )


def summary(report: dict[str, Any], folder: Path, moved: Path | None, width: int) -> list[Line]:
    """Return at most a screenful: the verdict, what to repair first, what could not be checked, where the rest is."""
    width = _bounded(width)
    colour = COLOURS.get(report["verdict"], {})
    lines = _wrapped([(report["headline"], {**colour, "bold": True})], width)
    page: Line = (f"report  {folder / 'report.html'}", {})
    if report["run"]["problems"]:
        return [(visible(text), markup) for text, markup in (*lines, page)]
    lines += _wrapped([(_counts(report), {})], width)
    if not report["run"]["requests"] or not any(case["exchanges"] for case in report["cases"]):
        lines.append(("pytest --collect-only, with the same options, lists the cases that it would run", {}))
    change = report.get("since")
    if change:
        hidden = " (the fixed ones may have hidden them)" if change["fixed"] and change["new"] else ""
        text = f"since the run before: {len(change['fixed'])} fixed, {len(change['new'])} new{hidden}"
        lines += _wrapped([(text, {})], width)
    lines += _waivers(report, width)
    lines += _readiness(report, width)
    after = [*_unchecked(report, width), ("", {}), page]
    if report["findings"]:
        finding = report["findings"][0]
        words = [
            "partner-connect",
            "replay",
            str(folder),
            "--finding",
            finding["id"],
            "--url",
            report["partner"]["url"],
        ]
        again = shlex.join(words)
        after += [(f"again   {again}", {}), (f"why     partner-connect explain {finding['requirement']}", {})]
    if moved is not None:
        after.append((f"before  {moved}", {}))
    lines += [*_first(report, width, SCREEN - len(lines) - len(after)), *after]
    return [(visible(text), markup) for text, markup in lines]


def _counts(report: dict[str, Any]) -> str:
    counts, run = report["counts"], report["run"]
    always = ("passed", "failed")
    parts = [
        f"{counts[verdict]} {CASE[verdict]}"
        for verdict in ("passed", "failed", "waived", "error", "blocked", "not_run", "not_applicable", "manual")
        if counts[verdict] or verdict in always
    ]
    return f"{', '.join(parts)}; {counted(run['requests'], 'request')}"


def _waivers(report: dict[str, Any], width: int) -> list[Line]:
    """Return what the waivers allow, who approved it and until when, and the verdict without them."""
    lines: list[Line] = []
    for waiver in report.get("waivers", [])[:MAX_WAIVERS]:
        text = f"waiver {waiver['id']}: {WAIVER[waiver['state']]}; {waiver_words(waiver)}"
        lines.append((one_line(text, 2 * width - 8), {"yellow": True}))
    left = len(report.get("waivers", [])) - MAX_WAIVERS
    if left > 0:
        lines.append((f"{counted(left, 'more waiver')} in the report", {"yellow": True}))
    if lines and report["without_waivers"]["verdict"] != report["verdict"]:
        lines.append((f"without waivers: {one_line(report['without_waivers']['headline'], 2 * width - 24)}", {}))
    return _wrapped(lines, width)


def _readiness(report: dict[str, Any], width: int) -> list[Line]:
    reasons = report.get("readiness", [])
    if not reasons or report["verdict"] not in CERTIFICATES:
        return []
    text = "; ".join(reason["text"].rstrip(".") for reason in reasons)
    return _wrapped([(one_line(f"Not ready to submit: {text}", width * 4 - 24), {"yellow": True})], width)


def _first(report: dict[str, Any], width: int, room: int) -> list[Line]:
    """Return what to repair first, in at most ``room`` lines: some findings in full, then titles of the rest."""
    findings = report["findings"]
    if not findings:
        return []
    required = [finding for finding in findings if stands(finding)]
    waived = not required and bool(findings[0]["waiver"])
    title = "Fix these first" if required else "Waived" if waived else "Advice"
    lines: list[Line] = [("", {}), (title, {"bold": True})]
    shown: list[dict[str, Any]] = []
    for finding in (required or findings)[:FIRST]:
        more = _in_short(finding, width)
        if shown and len(lines) + len(more) + 1 > room:
            break
        lines += more
        shown.append(finding)
    left = [finding for finding in findings if finding not in shown]
    kinds = ["waived" if finding["waiver"] else finding["level"] for finding in left]
    words = (
        ("must", "more to repair", "more to repair"),
        ("waived", "waived", "waived"),
        ("should", "advisory", "advisories"),
    )
    counts = [counted(kinds.count(name), one, many) for name, one, many in words if name in kinds]
    if counts:
        lines.append((f"      and {', '.join(counts)}", {}))
    titles: list[Line] = [
        (f"{each['id']:>4}  {one_line(each['message'], width - 7)}", {}) for each in left if stands(each)
    ]
    return [*lines, *titles[: max(0, room - len(lines))]]


def _in_short(finding: dict[str, Any], width: int) -> list[Line]:
    """Return a finding in four lines at most: what is wrong, what was expected and found."""
    where = counted(len(finding["cases"]), "case") + (", security" if finding["security"] else "")
    where += f", waived by {finding['waiver']}" if finding["waiver"] else ""
    colour = {"red": True} if stands(finding) else {"yellow": True}
    title = f"{finding['id']:>4}  {one_line(finding['message'], 2 * width - len(where) - 22)} ({where})"
    expected, actual = _beside(finding["expected"], finding["actual"], 2 * width - 42)
    indent = " " * 6
    return [
        *_wrapped([(title, colour)], width, indent),
        *_wrapped([(f"{indent}expected {expected}, found {actual}", {})], width, indent),
    ]


def _beside(one: str, two: str, room: int) -> tuple[str, str]:
    """Return both texts on one line of ``room`` characters, what one does not need to the other."""
    one, two = one_line(one, 1000), one_line(two, 1000)
    half = room // 2
    first = min(len(one), max(half, room - len(two)))
    return clip(one, first), clip(two, room - first)


def _unchecked(report: dict[str, Any], width: int) -> list[Line]:
    """Return which cases could not be checked, by reason."""
    if report["run"]["problems"]:
        return []
    reasons: dict[tuple[str, str], list[str]] = {}
    for case in report["cases"]:
        if case["verdict"] in {"error", "blocked"}:
            reasons.setdefault((case["verdict"], case["reason"]), []).append(case["id"])
    if not reasons:
        return []
    lines: list[Line] = [("", {}), ("Could not be checked", {"bold": True})]
    for (verdict, reason), cases in list(reasons.items())[:MAX_REASONS]:
        names = ", ".join(cases[:MAX_NAMES]) + (f" and {len(cases) - MAX_NAMES} more" if len(cases) > MAX_NAMES else "")
        lines.append((f"      {one_line(f'{names}: {reason}', width - 8)}", COLOURS[verdict]))
    left = sum(len(cases) for cases in list(reasons.values())[MAX_REASONS:])
    if left:
        lines.append((f"      and {counted(left, 'more case')}", {}))
    return lines


def in_full(report: dict[str, Any], width: int) -> list[Line]:
    """Return every finding with all that is known about it, for ``-v``."""
    lines = list[Line]()
    for finding in report["findings"]:
        lines += _wrapped(list(_finding(finding)), width)
        if finding["curl"]:
            # A command that is broken into lines cannot be pasted.
            lines.append((visible(f"    {'repeat':<9} {finding['curl']}"), {}))
    return lines


def _finding(finding: dict[str, Any]) -> Iterator[Line]:
    security = ", security" if finding["security"] else ""
    yield "", {}
    colour = {"red": True} if stands(finding) else {"yellow": True}
    yield f"{finding['id']}  {kind(finding).upper()}{security}  {finding['message']}", {**colour, "bold": True}
    rows = [
        ("expected", finding["expected"]),
        ("found", finding["actual"]),
        ("clause", f"{finding['clause']} ({finding['source']}; {finding['requirement']})"),
        ("hint", finding["hint"]),
        ("sent", sent(finding)),
        ("matters", "; ".join(f"{name}: {value}" for name, value in finding["matters"].items())),
        ("seen", f"in {finding['seen']} of {finding['examples']} examples" if finding["examples"] > 1 else ""),
        (
            "again",
            f"intermittent: failed again in {finding['failed_again']} of {finding['tried_again']} more tries"
            if finding["intermittent"]
            else "",
        ),
        ("cases", ", ".join(finding["cases"])),
        ("also", ", ".join(each["requirement"] for each in finding["consequences"])),
    ]
    for name, value in rows:
        if value:
            yield f"    {name:<9} {value}", {}
    for step in finding["steps"][-SHOWN_STEPS:]:
        answer = step["response"]["status"] if step["response"] else (step["failure"] or {}).get("kind", "no answer")
        yield f"    {step['number']}. {step['step']} → {answer}", {}


def _bounded(width: int) -> int:
    return max(NARROWEST, min(width, WIDEST))


def _wrapped(lines: list[Line], width: int, indent: str = "") -> list[Line]:
    """Return the lines broken at ``width``; a word that is longer, such as a command, stays whole.

    What is broken goes on under ``indent``, or two characters further in than it began.
    """
    result = list[Line]()
    for text, markup in lines:
        shown = visible(text)
        start = shown[: len(shown) - len(shown.lstrip())]
        pieces = textwrap.wrap(
            shown,
            _bounded(width),
            subsequent_indent=indent or f"{start}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        result += [(piece, markup) for piece in pieces or [""]]
    return result
