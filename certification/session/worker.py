"""A worker of pytest-xdist: it runs the cases that it is handed, with a recorder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from certification.cases.catalogue import catalogue
from certification.client.client import Credentials
from certification.client.partner import open_recorder
from certification.config.partner import PartnerConfig
from certification.databricks.context import Context
from certification.evidence.folder import ReportFolder
from certification.evidence.records import Worker as WorkerRecord
from certification.evidence.records import record_of
from certification.run.runner import weight_order
from certification.session.base import Session
from certification.session.plan import Plan


class Worker(Session):
    """A process of pytest-xdist."""

    def __init__(self, config: pytest.Config, given: dict[str, Any]) -> None:
        """Take over what the director decided."""
        super().__init__(config)
        facts = given["certification"]
        partner = PartnerConfig(facts["config"], facts["config_source"], trial=facts["trial"])
        context = Context(
            facts["run_id"], facts["seed"], facts["profile"], facts["url"], partner, frozenset(facts["alike"])
        )
        self.plan = Plan(context, Credentials(*facts["credentials"]))
        self.folder = ReportFolder(Path(facts["folder"]))
        self._processes: int = facts["processes"]
        self._name: str = given["workerid"]

    def begin(self) -> None:
        """Open this worker's own evidence file."""
        super().begin()
        self.recorder = open_recorder(self.folder.evidence / f"{self._name}.jsonl", self.redactor())
        self.recorder.write(record_of(WorkerRecord(self._name)))

    def processes(self) -> int:
        """Return how many workers share the rate."""
        return self._processes

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Hand out heavy cases first, so that no worker ends long after the others."""
        order = {case.id: place for place, case in enumerate(weight_order(catalogue().values()))}
        items.sort(key=lambda item: order.get(item.name, 0))

    def pytest_unconfigure(self) -> None:
        """Close the files."""
        self.close()
