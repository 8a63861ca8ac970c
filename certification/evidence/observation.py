"""What a check finds: one way in which one exchange breaks one requirement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from certification.contract.requirements import ANYWHERE, FORM, REQUIREMENTS
from certification.evidence.exchange import Exchange


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
        if self.requirement in ANYWHERE:
            return self.requirement, "any answer", self.detail
        return self.requirement, plain_kind(self.kind) if self.requirement in FORM else self.kind, self.detail

    def to_record(self) -> dict[str, Any]:
        """Return a JSON-ready record."""
        return {name: getattr(self, name) for name in self.__slots__}


PLAIN_KINDS = ("first connect", "sign-in", "delete-connection", "test-connection", "delete-account", "expire-account")


def plain_kind(kind: str) -> str:
    """Return the plainest kind of step that ``kind`` is a special form of: ``demo sign-in`` is a ``sign-in``."""
    page = "page of " if kind.startswith("page of ") else ""
    if not page and "connectors" in kind:
        return "first page of connectors"
    # What stands first counts: "sign-in after delete-connection" is a sign-in.
    found = [(kind.index(plain), plain) for plain in PLAIN_KINDS if plain in kind]
    return page + min(found)[1] if found else kind


def violation(
    exchange: Exchange, requirement: str, message: str, expected: str, actual: str, detail: str = ""
) -> Violation:
    """Return the violation of ``requirement`` at ``exchange``; texts are bounded, since they quote the partner."""
    return Violation(requirement, exchange.kind, detail, exchange.step, message[:600], expected[:600], actual[:600])
