"""The cover page: what a product manager reads, as one page that needs nothing but itself.

Everything on it follows from the other members of the submission, so that an edited page is noticed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import certification
from certification.cases.catalogue import catalogue
from certification.report.html.templating import asset, environment
from certification.report.words import RUN, counted, validity_words, waiver_words
from certification.submission import words
from certification.submission.completeness import Ruled, failed
from certification.submission.facts import Fact, Looked, Seen
from certification.submission.manifest import DERIVED, member_names
from certification.submission.redirect_scenarios import Observed

PACKAGE: Final = "certification.submission.page"
MARK: Final = {Seen.HELD: "✓", Seen.BROKEN: "✗", Seen.ADVICE: "!", Seen.OPEN: "?"}
TONE: Final = {Seen.HELD: "good", Seen.BROKEN: "bad", Seen.ADVICE: "warn", Seen.OPEN: "warn"}
MOST_FACTS: Final = 60
MOST_PICTURE: Final = 2_000_000
"""A larger logo is not shown on the page; it is in the file all the same."""

_TYPE: Final = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule as the page shows it."""

    id: str
    title: str
    outcome: str
    tone: str
    mark: str
    todo: tuple[tuple[str, str], ...]
    """What is not as it should be, and the remedy."""
    held: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to a scenario."""

    id: str
    words: str
    urls: tuple[str, ...]
    times: int
    people: int
    cases: tuple[str, ...]
    more_cases: int


@dataclass(frozen=True, slots=True)
class ScenarioShown:
    """A scenario that the config makes possible."""

    title: str
    answers: tuple[Answered, ...]
    why_not: str
    explained: str
    by: str


def cover(folder: Path, looked: Looked, rules: tuple[Ruled, ...]) -> str:
    """Return the cover page of the submission whose members are in ``folder``."""
    raw, report = looked.config.raw, looked.report
    shown = [_rule(rule) for rule in rules]
    complete = not failed(rules)
    return (
        environment(PACKAGE)
        .get_template("cover.html.jinja")
        .render(
            style=asset("sheet.css") + asset("cover.css", PACKAGE),
            name=looked.config.name,
            raw=raw,
            logo=_picture(folder, "logo"),
            icon=_picture(folder, "icon"),
            complete=complete,
            unseen=any(rule.outcome is Seen.OPEN for rule in rules),
            lead=_lead(rules),
            verdict=RUN.get(str(report["verdict"]), str(report["verdict"])) if report else "No verdict",
            conformant=report is not None and "bundle-conformant" not in failed(rules),
            report=report,
            validity=validity_words(report["validity"]) if report and report.get("validity") else "",
            waivers=[waiver_words(each) for each in report.get("waivers", ())] if report else [],
            made=looked.outside.on,
            suite=certification.__version__,
            manifest=looked.manifest_digest,
            digest=looked.config.digest,
            rules=shown,
            missing=[rule for rule in shown if rule.tone == "bad"],
            advice=[rule for rule in shown if rule.tone == "warn" and rule.todo],
            resources=[entry["resource_type"] for entry in raw["resources_to_provision"]],
            permissions=_permissions(raw),
            new_users=words.NEW_USERS.get(looked.config.new_user_action, looked.config.new_user_action),
            pages=[
                ("Sign-up page", raw["sign_up_page"]),
                ("Privacy policy", raw["privacy_policy"]),
                ("Terms of service", raw["terms_of_service"]),
            ],
            scenarios=_scenarios(looked),
            others=_others(looked),
            manual=_manual(looked),
            members=[(name, (folder / name).stat().st_size) for name in member_names(folder) if name not in DERIVED],
        )
    )


def _rule(rule: Ruled) -> RuleShown:
    left = [each for each in rule.facts if each.outcome is not Seen.HELD]
    held = [each for each in rule.facts if each.outcome is Seen.HELD]
    kept = left[:MOST_FACTS]
    return RuleShown(
        rule.rule,
        words.RULES[rule.rule],
        words.OUTCOME[rule.outcome],
        TONE[rule.outcome],
        MARK[rule.outcome],
        _todo(kept),
        tuple(words.text_of(each) for each in held[:MOST_FACTS]),
        len(left) - len(kept) + max(0, len(held) - MOST_FACTS),
    )


def _todo(facts: list[Fact]) -> tuple[tuple[str, str], ...]:
    """Return text and remedy of each; a remedy that several share stands at the last of them."""
    rows = [(words.text_of(each), words.remedy_of(each)) for each in facts]
    return tuple(
        (text, "" if number + 1 < len(rows) and rows[number + 1][1] == remedy else remedy)
        for number, (text, remedy) in enumerate(rows)
    )


def _lead(rules: tuple[Ruled, ...]) -> str:
    broken = len(failed(rules))
    passed = sum(rule.outcome is Seen.HELD for rule in rules)
    advice = sum(rule.outcome is Seen.ADVICE for rule in rules)
    unseen = sum(rule.outcome is Seen.OPEN for rule in rules)
    parts = [f"{passed} of {len(rules)} rules passed"]
    parts += [f"{broken} failed"] if broken else []
    parts += [f"{counted(advice, 'piece of advice', 'pieces of advice')}"] if advice else []
    parts += [f"{unseen} not looked at"] if unseen else []
    return ", ".join(parts) + "."


def _permissions(raw: dict[str, Any]) -> list[str]:
    data = [str(entry["permission"]) for entry in raw.get("data_permissions", [])]
    return data + [f"{entry['name']}: {entry['level']}" for entry in raw.get("object_permissions", [])]


def _scenarios(looked: Looked) -> list[ScenarioShown]:
    if looked.scenarios is None:
        return []
    observed = {each.id: each for each in looked.scenarios.observed}
    shown = []
    for row in looked.scenarios.possible:
        explained = looked.explanations.of("scenario", row.id)
        answers = tuple(_answer(observed[name], oauth=row.id == "oauth-consent") for name in row.observed)
        shown.append(
            ScenarioShown(
                words.SCENARIOS[row.id],
                answers,
                words.why_not(row),
                explained.words if explained else "",
                f"{explained.by}, {explained.organisation}, {explained.on}" if explained else "",
            )
        )
    return shown


def _others(looked: Looked) -> list[Answered]:
    """Return what was observed and belongs to no scenario of the contract's table."""
    if looked.scenarios is None:
        return []
    named = {name for row in looked.scenarios.possible for name in row.observed}
    return [_answer(each) for each in looked.scenarios.observed if each.id not in named]


def _answer(each: Observed, *, oauth: bool = False) -> Answered:
    urls = tuple(url.url or "no URL of the web" for url in (each.oauth_urls if oauth else each.urls))
    return Answered(
        each.id, words.answer_words(each), urls, each.times, each.people, each.cases[:6],
        each.more_cases + len(each.cases[6:]),
    )  # fmt: skip


def _manual(looked: Looked) -> list[tuple[str, str, str, str, str]]:
    """Return id, title, state, tone and reason of each manual case; none when there are no attestations."""
    if looked.attested is None:
        return []
    tones = {"passed": "good", "not_applicable": "good", "failed": "bad"}
    return [
        (
            each.case,
            catalogue()[each.case].title,
            words.MANUAL.get(each.state, each.state),
            tones.get(each.state, "warn"),
            each.reason,
        )
        for each in looked.attested.cases
    ]


def _picture(folder: Path, name: str) -> str:
    """Return a picture as an address that holds it; a browser runs nothing in an image, whatever stands in it."""
    for kind, media in _TYPE.items():
        path = folder / "images" / f"{name}.{kind}"
        if path.is_file() and path.stat().st_size <= MOST_PICTURE:
            return f"data:{media};base64,{base64.b64encode(path.read_bytes()).decode()}"
    return ""
