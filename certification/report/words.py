"""The words for verdicts and outcomes, the same in every output for people."""

from __future__ import annotations

RUN = {
    "conformant": "Conformant",
    "conformant_with_advisories": "Conformant, with advisories",
    "not_conformant": "Not conformant",
    "incomplete": "Incomplete: no verdict",
}
"""Verdict of a run -> its name."""

CASE = {
    "passed": "passed",
    "failed": "failed",
    "not_applicable": "not applicable",
    "blocked": "blocked",
    "error": "suite error",
    "manual": "manual",
}
"""Verdict of a case -> its name."""

OUTCOME = {
    "broken": "broken",
    "held": "held",
    "not_applicable": "not applicable",
    "not_checked": "not checked",
    "untested": "not testable",
}
"""Outcome of a requirement -> its name."""

LEVEL = {"must": "required", "should": "advisory"}
"""Level of a requirement or finding -> its name."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``number`` with the fitting form of the noun: ``1 case``, ``1,312 cases``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
