"""Answers that no partner should give: each becomes a finding, the run goes on, and the report is written."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from partners import Answer, Behaviour, Call, Gate, Partner, Wire, with_body
from running import Outcome

Certify = Callable[..., Outcome]

JSON = ("Content-Type", "application/json")
MEGABYTE = b" " * 1_000_000


@dataclass(frozen=True)
class Hostile:
    """One way to answer a first connect, and what the finding about it must say."""

    behaviour: Callable[[Partner], Behaviour]
    requirement: str
    says: str
    level: str = "must"


def correct_but(change: Callable[[bytes], bytes], *headers: tuple[str, str]) -> Callable[[Partner], Behaviour]:
    """The correct answer with its bytes changed."""

    def of(partner: Partner) -> Behaviour:
        return lambda call: Answer(200, change(partner.connected(call).content()), [JSON, *headers])

    return of


HOSTILE = {
    "hangs": Hostile(lambda partner: Gate().hold(partner), "answer-arrives", "no complete answer after"),
    "html": Hostile(
        lambda _partner: lambda _call: Answer(200, b"<h1>Welcome", [("Content-Type", "text/html")]),
        "body-json",
        "is an HTML page",
    ),
    "lone surrogate": Hostile(
        correct_but(lambda body: body[:-1] + b', "name": "\\ud83d"}'),
        "body-unambiguous",
        "half of a surrogate pair",
        "should",
    ),
    "redirects to itself": Hostile(
        lambda _partner: lambda call: Answer(307, b"", [("Location", call.target)]),
        "answer-direct",
        "connect was redirected to /connect",
    ),
}
"""One of each kind, as a user sees it; many more, without pytest around them, are in the folder ``hostile``."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_a_finding(certify: Certify, partner: Partner, name: str) -> None:
    hostile = HOSTILE[name]
    partner.first_connect = hostile.behaviour(partner)
    hurried = ["--certification-timeout=1.5"] if name == "hangs" else []
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100 or F100", "-v", *hurried)
    assert "Traceback" not in outcome.text
    assert "INTERNALERROR" not in outcome.text
    found = [each for each in outcome.findings() if each["requirement"] == hostile.requirement]
    assert len(found) == 1, outcome.text
    assert found[0]["level"] == hostile.level
    assert hostile.says in f"{found[0]['message']} {found[0]['actual']}"
    assert found[0]["clause"]
    assert found[0]["curl"].startswith("curl -i -X POST")
    assert hostile.says.split("(")[0] in outcome.one_line()
    assert outcome.case("P100")["verdict"] == ("failed" if hostile.level == "must" else "passed")
    assert outcome.case("F100")["verdict"] == "passed"
    assert outcome.status == (1 if hostile.level == "must" else 0)
    assert (outcome.folder / "report.html").stat().st_size > 1000


def test_decoding_stops_at_the_bound_however_deflate_is_wrapped(certify: Certify, partner: Partner) -> None:
    correct = partner.connected
    for wrapped in (zlib.compress, lambda body: zlib.compress(body)[2:-4]):
        partner.first_connect = lambda call, wrapped=wrapped: Answer(
            200, wrapped(correct(call).content()), [JSON, ("Content-Encoding", "deflate")]
        )
        outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
        assert outcome.status == 0, outcome.text


def test_an_endless_answer_is_read_up_to_the_bound_only(certify: Certify, partner: Partner) -> None:
    written: list[int] = []

    def endless(_call: Call) -> Wire:
        def write(connection: socket.socket) -> None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200000000\r\n\r\n"
            )
            try:
                for _ in range(200):
                    connection.sendall(MEGABYTE)
                    written.append(len(MEGABYTE))
            except OSError:
                # The caller hung up, which is what this test is about.
                return

        return Wire(write)

    partner.first_connect = endless
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 1
    finding = next(each for each in outcome.findings() if each["requirement"] == "body-readable")
    assert "longer than 1,000,000 bytes, where reading stopped" in finding["message"]
    assert sum(written) < 30_000_000 * outcome.report["run"]["requests"]
    size = sum(file.stat().st_size for file in outcome.folder.rglob("*") if file.is_file())
    assert size < 2_000_000


def test_html_everywhere_fails_what_it_must(certify: Certify, partner: Partner) -> None:
    partner.everything = lambda _call: Answer(200, b"<html><h1>Shop", [("Content-Type", "text/html")])
    outcome = certify(f"--partner-url={partner.url}", "-m", "scenario")
    assert outcome.status == 1
    assert "Traceback" not in outcome.text
    assert outcome.case("P100")["verdict"] == "failed"
    # One cause is one finding, wherever it is met.
    assert outcome.case("P300")["verdict"] == "failed"
    assert set(outcome.case("P300")["findings"]) <= set(outcome.case("P100")["findings"])
    assert outcome.case("F100")["verdict"] == "passed"
    assert outcome.report["counts"]["error"] == 0


def test_pages_that_redirect_in_a_circle_are_a_finding(certify: Certify, partner: Partner) -> None:
    partner.page = lambda call: Answer(302, b"", [("Location", call.target)])
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    (finding,) = outcome.findings()
    assert finding["requirement"] == "redirect-arrives"
    assert "redirects in a circle" in finding["message"]
    assert [call.path for call in partner.calls].count("/welcome") == 2


def test_a_page_that_redirects_to_itself_until_a_cookie_is_set_is_fine(certify: Certify, partner: Partner) -> None:
    def page(call: Call) -> Answer:
        if call.headers.get("cookie") == "seen=1":
            return Answer(200, b"<p>Welcome", [("Content-Type", "text/html")])
        return Answer(302, b"", [("Location", call.target), ("Set-Cookie", "seen=1; Path=/; HttpOnly; SameSite=Lax")])

    partner.page = page
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    assert [call.path for call in partner.calls].count("/welcome") == 2


@pytest.mark.parametrize(
    "location", ["http://[::1/x", "http://999.1.1.1/", "myapp:open", "\x1b[2J", "http://a\\b@c/", "//"]
)
def test_a_location_that_leads_nowhere_is_no_fault_of_the_suite(
    certify: Certify, partner: Partner, location: str
) -> None:
    partner.page = lambda _call: Answer(302, b"", [("Location", location)])
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert "INTERNALERROR" not in outcome.text
    assert outcome.report["counts"]["error"] == 0
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "192.168.1.1", "0.0.0.0"])
def test_a_redirect_to_a_private_address_is_never_opened(
    certify: Certify,
    partner: Partner,
    pytester: pytest.Pytester,
    good_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    host: str,
) -> None:
    targets: list[str] = []
    connect = socket.create_connection

    def noted(address: tuple[str, int], *arguments: Any, **named: Any) -> socket.socket:
        targets.append(address[0])
        return connect(address, *arguments, **named)

    monkeypatch.setattr(socket, "create_connection", noted)
    correct = partner.connected

    def led_astray(call: Call) -> Answer:
        answer = correct(call)
        answer.body["redirect_uri"] = f"http://{host}/latest/meta-data"
        return answer

    partner.first_connect = led_astray
    config = {**good_config, "hostnames": ["127.0.0.1", host]}
    (pytester.path / "partner.json").write_text(json.dumps(config))
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert set(targets) == {"127.0.0.1"}
    finding = next(each for each in outcome.findings() if each["requirement"] == "redirect-answers")
    assert "which is not a public address, and the partner is not there" in finding["actual"]
    assert outcome.status == 1


def test_cookies_are_never_sent_back(certify: Certify, partner: Partner) -> None:
    correct = partner.routed

    def with_cookie(call: Call) -> Answer | Wire:
        answer = correct(call)
        assert isinstance(answer, Answer)
        answer.headers = [*answer.sent_headers(), ("Set-Cookie", "session=1; Path=/")]
        return answer

    partner.everything = with_cookie
    outcome = certify(f"--partner-url={partner.url}", "-k", "P300 or P600")
    assert outcome.status == 0, outcome.text
    assert len(partner.calls) > 5
    assert [call for call in partner.calls if "cookie" in call.headers] == []


def test_a_silent_endpoint_is_left_alone_after_a_while(certify: Certify, partner: Partner) -> None:
    partner.delete_connection = Gate().hold(partner)
    outcome = certify(f"--partner-url={partner.url}", "-m", "scenario", "--certification-timeout=1.5")
    assert outcome.status == 1
    assert outcome.case("P401")["verdict"] == "failed"
    assert outcome.case("P100")["verdict"] == "passed"
    assert [call.path for call in partner.calls].count("/delete-connection") <= 4


def test_what_a_partner_says_cannot_steer_the_terminal(certify: Certify, partner: Partner) -> None:
    escape = "\x1b[2J\x1b]0;owned\x07\r\u202eabc"
    partner.first_connect = lambda _call: Answer(
        500, {"error_reason": "general_error", "display_message": escape, "debugging_message": escape}
    )
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100", "--color=no")
    assert outcome.status == 1
    for character in "\x1b\x07\u202e":
        assert character not in outcome.text


def test_a_fault_of_the_suite_is_not_the_partners_failure(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any, **__: Any) -> None:
        raise KeyError("made for this test")  # noqa: TRY003 - stands for any mistake of the suite

    monkeypatch.setattr("certification.checks.connect.sign_in", faulty)
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100 or P300")
    assert outcome.status == 3
    assert outcome.case("P300")["verdict"] == "error"
    assert "fault of the suite: KeyError: 'made for this test'" in outcome.case("P300")["reason"]
    assert outcome.case("P100")["verdict"] == "passed"
    assert outcome.findings() == []
    assert outcome.report["verdict"] == "incomplete"
    assert "This says nothing about the partner" in outcome.report["headline"]


def test_a_failure_counts_more_than_a_fault_of_the_suite(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any, **__: Any) -> None:
        raise KeyError("made for this test")  # noqa: TRY003 - as above

    monkeypatch.setattr("certification.checks.connect.sign_in", faulty)
    partner.first_connect = with_body(b"{}")
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100 or P300")
    assert outcome.status == 1
    assert outcome.report["verdict"] == "not_conformant"
