"""Whatever a partner answers, the report of the run follows from its evidence."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import partners
import pytest
from forging import broken
from partners import Answer, Behaviour, Call, Partner, error, reset, with_body
from running import Outcome

from certification.evidence.redaction import Leak, Redactor
from certification.review.verify import verify

SECRET = partners.PASSWORD


def _echoing(partner: Partner) -> Behaviour:
    """The password in every encoding, wherever an answer has room."""
    forms = [SECRET, base64.b64encode(SECRET.encode()).decode(), quote(SECRET), SECRET.encode().hex()]
    headers = [("Content-Type", "application/json"), *((f"X-{n}", form) for n, form in enumerate(forms))]

    def answer(call: Call) -> Answer:
        given = partner.connected(call).body
        return Answer(200, {**given, "connection_id": f"id-{given['connection_id']}-{SECRET}", "forms": forms}, headers)

    return answer


def _leading(partner: Partner) -> Behaviour:
    def answer(call: Call) -> Answer:
        given = partner.connected(call).body
        return Answer(200, {**given, "redirect_uri": f"{partner.url}/welcome?password={quote(SECRET)}"})

    return answer


def _throttling(partner: Partner) -> Behaviour:
    seen: list[Call] = []

    def answer(call: Call) -> Answer:
        seen.append(call)
        if len(seen) % 2:
            return Answer(429, b"", [("Retry-After", "0.05")])
        return partner.connected(call)

    return answer


def _changing(partner: Partner) -> Behaviour:
    """Every other answer is broken: an intermittent failure."""
    seen: list[Call] = []

    def answer(call: Call) -> Answer:
        seen.append(call)
        return partner.connected(call) if len(seen) % 3 else error(500, "general_error")

    return answer


def _with(**fields: object) -> Callable[[Partner], Behaviour]:
    def made(partner: Partner) -> Behaviour:
        return lambda call: Answer(200, {**partner.connected(call).body, **fields})

    return made


STRANGE: dict[str, Callable[[Partner], Behaviour]] = {
    "correct": lambda partner: partner.connected,
    "long": _with(padding="x" * 40_000),
    "long in other scripts": _with(padding="\U0001f680" * 60_000),
    "longer than what is kept": _with(padding="x" * 400_000),
    "longer than what is read": _with(padding="x" * 1_200_000),
    "echoes the password": _echoing,
    "redirects with the password": _leading,
    "throttles": _throttling,
    "fails now and then": _changing,
    "not UTF-8": lambda _partner: with_body(b'{"connection_id": "\xff\xfe"}'),
    "byte order mark": lambda _partner: with_body(b'\xef\xbb\xbf{"connection_id": "a"}'),
    "null characters": lambda _partner: with_body(b'{"connection_id": "a\x00b"}'),
    "escaped null characters": _with(connection_id="a\x00b"),
    "lone surrogates": lambda _partner: with_body(b'{"connection_id": "\\ud800"}'),
    "NaN": lambda _partner: with_body(b'{"connection_id": NaN}'),
    "deep": lambda _partner: with_body(b"[" * 10_000 + b"]" * 10_000),
    "long number": lambda _partner: with_body(b'{"connection_id": ' + b"9" * 5_000 + b"}"),
    "keys twice": lambda _partner: with_body(b'{"connection_id": "a", "connection_id": "b"}'),
    "id as number": _with(connection_id=2**70),
    "markup everywhere": _with(
        connection_id="<script>alert(1)</script>", redirect_uri="javascript:alert(1)", extra="\x1b[2J"
    ),
    "HTML": lambda _partner: lambda _call: Answer(200, b"<html>", [("Content-Type", "text/html")]),
    "resets": lambda _partner: reset,
}


class Search:
    """Looks for the password in texts, of which most lines are those of every report: each line is looked at once."""

    def __init__(self) -> None:
        self._redactor = Redactor({"BASIC_PASSWORD": SECRET}, partners.USER)
        self._clean: set[str] = set()

    def finds(self, text: str) -> tuple[Leak, ...]:
        lines = [line for line in text.split("\n") if line not in self._clean]
        found = self._redactor.finds("\n".join(lines))
        if not found:
            self._clean.update(lines)
        return found


@pytest.fixture(scope="module")
def search() -> Search:
    return Search()


@pytest.mark.parametrize("name", STRANGE)
def test_report_follows_from_its_evidence(
    name: str, partner: Partner, certify: Callable[..., Outcome], search: Search
) -> None:
    partner.first_connect = STRANGE[name](partner)
    outcome = certify(
        f"--partner-url={partner.url}", "--certification-profile=quick", "-k", "P100 or P402 or G120", "-q"
    )
    report = outcome.folder
    seen = verify(report)
    assert seen.holds, broken(seen)
    for path in (path for path in Path(report).rglob("*") if path.is_file()):
        assert not search.finds(path.read_text(encoding="utf-8")), path
    assert not search.finds(outcome.text)
    assert not search.finds(repr(seen))


@pytest.mark.parametrize(
    "password", ["abcdefgh", "ponmlkji", "application/json", "judgement", "connection_id", "00000000"]
)
def test_password_that_is_a_piece_of_our_own_text_changes_no_request(
    password: str, partner: Partner, certify: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The long address of G115 holds the alphabet: a password that is a part of it was replaced in the record."""
    monkeypatch.setattr(partners, "PASSWORD", password)
    monkeypatch.setenv("BASIC_PASSWORD", password)
    partner.first_connect = lambda _call: Answer(202, b'{"connection_id": "a",}')
    outcome = certify(f"--partner-url={partner.url}", "--certification-profile=quick", "-k", "P100 or G115", "-q")
    assert outcome.case("G115")["examples"] >= 2
    seen = verify(outcome.folder)
    assert [text for point in seen.points for text in point.broken] == []
    # Without letters there is no other case of the password to try: only the credentials could tell.
    unverified = [point.name for point in seen.points if point.unverified]
    assert unverified == (["config"] if password.isdigit() else [])
