"""HTTP around the workspace: who calls, what goes wrong, and which call it is."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from certification.reference.messages import Answer, Refusal
from certification.reference.parsing import parse_object
from certification.reference.workspace.messages import Recorded, WorkspaceError, denied, no_such_api
from certification.reference.workspace.state import WORKSPACE_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from certification.reference.messages import Json
    from certification.reference.workspace.state import Workspace

API = "/api/2.0"
TILES = f"{API}/partnerhub/self-test-partners"
SECRETS = f"{API}/secrets"
CLICK = "/fake/click"
DISCOVERY = "/.well-known/databricks-config"
ONE_TILE = re.compile(rf"{TILES}/(?P<verb>update|delete)/(?P<ident>[^/]+)")
CREATE = ("POST", f"{TILES}/create")

SIGN_IN = (
    "<!doctype html>\n<html><head><title>Databricks - Sign In</title></head><body><form>Sign in</form></body></html>\n"
)
WELCOME = f"""\
The fake Databricks workspace of the certification suite for Databricks Partner Connect.

It has the self-testing partner ({TILES}) and secrets ({SECRETS}).
To click the tile:  curl -X POST -d '{{}}' <this address>{CLICK}
"""


class Broken(Exception):
    """The connection is to break before there is an answer."""


def build_app(workspace: Workspace) -> ASGIApp:
    """Return ``workspace`` as one ASGI application."""
    return _Site(workspace)


class _Site:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._calls = _calls(workspace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw = await request.body()
        try:
            answer = await self._answer(request, raw)
        except Broken:
            await _break(receive, send)
            return
        response = Response(answer.payload(), status_code=answer.status, headers=answer.headers)
        await response(scope, receive, send)

    async def _answer(self, request: Request, raw: bytes) -> Answer:
        path = request.url.path.rstrip("/")
        try:
            if (request.method, path) == ("POST", CLICK):
                return await self._click(raw)
            if path == "":
                return _page(WELCOME, "text/plain; charset=utf-8")
            if "html" not in self._workspace.faults and path == DISCOVERY:
                return self._discovery(request)
            return await self._api(request, path, raw)
        except WorkspaceError as error:
            return error.answer()
        except Refusal as refusal:
            return WorkspaceError(400, "MALFORMED_REQUEST", refusal.debugging).answer()

    async def _click(self, raw: bytes) -> Answer:
        body = parse_object(raw) if raw else {}
        # The partner may be served by this very thread.
        click = await run_in_threadpool(self._workspace.connect, admin=body.get("admin") is not False)
        if click.problem:
            raise WorkspaceError(400, "INVALID_STATE", click.problem)
        return Answer(200, click.summary())

    def _discovery(self, request: Request) -> Answer:
        # Anybody may ask; the SDK does so before its first call.
        oidc = f"{request.base_url}oidc"
        content = {"oidc_endpoint": oidc, "workspace_id": str(WORKSPACE_ID), "cloud": self._workspace.cloud.upper()}
        return Answer(200, content)

    async def _api(self, request: Request, path: str, raw: bytes) -> Answer:
        workspace, faults = self._workspace, self._workspace.faults
        if path.startswith(API):
            workspace.requests.append(Recorded(request.method, path, dict(request.query_params), _shown(raw)))
        if "html" in faults:
            return _page(SIGN_IN, "text/html; charset=utf-8")
        refused = self._authenticate(request.headers)
        if refused is not None:
            return refused
        if faults.strike("throttled"):
            answer = WorkspaceError(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests; try again later").answer()
            answer.headers["retry-after"] = str(workspace.retry_after)
            return answer
        answer = self._perform(request, path, raw)
        if "slow" in faults:
            # What is slow is the answer: a caller who gave up must look whether something happened.
            await asyncio.sleep(faults.number("slow"))
        return answer

    def _authenticate(self, headers: Mapping[str, str]) -> Answer | None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return WorkspaceError(
                401, "UNAUTHENTICATED", "Credential was not sent or was of an unsupported type."
            ).answer()
        faults = self._workspace.faults
        if not hmac.compare_digest(token.strip().encode(), self._workspace.token.encode()):
            return _refused_token("Invalid access token.")
        if "token-expires" in faults and not faults.strike("token-expires"):
            return _refused_token("The access token expired.")
        return None

    def _perform(self, request: Request, path: str, raw: bytes) -> Answer:
        call, faults = (request.method, path), self._workspace.faults
        if path.startswith(TILES):
            if "no-feature" in faults:
                raise no_such_api(request.method, path.removeprefix(API))
            if "not-admin" in faults:
                raise denied("Workspace admin is required")
        if call == CREATE and faults.strike("503-then-create"):
            raise _unavailable()
        one = ONE_TILE.fullmatch(path)
        if one is not None:
            return self._one_tile(request.method, path, raw, one)
        perform = self._calls.get(call)
        if perform is None:
            raise no_such_api(request.method, path.removeprefix(API))
        answer = Answer(200, perform(parse_object(raw) if request.method == "POST" else dict(request.query_params)))
        if call == CREATE and "create-then-503" in faults:
            raise _unavailable()
        if call == CREATE and "create-then-reset" in faults:
            raise Broken
        return answer

    def _one_tile(self, method: str, path: str, raw: bytes, wanted: re.Match[str]) -> Answer:
        if (method, wanted["verb"]) == ("PUT", "update"):
            self._workspace.update(wanted["ident"], parse_object(raw))
        elif (method, wanted["verb"]) == ("DELETE", "delete"):
            self._workspace.delete(wanted["ident"])
        else:
            raise no_such_api(method, path.removeprefix(API))
        return Answer(200, raw=b"")


def _calls(workspace: Workspace) -> dict[tuple[str, str], Callable[[dict[str, Any]], Json]]:
    scopes = workspace.scopes
    return {
        CREATE: workspace.create,
        ("GET", f"{TILES}/get"): lambda _query: workspace.listed(),
        ("POST", f"{SECRETS}/scopes/create"): scopes.create,
        ("GET", f"{SECRETS}/scopes/list"): lambda _query: scopes.listed(),
        ("POST", f"{SECRETS}/put"): scopes.put,
        ("POST", f"{SECRETS}/delete"): scopes.delete,
        ("GET", f"{SECRETS}/list"): scopes.keys,
        ("GET", f"{SECRETS}/get"): scopes.value,
        ("POST", f"{SECRETS}/acls/put"): scopes.put_acl,
        ("GET", f"{SECRETS}/acls/list"): scopes.acls,
        ("GET", f"{API}/preview/scim/v2/Me"): lambda _query: _me(workspace.user),
    }


def _me(user: str) -> Json:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "5000000000042",
        "userName": user,
        "emails": [{"type": "work", "value": user, "primary": True}],
        "active": True,
    }


def _shown(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw.decode(errors="replace")


def _refused_token(reason: str) -> Answer:
    # The body is empty: only the header says why.
    return Answer(403, raw=b"", headers={"x-databricks-reason-phrase": reason})


def _unavailable() -> WorkspaceError:
    return WorkspaceError(503, "TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable")


def _page(text: str, content_type: str) -> Answer:
    return Answer(200, raw=text.encode(), headers={"content-type": content_type})


async def _break(receive: Receive, send: Send) -> None:
    # ASGI has no word for a connection that breaks; uvicorn's ``send`` belongs to what holds the transport.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError
    transport.abort()
    # Whoever returns before uvicorn noticed makes it send an answer of its own.
    while (await receive())["type"] != "http.disconnect":
        pass
