"""Fake Databricks workspaces, served on a real socket, and a tile config that each accepts."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from certification.reference.server import base_url, listen, server_config
from certification.reference.workspace import Workspace, build_app

HOST = "127.0.0.1"


@contextmanager
def served_workspace(workspace: Workspace) -> Iterator[str]:
    """Serve ``workspace`` in a thread of this process; gives its URL, to be DATABRICKS_HOST."""
    with served_app(build_app(workspace)) as url:
        yield url


@contextmanager
def served_app(app: Any) -> Iterator[str]:
    """Serve ``app`` in a thread of this process; gives its URL.

    A whole uvicorn server takes a fifth of a second to end, as it looks at the clock; its protocol alone ends at once.
    """
    listener = listen(HOST, 0)
    with asyncio.Runner() as runner:
        loop, ended = runner.get_loop(), asyncio.Event()
        thread = threading.Thread(target=runner.run, args=(_serve(app, listener, ended),))
        # The socket listens before the thread does: whoever connects early waits.
        listener.listen()
        thread.start()
        try:
            yield base_url(listener, "")
        finally:
            loop.call_soon_threadsafe(ended.set)
            thread.join()
            listener.close()


async def _serve(app: Any, listener: socket.socket, ended: asyncio.Event) -> None:
    config, state = server_config(app, "1.1"), ServerState()
    config.load()
    server = await asyncio.get_running_loop().create_server(lambda: H11Protocol(config, state, {}), sock=listener)
    await ended.wait()
    server.close()
    for connection in list(state.connections):
        connection.transport.abort()
    # Once around the loop for the connections to hear of it.
    await asyncio.sleep(0)


def tile(**changes: Any) -> dict[str, Any]:
    """A body of create: everything that is required, with ``changes``; None removes a field."""
    partner = {
        "name": "Acorn BI",
        "category": "BI_AND_VIZ",
        "connect_url": "https://api.acorn.example/connect",
        "sign_up_url": "https://acorn.example/sign-up",
        "terms_of_service_url": "https://acorn.example/terms",
        "privacy_policy_url": "https://acorn.example/privacy",
        "hostnames": "acorn.example,api.acorn.example",
        "integration_type": "WAREHOUSE_READ",
        **changes,
    }
    return {"partner": {name: value for name, value in partner.items() if value is not None}}
