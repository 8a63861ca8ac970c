"""Which causes only show because of others: one table, read from top to bottom.

A partner that gives one id to two connections fails wherever a connection is named; whoever repairs the id repairs all of it.
Each row names a cause and what follows from it, as ``requirement|operation|beginning of the detail``, ``*`` for any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from certification.contract.requirements import REQUIREMENTS
from certification.evidence.observation import Cause

REFUSALS = frozenset(
    {
        "unknown-connection",
        "delete-unknown",
        "test-unknown",
        "deleted-is-gone",
        "test-deleted",
        "delete-account",
        "bad-json-refused",
    }
)
"""Requirements that ask for a refusal."""

LOST = (
    "sign-in|connect|status 404",
    "workspaces-separate|connect|status 404",
    "delete-reach|connect|status 404",
    "concurrent|*|status 404",
    "delete-connection|*|status 404",
    "test-connection|*|status 404",
    "delete-account-reach|connect|",
    "account-not-found|*|",
    "expire-account|*|",
)
"""What comes of a connection that is not found under its id."""

NEVER_REFUSED = ("deleted-is-gone|connect|status 2", "delete-account|connect|status 2")

TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    # What comes back cannot be read, or has not the fields that everything else is read from.
    ("body-readable|*|", ("body-json|*|", "error-model|*|4")),
    ("connectors|list_connectors|/connectors", ("connectors|list_connectors|empty", "connectors-paging|*|")),
    ("connection-model|connect|/user_status", ("new-is-new|connect|user_status", "demo-always-new|connect|user_status")),
    ("connection-model|connect|/account_status", ("new-is-new|connect|account_status", "demo-always-new|connect|account_status", "expire-account|connect|account_status")),
    ("connection-model|connect|/redirect_value", ("redirect-value|connect|", "demo-always-new|connect|redirect_value", "new-user-action|connect|redirect_value", "expire-account|connect|redirect_value")),
    # Connections that are one, or none.
    ("others-data-kept|connect|connection_id", ("connections-separate|*|",)),
    ("connections-separate|*|", (*LOST, "delete-account|connect|status 200")),
    ("sign-in|connect|status 404", LOST),
    ("workspaces-separate|connect|status 404", LOST[1:]),
    ("delete-reach|connect|status 404", ("delete-connection|*|status 404", "test-connection|*|status 404")),
    ("delete-account-reach|connect|status 404", ("test-connection|*|status 404", "delete-connection|*|status 404", "delete-account-reach|connect|neighbouring")),
    ("concurrent|connect|", ("concurrent|*|", "delete-reach|connect|status 404", "connection-independent|connect|")),
    # People who are taken for somebody else, or for nobody.
    ("new-is-new|connect|", ("redirect-value|connect|sign_in", "demo-always-new|connect|", "expire-reach|connect|", "delete-account|connect|expiry kept")),
    ("redirect-value|connect|", ("new-user-action|connect|redirect_value", "demo-always-new|connect|redirect_value", "expire-account|connect|redirect_value")),
    ("new-user-action|connect|", ("expire-reach|connect|second user",)),
    # What a hook did not do cannot be seen afterwards.
    ("expire-account|expire_account|", ("expire-account|connect|", "error-model|expire_account|status")),
    ("delete-account|delete_account|", ("delete-account|connect|", "error-model|delete_account|status", "sign-in|connect|status 404")),
    ("delete-account|connect|status 2", ("delete-account|connect|", "deleted-is-gone|connect|status 2")),
    ("delete-account|connect|user_status", ("delete-account|connect|",)),
    ("expire-account|connect|", ("expire-reach|connect|second user",)),
    ("expire-reach|connect|", ("expire-reach|connect|",)),
    # Whatever is deleted stays, whatever is unknown is found.
    ("unknown-connection|connect|status 2", NEVER_REFUSED),
    ("deleted-is-gone|*|", ("test-deleted|*|", "delete-account|connect|status 2")),
    # One door for all that should be refused.
    ("credentials-required|*|let in", ("credentials-required|*|",)),
    ("credentials-required|*|status", ("bad-json-refused|*|=", "hooks-test-domains-only|*|=")),
    ("bad-json-refused|*|status", ("hooks-test-domains-only|*|=", "bad-request-survived|*|=")),
    ("connectors|list_connectors|status", ("headers-accepted|list_connectors|=", "bad-request-survived|list_connectors|=", "credentials-required|list_connectors|=")),
    ("first-connect|connect|status", ("*|*|=",)),
)  # fmt: skip
"""Cause -> what follows from it; ``=`` stands for the detail of the cause itself."""


@dataclass(frozen=True)
class _Pattern:
    requirement: str
    subject: str
    detail: str

    def fits(self, cause: Cause, root: Cause | None = None) -> bool:
        if self.detail == "=":
            same = root is not None and cause[2] == root[2] and let_in(*cause[::2]) == let_in(*root[::2])
        else:
            same = cause[2].startswith(self.detail)
        return same and self.requirement in {"*", cause[0]} and self.subject in {"*", cause[1]}


@cache
def _rows() -> tuple[tuple[_Pattern, tuple[_Pattern, ...]], ...]:
    return tuple((_pattern(root), tuple(map(_pattern, following))) for root, following in TABLE)


def _pattern(text: str) -> _Pattern:
    requirement, subject, detail = text.split("|")
    return _Pattern(requirement, subject, detail)


def let_in(requirement: str, detail: str) -> bool:
    """Return whether something was done that had to be refused: no wrong status of a success explains that."""
    return requirement in REFUSALS and detail.startswith("status 2")


def reason_for(cause: Cause, others: Iterable[Cause]) -> Cause | None:
    """Return the cause among ``others`` from which ``cause`` follows by the table; None when there is none."""
    candidates = [other for other in others if _may_explain(other, cause)]
    for root, following in _rows():
        for other in candidates:
            if root.fits(other) and any(pattern.fits(cause, other) for pattern in following):
                return other
    return None


def _may_explain(root: Cause, cause: Cause) -> bool:
    """Whether ``root`` may take ``cause`` in: never something required into advice, nor what is about security into what is not."""
    one, other = REQUIREMENTS[root[0]], REQUIREMENTS[cause[0]]
    return (one.level == "must" or other.level != "must") and (one.security or not other.security)
