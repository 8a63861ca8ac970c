"""``onboarding status``: where an onboarding stands."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from certification.cli.console import Console
from certification.cli.onboarding import today_of
from certification.cli.parser import EXIT_FINE, EXIT_NO

if TYPE_CHECKING:
    from certification.onboarding.status import Item, Status

EPILOG: Final = "example:\n  partner-connect onboarding status --json\n\nexit status:\n  0  nothing is open\n  1  something is missing, stale, refused or not right\n  4  onboarding.json or the policy cannot be read"

MARKS: Final = {
    "done": "✓",
    "missing": "·",
    "stale": "!",
    "refused": "✗",
    "failed": "✗",
    "unchecked": "?",
    "later": " ",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(options: argparse.Namespace, console: Console) -> int:
    """Look at everything and show it."""
    found = status_of(options, console)
    if options.json:
        from certification.foundation.typed_json import to_json
        from certification.onboarding.output import output

        console.say_json(to_json(output(found)))
    else:
        show(found, console)
    return EXIT_NO if found.blocked else EXIT_FINE


def status_of(options: argparse.Namespace, console: Console) -> Status:
    """Return the status that the options ask for; raises :class:`CannotStart`."""
    from certification.onboarding.record import read_onboarding
    from certification.onboarding.status import status

    today = today_of(options)
    onboarding = read_onboarding(options.file, today)
    console.progress("verifying the bundle")
    found = status(onboarding, today)
    console.done()
    return found


def show(found: Status, console: Console) -> None:
    """Show stages, what is next, and what is stale."""
    from certification.contract.lifecycle import TITLES, Stage
    from certification.onboarding.words import about, command_for, reason_words, repair_for

    console.say(f"{found.onboarding.partner}: onboarding on {found.today}")
    console.say(f"Stage: {TITLES[found.stage]}")
    for stage in Stage:
        items = found.of(stage)
        done = sum(item.state == "done" for item in items)
        mark = ">" if stage is found.stage else " "
        console.say(f"{mark} {TITLES[stage]:<24} {done} of {len(items)}")
        if (
            0 < done < len(items)
            or stage is found.stage
            or any(item.state in {"stale", "refused", "failed", "unchecked"} for item in items)
        ):
            for item in items:
                _line(item, about(item), console)
    for reason in found.remarks:
        console.tell(reason_words(reason), "! ", "  ")
    following = found.next()
    if following:
        console.say()
        console.say("Next:")
    for item in following:
        console.tell(f"{item.need.text}", f"  {item.mover}: ", "    ")
        command = command_for(item)
        if command:
            console.say(f"    {command}")
        elif repair_for(item):
            console.tell(repair_for(item), "    ", "    ")
    if not found.blocked:
        console.say()
        console.say("Nothing is open.")


def _line(item: Item, why: str, console: Console) -> None:
    mark = MARKS[item.state] if console.tick == "✓" else {"done": "x"}.get(item.state, "-")
    from certification.onboarding.words import STATES

    words = STATES[item.state]
    console.tell(f"{item.need.text}: {words}{f' ({why})' if why else ''}", f"    {mark} ", "      ")
