"""What the terminal shows: the words of the report, on a line or in a paragraph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from certification.contract.requirements import REQUIREMENTS
from certification.foundation.safe_text import visible

if TYPE_CHECKING:
    import pytest

    from certification.databricks.context import Context
    from certification.evidence.observation import Observation
    from certification.run.judge import CaseResult

WORDS = {
    "passed": ("passed", ".", ("PASSED", {"green": True})),
    "failed": ("failed", "F", ("FAILED", {"red": True})),
    "not_applicable": ("not applicable", "n", ("NOT APPLICABLE", {"cyan": True})),
    "not_run": ("not run", "-", ("NOT RUN", {"yellow": True})),
    "blocked": ("blocked", "b", ("BLOCKED", {"yellow": True})),
    "error": ("suite error", "E", ("SUITE ERROR", {"purple": True})),
    "manual": ("manual", "m", ("MANUAL", {"cyan": True})),
}
"""Verdict -> (category of the last line, letter, word) as pytest wants them."""

SHOWN_STEPS = 8


def header(context: Context, notes: list[str], folder: str) -> list[str]:
    """Return the lines that say what is about to be certified."""
    config = context.config
    lines = [
        f"certification: {visible(config.name)} at {visible(context.url)}, API version {config.api_version}",
        f"certification: profile {context.profile}, seed {context.seed}, run {visible(context.run_id)}, report in {folder}",
    ]
    if config.trial:
        lines.append(
            "certification: no partner config, so this is a trial run with documented defaults: useful findings, no certificate"
        )
    return lines + [f"certification: note: {visible(note)}" for note in notes]


def status(report: Any) -> tuple[str, str, Any] | None:
    """Return how pytest shows the outcome of a case; None for everything else."""
    facts = getattr(report, "certification", None)
    if not facts:
        return None
    if report.when != "call":
        return ("", "", "")
    return WORDS[facts["verdict"]]


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
        + (f"\nhint:     {requirement.hint}" if requirement.hint else "")
    )


def summary(out: pytest.TerminalReporter, report: dict[str, Any], folder: Path, moved: Path | None) -> None:
    """Print the findings, the verdict, and where the report is."""
    if report["findings"]:
        out.section("findings", sep="=")
    for finding in report["findings"]:
        _finding(out, finding)
    blocked = [case for case in report["cases"] if case["verdict"] in {"blocked", "error"}]
    if blocked and not report["run"]["problems"]:
        out.section("could not be checked", sep="=")
        for case in blocked:
            out.write_line(f"{case['id']}  {WORDS[case['verdict']][2][0]}  {visible(case['reason'])}")
    colour = {
        "conformant": {"green": True},
        "conformant_with_advisories": {"green": True},
        "not_conformant": {"red": True},
    }.get(report["verdict"], {"yellow": True})
    out.section("certification", sep="=", **colour)
    counts = report["counts"]
    out.write_line(visible(report["headline"]), bold=True, **colour)
    out.write_line(
        f"{counts['passed']} passed, {counts['failed']} failed, {counts['blocked']} blocked, {counts['error']} suite errors, {counts['not_applicable']} not applicable, {counts['manual']} manual cases pending; {report['run']['requests']} requests"
    )
    if moved is not None:
        out.write_line(f"earlier report: {moved}")
    out.write_line(f"report: {(folder / 'report.html').resolve()}")


def _finding(out: pytest.TerminalReporter, finding: dict[str, Any]) -> None:
    required = finding["level"] == "must"
    colour = {"red": True} if required else {"yellow": True}
    kind = "FAILURE" if required else "ADVISORY"
    security = ", security" if finding["security"] else ""
    out.write_line("")
    out.write_line(
        visible(f"{finding['id']}  {kind}{security}  {finding['case']}: {finding['message']}"), bold=True, **colour
    )
    rows = [("expected", finding["expected"]), ("actual", finding["actual"]), ("clause", finding["clause"])]
    if finding["hint"]:
        rows.append(("hint", finding["hint"]))
    if finding["matters"]:
        rows.append(("matters", "; ".join(f"{name}: {value}" for name, value in finding["matters"].items())))
    if finding["examples"] > 1:
        rows.append(("seen", f"in {finding['seen']} of {finding['examples']} examples"))
    if finding["intermittent"]:
        rows.append(
            ("again", f"intermittent: failed again in {finding['failed_again']} of {finding['tried_again']} more tries")
        )
    others = [name for name in finding["cases"] if name != finding["case"]]
    if others:
        rows.append(("also in", ", ".join(others)))
    for name, value in rows:
        out.write_line(visible(f"    {name + ':':<10} {value}"))
    steps = finding["steps"][-SHOWN_STEPS:]
    for step in steps:
        answer = step["response"]["status"] if step["response"] else step["failure"]["kind"]
        out.write_line(visible(f"    {step['number']}. {step['step']} → {answer}"))
    if finding["curl"]:
        out.write_line(visible(f"    {'repeat:':<10} {finding['curl']}"))
