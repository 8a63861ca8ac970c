"""A fake Databricks workspace: what the self-testing tile and its credential need of one, over real HTTP.

It takes the calls that make a tile, stores the tile's secret, and then does what Databricks does when somebody clicks:
it calls the partner with exactly that secret. Like the reference partner it shares only the schemas with the suite.
"""

from __future__ import annotations

from certification.reference.workspace.click import Click, connect_request
from certification.reference.workspace.faults import FAULTS, WorkspaceFault
from certification.reference.workspace.http import build_app
from certification.reference.workspace.messages import Recorded, WorkspaceError
from certification.reference.workspace.state import DEMO_TOKEN, DEMO_USER, SCOPE, Tile, Workspace

__all__ = [
    "DEMO_TOKEN",
    "DEMO_USER",
    "FAULTS",
    "SCOPE",
    "Click",
    "Recorded",
    "Tile",
    "Workspace",
    "WorkspaceError",
    "WorkspaceFault",
    "build_app",
    "connect_request",
]
