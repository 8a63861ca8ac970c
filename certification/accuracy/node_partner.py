"""A second partner, in another stack and by other hands: what the suite finds in code that it did not grow up with.

The partner stands in ``node/`` beside this module.  Its defects and styles were written from the contract and from what
goes wrong in that world, before anybody looked at what the suite finds in them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from certification.accuracy.certify import Outcome, certify
from certification.accuracy.partners import CREDENTIALS, Reachable
from certification.config.partner import check_config
from certification.foundation.errors import CannotStart, Problem
from certification.run.findings import Finding

SCRIPT = Path(__file__).parent / "node" / "partner.mjs"
READY = "ready at "


@dataclass(frozen=True)
class Entry:
    """One defect or style of the Node partner."""

    name: str
    family: str
    sentence: str
    config: dict[str, Any]
    """The whole config under which it shows."""
    level: str = ""
    """``must`` or ``should`` for what a defect breaks; empty for a style, which breaks nothing."""

    @property
    def defect(self) -> bool:
        """Whether it is a defect."""
        return bool(self.level)


@dataclass(frozen=True)
class Look:
    """What the suite said about one defect or style."""

    name: str
    family: str
    level: str
    must: tuple[tuple[str, str, str], ...] = ()
    """Causes of the required findings that the correct partner with the same config does not have."""
    should: tuple[tuple[str, str, str], ...] = ()
    open: tuple[str, ...] = ()
    """Cases in which the suite itself failed, or why the run could not start."""
    texts: tuple[str, ...] = ()
    requests: int = 0
    seconds: float = 0.0

    @property
    def found(self) -> bool:
        """Whether a defect was found; what breaks an advisory clause may be found by advice."""
        return bool(self.must or (self.level == "should" and self.should))

    @property
    def accused(self) -> bool:
        """Whether a correct style was accused."""
        return not self.level and bool(self.must)


@dataclass(frozen=True)
class FirstLook:
    """What the suite, as it was, said about this partner before anybody repaired anything for it; it never changes."""

    missed: frozenset[str]
    """Defects that were not found; all others were."""
    accused: frozenset[str]
    """Styles with a required finding."""


def first_look() -> FirstLook:
    """Return what is kept of the first look: profile standard, all defects and all styles."""
    kept = json.loads((SCRIPT.parent / "first-look.json").read_text(encoding="utf-8"))
    return FirstLook(frozenset(kept["missed"]), frozenset(kept["accused"]))


def node() -> str:
    """Return the path of Node; raises :class:`CannotStart` where there is none."""
    found = shutil.which("node")
    if found is None:
        what = "Node is not on the path, and the second partner is written for it."
        raise CannotStart([Problem("node", what, "Install Node 20 or later, from https://nodejs.org or your system.")])
    return found


def entries() -> tuple[list[Entry], Entry]:
    """Return all defects and styles, and the correct partner without any of them."""
    listed = subprocess.run([node(), str(SCRIPT), "--list"], capture_output=True, check=True)  # noqa: S603 - our own script
    known = json.loads(listed.stdout)
    base: dict[str, Any] = known["config"]
    found = [
        Entry(each["name"], each["family"], each["sentence"], {**base, **each["config"]}, each.get("level", ""))
        for each in (*known["defects"], *known["styles"])
    ]
    return found, Entry("", "correct", "The correct partner.", base)


@contextmanager
def node_partner(entry: Entry) -> Iterator[Reachable]:
    """Start the Node partner with ``entry``; raises :class:`CannotStart`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "partner.json"
        file.write_text(json.dumps(entry.config), encoding="utf-8")
        switch = ["--defect" if entry.defect else "--style", entry.name] if entry.name else []
        process = subprocess.Popen(  # noqa: S603 - our own script
            [node(), str(SCRIPT), "--port", "0", "--config", str(file), *switch],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"BASIC_USER": CREDENTIALS.user, "BASIC_PASSWORD": CREDENTIALS.password},
            encoding="utf-8",
        )
        with process:
            try:
                line = process.stdout.readline() if process.stdout else ""
                if not line.startswith(READY):
                    what = f"it did not start: {line.strip() or 'no message'}"
                    raise CannotStart([Problem("Node partner", what, "Run its selftest.mjs with Node.")])
                config = check_config(entry.config, "config of the Node partner")
                yield Reachable(line.removeprefix(READY).strip(), config, CREDENTIALS)
            finally:
                process.kill()


def look(entry: Entry, profile: str, baseline: Sequence[tuple[str, str, str]] = ()) -> Look:
    """Certify the Node partner with ``entry``; causes of ``baseline`` do not count."""
    try:
        with node_partner(entry) as reachable:
            outcome = certify(reachable, profile=profile)
    except CannotStart as error:
        return Look(entry.name, entry.family, entry.level, open=("start",), texts=(str(error),))
    return Look(
        entry.name,
        entry.family,
        entry.level,
        tuple(cause for cause in _causes(outcome.at("must")) if cause not in baseline),
        tuple(cause for cause in _causes(outcome.at("should")) if cause not in baseline),
        tuple(result.case for result in outcome.having("error")),
        _texts(outcome),
        outcome.requests,
        outcome.seconds,
    )


def look_at_all(profile: str, jobs: int, names: Sequence[str] = ()) -> Iterator[Look]:
    """Yield what the suite says about each defect and style, ``jobs`` at a time; all unless named."""
    found, correct = entries()
    chosen = [entry for entry in found if not names or entry.name in names]
    configs = {json.dumps(entry.config): entry.config for entry in chosen}
    with ProcessPoolExecutor(jobs) as pool:
        plain = [Entry("", correct.family, correct.sentence, config) for config in configs.values()]
        baselines: dict[str, tuple[tuple[str, str, str], ...]] = {}
        for entry, seen in zip(plain, pool.map(partial(look, profile=profile), plain), strict=True):
            baselines[json.dumps(entry.config)] = (*seen.must, *seen.should)
            yield seen
        waiting = [pool.submit(look, entry, profile, baselines[json.dumps(entry.config)]) for entry in chosen]
        for future in waiting:
            yield future.result()


def as_json(looks: Sequence[Look]) -> str:
    """Return everything that was seen, one entry a line."""
    return "[\n" + ",\n".join(json.dumps(asdict(each), ensure_ascii=False) for each in looks) + "\n]\n"


def _causes(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return list(dict.fromkeys(finding.cause for finding in findings))


def _texts(outcome: Outcome) -> tuple[str, ...]:
    return tuple(
        f"{finding.case} {finding.level} {finding.cause[0]}: {finding.shown.seen.message} "
        f"Expected {finding.shown.seen.expected}; {finding.shown.seen.actual}"[:400]
        for finding in outcome.findings
    )
