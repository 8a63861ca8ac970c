"""Tokens are cut out of everything that is kept; what Databricks shows follows from the answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from certification.config.partner import PartnerConfig, trial_config
from certification.databricks.made import connection_id
from certification.evidence.exchange import Exchange, Failure, Request, Response
from certification.evidence.steps import Act, When
from certification.walkthrough.cutting import cut_address, cut_exchange
from certification.walkthrough.databricks_side import ERROR, GENERAL, OPENS, shown_for

CONFIG = PartnerConfig({**trial_config("http://127.0.0.1:9").raw, "hostnames": ["acorn.example"]})


def answered(status: int, body: Any, *headers: tuple[str, str]) -> Exchange:
    text = body if isinstance(body, str) else json.dumps(body)
    request = Request("connect", "POST", "http://127.0.0.1:9/connect", (), "{}")
    response = Response(status, "HTTP/1.1", headers, text, len(text), "0" * 64)
    raw = body if isinstance(body, dict) else None
    return Exchange("M100", "1", 1, Act.FIRST_CONNECT, When.PLAIN, request, response, raw=raw)


@pytest.mark.parametrize(
    ("address", "cut"),
    [
        ("https://acorn.example/create-trial", "https://acorn.example/create-trial"),
        ("https://acorn.example/app?ticket=a8f3KQ", "https://acorn.example/app?ticket={…}"),
        ("https://acorn.example/invite/Zk38dJwq9", "https://acorn.example/invite/{…}"),
        ("https://acorn.example:8443/app?step=1&plain#top", "https://acorn.example:8443/app?step={…}&plain#{…}"),
        ("https://ann:secret@acorn.example/home", "https://acorn.example/home"),
        ("https://acorn.example/app?8f3KQz81=1", "https://acorn.example/app?{…}={…}"),
        ("not an address", "{…}"),
    ],
)
def test_an_address_keeps_its_words_only(address: str, cut: str) -> None:
    assert cut_address(address) == cut


def test_a_token_is_cut_wherever_it_stands_and_the_connection_stays_usable() -> None:
    token = "Zk38dJwq9-token"
    body = {
        "redirect_uri": f"https://acorn.example/start?ticket={token}",
        "connection_id": f"{token}",
        "note": f"use {token} twice",
        "more": [{"link": f"HTTPS://acorn.example/x/{token}#{token}"}],
        "number": 12345678901234567890,
    }
    kept = cut_exchange(answered(200, body, ("X-Ticket", token), ("Location", f"https://acorn.example/?t={token}")))
    assert kept.response is not None
    value = json.loads(kept.response.body)
    assert value.pop("connection_id") == token == connection_id(kept)
    assert token not in json.dumps(value)
    assert token not in str(kept.response.headers)
    assert value["redirect_uri"] == "https://acorn.example/start?ticket={…}"
    assert value["number"] == 12345678901234567890
    assert kept.raw is None
    assert kept.response.digest != "0" * 64


def test_a_body_that_is_no_json_is_cut_too_and_a_long_one_is_bounded() -> None:
    kept = cut_exchange(answered(200, "<a href='https://acorn.example/go?t=Zk38dJwq9'>Zk38dJwq9</a>" + "x" * 30_000))
    assert kept.response is not None
    assert "Zk38dJwq9" not in kept.response.body
    assert len(kept.response.body) == 20_000
    assert kept.response.truncated


CONNECTION = {"redirect_uri": "https://app.acorn.example/start?t=8f3", "connection_id": "c"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "text", "note"),
    [
        (200, CONNECTION, OPENS, "Databricks opens the page", ""),
        (201, CONNECTION, OPENS, "Databricks opens the page", ""),
        (200, {**CONNECTION, "redirect_uri": "https://evil.example/"}, ERROR, GENERAL, "not in the hostnames"),
        (200, {**CONNECTION, "redirect_uri": "https://acorn.example.evil.example/"}, ERROR, GENERAL, "hostnames"),
        (200, {**CONNECTION, "redirect_uri": "javascript:alert(1)"}, ERROR, GENERAL, "no plain address"),
        (200, {}, ERROR, GENERAL, "no redirect_uri"),
        (200, "no json", ERROR, GENERAL, "no redirect_uri"),
        (404, {"display_message": "It is gone."}, ERROR, "It is gone.", ""),
        (500, {"display_message": "We are down."}, ERROR, "We are down.", "three more times"),
        (404, {"debugging_message": "no row"}, ERROR, GENERAL, "no display_message"),
        (404, {"display_message": 7}, ERROR, GENERAL, "no display_message"),
        (400, {"display_message": "Not shown."}, ERROR, GENERAL, "on 404 and 500 only"),
        (401, {"error_reason": "unauthorized"}, ERROR, GENERAL, "status 401"),
    ],
)
def test_databricks_shows_a_display_message_on_404_and_500_only(
    status: int, body: Any, kind: str, text: str, note: str
) -> None:
    shown = shown_for(answered(status, body), CONFIG)
    assert shown.kind == kind
    assert shown.text.startswith(text)
    assert note in shown.note
    assert (shown.address != "") is (kind == OPENS)
    # The page is made from what is kept, and says the same.
    again = shown_for(cut_exchange(answered(status, body)), CONFIG)
    assert (again.kind, again.text) == (shown.kind, shown.text)


def test_no_answer_is_shown_as_a_general_error() -> None:
    silent = replace(answered(200, {}), response=None, raw=None, failure=Failure("timeout", "no answer within 60 s"))
    shown = shown_for(silent, CONFIG)
    assert (shown.kind, shown.text) == (ERROR, GENERAL)
    assert "no answer within 60 s" in shown.note
    assert cut_exchange(silent) == silent
