"""The pytest plugin's front: its options, and nothing else until one of them asks for a certification.

Without ``--partner-url`` or ``--partner-config`` this module is all that a pytest run loads of the package.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

PROFILES = ("quick", "standard", "thorough")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of a certification run."""
    group = parser.getgroup("certification", "Partner Connect certification")
    add = group.addoption
    add(
        "--partner-url",
        metavar="URL|reference",
        help="certify the Partner Connect API at this base address; 'reference' certifies the bundled reference partner. Credentials come from BASIC_USER, BASIC_PASSWORD and PAT_TOKEN.",
    )
    add(
        "--partner-config",
        metavar="FILE",
        help="the partner config (default: partner.json in the working directory, if there is one); without --partner-url its base_url is certified; empty for a trial run without a config",
    )
    add(
        "--certification-profile",
        choices=PROFILES,
        default="standard",
        help="how many generated examples to try (default: standard)",
    )
    add(
        "--certification-report",
        metavar="DIR",
        default="certification-report",
        help="folder of the report (default: certification-report)",
    )
    add(
        "--certification-seed",
        metavar="N",
        type=int,
        help="repeat the shapes of an earlier run (default: a new seed, which the report names)",
    )
    add("--certification-max-requests", metavar="N", type=int, help="stop after so many requests; narrows the run")
    add("--certification-max-rate", metavar="N", type=float, help="send at most so many requests per second")
    add(
        "--certification-timeout",
        metavar="SECONDS",
        type=float,
        default=60.0,
        help="wait so long for an answer (default: 60, as Databricks does); another value narrows the run",
    )
    add(
        "--certification-challenge",
        metavar="TEXT",
        default="",
        help="a text from the validator that becomes part of the run's id, to show that the run is newer than the text",
    )
    add(
        "--certification-waivers",
        metavar="FILE",
        help="a file with the waivers that Databricks approved, such as onboarding.json; the verdict says that it rests on them",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Leave the conftest files of the project in which a certification happens to be started alone.

    Output is not captured: no case prints, and the line that says what is going on is written while one runs.
    """
    options: Any = early_config.known_args_namespace
    if getattr(options, "partner_url", None) is not None or getattr(options, "partner_config", None) is not None:
        options.noconftest = True
        if options.capture == "fd":
            options.capture = "no"
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Hand over to the session when a certification was asked for."""
    option = config.option
    if (option.partner_url is None and option.partner_config is None) or option.help:
        return
    from certification.session import register

    register(config)
