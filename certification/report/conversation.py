"""A call as people read it: what was sent, what came back, what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from certification.contract.requirements import REQUIREMENTS
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.foundation.safe_text import clip
from certification.report.hints import hint_for
from certification.report.words import LEVEL, step_title

MAX_BODY = 4_000
"""Characters of a body that are shown."""


def call_lines(exchange: Exchange) -> Iterator[str]:
    """Yield the lines that show ``exchange``, secrets replaced as they are in the record."""
    request, response, failure = exchange.request, exchange.response, exchange.failure
    yield f"{exchange.number}. {step_title(exchange.act, exchange.when)}"
    yield f"   > {request.method} {request.url}"
    yield from (f"   > {name}: {value}" for name, value in request.headers)
    yield from (f"   > {line}" for line in _body(request.body))
    milliseconds = f"{round(exchange.seconds * 1000)} ms"
    if response is not None:
        yield f"   < {response.http_version} {response.status} ({milliseconds})"
        yield from (f"   < {name}: {value}" for name, value in response.headers)
        yield from (f"   < {line}" for line in _body(response.body))
        if response.trouble:
            yield f"   < ({response.trouble})"
    elif failure is not None:
        yield f"   < no answer: {failure.message} ({failure.kind}, {milliseconds})"


def seen_lines(seen: Observation) -> Iterator[str]:
    """Yield the lines that say what is wrong, and why."""
    requirement = REQUIREMENTS[seen.requirement]
    where = f"call {seen.call}: " if seen.call else ""
    yield f"{LEVEL[requirement.level].upper()}  {where}{seen.message}"
    yield f"   expected  {seen.expected}"
    yield f"   actual    {seen.actual}"
    yield f"   clause    {requirement.clause} ({requirement.source}; {requirement.id})"
    hint = hint_for(seen)
    if hint:
        yield f"   hint      {hint}"


def _body(text: str) -> list[str]:
    if not text:
        return []
    try:
        shown = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        shown = text
    return ["", *clip(shown, MAX_BODY).splitlines()]
