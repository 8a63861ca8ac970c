"""Each of Databricks' own cases fails for its fault, and only for that reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playing import SCENARIOS, play, told

from certification.reference import default_config


class Fault(NamedTuple):
    """A case, a fault that it must find, and what the finding must say.

    ``also`` names the cases that meet the same mistake at a step of their own, which no other case tests.
    """

    case: str
    name: str
    requirement: str
    says: str
    also: tuple[str, ...] = ()


ANY_CONNECT = ("P300", "P302", "P400", "P401", "P403", "P405", "P501", "P502", "P600", "P700")
ANY_SIGN_IN = ("P302", "P405", "P501", "P502", "P600", "P700")

TABLE = (
    Fault("P100", "new-company-called-active", "new-is-new redirect-value", 'account_status is "active" for somebody'),
    Fault("P100", "connect-content-type-text", "content-type", "not labelled as JSON", ANY_CONNECT),
    Fault("P100", "connect-without-redirect-value", "connection-model", "/redirect_value of the Conn", ANY_CONNECT),
    Fault("P100", "trial-page-missing", "redirect-answers", "the page answered 404", ("P403", "P700")),
    Fault("P300", "sign-in-returns-id", "sign-in-configures-nothing", "a connection_id came back", ANY_SIGN_IN),
    Fault("P300", "sign-in-called-expired", "not-expired expire-reach", "though nothing expired", ANY_SIGN_IN),
    Fault("P302", "auto-add-called-existing", "new-user-action", 'user_status is "existing"', ("P502",)),
    Fault("P302", "not-found-adds", "new-user-action", "answered 200 instead of 404 account_not_found", ("P502",)),
    Fault("P300", "manual-lets-in", "sign-in-manual", "answered 200 instead of 404", ANY_SIGN_IN),
    Fault("P400", "reconnect-returns-old-id", "connections-separate", "the one of an earlier first connect"),
    Fault("P400", "reconnect-refused", "first-connect", "answered 400 instead of 200 or 201"),
    Fault("P401", "delete-connection-upper-case", "delete-connection", "/resource_status"),
    Fault("P401", "delete-connection-as-delete", "delete-connection", "from DELETE to POST in August 2023"),
    Fault("P401", "delete-blocks-return", "first-connect", "first connect after deletion"),
    Fault("P402", "delete-queued", "deleted-is-gone test-unknown", "instead of 404 connection_not_found", ("P801",)),
    Fault("P403", "delete-account-status-204", "delete-account", "answered 204 instead of 200"),
    Fault("P403", "delete-account-closes-domain", "first-connect", "first connect after delete-account"),
    Fault("P404", "delete-account-keeps-connections", "delete-account", "sign-in after delete-account"),
    Fault("P405", "test-domain-any", "hooks-test-domains-only delete-account-reach", "acted on a domain that is no"),
    Fault("P501", "expire-account-does-nothing", "expire-account", "after the account expired"),
    Fault("P502", "expire-account-whole-account", "expire-reach not-expired", "for the second user"),
    Fault(
        "P600",
        "cached-by-user",
        "connections-separate sign-in",
        "first connect in a second workspace: the connection_id is the one of an earlier",
        ("P400", "P401", "P403", "P700"),
    ),
    Fault("P700", "demo-ignored", "demo-always-new", 'redirect_value is "sign_in"'),
    Fault("P700", "demo-knows-user", "demo-always-new", 'user_status is "existing"'),
    Fault("P800", "test-connection-success", "test-connection", "/test_results/0/status"),
    Fault("P801", "delete-keeps-testing", "test-unknown", "answered 200 instead of 404"),
    Fault("P900", "connectors-loop", "connectors-paging", "page"),
    Fault("P900", "connectors-empty-token-refused", "connectors", "answered 400 instead of 200"),
    Fault("E100", "refusal-forbidden", "credentials-required", "answered 403 instead of 401 unauthorized"),
    Fault("E100", "password-any", "credentials-required", "401 unauthorized"),
    Fault("R100", "needs-http-path", "first-connect", "first connect with a cluster"),
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
def test_a_case_fails_for_its_fault_and_only_for_that(fault: Fault, tmp_path: Path) -> None:
    results = play(tmp_path, [fault.name], config=config_for(fault))
    failed = {ident for ident, result in results.items() if result.verdict == "failed"}
    assert fault.case in failed
    assert failed <= {fault.case, *fault.also}, told(results)
    required = {
        ident: [finding.violation for finding in results[ident].findings if finding.violation.level == "must"]
        for ident in failed
    }
    broken = {violation.requirement for violations in required.values() for violation in violations}
    assert broken <= set(fault.requirement.split()), told(results)
    own = required[fault.case]
    assert own[0].requirement in fault.requirement.split()
    assert [v for v in own if fault.says in f"{v.message} {v.expected}"], told(results)
    assert all(violation.expected and violation.actual for violation in own)
    for ident, result in results.items():
        if result.verdict == "blocked":
            reporters = [f"{name} reports it" for name in failed]
            assert result.reason.startswith((*reporters, "the first connect gave no connection_id")), result
        else:
            assert ident in failed or result.verdict in {"passed", "not_applicable"}, result
