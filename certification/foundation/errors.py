"""The exceptions of the package.

::

    CertificationError
    ├── CannotStart      config, arguments, environment or an unreachable partner: exit status 4, nothing was judged
    ├── SuiteFault       the suite broke one of its own promises; never counted as the partner's failure
    ├── BadEvidence      a report folder, bundle or evidence file that cannot be read as one
    │   └── OtherFormat      it is one, of a format that another version of the suite reads
    └── ScriptEnded      ends the script of a case early, without being a failure of the partner
        ├── CannotProceed    what the case needs is missing: the case is blocked
        │   └── OutOfBudget  the request budget of the run is used up
        └── DoesNotApply     an answer showed that the case does not apply to this partner
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certification.foundation.reason import Reason
from certification.foundation.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way of a run: where it is, what is wrong, and what to do about it."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as one paragraph, safe to show: a part of it may be the partner's words."""
        return visible(f"{self.where}: {self.what} {self.remedy}".strip())


class CertificationError(Exception):
    """Base of everything that this package raises on purpose."""


class CannotStart(CertificationError):
    """The run cannot start; carries all problems that were found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take the problems, at least one."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SuiteFault(CertificationError):
    """The suite did something that Databricks would not do, or contradicted itself."""


class BadEvidence(CertificationError):
    """A file that should hold evidence or a report does not; the message names the file and the remedy."""


class OtherFormat(BadEvidence):
    """A report, bundle or evidence file has the format of another version of the suite, which the message names."""


class ScriptEnded(CertificationError):
    """Ends a script early for a reason that is no failure of the partner; carries the reason as data."""

    def __init__(self, code: str, **facts: str | int) -> None:
        """Take the reason's code and facts (see :class:`certification.foundation.reason.Reason`)."""
        self.reason = Reason(code, facts)
        super().__init__(f"{code} {facts}" if facts else code)


class CannotProceed(ScriptEnded):
    """The rest of the case could not be tried."""


class OutOfBudget(CannotProceed):
    """The run has sent as many requests as it was allowed to."""

    CODE = "out-of-budget"

    def __init__(self, requests: int) -> None:
        """Take how many requests were allowed."""
        super().__init__(self.CODE, requests=requests)


class DoesNotApply(ScriptEnded):
    """The partner's answer showed that the rest of the case does not apply."""
