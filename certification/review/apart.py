"""Look at a stranger's file in a process of its own, with a limit on its time and memory.

What stands in a bundle may cost time and memory without bound; whoever asks gets an outcome all the same.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

from certification.review.subprocess_environment import child_environment

HERE = "certification.review.verify"
"""The module that looks at bundles and report folders."""


def looked_at_apart(task: dict[str, Any], seconds: float, module: str = HERE) -> dict[str, Any]:
    """Return what ``python -m MODULE`` finds about ``task`` (``source``, ``trust``, ``challenge``, ``progress``), JSON-ready.

    That is a :class:`certification.review.verify.outcome.Output`, or ``error``: why there is none.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", module],
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
