"""Who may call the page: whoever has its address, from this machine, and no other web page.

The page acts with the partner's credentials and writes files, so each request must

* name this machine as its host: a name of somebody else's that leads here (DNS rebinding) is refused;
* carry the token of the address, which only the terminal has shown;
* come from the page itself where it changes something (``Origin``, ``Sec-Fetch-Site``), and not from inside another page.
"""

from __future__ import annotations

import hmac
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""Content-Security-Policy of every page."""

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it a browser sends the form of this very page with the origin null.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Headers of every answer that does not bring its own."""

NAMES: Final = ("127.0.0.1", "localhost")


class Guard:
    """Lets requests through to ``app`` that may come, below the token; refuses all others in words."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        """Take the token of the address and the port of the page."""
        self._app, self._token = app, token.encode("ascii")
        self._hosts = {f"{name}:{port}" for name in NAMES}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, _with_headers(send))
            return
        prefix = f"/{self._token.decode('ascii')}"
        inner = {**scope, "root_path": prefix}
        await self._app(inner, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return PlainTextResponse("This page answers under its own address only.", 403)
        first = scope["path"].split("/")[1].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(first, self._token):
            text = "This address is not complete. Copy the whole line from the terminal once more."
            return PlainTextResponse(text, 404)
        one = dict(headers)
        if scope["method"] in {"GET", "HEAD"}:
            return None if _may_look(one) else PlainTextResponse("Another web page may not call this one.", 403)
        if scope["method"] != "POST":
            return PlainTextResponse("This page takes GET and POST only.", 405)
        own = one.get(b"origin") in self._origins and one.get(b"sec-fetch-site", "same-origin") == "same-origin"
        return None if own else PlainTextResponse("Another web page may not call this one.", 403)


def _may_look(headers: dict[bytes, str]) -> bool:
    """Return whether a request that changes nothing may come: from the page, or as a page that somebody opens."""
    if headers.get(b"sec-fetch-site", "none") in {"none", "same-origin"}:
        return True
    return headers.get(b"sec-fetch-mode") == "navigate" and headers.get(b"sec-fetch-dest") == "document"


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
