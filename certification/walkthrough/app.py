"""What the page answers: forms that work without a script, and the same for the script as JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from certification.attestations.pictures import FOLDER, MAX_PICTURE_BYTES, BadPicture, read_picture
from certification.foundation.errors import CannotStart, CertificationError, ScriptEnded
from certification.foundation.safe_text import visible
from certification.report.words import reason_words
from certification.walkthrough import view, words
from certification.walkthrough.forms import (
    MAX_FORM_BYTES,
    Answers,
    Edition,
    UnreadableFormError,
    answers_of,
    edition_of,
    fields_of,
    who_of,
)
from certification.walkthrough.guard import Guard
from certification.walkthrough.guide import guides
from certification.walkthrough.view import Notice
from certification.walkthrough.walk import BusyError, ConflictError, OutOfOrderError, UnfitError, Walk

ASSETS = {"walkthrough.css": "text/css", "walkthrough.js": "text/javascript"}

IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture of a stranger, opened by itself, may run nothing."""


class TooLargeError(Exception):
    """The body is larger than what the page takes."""


class Site:
    """The pages of one walk."""

    def __init__(self, walk: Walk, base: str, images: Path) -> None:
        """Take the address below which the page is, and the folder of the config, where its icon lies."""
        self._walk, self._base, self._images = walk, base, images

    def routes(self) -> list[Route]:
        """Return what is answered where."""
        posts: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "prepare": self.prepare,
            "press": self.press,
            "by-hand": self.by_hand,
            "again": self.again,
            "save": self.save,
            "record": self.record,
            "picture": self.add_picture,
            "remove-picture": self.remove_picture,
        }
        return [
            Route("/", self._safely(self.start), methods=["GET"]),
            Route("/you", self._safely(self.you), methods=["POST"]),
            Route("/case/{case}", self._safely(self.case), methods=["GET"]),
            *(Route(f"/case/{{case}}/{name}", self._safely(do), methods=["POST"]) for name, do in posts.items()),
            Route("/go/{case}/{execution}/{number:int}", self._safely(self.go), methods=["GET"]),
            Route("/picture/{name}", self._safely(self.picture), methods=["GET"]),
            Route("/icon", self._safely(self.icon), methods=["GET"]),
            Route("/assets/{name}", self.asset, methods=["GET"]),
        ]

    # Looking

    async def start(self, _request: Request) -> Response:
        """Show what this is, who carries it out, and where to go on."""
        return HTMLResponse(await run_in_threadpool(view.start_page, self._walk, self._base))

    async def case(self, request: Request) -> Response:
        """Show one case."""
        notice = None
        if request.query_params.get("recorded"):
            notice = Notice("good", "Your result is recorded.")
        return await self._case_page(request, notice=notice)

    async def go(self, request: Request) -> Response:
        """Lead to the partner's page, at the address as it came; the page itself never holds it."""
        facts = request.path_params
        address = self._walk.address(facts["case"], facts["execution"], facts["number"])
        if address is None:
            return self._message("The page cannot be opened", words.LOST, 410)
        return RedirectResponse(address, 303)

    async def picture(self, request: Request) -> Response:
        """Show a picture that a person has added, if it is still what was kept."""

        def found() -> tuple[bytes, str]:
            picture = self._walk.picture(f"{FOLDER}/{request.path_params['name']}")
            if picture is None:
                raise BadPicture(words.NOT_FOUND)
            data, kind = read_picture(picture, self._walk.file.folder)
            return data, kind.media_type

        return _image(*await run_in_threadpool(found))

    async def icon(self, _request: Request) -> Response:
        """Show the partner's icon."""
        found = await run_in_threadpool(view.icon, self._walk.config, self._images)
        return _image(*found) if found else PlainTextResponse(words.NOT_FOUND, 404)

    async def asset(self, request: Request) -> Response:
        """Send the style sheet or the script."""
        name = request.path_params["name"]
        if name not in ASSETS:
            return PlainTextResponse(words.NOT_FOUND, 404)
        return Response(files("certification.walkthrough").joinpath(name).read_bytes(), media_type=ASSETS[name])

    # Acting

    async def you(self, request: Request) -> Response:
        """Note who carries the cases out."""
        who = who_of(await _form(request))
        try:
            await run_in_threadpool(self._walk.introduce, who)
        except UnfitError as error:
            notice = Notice("bad", "Something is missing.", error.problems)
            return HTMLResponse(await run_in_threadpool(view.start_page, self._walk, self._base, who, notice), 422)
        return RedirectResponse(f"{self._base}/", 303)

    async def prepare(self, request: Request) -> Response:
        """Make the calls that come before the button."""
        await run_in_threadpool(self._walk.prepare, self._case_of(request))
        return self._done(request)

    async def press(self, request: Request) -> Response:
        """Make the call of the button, and tell the script what to open."""
        fields = await _form(request)
        case = self._case_of(request)
        _, shown, call = await run_in_threadpool(self._walk.press, case, fields.get("step", ""))
        made = call.exchange
        go = f"{self._base}/go/{case}/{made.execution}/{made.number}" if shown.address else ""
        return self._done(request, {"go": go})

    async def by_hand(self, request: Request) -> Response:
        """Note that the person did a step outside."""
        fields = await _form(request)
        await run_in_threadpool(self._walk.done_by_hand, self._case_of(request), fields.get("step", ""))
        return self._done(request)

    async def again(self, request: Request) -> Response:
        """Begin the steps anew."""
        await run_in_threadpool(self._walk.start_over, self._case_of(request))
        return self._done(request)

    async def save(self, request: Request) -> Response:
        """Keep the answers."""
        case, edition, answers = await self._answers(request)
        try:
            situation = await run_in_threadpool(self._walk.save, case, edition, answers)
        except ConflictError as error:
            return await self._conflict(request, answers, error)
        return self._done(request, {"version": situation.version})

    async def record(self, request: Request) -> Response:
        """Make a result of the answers."""
        case, edition, answers = await self._answers(request)
        browser = words.browser_of(request.headers.get("user-agent", ""))
        try:
            await run_in_threadpool(self._walk.record, case, edition, answers, browser)
        except ConflictError as error:
            return await self._conflict(request, answers, error)
        except UnfitError as error:
            # What is there is kept all the same.
            await run_in_threadpool(self._walk.save, case, edition, answers)
            notice = Notice("bad", "The result is not recorded yet. Something is missing.", error.problems)
            return await self._case_page(request, entered=answers, notice=notice, status=422)
        return RedirectResponse(f"{self._base}/case/{case}?recorded=1", 303)

    async def add_picture(self, request: Request) -> Response:
        """Keep the picture that the body is."""
        data = await _body(request, MAX_PICTURE_BYTES)
        await run_in_threadpool(self._walk.add_picture, self._case_of(request), data)
        return self._done(request)

    async def remove_picture(self, request: Request) -> Response:
        """Take a picture out of the case."""
        fields = await _form(request)
        await run_in_threadpool(self._walk.remove_picture, self._case_of(request), fields.get("file", ""))
        return self._done(request)

    # What they share

    def _case_of(self, request: Request) -> str:
        case: str = request.path_params["case"]
        if case not in guides():
            raise KeyError(case)
        return case

    async def _answers(self, request: Request) -> tuple[str, Edition, Answers]:
        case = self._case_of(request)
        fields = await _form(request)
        return case, edition_of(fields), answers_of(fields, len(guides()[case].expected))

    async def _case_page(
        self, request: Request, *, entered: Answers | None = None, notice: Notice | None = None, status: int = 200
    ) -> Response:
        case = self._case_of(request)
        browser = words.browser_of(request.headers.get("user-agent", ""))

        def made() -> str:
            situation = self._walk.situation(case)
            return view.case_page(self._walk, situation, self._base, browser, entered=entered, notice=notice)

        return HTMLResponse(await run_in_threadpool(made), status)

    async def _conflict(self, request: Request, answers: Answers, error: ConflictError) -> Response:
        text = words.conflict(error.by, error.on, recorded=error.recorded)
        version = (await run_in_threadpool(self._walk.situation, self._case_of(request))).version
        if _by_script(request):
            return JSONResponse({"message": visible(text), "version": version}, 409)
        return await self._case_page(request, entered=answers, notice=Notice("warn", text, keep=version), status=409)

    def _done(self, request: Request, facts: dict[str, Any] | None = None) -> Response:
        if _by_script(request):
            return JSONResponse(facts or {})
        return RedirectResponse(f"{self._base}/case/{request.path_params['case']}#steps", 303)

    def _message(self, title: str, text: str, status: int) -> Response:
        return HTMLResponse(view.message_page(self._base, title, text), status)

    def _safely(self, do: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Return ``do`` with what can go wrong on the way turned into a clear answer, for a person or for the script."""

        async def answer(request: Request) -> Response:
            try:
                return await do(request)
            except Exception as error:
                status, title, text = _trouble(error)
                if status == 0:
                    raise
                if _by_script(request):
                    return JSONResponse({"message": visible(text)}, status)
                return self._message(title, text, status)

        return answer


STAYS = "What you entered stays on the page that you came from."

TROUBLES: tuple[tuple[type[Exception], int, str, Callable[[Any], str]], ...] = (
    (KeyError, 404, "Not here", lambda _: words.NOT_FOUND),
    (BusyError, 409, "One moment", lambda _: words.BUSY),
    (OutOfOrderError, 409, "The steps have changed", lambda _: words.OUT_OF_ORDER),
    (TooLargeError, 413, "Too large", lambda _: words.TOO_LARGE),
    (UnreadableFormError, 400, "Not understood", lambda _: words.UNREADABLE),
    (BadPicture, 422, "The picture was not kept", str),
    (ScriptEnded, 409, "The call was not made", lambda error: reason_words(error.reason)),
    (CannotStart, 503, "The attestations cannot be read or written", lambda error: f"{error} {STAYS}"),
    (CertificationError, 500, "The suite made a mistake", str),
    (OSError, 503, "It could not be written", lambda error: f"{error.strerror or error}. {STAYS}"),
)
"""What can go wrong: the exception, and the status, title and text of its answer; the first that fits counts."""


def _trouble(error: Exception) -> tuple[int, str, str]:
    """Return status, title and text for what went wrong; status 0 for what is not known."""
    for kind, status, title, text in TROUBLES:
        if isinstance(error, kind):
            return status, title, text(error)
    return 0, "", ""


def create_app(walk: Walk, token: str, port: int, images: Path) -> ASGIApp:
    """Return the page of ``walk`` as an ASGI application, behind its guard."""
    site = Site(walk, f"/{token}", images)

    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse(words.NOT_FOUND, 404)(scope, receive, send)

    return Guard(Router(site.routes(), redirect_slashes=False, default=nothing), token, port)


def _by_script(request: Request) -> bool:
    return request.headers.get("accept") == "application/json"


def _image(data: bytes, media_type: str) -> Response:
    return Response(data, media_type=media_type, headers={"content-security-policy": IMAGE_POLICY})


async def _form(request: Request) -> Any:
    return fields_of(await _body(request, MAX_FORM_BYTES))


async def _body(request: Request, limit: int) -> bytes:
    """Return the body; raises :class:`TooLargeError` before more than ``limit`` bytes are in memory."""
    pieces, size = list[bytes](), 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise TooLargeError
        pieces.append(piece)
    return b"".join(pieces)
