"""Record: the append-only evidence of a run, written while it goes on, and read back one record at a time.

Each process of a run appends to a file of its own.  A line is a record plus ``chain``: the digest of the line before it
and of itself, so that a line that was edited, dropped or moved breaks all that follow.  A run that was killed loses its
last line at the most.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from certification.foundation.errors import BadEvidence, CertificationError

FORMAT = 2
"""Version of the evidence format; raised when an older reader would misread a newer file."""

MAX_LINE = 4_000_000


class DiskFull(CertificationError):
    """The evidence cannot be written any more; what was written is whole."""


class Recorder:
    """Appends records to ``path``; safe to use from several threads."""

    def __init__(self, path: Path, clean: Callable[[str], str] = lambda text: text) -> None:
        """Create the file, which must not exist.

        ``clean`` replaces secrets in a text value.  Exchanges come clean from the client; of other records each value is
        cleaned, never a key and never a whole line, which holds our own words as well.
        """
        self.path = path
        self._clean = clean
        self._file = path.open("x", encoding="utf-8", newline="\n")
        self._lock = threading.Lock()
        self._chain = ""

    def write(self, record: dict[str, Any]) -> None:
        """Append ``record`` and hand it to the operating system; raises :class:`DiskFull`."""
        if record["type"] != "exchange":
            record = _with_clean_values(record, self._clean)
        text = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
        with self._lock:
            chain = _link(self._chain, text)
            try:
                self._file.write(f'{text[:-1]},"chain":"{chain}"}}\n')
                self._file.flush()
            except OSError as error:
                message = f"{self.path}: the evidence cannot be written ({error.strerror}). Free some space, or choose another folder with --certification-report; what was recorded so far is kept."
                raise DiskFull(message) from None
            self._chain = chain

    def close(self) -> None:
        """Close the file; records can't be added any more."""
        try:
            self._file.close()
        except OSError:
            # Whatever could not be flushed was reported when it was written.
            return


def _with_clean_values(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _with_clean_values(item, clean) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_clean_values(item, clean) for item in value]
    return value


def read_records(path: Path, *, strict: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the records of the evidence file at ``path``, in the order in which they were written.

    A half-written last line is passed over.  With ``strict`` a broken chain, a key that stands twice in one object, and
    what is no JSON by RFC 8259 (NaN) raise :class:`BadEvidence`; so does, always, a line in the middle that is no record.
    """
    previous = ""
    try:
        with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if not line.endswith("\n"):
                    if len(line) > MAX_LINE:
                        raise _bad(path, number, "is longer than any line that the suite writes")
                    return
                record = _record(path, number, line, strict=strict)
                if strict:
                    chain = record.pop("chain", None)
                    text = line.rstrip("\n").rpartition(',"chain":"')[0] + "}"
                    if chain != _link(previous, text):
                        raise _bad(
                            path, number, "does not follow from the line before it: a line was edited, dropped or moved"
                        )
                    previous = chain
                else:
                    record.pop("chain", None)
                yield record
    except OSError as error:
        message = f"{path}: the evidence cannot be read ({error.strerror}). Was the report folder moved or emptied?"
        raise BadEvidence(message) from None


def _record(path: Path, number: int, line: str, *, strict: bool) -> dict[str, Any]:
    try:
        record = json.loads(line, object_pairs_hook=_once, parse_constant=_no_constant) if strict else json.loads(line)
    except _TwiceError as error:
        raise _bad(path, number, f"holds the key {error} twice in one object") from None
    except (ValueError, RecursionError):
        raise _bad(path, number, "is not JSON") from None
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise _bad(path, number, "is no record of a run")
    return record


class _TwiceError(ValueError):
    """A key stands twice; readers would take one or the other."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _TwiceError(ascii(key[:60]))
            seen.add(key)
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _bad(path: Path, number: int, what: str) -> BadEvidence:
    return BadEvidence(f"{path}, line {number}: the line {what}. Ask for the folder as the run left it.")


def _link(previous: str, text: str) -> str:
    return hashlib.sha256(f"{previous}{text}".encode("utf-8", "surrogateescape")).hexdigest()
