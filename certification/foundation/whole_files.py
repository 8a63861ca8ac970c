"""Files that several commands change: held by one at a time, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PATIENCE_SECONDS: Final = 20
PAUSE_SECONDS: Final = 0.02


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the file at ``path`` against other processes and threads that ask in the same way; waits for its turn.

    Raises OSError when another holds it for longer than any command needs.
    The lock lies beside the file, for the file itself is replaced by every write.  The system releases it when the
    process ends, however it ends.
    """
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        _take(lock)
        yield
    finally:
        os.close(lock)


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` so that a reader, or a crash in the middle, finds the old file or the new one.

    Who may read the file stays as it was.  A link is replaced, for it could lead anywhere.
    """
    with _written(path, data) as temporary:
        with suppress(FileNotFoundError):
            before = path.lstat().st_mode
            if stat.S_ISREG(before):
                temporary.chmod(stat.S_IMODE(before))
        temporary.replace(path)


def write_new(path: Path, data: bytes) -> bool:
    """Write ``data`` to ``path``, whole or not at all; returns False, and leaves what is there, when something is there."""
    with _written(path, data) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:
            # Some file systems have no such links.
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644) if not path.exists() else -1
            if handle < 0:
                return False
            os.close(handle)
            temporary.replace(path)
    return True


@contextmanager
def _written(path: Path, data: bytes) -> Iterator[Path]:
    """Give a new file beside ``path`` that holds ``data``; what is left of it goes away afterwards."""
    # A name that nobody can guess: a link that somebody put there would lead the write elsewhere.
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


def _take(lock: int) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        import msvcrt

        msvcrt.locking(lock, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]  # exists on Windows only
        return
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise OSError(errno.EBUSY, "another command holds it") from None
            time.sleep(PAUSE_SECONDS)
        else:
            return
