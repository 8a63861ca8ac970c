"""A dictionary that forgets its oldest entries."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

KEPT = 4096
"""Redirects are opened at once or never, so old ones may go; without a bound a long run would fill the memory."""


class Bounded(OrderedDict[Key, Value]):
    """Keeps the newest entries."""

    def __setitem__(self, key: Key, value: Value) -> None:
        """Keep ``value``, and drop the oldest entry when there are too many."""
        super().__setitem__(key, value)
        if len(self) > KEPT:
            self.popitem(last=False)
