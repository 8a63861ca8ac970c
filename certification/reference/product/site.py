"""HTTP around the product: pages, their style sheet and scripts, and the clock that a test can put forward."""

from __future__ import annotations

from importlib.resources import files
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from certification.reference.product.product import COOKIE, HEADERS
from certification.reference.product.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from certification.reference.product.product import Product

LARGEST_FORM = 100_000
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Site:
    """The product's part of the partner's server."""

    def __init__(self, product: Product, prefix: str, missing: Callable[[], Response]) -> None:
        """``missing`` makes the answer for a page that is not there."""
        self._product = product
        self._prefix = prefix
        self._missing = missing

    def routes(self) -> list[Route]:
        """Return what answers which path."""
        routes = [
            Route(f"{self._prefix}/app/assets/{{name}}", self._asset),
            Route(f"{self._prefix}/app/{{page}}", self._page, methods=["GET", "POST"]),
        ]
        if self._product.clock_shown:
            routes.append(Route(f"{self._prefix}/_clock", self._clock))
        return routes

    async def _page(self, request: Request) -> Response:
        posted = request.method == "POST"
        raw = await _read(request) if posted else b""
        if raw is None:
            return PlainTextResponse("The form is too large.", status_code=413, headers=HEADERS)
        ticket = self._product.tickets.find(request.query_params.get("ticket", ""))
        visit = Visit(
            page=request.path_params["page"],
            base=f"{self._prefix}/app",
            posted=posted,
            query=dict(request.query_params),
            form=dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)),
            cookies=request.cookies,
            ticket=ticket,
            session=self._product.accounts.session(request.cookies.get(COOKIE, "")),
        )
        return self._product.respond(visit) or self._missing()

    async def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        stem, _, ending = name.partition(".")
        asset = files(__package__).joinpath("static", name)
        # A name is letters and hyphens: nothing that could lead out of the folder.
        if ending not in TYPES or not stem.replace("-", "").isalnum() or not asset.is_file():
            return self._missing()
        return Response(asset.read_bytes(), media_type=TYPES[ending], headers=HEADERS)

    async def _clock(self, request: Request) -> Response:
        if request.client is None or not ip_address(request.client.host).is_loopback:
            return self._missing()
        seconds = request.query_params.get("advance", "0")
        if not seconds.isascii() or not seconds.isdigit():
            return PlainTextResponse("advance takes whole seconds.", status_code=400, headers=HEADERS)
        self._product.clock.advance(int(seconds))
        return JSONResponse({"now": round(self._product.clock.now(), 3)}, headers=HEADERS)


async def _read(request: Request) -> bytes | None:
    """Return the body, or None when it is larger than any form."""
    chunks: list[bytes] = []
    async for chunk in request.stream():
        chunks.append(chunk)
        if sum(map(len, chunks)) > LARGEST_FORM:
            return None
    return b"".join(chunks)
