"""Checks that any answer of the API must pass: it came, it can be read, it is JSON, it fits its model."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from certification.contract.operations import ERROR_REASONS, OPERATIONS
from certification.contract.schema_files import read_schema
from certification.contract.validation import SchemaError, schema_errors, show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation, violation

REASONS = ERROR_REASONS
"""Status -> reasons that go with it."""

OPERATION_NAMES = {name: row.title for name, row in OPERATIONS.items()} | {"redirect": "redirect_uri"}
"""Operation -> how texts call it; pages behind a redirect_uri count as one more."""


def arrived(exchange: Exchange) -> list[Violation]:
    """Return why there is no answer, if there is none."""
    failure = exchange.failure
    if failure is None:
        return []
    said = {
        "timeout": f"no complete answer after {round(exchange.seconds, 1):g} s",
        "connect": "the connection was refused or could not be made",
        "tls": "the TLS handshake failed",
        "reset": "the connection was closed before the answer was complete",
        "protocol": "what came back is not HTTP",
        "refused-address": "the address was not visited",
    }[failure.kind]
    name = OPERATION_NAMES[exchange.request.operation]
    return [
        violation(
            exchange,
            "answer-arrives",
            f"{name} did not answer: {said}.",
            "an answer within 60 s",
            f"{said} ({failure.message})",
            failure.kind,
        )
    ]


def answered_with(
    exchange: Exchange, statuses: Collection[int], requirement: str, model: str | None
) -> list[Violation]:
    """Hold the answer to a status among ``statuses`` and, when it has one, to ``model``; None does not look at the body.

    Another status is a violation of ``requirement``; its body is then held to the ErrorResponse.
    """
    if exchange.response is None:
        return arrived(exchange)
    status = exchange.response.status
    if status in statuses:
        return holds_model(exchange, model) if model else []
    return [*wrong_status(exchange, " or ".join(map(str, statuses)), requirement), *error_body(exchange)]


def wrong_status(exchange: Exchange, expected: str, requirement: str) -> list[Violation]:
    """Return the violation of a status that is not the expected one, with what the answer says about it."""
    response = exchange.response
    if response is None:
        return arrived(exchange)
    name = OPERATION_NAMES[exchange.request.operation]
    if response.status in {301, 302, 303, 307, 308}:
        target = response.header("location") or "nowhere"
        return [
            violation(
                exchange,
                "answer-direct",
                f"{name} was redirected to {target}.",
                f"status {expected} at this address",
                f"status {response.status} with Location: {target}",
            )
        ]
    remark = ""
    if exchange.request.operation == "delete_connection" and (
        response.status == 405 or (response.status == 404 and not _is_error_response(exchange))
    ):
        remark = " The method of delete-connection changed from DELETE to POST in August 2023 (ruling 1): is the endpoint still registered for DELETE?"
    elif response.status in {404, 405} and not _is_error_response(exchange):
        remark = f" Is {exchange.request.method} {exchange.request.url.partition('?')[0]} the right method and path?"
    said = quote(exchange)
    message = f"{exchange.kind}: {name} answered {response.status} instead of {expected}.{remark}"
    return [
        violation(
            exchange,
            requirement,
            message,
            f"status {expected}",
            f"status {response.status}{said}",
            f"status {response.status}",
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


def holds_model(exchange: Exchange, model: str) -> list[Violation]:
    """Hold the body of the answer to the schema called ``model``; returns every violation of it."""
    found, value = json_object(exchange)
    if value is None:
        return found
    value, nulls = without_nulls(model, value)
    found += [
        violation(
            exchange,
            "null-as-absent",
            f"{exchange.kind}: the optional field {name} is null.",
            f"no {name}",
            "null",
            name,
        )
        for name in nulls
    ]
    requirement = MODEL_REQUIREMENTS[model]
    return found + [_model_violation(exchange, model, requirement, error) for error in schema_errors(model, value)]


MODEL_REQUIREMENTS = {
    "connection": "connection-model",
    "error-response": "error-model",
    "delete-connection-response": "delete-connection",
    "connection-test-result": "test-connection",
    "connector-response": "connectors",
}


def json_object(exchange: Exchange) -> tuple[list[Violation], dict[str, Any] | None]:
    """Return what is wrong with the body as a JSON object, and the object unless there is none."""
    response = exchange.response
    if response is None:
        return arrived(exchange), None
    found: list[Violation] = []
    name = OPERATION_NAMES[exchange.request.operation]
    if response.trouble:
        found.append(
            violation(
                exchange,
                "body-readable",
                f"{exchange.kind}: the body of the answer of {name} cannot be read: {response.trouble}.",
                "a complete body in UTF-8, compressed as it says",
                response.trouble,
                response.trouble.split("(")[0],
            )
        )
    if response.truncated and not response.trouble:
        found.append(
            violation(
                exchange,
                "body-readable",
                f"{exchange.kind}: the answer of {name} is {response.size:,} bytes long.",
                "an answer of a few hundred bytes",
                f"{response.size:,} bytes",
                "long",
            )
        )
        return found, None
    if response.media_type != "application/json":
        actual = response.header("content-type") or "no Content-Type"
        found.append(
            violation(
                exchange,
                "content-type",
                f"{exchange.kind}: the answer of {name} (status {response.status}) is not labelled as JSON.",
                "Content-Type: application/json",
                actual,
                f"{response.status // 100}xx",
            )
        )
    if response.parsed.error:
        if not response.trouble or response.body.strip():
            looks = (
                "an HTML page"
                if response.body.lstrip()[:1] == "<"
                else "empty"
                if not response.body.strip()
                else "not JSON"
            )
            found.append(
                violation(
                    exchange,
                    "body-json",
                    f"{exchange.kind}: the body of the answer of {name} (status {response.status}) is {looks}.",
                    "one JSON object",
                    f"{response.parsed.error}; body {show(' '.join(response.body.split()), 160)}",
                    f"{response.status // 100}xx",
                )
            )
        return found, None
    found += [
        violation(
            exchange,
            "body-unambiguous",
            f"{exchange.kind}: in the answer of {name}, {irregular}.",
            "JSON that all parsers read alike",
            irregular,
        )
        for irregular in response.parsed.irregularities
    ]
    if not isinstance(response.json, dict):
        found.append(
            violation(
                exchange,
                "body-json",
                f"{exchange.kind}: the body of the answer of {name} is no JSON object.",
                "one JSON object",
                show(response.json),
                f"{response.status // 100}xx",
            )
        )
        return found, None
    return found, response.json


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


def error_body(exchange: Exchange) -> list[Violation]:
    """Hold an answer of status 400 or more to the ErrorResponse, and its reason to its status."""
    response = exchange.response
    if response is None or response.status < 400:
        return []
    found = holds_model(exchange, "error-response")
    if found and any(each.level == "must" for each in found):
        name = OPERATION_NAMES[exchange.request.operation]
        body = [each for each in found if each.requirement in {"body-json", "content-type", "body-readable"}]
        others = [each for each in found if each not in body]
        if body:
            # One cause, one finding: a page of the framework is neither labelled as JSON nor JSON nor an ErrorResponse.
            actual = "; ".join(each.actual for each in body)
            merged = violation(
                exchange,
                "error-model",
                f"{exchange.kind}: the error of {name} (status {response.status}) is not an ErrorResponse.",
                "an ErrorResponse as application/json",
                actual,
                f"{response.status}",
            )
            return [merged, *others]
        return found
    reason = response.json.get("error_reason") if isinstance(response.json, dict) else None
    fitting = REASONS.get(response.status)
    if fitting and reason not in fitting:
        found.append(
            violation(
                exchange,
                "error-reason-fits",
                f"{exchange.kind}: status {response.status} came with the reason {reason!r}.",
                f"error_reason {' or '.join(fitting)}",
                str(reason),
                f"{response.status} {reason}",
            )
        )
    return found


def refused_with(exchange: Exchange, status: int, reasons: Collection[str], requirement: str) -> list[Violation]:
    """Hold the answer to an error of ``status`` with a reason among ``reasons``."""
    response = exchange.response
    if response is None:
        return arrived(exchange)
    if response.status != status:
        wrong = wrong_status(exchange, f"{status} {' or '.join(reasons)}", requirement)
        return [*wrong, *(error_body(exchange) if response.status >= 400 else [])]
    found = error_body(exchange)
    reason = response.json.get("error_reason") if isinstance(response.json, dict) else None
    if not any(each.level == "must" for each in found) and reason not in reasons:
        found.append(
            violation(
                exchange,
                requirement,
                f"{exchange.kind}: the reason of the {status} is {reason}.",
                f"error_reason {' or '.join(reasons)}",
                str(reason),
                f"reason {reason}",
            )
        )
    return found


def _is_error_response(exchange: Exchange) -> bool:
    response = exchange.response
    return response is not None and isinstance(response.json, dict) and "error_reason" in response.json


def _model_violation(exchange: Exchange, model: str, requirement: str, error: SchemaError) -> Violation:
    field = error.pointer or "the body"
    message = f"{exchange.kind}: {field} of the {_title(model)} breaks the model."
    return violation(
        exchange, requirement, message, error.expected, error.actual, f"{_without_indexes(error.pointer)} {error.rule}"
    )


def _title(model: str) -> str:
    return str(read_schema(model)["title"])


def _without_indexes(pointer: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in pointer.split("/"))
