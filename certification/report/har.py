"""The evidence as HAR 1.2, which the network panel of any browser opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qsl

import certification
from certification.evidence.exchange import Exchange, Headers
from certification.report.read import exchanges
from certification.report.words import step_words

Pairs = list[dict[str, str]]

MAX_BODY = 32_768
"""Characters of one body; the panel of a browser shows no more of it at ease.  The evidence has it all."""

MAX_BODIES = 20_000_000
"""Characters of all bodies; of those that come after, only the beginning is shown."""

MAX_BEGINNING = 512


def write_har(folder: Path, target: Path) -> None:
    """Write every exchange in the evidence of ``folder`` to ``target``, one at a time, whole or not at all.

    Raises :class:`BadEvidence` when the evidence cannot be read.
    """
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("w", encoding="ascii", newline="\n") as file:
            _write(file, folder)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: TextIO, folder: Path) -> None:
    head = {
        "version": "1.2",
        "creator": {"name": "partner-connect-certification", "version": certification.__version__},
        "comment": "Secrets are replaced by placeholders such as ${PAT_TOKEN}.",
    }
    file.write('{"log":' + json.dumps(head)[:-1] + ',"entries":[')
    separator, left = "\n", MAX_BODIES
    for exchange in exchanges(folder):
        entry = _entry(exchange, MAX_BODY if left > 0 else MAX_BEGINNING)
        file.write(separator + json.dumps(entry, separators=(",", ":")))
        separator, left = ",\n", left - len(entry["response"]["content"].get("text", ""))
    file.write("\n]}}\n")


def _entry(exchange: Exchange, bound: int) -> dict[str, Any]:
    milliseconds = round(exchange.seconds * 1000, 3)
    entry = {
        "startedDateTime": exchange.started,
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange, bound),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"{exchange.case}, execution {exchange.execution}, call {step_words(exchange)}",
        "_case": exchange.case,
        "_execution": exchange.execution,
        "_call": exchange.number,
        "_act": exchange.act.value,
        "_when": exchange.when.value,
        "_operation": exchange.request.operation,
        "_authorization": exchange.request.authorization,
        "_throttled": exchange.throttled,
    }
    if exchange.failure:
        entry["_error"] = f"{exchange.failure.kind}: {exchange.failure.message}"
    return entry


def _request(exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    result = {
        "method": request.method,
        "url": request.url,
        "httpVersion": exchange.response.http_version if exchange.response else "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _query(request.url),
        "headersSize": -1,
        "bodySize": len(request.body.encode(request.charset, "replace")) if request.body else 0,
    }
    if request.body:
        kind = next((value for name, value in request.headers if name.lower() == "content-type"), "")
        result["postData"] = {"mimeType": kind, "text": request.body}
    return result


def _response(exchange: Exchange, bound: int) -> dict[str, Any]:
    response = exchange.response
    if response is None:
        content: dict[str, Any] = {"size": 0, "mimeType": "x-unknown"}
        return _answer(0, "", [], content, "")
    content = {
        "size": response.size,
        "mimeType": response.header("content-type") or "x-unknown",
        "text": response.body[:bound],
    }
    remarks = [response.trouble] if response.trouble else []
    if response.truncated:
        remarks.append(f"cut; SHA-256 of the whole: {response.digest}")
    if len(response.body) > bound:
        remarks.append(
            f"the first {bound:,} of {len(response.body):,} characters; the evidence holds all that was kept"
        )
    if remarks:
        content["comment"] = "; ".join(remarks)
    return _answer(
        response.status,
        response.http_version,
        _pairs(response.headers),
        content,
        response.header("location") or "",
    )


def _answer(status: int, version: str, headers: Pairs, content: dict[str, Any], location: str) -> dict[str, Any]:
    return {
        "status": status,
        "statusText": "",
        "httpVersion": version,
        "cookies": [],
        "headers": headers,
        "content": content,
        "redirectURL": location,
        "headersSize": -1,
        "bodySize": -1,
    }


def _pairs(headers: Headers) -> Pairs:
    return [{"name": name, "value": value} for name, value in headers]


def _query(url: str) -> Pairs:
    # Not urlsplit: what it refuses changes with the version of Python.
    query = url.partition("#")[0].partition("?")[2]
    return [{"name": name, "value": value} for name, value in parse_qsl(query, keep_blank_values=True)]
