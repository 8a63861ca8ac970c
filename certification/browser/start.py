"""Starting the browser that people have: which program, which driver, with which settings.

``SE_CHROMEDRIVER``, ``SE_OFFLINE`` and the other variables of selenium count as ever.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import Any

from certification.browser.gate import Gate
from certification.foundation.errors import CertificationError
from certification.foundation.installation import install_command
from certification.foundation.safe_text import one_line

KINDS = ("chrome", "edge", "firefox")
_PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "chrome": ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"),
    "edge": ("microsoft-edge", "microsoft-edge-stable", "msedge"),
    "firefox": ("firefox",),
}
_DRIVERS: Mapping[str, str] = {"chrome": "chromedriver", "edge": "msedgedriver", "firefox": "geckodriver"}


_TELLS_OTHERS = "PasswordLeakDetection,AutofillServerCommunication,OptimizationHints,Translate,MediaRouter,CertificateTransparencyComponentUpdater"
"""What a browser tells its maker about pages and what is typed into them."""


class NoBrowser(CertificationError):
    """No browser can be started; the message says what to do."""


def start(kind: str, gate: Gate, *, headed: bool) -> Any:
    """Return selenium's driver of a fresh browser behind ``gate``; raises :class:`NoBrowser` with what to do."""
    try:
        from selenium.common.exceptions import WebDriverException
    except ImportError:
        message = f"Looking at pages needs the library selenium, which is not installed. Install it with: {install_command('browser')}"
        raise NoBrowser(message) from None
    # What people have is used; nothing as large as a browser is fetched behind their backs.
    os.environ.setdefault("SE_AVOID_BROWSER_DOWNLOAD", "true")
    os.environ.setdefault("SE_AVOID_STATS", "true")
    program = next((path for name in _PROGRAMS[kind] if (path := shutil.which(name))), None)
    try:
        return _firefox(program, gate, headed) if kind == "firefox" else _chromium(kind, program, gate, headed)
    except (WebDriverException, OSError, ValueError) as error:
        said = one_line(str(getattr(error, "msg", None) or error), 300)
        raise NoBrowser(_no_browser(kind, said, headed=headed)) from None


def _no_browser(kind: str, said: str, *, headed: bool) -> str:
    if headed and any(word in said.lower() for word in ("display", "devtoolsactiveport", "cannot open")):
        return f"{kind} cannot open a window here ({said}). Leave --headed out, or start it where there is a screen."
    others = " or ".join(f"--browser {other}" for other in KINDS if other != kind)
    return f"{kind} cannot be started ({said}). Install it, together with {_DRIVERS[kind]}, or try {others}."


def _chromium(kind: str, program: str | None, gate: Gate, headed: bool) -> Any:  # noqa: FBT001 - internal
    from selenium import webdriver

    options: Any = webdriver.EdgeOptions() if kind == "edge" else webdriver.ChromeOptions()
    if program:
        options.binary_location = program
    for argument in (
        *([] if headed else ["--headless=new"]),
        "--no-sandbox" if _is_root() else "--disable-breakpad",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--disable-notifications",
        "--force-color-profile=srgb",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-quic",
        f"--disable-features={_TELLS_OTHERS}",
        f"--proxy-server=http://127.0.0.1:{gate.port}",
        "--proxy-bypass-list=<-loopback>",
        "--lang=en-US",
    ):
        options.add_argument(argument)
    options.add_experimental_option(
        "prefs",
        {
            "download_restrictions": 3,
            "credentials_enable_service": False,
            "profile.password_manager_enabled": False,
            "profile.password_manager_leak_detection": False,
            "autofill.profile_enabled": False,
            "safebrowsing.enabled": False,
        },
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.set_capability("unhandledPromptBehavior", "dismiss")
    options.page_load_strategy = "eager"
    return (
        webdriver.Edge(options=options) if kind == "edge" else webdriver.Chrome(options=options, service=_service(kind))
    )


def _firefox(program: str | None, gate: Gate, headed: bool) -> Any:  # noqa: FBT001 - internal
    from selenium import webdriver

    options: Any = webdriver.FirefoxOptions()
    if program:
        options.binary_location = program
    if not headed:
        options.add_argument("-headless")
    for name, value in {
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": gate.port,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": gate.port,
        "network.proxy.allow_hijacking_localhost": True,
        "network.proxy.no_proxies_on": "",
        "media.peerconnection.enabled": False,
        "browser.download.always_ask_before_handling_new_types": True,
        "intl.accept_languages": "en-US",
    }.items():
        options.set_preference(name, value)
    options.set_capability("unhandledPromptBehavior", "dismiss")
    options.page_load_strategy = "eager"
    return webdriver.Firefox(options=options)


def _service(kind: str) -> Any:
    from selenium.webdriver.chrome.service import Service

    driver = shutil.which(_DRIVERS[kind])
    # Without a driver on the path selenium looks for one itself, unless SE_OFFLINE forbids it.
    return Service(driver) if driver else Service()


def _is_root() -> bool:
    return getattr(os, "geteuid", lambda: 1)() == 0
