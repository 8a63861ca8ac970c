"""The words of a submission: titles of rules and scenarios, sentences about facts, remedies.  Nothing reads them back."""

from __future__ import annotations

from typing import Final

from certification.evidence.steps import Act, When
from certification.report.words import step_title
from certification.submission.facts import Fact, Seen
from certification.submission.redirect_scenarios import Observed, Possible

RULES: Final = {
    "bundle-verifies": "The certificate follows from its evidence",
    "bundle-complete": "All tests were run",
    "bundle-conformant": "The API is conformant",
    "bundle-suite": "This version of the suite made the certificate",
    "bundle-valid": "The certificate still stands",
    "config-same": "The certified config is the one that is submitted",
    "config-ready": "The config is ready for Databricks",
    "logo-and-icon": "Logo and icon are there and have their proportions",
    "pages-answer": "Sign-up page, privacy policy and terms of service answer",
    "hostnames-used": "Every hostname is used by a redirect, or explained",
    "redirects-covered": "Every redirect is covered by a hostname",
    "scenarios-observed": "Every redirect scenario was observed, or is explained",
    "tile-described": "Clouds, resources and permissions are named",
    "manual-cases": "A person has carried out the manual cases",
    "usability": "A usability result is there",
    "no-credentials": "The credentials stand nowhere in it",
    "nothing-secret": "Nothing in it looks like a secret",
}
"""Rule -> what is true when it passes."""

OUTCOME: Final = {Seen.HELD: "passed", Seen.BROKEN: "failed", Seen.ADVICE: "advice", Seen.OPEN: "not looked at"}
"""Outcome of a rule -> its name."""

_EXPLAIN = "or explain it under explanations in onboarding.json"
_CERTIFY = "Run the certification again with the config that you submit, and make the submission from its report."

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "bundle-verifies": ("Everything that the bundle says was made again from its evidence.", ""),
    "bundle-verifies-not": (
        "The verification of the bundle says: {result}.",
        "Submit the report as the run left it, or run the certification again.",
    ),
    "bundle-point": ("{point}: {text}", ""),
    "bundle-unreadable": (
        "The manifest of the bundle cannot be read.",
        "Make the bundle again: partner-connect bundle",
    ),
    "bundle-complete": ("No case was left out.", ""),
    "bundle-complete-not": ("The run is incomplete: {reasons}.", "Run all cases with your config."),
    "bundle-conformant": ("The verdict is {verdict}.", ""),
    "bundle-conformant-not": ("The verdict is {verdict}.", "Repair what the report finds, and certify again."),
    "bundle-suite": ("Version {version} made it.", ""),
    "bundle-suite-not": (
        "Version {version} of the suite made it; here is {here}, or one with other cases.",
        "Certify with the newest version, and make the submission with the same.",
    ),
    "bundle-valid": ("It stands until {until}.", ""),
    "bundle-valid-not": ("It ended on {until}, before {on}.", "Run the certification again."),
    "bundle-no-validity": ("A run that is no certificate stands until no day.", ""),
    "config-same": ("Both have the digest {here}….", ""),
    "config-same-not": (
        "The config in the bundle has the digest {certified}…, the submitted one {here}…: they differ.",
        _CERTIFY,
    ),
    "config-ready": ("Nothing in it keeps the integration from being submitted.", ""),
    "config-not-ready": ("{text}.", "Put it right in the config, and certify again."),
    "config-note": ("{text}.", ""),
    "picture-fits": ("{field} {name} is a {kind} image of {size}.", ""),
    "picture-missing": (
        "{field} {name} is not there: no such file is beside the config, or it is neither a PNG nor an SVG that tells its size.",
        "Put it beside the config, as PNG, or as SVG with width and height or a viewBox.",
    ),
    "picture-size": ("{field} {name} is {problem}.", "Save it with these proportions."),
    "picture-named": ("{field} {name} is a {kind} image, whatever its name says.", "Name it .{kind}."),
    "pages-not-opened": (
        "The pages were not opened (--offline).",
        "Make the submission again where the Internet can be reached.",
    ),
    "page-answers": ("{field} answers: {url}", ""),
    "page-silent": ("{field} {problem}: {url}", "Publish the page, or correct its address in the config."),
    "page-unknown": ("What {field} answers is not on record: {url}", "Make the submission again."),
    "hostname-used": ("{hostname} is used: {times} redirects.", ""),
    "hostname-explained": ("{hostname} is explained by {by}: {words}", ""),
    "hostname-unused": (
        "{hostname} is allowed, and no redirect leads there.",
        f"Take it out of hostnames, {_EXPLAIN} (about: hostname).",
    ),
    "hostname-local": (
        "{hostname} is a name that no customer reaches.",
        f"Certify where customers are sent to and take it out of hostnames, {_EXPLAIN} (about: hostname).",
    ),
    "redirects-covered": ("All redirects that the config covers: {times}, to {hosts} hosts.", ""),
    "redirect-uncovered": (
        "A redirect leads to {host}, which hostnames does not cover.",
        "Add the host to hostnames, or correct the redirect; then certify again.",
    ),
    "redirects-none": ("Not a single redirect was observed.", _CERTIFY),
    "scenarios-unreadable": ("The redirect scenarios do not follow from the bundle.", _CERTIFY),
    "scenario-observed": ("{scenario} was observed: {observed}.", ""),
    "scenario-explained": ("{scenario} is explained by {by}: {words}", ""),
    "scenario-by-hand": (
        "{scenario} was not observed: only a person can bring it about.",
        "Say under explanations in onboarding.json where it leads (about: scenario).",
    ),
    "scenario-no-hook": (
        "{scenario} was not observed: the config has no {what}.",
        f"Offer the test hook and certify again, {_EXPLAIN} (about: scenario).",
    ),
    "scenario-case": (
        "{scenario} was not observed: {what}.",
        f"Certify again so that these cases are played to their end, {_EXPLAIN} (about: scenario).",
    ),
    "scenario-otherwise": (
        "{scenario} was not observed: the partner answered something else ({what}).",
        f"Look at these cases in the report, {_EXPLAIN} (about: scenario).",
    ),
    "tile-names": ("{what}: {values}", ""),
    "tile-names-no": ("The config names no {what}.", "Name them in the config, and certify again."),
    "attestations-none": (
        "There are no attestations.",
        "Carry out the manual cases and record each: partner-connect onboarding record",
    ),
    "attestations-damaged": ("{text}", "Put the file right; nothing else reads it."),
    "manual-passed": ("{case} passed.", ""),
    "manual-not_applicable": ("{case} does not apply: {reason}", ""),
    "manual-failed": ("{case} failed: {reason}", "Repair it, and carry the case out again."),
    "manual-missing": ("{case} was not carried out.", "Carry it out before the video session."),
    "manual-begun": ("{case} was begun and not finished.", "Finish it before the video session."),
    "manual-stale": ("{case} was carried out before the config or the suite changed: {reason}", "Carry it out again."),
    "usability-there": ("The usability result and its pictures are in the file.", ""),
    "usability-none": ("There is no usability result.", "Databricks looks at the pages with you instead."),
    "credentials-nowhere": ("They were looked for in every member.", ""),
    "credentials-unknown": (
        "No credentials were in the environment, so nobody looked for them.",
        "Set BASIC_USER, BASIC_PASSWORD and PAT_TOKEN as in the certification, and make the submission again.",
    ),
    "nothing-secret": ("Keys, tokens and passwords of known forms were looked for in every member.", ""),
    "looks-secret": (
        "{member} holds what looks like a secret: {kind}.",
        "Take it out. Should a test user's one-time token stand in the evidence, make sure that it opens nothing any more.",
    ),
}
"""Code of a fact -> what it says, and the remedy."""

SCENARIOS: Final = {
    "new-customer": "A new customer starts from the tile",
    "colleague-connects": "A colleague of a customer starts from the tile",
    "known-user-connects": "A known user starts from the tile once more",
    "known-user-signs-in": "A known user opens the connection",
    "signed-up-by-hand": "A user who has signed up by hand opens the connection",
    "new-user-signs-in": "A new user of the company opens the connection",
    "expired-user-connects": "A user whose trial is over starts from the tile",
    "expired-user-signs-in": "A user whose trial is over opens the connection",
    "new-user-after-expiry": "A new user opens the connection after a colleague's trial is over",
    "demo-connects": "A demo starts from the tile",
    "deleted-connection": "A user opens a connection that was deleted",
    "oauth-consent": "The user comes back from the OAuth consent",
}
"""Scenario -> what happens in it."""

MANUAL: Final = {
    "passed": "passed",
    "failed": "failed",
    "not_applicable": "not applicable",
    "missing": "not tried yet",
    "begun": "begun",
    "stale": "stale",
}
"""State of a manual case -> its name."""

NEW_USERS: Final = {
    "auto_add": "are added to the account of their company",
    "invite": "are sent to the administrator for an invitation",
    "not_found": "get an error: no account",
    "error": "get an error",
}
"""The config's ``new_user_action`` in words."""

_VALUES: Final = {
    "create_trial": "start of a trial",
    "purchase_product": "purchase",
    "sign_in": "sign-in",
    "contact_admin": "ask the administrator",
    "not_applicable": "no scenario of its own",
    "other": "a value that the contract does not have",
    "": "no redirect",
}


def text_of(found: Fact) -> str:
    """Return what a fact says; a code that another version of the suite wrote is shown as it is."""
    return _filled(found, 0)


def remedy_of(found: Fact) -> str:
    """Return what to do about a fact; empty when there is nothing to do."""
    return "" if found.outcome is Seen.HELD else _filled(found, 1)


def _filled(found: Fact, which: int) -> str:
    facts = dict(found.facts)
    name = facts.get("scenario")
    if name is not None:
        facts["scenario"] = f"{SCENARIOS.get(str(name), name)} ({name})"
    try:
        return TEXTS[found.code][which].format_map(facts)
    except (KeyError, ValueError, IndexError):
        return " ".join([found.code, *(f"{key}={value}" for key, value in facts.items())])


def value_words(redirect_value: str) -> str:
    """Return what a redirect value means."""
    return _VALUES.get(redirect_value, redirect_value)


def answer_words(each: Observed) -> str:
    """Return what was answered: ``user new, account active: sign-in``."""
    if each.error_reason or each.status >= 300:
        return f"{each.status} {each.error_reason or 'without a reason'}: Databricks shows an error"
    return f"user {each.user_status or '?'}, account {each.account_status or '?'}: {value_words(each.redirect_value)}"


def circumstance_words(each: Observed) -> str:
    """Return in which circumstances it was observed."""
    act = Act(each.act)
    known = {when.value for when in When}
    return ", ".join(step_title(act, When(name)) for name in each.circumstances if name in known)


def why_not(each: Possible) -> str:
    """Return why a scenario was not observed; empty when it was."""
    return {
        "by-hand": "only a person can bring it about",
        "no-hook": f"the config has no {each.what}",
        "case": f"its cases were not played to their end ({each.what})",
        "otherwise": f"the partner answered something else ({each.what})",
    }.get(each.because, "")
