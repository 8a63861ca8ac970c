"""The sentences of the usability report, made last: what codes and facts mean, and what a person is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from certification.usability.judged import State
from certification.usability.kinds import PageKind
from certification.usability.visit import End, Purpose

STATES: Final[Mapping[State, str]] = {
    State.HOLDS: "holds",
    State.VIOLATED: "violated",
    State.REVIEW: "for review",
    State.NOT_APPLICABLE: "not applicable",
    State.NOT_REACHED: "not reached",
}

PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.CREATE_TRIAL: "sign-up of a new user",
    Purpose.SIGN_IN: "sign-in of a known user",
    Purpose.CONTACT_ADMIN: "page for contacting an administrator",
    Purpose.PURCHASE_PRODUCT: "page for buying the product",
}

SENTENCES: Final[Mapping[str, str]] = {
    # Sign-up
    "asks-too-much": "The form asks for what starting a trial does not need: {fields}.",
    "asks-little": "It asks for e-mail and password alone.",
    "asks-nothing": "Nothing is asked; the user is in the product at once.",
    "asks-names": "It asks for little; {fields} is tolerated, and could be taken from the connect request.",
    "asks-none-of-it": "None of it is asked for.",
    "field-unknown": "What these fields ask for could not be told: {labels}.",
    "email-filled": "The e-mail of the connect request stands in the field already.",
    "email-shown": "The e-mail of the connect request is shown, and not asked for.",
    "email-not-asked": "The e-mail is not asked for.",
    "email-empty": "The e-mail field is empty, though the connect request passed the address.",
    "email-unsure": "A field that may be for the e-mail is empty.",
    "email-shown-and-asked": "The e-mail of the connect request is shown, and yet a field for an e-mail is empty.",
    "other-email": "Another e-mail than that of the connect request stands in the field.",
    "asks-for-card": "The form asks for a payment card: {fields}.",
    "payment-frame": "A form of a payment provider is on the page.",
    "payment-page": "The user must choose a way to pay.",
    "waits-for-people": "After signing up the user must wait for somebody: an approval, a call.",
    "not-signed-in": "After signing up the user is on a page that offers to sign in.",
    "speaks-of-payment": "The page speaks of payment.",
    "no-payment": "No payment details are asked for.",
    "two-factor": "Two-factor authentication is set up before the user gets on.",
    "two-factor-may-be-skipped": "A set-up of two-factor authentication is shown that may be skipped.",
    "no-two-factor": "No second factor is asked for.",
    "in-the-product": "The user is in the product.",
    "signs-in-again": "After signing up the user has to sign in.",
    "not-blocked": "Nothing keeps the user from going on.",
    "blocked-by-email": "The user cannot go on before a link in an e-mail is clicked.",
    "code-by-email": "The user cannot go on before a code from an e-mail is typed.",
    "code-asked": "A code is asked for.",
    "magic-link": "The user gets a link by e-mail instead of a password.",
    "ready": "The landing page was there {seconds} s after the form was sent.",
    "late": "The environment was not ready {seconds} s after the form was sent; five minutes are allowed.",
    "warm-pool": "How environments are kept warm cannot be seen from outside.",
    # Landing page
    "databricks-visible": "Databricks, the workspace or its catalog stands on the landing page, visible at once.",
    "databricks-below": "Databricks is on the landing page, but only {pixels} pixels further down than the screen shows.",
    "databricks-below-narrow": "On a phone Databricks is seen only after scrolling.",
    "databricks-in-name": "A button or link is named Databricks for screen readers; whether it can be seen could not be told.",
    "databricks-hidden": "Databricks is on the landing page, but hidden: in a menu, behind a tab or on hover.",
    "databricks-missing": "Neither Databricks nor the workspace or its catalog is on the landing page.",
    "page-unreadable": "What the landing page shows could not be read: it is drawn, or in a frame of another host.",
    "databricks-chosen": "Databricks is chosen already.",
    "databricks-first": "Databricks stands before the other sources.",
    "databricks-only": "No other source stands beside Databricks.",
    "databricks-later": "{before} stands before Databricks, which is number {place}.",
    "databricks-later-elsewhere": "{before} stands before Databricks, in another part of the page.",
    "other-chosen": "Another source than Databricks is chosen.",
    "no-databricks-among-sources": "Sources are listed, and Databricks is not seen among them.",
    "no-sources": "No list of sources or destinations was seen on the landing page.",
    "asks-for-settings": "The user is asked for settings of the connection: {fields}.",
    "must-act": "The user must do something about the connection before going on.",
    "must-pick": "The user must pick the source, though it can only be Databricks.",
    "shows-settings": "Settings of the connection are shown, filled in: {fields}.",
    "no-settings": "Nothing of the connection is asked for.",
    "asks-for-what-was-passed": "What the connect request passed is asked for again: {fields}.",
    "asks-nothing-passed": "Nothing is asked for that the connect request passed.",
    "tutorial": "A tutorial, tour or guide is offered.",
    "no-tutorial": "No tutorial, tour or guide was seen on the landing page.",
    # Other pages
    "email-filled-sign-in": "The sign-in page has the e-mail filled in.",
    "looks-like-sign-up": "The page may be a sign-up, though the user is known.",
    "signs-up-again": "A known user is asked to sign up again.",
    "nothing-there": "There is nothing on the page.",
    "other-page": "The user arrives at a page of another kind: {page}.",
    "no-words": "The page does not say in words what to do next.",
    "words-to-read": "The page has words.",
    "pages-fine": "{pages} pages at {width} pixels: no script error, nothing wider than the screen, all fields reachable by keyboard.",
    "no-log": "This browser keeps no log that can be read, so that script errors stay unseen.",
    "no-https": "A page of {host} answers over http.",
    "script-error": "A script of the page failed: {said}",
    "scrolls-sideways": "At {width} pixels the page is {needs} pixels wide, and scrolls sideways.",
    "blank": "The page stays blank.",
    "page-failed": "The page answers with HTTP status {status}.",
    "keyboard": "The keyboard does not reach a field or button.",
    # Nobody got there
    "no-connection-id": "The first connect gave no connection to go on with.",
    "no-trial": "The config has no trial that ends.",
    "no-expire-hook": "The config names no expire-account, with which a trial could be ended.",
    "sent-elsewhere": "The connect answered with {value}, not with {purpose}.",
    "refused": "The connect was answered with HTTP status {status}.",
    "no-answer": "The connect was not answered.",
    "no-target": "The answer holds no redirect_uri that may be opened: absolute, plain, on a host of the config.",
}

QUESTIONS: Final[Mapping[str, str]] = {
    "field-unknown": "Does starting a trial need these fields?",
    "email-unsure": "Is this field for the user's e-mail, and must it be typed?",
    "email-shown-and-asked": "Must the user type the e-mail?",
    "speaks-of-payment": "Is the user asked for payment details?",
    "two-factor-may-be-skipped": "Can the user leave it out, and does the page say so plainly?",
    "code-asked": "Does this code keep the user from going on?",
    "magic-link": "Does the link sign the user in, or does it keep the user out?",
    "warm-pool": "Does the product keep environments ready for new users?",
    "databricks-below-narrow": "Is Databricks easy to find on a phone?",
    "databricks-in-name": "Is Databricks easy to find on this page?",
    "page-unreadable": "Is Databricks easy to find on this page?",
    "databricks-later-elsewhere": "Is Databricks the first or the default source in this product?",
    "no-databricks-among-sources": "Is Databricks the first or the default source in this product?",
    "no-sources": "Is Databricks the first or the default source in this product?",
    "shows-settings": "Must the user do something with these settings?",
    "no-tutorial": "Is there a short tutorial on using the connection?",
    "looks-like-sign-up": "Can a known user sign in here, with the e-mail filled in?",
    "other-page": "Is this where a known user should arrive?",
    "words-to-read": "Do these words say what to do next?",
    "no-log": "Do the pages load without script errors?",
    "page-failed": "Is this page meant to be shown here?",
}

_STOPS: Final[Mapping[str, str]] = {
    End.STUCK: "The form could not be sent, or sending it led nowhere",
    End.LATE: "The page was not ready in time",
    End.PROVIDER: "Only an account of an identity provider leads on",
    End.OUTSIDE: "The way leads to a host that the config does not name",
    End.UNREACHABLE: "The page could not be opened",
    End.CRASHED: "The page crashed the browser, or kept it from answering",
    End.MANY_STEPS: "There were more steps than anybody takes",
    End.ARRIVED: "The way ended before",
}

_WALLS: Final[Mapping[str, str]] = {
    PageKind.CHECK_INBOX: "A link in an e-mail must be clicked first",
    PageKind.CODE: "A one-time code is asked for",
    PageKind.TWO_FACTOR: "Two-factor authentication must be set up first",
    PageKind.PAYMENT: "Payment details are asked for",
    PageKind.CAPTCHA: "A captcha must be solved",
    PageKind.SETTINGS: "Settings of the connection are asked for",
    PageKind.FAILED: "The page shows an error",
    PageKind.BLANK: "The page stays blank",
    PageKind.WAITING: "Somebody must approve or call first",
    PageKind.WEBSITE: "The page offers to sign in",
    PageKind.SIGN_IN: "Only a sign-in is offered",
    PageKind.SIGN_UP: "A captcha must be solved",
}


def sentence(code: str, facts: Mapping[str, str]) -> str:
    """Return the sentence for the reason ``code`` with its ``facts``."""
    if code == "stopped":
        return stopped(facts.get("end", ""), facts.get("page", ""), facts.get("detail", ""))
    kept = {name: value.replace("_", " ") if name == "fields" else value for name, value in facts.items()}
    return SENTENCES[code].format_map(kept)


def question(code: str, facts: Mapping[str, str]) -> str:
    """Return what a person must answer."""
    del facts
    return QUESTIONS[code]


def stopped(end: str, page: str, detail: str) -> str:
    """Return what stopped a visit."""
    text = _WALLS.get(page, "The page asks for what only a person has") if end == End.WALL else _STOPS[end]
    return f"{text}{f' ({detail})' if detail else ''}."
