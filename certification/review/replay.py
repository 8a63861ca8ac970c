"""Play the executions behind findings again in front of the partner, as new users, and say what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from certification.cases.catalogue import catalogue
from certification.contract.requirements import REQUIREMENTS
from certification.databricks.actions import Partner
from certification.databricks.context import Context
from certification.evidence.observation import Cause, Observation, Outcome
from certification.evidence.recorder import read_records
from certification.foundation.errors import BadEvidence
from certification.foundation.typed_json import OneOf
from certification.report.read import evidence_files
from certification.report.words import reason_words
from certification.review.stored import StoredReport
from certification.run.judge import EndKind, Execution
from certification.run.runner import perform

INTERMITTENT_TIMES = 5
"""So often a finding is played that did not show each time."""

MAX_EXAMPLES = 12
"""So many places of a finding are played: the one that is shown, one of each other case, then more of its own case."""

FIXED, FAILING, CHANGED, UNKNOWN = "fixed", "still failing", "changed", "cannot tell"


@dataclass(frozen=True)
class Recorded:
    """A finding as it was reported, with what is needed to play it again."""

    id: str
    case: str
    message: str
    level: str
    cause: Cause
    intermittent: bool
    examples: tuple[tuple[str, dict[str, Any]], ...]
    """Case and shape of what is played; empty when only the evidence would tell it, and it is not there."""
    met: int
    """In how many places it was met."""
    consequences: frozenset[str] = frozenset()
    """Requirements that did not hold because of it."""

    def shows(self, seen: Observation) -> bool:
        """Return whether ``seen`` is this finding, or what followed from it."""
        return seen.cause == self.cause or (seen.broken and seen.requirement in self.consequences)


@dataclass(frozen=True)
class Replayed:
    """What became of a finding."""

    finding: Recorded
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingOutput:
    """What became of one finding."""

    id: str
    case: str
    level: Annotated[str, OneOf(("must", "should"))]
    message: str
    outcome: Annotated[str, OneOf((FIXED, FAILING, CHANGED, UNKNOWN))]
    reason: str


@dataclass(frozen=True, slots=True)
class Output:
    """What ``partner-connect replay --json`` prints."""

    url: str
    """Address that was called."""
    counts: Mapping[str, int]
    """Outcome -> how many findings came to it."""
    findings: tuple[FindingOutput, ...]


def output(url: str, outcomes: Sequence[Replayed]) -> Output:
    """Return ``outcomes`` as they are printed with ``--json``."""
    counts = {word: sum(one.outcome == word for one in outcomes) for word in (FIXED, FAILING, CHANGED, UNKNOWN)}
    rows = [
        FindingOutput(each.id, each.case, each.level, each.message, one.outcome, one.reason)
        for one in outcomes
        for each in [one.finding]
    ]
    return Output(url, counts, tuple(rows))


def recorded_findings(stored: StoredReport, cases: Sequence[str], ids: Sequence[str] = ()) -> list[Recorded]:
    """Return the findings of the report: those called ``ids``, those met in ``cases``; all when there are neither.

    Raises BadEvidence for a finding or a case that the report does not have.
    """
    known = {case["id"] for case in stored.report["cases"]}
    found = {entry["id"] for entry in stored.report["findings"]}
    for name in cases:
        if name not in known:
            message = f"--case {name}: the report has no such case."
            raise BadEvidence(message)
    for name in ids:
        if name not in found:
            message = (
                f"--finding {name}: the report has the findings {', '.join(sorted(found, key=_number)) or '(none)'}."
            )
            raise BadEvidence(message)
    shapes, met = _shapes(stored)
    findings = []
    for entry in stored.report["findings"]:
        if (cases or ids) and entry["id"] not in ids and not set(cases) & {entry["case"], *entry["cases"]}:
            continue
        cause = entry["cause"]
        findings.append(
            Recorded(
                entry["id"],
                entry["case"],
                entry["message"],
                entry["level"],
                (cause[0], cause[1], cause[2]),
                entry["intermittent"],
                _played(entry, shapes, met),
                len(entry["places"]) + sum(len(each["cases"]) for each in entry["consequences"]),
                frozenset(each["requirement"] for each in entry["consequences"]),
            )
        )
    return findings


def _places(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return case and execution of where a finding was met, in the order in which they are worth playing."""
    shown = (entry["case"], entry["execution"])
    met = [(place["case"], place["execution"]) for place in entry["places"]]
    others = {case: (case, execution) for case, execution in reversed(met) if case != shown[0]}
    own = [place for place in met if place[0] == shown[0]]
    return list(dict.fromkeys([shown, *reversed(others.values()), *own]))[:MAX_EXAMPLES]


def _examples(
    entry: Mapping[str, Any], shapes: Mapping[tuple[str, str], dict[str, Any]]
) -> tuple[tuple[str, dict[str, Any]], ...]:
    places = _places(entry)
    found = [(case, shapes[case, execution]) for case, execution in places if (case, execution) in shapes]
    if places[0] not in shapes:
        # Without evidence only the plain shape is known for sure.
        found = [(places[0][0], {}), *found] if not entry["matters"] else []
    distinct = {(case, str(shape)): (case, shape) for case, shape in found}
    return tuple(distinct.values())


def _number(ident: str) -> tuple[int, str]:
    return len(ident), ident


def _played(
    entry: Mapping[str, Any],
    shapes: Mapping[tuple[str, str], dict[str, Any]],
    met: Mapping[tuple[str, str], dict[str, Any]],
) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return what is played of a finding: nothing when what it shows is not there, whatever else is."""
    examples = _examples(entry, shapes)
    return (*examples, *_following(entry, met))[:MAX_EXAMPLES] if examples else ()


def _following(
    entry: Mapping[str, Any], met: Mapping[tuple[str, str], dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield an example of each further case in which only what follows from a finding was met."""
    cases = {entry["case"], *(place["case"] for place in entry["places"])}
    for each in entry["consequences"]:
        for case in each["cases"]:
            shape = met.get((case, each["requirement"]))
            if case not in cases and shape is not None:
                cases.add(case)
                yield case, shape


def _shapes(
    stored: StoredReport,
) -> tuple[dict[tuple[str, str], dict[str, Any]], dict[tuple[str, str], dict[str, Any]]]:
    """Return the shapes of the executions in which findings were met, by case and execution, and by case and requirement."""
    findings = stored.report["findings"]
    wanted = {place for entry in findings for place in _places(entry)}
    consequences = {each["requirement"] for entry in findings for each in entry["consequences"]}
    shapes: dict[tuple[str, str], dict[str, Any]] = {}
    met: dict[tuple[str, str], dict[str, Any]] = {}
    if not wanted or stored.folder is None or not (stored.folder / "evidence").is_dir():
        return shapes, met
    for path in evidence_files(stored.folder):
        for record in read_records(path):
            case, shape = str(record.get("case")), record.get("shape")
            if not isinstance(shape, dict):
                continue
            if record["type"] == "execution" and (case, str(record.get("execution"))) in wanted:
                shapes[case, str(record["execution"])] = shape
            elif record["type"] == "judgement":
                for requirement in _broken(record) & consequences:
                    met.setdefault((case, requirement), shape)
    return shapes, met


def _broken(record: Mapping[str, Any]) -> set[str]:
    """Return the requirements that an execution record says are broken; a stranger's record may say anything."""
    seen = record.get("observations")
    return {
        str(each.get("requirement"))
        for each in (seen if isinstance(seen, list) else ())
        if isinstance(each, dict) and each.get("outcome") == Outcome.BROKEN
    }


def replay_findings(
    context: Context, partner: Partner, findings: list[Recorded], times: int, progress: Callable[[str], None]
) -> Iterator[Replayed]:
    """Play each finding in the places where it was met, ``times`` times (intermittent ones more), and yield what became of it."""
    for number, finding in enumerate(findings):
        progress(f"{finding.id}, case {finding.case} ({number + 1} of {len(findings)})")
        reason = _why_not(finding, context)
        if reason:
            yield Replayed(finding, UNKNOWN, reason)
            continue
        tries = max(times, INTERMITTENT_TIMES) if finding.intermittent else times
        executions: list[Execution] = []
        for ident, shape in finding.examples:
            case = catalogue().get(ident)
            if case is None or case.script is None or case.applies(context.config) is not None:
                continue
            for _ in range(tries):
                executions.append(perform(context, partner, case, f"{finding.id} {len(executions) + 1}", shape))
                if any(map(finding.shows, executions[-1].broken)):
                    break
            if any(map(finding.shows, executions[-1].broken)):
                break
        yield judged(finding, executions)


def _why_not(finding: Recorded, context: Context) -> str:
    """Return why ``finding`` cannot be played; empty when it can."""
    case = catalogue().get(finding.case)
    if case is None or case.script is None:
        return "this version of the suite has no such automated case"
    if not finding.examples:
        return "report.json alone does not hold the request; give the report folder or the bundle"
    reason = case.applies(context.config)
    return f"the case does not apply: {reason_words(reason)}" if reason else ""


def judged(finding: Recorded, executions: list[Execution]) -> Replayed:
    """Return what ``executions``, the tries to see ``finding`` again, say about it."""
    for execution in executions:
        for found in execution.broken:
            if finding.shows(found):
                return Replayed(finding, FAILING, f"expected {found.expected}, found {found.actual}")
    last = executions[-1]
    other = _comparable(finding, executions)
    if other is not None:
        return Replayed(finding, CHANGED, f"it fails in another way now: {other.message}")
    stopped = next((execution for execution in executions if execution.end.kind is not EndKind.DONE), None)
    if stopped is not None:
        return Replayed(finding, UNKNOWN, f"the calls did not get that far: {reason_words(stopped.end.reason)}")
    own = [execution for execution in executions if execution.case == finding.case]
    if _is_about(finding) and not any(finding.cause[0] in execution.looked_at() for execution in own):
        return Replayed(finding, UNKNOWN, "nothing showed this time whether it holds; a whole run will tell")
    tries = f" in {len(executions)} tries" if len(executions) > 1 else ""
    if finding.met > 1:
        # It was met in several places; these were played.
        tries += f" in {', '.join(dict.fromkeys(execution.case for execution in executions))}"
    advice = next((found for found in last.broken), None)
    more = f"; advisory: {advice.message}" if advice else ""
    return Replayed(finding, FIXED, f"it did not show again{tries}{more}")


def _is_about(finding: Recorded) -> bool:
    """Whether the case exists to look at the requirement: others are looked at only where an answer shows them."""
    case = catalogue().get(finding.case)
    return case is not None and finding.cause[0] in case.requirements and not REQUIREMENTS[finding.cause[0]].shared


def _comparable(finding: Recorded, executions: list[Execution]) -> Observation | None:
    """Return what is broken where the finding stood: its requirement, or a required one of its subject."""
    found = [seen for execution in executions if execution.case == finding.case for seen in execution.broken]
    same = [seen for seen in found if seen.requirement == finding.cause[0]]
    required = [seen for seen in found if seen.level == "must"]
    here = [seen for seen in required if seen.cause[1] == finding.cause[1]]
    return next(iter([*same, *here, *required]), None)
