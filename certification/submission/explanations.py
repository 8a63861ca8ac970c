"""What a partner says about a hostname that no redirect used, or a scenario that no run could bring about.

An explanation takes the place of an observation, so it names who gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from certification.foundation.days import FORM, WORDS
from certification.foundation.typed_json import Form, OneOf

EXPLANATIONS_FORMAT: Final = 1

Words = Annotated[str, Form(r"(?s:.{1,2000})", "a text of up to 2,000 characters")]
Who = Annotated[str, Form(r"[^\n]{1,200}", "a name on one line")]
Day = Annotated[str, Form(FORM, WORDS)]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One explanation."""

    about: Annotated[str, OneOf(("hostname", "scenario"))]
    name: Who
    """The entry of ``hostnames``, or the id of the scenario."""
    words: Words
    by: Who
    organisation: Who
    on: Day


@dataclass(frozen=True, slots=True)
class Explanations:
    """What stands in ``explanations.json`` of a submission."""

    format: int
    explanations: tuple[Explanation, ...]

    def of(self, about: str, name: str) -> Explanation | None:
        """Return the explanation of ``name``; the last one counts."""
        found = [each for each in self.explanations if (each.about, each.name.lower()) == (about, name.lower())]
        return found[-1] if found else None


NOTHING_EXPLAINED: Final = Explanations(EXPLANATIONS_FORMAT, ())
