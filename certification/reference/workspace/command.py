"""``serve --workspace``: the fake workspace on a loopback port, to try the tile at home."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certification.reference.server import base_url, listen, serve, warn
from certification.reference.workspace.faults import FAULTS
from certification.reference.workspace.http import CLICK, build_app
from certification.reference.workspace.state import DEMO_TOKEN, Workspace

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Started:
    """Where the workspace is, how it is clicked, and its token when that is not secret: the demo token."""

    url: str
    click_url: str
    demo_token: str


def serve_workspace(options: argparse.Namespace, announce: Callable[[Started], None] | None) -> None:
    """Serve a workspace as the command line says; ``announce`` is told where before requests are answered."""
    token = os.environ.get("DATABRICKS_TOKEN", "")
    workspace = Workspace(token or DEMO_TOKEN, options.workspace_fault)
    if not token:
        warn(f"DATABRICKS_TOKEN is not set: the workspace accepts the demo token {DEMO_TOKEN}.")
    listener = listen(options.host, options.port)
    url = base_url(listener, "")
    if announce is not None:
        announce(Started(url, url + CLICK, "" if token else DEMO_TOKEN))
    serve(
        build_app(workspace),
        listener,
        "",
        http_version="1.1",
        exit_with_stdin=options.exit_with_stdin,
        name="fake workspace",
    )


def print_faults() -> None:
    """List what can go wrong with a workspace."""
    print("\nFaults of the fake workspace (--workspace-fault NAME, or NAME=N):")
    for fault in FAULTS:
        print(f"  {fault.name}  {fault.title}")
