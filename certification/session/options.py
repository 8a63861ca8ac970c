"""What a run is decided on: options, facts about the suite, and what the credentials allow."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest

import certification
from certification.cases.catalogue import catalogue_digest
from certification.client.client import Credentials
from certification.config.partner import PartnerConfig
from certification.evidence.records import Suite
from certification.evidence.redaction import Redactor
from certification.foundation.errors import Problem
from certification.foundation.safe_text import one_line


def use_pytest_as_we_do(config: pytest.Config) -> None:
    """Choose defaults of pytest that suit a certification; what the user said stays."""
    option: Any = config.option
    if option.verbose == 0:
        option.verbose = 1
    if option.tbstyle == "auto":
        option.tbstyle = "no"
    if option.reportchars == "fE":
        option.reportchars = ""


def suite_facts() -> Suite:
    """Return what the evidence says about the suite that made it."""
    libraries = {}
    for name in ("pytest", "httpx", "hypothesis", "jsonschema", "pytest-html", "faker", "pytest-xdist"):
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return Suite(
        "partner-connect-certification",
        certification.__version__,
        catalogue_digest(),
        sys.version.split()[0],
        libraries,
    )


def option_problems(option: Any) -> list[Problem]:
    """Return what is wrong with the values of our options."""
    problems = []
    if getattr(option, "dist", "no") == "each":
        problems.append(Problem("--dist=each", "each worker would run every case.", "Use -n N alone."))
    for name, value in (
        ("--certification-max-requests", option.certification_max_requests),
        ("--certification-max-rate", option.certification_max_rate),
        ("--certification-timeout", option.certification_timeout),
    ):
        if value is not None and not value > 0:
            problems.append(
                Problem(
                    f"{name}={value}", "the value must be greater than zero.", "Leave the option out for the default."
                )
            )
    if (
        len(option.certification_challenge) > 100
        or one_line(option.certification_challenge) != option.certification_challenge
    ):
        problems.append(
            Problem(
                "--certification-challenge",
                "the text is longer than 100 characters or not printable.",
                "Use the text that the validator gave you.",
            )
        )
    return problems


def weak_notes(credentials: Credentials, config: PartnerConfig | None) -> list[str]:
    """Return a note for each secret that cannot be looked for."""
    weak = Redactor(credentials.secrets, credentials.user, str(config.raw) if config else "").weak
    return [
        f"{name} is too short or too ordinary a word to be told from other text: it is not looked for in answers. Use a longer one."
        for name in weak
    ]
