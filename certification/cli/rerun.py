"""``rerun``: the whole suite again under the same conditions, then compare."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START


def run(options: argparse.Namespace, console: Console) -> int:
    """Run pytest with the config, seed and profile of the report, and compare the two reports."""
    from certification.cli.compare import show_comparison
    from certification.config.partner import check_config
    from certification.review.stored import stored_report
    from certification.review.subprocess_environment import child_environment

    target: Path = options.report.resolve()
    with stored_report(options.source) as stored, tempfile.TemporaryDirectory() as temporary:
        run_facts = stored.report["run"]
        check_config(stored.report["config"], f"config of {options.source}")
        folder = Path(temporary)
        command = [sys.executable, "-m", "pytest", "-p", "certification.plugin", "-p", "no:cacheprovider"]
        command += [f"--partner-url={options.url}", f"--certification-report={target}"]
        command += [f"--certification-seed={run_facts['seed']}"]
        if run_facts["profile"] in {"quick", "standard", "thorough"}:
            command.append(f"--certification-profile={run_facts['profile']}")
        if not stored.report["partner"]["trial"]:
            config = folder / "partner.json"
            config.write_text(json.dumps(stored.report["config"]), encoding="utf-8")
            command.append(f"--partner-config={config}")
        command += _waivers(stored.report.get("waivers", []), folder, console)
        # An empty folder to stand in, so that a trial run finds no partner.json and no project's settings apply.
        done = subprocess.run(  # noqa: S603 - the user's own arguments are meant to reach pytest
            [*command, *options.rest], cwd=folder, env=child_environment(credentials=True), check=False
        )
        if done.returncode not in {0, 1, 2, 3, 5} or not (target / "report.json").is_file():
            console.warn(
                f"partner-connect rerun: the run could not start or wrote no report (pytest ended with {done.returncode}); nothing was compared."
            )
            return EXIT_CANNOT_START
        console.say()
        return show_comparison(options.source, target, console)


def _waivers(waivers: list[dict[str, Any]], folder: Path, console: Console) -> list[str]:
    """Return the option by which the run takes those ``waivers`` of a report that still count, written into ``folder``."""
    from certification.foundation.days import day_of

    today = datetime.now(UTC).date()
    counting = [each for each in waivers if (day_of(each["until"]) or today) >= today]
    for each in waivers:
        if each not in counting:
            console.warn(
                f"partner-connect rerun: waiver {each['id']} ended on {each['until']}; the run is made without it."
            )
    if not counting:
        return []
    path = folder / "waivers.json"
    given = [{name: value for name, value in each.items() if name not in {"state", "findings"}} for each in counting]
    path.write_text(json.dumps({"waivers": given}), encoding="utf-8")
    return [f"--certification-waivers={path}"]
