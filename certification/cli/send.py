"""``send``: one case, played once, with the whole conversation shown."""

from __future__ import annotations

import argparse
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO, EXIT_UNKNOWN

if TYPE_CHECKING:
    from certification.cases.case import Case
    from certification.config.partner import PartnerConfig
    from certification.databricks.actions import Partner
    from certification.evidence.exchange import Exchange
    from certification.run.judge import Execution

SEED = 0
"""Which values a generated case draws here; the same each time, so that a repair can be tried again."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Play the case and show each call as it comes back, then what is wrong."""
    from certification.cases.catalogue import catalogue
    from certification.report.words import reason_words

    config = _config(options)
    url = options.url or config.base_url
    case = catalogue().get(options.case)
    if case is None or case.script is None:
        known = "no case" if case is None else "a manual case"
        console.warn(f"partner-connect send: {options.case} is {known}. pytest --collect-only lists the cases.")
        return EXIT_CANNOT_START
    reason = case.applies(config)
    if reason is not None:
        console.warn(f"partner-connect send: {case.id} does not apply: {reason_words(reason)}")
        return EXIT_CANNOT_START
    shapes = case.shapes(config, SEED, "standard") if case.shapes else [{}]
    if not 1 <= options.example <= len(shapes):
        console.warn(f"partner-connect send: {case.id} has the examples 1 to {len(shapes)}.")
        return EXIT_CANNOT_START
    execution = _played(case, shapes[options.example - 1], config, url, console)
    return EXIT_CANNOT_START if execution is None else _told(case, execution, console)


def _config(options: argparse.Namespace) -> PartnerConfig:
    from certification.config.partner import read_config, trial_config

    if options.config is not None:
        return read_config(options.config)
    default = Path("partner.json")
    return trial_config(options.url) if options.url and not default.exists() else read_config(default)


def _played(
    case: Case, shape: dict[str, object], config: PartnerConfig, url: str, console: Console
) -> Execution | None:
    """Return the execution; None when the partner cannot be called, which was said."""
    from certification.cli.check import preflight_problems
    from certification.cli.live import live_partner
    from certification.run.runner import perform

    problems = preflight_problems(config, url, console)
    for problem in problems:
        console.warn(f"partner-connect send: {problem}")
    if problems:
        return None
    console.say(f"{case.id}  {case.title}")
    console.say(case.steps)
    with tempfile.TemporaryDirectory() as folder, live_partner(config, url, secrets.token_hex(8), Path(folder)) as live:
        return perform(live.context, _Shown(live.partner, console), case, "1", shape)


class _Shown:
    """A partner whose calls are shown as they come back."""

    def __init__(self, partner: Partner, console: Console) -> None:
        self._partner, self._console = partner, console

    def send(self, plan: Exchange) -> Exchange:
        """Send ``plan`` and show it."""
        return self._show([self._partner.send(plan)])[0]

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Send ``plans`` at the same moment and show them."""
        return self._show(self._partner.send_together(plans))

    def _show(self, answers: list[Exchange]) -> list[Exchange]:
        from certification.report.conversation import call_lines

        for answer in answers:
            self._console.say()
            for line in call_lines(answer):
                self._console.say(line)
        return answers


def _told(case: Case, execution: Execution, console: Console) -> int:
    """Say what is wrong, and return the exit status."""
    from certification.report.conversation import seen_lines
    from certification.report.words import reason_words
    from certification.run.judge import EndKind

    console.say()
    for seen in {seen.cause: seen for seen in execution.broken}.values():
        for line in seen_lines(seen):
            console.say(line)
    if any(seen.level == "must" for seen in execution.broken):
        return EXIT_NO
    if execution.end.kind is not EndKind.DONE:
        console.say(f"{case.id} could not be played to its end: {reason_words(execution.end.reason)}")
        return EXIT_UNKNOWN
    held = len(execution.held)
    console.say(f"{case.id}: nothing required is broken; {held} clause{'' if held == 1 else 's'} held.")
    return EXIT_FINE
