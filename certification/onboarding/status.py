"""Where an onboarding stands: each need with its state, the stage, what is next and whose move it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from textwrap import shorten

from certification.attestations.standing import Standing as Attested
from certification.config.waivers import dated_problems
from certification.contract.lifecycle import NEEDS, PARALLEL, ROLES, Mover, Need, Stage
from certification.foundation.errors import CannotStart
from certification.foundation.reason import Reason
from certification.onboarding.dates import launch_reasons, roll_out_reasons
from certification.onboarding.facts import Facts, Verifies, look, verified_apart
from certification.onboarding.record import Onboarding
from certification.onboarding.sign_off import SignOff, Standing, broken_beside, policy_in, sign_offs_in, standing
from certification.review.validity import age
from certification.submission.verify import LookedAt, looked_at

Submits = Callable[[Path], LookedAt]


class State(StrEnum):
    """What is known of a need."""

    DONE = "done"
    MISSING = "missing"
    STALE = "stale"
    """It was done, for something that is another today."""
    REFUSED = "refused"
    FAILED = "failed"
    """It is there, and not right."""
    UNCHECKED = "unchecked"
    """It is there, and cannot be checked here."""
    LATER = "later"
    """It can't be done yet."""


WRONG = frozenset({State.STALE, State.REFUSED, State.FAILED, State.UNCHECKED})
"""States of what somebody did that does not count, or not any more."""


@dataclass(frozen=True)
class Item:
    """A need and what is known of it."""

    need: Need
    state: State
    mover: Mover
    """Whose move it is; that of the need, unless something else has to be repaired first."""
    by: str = ""
    """Who declared or signed it."""
    on: str = ""
    url: str = ""
    words: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Status:
    """Where an onboarding stands on a day."""

    onboarding: Onboarding
    facts: Facts
    today: date
    items: tuple[Item, ...]
    standings: tuple[Standing, ...]
    stage: Stage
    """The first stage that is not complete; maintenance when all are."""
    remarks: tuple[Reason, ...]
    """What is wrong beside the needs: odd files, waivers that ended."""
    sign_offs: tuple[SignOff, ...] = ()
    """All that were found, the oldest first."""

    @property
    def blocked(self) -> bool:
        """Whether anything up to the launch is open."""
        return any(item.state is not State.DONE for item in self.items) or bool(self.remarks)

    def next(self) -> list[Item]:
        """Return what can be done now: what is missing in this stage and in those beside it, and what is wrong anywhere."""
        reached = list(Stage).index(self.stage)
        return [
            item
            for item in self.items
            if item.state in WRONG
            or (
                item.state is State.MISSING
                and (list(Stage).index(item.need.stage) <= reached or item.need.stage in PARALLEL)
            )
        ]

    def of(self, stage: Stage) -> list[Item]:
        """Return the items of ``stage``."""
        return [item for item in self.items if item.need.stage is stage]


def status(
    onboarding: Onboarding, today: date, verifies: Verifies | None = None, submits: Submits | None = None
) -> Status:
    """Return where ``onboarding`` stands ``today``; raises :class:`CannotStart` for a policy that is wrong."""
    facts = look(onboarding, today, verifies or verified_apart)
    policy = policy_in(onboarding.file("policy"))
    found, odd = sign_offs_in(onboarding.file("sign_offs"), policy, onboarding.partner, today)
    standings = tuple(standing(role, found, policy, facts.digests) for role in ROLES.values())
    made = _Items(onboarding, facts, {each.role.id: each for each in standings}, today, submits or looked_at)
    items = tuple(made.item(need) for need in NEEDS.values())
    remarks = (*odd, *broken_beside(found, standings), *_remarks(onboarding, facts, today))
    return Status(onboarding, facts, today, items, standings, _stage(items), remarks, tuple(found))


def _stage(items: Sequence[Item]) -> Stage:
    open_ones = {item.need.stage for item in items if item.state is not State.DONE}
    before = [stage for stage in Stage if stage in open_ones and stage not in PARALLEL]
    # What goes on beside the others keeps nobody from a stage but the last.
    return before[0] if before else Stage.END_GAME if open_ones else Stage.MAINTENANCE


def _remarks(onboarding: Onboarding, facts: Facts, today: date) -> list[Reason]:
    found = [Reason("waiver", {"what": str(problem)[:300]}) for problem in dated_problems(onboarding.waivers, today)]
    if facts.config is not None and facts.config.name != onboarding.partner:
        found.append(Reason("partner-differs", {"here": onboarding.partner, "config": facts.config.name}))
    if facts.config is None:
        found.append(Reason("config-problem", {"what": facts.config_problem[:300]}))
    return found


class _Items:
    def __init__(
        self, onboarding: Onboarding, facts: Facts, standings: Mapping[str, Standing], today: date, submits: Submits
    ) -> None:
        self._onboarding, self._facts, self._standings, self._today = onboarding, facts, standings, today
        self._submits = submits
        self._done: dict[str, bool] = {}

    def item(self, need: Need) -> Item:
        found = self._derived(need) if need.derived else self._declared(need)
        self._done[need.id] = found.state is State.DONE
        return found

    def _declared(self, need: Need) -> Item:
        said = self._onboarding.declared(need.id)
        if said is None:
            return Item(need, State.MISSING, need.mover)
        return Item(need, State.DONE, need.mover, f"{said.by}, {said.organisation}", str(said.on), said.url, said.words)

    def _derived(self, need: Need) -> Item:
        makers: Mapping[str, Callable[[Need], Item]] = {
            "certified": self._certified,
            "tile-tried": self._tile,
            "submitted": self._submitted,
            "manual-cases": self._manual,
            "video-session": self._session,
            "ga-agreed": self._ga,
            "roll-out": self._roll_out,
            "certificate-valid": self._valid,
        }
        if need.id.startswith("sign-off-"):
            return self._sign_off(need)
        return makers[need.id](need)

    def _certified(self, need: Need) -> Item:
        certified = self._facts.certified
        if not certified.against:
            run = certified.manifest.run if certified.manifest else None
            return Item(need, State.DONE, need.mover, on=run.finished[:10] if run else "", words=certified.verdict)
        codes = {reason.code for reason in certified.against}
        aged = {"other-config", "other-suite", "certificate-due"}
        if codes == {"bundle-missing"}:
            state = State.MISSING
        elif codes <= aged:
            state = State.STALE
        else:
            state = State.UNCHECKED if codes <= {*aged, "bundle-unverified"} else State.FAILED
        return Item(need, state, need.mover, reasons=self._with_record(certified.against))

    def _with_record(self, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
        record = self._onboarding.certificate
        known = {"record": record.run if record else ""}
        return tuple(Reason(each.code, {**each.facts, **known}) for each in reasons)

    def _tile(self, need: Need) -> Item:
        record, said = self._facts.tile, self._onboarding.declared(need.id)
        if record is not None:
            return Item(need, State.DONE, need.mover, on=record.created[:10], words=record.host)
        if said is not None:
            return Item(
                need, State.DONE, need.mover, f"{said.by}, {said.organisation}", str(said.on), said.url, said.words
            )
        problem = self._facts.tile_problem
        reasons = (Reason("tile-damaged", {"why": problem[:300]}),) if problem else ()
        return Item(need, State.FAILED if problem else State.MISSING, need.mover, reasons=reasons)

    def _submitted(self, need: Need) -> Item:
        path = self._onboarding.file("submission")
        if not path.is_file():
            return Item(need, State.MISSING, need.mover)
        found = self._submits(path)
        if not found.complete:
            reasons = tuple(
                Reason("submission", {"what": shorten(text, 120, placeholder=" …")}) for text in found.problems[:5]
            )
            return Item(need, State.FAILED, need.mover, reasons=reasons)
        if found.verification.run != (self._facts.certified.manifest.run.id if self._facts.certified.manifest else ""):
            return Item(
                need, State.STALE, need.mover, reasons=(Reason("other-bundle", {"run": found.verification.run}),)
            )
        return Item(need, State.DONE, need.mover, words=path.name)

    def _manual(self, need: Need) -> Item:
        executed = self._facts.executed
        rows = [row for row in executed.rows if row.attestation is not None]
        if not executed.against:
            return Item(need, State.DONE, need.mover, by=_people(rows), words=f"{len(rows)} cases")
        codes = {reason.code for reason in executed.against}
        if executed.attestations is None and codes <= {"cases-missing", "config-unreadable"}:
            return Item(need, State.MISSING, need.mover, reasons=executed.against)
        state = (
            State.STALE
            if codes == {"cases-stale"}
            else State.FAILED
            if codes - {"cases-missing", "cases-stale"}
            else State.MISSING
        )
        return Item(need, state, need.mover, reasons=executed.against)

    def _session(self, need: Need) -> Item:
        sessions = self._onboarding.video_sessions
        if not sessions:
            return Item(need, State.MISSING, need.mover)
        open_ones = [problem for session in sessions for problem in session.problems if problem.settled is None]
        last = sessions[-1]
        if open_ones:
            reasons = tuple(
                Reason("problem-open", {"id": problem.id, "what": problem.what[:200]}) for problem in open_ones
            )
            return Item(need, State.FAILED, Mover.PARTNER, on=str(last.on), reasons=reasons)
        return Item(need, State.DONE, need.mover, f"{last.by}, {last.organisation}", str(last.on))

    def _sign_off(self, need: Need) -> Item:
        role = ROLES[need.id.removeprefix("sign-off-")]
        found = self._standings[role.id]
        last = found.by[-1].decision if found.by else None
        by, on = (f"{last.by}, {last.organisation}", last.on[:10]) if last else ("", "")
        missing = [name for name in role.needs if not self._done.get(name, False)]
        states = {
            "given": State.DONE,
            "missing": State.LATER if missing else State.MISSING,
            "refused": State.REFUSED,
            "withdrawn": State.REFUSED,
            "stale": State.STALE,
            "invalid": State.FAILED,
            "too-few": State.MISSING,
        }
        state = states[found.state]
        reasons = found.reasons
        if found.state == "missing" and missing:
            reasons = (_first(missing),)
        # What was refused, the partner repairs; then the other side signs again.
        mover = Mover.PARTNER if state is State.REFUSED else need.mover
        return Item(need, state, mover, by, on, words=found.signed if state is State.DONE else "", reasons=reasons)

    def _ga(self, need: Need) -> Item:
        launch = self._onboarding.launch
        if launch is None:
            missing = [
                name
                for name in (*(f"sign-off-{role}" for role in ROLES), "agreement-confirmed")
                if not self._done.get(name, False)
            ]
            first = (_first(missing),) if missing else ()
            return Item(need, State.LATER if missing else State.MISSING, need.mover, reasons=first)
        reasons = tuple(launch_reasons(launch.agreed, launch.ga))
        return Item(need, State.FAILED if reasons else State.DONE, need.mover, on=str(launch.ga), reasons=reasons)

    def _roll_out(self, need: Need) -> Item:
        launch = self._onboarding.launch
        if launch is None or not launch.rollout:
            return Item(need, State.LATER if launch is None else State.MISSING, need.mover)
        reasons = tuple(roll_out_reasons(launch.ga, launch.rollout))
        words = f"{len(launch.rollout)} regions"
        return Item(
            need,
            State.FAILED if reasons else State.DONE,
            need.mover,
            on=str(launch.rollout[-1][1]),
            words=words,
            reasons=reasons,
        )

    def _valid(self, need: Need) -> Item:
        record, certified = self._onboarding.certificate, self._facts.certified
        if record is None:
            return Item(need, State.MISSING if not certified.against else State.LATER, need.mover)
        if record.manifest != certified.digest:
            return Item(need, State.STALE, need.mover, reasons=(Reason("not-of-record", {"run": record.run}),))
        config = self._facts.config
        if config is not None and record.config != config.digest:
            return Item(need, State.STALE, need.mover, reasons=self._with_record((Reason("other-config"),)))
        if certified.against:
            return Item(need, State.STALE, need.mover, reasons=certified.against)
        due = age(certified.manifest.run.finished if certified.manifest else "", self._today).due
        return Item(
            need, State.DONE, need.mover, on=str(record.on), words=f"until {due - timedelta(days=1)}" if due else ""
        )


def _first(needs: Sequence[str]) -> Reason:
    return Reason("needs-first", {"what": "; ".join(NEEDS[need].text for need in needs)})


def _people(rows: Sequence[Attested]) -> str:
    return ", ".join(dict.fromkeys(row.attestation.by for row in rows if row.attestation is not None))


__all__ = ["CannotStart", "Item", "State", "Status", "status"]
