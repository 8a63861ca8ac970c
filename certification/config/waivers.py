"""Waivers: what somebody at Databricks allows a partner to break, for a reason and until a day.

A waiver names a requirement with the operation that breaks it (as a finding of the report does), or a statement on
usability; who asked for it, who approved it, and until when.  It never covers what is about security, and it never makes
an API conformant: the verdict says that it is so only with waivers.

Three things are decided here.  Nobody approves what they asked for themselves: people are told apart by their names alone,
so that another organisation or spelling makes no second person.  A waiver lasts a year from its approval at most, as long as
a certificate does.  What costs no certificate (advice, optional statements) needs no waiver, so that one for it is a mistake.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

from certification.config.credentials import credentials_in
from certification.config.files import read_file
from certification.contract.operations import OPERATIONS
from certification.contract.requirements import REQUIREMENTS
from certification.contract.statements import STATEMENTS
from certification.contract.validation import show
from certification.foundation.days import FORM, WORDS, day_of, year_after
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.people import same_person
from certification.foundation.safe_text import one_line, visible
from certification.foundation.typed_json import Form, to_json

KEY: Final = "waivers"
"""Where the list stands in a file."""

MAX_WAIVERS: Final = 40
MAX_NAME: Final = 100
MAX_REASON: Final = 600
MAX_DETAIL: Final = 600

SHARED: Final = "service"
"""Stands for an operation where all share what decides the requirement."""

SUBJECTS: Final = (*OPERATIONS, "page", "config", SHARED)
"""What a finding can be about."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_FIELDS = ("id", "requirement", "operation", "detail", "statement", "reason", "asked", "approved", "until")
_PERSON = ("by", "organisation", "on")
_COMMENT = "$comment"

Day = Annotated[str, Form(FORM, WORDS)]


@dataclass(frozen=True, slots=True)
class Person:
    """Who asked for a waiver, or approved it, and on which day."""

    by: str
    organisation: str
    on: Day


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver, as the evidence of a run keeps it."""

    id: str
    requirement: str
    """Id of the requirement that may be broken; empty for a waiver of a statement."""
    operation: str
    """The operation that breaks it, as findings name it: ``service`` where all operations share what decides it."""
    detail: str
    """Detail of the cause; empty for any."""
    statement: str
    """Id of a statement on usability; empty for a waiver of a requirement."""
    reason: str
    asked: Person
    approved: Person
    until: Day
    """The last day on which it counts."""
    place: str = field(default="", compare=False)
    """File and field in which it stands; lives in memory only."""

    @property
    def about(self) -> str:
        """What it is for, in short: ``sign-in of connect``, ``U110``."""
        detail = f" ({self.detail})" if self.detail else ""
        return self.statement or f"{self.requirement} of {self.operation}{detail}"

    def covers(self, cause: tuple[str, str, str]) -> bool:
        """Return whether it names ``cause`` (requirement, operation, detail)."""
        same = bool(self.requirement) and cause[:2] == (self.requirement, self.operation)
        return same and self.detail in {"", cause[2]}

    def ended(self, today: date) -> bool:
        """Return whether its last day is over; so is one without a day."""
        last = day_of(self.until)
        return last is None or last < today


@dataclass(frozen=True)
class Checked:
    """The waivers that a list holds, those with a problem left out, and every problem of the list."""

    waivers: tuple[Waiver, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_waivers(path: Path, today: date) -> tuple[Waiver, ...]:
    """Return the waivers of the file at ``path`` (JSON, or TOML by its name), all of which count ``today``.

    The file is an object with a list ``waivers``; what else stands in it is left alone.  Raises :class:`CannotStart` with
    every problem: of the file, of each waiver, and for each that has ended.
    """
    where = str(path)
    raw, irregularities = read_file(
        path, what="file of waivers", missing="Name the file that holds your waivers, such as onboarding.json."
    )
    doubled = [Problem(where, f"{text}.", "Leave one of them.") for text in irregularities]
    if not isinstance(raw, dict) or KEY not in raw:
        what = f'the file holds no list "{KEY}".'
        remedy = (
            f'It should be an object such as {{"{KEY}": [{{"id": "W1", …}}]}}; without waivers, leave the option out.'
        )
        raise CannotStart([*doubled, Problem(where, what, remedy)])
    checked = waivers_in(raw[KEY], where)
    problems = [*doubled, *checked.problems, *dated_problems(checked.waivers, today)]
    if problems:
        raise CannotStart(problems)
    return checked.waivers


def waivers_in(value: Any, source: str, pointer: str = f"/{KEY}") -> Checked:
    """Return the waivers of the list ``value``, which stands in ``source`` at the JSON pointer ``pointer``.

    Everything that does not depend on the day is checked; :func:`dated_problems` checks the rest.
    """
    place = f"{source}, field {pointer}"
    if not isinstance(value, list):
        remedy = 'Write [{"id": "W1", "requirement": …, "operation": …, …}], or [] for none.'
        return Checked(problems=(Problem(place, f"expected a list of waivers, found {show(value)}.", remedy),))
    if len(value) > MAX_WAIVERS:
        what = f"there are {len(value):,} waivers; the suite reads {MAX_WAIVERS}."
        return Checked(problems=(Problem(place, what, "Repair what the report finds; waivers are exceptions."),))
    waivers, problems = list[Waiver](), list[Problem]()
    for number, entry in enumerate(value):
        reader = _Reader(f"{source}, field {pointer}/{number}")
        found = reader.waiver(entry)
        problems += reader.problems
        if found is not None:
            waivers.append(found)
    return Checked(tuple(waivers), (*problems, *_doubled(waivers)))


def dated_problems(waivers: Iterable[Waiver], today: date) -> list[Problem]:
    """Return what is wrong with ``waivers`` on the day ``today``: those that have ended, and days that are still to come."""
    problems = list[Problem]()
    for waiver in waivers:
        if waiver.ended(today):
            what = f"waiver {waiver.id} ended on {waiver.until}; today is {today}."
            remedy = f"Repair {waiver.about} and remove the waiver, or have a new one approved."
            problems.append(Problem(f"{waiver.place}/until", what, remedy))
        for name in ("asked", "approved"):
            on = day_of(getattr(waiver, name).on)
            # Elsewhere it may be tomorrow already.
            if on is not None and on > today + timedelta(days=1):
                what = f"{on} is still to come; today is {today}."
                problems.append(
                    Problem(f"{waiver.place}/{name}/on", what, "Correct the day, or the clock of this machine.")
                )
    return problems


def recorded_problems(waivers: Sequence[Waiver], source: str, day: date) -> list[Problem]:
    """Return what is wrong with ``waivers`` as the evidence of a run of ``day`` holds them; none for what a run takes."""
    checked = waivers_in([to_json(waiver) for waiver in waivers], source)
    statements = [
        Problem(waiver.place, f"it is for the statement {waiver.statement}, which no run looks at.", "")
        for waiver in checked.waivers
        if waiver.statement
    ]
    return [*checked.problems, *statements, *dated_problems(checked.waivers, day)]


def _doubled(waivers: Sequence[Waiver]) -> list[Problem]:
    problems = list[Problem]()
    for number, waiver in enumerate(waivers):
        for other in waivers[:number]:
            if other.id == waiver.id:
                what = f"the id {waiver.id} stands twice."
                problems.append(Problem(f"{waiver.place}/id", what, "Give each waiver an id of its own."))
                break
        twin = next((other for other in waivers[:number] if _same(other, waiver)), None)
        if twin is not None:
            what = f"waiver {waiver.id} is for {waiver.about}, and so is waiver {twin.id} ({twin.about})."
            problems.append(Problem(waiver.place, what, "Remove one of them."))
    return problems


def _same(one: Waiver, two: Waiver) -> bool:
    same = (one.requirement, one.operation, one.statement) == (two.requirement, two.operation, two.statement)
    return same and (one.detail == two.detail or "" in {one.detail, two.detail})


class _Reader:
    """Reads one waiver and notes everything that is wrong with it."""

    def __init__(self, place: str) -> None:
        self.problems: list[Problem] = []
        self._place = place

    def waiver(self, raw: Any) -> Waiver | None:
        """Return the waiver that ``raw`` is; None when something is wrong with it."""
        if not isinstance(raw, dict):
            self._wrong("", f"expected a waiver, found {show(raw)}.", 'Write {"id": "W1", "requirement": …}.')
            return None
        secret = list(credentials_in(raw, frozenset()))
        if secret:
            # Anything else that is said about it might repeat the credential.
            for pointer, looks in secret:
                self._wrong(pointer, f"it looks like {looks}.", "Take it out: waivers go into every report.")
            return None
        self._unknown(raw, _FIELDS, "")
        ident = self._id(raw)
        requirement, operation, detail, statement = self._what(raw)
        reason = self._line(raw, "reason", MAX_REASON, "Say why this is allowed; the report shows it.", lines=True)
        asked, approved = self._person(raw, "asked"), self._person(raw, "approved")
        if asked.by and same_person(asked.by, approved.by):
            what = f"{one_line(approved.by, 60)} approved what {one_line(asked.by, 60)} asked for: the same person."
            self._wrong("/approved/by", what, "Somebody else has to approve a waiver, at Databricks.")
        until = self._until(raw, asked, approved)
        if self.problems:
            return None
        return Waiver(
            ident, requirement, operation, detail, statement, reason, asked, approved, until, place=self._place
        )

    def _wrong(self, pointer: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self._place}{pointer}", what, remedy))

    def _unknown(self, raw: Mapping[str, Any], known: Sequence[str], pointer: str) -> None:
        for name in raw:
            if name not in known and name != _COMMENT:
                remedy = f"The fields are {', '.join(known)}; remarks stand in {_COMMENT}."
                self._wrong(f"{pointer}/{one_line(name, 60)}", f"there is no such field.{_meant(name, known)}", remedy)

    def _id(self, raw: Mapping[str, Any]) -> str:
        value = raw.get("id", "")
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
        found = f"found {show(value, 60)}" if value else "it is missing"
        self._wrong("/id", f"expected a short id, {found}.", 'Write letters, digits, ".", "_" and "-", such as "W1".')
        return ""

    def _what(self, raw: Mapping[str, Any]) -> tuple[str, str, str, str]:
        """Return requirement, operation, detail and statement; a waiver names one of the two."""
        requirement, statement = raw.get("requirement") or "", raw.get("statement") or ""
        if bool(requirement) == bool(statement):
            said = "both a requirement and a statement" if requirement else "neither a requirement nor a statement"
            remedy = "Name the requirement and operation of a finding, or the id of a statement such as U110."
            self._wrong("", f"the waiver names {said}.", remedy)
            return "", "", "", ""
        if statement:
            self._statement(statement)
        for name in ("operation", "detail") if statement else ():
            if raw.get(name):
                self._wrong(f"/{name}", "a statement is about no operation.", "Leave the field out.")
        if not requirement:
            return "", "", "", str(statement)
        if not isinstance(requirement, str) or requirement not in REQUIREMENTS:
            what = f"there is no requirement {show(requirement, 60)}.{_meant(requirement, REQUIREMENTS)}"
            self._wrong(
                "/requirement", what, "partner-connect requirements lists them; the report names that of a finding."
            )
            return "", "", "", ""
        self._waivable(requirement)
        return requirement, self._operation(raw, requirement), self._detail(raw), ""

    def _waivable(self, name: str) -> None:
        requirement = REQUIREMENTS[name]
        if requirement.security:
            what = f"{name} is about security, which is never waived."
            self._wrong("/requirement", what, "Repair the finding and remove the waiver.")
        elif requirement.level != "must":
            what = f"{name} is advice and costs no certificate, so there is nothing to waive."
            self._wrong("/requirement", what, "Remove the waiver.")
        elif requirement.untested:
            self._wrong("/requirement", f"no case tests {name}, so there is nothing to waive.", "Remove the waiver.")

    def _statement(self, name: Any) -> None:
        if not isinstance(name, str) or name not in STATEMENTS:
            what = f"there is no statement {show(name, 60)}.{_meant(name, STATEMENTS)}"
            self._wrong("/statement", what, f"They are called {', '.join(STATEMENTS)}.")
        elif STATEMENTS[name].security:
            what = f"{name} is about security, which is never waived."
            self._wrong("/statement", what, "Put it right and remove the waiver.")
        elif STATEMENTS[name].optional:
            self._wrong("/statement", f"{name} is optional, so there is nothing to waive.", "Remove the waiver.")

    def _operation(self, raw: Mapping[str, Any], requirement: str) -> str:
        value = raw.get("operation", "")
        name = value.replace("-", "_") if isinstance(value, str) else value
        if not isinstance(name, str) or name not in SUBJECTS:
            found = f"there is no operation {show(value, 60)}.{_meant(name, SUBJECTS)}" if value else "it is missing."
            self._wrong("/operation", found, f"Write one of {', '.join(SUBJECTS)}, as the finding names it.")
            return ""
        if REQUIREMENTS[requirement].shared != (name == SHARED):
            what = (
                f"{requirement} is decided by what all operations share, not by {name}."
                if name != SHARED
                else f"{requirement} is decided by each operation for itself."
            )
            remedy = f'Write "{SHARED}".' if name != SHARED else "Write the operation that the finding names."
            self._wrong("/operation", what, remedy)
        return name

    def _detail(self, raw: Mapping[str, Any]) -> str:
        value = raw.get("detail", "")
        if not isinstance(value, str) or len(value) > MAX_DETAIL or visible(value) != value:
            what = f"expected the detail of a finding's cause, found {show(value, 60)}."
            self._wrong("/detail", visible(what), "Copy the third part of its cause from report.json, or leave it out.")
            return ""
        return value

    def _line(
        self, raw: Mapping[str, Any], name: str, limit: int, remedy: str, pointer: str = "", *, lines: bool = False
    ) -> str:
        value = raw.get(name, "")
        place = f"{pointer}/{name}"
        if not isinstance(value, str) or not value.strip():
            found = f"expected text, found {show(value, 60)}." if value not in ("", None) else "it is missing."
            if isinstance(value, str) and value:
                found = "it is blank."
            self._wrong(place, found, remedy)
            return ""
        if len(value) > limit:
            self._wrong(place, f"it has {len(value):,} characters; {limit} are read.", "Say it shorter.")
        elif visible(value) != value or (not lines and len(value.splitlines()) > 1):
            self._wrong(place, "it holds a line break or something that cannot be seen.", "Write plain text.")
        return value.strip()

    def _person(self, raw: Mapping[str, Any], name: str) -> Person:
        value = raw.get(name)
        if not isinstance(value, dict):
            found = "it is missing." if value is None else f"expected a person, found {show(value, 60)}."
            who = "who asked for it" if name == "asked" else "who approved it, at Databricks"
            remedy = f'Say {who}: {{"by": "Ann Lee", "organisation": "Acorn", "on": "2027-01-10"}}.'
            self._wrong(f"/{name}", found, remedy)
            return Person("", "", "")
        self._unknown(value, _PERSON, f"/{name}")
        by = self._line(value, "by", MAX_NAME, "Write the person's name.", f"/{name}")
        organisation = self._line(value, "organisation", MAX_NAME, "Write the person's organisation.", f"/{name}")
        return Person(by, organisation, self._day(value, "on", f"/{name}"))

    def _day(self, raw: Mapping[str, Any], name: str, pointer: str = "") -> str:
        value = raw.get(name)
        if day_of(value) is None:
            found = "it is missing." if value in (None, "") else f"expected {WORDS}, found {show(value, 60)}."
            self._wrong(f"{pointer}/{name}", found, "Write a day of the calendar as year-month-day.")
            return ""
        return str(value)

    def _until(self, raw: Mapping[str, Any], asked: Person, approved: Person) -> str:
        until = self._day(raw, "until")
        last, given, wanted = day_of(until), day_of(approved.on), day_of(asked.on)
        if given is not None and wanted is not None and given < wanted:
            what = f"it was approved on {given}, before it was asked for on {wanted}."
            self._wrong("/approved/on", what, "Correct one of the days.")
        if last is not None and given is not None:
            if last < given:
                what = f"it ends on {last}, before it was approved on {given}."
                self._wrong("/until", what, "Correct one of the days.")
            elif last > year_after(given):
                what = f"{last} is more than a year after {given}, when it was approved."
                self._wrong(
                    "/until", what, f"Write {year_after(given)} at the latest, and have it approved again then."
                )
        return until


def _meant(name: Any, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1, 0.5) if isinstance(name, str) and len(name) < 200 else []
    return f" Did you mean {near[0]}?" if near else ""
