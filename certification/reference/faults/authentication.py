"""Faults in authentication: endpoints left open, sloppy comparisons, and refusals of the wrong form."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    CONNECTORS,
    DELETE,
    EXPIRE,
    RESET,
    TEST,
    Change,
    break_down,
    drop,
    empty,
    errors,
    header,
    html,
    put,
    rebuild,
    status,
)
from certification.reference.front import Front
from certification.reference.messages import Answer

if TYPE_CHECKING:
    from certification.reference.messages import Call
    from certification.reference.operations import Operation
    from certification.reference.partner import Partner

FAMILY = "authentication"

COMPARED_LENGTH = 8


def _open(operation: Operation) -> type[Front]:
    """Return a front desk that forgot to protect ``operation``."""

    class Open(Front):
        def authorize(self, call: Call) -> None:
            if call.operation is not operation:
                super().authorize(call)

    return Open


def _split(sent: bytes) -> tuple[bytes, bytes]:
    user, _, password = sent.partition(b":")
    return user, password


class SuffixAccepted(Front):
    """Checks that what was sent starts with the credentials."""

    def is_allowed(self, sent: bytes) -> bool:
        return sent.startswith(self.expected)


class FirstCharacters(Front):
    """Compares the first characters of the password only, as old hashes do."""

    def is_allowed(self, sent: bytes) -> bool:
        user, password = _split(sent)
        cut = self.password.encode()[:COMPARED_LENGTH]
        return user == self.user.encode() and password[:COMPARED_LENGTH] == cut


class PrefixAccepted(Front):
    """Compares as many characters as were sent."""

    def is_allowed(self, sent: bytes) -> bool:
        user, password = _split(sent)
        return user == self.user.encode() and bool(password) and self.password.encode().startswith(password)


class AnyUser(Front):
    """Compares the password alone."""

    def is_allowed(self, sent: bytes) -> bool:
        return _split(sent)[1] == self.password.encode()


class AnyPassword(Front):
    """Compares the user alone."""

    def is_allowed(self, sent: bytes) -> bool:
        return _split(sent)[0] == self.user.encode()


class AnyCase(Front):
    """Compares in a database whose collation ignores case."""

    def is_allowed(self, sent: bytes) -> bool:
        return sent.decode("utf-8", "replace").casefold() == self.expected.decode().casefold()


class Trimmed(Front):
    """Trims what was sent before it compares."""

    def is_allowed(self, sent: bytes) -> bool:
        return sent.strip() == self.expected


class Contained(Front):
    """Looks for the credentials anywhere in what was sent."""

    def is_allowed(self, sent: bytes) -> bool:
        return bool(sent) and (sent in self.expected or self.expected in sent)


class CutAtColon(Front):
    """Splits at every colon, and compares the part behind the first."""

    def is_allowed(self, sent: bytes) -> bool:
        mine, theirs = self.expected.split(b":"), sent.split(b":")
        return mine[:2] == theirs[:2]


class Latin1(Front):
    """Reads the header in Latin-1, in which no UTF-8 password beyond ASCII is right."""

    def is_allowed(self, sent: bytes) -> bool:
        return sent.decode("latin-1") == self.expected.decode()


class AsciiOnly(Front):
    """Drops what is not ASCII before it compares."""

    def is_allowed(self, sent: bytes) -> bool:
        return sent.decode("ascii", "ignore") == self.expected.decode().encode("ascii", "ignore").decode()


class AnyScheme(Front):
    """Takes the second word of the header, whatever the first is."""

    def credentials(self, call: Call) -> bytes:
        encoded = call.headers.get("authorization", "").rpartition(" ")[2]
        try:
            return base64.b64decode(encoded, validate=True)
        except ValueError:
            return b""


class OnlyWhenPresent(Front):
    """Checks the header when there is one."""

    def authorize(self, call: Call) -> None:
        if "authorization" in call.headers:
            super().authorize(call)


class OnlyBasic(Front):
    """Leaves other schemes to a middleware that was never installed."""

    def authorize(self, call: Call) -> None:
        if call.headers.get("authorization", "Basic").lower().startswith("basic"):
            super().authorize(call)


class EmptyAccepted(Front):
    """Accepts empty credentials, for which a configuration was never filled in."""

    def is_allowed(self, sent: bytes) -> bool:
        return sent == b":" or super().is_allowed(sent)


class BreaksWithoutHeader(Front):
    """Reads the header without looking whether it is there."""

    def credentials(self, call: Call) -> bytes:
        call.headers["authorization"]
        return super().credentials(call)


class BreaksOnOtherScheme(Front):
    """Takes the credentials apart as if every scheme were Basic."""

    def credentials(self, call: Call) -> bytes:
        if not call.headers.get("authorization", "basic").lower().startswith("basic"):
            break_down("not enough values to unpack")
        return super().credentials(call)


class BreaksOnMalformed(Front):
    """Decodes without a net."""

    def credentials(self, call: Call) -> bytes:
        encoded = call.headers.get("authorization", "").partition(" ")[2]
        sent = base64.b64decode(encoded, validate=True)
        if encoded and b":" not in sent:
            break_down("not enough values to unpack")
        return super().credentials(call)


class ConnectionTrusted(Front):
    """Trusts a TCP connection on which right credentials were seen once."""

    def __init__(self, partner: Partner, user: str, password: str) -> None:
        super().__init__(partner, user, password)
        self.trusted: set[str] = set()

    def authorize(self, call: Call) -> None:
        if call.peer not in self.trusted:
            super().authorize(call)
            self.trusted.add(call.peer)


class AddressTrusted(Front):
    """Trusts an address after one success, so that wrong credentials work from then on."""

    def __init__(self, partner: Partner, user: str, password: str) -> None:
        super().__init__(partner, user, password)
        self.trusted: set[str] = set()

    def authorize(self, call: Call) -> None:
        address = call.peer.rpartition(":")[0]
        if address in self.trusted and "authorization" in call.headers:
            return
        super().authorize(call)
        self.trusted.add(address)


class NotRefused(Front):
    """Logs a refusal and goes on."""

    async def respond(self, call: Call) -> Answer:
        answer = await super().respond(call)
        if answer.status == 401:
            answer.replace(200, {})
        return answer


def _refusal(name: str, title: str, change: Change) -> Fault:
    return Fault(f"refusal-{name}", FAMILY, title, (errors(change, 401),))


def _part(name: str, title: str, part: type) -> Fault:
    return Fault(name, FAMILY, title, (part,))


OPEN_FAULTS = (
    _part("open-connect", "Connect needs no credentials.", _open(CONNECT)),
    _part("open-delete-connection", "Delete-connection needs no credentials.", _open(DELETE)),
    _part("open-test-connection", "Test-connection needs no credentials.", _open(TEST)),
    _part("open-delete-account", "Delete-account needs no credentials.", _open(RESET)),
    _part("open-expire-account", "Expire-account needs no credentials.", _open(EXPIRE)),
    _part("open-connectors", "The list of connectors needs no credentials.", _open(CONNECTORS)),
    _part("open-without-header", "A call without Authorization is let in.", OnlyWhenPresent),
    _part("open-to-other-schemes", "A call with another scheme is let in.", OnlyBasic),
    _part("open-to-empty", "Empty user and password are let in.", EmptyAccepted),
    _part("open-on-known-connection", "One success opens the TCP connection to anybody.", ConnectionTrusted),
    _part("open-to-known-address", "One success opens the door to wrong credentials.", AddressTrusted),
)

COMPARISON_FAULTS = (
    _part("password-suffix-accepted", "The right password with a suffix is let in.", SuffixAccepted),
    _part("password-eight-characters", "Only eight characters of the password count.", FirstCharacters),
    _part("password-prefix-accepted", "A beginning of the password is enough.", PrefixAccepted),
    _part("password-any", "The password is never compared.", AnyPassword),
    _part("user-any", "The user is never compared.", AnyUser),
    _part("credentials-any-case", "Case does not matter in user and password.", AnyCase),
    _part("credentials-trimmed", "White space around the credentials does not matter.", Trimmed),
    _part("credentials-contained", "The credentials may be part of something else.", Contained),
    _part("password-cut-at-colon", "What follows a colon in the password does not count.", CutAtColon),
    _part("password-latin-1", "A password beyond ASCII is read in Latin-1 and refused.", Latin1),
    _part("password-ascii-only", "What is not ASCII in the password does not count.", AsciiOnly),
    _part("scheme-any", "Bearer with the Basic credentials is let in.", AnyScheme),
)

REFUSAL_FAULTS = (
    _part("refusal-breaks-without-header", "A missing header breaks the partner.", BreaksWithoutHeader),
    _part("refusal-breaks-on-scheme", "Another scheme breaks the partner.", BreaksOnOtherScheme),
    _part("refusal-breaks-on-malformed", "Malformed Base64 breaks the partner.", BreaksOnMalformed),
    _part("refusal-succeeds", "A refused call is answered with 200 and nothing.", NotRefused),
    _refusal("forbidden", "Wrong credentials are answered with 403.", status(403)),
    _refusal("not-found", "Wrong credentials are answered with 404.", status(404)),
    _refusal("bad-request", "Wrong credentials are answered with 400.", status(400)),
    _refusal("wrong-reason", "The 401 says bad_request.", put(error_reason="bad_request")),
    _refusal("without-reason", "The 401 carries a message and no reason.", drop("error_reason")),
    _refusal(
        "framework-body",
        "The 401 has the framework's own body.",
        rebuild(lambda _content: {"detail": "Not authenticated"}),
    ),
    _refusal("html", "The 401 is a page.", html(401, "Authorization required")),
    _refusal("empty", "The 401 has no body.", empty(401)),
    _refusal("text-type", "The 401's JSON is labelled as text.", header("content-type", "text/plain")),
    _refusal("crashes", "Wrong credentials break the partner.", status(500, {"error_reason": "general_error"})),
)

FAULTS = OPEN_FAULTS + COMPARISON_FAULTS + REFUSAL_FAULTS
