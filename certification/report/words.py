"""Words, made last and in one place: for verdicts and outcomes, for steps, for reasons.  Nothing ever reads them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from certification.contract.lifecycle import ROLES
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act, When
from certification.foundation.reason import Reason

RUN = {
    "conformant": "Conformant",
    "conformant_with_advisories": "Conformant, with advisories",
    "conformant_with_waivers": "Conformant only with waivers",
    "not_conformant": "Not conformant",
    "incomplete": "Incomplete: no verdict",
}
"""Verdict of a run -> its name."""

CASE = {
    "passed": "passed",
    "failed": "failed",
    "waived": "failed but waived",
    "not_applicable": "not applicable",
    "blocked": "blocked",
    "not_run": "not run",
    "error": "suite error",
    "manual": "manual",
}
"""Verdict of a case -> its name."""

OUTCOME = {
    "broken": "broken",
    "held": "held",
    "unclear": "unclear",
    "not_applicable": "not applicable",
    "not_checked": "not checked",
    "untested": "not testable",
    "seen": "seen by a person",
}
"""Outcome of a requirement -> its name."""

ATTESTED = {"passed": "passed", "failed": "failed", "not_applicable": "does not apply"}
"""What a person says came of a manual case -> its words."""

SEEN = {"seen": "seen", "not_seen": "not seen", "not_applicable": "does not apply", "": "not answered"}
"""What a person says about one thing to be seen -> its words."""

LEVEL = {"must": "required", "should": "advisory"}
"""Level of a requirement or finding -> its name."""


WAIVER = {
    "used": "used",
    "unused": "matches nothing, remove it",
    "untold": "this run can't tell whether it is needed",
}
"""What a waiver did in a run -> its words."""

LIMITS = (
    "about data, or what is done with it",
    "about the security of the product (what calls of the API show is no security review)",
    "about its operation, now or later",
    "about its usability, which has a sign-off of its own",
)
"""What a certificate makes no statement about."""


def sign_off_words() -> str:
    """Return where the sign-offs are, and whose they are."""
    *others, last = (role.title for role in ROLES.values())
    who = f"{', '.join(others)} and {last}"
    return (
        f"this certificate carries none. {who[:1].upper()}{who[1:]} sign off separately; "
        "what they sign is kept beside onboarding.json and names the bundle that it rests on"
    )


def limits(report: Mapping[str, Any]) -> list[str]:
    """Return what the certificate of a run makes no statement about."""
    manual = counted(report["counts"]["manual"], "manual case")
    return [*LIMITS, f"about the {manual}, which no run executes: a person carries them out"]


def waiver_words(waiver: Mapping[str, Any]) -> str:
    """Return what a waiver allows, who approved it, and until when."""
    detail = f" ({waiver['detail']})" if waiver["detail"] else ""
    approved = waiver["approved"]
    return (
        f"{waiver['requirement']} of {waiver['operation']}{detail} may be broken until {waiver['until']}, "
        f"approved by {approved['by']}, {approved['organisation']}"
    )


def validity_words(validity: Mapping[str, str]) -> str:
    """Return until when a certificate stands, and why."""
    why = (
        f"when waiver {validity['waiver']} ends"
        if validity["ends"] == "waiver"
        else "12 months from the end of the run"
    )
    return f"{validity['until']}, {why}; until then only as long as neither the config nor the API changes"


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``number`` with the fitting form of the noun: ``1 case``, ``1,312 cases``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


ACTS = {act: act.value for act in Act} | {
    Act.FIRST_CONNECT: "first connect",
    Act.LIST_CONNECTORS: "list of connectors",
    Act.PAGE: "redirect page",
}
"""What a call was for -> its name."""

CIRCUMSTANCES = {
    When.PLAIN: "{}",
    When.REPEATED: "{} once more",
    When.AGAIN: "{} again",
    When.KNOWN_USER: "{} of a known user",
    When.COLLEAGUE: "{} of a colleague",
    When.SECOND_WORKSPACE: "{} in a second workspace",
    When.FIRST_WORKSPACE_AFTERWARDS: "{} in the first workspace afterwards",
    When.NEIGHBOURING_WORKSPACE: "{} in a workspace with a neighbouring number",
    When.BESIDE_NEIGHBOUR: "{} beside a workspace with a neighbouring number",
    When.OTHER_CLOUD: "{} in another cloud",
    When.BESIDE_OTHER_CLOUD: "{} beside the same numbers in another cloud",
    When.SIMILAR_COMPANY: "{} of a company with a similar domain",
    When.BESIDE_SIMILAR_COMPANY: "{} beside a company with a similar domain",
    When.OTHER_COMPANY_SAME_WORKSPACE: "{} of another company in the same workspace",
    When.AFTER_ANOTHER_CONNECT: "{} after another connection was made",
    When.AFTER_MANY_CONNECTS: "{} after many other connections",
    When.CLUSTER: "{} with a cluster",
    When.ZERO: "{} of user 0 in workspace 0",
    When.LARGEST: "{} with the largest numbers",
    When.UNKNOWN_FIELDS: "{} with unknown fields",
    When.WITHOUT_USER_INFO: "{} without user_info",
    When.LATE_BODY: "{} with a body that arrives late",
    When.NEW_USER: "{} of a new user",
    When.AFTER_NEW_USER: "{} after a new user's",
    When.KNOWN_COLLEAGUE: "{} of a known colleague",
    When.OTHER_DOMAIN_COLLEAGUE: "{} of a colleague with another e-mail domain",
    When.DEMO: "demo {}",
    When.DEMO_SECOND_USER: "demo {} of a second user",
    When.DEMO_REPEATED: "demo {} once more",
    When.AFTER_DEMO: "{} after a demo",
    When.AFTER_DELETION: "{} after the connection was deleted",
    When.DELETED: "{} of a deleted connection",
    When.GIVEN_UP: "{} of a connection that Databricks gave up",
    When.AFTER_OTHER_DELETION: "{} after another connection was deleted",
    When.AFTER_NEIGHBOUR_DELETION: "{} after a neighbour was deleted",
    When.OTHER_WORKSPACE: "{} with another workspace",
    When.AFTER_DELETE_ACCOUNT: "{} after delete-account",
    When.AFTER_OTHER_DELETE_ACCOUNT: "{} after delete-account of somebody else",
    When.AFTER_REFUSED_DELETE_ACCOUNT: "{} after a refused delete-account",
    When.AFTER_REFUSED_EXPIRY: "{} after a refused expire-account",
    When.OTHER_TEST_DOMAIN: "{} of the other test domain",
    When.OTHER_DOMAIN: "{} of a domain that is no test domain",
    When.LOOK_ALIKE_DOMAIN: "{} of a domain that looks like a test domain",
    When.NOBODY: "{} of a user who does not exist",
    When.AFTER_EXPIRY: "{} after expiry",
    When.NEW_USER_AFTER_EXPIRY: "{} of a new user after a colleague's expiry",
    When.COLLEAGUE_AFTER_EXPIRY: "{} of a known colleague after expiry",
    When.AFTER_OTHER_EXPIRY: "{} after somebody else expired",
    When.EXPIRED_USER_DELETED: "{} after delete-account of an expired user",
    When.SUFFIX_DOMAIN_AFTER_DELETE_ACCOUNT: "{} of a user of a domain that ends like the test domain, after delete-account",
    When.PREFIX_DOMAIN_AFTER_DELETE_ACCOUNT: "{} of a user of a domain that begins like the test domain, after delete-account",
    When.OTHER_COMPANY_AFTER_DELETE_ACCOUNT: "{} of a user of another company after delete-account",
    When.SAME_WORKSPACE_AFTER_DELETE_ACCOUNT: "{} of another company in the same workspace after delete-account",
    When.COLLEAGUE_AFTER_DELETE_ACCOUNT: "{} of a colleague after delete-account",
    When.AT_ONCE: "{} among others at once",
    When.RELATED_AT_ONCE: "{} of related users at once",
    When.SAME_AT_ONCE: "the same {} several times at once",
    When.AFTER_AT_ONCE: "{} after connecting among others at once",
    When.AFTER_DELETIONS_AT_ONCE: "{} after others were deleted at once",
    When.AFTER_DOUBLE_CLICK: "{} after a double click",
    When.NEW_TCP_CONNECTION: "{} on a new TCP connection",
    When.WRONG_CREDENTIALS: "{} with wrong credentials",
    When.WRONG_CREDENTIALS_UNKNOWN: "{} with wrong credentials for something unknown",
    When.WRONG_CREDENTIALS_WRONG_BODY: "{} with wrong credentials and a broken body",
    When.AFTER_WRONG_CREDENTIALS: "{} after calls with wrong credentials",
    When.SCHEME_IN_LOWER_CASE: "{} with the scheme in lower case",
    When.UNKNOWN_ID: "{} with an unknown id",
    When.ODD_ID: "{} with an id of another form",
    When.UNKNOWN_ID_CONNECTED_WORKSPACE: "{} with an unknown id in a connected workspace",
    When.AFTER_UNKNOWN_IDS: "{} after calls with unknown ids",
    When.NOT_JSON: "{} with a body that is not JSON",
    When.DOUBTFUL_JSON: "{} with a body that only forgiving parsers take for JSON",
    When.WRONG_FIELD: "{} with a missing or wrong field",
    When.WITHOUT_MISTAKE: "{} without a mistake",
    When.UNUSABLE_ID: "{} without a usable connection_id",
    When.WRONG_METHOD: "{} with another method",
    When.FIRST_PAGE: "first page of the {}",
    When.FIRST_PAGE_WITHOUT_TOKEN: "first page of the {}, without a token",
    When.FIRST_PAGE_AGAIN: "first page of the {}, again",
    When.FIRST_PAGE_OTHER_LANGUAGE: "first page of the {}, in another language",
    When.NEXT_PAGE: "next page of the {}",
    When.NEXT_PAGE_AGAIN: "next page of the {}, again",
    When.UNKNOWN_TOKEN: "page of the {} with a token that was never given",
    When.PROBE: "{} before the run",
}
"""Circumstance -> how it is said, with the name of the act in its place."""

REASONS = {
    "config-lacks": "the config has no {keys}",
    "no-trial-type": "the config has no trial_type",
    "no-demo": "the config does not say supports_demo",
    "not-ingest": "the connector list is for category INGEST; the config says {category}",
    "no-cluster": "the config does not provision an InteractiveCluster",
    "one-cloud": "the config names one cloud only",
    "operation-not-offered": "the config offers no {operation}",
    "not-deleted-yet": "the partner answered {status}, not resources_deleted, so the connection may go on existing (ruling 7)",
    "sent-to-admin": "the partner already has an account of {domain} and sends new users to its admin; remove the account and run again",
    "no-connection-id": "call {call} gave no connection_id to go on with",
    "no-endpoint": "the endpoint of call {call} is not there (ruling 19)",
    "throttled": "the partner kept answering 429 Too Many Requests",
    "silent": "{operation} gave no answer {times} times in a row; it was left alone for the rest of the run",
    "too-many-requests": "{operation} kept answering 429 Too Many Requests, {times} times in a row; it was left alone for the rest of the run",
    "slow": "slow answers of {operation} took more than {minutes} minutes together; it was left alone for the rest of the run",
    "out-of-budget": "the budget of {requests} requests (--certification-max-requests) is used up",
    "record-ends": "the record of this execution ends here",
    "suite-fault": "fault of the suite: {text}",
    "process-ended": "fault of the suite: the process that ran this case ended without a result",
    "not-executed": "the case was not executed",
    "proved-nothing": "not one example got as far as: {rules}",
    "pending": "pending: a person has to carry this case out",
    "could-not-start": "the run could not start",
    "narrowed": "{by}",
    "stopped": "the run was stopped first",
}
"""Code of a reason -> its words."""


def step_title(act: Act, when: When) -> str:
    """Return what a call was for, in words: ``sign-in after the connection was deleted``."""
    return CIRCUMSTANCES[when].format(ACTS[act])


def step_words(exchange: Exchange) -> str:
    """Return number and purpose of a call: ``3. sign-in of a new user``."""
    return f"{exchange.number}. {step_title(exchange.act, exchange.when)}"


def reason_words(reason: Reason | None) -> str:
    """Return why something was not done, in words; empty for no reason.

    A reason that another version of the suite gave is shown as it was recorded.
    """
    if reason is None:
        return ""
    try:
        return REASONS[reason.code].format_map(dict(reason.facts))
    except (KeyError, ValueError, IndexError):
        return " ".join([reason.code, *(f"{name}={value}" for name, value in reason.facts.items())])
