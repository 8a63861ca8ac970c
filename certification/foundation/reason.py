"""Why something was not done: a code and the facts that go with it; the words are made last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as data: ``code`` is a key of :data:`certification.report.words.REASONS`, ``facts`` fill its gaps."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
