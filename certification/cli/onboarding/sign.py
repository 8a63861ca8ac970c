"""``onboarding sign``: sign off, refuse, or take a sign-off back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from certification.cli.console import Console
from certification.cli.onboarding import add_who, now_of
from certification.cli.onboarding.status import status_of
from certification.cli.parser import EXIT_FINE, EXIT_NO

if TYPE_CHECKING:
    from certification.onboarding.status import Status

EPILOG: Final = """examples:
  partner-connect onboarding sign --role partner --by "Ann Lee" --organisation Acorn --key ~/.ssh/id_ed25519
  partner-connect onboarding sign --role product --by "Kim Roe" --organisation Databricks --refuse "Databricks is the last source in the list"

A sign-off is an in-toto statement in a DSSE envelope about bundle, config, attestations and what else the role rests on.
It is stale as soon as one of them changes.

exit status:
  0  written
  1  not written: something that the role rests on is missing
  4  could not start"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    from certification.contract.lifecycle import ROLES

    parser.add_argument("--role", required=True, choices=tuple(ROLES), help="for whom")
    add_who(parser)
    parser.add_argument(
        "--key", type=Path, metavar="KEY", help="sign with this private key: one of keygen, or an SSH key"
    )
    parser.add_argument("--words", default="", metavar="TEXT", help="words to it")
    against = parser.add_mutually_exclusive_group()
    against.add_argument("--refuse", metavar="REASON", help="refuse, and say why")
    against.add_argument("--withdraw", metavar="REASON", help="take your sign-off back, and say why")


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the sign-off, unless something is missing."""
    import certification
    from certification.contract.lifecycle import NEEDS, ROLES
    from certification.onboarding.sign_off import Decision, after_all, keep, moment_text, new_sign_off
    from certification.onboarding.words import about
    from certification.signatures.keys import read_signing_key

    role, key = ROLES[options.role], read_signing_key(options.key) if options.key else None
    found = status_of(options, console)
    decision = "refused" if options.refuse else "withdrawn" if options.withdraw else "given"
    if decision == "given":
        missing = [item for item in found.items if item.need.id in role.needs and item.state != "done"]
        for item in missing:
            why = about(item)
            console.warn(
                f"partner-connect onboarding sign: first: {NEEDS[item.need.id].text}{f': {why}' if why else ''}."
            )
        if missing:
            return EXIT_NO
    manifest = found.facts.certified.manifest
    now = after_all(found.sign_offs, now_of(options))
    said = Decision(
        role.id, decision, options.by, options.organisation, moment_text(now), options.words,  # type: ignore[arg-type]  # one of three, above
        options.refuse or options.withdraw or "", found.onboarding.partner, manifest.run.id if manifest else "none",
        found.facts.certified.verdict or "none", certification.__version__,
    )  # fmt: skip
    envelope = new_sign_off(said, found.facts.digests, [key] if key else [])
    path = keep(found.onboarding.file("sign_offs"), role.id, now.date(), envelope)
    console.say(f"{path}: {decision} by {options.by}, {options.organisation}, for {role.title}.")
    _say_what(found, role.id, console)
    if key is None:
        console.say("It is not signed with a key: --key makes it one that others can check.")
    return EXIT_FINE


def _say_what(found: Status, role: str, console: Console) -> None:
    from certification.contract.lifecycle import ROLES

    named = [each for each in (*ROLES[role].rests_on, *ROLES[role].optional) if each in found.facts.digests]
    which = "one of them" if len(named) > 1 else "that"
    console.tell(f"It is about {', '.join(named)}; it is stale as soon as {which} changes.")
