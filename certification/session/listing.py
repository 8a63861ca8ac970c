"""``--collect-only``: the cases with their titles; nothing is opened, called or written."""

from __future__ import annotations

import pytest

from certification.session.base import Session
from certification.session.options import mark_problems


class Listing(Session):
    """A session that lists the cases."""

    def begin(self) -> None:
        """Let pytest list, without its own header."""
        super().begin()
        self.config.option.no_header = True
        problems = mark_problems(self.config.option.markexpr, self.marks())
        if problems:
            raise pytest.UsageError(*map(str, problems))
