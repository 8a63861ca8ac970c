"""Reference partners to be measured, each with one fault or variant, within this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import uvicorn

from certification.accuracy.in_memory import HOST, PORT, InMemory
from certification.client.client import Credentials
from certification.config.partner import PartnerConfig, check_config
from certification.run.reference_process import with_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp

CREDENTIALS = Credentials(
    # Longer than eight characters, with a colon and beyond ASCII: partners are known to stumble over each.
    "reference-user",
    "pässword:with-letters-9Q",
    token="dapi0123456789abcdef0123456789abcdef",  # noqa: S106 - made up, for a partner that holds nothing
    oauth_secret="dose0123456789abcdef0123456789abcdef",  # noqa: S106 - as above
)

PATIENCE_SECONDS = 8.0
"""Deadline of a call here: a fault that hangs need not hang for a minute to be measured."""


@dataclass(frozen=True)
class Reachable:
    """A partner that can be certified: where it is, what it declares, and what takes the place of the network."""

    url: str
    config: PartnerConfig
    credentials: Credentials
    transport: httpx.BaseTransport | None = None


@contextmanager
def reference_partner(
    raw: dict[str, Any] | None = None, faults: Sequence[str] = (), variants: Sequence[str] = ()
) -> Iterator[Reachable]:
    """Give the reference partner with the named ``faults`` and ``variants``, in memory where that shows them.

    ``raw`` is its config: the bundled one with what faults and variants need, unless given.
    Raises :class:`CannotStart` for a config with problems.
    """
    from certification.reference import create_app, default_config, find_entries, overridden

    entries = find_entries(faults, variants)
    config = with_loopback(check_config(raw or overridden(default_config(), entries), "config of a reference partner"))
    app = create_app(config.raw, CREDENTIALS.user, CREDENTIALS.password, faults, variants)
    prefix = urlsplit(config.base_url).path.rstrip("/")
    if any(entry.wire for entry in entries):
        versions = {entry.http_version for entry in entries if hasattr(entry, "http_version")}
        with served(app, "1.0" if "1.0" in versions else "1.1") as port:
            yield Reachable(f"http://{HOST}:{port}{prefix}", config, CREDENTIALS)
        return
    transport = InMemory(app, PATIENCE_SECONDS)
    try:
        yield Reachable(f"http://{HOST}:{PORT}{prefix}", config, CREDENTIALS, transport)
    finally:
        transport.close()


@contextmanager
def reference_product(page_faults: Sequence[str] = (), page_variants: Sequence[str] = ()) -> Iterator[Reachable]:
    """Give the reference partner with these pages on a loopback port, for a browser to open.

    Raises :class:`UnknownNameError` for a name that the catalogue of pages lacks.
    """
    from certification.reference import create_app, default_config, find_page_entries, overridden

    entries = find_page_entries(page_faults, page_variants)
    config = with_loopback(check_config(overridden(default_config(), entries), "config of a reference partner"))
    user, password = CREDENTIALS.user, CREDENTIALS.password
    app = create_app(config.raw, user, password, page_faults=page_faults, page_variants=page_variants)
    with served(app) as port:
        yield Reachable(f"http://{HOST}:{port}", config, CREDENTIALS)


@contextmanager
def served(app: ASGIApp, http_version: str = "1.1") -> Iterator[int]:
    """Serve ``app`` in a thread of this process; gives the port."""
    from certification.reference.server import listen, server_config

    listener = listen(HOST, 0)
    server = _Server(server_config(app, http_version))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        server.ready.wait()
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()
