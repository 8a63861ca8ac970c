"""Read a URL that a stranger wrote, as a browser would (WHATWG URL, RFC 3986), and never raise.

Python's own reader is not used: what it refuses, and in which words, changes with its version, and evidence must be judged
alike everywhere.  Every step is linear in the length of the text.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

MAX_URL = 8_192
"""Longer URLs are not followed; servers and browsers give up earlier."""

MAX_TEXT = 65_536
"""A longer text is not read as a URL at all."""

DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = re.compile(r"[^\x21-\x7e]")
_PARTS = re.compile(
    r"([A-Za-z][A-Za-z0-9+.\-]*+):(?://([^/?#]*+))?+([^?#]*+)(?:\?([^#]*+))?+(?:#.*+)?+",
    re.DOTALL,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*+:")
_NO_HOST_CHARACTER = re.compile(r"[\x00-\x20\x7f#/:<>?@\[\\\]^|%]")
_NUMERIC_LABEL = re.compile(r"[0-9]++|0[xX][0-9a-fA-F]*+")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]{2,45}+")


class UrlError(ValueError):
    """The text is no URL that can be opened; the message says why, to stand after *it*."""


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute URL, taken apart."""

    scheme: str
    """In lower case."""
    host: str
    """In lower case, without brackets; empty when the URL names none."""
    port: int | None
    userinfo: str | None
    """What stands before an ``@``; None where there is no ``@``."""
    path: str
    query: str | None
    authority: bool
    """Whether ``//`` stands behind the scheme."""

    @property
    def web(self) -> bool:
        """Whether a browser opens it by itself; other schemes belong to other programs."""
        return self.scheme in DEFAULT_PORTS

    @property
    def port_used(self) -> int:
        """The port to connect to."""
        return self.port if self.port is not None else DEFAULT_PORTS.get(self.scheme, 0)

    @property
    def target(self) -> str:
        """Path and query as they stand in a request line: printable ASCII."""
        return _encoded((self.path or "/") + ("" if self.query is None else f"?{self.query}"))

    @property
    def netloc(self) -> str:
        """Host and port as they stand in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None or self.port == DEFAULT_PORTS.get(self.scheme) else f"{host}:{self.port}"

    def __str__(self) -> str:
        """Return the URL without user information and fragment."""
        if self.web:
            return f"{self.scheme}://{self.netloc}{self.target}"
        query = "" if self.query is None else f"?{self.query}"
        return _encoded(f"{self.scheme}:{'//' if self.authority else ''}{self.host}{self.path}{query}")


def read_url(text: str) -> Url:
    """Return ``text`` taken apart; raises :class:`UrlError`."""
    if len(text) > MAX_TEXT:
        raise UrlError(f"is longer than {MAX_TEXT:,} characters")
    match = _PARTS.fullmatch(text)
    if not match:
        raise UrlError("has no scheme")
    scheme, authority, path, query = match.groups()
    scheme = scheme.lower()
    if authority is None:
        return Url(scheme, "", None, None, path, query, authority=False)
    before, at, rest = authority.rpartition("@")
    userinfo = before if at else None
    if scheme not in DEFAULT_PORTS:
        return Url(scheme, rest.lower(), None, userinfo, path, query, authority=True)
    host, port = _host_and_port(rest)
    return Url(scheme, host, port, userinfo, path, query, authority=True)


def resolve(base: Url, reference: str) -> Url:
    """Return where ``reference``, the value of a ``Location``, leads from ``base``; raises :class:`UrlError`.

    As browsers do, blanks around it and line breaks and tabs in it are dropped, and backslashes are taken for slashes.
    """
    if len(reference) > MAX_URL:
        raise UrlError(f"is longer than {MAX_URL:,} characters")
    reference = re.sub(r"[\t\n\r]", "", reference.strip("".join(map(chr, range(0x21)))))
    scheme = _SCHEME.match(reference)
    if scheme and scheme[0][:-1].lower() not in DEFAULT_PORTS:
        return read_url(reference)
    before, mark, query = reference.partition("#")[0].partition("?")
    reference = before.replace("\\", "/") + mark + query
    if scheme and (scheme[0][:-1].lower() != base.scheme or reference[scheme.end() :].startswith("//")):
        rest = reference[scheme.end() :].lstrip("/")
        return _plain(read_url(f"{scheme[0].lower()}//{rest}"))
    if scheme:
        # "http:page" and "http:/page" from an http page are relative, whatever RFC 3986 says: browsers read it so.
        reference = reference[scheme.end() :]
    if reference.startswith("//"):
        return _plain(read_url(f"{base.scheme}://{reference.lstrip('/')}"))
    path, mark, query = reference.partition("?")
    found_query = query if mark else None
    if not path:
        return Url(
            base.scheme,
            base.host,
            base.port,
            None,
            base.path or "/",
            found_query if mark else base.query,
            authority=True,
        )
    if not path.startswith("/"):
        path = f"{(base.path or '/').rpartition('/')[0]}/{path}"
    return _plain(Url(base.scheme, base.host, base.port, None, path, found_query, authority=True))


def _plain(url: Url) -> Url:
    if not url.host:
        raise UrlError("names no host")
    return Url(url.scheme, url.host, url.port, url.userinfo, _without_dots(url.path or "/"), url.query, authority=True)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    parts = path.split("/")[1:]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        name = part.lower().replace("%2e", ".")
        if name == "..":
            if kept:
                kept.pop()
            if last:
                kept.append("")
        elif name == ".":
            if last:
                kept.append("")
        else:
            kept.append(part)
    return "/" + "/".join(kept)


def _host_and_port(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        inside, closed, rest = text[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise UrlError("holds a bracket in its host that is not closed")
        return _ipv6(inside), _port(rest[1:])
    host, _, port = text.partition(":")
    return _name(host), _port(port)


def _port(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65_535:
        raise UrlError("has a port that is no number up to 65535")
    return int(text)


def _ipv6(text: str) -> str:
    message = "holds brackets around what is no IPv6 address"
    if not _IPV6.fullmatch(text):
        raise UrlError(message)
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        raise UrlError(message) from None


def _name(host: str) -> str:
    if not host:
        return ""
    if _NO_HOST_CHARACTER.search(host):
        raise UrlError("holds a character in its host that no host name has")
    if len(host) > 253 or any(len(label) > 63 for label in host.split(".")):
        raise UrlError("names a host that is longer than host names can be")
    host = host.lower()
    labels = host.removesuffix(".").split(".")
    return _ipv4(labels) if _NUMERIC_LABEL.fullmatch(labels[-1]) else host


def _ipv4(labels: list[str]) -> str:
    """Return the address that browsers and C libraries read in ``labels``: decimal, octal, hexadecimal, one to four."""
    message = "names a host that looks like an IPv4 address and is none"
    if len(labels) > 4:
        raise UrlError(message)
    numbers = []
    for label in labels:
        if not _NUMERIC_LABEL.fullmatch(label):
            raise UrlError(message)
        octal = len(label) > 1 and label.startswith("0") and label[1] not in "xX"
        if octal and not re.fullmatch(r"[0-7]++", label):
            raise UrlError(message)
        numbers.append(int(label[2:] or "0", 16) if label[1:2] in {"x", "X"} else int(label, 8 if octal else 10))
    *firsts, last = numbers
    if any(number > 255 for number in firsts) or last >= 256 ** (5 - len(numbers)):
        raise UrlError(message)
    value = last + sum(number << (8 * (3 - place)) for place, number in enumerate(firsts))
    return str(ipaddress.IPv4Address(value))


def _encoded(text: str) -> str:
    return _UNRESERVED.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), text)
