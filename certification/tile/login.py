"""Where the workspace is and who calls it, as Databricks' SDK knows it: profiles, environment, OAuth, Azure and GCP logins."""

from __future__ import annotations

import configparser
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certification.contract.internet_names import is_this_machine
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.installation import install_command
from certification.foundation.safe_text import one_line

EXTRA = "workspace"
PROBE_SECONDS = 5
"""The SDK asks a host what it is before it logs in; a host that is not there must not keep it for its usual minutes."""


@dataclass(frozen=True)
class Login:
    """A workspace, and what identifies the caller there."""

    host: str
    """Scheme and host, without a path."""
    headers: Callable[[], Mapping[str, str]]
    """Gives the headers of a call; a token that has expired is renewed."""

    @property
    def near(self) -> bool:
        """Whether the workspace is on this machine, so that it reaches what is here."""
        return is_this_machine(urlsplit(self.host).hostname or "")

    @property
    def secrets(self) -> dict[str, str]:
        """What must never be shown: the token as it is now."""
        try:
            token = dict(self.headers()).get("Authorization", "").partition(" ")[2]
        except Exception:  # noqa: BLE001 - whoever cannot log in has no secret to hide
            return {}
        return {"DATABRICKS_TOKEN": token} if token else {}


def log_in(profile: str | None, *, from_environment: bool = False) -> Login:
    """Return the login that ``profile`` of the SDK's config file names, or the environment, or what the SDK finds by itself.

    Raises :class:`CannotStart` when the extra is missing, when there is no such profile or nothing to log in with.
    """
    config_class = _sdk_config()
    given: dict[str, Any] = {"http_timeout_seconds": PROBE_SECONDS, "retry_timeout_seconds": 1}
    # Before the SDK looks at a host, it must be one that a token may go to.
    host = ""
    if profile:
        host = _host_of_profile(profile)
        given["profile"] = profile
    if from_environment:
        if not os.environ.get("DATABRICKS_HOST"):
            raise CannotStart(
                [
                    Problem(
                        "environment variable DATABRICKS_HOST",
                        "it is not set, and --env asks for it.",
                        "Set it to the address of your workspace, and DATABRICKS_TOKEN to a token.",
                    )
                ]
            )
        given["config_file"] = os.devnull
    host = host or os.environ.get("DATABRICKS_HOST", "")
    if host and (problem := _host_problem(host if "://" in host else f"https://{host}")):
        raise CannotStart([problem])
    try:
        config = config_class(**given)
    except Exception as error:  # noqa: BLE001 - the SDK raises many kinds, none of them is ours
        raise CannotStart([_no_login(error, profile)]) from None
    host = str(config.host or "")
    if problem := _host_problem(host):
        raise CannotStart([problem])
    return Login(host.rstrip("/"), config.authenticate)


def _sdk_config() -> Any:
    # What the SDK has to say while it looks around would stand among our lines.
    logging.getLogger("databricks.sdk").addHandler(logging.NullHandler())
    logging.getLogger("databricks.sdk").propagate = False
    try:
        from databricks.sdk.config import Config
    except ImportError:
        remedy = f"Install it with: {install_command(EXTRA)}"
        raise CannotStart(
            [Problem("databricks-sdk", "it is not installed, and knows how to log in to a workspace.", remedy)]
        ) from None
    return Config


def _host_of_profile(name: str) -> str:
    path = Path(os.environ.get("DATABRICKS_CONFIG_FILE") or "~/.databrickscfg").expanduser()
    try:
        reader = configparser.ConfigParser(default_section="", interpolation=None)
        reader.read_string(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "it is not UTF-8"
        raise CannotStart(
            [Problem(str(path), f"cannot be read: {what}.", "databricks configure writes it; or use --env.")]
        ) from None
    except configparser.Error as error:
        raise CannotStart(
            [Problem(str(path), f"is no config of profiles: {one_line(str(error), 200)}.", "Correct it.")]
        ) from None
    if not reader.has_section(name):
        there = ", ".join(reader.sections()) or "none"
        raise CannotStart([Problem(f"--profile {name}", f"{path} has no such profile.", f"It has: {there}.")])
    # Unlike elsewhere in files of this form, a profile does not inherit from DEFAULT.
    host = reader.get(name, "host", fallback="")
    if not host:
        raise CannotStart(
            [Problem(f"--profile {name}", f"the profile in {path} names no host.", "Add host = https://… to it.")]
        )
    return host


def _no_login(error: Exception, profile: str | None) -> Problem:
    where = f"--profile {profile}" if profile else "Databricks login"
    # The SDK names what it looked at; it masks what is secret.
    said = one_line(str(error).partition("Config:")[0], 300).rstrip(". ")
    remedy = "Name a profile with --profile, or set DATABRICKS_HOST and DATABRICKS_TOKEN; databricks auth login makes a profile."
    return Problem(where, f"the SDK cannot log in: {said}.", remedy)


def _host_problem(host: str) -> Problem | None:
    if not host:
        return Problem(
            "Databricks login", "no workspace is named.", "Name a profile with --profile, or set DATABRICKS_HOST."
        )
    try:
        parts = urlsplit(host)
        name = parts.hostname
    except ValueError:
        name = None
    if not name or parts.scheme not in {"http", "https"}:
        return Problem(
            f"host {host}", "this is no address of a workspace.", "Write it as https://….cloud.databricks.com."
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        return Problem(
            f"host {host}", "the address of a workspace has no path.", f"Write it as {parts.scheme}://{parts.netloc}."
        )
    if parts.scheme == "http" and not is_this_machine(name):
        return Problem(
            f"host {host}", "a token would leave this machine unencrypted.", f"Write it as https://{parts.netloc}."
        )
    if parts.username or parts.password:
        return Problem("host of the workspace", "it holds a user name or password.", "Take them out.")
    return None
