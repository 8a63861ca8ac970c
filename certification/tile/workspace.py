"""The calls to a workspace that a self-testing tile needs: bounded in time and size, repeated only where that does no harm.

The SDK knows no method for the tile, and its generic call repeats any request after 429, 503 and broken connections, also one
that makes something.  So the SDK logs in, and the calls are made here.  Source: tile.md, REST calls on the workspace.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

import httpx

from certification.foundation.retry_after import read_retry_after
from certification.foundation.safe_text import one_line
from certification.tile.login import Login

PARTNERS = "/api/2.0/partnerhub/self-test-partners"
SECRETS = "/api/2.0/secrets"
SCOPE = "partner-connect"
USERS = "users"

CALL_SECONDS = 15.0
"""Deadline of one call."""

MOST_BYTES = 1_000_000
LONGEST_PAUSE = 10.0

_IDENT = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Why(StrEnum):
    """Why a workspace did not do what it was asked for."""

    LOGIN = "login"
    """The SDK could not log in, or not any more."""
    TOKEN = "token"  # noqa: S105 - a reason
    NOT_ADMIN = "not-admin"
    NO_FEATURE = "no-feature"
    SCOPE = "scope"
    """The caller may not use the scope of secrets."""
    NO_ACLS = "no-acls"
    """The workspace knows no access lists of secrets."""
    EXISTS = "exists"
    ABSENT = "absent"
    SEVERAL = "several"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no-answer"
    REDIRECT = "redirect"
    REFUSED = "refused"
    FAILED = "failed"
    UNEXPECTED = "unexpected"
    """An answer that is none of a workspace."""


class Scope(StrEnum):
    """What came of making the scope of secrets."""

    MADE = "made"
    THERE = "there"
    OPEN = "open"
    """Made in a workspace without access lists: every user reads and changes it."""


AGAIN = frozenset({Why.THROTTLED, Why.UNAVAILABLE, Why.UNREACHABLE, Why.NO_ANSWER})
"""Reasons that pass by themselves."""


class WorkspaceError(Exception):
    """The workspace did not do what it was asked for; ``code`` says why."""

    def __init__(self, code: Why, said: str = "", *, ambiguous: bool = False, pause: float | None = None) -> None:
        """``said`` is what the workspace says about it; ``ambiguous``: it may have been done all the same.

        ``pause`` is after how many seconds it asks to be called again, if it does.
        """
        super().__init__(f"{code.value}: {said}")
        self.code, self.said, self.ambiguous, self.pause = code, said, ambiguous, pause


@dataclass(frozen=True)
class Tile:
    """A self-testing partner, as the workspace lists it."""

    id: str
    name: str


class Workspace:
    """A workspace that can be called; each request, repeated or not, takes ``patience`` seconds at most."""

    def __init__(
        self,
        login: Login,
        patience: float = 30.0,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is called yet; ``sleep`` and ``clock`` can be replaced in tests."""
        self.host = login.host
        self._headers, self._patience = login.headers, patience
        self._sleep, self._clock = sleep, clock
        self._client = httpx.Client(timeout=min(CALL_SECONDS, patience), follow_redirects=False)
        self._end = 0.0
        """When the request in hand must be over."""

    def __enter__(self) -> Self:
        """Give the workspace itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close its connections."""
        self._client.close()

    # The tile

    def tile(self) -> Tile | None:
        """Return the self-testing partner of the workspace; None when there is none."""
        partners = self._call("GET", f"{PARTNERS}/get").get("partners", [])
        if not isinstance(partners, list):
            raise WorkspaceError(Why.UNEXPECTED, "partners is no list")
        found = [each for each in partners if isinstance(each, dict)]
        if len(found) > 1:
            raise WorkspaceError(Why.SEVERAL, ", ".join(one_line(str(each.get("name")), 60) for each in found))
        return Tile(_ident(found[0]), one_line(str(found[0].get("name", "")), 200)) if found else None

    def create(self, config: Mapping[str, Any]) -> str:
        """Create the tile and return its id.

        After a failure that leaves it open whether the tile was made, the workspace is asked before anything is tried again.
        """
        end = self._clock() + self._patience
        name = str(config["partner"]["name"])
        while True:
            try:
                answer = self._call("POST", f"{PARTNERS}/create", config, repeat=False)
            except WorkspaceError as error:
                if not error.ambiguous and error.code is not Why.THROTTLED:
                    raise
                made = self.tile()
                if made is not None and made.name == name:
                    return made.id
                if made is not None:
                    raise WorkspaceError(Why.EXISTS, f"called {made.name}") from None
                if self._clock() >= end:
                    raise
                self._sleep(1.0)
                continue
            return _ident(answer)

    def update(self, ident: str, config: Mapping[str, Any]) -> None:
        """Replace what the workspace knows about the tile; its existing connections go."""
        self._call("PUT", f"{PARTNERS}/update/{ident}", config)

    def delete(self, ident: str) -> None:
        """Delete the tile; one that an earlier, unanswered try deleted is no failure."""
        self._gone("DELETE", f"{PARTNERS}/delete/{ident}", None)

    # The credential

    def make_scope(self) -> Scope:
        """Make the scope of secrets, and return what came of it."""
        try:
            self._call("POST", f"{SECRETS}/scopes/create", {"scope": SCOPE})
        except WorkspaceError as error:
            if error.code is Why.EXISTS:
                return Scope.THERE
            if error.code is not Why.NO_ACLS:
                raise
        else:
            return Scope.MADE
        # Without access lists a scope is everybody's, and wants to be made so.
        self._call("POST", f"{SECRETS}/scopes/create", {"scope": SCOPE, "initial_manage_principal": USERS})
        return Scope.OPEN

    def store(self, ident: str, value: str) -> None:
        """Store the secret of the tile."""
        self._call("POST", f"{SECRETS}/put", {"scope": SCOPE, "key": ident, "string_value": value})

    def let_users_read(self) -> None:
        """Let every user of the workspace read the scope."""
        self._call("POST", f"{SECRETS}/acls/put", {"scope": SCOPE, "principal": USERS, "permission": "READ"})

    def forget(self, ident: str) -> bool:
        """Delete the secret of the tile; returns False when there was none."""
        return self._gone("POST", f"{SECRETS}/delete", {"scope": SCOPE, "key": ident})

    # One call

    def _gone(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        try:
            self._call(method, path, body)
        except WorkspaceError as error:
            if error.code is Why.ABSENT:
                return False
            raise
        return True

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, repeat: bool = True
    ) -> dict[str, Any]:
        """Return the answer to one call; ``repeat`` says that asking twice does no harm."""
        self._end, pause = self._clock() + self._patience, 0.5
        while True:
            try:
                return self._once(method, path, body)
            except WorkspaceError as error:
                left = self._end - self._clock()
                if not repeat or error.code not in AGAIN or left <= 0:
                    raise
                self._sleep(min(pause if error.pause is None else error.pause, LONGEST_PAUSE, left))
                pause = min(2 * pause, LONGEST_PAUSE)

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            headers = dict(self._headers())
        except Exception as error:  # noqa: BLE001 - whatever keeps the SDK from logging in
            raise WorkspaceError(Why.LOGIN, one_line(str(error).partition("Config:")[0], 200)) from None
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            with self._client.stream(method, f"{self.host}{path}", headers=headers, content=content) as response:
                text = self._read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise WorkspaceError(Why.UNREACHABLE, one_line(str(error), 200)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WorkspaceError(Why.NO_ANSWER, type(error).__name__, ambiguous=True) from None
        return _answer(response, text, path)

    def _read(self, response: httpx.Response) -> str:
        read = bytearray()
        for chunk in response.iter_bytes():
            read += chunk
            if len(read) > MOST_BYTES:
                raise WorkspaceError(Why.UNEXPECTED, "an answer of more than a million bytes", ambiguous=True)
            if self._clock() > self._end:
                raise WorkspaceError(Why.NO_ANSWER, "its answer never ended", ambiguous=True)
        return read.decode("utf-8", "replace")


def _ident(answer: Mapping[str, Any]) -> str:
    """Return the id of a tile: it becomes a part of addresses and of tile.json, so it is one word of letters and digits."""
    ident = answer.get("id")
    if not isinstance(ident, str) or _IDENT.fullmatch(ident) is None:
        raise WorkspaceError(Why.UNEXPECTED, "it names no id of a tile", ambiguous=True)
    return ident


def _answer(response: httpx.Response, text: str, path: str) -> dict[str, Any]:
    status = response.status_code
    try:
        value: Any = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        value = None
    if 200 <= status < 300:
        if not isinstance(value, dict):
            raise WorkspaceError(
                Why.UNEXPECTED, f"status {status} with something that is no JSON object", ambiguous=True
            )
        return value
    fields = value if isinstance(value, dict) else {}
    said = one_line(str(fields.get("message") or response.headers.get("x-databricks-reason-phrase") or ""), 300)
    code = _code(status, str(fields.get("error_code", "")), said, path)
    pause = None
    if code in {Why.THROTTLED, Why.UNAVAILABLE} and "Retry-After" in response.headers:
        pause = read_retry_after(response.headers["Retry-After"], datetime.now(UTC)).seconds
    raise WorkspaceError(code, said or f"status {status}", ambiguous=status >= 500, pause=pause)


def _code(status: int, error_code: str, said: str, path: str) -> Why:
    """Return why a call failed."""
    lower = said.lower()
    if status == 429:
        return Why.THROTTLED
    if error_code == "RESOURCE_ALREADY_EXISTS":
        return Why.EXISTS
    if error_code == "RESOURCE_DOES_NOT_EXIST":
        return Why.ABSENT
    if status in {301, 302, 303, 307, 308}:
        return Why.REDIRECT
    if status == 401 or (status == 403 and ("token" in lower or (not error_code and "admin" not in lower))):
        return Why.TOKEN
    if ("acl" in lower or "premium" in lower) and status in {400, 403, 404}:
        return Why.NO_ACLS
    if status == 403:
        return Why.NOT_ADMIN if path.startswith(PARTNERS) else Why.SCOPE
    if status == 404:
        return Why.NO_FEATURE if path.startswith(PARTNERS) else Why.ABSENT
    if status in {502, 503, 504}:
        return Why.UNAVAILABLE
    return Why.REFUSED if status < 500 else Why.FAILED
