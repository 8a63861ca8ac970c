"""Run one case: its examples, then for a failing one two more tries and a smaller example, then the clean-up.

What is decided here is only which executions take place.  What they found is judged in the ledger.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from certification.cases.case import Case
from certification.cases.play import Context, Play, Stage
from certification.evidence.recorder import DiskFull, Recorder
from certification.foundation.errors import CannotProceed, CertificationError, DoesNotApply
from certification.generate.shape import Shape
from certification.generate.shrink import reduce_shape
from certification.run.judge import INTERMITTENT_TRIES, CaseResult, Cause, Execution, Ledger, execution_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from certification.evidence.observation import Violation

SHRINK_EXECUTIONS = {"quick": 12, "standard": 24, "thorough": 60}
"""Executions that the reduction of one finding may cost, by profile."""

SHRINK_SECONDS = 30.0
SHRINK_SECONDS_IN_ALL = 120.0
SHRINK_REQUESTS_IN_ALL = {"quick": 200, "standard": 800, "thorough": 3000}
"""What all reductions of one process may cost together: a slow partner is not to be hammered for its many faults."""

MAX_REDUCED = 3
"""So many causes of one case are reduced; the others show the example that was met first."""


def perform(
    context: Context, stage: Stage, case: Case, execution: str, shape: Shape, *, purpose: str = "example", of: str = ""
) -> Execution:
    """Play ``case`` once and return what it found.  A fault of the suite is an ``error``, never a violation."""
    play = Play(context, stage, case.id, execution, shape)
    end, reason = "done", ""
    try:
        case.play(play)
    except DoesNotApply as interlude:
        end, reason = "not_applicable", str(interlude)
    except CannotProceed as interlude:
        end, reason = "blocked", str(interlude)
    except DiskFull:
        raise
    except CertificationError as error:
        end, reason = "error", f"fault of the suite: {error}"
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a script is the suite's fault and is said to be so
        where = traceback.extract_tb(error.__traceback__)[-1]
        end, reason = (
            "error",
            f"fault of the suite: {type(error).__name__}: {error} ({where.name}, line {where.lineno})",
        )
    play.clean_up()
    return Execution(
        case.id,
        execution,
        purpose,
        shape,
        tuple(play.violations),
        end,
        reason[:600],
        frozenset(play.fired),
        play.exchanges,
        of,
    )


@dataclass
class Runner:
    """Runs cases one after the other and keeps the ledger of this process."""

    context: Context
    stage: Stage
    recorder: Recorder
    cases: dict[str, Case]
    ledger: Ledger
    clock: Callable[[], float]
    _numbers: dict[str, int] = field(default_factory=dict)
    _shrink_seconds: float = SHRINK_SECONDS_IN_ALL
    _shrink_requests: int = 0

    def run(self, case: Case) -> CaseResult:
        """Run ``case`` completely, record it, and return its result."""
        begun = self.clock()
        reason = case.applies(self.context.config)
        if reason:
            result = CaseResult(case.id, "not_applicable", reason)
        else:
            self._examples(case)
            result = self.ledger.conclude(case)
        seconds = self.clock() - begun
        self.recorder.write(
            {
                "type": "case",
                "case": case.id,
                "verdict": result.verdict,
                "reason": result.reason,
                "seconds": round(seconds, 3),
            }
        )
        return result

    def _examples(self, case: Case) -> None:
        profile = self.context.profile
        shapes = case.shapes(self.context.config, self.context.seed, profile) if case.shapes else [{}]
        self.recorder.write({"type": "plan", "case": case.id, "examples": len(shapes)})
        examined: list[Cause] = []
        for shape in shapes:
            execution = self._execute(case, shape)
            self._baselines(case, execution)
            own = [
                found
                for found in self.ledger.own_violations(execution)
                if found.level == "must" and found.cause not in examined
            ]
            if own:
                examined += [found.cause for found in own]
                self._examine(case, execution, own, len(examined))
            if execution.end == "blocked" and self._hopeless(case):
                break

    def _hopeless(self, case: Case) -> bool:
        """Whether going on would only repeat the same obstacle: three examples in a row were blocked at once."""
        last = [execution for execution in self.ledger.executions[case.id] if execution.purpose == "example"][-3:]
        return len(last) == 3 and all(execution.end == "blocked" for execution in last)

    def _execute(self, case: Case, shape: Shape, purpose: str = "example", of: str = "") -> Execution:
        number = self._numbers[case.id] = self._numbers.get(case.id, 0) + 1
        name = f"{number}" if purpose == "example" else f"{number} {purpose}"
        self.recorder.write(
            {"type": "execution", "case": case.id, "execution": name, "purpose": purpose, "shape": shape}
        )
        execution = perform(self.context, self.stage, case, name, shape, purpose=purpose, of=of)
        self.recorder.write(execution_record(execution))
        self.ledger.add(execution)
        return execution

    def _baselines(self, case: Case, execution: Execution) -> None:
        """Run the plain cases that own what was found, unless they ran already, so that one cause is reported once."""
        for owner in dict.fromkeys(
            place for violation in execution.violations for place in self.ledger.owners_of(case.id, violation.cause)
        ):
            plain = self.cases.get(owner)
            # Cases of the shared domain belong to one process; they are never run for the sake of another case.
            apart = plain is not None and plain.shared_domain and not case.shared_domain
            if plain is None or apart or self.ledger.known(owner) or plain.applies(self.context.config):
                continue
            shapes = self.cases[owner].shapes
            shape = shapes(self.context.config, self.context.seed, self.context.profile)[0] if shapes else {}
            self._execute(self.cases[owner], shape, "baseline")

    def _examine(self, case: Case, example: Execution, own: list[Violation], examined: int) -> None:
        if any(found.requirement == "answer-arrives" for found in own) or (
            example.end == "blocked" and "budget" in example.reason
        ):
            # Each further try would cost a whole timeout, or there is nothing left to try with.
            return
        again = [self._execute(case, example.shape, "again", example.id) for _ in range(INTERMITTENT_TRIES)]
        for violation in own:
            steady = all(violation.cause in other.causes() for other in again)
            if steady and len(example.shape) > 0 and examined <= MAX_REDUCED:
                self._reduce(case, example, violation.cause)

    def _reduce(self, case: Case, example: Execution, cause: Cause) -> None:
        begun = self.clock()
        end = begun + min(SHRINK_SECONDS, self._shrink_seconds)

        def fails(shape: Shape) -> bool:
            spent = self._shrink_requests >= SHRINK_REQUESTS_IN_ALL[self.context.profile]
            if spent or self.clock() > end:
                return False
            execution = self._execute(case, shape, "shrink", example.id)
            self._shrink_requests += execution.exchanges
            return cause in execution.causes()

        reduce_shape(example.shape, fails, SHRINK_EXECUTIONS[self.context.profile])
        self._shrink_seconds -= self.clock() - begun


def replay(context: Context, stage: Stage, case: Case, record: dict[str, Any]) -> Execution:
    """Play the execution of a judgement ``record`` again on ``stage`` and return what it finds now."""
    return perform(
        context, stage, case, record["execution"], record["shape"], purpose=record["purpose"], of=record["of"]
    )


def weight_order(cases: Iterable[Case]) -> list[Case]:
    """Return ``cases`` with the heaviest first, the order in which several processes finish soonest together."""
    return sorted(cases, key=lambda case: -case.weight)
