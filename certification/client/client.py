"""Act: play Databricks.  One call in, one exchange out; what is odd about the answer is kept, never raised."""

from __future__ import annotations

import hashlib
import json
import ssl
import time
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from certification.client.authentication import SCHEMES
from certification.client.transport import AddressGuard, Deadline, PooledTransport, RefusedAddressError
from certification.evidence.exchange import Exchange, Failure, Headers, Request, Response
from certification.evidence.redaction import Redactor
from certification.foundation.safe_text import one_line
from certification.foundation.strict_json import parse

CALL_SECONDS = 60.0
"""How long Databricks waits for an answer.  Source: Databricks' own suite."""

MAX_ANSWER_BYTES = 1_000_000
"""An answer of the API is a few hundred bytes; reading stops here."""

MAX_KEPT_CHARACTERS = 262_144
"""Longer bodies are cut in the evidence; their digest covers all of what was read."""

MAX_TASTE_CHARACTERS = 32_768
"""Kept of an answer that is longer than what is read."""

MAX_KEPT_HEADERS = 8_192


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


class Caller:
    """Sends calls to the partner at ``url`` and returns exchanges with the secrets replaced."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        redactor: Redactor,
        seconds: float = CALL_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """``seconds`` is the deadline of a call, redirects included; ``transport`` takes the place of the network."""
        self._credentials, self._redactor, self._seconds = credentials, redactor, seconds
        self._deadline = Deadline()
        if transport is not None:
            self._pooled = self._fresh = self._guarded = _client(transport)
            return
        guard = AddressGuard(urlsplit(url).hostname or "")
        self._pooled = _client(PooledTransport(self._deadline, proxy_for=url))
        self._fresh = _client(PooledTransport(self._deadline, keep_alive=False, proxy_for=url))
        self._guarded = _client(PooledTransport(self._deadline, guard=guard))

    def close(self) -> None:
        """Close all connections."""
        for client in (self._pooled, self._fresh, self._guarded):
            client.close()

    def send(self, plan: Exchange) -> Exchange:
        """Send the request of ``plan`` and return the exchange with its answer, or with the reason why there is none."""
        request = plan.request
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        begun = time.perf_counter()
        response: Response | None = None
        failure: Failure | None = None
        raw: Any = None
        try:
            response, raw = self._attempt(request)
        except (httpcore.ReadError, httpcore.RemoteProtocolError) as error:
            if self._deadline.connected:
                failure = _failure(error)
            else:
                # A kept-alive connection that the partner had closed meanwhile says nothing about the partner: the
                # request never reached it.  On a new connection it must be answered.
                try:
                    response, raw = self._attempt(replace(request, fresh_connection=True))
                except Exception as second:  # noqa: BLE001 - told apart in _failure, which raises what is our own fault
                    failure = _failure(second)
        except Exception as error:  # noqa: BLE001 - told apart in _failure, which raises what is our own fault
            failure = _failure(error)
        seconds = time.perf_counter() - begun
        return replace(plan, response=response, failure=failure, raw=raw, started=started, seconds=seconds)

    def _attempt(self, request: Request) -> tuple[Response, Any]:
        self._deadline.start(self._seconds)
        client = (
            self._guarded
            if request.operation == "redirect"
            else self._fresh
            if request.fresh_connection
            else self._pooled
        )
        headers = [(name, value) for name, value in request.headers if name.lower() != "authorization"]
        authorization = SCHEMES[request.authorization].header(self._credentials.user, self._credentials.password)
        if authorization is not None:
            headers.append(("Authorization", authorization))
        content = self._on_the_wire(request)
        message = client.build_request(request.method, request.url, headers=headers, content=content or None)
        answer = client.send(message, stream=True, follow_redirects=False)
        try:
            bound = 65_536 if request.operation == "redirect" else MAX_ANSWER_BYTES
            data, trouble = _read(answer, bound, stop_quietly=request.operation == "redirect")
        finally:
            answer.close()
        return self._response(answer, data, trouble)

    def _on_the_wire(self, request: Request) -> bytes:
        text = request.body
        for name, value in self._credentials.secrets.items():
            if f"${{{name}}}" in text:
                text = text.replace(f"${{{name}}}", json.dumps(value, ensure_ascii=False)[1:-1])
        return text.encode(request.charset, "surrogatepass" if request.charset == "utf-8" else "strict")

    def _response(self, answer: httpx.Response, data: bytes, trouble: str) -> tuple[Response, Any]:
        try:
            text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")
            trouble = trouble or ("the body begins with a byte order mark" if data.startswith(b"\xef\xbb\xbf") else "")
        except UnicodeDecodeError as error:
            # The bound may have cut a character in two; anything else is the partner's.
            cut = bool(trouble) and error.start >= len(data) - 3
            text = data.decode("latin-1") if not cut else data.decode("utf-8", "ignore")
            trouble = trouble or f"the body is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x})"
        text = text.replace("\x00", "\\u0000") if "\x00" in text else text
        raw = parse(text).value
        body, leaks = self._redactor.redact(text)
        headers, header_leaks = self._headers(answer.headers.raw)
        digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
        # Of an answer that was not even read to its end, a taste is enough.
        kept = body[: MAX_KEPT_CHARACTERS if len(data) < MAX_ANSWER_BYTES else MAX_TASTE_CHARACTERS]
        version = str(answer.extensions.get("http_version", b"HTTP/1.1"), "ascii", "replace")
        found = tuple(dict.fromkeys((*leaks, *header_leaks)))
        return Response(
            answer.status_code, version, headers, kept, len(data), digest, len(kept) < len(body), trouble, found
        ), raw

    def _headers(self, pairs: list[tuple[bytes, bytes]]) -> tuple[Headers, list[Any]]:
        result: list[tuple[str, str]] = []
        leaks: list[Any] = []
        total = 0
        for name, value in pairs:
            text, found = self._redactor.redact(_text(value))
            leaks += found
            total += len(text)
            if total <= MAX_KEPT_HEADERS:
                result.append((_text(name), text))
        return tuple(result), leaks


def _client(transport: httpx.BaseTransport) -> httpx.Client:
    # No cookies are kept: Databricks' servers share none, and a partner that needs one must be found out.
    cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    client = httpx.Client(transport=transport, trust_env=False, cookies=cookies, timeout=None)  # noqa: S113 - the transport bounds the whole call
    client.headers.clear()
    client.headers["Accept-Encoding"] = "gzip, deflate"
    client.headers["Accept"] = "*/*"
    return client


def _read(answer: httpx.Response, bound: int, *, stop_quietly: bool) -> tuple[bytes, str]:
    encoding = (answer.headers.get("content-encoding") or "identity").strip().lower()
    decoder = (
        zlib.decompressobj(wbits=47 if encoding in {"gzip", "x-gzip"} else 15)
        if encoding in {"gzip", "x-gzip", "deflate"}
        else None
    )
    data, trouble = bytearray(), ""
    if decoder is None and encoding not in {"identity", ""}:
        trouble = f"the body is encoded as '{one_line(encoding, 40)}', which nobody asked for"
    try:
        for number, chunk in enumerate(answer.iter_raw()):
            if decoder is None:
                data += chunk
            else:
                if number == 0 and encoding == "deflate" and (chunk[:1] or b"x")[0] & 0x0F != 8:
                    decoder = zlib.decompressobj(wbits=-15)
                data += decoder.decompress(chunk, bound + 1 - len(data))
            if len(data) > bound:
                trouble = "" if stop_quietly else f"the body is longer than {bound:,} bytes, where reading stopped"
                return bytes(data[:bound]), trouble
        if decoder is not None and data and not decoder.eof:
            trouble = f"the {encoding} stream ends too early"
    except zlib.error:
        trouble = f"the body cannot be decompressed as {encoding}"
    except (httpcore.RemoteProtocolError, httpcore.ReadError):
        trouble = "the connection broke in the middle of the body"
    return bytes(data), trouble


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _failure(error: Exception) -> Failure:
    message = str(error).rstrip(".") or type(error).__name__
    match error:
        case RefusedAddressError():
            return Failure("refused-address", message)
        case httpcore.TimeoutException():
            return Failure("timeout", message)
        case httpcore.ConnectError() if (
            isinstance(error.__context__, ssl.SSLError) or "SSL" in message or "certificate" in message.lower()
        ):
            return Failure("tls", message)
        case httpcore.ConnectError():
            return Failure("connect", message)
        case httpcore.ReadError() | httpcore.WriteError():
            return Failure("reset", message)
        case httpcore.RemoteProtocolError() if "without sending" in message:
            return Failure("reset", message)
        case httpcore.NetworkError() | httpcore.ProtocolError():
            return Failure("protocol", message)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpcore.UnsupportedProtocol() | UnicodeError():
            return Failure("protocol", f"the URL cannot be opened: {message}")
        case OSError():
            return Failure("reset", message)
        case _:
            raise error
