"""Which reports a report folder keeps, what they are called, and which of them a name means.

::

    certification-report/          the last complete report; while there is none, the last of any kind
        partial/                   the last run that was narrowed, stopped, a trial or could not start, beside a complete one
        earlier/2026-11-24T1055Z-conformant/        everything before, by the time of the run and what came of it
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certification.evidence.recorder import read_records
from certification.foundation.errors import BadEvidence

FOLDER = Path("certification-report")
"""Where a run leaves its report when nobody says otherwise."""

LATEST = "latest"
LATEST_CONFORMANT = "latest-conformant"
NAMES = (LATEST, LATEST_CONFORMANT)
"""What a report can be called instead of its path."""

PARTIAL = "partial"
EARLIER = "earlier"
UNNAMED = "unnamed"
COULD_NOT_START = "could-not-start"

MAX_FINDINGS = 200
MAX_MESSAGE = 600

CONFORMANT = frozenset({"conformant", "conformant-with-advisories", "conformant-with-waivers"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One report that is there: where, of which run, and what came of it."""

    path: Path
    run: str
    started: str
    outcome: str
    """``conformant``, ``not-conformant``, ``narrowed``, ``stopped``, ``could-not-start``, ``unfinished``, …"""
    complete: bool
    """Whether every case was run that the suite has."""
    trial: bool

    @property
    def rank(self) -> int:
        """Return how much the report is worth: 2 for a complete one, 1 for a complete trial, 0 for anything else."""
        return 0 if not self.complete else 1 if self.trial else 2

    @property
    def name(self) -> str:
        """Return time and outcome, as the folder of an earlier report is called."""
        try:
            moment = datetime.fromisoformat(self.started).astimezone(UTC)
        except ValueError:
            return UNNAMED
        return f"{moment:%Y-%m-%dT%H%MZ}-{self.outcome}"


def kept_at(path: Path) -> Kept | None:
    """Return the report in the folder ``path``, also one whose run was killed; None when there is none."""
    report = _report(path / "report.json")
    if report is not None:
        try:
            return _kept(path, report)
        except (KeyError, TypeError, AttributeError):
            pass
    try:
        first = next(read_records(path / "evidence" / "main.jsonl"))
        return Kept(path, str(first["id"]), str(first["started"]), "unfinished", complete=False, trial=False)
    except (BadEvidence, StopIteration, KeyError):
        return None


def _kept(path: Path, report: dict[str, Any]) -> Kept:
    run = report["run"]
    outcome = str(report["verdict"]).replace("_", "-")
    complete = False
    if run["problems"]:
        outcome = COULD_NOT_START
    elif run["interrupted"]:
        outcome = "stopped"
    elif run["narrowed_by"]:
        outcome = "narrowed"
    else:
        complete = True
        if report["partner"]["trial"] and outcome == "incomplete":
            outcome = "trial"
    outcome = "".join(letter if letter.isascii() and (letter.isalnum() or letter == "-") else "_" for letter in outcome)
    return Kept(path, str(run["id"]), str(run["started"]), outcome[:40], complete, bool(report["partner"]["trial"]))


def _report(path: Path) -> dict[str, Any] | None:
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and {"verdict", "suite", "cases"} <= value.keys() else None


def known_findings(path: Path) -> tuple[str, str, list[tuple[tuple[str, ...], str]]] | None:
    """Return partner, verdict, and cause and message of each finding of the report in the folder ``path``, if it has one."""
    report = _report(path / "report.json")
    try:
        return (
            report
            and (  # type: ignore[return-value]  # what cannot be read is None below
                str(report["partner"]["name"]),
                str(report["verdict"]),
                [
                    (tuple(map(str, finding["cause"])), str(finding["message"])[:MAX_MESSAGE])
                    for finding in report["findings"][:MAX_FINDINGS]
                ],
            )
        )
    except (KeyError, TypeError):
        return None


def is_report(path: Path) -> bool:
    """Return whether the file ``path`` is the ``report.json`` of a run."""
    return _report(path) is not None


def kept_in(folder: Path) -> list[Kept]:
    """Return all reports in the report folder ``folder``, the newest first."""
    try:
        earlier = sorted((folder / EARLIER).iterdir())
    except OSError:
        earlier = []
    found = [kept for path in (folder, folder / PARTIAL, *earlier) if (kept := kept_at(path)) is not None]
    return sorted(found, key=lambda kept: _moment(kept.started), reverse=True)


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0


def resolve_report(name: Path, folder: Path = FOLDER) -> Path:
    """Return where the report is that ``name`` means.

    ``latest`` is the report of the last run into ``folder``, ``latest-conformant`` that of the last conformant one; the
    name of an earlier report is looked for in ``folder`` as well.  Everything else is a path, and a file or folder that
    is called like one of the names goes first.  Raises :class:`BadEvidence` with what there is instead.
    """
    if name.exists():
        return name
    if name.is_symlink():
        message = f"{name} is a link to {name.readlink()}, which is not there."
        raise BadEvidence(message)
    text, reports = str(name), kept_in(folder)
    # A run that could not start has nothing that somebody could want to look at again, unless there is nothing else.
    begun = [kept for kept in reports if kept.outcome != COULD_NOT_START] or reports
    for kept in [*begun, *reports]:
        if text == LATEST or (text == LATEST_CONFORMANT and kept.outcome in CONFORMANT) or _called(kept, text, folder):
            return kept.path
    if text not in NAMES:
        message = f"{name}: there is no such file or folder."
    elif reports:
        message = f"{text}: no report in {folder} is conformant."
    else:
        message = f"{text}: there is no report in {folder}."
    raise BadEvidence(f"{message} {_what_there_is(reports, folder)}".rstrip())


def last_two(folder: Path = FOLDER) -> tuple[Path, Path]:
    """Return the last two complete reports in ``folder``, the older one first; raises :class:`BadEvidence`."""
    reports = kept_in(folder)
    complete = [kept for kept in reports if kept.complete]
    if len(complete) < 2:
        message = f"{folder}: two complete reports are needed to compare. {_what_there_is(reports, folder)}"
        raise BadEvidence(message.rstrip())
    return complete[1].path, complete[0].path


def _called(kept: Kept, text: str, folder: Path) -> bool:
    return kept.path != folder and text in {kept.path.name, str(kept.path.relative_to(folder))}


def _what_there_is(reports: list[Kept], folder: Path) -> str:
    if not reports:
        return "Run a certification first, or name the folder of a report."
    names = [str(folder) if kept.path == folder else kept.path.name for kept in reports[:8]]
    more = f" and {len(reports) - 8} more" if len(reports) > 8 else ""
    return f"There is: {', '.join(names)}{more}."
