"""Other correct pages behind a redirect: 2xx or 3xx to a plain GET, whatever a browser then does."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]
Reply = tuple[int, Headers, bytes]
HTML = [(b"content-type", b"text/html; charset=utf-8")]
HOPS = 5
LARGE = 2_000_000


def _web(reply: Callable[[str, str, str], Reply | None]) -> Any:
    """Return a web server that answers pages by path, query and cookie; None leaves one to the partner."""

    class Web:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            path = scope["path"]
            found = None
            if scope["method"] == "GET" and "/app/" in path and not path.endswith("/privacy"):
                cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
                found = reply(path, scope["query_string"].decode("latin-1"), cookie)
            if found is None:
                await self._app(scope, receive, send)
                return
            status, headers, body = found
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    return Web


def _leads(status: int, location: str) -> Any:
    return _web(lambda _path, _query, _cookie: (status, [(b"location", location.encode())], b""))


def _answers(status: int, body: bytes, *headers: tuple[bytes, bytes]) -> Any:
    return _web(lambda _path, _query, _cookie: (status, list(headers), body))


def _until_cookie(path: str, query: str, cookie: str) -> Reply | None:
    """Redirect a page to itself until the browser shows that it keeps cookies."""
    if "checked=yes" in cookie:
        return None
    return 302, [(b"location", f"{path}?{query}".encode()), (b"set-cookie", b"checked=yes; Path=/; HttpOnly")], b""


def _cookie_by_cookie(path: str, query: str, cookie: str) -> Reply | None:
    """Set one cookie after the other, each with a redirect of its own."""
    missing = [name for name in ("region", "session", "consent") if f"{name}=1" not in cookie]
    if not missing:
        return None
    return 307, [(b"location", f"{path}?{query}".encode()), (b"set-cookie", f"{missing[0]}=1; Path=/".encode())], b""


def _chain(path: str, _query: str, _cookie: str) -> Reply | None:
    """Lead over several pages by relative addresses, as sign-on services do."""
    name = path.rpartition("/")[2]
    step = int(name.removeprefix("step-")) if name.startswith("step-") else 0
    location = f"step-{step + 1}" if step < HOPS else "privacy"
    return 302, [(b"location", location.encode())], b""


def _page(name: str, title: str, part: Any) -> Variant:
    return Variant(f"page-{name}", title, (part,))


VARIANTS = (
    _page("302", "Pages redirect to another page.", _leads(302, "/app/privacy")),
    _page("303", "Pages redirect with 303.", _leads(303, "/app/privacy")),
    _page("307", "Pages redirect with 307, by a relative address.", _leads(307, "privacy")),
    _page("308", "Pages redirect with 308, by a query alone.", _leads(308, "/app/privacy?moved=1#here")),
    _page(
        "sso",
        "Pages redirect to the sign-on service at another host.",
        _leads(302, "https://login.example/authorize?client=1"),
    ),
    _page("app-scheme", "Pages open an app by its own scheme.", _leads(302, "myapp:open")),
    _page(
        "app-scheme-slashes", "Pages open an app by an address of its own scheme.", _leads(302, "myapp://open/home?x=1")
    ),
    _page("app-intent", "Pages open an app as one system does.", _leads(307, "intent://open#Intent;scheme=myapp;end")),
    _page("cookie-check", "Pages redirect to themselves until a cookie is kept.", _web(_until_cookie)),
    _page("cookies-in-turn", "Pages set three cookies, one after the other.", _web(_cookie_by_cookie)),
    _page("chain", "Pages lead over five others.", _web(_chain)),
    _page("204", "Pages have nothing to show yet.", _answers(204, b"")),
    _page(
        "202", "Pages say that they are being made.", _answers(202, b"<p>One moment.</p>", *HTML, (b"refresh", b"2"))
    ),
    _page(
        "refresh",
        "Pages lead on by a meta element.",
        _answers(200, b'<meta http-equiv="refresh" content="0;url=/">', *HTML),
    ),
    _page("large", "Pages have two million bytes.", _answers(200, b"<p>welcome</p>" * (LARGE // 14), *HTML)),
    _page(
        "gzip",
        "Pages are gzip, asked for or not.",
        _answers(200, gzip.compress(b"<p>Hi</p>"), *HTML, (b"content-encoding", b"gzip")),
    ),
    _page(
        "pdf",
        "Pages are a document.",
        _answers(200, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", (b"content-type", b"application/pdf")),
    ),
    _page(
        "latin-1",
        "Pages are in Latin-1.",
        _answers(200, "<p>Grüße</p>".encode("latin-1"), (b"content-type", b"text/html; charset=iso-8859-1")),
    ),
    _page("without-type", "Pages have no media type.", _answers(200, b"welcome")),
    _page(
        "json",
        "Pages are the data of an app that runs in the browser.",
        _answers(200, b'{"app": "partner"}', (b"content-type", b"application/json")),
    ),
)
