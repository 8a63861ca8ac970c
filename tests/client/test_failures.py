"""Whatever is raised on the way to an answer: a failure in words of our own, or the fault of this machine."""

from __future__ import annotations

import errno
import ssl

import httpcore
import httpx
import pytest

from certification.client.addresses import RefusedAddressError
from certification.client.failures import failure_of
from certification.evidence.redaction import Redactor
from certification.foundation.errors import CannotProceed, SuiteFault
from certification.foundation.urls import UrlError

SECRET = "dapi-c0ffee-4711-ö'x"
REDACTOR = Redactor({"PAT_TOKEN": SECRET})


def redacted(text: str) -> str:
    return REDACTOR.redact(text)[0]


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


KINDS = [
    (RefusedAddressError("h is 10.0.0.1"), "refused-address", "h is 10.0.0.1 (RefusedAddressError)"),
    (httpcore.ReadTimeout("timed out"), "timeout", "timed out (ReadTimeout)"),
    (
        httpcore.ConnectError("[Errno 111] Connection refused"),
        "connect",
        "[Errno 111] Connection refused (ConnectError)",
    ),
    (httpcore.ConnectError("[SSL] certificate verify failed"), "tls", "[SSL] certificate verify failed (ConnectError)"),
    (httpcore.ReadError(""), "reset", "ReadError"),
    (
        httpcore.RemoteProtocolError("Server disconnected without sending a response."),
        "reset",
        "before an answer began",
    ),
    (httpcore.RemoteProtocolError("illegal header line"), "protocol", "illegal header line (RemoteProtocolError)"),
    (httpx.InvalidURL("x"), "protocol", "the URL cannot be opened (InvalidURL)"),
    (UrlError("names no host"), "protocol", "the URL cannot be opened: it names no host (UrlError)"),
    (UnicodeEncodeError("idna", "x", 0, 1, "label"), "protocol", "its host name cannot exist (UnicodeEncodeError)"),
    (ssl.SSLError(1, "bad record"), "reset", "bad record"),
    (ValueError("a text of the library"), "protocol", "reading the answer failed (ValueError)"),
    (RecursionError(), "protocol", "reading the answer failed (RecursionError)"),
]


@pytest.mark.parametrize(("error", "kind", "said"), KINDS, ids=[type(error).__name__ for error, _, _ in KINDS])
def test_what_was_raised_is_a_failure_of_a_kind(error: Exception, kind: str, said: str) -> None:
    failure = failure_of(error, redacted)
    assert failure.kind == kind
    assert said in failure.message


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EADDRNOTAVAIL])
def test_what_this_machine_lacks_is_not_the_partners_fault(number: int) -> None:
    error = caused(httpcore.ConnectError("Too many open files"), OSError(number, "Too many open files"))
    with pytest.raises(SuiteFault, match="this machine has no file descriptors, ports or memory left"):
        failure_of(error, redacted)


def test_the_packages_own_exceptions_pass() -> None:
    with pytest.raises(CannotProceed):
        failure_of(CannotProceed("throttled"), redacted)


@pytest.mark.parametrize("quoted", [bytearray, bytes])
def test_a_status_line_that_repeats_a_secret_is_quoted_without_it(quoted: type) -> None:
    line = quoted(f"HTTP/1.1 2OO {SECRET}\x1b[2J".encode())
    failure = failure_of(httpcore.RemoteProtocolError(f"illegal status line: {line!r}"), redacted)
    assert failure.message == "illegal status line: 'HTTP/1.1 2OO ${PAT_TOKEN}\\x1b[2J' (RemoteProtocolError)"


def test_a_quotation_that_is_cut_or_garbled_is_left_out() -> None:
    message = f"illegal status line: bytearray(b'{'x' * 5_000}')"
    assert len(failure_of(httpcore.RemoteProtocolError(message), redacted).message) <= 300
