"""``onboarding plan``: the dates of the launch, checked, proposed and written down."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from certification.cli.console import Console
from certification.cli.onboarding import a_day, today_of
from certification.cli.onboarding.status import status_of
from certification.cli.parser import EXIT_FINE
from certification.foundation.errors import CannotStart, Problem

if TYPE_CHECKING:
    from certification.onboarding.plan_output import Output
    from certification.onboarding.record import Onboarding
    from certification.onboarding.regions import Region

EPILOG: Final = """example:
  partner-connect onboarding plan --ga 2027-03-02 --agreed 2027-02-20 --regions regions.txt -o launch

GA is a week at least after it was agreed.  The roll-out goes region by region through the week before it, and is complete
a day before at the latest.  A region file has one region on a line, with its day behind it where that is set:
  eu-west-1
  us-east-1 2027-02-25

exit status:
  0  the dates can stand, and are recorded in onboarding.json
  4  they cannot; every reason is named, and nothing is written"""

CALENDAR: Final = "launch.ics"
MARKDOWN: Final = "launch.md"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.add_argument("--ga", type=a_day, required=True, metavar="DAY", help="general availability")
    parser.add_argument("--agreed", type=a_day, required=True, metavar="DAY", help="when that day was agreed")
    parser.add_argument(
        "--regions", type=Path, metavar="FILE", help="the regions in their order (default: some of the config's clouds)"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help=f"write {CALENDAR} and {MARKDOWN} there")
    parser.add_argument("--dry-run", action="store_true", help="check and propose, and write nothing")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(options: argparse.Namespace, console: Console) -> int:
    """Check, propose, record and show the dates."""
    from certification.foundation.typed_json import to_json
    from certification.onboarding.plan import advice_on, missing_before_ga, plan, recorded_launch
    from certification.onboarding.plan_output import output
    from certification.onboarding.regions import read_regions
    from certification.onboarding.writing import change_onboarding

    problems: list[Problem] = []
    regions: tuple[Region, ...] = ()
    try:
        regions = read_regions(options.regions) if options.regions else ()
    except CannotStart as error:
        problems += error.problems
    found = status_of(options, console)
    today = today_of(options)
    regions = regions or _usual(found.onboarding)
    launch = plan(options.ga, options.agreed, regions, today, [*missing_before_ga(found), *problems])
    made = output(found.onboarding.partner, launch, advice_on(launch, today))
    if not options.dry_run:
        if options.output:
            _write(options.output, found.onboarding.partner, launch, made, options)

        def change(raw: dict[str, Any]) -> None:
            recorded_launch(raw, launch)

        change_onboarding(options.file, change, today)
    if options.json:
        console.say_json(to_json(made))
    else:
        _show(made, options, console)
    return EXIT_FINE


def _usual(onboarding: Onboarding) -> tuple[Region, ...]:
    from certification.config.partner import read_config
    from certification.onboarding.regions import usual_regions

    return usual_regions(read_config(onboarding.file("config")).clouds)


def _write(folder: Path, partner: str, launch: Any, made: Output, options: argparse.Namespace) -> None:
    from certification.foundation.whole_files import write_whole
    from certification.onboarding.calendar import calendar, dates_as_markdown

    texts = {
        CALENDAR: calendar(partner, launch, today_of(options)),
        MARKDOWN: dates_as_markdown(partner, launch, [each.text for each in made.advice]),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_whole(folder / name, text.encode())
    except OSError as error:
        what = f"it cannot be written to ({error.strerror}); nothing was recorded."
        raise CannotStart([Problem(str(folder), what, "Name another folder.")]) from None


def _show(made: Output, options: argparse.Namespace, console: Console) -> None:
    console.say(f"{made.partner}: GA on {made.ga}, a {made.weekday}; agreed on {made.agreed}")
    for each in made.rollout:
        console.say(f"  {each.on} {each.weekday:<9} {each.region}")
    for note in made.advice:
        console.tell(f"{note.text}.", "advice: ", "  ")
    if options.dry_run:
        console.say("Nothing was written.")
        return
    if options.output:
        console.say(f"{options.output / CALENDAR} and {MARKDOWN} are written.")
    console.say(f"{options.file}: the dates are recorded. What is next: partner-connect onboarding status")
