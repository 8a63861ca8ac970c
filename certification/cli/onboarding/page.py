"""``onboarding page``: the status as a page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from certification.cli.console import Console
from certification.cli.onboarding.status import status_of
from certification.cli.parser import EXIT_FINE
from certification.foundation.errors import CannotStart, Problem

EPILOG: Final = "example:\n  partner-connect onboarding page -o onboarding.html\n\nexit status:\n  0  written\n  4  onboarding.json cannot be read, or the page not written"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("onboarding.html"), metavar="FILE", help="default: onboarding.html"
    )


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the page; an earlier one is replaced, anything else kept."""
    from certification.foundation.whole_files import write_whole
    from certification.onboarding.page import page

    target: Path = options.output
    found = status_of(options, console)
    if target.exists() and b"Partner Connect \xc2\xb7 onboarding" not in target.read_bytes()[:60_000]:
        raise CannotStart(
            [Problem(str(target), "the file exists, and is no page of this command.", "Name another one with -o.")]
        )
    try:
        write_whole(target, console.clean(page(found)).encode())
    except OSError as error:
        raise CannotStart(
            [Problem(str(target), f"the page cannot be written ({error.strerror}).", "Check the folder.")]
        ) from None
    console.say(f"{target}: written; it needs nothing but itself.")
    return EXIT_FINE
