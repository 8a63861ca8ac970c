"""The workspace: its one tile, its secrets, its connections, and what was asked of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certification.reference.workspace.click import Click, connect_request, send_connect
from certification.reference.workspace.faults import Faults
from certification.reference.workspace.messages import exists, missing
from certification.reference.workspace.scopes import SCOPE, Scopes
from certification.reference.workspace.tile import read_tile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from certification.reference.messages import Json
    from certification.reference.workspace.messages import Recorded

DEMO_TOKEN = "dapi-demo-token-of-the-fake-workspace"  # noqa: S105 - documented, for a workspace that holds nothing
DEMO_USER = "admin@customer.example"
NON_ADMIN_USER = "analyst@customer.example"
WORKSPACE_ID = 3_141_592_653_589_793

__all__ = ["DEMO_TOKEN", "DEMO_USER", "NON_ADMIN_USER", "SCOPE", "WORKSPACE_ID", "Tile", "Workspace"]


@dataclass(frozen=True, slots=True)
class Tile:
    """The self-testing partner: its id, and its config as it was sent."""

    id: str
    config: Json


class Workspace:
    """One workspace, to be served with :func:`build_app`.

    ``token`` is the one that it accepts, ``user`` whose it is, ``faults`` are names out of :data:`FAULTS`, each perhaps
    with a number (``slow=0.5``); ``retry_after`` is what a throttled caller is told to wait, in seconds.
    """

    def __init__(
        self,
        token: str = DEMO_TOKEN,
        faults: Iterable[str] = (),
        *,
        user: str = DEMO_USER,
        cloud: str = "aws",
        retry_after: int = 1,
    ) -> None:
        self.token = token
        self.user = user
        self.cloud = cloud
        self.retry_after = retry_after
        self.faults = Faults(faults)
        self.scopes = Scopes(user, self.faults)
        self.tile: Tile | None = None
        self.connections: list[str] = []
        self.dropped: list[str] = []
        self.requests: list[Recorded] = []

    def create(self, body: Json) -> Json:
        """Make the tile; there can be only one."""
        config = read_tile(body)
        if self.tile is not None:
            raise exists("A self-testing partner already exists in this workspace; there can be only one.")
        # The ids of Databricks begin alike.
        self.tile = Tile(f"01ED{secrets.token_hex(14)}".upper(), config)
        return {"id": self.tile.id}

    def listed(self) -> Json:
        """List the tiles; with none, the key is absent."""
        if self.tile is None:
            return {}
        return {"partners": [{"id": self.tile.id, "name": self.tile.config["name"]}]}

    def update(self, ident: str, body: Json) -> None:
        """Replace the config of the tile, which keeps its id and loses its connections."""
        self._check(ident)
        self.tile = Tile(ident, read_tile(body))
        self._drop()

    def delete(self, ident: str) -> None:
        """Remove the tile and its connections; its secret stays."""
        self._check(ident)
        self.tile = None
        self._drop()

    def secret(self, key: str) -> str | None:
        """Return the secret of that key in the scope of Partner Connect; None when there is none."""
        value = self.scopes.secret(key)
        return None if value is None else value.decode(errors="replace")

    def connect(self, *, admin: bool = True) -> Click:
        """Click the tile as an admin, or as a user who is none: the partner gets a first connect."""
        tile = self.tile
        if tile is None:
            return Click(problem="there is no self-testing partner in this workspace; create one first")
        authorization = self.scopes.secret(tile.id)
        if authorization is None:
            where = f"scope {SCOPE}, key {tile.id}"
            return Click(
                problem=f"the secret of the tile is missing ({where}); store it, empty when no credential is expected"
            )
        if not admin and "NON_ADMIN" not in tile.config.get("supported_features", []):
            return Click(problem="only admins see this tile; it lacks NON_ADMIN in supported_features")
        if not admin and not self.scopes.readable_by_all():
            return Click(problem=f"who is no admin can't read scope {SCOPE}; give the principal users READ")
        user = self.user if admin else NON_ADMIN_USER
        body = connect_request(tile.config, user, WORKSPACE_ID, cloud=self.cloud, admin=admin)
        click = send_connect(tile.config["connect_url"], body, authorization)
        answer = click.json()
        if click.status == 200 and isinstance(answer, dict) and isinstance(answer.get("connection_id"), str):
            self.connections.append(answer["connection_id"])
        return click

    def _check(self, ident: str) -> None:
        if self.tile is None or self.tile.id != ident:
            raise missing(f"There is no self-testing partner {ident} in this workspace.")

    def _drop(self) -> None:
        self.dropped += self.connections
        self.connections.clear()
