"""Why no answer came, in words of our own: one place turns whatever was raised on the way into a :class:`Failure`.

What the partner wrote is quoted only after the secrets in it were replaced, and the class of the exception is kept, so that
the cause can be found.  What this machine lacks is never the partner's fault.
"""

from __future__ import annotations

import ast
import re
import ssl
from collections.abc import Callable

import httpcore
import httpx

from certification.client.addresses import RefusedAddressError
from certification.evidence.exchange import Failure
from certification.foundation.errors import CertificationError, SuiteFault
from certification.foundation.exhaustion import is_exhausted
from certification.foundation.safe_text import one_line
from certification.foundation.urls import UrlError

_QUOTED = re.compile(r"(?:bytearray\()?(b(?:'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"))\)?", re.DOTALL)
"""Bytes of the partner as they stand in a message of h11."""

MAX_QUOTED = 120


def failure_of(error: Exception, redact: Callable[[str], str]) -> Failure:
    """Return why ``error`` means that there is no answer; raises what is no matter of the partner.

    ``redact`` replaces the secrets in a text.  Raises :class:`SuiteFault` when this machine has run out of something, and
    the package's own exceptions as they are.
    """
    if isinstance(error, CertificationError):
        raise error
    if is_exhausted(error):
        message = f"this machine has no file descriptors, ports or memory left for a connection ({type(error).__name__}); raise its limits (ulimit -n) and run again"
        raise SuiteFault(message) from error
    kind, said = _kind_and_words(error)
    name = type(error).__name__
    said = redact(_with_bytes_as_text(said))
    return Failure(kind, one_line(f"{said} ({name})" if said else name))


def _kind_and_words(error: Exception) -> tuple[str, str]:
    message = str(error).rstrip(".")
    match error:
        case RefusedAddressError():
            return "refused-address", message
        case httpcore.TimeoutException():
            return "timeout", message
        case httpcore.ConnectError() | httpcore.ProxyError() if _is_tls(error):
            return "tls", message
        case httpcore.ConnectError() | httpcore.ProxyError():
            return "connect", message
        case httpcore.ReadError() | httpcore.WriteError() | OSError():
            return "reset", message
        case httpcore.RemoteProtocolError() if "without sending" in message:
            return "reset", "the connection was closed before an answer began"
        case httpcore.NetworkError() | httpcore.ProtocolError():
            return "protocol", message
        case UrlError() | httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpcore.UnsupportedProtocol():
            return "protocol", "the URL cannot be opened" + (f": it {message}" if isinstance(error, UrlError) else "")
        case UnicodeError():
            return "protocol", "the URL cannot be opened: its host name cannot exist"
        case _:
            return "protocol", "reading the answer failed"


def _is_tls(error: Exception) -> bool:
    message = str(error)
    return isinstance(error.__context__, ssl.SSLError) or "SSL" in message or "certificate" in message.lower()


def _with_bytes_as_text(message: str) -> str:
    return _QUOTED.sub(lambda match: _quoted(match[1]), message[:4_000])


def _quoted(literal: str) -> str:
    try:
        data = ast.literal_eval(literal)
    except (ValueError, SyntaxError):
        return "…"
    return f"'{text_of(data) if isinstance(data, bytes) else ''}'"


def text_of(data: bytes) -> str:
    """Return the text of a header or of another piece of HTTP: UTF-8 where it is that, Latin-1 otherwise."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
