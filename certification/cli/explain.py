"""``explain``: one requirement or one case, with everything that is known about it."""

from __future__ import annotations

import argparse
import difflib
import textwrap
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE

if TYPE_CHECKING:
    from certification.cases.case import Case
    from certification.contract.requirements import Requirement

WIDTH = 100


def run(options: argparse.Namespace, console: Console) -> int:
    """Explain what ``name`` stands for; the names that come closest when it stands for nothing."""
    from certification.cases.catalogue import catalogue
    from certification.contract.requirements import REQUIREMENTS

    name: str = options.name
    if name in REQUIREMENTS:
        _requirement(REQUIREMENTS[name], console)
        return EXIT_FINE
    if name.upper() in catalogue():
        _case(catalogue()[name.upper()], console)
        return EXIT_FINE
    close = difflib.get_close_matches(name, [*REQUIREMENTS, *catalogue()], 3, 0.5)
    meant = f" Did you mean {', '.join(close)}?" if close else ""
    console.warn(
        f"partner-connect explain: there is neither a requirement nor a case called {name}.{meant} "
        "partner-connect requirements lists all of them."
    )
    return EXIT_CANNOT_START


def _requirement(entry: Requirement, console: Console) -> None:
    from certification.cases.catalogue import tested_by
    from certification.contract.rulings import rulings_in

    level = "required" if entry.level == "must" else "advice"
    console.say(f"{entry.id} ({level}{', security' if entry.security else ''})")
    rows = [("clause", entry.clause), ("source", entry.source)]
    rows += [(f"ruling {number}", text) for number, text in rulings_in(entry.source)]
    rows += [
        ("usual cause", entry.hint),
        ("asked of", entry.needs),
        ("rests on", ", ".join(entry.rests_on)),
        ("cases", ", ".join(tested_by()[entry.id])),
        ("not tested", entry.untested),
    ]
    _rows(rows, console)


def _case(case: Case, console: Console) -> None:
    console.say(f"{case.id} {case.title} ({case.category}{', manual' if case.manual else ''})")
    rows = [
        ("steps", case.steps),
        ("source", case.clause),
        ("looks at", ", ".join(case.requirements)),
        ("alone", "" if case.manual else f"pytest --partner-url=… -k {case.id}"),
    ]
    _rows(rows, console)


def _rows(rows: list[tuple[str, str]], console: Console) -> None:
    for name, value in rows:
        if value:
            lines = textwrap.wrap(value, WIDTH - 14, break_long_words=False, break_on_hyphens=False)
            console.say(f"  {name:<12}{lines[0]}")
            for line in lines[1:]:
                console.say(f"{' ' * 14}{line}")
