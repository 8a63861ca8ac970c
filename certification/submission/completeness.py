"""Whether a submission is complete: one table of rules, each a pure function from what was looked at to facts.

Source: Lifecycle, Submission.  A rule without a broken fact does not stand in the way; advice names what belongs to a later
stage, or what a person should judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import certification
from certification.cases.catalogue import catalogue_digest
from certification.config.hostnames import host_of
from certification.config.images import proportion_problem
from certification.config.notes import PAGES
from certification.contract.internet_names import is_local
from certification.foundation.days import day_of
from certification.report.verdict import CERTIFICATES
from certification.submission.facts import Fact, Looked, Seen, fact, look, worst
from certification.submission.redirect_scenarios import UrlSeen

Look = Callable[[Looked], Iterator[Fact]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, and what it looks at."""

    id: str
    look: Look


@dataclass(frozen=True, slots=True)
class Ruled:
    """What came of a rule."""

    rule: str
    outcome: Seen
    facts: tuple[Fact, ...]


def completeness(looked: Looked) -> tuple[Ruled, ...]:
    """Return what came of every rule, in the order of the table."""
    found = []
    for rule in RULES:
        facts = tuple(rule.look(looked))
        found.append(Ruled(rule.id, worst(facts), facts))
    return tuple(found)


def failed(rules: tuple[Ruled, ...]) -> tuple[str, ...]:
    """Return the rules that keep the submission from being complete."""
    return tuple(each.rule for each in rules if each.outcome is Seen.BROKEN)


def _verifies(looked: Looked) -> Iterator[Fact]:
    certificate = looked.certificate
    yield look("bundle-verifies", holds=certificate.result == "holds", result=certificate.result)
    for point in certificate.points:
        for text in (*point.broken, *point.unverified)[:5]:
            yield fact(Seen.BROKEN, "bundle-point", point=point.name, text=text)


def _complete(looked: Looked) -> Iterator[Fact]:
    if looked.manifest is None:
        yield fact(Seen.BROKEN, "bundle-unreadable")
        return
    reasons = looked.manifest.incomplete_because
    yield look("bundle-complete", holds=looked.manifest.complete, reasons="; ".join(reasons))


def _conformant(looked: Looked) -> Iterator[Fact]:
    # What the manifest claims is the evidence's only where the bundle holds, which another rule says.
    verdict = looked.certificate.verdict or (looked.manifest.verdict if looked.manifest else "")
    yield look("bundle-conformant", holds=verdict in CERTIFICATES, verdict=verdict or "none")


def _suite(looked: Looked) -> Iterator[Fact]:
    if looked.manifest is None:
        yield fact(Seen.BROKEN, "bundle-unreadable")
        return
    suite, here = looked.manifest.suite, certification.__version__
    same = (suite.version, suite.catalogue) == (here, catalogue_digest())
    yield look("bundle-suite", holds=same, version=suite.version, here=here)


def _valid(looked: Looked) -> Iterator[Fact]:
    """Look whether the certificate stands on the day on which the submission is made."""
    until = str((looked.report or {}).get("validity", {}).get("until", ""))
    last, made = day_of(until), day_of(looked.outside.on)
    if last is None or made is None:
        yield fact(Seen.ADVICE, "bundle-no-validity")
        return
    yield look("bundle-valid", holds=made <= last, until=until, on=looked.outside.on)


def _same_config(looked: Looked) -> Iterator[Fact]:
    same = looked.certified_config == looked.config.digest
    yield look(
        "config-same", holds=same, certified=looked.certified_config[:16] or "none", here=looked.config.digest[:16]
    )


def _config_ready(looked: Looked) -> Iterator[Fact]:
    found = [note.text for note in looked.config.notes if note.before_submission]
    yield from (fact(Seen.BROKEN, "config-not-ready", text=text) for text in found)
    if not found:
        yield fact(Seen.HELD, "config-ready")
    yield from (
        fact(Seen.ADVICE, "config-note", text=note.text) for note in looked.config.notes if not note.before_submission
    )


def _pictures(looked: Looked) -> Iterator[Fact]:
    for picture in looked.pictures:
        about = {"field": picture.field, "name": picture.name}
        if picture.image is None:
            yield fact(Seen.BROKEN, "picture-missing", **about)
            continue
        kind, size = picture.image.kind, f"{picture.image.width:g} x {picture.image.height:g}"
        wrong = proportion_problem(picture.field, picture.image)
        yield (
            fact(Seen.BROKEN, "picture-size", **about, problem=wrong)
            if wrong
            else fact(Seen.HELD, "picture-fits", **about, kind=kind, size=size)
        )
        if not picture.name.lower().endswith(f".{kind}"):
            yield fact(Seen.ADVICE, "picture-named", **about, kind=kind)


def _pages(looked: Looked) -> Iterator[Fact]:
    if looked.outside.pages is None:
        yield fact(Seen.OPEN, "pages-not-opened")
        return
    answers = {each.field: each for each in looked.outside.pages}
    for name in PAGES:
        url, answer = str(looked.config.raw[name]), answers.get(name)
        if answer is None or answer.url != url:
            yield fact(Seen.BROKEN, "page-unknown", field=name, url=url)
        elif answer.problem:
            yield fact(Seen.BROKEN, "page-silent", field=name, url=url, problem=answer.problem)
        else:
            yield fact(Seen.HELD, "page-answers", field=name, url=url)


def _redirects(looked: Looked) -> list[UrlSeen]:
    observed = looked.scenarios.observed if looked.scenarios else ()
    return [url for each in observed for url in (*each.urls, *each.oauth_urls)]


def _hostnames(looked: Looked) -> Iterator[Fact]:
    """Every hostname is used by a redirect, or explained; one of this machine is always explained."""
    used = {url.hostname for url in _redirects(looked)}
    for entry in looked.config.hostnames:
        host = host_of(entry).rstrip(".")
        explained = looked.explanations.of("hostname", entry)
        local = is_local(host)
        if explained is not None:
            yield fact(Seen.HELD, "hostname-explained", hostname=entry, words=explained.words, by=explained.by)
        elif local:
            yield fact(Seen.BROKEN, "hostname-local", hostname=entry)
        elif host in used:
            times = sum(url.times for url in _redirects(looked) if url.hostname == host)
            yield fact(Seen.HELD, "hostname-used", hostname=entry, times=times)
        else:
            yield fact(Seen.BROKEN, "hostname-unused", hostname=entry)


def _covered(looked: Looked) -> Iterator[Fact]:
    """Every redirect is covered by a hostname."""
    redirects = _redirects(looked)
    if not redirects:
        yield fact(Seen.BROKEN, "redirects-none")
        return
    outside = sorted({url.host or "no host" for url in redirects if not url.hostname})
    yield from (fact(Seen.BROKEN, "redirect-uncovered", host=host) for host in outside[:20])
    covered = [url for url in redirects if url.hostname]
    if covered:
        hosts = len({url.host for url in covered})
        yield fact(Seen.HELD, "redirects-covered", times=sum(url.times for url in covered), hosts=hosts)


def _scenarios(looked: Looked) -> Iterator[Fact]:
    if looked.scenarios is None:
        yield fact(Seen.BROKEN, "scenarios-unreadable")
        return
    for each in looked.scenarios.possible:
        explained = looked.explanations.of("scenario", each.id)
        if each.observed:
            yield fact(Seen.HELD, "scenario-observed", scenario=each.id, observed=", ".join(each.observed))
        elif explained is not None:
            yield fact(Seen.HELD, "scenario-explained", scenario=each.id, words=explained.words, by=explained.by)
        else:
            yield fact(Seen.BROKEN, f"scenario-{each.because}", scenario=each.id, what=each.what)


def _named(looked: Looked) -> Iterator[Fact]:
    raw = looked.config.raw
    resources = [str(entry["resource_type"]) for entry in raw["resources_to_provision"]]
    permissions = [str(entry["permission"]) for entry in raw.get("data_permissions", [])]
    objects = [f"{entry['name']} {entry['level']}" for entry in raw.get("object_permissions", [])]
    rows = (("clouds", raw["supported_clouds"]), ("resources", resources), ("permissions", [*permissions, *objects]))
    for name, values in rows:
        if values:
            yield fact(Seen.HELD, "tile-names", what=name, values=", ".join(map(str, values)))
        else:
            yield fact(Seen.ADVICE if name == "resources" else Seen.BROKEN, "tile-names-no", what=name)


def _attestations(looked: Looked) -> Iterator[Fact]:
    """Manual cases belong to a later stage: what is missing of them is advice, what is damaged is not."""
    if looked.attested is None:
        yield fact(Seen.ADVICE, "attestations-none")
        return
    yield from (fact(Seen.BROKEN, "attestations-damaged", text=text) for text in looked.attested.problems)
    for each in looked.attested.cases:
        if each.state in {"passed", "not_applicable"}:
            yield fact(Seen.HELD, f"manual-{each.state}", case=each.case, reason=each.reason)
        elif not (each.optional and each.state == "missing"):
            yield fact(Seen.ADVICE, f"manual-{each.state}", case=each.case, reason=each.reason)


def _usability(looked: Looked) -> Iterator[Fact]:
    yield fact(Seen.HELD, "usability-there") if looked.usability else fact(Seen.ADVICE, "usability-none")


def _credentials(looked: Looked) -> Iterator[Fact]:
    # One that is found never gets here: such a submission is not written.
    yield (
        fact(Seen.HELD, "credentials-nowhere") if looked.outside.credentials else fact(Seen.OPEN, "credentials-unknown")
    )


def _secrets(looked: Looked) -> Iterator[Fact]:
    for leak in looked.leaks:
        # What a partner answered to made-up users stands in the evidence; whether it still opens a door, only they know.
        mild = leak.kind in TICKETS and not leak.by_hand
        yield fact(Seen.ADVICE if mild else Seen.BROKEN, "looks-secret", member=leak.member, kind=leak.kind)
    if not looked.leaks:
        yield fact(Seen.HELD, "nothing-secret")


TICKETS: Final = frozenset({"json-web-token", "bearer-token"})
"""Kinds of secrets that open a door for a while only."""


RULES: Final = (
    Rule("bundle-verifies", _verifies),
    Rule("bundle-complete", _complete),
    Rule("bundle-conformant", _conformant),
    Rule("bundle-suite", _suite),
    Rule("bundle-valid", _valid),
    Rule("config-same", _same_config),
    Rule("config-ready", _config_ready),
    Rule("logo-and-icon", _pictures),
    Rule("pages-answer", _pages),
    Rule("hostnames-used", _hostnames),
    Rule("redirects-covered", _covered),
    Rule("scenarios-observed", _scenarios),
    Rule("tile-described", _named),
    Rule("manual-cases", _attestations),
    Rule("usability", _usability),
    Rule("no-credentials", _credentials),
    Rule("nothing-secret", _secrets),
)
"""Every rule of a submission, in the order in which a reader asks."""
