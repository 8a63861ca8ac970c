"""A request leaves in one piece, once, and the record says over which connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from certification.client.client import Client, Credentials
from certification.evidence.exchange import Exchange, Request
from certification.evidence.redaction import Redactor
from certification.evidence.steps import Act, When

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Listener:
    """A server of raw bytes that lets ``behaviour`` handle one connection after the other."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.received: list[list[bytes]] = []
        """The pieces of each request as they came."""
        self.handled = threading.Event()
        self._behaviour = behaviour
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(30)
                self._behaviour(self, connection)
            self.handled.set()

    def read(self, connection: socket.socket) -> None:
        """Read one request."""
        pieces: list[bytes] = []
        self.received.append(pieces)
        while True:
            pieces.append(connection.recv(65_536))
            head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            if not pieces[-1] or len(body) >= int(length or b"0"):
                return

    def bodies(self) -> list[bytes]:
        return [b"".join(pieces).partition(b"\r\n\r\n")[2] for pieces in self.received]

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(30)


Behaviour = Callable[[Listener, socket.socket], None]
Start = Callable[[Behaviour], tuple[Listener, Client]]


def answers_once(listener: Listener, connection: socket.socket) -> None:
    listener.read(connection)
    connection.sendall(OK)


@pytest.fixture
def start() -> Iterator[Start]:
    opened: list[Listener | Client] = []

    def begin(behaviour: Behaviour) -> tuple[Listener, Client]:
        listener = Listener(behaviour)
        client = Client(listener.url, Credentials("user", "password", ""), Redactor({}), 10.0)
        opened.extend((client, listener))
        return listener, client

    yield begin
    for one in opened:
        one.close()


def plan(listener: Listener, body: str = '{"a": 1}', *, late_body: bool = False) -> Exchange:
    request = Request("connect", "POST", f"{listener.url}/connect", (), body, late_body=late_body)
    return Exchange("P100", "1", 1, Act.FIRST_CONNECT, When.PLAIN, request, None)


def test_a_post_that_is_reset_on_a_kept_connection_is_not_sent_again(start: Start) -> None:
    def answer_then_drop(listener: Listener, connection: socket.socket) -> None:
        answers_once(listener, connection)
        listener.read(connection)

    listener, client = start(answer_then_drop)
    first, second = client.send(plan(listener)), client.send(plan(listener, '{"a": 2}'))
    assert (first.status, first.connection) == (200, "new")
    assert second.failure
    assert (second.failure.kind, second.connection) == ("reset", "kept")
    assert listener.bodies() == [b'{"a": 1}', b'{"a": 2}']


def test_a_kept_connection_that_was_closed_is_renewed_before_anything_is_sent(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The pool itself looks too, a moment before; here it misses the end, as it does when the end comes right after.
    monkeypatch.setattr("httpcore._sync.http11.HTTP11Connection.has_expired", lambda _self: False)
    listener, client = start(answers_once)
    assert client.send(plan(listener)).connection == "new"
    assert listener.handled.wait(30)
    second = client.send(plan(listener, '{"a": 2}'))
    assert (second.status, second.connection) == (200, "renewed")
    assert listener.bodies() == [b'{"a": 1}', b'{"a": 2}']


def test_a_request_leaves_in_one_piece(start: Start) -> None:
    listener, client = start(answers_once)
    assert client.send(plan(listener)).status == 200
    assert len(listener.received[0]) == 1


def test_a_late_body_leaves_after_its_headers(start: Start) -> None:
    listener, client = start(answers_once)
    assert client.send(plan(listener, late_body=True)).status == 200
    head, body = listener.received[0]
    assert head.endswith(b"\r\n\r\n")
    assert body == b'{"a": 1}'
