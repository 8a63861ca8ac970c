"""Faults in how malformed requests are met: crashes, frameworks' own bodies, and guesses where a 400 is due."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    CONNECTORS,
    DELETE,
    EXPIRE,
    RESET,
    TEST,
    Change,
    bytes_as,
    empty,
    error,
    errors,
    header,
    html,
    of,
    put,
    rebuild,
)
from certification.reference.front import Front
from certification.reference.messages import Answer, Refusal
from certification.reference.validation import first_error

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from certification.reference.messages import Call, Json
    from certification.reference.operations import Operation

FAMILY = "malformed"

STACK_TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/srv/partner/app/views/connect.py", line 88, in connect\n'
    '    email = body["user_info"]["email"]\n'
    "KeyError: 'email'"
)


class Unparsable(Front):
    """Meets a body that does not parse; what then happens is the fault."""

    def fallback(self, call: Call) -> Answer:
        """Return the answer to a body that is not JSON."""
        raise NotImplementedError

    async def serve(self, call: Call) -> Answer:
        self.authorize(call)
        if call.operation.request_schema and not _is_json(call.raw):
            return self.fallback(call)
        return await super().serve(call)


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _unparsable(change: Change) -> type[Front]:
    class Meets(Unparsable):
        def fallback(self, call: Call) -> Answer:
            answer = Answer(200, {})
            change(call, answer)
            return answer

    return Meets


class Invalid(Front):
    """Meets JSON that breaks its schema; what then happens is the fault."""

    def concerns(self, call: Call, problem: str) -> bool:
        """Tell whether this fault meets ``problem``."""
        return True

    def meet(self, call: Call, problem: str) -> None:
        """Fail in the fault's own way."""
        raise RuntimeError

    def validate(self, call: Call) -> None:
        schema = call.operation.request_schema
        problem = first_error(schema, call.body) if schema else ""
        if problem and self.concerns(call, problem):
            self.meet(call, problem)
        super().validate(call)


class MissingBreaks(Invalid):
    """Reads required fields without a look."""

    def concerns(self, call: Call, problem: str) -> bool:
        return " lacks " in problem


class TypeBreaks(Invalid):
    """Converts values without a net."""

    def concerns(self, call: Call, problem: str) -> bool:
        return " must be of type " in problem


class NullBreaks(Invalid):
    """Knows absent fields and not null ones."""

    def concerns(self, call: Call, problem: str) -> bool:
        return _has_null(call.body)


class EnumBreaks(Invalid):
    """Looks the cloud up in a table."""

    def concerns(self, call: Call, problem: str) -> bool:
        return " must be one of " in problem


class SignInWithoutIdBreaks(Invalid):
    """Reads the connection id of a sign-in without a look."""

    def concerns(self, call: Call, problem: str) -> bool:
        return call.operation is CONNECT and "lacks connection_id" in problem


class SignInWithoutIdNotFound(SignInWithoutIdBreaks):
    """Looks up the connection id None."""

    def meet(self, call: Call, problem: str) -> None:
        raise Refusal(403, "unauthorized", "no connection")


class MissingNotFound(MissingBreaks):
    """Answers whatever is missing as if it were an unknown user."""

    def meet(self, call: Call, problem: str) -> None:
        raise Refusal(404, "account_not_found", "unknown user")


class NotAnObjectBreaks(Front):
    """Calls a method of objects on whatever the body is."""

    def parse(self, call: Call) -> Json:
        if _is_json(call.raw) and not isinstance(json.loads(call.raw), dict):
            raise RuntimeError
        return super().parse(call)


class NotUtf8Breaks(Front):
    """Decodes the body before the part that handles errors."""

    def parse(self, call: Call) -> Json:
        call.raw.decode()
        return super().parse(call)


class EmptyAccepted(Unparsable):
    """Takes an empty body for an empty object, and that for a question whether the service lives."""

    def fallback(self, call: Call) -> Answer:
        if call.raw.strip():
            raise Refusal(400, "bad_request", "the body is not JSON")
        return Answer(200, {})


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_null(member) for member in value.values())
    return value is None


def _breaks_at(operation: Operation) -> type[Front]:
    class BreaksAt(Invalid):
        def concerns(self, call: Call, problem: str) -> bool:
            return call.operation is operation

    return BreaksAt


def _wrong_method(code: int, body: bytes, media_type: bytes) -> Any:
    """Return a router that answers methods it does not know with ``code``."""

    class Router:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if (
                "/app/" in scope["path"]
                or scope["method"] in {"POST", "PUT", "DELETE"}
                or (scope["method"] == "GET" and scope["path"].endswith("connectors"))
            ):
                await self._app(scope, receive, send)
            else:
                await send({"type": "http.response.start", "status": code, "headers": [(b"content-type", media_type)]})
                await send({"type": "http.response.body", "body": body})

    return Router


def _refusal(name: str, title: str, change: Change) -> Fault:
    return Fault(f"bad-request-{name}", FAMILY, title, (errors(change, 400),))


def _part(name: str, title: str, part: Any) -> Fault:
    return Fault(name, FAMILY, title, (part,))


FAULTS = (
    _part(
        "unparsable-accepted", "A body that is not JSON is answered with 200.", _unparsable(lambda _call, _answer: None)
    ),
    _part("unparsable-breaks", "A body that is not JSON breaks the partner.", _unparsable(error(500, "general_error"))),
    _part(
        "unparsable-page", "A body that is not JSON gets the framework's page.", _unparsable(html(400, "Bad Request"))
    ),
    _part("unparsable-empty-answer", "A body that is not JSON gets an empty 400.", _unparsable(empty(400))),
    _part("empty-body-accepted", "An empty body is answered with 200.", EmptyAccepted),
    _part("missing-field-breaks", "A missing field breaks the partner.", MissingBreaks),
    _part("missing-field-not-found", "A missing field is answered with 404.", MissingNotFound),
    _part("wrong-type-breaks", "A value of another type breaks the partner.", TypeBreaks),
    _part("null-breaks", "A null breaks the partner.", NullBreaks),
    _part("unknown-value-breaks", "A value outside an enum breaks the partner.", EnumBreaks),
    _part("sign-in-without-id-breaks", "A sign-in without connection_id breaks the partner.", SignInWithoutIdBreaks),
    _part(
        "sign-in-without-id-forbidden", "A sign-in without connection_id is answered with 403.", SignInWithoutIdNotFound
    ),
    _part("no-object-breaks", "A body that is no object breaks the partner.", NotAnObjectBreaks),
    _part("no-utf-8-breaks", "A body that is not UTF-8 breaks the partner.", NotUtf8Breaks),
    _part(
        "malformed-delete-connection-breaks", "A malformed delete-connection breaks the partner.", _breaks_at(DELETE)
    ),
    _part("malformed-test-connection-breaks", "A malformed test-connection breaks the partner.", _breaks_at(TEST)),
    _part("malformed-delete-account-breaks", "A malformed delete-account breaks the partner.", _breaks_at(RESET)),
    _part("malformed-expire-account-breaks", "A malformed expire-account breaks the partner.", _breaks_at(EXPIRE)),
    _part(
        "connectors-unknown-token-breaks",
        "An unknown pagination token breaks the partner.",
        errors(error(500, "general_error"), 400, of(CONNECTORS)),
    ),
    _refusal(
        "framework-422",
        "Malformed requests get the framework's 422.",
        lambda _call, answer: answer.replace(422, {"detail": []}),
    ),
    _refusal(
        "framework-body", "The 400 has the framework's own body.", rebuild(lambda _content: {"message": "Bad request"})
    ),
    _refusal("page", "The 400 is a page.", html(400, "Bad Request")),
    _refusal("text-type", "The 400's JSON is labelled as text.", header("content-type", "text/html")),
    _refusal("wrong-reason", "The 400 says general_error.", put(error_reason="general_error")),
    _refusal("own-reason", "The 400 says validation_error, which the API lacks.", put(error_reason="validation_error")),
    _refusal("stack-trace", "The 400 shows a stack trace.", put(debugging_message=STACK_TRACE)),
    _refusal("broken-json", "The 400's JSON is put together by hand.", bytes_as(lambda body: body.replace(b'"', b"'"))),
    _part(
        "wrong-method-breaks",
        "A GET of connect breaks the partner.",
        _wrong_method(500, b"Internal Server Error", b"text/plain"),
    ),
)
