"""What Databricks shows for an answer.  Source: API specification, Models, ErrorResponse and Connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from certification.checks.redirects import allowed_target, url_problem
from certification.config.partner import PartnerConfig
from certification.evidence.exchange import Exchange

GENERAL: Final = "Something went wrong. Please try again later."
"""Stands for the general error of Databricks."""

OPENS: Final = "opens"
ERROR: Final = "error"


@dataclass(frozen=True)
class Shown:
    """What a person sees in Databricks."""

    kind: str
    """``opens``: a new tab; ``error``: a message."""
    text: str
    note: str = ""
    """Why it is so, where that is worth a word."""
    address: str = ""
    """The address that is opened, as it came; never to be shown or kept."""


def shown_for(exchange: Exchange, config: PartnerConfig) -> Shown:
    """Return what Databricks shows after the connect request ``exchange``, whose answer is as it came."""
    status, answer = exchange.status, exchange.answer
    if status is None:
        failure = exchange.failure
        return Shown(ERROR, GENERAL, f"No answer came: {failure.message if failure else 'nothing was said'}.")
    if status in {200, 201}:
        return _after_success(answer.get("redirect_uri"), config)
    message = answer.get("display_message")
    said = isinstance(message, str) and message.strip() != ""
    if status in {404, 500}:
        if said:
            again = "Databricks sends the request three more times before it shows this." if status == 500 else ""
            return Shown(ERROR, str(message), again)
        return Shown(ERROR, GENERAL, "The answer has no display_message, so people get a general error.")
    note = "Databricks shows a display_message on 404 and 500 only." if said else ""
    return Shown(ERROR, GENERAL, f"The answer has status {status}. {note}".strip())


def _after_success(address: object, config: PartnerConfig) -> Shown:
    if allowed_target(address, config):
        return Shown(OPENS, "Databricks opens the page of your product in a new tab.", address=str(address))
    if not isinstance(address, str) or not address:
        why = "The answer has no redirect_uri."
    elif problem := url_problem(address):
        why = f"The redirect_uri is no plain address: {problem}."
    else:
        why = "The host of the redirect_uri is not in the hostnames of your config."
    return Shown(ERROR, GENERAL, f"{why} The page was not opened.")
