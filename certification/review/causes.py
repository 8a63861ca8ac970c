"""What a difference between two reports comes from: the partner, the config, the contract, the suite, or the run.

Only what changed between the reports can be behind a difference, and only where the difference depends on it:

1. the *contract*, where the clause asks for something else than before (its digest is another one);
2. the *config*, where a field changed on which the requests or the requirement depend (see ``review/reach.py``);
3. where neither did, and the suite is another: *the suite or the partner*, which nothing here can tell apart;
4. where only the examples are others (seed or profile), in a generated case: *the run or the partner*;
5. otherwise the *partner*: nothing else changed on which the difference depends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from certification.cases.catalogue import catalogue
from certification.config.partner import PartnerConfig
from certification.review.reach import REACH, changed_fields


class Changed(StrEnum):
    """What may have changed."""

    PARTNER = "partner"
    CONFIG = "config"
    CONTRACT = "contract"
    SUITE = "suite"
    RUN = "run"
    """How the run was made: its seed, its profile, its waivers, what it was narrowed by."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What a difference comes from."""

    changed: tuple[Changed, ...] = ()
    """What changed; several where each of them did and nothing tells which it was; nothing where nothing differs."""
    fields: tuple[str, ...] = ()
    """Fields of the config that changed, when it can be the config."""


OF_PARTNER = Cause((Changed.PARTNER,))
OF_CONTRACT = Cause((Changed.CONTRACT,))
OF_SUITE = Cause((Changed.SUITE,))
OF_RUN = Cause((Changed.RUN,))

LOOKED = frozenset({"passed", "failed", "waived"})
"""Verdicts of a case that was looked at."""

Finding = Mapping[str, Any]


class Between:
    """What changed between two reports, asked for each difference."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Look at both reports, whose shape was checked."""
        self._old, self._new = old, new
        self.fields = changed_fields(old["config"], new["config"])
        self.narrowed = bool(_partial(old) or _partial(new))
        self._cases = [{case["id"]: case for case in report["cases"]} for report in (old, new)]
        self._laws = {entry["id"]: _law(entry) for entry in old["requirements"]}
        self._version = old["partner"]["api_version"] != new["partner"]["api_version"]
        self.clauses = frozenset(
            entry["id"] for entry in new["requirements"] if self._law_changed(entry)
        ) | self._laws.keys() - {entry["id"] for entry in new["requirements"]}

    def of(self, requirement: str = "", operation: str = "", cases: Iterable[str] = ()) -> Cause:
        """Return what another outcome of ``requirement`` at ``operation``, met in ``cases``, comes from."""
        names = tuple(cases) or ("",)
        fields = self._fields([requirement], operation, names)
        return self._cause(requirement in self.clauses, fields, names)

    def of_finding(self, finding: Finding) -> Cause:
        """Return what it comes from that a finding is there in one of the reports only."""
        requirement, operation, _ = finding["cause"]
        found = self.of(requirement, operation, [finding["case"]])
        was, now = (rows.get(finding["case"]) for rows in self._cases)
        looked = was is not None and now is not None and {was["verdict"], now["verdict"]} <= LOOKED
        if looked or set(found.changed) <= {Changed.CONTRACT, Changed.CONFIG}:
            return found
        # It could not have been found where its case was not looked at: why that was so is the reason.
        return self.of_case(finding["case"])

    def of_requirement(self, name: str) -> Cause:
        """Return what it comes from that a requirement has another outcome, or is in one of the reports only."""
        met = [finding for finding in self._findings if finding["cause"][0] == name]
        if met:
            return self._together(self.of_finding(finding) for finding in met)
        return OF_RUN if self.narrowed and name not in self.clauses else self.of(name)

    def of_case(self, name: str) -> Cause:
        """Return what it comes from that a case has another verdict, or is in one of the reports only."""
        was, now = (rows.get(name) for rows in self._cases)
        if was is None or now is None:
            return OF_SUITE
        verdicts = {was["verdict"], now["verdict"]}
        if "not_run" in verdicts:
            return OF_RUN
        if "error" in verdicts:
            # An error is a fault of the suite, whatever brought it out.
            return OF_SUITE
        switched = self._switched_by(name)
        if switched:
            return Cause((Changed.CONFIG,), switched)
        met = [finding for finding in self._findings if name in {finding["case"], *finding["cases"]}]
        if verdicts & {"failed", "waived"} and met:
            return self._together(self.of(finding["cause"][0], finding["cause"][1], [name]) for finding in met)
        if verdicts == {"failed", "waived"}:
            return OF_RUN
        rows = [row.get("requirements") for row in (was, now)]
        looked_at = {str(each) for row in rows if isinstance(row, list) for each in row}
        return self._cause(bool(looked_at & self.clauses), self._fields(looked_at, "", [name]), [name])

    def of_fact(self, name: str) -> Cause:
        """Return what it comes from that a fact about the runs differs, such as ``suite version`` or ``address``."""
        match name:
            case "suite version":
                return OF_SUITE
            case "catalogue":
                parts = ((Changed.CONTRACT, bool(self.clauses)), (Changed.SUITE, self.suite or not self.clauses))
                return Cause(tuple(what for what, is_so in parts if is_so))
            case "API version":
                return OF_CONTRACT
            case "partner":
                return Cause((Changed.CONFIG,), ("name",))
            case "address" if "base_url" in self.fields:
                return Cause((Changed.CONFIG,), ("base_url",))
        return OF_RUN

    @cached_property
    def suite(self) -> bool:
        """Whether another suite made the new report, apart from what its contract says."""
        one, two = self._old, self._new
        if one["suite"]["version"] != two["suite"]["version"]:
            return True
        same_cases = _said(one) == _said(two)
        return not same_cases or (one["suite"]["catalogue"] != two["suite"]["catalogue"] and not self.clauses)

    @cached_property
    def _findings(self) -> list[Finding]:
        """Return the findings that stand in one of the reports only."""
        before = {tuple(entry["cause"]): entry for entry in self._old["findings"]}
        after = {tuple(entry["cause"]): entry for entry in self._new["findings"]}
        return [
            entry
            for side, other in ((before, after), (after, before))
            for key, entry in side.items()
            if key not in other
        ]

    def _cause(self, law: bool, fields: tuple[str, ...], cases: Iterable[str]) -> Cause:  # noqa: FBT001 - one of three facts
        known = tuple(what for what, is_so in ((Changed.CONTRACT, law), (Changed.CONFIG, bool(fields))) if is_so)
        if known:
            return Cause(known, fields)
        if self.suite:
            return Cause((Changed.SUITE, Changed.PARTNER))
        others = any(self._old["run"][name] != self._new["run"][name] for name in ("seed", "profile"))
        if others and any(name in catalogue() and catalogue()[name].shapes for name in cases):
            return Cause((Changed.RUN, Changed.PARTNER))
        return OF_PARTNER

    def _fields(self, requirements: Iterable[str], operation: str, cases: Iterable[str]) -> tuple[str, ...]:
        looked_at, names = tuple(requirements) or ("",), tuple(cases)
        return tuple(
            field
            for field in self.fields
            if field in REACH
            and any(REACH[field].covers(each, operation, case) for each in looked_at for case in names)
        )

    def _together(self, causes: Iterable[Cause]) -> Cause:
        found = list(causes)
        changed = tuple(what for what in Changed if any(what in cause.changed for cause in found))
        return Cause(changed, tuple(dict.fromkeys(field for cause in found for field in cause.fields)))

    def _switched_by(self, name: str) -> tuple[str, ...]:
        """Return the fields that decide that a case applies to one of the configs only."""
        case = catalogue().get(name)
        one, two = self._old["config"], self._new["config"]
        if case is None or not self.fields:
            return ()
        # A report from elsewhere may hold a config that is none.
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            before, after = (case.applies(PartnerConfig(raw)) is None for raw in (one, two))
            if before == after:
                return ()
            alone = tuple(
                field
                for field in self.fields
                if (case.applies(PartnerConfig(_with(one, field, two))) is None) != before
                or (case.applies(PartnerConfig(_with(two, field, one))) is None) != after
            )
            return alone or self.fields
        return ()

    def _law_changed(self, entry: Mapping[str, Any]) -> bool:
        before, after = self._laws.get(entry["id"]), _law(entry)
        if before is None:
            return True
        if before[0] and after[0]:
            return before[0] != after[0]
        # A report of an earlier suite has no digests: what the clause says, and the version, have to do.
        return before[1:] != after[1:] or self._version


def _law(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry.get(name, "")) for name in ("contract", "level", "clause", "source"))


def _said(report: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what a report says about each case: whoever changes a case changes that."""
    return {
        case["id"]: tuple(str(case.get(name, "")) for name in ("title", "steps", "clause")) for case in report["cases"]
    }


def _partial(report: Mapping[str, Any]) -> bool:
    run = report["run"]
    return bool(run["narrowed_by"] or run.get("interrupted"))


def _with(config: Mapping[str, Any], field: str, other: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``config`` with one field as it is in ``other``."""
    outer, _, inner = field.partition("/")
    if not inner:
        rest = {key: value for key, value in config.items() if key != outer}
        return rest | ({outer: other[outer]} if outer in other else {})
    return {**config, outer: _with(config[outer], inner, other[outer])}
