"""Secrets that an adversarial partner echoes in every encoding: no file and no line of the terminal holds one."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote

import pytest
from partners import Answer, Call, Partner
from running import Outcome

Certify = Callable[..., Outcome]

USER = "jürgen <b>&\"'"
PASSWORD = "pä:s\"s'<wörd>&/\\ 🔑+="
TOKEN = "dapi:tök\"en'<i>&42 +/=%"

ENCODERS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    quote,
    lambda text: quote(text, safe=""),
    quote_plus,
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    html.escape,
    lambda text: "".join(f"&#{ord(character)};" for character in text),
    lambda text: "".join(f"&#x{ord(character):x};" for character in text),
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    lambda text: base64.b64encode(b"x" + text.encode() + b"y").decode(),
    lambda text: base64.b64encode(b"xy" + text.encode() + b"z").decode(),
    lambda text: text.encode().hex(),
    lambda text: text.encode().hex().upper(),
)


def echoes() -> list[str]:
    """Each secret in each encoding, and the Basic header."""
    header = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    return [encode(secret) for secret in (PASSWORD, TOKEN) for encode in ENCODERS] + [header]


def traces() -> set[str]:
    """What must stand nowhere: the forms of the secrets, and parts of them that survive most encodings."""
    forms = {form for form in echoes() if len(form) > 8}
    bare = {encode(secret) for secret in (PASSWORD, TOKEN) for encode in ENCODERS[5:9]}
    return forms | bare


@pytest.fixture
def echoing(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> Partner:
    """A partner that repeats every secret wherever it can."""
    monkeypatch.setenv("BASIC_USER", USER)
    monkeypatch.setenv("BASIC_PASSWORD", PASSWORD)
    monkeypatch.setenv("PAT_TOKEN", TOKEN)
    monkeypatch.setattr("partners.USER", USER)
    monkeypatch.setattr("partners.PASSWORD", PASSWORD)
    correct = partner.routed
    everything = echoes()
    latin = [("X-Echo", form.encode().decode("latin-1")) for form in everything if form.isprintable()]

    def behaviour(call: Call) -> Answer:
        answer = correct(call)
        assert isinstance(answer, Answer)
        if call.path == "/welcome":
            return Answer(200, "".join(everything).encode(), [("Content-Type", "text/html")])
        body = {**answer.body, "echo": everything, "debugging_message": " ".join(everything)}
        if "redirect_uri" in body:
            body["redirect_uri"] += f"?token={quote_plus(TOKEN)}&password={quote(PASSWORD, safe='')}"
        content = json.dumps(body, ensure_ascii=len(call.body) % 2 == 0).encode()
        return Answer(answer.status, content, [("Content-Type", "application/json"), *latin])

    partner.everything = behaviour
    return partner


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_file_and_no_line_holds_a_secret(
    echoing: Partner, certify: Certify, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "step.md"))
    outcome = certify(
        f"--partner-url={echoing.url}", "-m", "scenario", "-v", "-rA", "--junitxml=own.xml", "--tb=long", "--color=no"
    )
    assert outcome.status == 1, outcome.text
    left = [path for path in files(pytester.path) if not path.name.startswith("conftest")]
    assert {"report.html", "report.json", "main.jsonl", "evidence.har", "own.xml", "step.md"} <= {
        path.name for path in left
    }
    for trace in traces():
        assert trace not in outcome.text
        for path in left:
            assert trace not in path.read_text(encoding="utf-8", errors="replace"), (path, trace)


def test_what_was_escaped_once_more_holds_none_either(echoing: Partner, certify: Certify) -> None:
    outcome = certify(f"--partner-url={echoing.url}", "-k", "P100 or P300")
    for path in files(outcome.folder):
        text = path.read_text(encoding="utf-8", errors="replace")
        for _ in range(3):
            text = html.unescape(unquote(text)).replace('\\"', '"').replace("\\/", "/").replace("\\\\", "\\")
            for secret in (PASSWORD, TOKEN):
                assert secret not in text, path


def test_the_leak_itself_is_a_finding_that_names_the_secret_and_not_its_value(
    echoing: Partner, certify: Certify
) -> None:
    outcome = certify(f"--partner-url={echoing.url}", "-k", "P100")
    leaks = [finding for finding in outcome.findings("must") if finding["requirement"] == "secrets-kept"]
    assert leaks
    assert all(finding["security"] for finding in leaks)
    said = json.dumps(leaks, ensure_ascii=False)
    assert "the Basic password came back" in said
    assert "the personal access token came back" in said
    assert "$BASIC_USER:$BASIC_PASSWORD" in said
    assert "${PAT_TOKEN}" in said


def test_the_secrets_still_reach_the_partner_whole(echoing: Partner, certify: Certify) -> None:
    certify(f"--partner-url={echoing.url}", "-k", "P100")
    first = next(call for call in echoing.calls if call.path == "/connect" and call.is_first_connect)
    assert first.json["user_info"]["auth"]["personal_access_token"] == TOKEN
    expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    assert first.headers["authorization"] == f"Basic {expected}"


def test_an_error_that_echoes_the_credentials_stops_the_run_without_repeating_them(
    partner: Partner, certify: Certify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASIC_PASSWORD", PASSWORD)

    def refuse(call: Call) -> Answer:
        echo: dict[str, Any] = {"error_reason": "unauthorized", "debugging_message": call.headers["authorization"]}
        return Answer(401, echo, [("Content-Type", "application/json"), ("Location", quote(PASSWORD))])

    partner.everything = refuse
    outcome = certify(f"--partner-url={partner.url}")
    assert outcome.status == 4
    header = base64.b64encode(f"partner-user:{PASSWORD}".encode()).decode()
    for text in [outcome.text, *(path.read_text(encoding="utf-8") for path in files(outcome.folder))]:
        for trace in (PASSWORD, quote(PASSWORD), header):
            assert trace not in text


def test_a_redirect_with_a_secret_is_refused_without_repeating_it(partner: Partner, certify: Certify) -> None:
    partner.everything = lambda _call: Answer(
        307, b"", [("Location", f"https://elsewhere.example/?p={quote_plus('correct horse battery staple')}")]
    )
    outcome = certify(f"--partner-url={partner.url}")
    assert outcome.status == 4
    assert "elsewhere.example/?p=${BASIC_PASSWORD}" in outcome.one_line()
    assert "correct+horse" not in outcome.text
