"""``python -m certification.accuracy accuracy|node|usability|speed``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from certification.accuracy.accuracy import Measured, measure_all
from certification.accuracy.node_partner import as_json, first_look, look_at_all
from certification.accuracy.tables import CATALOGUE, PAGES, SECOND_PARTNER, catalogue_table, second_table, write_into
from certification.foundation.errors import CannotStart


def main() -> int:
    """Run the benchmark that the command line names; 0 when the suite was right about every partner."""
    parser = argparse.ArgumentParser(prog="python -m certification.accuracy", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    accuracy = commands.add_parser("accuracy", help="recall and false alarms on all faults and variants")
    accuracy.add_argument("names", nargs="*", metavar="NAME", help="faults or variants; all unless given")
    accuracy.add_argument("--profile", default="standard", choices=("quick", "standard", "thorough"))
    accuracy.add_argument("--family", action="append", default=[], help="only the faults of this family")
    accuracy.add_argument("--jobs", type=int, default=2, help="partners at the same time (default: 2)")
    accuracy.add_argument("--expected", action="store_true", help="run on each fault only the case that should find it")
    accuracy.add_argument(
        "--write", type=Path, metavar="README", help="put the table between the accuracy marks of this file"
    )
    node = commands.add_parser("node", help="recall and false alarms on the second partner, which needs Node")
    node.add_argument("names", nargs="*", metavar="NAME", help="defects or styles; all unless given")
    node.add_argument("--profile", default="standard", choices=("quick", "standard", "thorough"))
    node.add_argument("--jobs", type=int, default=2, help="partners at the same time (default: 2)")
    node.add_argument("--json", type=Path, metavar="FILE", help="keep everything that was seen")
    node.add_argument("--write", type=Path, metavar="README", help="put the table between its marks of this file")
    usability = commands.add_parser(
        "usability", help="recall and false alarms on all page faults and page variants, in Chromium"
    )
    usability.add_argument("names", nargs="*", metavar="NAME", help="page faults or page variants; all unless given")
    usability.add_argument("--write", type=Path, metavar="README", help="put the table between its marks of this file")
    commands.add_parser("speed", help="requests per second of a bare loop and of the profiles, and memory")
    run = commands.add_parser("run", help="one run of the speed benchmark, as JSON")
    run.add_argument("--times", type=int, default=1, help="multiply the generated examples")
    options = parser.parse_args()
    if options.command == "run":
        from certification.accuracy.speed import one_run

        print(one_run(options.times))  # noqa: T201 - a command line prints
        return 0
    if options.command == "speed":
        from certification.accuracy.speed import report

        print(report())  # noqa: T201 - a command line prints
        return 0
    if options.command == "usability":
        return _usability(options)
    return _node(options) if options.command == "node" else _accuracy(options)


def _accuracy(options: argparse.Namespace) -> int:
    measured = []
    for each in measure_all(options.profile, options.jobs, options.names, options.family, expected=options.expected):
        measured.append(each)
        if not each.right:
            print(_line(each), flush=True)  # noqa: T201 - a command line prints
    text = catalogue_table(measured, options.profile, expected=options.expected)
    print(text)  # noqa: T201 - a command line prints
    if options.write:
        write_into(options.write, CATALOGUE, text)
    return 0 if all(each.right for each in measured) else 1


def _usability(options: argparse.Namespace) -> int:
    # Loaded here: the other commands need no browser.
    from certification.accuracy.usability import measure_pages, pages_table

    measured = []
    for each in measure_pages(options.names):
        measured.append(each)
        if not each.right:
            rows = {
                "missed": each.missed,
                "accused": each.accused,
                "for review": each.asked,
                "not reached": each.unreached,
            }
            said = "; ".join(f"{what} {', '.join(names)}" for what, names in rows.items() if names)
            print(f"{'FAULT' if each.fault else 'VARIANT'} {each.name}: {said}", flush=True)  # noqa: T201 - a command line prints
    text = pages_table(measured)
    print(text)  # noqa: T201 - a command line prints
    if options.write:
        write_into(options.write, PAGES, text)
    return 0 if all(each.right for each in measured) else 1


def _node(options: argparse.Namespace) -> int:
    looks = []
    try:
        for each in look_at_all(options.profile, options.jobs, options.names):
            looks.append(each)
            if each.accused or (each.level and not each.found) or each.open:
                said = "ACCUSED" if each.accused else "MISSED" if each.level else "OPEN"
                print(f"{said} {each.name} {', '.join(each.open)}", *each.texts[:6], sep="\n    ", flush=True)  # noqa: T201 - a command line prints
    except CannotStart as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line prints
        return 2
    text = second_table(looks, first_look())
    print(text)  # noqa: T201 - a command line prints
    if options.json:
        options.json.write_text(as_json(looks), encoding="utf-8")
    if options.write:
        write_into(options.write, SECOND_PARTNER, text)
    return 0


def _line(each: Measured) -> str:
    said = "\n    ".join(each.texts[:6])
    if each.fault:
        return f"MISSED {each.name} ({each.family}) {', '.join(each.open)}\n    {said}"
    return f"ALARM {each.name} must: {', '.join(each.must)} should: {', '.join(each.should)} open: {', '.join(each.open)}\n    {said}"


if __name__ == "__main__":
    sys.exit(main())
