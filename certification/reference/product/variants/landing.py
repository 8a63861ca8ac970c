"""Other correct landing pages, and ways to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from certification.reference.product.catalogue import PageVariant
from certification.reference.product.parts import adds, having, orders, shows
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from starlette.responses import Response

    from certification.reference.product.accounts import Session
    from certification.reference.product.product import Source
    from certification.reference.product.visit import Visit


class Hops(Product):
    """Leads over two more addresses, as sign-on services do."""

    def after_sign_up(self, visit: Visit, session: Session) -> Response:
        return self.enter(visit, session, "callback")

    def respond(self, visit: Visit) -> Response | None:
        if visit.page == "callback":
            return self.show(visit, "variants/hop.html")
        return super().respond(visit)


def _alphabetical(databricks: Source, others: list[Source]) -> list[Source]:
    return sorted([databricks, *others], key=lambda source: source.name)


def _only(databricks: Source, _others: list[Source]) -> list[Source]:
    return [databricks]


def _unselected_but_first(databricks: Source, others: list[Source]) -> list[Source]:
    return [replace(databricks, selected=False), *others]


VARIANTS = (
    PageVariant(
        "sources-table", "Sources are rows of a table, Databricks first.", (shows(home="variants/sources_table.html"),)
    ),
    PageVariant(
        "sources-select",
        "Sources are a list to choose from, Databricks selected.",
        (shows(home="variants/sources_select.html"),),
    ),
    PageVariant(
        "sources-menu",
        "Sources are in a menu at the side, Databricks first and current.",
        (shows(home="variants/sources_menu.html"),),
    ),
    PageVariant(
        "sources-tabs", "Sources are tabs, that of Databricks is open.", (shows(home="variants/sources_tabs.html"),)
    ),
    PageVariant("databricks-alone", "Databricks is the only source.", (orders(_only),)),
    PageVariant(
        "databricks-selected",
        "Sources are in alphabetical order, and Databricks is selected.",
        (orders(_alphabetical),),
    ),
    PageVariant(
        "databricks-first", "Databricks is the first source, and none is selected.", (orders(_unselected_but_first),)
    ),
    PageVariant(
        "destination", "Databricks is the destination that is set.", (shows(home="variants/destination.html"),)
    ),
    PageVariant(
        "catalog-tree",
        "The landing page shows the catalog's schemas and tables at once.",
        (shows(home="variants/catalog_tree.html"),),
        review=("U210",),
    ),
    PageVariant(
        "dashboard",
        "The landing page is a dashboard of the workspace's data.",
        (shows(home="variants/dashboard.html"),),
        review=("U210",),
    ),
    PageVariant(
        "connection-details",
        "The connection's host and path are shown as text, with a link to change them.",
        (shows(home="variants/connection_details.html"),),
    ),
    PageVariant(
        "without-tutorial", "There is no tutorial.", (shows(home="variants/without_tutorial.html"),), advice=("U240",)
    ),
    PageVariant(
        "tutorial-overlay",
        "A tour covers the landing page until it is closed.",
        (shows(home="variants/tutorial_overlay.html"),),
        scripted=True,
    ),
    PageVariant(
        "verification-banner",
        "A banner asks to verify the e-mail address some day.",
        (shows(home="variants/verification_banner.html"),),
    ),
    PageVariant(
        "two-factor-later",
        "A banner offers a second factor for later.",
        (shows(home="variants/two_factor_later.html"),),
        review=("U140",),
    ),
    PageVariant(
        "search-field",
        "The bar has a field for searching, which is empty.",
        (shows(home="variants/search_field.html"),),
    ),
    PageVariant(
        "chat-widget",
        "A frame in the corner offers a chat, and asks for an address to answer to.",
        (adds("chat", "variants/chat_frame.html"), shows(home="variants/chat.html")),
        scripted=True,
    ),
    PageVariant(
        "missing-picture",
        "A picture of the landing page is gone.",
        (shows(home="variants/missing_picture.html"),),
        review=("U420",),
        advice=("U420",),
    ),
    PageVariant(
        "late-home",
        "The landing page is there after three seconds.",
        (shows(home="variants/late_home.html"),),
        scripted=True,
    ),
    PageVariant("hops", "Sign-up leads over a page that leads on by itself.", (Hops,)),
    PageVariant(
        "preparing-two-minutes", "The environment is ready after two minutes.", (having(ready_after=120.0),), clock=True
    ),
    PageVariant(
        "preparing-four-minutes",
        "The environment is ready after four and a half minutes.",
        (having(ready_after=270.0),),
        clock=True,
    ),
    PageVariant(
        "preparing-in-page",
        "A page with a growing bar looks every second whether the environment is ready, two minutes long.",
        (having(ready_after=120.0), shows(preparing="variants/preparing_in_page.html")),
        clock=True,
        scripted=True,
    ),
)
