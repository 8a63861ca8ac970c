"""The walk as people take it: the command, a real browser, every manual case, and what is in the file afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import partners
import uvicorn
from accessibility import axe, violations
from browsing import Browser
from pictures import png
from running import environment
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from walking import Person, made

from certification.attestations.file import read_attestations
from certification.attestations.standing import damages, standings
from certification.config.partner import read_config
from certification.reference.server import server_config
from certification.run.reference_process import ReferencePartner, reference_config, with_loopback
from certification.walkthrough.guide import guides
from certification.walkthrough.server import Opened, open_page


class Visitor:
    """Somebody who looks at the page in a browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.driver = browser.driver
        self.own = self.driver.current_window_handle

    def waits(self, until: Callable[[], Any]) -> Any:
        return WebDriverWait(self.driver, 30, 0.02, (StaleElementReferenceException,)).until(lambda _: until())

    def sees(self, selector: str) -> Any:
        return self.waits(lambda: next((each for each in self.browser.all(selector) if each.is_displayed()), None))

    def introduces(self) -> None:
        for name, value in (("by", "Ann Lee"), ("organisation", "Acorn"), ("role", "QA")):
            self.browser.find(f"#{name}").send_keys(value)
        self.browser.find("#you button").click()

    def done(self) -> list[str]:
        script = "return [...document.querySelectorAll('.steps li .state')].map((each) => each.textContent)"
        return list(self.browser.run(script))

    def activates(self, name: str, *, by_keyboard: bool) -> None:
        if by_keyboard:
            self.tabs_to(name)
            self.presses(Keys.ENTER)
        else:
            self.browser.find(f"#{name}").click()

    def answers(self, number: int, *, by_keyboard: bool) -> None:
        if by_keyboard:
            self.tabs_to(f"seen-{number}=seen")
            self.presses(Keys.SPACE)
        else:
            self.browser.find(f"#seen-{number} input[value=seen]").click()

    def connects(self) -> str:
        """Presses the button; returns the heading of the page that was opened, or the error that Databricks shows."""
        before = self.done().count("Done")
        self.browser.find("#connect").click()
        self.waits(lambda: self.done().count("Done") > before)
        if self.browser.all(".shown.error"):
            return str(self.browser.find(".shown .dialog").text)
        opened = self.waits(lambda: [each for each in self.driver.window_handles if each != self.own])
        self.driver.switch_to.window(opened[0])
        heading = self.waits(lambda: [each.text for each in self.browser.all("h1")])[0]
        assert self.driver.execute_script("return [window.opener, document.referrer]") == [None, ""]
        self.driver.close()
        self.driver.switch_to.window(self.own)
        return str(heading)

    def presses(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def tabs_to(self, name: str) -> None:
        """Goes on with the Tab key until the element called ``name`` has the focus, which must then be seen."""
        for _ in range(80):
            focused = self.browser.run("const e = document.activeElement; return [e.id, e.name || '', e.value || '']")
            if name in focused or name == "=".join(focused[1:]):
                outline = self.browser.run("return getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", name
                return
            self.presses(Keys.TAB)
        message = f"{name} cannot be reached with the keyboard"
        raise AssertionError(message)


@contextmanager
def command(folder: Path, url: str) -> Iterator[str]:
    """Run ``partner-connect walkthrough`` as a user does; gives its address, and ends it with Ctrl-C."""
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='128' height='128'/>")
    process = subprocess.Popen(
        [sys.executable, "-m", "certification", "walkthrough", "partner.json", "--url", url, "--no-open"],
        cwd=folder,
        env=environment({"BASIC_USER": partners.USER, "BASIC_PASSWORD": partners.PASSWORD, "DISPLAY": ""}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "Ctrl-C" not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], lines
    with process:
        try:
            yield next(line.strip() for line in lines if line.strip().startswith("http://127.0.0.1:"))
        finally:
            process.send_signal(signal.SIGINT)
        assert process.stdout.read() == ""
        assert process.wait(30) == 0


HEADINGS = {
    "M301": "Welcome back",
    "M402": "This connection is gone.",
    "M500": "Your trial is over",
    "M501": "Your trial is over",
}


def test_every_manual_case_is_walked_through_and_recorded(browser: Browser, tmp_path: Path) -> None:
    config = with_loopback(reference_config())
    (tmp_path / "partner.json").write_text(json.dumps(config.raw), encoding="utf-8")
    (tmp_path / "shot.png").write_bytes(png(40, 30))
    partner = ReferencePartner(config.raw, user=partners.USER, password=partners.PASSWORD)
    headings: dict[str, list[str]] = {}
    try:
        with command(tmp_path, partner.url) as url:
            visitor = Visitor(browser, url)
            browser.driver.get(url)
            browser.complaints()
            visitor.introduces()
            visitor.sees("#next").click()
            for case in guides():
                visitor.sees("#answers")
                assert browser.driver.current_url == f"{url}case/{case}"
                _walks(visitor, case, headings.setdefault(case, []), tmp_path)
            visitor.sees("#go-title")
            assert "All cases are done" in browser.find("#main").text
            assert "15 of 15 done" in browser.find("#count").text
            complaints = [each for each in browser.complaints() if "/favicon.ico" not in each]
            assert complaints == []
    finally:
        partner.stop()
    for case, heading in HEADINGS.items():
        assert headings[case] == [heading], case
    assert [len(each) for each in headings.values()] == [1, 1, 1, 0] + [1] * 9 + [2, 2]
    document = read_attestations(tmp_path / "attestations.json")
    assert list(damages(document, tmp_path)) == []
    states = {each.case.id: each.state for each in standings(document, read_config(tmp_path / "partner.json"), document.attestations[0].suite, "partner")}  # fmt: skip
    assert states == {**dict.fromkeys(guides(), "passed"), "M201": "not_applicable"}
    assert document.drafts == ()
    first = document.newest("M100", "partner")
    assert first is not None
    assert (first.by, first.organisation, first.role) == ("Ann Lee", "Acorn", "QA")
    assert first.words == "All went well."
    assert first.browser.startswith("Chrome ")
    assert [picture.size for picture in first.pictures] == [len(png(40, 30))]
    for each in document.attestations:
        assert each.case == "M201" or [call for call in each.calls if call.exchange.status in {200, 404}]
    text = (tmp_path / "attestations.json").read_text(encoding="utf-8")
    assert "ticket={…}" in text
    assert text.count("ticket=") == text.count("ticket={…}")
    assert partners.PASSWORD not in text


def _walks(visitor: Visitor, case: str, headings: list[str], folder: Path) -> None:
    browser = visitor.browser
    if case == "M201":
        # As a whole it does not apply.
        browser.find("#answers details summary").click()
        visitor.sees("#reason").send_keys("We write no tables.")
    else:
        by_keyboard = case == "M300"
        while browser.all("#prepare") or "Next" in visitor.done():
            if browser.all("#prepare"):
                visitor.activates("prepare", by_keyboard=by_keyboard)
                visitor.waits(lambda: not browser.all("#prepare"))
            else:
                headings.append(visitor.connects())
        for number in range(len(guides()[case].expected)):
            visitor.answers(number, by_keyboard=by_keyboard)
    if guides()[case].real_workspace and case != "M201":
        browser.find("#workspace").send_keys("e2-demo")
    if case == "M100":
        _adds_words_and_a_picture(visitor, folder)
    visitor.activates("record", by_keyboard=case == "M300")
    visitor.sees("#notice.good")
    browser.find("#next").click()


def _adds_words_and_a_picture(visitor: Visitor, folder: Path) -> None:
    browser = visitor.browser
    browser.find("#words").send_keys("All went well.")
    browser.find("#file").send_keys(str(folder / "shot.png"))
    visitor.sees("#pictures img")
    assert visitor.waits(lambda: browser.run("return document.querySelector('#pictures img').naturalWidth")) == 40
    # Nothing is lost when the page is closed without a word.
    browser.driver.get("about:blank")
    browser.driver.get(f"{visitor.url}case/M100")
    assert browser.find("#words").get_attribute("value") == "All went well."
    assert browser.find("#seen-2 input[value=seen]").is_selected()


@contextmanager
def served(person: Person) -> Iterator[Opened]:
    """Serve the page of a walk from this process."""
    opened = open_page(person.walk, person.walk.file.folder)
    server = uvicorn.Server(server_config(opened.app, "1.1"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened.listener]}, daemon=True)
    thread.start()
    yield opened
    server.should_exit = True
    thread.join()
    opened.listener.close()


def test_the_pages_are_accessible_and_fit_every_width(browser: Browser, tmp_path: Path) -> None:
    engine = axe()
    person = Person(made(tmp_path, trial_type="user", supports_demo=False))
    person.introduces()
    person.does("M301")
    person.post("case/M301/record", person.answers("M301", words="fine"))
    person.does("M402")
    (tmp_path / "attestations").mkdir()
    person.walk.add_picture("M402", png(300, 200))
    with served(person) as opened:
        browser.driver.get(opened.url)
        for place, (width, dark) in enumerate(((1280, False), (390, True), (390, False), (1280, True))):
            browser.look(width=width, dark=dark)
            for page in ("", "case/M101", "case/M301", "case/M402"):
                browser.driver.get(opened.url + page)
                if page == "case/M402":
                    browser.find("#record").click()
                    WebDriverWait(browser.driver, 30, 0.02).until(lambda _: browser.all("#notice"))
                assert browser.run("return document.documentElement.scrollWidth") <= width, page
                # The four looks differ in colours and in the layout; what they share is looked at in two of them.
                if place < 2:
                    assert violations(browser, engine) == [], (page, width, dark)
    browser.look()


def test_two_browsers_at_once_and_a_command_that_has_ended(browser: Browser, tmp_path: Path) -> None:
    person = Person(made(tmp_path))
    person.introduces()
    with served(person) as opened:
        visitor = Visitor(browser, opened.url)
        browser.driver.get(f"{opened.url}case/M100")
        other = Person(made(tmp_path))
        other.introduces("Bo Chen")
        other.post("case/M100/save", other.answers("M100", words="theirs"))
        browser.find("#words").send_keys("mine")
        browser.find("#workspace").click()
        assert "Bo Chen changed this case meanwhile" in visitor.sees("#trouble").text
        assert person.kept.drafts[0].words == "theirs"
        browser.find("#trouble button + button").click()
        visitor.waits(lambda: person.kept.drafts[0].words == "mine")
        visitor.waits(lambda: not browser.all("#trouble"))
    browser.find("#words").send_keys(" and more")
    browser.find("#workspace").click()
    assert "Is it still running?" in visitor.sees("#trouble").text
    assert browser.find("#words").get_attribute("value") == "mine and more"
