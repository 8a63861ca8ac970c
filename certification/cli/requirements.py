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
    entries = [entry for entry in REQUIREMENTS.values() if not (options.untested and cases[entry.id])]
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
        console.say(f"{entry.id}  [{entry.level.upper()}{security}]  {entry.clause}")
        tests = ", ".join(cases[entry.id]) or f"not tested: {entry.untested or 'no reason is given'}"
        console.say(f"    {entry.source} · {tests}")
    tested = sum(bool(cases[name]) for name in REQUIREMENTS)
    console.say()
    console.say(
        f"{len(REQUIREMENTS)} clauses, {tested} of them tested by {len(catalogue())} cases; catalogue {catalogue_digest()[:16]}"
    )
    return EXIT_FINE
