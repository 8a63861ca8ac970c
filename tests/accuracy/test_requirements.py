"""Every requirement can be broken, and is looked at: no clause is listed that no check decides."""

from __future__ import annotations

from typing import Any

from breaking import BREAKS, MADE_UP

from certification.accuracy.certify import certify
from certification.accuracy.partners import reference_partner
from certification.contract.requirements import REQUIREMENTS
from certification.reference import FAULTS, VARIANTS, default_config

TESTED = {name for name, requirement in REQUIREMENTS.items() if not requirement.untested}

OTHERS: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "companies-by-whole-domain": ({}, [], ["G180"]),
    "redirect-arrives": ({}, ["redirect-page-in-circle"], ["P100"]),
    "connectors": ({"category": "INGEST"}, [], ["P900", "L100"]),
    "oauth-redirect": ({"auth_options": ["AUTH_OAUTH_U2M"], "is_published_app": False}, [], ["P100"]),
    "sign-in-manual": ({"require_manual_signup": True}, [], ["P300"]),
    "account-not-found": ({"new_user_action": "invite"}, ["other-domain-not-found"], ["H170"]),
}
"""What the other requirements are looked at with: changes of the config, faults, cases."""


def looked_at(changes: dict[str, Any], faults: list[str], cases: list[str] | None) -> set[str]:
    raw = {**default_config(), **changes}
    with reference_partner(raw, faults=faults) as partner:
        return set(certify(partner, profile="standard" if cases else "quick", cases=cases).looked_at)


def test_every_requirement_has_a_partner_that_breaks_it_or_a_made_up_answer() -> None:
    assert BREAKS.keys() | MADE_UP == TESTED
    assert not BREAKS.keys() & MADE_UP
    assert set(BREAKS.values()) <= {entry.name for entry in (*FAULTS, *VARIANTS)}


def test_a_run_looks_at_every_requirement_that_the_partner_calls_for() -> None:
    seen = looked_at({}, [], None)
    for changes, faults, cases in OTHERS.values():
        seen |= looked_at(changes, faults, cases)
    assert TESTED - seen == set()
