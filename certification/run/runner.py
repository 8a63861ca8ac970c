"""Run one case: its examples, then for a failing one two more tries and a smaller example, then the clean-up.

What is decided here is only which executions take place.  What they observed is judged in :mod:`certification.run.judge`.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from certification.cases.case import Case
from certification.cases.play import Play
from certification.databricks.actions import Partner
from certification.databricks.context import Context
from certification.evidence.recorder import DiskFull, Recorder
from certification.evidence.records import Begun, Concluded, Judgement, Planned, record_of
from certification.foundation.errors import CannotProceed, CertificationError, DoesNotApply, OutOfBudget
from certification.foundation.reason import Reason
from certification.generate.shape import Shape
from certification.generate.shrink import reduce_shape
from certification.run.findings import follows
from certification.run.judge import (
    CaseResult,
    End,
    EndKind,
    Execution,
    Ledger,
    Purpose,
    execution_record,
    given_up,
    sorted_out,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from certification.evidence.observation import Cause, Observation

SHRINK_EXECUTIONS = {"quick": 12, "standard": 24, "thorough": 60}
"""Executions that the reduction of one finding may cost, by profile."""

SHRINK_SECONDS = 30.0
SHRINK_SECONDS_IN_ALL = 120.0
SHRINK_REQUESTS_IN_ALL = {"quick": 200, "standard": 800, "thorough": 3000}
"""What all reductions of one process may cost together: a slow partner is not to be hammered for its many faults."""

INTERMITTENT_TRIES = 2
"""How often a failing example is tried again."""

MAX_REDUCED = 3
"""So many causes of one case are reduced; the others show the example that was met first."""

MAX_FAULT_TEXT = 500


def perform(
    context: Context,
    partner: Partner,
    case: Case,
    execution: str,
    shape: Shape,
    *,
    purpose: Purpose = Purpose.EXAMPLE,
    of: str = "",
) -> Execution:
    """Play ``case`` once and return what it observed.  A fault of the suite is an ``error``, never a broken requirement."""
    play = Play(context, partner, case.id, execution, shape)
    end = End()
    try:
        case.play(play)
    except DoesNotApply as ended:
        end = End(EndKind.NOT_APPLICABLE, ended.reason)
    except CannotProceed as ended:
        end = End(EndKind.BLOCKED, ended.reason)
    except DiskFull:
        raise
    except CertificationError as error:
        end = End(EndKind.ERROR, Reason("suite-fault", {"text": str(error)[:MAX_FAULT_TEXT]}))
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a script is the suite's fault and is said to be so
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
        end = End(EndKind.ERROR, Reason("suite-fault", {"text": text[:MAX_FAULT_TEXT]}))
    play.clean_up()
    held, observations = sorted_out(play.observations)
    return Execution(
        case.id, execution, purpose, shape, held, observations, end, frozenset(play.fired), play.exchanges, of
    )


@dataclass
class Runner:
    """Runs cases one after the other and keeps the ledger of this process.

    ``looks_again`` says whether what fails is tried again and made smaller; whoever wants to know only *that* it fails
    needs neither.
    """

    context: Context
    partner: Partner
    recorder: Recorder
    clock: Callable[[], float]
    ledger: Ledger = field(default_factory=Ledger)
    looks_again: bool = True
    _numbers: dict[str, int] = field(default_factory=dict)
    _shrink_seconds: float = SHRINK_SECONDS_IN_ALL
    _shrink_requests: int = 0

    def run(self, case: Case) -> CaseResult:
        """Run ``case`` completely, record it, and return its result."""
        begun = self.clock()
        reason = case.applies(self.context.config)
        if reason is not None:
            result = CaseResult(case.id, "not_applicable", reason)
        else:
            self._examples(case)
            result = self.ledger.conclude(case)
        why = result.reason or Reason("")
        seconds = round(self.clock() - begun, 3)
        self.recorder.write(record_of(Concluded(case.id, result.verdict, why.code, why.facts, seconds)))
        return result

    def _examples(self, case: Case) -> None:
        shapes = case.shapes(self.context.config, self.context.seed, self.context.profile) if case.shapes else [{}]
        self.recorder.write(record_of(Planned(case.id, len(shapes))))
        examined = 0
        for shape in shapes:
            known = self._known(case.id)
            execution = self._execute(case, shape)
            new = list({seen.cause: seen for seen in execution.broken if seen.level == "must"}.values())
            # What only follows from a known cause needs no second look either: it goes when that one goes.
            new = [seen for seen in new if seen.cause not in known and not follows(seen, self._plain())]
            if new and self.looks_again:
                examined += len(new)
                self._examine(case, execution, new, examined)
            examples = [each for each in self.ledger.executions[case.id] if each.purpose is Purpose.EXAMPLE]
            if execution.end.kind is EndKind.BLOCKED and given_up(examples):
                break

    def _known(self, case: str) -> set[Cause]:
        """Return the causes that need no second look: met in this case, or anywhere without a particular shape."""
        return {
            cause
            for name, executions in self.ledger.executions.items()
            for execution in executions
            if name == case or not execution.shape
            for cause in execution.causes()
        }

    def _plain(self) -> list[Observation]:
        """Return what was broken where nothing particular was sent."""
        return [
            seen
            for executions in self.ledger.executions.values()
            for execution in executions
            if not execution.shape
            for seen in execution.broken
        ]

    def _execute(self, case: Case, shape: Shape, purpose: Purpose = Purpose.EXAMPLE, of: str = "") -> Execution:
        number = self._numbers[case.id] = self._numbers.get(case.id, 0) + 1
        name = f"{number}" if purpose is Purpose.EXAMPLE else f"{number} {purpose}"
        self.recorder.write(record_of(Begun(case.id, name, purpose.value, shape)))
        execution = perform(self.context, self.partner, case, name, shape, purpose=purpose, of=of)
        self.recorder.write(execution_record(execution))
        self.ledger.add(execution)
        return execution

    def _examine(self, case: Case, example: Execution, new: list[Observation], examined: int) -> None:
        out_of_budget = example.end.reason is not None and example.end.reason.code == OutOfBudget.CODE
        if out_of_budget or any(seen.requirement == "answer-arrives" for seen in new):
            # Each further try would cost a whole timeout, or there is nothing left to try with.
            return
        again = [self._execute(case, example.shape, Purpose.AGAIN, example.id) for _ in range(INTERMITTENT_TRIES)]
        for seen in new:
            steady = all(seen.cause in other.causes() for other in again)
            if steady and len(example.shape) > 0 and examined <= MAX_REDUCED:
                self._reduce(case, example, seen.cause)

    def _reduce(self, case: Case, example: Execution, cause: Cause) -> None:
        begun = self.clock()
        end = begun + min(SHRINK_SECONDS, self._shrink_seconds)

        def fails(shape: Shape) -> bool:
            spent = self._shrink_requests >= SHRINK_REQUESTS_IN_ALL[self.context.profile]
            if spent or self.clock() > end:
                return False
            execution = self._execute(case, shape, Purpose.SHRINK, example.id)
            self._shrink_requests += execution.exchanges
            return cause in execution.causes()

        reduce_shape(example.shape, fails, SHRINK_EXECUTIONS[self.context.profile])
        self._shrink_seconds -= self.clock() - begun


def replay(context: Context, partner: Partner, case: Case, record: Judgement) -> Execution:
    """Play the execution of a judgement ``record`` again on ``partner`` and return what it observes now."""
    return perform(
        context, partner, case, record.execution, record.shape, purpose=Purpose(record.purpose), of=record.of
    )


def weight_order(cases: Iterable[Case]) -> list[Case]:
    """Return ``cases`` with the heaviest first, the order in which several processes finish soonest together."""
    return sorted(cases, key=lambda case: -case.weight)
