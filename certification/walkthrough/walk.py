"""The walk itself: what was done and answered in each case, all of it in ``attestations.json`` the moment it happens."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from certification.attestations.file import AttestationFile, with_attestation
from certification.attestations.pictures import BadPicture, keep
from certification.attestations.records import (
    MAX_CALLS,
    MAX_PICTURES,
    NOT_APPLICABLE,
    Attestation,
    Call,
    Document,
    Draft,
    Expectation,
    Picture,
    Who,
    digest_of_exchange,
    result_of,
)
from certification.config.partner import PartnerConfig
from certification.databricks.made import connection_id
from certification.evidence.exchange import Exchange
from certification.walkthrough.acting import Caller
from certification.walkthrough.cutting import cut_exchange
from certification.walkthrough.databricks_side import Shown, shown_for
from certification.walkthrough.forms import Answers, Edition, FieldProblem, problems_of
from certification.walkthrough.guide import guides
from certification.walkthrough.situation import NEXT, Situation, may_repeat, situation_of, version_of
from certification.walkthrough.steps import Guide, Step, person_of


class ConflictError(Exception):
    """Somebody else has changed the case since the page was made; carries who, and when."""

    def __init__(self, by: str, on: str, *, recorded: bool) -> None:
        """Take who changed it and when, and whether a result was recorded."""
        super().__init__(by)
        self.by, self.on, self.recorded = by, on, recorded


class BusyError(Exception):
    """A call of the case is under way."""


class OutOfOrderError(Exception):
    """The step is not the one that comes next."""


class UnfitError(Exception):
    """What a person entered cannot be recorded yet; carries what is missing, field by field."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        """Take the problems, at least one."""
        super().__init__(str(problems))
        self.problems = problems


@dataclass
class Walk:
    """The manual cases of one partner in one round."""

    config: PartnerConfig
    suite: str
    file: AttestationFile
    caller: Caller
    round: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _addresses: dict[tuple[str, str, int], str] = field(default_factory=dict)
    """Where answers lead, as they came: in memory only."""
    _calling: dict[str, threading.Lock] = field(default_factory=dict)
    _changing: threading.Lock = field(default_factory=threading.Lock)
    _editions: dict[str, Edition] = field(default_factory=dict)
    """The last change of the answers to each case that was made from here."""

    def __post_init__(self) -> None:
        """Make a lock for each case."""
        self._calling = {case: threading.Lock() for case in guides()}

    # Looking

    def read(self) -> Document:
        """Return the file as it is now, after every change that has begun; raises CannotStart when it can't be read.

        Somebody who loads the page again at once must find what the page has sent while it was closed.
        """
        with self._changing:
            return self.file.read()

    def _change(self, how: Callable[[Document], Document]) -> Document:
        with self._changing:
            return self.file.change(how)

    def who(self, document: Document) -> Who:
        """Return who carries out this round; with empty fields when nobody said so."""
        return document.people.get(self.round, Who("", "", ""))

    def situation(self, case: str) -> Situation:
        """Return where ``case`` stands; raises KeyError for a case that is none."""
        return self._situation(case, self.read())

    def _situation(self, case: str, document: Document) -> Situation:
        return situation_of(document, case, self.round, self.config, self.suite)

    def address(self, case: str, execution: str, number: int) -> str | None:
        """Return where the answer to a call leads, as it came; None when it is not known any more."""
        return self._addresses.get((case, execution, number))

    # Acting

    def prepare(self, case: str) -> Situation:
        """Make the calls that come before the next press of the button; stops at the first that does not work."""
        with self._calling_for(case):
            situation = self.situation(case)
            while (following := situation.next_step) is not None and not following.step.pressed:
                situation = self._call(situation, following.step)
                if situation.next_step is not None and situation.next_step.step == following.step:
                    break
            return situation

    def press(self, case: str, step: str) -> tuple[Situation, Shown, Call]:
        """Make the call of the button; raises :class:`OutOfOrderError` when the case is not there yet."""
        with self._calling_for(case):
            situation = self.situation(case)
            wanted = next((each for each in situation.steps if each.step.id == step and each.step.pressed), None)
            if wanted is None or not (wanted.state == NEXT or may_repeat(wanted)):
                raise OutOfOrderError
            shown = list[Shown]()
            situation = self._call(situation, wanted.step, shown.append)
            return situation, shown[0], situation.draft.calls[-1]

    def _call(self, situation: Situation, step: Step, see: Callable[[Shown], None] = lambda _shown: None) -> Situation:
        case, guide = situation.guide.case, situation.guide
        execution = situation.draft.execution or secrets.token_hex(6)
        number = 1 + max(
            (call.exchange.number for call in situation.draft.calls if call.exchange.execution == execution), default=0
        )
        person = person_of(guide, self.config, execution, step.who, step.where)
        ident = None
        if step.of:
            about = next(each for each in situation.steps if each.step.id == step.of)
            found = [known for call in about.calls if (known := connection_id(call.exchange)) is not None]
            if not found:
                raise OutOfOrderError
            ident = found[-1]
        exchange = self.caller.call(case, execution, number, step, person, ident)
        shown = shown_for(exchange, self.config)
        see(shown)
        if shown.address:
            self._addresses[case, execution, number] = shown.address
        kept = _call_of(step, exchange)

        def add(document: Document) -> Document:
            draft = document.draft(case, self.round)
            calls = (*draft.calls, kept)[-MAX_CALLS:]
            return document.with_draft(replace(draft, execution=draft.execution or execution, calls=calls))

        return self._situation(case, self._change(add))

    @contextmanager
    def _calling_for(self, case: str) -> Iterator[None]:
        lock = self._calling[case]
        if not lock.acquire(blocking=False):
            raise BusyError
        try:
            yield
        finally:
            lock.release()

    def done_by_hand(self, case: str, step: str) -> None:
        """Note that the person did the preparing step ``step`` outside; raises :class:`OutOfOrderError`."""

        def note(document: Document) -> Document:
            situation = self._situation(case, document)
            following = situation.next_step
            if following is None or following.step.id != step or following.step.pressed:
                raise OutOfOrderError
            draft = situation.draft
            return document.with_draft(replace(draft, by_hand=(*draft.by_hand, step)))

        self._change(note)

    def start_over(self, case: str) -> None:
        """Begin the steps of the case anew, with people whom nobody knows; answers, pictures and calls stay."""

        def begin(document: Document) -> Document:
            draft = document.draft(case, self.round)
            return document.with_draft(replace(draft, execution=secrets.token_hex(6), by_hand=()))

        self._change(begin)

    # Answering

    def introduce(self, who: Who) -> None:
        """Note who carries out this round; raises :class:`UnfitError`."""
        problems = tuple(problems_of(who))
        if problems:
            raise UnfitError(problems)
        self._change(lambda document: replace(document, people={**document.people, self.round: who}))

    def save(self, case: str, edition: Edition, answers: Answers) -> Situation:
        """Keep ``answers``; raises :class:`ConflictError` when they were not given to the case as it is now."""

        def keep_them(document: Document) -> Document:
            return document.with_draft(self._answered(document, case, edition, answers))

        return self._situation(case, self._change(keep_them))

    def _answered(self, document: Document, case: str, edition: Edition, answers: Answers) -> Draft:
        """Return the draft with ``answers``; what a page sent before its newest change, but arrives after it, is passed over."""
        draft = document.draft(case, self.round)
        newest = document.newest(case, self.round)
        current, last = version_of(document, draft), self._editions.get(case)
        known = edition.version == current
        if last is not None and edition.editor and (last.editor, last.version) == (edition.editor, current):
            if edition.turn < last.turn:
                return draft
            known = True
        if not known:
            if draft.version or newest is None:
                raise ConflictError(draft.by, draft.on, recorded=False)
            raise ConflictError(newest.by, newest.on, recorded=True)
        expected = guides()[case].expected
        after = replace(
            draft,
            expectations=tuple(
                Expectation(each.text, answer.seen, answer.reason)
                for each, answer in zip(expected, answers.expectations, strict=True)
            ),
            reason=answers.reason,
            workspace=answers.workspace,
            browser=answers.browser,
            words=answers.words,
        )
        if after != draft:
            after = replace(after, version=draft.version + 1, by=self.who(document).by, on=self._moment())
        self._editions[case] = replace(edition, version=version_of(document, after))
        return after

    def record(self, case: str, edition: Edition, answers: Answers, browser: str) -> Attestation:
        """Make an attestation of ``answers``; raises :class:`ConflictError`, :class:`UnfitError`.

        ``browser`` is what the person uses, unless they say another.
        """

        def attest(document: Document) -> Document:
            draft = self._answered(document, case, edition, answers)
            problems = tuple(answers.problems(needs_workspace=not _pressed(draft, guides()[case])))
            who = self.who(document)
            if not who.complete:
                problems = (FieldProblem("you", "Say who you are first, on the start page."), *problems)
            if problems:
                raise UnfitError(problems)
            return with_attestation(document, self._attestation(draft, who, browser))

        return self._change(attest).attestations[-1]

    def _attestation(self, draft: Draft, who: Who, browser: str) -> Attestation:
        expectations = draft.expectations
        if draft.reason.strip():
            expectations = tuple(Expectation(each.text, NOT_APPLICABLE, draft.reason) for each in expectations)
        return Attestation(
            "",
            draft.case,
            self.round,
            result_of(expectations),
            draft.reason,
            who.by,
            who.organisation,
            who.role,
            self._moment(),
            draft.workspace,
            draft.browser.strip() or browser,
            draft.words,
            expectations,
            draft.pictures,
            draft.calls,
            self.config.digest,
            self.suite,
        )

    # Pictures

    def add_picture(self, case: str, data: bytes) -> Picture:
        """Keep a picture; raises :class:`BadPicture`."""
        picture = keep(data, self.file.folder, case)

        def add(document: Document) -> Document:
            draft = document.draft(case, self.round)
            if picture in draft.pictures:
                return document
            if len(draft.pictures) >= MAX_PICTURES:
                message = f"A case has at most {MAX_PICTURES} pictures."
                raise BadPicture(message)
            return document.with_draft(replace(draft, pictures=(*draft.pictures, picture)))

        self._change(add)
        return picture

    def remove_picture(self, case: str, name: str) -> None:
        """Take the picture called ``name`` out of the case; its file stays, for another record may name it."""

        def remove(document: Document) -> Document:
            draft = document.draft(case, self.round)
            return document.with_draft(
                replace(draft, pictures=tuple(each for each in draft.pictures if each.file != name))
            )

        self._change(remove)

    def picture(self, name: str) -> Picture | None:
        """Return the picture called ``name`` that some draft or attestation has."""
        document = self.read()
        those = (
            *(each for draft in document.drafts for each in draft.pictures),
            *(each for attestation in document.attestations for each in attestation.pictures),
        )
        return next((each for each in those if each.file == name), None)

    def _moment(self) -> str:
        return self.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _call_of(step: Step, exchange: Exchange) -> Call:
    kept = cut_exchange(exchange)
    return Call(step.id, digest_of_exchange(kept), kept)


def _pressed(draft: Draft, guide: Guide) -> bool:
    """Return whether the button was pressed in this page, for a case that this page is enough for."""
    pressed = {step.id for step in guide.steps if step.pressed}
    return not guide.real_workspace and any(call.step in pressed for call in draft.calls)
