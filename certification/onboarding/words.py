"""What the onboarding says, in words; made last, and never read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from certification.contract.lifecycle import NEEDS
from certification.foundation.reason import Reason
from certification.onboarding.status import Item, State

STATES: Final[Mapping[State, str]] = {
    State.DONE: "done",
    State.MISSING: "missing",
    State.STALE: "stale",
    State.REFUSED: "not given",
    State.FAILED: "not right",
    State.UNCHECKED: "could not be checked",
    State.LATER: "later",
}

REASONS: Final[Mapping[str, str]] = {
    "bundle-missing": "{file} is not there",
    "bundle-damaged": "the bundle cannot be read: {why}",
    "bundle-broken": "the bundle does not follow from its evidence: {why}",
    "bundle-unverified": "the bundle cannot be verified here: {why}",
    "incomplete": "the run is incomplete: {why}",
    "not-conformant": "the API is not conformant: {headline}",
    "other-config": "the partner config has changed since",
    "other-suite": "version {made} of the suite made it; this is {here}",
    "certificate-due": "it is older than twelve months since {since}",
    "certificate-early": "its run ended on {on}, which is still to come: a clock is wrong",
    "attestations-damaged": "{why}",
    "attestations-of-another": "the attestations are those of {partner}",
    "config-unreadable": "the partner config cannot be read, so that nobody knows which cases apply",
    "cases-failed": "{count} failed: {cases}",
    "cases-stale": "{count} to be executed again, since config or suite have changed: {cases}",
    "cases-missing": "{count} not executed: {cases}",
    "picture": "{attestation} ({case}): {file}: {text}",
    "call": "{attestation} ({case}): the call {step} is not the one that was kept",
    "tile-damaged": "{why}",
    "submission": "{what}",
    "other-bundle": "the submission holds the run {run}, not that of the bundle",
    "problem-open": "{id} is open: {what}",
    "needs-first": "first: {what}",
    "refused": "{by} refused: {why}",
    "withdrawn": "{by} took it back: {why}",
    "changed": "{what} is another one than the one that was signed",
    "gone": "{what}, which was signed, is not there any more",
    "does-not-name": "it does not name {what}, which it should be about",
    "signature-invalid": "the signature of {key} does not hold: {why}",
    "of-another-partner": "it is the sign-off of {partner}",
    "file-of-another-role": "the file is named for another role than {role}, which it states",
    "from-the-future": "it is from {on}, which is still to come: a clock is wrong",
    "no-reason": "it names no reason",
    "not-by-policy": "{by} is none of those who may sign, or the key is not theirs",
    "not-signed": "the sign-off of {by} carries no signature, and the policy asks for one",
    "too-few": "{have} of {need} people signed",
    "ga-too-soon": "agreed on {agreed}, GA can be on {earliest} at the earliest, not on {ga}",
    "region-too-early": "{region} on {on} is before the week of GA, which begins on {earliest}",
    "region-too-late": "{region} on {on} is too late: complete at least a day before GA, on {latest}",
    "region-twice": "{region} stands in it twice",
    "ga-before-weekend": "GA on a {day} ({ga}) leaves a weekend before anybody repairs anything",
    "region-on-weekend": "{region} on a {day} ({on}): hardly anybody is there if something goes wrong",
    "region-before-weekend": "{region} on a Friday ({on}): what goes wrong stays so over the weekend",
    "regions-at-once": "all {count} regions get it on the same day ({on}): nobody looks at one before the next",
    "region-over": "{region} on {on}: that day is over",
    "ga-over": "GA on {ga}: that day is over, today is {today}",
    "ga-at-once": "GA on {ga}: the roll-out has to be complete a day before, and today is {today}",
    "ga-far": "GA on {ga} is more than a year away",
    "agreed-later": "agreed on {agreed}: that day is still to come, today is {today}",
    "not-of-record": "the bundle is not the certificate of record, which is that of the run {run}",
    "no-sign-off": "{file} in the folder of the sign-offs is none",
    "sign-off-damaged": "{file}: {why}",
    "sign-off-broken": "{file} does not count: {because}",
    "too-many-sign-offs": "there are more than {most} sign-offs; only the first are read",
    "waiver": "{what}",
    "partner-differs": "onboarding.json names {here}, the config {config}",
    "config-problem": "{what}",
}
"""Code of a reason -> the words, with its facts in the gaps."""

COMMANDS: Final[Mapping[str, str]] = {
    "certified": "pytest --partner-config=partner.json, then: partner-connect bundle certification-report -o certification.zip",
    "tile-tried": "partner-connect tile create",
    "submitted": "partner-connect submission certification.zip",
    "manual-cases": "partner-connect walkthrough partner.json",
    "video-session": "partner-connect onboarding record video-session --by NAME --organisation ORG",
    "sign-off-partner": "partner-connect onboarding sign --role partner --by NAME --organisation ORG",
    "sign-off-engineering": "partner-connect onboarding sign --role engineering --by NAME --organisation ORG",
    "sign-off-solution-architect": "partner-connect onboarding sign --role solution-architect --by NAME --organisation ORG",
    "sign-off-product": "partner-connect onboarding sign --role product --by NAME --organisation ORG",
    "ga-agreed": "partner-connect onboarding plan --ga DAY --agreed DAY",
    "roll-out": "partner-connect onboarding plan --ga DAY --agreed DAY --regions FILE",
    "certificate-valid": "partner-connect onboarding record certificate certification.zip",
}
"""Need -> the command that does it; what is declared has one of its own form."""

SIGNED: Final[Mapping[str, str]] = {
    "by policy": "signed as the policy asks",
    "signed": "signed; nobody has said whose key that is",
    "unsigned": "not signed with a key",
    "": "",
}


def signed_words(how: str) -> str:
    """Return in words how a sign-off is signed."""
    return SIGNED.get(how, how)


def reason_words(reason: Reason) -> str:
    """Return the sentence of ``reason``, without a full stop."""
    facts = dict(reason.facts)
    if "because" in facts:
        facts["because"] = REASONS[str(facts["because"])].format(**facts)
    return REASONS[reason.code].format(**facts)


def command_for(item: Item) -> str:
    """Return what to type for ``item``; empty where nothing is to be done."""
    # What was refused is repaired in the product; the other side signs again.
    if item.state in {State.DONE, State.LATER, State.REFUSED}:
        return ""
    problems = [reason.facts["id"] for reason in item.reasons if reason.code == "problem-open"]
    if problems:
        return f"partner-connect onboarding record settle {problems[0]} --by NAME --organisation ORG --how WORDS"
    # A change is compared with the certificate of record; without one there is nothing but to certify.
    if any(reason.code == "other-config" and reason.facts.get("record") for reason in item.reasons):
        return "partner-connect onboarding change --kind KIND"
    if item.need.id in COMMANDS:
        return COMMANDS[item.need.id]
    url = " --url ADDRESS" if NEEDS[item.need.id].url else ""
    return f"partner-connect onboarding record {item.need.id} --by NAME --organisation ORG{url}"


def repair_for(item: Item) -> str:
    """Return what the partner does about a sign-off that was refused or taken back; empty for everything else."""
    again = COMMANDS.get(item.need.id, "")
    return f"Repair what the reason names, then ask them to sign: {again}" if item.state is State.REFUSED else ""


def about(item: Item) -> str:
    """Return who did ``item``, when and how, in a few words; why it is not done where it is not."""
    if item.state is not State.DONE:
        return "; ".join(reason_words(reason) for reason in item.reasons)
    words = SIGNED.get(item.words, item.words) if item.need.id.startswith("sign-off-") else item.words
    return ", ".join(part for part in (item.on, item.by, item.url, words) if part)
