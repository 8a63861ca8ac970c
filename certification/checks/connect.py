"""What an answer to connect is held to: a valid new connection, a valid sign-in, and who may be called what.

Source: Test cases, 'A valid new connection' and 'A valid sign-in'; API specification, What connect means.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from certification.checks.answers import answered_with, refused_with, without_nulls
from certification.checks.redirects import redirect_target, url_problem
from certification.config.partner import PartnerConfig
from certification.contract.schema_files import read_schema
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import AND, Observation, broken, held, look

USUAL_REDIRECTS = ("create_trial", "sign_in", "purchase_product")
EITHER = (*USUAL_REDIRECTS, "contact_admin")
"""What the scenario table allows where it says 'either': the account's admin decides too."""

UNSEEN_USER = ("new", "not_applicable")
UNSEEN_COMPANY = ("new", "not_applicable")
"""What somebody may be called whom nobody has seen before (ruling 14); values out of the enum are the model's business."""

NOT_FOUND = ("account_not_found", "connection_not_found")


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What a first connect is held to, beside being a valid new connection.

    ``requirement`` is broken when it is refused.  ``unseen_user`` and ``unseen_company`` say that nobody has seen them
    before (ruling 14).  ``redirects`` empty leaves redirect_value to another check.  ``must_configure`` False allows what the scenario table calls 'either'.
    """

    requirement: str = "first-connect"
    redirects: tuple[str, ...] = USUAL_REDIRECTS
    unseen_user: bool = False
    unseen_company: bool = False
    similar_company: bool = False
    """Whether only a company is known whose domain differs in its last labels: taking them for one is advice (ruling 27)."""
    must_configure: bool = True


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in is held to, beside being a valid one.

    ``requirement`` is broken when it is refused.  ``known_user`` and ``known_account`` say that they have been seen
    before; ``may_be_expired``, that the contract leaves open whether the account has expired.
    """

    requirement: str = "sign-in"
    redirects: tuple[str, ...] = USUAL_REDIRECTS
    known_user: bool = True
    known_account: bool = True
    may_be_expired: bool = False


BRAND_NEW = NewConnection(redirects=("create_trial",), unseen_user=True, unseen_company=True)
"""A new user of a new account: the scenario table asks for create_trial, new, new."""


def new_connection(
    exchange: Exchange, config: PartnerConfig, expected: NewConnection = NewConnection()
) -> list[Observation]:
    """Hold the answer to 'a valid new connection'."""
    found = answered_with(exchange, (200, 201), expected.requirement, "connection", config.api_version)
    answer = answer_of(exchange, (200, 201))
    if answer is None:
        return found
    found += _id_rule(exchange, answer)
    if expected.must_configure:
        if isinstance(answer.get("configured_resources"), bool):
            found.append(
                look(
                    exchange,
                    "resources-configured",
                    answer["configured_resources"],
                    "configured_resources is false.",
                    expected="true",
                    actual="false",
                )
            )
        if expected.redirects:
            found += _redirect_value(exchange, answer, expected.redirects)
    unseen = {"user_status": UNSEEN_USER} if expected.unseen_user else {}
    if expected.unseen_company:
        unseen["account_status"] = UNSEEN_COMPANY
    somebody = " for somebody whom the partner has never seen"
    found += says(exchange, answer, "new-is-new", unseen, somebody)
    if expected.similar_company:
        found += says(exchange, answer, "companies-by-whole-domain", {"account_status": UNSEEN_COMPANY}, somebody)
    return found + _targets(exchange, config, answer)


def demo_connection(exchange: Exchange, config: PartnerConfig) -> list[Observation]:
    """Hold the answer to what the demo flag asks for: the new-trial flow, whoever the user is."""
    found = new_connection(exchange, config, NewConnection(redirects=()))
    answer = answer_of(exchange, (200, 201))
    if answer is None:
        return found
    wanted = {"redirect_value": ("create_trial",), "user_status": ("new",), "account_status": ("new",)}
    return found + says(exchange, answer, "demo-always-new", wanted, "")


def connection_after_expiry(exchange: Exchange, config: PartnerConfig) -> list[Observation]:
    """Hold the first connect of an expired user to ruling 24: configured or not, and account_status expired."""
    found = new_connection(exchange, config, NewConnection("expire-account", must_configure=False))
    answer = answer_of(exchange, (200, 201))
    if answer is None:
        return found
    wanted = {"account_status": ("expired",), "redirect_value": ("purchase_product", "create_trial")}
    return found + says(exchange, answer, "expire-account", wanted, " after the account expired")


def sign_in(exchange: Exchange, config: PartnerConfig, expected: SignIn = SignIn()) -> list[Observation]:
    """Hold the answer to 'a valid sign-in'; where sign-up is by hand, to the 404 that stands in for it."""
    if config.manual_signup:
        return refused_with(exchange, 404, NOT_FOUND, "sign-in-manual")
    return plain_sign_in(exchange, config, expected)


def plain_sign_in(exchange: Exchange, config: PartnerConfig, expected: SignIn = SignIn()) -> list[Observation]:
    """Hold the answer to 'a valid sign-in', however users sign up."""
    found = answered_with(exchange, (200,), expected.requirement, "connection", config.api_version)
    answer = answer_of(exchange, (200,))
    if answer is None:
        return found
    found += configures_nothing(exchange, answer)
    if expected.redirects:
        found += _redirect_value(exchange, answer, expected.redirects)
    if "account_status" in answer and not expected.may_be_expired:
        found.append(
            look(
                exchange,
                "not-expired",
                answer["account_status"] != "expired",
                "account_status is expired, though nothing expired the account.",
                expected="active",
                actual="expired",
            )
        )
    if expected.known_user:
        found += known_user(exchange)
    if expected.known_account:
        found += known_account(exchange)
    return found + _targets(exchange, config, answer)


def unknown_connection(exchange: Exchange, requirement: str = "unknown-connection") -> list[Observation]:
    """Hold the answer to 404 connection_not_found."""
    return refused_with(exchange, 404, ("connection_not_found",), requirement)


def forgotten(exchange: Exchange, config: PartnerConfig) -> list[Observation]:
    """Hold a first connect after delete-account to a valid new connection of somebody who is unknown again."""
    found = new_connection(exchange, config)
    answer = answer_of(exchange, (200, 201)) or {}
    if "user_status" not in answer:
        return found
    return [
        *found,
        look(
            exchange,
            "delete-account",
            answer["user_status"] != "existing",
            "user_status is existing, though delete-account removes all users of the domain.",
            expected="user_status new or not_applicable",
            actual="existing",
            detail="user_status",
        ),
    ]


def expiry_forgotten(exchange: Exchange) -> list[Observation]:
    """Hold a first connect after delete-account to an account that is no longer expired."""
    answer = answer_of(exchange, (200, 201)) or {}
    if "account_status" not in answer:
        return []
    return [
        look(
            exchange,
            "delete-account",
            answer["account_status"] != "expired",
            "account_status is expired, though delete-account removed the user.",
            expected="new or not_applicable",
            actual="expired",
            detail="expiry kept",
        )
    ]


def known_account(exchange: Exchange) -> list[Observation]:
    """Advise when a company that is connected is called new."""
    answer = answer_of(exchange, (200, 201)) or {}
    if "account_status" not in answer:
        return []
    return [
        look(
            exchange,
            "known-account-active",
            answer["account_status"] != "new",
            "an account that is connected is called new.",
            expected="active",
            actual="new",
        )
    ]


def refused_colleague(exchange: Exchange) -> list[Observation]:
    """Hold the answer to 404 account_not_found: the partner wants one workspace per user."""
    return refused_with(exchange, 404, ("account_not_found",), "account-not-found")


def new_user(exchange: Exchange, config: PartnerConfig, *, expired: bool = False) -> list[Observation]:
    """Hold a new user's sign-in on an established connection to what ``new_user_action`` says.

    ``expired`` says that the whole account has expired, which may show in the redirect.
    """
    action = config.new_user_action
    if config.manual_signup and (action in {"auto_add", "invite"} or exchange.status == 404):
        return sign_in(exchange, config)
    if action == "not_found":
        return refused_with(exchange, 404, ("account_not_found",), "new-user-action")
    if action == "error":
        return refused_with(exchange, 500, ("general_error",), "new-user-action")
    found = answered_with(exchange, (200,), "new-user-action", "connection", config.api_version)
    answer = answer_of(exchange, (200,))
    if answer is None:
        return found
    found += configures_nothing(exchange, answer)
    found += _new_user_fields(exchange, answer, action, expired=expired)
    found += known_account(exchange)
    if "account_status" in answer and not expired and config.trial_type != "account":
        found.append(
            look(
                exchange,
                "not-expired",
                answer["account_status"] != "expired",
                "account_status is expired for a user whom nobody expired.",
                expected="active",
                actual="expired",
            )
        )
    return found + _targets(exchange, config, answer)


def colleague(exchange: Exchange, config: PartnerConfig, *, unclear: bool = False) -> list[Observation]:
    """Hold the sign-in of somebody else of the workspace to a valid one, or to the ways in which they may be kept out.

    ``unclear`` says that the contract leaves open whether their account has expired.
    """
    if config.manual_signup:
        return sign_in(exchange, config)
    if exchange.status in {404, 500} and config.new_user_action in {"not_found", "error"}:
        return new_user(exchange, config)
    if exchange.status == 404:
        return refused_colleague(exchange)
    return sign_in(
        exchange,
        config,
        SignIn(redirects=EITHER, known_user=False, known_account=False, may_be_expired=unclear),
    )


def _new_user_fields(exchange: Exchange, answer: dict[str, Any], action: str, *, expired: bool) -> list[Observation]:
    """Source: API specification, New users on an established connection."""
    redirects: tuple[str, ...] = ("sign_in", "create_trial") if action == "auto_add" else ("contact_admin",)
    statuses: tuple[str, ...] = ("new",) if action == "auto_add" else ("not_applicable",)
    if expired:
        redirects, statuses = (*redirects, "purchase_product"), ("new", "not_applicable", "existing")
    wanted = {"user_status": statuses, "redirect_value": redirects}
    return says(exchange, answer, "new-user-action", wanted, f" with new_user_action {action}")


def expired_sign_in(exchange: Exchange, config: PartnerConfig) -> list[Observation]:
    """Hold the sign-in of an expired user to account_status expired and purchase_product."""
    found = sign_in(exchange, config, SignIn(redirects=(), may_be_expired=True))
    answer = None if config.manual_signup else answer_of(exchange, (200,))
    if answer is None:
        return found
    wanted = {"account_status": ("expired",), "redirect_value": ("purchase_product",)}
    return found + says(exchange, answer, "expire-account", wanted, " after the account expired")


def account_status_after_expiry(exchange: Exchange, config: PartnerConfig) -> list[Observation]:
    """Hold a second user's account_status to what ``trial_type`` says about the reach of the first one's expiry."""
    answer = answer_of(exchange, (200, 201)) or {}
    wanted = {"user": "active", "account": "expired"}.get(config.trial_type or "")
    if wanted is None or answer.get("account_status") in {None, "not_applicable"}:
        return []
    actual = show(answer["account_status"])
    return [
        look(
            exchange,
            "expire-reach",
            answer["account_status"] == wanted,
            f"with trial_type {config.trial_type}, account_status is {actual} for the second user.",
            expected=f"account_status {wanted}",
            actual=actual,
            detail="second user",
        )
    ]


def not_reached_by_expiry(found: list[Observation], exchange: Exchange) -> list[Observation]:
    """Return ``found``, what it says about expiry said of the reach of somebody else's."""
    return [
        look(
            exchange,
            "expire-reach",
            not each.broken,
            each.message,
            expected=each.expected,
            actual=each.actual,
            detail="somebody else",
        )
        if each.requirement == "not-expired"
        else each
        for each in found
    ]


def known_user(exchange: Exchange) -> list[Observation]:
    """Advise when a user who has connected before is called new."""
    answer = answer_of(exchange, (200, 201)) or {}
    if "user_status" not in answer:
        return []
    return [
        look(
            exchange,
            "known-user-existing",
            answer["user_status"] != "new",
            "a user who connected before is called new.",
            expected="existing",
            actual="new",
        )
    ]


def late_connection(exchange: Exchange) -> list[Observation]:
    """Advise when a body that arrives later than its headers is not read.  Source: ruling 25."""
    if exchange.response is None and exchange.failure is None:
        return []
    said = f"status {exchange.status}" if exchange.response else "no answer"
    return [
        look(
            exchange,
            "late-body-read",
            exchange.status in {200, 201},
            "a first connect whose body arrives 50 ms after its headers is not accepted.",
            expected="status 200 or 201",
            actual=said,
            detail=said,
        )
    ]


def asks_for_payment(exchange: Exchange) -> bool:
    """Return whether the user is sent to buy: then no new trial has begun."""
    return exchange.answer.get("redirect_value") == "purchase_product"


def kept_something(exchange: Exchange) -> bool:
    """Return whether the answer made a connection."""
    return bool((answer_of(exchange, (200, 201)) or {}).get("connection_id"))


def sent_to_admin(exchange: Exchange) -> bool:
    """Return whether a new user of a known account was sent to its admin, without a connection of their own."""
    return (
        exchange.answer.get("configured_resources") is False
        and exchange.answer.get("redirect_value") == "contact_admin"
    )


def answer_of(exchange: Exchange, statuses: Collection[int]) -> dict[str, Any] | None:
    """Return the Connection of an answer with one of ``statuses``, nulls left out; None when there is none."""
    response = exchange.response
    if response is None or response.status not in statuses or not isinstance(response.json, dict):
        return None
    return without_nulls("connection", response.json)[0]


def says(
    exchange: Exchange,
    answer: dict[str, Any],
    requirement: str,
    wanted: Mapping[str, Collection[str]],
    when: str,
) -> list[Observation]:
    """Hold the fields of ``answer`` to the values that are wanted, as one look; a missing field is the model's business."""
    there = {name: values for name, values in wanted.items() if name in answer}
    if not there:
        return []
    wrong = [name for name, values in there.items() if answer[name] not in values]
    return [
        look(
            exchange,
            requirement,
            not wrong,
            f"{' and '.join(f'{name} is {show(answer[name])}' for name in wrong)}{when}.",
            expected=", ".join(f"{name} {' or '.join(there[name])}" for name in wrong),
            actual=", ".join(f"{name} {show(answer[name])}" for name in wrong),
            detail=AND.join(wrong),
        )
    ]


def configures_nothing(exchange: Exchange, answer: dict[str, Any]) -> list[Observation]:
    """Hold a sign-in to configuring nothing: no connection_id, and configured_resources false.  Source: ruling 10."""
    wrong = ["configured_resources"] if answer.get("configured_resources") is True else []
    wrong += ["connection_id"] if "connection_id" in answer else []
    said = {"configured_resources": "configured_resources is true", "connection_id": "a connection_id came back"}
    return [
        look(
            exchange,
            "sign-in-configures-nothing",
            not wrong,
            f"on a sign-in, {' and '.join(said[name] for name in wrong)}.",
            expected="configured_resources false, no connection_id",
            actual=", ".join(f"{name} {show(answer[name])}" for name in wrong),
            detail=AND.join(wrong),
        )
    ]


def _id_rule(exchange: Exchange, answer: dict[str, Any]) -> list[Observation]:
    """connection_id is there exactly when something was configured.  Source: Models, Connection."""
    configured = answer.get("configured_resources")
    if not isinstance(configured, bool):
        return []
    there = "connection_id" in answer
    return [
        look(
            exchange,
            "connection-id-rule",
            there == configured,
            f"configured_resources is {show(configured)}, so connection_id must {'' if configured else 'not '}be there.",
            expected=f"connection_id: the field is {'there' if configured else 'absent'}",
            actual=show(answer["connection_id"]) if there else "it is missing",
            detail="missing" if configured else "needless",
        )
    ]


def _redirect_value(exchange: Exchange, answer: dict[str, Any], values: Collection[str]) -> list[Observation]:
    value = answer.get("redirect_value")
    if value not in read_schema("connection")["properties"]["redirect_value"]["enum"]:
        return []
    return [
        look(
            exchange,
            "redirect-value",
            value in values,
            f"redirect_value is {value}.",
            expected=f"redirect_value {' or '.join(values)}",
            actual=str(value),
            detail=str(value),
        )
    ]


def _targets(exchange: Exchange, config: PartnerConfig, answer: dict[str, Any]) -> list[Observation]:
    found = redirect_target(exchange, config, "redirect_uri", answer.get("redirect_uri"))
    oauth = answer.get("oauth_redirect_uri")
    if not config.needs_oauth_redirect:
        needless = look(
            exchange,
            "oauth-redirect-needless",
            oauth is None,
            "oauth_redirect_uri is there though nothing asks for it.",
            expected="no oauth_redirect_uri",
            actual=show(oauth),
        )
        return [*found, needless]
    if oauth is None:
        missing = broken(
            exchange,
            "oauth-redirect",
            "oauth_redirect_uri is missing.",
            expected="an absolute URL",
            actual="no oauth_redirect_uri",
        )
        return [*found, missing]
    problem = url_problem(oauth) if isinstance(oauth, str) else ""
    if not problem:
        return [*found, held(exchange, "oauth-redirect")]
    wrong = broken(
        exchange,
        "oauth-redirect",
        f"oauth_redirect_uri is no absolute URL: {problem}.",
        expected="an absolute URL",
        actual=show(oauth),
        detail="url",
    )
    return [*found, wrong]
