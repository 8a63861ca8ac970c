"""``onboarding``: the lifecycle of a partner from the prerequisites to maintenance; each action has a module of its own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from certification.cli.console import Console

ACTIONS: Final = {
    "init": "write onboarding.json beside the partner config",
    "status": "say what is done, what is missing, what is next and whose move it is",
    "record": "write down what is done: a need, a session, a problem, a certificate, a manual case",
    "sign": "sign off, refuse, or take a sign-off back",
    "page": "write the status as a page for a manager",
    "plan": "check and propose the dates of the launch",
    "change": "certify again after a change, and record the new certificate",
    "ci": "write a workflow that certifies on a schedule and on every change",
}
"""Action -> what it does; its module has the same name."""

MAX_NAME: Final = 100

EPILOG: Final = """
example:
  partner-connect onboarding init
  partner-connect onboarding status
  partner-connect onboarding record mini-site --by "Ann Lee" --organisation Acorn --url https://acorn.example/databricks
  partner-connect onboarding sign --role partner --by "Ann Lee" --organisation Acorn --key ~/.ssh/id_ed25519

exit status:
  0  done, or nothing is open
  1  something is open, or was not done
  4  could not start

All options of an action: partner-connect onboarding ACTION --help
"""


def run(options: argparse.Namespace, console: Console) -> int:
    """Do what the first words of the rest ask for."""
    actions = "\n".join(f"  {name:<8} {text}" for name, text in ACTIONS.items())
    parser = argparse.ArgumentParser(
        prog="partner-connect onboarding",
        description="From the prerequisites to launch and maintenance: what is done, what is missing, who signed.",
        epilog=f"actions:\n{actions}\n{EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("action", choices=ACTIONS, metavar="ACTION", help=", ".join(ACTIONS))
    chosen = parser.parse_args(options.rest[:1] or ["--help"])
    module = import_module(f"certification.cli.onboarding.{chosen.action}")
    own = argparse.ArgumentParser(
        prog=f"partner-connect onboarding {chosen.action}",
        description=f"{ACTIONS[chosen.action][0].upper()}{ACTIONS[chosen.action][1:]}.",
        epilog=module.EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    own.add_argument(
        "--file", type=Path, default=Path("onboarding.json"), metavar="FILE", help="default: onboarding.json"
    )
    own.add_argument("--today", type=a_today, default=None, metavar="DAY", help="take this day for today")
    module.arguments(own)
    parsed = own.parse_args(options.rest[1:])
    _refuse_broken_text(parsed)
    act: Callable[[argparse.Namespace, Console], int] = module.run
    return act(parsed, console)


def a_day(text: str) -> date:
    """Return the day that an option names; argparse says so when it is none."""
    from certification.foundation.days import FIRST_YEAR, WORDS, day_of

    day = day_of(text)
    if day is None or day.year < FIRST_YEAR:
        message = f"{text!r} is not {WORDS}"
        raise argparse.ArgumentTypeError(message)
    return day


def a_today(text: str) -> date:
    """Return the day that counts as today; argparse says so when nobody can count from it."""
    from certification.foundation.days import LAST_YEAR, WORDS

    day = a_day(text)
    if day.year > LAST_YEAR:
        message = f"{text!r} is not {WORDS}"
        raise argparse.ArgumentTypeError(message)
    return day


def a_name(text: str) -> str:
    """Return the name that an option gives, its blanks in order; argparse says so when nobody could read it.

    A command that is pasted as ``status`` shows it names nobody.
    """
    from certification.foundation.safe_text import visible

    name = " ".join(text.split())
    if not name or name in {"NAME", "ORG"}:
        message = f"{text!r} names nobody: put the real name there"
        raise argparse.ArgumentTypeError(message)
    if len(name) > MAX_NAME or visible(name) != name:
        message = f"'{visible(name)[:MAX_NAME]}' is no name of up to {MAX_NAME} letters that can be seen"
        raise argparse.ArgumentTypeError(message)
    return name


def _refuse_broken_text(parsed: argparse.Namespace) -> None:
    """Refuse bytes that are no text in the encoding of the terminal; in a path they may stand."""
    from certification.foundation.errors import CannotStart, Problem

    problems = [
        Problem(f"argument {name}", "it holds something that is no text.", "Write it in UTF-8.")
        for name, value in vars(parsed).items()
        if isinstance(value, str) and re.search("[\ud800-\udfff]", value)
    ]
    if problems:
        raise CannotStart(problems)


def today_of(options: argparse.Namespace) -> date:
    """Return the day that counts as today."""
    given: date | None = options.today
    return given or datetime.now(UTC).date()


def now_of(options: argparse.Namespace) -> datetime:
    """Return the moment that counts as now, in UTC."""
    now = datetime.now(UTC)
    return datetime.combine(options.today, now.time(), UTC) if options.today else now


def add_who(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a person."""
    parser.add_argument("--by", type=a_name, required=True, metavar="NAME", help="who says so")
    parser.add_argument("--organisation", type=a_name, required=True, metavar="ORG", help="for which organisation")
