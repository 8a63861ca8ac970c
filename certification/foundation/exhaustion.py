"""Tell what this machine lacks from what a partner did: no file descriptors or memory left is never the partner's fault."""

from __future__ import annotations

import errno

_LACKING = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EADDRNOTAVAIL}
"""The last one: all ports of this machine are in use."""


def is_exhausted(error: BaseException) -> bool:
    """Return whether ``error``, or one that led to it, says that this machine has run out of something."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if isinstance(current, MemoryError) or (isinstance(current, OSError) and current.errno in _LACKING):
            return True
        current = current.__cause__ or current.__context__
    return False
