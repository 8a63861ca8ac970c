"""A workspace that only shows what it would be asked for: the steps of a command, made without sending anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from certification.tile.login import Login
from certification.tile.workspace import PARTNERS, Workspace

Show = Callable[[str, str, Mapping[str, Any] | None], None]

IDENT = "ID-OF-THE-TILE"
"""Stands for what only the workspace knows."""


class Rehearsal(Workspace):
    """Shows each call and answers as a workspace does in which everything works, with or without a tile."""

    def __init__(self, show: Show, *, has_tile: bool) -> None:
        """``show`` is told method, path and body of each call."""
        super().__init__(Login("https://workspace", dict))
        self._show, self._has_tile = show, has_tile

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        self._show(method, path, body)
        if path == f"{PARTNERS}/get":
            return {"partners": [{"id": IDENT, "name": "the tile"}]} if self._has_tile else {}
        return {"id": IDENT}
