"""Faults of validators and error pages that repeat what was sent, secrets and all (ruling 21).

In ``debugging_message`` that is a security advice; shown to the user, in a header or in a body of another form it is a
failure.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import CONNECT, Change, answers, errors, html, of, user_of
from certification.reference.front import Front
from certification.reference.messages import Refusal

if TYPE_CHECKING:
    from certification.reference.messages import Answer, Call

FAMILY = "secrecy"
M2M = {"auth_options": ["AUTH_OAUTH_M2M"]}


def _secret(call: Call) -> str:
    return str(call.body.get("service_principal_oauth_secret", ""))


def _token(call: Call) -> str:
    auth = user_of(call).get("auth")
    return str(auth.get("personal_access_token", "")) if isinstance(auth, dict) else ""


def _detail(call: Call) -> list[dict[str, Any]]:
    """Return what a validation library says of a body, with its input."""
    return [{"type": "missing", "loc": ["body", "user_info"], "msg": "Field required", "input": call.body}]


class InputInMessage(Front):
    """Writes the validator's report, which quotes its input, into the debugging message."""

    def validate(self, call: Call) -> None:
        try:
            super().validate(call)
        except Refusal as refusal:
            raise Refusal(refusal.status, refusal.reason, json.dumps(_detail(call))) from None


class SecretInMessage(Front):
    """Names the value that was wrong, and prints the object around it."""

    def validate(self, call: Call) -> None:
        try:
            super().validate(call)
        except Refusal as refusal:
            raise Refusal(refusal.status, refusal.reason, f"{refusal.debugging} in {call.body!r}") from None


def _shown(call: Call, answer: Answer) -> None:
    answer.content["display_message"] = f"We could not use {_secret(call) or _token(call)}."


def _framework(call: Call, answer: Answer) -> None:
    answer.replace(422, {"detail": _detail(call)})


def _beside(call: Call, answer: Answer) -> None:
    answer.content["input"] = call.body


def _header(call: Call, answer: Answer) -> None:
    answer.headers["x-error-input"] = _secret(call) or _token(call)


def _page(call: Call, answer: Answer) -> None:
    html(400, f"ValidationError: {call.raw.decode('utf-8', 'replace')}")(call, answer)


def _authorization(call: Call, answer: Answer) -> None:
    answer.content["debugging_message"] = f"not found for {call.headers.get('authorization', '')}"


def _shown_authorization(call: Call, answer: Answer) -> None:
    answer.content["display_message"] = f"Not found for {call.headers.get('authorization', '')}"


def _bad_request(name: str, title: str, change: Change, **config: Any) -> Fault:
    return Fault(name, FAMILY, title, (errors(change, 400, of(CONNECT)),), config)


FAULTS = (
    Fault(
        "input-in-error", FAMILY, "The validator's report with its input is the debugging message.", (InputInMessage,)
    ),
    Fault("secret-in-error", FAMILY, "The 400 repeats the OAuth secret for debugging.", (SecretInMessage,), M2M),
    _bad_request("token-shown-to-user", "The 400 shows the token to the user.", _shown),
    _bad_request("secret-shown-to-user", "The 400 shows the OAuth secret to the user.", _shown, **M2M),
    _bad_request("input-from-framework", "The framework's 422 repeats its input, token and all.", _framework),
    _bad_request("input-beside-error", "The 400 has a field with the whole input.", _beside),
    _bad_request("token-in-error-header", "A header of the 400 repeats the token.", _header),
    _bad_request("secret-in-error-header", "A header of the 400 repeats the OAuth secret.", _header, **M2M),
    _bad_request("input-on-error-page", "The 400 is a page that shows the request.", _page),
    Fault(
        "authorization-in-not-found",
        FAMILY,
        "A 404 repeats the Authorization header for debugging.",
        (errors(_authorization, 404),),
    ),
    Fault(
        "authorization-shown-to-user",
        FAMILY,
        "A 404 shows the Authorization header to the user.",
        (answers(_shown_authorization, None, range(404, 405)),),
    ),
)
