"""Each rule of a submission: what it lets pass, what it refuses, and that it says what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from submitting import DAY, PUBLIC, config, connected, everything, explained, looked, redirected, scenarios

from certification.config.images import Image
from certification.evidence.redaction import Redactor
from certification.review.verify.outcome import PointOutput, Result
from certification.submission.completeness import RULES, completeness, failed
from certification.submission.explanations import Explanations
from certification.submission.facts import Attested, Leak, ManualCase, Outside, PageAnswer, Picture, Seen
from certification.submission.leaks import credentials_in, looks_secret
from certification.submission.words import RULES as TITLES
from certification.submission.words import remedy_of, text_of

GOOD = looked()
ICON = GOOD.pictures[1]


def ruled(rule: str, **changes: Any) -> tuple[Seen, str]:
    """The outcome of a rule, and what it says that is not as it should be."""
    found = next(each for each in completeness(looked(**changes)) if each.rule == rule)
    left = [each for each in found.facts if each.outcome is not Seen.HELD]
    return found.outcome, " ".join(f"{text_of(each)} {remedy_of(each)}".strip() for each in left)


def test_a_complete_submission_passes_every_rule() -> None:
    found = completeness(GOOD)
    assert {rule.rule: rule.outcome for rule in found} == dict.fromkeys(TITLES, Seen.HELD)
    assert [rule.id for rule in RULES] == list(TITLES)
    assert all(rule.facts for rule in found)
    assert failed(found) == ()


BROKEN = PointOutput("chain", "", ("line 7 was changed",), (), ())
ASKED = GOOD.explanations


def pictures(logo: Picture) -> dict[str, Any]:
    return {"pictures": (logo, ICON)}


def manifest(**changes: Any) -> dict[str, Any]:
    assert GOOD.manifest is not None
    return {"manifest": replace(GOOD.manifest, **changes)}


def pages(problem: str) -> dict[str, Any]:
    asked = GOOD.outside.pages or ()
    return {"outside": Outside(DAY, (replace(asked[0], problem=problem), *asked[1:]), credentials=True)}


@pytest.mark.parametrize(
    ("rule", "changes", "said"),
    [
        ("bundle-verifies", {"certificate": replace(GOOD.certificate, result=Result.BROKEN, points=(BROKEN,))}, "chain: line 7 was changed"),
        ("bundle-verifies", {"certificate": replace(GOOD.certificate, result=Result.UNVERIFIED)}, "Submit the report as the run left it"),
        ("bundle-complete", manifest(complete=False, incomplete_because=("narrowed by -k",)), "narrowed by -k"),
        ("bundle-complete", {"manifest": None}, "cannot be read"),
        ("bundle-conformant", {"certificate": replace(GOOD.certificate, verdict="not_conformant")}, "not_conformant. Repair"),
        ("bundle-suite", manifest(suite=replace(GOOD.manifest.suite, version="1.9.0")), "Version 1.9.0"),  # type: ignore[union-attr]
        ("bundle-suite", manifest(suite=replace(GOOD.manifest.suite, catalogue="f" * 64)), "with other cases"),  # type: ignore[union-attr]
        ("bundle-valid", {"outside": Outside("2028-02-01", GOOD.outside.pages, credentials=True)}, "ended on 2028-01-03, before 2028-02-01. Run"),
        ("config-same", {"certified_config": "b" * 64}, "bbbbbbbbbbbbbbbb…"),
        ("logo-and-icon", pictures(Picture("logo_file", "logo.svg", None)), "Put it beside the config"),
        ("logo-and-icon", pictures(Picture("logo_file", "logo.svg", Image("svg", 300, 100))), "300 x 100"),
        ("pages-answer", pages("answered 404"), "sign_up_page answered 404: https://acorn.com/signup"),
        ("pages-answer", {"outside": Outside(DAY, (), credentials=True)}, "not on record"),
        ("pages-answer", {"outside": Outside(DAY, (PageAnswer("sign_up_page", "https://other.com", ""),), credentials=True)}, "not on record"),
        ("hostnames-used", {"config": config(hostnames=["acorn.com", "cdn.acorn-static.com"])}, "cdn.acorn-static.com is allowed, and no redirect"),
        ("hostnames-used", {"config": config(hostnames=["acorn.com", "localhost"])}, "localhost is a name that no customer reaches"),
        ("redirects-covered", {"scenarios": scenarios([*everything(), connected(redirected("https://evil.net/x"))])}, "evil.net, which hostnames does not cover"),
        ("redirects-covered", {"scenarios": scenarios([])}, "Not a single redirect"),
        ("redirects-covered", {"scenarios": None}, "Not a single redirect"),
        ("scenarios-observed", {"scenarios": scenarios([])}, "A new customer starts from the tile (new-customer) was not observed"),
        ("scenarios-observed", {"scenarios": None}, "do not follow from the bundle"),
        ("tile-described", {"config": config(data_permissions=[], object_permissions=None)}, "names no permissions"),
        ("manual-cases", {"attested": Attested((), ("M100: its picture a.png is missing.",))}, "a.png is missing"),
        ("nothing-secret", {"leaks": (Leak("partner.json", "databricks-token", by_hand=True),)}, "partner.json holds what looks like a secret"),
        ("nothing-secret", {"leaks": (Leak("partner.json", "json-web-token", by_hand=True),)}, "json-web-token"),
    ],
)  # fmt: skip
def test_a_broken_rule_fails_and_says_what_to_do(rule: str, changes: dict[str, Any], said: str) -> None:
    outcome, text = ruled(rule, **changes)
    assert outcome is Seen.BROKEN
    assert said in text
    assert rule in failed(completeness(looked(**changes)))


@pytest.mark.parametrize(
    ("rule", "changes", "outcome", "said"),
    [
        ("logo-and-icon", pictures(Picture("logo_file", "logo.png", Image("svg", 420, 100))), Seen.ADVICE, "Name it .svg."),
        ("pages-answer", {"outside": Outside(DAY, None, credentials=True)}, Seen.OPEN, "--offline"),
        ("no-credentials", {"outside": Outside(DAY, GOOD.outside.pages, credentials=False)}, Seen.OPEN, "BASIC_PASSWORD"),
        ("manual-cases", {"attested": None}, Seen.ADVICE, "partner-connect onboarding record"),
        ("manual-cases", {"attested": Attested((ManualCase("M101", "missing", optional=False),))}, Seen.ADVICE, "M101 was not carried out"),
        ("manual-cases", {"attested": Attested((ManualCase("M101", "stale", False, "config"),))}, Seen.ADVICE, "M101 was carried out before"),
        ("manual-cases", {"attested": Attested((ManualCase("M500", "missing", optional=True),))}, Seen.HELD, ""),
        ("usability", {"usability": False}, Seen.ADVICE, "no usability result"),
        ("nothing-secret", {"leaks": (Leak("certification.zip: evidence/main.jsonl", "json-web-token", by_hand=False),)}, Seen.ADVICE, "one-time token"),
    ],
)  # fmt: skip
def test_what_can_wait_does_not_stand_in_the_way(rule: str, changes: dict[str, Any], outcome: Seen, said: str) -> None:
    found, text = ruled(rule, **changes)
    assert found is outcome
    assert said in text
    assert failed(completeness(looked(**changes))) == ()


def test_an_explanation_takes_the_place_of_an_observation() -> None:
    hosts = config(hostnames=["acorn.com", "localhost", "cdn.acorn-static.com"])
    told = Explanations(1, (explained("hostname", "LOCALHOST"), explained("hostname", "cdn.acorn-static.com")))
    assert ruled("hostnames-used", config=hosts, explanations=told)[0] is Seen.HELD
    over = Explanations(1, (explained("scenario", "expired-user-signs-in"),))
    gone = scenarios([each for each in everything() if "purchase_product" not in each.response.body])  # type: ignore[union-attr]
    outcome, text = ruled("scenarios-observed", scenarios=gone, explanations=over)
    assert outcome is Seen.BROKEN
    assert "expired-user-signs-in" not in text
    assert "expired-user-connects" in text


def test_a_config_that_only_this_machine_reaches_is_not_ready() -> None:
    from certification.config.partner import check_config

    raw = {**config().raw, **PUBLIC}
    ready = check_config(raw, "partner.json")
    local = check_config({**raw, "base_url": "http://localhost:8000"}, "partner.json")
    assert ruled("config-ready", config=ready) == (Seen.HELD, "")
    outcome, text = ruled("config-ready", config=local)
    assert outcome is Seen.BROKEN
    assert "base_url is on localhost" in text
    odd = check_config({**raw, "suported_clouds": []}, "partner.json")
    assert ruled("config-ready", config=odd)[0] is Seen.ADVICE


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("databricks-token", "dapi" + "0a1b2c3d" * 4),
        ("databricks-oauth-secret", "dose" + "0a1b2c3d" * 4),
        ("aws-key", "AKIA" + "IOSFODNN7EXAMPLX"),
        ("github-token", "ghp_" + "aB3" * 12),
        ("private-key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"),
        ("basic-header", "Basic dXNlcjpwYXNzd29yZA=="),
        ("password-in-url", "https://me:secret-word@acorn.com/"),
        ("json-web-token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN"),
        ("bearer-token", "Bearer abcdefghij0123456789"),
    ],
)
def test_secrets_of_known_forms_are_recognised(kind: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "member"
    # Also where a piece of the file ends and the next one begins.
    for before in ("", "x" * ((1 << 20) - len(text) // 2)):
        path.write_text(f"{before} {text} ", encoding="utf-8")
        assert looks_secret(path) == {kind}


def test_ordinary_texts_are_no_secrets(tmp_path: Path) -> None:
    path = tmp_path / "member"
    path.write_text(
        f'Basic authentication, {"a1" * 32}, "Basic $BASIC_USER:$BASIC_PASSWORD", http://localhost:33843/app, '
        'ada@acorn.com, dapi, WWW-Authenticate: Basic realm="Partner Connect", https://acorn.com:443/@name'
    )
    assert looks_secret(path) == set()


def test_credentials_are_found_in_whatever_a_person_wrote(tmp_path: Path) -> None:
    redactor = Redactor({"BASIC_PASSWORD": "Korrekt-Pferd-77"}, "user")
    (tmp_path / "plain").write_text('{"x": "Korrekt-Pferd-77"}')
    (tmp_path / "disguised").write_text('{"x": "S29ycmVrdC1QZmVyZC03Nw=="}')
    (tmp_path / "clean").write_text('{"x": "${BASIC_PASSWORD}"}')
    members = [(name, tmp_path / name, True) for name in ("plain", "disguised", "clean")]
    assert list(credentials_in(members, redactor)) == ["plain", "disguised"]
