"""The bundled reference partner has no finding at all, whatever its config says."""

from __future__ import annotations

from typing import Any

import pytest
from playing import SCENARIOS, play, told

from certification.reference import default_config
from certification.report.words import reason_words

WAREHOUSE = {"resource_type": "SqlEndpoint"}
CLUSTER = {"resource_type": "InteractiveCluster"}
PAT = {"resource_type": "PAT"}
DETAIL = {
    "hostname": "adb-1.7.azuredatabricks.net",
    "port": 443,
    "jdbc_url": "jdbc:spark://adb-1.7.azuredatabricks.net:443/default",
    "databricks_jdbc_url": "jdbc:databricks://adb-1.7.azuredatabricks.net:443/default",
    "http_path": "/sql/1.0/warehouses/abc",
    "cluster_id": "abc",
}
NO_HOOKS = {"connect_path": "/connect", "delete_connection_path": "/delete"}

KINDS: dict[str, dict[str, Any]] = {
    "everything": {},
    "auto_add": {"new_user_action": "auto_add"},
    "invite": {"new_user_action": "invite"},
    "not_found": {"new_user_action": "not_found"},
    "error": {"new_user_action": "error"},
    "manual sign-up": {"require_manual_signup": True},
    "manual sign-up and invite": {"require_manual_signup": True, "new_user_action": "invite"},
    "manual sign-up and not_found": {"require_manual_signup": True, "new_user_action": "not_found"},
    "manual sign-up and error": {"require_manual_signup": True, "new_user_action": "error"},
    "trials of users": {"trial_type": "user"},
    "trials of accounts": {"trial_type": "account"},
    "trials of accounts and invite": {"trial_type": "account", "new_user_action": "invite"},
    "trials of accounts and not_found": {"trial_type": "account", "new_user_action": "not_found"},
    "no trial": {"trial_type": None},
    "no demo": {"supports_demo": False},
    "warehouse": {"resources_to_provision": [WAREHOUSE, PAT]},
    "cluster": {"resources_to_provision": [CLUSTER, PAT]},
    "warehouse and cluster": {"resources_to_provision": [WAREHOUSE, CLUSTER, PAT]},
    "destination": {"resources_to_provision": [WAREHOUSE, {"resource_type": "DestLocation"}, PAT]},
    "nothing provisioned": {"resources_to_provision": []},
    "token": {"auth_options": ["AUTH_PAT"]},
    "M2M": {"auth_options": ["AUTH_OAUTH_M2M"]},
    "U2M": {"auth_options": ["AUTH_OAUTH_U2M"]},
    "U2M published": {"auth_options": ["AUTH_OAUTH_U2M"], "is_published_app": True},
    "U2M and token": {"auth_options": ["AUTH_PAT", "AUTH_OAUTH_U2M"], "is_published_app": False},
    "M2M and U2M": {"auth_options": ["AUTH_OAUTH_M2M", "AUTH_OAUTH_U2M"]},
    "no hooks": {"category": "ML", "endpoints": NO_HOOKS},
    "prefixed paths": {"base_url": "http://localhost/partner/api/v2"},
    "one cloud": {"supported_clouds": ["gcp"]},
    "not INGEST": {"category": "SECURITY_AND_GOVERNANCE"},
    "version 2.0.1": {"api_version": "2.0.1", "category": "ML", "endpoints": {"connect_path": "/connect"}},
    "version 2.0.3": {"api_version": "2.0.3"},
    "version 2.1.0": {"api_version": "2.1.0"},
    "workspace detail": {"test_workspace_detail": DETAIL},
}


def config_of(kind: str) -> dict[str, Any]:
    config = {**default_config(), **KINDS[kind]}
    return {key: value for key, value in config.items() if value is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_no_finding_at_all(kind: str) -> None:
    outcome = play(config=config_of(kind))
    assert told(outcome) == []
    verdicts = {result.case: result.verdict for result in outcome.results}
    assert set(verdicts.values()) <= {"passed", "not_applicable"}, verdicts
    for ident in ("F100", "P100", "P300", "P302", "P400", "P600", "E100"):
        assert verdicts[ident] == "passed"
    assert verdicts["P900"] == ("passed" if config_of(kind)["category"] == "INGEST" else "not_applicable")


@pytest.mark.parametrize(
    ("kind", "case", "reason"),
    [
        ("no hooks", "P403", "the config has no delete_account_path"),
        ("no hooks", "P501", "the config has no expire_account_path"),
        ("no hooks", "P801", "the config has no test_connection_path"),
        ("no trial", "P502", "the config has no trial_type"),
        ("no demo", "P700", "the config does not say supports_demo"),
        ("not INGEST", "P900", "the connector list is for category INGEST; the config says SECURITY_AND_GOVERNANCE"),
        ("warehouse", "R100", "the config does not provision an InteractiveCluster"),
        ("version 2.0.1", "P401", "the config has no delete_connection_path"),
    ],
)
def test_a_case_that_does_not_apply_says_why(kind: str, case: str, reason: str) -> None:
    (result,) = play(cases=[case], config=config_of(kind)).results
    assert (result.verdict, reason_words(result.reason)) == ("not_applicable", reason)


@pytest.mark.parametrize("status", ["deletion-acknowledged", "deletion-pending"])
def test_what_a_partner_does_not_promise_is_not_expected(status: str) -> None:
    outcome = play([status])
    assert told(outcome) == []
    results = {result.case: result for result in outcome.results}
    for ident in ("P402", "P801"):
        assert results[ident].verdict == "not_applicable"
        assert "not resources_deleted" in reason_words(results[ident].reason)


def test_every_scenario_is_among_those_that_are_played() -> None:
    assert len(SCENARIOS) >= 19
