"""The table of hints: what the suite says about each fault of the catalogue, for a person to read once.

``python tests/accuracy/hint_table.py`` writes it again after a change of hints, cases or faults; read what differs before you
commit it.  A line holds the fault in words, what was observed (requirement, operation, detail), and the hint, which may be
empty: where no usual cause is known to be right, nothing is said.
"""

from __future__ import annotations

import csv
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from certification.accuracy.certify import Outcome, certify
from certification.accuracy.partners import reference_partner
from certification.reference import FAULTS, Fault
from certification.reference.faults.found_by import ADVISED, MISSED
from certification.report.hints import hint_for

TABLE = Path(__file__).with_name("hints.csv")
COLUMNS = ("fault", "what is wrong", "requirement", "operation", "detail", "hint")
Row = tuple[str, ...]


def row(fault: Fault, outcome: Outcome) -> Row:
    """Return the line of ``fault``: of what is to be repaired first, as its case shows it."""
    seen = outcome.at("should" if fault.name in ADVISED else "must")[0].shown.seen
    return (fault.name, fault.title, seen.requirement, seen.subject, seen.detail, hint_for(seen))


def read() -> dict[str, Row]:
    """Return the table as it is kept, a line for each fault."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {line[0]: tuple(line) for line in list(csv.reader(file))[1:]}


def _measured(name: str) -> Row:
    (fault,) = [fault for fault in FAULTS if fault.name == name]
    with reference_partner(faults=[fault.name]) as partner:
        return row(fault, certify(partner, cases=[fault.found_by], looks_again=False))


def write() -> None:
    """Measure every fault that is found, and write the table."""
    found = [fault.name for fault in FAULTS if fault.name not in MISSED]
    with ProcessPoolExecutor(2) as pool:
        rows = list(pool.map(_measured, found))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *sorted(rows)])


if __name__ == "__main__":
    write()
