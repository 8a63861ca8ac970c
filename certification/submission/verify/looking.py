"""Look at a submission for other rooms: one structured result, whatever stands in the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from certification.foundation.typed_json import from_json
from certification.review.apart import looked_at_apart
from certification.review.verify.outcome import Output, failed

MODULE: Final = "certification.submission.verify"
SECONDS: Final = 600

Apart = Callable[[dict[str, Any], float, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What was found out about a submission."""

    complete: bool
    """Whether it holds, and everything that Databricks asks for is in it."""
    verification: Output
    manifest: str
    """SHA-256 of its manifest; empty when it has none."""
    problems: tuple[str, ...]
    """What does not hold, what could not be checked here, or why it is not complete; empty when it is complete."""


def looked_at(
    path: Path,
    *,
    trust: Path | None = None,
    today: date | None = None,
    seconds: float = SECONDS,
    apart: Apart = looked_at_apart,
) -> LookedAt:
    """Return what holds of the submission at ``path``, found out in a process of its own with limits.

    ``trust`` is the public key that must have signed it; ``today`` the day as on which it is looked at, today unless given.
    Nothing is raised for what stands in the file.
    """
    task = {
        "source": str(path.resolve()),
        "trust": str(trust.resolve()) if trust else None,
        "challenge": None,
        "today": today.isoformat() if today else None,
        "progress": False,
    }
    found = apart(task, seconds, MODULE)
    output = failed(str(found["error"])) if "error" in found else from_json(Output, found)
    problems = [f"{point.name}: {text}" for point in output.points for text in (*point.broken, *point.unverified)]
    if output.kind != "submission" and not problems:
        problems.append("this is no submission")
    if not problems and not output.complete:
        problems += [text for point in output.points if point.name == "completeness" for text in point.notes]
    complete = output.kind == "submission" and output.result == "holds" and output.complete
    return LookedAt(complete, output, output.manifest, tuple(problems))
