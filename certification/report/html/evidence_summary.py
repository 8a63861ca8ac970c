"""One pass over the evidence for what the page needs of it; memory stays flat however long the run was."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certification.evidence.exchange import Exchange
from certification.foundation.safe_text import clip
from certification.report.read import evidence_files, exchanges
from certification.report.words import step_words

MAX_UNPACKED = 8_000_000
"""Bytes of evidence that the page carries, before compression: how much it is must not depend on the compressor."""

MAX_BODY = 4_000
"""Characters of one body in the page's copy of the evidence; the files have it to a higher bound."""

MAX_ENDPOINTS = 30


@dataclass
class EvidenceSummary:
    """What the evidence says about endpoints, and the copy of it that the page carries."""

    endpoints: dict[str, set[str]] = field(default_factory=dict)
    """Case -> operations that it called."""
    total: int = 0
    embedded: int = 0
    packed: str = ""
    """The first ``embedded`` exchanges: JSON lines, compressed with zlib, as base64."""
    digest: str = ""
    """SHA-256 of the evidence files one after the other, in the order of ``evidence_files``."""

    def names(self) -> list[str]:
        """Return all operations that were called."""
        return sorted(set[str]().union(*self.endpoints.values()))[:MAX_ENDPOINTS]


def survey(folder: Path) -> EvidenceSummary:
    """Read the evidence in ``folder`` once.

    Raises :class:`certification.foundation.errors.BadEvidence`.
    """
    result = EvidenceSummary()
    packer = _Packer()
    for exchange in exchanges(folder):
        result.total += 1
        operation = str(exchange.request.operation)
        result.endpoints.setdefault(exchange.case, set()).add(operation)
        packer.add(exchange)
    result.embedded = packer.count
    result.packed = packer.text()
    result.digest = _digest(folder)
    return result


class _Packer:
    def __init__(self) -> None:
        self.count = 0
        self._full = False
        self._length = 0
        self._chunks: list[bytes] = []
        self._compressor = zlib.compressobj(9)

    def add(self, exchange: Exchange) -> None:
        if self._full:
            return
        line = json.dumps(_call(exchange), separators=(",", ":")).encode("ascii") + b"\n"
        self._length += len(line)
        if self._length > MAX_UNPACKED:
            self._full = True
            return
        self._chunks.append(self._compressor.compress(line))
        self.count += 1

    def text(self) -> str:
        return base64.b64encode(b"".join([*self._chunks, self._compressor.flush()])).decode("ascii")


def unpacked(text: str) -> bytes | None:
    """Return the lines in ``packed`` text; None when it is not what :func:`survey` makes, or beyond its bounds."""
    try:
        data = base64.b64decode(text, validate=True)
        unpacker = zlib.decompressobj()
        lines = unpacker.decompress(data, MAX_UNPACKED + MAX_BODY)
    except (ValueError, zlib.error):
        return None
    return lines if unpacker.eof and not unpacker.unused_data else None


def _call(exchange: Exchange) -> dict[str, Any]:
    request, response, failure = exchange.request, exchange.response, exchange.failure
    remarks = []
    if request.authorization != "good":
        remarks.append(f"authorization: {request.authorization}")
    if exchange.throttled:
        remarks.append("throttled, sent again")
    if response and response.trouble:
        remarks.append(response.trouble)
    if response and (response.truncated or len(response.body) > MAX_BODY):
        remarks.append(f"body cut, {response.size} bytes in all")
    return {
        "case": exchange.case,
        "execution": exchange.execution,
        "step": step_words(exchange),
        "kind": exchange.act.value,
        "method": request.method,
        "url": request.url,
        "sent": request.headers,
        "body": clip(request.body, MAX_BODY),
        "status": response.status if response else 0,
        "received": response.headers if response else [],
        "text": clip(response.body, MAX_BODY) if response else "",
        "failure": f"{failure.kind}: {failure.message}" if failure else "",
        "milliseconds": round(exchange.seconds * 1000, 1),
        "started": exchange.started,
        "remarks": remarks,
    }


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in evidence_files(folder):
        with path.open("rb") as file:
            while block := file.read(1_048_576):
                digest.update(block)
    return digest.hexdigest()
