"""What depends on which field of the partner config: what it decides of the requests, and of what answers are held to.

The one table that says whether a change of the config can be behind another outcome.  A field that decides which requests
are sent reaches every call or those of an operation; one that decides only what an answer is held to reaches the
requirements that look at it, and the cases that go another way for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from certification.contract.operations import OPERATIONS

SERVICE: Final = "service"
"""Subject of what all operations share."""

CONFIG_VALID: Final = "config-valid"
"""The one requirement that looks at every field."""

MAX_FIELDS: Final = 40
"""So many fields that differ are named."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a field of the config reaches."""

    everything: bool = False
    """Whether every call depends on it."""
    operations: frozenset[str] = frozenset()
    """Operations all of whose calls depend on it; ``service`` for what operations share."""
    requirements: frozenset[str] = frozenset()
    """Requirements that look at it."""
    cases: frozenset[str] = frozenset()
    """Cases that go another way for it."""

    def covers(self, requirement: str, operation: str, case: str) -> bool:
        """Return whether what was observed of ``requirement`` at ``operation`` in ``case`` can depend on the field."""
        return (
            self.everything
            or requirement == CONFIG_VALID
            or operation in self.operations
            or requirement in self.requirements
            or case in self.cases
        )


def _reach(*, everything: bool = False, operations: str = "", requirements: str = "", cases: str = "") -> Reach:
    return Reach(everything, frozenset(operations.split()), frozenset(requirements.split()), frozenset(cases.split()))


NOWHERE: Final = Reach()
"""A field that neither requests nor requirements depend on: it is shown to people, or read by editors."""

REACH: Final[Mapping[str, Reach]] = MappingProxyType(
    {
        "$schema": NOWHERE,
        # Of the contract: which of its clauses a version changes, the digests of the clauses say.
        "api_version": NOWHERE,
        "name": NOWHERE,
        "description_blurb": NOWHERE,
        "category": _reach(operations="list_connectors", cases="P900 A150 A170 L100"),
        "base_url": _reach(everything=True),
        **{
            f"endpoints/{row.config_key}": _reach(
                everything=row.name == "connect", operations=f"{row.name} {SERVICE}", requirements="endpoint-there"
            )
            for row in OPERATIONS.values()
        },
        "sign_up_page": NOWHERE,
        "privacy_policy": NOWHERE,
        "terms_of_service": NOWHERE,
        "logo_file": NOWHERE,
        "icon_file": NOWHERE,
        # Each decides what the requests hold: resources and workspaces, tokens, the clouds of the users.
        "resources_to_provision": _reach(everything=True),
        "supported_clouds": _reach(everything=True),
        "auth_options": _reach(everything=True),
        "test_workspace_detail": _reach(everything=True),
        "hostnames": _reach(requirements="redirect-allowed"),
        "new_user_action": _reach(
            requirements="new-user-action account-not-found",
            cases="P302 P502 G115 G120 S100 S110 H130 H150 H170 H180 N220 T130 T190",
        ),
        "data_permissions": NOWHERE,
        "object_permissions": NOWHERE,
        "require_manual_signup": _reach(operations=f"connect {SERVICE}", requirements="sign-in-manual"),
        "trial_type": _reach(
            requirements="expire-account expire-reach not-expired",
            cases="P302 P500 P501 P502 G115 G120 S100 S110 H130 H140 H150 H180 N220 T130 T190",
        ),
        "supports_demo": _reach(requirements="demo-always-new", cases="P700 D100 D110"),
        "is_published_app": _reach(requirements="oauth-redirect oauth-redirect-needless"),
        "allow_editable_email": NOWHERE,
    }
)
"""Field of the config -> how far it reaches; ``endpoints`` by their paths.  A field that is not here reaches nowhere."""


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields in which two configs differ, as keys of :data:`REACH`; those that no config has come last."""
    before, after = _flat(old), _flat(new)
    names = [*REACH, *sorted((before.keys() | after.keys()) - REACH.keys())]
    absent = object()
    return tuple(name for name in names if not _same(before.get(name, absent), after.get(name, absent)))[:MAX_FIELDS]


def _flat(config: Mapping[str, Any]) -> dict[str, Any]:
    endpoints = config.get("endpoints")
    if not isinstance(endpoints, dict):
        return dict(config)
    paths = {f"endpoints/{key}": path for key, path in endpoints.items()}
    return {**{key: value for key, value in config.items() if key != "endpoints"}, **paths}


def _same(one: Any, two: Any) -> bool:
    # True is 1 for Python, and not for JSON.
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(_same, one, two))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
    return type(one) is type(two) and bool(one == two)
