"""What a change touches: by its kind, and by what really changed in the config."""

from __future__ import annotations

from typing import Any

import pytest

from certification.cases.catalogue import catalogue
from certification.config.partner import PartnerConfig
from certification.contract.lifecycle import ROLES
from certification.contract.requirements import REQUIREMENTS
from certification.contract.schema_files import read_schema
from certification.contract.statements import STATEMENTS
from certification.onboarding.change import KINDS, SHOWN, Touched, stale_roles, touched
from certification.review.reach import REACH
from certification.run.reference_process import reference_config

OLD = reference_config().raw
AUTOMATED = {case.id for case in catalogue().values() if not case.manual and case.applies(reference_config()) is None}


def change(*kinds: str, **fields: Any) -> Touched:
    """A change of some fields of the config; None takes one out."""
    raw = {key: value for key, value in {**OLD, **fields}.items() if value is not None}
    return touched([KINDS[name] for name in kinds], OLD, PartnerConfig(raw))


def test_the_kinds_are_those_that_a_record_can_name() -> None:
    kinds = read_schema("onboarding")["properties"]["certificates"]["items"]["properties"]["kind"]["enum"]
    assert set(kinds) == {*KINDS, "first", "renewal"}


def test_every_field_of_a_config_belongs_to_a_kind() -> None:
    assert {*SHOWN, *(field for kind in KINDS.values() for field in kind.fields)} == REACH.keys()


def test_the_table_names_only_what_there_is() -> None:
    for kind in KINDS.values():
        assert {*kind.requirements} <= REQUIREMENTS.keys()
        assert {*kind.statements} <= STATEMENTS.keys()
        assert {*kind.roles} <= ROLES.keys()
        assert all(catalogue()[name].manual for name in kind.manual)
        assert kind.everything or kind.requirements or kind.fields


def test_credentials_touch_what_authenticates() -> None:
    found = change("credentials")
    assert (found.fields, found.foreign, found.everything) == ((), {}, False)
    assert {"A100", "A170", "A160"} <= set(found.cases)
    assert not {"P402", "P900", "G100"} & set(found.cases)
    assert found.selection.startswith("E100 or A100 or ")
    assert (found.statements, found.manual, found.roles) == ((), ("M100", "M300"), ("partner", "engineering"))


def test_an_address_touches_everything_and_a_host_of_redirects_does_not() -> None:
    moved = change("hostname", base_url="https://new.example", hostnames=["new.example"])
    assert moved.everything
    assert (set(moved.cases), moved.selection) == (AUTOMATED, "")
    assert moved.applicable == len(AUTOMATED)
    more = change("hostname", hostnames=["localhost", "new.example"])
    assert not more.everything
    assert "redirect-allowed" in more.requirements
    assert 0 < len(more.cases) < len(AUTOMATED)


def test_a_path_touches_the_cases_that_need_it() -> None:
    paths = {**OLD["endpoints"], "expire_account_path": "/expire"}
    found = change("hostname", endpoints=paths)
    assert found.fields == ("endpoints/expire_account_path",)
    assert {"P501", "A140"} <= set(found.cases)
    assert "P900" not in found.cases


def test_a_version_touches_the_clauses_that_it_changes() -> None:
    found = change("api-version", api_version="2.0.0")
    assert {"delete-connection", "bad-request-refused"} <= set(found.requirements)
    assert not {"redirect-allowed", "first-connect"} & set(found.requirements)
    assert "N100" in found.cases
    assert change("api-version").requirements == ()


@pytest.mark.parametrize("kind", ["feature", "fix"])
def test_what_may_be_felt_everywhere_leaves_nothing_out(kind: str) -> None:
    found = change(kind)
    assert set(found.cases) == AUTOMATED
    assert found.requirements == tuple(REQUIREMENTS)


def test_fields_of_another_kind_are_named_with_theirs() -> None:
    fields = {"trial_type": "account", "hostnames": ["x.example"], "logo_file": "new.svg", "mine": 1}
    assert change("credentials", **fields).foreign == {"hostnames": ("hostname", "cloud"), "trial_type": ("feature",)}
    assert change("feature", "cloud", **fields).foreign == {}
    assert change("feature", "cloud", **fields).fields == ("logo_file", "hostnames", "trial_type", "mine")


def test_what_does_not_apply_to_the_partner_is_left_out() -> None:
    with_demo, without = change("feature", supports_demo=True), change("feature", supports_demo=None)
    assert "M700" in with_demo.manual
    assert "M700" not in without.manual
    assert "P700" in with_demo.cases
    assert "P700" not in without.cases


def test_every_sign_off_rests_on_the_bundle() -> None:
    assert stale_roles(config_changed=False) == tuple(ROLES)
    assert stale_roles(config_changed=True) == tuple(ROLES)
