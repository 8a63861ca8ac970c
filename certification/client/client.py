"""Act: play Databricks.  One call in, one exchange out; what is odd about the answer is kept, never raised."""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from certification.client.addresses import AddressGuard
from certification.client.authentication import SCHEMES
from certification.client.failures import failure_of, text_of
from certification.client.reading import MAX_ANSWER_BYTES, MAX_PAGE_BYTES, Body, read_body
from certification.client.transport import Deadline, GuardedTransport, PooledTransport, proxy_address, proxy_at
from certification.evidence.exchange import Exchange, Failure, Headers, Request, Response
from certification.evidence.redaction import MAX_SEARCHED, Leak, Redactor, unmarked
from certification.foundation.clock import WallClock
from certification.foundation.strict_json import parse
from certification.foundation.urls import UrlError, read_url

CALL_SECONDS = 60.0
"""How long Databricks waits for an answer.  Source: Databricks' own suite."""

MAX_KEPT_CHARACTERS = 262_144
"""Longer bodies are cut in the evidence; their digest covers all of what was read."""

MAX_TASTE_CHARACTERS = 32_768
"""Kept of an answer that is longer than what is read."""

MAX_KEPT_HEADERS = 8_192

ACCEPTED = (("Accept-Encoding", "gzip, deflate"), ("Accept", "*/*"))

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")

NEEDED_HEADERS = frozenset({"content-type", "content-encoding", "location", "set-cookie", "retry-after"})
"""What decides how the suite goes on is kept before anything else."""


@dataclass(frozen=True)
class Credentials:
    """What the environment holds; never written anywhere."""

    user: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    oauth_secret: str = field(repr=False, default="")

    @property
    def secrets(self) -> dict[str, str]:
        """Name of each secret and its value."""
        return {"BASIC_PASSWORD": self.password, "PAT_TOKEN": self.token, "OAUTH_SECRET": self.oauth_secret}


class Client:
    """Sends calls to the partner at ``url`` and returns exchanges with the secrets replaced."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        redactor: Redactor,
        seconds: float = CALL_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """``seconds`` is the deadline of a call; ``transport`` takes the place of the network."""
        self._credentials, self._redactor, self._seconds = credentials, redactor, seconds
        self._deadline = Deadline()
        self._clock = WallClock()
        self._leaky = False
        """Whether a secret came back: only then can one stand in a request, in an id or a token that the partner made up."""
        self._pooled: httpx.BaseTransport
        self._fresh: httpx.BaseTransport
        self._pages: httpx.BaseTransport
        if transport is not None:
            self._pooled = self._fresh = self._pages = transport
            return
        address = _proxy_of(url)
        proxy = proxy_at(address) if address else None
        self._pooled = PooledTransport(self._deadline, proxy=proxy)
        self._fresh = PooledTransport(self._deadline, keep_alive=False, proxy=proxy)
        self._pages = GuardedTransport(self._deadline, AddressGuard(_host_of(url)))

    def close(self) -> None:
        """Close all connections."""
        for transport in (self._pooled, self._fresh, self._pages):
            transport.close()

    def send(self, plan: Exchange) -> Exchange:
        """Send the request of ``plan`` once and return the exchange with its answer, or with the reason why there is none.

        Whatever is raised on the way becomes a failure, in one place; see :func:`failure_of` for what is raised on.
        """
        started = self._clock.now()
        begun = time.perf_counter()
        response: Response | None = None
        failure: Failure | None = None
        raw: Any = None
        try:
            response, raw = self._attempt(plan.request)
        except Exception as error:  # noqa: BLE001 - told apart in failure_of, which raises what is our own fault
            failure = failure_of(error, self._redacted)
        seconds = time.perf_counter() - begun
        return replace(
            plan,
            request=self._recorded(plan.request),
            response=response,
            failure=failure,
            raw=raw,
            started=started,
            seconds=seconds,
            connection=self._deadline.connection,
        )

    def _attempt(self, request: Request) -> tuple[Response, Any]:
        self._deadline.start(self._seconds, late_body=request.late_body)
        page = request.operation == "redirect"
        transport = self._pages if page else self._fresh if request.fresh_connection else self._pooled
        headers = [*ACCEPTED, *((name, value) for name, value in request.headers if name.lower() != "authorization")]
        authorization = SCHEMES[request.authorization].header(self._credentials.user, self._credentials.password)
        if authorization is not None:
            headers.append(("Authorization", authorization))
        content = self._on_the_wire(request)
        url = _opened(request.url) if page else httpx.URL(request.url)
        # No httpx.Client: it reads Location and Set-Cookie, and raises for those that it cannot read.  Cookies are not kept:
        # Databricks' servers share none, and a partner that needs one must be found out.
        answer = transport.handle_request(httpx.Request(request.method, url, headers=headers, content=content or None))
        try:
            body = read_body(answer, MAX_PAGE_BYTES if page else MAX_ANSWER_BYTES, stop_quietly=page)
        finally:
            answer.close()
        return self._response(answer, body)

    def _on_the_wire(self, request: Request) -> bytes:
        text = request.body
        for name, value in self._credentials.secrets.items():
            if f"${{{name}}}" in text:
                text = text.replace(f"${{{name}}}", json.dumps(value, ensure_ascii=False)[1:-1])
        return text.encode(request.charset, "surrogatepass" if request.charset == "utf-8" else "strict")

    def _recorded(self, request: Request) -> Request:
        """Return ``request`` as it is kept: an id or a token that the partner made up may hold a secret."""
        if not self._leaky:
            return request
        url = self._redacted(request.url)
        if url != request.url:
            url = _PLACEHOLDER.sub(r"%24%7B\1%7D", url)
        headers = tuple((name, self._redacted(value)) for name, value in request.headers)
        return replace(request, url=url, body=self._redacted(request.body), headers=headers)

    def _redacted(self, text: str) -> str:
        return self._redactor.redact(text)[0]

    def _response(self, answer: httpx.Response, body: Body) -> tuple[Response, Any]:
        data, trouble = body.data, body.trouble
        marked = data.startswith(b"\xef\xbb\xbf")
        try:
            text = data.decode("utf-8-sig" if marked else "utf-8")
            trouble = trouble or ("the body begins with a byte order mark" if marked else "")
        except UnicodeDecodeError as error:
            # The bound may have cut a character in two; anything else is the partner's.
            cut = not body.complete and error.start >= len(data) - 3
            text = data.decode("latin-1") if not cut else data.decode("utf-8", "ignore")
            trouble = trouble or (
                "" if cut else f"the body is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x})"
            )
        text = text.replace("\x00", "\\u0000") if "\x00" in text else text
        text = unmarked(text)
        raw = parse(text).value
        clean, leaks = self._redactor.redact(text[:MAX_SEARCHED])
        if answer.status_code >= 400:
            clean = self._redactor.without_opaque_runs(clean)
        headers, header_leaks = self._headers(answer.headers.raw)
        digest = hashlib.sha256(clean.encode("utf-8", "surrogatepass")).hexdigest()
        # Of an answer that was not even read to its end, a taste is enough.
        kept = clean[: MAX_KEPT_CHARACTERS if len(data) < MAX_ANSWER_BYTES else MAX_TASTE_CHARACTERS]
        version = self._redacted(text_of(bytes(answer.extensions.get("http_version", b"HTTP/1.1"))))
        found = tuple(dict.fromkeys((*leaks, *header_leaks)))
        self._leaky |= bool(found)
        return Response(
            answer.status_code,
            version,
            headers,
            kept,
            len(data),
            digest,
            len(kept) < len(clean) or len(text) > MAX_SEARCHED,
            trouble,
            found,
        ), raw

    def _headers(self, pairs: list[tuple[bytes, bytes]]) -> tuple[Headers, list[Leak]]:
        """Return the headers as they are kept, in their order, and the secrets that stood in any of them."""
        leaks: list[Leak] = []
        clean: list[tuple[str, str]] = []
        for name, value in pairs:
            (shown_name, in_name), (shown_value, in_value) = (
                self._redactor.redact(unmarked(text_of(part))) for part in (name, value)
            )
            leaks += (*in_name, *in_value)
            clean.append((shown_name, shown_value))
        kept: set[int] = set()
        left = MAX_KEPT_HEADERS
        for needed in (True, False):
            for place, (shown_name, shown_value) in enumerate(clean):
                size = len(shown_name) + len(shown_value)
                if (shown_name.lower() in NEEDED_HEADERS) is needed and size <= left:
                    kept.add(place)
                    left -= size
        return tuple(pair for place, pair in enumerate(clean) if place in kept), leaks


def _opened(text: str) -> httpx.URL:
    """Return the URL of a page, which the partner wrote; raises UrlError."""
    url = read_url(text)
    return httpx.URL(scheme=url.scheme, host=url.host, port=url.port, raw_path=url.target.encode("ascii"))


def _host_of(url: str) -> str:
    try:
        return read_url(url).host
    except UrlError:
        return ""


def _proxy_of(url: str) -> str | None:
    try:
        parts = read_url(url)
    except UrlError:
        return None
    return proxy_address(parts.scheme, parts.host)
