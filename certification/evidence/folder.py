"""The report folder: one run at a time, an earlier report kept, nothing published that holds a secret.

::

    certification-report/
        report.html  report.json  junit.xml  summary.md  evidence.har  partner.json
        evidence/    main.jsonl, and one file for each worker
        earlier/     the reports of earlier runs, by run id
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from certification.evidence.recorder import read_records
from certification.evidence.redaction import Redactor
from certification.foundation.errors import BadEvidence, CannotStart, Problem

OURS = ("report.html", "report.json", "junit.xml", "summary.md", "evidence.har", "partner.json", "evidence")


class ReportFolder:
    """The folder in which a run leaves its report."""

    def __init__(self, path: Path) -> None:
        """Nothing is touched before :meth:`open`."""
        self.path = path
        self.evidence = path / "evidence"
        self.html = path / "report.html"
        self.json = path / "report.json"
        self.junit = path / "junit.xml"
        self.markdown = path / "summary.md"
        self.har = path / "evidence.har"
        self.config = path / "partner.json"
        self.count = self.evidence / ".requests"
        self.moved: Path | None = None
        self._lock: int | None = None

    def open(self) -> None:
        """Make the folder, lock it for this run, and move an earlier report aside; raises :class:`CannotStart`."""
        where = f"--certification-report={self.path}"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(where, error) from None
        self._take(where)
        self._move_aside(where)
        self.evidence.mkdir()

    @contextmanager
    def held(self) -> Iterator[ReportFolder]:
        """Hold an existing folder against runs that would write into it meanwhile; raises :class:`CannotStart`."""
        where = str(self.path)
        if not self.path.is_dir():
            raise CannotStart([Problem(where, "there is no such folder.", "Name the folder of a report.")])
        self._take(where)
        try:
            yield self
        finally:
            self.close()

    def _take(self, where: str) -> None:
        try:
            self._lock = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unwritable(where, error) from None
        if not _locked(self._lock):
            os.close(self._lock)
            self._lock = None
            raise CannotStart(
                [
                    Problem(
                        where,
                        "another run is writing its report into this folder right now.",
                        "Wait for it to end, or give this run a folder of its own with --certification-report.",
                    )
                ]
            )

    def _move_aside(self, where: str) -> None:
        present = [self.path / name for name in OURS if (self.path / name).exists()]
        if not present:
            return
        if not self.evidence.is_dir() and not _is_report(self.json):
            names = ", ".join(path.name for path in present)
            raise CannotStart(
                [
                    Problem(
                        where,
                        f"the folder holds {names}, which this suite did not write.",
                        "Name another folder, or move these files away; nothing was overwritten.",
                    )
                ]
            )
        target = self.path / "earlier" / self._earlier_name()
        number = 1
        while target.exists():
            number += 1
            target = target.with_name(f"{target.name.partition('~')[0]}~{number}")
        target.mkdir(parents=True)
        for path in present:
            shutil.move(path, target / path.name)
        self.moved = target

    def _earlier_name(self) -> str:
        try:
            first = next(read_records(self.evidence / "main.jsonl"))
            name = "".join(
                character if character.isalnum() or character == "-" else "_" for character in str(first["id"])
            )
            return name[:60] or "unnamed"
        except (BadEvidence, StopIteration, KeyError):
            return "unnamed"

    def requests(self) -> int:
        """Return how many requests the processes of the run have counted (see ``stage.RequestCount``)."""
        return self.count.stat().st_size if self.count.exists() else 0

    def write(self, path: Path, text: str, redactor: Redactor) -> None:
        """Write ``text`` to ``path`` whole or not at all, secrets replaced in it."""
        clean = redactor.redact(text, whole_file=True)[0]
        temporary = path.with_name(f".{path.name}.part")
        temporary.write_text(clean, encoding="utf-8", errors="backslashreplace", newline="\n")
        temporary.replace(path)

    def seal(self, redactor: Redactor, html: Path) -> None:
        """Scan what was published once more; a file that still holds a secret is cleaned.

        ``html`` is where pytest-html wrote a page, in the folder or elsewhere.
        """
        for path in {html, self.html, self.json, self.junit, self.markdown, self.har, self.config}:
            if path.is_file() and stands_in(path, redactor):
                temporary = path.with_name(f".{path.name}.part")
                with temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
                    file.writelines(redactor.redact(line, whole_file=True)[0] for line in _lines(path))
                temporary.replace(path)
        with suppress(OSError):
            self.count.unlink()

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
            with suppress(OSError):
                (self.path / ".lock").unlink()


def stands_in(path: Path, redactor: Redactor) -> bool:
    """Return whether a secret stands in the file at ``path``, whatever its size."""
    return any(redactor.finds(line, whole_file=True) for line in _lines(path))


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file with their ends, one at a time: the HAR of a talkative partner does not fit the memory."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        yield from file


def _unwritable(where: str, error: OSError) -> CannotStart:
    return CannotStart(
        [
            Problem(
                where,
                f"the report folder cannot be written ({error.strerror}).",
                "Name a folder that you may write to.",
            )
        ]
    )


def _is_report(path: Path) -> bool:
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and {"verdict", "suite", "cases"} <= value.keys()


def _locked(file: int) -> bool:
    """Take the lock of ``file`` for this process; the system releases it when the process ends, however it ends."""
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # exists on Windows only
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
