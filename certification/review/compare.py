"""Compare two reports: what was fixed, what broke, what else is different between the runs, and what that comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from certification.contract.validation import show
from certification.foundation.typed_json import kept_fields
from certification.report.finding import stands
from certification.report.verdict import CERTIFICATES
from certification.report.words import CASE, RUN
from certification.review.causes import OF_RUN, Between, Cause, Changed
from certification.review.validity import age
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


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, and what it comes from."""

    text: str
    changed: tuple[Changed, ...]
    """What changed: several where each of them did and nothing tells which it was; nothing where all is as before."""
    fields: tuple[str, ...]
    """Fields of the config that changed, when it can be the config."""

    @property
    def cause(self) -> Cause:
        """What it comes from."""
        return Cause(self.changed, self.fields)


AS_BEFORE = Cause()


def _difference(text: str, cause: Cause) -> Difference:
    return Difference(text, cause.changed, cause.fields)


@dataclass
class Comparison:
    """The differences."""

    old: str
    new: str
    broke: list[Difference] = field(default_factory=list)
    fixed: list[Difference] = field(default_factory=list)
    still: list[Difference] = field(default_factory=list)
    unknown: list[Difference] = field(default_factory=list)
    advisories: list[Difference] = field(default_factory=list)
    cases: list[Difference] = field(default_factory=list)
    requirements: list[Difference] = field(default_factory=list)
    latency: list[Difference] = field(default_factory=list)
    config: list[Difference] = field(default_factory=list)
    run: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

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
    """What ``partner-connect compare --json`` prints: the differences, each with what it comes from."""

    regression: bool
    """Whether something broke."""
    line: str
    """The outcome in one line."""
    broke: tuple[Difference, ...]
    fixed: tuple[Difference, ...]
    still: tuple[Difference, ...]
    """What fails as before."""
    unknown: tuple[Difference, ...]
    """What could not be told."""
    advisories: tuple[Difference, ...]
    """New advice."""
    cases: tuple[Difference, ...]
    requirements: tuple[Difference, ...]
    latency: tuple[Difference, ...]
    config: tuple[Difference, ...]
    run: tuple[Difference, ...]
    notes: tuple[str, ...]
    """That a certificate is due to be made again, or from the future."""


def compare(old: dict[str, Any], new: dict[str, Any], today: date | None = None) -> Comparison:
    """Return what changed from report ``old`` to report ``new``; with a day for ``today``, also how old their certificates are."""
    result = Comparison(old["verdict"], new["verdict"])
    between = Between(old, new)
    _findings(result, old, new, between)
    _cases(result, old, new, between)
    result.requirements += _requirements(old, new, between)
    result.latency += _latency(old, new, between)
    for where, before, after in differing(old["config"], new["config"]):
        result.config.append(Difference(f"{where or 'the whole'}: {before} → {after}", (Changed.CONFIG,), ()))
    for name, value in _facts(old).items():
        if value != _facts(new)[name]:
            text = f"{name}: {show(value)} → {show(_facts(new)[name])}"
            result.run.append(_difference(text, between.of_fact(name)))
    if today is not None:
        result.notes += [note for name, report in (("OLD", old), ("NEW", new)) for note in _age(name, report, today)]
    return result


def _age(name: str, report: dict[str, Any], today: date) -> Iterator[str]:
    if report["verdict"] in CERTIFICATES:
        found = age(str(report["run"].get("finished", "")), today)
        if found.state == "due":
            yield f"the certificate of {name} is of {found.finished}; a new one has been due since {found.due}"
        elif found.state == "early":
            yield f"the run of {name} ended on {found.finished}, which is still to come: a clock is wrong"


def _findings(result: Comparison, old: dict[str, Any], new: dict[str, Any], between: Between) -> None:
    before = {tuple(entry["cause"]): entry for entry in old["findings"]}
    after = {tuple(entry["cause"]): entry for entry in new["findings"]}
    hidden_before, hidden_after = _consequences(old), _consequences(new)
    verdicts = {case["id"]: case["verdict"] for case in new["cases"]}
    for cause, entry in before.items():
        text, comes_from = f"{entry['case']}: {entry['message']}", between.of_finding(entry)
        if cause in after:
            result.still.append(_difference(text, AS_BEFORE))
        elif cause in hidden_after:
            result.still.append(_difference(f"{text} (in NEW a consequence of {hidden_after[cause]})", AS_BEFORE))
        elif verdicts.get(entry["case"]) in CHECKED:
            result.fixed.append(_difference(text, comes_from))
        else:
            result.unknown.append(_difference(f"{text} (the case was not checked in NEW)", comes_from))
    checked = {case["id"] for case in old["cases"] if case["verdict"] in CHECKED}
    for cause, entry in after.items():
        if cause in before:
            continue
        text, comes_from = f"{entry['case']}: {entry['message']}", between.of_finding(entry)
        if cause in hidden_before:
            result.still.append(_difference(f"{text} (in OLD a consequence of {hidden_before[cause]})", AS_BEFORE))
        elif not stands(entry):
            # What is waived was agreed to before the run: it is told, and is no regression.
            waived = f" (waived by {entry['waiver']})" if entry.get("waiver") else ""
            result.advisories.append(_difference(f"{text}{waived}", comes_from))
        elif entry["case"] in checked:
            result.broke.append(_difference(text, comes_from))
        else:
            result.broke.append(_difference(f"{text} (the case was not checked in OLD)", comes_from))


def _consequences(report: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """Return the causes that a report calls consequences, each with the finding that it follows from."""
    return {tuple(each["cause"]): entry["id"] for entry in report["findings"] for each in entry["consequences"]}


def _cases(result: Comparison, old: dict[str, Any], new: dict[str, Any], between: Between) -> None:
    before = {case["id"]: case for case in old["cases"]}
    after = {case["id"]: case for case in new["cases"]}
    narrowed = new["run"]["narrowed_by"] or new["run"].get("interrupted")
    for name, case in after.items():
        was = before.get(name)
        if was is None:
            comes_from = between.of_case(name)
            result.cases.append(_difference(f"{name}: new in the catalogue, {_case(case)}", comes_from))
        elif was["verdict"] != case["verdict"]:
            text, comes_from = f"{name}: {_case(was)} → {_case(case)}", between.of_case(name)
            text += f" ({case['reason']})" if case["reason"] else ""
            result.cases.append(_difference(text, comes_from))
            # A failing case has a finding, which is listed; a case that fell silent has none.
            if was["verdict"] == "passed" and case["verdict"] in {"blocked", "error"} and not narrowed:
                silent = f"{text}: the case passed and cannot be checked any more"
                result.broke.append(_difference(silent, comes_from))
    gone = [name for name in before if name not in after]
    result.cases += [_difference(f"{name}: no longer in the catalogue", between.of_case(name)) for name in gone]
    if _RANK.get(new["verdict"], 9) == _WORST and _RANK.get(old["verdict"], 9) < _WORST and not result.broke:
        text = f"the verdict: {_named(old['verdict'])} → {_named(new['verdict'])}"
        result.broke.append(_difference(text, between.of()))


def _requirements(old: dict[str, Any], new: dict[str, Any], between: Between) -> Iterator[Difference]:
    before = {entry["id"]: entry["outcome"] for entry in old["requirements"]}
    after = {entry["id"]: entry["outcome"] for entry in new["requirements"]}
    for name, outcome in after.items():
        if before.get(name) != outcome:
            text = f"{name}: {before[name]} → {outcome}" if name in before else f"{name}: new, {outcome}"
            yield _difference(text, between.of_requirement(name))
    for name in before:
        if name not in after:
            yield _difference(f"{name}: no longer a requirement", between.of_requirement(name))


def _latency(old: dict[str, Any], new: dict[str, Any], between: Between) -> Iterator[Difference]:
    before, after = old["run"]["latency"], new["run"]["latency"]
    for name in [*after, *(name for name in before if name not in after)]:
        if name not in before or name not in after:
            text = f"{name}: called in {'NEW' if name in after else 'OLD'} only"
            yield _difference(text, OF_RUN if between.narrowed else between.of(operation=name))
            continue
        was, now = before[name]["p90"], after[name]["p90"]
        if abs(now - was) >= SLOWER_SECONDS and max(was, now) >= SLOWER * min(was, now):
            text = f"{name}: p90 {was:.3f} s → {now:.3f} s, {'slower' if now > was else 'faster'}"
            yield _difference(text, between.of(operation=name))


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
