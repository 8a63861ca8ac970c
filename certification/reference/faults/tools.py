"""Building blocks of faults: small changes to an answer, a request or a step, each made into a part."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from certification.reference.front import Front
from certification.reference.messages import Answer, Call, Refusal
from certification.reference.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from certification.reference.messages import Json

Condition = Callable[[Call], bool]
Change = Callable[[Call, Answer], None]

CONNECT = Operation.CONNECT
DELETE = Operation.DELETE_CONNECTION
TEST = Operation.TEST_CONNECTION
RESET = Operation.DELETE_ACCOUNT
EXPIRE = Operation.EXPIRE_ACCOUNT
CONNECTORS = Operation.LIST_CONNECTORS

SUCCESS = range(200, 300)


def break_down(reason: str = "unexpected") -> NoReturn:
    """Fail as code does that nobody prepared for the case."""
    raise RuntimeError(reason)


# Which calls


def user_of(call: Call) -> Json:
    """Return the user of a connect request, or nothing."""
    user = call.body.get("user_info")
    return user if isinstance(user, dict) else {}


def is_first(call: Call) -> bool:
    """Tell whether the call is a first connect."""
    return call.operation is CONNECT and user_of(call).get("is_connection_established") is False


def is_sign_in(call: Call) -> bool:
    """Tell whether the call is a sign-in."""
    return call.operation is CONNECT and user_of(call).get("is_connection_established") is True


def of(operation: Operation) -> Condition:
    """Return the condition that a call is of ``operation``."""
    return lambda call: call.operation is operation


def texts(value: Any) -> Iterator[str]:
    """Yield every string in ``value``, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from texts(member)


def names(call: Call) -> str:
    """Return first and last name of the user, or nothing."""
    user = user_of(call)
    return f"{user.get('first_name', '')}{user.get('last_name', '')}"


def email(call: Call) -> str:
    """Return the user's e-mail address, or nothing."""
    return str(user_of(call).get("email", ""))


# Changes to an answer


def answers(change: Change, when: Condition | None = None, statuses: range = SUCCESS) -> type[Front]:
    """Return a part that applies ``change`` to the answers whose call and status fit."""

    class Answers(Front):
        async def respond(self, call: Call) -> Answer:
            answer = await super().respond(call)
            if answer.status in statuses and (when is None or when(call)):
                change(call, answer)
            return answer

    return Answers


def errors(change: Change, status: int, when: Condition | None = None) -> type[Front]:
    """Return a part that applies ``change`` to the answers with exactly ``status``."""
    return answers(change, when, range(status, status + 1))


def drop(*fields: str) -> Change:
    """Return the change that leaves ``fields`` out."""

    def change(_call: Call, answer: Answer) -> None:
        for name in fields:
            answer.content.pop(name, None)

    return change


def put(**fields: Any) -> Change:
    """Return the change that sets ``fields``."""
    return lambda _call, answer: answer.content.update(fields)


def swap(field: str, old: Any, new: Any) -> Change:
    """Return the change that writes ``new`` where ``field`` holds ``old``."""

    def change(_call: Call, answer: Answer) -> None:
        if answer.content.get(field) == old:
            answer.content[field] = new

    return change


def convert(field: str, function: Callable[[Any], Any]) -> Change:
    """Return the change that passes the value of ``field`` through ``function``."""

    def change(_call: Call, answer: Answer) -> None:
        if field in answer.content:
            answer.content[field] = function(answer.content[field])

    return change


def rebuild(function: Callable[[Any], Any]) -> Change:
    """Return the change that passes the whole content through ``function``."""

    def change(_call: Call, answer: Answer) -> None:
        answer.content = function(answer.content)

    return change


def bytes_as(function: Callable[[bytes], bytes]) -> Change:
    """Return the change that passes the bytes of the body through ``function``."""

    def change(_call: Call, answer: Answer) -> None:
        answer.raw = function(answer.payload())

    return change


def status(code: int, content: Any = None) -> Change:
    """Return the change of the status, and of the content when one is given."""

    def change(_call: Call, answer: Answer) -> None:
        answer.replace(code, answer.content if content is None else content)

    return change


def empty(code: int) -> Change:
    """Return the change to a body of no bytes."""

    def change(_call: Call, answer: Answer) -> None:
        answer.replace_raw(code, "", "application/json")

    return change


def header(name: str, value: str) -> Change:
    """Return the change that sets one header."""
    return lambda _call, answer: answer.headers.update({name: value})


def html(code: int, text: str) -> Change:
    """Return the change to an HTML page that says ``text``."""
    page = f"<!DOCTYPE html><html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
    return lambda _call, answer: answer.replace_raw(code, page, "text/html; charset=utf-8")


def error(code: int, reason: str, **more: Any) -> Change:
    """Return the change to an ErrorResponse."""
    return status(code, {"error_reason": reason, **more})


# Changes on the way in


def crashes(when: Condition) -> type[Front]:
    """Return a part that breaks down, with 500, on valid calls that fit ``when``."""

    class Crashes(Front):
        async def perform(self, call: Call) -> Answer:
            if when(call):
                break_down()
            return await super().perform(call)

    return Crashes


def refuses(when: Condition, code: int = 400, reason: str = "bad_request", message: str = "not allowed") -> type[Front]:
    """Return a part that refuses valid calls that fit ``when``."""

    class Refuses(Front):
        async def perform(self, call: Call) -> Answer:
            if when(call):
                raise Refusal(code, reason, message)
            return await super().perform(call)

    return Refuses


def blocks(when: Condition, change: Change) -> type[Front]:
    """Return a part that, like a firewall in front, answers calls that fit ``when`` itself, with ``change``."""

    class Blocks(Front):
        async def respond(self, call: Call) -> Answer:
            if when(peeked(call)):
                answer = Answer(200, {})
                change(call, answer)
                return answer
            return await super().respond(call)

    return Blocks


def peeked(call: Call) -> Call:
    """Return ``call`` with its body as far as it can be read before any check."""
    with contextlib.suppress(ValueError, RecursionError):
        body = json.loads(call.raw)
        call.body = body if isinstance(body, dict) else {}
    return call


def understands(change: Callable[[Json], None], when: Condition | None = None) -> type[Front]:
    """Return a part that changes what the partner reads from valid calls that fit."""

    class Understands(Front):
        async def perform(self, call: Call) -> Answer:
            if when is None or when(call):
                change(call.body)
            return await super().perform(call)

    return Understands
