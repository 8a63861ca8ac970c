"""Other correct redirects."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
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

    from certification.reference.messages import Answer, Call

LONG = 2000


def _address(function: Callable[[str, Call], str]) -> Change:
    def change(call: Call, answer: Answer) -> None:
        answer.content["redirect_uri"] = function(answer.content["redirect_uri"], call)

    return change


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _signed(call: Call) -> str:
    """Return a JSON Web Token of the partner's own; its signature is no secret of Databricks."""
    claims = {"sub": user_of(call)["email"], "workspace": call.body["workspace_id"]}
    head = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    signature = hmac.new(b"key of the partner", head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


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
    _connect(
        "redirect-long",
        "The redirect has two thousand characters.",
        _address(lambda address, _call: f"{address}&state={'s' * LONG}"),
    ),
    _connect(
        "redirect-signed",
        "The redirect carries a signed ticket with the user's address and workspace.",
        _address(lambda address, call: f"{address}&ticket_jwt={_signed(call)}"),
    ),
    _connect(
        "redirect-names",
        "The redirect greets the user by name.",
        _address(lambda address, call: f"{address}&name={quote(user_of(call)['first_name'], safe='')}"),
    ),
)
