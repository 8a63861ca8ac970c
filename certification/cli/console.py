"""What the commands print: no secret, nothing that steers the terminal, progress only where a person looks."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from functools import cached_property
from typing import TYPE_CHECKING, Any

from certification.foundation.installation import install_command
from certification.foundation.safe_text import visible

if TYPE_CHECKING:
    from certification.evidence.redaction import Redactor


__all__ = ["Console", "install_command"]


WIDEST = 100
"""Sentences in longer lines are hard to read."""


class Console:
    """Standard output for results, standard error for problems and progress."""

    def __init__(self) -> None:
        """Nothing is printed yet."""
        self._progress = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.more_secrets: Redactor | None = None
        """What hides secrets that are not in the environment under the names of the suite."""

    @property
    def tick(self) -> str:
        """What stands before a step that is done, as far as the terminal can show it."""
        try:
            "✓".encode(sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:
            return "ok"
        return "✓"

    @cached_property
    def redactor(self) -> Redactor | None:
        """What hides the credentials of the environment; None when it holds none."""
        secrets = {name: os.environ.get(name, "") for name in ("BASIC_PASSWORD", "PAT_TOKEN")}
        if not any(secrets.values()):
            return None
        from certification.evidence.redaction import Redactor

        return Redactor(secrets, os.environ.get("BASIC_USER", ""))

    def clean(self, text: str) -> str:
        """Return ``text`` with the credentials of the environment replaced."""
        for redactor in filter(None, (self.redactor, self.more_secrets)):
            text = redactor.redact(text)[0]
        return text

    def say(self, text: str = "") -> None:
        """Print a line of the result."""
        self._write(sys.stdout, text)

    def tell(self, text: str, start: str = "", indent: str | None = None) -> None:
        """Print sentences after ``start``, broken at the width of the terminal; what goes on stands under ``indent``."""
        width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)
        indent = " " * len(start) if indent is None else indent
        for line in textwrap.wrap(
            f"{start}{text}",
            width,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
        ):
            self.say(line)

    def sentence(self, text: str, start: str = "") -> None:
        """Print ``text`` after ``start``: broken at the width of a terminal, in one line where a program reads it."""
        if sys.stdout.isatty():
            self.tell(text, start)
        else:
            self.say(f"{start}{text}")

    def say_json(self, value: Any) -> None:
        """Print ``value`` as JSON."""
        sys.stdout.write(self.clean(json.dumps(value, indent=2, ensure_ascii=True)) + "\n")
        sys.stdout.flush()

    def warn(self, text: str) -> None:
        """Print a line about a problem: broken at the width of a terminal, in one line where a program reads it."""
        width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)
        lines = (
            [text]
            if not sys.stderr.isatty()
            else textwrap.wrap(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        )
        for line in lines or [text]:
            self._write(sys.stderr, line)

    def agrees(self, question: str) -> bool:
        """Ask a person ``question`` and return whether the answer is yes; False when nobody is there to ask."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        sys.stderr.write(f"{visible(self.clean(question))} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    def progress(self, text: str) -> None:
        """Show what is going on, over what was going on before."""
        if self._progress:
            sys.stderr.write(f"\r\x1b[K{visible(self.clean(text))[:75]} …")
            sys.stderr.flush()

    def done(self) -> None:
        """Take the progress away."""
        if self._progress:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    @property
    def shows_progress(self) -> bool:
        """Whether somebody looks at the progress."""
        return self._progress

    def _write(self, stream: Any, text: str) -> None:
        encoding = stream.encoding or "utf-8"
        line = visible(self.clean(text)).encode(encoding, "backslashreplace").decode(encoding)
        stream.write(f"{line}\n")
        stream.flush()
