"""Hold each recorded answer to itself: digest, size, the marks of secrets that stood in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from certification.client.client import MAX_KEPT_CHARACTERS, MAX_TASTE_CHARACTERS
from certification.client.reading import MAX_ANSWER_BYTES
from certification.evidence.exchange import Exchange, Response
from certification.evidence.redaction import MARK, OPAQUE

_HTTP = re.compile(r"HTTP/[0-9](\.[0-9])?", re.ASCII)


def answer_errors(exchange: Exchange) -> Iterator[str]:
    """Yield where the answer of ``exchange`` contradicts itself."""
    response = exchange.response
    if response is None:
        return
    if not _HTTP.fullmatch(response.http_version):
        yield "the answer names a version of HTTP that does not exist"
    yield from _leak_errors(response)
    replaced = bool(response.leaks) or OPAQUE in response.body
    if response.truncated:
        bound = MAX_KEPT_CHARACTERS if response.size < MAX_ANSWER_BYTES else MAX_TASTE_CHARACTERS
        if len(response.body) != bound and not replaced:
            yield "the body is said to be cut, but it was not cut where the suite cuts"
        return
    if len(response.body) > MAX_KEPT_CHARACTERS:
        yield f"the body has {len(response.body):,} characters; the suite keeps {MAX_KEPT_CHARACTERS:,}"
    data = response.body.encode("utf-8", "surrogatepass")
    if response.digest != hashlib.sha256(data).hexdigest():
        yield "the body of the answer does not have the digest that was recorded with it"
    if not response.trouble and not replaced and "\\u0000" not in response.body and response.size != len(data):
        yield f"the body of the answer has {len(data)} bytes, recorded were {response.size}"


def _leak_errors(response: Response) -> Iterator[str]:
    """Yield the secrets whose marks stand in an answer, though the record does not say that it held them.

    A partner's own text never looks like a mark: the suite changes it where an answer comes in.
    """
    texts = [response.body, *(text for pair in response.headers for text in pair)]
    marked = {name for text in texts for name in MARK.findall(text)}
    for name in sorted(marked - {leak.secret for leak in response.leaks}):
        yield f"{name} stood in the answer, where its mark is, but the record says nothing of it"
