"""The spreading of cases over workers, with workers that die when they like."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from certification.cases.catalogue import catalogue
from certification.session.schedule import KeepTogether

NAMES = [f"certification::{name}" for name, case in catalogue().items() if not case.manual]


class Config:
    """What the scheduler asks of pytest's config."""

    option = SimpleNamespace(loadscopereorder=True)

    def getvalue(self, name: str) -> Any:
        return ["popen", "popen"] if name == "tx" else None


class Worker:
    """A worker as xdist has them: it keeps its last case back until it gets more, or is told to stop."""

    def __init__(self, name: str) -> None:
        self.gateway = self
        self.id = name
        self.spec = name
        self.shutting_down = False
        self.waiting: list[int] = []
        self.done: list[str] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.waiting += indices

    def shutdown(self) -> None:
        self.shutting_down = True

    def step(self, scheduler: KeepTogether) -> bool:
        """Run one case, if this worker would."""
        if not self.waiting or (len(self.waiting) == 1 and not self.shutting_down):
            return False
        index = self.waiting.pop(0)
        self.done.append(NAMES[index])
        scheduler.mark_test_complete(self, index)
        return True


def join(scheduler: KeepTogether, worker: Worker) -> None:
    scheduler.add_node(worker)
    scheduler.add_node_collection(worker, NAMES)


def to_the_end(scheduler: KeepTogether, workers: list[Worker]) -> None:
    """Let the workers run until nothing moves; the director tells all to stop when everything is handed out."""
    moved = True
    while moved:
        moved = sum(worker.step(scheduler) for worker in workers) > 0
        if scheduler.tests_finished:
            for worker in workers:
                if not worker.shutting_down:
                    worker.shutdown()
                    moved = True


@pytest.mark.parametrize("steps", range(0, len(NAMES) * 2, 3))
def test_the_death_of_a_worker_costs_one_case_whenever_it_comes(steps: int) -> None:
    scheduler = KeepTogether(Config(), None)
    first, second, third = Worker("gw0"), Worker("gw1"), Worker("gw2")
    join(scheduler, first)
    join(scheduler, second)
    scheduler.schedule()
    for number in range(steps):
        (first, second)[number % 2].step(scheduler)
    crashed = scheduler.remove_node(first)
    join(scheduler, third)
    scheduler.schedule()
    to_the_end(scheduler, [second, third])
    ran = [*first.done, *second.done, *third.done]
    assert len(ran) == len(set(ran))
    assert set(ran) | ({crashed} if crashed else set()) == set(NAMES)
    assert not scheduler.workqueue
