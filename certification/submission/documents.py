"""The documents of a submission that follow from its other members: completeness, redirect scenarios, cover page, claims."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import certification
from certification.cases.catalogue import catalogue_digest
from certification.foundation.errors import BadEvidence
from certification.foundation.typed_json import MismatchError, from_json, to_json
from certification.report.markdown import literal
from certification.report.words import RUN
from certification.review.manifest import strict_object
from certification.submission import words
from certification.submission.completeness import Ruled, completeness, failed
from certification.submission.cover import cover
from certification.submission.facts import Fact, Looked, Outside, Seen
from certification.submission.manifest import (
    COMPLETENESS,
    COVER,
    REMEDY,
    SCENARIOS,
    SCENARIOS_TEXT,
    Certificate,
    SubmissionClaims,
    SuiteNamed,
)
from certification.submission.redirect_scenarios import RedirectScenarios

COMPLETENESS_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class FactSaid:
    """One thing that was looked at, and what it means."""

    outcome: Seen
    code: str
    facts: Mapping[str, str | int]
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """One rule, what came of it, and what was looked at."""

    rule: str
    title: str
    """What is true when it passes."""
    outcome: Seen
    looked_at: tuple[FactSaid, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """What stands in ``completeness.json``, and what ``partner-connect submission --json`` prints."""

    format: int
    partner: str
    run: str
    complete: bool
    rules: tuple[RuleSaid, ...]
    outside: Outside
    """What was looked at outside of the files, once."""


@dataclass(frozen=True)
class Documents:
    """What follows from the members of a submission."""

    completeness: Completeness
    claims: SubmissionClaims
    contents: Mapping[str, bytes]
    """Name of a member -> its bytes."""


def documents(folder: Path, looked: Looked, kept: Ruled | None = None) -> Documents:
    """Return the documents that follow from what was ``looked`` at in ``folder``.

    ``kept`` takes the place of what came of its rule: whether a bundle verifies cannot be told on every machine.
    """
    rules = tuple(kept if kept is not None and rule.rule == kept.rule else rule for rule in completeness(looked))
    said = _said(looked, rules)
    contents = {
        COVER: cover(folder, looked, rules).encode("utf-8", "backslashreplace"),
        COMPLETENESS: _json(to_json(said)),
        SCENARIOS: _json(to_json(looked.scenarios or RedirectScenarios(1, said.run, (), ()))),
        SCENARIOS_TEXT: scenarios_text(looked).encode("utf-8", "backslashreplace"),
    }
    return Documents(said, _claims(looked, rules), contents)


def read_completeness(folder: Path) -> Completeness:
    """Return what ``completeness.json`` in ``folder`` says; raises :class:`BadEvidence`."""
    path = folder / COMPLETENESS
    if not path.is_file():
        message = f"{COMPLETENESS} is missing. {REMEDY}"
        raise BadEvidence(message)
    try:
        return from_json(Completeness, strict_object(path, "submission", REMEDY))
    except MismatchError as error:
        message = f"{COMPLETENESS}, field {error.where or '/'} {error.what}. {REMEDY}"
        raise BadEvidence(message) from None


def recorded_rule(said: Completeness, rule: str) -> Ruled | None:
    """Return what was recorded of a rule."""
    found = next((each for each in said.rules if each.rule == rule), None)
    if found is None:
        return None
    return Ruled(
        found.rule, found.outcome, tuple(Fact(each.outcome, each.code, each.facts) for each in found.looked_at)
    )


def _said(looked: Looked, rules: tuple[Ruled, ...]) -> Completeness:
    run = str(looked.report["run"]["id"]) if looked.report else ""
    return Completeness(
        COMPLETENESS_FORMAT,
        looked.config.name,
        run,
        not failed(rules),
        tuple(
            RuleSaid(
                rule.rule,
                words.RULES[rule.rule],
                rule.outcome,
                tuple(
                    FactSaid(each.outcome, each.code, each.facts, words.text_of(each), words.remedy_of(each))
                    for each in rule.facts
                ),
            )
            for rule in rules
        ),
        looked.outside,
    )


def _claims(looked: Looked, rules: tuple[Ruled, ...]) -> SubmissionClaims:
    certificate = None
    if looked.report is not None:
        run = looked.report["run"]
        certificate = Certificate(run["id"], run["finished"], looked.report["verdict"], looked.manifest_digest)
    return SubmissionClaims(
        SuiteNamed("partner-connect-certification", certification.__version__, catalogue_digest()),
        looked.config.name,
        looked.config.digest,
        certificate,
        not failed(rules),
        failed(rules),
        tuple(rule.rule for rule in rules if rule.outcome is Seen.OPEN),
    )


def scenarios_text(looked: Looked) -> str:
    """Return the redirect scenarios as Markdown, for the form: each with its URLs, then what was not observed."""
    name = literal(looked.config.name, 120)
    lines = [f"# Redirect scenarios of {name}", ""]
    scenarios = looked.scenarios
    if scenarios is None:
        return "\n".join([*lines, "No scenarios follow from the certificate.", ""])
    verdict = RUN.get(str(looked.report["verdict"]), "unknown") if looked.report else "unknown"
    lines += [
        f"From the evidence of run {literal(scenarios.run)} ({verdict}). Identifiers and tokens are cut out: {{…}}.",
        "",
        "| scenario | what the partner answers | URL | seen |",
        "| --- | --- | --- | ---: |",
    ]
    observed = {each.id: each for each in scenarios.observed}
    for row in scenarios.possible:
        for ident in row.observed:
            each = observed[ident]
            urls = [url.url for url in (each.oauth_urls if row.id == "oauth-consent" else each.urls)]
            shown = "<br>".join(literal(url or "no URL of the web") for url in urls) or "—"
            title = words.SCENARIOS[row.id]
            lines.append(f"| {title} | {ident}: {literal(words.answer_words(each))} | {shown} | {each.times} |")
    missing = [row for row in scenarios.possible if not row.observed]
    if missing:
        lines += ["", "## Not observed", ""]
        for row in missing:
            explained = looked.explanations.of("scenario", row.id)
            more = f" {literal(explained.by)}: {literal(explained.words, 2000)}" if explained else ""
            lines.append(f"- {words.SCENARIOS[row.id]}: {literal(words.why_not(row))}.{more}")
    lines += ["", "## Where each was observed", ""]
    for each in scenarios.observed:
        more = f" and {each.more_cases} more" if each.more_cases else ""
        lines.append(
            f"- {each.id}: {literal(words.circumstance_words(each), 2000)}; {each.people} test users; cases {', '.join(each.cases)}{more}"
        )
    return "\n".join([*lines, ""])


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=True) + "\n").encode()
