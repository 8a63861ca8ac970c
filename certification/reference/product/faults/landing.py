"""Faults of the landing page: the Databricks connection is not where a user would look."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from certification.reference.product.catalogue import PageFault
from certification.reference.product.forms import Field, Step
from certification.reference.product.parts import interposes, orders, shows, speaks
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from certification.reference.product.product import Source


def _last(databricks: Source, others: list[Source]) -> list[Source]:
    return [*others, replace(databricks, selected=False)]


def _second(databricks: Source, others: list[Source]) -> list[Source]:
    return [others[0], replace(databricks, selected=False), *others[1:]]


def _alphabetical(databricks: Source, others: list[Source]) -> list[Source]:
    return sorted(_second(databricks, others), key=lambda source: source.name)


def _other_selected(databricks: Source, others: list[Source]) -> list[Source]:
    return [replace(others[0], selected=True), replace(databricks, selected=False), *others[1:]]


def _none(_databricks: Source, others: list[Source]) -> list[Source]:
    return others


WHERE = Step(
    "Where is your data?",
    "Choose a source to begin with.",
    (Field("source", "Source", "choice", options=("BigQuery", "Snowflake", "Redshift", "Databricks", "PostgreSQL")),),
    "continue",
)


def _hard(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    """Return a fault of a page on which the connection is hard to find."""
    return PageFault(name, title, ("U200",), parts, may=("U210",), **more)


def _behind(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    """Return a fault of a page on which another source comes first."""
    return PageFault(name, title, ("U210",), parts, may=("U200",), **more)


FAULTS = (
    _hard(
        "databricks-below-fold",
        "The sources stand below two screens of marketing.",
        shows(home="faults/below_fold.html"),
    ),
    _hard(
        "databricks-in-menu",
        "The connection is only in a menu that is closed.",
        shows(home="faults/in_menu.html"),
        scripted=True,
    ),
    _hard("databricks-logo-alone", "The connection is a picture without a word.", shows(home="faults/logo_alone.html")),
    _hard(
        "databricks-on-hover",
        "The connection's name shows while the pointer is above it.",
        shows(home="faults/on_hover.html"),
    ),
    _hard(
        "databricks-in-tab",
        "The connection is on a tab that is not open.",
        shows(home="faults/in_tab.html"),
        scripted=True,
    ),
    _hard(
        "databricks-in-details", "The connection is in a section that is closed.", shows(home="faults/in_details.html")
    ),
    _hard(
        "databricks-by-search",
        "The connection is found by those who search for it.",
        shows(home="faults/by_search.html"),
    ),
    _hard(
        "databricks-in-settings",
        "The landing page is empty; the connection is in the settings.",
        shows(home="faults/in_settings.html"),
    ),
    _hard(
        "databricks-in-carousel",
        "The connection is the third picture of a carousel.",
        shows(home="faults/in_carousel.html"),
    ),
    _hard(
        "landing-empty",
        "The landing page asks for a first source, as if there were none.",
        shows(home="faults/landing_empty.html"),
    ),
    _hard(
        "landing-empty-german",
        "The landing page asks for a first source, in German.",
        shows(home="faults/landing_empty.html"),
        speaks("de"),
    ),
    _hard(
        "databricks-missing",
        "The landing page lists other sources.",
        orders(_none),
        shows(home="faults/without_word.html"),
    ),
    _behind("databricks-last", "Databricks is the last of the sources.", orders(_last)),
    _behind(
        "databricks-last-japanese", "Databricks is the last of the sources, in Japanese.", orders(_last), speaks("ja")
    ),
    _behind("databricks-second", "Another source stands first, and none is selected.", orders(_second)),
    _behind(
        "databricks-alphabetical", "Sources are in alphabetical order, and none is selected.", orders(_alphabetical)
    ),
    _behind("other-selected", "Another source is selected.", orders(_other_selected)),
    _behind(
        "other-selected-in-list",
        "Another source is selected in a list.",
        orders(_other_selected),
        shows(home="variants/sources_select.html"),
    ),
    _behind(
        "databricks-last-in-table",
        "Databricks is the last row of a table.",
        orders(_last),
        shows(home="variants/sources_table.html"),
    ),
    _behind(
        "other-tab-open",
        "The tab of another source is open.",
        orders(_other_selected),
        shows(home="variants/sources_tabs.html"),
    ),
    _behind(
        "pick-databricks", "After sign-up the user has to pick Databricks among others.", interposes("source", WHERE)
    ),
)
