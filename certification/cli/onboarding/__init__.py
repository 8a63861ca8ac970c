"""``onboarding``: the lifecycle of a partner from the prerequisites to maintenance; each action has a module of its own."""

from __future__ import annotations

import argparse
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
    own.add_argument("--today", type=a_day, default=None, metavar="DAY", help="take this day for today")
    module.arguments(own)
    parsed = own.parse_args(options.rest[1:])
    act: Callable[[argparse.Namespace, Console], int] = module.run
    return act(parsed, console)


def a_day(text: str) -> date:
    """Return the day that an option names; argparse says so when it is none."""
    from certification.foundation.days import WORDS, day_of

    day = day_of(text)
    if day is None:
        message = f"{text!r} is not {WORDS}"
        raise argparse.ArgumentTypeError(message)
    return day


def today_of(options: argparse.Namespace) -> date:
    """Return the day that counts as today."""
    given: date | None = options.today
    return given or datetime.now(UTC).date()


def now_of(options: argparse.Namespace) -> datetime:
    """Return the moment that counts as now, in UTC."""
    now = datetime.now(UTC)
    return datetime.combine(options.today, now.time(), UTC) if options.today else now


def _a_name(text: str) -> str:
    """Return the name that an option gives; a command that is pasted as ``status`` shows it names nobody."""
    if not text.strip() or text in {"NAME", "ORG"}:
        message = f"{text!r} names nobody: put the real name there"
        raise argparse.ArgumentTypeError(message)
    return text


def add_who(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a person."""
    parser.add_argument("--by", required=True, type=_a_name, metavar="NAME", help="who says so")
    parser.add_argument("--organisation", required=True, type=_a_name, metavar="ORG", help="for which organisation")
