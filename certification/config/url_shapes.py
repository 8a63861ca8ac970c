"""The shape of a redirect: its URL with everything cut out that tells one person from another, or could be a secret.

A list of redirects goes to people who were not there, so nothing in it may open anybody's door.  What stays is what the
partner wrote into its program; what is cut is written ``{…}``.  A part of a path, the name of a query's field or a label of
a host stays only when it

* reads like words (``create-trial``, ``signUp``, ``v2``), not like an identifier, an address or a token;
* stands in an address of the partner's own config or is a redirect value of the contract, or was seen for two people at
  least of whose user, workspace and connection it holds nothing, and is one of a few values in its place.

The *value* of a field stays only when, besides, the field's name is not one for secrets and the value is the same in all
redirects of its scenario.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

from certification.config.hostnames import host_of
from certification.config.partner import PartnerConfig
from certification.contract.internet_names import is_ip_address
from certification.contract.schema_files import read_schema
from certification.foundation.urls import Url, UrlError, read_url

CUT: Final = "{…}"
MOST_PARTS = 12
"""Of a longer path, and of a longer query, the rest is cut."""
MOST_VALUES = 4
"""A place in which more values than these stand holds identifiers, however much they look like words."""
CONSTANT_FROM = 5
"""From so many people on, what stands in the requests of half of them is nobody's own."""

_WORD = re.compile(r"[a-z]{2,20}|[A-Z][a-z]{1,19}|[A-Z]{2,5}|[a-z]{2,14}(?:[A-Z][a-z]{1,14}){1,3}")
_SHORT = re.compile(r"v[0-9]{1,2}|[a-z]|[0-9]|step[0-9]{1,2}")
_UNSPEAKABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}|[aeiou]{4,}", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_BETWEEN = re.compile(r"[-_.]")
_TOKENS = re.compile(r"[a-z0-9]{3,}")
_ABBREVIATIONS = frozenset(
    {"html", "php", "aspx", "jsp", "http", "https", "cfm", "sql", "xml", "www", "cdn", "sso", "jdbc", "dbx", "utm"}
)
_SECRET_NAME = re.compile(
    r"token|key|secret|passw|code|sig|auth|session|ticket|state|nonce|jwt|otp|hash|cred|invit|magic", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One redirect as it was observed."""

    url: str
    person: str
    """Which execution it belongs to; no two share a person."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is left of a redirect."""

    url: str
    host: str
    """The host, with labels of its own cut."""
    entry: str
    """The config's hostname that covers it, as a bare host; empty when none does."""


@dataclass(frozen=True, slots=True)
class _Parts:
    url: Url
    labels: tuple[str, ...]
    """Labels of the host in front of the allow-listed name."""
    base: str
    entry: str
    places: Mapping[str, tuple[str, ...]]
    """``path`` and ``fragment`` -> parts between slashes."""
    fields: Mapping[str, tuple[tuple[str, str | None], ...]]
    """``query`` and ``fragment`` -> names and values."""


class Shapes:
    """Makes the shapes of the redirects of one run: what is common is known only when all have been seen."""

    def __init__(
        self, config: PartnerConfig, people: Mapping[str, frozenset[str]], redirects: Mapping[str, Iterable[Seen]]
    ) -> None:
        """Take all redirects by scenario, and of each person the tokens of what is their own (:func:`own_tokens`)."""
        self._hosts = [host_of(name).rstrip(".") for name in config.hostnames]
        self._public = frozenset(_public_words(config))
        self._people: dict[tuple[str, str], set[str]] = {}
        """(kind of place, value) -> the people for whom it was seen, and of whom it holds nothing."""
        self._values: dict[tuple[str, str, str], set[str]] = {}
        """(scenario, kind of place, which one) -> values."""
        mentions = Counter(word for own in people.values() for word in own)
        enough = max(CONSTANT_FROM, len(people) / 2)
        own_of = {person: frozenset(word for word in own if mentions[word] < enough) for person, own in people.items()}
        for scenario, those in redirects.items():
            for seen in those:
                parts = self._parts(seen.url)
                for kind, place, value in _places(parts) if parts else ():
                    self._values.setdefault((scenario, kind, place), set()).add(value)
                    if seen.person not in self._people.get((kind, value), ()) and not _holds(
                        value, own_of.get(seen.person, frozenset())
                    ):
                        self._people.setdefault((kind, value), set()).add(seen.person)

    def shape(self, scenario: str, url: str) -> Shape | None:
        """Return the shape of a redirect that was given for ``scenario``; None when it is no URL of the web."""
        parts = self._parts(url)
        if parts is None:
            return None

        def shown(kind: str, place: str, value: str) -> str:
            return value if self._stays(scenario, kind, place, value) else CUT

        host = ".".join([*(shown("label", str(n), name) for n, name in enumerate(parts.labels)), parts.base])
        port = "" if parts.url.port in {None, 80, 443} else f":{parts.url.port}"
        text = f"{parts.url.scheme}://{f'[{host}]' if ':' in host else host}{port}"
        text += _joined(parts.places["path"], "path", shown)
        if parts.fields["query"]:
            text += f"?{_fields(parts.fields['query'], 'query', shown)}"
        if parts.places["fragment"] or parts.fields["fragment"]:
            inner = _joined(parts.places["fragment"], "fragment", shown)
            fields = _fields(parts.fields["fragment"], "fragment", shown)
            text += f"#{inner}{'?' if inner and fields else ''}{fields}"
        return Shape(text, host, parts.entry)

    def _stays(self, scenario: str, kind: str, place: str, value: str) -> bool:
        if value == "":
            return True
        if not reads_like_words(value):
            return False
        if kind.endswith("value") and (
            _SECRET_NAME.search(place) is not None or len(self._values[scenario, kind, place]) > 1
        ):
            return False
        if value.lower() in self._public:
            return True
        others = {each for each in self._values[scenario, kind, place] if each.lower() not in self._public}
        return len(self._people.get((kind, value), ())) >= 2 and len(others) <= MOST_VALUES

    def _parts(self, text: str) -> _Parts | None:
        try:
            url = read_url(text)
        except UrlError:
            return None
        if not url.web or not url.host:
            return None
        host = url.host.rstrip(".")
        entry = max((each for each in self._hosts if host == each or host.endswith(f".{each}")), key=len, default="")
        base = entry or (host if is_ip_address(host) else ".".join(host.split(".")[-2:]))
        before = host[: -len(base)].rstrip(".")
        path, mark, rest = text.partition("#")[2].partition("?")
        if not mark and "=" in path:
            path, rest = "", path
        return _Parts(
            url,
            tuple(before.split(".")) if before else (),
            base,
            entry,
            {"path": _split(url.path), "fragment": _split(path)},
            {"query": _pairs(url.query or ""), "fragment": _pairs(rest)},
        )


def reads_like_words(text: str) -> bool:
    """Return whether ``text`` is made of words that somebody wrote, and of nothing that a machine did."""
    words = _BETWEEN.split(text)
    return len(text) <= 40 and all(map(_is_word, words)) and any(len(word) > 1 for word in words)


def _is_word(text: str) -> bool:
    if _SHORT.fullmatch(text) or text.lower() in _ABBREVIATIONS:
        return True
    if not _WORD.fullmatch(text) or _UNSPEAKABLE.search(text):
        return False
    return 0.15 <= len(_VOWEL.findall(text)) / len(text) <= (0.75 if len(text) > 3 else 1)


def own_tokens(said: Any) -> frozenset[str]:
    """Return the runs of three letters or digits and more in all values of a request or answer, in lower case."""
    found: set[str] = set()
    waiting = [said]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str | int) and not isinstance(item, bool):
            found.update(_TOKENS.findall(unquote_plus(str(item)[:10_000]).lower()))
    return frozenset(found)


def _holds(value: str, own: frozenset[str]) -> bool:
    """Return whether something of a person's own stands in ``value``."""
    found = _TOKENS.findall(value.lower())
    whole = "".join(found)
    return not own.isdisjoint(found) or any(len(word) > 3 and word in whole for word in own)


def _public_words(config: PartnerConfig) -> Iterator[str]:
    """Yield what the config says in public: the parts of its addresses, and the contract's own redirect values."""
    for name in ("sign_up_page", "privacy_policy", "terms_of_service", "base_url"):
        try:
            url = read_url(str(config.raw.get(name, "")))
        except UrlError:
            continue
        yield from (part.lower() for part in (*_split(url.path), *url.host.split(".")) if reads_like_words(part))
    for name in config.hostnames:
        yield from (label for label in host_of(name).split(".") if reads_like_words(label))
    for value in read_schema("connection")["properties"]["redirect_value"]["enum"]:
        yield from (value, value.replace("_", "-"), value.replace("_", ""))


def _split(path: str) -> tuple[str, ...]:
    parts = path.split("/") if path else []
    return (*parts[:MOST_PARTS], "\x00") if len(parts) > MOST_PARTS else tuple(parts)


def _pairs(text: str) -> tuple[tuple[str, str | None], ...]:
    found: list[tuple[str, str | None]] = []
    for part in text.split("&")[: MOST_PARTS + 1] if text else ():
        name, mark, value = part.partition("=")
        found.append((name, value if mark else None) if len(found) < MOST_PARTS else ("\x00", None))
    return tuple(found)


def _places(parts: _Parts) -> Iterator[tuple[str, str, str]]:
    """Yield (kind of place, which one, value) of everything in a URL that may be cut."""
    yield from (("label", str(number), name) for number, name in enumerate(parts.labels))
    for kind, names in parts.places.items():
        yield from ((kind, str(number), name) for number, name in enumerate(names))
    for kind, pairs in parts.fields.items():
        for number, (name, value) in enumerate(pairs):
            yield f"{kind} name", str(number), name
            if value is not None:
                yield f"{kind} value", name, value


_Shown = Callable[[str, str, str], str]


def _joined(names: tuple[str, ...], kind: str, shown: _Shown) -> str:
    return "/".join(shown(kind, str(number), name) for number, name in enumerate(names))


def _fields(pairs: tuple[tuple[str, str | None], ...], kind: str, shown: _Shown) -> str:
    made = []
    for number, (name, value) in enumerate(pairs):
        right = "" if value is None else f"={shown(f'{kind} value', name, value)}"
        made.append(shown(f"{kind} name", str(number), name) + right)
    return "&".join(dict.fromkeys(made))
