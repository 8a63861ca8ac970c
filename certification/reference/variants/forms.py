"""Other correct forms of answers: status codes, headers, encodings and JSON layouts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import (
    CONNECT,
    CONNECTORS,
    EXPIRE,
    RESET,
    TEST,
    Change,
    answers,
    bytes_as,
    convert,
    is_first,
    of,
    put,
    rebuild,
    status,
)

if TYPE_CHECKING:
    from certification.reference.messages import Answer, Call

ERRORS = range(400, 600)
EVERYTHING = range(200, 600)


def _layout(**options: Any) -> Change:
    def change(_call: Call, answer: Answer) -> None:
        answer.raw = json.dumps(answer.content, **options).encode()

    return change


def _nulls(_call: Call, answer: Answer) -> None:
    answer.content.setdefault("connection_id", None)
    answer.content.setdefault("oauth_redirect_uri", None)


def _empty(_call: Call, answer: Answer) -> None:
    answer.raw = b""
    answer.headers.pop("content-type")


def _body(raw: bytes, media_type: str) -> Change:
    return lambda _call, answer: answer.replace_raw(200, raw, media_type)


def _created(_call: Call, answer: Answer) -> None:
    answer.status = 201
    answer.headers["location"] = f"/connections/{answer.content['connection_id']}"


def _named(call: Call, answer: Answer) -> None:
    user = call.body.get("user_info")
    email = user.get("email") if isinstance(user, dict) else None
    answer.content["debugging_message"] = f"user {email}, workspace {call.body.get('workspace_id')}"


def _deep(levels: int) -> dict[str, Any]:
    return {"leaf": 1} if not levels else {"branch": _deep(levels - 1)}


def _is_hook(call: Call) -> bool:
    return call.operation in {RESET, EXPIRE}


def _all(name: str, title: str, change: Change, statuses: range = EVERYTHING) -> Variant:
    return Variant(name, title, (answers(change, None, statuses),))


def _connect(name: str, title: str, change: Change, advisories: str = "") -> Variant:
    return Variant(name, title, (answers(change, of(CONNECT)),), {}, advisories)


JSON_TYPE = "application/json"

ANSWERS = (
    Variant("status-201", "A first connect answers 201.", (answers(status(201), is_first),)),
    _connect(
        "extra-fields", "Answers have fields that the model lacks.", put(tenant="t-1", trace={"id": 1, "tags": []})
    ),
    _all("errors-extra-fields", "Errors have fields that the model lacks.", put(request_id="r-1", code=17), ERRORS),
    _all(
        "errors-with-messages",
        "Errors explain themselves to the user, in other letters too.",
        put(display_message="Das hat nicht geklappt – 申し訳ありません。"),
        ERRORS,
    ),
    _all(
        "errors-bare",
        "Errors have a reason and nothing else.",
        rebuild(lambda content: {"error_reason": content["error_reason"]}),
        ERRORS,
    ),
    Variant(
        "errors-null-messages",
        "Messages without text are null.",
        (answers(put(display_message=None, debugging_message=None), None, ERRORS),),
        {},
        "ruling 6",
    ),
    _connect("null-fields", "Optional fields without a value are null.", _nulls, "ruling 6"),
    Variant(
        "connectors-null-token",
        "The last page's token is null.",
        (answers(lambda _call, answer: answer.content.setdefault("pagination_token", None), of(CONNECTORS)),),
        {},
        "ruling 6",
    ),
    Variant(
        "test-null-message",
        "Tests without a message have null.",
        (answers(convert("test_results", lambda rows: [{**row, "message": None} for row in rows]), of(TEST)),),
        {},
        "ruling 6",
    ),
    Variant("created-with-location", "A first connect answers 201 with a Location.", (answers(_created, is_first),)),
    _connect("extra-numbers", "Answers have numbers of every size.", put(big=2**80, ratio=1e308, tiny=-5e-324)),
    _connect("extra-depth", "Answers have a deep field that the model lacks.", put(tree=_deep(30))),
    _all("errors-empty-messages", "Messages are empty.", put(display_message="", debugging_message=""), ERRORS),
    _all("errors-name-the-request", "Errors name user and workspace of the request.", _named, ERRORS),
    Variant(
        "tests-many",
        "A connection has fifty tests, with names in every script.",
        (
            answers(
                put(test_results=[{"test_name": f"Prüfung {n} – 検査", "status": "PASS"} for n in range(50)]), of(TEST)
            ),
        ),
    ),
    Variant(
        "tests-extra-fields",
        "Tests have fields that the model lacks.",
        (answers(convert("test_results", lambda rows: [{**row, "ms": 7, "hint": None} for row in rows]), of(TEST)),),
    ),
    Variant("hooks-null", "Hooks answer with a null.", (answers(_body(b"null", JSON_TYPE), _is_hook),)),
    Variant("hooks-list", "Hooks answer with a list.", (answers(_body(b"[]", JSON_TYPE), _is_hook),)),
    Variant("hooks-page", "Hooks answer with a page.", (answers(_body(b"<p>done</p>", "text/html"), _is_hook),)),
    Variant("hooks-empty", "Hooks answer without a body.", (answers(_empty, _is_hook),)),
    Variant(
        "hooks-text",
        "Hooks answer OK in plain text.",
        (answers(lambda _call, answer: answer.replace_raw(200, "OK", "text/plain"), _is_hook),),
    ),
)

LAYOUTS = (
    _all("json-pretty", "JSON is indented.", _layout(indent=4, ensure_ascii=False)),
    _all("json-compact", "JSON has no blanks.", _layout(separators=(",", ":"))),
    _all("json-sorted", "Keys are sorted.", _layout(sort_keys=True)),
    _all(
        "json-escaped",
        "All letters beyond ASCII, and slashes, are escaped.",
        bytes_as(lambda body: json.dumps(json.loads(body)).replace("/", "\\/").encode()),
    ),
    _all("json-line-break", "A line break follows the JSON.", bytes_as(lambda body: b"\r\n " + body + b"\r\n")),
)

VARIANTS = ANSWERS + LAYOUTS
