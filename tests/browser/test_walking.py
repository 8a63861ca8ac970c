"""The walk in a real Chromium: the reference product, a fault of it, and pages that do what a guest should not."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest
from hostile_site import hostile_site

from certification.accuracy.usability import Window, look
from certification.usability.hints import Hints
from certification.usability.judge import judge
from certification.usability.tour import SIZES
from certification.usability.visit import End, Known, Purpose, Visit
from certification.usability.walk import Walker

KNOWN = Known("ada@acorn-x1.com", "Ada", "Byrne", "dbc-77.cloud.databricks.com", "", "", "dbc-77")


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    if not shutil.which("chromedriver"):
        pytest.skip("no chromedriver is installed, so pages cannot be walked through in a browser")
    it = Window()
    yield it
    it.close()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with hostile_site() as base:
        yield base


def violated(window: Window, fault: str = "", variant: str = "") -> set[str]:
    seen = look(window, fault, variant, sizes=SIZES[1:])
    return {each.statement for each in judge(seen.visits) if str(each.state) == "violated"}


def walked(window: Window, address: str) -> Visit:
    with window.opened(*SIZES[0]) as browser:
        walker = Walker(browser, time, lambda host: host == "127.0.0.1", Hints(), lambda png: str(len(png)))
        return walker.visit(Purpose.CREATE_TRIAL, address, KNOWN)


def test_the_reference_product_is_accused_of_nothing(window: Window) -> None:
    assert violated(window) == set()


def test_a_fault_of_its_pages_is_found(window: Window) -> None:
    assert violated(window, "asks-company") == {"U100", "U110"}


@pytest.mark.parametrize(
    ("page", "end"), [("leave", End.ARRIVED), ("away", End.UNREACHABLE), ("download", End.UNREACHABLE)]
)
def test_a_page_that_misbehaves_comes_to_a_clear_end(window: Window, site: str, page: str, end: End) -> None:
    assert walked(window, f"{site}/{page}").end is end
