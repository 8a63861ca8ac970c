"""``replay``: findings once more, as new users; with ``--watch`` again each time the partner restarts."""

from __future__ import annotations

import argparse
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO, EXIT_UNKNOWN

if TYPE_CHECKING:
    from certification.config.partner import PartnerConfig
    from certification.review.replay import Recorded, Replayed
    from certification.review.stored import StoredReport

WORDS = {
    "fixed": "fixed        ",
    "still failing": "STILL FAILING",
    "changed": "CHANGED      ",
    "cannot tell": "cannot tell  ",
}


def run(options: argparse.Namespace, console: Console) -> int:
    """Send the calls of the findings again and say what became of each."""
    from certification.config.partner import check_config
    from certification.review.replay import recorded_findings
    from certification.review.stored import stored_report

    with stored_report(options.source) as stored:
        findings = recorded_findings(stored, options.case, options.finding)
        # A trial run's defaults need not pass as a config that somebody wrote.
        config = check_config(stored.report["config"], f"config of {options.source}")
        if not findings:
            console.say("There is no finding to replay.")
            return EXIT_FINE
        if not options.url and not _may_send(stored.report["partner"]["url"], options, console):
            return EXIT_CANNOT_START
        options.url = options.url or stored.report["partner"]["url"]
        status = _once(options, console, stored, findings, config)
        while options.watch and status != EXIT_FINE:
            _wait(options.url, console)
            status = _once(options, console, stored, findings, config)
    return status


def _once(
    options: argparse.Namespace,
    console: Console,
    stored: StoredReport,
    findings: list[Recorded],
    config: PartnerConfig,
) -> int:
    """Replay all ``findings`` and say what became of them; returns the exit status."""
    outcomes = _replayed(options, console, stored, findings, config)
    if outcomes is None:
        return EXIT_CANNOT_START
    counts = {word: sum(one.outcome == word for one in outcomes) for word in WORDS}
    if options.json:
        from certification.foundation.typed_json import to_json
        from certification.review.replay import output

        console.say_json(to_json(output(options.url, outcomes)))
    else:
        console.say(", ".join(f"{count} {word}" for word, count in counts.items() if count))
    if counts["still failing"] or counts["changed"]:
        return EXIT_NO
    return EXIT_UNKNOWN if counts["cannot tell"] else EXIT_FINE


def _wait(url: str, console: Console) -> None:
    from certification.cli.watch import Keyboard, answers, until_restart

    console.say()
    console.say(f"Watching {url}: runs again when it restarts, or on Enter; Ctrl+C ends.")
    until_restart(lambda: answers(url), Keyboard().pressed)


def _may_send(url: str, options: argparse.Namespace, console: Console) -> bool:
    """Return whether the credentials of the environment may go to the address that somebody's report names."""
    if options.yes or console.agrees(f"Send the credentials of this environment to {url}, which the report names?"):
        return True
    console.warn(
        f"partner-connect replay: the report names {url}; your credentials would go there. Give the address with --url, or --yes to use that of the report."
    )
    return False


def _replayed(
    options: argparse.Namespace,
    console: Console,
    stored: StoredReport,
    findings: list[Recorded],
    config: PartnerConfig,
) -> list[Replayed] | None:
    """Return what became of ``findings``; None when the partner cannot be called, which was said."""
    from certification.cli.check import preflight_problems
    from certification.cli.live import live_partner
    from certification.review.replay import replay_findings

    problems = preflight_problems(config, options.url, console)
    for problem in problems:
        console.warn(f"partner-connect replay: {problem}")
    if problems:
        return None
    run = stored.report["run"]
    outcomes = []
    with (
        tempfile.TemporaryDirectory() as folder,
        live_partner(
            config, options.url, secrets.token_hex(8), Path(folder), seed=run["seed"], profile=_profile(run["profile"])
        ) as live,
    ):
        for one in replay_findings(live.context, live.partner, findings, max(1, options.times), console.progress):
            console.done()
            outcomes.append(one)
            if not options.json:
                start = f"{WORDS[one.outcome]}  {one.finding.id}  "
                console.tell(f"{one.finding.case}: {one.finding.message}", start)
                console.tell(one.reason, " " * len(start))
    return outcomes


def _profile(name: str) -> str:
    return name if name in {"quick", "standard", "thorough"} else "standard"
