"""Cut what could open somebody's door out of the addresses of pages, and out of every text in which it stands.

Unlike :mod:`certification.config.url_shapes` this looks at one address at a time: every part is cut that is no plain word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote

from certification.config.url_shapes import CUT, reads_like_words
from certification.foundation.urls import UrlError, read_url

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s\"'<>\\]+")
_SHORTEST: Final = 6
"""Shorter parts of an address stand elsewhere by chance."""


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


def addresses_in(text: str) -> list[str]:
    """Return the addresses that stand in ``text``."""
    return _ADDRESS.findall(text)


def cutter(addresses: Iterable[str], secrets: Iterable[str] = ()) -> Callable[[str], str]:
    """Return what cuts addresses in a text, and the tokens of these ``addresses`` and all ``secrets`` wherever they stand."""
    tokens = {token for address in addresses for token in _tokens(address)} | {each for each in secrets if each}
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


def _cut_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name if reads_like_words(name) else CUT}{equals}{CUT if equals else ''}"
