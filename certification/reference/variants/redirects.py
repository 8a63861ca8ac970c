"""Other correct redirects and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import (
    CONNECT,
    Change,
    answers,
    is_sign_in,
    of,
    user_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from certification.reference.messages import Answer, Call


def _address(function: Callable[[str, Call], str]) -> Change:
    def change(call: Call, answer: Answer) -> None:
        answer.content["redirect_uri"] = function(answer.content["redirect_uri"], call)

    return change


def _pages(code: int, location: str) -> Any:
    """Return a web server whose pages redirect once more."""

    class Redirecting:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["method"] != "GET" or "/app/" not in scope["path"] or scope["path"].endswith("/privacy"):
                await self._app(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": code, "headers": [(b"location", location.encode())]})
            await send({"type": "http.response.body", "body": b""})

    return Redirecting


def _connect(name: str, title: str, change: Change) -> Variant:
    return Variant(name, title, (answers(change, of(CONNECT)),))


VARIANTS = (
    _connect(
        "redirect-subdomain",
        "The redirect names a subdomain of an allowed host.",
        _address(lambda address, _call: address.replace("://localhost", "://app.localhost")),
    ),
    _connect(
        "redirect-capitals",
        "The redirect's host has capitals.",
        _address(lambda address, _call: address.replace("://localhost", "://LocalHost")),
    ),
    _connect(
        "redirect-fragment",
        "The redirect has port, query and fragment.",
        _address(lambda address, _call: f"{address}&next=%2Fhome%3Fa%3Db#/welcome"),
    ),
    _connect(
        "redirect-prefills",
        "The redirect carries the user's own address, to fill it in.",
        _address(lambda address, call: f"{address}&email={quote(user_of(call)['email'], safe='')}"),
    ),
    _connect(
        "redirect-remembers-workspace",
        "The redirect tells where to return, in its query.",
        _address(lambda address, call: f"{address}&return_to={quote(call.body['workspace_url'], safe='')}"),
    ),
    Variant("redirect-address", "The redirect names the loopback address.", (), {"hostnames": ["127.0.0.1"]}),
    Variant(
        "hostnames-many",
        "The allow-list names several hosts, in capitals too.",
        (),
        {"hostnames": ["partner.example", "LOCALHOST", "127.0.0.1"]},
    ),
    Variant("page-302", "Pages redirect to another page.", (_pages(302, "/app/privacy"),)),
    Variant("page-303", "Pages redirect with 303.", (_pages(303, "/app/privacy"),)),
    Variant("page-307", "Pages redirect with 307, by a relative address.", (_pages(307, "privacy"),)),
    Variant(
        "page-sso",
        "Pages redirect to the sign-on service at another host.",
        (_pages(302, "https://login.example/authorize?client=1"),),
    ),
    Variant(
        "sign-in-prefills",
        "A sign-in's redirect carries the connection id.",
        (
            answers(
                _address(lambda address, call: f"{address}&connection={quote(call.body['connection_id'], safe='')}"),
                is_sign_in,
            ),
        ),
    ),
)
