"""Cut what could be a key to somebody's account out of everything that is kept or shown.

A ``redirect_uri`` may carry a token.  The tab that is opened gets the address as it came; the record and the page get it
with every part cut that is no plain word, and without the values of its query and its fragment.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote

from certification.config.url_shapes import CUT, reads_like_words
from certification.evidence.exchange import Exchange, Response
from certification.foundation.urls import UrlError, read_url

MAX_BODY: Final = 20_000
"""Characters of an answer that are kept."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s\"'<>\\]+")
_SHORTEST: Final = 6
"""Shorter parts of an address stand elsewhere by chance."""

KEPT_FIELD: Final = "connection_id"
"""An identifier that later calls need; it opens nothing."""


def cut_address(text: str) -> str:
    """Return the address ``text`` with its tokens cut."""
    try:
        url = read_url(text)
    except UrlError:
        return CUT
    path = "/".join(part if part == "" or reads_like_words(part) else CUT for part in url.path.split("/"))
    query = f"?{'&'.join(_cut_pair(pair) for pair in url.query.split('&'))}" if url.query else ""
    fragment = f"#{CUT}" if "#" in text else ""
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}{path}{query}{fragment}"


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
    tokens = {token for text in texts for address in _ADDRESS.findall(text) for token in _tokens(address)}
    pattern = re.compile("|".join(map(re.escape, sorted(tokens, key=len, reverse=True)))) if tokens else None

    def clean(text: str) -> str:
        text = _ADDRESS.sub(lambda found: cut_address(found[0]), text)
        return pattern.sub(CUT, text) if pattern else text

    return clean


def _tokens(address: str) -> set[str]:
    """Return the parts of ``address`` that are cut."""
    path, _, fragment = address.partition("#")
    path, _, query = path.partition("?")
    parts = [part for part in path.split("/")[3:] if not reads_like_words(part)]
    parts += [pair.partition("=")[2] or pair for pair in query.split("&")]
    parts += re.split(r"[/?&=]", fragment)
    parts = [part for part in parts if not reads_like_words(part)]
    return {form for part in parts for form in (part, unquote(part)) if len(form) >= _SHORTEST}


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


def _cut_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name if reads_like_words(name) else CUT}{equals}{CUT if equals else ''}"
