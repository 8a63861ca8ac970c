"""``onboarding.json``: what people declare about an onboarding, and where the derived things lie."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from certification.config.waivers import Waiver, waivers_in
from certification.contract.lifecycle import NEEDS
from certification.contract.schema_files import read_schema
from certification.contract.validation import SchemaError, schema_errors, show
from certification.foundation.days import FIRST_YEAR, LAST_YEAR, day_of
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.safe_text import clip
from certification.foundation.strict_json import parse
from certification.submission.explanations import EXPLANATIONS_FORMAT, NOTHING_EXPLAINED, Explanation, Explanations

FILE: Final = "onboarding.json"
ONBOARDING_FORMAT: Final = 1
MAX_BYTES: Final = 2_000_000
MAX_PROBLEMS: Final = 50
"""So many problems are named; nobody reads more at once."""

FILES: Final[Mapping[str, str]] = {
    "config": "partner.json",
    "bundle": "certification.zip",
    "attestations": "attestations.json",
    "ux": "ux/result.json",
    "tile": "tile.json",
    "submission": "submission.zip",
    "sign_offs": "sign-offs",
    "policy": "sign-off-policy.json",
}
"""Where the derived things lie when nobody says otherwise."""

DECLARED: Final = tuple(need.id for need in NEEDS.values() if not need.derived or need.declarable)


@dataclass(frozen=True, slots=True)
class Declaration:
    """Something that a person says is done."""

    need: str
    by: str
    organisation: str
    on: date
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SessionProblem:
    """A problem that a video session found; ``settled`` is None while it is open."""

    id: str
    what: str
    settled: date | None
    how: str = ""


@dataclass(frozen=True, slots=True)
class VideoSession:
    """A session in which all manual cases were executed together."""

    on: date
    by: str
    organisation: str
    problems: tuple[SessionProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Launch:
    """The dates of the launch."""

    agreed: date
    ga: date
    rollout: tuple[tuple[str, date], ...] = ()
    """Region and day, in the order of the roll-out."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of record."""

    kind: str
    on: date
    run: str
    manifest: str
    bundle: str
    config: str
    suite: str
    verdict: str
    why: str = ""


@dataclass(frozen=True)
class Onboarding:
    """Everything that an ``onboarding.json`` says."""

    path: Path
    partner: str
    files: Mapping[str, str] = field(default_factory=lambda: FILES)
    declarations: tuple[Declaration, ...] = ()
    video_sessions: tuple[VideoSession, ...] = ()
    sessions_as_written: tuple[Any, ...] = ()
    """The list ``video_sessions`` as it stands in the file: a sign-off is about it."""
    launch: Launch | None = None
    waivers: tuple[Waiver, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    explanations: Explanations = NOTHING_EXPLAINED
    """Words for what a submission cannot show."""

    def file(self, name: str) -> Path:
        """Return the path of the derived thing ``name``, a key of :data:`FILES`."""
        return self.path.parent / self.files[name]

    def declared(self, need: str) -> Declaration | None:
        """Return the newest declaration of ``need``."""
        found = [each for each in self.declarations if each.need == need]
        return max(found, key=lambda each: each.on) if found else None

    @property
    def certificate(self) -> Certificate | None:
        """The certificate of record."""
        return self.certificates[-1] if self.certificates else None


def read_onboarding(path: Path, today: date) -> Onboarding:
    """Return what the file at ``path`` says; raises :class:`CannotStart` with everything that is wrong with it."""
    raw = raw_onboarding(path)
    problems = onboarding_problems(raw, str(path), today)
    if problems:
        raise CannotStart(problems)
    return _onboarding(raw, path)


def raw_onboarding(path: Path, text: str | None = None) -> dict[str, Any]:
    """Return the JSON object in the file at ``path``, or in its ``text``; raises :class:`CannotStart`."""
    where = str(path)
    text = read_text(path) if text is None else text
    if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines()):
        raise _stop(
            where, "the file holds a merge conflict.", "Keep what is right of both sides, and take the marks out."
        )
    parsed = parse(text)
    if parsed.error:
        comment = any(line.lstrip().startswith(("//", "/*", "#")) for line in text.splitlines())
        remedy = 'JSON has no comments; write "$comment": "…" into any object.' if comment else "Correct it there."
        raise _stop(where, f"the file is not JSON: {parsed.error}.", remedy)
    if parsed.irregularities:
        raise _stop(where, f"{parsed.irregularities[0]}.", "Leave one of them.")
    if not isinstance(parsed.value, dict):
        raise _stop(where, "the file holds no object.", "Write one with: partner-connect onboarding init")
    return parsed.value


def onboarding_problems(raw: Mapping[str, Any], source: str, today: date) -> list[Problem]:
    """Return everything that is wrong with ``raw``, which stands in ``source``."""
    if raw.get("format") != ONBOARDING_FORMAT and isinstance(raw.get("format"), int):
        remedy = "Use the version of the suite that wrote it, or a newer one."
        return [
            Problem(f"{source}, field /format", f"expected {ONBOARDING_FORMAT}, found {show(raw['format'])}.", remedy)
        ]
    errors = schema_errors("onboarding", raw)
    problems = [problem for error in errors[:MAX_PROBLEMS] for problem in _of_schema(error, raw, source)]
    if len(errors) > MAX_PROBLEMS:
        what = f"there are {len(errors) - MAX_PROBLEMS:,} problems more."
        problems.append(Problem(source, what, "Put these right first; or is this another file?"))
    if not problems:
        problems += _needs(raw, source)
        problems += _days(raw, source, today)
    checked = waivers_in(raw.get("waivers", []), source)
    return [*problems, *checked.problems]


def read_text(path: Path) -> str:
    """Return the text of the file at ``path``; raises :class:`CannotStart`."""
    where = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _stop(where, "there is no such file.", "Write it with: partner-connect onboarding init") from None
    except OSError as error:
        raise _stop(where, f"the file cannot be read ({error.strerror}).", "Check its name and permissions.") from None
    if len(data) > MAX_BYTES:
        raise _stop(where, f"the file has more than {MAX_BYTES:,} bytes.", "Is this the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _stop(where, "the file is not UTF-8.", "Save it as UTF-8.") from None


def _stop(where: str, what: str, remedy: str) -> CannotStart:
    return CannotStart([Problem(where, what, remedy)])


def _of_schema(error: SchemaError, raw: Mapping[str, Any], source: str) -> Iterator[Problem]:
    if error.rule == "additionalProperties":
        known = [name for name in _properties(error.pointer) if name != "$comment"]
        for name in _at(raw, error.pointer).keys() - set(known) - {"$comment"}:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}? " if near else ""
            where = f"{source}, field {error.pointer}/{clip(name, 60)}"
            yield Problem(
                where,
                "there is no such field.",
                f"{hint}Known are {', '.join(known)}; words of yours go into $comment.",
            )
        return
    description = _rule_at(error.pointer).get("description", "")
    yield Problem(
        f"{source}, field {error.pointer or '/'}", f"expected {error.expected}, found {error.actual}.", str(description)
    )


@cache
def _schema() -> dict[str, Any]:
    return read_schema("onboarding")


def _rule_at(pointer: str) -> dict[str, Any]:
    """Return the part of the schema that is about ``pointer``."""
    rule = _schema()
    for part in pointer.split("/")[1:]:
        rule = rule.get("items", {}) if part.isdigit() else rule.get("properties", {}).get(part, {})
    return rule


def _properties(pointer: str) -> list[str]:
    return list(_rule_at(pointer).get("properties", {}))


def _at(raw: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    value: Any = raw
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    found: Mapping[str, Any] = value
    return found


def _needs(raw: Mapping[str, Any], source: str) -> Iterator[Problem]:
    for number, entry in enumerate(raw.get("declarations", [])):
        need, where = entry["need"], f"{source}, field /declarations/{number}"
        if need not in DECLARED:
            near = difflib.get_close_matches(need, DECLARED, 1)
            hint = f"Did you mean {near[0]}? " if near else ""
            derived = "It follows from files, and nobody can declare it. " if need in NEEDS else ""
            yield Problem(
                f"{where}/need",
                f"{show(need)} is nothing that is declared.",
                f"{derived}{hint}Declared are {', '.join(DECLARED)}.",
            )
        elif NEEDS[need].url and "url" not in entry:
            yield Problem(
                f"{where}/url",
                "the address is missing.",
                f"Say where it can be seen ({NEEDS[need].text}); recorded with the option --url.",
            )
    ids = [problem["id"] for session in raw.get("video_sessions", []) for problem in session.get("problems", [])]
    for name in dict.fromkeys(each for each in ids if ids.count(each) > 1):
        yield Problem(
            f"{source}, field /video_sessions", f"two problems are called {show(name)}.", "Give each a name of its own."
        )


def _days(raw: Mapping[str, Any], source: str, today: date) -> Iterator[Problem]:
    """Yield the days that do not exist, and those of something that is said to be done, but are still to come."""
    planned = {
        "/launch/ga",
        *(f"/launch/rollout/{number}/on" for number in range(len(raw.get("launch", {}).get("rollout", [])))),
    }
    for pointer, text in _all_days(raw, ""):
        where = f"{source}, field {pointer}"
        day = day_of(text)
        if day is None:
            yield Problem(where, f"{show(text)} is no day of the calendar.", "Correct it.")
        elif pointer not in planned and day > today + timedelta(days=1):
            yield Problem(
                where,
                f"{text} is still to come; today is {today}.",
                "Write down what is done; or is the clock of this machine wrong?",
            )
        elif not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Problem(where, f"{text} is no day of an onboarding.", "Is the year right?")


def _all_days(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if pointer.startswith("/waivers"):
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in {"on", "agreed", "ga"} and isinstance(inner, str):
                yield f"{pointer}/{name}", inner
            else:
                yield from _all_days(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _all_days(inner, f"{pointer}/{number}")


def _onboarding(raw: Mapping[str, Any], path: Path) -> Onboarding:
    launch = raw.get("launch")
    return Onboarding(
        path,
        raw["partner"],
        {**FILES, **{name: value for name, value in raw.get("files", {}).items() if name != "$comment"}},
        tuple(
            Declaration(entry["need"], entry["by"], entry["organisation"], _day(entry["on"]), entry.get("url", ""), entry.get("words", ""))
            for entry in raw.get("declarations", [])
        ),
        tuple(_session(entry) for entry in raw.get("video_sessions", [])),
        tuple(raw.get("video_sessions", [])),
        Launch(_day(launch["agreed"]), _day(launch["ga"]), tuple((each["region"], _day(each["on"])) for each in launch.get("rollout", [])))
        if launch
        else None,
        waivers_in(raw.get("waivers", []), str(path)).waivers,
        tuple(
            Certificate(**{**{name: value for name, value in entry.items() if name != "$comment"}, "on": _day(entry["on"])})
            for entry in raw.get("certificates", [])
        ),
        Explanations(EXPLANATIONS_FORMAT, tuple(
            Explanation(**{name: value for name, value in entry.items() if name != "$comment"})
            for entry in raw.get("explanations", [])
        )),
    )  # fmt: skip


def _session(entry: Mapping[str, Any]) -> VideoSession:
    problems = tuple(
        SessionProblem(
            each["id"],
            each["what"],
            _day(each["settled"]["on"]) if "settled" in each else None,
            each["settled"]["how"] if "settled" in each else "",
        )
        for each in entry.get("problems", [])
    )
    return VideoSession(_day(entry["on"]), entry["by"], entry["organisation"], problems)


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        message = f"{text} was checked before"
        raise ValueError(message)
    return day
