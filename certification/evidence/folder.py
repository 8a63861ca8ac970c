"""The report folder: one run at a time, nothing lost that an earlier run left, nothing published that holds a secret.

::

    certification-report/
        report.html  report.json  junit.xml  summary.md  evidence.har  partner.json
        evidence/    main.jsonl, one file for each worker, and people.jsonl where people attested something
        partial/     the last run that was no complete one, beside a complete one; the same files
        earlier/     the reports of earlier runs, by time and outcome (see :mod:`certification.evidence.kept`)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from certification.evidence.kept import COULD_NOT_START, EARLIER, PARTIAL, UNNAMED, Kept, is_report, kept_at
from certification.evidence.redaction import Redactor
from certification.foundation.errors import CannotStart, Problem

OURS = ("report.html", "report.json", "junit.xml", "summary.md", "evidence.har", "partner.json", "evidence")


class ReportFolder:
    """The folder in which a run leaves its report."""

    def __init__(self, path: Path) -> None:
        """Nothing is touched before :meth:`open`."""
        self.base = path
        self.moved: Path | None = None
        """Where the report was moved that stood here before."""
        self.before: Kept | None = None
        """The complete report that the run of this folder follows."""
        self._lock: int | None = None
        self._place(path)

    def _place(self, path: Path) -> None:
        self.path = path
        self.evidence = path / "evidence"
        self.html = path / "report.html"
        self.json = path / "report.json"
        self.junit = path / "junit.xml"
        self.markdown = path / "summary.md"
        self.har = path / "evidence.har"
        self.config = path / "partner.json"
        self.count = self.evidence / ".requests"

    def open(self, rank: int = 2) -> None:
        """Make the folder, lock it for this run, and make room without losing what is there; raises :class:`CannotStart`.

        ``rank`` is what the run can become at the best (see :class:`certification.evidence.kept.Kept`): one that is
        worth less than the report that is there stays beside it.
        """
        where = f"--certification-report={self.base}"
        with _unwritable(where):
            _no_dead_link(self.base, where)
            self.base.mkdir(parents=True, exist_ok=True)
            self._take(where)
            top = kept_at(self.base)
            self.before = top if top is not None and top.complete else None
            if top is not None and top.rank > rank:
                self._place(self.base / PARTIAL)
                _no_dead_link(self.path, where)
                self.path.mkdir(exist_ok=True)
            self.moved = self._move_aside(self.path, where)
            self.evidence.mkdir()

    def settle(self) -> None:
        """Put the report of a finished run where it belongs, now that it is known what the run came to."""
        made = kept_at(self.path)
        rank = made.rank if made else 0
        if self.path == self.base:
            kept = kept_at(self.moved) if self.moved else None
            if kept is not None and self.moved is not None and kept.rank > rank:
                self._move_aside(self.base / PARTIAL)
                _move(self.base, self.base / PARTIAL)
                _move(self.moved, self.base)
                self.moved.rmdir()
                self.moved = None
                self._place(self.base / PARTIAL)
            return
        top = kept_at(self.base)
        if top is None or rank >= top.rank:
            self.moved = self._move_aside(self.base)
            _move(self.path, self.base)
            self.path.rmdir()
            self._place(self.base)

    @contextmanager
    def held(self) -> Iterator[ReportFolder]:
        """Hold an existing folder against runs that would write into it meanwhile; raises :class:`CannotStart`."""
        where = str(self.path)
        if not self.path.is_dir():
            raise CannotStart([Problem(where, "there is no such folder.", "Name the folder of a report.")])
        with _unwritable(where):
            self._take(where)
        try:
            yield self
        finally:
            self.close()

    def _take(self, where: str) -> None:
        self._lock = os.open(self.base / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(self._lock):
            os.close(self._lock)
            self._lock = None
            what = "another run is writing its report into this folder right now."
            remedy = "Wait for it to end, or give this run a folder of its own with --certification-report."
            raise CannotStart([Problem(where, what, remedy)])

    def _move_aside(self, path: Path, where: str = "") -> Path | None:
        """Move the report in ``path`` to where the earlier ones are; returns its new place, None when there was none."""
        present = _present(path)
        if not present:
            return None
        if not (path / "evidence").is_dir() and not is_report(path / "report.json"):
            names = ", ".join(each.name for each in present)
            what = f"the folder holds {names}, which this suite did not write."
            remedy = "Name another folder, or move these files away; nothing was overwritten."
            raise CannotStart([Problem(where, what, remedy)])
        kept = kept_at(path)
        if kept is not None and kept.outcome == COULD_NOT_START:
            # It says only what was wrong with a command that nobody gives any more.
            _remove(path)
            return None
        name = kept.name if kept else UNNAMED
        target, number = self.base / EARLIER / name, 1
        while os.path.lexists(target):
            number += 1
            target = target.with_name(f"{name}~{number}")
        target.mkdir(parents=True)
        _move(path, target)
        return target

    def requests(self) -> int:
        """Return how many requests the processes of the run have counted (see ``client.pacing.RequestCount``)."""
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
                (self.base / ".lock").unlink()


def stands_in(path: Path, redactor: Redactor) -> bool:
    """Return whether a secret stands in the file at ``path``, whatever its size."""
    return any(redactor.finds(line, whole_file=True) for line in _lines(path))


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file with their ends, one at a time: the HAR of a talkative partner does not fit the memory."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        yield from file


def _present(path: Path) -> list[Path]:
    """Return what of a report lies in ``path``, also links that lead nowhere."""
    return [path / name for name in OURS if os.path.lexists(path / name)]


def _remove(path: Path) -> None:
    """Remove the report in ``path``."""
    for each in _present(path):
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def _move(path: Path, target: Path) -> None:
    """Move the report in ``path`` into the folder ``target``."""
    target.mkdir(exist_ok=True)
    for each in _present(path):
        shutil.move(each, target / each.name)


@contextmanager
def _unwritable(where: str) -> Iterator[None]:
    """Say in words that the folder cannot be written."""
    try:
        yield
    except OSError as error:
        what = f"the report folder cannot be written ({error.strerror or error}: {error.filename})."
        raise CannotStart([Problem(where, what, "Name a folder that you may write to.")]) from None


def _no_dead_link(path: Path, where: str) -> None:
    if path.is_symlink() and not path.exists():
        what = f"{path} is a link to {path.readlink()}, which is not there."
        raise CannotStart([Problem(where, what, "Make the folder that it leads to, or remove the link.")])


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
