"""The record of a run: answers like the partner did, and stops where, and only where, the run had to stop."""

from __future__ import annotations

import re
from collections.abc import Iterable

from certification.client.pacing import Patience
from certification.client.recorded import RecordedPartner
from certification.evidence.exchange import Exchange
from certification.foundation.errors import CannotProceed, OutOfBudget

_BUDGET = re.compile(r"--certification-max-requests=(\d+)")


class RecordedRun(RecordedPartner):
    """The recorded exchanges of one execution, in front of which its script is played again.

    It knows why the run stopped: endpoints that fell silent are left alone exactly as they were, and
    a budget of requests ends at the recorded number.  Where neither explains the end of the record, the difference shows.
    """

    def __init__(self, exchanges: Iterable[Exchange], patience: Patience, *, budget: int | None = None) -> None:
        """``patience`` is shared by all executions of one process; ``budget`` is the budget of requests of the run."""
        exchanges = list(exchanges)
        super().__init__(exchanges)
        self._order = [exchange.number for exchange in exchanges if not exchange.throttled]
        self._asked: list[int] = []
        self._throttled = [exchange for exchange in exchanges if exchange.throttled]
        self._patience, self._budget = patience, budget
        for number, count in _counts(exchange.number for exchange in exchanges if not exchange.throttled).items():
            if count > 1:
                self.differences.append(f"{number}: recorded {count} times")

    def send(self, plan: Exchange) -> Exchange:
        """Return the recorded answer to ``plan``; raises CannotProceed where the run could not go on."""
        self._patience.check(plan)
        recorded = self._answer(plan)
        self._patience.note(recorded)
        return recorded

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Return the recorded answers to ``plans``."""
        for plan in plans:
            self._patience.check(plan)
        answers = [self._answer(plan) for plan in plans]
        for answer in answers:
            self._patience.note(answer)
        return answers

    def _answer(self, plan: Exchange) -> Exchange:
        for waiting in self._throttled:
            if waiting.number == plan.number and (waiting.request != plan.request or waiting.status != 429):
                self.differences.append(
                    f"{plan.number}: what was recorded as a call that had to wait is not that call with the answer 429"
                )
        try:
            recorded = super().send(plan)
        except CannotProceed:
            if self._budget is not None:
                raise OutOfBudget(self._budget) from None
            raise
        self._asked.append(plan.number)
        if (recorded.act, recorded.when) != (plan.act, plan.when):
            self.differences.append(f"{plan.number}: recorded as another step than the suite makes here")
        if (recorded.response is None) == (recorded.failure is None):
            self.differences.append(f"{plan.number}: the record must hold an answer or the reason why there was none")
        return recorded

    def all_differences(self) -> list[str]:
        """Return everything in which the record differs from what the script does."""
        return [
            *self.differences,
            *self._disorder(),
            *(f"{step}: the suite makes no such call" for step in self.unused()),
        ]

    def _disorder(self) -> list[str]:
        """Return what shows that the calls were not recorded in the order in which the script makes them."""
        recorded = [step for step in self._order if step in self.used]
        pairs = zip(recorded, self._asked, strict=False)
        return [f"{one}: the record holds it out of order" for one, two in pairs if one != two][:1]

    def unused(self) -> list[int]:
        """Return the steps of the record that the script never asked for."""
        return super().unused() + [exchange.number for exchange in self._throttled if exchange.number not in self.used]


def budget_of(narrowed_by: Iterable[str]) -> int | None:
    """Return the number of requests to which a run was narrowed; None for another run."""
    match = next((found for text in narrowed_by if (found := _BUDGET.fullmatch(text))), None)
    return int(match[1]) if match and len(match[1]) < 19 else None


def _counts(names: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts
