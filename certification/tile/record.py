"""``tile.json``: what is known of the tile, beside the partner config; it holds no secret."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from certification.foundation.errors import CannotStart, Problem
from certification.foundation.typed_json import MismatchError, from_json

FILE = "tile.json"


@dataclass(frozen=True, slots=True)
class TileRecord:
    """A tile that was made, or was there."""

    host: str
    """Address of the workspace."""
    id: str
    name: str
    created: str
    """When it was created, ISO 8601 in UTC; empty when somebody else created it."""
    updated: str
    """When it was updated last; empty when it never was."""
    config: str
    """SHA-256 of the tile config as canonical JSON; empty where the tile was not made from here."""
    authorized: str
    """When the credential was stored last; empty when it never was."""
    integration_type: str
    """What a person chose; empty where the proposed one stands."""
    features: tuple[str, ...] | None
    """What a person chose; None where the proposed ones stand."""


def digest(config: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a tile config, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(config, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_record(folder: Path, name: str = FILE) -> TileRecord | None:
    """Return the record in the file ``name`` of ``folder``; None when there is none.  Raises :class:`CannotStart` for a file that is something else."""
    path = folder / name
    try:
        return from_json(TileRecord, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, MismatchError, RecursionError):
        problem = Problem(
            str(path), "is no record of a tile.", "Give it another name: the record of the tile is written there."
        )
        raise CannotStart([problem]) from None


def write_record(folder: Path, record: TileRecord) -> None:
    """Write ``record`` in one piece."""
    path = folder / FILE
    beside = path.with_name(f".{FILE}.new")
    beside.write_text(json.dumps(asdict(record), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)


def remove_record(folder: Path) -> None:
    """Remove the record of a tile that is gone."""
    (folder / FILE).unlink(missing_ok=True)
