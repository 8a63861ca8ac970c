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
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO, EXIT_UNKNOWN
from certification.evidence.kept import resolve_report
from certification.review.subprocess_environment import child_environment

STATUSES = {"holds": EXIT_FINE, "does not hold": EXIT_NO, "not verified": EXIT_UNKNOWN}


def run(options: argparse.Namespace, console: Console) -> int:
    """Verify and show one line, then what does not hold."""
    options.source = resolve_report(options.source)
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
    return STATUSES[outcome["result"]]


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
    from certification.foundation.typed_json import to_json
    from certification.review.verify.outcome import failed

    found: dict[str, Any] = to_json(failed(what))
    return found


def _show(outcome: dict[str, Any], console: Console) -> None:
    console.say(outcome["line"])
    if outcome["headline"] and outcome["result"] == "holds":
        console.say(outcome["headline"])
    for point in outcome["points"]:
        if point["holds"] and not point["broken"] and not point["unverified"]:
            console.say(f"  holds         {point['name']}: {point['holds']}")
        for kind, mark in (("broken", "DOES NOT HOLD"), ("unverified", "NOT VERIFIED "), ("notes", "note         ")):
            for text in point[kind]:
                console.say(f"  {mark} {point['name']}: {text}")
