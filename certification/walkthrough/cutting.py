"""Cut what could be a key to somebody's account out of everything that is kept or shown.

A ``redirect_uri`` may carry a token.  The tab that is opened gets the address as it came; the record and the page get it
with every part cut that is no plain word, and without the values of its query and its fragment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from certification.config.cut_addresses import addresses_in, cut_address, cutter
from certification.evidence.exchange import Exchange, Response

MAX_BODY: Final = 20_000
"""Characters of an answer that are kept."""

__all__ = ["cut_address", "cut_exchange"]

KEPT_FIELD: Final = "connection_id"
"""An identifier that later calls need; it opens nothing."""


def cut_exchange(exchange: Exchange) -> Exchange:
    """Return ``exchange`` as it is kept: redirects cut wherever they stand in the answer, and the body bounded."""
    response = exchange.response
    if response is None:
        return replace(exchange, raw=None)
    return replace(exchange, response=_cut_response(response), raw=None)


def _cut_response(response: Response) -> Response:
    value = response.json
    clean = _cutter(value, response.body)
    if isinstance(value, dict | list):
        body = json.dumps(_within(value, clean), ensure_ascii=False)
    else:
        body = clean(response.body)
    headers = tuple((name, clean(text)) for name, text in response.headers)
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
    cut = len(body) > MAX_BODY
    return replace(response, body=body[:MAX_BODY], headers=headers, digest=digest, truncated=response.truncated or cut)


def _cutter(value: Any, body: str) -> Callable[[str], str]:
    """Return what cuts addresses in a text, and the tokens of all addresses of this answer wherever else they stand."""
    texts = list(_texts(value)) if isinstance(value, dict | list) else [body]
    return cutter(address for text in texts for address in addresses_in(text))


def _texts(value: Any) -> list[str]:
    found, waiting = list[str](), [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str):
            found.append(item)
    return found


def _within(value: Any, clean: Callable[[str], str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _within(inner, clean, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_within(inner, clean) for inner in value]
    return clean(value) if isinstance(value, str) and name != KEPT_FIELD else value
