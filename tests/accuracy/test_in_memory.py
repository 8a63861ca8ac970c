"""What a client makes of an application in memory is what it makes of the same application behind a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx
import pytest

from certification.accuracy.in_memory import HOST, PORT, InMemory
from certification.accuracy.partners import served
from certification.client.addresses import RefusedAddressError
from certification.client.transport import Deadline, PooledTransport

App = Callable[[Any, Any, Any], Any]


def answering(*messages: dict[str, Any]) -> App:
    """An application that says ``messages``."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return app


def start(status: int = 200, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": [*headers]}


def body(text: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text, "more_body": more}


async def echo(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    said = [scope["method"], scope["path"], scope["raw_path"], scope["query_string"], message["body"], scope["headers"]]
    await answering(start(200, (b"content-type", b"text/plain")), body(repr(said).encode()))(scope, receive, send)


async def breaks(_scope: Any, _receive: Any, _send: Any) -> None:
    raise RuntimeError


async def breaks_halfway(_scope: Any, _receive: Any, send: Any) -> None:
    await send(start(200, (b"content-length", b"10")))
    await send(body(b"half", more=True))
    raise RuntimeError


async def waits(scope: Any, receive: Any, send: Any) -> None:
    """Answer, and stop when the client hangs up before that, as frameworks do."""
    await receive()
    gone = asyncio.create_task(receive())
    await asyncio.sleep(0)
    text = b"gone" if gone.done() else b"there"
    gone.cancel()
    await answering(start(200, (b"content-length", str(len(text)).encode())), body(text))(scope, receive, send)


APPS = {
    "echo": echo,
    "whole": answering(start(200, (b"content-length", b"2"), (b"content-type", b"application/json")), body(b"{}")),
    "without a length": answering(start(201, (b"X-Own", b"a")), body(b"one ", more=True), body(b"two")),
    "too short": answering(start(200, (b"content-length", b"10")), body(b"half", more=True)),
    "nothing at all": answering(),
    "no content": answering(start(204), body(b"")),
    "breaks at once": breaks,
    "waits for the end": waits,
    "breaks halfway": breaks_halfway,
}

REQUESTS = {
    "post": ("POST", "/a%20b/%C3%A9%2F?c=d%26&e=", b"{}"),
    "get": ("GET", "/", b""),
    "head": ("HEAD", "/", b""),
}


def seen(url: str, transport: httpx.BaseTransport, method: str, target: str, content: bytes) -> object:
    """Status, headers and body of the answer, or what kind of error came instead."""
    with httpx.Client(transport=transport, base_url=url) as client:
        request = client.build_request(method, target, content=content or None, headers={"X-Own": "b"})
        try:
            answer = client.send(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, both must raise the same
            return type(error), str(error)
        headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() != b"connection"]
        return answer.status_code, sorted(headers), answer.content, answer.http_version


@pytest.mark.parametrize("name", APPS)
def test_a_call_in_memory_is_like_one_over_a_socket(name: str) -> None:
    deadline = Deadline()
    deadline.start(30.0)
    with served(APPS[name]) as port:
        url = f"http://{HOST}:{port}"
        over_socket = {kind: seen(url, PooledTransport(deadline), *request) for kind, request in REQUESTS.items()}
        in_memory = {kind: seen(url, InMemory(APPS[name], 30.0, port), *request) for kind, request in REQUESTS.items()}
    assert in_memory == over_socket


def refused(url: str) -> type[Exception]:
    app = answering(start(), body(b""))
    with httpx.Client(transport=InMemory(app, 5.0)) as client, pytest.raises(Exception, match=r".") as caught:
        client.get(url)
    return caught.type


def test_only_the_partner_itself_is_in_reach() -> None:
    assert refused(f"http://{HOST}:{PORT + 1}/") is httpcore.ConnectError
    assert refused("http://10.1.2.3/") is RefusedAddressError
    assert refused("http://8.8.8.8/") is httpcore.ConnectError
    with httpx.Client(transport=InMemory(answering(start(), body(b"")), 5.0)) as client:
        for name in (HOST, "localhost", "app.localhost", "LOCALHOST."):
            assert client.get(f"http://{name}:{PORT}/").status_code == 200


def test_an_answer_that_takes_too_long_is_a_timeout() -> None:
    async def hangs(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.Event().wait()

    with httpx.Client(transport=InMemory(hangs, 0.01)) as client, pytest.raises(httpcore.ReadTimeout):
        client.get(f"http://{HOST}:{PORT}/")


def test_an_answer_without_an_end_ends() -> None:
    async def endless(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        while True:
            await send(body(b"x" * 100_000, more=True))

    with httpx.Client(transport=InMemory(endless, 60.0)) as client, pytest.raises(httpcore.RemoteProtocolError):
        client.get(f"http://{HOST}:{PORT}/")


def test_calls_at_the_same_time_meet_in_the_application() -> None:
    class Meeting:
        def __init__(self) -> None:
            self.waiting: list[asyncio.Event] = []

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            """Answer nobody before both are there."""
            self.waiting.append(asyncio.Event())
            if len(self.waiting) == 2:
                for event in self.waiting:
                    event.set()
            await self.waiting[0].wait()
            await answering(start(), body(b"met"))(scope, receive, send)

    with httpx.Client(transport=InMemory(Meeting(), 60.0)) as client, ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(client.get, [f"http://{HOST}:{PORT}/"] * 2))
    assert [answer.text for answer in answers] == ["met", "met"]
