"""The product in a real browser: looks, keys, and the ways of showing it that take a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from accessibility import axe, violations
from browsing import Browser
from product_visitor import ANSWERS, PASSWORD, USER, Visitor
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from workspaces import served_app

from certification.reference import create_app, default_config

SCRIPTED = ("frame-form", "shadow-form", "hash-routes", "cookie-banner", "preparing-in-page")
BROKEN = {"script-error": "Cannot read properties of null", "api-blank": "500"}


@contextmanager
def opened(browser: Browser, **pages: Any) -> Iterator[tuple[Visitor, str]]:
    """The redirect of a first connect, and who made it."""
    config = default_config()
    with served_app(create_app(config, USER, PASSWORD, **pages)) as url, httpx.Client(base_url=url) as client:
        visitor = Visitor(client, config)
        browser.driver.get("about:blank")
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.complaints()
        yield visitor, visitor.connect()["redirect_uri"]


def complaints(browser: Browser) -> list[str]:
    """What the console says, without its advice on forms."""
    return [line for line in browser.complaints() if "[DOM]" not in line]


def fill(root: Any) -> None:
    """Answer what is shown, and press the button that is shown."""
    for box in root.find_elements(By.CSS_SELECTOR, "input"):
        if box.is_displayed() and box.get_attribute("type") == "password":
            box.send_keys(ANSWERS["password"])
        elif box.is_displayed() and box.get_attribute("type") == "checkbox":
            box.click()
    next(button for button in root.find_elements(By.CSS_SELECTOR, "form .primary") if button.is_displayed()).click()


def sign_up(browser: Browser) -> None:
    """Go through the form wherever it is: in the page, in a frame, in a shadow root."""
    for button in browser.all("#cookies button")[:1]:
        button.click()
    for frame in browser.all("iframe.form-frame"):
        browser.driver.switch_to.frame(frame)
    hosts = browser.all(".host")
    root = hosts[0].shadow_root if hosts else browser.driver
    fill(root)
    browser.driver.switch_to.default_content()


def test_pages_are_accessible_fit_every_width_and_have_no_complaint(browser: Browser) -> None:
    engine = axe()
    with opened(browser) as (_, address):
        site, _, ticket = address.partition("create-trial?")
        # Signing up lies between the pages that come before it and those that come after.
        pages = [
            "create-trial",
            "purchase-product",
            "contact-admin",
            "sign-in",
            "create-trial",
            "explore",
            "tutorial",
            "home",
        ]
        for width, dark in ((1280, False), (390, True)):
            browser.look(width=width, dark=dark)
            for place, page in enumerate(pages):
                browser.driver.get(f"{site}{page}?{ticket}")
                assert browser.run("return document.documentElement.scrollWidth") <= width, page
                if place == 4:
                    sign_up(browser)
                elif not dark or page in {"create-trial", "home"}:
                    assert violations(browser, engine) == [], page
            browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    assert complaints(browser) == []
    browser.look()


def test_a_user_signs_up_with_keys_alone_and_finds_the_connection_at_once(browser: Browser) -> None:
    with opened(browser) as (_, address):
        browser.driver.get(address)
        reached = []
        for _ in range(7):
            browser.driver.switch_to.active_element.send_keys(Keys.TAB)
            active = browser.driver.switch_to.active_element
            reached.append(active.get_attribute("name") or active.text)
            if active.get_attribute("name") == "password":
                active.send_keys(ANSWERS["password"])
            if active.get_attribute("name") == "terms":
                active.send_keys(Keys.SPACE)
        button = ["terms of service", "privacy policy", "Start free trial"]
        assert reached == ["Skip to the content", "email", "password", "terms", *button]
        browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
        source = browser.find("input[name=source]:checked")
        assert source.get_attribute("value") == "Databricks · organization"
        assert source.rect["y"] < 600


@pytest.mark.parametrize("name", SCRIPTED)
def test_a_variant_with_a_script_leads_to_the_connection(browser: Browser, name: str) -> None:
    with opened(browser, page_variants=[name]) as (visitor, address):
        browser.driver.get(address)
        sign_up(browser)
        if name == "preparing-in-page":
            assert "Creating your workspace" in browser.find("main").text
            visitor.client.get("/_clock?advance=120")
        wait = WebDriverWait(browser.driver, 10, 0.02)
        wait.until(lambda _: any("Databricks · organization" in each.text for each in browser.all(".source-name")))
        assert not browser.all("#cookies")
        assert complaints(browser) == []


@pytest.mark.parametrize(("name", "words"), BROKEN.items())
def test_a_page_that_breaks_says_so_in_the_console(browser: Browser, name: str, words: str) -> None:
    with opened(browser, page_faults=[name]) as (_, address):
        browser.driver.get(address)
        sign_up(browser)
        found: list[str] = []
        WebDriverWait(browser.driver, 10, 0.02).until(lambda _: found.extend(complaints(browser)) or found)
        assert words in found[0]
