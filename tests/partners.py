"""Partners for the tests: a small correct one over real sockets, each of whose answers a test can replace."""

from __future__ import annotations

import base64
import json
import socket
import struct
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certification.contract.validation import is_valid
from certification.foundation.strict_json import parse

USER = "partner-user"
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Call:
    """One request as the partner got it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def is_first_connect(self) -> bool:
        return self.path == "/connect" and self.json["user_info"]["is_connection_established"] is False


@dataclass
class Answer:
    """One answer: ``body`` is JSON unless it is bytes already; ``headers`` replace the usual Content-Type."""

    status: int = 200
    body: Any = b""
    headers: list[tuple[str, str]] | None = None

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def sent_headers(self) -> list[tuple[str, str]]:
        usual = [("Content-Type", "application/json")] if self.body != b"" else []
        return usual if self.headers is None else self.headers


@dataclass(frozen=True)
class Wire:
    """Instead of an answer: write what you like to the socket; it is closed afterwards."""

    write: Callable[[socket.socket], None]


Behaviour = Callable[[Call], Answer | Wire]


def error(status: int, reason: str) -> Answer:
    return Answer(status, {"error_reason": reason, "display_message": "Sorry.", "debugging_message": "no details"})


class Partner:
    """A correct partner for the documented defaults of a trial run, listening on a free loopback port.

    Replace ``first_connect``, ``sign_in``, ``delete_connection``, ``page`` or ``everything`` to make it another one.
    """

    def __init__(self, *, tls: Any = None, host: str = "127.0.0.1") -> None:
        self.calls: list[Call] = []
        self.released = threading.Event()
        self._emails: dict[str, set[str]] = {}
        self._places: dict[str, tuple[int, str]] = {}
        self._companies: set[str] = set()
        self._lock = threading.Lock()
        self.first_connect: Behaviour = self.connected
        self.sign_in: Behaviour = self.signed_in
        self.delete_connection: Behaviour = self.deleted
        self.page: Behaviour = lambda _call: Answer(200, b"<p>Welcome", [("Content-Type", "text/html")])
        self.everything: Behaviour = self.routed
        self.server = _Server((host, 0), _Handler)
        self.server.partner = self
        scheme = "http"
        if tls is not None:
            scheme = "https"
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port: int = self.server.server_address[1]
        self.url = f"{scheme}://{host}:{self.port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    # The correct answers

    def routed(self, call: Call) -> Answer | Wire:
        if call.path == "/welcome":
            return self.page(call)
        scheme, _, credentials = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic" or f"Basic {credentials}" != basic(USER, PASSWORD):
            return error(401, "unauthorized")
        schema = {"/connect": "connect-request", "/delete-connection": "delete-connection-request"}.get(call.path)
        if schema is None or call.method != "POST":
            return error(400, "bad_request")
        try:
            parsed = parse(call.body.decode("utf-8"))
        except UnicodeDecodeError:
            return error(400, "bad_request")
        if parsed.error or not is_valid(schema, parsed.value):
            return error(400, "bad_request")
        if schema == "delete-connection-request":
            return self.delete_connection(call)
        return self.first_connect(call) if call.is_first_connect else self.sign_in(call)

    def connected(self, call: Call) -> Answer:
        with self._lock:
            ident, email = str(uuid.uuid4()), call.json["user_info"]["email"]
            company = email.partition("@")[2]
            user_known = any(email in emails for emails in self._emails.values())
            answer = self.connection(
                user_status="existing" if user_known else "new",
                account_status="active" if company in self._companies else "new",
                redirect_value="sign_in" if user_known else "create_trial",
                connection_id=ident,
                configured_resources=True,
            )
            self._emails[ident] = {email}
            self._places[ident] = (call.json["workspace_id"], call.json["cloud_provider"])
            self._companies.add(company)
        return Answer(200, answer)

    def signed_in(self, call: Call) -> Answer:
        emails = self._emails.get(call.json["connection_id"])
        if emails is None:
            return error(404, "connection_not_found")
        email = call.json["user_info"]["email"]
        status = "existing" if email in emails else "new"
        emails.add(email)
        return Answer(200, self.connection(user_status=status, account_status="active", redirect_value="sign_in"))

    def deleted(self, call: Call) -> Answer:
        place = (call.json["databricks_organization_id"], call.json["cloud_provider"])
        if self._places.get(call.json["connection_id"]) != place:
            return error(404, "connection_not_found")
        if self._emails.pop(call.json["connection_id"], None) is None:
            return error(404, "connection_not_found")
        return Answer(200, {"resource_status": "resources_deleted"})

    def connection(self, **fields: Any) -> dict[str, Any]:
        return {"redirect_uri": f"{self.url}/welcome", "configured_resources": False} | fields


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    partner: Partner

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or never speaks TLS, is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        partner = self.server.partner
        call = Call(self.command, self.path, headers, body)
        partner.calls.append(call)
        answer = partner.everything(call)
        if isinstance(answer, Wire):
            self.close_connection = True
            answer.write(self.connection)
            return
        self.send_response(answer.status)
        for name, value in answer.sent_headers():
            self.send_header(name, value)
        content = answer.content()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - http.server calls them so

    def log_message(self, *_: Any) -> None:
        """Nobody reads a log here."""


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def with_body(body: bytes, *headers: tuple[str, str], status: int = 200) -> Behaviour:
    """Answer with exactly these bytes, labelled as JSON."""
    return lambda _call: Answer(status, body, [("Content-Type", "application/json"), *headers])


def reset(_call: Call) -> Wire:
    """Close the connection as a crashed process does."""

    def write(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return Wire(write)


def say(chunks: Iterable[bytes], head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n") -> Wire:
    """Write ``chunks`` until the other side hangs up."""

    def write(connection: socket.socket) -> None:
        connection.sendall(head)
        for chunk in chunks:
            connection.sendall(chunk)

    return Wire(write)


@dataclass
class Gate:
    """Lets a test wait until a request has arrived, and holds the answer back until the test says so."""

    arrived: threading.Event = field(default_factory=threading.Event)

    def hold(self, partner: Partner) -> Behaviour:
        def behaviour(_call: Call) -> Wire:
            self.arrived.set()
            return Wire(lambda _connection: partner.released.wait(60) and None)

        return behaviour


def write_config(path: Path, config: dict[str, Any]) -> Path:
    path.write_text(json.dumps(config), encoding="utf-8")
    return path
