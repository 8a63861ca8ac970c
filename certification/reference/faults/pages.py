"""Faults of the pages that redirects open: missing, broken, shut to some, or leading on for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

PAGES = "redirect-pages"
INVITE = {"new_user_action": "invite"}

Headers = list[tuple[bytes, bytes]]


def _page_answers(code: int, text: str, prefix: str = "") -> Any:
    """Return a web server that answers ``code`` for pages whose name starts with ``prefix``."""

    class Broken:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if f"/app/{prefix}" not in scope["path"]:
                await self._app(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": code, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": text.encode()})

    return Broken


def _page_redirects(to: Callable[[str, str], Headers], prefix: str = "") -> Any:
    """Return a web server whose pages redirect with the headers that ``to`` makes of path and query."""

    class Redirects:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["method"] != "GET" or f"/app/{prefix}" not in scope["path"]:
                await self._app(scope, receive, send)
                return
            headers = to(scope["path"], scope["query_string"].decode("latin-1"))
            await send({"type": "http.response.start", "status": 302, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

    return Redirects


def _to_itself(path: str, query: str) -> Headers:
    return [(b"location", f"{path}?{query}".encode())]


def _in_a_circle(path: str, query: str) -> Headers:
    there = path.removesuffix("/step") if path.endswith("/step") else f"{path}/step"
    return [(b"location", f"{there}?{query}".encode())]


def _ever_longer(path: str, query: str) -> Headers:
    return [(b"location", f"{path}?{query}&again=1".encode())]


def _other_cookie(path: str, query: str) -> Headers:
    # The cookie belongs to another path, so that no browser ever sends it back.
    return [(b"location", f"{path}?{query}".encode()), (b"set-cookie", b"checked=1; Path=/nowhere; HttpOnly")]


def _to_login_and_back(path: str, query: str) -> Headers:
    return [(b"location", b"/app/create-trial" if path.endswith("sign-in") else f"/app/sign-in?{query}".encode())]


FAULTS = (
    Fault("redirect-page-missing", PAGES, "Every page answers 404.", (_page_answers(404, "Not found"),)),
    Fault("redirect-page-breaks", PAGES, "Every page answers 500.", (_page_answers(500, "Internal server error"),)),
    Fault(
        "redirect-page-forbidden",
        PAGES,
        "Pages ask for a session first and answer 401.",
        (_page_answers(401, "Log in"),),
    ),
    Fault(
        "redirect-page-blocks-bots",
        PAGES,
        "Pages answer 403 to whoever is no browser.",
        (_page_answers(403, "Forbidden"),),
    ),
    Fault(
        "trial-page-missing",
        PAGES,
        "The page of a new trial answers 404.",
        (_page_answers(404, "Not found", "create-trial"),),
    ),
    Fault("sign-in-page-breaks", PAGES, "The sign-in page answers 500.", (_page_answers(500, "Error", "sign-in"),)),
    Fault(
        "purchase-page-missing",
        PAGES,
        "The page of an expired trial answers 404.",
        (_page_answers(404, "Not found", "purchase"),),
    ),
    Fault(
        "admin-page-missing",
        PAGES,
        "The page of an invited user answers 404.",
        (_page_answers(404, "Not found", "contact"),),
        INVITE,
    ),
    Fault("redirect-page-to-itself", PAGES, "Every page redirects to itself.", (_page_redirects(_to_itself),)),
    Fault("redirect-page-in-circle", PAGES, "Two pages redirect to each other.", (_page_redirects(_in_a_circle),)),
    Fault("redirect-page-longer", PAGES, "Pages redirect to ever longer addresses.", (_page_redirects(_ever_longer),)),
    Fault(
        "redirect-page-cookie-lost",
        PAGES,
        "Pages redirect to themselves for a cookie of another path.",
        (_page_redirects(_other_cookie),),
    ),
    Fault(
        "redirect-page-login-loop",
        PAGES,
        "The page leads to the login, and the login to the page.",
        (_page_redirects(_to_login_and_back),),
    ),
    Fault(
        "sign-in-page-to-itself",
        PAGES,
        "The sign-in page redirects to itself.",
        (_page_redirects(_to_itself, "sign-in"),),
    ),
    Fault(
        "purchase-page-to-itself",
        PAGES,
        "The page of an expired trial redirects to itself.",
        (_page_redirects(_to_itself, "purchase"),),
    ),
)
