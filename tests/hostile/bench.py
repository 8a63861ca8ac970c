"""A partner made of raw bytes, and a whole small run against it: recorded, judged, published."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certification.cases.catalogue import catalogue
from certification.client.client import Client, Credentials
from certification.client.live import LivePartner
from certification.client.pacing import Limits, RequestCount
from certification.config.partner import PartnerConfig, trial_config
from certification.databricks.context import Context
from certification.evidence.folder import ReportFolder
from certification.evidence.recorder import FORMAT, Recorder
from certification.evidence.records import End, Run, Selected, record_of
from certification.evidence.redaction import Redactor
from certification.foundation.clock import WallClock
from certification.report.html import page
from certification.report.publish import publish
from certification.run.preflight import call_problems
from certification.run.runner import Runner
from certification.session.options import suite_facts

USER = "databricks-user"
PASSWORD = "Wörter-9f3c71e0&b7a24d"
TOKEN = "dapi5588aa41c3d2e1f09b7a"
OAUTH_SECRET = "dose77e1f09b7a5588aa41c3"

CASES = ("P100",)
MAX_REQUESTS = 60
"""More than any hostile partner needs; a run that wants more is not bounded."""

RESET = object()
"""Instead of bytes: close the connection as a crashed process does."""


@dataclass(frozen=True)
class Seen:
    """A request as the partner got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    base: str

    @property
    def first_connect(self) -> bool:
        return b'"is_connection_established":false' in self.body.replace(b" ", b"")


Reply = bytes | Iterable[Any]
Behaviour = Callable[[Seen], Reply]


def http(status: int | str, body: bytes | str | Any = b"", *headers: tuple[str, str | bytes]) -> bytes:
    """An answer as bytes; ``body`` is JSON unless it is bytes or text."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body)
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    names = {name.lower() for name, _ in headers}
    lines = [f"HTTP/1.1 {status} x".encode()]
    if "content-type" not in names:
        lines.append(b"Content-Type: application/json")
    if not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(data)}".encode())
    for name, value in headers:
        lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("utf-8")))
    return b"\r\n".join(lines) + b"\r\n\r\n" + data


def correct(seen: Seen, **fields: Any) -> dict[str, Any]:
    """The body of a correct answer to a first connect."""
    return {
        "redirect_uri": f"{seen.base}/welcome",
        "redirect_value": "create_trial",
        "connection_id": f"c-{abs(hash(seen.body)):x}",
        "user_status": "new",
        "account_status": "new",
        "configured_resources": True,
    } | fields


def fine(seen: Seen) -> bytes:
    return http(200, correct(seen))


def welcome(_seen: Seen) -> bytes:
    return http(200, b"<p>Welcome", ("Content-Type", "text/html"))


class RawPartner:
    """Answers each request with the bytes that a behaviour gives, chunk by chunk."""

    def __init__(self, connect: Behaviour = fine, pages: Behaviour = welcome) -> None:
        self.requests = 0
        self._connect, self._pages = connect, pages
        self._closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while (seen := self._read(connection)) is not None:
                    self.requests += 1
                    if not self._answer(connection, seen):
                        return
            except OSError:
                # The suite hung up.
                return

    def _answer(self, connection: socket.socket, seen: Seen) -> bool:
        if seen.path.startswith("/delete-connection"):
            connection.sendall(http(200, {"resource_status": "resources_deleted"}))
            return True
        if seen.path.startswith("/connect") and not seen.first_connect:
            # Only the preflight signs in here; a partner that fails it is not certified at all.
            connection.sendall(http(404, {"error_reason": "connection_not_found"}))
            return True
        reply = (self._connect if seen.path.startswith("/connect") else self._pages)(seen)
        if isinstance(reply, bytes):
            connection.sendall(reply)
            return True
        for chunk in reply:
            if self._closing.is_set():
                return False
            if chunk is RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            connection.sendall(chunk)
        return False

    def _read(self, connection: socket.socket) -> Seen | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65_536)
            if not piece:
                return None
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            body += connection.recv(65_536)
        method, path, _ = first.split(" ")
        return Seen(method, path, headers, body, self.url)


def hang(seconds: float = 30.0) -> Iterator[Any]:
    """Say nothing more for longer than anybody waits here."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.02)
        yield b""


@dataclass
class Ran:
    """What a run left behind."""

    folder: ReportFolder
    report: dict[str, Any]
    requests: int
    slept: list[float] = field(default_factory=list)

    def broken(self) -> set[str]:
        """The requirements that the report calls broken."""
        return {row["id"] for row in self.report["requirements"] if row["outcome"] == "broken"}

    def files(self) -> list[Path]:
        return [path for path in self.folder.path.rglob("*") if path.is_file()]


def run(partner: RawPartner, path: Path, config: PartnerConfig | None = None, seconds: float = 0.7) -> Ran:
    """Certify ``partner`` with a few cases; a call may take ``seconds``, and waiting for a 429 takes no time."""
    config = config or trial_config(partner.url)
    credentials = Credentials(USER, PASSWORD, TOKEN, OAUTH_SECRET)
    redactor = Redactor(credentials.secrets, USER, str(config.raw))
    folder = ReportFolder(path)
    folder.open()
    recorder = Recorder(folder.evidence / "main.jsonl", lambda text: redactor.redact(text)[0])
    client, count, slept, clock = (
        Client(partner.url, credentials, redactor, seconds),
        RequestCount(folder.count),
        [],
        WallClock(),
    )
    try:
        context = Context("0123456789abcdef", 1, "quick", partner.url, config)
        about = (config.raw, config.source, config.trial, (), "", clock.now(), ())
        recorder.write(record_of(Run(FORMAT, suite_facts(), context.run_id, 1, "quick", partner.url, *about)))
        live = LivePartner(client, recorder, Limits(MAX_REQUESTS), count, sleep=slept.append)
        runner = Runner(context, live, recorder, time.monotonic)
        assert call_problems(context, live) == []
        recorder.write(record_of(Selected(CASES)))
        for case in CASES:
            runner.run(catalogue()[case])
        recorder.write(record_of(End(clock.now(), ("-k P100",), False)))
    finally:
        client.close()
        recorder.close()
        requests = count.total()
        count.close()
    report = publish(folder, redactor)
    folder.write(folder.html, page(report, folder.path), redactor)
    folder.seal(redactor, folder.html)
    folder.close()
    return Ran(folder, report, requests, slept)
