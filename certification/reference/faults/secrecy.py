"""Faults that give away what must stay secret: tokens, passwords, other people's data, the partner's insides."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import HTMLResponse

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import CONNECT, Change, answers, errors, header, html, is_first, of, user_of
from certification.reference.front import Front
from certification.reference.messages import Answer, Call, Refusal
from certification.reference.partner import Partner
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from starlette.responses import Response

    from certification.reference.product.visit import Visit
    from certification.reference.settings import Settings
    from certification.reference.state import Visitor

FAMILY = "secrecy"
M2M = {"auth_options": ["AUTH_OAUTH_M2M"]}

SQL_ERROR = (
    "psycopg2.errors.InvalidTextRepresentation: invalid input syntax for type bigint\n"
    "LINE 1: SELECT * FROM connections WHERE workspace_id = ..."
)
DEBUG_PAGE = "Werkzeug Debugger: KeyError at /srv/partner/app/views.py line 88"


def _token(call: Call) -> str:
    """Return the token of a request, however malformed the request may be."""
    auth = user_of(call).get("auth")
    token = auth.get("personal_access_token") if isinstance(auth, dict) else None
    return str(token or "")


def _secret(call: Call) -> str:
    return str(call.body.get("service_principal_oauth_secret", ""))


def _authorization(call: Call) -> str:
    return call.headers.get("authorization", "")


def _append(separator: str, text: Callable[[Call], str]) -> Change:
    """Return the change that appends ``text`` to the redirect."""

    def change(call: Call, answer: Answer) -> None:
        answer.content["redirect_uri"] += separator + text(call)

    return change


def _field(name: str, value: Callable[[Call], Any]) -> Change:
    def change(call: Call, answer: Answer) -> None:
        if isinstance(answer.content, dict):
            answer.content[name] = value(call)

    return change


def _header(name: str, value: Callable[[Call], str]) -> Change:
    return lambda call, answer: header(name, value(call))(call, answer)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _escaped(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _redirect(name: str, title: str, change: Change) -> Fault:
    return Fault(f"token-in-redirect-{name}", FAMILY, title, (answers(change, is_first),))


def _answer(name: str, title: str, change: Change) -> Fault:
    return Fault(name, FAMILY, title, (answers(change, is_first),))


def _bad_request(name: str, title: str, change: Change) -> Fault:
    return Fault(name, FAMILY, title, (errors(change, 400, of(CONNECT)),))


class EchoOnError(Front):
    """Writes the whole request into the message of the error."""

    def validate(self, call: Call) -> None:
        try:
            super().validate(call)
        except Refusal as refusal:
            raise Refusal(refusal.status, refusal.reason, f"invalid request: {call.raw.decode()}") from None


class PasswordOnRefusal(Front):
    """Tells what the credentials should have been."""

    def refuse(self, call: Call, refusal: Refusal) -> Answer:
        answer = super().refuse(call, refusal)
        if refusal.reason == "unauthorized":
            answer.content["debugging_message"] = f"expected {self.user}:{self.password}"
        return answer


class HeaderOnRefusal(Front):
    """Repeats the Authorization header that it refused, and with it what is nearly the password."""

    def refuse(self, call: Call, refusal: Refusal) -> Answer:
        answer = super().refuse(call, refusal)
        answer.content["debugging_message"] = f"{refusal.debugging} (headers: {dict(call.headers)})"
        return answer


class ExpectedHash(Front):
    """Answers with the Base64 of the right credentials in a header for support."""

    async def respond(self, call: Call) -> Answer:
        answer = await super().respond(call)
        answer.headers["x-expected-authorization"] = _base64(self.expected.decode())
        return answer


class LastVisitor(Partner):
    """Keeps who came last, for answers that tell the next one."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.last: Call | None = None

    def leak(self, call: Call, previous: Call, answer: Answer) -> None:
        """Tell of ``previous``."""
        raise NotImplementedError

    async def connect(self, call: Call) -> Answer:
        answer = await super().connect(call)
        previous, self.last = self.last, call
        if previous is not None and previous.body["user_info"]["email"] != call.body["user_info"]["email"]:
            self.leak(call, previous, answer)
        return answer


class LastEmail(LastVisitor):
    def leak(self, call: Call, previous: Call, answer: Answer) -> None:
        answer.content["last_login"] = previous.body["user_info"]["email"]


class LastEmailInRedirect(LastVisitor):
    def leak(self, call: Call, previous: Call, answer: Answer) -> None:
        answer.content["redirect_uri"] += f"&login_hint={quote(previous.body['user_info']['email'])}"


class LastId(LastVisitor):
    def leak(self, call: Call, previous: Call, answer: Answer) -> None:
        answer.content["previous_user_id"] = previous.body["user_info"]["databricks_user_id"]


class Members(Partner):
    """Lists everybody whom the partner knows, for a drop-down of colleagues."""

    def connected(self, call: Call, visitor: Visitor, *fields: Any, **more: Any) -> Answer:
        answer = super().connected(call, visitor, *fields, **more)
        answer.content["members"] = sorted({member.email for member in self.store.members.values()})
        return answer


class TalkativePages(Product):
    """Shows the token on the page, ready to copy."""

    def __init__(self, settings: Settings, members: set[Hashable]) -> None:
        super().__init__(settings, members)
        self.tokens: dict[str, str] = {}

    def respond(self, visit: Visit) -> Response | None:
        response = super().respond(visit)
        token = self.tokens.get(visit.ticket.name if visit.ticket else "", "")
        if not response or not token:
            return response
        shown = bytes(response.body).replace(b"</body>", f"<input value='{escape(token)}'></body>".encode())
        return HTMLResponse(shown, response.status_code)


class TokenOnPage(Partner):
    """Fills the token into a form of the page that the user lands on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.talkative = TalkativePages(settings, self.store.signed_up)
        self.product = self.talkative

    async def connect(self, call: Call) -> Answer:
        answer = await super().connect(call)
        ticket = answer.content["redirect_uri"].rpartition("ticket=")[2]
        self.talkative.tokens[ticket] = _token(call)
        return answer


FAULTS = (
    _redirect("query", "The token stands in the redirect's query.", _append("&token=", _token)),
    _redirect("fragment", "The token stands in the redirect's fragment.", _append("#token=", _token)),
    _redirect(
        "base64", "The token stands in the redirect in Base64.", _append("&state=", lambda call: _base64(_token(call)))
    ),
    _redirect(
        "json-base64",
        "The whole user stands in the redirect in Base64.",
        _append("&state=", lambda call: _base64(str(user_of(call)))),
    ),
    _redirect(
        "escaped",
        "The token stands in the redirect with every character escaped.",
        _append("&t=", lambda call: _escaped(_token(call))),
    ),
    _redirect(
        "hex",
        "The token stands in the redirect in hexadecimal.",
        _append("&t=", lambda call: _token(call).encode().hex()),
    ),
    _redirect(
        "reversed", "The token stands in the redirect backwards.", _append("&t=", lambda call: _token(call)[::-1])
    ),
    Fault(
        "secret-in-redirect",
        FAMILY,
        "The secret of the service principal stands in the redirect.",
        (answers(_append("&secret=", _secret), is_first),),
        M2M,
    ),
    Fault(
        "secret-in-answer",
        FAMILY,
        "The secret of the service principal is repeated in the answer.",
        (answers(_field("service_principal", _secret), is_first),),
        M2M,
    ),
    Fault("token-on-page", FAMILY, "The page that the user lands on holds the token.", (TokenOnPage,)),
    _answer(
        "token-in-answer", "The answer repeats the request, token and all.", _field("request", lambda call: call.body)
    ),
    _answer(
        "token-html-escaped",
        "The token stands in the answer as HTML entities.",
        _field("hint", lambda call: _entities(_token(call))),
    ),
    _answer("token-in-header", "A debugging header repeats the token.", _header("x-debug-token", _token)),
    _answer(
        "token-in-cookie",
        "A session cookie holds the token in Base64.",
        _header("set-cookie", lambda call: f"s={_base64(_token(call))}; HttpOnly"),
    ),
    _answer(
        "authorization-echoed",
        "The Authorization header is repeated in a header.",
        _header("x-request-authorization", _authorization),
    ),
    _answer(
        "authorization-in-answer",
        "The headers of the request are repeated in the answer.",
        _field("headers", lambda call: dict(call.headers)),
    ),
    Fault("expected-authorization-sent", FAMILY, "A header for support holds the right credentials.", (ExpectedHash,)),
    Fault("token-in-error", FAMILY, "The error repeats the request, token and all.", (EchoOnError,)),
    Fault("password-in-error", FAMILY, "A 401 tells what was expected.", (PasswordOnRefusal,)),
    Fault("headers-in-error", FAMILY, "Errors repeat the headers of the request.", (HeaderOnRefusal,)),
    Fault("last-email-in-answer", FAMILY, "The answer tells the e-mail address of who came before.", (LastEmail,)),
    Fault(
        "last-email-in-redirect", FAMILY, "The redirect carries the address of who came before.", (LastEmailInRedirect,)
    ),
    Fault("last-id-in-answer", FAMILY, "The answer tells the user id of who came before.", (LastId,)),
    Fault("members-in-answer", FAMILY, "The answer lists every user of the partner.", (Members,)),
    _bad_request(
        "sql-in-error", "The 400 shows an error of the database.", _field("debugging_message", lambda _call: SQL_ERROR)
    ),
    _bad_request("debugger-in-error", "The 400 is the page of a debugger.", html(400, DEBUG_PAGE)),
    Fault(
        "stack-trace-in-not-found",
        FAMILY,
        "A 404 shows a stack trace.",
        (
            errors(
                _field(
                    "debugging_message",
                    lambda _call: "java.lang.NullPointerException\n\tat com.partner.Connect.find(Connect.java:42)",
                ),
                404,
            ),
        ),
    ),
)
