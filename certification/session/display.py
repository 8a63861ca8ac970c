"""The terminal of a run: a line for each case, a live line where somebody looks, a screenful at the end.

pytest's own reporter is told to be quiet; what is shown goes through its writer, so that ``--color``, ``NO_COLOR`` and
capturing work as everywhere else in pytest.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from certification.cases.case import Case
from certification.report import terminal

TICK = 0.3
"""Seconds between two looks at how many requests were sent."""

ENOUGH = 0.08
"""Part of the work after which the rest can be guessed."""


@dataclass
class Progress:
    """How far a run is; what is left is guessed from the weights of the cases."""

    cases: dict[str, Case] = field(default_factory=dict)
    """The automated cases that were selected."""
    done: set[str] = field(default_factory=set)
    running: str = ""
    began: float = 0.0

    def left(self, now: float) -> float | None:
        """Return the seconds that are left, as far as they can be guessed."""
        whole = sum(_weight(case) for case in self.cases.values())
        past = sum(_weight(case) for name, case in self.cases.items() if name in self.done)
        if not whole or past / whole < ENOUGH:
            return None
        return (now - self.began) * (whole - past) / past


def _weight(case: Case) -> int:
    return case.weight + 1


class Display:
    """Shows a run on pytest's terminal; does nothing when there is none."""

    def __init__(
        self, config: pytest.Config, level: int, requests: Callable[[], int], clock: Callable[[], float]
    ) -> None:
        """``level`` is how much to show: -1 for ``-q``, 1 for ``-v``; ``requests`` counts those that were sent."""
        self.level = level
        self.progress = Progress()
        self._config = config
        self._requests = requests
        self._clock = clock
        self._shown = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._ticker: threading.Thread | None = None

    @property
    def _out(self) -> pytest.TerminalReporter | None:
        # Known by what it does: pytest exports its class from version 9 on only.
        found: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        return found if all(hasattr(found, name) for name in ("write_line", "rewrite", "flush", "isatty")) else None

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return shutil.get_terminal_size().columns

    @property
    def over(self) -> bool:
        """Whether the last case is over; what pytest lists after it has words again."""
        return self._over.is_set()

    @property
    def lively(self) -> bool:
        """Whether a line can be written over and over."""
        out = self._out
        return out is not None and bool(out.isatty) and os.environ.get("TERM") != "dumb" and 0 <= self.level < 2

    def lines(self, lines: list[terminal.Line]) -> None:
        """Print lines."""
        for line in lines:
            self._print([line])

    def begin(self, cases: dict[str, Case]) -> None:
        """Show from now on how the selected ``cases`` come along."""
        self.progress.cases = {name: case for name, case in cases.items() if not case.manual}
        self.progress.began = self._clock()
        if self.lively:
            self._ticker = threading.Thread(target=self._tick, daemon=True)
            self._ticker.start()

    def end(self) -> None:
        """Take the live line away, for good."""
        self._over.set()
        if self._ticker is not None:
            self._ticker.join()
            self._ticker = None
        with self._lock:
            self._clear()

    def started(self, case: str) -> None:
        """Note that a case begins."""
        self.progress.running = case

    def finished(self, facts: dict[str, str], seconds: float) -> None:
        """Print the line of a case that is over."""
        case = self.progress.cases.get(facts["case"])
        if case is None:
            return
        self.progress.done.add(case.id)
        if 0 <= self.level < 2:
            self._print(terminal.case_line(case.id, case.title, facts["verdict"], facts["reason"], seconds, self.width))

    def live(self) -> str:
        """Return the live line."""
        progress = self.progress
        now = self._clock()
        case = progress.cases.get(progress.running)
        running = f"{case.id} {case.title}" if case else progress.running
        return terminal.live_line(
            running,
            len(progress.done),
            len(progress.cases),
            self._requests(),
            now - progress.began,
            progress.left(now),
            self.width,
        )

    def _tick(self) -> None:
        while not self._over.wait(TICK):
            with self._lock:
                self._show(self.live())

    def _show(self, text: str) -> None:
        out = self._out
        if out is not None:
            out.rewrite(text.ljust(self._shown))
            out.flush()
            self._shown = len(text)

    def _clear(self) -> None:
        if self._shown:
            self._show("")
            self._show("")

    def _print(self, parts: list[tuple[str, dict[str, bool]]]) -> None:
        out = self._out
        if out is None:
            return
        with self._lock:
            self._clear()
            for text, markup in parts[:-1]:
                out.write(text, **markup)
            out.write_line(parts[-1][0], **parts[-1][1])
