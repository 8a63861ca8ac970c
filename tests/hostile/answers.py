"""What hostile partners answer to a connect: name -> how, and which requirement the suite must find broken."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench import OAUTH_SECRET, PASSWORD, RESET, TOKEN, USER, Behaviour, Seen, correct, fine, hang, http, welcome

JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@dataclass(frozen=True)
class Hostile:
    """One hostile partner."""

    connect: Behaviour = fine
    pages: Behaviour = welcome
    breaks: str = ""
    """The requirement that must be found broken; empty when the partner passes all the same."""
    hostnames: tuple[str, ...] = ()
    """Names that its config allows beside its own."""
    says: str = ""
    """What the finding must say."""
    waits: bool = False
    """Whether it makes the suite wait."""


def raw(*pieces: Any, breaks: str = "answer-arrives", says: str = "") -> Hostile:
    """Bytes instead of an answer."""
    return Hostile(lambda _seen: iter(pieces), breaks=breaks, says=says)


def body(data: bytes | str, *headers: tuple[str, str], breaks: str = "body-json", says: str = "") -> Hostile:
    return Hostile(lambda _seen: http(200, data, *headers), breaks=breaks, says=says)


def but(breaks: str = "", **fields: Any) -> Hostile:
    """A correct answer with other fields."""
    return Hostile(lambda seen: http(200, correct(seen, **fields)), breaks=breaks)


def said(text: str, breaks: str = "", **fields: Any) -> Hostile:
    """An error that says ``text``."""
    error = {"error_reason": "general_error", "display_message": "Sorry.", "debugging_message": text} | fields
    return Hostile(lambda _seen: http(500, error), breaks=breaks or "first-connect")


def endless(chunk: bytes, head: bytes = b"") -> Behaviour:
    return lambda _seen: itertools.chain([head], itertools.repeat(chunk))


def drip(_seen: Seen) -> Iterator[bytes]:
    yield JSON + b"\r\n"
    for nothing in hang():
        yield nothing + b" "


def late(head: bytes) -> Behaviour:
    return lambda _seen: itertools.chain([head], hang())


def packed(data: bytes, encoding: str, says: str) -> Hostile:
    return body(data, ("Content-Encoding", encoding), breaks="body-readable", says=says)


def gzipped(seen: Seen) -> bytes:
    return http(200, gzip.compress(json.dumps(correct(seen)).encode()), ("Content-Encoding", "gzip"))


FRAMING = {
    "says nothing": raw(),
    "resets": raw(RESET, says="closed before the answer was complete"),
    "resets in the head": raw(b"HTTP/1.1 200 O", RESET),
    "ends in the head": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "hangs": Hostile(lambda _seen: hang(), breaks="answer-arrives"),
    "hangs after the head": Hostile(late(JSON + b"Content-Length: 9\r\n\r\n"), breaks="answer-arrives"),
    "drips": Hostile(drip, breaks="answer-arrives"),
    "is an SSH server": raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", says="what came back is not HTTP"),
    "speaks TLS": raw(b"\x15\x03\x01\x00\x02\x02\x46"),
    "speaks HTTP/2": raw(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"),
    "speaks HTTP/0.9": raw(b"<html>hello</html>"),
    "has a status of two digits": raw(b"HTTP/1.1 99 x\r\n\r\n"),
    "has a status of four digits": raw(b"HTTP/1.1 2000 x\r\n\r\n"),
    "has a status in Arabic digits": raw("HTTP/1.1 ٢٠٠ x\r\n\r\n".encode()),
    "repeats the password in an illegal status line": raw(f"HTTP/1.1 2OO {PASSWORD}\r\n\r\n".encode()),
    "repeats the token in the phrase of the status": Hostile(
        lambda seen: http(200, correct(seen)).replace(b" x\r\n", f" {TOKEN}\r\n".encode(), 1)
    ),
    "repeats the token in the name of a header": Hostile(
        lambda seen: http(200, correct(seen), (f"X-{TOKEN}", "1")), breaks="secrets-kept"
    ),
    "has a header without a colon": raw(JSON + b"nonsense\r\n\r\n{}"),
    "has a header with NUL": raw(JSON + b"X: a\x00b\r\n\r\n{}"),
    "has control characters in a header": Hostile(lambda seen: http(200, correct(seen), ("X-A", b"\x1b[2J\x07"))),
    "has a header of 200,000 characters": raw(JSON + b"X: " + b"a" * 200_000 + b"\r\n\r\n{}"),
    "has 3,000 headers": Hostile(lambda seen: http(200, correct(seen), *((f"X-{n}", "1") for n in range(3_000)))),
    "has headers without end": Hostile(endless(b"X-A: b\r\n" * 1_000, JSON), breaks="answer-arrives"),
    "goes on continuing": Hostile(endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 100), breaks="answer-arrives"),
    "changes the protocol": raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
    "has a negative length": raw(JSON + b"Content-Length: -1\r\n\r\n{}"),
    "has a length of 5,000 digits": raw(JSON + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n{}"),
    "has two lengths": raw(JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "promises more than it sends": raw(
        JSON + b"Content-Length: 500\r\n\r\n{}", breaks="body-readable", says="broke in the middle"
    ),
    "has a chunk of garbage": raw(JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}", breaks="body-readable"),
    "has a chunk of 10^30 bytes": raw(
        JSON + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n{}", breaks="body-readable"
    ),
    "has chunks without end": Hostile(
        endless(b"1\r\n \r\n" * 1_000, JSON + b"Transfer-Encoding: chunked\r\n\r\n"), breaks="answer-arrives"
    ),
    "has a body without end": Hostile(endless(b" " * 65_536, JSON + b"\r\n"), breaks="body-readable"),
    "answers twice at once": Hostile(lambda seen: fine(seen) + http(200, {"smuggled": True})),
    "answers before it was asked again": Hostile(lambda seen: iter([fine(seen), fine(seen)])),
    "answers 204 with a body": Hostile(lambda seen: http(204, correct(seen)), breaks="first-connect"),
    "answers 304": Hostile(lambda _seen: http(304, b""), breaks="first-connect"),
}

BODIES = {
    "is a bomb of gzip": packed(gzip.compress(b" " * 50_000_000, 1), "gzip", "longer than 1,000,000 bytes"),
    "is a bomb of empty gzips": packed(gzip.compress(b"") * 52_000, "gzip", "longer than 1,000,000 bytes"),
    "is no gzip": packed(b"{}", "gzip", "cannot be decompressed as gzip"),
    "is half a gzip": packed(gzip.compress(b"{}" * 400)[:-9], "gzip", "the gzip stream ends too early"),
    "is two gzips": Hostile(gzipped),
    "is deflated without a head": Hostile(
        lambda seen: http(200, zlib.compress(json.dumps(correct(seen)).encode())[2:-4], ("Content-Encoding", "deflate"))
    ),
    "is gzipped twice": packed(gzip.compress(gzip.compress(b"{}")), "gzip, gzip", "which nobody asked for"),
    "is gzip and then garbage without end": Hostile(
        endless(b"x" * 65_536, JSON + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}")), breaks="body-readable"
    ),
    "is encoded as nobody asked": packed(b"{}", "br", "encoded as 'br', which nobody asked for"),
    "is an unclosed string of quotes": body(b'"' + b'\\"' * 120_000, says="a string is not closed"),
    "is an unclosed string of backslashes": body(b'{"a": "' + b"\\" * 100_000),
    "is deep": body(b"[" * 100_000, says="nested more than 100 levels deep"),
    "is a long number": body(b"9" * 100_000, says="more than 400 digits"),
    "is not a number": body(b'{"a": NaN}', says="NaN is not JSON"),
    "is nothing": body(b"", says="is empty"),
    "is a list": body(b"[]", says="is no JSON object"),
    "is half a surrogate": Hostile(
        lambda seen: http(200, json.dumps(correct(seen))[:-1] + ', "x": "\\ud83d"}'), breaks="body-unambiguous"
    ),
    "has a key twice": Hostile(
        lambda seen: http(200, json.dumps(correct(seen))[:-1] + ', "user_status": "new"}'), breaks="body-unambiguous"
    ),
    "has 24,000 keys twice": body(b"{" + b'"a":1,"b":2,' * 12_000 + b'"a":1}', breaks="body-unambiguous"),
    "begins with a mark": Hostile(
        lambda seen: http(200, b"\xef\xbb\xbf" + json.dumps(correct(seen)).encode()), breaks="body-readable"
    ),
    "is Latin-1": body(b'{"a": "\xe9"}', breaks="body-readable", says="the body is not UTF-8"),
    "is a megabyte": body(b'{"a": "' + b"x" * 2_000_000, breaks="body-readable"),
    "is longer than is kept": but(breaks="body-readable", note="ü" * 300_000),
    "is a page": body(b"<html><script>alert(1)</script>", ("Content-Type", "text/html")),
    "steers the terminal": said("\x1b[2J\x1b]0;owned\x07\u202eabc\r\u200b", display_message="\x1b[2J"),
    "has entities of 5,000 digits": said("&#" + "9" * 5_000 + "; &#x" + "f" * 5_000),
    "has 80,000 backslashes": said("\\" * 40_000),
    "has traces of Ruby without end": said("a/" * 10_000 + ".rb:1:in `" * 3_000),
    "has traces of .NET without end": said("at x(" * 5_000 + ") in " * 5_000),
    "has traces of JavaScript without end": said("at /:" * 5_000 + ":1" * 5_000),
    "has statements without end": said("SELECT FROM " * 4_000),
    "says a mark": but(note="${PAT_TOKEN} ${BASIC_PASSWORD}"),
    "has an id of 100,000 characters": but(connection_id="x" * 100_000),
    "has an id of control characters": but(connection_id="\x00\x1b\r\n\u202e"),
    "has an id of 5,000 digits": Hostile(
        lambda seen: http(200, json.dumps(correct(seen, connection_id=1)).replace(": 1,", f": {'9' * 5_000},")),
        breaks="body-json",
    ),
    "has its own prototype": but(__proto__={"admin": True}, __class__="x"),
}

ECHOES = {
    "the token": TOKEN,
    "the password, for URLs": "W%C3%B6rter-9f3c71e0%26b7a24d",
    "the password as entities": "".join(f"&#{ord(character)}" for character in PASSWORD),
    "the header": base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
    "base64 of base64": base64.b64encode(base64.b64encode(TOKEN.encode())).decode(),
    "base64, reversed": base64.b64encode(TOKEN[::-1].encode()).decode(),
    "hexadecimal": TOKEN.encode().hex(":"),
    "decimal": str(list(OAUTH_SECRET.encode())),
    "capitals": TOKEN.upper(),
    "spaced": " ".join(TOKEN),
    "reversed": TOKEN[::-1],
    "base32": base64.b32encode(TOKEN.encode()).decode(),
}
LEAKS = {
    **{
        f"repeats {name} in a success": Hostile(
            lambda seen, text=text: http(200, correct(seen, note=text)), breaks="secrets-kept"
        )
        for name, text in ECHOES.items()
    },
    **{f"repeats {name} in an error": said(text, "secrets-debugging") for name, text in ECHOES.items()},
    "repeats the token in UTF-16": Hostile(
        lambda seen: http(200, json.dumps(correct(seen, note=TOKEN)).encode("utf-16")), breaks="secrets-kept"
    ),
    "repeats the token in UTF-32": Hostile(
        lambda seen: http(200, json.dumps(correct(seen, note=TOKEN)).encode("utf-32-le")), breaks="secrets-kept"
    ),
    "has the token for an id": but("secrets-kept", connection_id=TOKEN),
    "has the token in capitals for an id": but("secrets-kept", connection_id=TOKEN.upper()),
    "has the token in its redirect_uri": Hostile(
        lambda seen: http(200, correct(seen, redirect_uri=f"{seen.base}/welcome?t={TOKEN}")), breaks="secrets-kept"
    ),
    "sets the token as a cookie": Hostile(
        lambda seen: http(200, correct(seen), ("Set-Cookie", f"t={TOKEN}")), breaks="secrets-kept"
    ),
}

WAITING = {
    f"asks to come again: {value[:30]}": Hostile(
        lambda _seen, value=value: http(429, b"", ("Retry-After", value)), breaks="", waits=True
    )
    for value in (
        "86400",
        "9" * 300,
        "-5",
        "NaN",
        "inf",
        "1e999",
        "",
        "soon",
        "Sun Nov  6 08:49:37 2094",
        "Sun, 06 Nov 2094 08:49:37",
        "Sun, 06 Nov 2094 08:49:37 -0000",
        "Sun, 06 Nov 99999 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
    )
}


def leads(location: str | bytes, status: int = 302, *more: tuple[str, str]) -> Behaviour:
    return lambda _seen: http(status, b"", ("Location", location), *more)


PAGES = {
    **{
        f"has a page that leads to {location!r}": Hostile(pages=leads(location))
        for location in (
            "http://[::1/x",
            "http://256.256.256.256/",
            "http://h:99999/",
            "//",
            "http://a\\b@c",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "myapp:open",
            "http://" + "a" * 300 + ".example/",
            "/" + "a" * 9_000,
            "http://169.254.169.254/latest/meta-data",
            "http://2852039166/",
            "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:a9fe:a9fe::1]/",
            "http://[fec0::1]/",
            "http://[fe80::1]/",
            "http://10.0.0.1/",
            "http://0xA9.0xFE.0xA9.0xFE/",
        )
    },
    "has a page that leads to a control character, and so to itself": Hostile(
        pages=leads("\x1b[2J"), breaks="redirect-arrives"
    ),
    "has a page that leads to itself": Hostile(pages=lambda seen: leads(seen.path)(seen), breaks="redirect-arrives"),
    "has pages that lead on and on": Hostile(
        pages=lambda seen: leads(f"{seen.path}x")(seen), breaks="redirect-arrives"
    ),
    "has pages that count in a cookie": Hostile(
        pages=lambda seen: leads(seen.path, 302, ("Set-Cookie", f"n={seen.headers.get('cookie', '')[-30:]}1"))(seen),
        breaks="redirect-arrives",
    ),
    "has a page that sets 500 cookies": Hostile(
        pages=lambda seen: (
            http(302, b"", ("Location", f"{seen.path}x"), *(("Set-Cookie", f"c{n}={'v' * 90}") for n in range(500)))
            if seen.path == "/welcome"
            else welcome(seen)
        )
    ),
    "has a page that hangs": Hostile(pages=lambda _seen: hang(), breaks="redirect-answers"),
    "has a page without end": Hostile(pages=endless(b"<p>" * 20_000, b"HTTP/1.1 200 OK\r\n\r\n")),
    "has a page that is no HTTP": Hostile(pages=lambda _seen: iter([b"SSH\r\n\r\n"]), breaks="redirect-answers"),
    "sends the browser to a private address": Hostile(
        lambda seen: http(200, correct(seen, redirect_uri="http://10.0.0.1/welcome")),
        breaks="redirect-answers",
        hostnames=("10.0.0.1",),
    ),
    "sends the browser to the metadata of the cloud": Hostile(
        lambda seen: http(200, correct(seen, redirect_uri="http://169.254.169.254/latest")),
        breaks="redirect-answers",
        hostnames=("169.254.169.254",),
    ),
    **{
        f"has the redirect_uri {uri[:30]!r}": but("redirect-absolute", redirect_uri=uri)
        for uri in (
            "http://[::1/x",
            "//h/x",
            "http://h\x00/",
            "http://u:p@h/",
            "javascript:alert(1)",
            "http://1.2.3.4.5/",
        )
    },
    "has a redirect_uri of 70,000 characters": Hostile(
        lambda seen: http(200, correct(seen, redirect_uri=f"{seen.base}/{'x' * 70_000}")), breaks="redirect-absolute"
    ),
    "redirects the API to nowhere": Hostile(leads("http://[::1/x", 307), breaks="answer-direct"),
    "redirects the API to a private address": Hostile(leads("http://10.0.0.1/", 307), breaks="answer-direct"),
}

HOSTILE = {**FRAMING, **BODIES, **LEAKS, **WAITING, **PAGES}
