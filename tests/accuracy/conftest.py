"""One server for all partners of these tests: it answers on a real socket, and the application behind it is exchanged."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn

from certification.accuracy.certify import Outcome, certify_at
from certification.reference import create_app, default_config, find_entries, overridden
from certification.reference.server import listen

USER = "reference-user"
PASSWORD = "pässword:with-letters-9Q"


class Exchangeable:
    """An ASGI application that hands over to the partner of the moment."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class Partners:
    """Certifies reference partners in this process."""

    def __init__(self, front: Exchangeable, url: str) -> None:
        self._front, self._url = front, url

    def certify(self, *, fault: str = "", variant: str = "", **how: Any) -> Outcome:
        faults, variants = [fault] if fault else [], [variant] if variant else []
        config = overridden(default_config(), find_entries(faults, variants))
        self._front.app = create_app(config, USER, PASSWORD, faults, variants)
        prefix = urlsplit(config["base_url"]).path.rstrip("/")
        return certify_at(f"{self._url}{prefix}", config, USER, PASSWORD, **how)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self._ready.set()


@pytest.fixture(scope="session")
def partners() -> Iterator[Partners]:
    front, ready = Exchangeable(), threading.Event()
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(front, log_level="critical", access_log=False, lifespan="off", server_header=False)
    server = _Server(config, ready)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert ready.wait(30)
    yield Partners(front, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join(30)
    listener.close()
