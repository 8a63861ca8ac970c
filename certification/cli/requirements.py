"""``requirements``: the clauses and the cases that test them."""

from __future__ import annotations

import argparse

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE


def run(options: argparse.Namespace, console: Console) -> int:
    """List the clauses, from the same data as the matrix of the report."""
    from certification.cases.catalogue import catalogue, catalogue_digest, tested_by
    from certification.contract.requirements import REQUIREMENTS

    cases = tested_by()
    entries = [entry for entry in REQUIREMENTS.values() if entry.untested or not options.untested]
    if options.json:
        rows = [
            {
                "id": entry.id,
                "level": entry.level,
                "security": entry.security,
                "clause": entry.clause,
                "source": entry.source,
                "cases": cases[entry.id],
                "untested": entry.untested,
            }
            for entry in entries
        ]
        console.say_json({"catalogue": catalogue_digest(), "requirements": rows})
        return EXIT_FINE
    for entry in entries:
        security = ", security" if entry.security else ""
        console.tell(entry.clause, f"{entry.id}  [{entry.level.upper()}{security}]  ", "    ")
        # What no case is about is looked at by all of them, wherever an answer shows it.
        tests = (
            f"not tested: {entry.untested}"
            if entry.untested
            else ", ".join(cases[entry.id]) or "wherever an answer shows it"
        )
        console.tell(f"{entry.source} · {tests}", "    ")
    tested = sum(not entry.untested for entry in REQUIREMENTS.values())
    console.say()
    console.say(
        f"{len(REQUIREMENTS)} clauses, {tested} of them tested by {len(catalogue())} cases; catalogue {catalogue_digest()[:16]}"
    )
    return EXIT_FINE
