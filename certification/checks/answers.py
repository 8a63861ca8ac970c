"""Checks that any answer of the API must pass: it can be read, it is JSON, it fits its model, its status is the right one.

A check reports each requirement that it looked at, held or broken.  Where no answer came there is nothing to look at; that
it did not come is the business of :mod:`certification.checks.everywhere`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from certification.contract.operations import OPERATIONS
from certification.contract.schema_files import read_schema
from certification.contract.validation import SchemaError, schema_errors, show
from certification.contract.versions import NEWEST, at_least
from certification.evidence.exchange import Exchange
from certification.evidence.observation import AND, Observation, broken, held, look

REDIRECTS = frozenset({301, 302, 303, 307, 308})

MODEL_REQUIREMENTS = {"error-response": "error-model"} | {
    row.answer_schema: row.answer_requirement
    for row in OPERATIONS.values()
    if row.answer_schema and row.answer_requirement
}
"""Schema of an answer -> the requirement that it fits."""


def title_of(exchange: Exchange) -> str:
    """Return the name of the operation that ``exchange`` calls, as the contract writes it."""
    operation = OPERATIONS.get(exchange.request.operation)
    return operation.title if operation else "the page"


def answer_model(operation: str, version: str) -> str | None:
    """Return the schema of a successful answer, or None where API ``version`` has no such model yet."""
    schema = OPERATIONS[operation].answer_schema
    return schema if schema and at_least(version, read_schema(schema).get("x-since", version)) else None


def answered_with(
    exchange: Exchange, statuses: Collection[int], requirement: str, model: str | None, version: str = NEWEST
) -> list[Observation]:
    """Hold the answer to a status among ``statuses`` and, when it has one, to ``model``; None does not look at the body.

    Another status breaks ``requirement``; its body is then held to the ErrorResponse.  ``version`` is the API version by
    which the model is read.
    """
    if exchange.response is None:
        return []
    if exchange.response.status in statuses:
        found = [held(exchange, requirement), held(exchange, "answer-direct")]
        return found + (holds_model(exchange, model, version) if model else [])
    return [*wrong_status(exchange, " or ".join(map(str, statuses)), requirement), *error_body(exchange)]


def wrong_status(exchange: Exchange, expected: str, requirement: str) -> list[Observation]:
    """Return that the status is not the expected one, with what the answer says about it."""
    response = exchange.response
    if response is None:
        return []
    name = title_of(exchange)
    if response.status in REDIRECTS:
        target = response.header("location") or "nowhere"
        return [
            broken(
                exchange,
                "answer-direct",
                f"{name} was redirected to {target}.",
                expected=f"status {expected} at this address",
                actual=f"status {response.status} with Location: {target}",
            )
        ]
    # A page instead of an ErrorResponse means that no handler of this operation was reached.
    missing = response.status in {404, 405, 501} and not is_error_response(exchange)
    return [
        broken(
            exchange,
            requirement,
            f"{name} answered {response.status} instead of {expected}.",
            expected=f"status {expected}",
            actual=f"status {response.status}{quote(exchange)}",
            detail=f"no endpoint, status {response.status}" if missing else f"status {response.status}",
        )
    ]


def quote(exchange: Exchange) -> str:
    """Return what an error says about itself, ready to follow a status in a message; empty when it says nothing."""
    response = exchange.response
    if response is None:
        return ""
    if isinstance(response.json, dict):
        fields = {
            key: response.json[key]
            for key in ("error_reason", "display_message", "debugging_message", "detail", "message")
            if response.json.get(key)
        }
        return f", {show(fields, 240)}" if fields else f", body {show(response.json, 160)}"
    text = " ".join(response.body.split())
    return f", body {show(text, 160)}" if text else ", empty body"


def holds_model(exchange: Exchange, model: str, version: str = NEWEST) -> list[Observation]:
    """Hold the body of the answer to the schema called ``model``, read by API version ``version``."""
    found, value = json_object(exchange)
    if value is None:
        return found
    value, nulls = without_nulls(model, value)
    if nulls:
        found += [
            broken(
                exchange,
                "null-as-absent",
                f"the optional field {name} is null.",
                expected=f"no {name}",
                actual="null",
                detail=name,
            )
            for name in nulls
        ]
    else:
        found.append(held(exchange, "null-as-absent"))
    requirement = MODEL_REQUIREMENTS[model]
    errors = schema_errors(model, value, version)
    if not errors:
        return [*found, held(exchange, requirement)]
    missing = {_without_indexes(error.pointer): error for error in errors if error.rule == "required"}
    if len(missing) > 1:
        # Another naming of the fields, or an envelope around them, is one mistake.
        errors = [_together(list(missing)), *(error for error in errors if error.rule != "required")]
    return found + [_model_error(exchange, model, requirement, error) for error in errors]


def _together(missing: list[str]) -> SchemaError:
    return SchemaError(AND.join(missing), "required", "the fields are there", "they are missing")


def json_object(exchange: Exchange) -> tuple[list[Observation], dict[str, Any] | None]:
    """Return what was seen of the body as a JSON object, and the object unless there is none."""
    response = exchange.response
    if response is None:
        return [], None
    found = [_readable(exchange)]
    if response.truncated and not response.trouble:
        return found, None
    name, share = title_of(exchange), f"{response.status // 100}xx"
    found.append(
        look(
            exchange,
            "content-type",
            response.media_type == "application/json",
            f"the answer of {name} (status {response.status}) is not labelled as JSON.",
            expected="Content-Type: application/json",
            actual=response.header("content-type") or "no Content-Type",
            detail=share,
        )
    )
    if response.parsed.error:
        if not response.trouble or response.body.strip():
            found.append(
                broken(
                    exchange,
                    "body-json",
                    f"the body of the answer of {name} (status {response.status}) is {_looks_like(response.body)}.",
                    expected="one JSON object",
                    actual=f"{response.parsed.error}; body {show(' '.join(response.body.split()), 160)}",
                    detail=share,
                )
            )
        return found, None
    irregular = response.parsed.irregularities
    found += [
        broken(
            exchange,
            "body-unambiguous",
            f"in the answer of {name}, {text}.",
            expected="JSON that all parsers read alike",
            actual=text,
        )
        for text in irregular
    ] or [held(exchange, "body-unambiguous")]
    is_object = isinstance(response.json, dict)
    found.append(
        look(
            exchange,
            "body-json",
            is_object,
            f"the body of the answer of {name} is no JSON object.",
            expected="one JSON object",
            actual=show(response.json),
            detail=share,
        )
    )
    return found, response.json if is_object else None


def _readable(exchange: Exchange) -> Observation:
    response = exchange.response
    assert response is not None  # noqa: S101 - json_object asked before
    name = title_of(exchange)
    if response.trouble:
        return broken(
            exchange,
            "body-readable",
            f"the body of the answer of {name} cannot be read: {response.trouble}.",
            expected="a complete body in UTF-8, compressed as it says",
            actual=response.trouble,
            detail=response.trouble.split("(")[0],
        )
    return look(
        exchange,
        "body-readable",
        not response.truncated,
        f"the answer of {name} is {response.size:,} bytes long.",
        expected="an answer of a few hundred bytes",
        actual=f"{response.size:,} bytes",
        detail="long",
    )


def _looks_like(body: str) -> str:
    if not body.strip():
        return "empty"
    return "an HTML page" if body.lstrip()[:1] == "<" else "not JSON"


def without_nulls(model: str, value: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return ``value`` without optional fields that are null (ruling 6), and the names of those."""
    schema = read_schema(model)
    optional = set(schema["properties"]) - set(schema["required"])
    nulls = [name for name in value if name in optional and value[name] is None]
    kept = {name: item for name, item in value.items() if name not in nulls}
    for name, rule in schema["properties"].items():
        reference = rule.get("items", {}).get("$ref", "").removesuffix(".json")
        if reference and isinstance(kept.get(name), list):
            cleaned = [without_nulls(reference, item) if isinstance(item, dict) else (item, []) for item in kept[name]]
            kept[name] = [item for item, _ in cleaned]
            nulls += sorted({f"{name}[].{inner}" for _, inners in cleaned for inner in inners})
    return kept, nulls


def error_body(exchange: Exchange) -> list[Observation]:
    """Hold an answer of status 400 or more to the ErrorResponse, and its reason to its status."""
    response = exchange.response
    if response is None or response.status < 400:
        return []
    found = holds_model(exchange, "error-response")
    form = [
        each for each in found if each.broken and each.requirement in {"body-json", "content-type", "body-readable"}
    ]
    fitting = reasons_of(exchange, response.status)
    if form:
        # One cause, one finding: a page of the framework is neither labelled as JSON nor JSON nor an ErrorResponse.
        kept = [
            each
            for each in found
            if each.requirement not in {"body-json", "content-type", "body-readable", "error-model"}
        ]
        return [
            *kept,
            broken(
                exchange,
                "error-model",
                f"the error of {title_of(exchange)} (status {response.status}) is not an ErrorResponse.",
                expected="an ErrorResponse as application/json"
                + (f", such as {show({'error_reason': fitting[0]})}" if fitting else ""),
                actual="; ".join(each.actual for each in form),
                detail=f"{response.status}",
            ),
        ]
    if fitting and not any(each.broken and each.requirement == "error-model" for each in found):
        reason = reason_of(exchange)
        found.append(
            look(
                exchange,
                "error-reason-fits",
                reason in fitting,
                f"status {response.status} came with the reason {show(reason)}.",
                expected=f"error_reason {' or '.join(fitting)}",
                actual=str(reason),
                detail=f"{response.status} {reason}",
            )
        )
    return found


def refused_with(exchange: Exchange, status: int, reasons: Collection[str], requirement: str) -> list[Observation]:
    """Hold the answer to an error of ``status`` with a reason among ``reasons``."""
    response = exchange.response
    if response is None:
        return []
    wanted = f"{status} {' or '.join(reasons)}"
    if response.status != status:
        wrong = wrong_status(exchange, wanted, requirement)
        return [*wrong, *(error_body(exchange) if response.status >= 400 else [])]
    found = error_body(exchange)
    if any(each.broken and each.level == "must" for each in found):
        # It was refused; that the error is out of form is reported as such, and its reason can't be held to anything.
        return [*found, *([held(exchange, requirement)] if not is_error_response(exchange) else [])]
    reason = reason_of(exchange)
    return [
        *found,
        look(
            exchange,
            requirement,
            reason in reasons,
            f"the reason of the {status} is {reason}.",
            expected=f"error_reason {' or '.join(reasons)}",
            actual=str(reason),
            detail=f"reason {reason}",
        ),
    ]


def reasons_of(exchange: Exchange, status: int) -> tuple[str, ...]:
    """Return the reasons that go with an error ``status``.  Source: API specification, Endpoints."""
    operation = OPERATIONS.get(exchange.request.operation)
    return tuple(operation.errors.get(status, ())) if operation else ()


def reason_of(exchange: Exchange) -> object:
    """Return the error_reason of the answer, or None."""
    value = exchange.response.json if exchange.response else None
    return value.get("error_reason") if isinstance(value, dict) else None


def is_error_response(exchange: Exchange) -> bool:
    """Return whether the answer comes from a handler that knows the ErrorResponse, in order or not."""
    value = exchange.response.json if exchange.response else None
    return isinstance(value, dict) and "error_reason" in value


def _model_error(exchange: Exchange, model: str, requirement: str, error: SchemaError) -> Observation:
    return broken(
        exchange,
        requirement,
        f"{error.pointer or 'the body'} of the {read_schema(model)['title']} {'break' if AND in error.pointer else 'breaks'} the model.",
        expected=error.expected,
        actual=error.actual,
        detail=AND.join(f"{_without_indexes(pointer)} {error.rule}" for pointer in error.pointer.split(AND)),
    )


def _without_indexes(pointer: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in pointer.split("/"))
