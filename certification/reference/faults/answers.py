"""Faults in the fields of answers: missing, null, of another type, outside their enum, under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    DELETE,
    RESET,
    TEST,
    Change,
    answers,
    convert,
    drop,
    empty,
    errors,
    is_sign_in,
    of,
    put,
    rebuild,
    status,
    swap,
)

if TYPE_CHECKING:
    from certification.reference.messages import Answer, Call

FAMILY = "answers"


def _camel(content: dict[str, Any]) -> dict[str, Any]:
    def name(key: str) -> str:
        head, *rest = key.split("_")
        return head + "".join(part.title() for part in rest)

    return {name(key): value for key, value in content.items()}


def _repeat_address(_call: Call, answer: Answer) -> None:
    answer.content["redirect_value"] = answer.content["redirect_uri"]


def _connect(name: str, title: str, change: Change) -> Fault:
    return Fault(f"connect-{name}", FAMILY, title, (answers(change, of(CONNECT)),))


def _test(name: str, title: str, change: Change) -> Fault:
    return Fault(f"test-connection-{name}", FAMILY, title, (answers(change, of(TEST)),))


def _delete(name: str, title: str, change: Change) -> Fault:
    return Fault(f"delete-connection-{name}", FAMILY, title, (answers(change, of(DELETE)),))


def _error(name: str, title: str, change: Change) -> Fault:
    return Fault(f"errors-{name}", FAMILY, title, (answers(change, None, range(400, 600)),))


def _each_result(**fields: Any) -> Change:
    return convert("test_results", lambda results: [{**result, **fields} for result in results])


CONNECT_FAULTS = (
    _connect("without-redirect-uri", "The answer to connect has no redirect_uri.", drop("redirect_uri")),
    _connect("null-redirect-uri", "The redirect_uri is null, as the model was left unset.", put(redirect_uri=None)),
    _connect("without-redirect-value", "The answer to connect has no redirect_value.", drop("redirect_value")),
    _connect("without-user-status", "The answer to connect has no user_status.", drop("user_status")),
    _connect("null-user-status", "The user_status is null.", put(user_status=None)),
    _connect("without-account-status", "The answer to connect has no account_status.", drop("account_status")),
    Fault(
        "connect-omits-false",
        FAMILY,
        "The serializer leaves out false values, and with them configured_resources of a sign-in.",
        (answers(drop("configured_resources"), is_sign_in),),
    ),
    _connect(
        "text-boolean",
        "The boolean configured_resources is sent as text.",
        convert("configured_resources", lambda value: str(value).lower()),
    ),
    _connect("number-boolean", "The database's 0 and 1 are sent as booleans.", convert("configured_resources", int)),
    _connect(
        "number-id",
        "The connection id is a JSON number.",
        convert("connection_id", lambda value: int(value.replace("-", "")[:8], 16)),
    ),
    _connect(
        "object-id",
        "The connection id is the database driver's own object.",
        convert("connection_id", lambda value: {"$oid": value}),
    ),
    _connect("upper-case-enum", "The names of an enum are sent, not its values.", convert("user_status", str.upper)),
    _connect("account-existing", "A known account is called existing.", swap("account_status", "active", "existing")),
    _connect("value-signin", "The redirect value is spelled signin.", swap("redirect_value", "sign_in", "signin")),
    _connect("value-is-url", "The redirect value repeats the address.", _repeat_address),
    _connect("camel-case", "The framework writes field names in camel case.", rebuild(_camel)),
    _connect("enveloped", "Every answer is wrapped in an envelope.", rebuild(lambda content: {"data": content})),
    _connect("list-of-one", "The answer is a list with one connection in it.", rebuild(lambda content: [content])),
    _connect("status-202", "Connect answers 202, as a queue does the work.", status(202)),
    _connect("status-204", "Connect answers 204 without a body.", empty(204)),
    _connect("empty-200", "Connect answers 200 without a body.", empty(200)),
    Fault("sign-in-status-201", FAMILY, "A sign-in answers 201, as if made anew.", (answers(status(201), is_sign_in),)),
)

TEST_FAULTS = (
    _test("success", "The prose's SUCCESS stands where the enum has PASS.", _each_result(status="SUCCESS")),
    _test("lower-case", "The status of a test is in lower case.", _each_result(status="pass")),
    _test("unknown", "Every test ends as UNKNOWN, for nothing is ever run.", _each_result(status="UNKNOWN")),
    _test("boolean", "The status of a test is a boolean.", _each_result(status=True)),
    _test("empty-name", "The tests have empty names.", _each_result(test_name="")),
    _test("null-name", "The tests have no names but null.", _each_result(test_name=None)),
    _test("object", "Results are an object by name.", convert("test_results", lambda results: {"all": results[0]})),
    _test("bare-list", "The list of results stands alone.", rebuild(lambda content: content["test_results"])),
    _test("null-results", "The list of results is null.", put(test_results=None)),
    _test(
        "other-name", "The results are called results.", rebuild(lambda content: {"results": content["test_results"]})
    ),
)

DELETE_FAULTS = (
    _delete("without-status", "The answer to delete-connection has no resource_status.", drop("resource_status")),
    _delete("null-status", "The resource_status is null.", put(resource_status=None)),
    _delete("word-deleted", "The resource_status is the word deleted.", put(resource_status="deleted")),
    _delete("upper-case", "The resource_status is in upper case.", convert("resource_status", str.upper)),
    _delete("empty-200", "Delete-connection answers 200 without a body.", empty(200)),
    _delete("status-204", "Delete-connection answers 204, as REST services often do.", empty(204)),
    _delete("status-202", "Delete-connection answers 202.", status(202)),
    Fault("delete-account-status-204", FAMILY, "Delete-account answers 204.", (answers(empty(204), of(RESET)),)),
)

ERROR_FAULTS = (
    _error("without-reason", "Errors carry no error_reason.", drop("error_reason")),
    _error("nested", "Errors are nested under the key error.", rebuild(lambda content: {"error": content})),
    _error("word-error", "Errors are a sentence under error.", rebuild(lambda _content: {"error": "Request failed."})),
    _error("upper-case", "The error_reason is in upper case.", convert("error_reason", str.upper)),
    _error("numeric-reason", "The error_reason is a number.", convert("error_reason", len)),
    _error("object-message", "The debugging_message is an object.", put(debugging_message={"detail": "see the log"})),
    _error("display-as-list", "The display_message is a list of lines.", put(display_message=["Sorry.", "Retry."])),
    _error("status-200", "Errors arrive with status 200, as the gateway's policy says.", status(200)),
    _error("empty", "Errors have no body.", lambda _call, answer: answer.replace_raw(answer.status, "", "text/plain")),
    _error(
        "text", "Errors are plain text.", lambda _call, answer: answer.replace_raw(answer.status, "error", "text/plain")
    ),
    _error(
        "problem-details",
        "Errors follow RFC 9457 instead of the model.",
        rebuild(lambda content: {"type": "about:blank", "title": content["error_reason"]}),
    ),
    Fault(
        "errors-all-general",
        FAMILY,
        "Every 404 says general_error.",
        (errors(put(error_reason="general_error"), 404),),
    ),
    Fault(
        "errors-all-not-found",
        FAMILY,
        "Every 404 says not_found, which is no reason of the API.",
        (errors(put(error_reason="not_found"), 404),),
    ),
)

FAULTS = CONNECT_FAULTS + TEST_FAULTS + DELETE_FAULTS + ERROR_FAULTS
