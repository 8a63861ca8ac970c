"""Each of Databricks' own cases fails for its fault, and only for that reason."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from playing import SCENARIOS, play, told

from certification.reference import default_config


class Fault(NamedTuple):
    """A case, a fault that it must find, and what the finding must say."""

    case: str
    name: str
    requirement: str
    says: str


TABLE = (
    Fault("P100", "new-company-called-active", "new-is-new redirect-value", 'account_status is "active" for somebody'),
    Fault("P100", "connect-content-type-text", "content-type", "not labelled as JSON"),
    Fault("P100", "connect-without-redirect-value", "connection-model", "/redirect_value of the Conn"),
    Fault("P100", "trial-page-missing", "redirect-answers", "the page answered 404"),
    Fault("P300", "sign-in-returns-id", "sign-in-configures-nothing", "a connection_id came back"),
    Fault("P300", "sign-in-called-expired", "not-expired expire-reach", "though nothing expired"),
    Fault("P302", "auto-add-called-existing", "new-user-action", 'user_status is "existing"'),
    Fault("P302", "not-found-adds", "new-user-action", "answered 200 instead of 404 account_not_found"),
    Fault("P300", "manual-lets-in", "sign-in-manual", "answered 200 instead of 404"),
    Fault("P400", "reconnect-returns-old-id", "connections-separate", "the one of an earlier first connect"),
    Fault("P400", "reconnect-refused", "first-connect expire-account", "answered 400 instead of 200 or 201"),
    Fault("P401", "delete-connection-upper-case", "delete-connection", "/resource_status"),
    Fault("P401", "delete-connection-as-delete", "delete-connection", "answered 405 instead of 200"),
    Fault("P401", "delete-blocks-return", "connect-after-delete", "answered 500 instead of 200 or 201"),
    Fault("P402", "delete-queued", "deleted-is-gone test-deleted", "instead of 404 connection_not_found"),
    Fault("P403", "delete-account-status-204", "delete-account", "answered 204 instead of 200"),
    Fault("P403", "delete-account-closes-domain", "first-connect", "answered 403 instead of 200 or 201"),
    Fault("P404", "delete-account-keeps-connections", "delete-account", "answered 200 instead of 404"),
    Fault("P405", "test-domain-any", "hooks-test-domains-only delete-account-reach", "acted on a domain that is no"),
    Fault("P500", "expire-account-does-nothing", "expire-account redirect-value", "after the account expired"),
    Fault("P501", "expire-account-does-nothing", "expire-account redirect-value", "after the account expired"),
    Fault("P502", "expire-account-whole-account", "expire-reach not-expired", "for the second user"),
    Fault(
        "P600",
        "cached-by-user",
        "connections-separate sign-in test-connection expire-account",
        "the connection_id is the one of an earlier",
    ),
    Fault("P700", "demo-ignored", "demo-always-new", 'redirect_value is "sign_in"'),
    Fault("P700", "demo-knows-user", "demo-always-new", 'user_status is "existing"'),
    Fault("P800", "test-connection-success", "test-connection", "/test_results/0/status"),
    Fault("P801", "delete-keeps-testing", "test-deleted", "a connection that is not there passes its test"),
    Fault("P820", "test-connection-success", "test-connection", "/test_results/0/status"),
    Fault("P900", "connectors-loop", "connectors-paging", "page"),
    Fault("P900", "connectors-empty-token-refused", "connectors", "answered 400 instead of 200"),
    Fault("E100", "refusal-forbidden", "credentials-required", "answered 403 instead of 401 unauthorized"),
    Fault("E100", "password-any", "credentials-required", "401 unauthorized"),
    Fault("R100", "needs-http-path", "first-connect", "answered 500 instead of 200 or 201"),
)


def config_for(fault: Fault) -> dict[str, Any] | None:
    """A cluster can be had beside a warehouse, which the faults about clusters need to fail in one case only."""
    if fault.case != "R100":
        return None
    resources = [{"resource_type": name} for name in ("SqlEndpoint", "InteractiveCluster", "PAT")]
    return {**default_config(), "resources_to_provision": resources}


def test_every_case_but_the_config_has_a_fault() -> None:
    assert {fault.case for fault in TABLE} == set(SCENARIOS) - {"F100"}


@pytest.mark.parametrize("fault", TABLE, ids=lambda fault: f"{fault.case}-{fault.name}")
def test_a_case_fails_for_its_fault_and_only_for_that(fault: Fault) -> None:
    outcome = play([fault.name], config=config_for(fault))
    required = outcome.at("must")
    assert {finding.cause[0] for finding in required} <= set(fault.requirement.split()), told(outcome)
    own = [finding.shown.seen for finding in required if fault.case in finding.cases()]
    assert [seen for seen in own if fault.says in f"{seen.message} {seen.expected}"], told(outcome)
    assert all(seen.expected and seen.actual for seen in own)
    verdicts = {result.case: result.verdict for result in outcome.results}
    assert verdicts[fault.case] == "failed"
    met = {case for finding in required for case in finding.cases()}
    for case, verdict in verdicts.items():
        assert verdict in ({"failed", "blocked"} if case in met else {"passed", "not_applicable"}), (case, verdict)
