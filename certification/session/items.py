"""The cases as pytest items, so that pytest's own options apply to them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.evidence.recorder import DiskFull
from certification.foundation.errors import CertificationError
from certification.foundation.reason import Reason
from certification.report import terminal
from certification.report.words import reason_words
from certification.run.judge import CaseResult

KEY = pytest.StashKey[Any]()
"""Where pytest's config keeps the session of this process."""


class PartnerFailureError(Exception):
    """The partner broke a requirement; the text is the whole message."""


class SuiteFaultError(Exception):
    """The suite failed; this says nothing about the partner."""


class CaseItem(pytest.Item):
    """One case as a pytest item, so that pytest's own options apply to it."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        """Take the case; everything else is pytest's."""
        super().__init__(**kwargs)
        self.case = case
        self.result: CaseResult | None = None
        self.extra_keyword_matches |= {case.category, *case.category.split(), case.title}
        self.add_marker(family_of(case))

    def runtest(self) -> None:
        """Run the case and turn its verdict into pytest's outcome."""
        if self.case.manual:
            self.result = CaseResult(self.case.id, "manual", Reason("pending"))
            pytest.skip(f"manual: {self.case.steps}")
        try:
            self.result = self.config.stash[KEY].run_case(self.case)
        except DiskFull as error:
            self.session.shouldstop = str(error)
            raise
        match self.result.verdict:
            case "failed":
                raise PartnerFailureError(terminal.case_text(self.result))
            case "error":
                raise SuiteFaultError(reason_words(self.result.reason))
            case "blocked":
                pytest.skip(f"blocked: {reason_words(self.result.reason)}")
            case "not_applicable":
                pytest.skip(f"does not apply: {reason_words(self.result.reason)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the message of a failure; a traceback only for what is the suite's own fault."""
        if isinstance(excinfo.value, PartnerFailureError | SuiteFaultError | CertificationError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def __str__(self) -> str:
        """Return id and title, as ``--collect-only`` lists the case."""
        return f"{self.case.id:<5} {self.case.title}"

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the title that pytest shows for the case."""
        return Path(self.case.id), None, f"{self.case.id} {self.case.title}"


class Catalogue(pytest.Collector):
    """Collects all cases."""

    def __str__(self) -> str:
        """Return what ``--collect-only`` lists the cases under."""
        return "Cases of the Partner Connect certification"

    def collect(self) -> Iterable[CaseItem]:
        """Return an item for each case."""
        return [CaseItem.from_parent(self, name=case.id, case=case) for case in catalogue().values()]


def wanted(item: CaseItem, config: pytest.Config) -> bool:
    """Return whether the command line names this case, or none."""
    named = [argument.rpartition("::")[2] for argument in config.args if "::" in argument]
    return not named or item.case.id in named


def family_of(case: Case) -> str:
    """Return the name of the marker that selects ``case`` with ``-m``."""
    families = {"P": "scenario", "E": "scenario", "R": "scenario", "F": "scenario", "M": "manual"}
    return "manual" if case.manual else families.get(case.id[0], case.category.replace(" ", "_").replace("-", "_"))
