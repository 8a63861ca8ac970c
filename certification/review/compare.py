"""Compare two reports: what was fixed, what broke, and what else is different between the runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from certification.contract.validation import show
from certification.foundation.typed_json import kept_fields
from certification.report.finding import stands
from certification.report.words import CASE, RUN
from certification.review.verify.outputs import differing

SLOWER = 2.0
SLOWER_SECONDS = 0.1
"""An endpoint counts as slower or faster when its p90 changed by this factor and by this much."""

CHECKED = {"passed", "failed", "waived"}


def _named(verdict: str) -> str:
    return RUN.get(verdict, verdict).lower()


def _case(row: dict[str, Any]) -> str:
    return str(CASE.get(row["verdict"], row["verdict"]))


_RANK = {
    "conformant": 0,
    "conformant_with_advisories": 1,
    "conformant_with_waivers": 2,
    "incomplete": 3,
    "not_conformant": 4,
}
_WORST = 4


@dataclass
class Comparison:
    """The differences, each a sentence."""

    old: str
    new: str
    broke: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    still: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    advisories: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    requirements: list[str] = field(default_factory=list)
    latency: list[str] = field(default_factory=list)
    config: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)

    @property
    def regression(self) -> bool:
        """Whether something broke."""
        return bool(self.broke)

    def line(self) -> str:
        """Return the outcome in one line."""
        fixed, broke = len(self.fixed), len(self.broke)
        if broke:
            return f"REGRESSION: {broke} broke, {fixed} fixed; {_named(self.old)} → {_named(self.new)}"
        left = f", {len(self.unknown)} could not be told" if self.unknown else ""
        return (
            f"no regression: {fixed} fixed, {len(self.still)} as before{left}; {_named(self.old)} → {_named(self.new)}"
        )

    def output(self) -> Output:
        """Return the comparison as it is printed with ``--json``."""
        lists = {name: tuple(getattr(self, name)) for name in kept_fields(Output) if name not in {"regression", "line"}}
        return Output(self.regression, self.line(), **lists)


@dataclass(frozen=True, slots=True)
class Output:
    """What ``partner-connect compare --json`` prints: the differences, each a sentence."""

    regression: bool
    """Whether something broke."""
    line: str
    """The outcome in one line."""
    broke: tuple[str, ...]
    fixed: tuple[str, ...]
    still: tuple[str, ...]
    """What fails as before."""
    unknown: tuple[str, ...]
    """What could not be told."""
    advisories: tuple[str, ...]
    """New advice."""
    cases: tuple[str, ...]
    requirements: tuple[str, ...]
    latency: tuple[str, ...]
    config: tuple[str, ...]
    run: tuple[str, ...]


def compare(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """Return what changed from report ``old`` to report ``new``."""
    result = Comparison(old["verdict"], new["verdict"])
    _findings(result, old, new)
    _cases(result, old, new)
    result.requirements += _requirements(old, new)
    result.latency += _latency(old, new)
    for where, before, after in differing(old["config"], new["config"]):
        result.config.append(f"{where or 'the whole'}: {before} → {after}")
    for name, value in _facts(old).items():
        if value != _facts(new)[name]:
            result.run.append(f"{name}: {show(value)} → {show(_facts(new)[name])}")
    return result


def _findings(result: Comparison, old: dict[str, Any], new: dict[str, Any]) -> None:
    before = {tuple(entry["cause"]): entry for entry in old["findings"]}
    after = {tuple(entry["cause"]): entry for entry in new["findings"]}
    hidden_before, hidden_after = _consequences(old), _consequences(new)
    verdicts = {case["id"]: case["verdict"] for case in new["cases"]}
    for cause, entry in before.items():
        text = f"{entry['case']}: {entry['message']}"
        if cause in after:
            result.still.append(text)
        elif cause in hidden_after:
            result.still.append(f"{text} (in NEW a consequence of {hidden_after[cause]})")
        elif verdicts.get(entry["case"]) in CHECKED:
            result.fixed.append(text)
        else:
            result.unknown.append(f"{text} (the case was not checked in NEW)")
    checked = {case["id"] for case in old["cases"] if case["verdict"] in CHECKED}
    for cause, entry in after.items():
        if cause in before:
            continue
        text = f"{entry['case']}: {entry['message']}"
        if cause in hidden_before:
            result.still.append(f"{text} (in OLD a consequence of {hidden_before[cause]})")
        elif not stands(entry):
            # What is waived was agreed to before the run: it is told, and is no regression.
            result.advisories.append(f"{text} (waived by {entry['waiver']})" if entry.get("waiver") else text)
        elif entry["case"] in checked:
            result.broke.append(text)
        else:
            result.broke.append(f"{text} (the case was not checked in OLD)")


def _consequences(report: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """Return the causes that a report calls consequences, each with the finding that it follows from."""
    return {tuple(each["cause"]): entry["id"] for entry in report["findings"] for each in entry["consequences"]}


def _cases(result: Comparison, old: dict[str, Any], new: dict[str, Any]) -> None:
    before = {case["id"]: case for case in old["cases"]}
    after = {case["id"]: case for case in new["cases"]}
    narrowed = new["run"]["narrowed_by"] or new["run"].get("interrupted")
    for name, case in after.items():
        was = before.get(name)
        if was is None:
            result.cases.append(f"{name}: new in the catalogue, {_case(case)}")
        elif was["verdict"] != case["verdict"]:
            text = f"{name}: {_case(was)} → {_case(case)}"
            text += f" ({case['reason']})" if case["reason"] else ""
            result.cases.append(text)
            # A failing case has a finding, which is listed; a case that fell silent has none.
            if was["verdict"] == "passed" and case["verdict"] in {"blocked", "error"} and not narrowed:
                result.broke.append(f"{text}: the case passed and cannot be checked any more")
    result.cases += [f"{name}: no longer in the catalogue" for name in before if name not in after]
    if _RANK.get(new["verdict"], 9) == _WORST and _RANK.get(old["verdict"], 9) < _WORST and not result.broke:
        result.broke.append(f"the verdict: {_named(old['verdict'])} → {_named(new['verdict'])}")


def _requirements(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before = {entry["id"]: entry["outcome"] for entry in old["requirements"]}
    after = {entry["id"]: entry["outcome"] for entry in new["requirements"]}
    for name, outcome in after.items():
        if name not in before:
            yield f"{name}: new, {outcome}"
        elif before[name] != outcome:
            yield f"{name}: {before[name]} → {outcome}"
    yield from (f"{name}: no longer a requirement" for name in before if name not in after)


def _latency(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, after = old["run"]["latency"], new["run"]["latency"]
    for name in after:
        if name not in before:
            yield f"{name}: called in NEW only"
            continue
        was, now = before[name]["p90"], after[name]["p90"]
        if abs(now - was) >= SLOWER_SECONDS and max(was, now) >= SLOWER * min(was, now):
            yield f"{name}: p90 {was:.3f} s → {now:.3f} s, {'slower' if now > was else 'faster'}"
    yield from (f"{name}: called in OLD only" for name in before if name not in after)


def _facts(report: dict[str, Any]) -> dict[str, Any]:
    run, suite, partner = report["run"], report["suite"], report["partner"]
    return {
        "suite version": suite["version"],
        "catalogue": suite["catalogue"][:16],
        "partner": partner["name"],
        "address": partner["url"],
        "API version": partner["api_version"],
        "profile": run["profile"],
        "seed": run["seed"],
        "narrowed by": run["narrowed_by"],
        "waivers": [each["id"] for each in report.get("waivers", [])],
    }
