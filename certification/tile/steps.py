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


def steps_of_authorize(config: Mapping[str, Any]) -> list[str]:
    """Return the names of the steps of ``authorize``; ``create`` makes the tile before them."""
    return ["the secret scope", "the credential", *(["the permission of all users"] if for_everybody(config) else [])]


@dataclass(frozen=True)
class Order:
    """What a tile is to be, and where its record is kept."""

    config: Mapping[str, Any]
    credential: str
    folder: Path
    integration_type: str = ""
    """What a person chose, as in :class:`TileRecord`."""
    features: tuple[str, ...] | None = None


def create(workspace: Workspace, order: Order, progress: Progress) -> Tile:
    """Create the tile, note it in the folder, and store its credential; raises :class:`WorkspaceError`."""
    # What is there under the name of the record and is none, must not be found out when it is written over.
    read_record(order.folder)
    known = workspace.tile()
    if known is not None:
        raise WorkspaceError(Why.EXISTS, f"called {known.name}")
    tile = Tile(workspace.create(order.config), str(order.config["partner"]["name"]))
    # At once: whatever stops us now, the tile is there, and its id must not be lost.
    write_record(order.folder, replace(_new(workspace, order, tile), created=_now()))
    progress.finished(f"tile {tile.name} created, id {tile.id}")
    _authorize(workspace, order, tile, progress)
    return tile


def authorize(workspace: Workspace, order: Order, progress: Progress) -> None:
    """Store the credential of the tile that is there; safe to repeat."""
    read_record(order.folder)
    _authorize(workspace, order, the_tile(workspace), progress)


def _authorize(workspace: Workspace, order: Order, tile: Tile, progress: Progress) -> None:
    scope = workspace.make_scope()
    progress.finished(f"secret scope {SCOPE} {SCOPES[scope]}")
    workspace.store(tile.id, order.credential)
    progress.finished("credential stored" if order.credential else "empty credential stored: Databricks will send none")
    if for_everybody(order.config):
        if scope is not Scope.OPEN:
            workspace.let_users_read()
        progress.finished(f"READ on the scope for {USERS}")
    # Of a tile that was not made from here nobody knows the config.
    record = _known(order.folder, workspace, tile) or replace(_new(workspace, order, tile), config="")
    write_record(order.folder, replace(record, authorized=_now()))


def update(workspace: Workspace, order: Order, tile: Tile, progress: Progress) -> None:
    """Replace the config of ``tile``; its credential stays, since its id does."""
    record = _known(order.folder, workspace, tile)
    workspace.update(tile.id, order.config)
    new = _new(workspace, order, replace(tile, name=str(order.config["partner"]["name"])))
    before = (record.created, record.authorized) if record else ("", "")
    write_record(order.folder, replace(new, created=before[0], updated=_now(), authorized=before[1]))
    progress.finished(f"tile {new.name} updated, id {tile.id}; its credential is kept")


def delete(workspace: Workspace, tile: Tile | None, folder: Path, progress: Progress) -> None:
    """Delete ``tile`` and its credential, which nothing else would ever use.

    Without a tile the credential goes of the one that was recorded: an earlier try may have come no further.
    """
    record = read_record(folder)
    recorded = record.id if record is not None and record.host == workspace.host else ""
    ident = tile.id if tile is not None else recorded
    if tile is not None:
        workspace.delete(tile.id)
    elif not recorded:
        raise WorkspaceError(Why.ABSENT)
    progress.finished(
        f"tile {tile.name} deleted, id {ident}" if tile is not None else f"there is no tile any more, id {ident}"
    )
    there = workspace.forget(ident)
    if ident == recorded:
        remove_record(folder)
    progress.finished("credential deleted" if there else "there was no credential to delete")


def the_tile(workspace: Workspace) -> Tile:
    """Return the tile of the workspace; raises :class:`WorkspaceError` when there is none."""
    tile = workspace.tile()
    if tile is None:
        raise WorkspaceError(Why.ABSENT)
    return tile


def _new(workspace: Workspace, order: Order, tile: Tile) -> TileRecord:
    return TileRecord(
        workspace.host,
        tile.id,
        tile.name,
        created="",
        updated="",
        config=digest(order.config),
        authorized="",
        integration_type=order.integration_type,
        features=order.features,
    )


def _known(folder: Path, workspace: Workspace, tile: Tile) -> TileRecord | None:
    record = read_record(folder)
    return record if record is not None and (record.host, record.id) == (workspace.host, tile.id) else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
