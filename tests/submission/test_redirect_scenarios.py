"""Which scenarios follow from the evidence, and what is said of those that were not observed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from submitting import PEOPLE, config, connected, everything, redirected, scenarios

from certification.evidence.steps import Act, When
from certification.foundation.typed_json import from_json, to_json
from certification.submission.redirect_scenarios import Possible, RedirectScenarios
from certification.submission.words import SCENARIOS, why_not

SITE = "https://app.acorn.com"


def possible(of: Any, exchanges: Any = (), **verdicts: str) -> dict[str, Possible]:
    return {row.id: row for row in scenarios(list(exchanges), of, **verdicts).possible}


def test_every_scenario_of_the_config_is_found_with_its_url() -> None:
    found = scenarios(everything())
    assert [row.id for row in found.possible if not row.observed] == []
    observed = {each.id: each for each in found.observed}
    first = observed[found.possible[0].observed[0]]
    assert (first.act, first.user_status, first.account_status, first.redirect_value) == (
        "first-connect", "new", "new", "create_trial",
    )  # fmt: skip
    assert [(url.url, url.hostname, url.times) for url in first.urls] == [
        (f"{SITE}/create-trial?ticket={{…}}", "acorn.com", len(PEOPLE))
    ]
    assert (first.times, first.people, first.cases) == (3, 3, ("P100",))
    refused = next(each for each in found.observed if each.status == 404)
    assert (refused.error_reason, refused.urls) == ("connection_not_found", ())


def test_the_same_evidence_gives_the_same_document_in_any_order() -> None:
    one, other = scenarios(everything()), scenarios(everything()[::-1])
    assert json.dumps(to_json(one)) == json.dumps(to_json(other))
    assert from_json(RedirectScenarios, to_json(one)) == one


@pytest.mark.parametrize(
    "exchange",
    [
        connected(redirected(SITE), when=When.WRONG_CREDENTIALS),
        connected(redirected(SITE), when=When.PROBE),
        connected(redirected(SITE), authorization="wrong-password"),
        connected(redirected(SITE), status=302),
        connected({"error_reason": "bad_request"}, status=400),
        connected({"redirect_uri": 5}),
        connected([redirected(SITE)]),
    ],
)
def test_answers_that_databricks_never_gets_are_no_scenario(exchange: Any) -> None:
    assert scenarios([exchange]).observed == ()


def test_a_partners_own_words_are_not_repeated() -> None:
    answer = redirected("javascript:alert('s3cr3t')", "s3cr3t", "s3cr3t", "s3cr3t")
    found = scenarios([connected(answer)])
    assert "s3cr3t" not in json.dumps(to_json(found))
    assert (found.observed[0].redirect_value, found.observed[0].urls[0].url) == ("other", "")


@pytest.mark.parametrize(
    ("action", "answer", "status"),
    [
        ("auto_add", redirected(SITE, "sign_in", "new", "active"), 200),
        ("invite", redirected(SITE, "contact_admin", "not_applicable", "active"), 200),
        ("not_found", {"error_reason": "account_not_found"}, 404),
        ("error", {"error_reason": "general_error"}, 500),
    ],
)
def test_a_new_user_is_answered_as_the_config_says(action: str, answer: Any, status: int) -> None:
    call = connected(answer, act=Act.SIGN_IN, when=When.NEW_USER, status=status)
    for said in ("auto_add", "invite", "not_found", "error"):
        row = possible(config(new_user_action=said), [call], P302="passed")["new-user-signs-in"]
        assert bool(row.observed) is (said == action), said
        assert row.because == ("" if said == action else "otherwise")


def test_only_what_the_config_makes_possible_is_asked_for() -> None:
    bare = possible(config(trial_type=None, supports_demo=None))
    assert not {"expired-user-signs-in", "demo-connects", "signed-up-by-hand", "oauth-consent"} & bare.keys()
    rich = possible(config(require_manual_signup=True, auth_options=["AUTH_OAUTH_U2M"]))
    assert {"expired-user-signs-in", "demo-connects", "signed-up-by-hand", "oauth-consent"} <= rich.keys()
    assert rich.keys() | bare.keys() == SCENARIOS.keys()


def test_what_was_not_observed_says_why() -> None:
    without = config(endpoints={"connect_path": "/connect"}, require_manual_signup=True)
    rows = possible(without, P100="passed", P300="blocked")
    assert why_not(rows["signed-up-by-hand"]) == "only a person can bring it about"
    assert why_not(rows["expired-user-signs-in"]) == "the config has no expire_account_path"
    assert why_not(rows["known-user-signs-in"]) == "its cases were not played to their end (P300 blocked)"
    assert why_not(rows["new-customer"]) == "the partner answered something else (P100 passed)"


def test_the_oauth_consent_has_addresses_of_its_own() -> None:
    answer = redirected(SITE, oauth_redirect_uri=f"{SITE}/sign-in?code=abc")
    u2m = config(auth_options=["AUTH_OAUTH_U2M"])
    found = scenarios([connected(answer, person=name) for name in PEOPLE], u2m)
    assert [url.url for url in found.observed[0].oauth_urls] == [f"{SITE}/sign-in?code={{…}}"]
    assert possible(u2m, [connected(redirected(SITE))], P100="passed")["oauth-consent"].because == "otherwise"


def test_with_manual_sign_up_a_refused_sign_in_is_the_scenario() -> None:
    refused = connected({"error_reason": "account_not_found"}, act=Act.SIGN_IN, status=404)
    assert possible(config(require_manual_signup=True), [refused])["known-user-signs-in"].observed
    assert not possible(config(), [refused])["known-user-signs-in"].observed
