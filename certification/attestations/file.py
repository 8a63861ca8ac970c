"""Read and change ``attestations.json``: strictly, one at a time, and never over what somebody else wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from certification.attestations.records import (
    FORMAT,
    NOT_APPLICABLE,
    OPEN,
    ROUNDS,
    Attestation,
    Document,
    digest_of_exchange,
)
from certification.evidence.attested import MAX_ATTESTATIONS
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.strict_json import parse
from certification.foundation.typed_json import MismatchError, from_json, short, to_json
from certification.foundation.whole_files import held, write_whole

T = TypeVar("T")

MAX_BYTES = 32_000_000

UNTOUCHED = "Put it right, or restore it from your version control; nothing was written over it."

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)

_COMMENTS = ("$schema", "$comment")
"""Keys that people and editors put at the top; kept."""


class AttestationFile:
    """The file at ``path``, which need not be there yet."""

    def __init__(self, path: Path, partner: str) -> None:
        """``partner`` is whose cases these are; nothing is read yet."""
        self.path = path.resolve()
        self.partner = partner
        self._read_last: tuple[bytes, Document, dict[str, Any]] | None = None
        """What the file held when it was read last, so that the same bytes are read once."""

    @property
    def folder(self) -> Path:
        """The folder that pictures are named from."""
        return self.path.parent

    def read(self) -> Document:
        """Return what the file says, an empty document when there is none; raises :class:`CannotStart`."""
        return self._read()[0]

    def change(self, how: Callable[[Document], Document]) -> Document:
        """Put what ``how`` makes of the file in its place, and return it.

        ``how`` gets the file as it is now, whoever wrote it last; what it raises leaves the file as it was.  Raises
        :class:`CannotStart` when the file cannot be read or written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with held(self.path):
                before, comments = self._read()
                after = how(before)
                if after != before or not self.path.exists():
                    write_whole(self.path, text_of(after, comments).encode("utf-8"))
        except OSError as error:
            what = f"the file cannot be written ({error.strerror or error})."
            raise _stop(self.path, what, "Make room, or name a place that you may write to.") from None
        return after

    def _read(self) -> tuple[Document, dict[str, Any]]:
        try:
            with self.path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return Document(FORMAT, self.partner), {}
        except OSError as error:
            raise _stop(
                self.path, f"the file cannot be read ({error.strerror}).", "Check what is there, and its permissions."
            ) from None
        last = self._read_last
        if last is not None and last[0] == data:
            return last[1:]
        document, comments = read_text(data, self.path)
        if document.partner != self.partner:
            what = f"/partner: these are the attestations of {short(document.partner)}, the config is that of {short(self.partner)}."
            raise _stop(self.path, what, "Name another file with --attestations, or put the name right.")
        self._read_last = (data, document, comments)
        return document, comments


def read_attestations(path: Path) -> Document:
    """Return what the file at ``path`` says, whoever the partner is; raises :class:`CannotStart`, also when it is not there."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})."
        raise _stop(path, what, "Make attestations with: partner-connect walkthrough") from None
    return read_text(data, path)[0]


def read_text(data: bytes, path: Path) -> tuple[Document, dict[str, Any]]:
    """Return the document in ``data`` and the comments at its top; raises :class:`CannotStart` that names the place."""
    if len(data) > MAX_BYTES:
        raise _stop(path, f"the file has more than {MAX_BYTES:,} bytes.", "Is this the right file?")
    try:
        parsed = parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _stop(path, f"the file is not UTF-8 (byte {error.start}).", UNTOUCHED) from None
    wrong = parsed.error or next(iter(parsed.irregularities), "")
    if wrong:
        raise _stop(path, f"the file is damaged: {wrong}.", UNTOUCHED)
    value = parsed.value
    if not isinstance(value, dict):
        raise _stop(path, f"the file should hold an object, it holds {short(value)}.", UNTOUCHED)
    if value.get("format") != FORMAT:
        what = f"/format: is {short(value.get('format'))}; this version of the suite reads format {FORMAT}."
        raise _stop(path, what, "Use the version of the suite that wrote the file.")
    comments = {name: value.pop(name) for name in _COMMENTS if name in value}
    try:
        document = from_json(Document, {"people": {}, "drafts": [], **value})
    except MismatchError as error:
        raise _stop(path, f"{error.where or '/'}: {error.what}.", UNTOUCHED) from None
    wrong_there = next(_contradictions(document), None)
    if wrong_there is not None:
        raise _stop(path, f"{wrong_there[0]}: {wrong_there[1]}.", UNTOUCHED)
    return document, comments


def text_of(document: Document, comments: dict[str, Any] | None = None) -> str:
    """Return the text of the file that holds ``document``."""
    return json.dumps({**(comments or {}), **to_json(document)}, indent=1, ensure_ascii=False) + "\n"


def _contradictions(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (where, what is wrong there) for what no type can say."""
    if len(document.attestations) > MAX_ATTESTATIONS:
        yield "/attestations", f"holds more than {MAX_ATTESTATIONS:,} attestations"
    yield from (
        ("/people", f"names {short(name)}, which is no round") for name in document.people if name not in ROUNDS
    )
    for ident, place in _doubled(each.id for each in document.attestations):
        yield f"/attestations/{place}/id", f"stands twice: {short(ident)}"
    for (case, round_), place in _doubled((each.case, each.round) for each in document.drafts):
        yield f"/drafts/{place}", f"stands twice: {case}, {round_}"
    for number, each in enumerate(document.attestations):
        where = f"/attestations/{number}"
        if not _MOMENT.fullmatch(each.on):
            yield f"{where}/on", f"should be a moment such as 2027-01-10T10:00:00Z, is {short(each.on)}"
        if each.result == NOT_APPLICABLE and not (each.reason.strip() or each.expectations):
            yield f"{where}/reason", "is missing: a case that does not apply needs one"
        for place, expectation in enumerate(each.expectations):
            if expectation.seen == OPEN:
                yield f"{where}/expectations/{place}/seen", "has no answer"


def _doubled(keys: Iterable[T]) -> Iterator[tuple[T, int]]:
    """Yield each key that came before already, and its place."""
    seen = set[T]()
    for place, key in enumerate(keys):
        if key in seen:
            yield key, place
        seen.add(key)


def with_attestation(document: Document, attestation: Attestation) -> Document:
    """Return the document with one more attestation, and without the draft that it came from."""
    added = replace(attestation, id=document.next_id())
    after = document.without_draft(attestation.case, attestation.round)
    return replace(after, attestations=(*document.attestations, added))


def changed_calls(attestation: Attestation) -> list[str]:
    """Return the steps whose call is not the one of which the digest was taken."""
    return [call.step for call in attestation.calls if digest_of_exchange(call.exchange) != call.sha256]


def _stop(path: Path, what: str, remedy: str) -> CannotStart:
    return CannotStart([Problem(str(path), what, remedy)])
