"""The public pages of a config: opened once, never where they must not lead, and told as what they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from partners import Partner, write_config
from running import Outcome

from certification.client.addresses import RefusedAddressError
from certification.config.partner import PartnerConfig
from certification.review.verify import verify
from certification.run.public_pages import silent_pages

PAGES = {
    "sign_up_page": "https://acorn.com/signup",
    "privacy_policy": "https://acorn.com/privacy",
    "terms_of_service": "https://acorn.com/terms",
}


def answered(answer: Callable[[httpx.Request], httpx.Response], **changes: str) -> list[str]:
    return silent_pages(PartnerConfig({**PAGES, **changes}), httpx.MockTransport(answer))


def refused(_request: httpx.Request) -> httpx.Response:
    raise RefusedAddressError("10.0.0.1")


def gone(_request: httpx.Request) -> httpx.Response:
    message = "nobody is there"
    raise httpx.ConnectError(message)


def test_pages_that_answer_are_nothing_to_tell() -> None:
    assert answered(lambda _request: httpx.Response(200)) == []
    moved = {"/privacy": httpx.Response(301, headers={"Location": "/legal"})}
    assert answered(lambda request: moved.get(request.url.path) or httpx.Response(200)) == []


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda _request: httpx.Response(404), "answered 404"),
        (lambda request: httpx.Response(302, headers={"Location": str(request.url)}), "leads on after 10 redirects"),
        (refused, "leads to an address that is not public"),
        (gone, "did not answer (ConnectError)"),
    ],
    ids=["missing", "circle", "private", "silent"],
)
def test_pages_that_do_not_answer_are_named(answer: Callable[[httpx.Request], httpx.Response], text: str) -> None:
    assert answered(answer) == [f"{name} {text}" for name in PAGES]


def test_pages_of_this_machine_are_left_alone() -> None:
    assert (
        answered(gone, sign_up_page="http://localhost:8000", privacy_policy="http://10.1.2.3/", terms_of_service="")
        == []
    )


def test_the_certificate_says_which_page_is_missing(
    certify: Callable[..., Outcome],
    partner: Partner,
    good_config: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("certification.session.director.silent_pages", lambda _config: ["privacy_policy answered 404"])
    config = write_config(tmp_path / "named.json", {**good_config, "base_url": partner.url, "hostnames": ["127.0.0.1"]})
    outcome = certify(f"--partner-config={config}", "-k", "P100", "-q")
    assert outcome.status == 0, outcome.text
    assert {"code": "page-silent", "text": "privacy_policy answered 404"} in outcome.report["readiness"]
    assert verify(outcome.folder).holds
