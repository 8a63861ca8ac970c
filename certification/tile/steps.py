"""Put a tile into a workspace, step by step; what is done is told at once, so that whoever is stopped knows how far it came."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certification.tile.record import TileRecord, digest, read_record, remove_record, write_record
from certification.tile.workspace import SCOPE, USERS, Scope, Tile, Why, Workspace, WorkspaceError

Tell = Callable[[str], None]

SCOPES = {
    Scope.MADE: "made",
    Scope.THERE: "is there",
    Scope.OPEN: "made; without access lists (standard tier) every user of the workspace can read it",
}


@dataclass
class Progress:
    """What is done and what is left of a command, in words."""

    left: list[str]
    tell: Tell
    done: list[str] = field(default_factory=list)

    def finished(self, said: str) -> None:
        """Tell that the next step is done."""
        self.done.append(self.left.pop(0))
        self.tell(said)


def authorization(user: str, password: str) -> str:
    """Return the Authorization header that Databricks is to send: Basic, in UTF-8."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def for_everybody(config: Mapping[str, Any]) -> bool:
    """Return whether users who are no admins connect too, and so must be able to read the credential."""
    return "NON_ADMIN" in config["partner"].get("supported_features", ())


def steps_of_create(config: Mapping[str, Any]) -> list[str]:
    """Return the names of the steps of ``create``."""
    return ["the tile", *steps_of_authorize(config)]


def steps_of_authorize(config: Mapping[str, Any]) -> list[str]:
    """Return the names of the steps of ``authorize``."""
    return ["the secret scope", "the credential", *(["the permission of all users"] if for_everybody(config) else [])]


def create(workspace: Workspace, config: Mapping[str, Any], credential: str, folder: Path, progress: Progress) -> Tile:
    """Create the tile, note it in ``folder``, and store its credential; raises :class:`WorkspaceError`."""
    known = workspace.tile()
    if known is not None:
        raise WorkspaceError(Why.EXISTS, f"called {known.name}")
    tile = Tile(workspace.create(config), str(config["partner"]["name"]))
    record = TileRecord(workspace.host, tile.id, tile.name, _now(), "", digest(config), "")
    # At once: whatever stops us now, the tile is there, and its id must not be lost.
    write_record(folder, record)
    progress.finished(f"tile {tile.name} created, id {tile.id}")
    authorize(workspace, config, tile, credential, folder, progress)
    return tile


def authorize(
    workspace: Workspace, config: Mapping[str, Any], tile: Tile, credential: str, folder: Path, progress: Progress
) -> None:
    """Store the credential of ``tile``; safe to repeat."""
    scope = workspace.make_scope()
    progress.finished(f"secret scope {SCOPE} {SCOPES[scope]}")
    workspace.store(tile.id, credential)
    progress.finished("credential stored" if credential else "empty credential stored: Databricks will send none")
    if for_everybody(config):
        if scope is not Scope.OPEN:
            workspace.let_users_read()
        progress.finished(f"READ on the scope for {USERS}")
    record = _known(folder, workspace, tile) or TileRecord(
        workspace.host, tile.id, tile.name, "", "", digest(config), ""
    )
    write_record(folder, replace(record, authorized=_now()))


def update(workspace: Workspace, config: Mapping[str, Any], tile: Tile, folder: Path, progress: Progress) -> None:
    """Replace the config of ``tile``; its credential stays, since its id does."""
    workspace.update(tile.id, config)
    name = str(config["partner"]["name"])
    record = _known(folder, workspace, tile) or TileRecord(workspace.host, tile.id, name, "", "", "", "")
    write_record(folder, replace(record, name=name, updated=_now(), config=digest(config)))
    progress.finished(f"tile {name} updated, id {tile.id}; its credential is kept")


def delete(workspace: Workspace, tile: Tile, folder: Path, progress: Progress) -> None:
    """Delete ``tile`` and its credential, which nothing else would ever use."""
    workspace.delete(tile.id)
    if _known(folder, workspace, tile) is not None:
        remove_record(folder)
    progress.finished(f"tile {tile.name} deleted, id {tile.id}")
    there = workspace.forget(tile.id)
    progress.finished("credential deleted" if there else "there was no credential to delete")


def the_tile(workspace: Workspace) -> Tile:
    """Return the tile of the workspace; raises :class:`WorkspaceError` when there is none."""
    tile = workspace.tile()
    if tile is None:
        raise WorkspaceError(Why.ABSENT)
    return tile


def _known(folder: Path, workspace: Workspace, tile: Tile) -> TileRecord | None:
    record = read_record(folder)
    return record if record is not None and (record.host, record.id) == (workspace.host, tile.id) else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
