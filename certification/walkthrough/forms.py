"""What a person typed, read from the body of a request and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from certification.attestations.records import NOT_APPLICABLE, NOT_SEEN, OPEN, SEEN, Who

MAX_FORM_BYTES: Final = 200_000
MAX_LINE: Final = 200
MAX_REASON: Final = 2_000
MAX_WORDS: Final = 20_000

ANSWERS: Final = (SEEN, NOT_SEEN, NOT_APPLICABLE)


class UnreadableFormError(ValueError):
    """The body is no form of this page."""


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field; ``field`` is its id in the page."""

    field: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What a person says about one expectation."""

    seen: str = OPEN
    reason: str = ""


@dataclass(frozen=True)
class Edition:
    """Which state of a case somebody has seen, and which of their changes this is."""

    version: str
    editor: str = ""
    """Names an open page, while it has a script; empty without."""
    turn: int = 0
    """Counts the changes of that page."""


@dataclass(frozen=True)
class Answers:
    """What a person says about one case."""

    expectations: tuple[Answer, ...]
    reason: str = ""
    workspace: str = ""
    browser: str = ""
    words: str = ""

    def problems(self, *, needs_workspace: bool) -> Iterator[FieldProblem]:
        """Yield what is missing before the answers can be recorded."""
        if self.reason.strip():
            return
        for number, each in enumerate(self.expectations):
            if each.seen == OPEN:
                yield FieldProblem(f"seen-{number}", f"Answer number {number + 1}: did you see it?")
            elif each.seen == NOT_APPLICABLE and not each.reason.strip():
                yield FieldProblem(f"why-{number}", f"Say why number {number + 1} does not apply.")
        if any(each.seen == NOT_SEEN for each in self.expectations) and not self.words.strip():
            yield FieldProblem("words", "Say in your words what you saw instead.")
        if needs_workspace and not self.workspace.strip():
            yield FieldProblem(
                "workspace", "Say in which Databricks workspace you did it: nothing was done on this page."
            )


def fields_of(body: bytes) -> Mapping[str, str]:
    """Return the fields of the URL-encoded form ``body``; raises :class:`UnreadableFormError`."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        message = "the body is no form"
        raise UnreadableFormError(message) from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def answers_of(fields: Mapping[str, str], expected: int) -> Answers:
    """Return the answers to ``expected`` expectations; raises :class:`UnreadableFormError` for what the page cannot send."""
    answers = tuple(
        Answer(_within(fields, f"seen-{number}", MAX_LINE), _within(fields, f"why-{number}", MAX_REASON))
        for number in range(expected)
    )
    if any(each.seen not in {*ANSWERS, OPEN} for each in answers):
        message = "an answer is none of those that the page offers"
        raise UnreadableFormError(message)
    return Answers(
        # A reason that belongs to another answer is not kept.
        tuple(each if each.seen == NOT_APPLICABLE else Answer(each.seen) for each in answers),
        _within(fields, "reason", MAX_REASON),
        _within(fields, "workspace", MAX_LINE),
        _within(fields, "browser", MAX_LINE),
        _within(fields, "words", MAX_WORDS),
    )


def edition_of(fields: Mapping[str, str]) -> Edition:
    """Return to which state of the case the answers were given."""
    turn = fields.get("turn", "")
    return Edition(
        _within(fields, "version", MAX_LINE),
        _within(fields, "editor", MAX_LINE),
        int(turn) if turn.isascii() and turn.isdecimal() and len(turn) < 10 else 0,
    )


def who_of(fields: Mapping[str, str]) -> Who:
    """Return who the person says they are."""
    return Who(*(_within(fields, name, MAX_LINE).strip() for name in ("by", "organisation", "role")))


def problems_of(who: Who) -> Iterator[FieldProblem]:
    """Yield what is missing of a person."""
    for name, value, words in (
        ("by", who.by, "Enter your name."),
        ("organisation", who.organisation, "Enter your organisation."),
        ("role", who.role, "Enter your role, such as product manager."),
    ):
        if not value:
            yield FieldProblem(name, words)


def _within(fields: Mapping[str, str], name: str, limit: int) -> str:
    value = fields.get(name, "")
    if len(value) > limit:
        message = f"{name} has more than {limit:,} characters"
        raise UnreadableFormError(message)
    return value
