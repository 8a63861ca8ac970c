"""Every request that the suite makes up could have been sent by Databricks, whatever its shape and the partner's config."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from typing import Any
from urllib.parse import urlsplit

import pytest

from certification.cases.catalogue import catalogue
from certification.cases.generated import beginning
from certification.cases.play import Play
from certification.config.partner import PartnerConfig, check_config, trial_config
from certification.contract.internet_names import address_problem, host_problem
from certification.contract.validation import schema_errors
from certification.databricks import requests
from certification.databricks.context import Context
from certification.databricks.people import Identities
from certification.evidence.exchange import Exchange, Response
from certification.foundation.errors import ScriptEnded, SuiteFault
from certification.generate import values
from certification.generate.membership import EXAMPLES

CASES = [case for case in EXAMPLES if case.startswith("G")]


def config(**changes: Any) -> PartnerConfig:
    return check_config({**trial_config("https://api.acorn.com").raw, **changes}, "x")


@dataclass
class Agreeable:
    """Answers everything rightly enough for a script to go on, and keeps what it was sent."""

    sent: list[Any] = field(default_factory=list)

    def send(self, plan: Exchange) -> Exchange:
        body = plan.request.json or {}
        if body:
            self.sent.append(body)
        answer = {
            "redirect_uri": "https://api.acorn.com/welcome",
            "redirect_value": "sign_in",
            "user_status": "not_applicable",
            "account_status": "not_applicable",
            "configured_resources": "connection_id" not in body,
            "resource_status": "resources_deleted",
            "test_results": [{"test_name": "a", "status": "PASS"}],
        }
        if "connection_id" not in body:
            answer["connection_id"] = f"c{len(self.sent)}"
        text = json.dumps(answer)
        headers = (("Content-Type", "application/json"),)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return replace(plan, response=Response(200, "HTTP/1.1", headers, text, len(text), digest))

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        return [self.send(plan) for plan in plans]


def sent_by(case: str, partner: PartnerConfig, profile: str, seed: int = 5) -> Iterator[dict[str, Any]]:
    script = catalogue()[case].script
    assert script is not None
    for number, shape in enumerate(EXAMPLES[case](partner, seed, profile), 1):
        it = Agreeable()
        play = Play(Context("run", seed, profile, partner.base_url, partner), it, case, str(number), shape)
        try:
            script(play)
        except ScriptEnded:
            assert it.sent
        yield from it.sent


def addresses_and_hosts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "email":
                yield address_problem(inner)
            elif name in {"hostname", "domain"}:
                yield host_problem(inner)
            elif name == "workspace_url":
                yield host_problem(urlsplit(inner).hostname or "")
            yield from addresses_and_hosts(inner)


@pytest.mark.parametrize("profile", ["quick", "standard", "thorough"])
@pytest.mark.parametrize("case", CASES)
def test_every_address_and_host_of_every_shape_can_exist(case: str, profile: str) -> None:
    problems = [problem for body in sent_by(case, config(), profile) for problem in addresses_and_hosts(body)]
    assert problems
    assert set(problems) == {""}


@pytest.mark.parametrize("length", [2, 3, 42, 43, 63, 64, 84, 85, 127, 165, 189])
def test_the_beginning_of_a_domain_is_as_long_as_it_is_asked_to_be(length: int) -> None:
    assert len(beginning(length)) == length
    assert host_problem(f"{beginning(length)}com") == ""


def shared_beginnings(emails: set[str]) -> set[int]:
    """How many characters each two of ``emails`` begin with in common."""
    return {len(list(takewhile(_alike, zip(one, other, strict=False)))) for one, other in pairwise(sorted(emails))}


def _alike(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def emails_of(case: str) -> set[str]:
    return {body["user_info"]["email"] for body in sent_by(case, config(), "standard") if "user_info" in body}


@pytest.mark.parametrize("length", values.COMMON_BEGINNINGS.values())
def test_addresses_of_two_companies_begin_alike(length: int) -> None:
    # The words of two companies may begin alike as well.
    assert any(length <= shared <= length + 4 for shared in shared_beginnings(emails_of("G180")))


@pytest.mark.parametrize("length", [20, 30, 50, 63])
def test_addresses_of_colleagues_begin_alike(length: int) -> None:
    assert length in shared_beginnings(emails_of("G115"))


# One Databricks (ruling 16)

OLD = {"api_version": "2.0.1", "endpoints": {"connect_path": "/c", "delete_connection_path": "/d"}}


def test_what_is_sent_does_not_depend_on_the_version_of_the_partner() -> None:
    for case in CASES:
        old = list(sent_by(case, config(**OLD), "standard"))
        new = list(sent_by(case, config(endpoints=OLD["endpoints"]), "standard"))
        assert old == new, case
        # In no current document, and not sent (ruling 16).
        assert not any("staging_location" in body for body in new), case


def test_delete_connection_always_says_where() -> None:
    ids = Identities("key")
    person = ids.person("user", ids.company(), ids.workspace())
    for change in (OLD, {}):
        body = requests.right_body(config(**change), "delete_connection", person, connection_id="c")
        assert {"cloud_provider", "databricks_organization_id", "user_info"} <= body.keys()


@pytest.mark.parametrize("version", ["2.0.1", "2.2.1"])
@pytest.mark.parametrize(
    ("options", "present"),
    [
        ([], set()),
        (["AUTH_OAUTH_M2M"], {"service_principal_oauth_secret"}),
        (["AUTH_PAT", "AUTH_OAUTH_U2M"], {"oauth_u2m_app_id"}),
        (["AUTH_OAUTH_M2M", "AUTH_OAUTH_U2M"], {"service_principal_oauth_secret", "oauth_u2m_app_id"}),
    ],
)
def test_oauth_fields_go_by_the_auth_options_alone(version: str, options: list[str], present: set[str]) -> None:
    ids = Identities("key")
    person = ids.person("user", ids.company(), ids.workspace())
    partner = config(api_version=version, endpoints=OLD["endpoints"], auth_options=options)
    body = requests.connect_body(partner, person, None)
    assert {name for name in body if "oauth" in name} == present
    assert schema_errors("connect-request", body) == []
    assert body["is_sql_warehouse"]
    assert body["databricks_jdbc_url"].startswith("jdbc:databricks://")


# What is absent (rulings 22 and 28)


def test_a_service_principal_may_be_empty() -> None:
    assert any(body.get("service_principal_id") == "" for body in sent_by("G150", config(), "standard"))


@pytest.mark.parametrize("profile", ["quick", "standard", "thorough"])
def test_both_ways_to_say_that_there_is_no_token_are_tried(profile: str) -> None:
    partner = config(auth_options=["AUTH_OAUTH_U2M"])
    auths = [body["user_info"]["auth"] for body in sent_by("G150", partner, profile) if "auth" in body["user_info"]]
    assert {} in auths
    assert {"personal_access_token": None} in auths


# Requests that cannot be


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "a" * 65 + "@acorn.com"}, "/user_info/email"),
        ({"email": "a@" + "b" * 64 + ".com"}, "/user_info/email"),
        ({"email": "a b@acorn.com"}, "/user_info/email"),
    ],
)
def test_a_request_that_cannot_be_is_a_fault_of_the_suite(change: dict[str, str], said: str) -> None:
    ids = Identities("key")
    person = replace(ids.person("user", ids.company(), ids.workspace()), **change)
    with pytest.raises(SuiteFault, match=said):
        requests.connect_body(config(), person, None)
