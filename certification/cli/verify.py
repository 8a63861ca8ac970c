"""``verify``: hand the bundle to a process with limits, and show what it found."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO
from certification.review.subprocess_environment import child_environment


def run(options: argparse.Namespace, console: Console) -> int:
    """Verify and show one line, then what does not hold."""
    if not options.source.exists():
        console.warn(
            f"partner-connect verify: {options.source}: there is no such file or folder. Give the path of a bundle, or of a report folder."
        )
        return EXIT_CANNOT_START
    task = {
        "source": str(options.source.resolve()),
        "trust": str(options.trust.resolve()) if options.trust else None,
        "challenge": options.challenge,
        "progress": console.shows_progress,
    }
    outcome = _verified(task, options.time_limit)
    if "error" in outcome:
        console.warn(f"partner-connect verify: {outcome['error']}")
        return EXIT_CANNOT_START
    if options.json:
        console.say_json(outcome)
    else:
        _show(outcome, console)
    return EXIT_FINE if outcome["holds"] else EXIT_NO


def _verified(task: dict[str, Any], seconds: int) -> dict[str, Any]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "certification.review.verify"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if task["progress"] else subprocess.PIPE,
        env=child_environment(),
        encoding="utf-8",
        errors="replace",
        start_new_session=os.name == "posix",
    )
    try:
        said, complaint = process.communicate(json.dumps(task), timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return _broken(f"looking at it took more than {seconds} s (--time-limit); nothing was found out")
    except KeyboardInterrupt:
        _end(process)
        raise
    try:
        outcome: dict[str, Any] = json.loads(said)
    except ValueError:
        last = (complaint or "").strip().splitlines()[-1:] or [f"it ended with status {process.returncode}"]
        return _broken(f"it brought the verification down ({last[0][:300]})")
    return outcome


def _end(process: subprocess.Popen[str]) -> None:
    """End the process and those that it started."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def _broken(what: str) -> dict[str, Any]:
    point = {"name": "verification", "holds": "", "broken": [what], "open": []}
    return {"holds": False, "line": f"DOES NOT HOLD: {what}.", "verdict": "", "points": [point]}


def _show(outcome: dict[str, Any], console: Console) -> None:
    console.say(outcome["line"])
    if outcome.get("headline") and outcome["holds"]:
        console.say(outcome["headline"])
    for point in outcome["points"]:
        if not point["broken"] and point["holds"]:
            console.say(f"  holds         {point['name']}: {point['holds']}")
        for text in point["broken"]:
            console.say(f"  DOES NOT HOLD {point['name']}: {text}")
        for text in point["open"]:
            console.say(f"  not checked   {point['name']}: {text}")
