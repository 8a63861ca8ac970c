"""Whatever bytes come back, the client makes an exchange of them that can be written, read again and judged."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import httpcore
import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.checks.answers import error_body, holds_model
from certification.checks.everywhere import everywhere
from certification.client.client import Client, Credentials
from certification.evidence.exchange import Exchange, Request
from certification.evidence.redaction import Redactor
from certification.evidence.steps import Act, When
from certification.review.verify.answers import answer_errors

TOKEN = "dapi9f3c71e0b7a24d5588aa41"
CREDENTIALS = Credentials("user", "Wörter-9f3c71e0&b7a24d", TOKEN)
REDACTOR = Redactor(CREDENTIALS.secrets, "user")

BYTES = st.binary(max_size=60) | st.sampled_from(
    [b"{}", b"[", b'"\\', b"\xff\xfe", b"\xef\xbb\xbf{}", TOKEN.encode(), TOKEN.encode("utf-16"), gzip.compress(b"{}")]
)
HEADER = st.tuples(
    st.sampled_from(
        [b"Content-Type", b"Content-Encoding", b"Location", b"Set-Cookie", b"Retry-After", b"X", TOKEN.encode()]
    ),
    BYTES.map(lambda data: data.replace(b"\r", b"").replace(b"\n", b""))
    | st.sampled_from([b"gzip", b"deflate", b"br"]),
)
RAISED = st.sampled_from(
    [
        None,
        httpcore.ReadError(""),
        httpcore.RemoteProtocolError(f"x: {TOKEN.encode()!r}"),
        ValueError(TOKEN),
        RecursionError(),
    ]
)


class _Answers(httpx.BaseTransport):
    def __init__(
        self, status: int, headers: list[tuple[bytes, bytes]], chunks: list[bytes], raised: Exception | None
    ) -> None:
        self._status, self._headers, self._chunks, self._raised = status, headers, chunks, raised

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(self._status, headers=self._headers, stream=_Stream(self._chunks, self._raised))


class _Stream(httpx.SyncByteStream):
    def __init__(self, chunks: list[bytes], raised: Exception | None) -> None:
        self._chunks, self._raised = chunks, raised

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks
        if self._raised:
            raise self._raised


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([200, 201, 302, 404, 429, 500]), st.lists(HEADER, max_size=4), st.lists(BYTES, max_size=4), RAISED
)
def test_any_answer_becomes_an_exchange(
    status: int, headers: list[tuple[bytes, bytes]], chunks: list[bytes], raised: Exception | None
) -> None:
    client = Client("http://h", CREDENTIALS, REDACTOR, transport=_Answers(status, headers, chunks, raised))
    plan = Exchange(
        "P100", "1", 1, Act.FIRST_CONNECT, When.PLAIN, Request("connect", "POST", "http://h/c", (), "{}"), None
    )
    exchange = client.send(plan)
    assert (exchange.response is None) == (exchange.failure is not None)
    line = json.dumps(exchange.to_record())
    assert TOKEN not in line
    again = Exchange.from_record(json.loads(line))
    assert again.response == exchange.response
    assert list(answer_errors(again)) == []
    for seen in (*everywhere(again), *holds_model(again, "connection"), *error_body(again)):
        assert seen.requirement
