"""What can go wrong with a workspace, by name; a name may carry a number, as in ``slow=0.5``."""

from __future__ import annotations

import difflib
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certification.reference.catalogue import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class WorkspaceFault:
    """One thing that goes wrong; ``number`` is the usual number of a fault that takes one."""

    name: str
    title: str
    number: float | None = None


FAULTS = (
    WorkspaceFault("not-admin", "The user of the token is no workspace admin."),
    WorkspaceFault("no-feature", "The workspace does not know the self-testing partner."),
    WorkspaceFault("create-then-503", "The tile is created, and yet the answer is 503."),
    WorkspaceFault("503-then-create", "The first N calls of create are answered with 503; nothing happens.", 2),
    WorkspaceFault("create-then-reset", "The tile is created, and the connection breaks before the answer."),
    WorkspaceFault("throttled", "The first N calls are answered with 429 and Retry-After.", 2),
    WorkspaceFault("slow", "Each call is done at once, and answered after N seconds.", 2),
    WorkspaceFault("html", "Every call is answered with a sign-in page."),
    WorkspaceFault("no-acls", "The workspace is of the standard tier, which has no secret ACLs."),
    WorkspaceFault("scope-unreadable", "The scope partner-connect is another user's, closed to this one."),
    WorkspaceFault("token-expires", "The token is valid for the first N calls.", 1),
    WorkspaceFault("secret-put-fails", "The first N secrets are not stored, without N none ever is.", math.inf),
)


class Faults:
    """The faults that a workspace has, and how often each has struck."""

    def __init__(self, names: Iterable[str]) -> None:
        self._numbers = dict(_read(name) for name in names)
        self._struck: Counter[str] = Counter()

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def number(self, name: str) -> float:
        """Return the number of the fault; 0 when the workspace does not have it."""
        return self._numbers.get(name, 0)

    def strike(self, name: str) -> bool:
        """Say whether the fault strikes this time too; it does so as often as its number says."""
        if self._struck[name] >= self.number(name):
            return False
        self._struck[name] += 1
        return True

    def add(self, name: str) -> None:
        """Let something go wrong from now on."""
        known, number = _read(name)
        self._numbers[known] = number
        self._struck[known] = 0

    def remove(self, name: str) -> None:
        """Put the fault right, as somebody at Databricks would."""
        self._numbers.pop(name, None)


def _read(text: str) -> tuple[str, float]:
    name, separator, number = text.partition("=")
    known = {fault.name: fault for fault in FAULTS}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f" (did you mean {', '.join(near)}?)" if near else ""
        raise UnknownNameError(f"there is no workspace fault named {name!r}{hint}; --list shows all names")
    usual = known[name].number
    if not separator:
        return name, 0 if usual is None else usual
    if usual is None:
        raise UnknownNameError(f"the workspace fault {name} takes no number")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not value >= 0:  # so that it is true for NaN
        raise UnknownNameError(f"the workspace fault {name} takes a number that is not negative, as in {name}=2")
    return name, value
