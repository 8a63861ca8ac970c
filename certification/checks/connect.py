"""Checks on the answers to connect: a valid new connection, a valid sign-in, and who may be called what.

Source: Test cases, 'A valid new connection' and 'A valid sign-in'; API specification, What connect means.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Any

from certification.checks.answers import answered_with, arrived, refused_with, without_nulls
from certification.checks.redirects import redirect_target, url_problem
from certification.config.partner import PartnerConfig
from certification.contract.validation import schema_errors, show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation, violation

USUAL_REDIRECTS = ("create_trial", "sign_in", "purchase_product")
FRESH = ("new", "not_applicable")


def new_connection(
    exchange: Exchange,
    config: PartnerConfig,
    *,
    redirect_values: Collection[str] = USUAL_REDIRECTS,
    brand_new: bool = False,
    new_user: bool = False,
    must_configure: bool = True,
) -> list[Violation]:
    """Hold the answer to 'a valid new connection'.

    ``brand_new`` says that nobody has seen this user or company before (ruling 14), ``new_user`` the same of the user
    alone; ``must_configure`` False allows what the scenario table calls 'either' for a new user of a known account.
    """
    found = answered_with(exchange, (200, 201), "first-connect", "connection")
    answer = _answer(exchange, (200, 201))
    if answer is None:
        return found
    found += _id_rule(exchange, answer)
    if answer.get("configured_resources") is False and must_configure:
        found.append(
            violation(
                exchange, "resources-configured", f"{exchange.kind}: configured_resources is false.", "true", "false"
            )
        )
    if must_configure:
        found += _redirect_value(exchange, answer, redirect_values)
    if brand_new or new_user:
        found += _brand_new(exchange, answer, company=brand_new)
    return found + _targets(exchange, config, answer)


def demo_connection(exchange: Exchange, config: PartnerConfig) -> list[Violation]:
    """Hold the answer to what the demo flag asks for: the new-trial flow, whoever the user is."""
    found = new_connection(exchange, config, redirect_values=USUAL_REDIRECTS)
    answer = _answer(exchange, (200, 201))
    if answer is None:
        return found
    wanted = {"redirect_value": "create_trial", "user_status": "new", "account_status": "new"}
    return found + _says(exchange, answer, "demo-always-new", wanted, "")


def sign_in(
    exchange: Exchange,
    config: PartnerConfig,
    *,
    requirement: str = "sign-in",
    redirect_values: Collection[str] = USUAL_REDIRECTS,
    known_user: bool = True,
    known_account: bool = True,
    may_be_expired: bool = False,
) -> list[Violation]:
    """Hold the answer to 'a valid sign-in'; where sign-up is by hand, to the 404 that stands in for it."""
    if config.manual_signup:
        if exchange.response is None:
            return arrived(exchange)
        return refused_with(exchange, 404, ("account_not_found", "connection_not_found"), "sign-in-manual")
    return plain_sign_in(
        exchange,
        config,
        requirement=requirement,
        redirect_values=redirect_values,
        known_user=known_user,
        known_account=known_account,
        may_be_expired=may_be_expired,
    )


def plain_sign_in(
    exchange: Exchange,
    config: PartnerConfig,
    *,
    requirement: str = "sign-in",
    redirect_values: Collection[str] = USUAL_REDIRECTS,
    known_user: bool = False,
    known_account: bool = False,
    may_be_expired: bool = False,
) -> list[Violation]:
    """Hold the answer to 'a valid sign-in', however users sign up."""
    found = answered_with(exchange, (200,), requirement, "connection")
    answer = _answer(exchange, (200,))
    if answer is None:
        return found
    found += _configures_nothing(exchange, answer)
    found += _redirect_value(exchange, answer, redirect_values)
    if answer.get("account_status") == "expired" and not may_be_expired:
        found.append(
            violation(
                exchange,
                "not-expired",
                f"{exchange.kind}: account_status is expired, though nothing expired the account.",
                "active",
                "expired",
            )
        )
    if known_user and answer.get("user_status") == "new":
        found.append(
            violation(
                exchange,
                "known-user-existing",
                f"{exchange.kind}: a user who connected before is called new.",
                "existing",
                "new",
            )
        )
    if known_account and answer.get("account_status") == "new":
        found.append(
            violation(
                exchange,
                "known-account-active",
                f"{exchange.kind}: an account that is connected is called new.",
                "active",
                "new",
            )
        )
    return found + _targets(exchange, config, answer)


def unknown_connection(exchange: Exchange, requirement: str = "unknown-connection") -> list[Violation]:
    """Hold the answer to 404 connection_not_found."""
    return refused_with(exchange, 404, ("connection_not_found",), requirement)


def not_expired(found: list[Violation], exchange: Exchange) -> list[Violation]:
    """Return ``found``, a wrong expiry in it named as an expiry that reached too far."""
    return [
        violation(exchange, "expire-reach", each.message, each.expected, each.actual, "other company")
        if each.requirement == "not-expired"
        else each
        for each in found
    ]


def forgotten(exchange: Exchange, config: PartnerConfig) -> list[Violation]:
    """Hold a first connect after delete-account to a valid new connection of somebody who is unknown again."""
    found = new_connection(exchange, config)
    answer = _answer(exchange, (200, 201)) or {}
    if answer.get("user_status") == "existing":
        found.append(
            violation(
                exchange,
                "delete-account",
                f"{exchange.kind}: user_status is existing, though delete-account removes all users of the domain.",
                "user_status new or not_applicable",
                "existing",
                "user kept",
            )
        )
    return found


def expiry_forgotten(exchange: Exchange) -> list[Violation]:
    """Hold a first connect after delete-account to an account that is no longer expired."""
    answer = _answer(exchange, (200, 201)) or {}
    if answer.get("account_status") != "expired":
        return []
    said = f"{exchange.kind}: account_status is expired, though delete-account removed the user."
    return [violation(exchange, "delete-account", said, "new or not_applicable", "expired", "expiry kept")]


def known_company(exchange: Exchange) -> list[Violation]:
    """Advise when a company with a connection in this very workspace is called new."""
    answer = _answer(exchange, (200, 201)) or {}
    if answer.get("account_status") != "new":
        return []
    said = f"{exchange.kind}: a company that is connected in this workspace is called new."
    return [violation(exchange, "known-account-active", said, "active", "new")]


def refused_colleague(exchange: Exchange) -> list[Violation]:
    """Hold the answer to 404 account_not_found: the partner wants one workspace per user."""
    return refused_with(exchange, 404, ("account_not_found",), "sign-in")


def new_user(exchange: Exchange, config: PartnerConfig, *, expired: bool = False) -> list[Violation]:
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
    redirects: tuple[str, ...]
    statuses: tuple[str, ...]
    redirects = ("sign_in", "create_trial") if action == "auto_add" else ("contact_admin",)
    statuses = ("new",) if action == "auto_add" else ("not_applicable",)
    if expired:
        redirects, statuses = (*redirects, "purchase_product"), ("new", "not_applicable", "existing")
    found = answered_with(exchange, (200,), "new-user-action", "connection")
    answer = _answer(exchange, (200,))
    if answer is None:
        return found
    found += _configures_nothing(exchange, answer)
    for name, values in (("user_status", statuses), ("redirect_value", redirects)):
        if name in answer and answer[name] not in values:
            found.append(
                violation(
                    exchange,
                    "new-user-action",
                    f"{exchange.kind}: with new_user_action {action}, {name} is {show(answer[name])}.",
                    f"{name} {' or '.join(values)}",
                    show(answer[name]),
                    name,
                )
            )
    if answer.get("account_status") == "new":
        found.append(
            violation(
                exchange,
                "known-account-active",
                f"{exchange.kind}: an account that is connected is called new.",
                "active",
                "new",
            )
        )
    if answer.get("account_status") == "expired" and not expired and config.trial_type != "account":
        found.append(
            violation(
                exchange,
                "not-expired",
                f"{exchange.kind}: account_status is expired for a user whom nobody expired.",
                "active",
                "expired",
            )
        )
    return found + _targets(exchange, config, answer)


def expired_sign_in(exchange: Exchange, config: PartnerConfig) -> list[Violation]:
    """Hold the sign-in of an expired user to account_status expired and purchase_product."""
    found = sign_in(exchange, config, redirect_values=(*USUAL_REDIRECTS, "contact_admin"), may_be_expired=True)
    answer = None if config.manual_signup else _answer(exchange, (200,))
    if answer is None:
        return found
    wanted = {"account_status": "expired", "redirect_value": "purchase_product"}
    return found + _says(exchange, answer, "expire-account", wanted, " after the account expired")


def account_status_after_expiry(exchange: Exchange, config: PartnerConfig) -> list[Violation]:
    """Hold a second user's account_status to what ``trial_type`` says about the reach of the first one's expiry."""
    answer = _answer(exchange, (200,))
    wanted = {"user": "active", "account": "expired"}.get(config.trial_type or "")
    if answer is None or wanted is None or answer.get("account_status") in {wanted, None}:
        return []
    actual = show(answer["account_status"])
    return [
        violation(
            exchange,
            "expire-reach",
            f"{exchange.kind}: with trial_type {config.trial_type}, account_status is {actual} for the second user.",
            f"account_status {wanted}",
            actual,
            "second user",
        )
    ]


def separate(exchanges: list[Exchange]) -> list[Violation]:
    """Hold first connects to ids that differ from each other."""
    seen: dict[str, Exchange] = {}
    found = []
    for exchange in exchanges:
        answer = _answer(exchange, (200, 201)) or {}
        ident = answer.get("connection_id")
        if not isinstance(ident, str):
            continue
        if ident in seen:
            found.append(
                violation(
                    exchange,
                    "connections-separate",
                    f"{exchange.kind}: the connection_id is the one of an earlier first connect ({seen[ident].step}).",
                    "an id that was not used before",
                    show(ident),
                )
            )
        seen.setdefault(ident, exchange)
    return found


def steady(exchanges: list[Exchange]) -> list[Violation]:
    """Hold the same sign-in to the same status, user_status, account_status and redirect_value each time."""
    found = []
    names = ("user_status", "account_status", "redirect_value")
    for before, after in pairwise(exchanges):
        if before.status != after.status:
            found.append(
                violation(
                    after,
                    "answers-steady",
                    f"{after.kind}: the status changed though nothing else did.",
                    f"status {before.status} as in {before.step}",
                    f"status {after.status}",
                    "status",
                )
            )
            continue
        one, other = _answer(before, (200,)) or {}, _answer(after, (200,)) or {}
        found += [
            violation(
                after,
                "answers-steady",
                f"{after.kind}: {name} changed though nothing else did.",
                f"{show(one.get(name))} as in {before.step}",
                show(other.get(name)),
                name,
            )
            for name in names
            if one.get(name) != other.get(name)
        ]
    return found[:3]


def _answer(exchange: Exchange, statuses: Collection[int]) -> dict[str, Any] | None:
    response = exchange.response
    if response is None or response.status not in statuses or not isinstance(response.json, dict):
        return None
    return without_nulls("connection", response.json)[0]


def _id_rule(exchange: Exchange, answer: dict[str, Any]) -> list[Violation]:
    errors = schema_errors("connect-exchange", {"request": exchange.request.json, "response": answer})
    return [
        violation(
            exchange,
            "connection-id-rule",
            f"{exchange.kind}: configured_resources is {show(answer.get('configured_resources'))}, so connection_id {'must be there' if error.rule == 'required' else 'must not be there'}.",
            f"connection_id: {error.expected}",
            error.actual,
        )
        for error in errors
        if error.name == "connection_id"
    ]


def _configures_nothing(exchange: Exchange, answer: dict[str, Any]) -> list[Violation]:
    found = []
    if answer.get("configured_resources") is True:
        found.append(
            violation(
                exchange,
                "sign-in-configures-nothing",
                f"{exchange.kind}: configured_resources is true.",
                "false",
                "true",
                "configured_resources",
            )
        )
    if "connection_id" in answer:
        found.append(
            violation(
                exchange,
                "sign-in-configures-nothing",
                f"{exchange.kind}: a connection_id came back.",
                "no connection_id",
                show(answer["connection_id"]),
                "connection_id",
            )
        )
    return found


def _says(
    exchange: Exchange, answer: dict[str, Any], requirement: str, wanted: dict[str, str], when: str
) -> list[Violation]:
    """Hold the fields of ``answer`` to the values that are wanted; a missing field is the model's business."""
    return [
        violation(
            exchange,
            requirement,
            f"{exchange.kind}: {name} is {show(answer[name])}{when}.",
            f"{name} {value}",
            show(answer[name]),
            name,
        )
        for name, value in wanted.items()
        if name in answer and answer[name] != value
    ]


def _redirect_value(exchange: Exchange, answer: dict[str, Any], values: Collection[str]) -> list[Violation]:
    value = answer.get("redirect_value")
    if (
        value is None
        or value in values
        or value not in {"create_trial", "purchase_product", "sign_in", "contact_admin", "not_applicable"}
    ):
        return []
    return [
        violation(
            exchange,
            "redirect-value",
            f"{exchange.kind}: redirect_value is {value}.",
            f"redirect_value {' or '.join(values)}",
            str(value),
            str(value),
        )
    ]


def _brand_new(exchange: Exchange, answer: dict[str, Any], *, company: bool) -> list[Violation]:
    return [
        violation(
            exchange,
            "new-is-new",
            f"{exchange.kind}: {name} is {show(answer[name])} for somebody whom the partner has never seen.",
            "new or not_applicable",
            show(answer[name]),
            name,
        )
        for name, wrong in (("user_status", ("existing",)), ("account_status", ("active", "expired")))
        if answer.get(name) in wrong and (company or name == "user_status")
    ]


def _targets(exchange: Exchange, config: PartnerConfig, answer: dict[str, Any]) -> list[Violation]:
    found = redirect_target(exchange, config, "redirect_uri", answer.get("redirect_uri"))
    oauth = answer.get("oauth_redirect_uri")
    if config.needs_oauth_redirect and oauth is None:
        found.append(
            violation(
                exchange,
                "oauth-redirect",
                f"{exchange.kind}: oauth_redirect_uri is missing.",
                "an absolute URL",
                "no oauth_redirect_uri",
            )
        )
    elif oauth is not None and not config.needs_oauth_redirect:
        found.append(
            violation(
                exchange,
                "oauth-redirect-needless",
                f"{exchange.kind}: oauth_redirect_uri is there though nothing asks for it.",
                "no oauth_redirect_uri",
                show(oauth),
            )
        )
    elif isinstance(oauth, str):
        problem = url_problem(oauth)
        if problem:
            found.append(
                violation(
                    exchange,
                    "oauth-redirect",
                    f"{exchange.kind}: oauth_redirect_uri is no absolute URL: {problem}.",
                    "an absolute URL",
                    show(oauth),
                    "url",
                )
            )
    return found
