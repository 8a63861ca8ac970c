"""What a check finds: one way in which one exchange breaks one requirement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from certification.exchange import Exchange
from certification.requirements import ANYWHERE, REQUIREMENTS


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken requirement at one step.  ``detail`` tells apart causes that share requirement and kind."""

    requirement: str
    kind: str
    detail: str
    step: str
    message: str
    expected: str
    actual: str

    @property
    def level(self) -> str:
        """``must`` or ``should``."""
        return REQUIREMENTS[self.requirement].level

    @property
    def cause(self) -> tuple[str, str, str]:
        """What makes two violations the same finding."""
        kind = "any answer" if self.requirement in ANYWHERE else self.kind
        return self.requirement, kind, self.detail

    def to_record(self) -> dict[str, Any]:
        """Return a JSON-ready record."""
        return {name: getattr(self, name) for name in self.__slots__}


def violation(
    exchange: Exchange, requirement: str, message: str, expected: str, actual: str, detail: str = ""
) -> Violation:
    """Return the violation of ``requirement`` at ``exchange``; texts are bounded, since they quote the partner."""
    return Violation(requirement, exchange.kind, detail, exchange.step, message[:600], expected[:600], actual[:600])
