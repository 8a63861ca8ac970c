"""The browser behind a thin interface: open, look, type, press, picture, log.  Needs the extra ``browser`` (selenium).

It drives the Chrome, Chromium, Edge or Firefox that people have, each time with a fresh profile, and through the gate.
Whatever goes wrong ends in one of two exceptions: :class:`NoBrowser` where none can be started, and :class:`PageStopped` where
a page made going on impossible.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from certification.browser.gate import Gate
from certification.browser.page import Page, Place
from certification.browser.start import start
from certification.foundation.errors import CertificationError
from certification.foundation.safe_text import one_line
from certification.foundation.typed_json import MismatchError, from_json

LOAD_SECONDS = 30
"""How long one page may load before it is looked at as it is."""

ANSWER_SECONDS = 60
"""How long the browser itself may take for anything; one that takes longer hangs."""

MAX_LOG = 100
MAX_TRIES = 15
"""How often a page is looked at that goes away at that moment."""

MAX_PICTURE_HEIGHT = 3_000
"""CSS pixels of a page that a picture shows; pages may be endless."""


class Stop(StrEnum):
    """Why a page could not be looked at any further."""

    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    UNREACHABLE = "unreachable"
    NOT_THERE = "not there"
    """What was to be filled or pressed is gone, or covered."""


class PageStopped(CertificationError):
    """A page made going on impossible."""

    def __init__(self, stop: Stop, detail: str = "") -> None:
        """Take why, and what the browser said, in one bounded line."""
        super().__init__(f"{stop}: {detail}" if detail else stop)
        self.stop, self.detail = stop, detail


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line of the browser's own log."""

    kind: str
    """``javascript``, ``network`` or what else the browser calls it."""
    text: str


class Browser:
    """One window with a fresh profile; use it in a ``with`` statement."""

    def __init__(self, kind: str, gate: Gate, width: int, height: int, *, headed: bool = False) -> None:
        """Start ``kind`` (one of :data:`KINDS`) ``width`` by ``height`` CSS pixels large; raises :class:`NoBrowser`."""
        self.width, self.height = width, height
        self._kind = kind
        self._snapshot = files("certification.browser").joinpath("snapshot.js").read_text(encoding="utf-8")
        self._driver: Any = start(kind, gate, headed=headed)
        self._driver.command_executor.client_config.timeout = ANSWER_SECONDS
        self._driver.set_page_load_timeout(LOAD_SECONDS)
        self._driver.set_script_timeout(LOAD_SECONDS)
        self._size()

    def __enter__(self) -> Self:
        """Return the window."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the window and forget its profile."""
        with suppress(Exception):
            self._driver.quit()

    def _size(self) -> None:
        if self._kind == "firefox":
            self._driver.set_window_size(self.width, self.height)
            return
        # A window cannot be narrower than its buttons; what the page is told can.
        self._driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": self.width, "height": self.height, "deviceScaleFactor": 1, "mobile": False},
        )

    @property
    def name(self) -> str:
        """Return which browser it is, with its version."""
        said = self._driver.capabilities
        return one_line(f"{said.get('browserName', self._kind)} {said.get('browserVersion', '')}".strip(), 100)

    def forget(self) -> None:
        """Forget what pages have stored, as if the profile were fresh; Chromium only."""
        with _stops():
            self._driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
            with suppress(Exception):
                self._driver.execute_script("localStorage.clear(); sessionStorage.clear()")
            self._driver.get("about:blank")
            self._size()
            self._driver.get_log("browser")

    def open(self, address: str) -> None:
        """Open ``address``; a page that goes on loading is looked at as it is.  Raises :class:`PageStopped`."""
        from selenium.common.exceptions import TimeoutException

        with _stops():
            try:
                self._driver.get(address)
            except TimeoutException:
                self._driver.execute_script("window.stop()")

    def page(self) -> Page:
        """Return what is visible now; raises :class:`PageStopped`."""
        for left in reversed(range(MAX_TRIES)):
            try:
                with _stops():
                    self._only_one_window()
                    seen = self._driver.execute_script(self._snapshot)
                return from_json(Page, seen)
            except MismatchError as error:
                # A dialog cuts the look short; it is dismissed by the next one.
                if seen is not None or not left:
                    raise PageStopped(Stop.NOT_THERE, f"the page cannot be read ({error})") from None
                time.sleep(0.2)
            except PageStopped as stopped:
                # It gave way to the next page at this moment.
                if not left or stopped.stop not in {Stop.UNREACHABLE, Stop.NOT_THERE}:
                    raise
                time.sleep(0.2)
        raise AssertionError

    def fill(self, number: int, text: str) -> None:
        """Type ``text`` into element ``number`` of the last :meth:`page`, in place of what stands there."""
        from selenium.webdriver import ActionChains
        from selenium.webdriver.common.keys import Keys

        with _stops():
            self._point(number, "element.focus(); element.select?.();")
            keys = ActionChains(self._driver)
            keys.send_keys(Keys.END, Keys.BACKSPACE).send_keys(text) if text else keys.send_keys(Keys.DELETE)
            keys.perform()

    def choose(self, number: int, place: int) -> None:
        """Choose option ``place`` of the list ``number``."""
        with _stops():
            self._point(
                number,
                "element.selectedIndex = arguments[1];"
                "for (const name of ['input', 'change']) element.dispatchEvent(new Event(name, { bubbles: true }));",
                place,
            )

    def press(self, number: int) -> None:
        """Press element ``number`` with the mouse where it is visible, else as the keyboard would."""
        with _stops():
            where = self._point(
                number,
                "element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });"
                "let box = element.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;"
                "let hit = element.getRootNode().elementFromPoint?.(x, y);"
                "const clear = hit && (element === hit || element.contains(hit) || hit.contains(element) || [...(element.labels ?? [])].some((label) => label.contains(hit)));"
                "for (let view = element.ownerDocument.defaultView; view !== view.parent && view.frameElement; view = view.parent) {"
                "  const frame = view.frameElement.getBoundingClientRect(); x += frame.left; y += frame.top; }"
                "if (!clear) { element.focus(); element.click(); return null; }"
                "return [x, y];",
            )
            if where:
                self._click(round(where[0]), round(where[1]))

    def reload(self) -> None:
        """Load the page anew."""
        with _stops():
            self._driver.refresh()

    def cookie(self, name: str, value: str) -> None:
        """Set a cookie for the host of the page."""
        with _stops():
            self._driver.add_cookie({"name": name, "value": value})

    def picture(self, marks: tuple[tuple[Place, str], ...] = ()) -> bytes:
        """Return the page as PNG, from its top, with a numbered frame around each of the ``marks``."""
        with _stops():
            self._driver.execute_script(
                _FRAMES, [[mark.x, mark.y, mark.width, mark.height, text] for mark, text in marks]
            )
            try:
                return self._shot()
            finally:
                self._driver.execute_script("document.getElementById('partner-connect-marks')?.remove()")

    def marked(self, picture: bytes, marks: tuple[tuple[Place, str], ...]) -> bytes:
        """Return the PNG ``picture``, which :meth:`picture` took, with a numbered frame around each of the ``marks``."""
        with _stops():
            self._driver.get("about:blank")
            self._driver.execute_async_script(
                "const done = arguments[1], image = new Image(); document.body.style.margin = 0;"
                "image.style.display = 'block'; image.onload = image.onerror = () => done();"
                "image.src = 'data:image/png;base64,' + arguments[0]; document.body.append(image);",
                base64.b64encode(picture).decode(),
            )
        return self.picture(marks)

    def complaints(self) -> tuple[Complaint, ...] | None:
        """Return what the browser's log says since it was last asked; None where the browser has no log to read."""
        if self._kind == "firefox":
            return None
        with _stops():
            lines = self._driver.get_log("browser")
        return tuple(
            Complaint(str(line.get("source", "")), one_line(str(line.get("message", "")), 300))
            for line in lines[:MAX_LOG]
            if line.get("level") == "SEVERE"
        )

    def _point(self, number: int, do: str, *more: Any) -> Any:
        """Run ``do`` on element ``number`` of the last snapshot."""
        script = (
            "const element = window[Symbol.for('partner-connect')]?.[arguments[0]];"
            "if (!element || !element.isConnected) throw new Error('gone');" + do
        )
        return self._driver.execute_script(script, number, *more)

    def _click(self, x: int, y: int) -> None:
        from selenium.webdriver.common.actions.action_builder import ActionBuilder
        from selenium.webdriver.common.actions.mouse_button import MouseButton

        actions = ActionBuilder(self._driver)
        pointer: Any = actions.pointer_action
        pointer.move_to_location(x, y)
        pointer.pointer_down(MouseButton.LEFT)
        pointer.pointer_up(MouseButton.LEFT)
        actions.perform()

    def _only_one_window(self) -> None:
        """Go on in the newest window, as a person would, and close the others."""
        handles = self._driver.window_handles
        for handle in handles[:-1]:
            self._driver.switch_to.window(handle)
            self._driver.close()
        if len(handles) > 1:
            self._driver.switch_to.window(handles[-1])
            self._size()

    def _shot(self) -> bytes:
        if self._kind == "firefox":
            whole: bytes = self._driver.get_full_page_screenshot_as_png()
            return whole
        height = int(self._driver.execute_script("return document.documentElement.scrollHeight"))
        clip = {
            "x": 0,
            "y": 0,
            "width": self.width,
            "height": max(self.height, min(height, MAX_PICTURE_HEIGHT)),
            "scale": 1,
        }
        how = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        shot = self._driver.execute_cdp_cmd("Page.captureScreenshot", how)
        return base64.b64decode(shot["data"])


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height that the head of a PNG names."""
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


_FRAMES = """
const layer = document.createElement("div");
layer.id = "partner-connect-marks";
layer.style.cssText = "position:absolute;left:0;top:0;z-index:2147483647;pointer-events:none";
for (const [x, y, width, height, text] of arguments[0]) {
  const frame = document.createElement("div");
  frame.style.cssText = `position:absolute;box-sizing:border-box;left:${x - 4}px;top:${y - 4}px;width:${width + 8}px;height:${height + 8}px;border:3px solid #d4145a;border-radius:4px`;
  const tag = document.createElement("div");
  tag.textContent = text;
  tag.style.cssText = "position:absolute;left:-3px;top:-24px;background:#d4145a;color:#fff;font:bold 14px/20px sans-serif;padding:0 7px;border-radius:4px";
  frame.append(tag);
  layer.append(frame);
}
document.documentElement.append(layer);
"""


@contextmanager
def _stops() -> Iterator[None]:
    """Turn what the browser says went wrong into :class:`PageStopped`."""
    from selenium.common.exceptions import TimeoutException, UnexpectedAlertPresentException, WebDriverException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (HTTPError, OSError):
        raise PageStopped(Stop.CRASHED, "the browser does not answer") from None
    except UnexpectedAlertPresentException:
        # The dialog is dismissed by now, as a person would have done.
        raise PageStopped(Stop.NOT_THERE, "a dialog of the page stood in the way") from None
    except TimeoutException:
        raise PageStopped(Stop.TIMED_OUT) from None
    except WebDriverException as error:
        said = one_line(str(error.msg or ""), 200)
        crashed = any(
            word in said for word in ("crash", "disconnected", "not reachable", "invalid session", "no such window")
        )
        gone = "gone" in said or "stale" in said
        kind = Stop.CRASHED if crashed else Stop.NOT_THERE if gone else Stop.UNREACHABLE
        raise PageStopped(kind, said) from None
