"""Faults between content and bytes: media types, encodings, broken JSON."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    Change,
    answers,
    bytes_as,
    header,
    html,
    is_sign_in,
    of,
)

if TYPE_CHECKING:
    from certification.reference.messages import Answer, Call

FAMILY = "wire"


def _connect(name: str, title: str, *changes: Change) -> Fault:
    return Fault(f"connect-{name}", FAMILY, title, tuple(answers(change, of(CONNECT)) for change in changes))


def _insert(text: bytes) -> Change:
    """Return the change that puts ``text`` in front of the last brace."""
    return bytes_as(lambda body: body[:-1] + text + body[-1:])


def _drop_media_type(_call: Call, answer: Answer) -> None:
    answer.headers.pop("content-type", None)


def _half(_call: Call, answer: Answer) -> None:
    body = answer.payload()
    answer.raw = body[: len(body) // 2]


def _lone_surrogate(_call: Call, answer: Answer) -> None:
    answer.raw = json.dumps({**answer.content, "user_status": answer.content["user_status"] + "\ud83d"}).encode()


MEDIA_TYPES = (
    _connect("content-type-text", "Connect answers JSON as text/plain.", header("content-type", "text/plain")),
    _connect("content-type-html", "Connect answers JSON as text/html.", header("content-type", "text/html")),
    _connect("content-type-missing", "Connect answers without a Content-Type.", _drop_media_type),
    _connect("html-page", "Connect answers with the product's sign-in page.", html(200, "Sign in")),
    Fault(
        "sign-in-html-page",
        FAMILY,
        "A sign-in answers with the page instead of its address.",
        (answers(html(200, "Welcome back"), is_sign_in),),
    ),
)

ENCODINGS = (
    _connect("utf-16", "Connect answers in UTF-16.", bytes_as(lambda body: body.decode().encode("utf-16"))),
    _connect("byte-order-mark", "A byte-order mark precedes the JSON.", bytes_as(lambda body: b"\xef\xbb\xbf" + body)),
    _connect("invalid-utf-8", "A name in Latin-1 stands in the UTF-8 answer.", _insert(b', "note": "Zo\xeb"')),
    _connect("lone-surrogate", "A text is cut in the middle of an emoji.", _lone_surrogate),
    _connect("json-in-string", "The JSON is encoded twice.", bytes_as(lambda body: json.dumps(body.decode()).encode())),
    _connect("json-twice", "The answer holds the JSON twice.", bytes_as(lambda body: body + body)),
    _connect(
        "python-syntax",
        "The answer is printed, not serialized.",
        bytes_as(lambda body: repr(json.loads(body)).encode()),
    ),
    _connect("nan", "A duration without a value is sent as NaN.", _insert(b', "seconds": NaN')),
    _connect("duplicate-key", "A merge of two objects repeats user_status.", _insert(b', "user_status": "existing"')),
    _connect(
        "warning-before-json",
        "The runtime prints a warning before the JSON.",
        bytes_as(lambda body: b"Deprecated: in connect.php\n" + body),
    ),
    _connect("xssi-prefix", "A framework guards JSON with a prefix.", bytes_as(lambda body: b")]}',\n" + body)),
    _connect("half-json", "The answer ends in the middle.", _half),
    _connect("gzip-claimed", "A header says gzip, the body is plain.", header("content-encoding", "gzip")),
    _connect("gzip-unlabelled", "The body is gzip, no header says so.", bytes_as(gzip.compress)),
)

FAULTS = MEDIA_TYPES + ENCODINGS
