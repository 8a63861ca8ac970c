"""Which case finds which fault, by the fault's name."""

from __future__ import annotations

from typing import Final

FOUND_BY: Final[dict[str, str]] = {}
