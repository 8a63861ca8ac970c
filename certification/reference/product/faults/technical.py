"""Faults of the pages themselves: scripts that fail, layouts that do not fit, controls that no key reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from certification.reference.product.catalogue import PageFault
from certification.reference.product.parts import ends, having, shows
from certification.reference.product.product import HEADERS, Product

if TYPE_CHECKING:
    from starlette.responses import Response

    from certification.reference.product.visit import Visit

INSIDE = ("U150", "U200", "U210")


class BrokenApi(Product):
    """Answers 500 where the landing page's script asks for its data."""

    def respond(self, visit: Visit) -> Response | None:
        if visit.page == "workspaces.json":
            return PlainTextResponse("Internal Server Error", 500, HEADERS)
        return super().respond(visit)


class BrokenHome(Product):
    def home(self, visit: Visit) -> Response:
        del visit
        return PlainTextResponse("Internal Server Error", 500, HEADERS)


def _technical(
    name: str, title: str, *parts: type[Product], may: tuple[str, ...] = (), advice: bool = False
) -> PageFault:
    return PageFault(name, title, ("U420",), parts, may=may, advice=advice, scripted=True)


FAULTS = (
    _technical("script-error", "A script of every page fails.", having(scripts=("throws.js",))),
    _technical(
        "script-error-later",
        "A script of the landing page fails after a second.",
        shows(home="faults/script_error_home.html"),
    ),
    _technical(
        "script-rejected",
        "A promise of the landing page is rejected, and nobody looks.",
        shows(home="faults/script_rejected.html"),
    ),
    _technical(
        "api-blank",
        "The landing page needs data that answers 500, and stays blank.",
        BrokenApi,
        shows(home="faults/api_blank.html"),
        may=INSIDE,
    ),
    _technical(
        "script-missing-blank",
        "The landing page's script is gone, and the page stays blank.",
        shows(home="faults/script_missing.html"),
        may=INSIDE,
    ),
    _technical(
        "sign-up-blank",
        "The sign-up page's script fails before it shows the form.",
        shows(sign_up="faults/sign_up_blank.html"),
        may=("U100", "U120", *INSIDE),
    ),
    _technical("home-breaks", "The landing page answers 500.", BrokenHome, may=INSIDE),
    _technical(
        "too-wide-sign-up",
        "The sign-up page scrolls sideways on a phone.",
        shows(sign_up="faults/too_wide_sign_up.html"),
    ),
    _technical(
        "too-wide-home", "The landing page scrolls sideways on a phone.", shows(home="faults/too_wide_home.html")
    ),
    _technical(
        "fixed-width",
        "Pages are laid out for 1100 pixels, whatever the screen is.",
        shows(sign_up="faults/fixed_width.html"),
    ),
    _technical(
        "fields-unreachable",
        "No key leads to the fields.",
        shows(sign_up="faults/fields_unreachable.html"),
        advice=True,
    ),
    _technical(
        "button-unreachable",
        "The button is drawn, and no key leads to it.",
        shows(sign_up="faults/button_unreachable.html"),
        advice=True,
    ),
    PageFault(
        "plain-http",
        "Sign-up leads to a page over plain HTTP.",
        ("U420",),
        (ends("faults/plain_http.html"),),
        may=("U150",),
        unreached=("U150", "U160", "U200", "U210", "U300"),
    ),
    PageFault(
        "plain-http-link",
        "The landing page's button leads to an address over plain HTTP.",
        ("U420",),
        (shows(home="faults/plain_http_link.html"),),
        advice=True,
    ),
)
