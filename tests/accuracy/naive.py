"""A first partner as somebody writes it in an afternoon: it works, and nine things about it are wrong."""

from __future__ import annotations

import base64
import itertools
import json
import traceback
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router

if TYPE_CHECKING:
    from starlette.requests import Request

MISTAKES = (
    "connection_id is a number",
    "configured_resources is true and a connection_id comes back on a sign-in",
    "account_status is existing",
    "resource_status is deleted",
    "401 is text",
    "400 is an HTML page",
    "500 is an HTML page with a stack trace, also for a field that is missing",
    "an unknown connection is 500",
    "an unknown deletion is 200",
)


class Naive:
    """The partner; ``user`` and ``password`` are what it expects."""

    def __init__(self, user: str, password: str) -> None:
        self._right = "basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._numbers = itertools.count(1001)
        self._connections: dict[str, str] = {}
        self._users: set[str] = set()

    def app(self) -> Router:
        """Return the partner as an ASGI application."""
        return Router(
            [
                Route("/connect", self._guarded(self._connect), methods=["POST"]),
                Route("/delete-connection", self._guarded(self._delete), methods=["POST"]),
                Route("/start", lambda _request: HTMLResponse("<h1>Welcome</h1>")),
            ]
        )

    def _guarded(self, handler: Any) -> Any:
        async def answer(request: Request) -> Response:
            scheme, _, rest = request.headers.get("authorization", "").partition(" ")
            if f"{scheme.lower()} {rest}" != self._right:
                return PlainTextResponse("unauthorized", 401)
            try:
                body = json.loads(await request.body())
            except ValueError:
                return HTMLResponse("<h1>Bad Request</h1>", 400)
            try:
                return JSONResponse(handler(body))
            except (KeyError, TypeError, AttributeError):
                return HTMLResponse(f"<pre>{traceback.format_exc()}</pre>", 500)

        return answer

    def _connect(self, body: dict[str, Any]) -> dict[str, Any]:
        info = body["user_info"]
        company = info["email"].rpartition("@")[2]
        known = company in self._connections.values()
        user = "existing" if info["email"] in self._users else "new"
        number = body.get("connection_id")
        if info["is_connection_established"]:
            self._connections[str(number)]
        else:
            number = next(self._numbers)
            self._connections[str(number)] = company
        self._users.add(info["email"])
        first = not info["is_connection_established"]
        return {
            "redirect_uri": "http://127.0.0.1:8765/start",
            "redirect_value": "create_trial" if first else "sign_in",
            "connection_id": number,
            "user_status": user,
            "account_status": "existing" if known else "new",
            "configured_resources": True,
        }

    def _delete(self, body: dict[str, Any]) -> dict[str, Any]:
        self._connections.pop(str(body["connection_id"]), None)
        return {"resource_status": "deleted"}
