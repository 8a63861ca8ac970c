"""Read the body of an answer: bounded however it is framed or compressed, and what is odd about its bytes in words."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import httpcore
import httpx

MAX_ANSWER_BYTES = 1_000_000
"""An answer of the API is a few hundred bytes; reading stops here."""

MAX_PAGE_BYTES = 65_536
"""Of a page, so much is enough to see that it is there."""

REGISTERED = frozenset({"aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "zstd"})
"""Content codings of the IANA registry that the client does not accept."""


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a body after decompression, as far as they were read, and what is wrong with them."""

    data: bytes
    trouble: str = ""
    complete: bool = True
    """False when reading stopped at the bound."""


def read_body(answer: httpx.Response, bound: int, *, stop_quietly: bool = False) -> Body:
    """Return the body of ``answer``, read up to ``bound`` bytes, both as they came and decompressed.

    With ``stop_quietly`` a longer body is no trouble.  A timeout is raised as it is: there is no whole answer then.
    """
    encoding = (answer.headers.get("content-encoding") or "identity").strip().lower()
    decoder = _Decoder(encoding)
    data, received, trouble = bytearray(), 0, ""
    if decoder.unknown:
        # Only registered names are repeated: a secret in the partner's own word, folded, would no longer be recognised.
        named = f"'{encoding}'" if encoding in REGISTERED else "something else than gzip or deflate"
        trouble = f"the body is encoded as {named}, which nobody asked for"
    try:
        for chunk in answer.iter_raw():
            received += len(chunk)
            data += decoder.decode(chunk, bound + 1 - len(data))
            if len(data) > bound or received > bound:
                stopped = "" if stop_quietly else f"the body is longer than {bound:,} bytes, where reading stopped"
                return Body(bytes(data[:bound]), stopped, complete=False)
        if not decoder.finished:
            trouble = f"the {encoding} stream ends too early"
    except zlib.error:
        trouble = f"the body cannot be decompressed as {encoding}"
    except httpcore.TimeoutException:
        raise
    except httpcore.ReadError:
        trouble = "the connection broke in the middle of the body"
    except httpcore.RemoteProtocolError as error:
        broke = "peer closed" in str(error) or "without sending" in str(error)
        trouble = (
            "the connection broke in the middle of the body" if broke else "the body is not framed as HTTP/1.1 has it"
        )
    return Body(bytes(data), trouble)


class _Decoder:
    """Undoes the compression of one body, never giving more than it is asked for."""

    def __init__(self, encoding: str) -> None:
        self._gzip = encoding in {"gzip", "x-gzip"}
        self._deflate = encoding == "deflate"
        self.unknown = not self._gzip and not self._deflate and encoding not in {"identity", ""}
        self._inner = zlib.decompressobj(wbits=47 if self._gzip else 15) if self._gzip or self._deflate else None
        self._begun = False

    def decode(self, chunk: bytes, limit: int) -> bytes:
        if self._inner is None or not chunk:
            return chunk
        if not self._begun and self._deflate and chunk[0] & 0x0F != 8:
            # Many servers send deflate without the wrapping of zlib.
            self._inner = zlib.decompressobj(wbits=-15)
        self._begun = True
        result = bytearray()
        while chunk and len(result) < limit:
            if self._inner.eof:
                if not self._gzip:
                    break
                # RFC 1952: a gzip file is a sequence of members.
                self._inner = zlib.decompressobj(wbits=47)
            result += self._inner.decompress(chunk, limit - len(result))
            chunk = self._inner.unused_data if self._inner.eof else b""
        return bytes(result)

    @property
    def finished(self) -> bool:
        return self._inner is None or not self._begun or self._inner.eof
