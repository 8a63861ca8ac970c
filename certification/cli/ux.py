"""``ux``: the partner's pages as a new user meets them, in a real browser, held to the usability guidelines."""

from __future__ import annotations

import argparse
import hashlib
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE, EXIT_NO, EXIT_UNKNOWN
from certification.foundation.errors import CannotStart, Problem

if TYPE_CHECKING:
    from certification.browser.driver import Browser
    from certification.browser.gate import Gate
    from certification.browser.page import Place
    from certification.config.partner import PartnerConfig
    from certification.usability.arrivals import Arrivals
    from certification.usability.hints import Hints
    from certification.usability.judge import Conclusion
    from certification.usability.record import PictureRecord, Result, StatementRecord
    from certification.usability.tour import Seen
    from certification.usability.walk import Walker

PICTURES = "pictures"


def run(options: argparse.Namespace, console: Console) -> int:
    """Walk through the pages, say what follows for each statement, and write the result."""
    from certification.cli.check import preflight_problems
    from certification.config.partner import read_config
    from certification.usability.hints import FILE, Hints, read_hints

    config = read_config(options.config)
    url = options.url or config.base_url
    path = options.hints or options.config.parent / FILE
    hints = read_hints(path) if options.hints or path.is_file() else Hints()
    _check_output(options.output)
    problems = preflight_problems(config, url, console)
    if problems:
        raise CannotStart(problems)
    result, pictures = _looked(options, console, config, url, hints)
    _write(options.output, result, pictures)
    _tell(result, options.output, console)
    states = {str(each.state) for each in result.statements}
    if "violated" in states:
        return EXIT_NO
    return EXIT_FINE if "holds" in states else EXIT_UNKNOWN


def _check_output(folder: Path) -> None:
    """Refuse a folder that holds something else."""
    from certification.usability.record import FILE

    if folder.exists() and not folder.is_dir():
        raise CannotStart([Problem(str(folder), "is a file.", "Name a folder with -o.")])
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FILE).is_file():
        raise CannotStart([Problem(str(folder), "holds other files.", "Name an empty or a new folder with -o.")])


@dataclass
class _Camera:
    """Keeps pictures in memory until it is known what is framed on them."""

    pictures: dict[str, bytes] = field(default_factory=dict)

    def of(self, name: str) -> _Shots:
        """Return what keeps the pictures of the visit ``name``."""
        return _Shots(self, name)


@dataclass
class _Shots:
    camera: _Camera
    name: str
    count: int = 0

    def __call__(self, png: bytes) -> str:
        self.count += 1
        file = f"{PICTURES}/{self.name}-{self.count}.png"
        self.camera.pictures[file] = png
        return file


def _looked(
    options: argparse.Namespace, console: Console, config: PartnerConfig, url: str, hints: Hints
) -> tuple[Result, Mapping[str, bytes]]:
    from urllib.parse import urlsplit

    import certification
    from certification.browser.gate import Gate
    from certification.cli.live import live_partner
    from certification.config.cut_addresses import cutter
    from certification.usability.arrivals import Arrivals
    from certification.usability.judge import judge
    from certification.usability.record import Circumstances, HostRecord, make_result

    begun, began = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    camera, passwords = _Camera(), list[str]()
    with ExitStack() as stack:
        gate = stack.enter_context(Gate(urlsplit(url).hostname or ""))
        windows = _Windows(options.browser, gate, headed=options.headed)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="partner-connect-")))
        live = stack.enter_context(live_partner(config, url, secrets.token_hex(8), folder))
        arrivals = Arrivals(live.context, live.partner)
        stack.callback(arrivals.leave)

        def walker(browser: Browser, name: str) -> Walker:
            return _walker(browser, name, config, hints, camera, passwords, console, headed=options.headed)

        seen = _toured(arrivals, windows, walker, console)
        console.progress("judging")
        said = judge(seen.visits, seen.absent)
        clean = cutter([*seen.addresses, *_addresses(seen)], passwords)
        marked, records = _framed(windows, seen, said, camera.pictures)
        hosts = [HostRecord(each.host, str(each.passage)) for each in gate.asked]
        own = {visit.host.partition(":")[0] for visit in seen.visits}
        circumstances = Circumstances(
            config.name,
            config.digest,
            certification.__version__,
            url,
            windows.name,
            began,
            round(time.monotonic() - begun, 3),
        )
        result = make_result(
            circumstances,
            seen.visits,
            said,
            records,
            [each for each in hosts if each.host not in own],
            lambda text: clean(console.clean(text)),
        )
    console.done()
    return result, marked


def _toured(arrivals: Arrivals, windows: _Windows, walker: Callable[[Browser, str], Walker], console: Console) -> Seen:
    from certification.usability.tour import tour
    from certification.usability.visit import Purpose
    from certification.usability.words import sentence

    seen = tour(arrivals, windows.opened, walker, progress=console.progress)
    if not seen.visits:
        first = next(each for each in seen.absent if each.purpose is Purpose.CREATE_TRIAL)
        facts = {name: str(value) for name, value in first.reason.facts.items()}
        what = f"no page can be looked at. {sentence(first.reason.code, facts)}"
        raise CannotStart([Problem("first connect", what, "Look at it with: partner-connect send P100")])
    return seen


def _addresses(seen: Seen) -> Iterator[str]:
    """Yield the addresses of all pages: each may carry a token of its own."""
    for visit in seen.visits:
        for sight in visit.sights:
            yield sight.page.address
            yield from (control.target for control in sight.page.controls if control.target)
            yield from (frame.address for frame in sight.page.frames if frame.address)


@dataclass
class _Windows:
    """Opens windows, each with a fresh profile."""

    kind: str
    gate: Gate
    headed: bool
    name: str = ""

    @contextmanager
    def opened(self, width: int, height: int) -> Iterator[Browser]:
        """Give a window."""
        from certification.browser.driver import Browser

        with Browser(self.kind, self.gate, width, height, headed=self.headed) as browser:
            self.name = browser.name
            yield browser


def _walker(
    browser: Browser,
    name: str,
    config: PartnerConfig,
    hints: Hints,
    camera: _Camera,
    passwords: list[str],
    console: Console,
    *,
    headed: bool,
) -> Walker:
    from certification.checks.redirects import allowed
    from certification.usability.walk import Walker

    def by_hand(page: str) -> None:
        console.done()
        console.warn(f"{browser.width} px: this step ({page}) is yours. Do it in the browser, then press Enter here.")
        sys.stdin.readline()

    there = headed and sys.stdin.isatty()
    return Walker(
        browser,
        time,
        lambda host: allowed(host.rstrip("."), config),
        hints,
        camera.of(name),
        by_hand if there else None,
        lambda text: console.progress(f"{browser.width} px: {text}"),
        passwords.append,
    )


def _framed(
    windows: _Windows, seen: Seen, said: list[Conclusion], pictures: Mapping[str, bytes]
) -> tuple[dict[str, bytes], dict[str, PictureRecord]]:
    """Return the pictures with numbered frames around what is meant."""
    from certification.browser.driver import PageStopped, size_of
    from certification.usability.record import PictureRecord, numbered

    frames: dict[str, list[tuple[Place, str]]] = {}
    for (of, sight_number, place), number in numbered(said).items():
        frames.setdefault(seen.visits[of].sights[sight_number].picture, []).append((place, str(number)))
    marked: dict[str, bytes] = dict(pictures)
    with ExitStack() as stack:
        browsers: dict[int, Browser] = {}
        for visit in seen.visits:
            for sight in visit.sights:
                if sight.picture in frames:
                    if visit.width not in browsers:
                        browsers[visit.width] = stack.enter_context(windows.opened(visit.width, visit.height))
                    with suppress(PageStopped):
                        marked[sight.picture] = browsers[visit.width].marked(
                            pictures[sight.picture], tuple(frames[sight.picture])
                        )
    records = {
        name: PictureRecord(name, hashlib.sha256(data).hexdigest(), *size_of(data)) for name, data in marked.items()
    }
    return marked, records


def _write(folder: Path, result: Result, pictures: Mapping[str, bytes]) -> None:
    """Write everything; an earlier result is replaced when the new one is there."""
    import json

    from certification.foundation.typed_json import to_json
    from certification.foundation.whole_files import write_whole
    from certification.usability import record, report

    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    for old in (folder / PICTURES).glob("*.png"):
        if f"{PICTURES}/{old.name}" not in pictures:
            old.unlink()
    for name, data in pictures.items():
        write_whole(folder / name, data)
    write_whole(folder / report.FILE, report.make_report(result, pictures).encode("utf-8", "backslashreplace"))
    text = json.dumps(to_json(result), indent=2, ensure_ascii=False)
    write_whole(folder / record.FILE, f"{text}\n".encode("utf-8", "backslashreplace"))


def _tell(result: Result, folder: Path, console: Console) -> None:
    """Say what follows for each statement, the worst first."""
    from certification.usability import report, words

    about = result.circumstances
    console.say(f"{about.partner}: {len(result.visits)} visits with {about.browser} in {about.seconds:.0f} s")
    for state, _, _ in report.GROUPS:
        for statement in result.statements:
            if statement.state is not state:
                continue
            console.tell(f"{statement.id}  {statement.text}", f"  {words.STATES[state]:<15}", " " * 23)
            for text in dict.fromkeys(_lines(statement)):
                console.tell(text, " " * 23)
    console.say(f"{folder / report.FILE}: everything, with pictures")


def _lines(statement: StatementRecord) -> Iterator[str]:
    """Yield what stands below a statement: nothing where it holds."""
    for said in statement.said:
        if said.state is statement.state and str(said.state) != "holds":
            yield f"{said.text} {said.question}".strip()
