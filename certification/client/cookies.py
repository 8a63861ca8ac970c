"""The cookies of one walk through a partner's pages, kept and sent back as a browser does (RFC 6265), bounded.

Pure: what is sent follows from the recorded answers alone.  The time of day is not asked: a cookie lives for the walk unless
it is taken back.  ``SameSite`` and partitioned cookies are not told apart, since the walk is one navigation.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from certification.evidence.exchange import Response
from certification.foundation.urls import Url

MAX_COOKIES = 50
MAX_COOKIE = 4_096

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PAST = re.compile(r"[ -](?:19[0-9]{2}|20[01][0-9]|[7-9][0-9])[ ]")
"""The year in an ``Expires`` that takes a cookie back; 1970 is the usual one."""
_NOT_POSITIVE = re.compile(r"-[0-9]++|0++")


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie, and where it is sent."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells it from other cookies."""
        return self.name, self.domain, self.path

    def goes_to(self, url: Url) -> bool:
        """Return whether a browser sends it to ``url``."""
        host = url.host.removesuffix(".")
        if host != self.domain and (self.host_only or not host.endswith(f".{self.domain}")):
            return False
        path = url.path or "/"
        within = path == self.path or (
            path.startswith(self.path) and (self.path[-1] == "/" or path[len(self.path)] == "/")
        )
        return within and (not self.secure or url.scheme == "https" or _is_loopback(host))


class CookieJar:
    """The cookies of one walk."""

    def __init__(self) -> None:
        """Begin with none."""
        self._cookies: dict[tuple[str, str, str], Cookie] = {}

    def store(self, url: Url, response: Response) -> None:
        """Keep the cookies that the answer from ``url`` sets, and drop those that it takes back."""
        for name, value in response.headers:
            if name.lower() == "set-cookie":
                self._store(url, value)

    def header(self, url: Url) -> str:
        """Return the value of the Cookie header for ``url``; empty when no cookie goes there."""
        chosen = [cookie for cookie in self._cookies.values() if cookie.goes_to(url)]
        chosen.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" if cookie.name else cookie.value for cookie in chosen)

    def _store(self, url: Url, text: str) -> None:
        cookie, expired = read_cookie(url, text)
        if cookie is None:
            return
        if expired:
            self._cookies.pop(cookie.place, None)
        elif cookie.place in self._cookies or len(self._cookies) < MAX_COOKIES:
            self._cookies[cookie.place] = cookie


def read_cookie(url: Url, text: str) -> tuple[Cookie | None, bool]:
    """Return the cookie of a Set-Cookie header from ``url``, or None, and whether it is taken back."""
    if len(text) > MAX_COOKIE or _CONTROL.search(text):
        return None, False
    pair, *attributes = text.split(";")
    name, equals, value = pair.partition("=")
    name, value = (name.strip(" \t"), value.strip(" \t")) if equals else ("", pair.strip(" \t"))
    if not name and not value:
        return None, False
    said = {key: value for key, value in map(_attribute, attributes) if value or key in {"secure", "path"}}
    host = url.host.removesuffix(".")
    domain = said.get("domain", "").removeprefix(".").lower() or host
    if domain != host and (_is_address(host) or not host.endswith(f".{domain}") or "." not in domain):
        return None, False
    path = said.get("path", "")
    cookie = Cookie(
        name,
        value,
        domain,
        host_only="domain" not in said or _is_address(host),
        path=path if path.startswith("/") else _directory(url),
        secure="secure" in said,
    )
    max_age = said.get("max-age", "")
    return cookie, bool(_NOT_POSITIVE.fullmatch(max_age)) or (
        not max_age and bool(_PAST.search(said.get("expires", "")))
    )


def _attribute(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key.strip(" \t").lower(), value.strip(" \t")


def _directory(url: Url) -> str:
    path = url.path.rpartition("/")[0]
    return path or "/"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    """Return whether browsers take ``host`` for trustworthy without TLS."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return _is_address(host) and ipaddress.ip_address(host).is_loopback
