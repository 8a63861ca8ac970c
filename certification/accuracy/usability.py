"""Recall and false alarms on pages: the walk and the judging against every page fault and page variant of the reference partner."""

from __future__ import annotations

import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from certification.accuracy.in_memory import HOST
from certification.accuracy.partners import CREDENTIALS, served
from certification.browser.driver import Browser
from certification.browser.gate import Gate
from certification.client.partner import open_partner
from certification.config.partner import check_config
from certification.contract.statements import STATEMENTS
from certification.databricks.context import Context
from certification.run.reference_process import with_loopback
from certification.usability.arrivals import Arrivals
from certification.usability.hints import Hints
from certification.usability.judge import Conclusion, judge
from certification.usability.judged import State
from certification.usability.tour import SIZES, Seen, tour
from certification.usability.visit import Purpose
from certification.usability.walk import Walker

if TYPE_CHECKING:
    from certification.reference.product.catalogue import PageFault, PageVariant

ALSO_INSIDE = frozenset({"U220", "U230", "U240"})
"""What can't be judged to its end either where nobody gets into the product."""


@dataclass(frozen=True)
class PageMeasured:
    """What was said about one product."""

    name: str
    title: str
    fault: bool
    missed: tuple[str, ...]
    """Statements that the fault violates and that were not found violated."""
    accused: tuple[str, ...]
    """Statements found violated that nobody violates."""
    asked: tuple[str, ...]
    """Statements left for review that the catalogue does not leave to a person."""
    unreached: tuple[str, ...]
    """Statements that were not reached though they can be."""
    seconds: float
    statements: tuple[str, ...]
    """What a fault violates."""
    said: tuple[Conclusion, ...]

    @property
    def right(self) -> bool:
        """Whether everything was found, and nobody accused of anything else."""
        return not (self.missed or self.accused or (not self.fault and (self.asked or self.unreached)))


def pages_table(measured: Sequence[PageMeasured]) -> str:
    """Return how many page faults were found by their statement, and how many variants were accused."""
    faults = [each for each in measured if each.fault]
    variants = [each for each in measured if not each.fault]
    lines = ["| statement | faults | found | others accused |", "| --- | ---: | ---: | ---: |"]
    for name in sorted({name for each in faults for name in each.statements}):
        members = [each for each in faults if name in each.statements]
        lines.append(f"| {name} | {len(members)} | {sum(name not in each.missed for each in members)} | |")
    found, accusing = sum(not each.missed for each in faults), sum(bool(each.accused) for each in faults)
    lines.append(f"| **all** | {len(faults)} | {found} | {accusing} |")
    lines += [
        "",
        "| correct variants | accused | left to a person without need | not reached |",
        "| ---: | ---: | ---: | ---: |",
    ]
    counts = [sum(bool(getattr(each, what)) for each in variants) for what in ("accused", "asked", "unreached")]
    lines.append(f"| {len(variants)} | {counts[0]} | {counts[1]} | {counts[2]} |")
    return "\n".join(lines)


class Fast:
    """A clock on which long waiting passes quickly, for the walk and for the product that it waits for."""

    STEP = 20.0

    def __init__(self, base: str) -> None:
        """Take ``base``, where the product's clock can be put forward; empty for a product without one."""
        self._base, self._added = base, 0.0

    def monotonic(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic() + self._added

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass, and more where waiting begins to be long."""
        if seconds >= 1:
            self._added += self.STEP
        if seconds >= 1 and self._base:
            with urllib.request.urlopen(f"{self._base}/_clock?advance={self.STEP:.0f}", timeout=10) as answer:  # noqa: S310 - our own loopback server
                answer.read()
        time.sleep(seconds)


class Window:
    """One browser for all products: its profile is emptied in between."""

    def __init__(self) -> None:
        """Start it."""
        self._gate = Gate(HOST, max_bytes=10**12)
        self._gate.__enter__()
        self._browser = Browser("chrome", self._gate, *SIZES[0])

    @contextmanager
    def opened(self, width: int, height: int) -> Iterator[Browser]:
        """Give the window with an empty profile, so wide and high."""
        self._browser.width, self._browser.height = width, height
        self._browser.forget()
        yield self._browser

    def close(self) -> None:
        """End it."""
        self._browser.__exit__(None, None, None)
        self._gate.__exit__(None, None, None)


def look(
    window: Window,
    fault: str = "",
    variant: str = "",
    *,
    purposes: Sequence[Purpose] = (Purpose.CREATE_TRIAL,),
    sizes: Sequence[tuple[int, int]] = SIZES,
    hints: Hints | None = None,
) -> Seen:
    """Return what is seen of the reference partner's product with a page fault or a page variant."""
    from certification.reference import create_app, default_config, overridden
    from certification.reference.assembly import find_page_entries

    faults, variants = [name for name in [fault] if name], [name for name in [variant] if name]
    entries = find_page_entries(faults, variants)
    config = with_loopback(check_config(overridden(default_config(), entries), "config of a reference partner"))
    app = create_app(config.raw, CREDENTIALS.user, CREDENTIALS.password, page_faults=faults, page_variants=variants)
    prefix = urlsplit(config.base_url).path.rstrip("/")
    with served(app) as port, tempfile.TemporaryDirectory() as folder:
        url = f"http://{HOST}:{port}{prefix}"
        clock = Fast(url if any(entry.clock for entry in entries) else "")

        def walker(browser: Browser, _name: str) -> Walker:
            return Walker(browser, clock, lambda host: host in {HOST, "localhost"}, hints or Hints(), lambda _png: "")

        with open_partner(config, url, CREDENTIALS, Path(folder)) as partner:
            arrivals = Arrivals(Context(f"ux-{fault}{variant}", 0, "standard", url, config), partner.live)
            return tour(arrivals, window.opened, walker, purposes=purposes, sizes=sizes)


def measure_pages(names: Sequence[str] = ()) -> Iterator[PageMeasured]:
    """Yield what is said about the plain product, about each page fault, and about each page variant."""
    from certification.reference.product.faults import PAGE_FAULTS
    from certification.reference.product.variants import PAGE_VARIANTS

    window = Window()
    try:
        for fault in PAGE_FAULTS:
            if not names or fault.name in names:
                yield _measured(window, fault)
        for variant in PAGE_VARIANTS:
            if not names or variant.name in names:
                yield _measured(window, variant)
    finally:
        window.close()


def _measured(window: Window, entry: PageFault | PageVariant) -> PageMeasured:
    from certification.reference.product.catalogue import FOR_A_PERSON, PageFault

    begun = time.perf_counter()
    fault = isinstance(entry, PageFault)
    purposes = [Purpose(entry.scenario)]
    names = (entry.name, "") if fault else ("", entry.name)
    # What is asked does not change with the width; what a page looks like does.
    sizes = SIZES if not isinstance(entry, PageFault) or "U420" in entry.violates else SIZES[:1]
    seen = look(window, *names, purposes=purposes, sizes=sizes)
    said = judge(seen.visits, seen.absent)
    by = {each.statement: each.state for each in said}
    violated = {name for name, state in by.items() if state is State.VIOLATED}
    expected = set(entry.violates) if isinstance(entry, PageFault) else set()
    enough = (
        {State.VIOLATED, State.REVIEW, State.NOT_REACHED}
        if getattr(entry, "advice", False) is True
        else {State.VIOLATED}
    )
    about = _about(Purpose(entry.scenario))
    beyond = {*entry.unreached, *(ALSO_INSIDE if "U200" in entry.unreached else ())}
    if getattr(entry, "stopped_by", ""):
        beyond = about
    allowed = expected | set(getattr(entry, "may", ()))
    return PageMeasured(
        entry.name,
        entry.title,
        fault,
        tuple(sorted(name for name in expected if by[name] not in enough)),
        tuple(sorted(violated - allowed)),
        tuple(
            sorted(
                name
                for name, state in by.items()
                if state is State.REVIEW
                and not STATEMENTS[name].optional
                and name not in {*FOR_A_PERSON, *getattr(entry, "review", ()), *allowed, *_advice(entry)}
            )
        ),
        tuple(
            sorted(
                name
                for name, state in by.items()
                if state is State.NOT_REACHED and not fault and name in about and name not in beyond
            )
        ),
        time.perf_counter() - begun,
        tuple(sorted(expected)),
        tuple(said),
    )


def _advice(entry: PageFault | PageVariant) -> tuple[str, ...]:
    return entry.advice if isinstance(entry.advice, tuple) else ()


def _about(purpose: Purpose) -> set[str]:
    from certification.usability.judge import ABOUT

    return {*ABOUT[purpose], "U420"}
