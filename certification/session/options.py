"""What a run is decided on: options, facts about the suite, and what the credentials allow."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest

import certification
from certification.cases.catalogue import catalogue, catalogue_digest
from certification.client.client import CALL_SECONDS, Credentials
from certification.config.partner import PartnerConfig
from certification.evidence.records import Suite
from certification.evidence.redaction import Redactor
from certification.foundation.errors import Problem
from certification.foundation.safe_text import one_line

QUIET = -2
"""Verbosity at which pytest prints nothing of its own."""


def use_pytest_as_we_do(config: pytest.Config) -> int:
    """Choose defaults of pytest that suit a certification, and return how much is to be shown: what -q and -v add up to.

    What the user asked for by name stays: how tracebacks look, which results are listed again, ``-vv`` for pytest's own
    reporting beside ours.
    """
    option: Any = config.option
    if not config.pluginmanager.hasplugin("terminal"):
        return QUIET
    level: int = option.verbose
    option.no_header = option.no_header or level < 2
    if level < 2:
        option.verbose = QUIET
        option.disable_warnings = True
    if option.tbstyle == "auto":
        option.tbstyle = "no"
    if option.reportchars == "fE":
        option.reportchars = ""
    return level


def narrowing(config: pytest.Config) -> list[str]:
    """Return the options that leave cases out, or change how they are run, whatever comes of the run."""
    option, reasons = config.option, list[str]()
    if option.keyword:
        reasons.append(f"-k {option.keyword}")
    if option.markexpr:
        reasons.append(f"-m {option.markexpr}")
    if getattr(option, "deselect", None):
        reasons.append("--deselect")
    reasons += [argument for argument in config.args if "::" in argument]
    if option.certification_timeout != CALL_SECONDS:
        reasons.append(f"--certification-timeout={option.certification_timeout:g}")
    return reasons


def repeats(config: pytest.Config) -> list[str]:
    """Return the options that leave cases out when an earlier run gave reason to."""
    flags = (("lf", "--lf"), ("stepwise", "--stepwise"))
    return [flag for name, flag in flags if getattr(config.option, name, False)]


def mark_problems(expression: str, marks: Collection[str]) -> list[Problem]:
    """Return what is wrong with the expression of ``-m``: a mark that no case has would only leave out every case."""
    words = re.findall(r"[^\W\d][\w-]*", re.sub(r"(?<=\w)\([^()]*\)", "", expression))
    unknown = [word for word in words if word not in {"and", "or", "not", "True", "False", *marks}]
    if not unknown:
        return []
    close = difflib.get_close_matches(unknown[0], list(marks), 1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return [
        Problem(
            f"-m {expression}",
            f"no case has the mark {unknown[0]!r}.{meant}",
            f"The marks are: {', '.join(sorted(marks))}.",
        )
    ]


def case_problems(arguments: Collection[str]) -> list[Problem]:
    """Return what is wrong with the cases that ``arguments`` of pytest name."""
    problems = []
    for argument in arguments:
        name = argument.rpartition("::")[2] if "::" in argument else ""
        if name and name not in catalogue():
            close = difflib.get_close_matches(name, list(catalogue()), 1)
            meant = f" Did you mean {close[0]}?" if close else ""
            problems.append(
                Problem(argument, f"there is no case {name}.{meant}", "pytest --collect-only lists all cases.")
            )
    return problems


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
