"""Sentences about a workspace: what went wrong there, and what to do about it."""

from __future__ import annotations

from certification.foundation.errors import Problem
from certification.tile.workspace import SCOPE, Why, WorkspaceError

SENTENCES: dict[Why, tuple[str, str]] = {
    Why.LOGIN: ("the SDK cannot log in: {said}.", "Log in again with databricks auth login, or name another profile with --profile."),
    Why.TOKEN: ("the workspace does not accept the token: {said}.", "An expired token looks the same as a wrong one: make a new one."),
    Why.NOT_ADMIN: ("only an admin of the workspace may do this: {said}.", "Ask an admin to run the command, or to make you one."),
    Why.NO_FEATURE: ("this workspace offers no self-testing tiles: {said}.", "Ask your contact at Databricks to switch them on for it."),
    Why.SCOPE: (f"the secret scope {SCOPE} is not yours to use: {{said}}.", f"Ask its owner for the permission: databricks secrets put-acl {SCOPE} YOU MANAGE."),
    Why.NO_ACLS: ("the workspace has no access lists of secrets: {said}.", "They need the Premium tier. Without them only admins can use the tile: leave NON_ADMIN out."),
    Why.EXISTS: ("the workspace has a self-testing tile already ({said}); it can have one.", "Change it with: partner-connect tile update. Or remove it with: partner-connect tile delete."),
    Why.ABSENT: ("there is no self-testing tile in this workspace.", "Make one with: partner-connect tile create."),
    Why.SEVERAL: ("the workspace names several self-testing tiles: {said}.", "There can be one; ask your contact at Databricks."),
    Why.THROTTLED: ("the workspace kept asking to come back later.", "Try again in a minute, or wait longer with --timeout."),
    Why.UNAVAILABLE: ("the workspace is not available: {said}.", "Try again in a minute, or wait longer with --timeout."),
    Why.UNREACHABLE: ("the workspace cannot be reached: {said}.", "Is the host right, and does a firewall or VPN stand in between?"),
    Why.NO_ANSWER: ("the workspace did not answer: {said}.", "Try again, or wait longer with --timeout."),
    Why.REDIRECT: ("the workspace sends its callers elsewhere: {said}.", "Is this the address of a workspace? One with private link is reached from its own network only."),
    Why.REFUSED: ("the workspace refused it: {said}.", "Correct what it names."),
    Why.FAILED: ("the workspace failed: {said}.", "Try again; if it stays, ask your contact at Databricks."),
    Why.UNEXPECTED: ("what answers is no workspace: {said}.", "Is the host right?"),
}  # fmt: skip
"""Reason -> what is said, and the remedy."""


def problem_of(error: WorkspaceError, host: str) -> Problem:
    """Return what went wrong at ``host``, in words."""
    what, remedy = SENTENCES[error.code]
    return Problem(host, what.format(said=(error.said or "it does not say why").rstrip(".")), remedy)
