"""Faults of the other scenarios: a known user signs in, a trial is over, an administrator is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.product.catalogue import PageFault
from certification.reference.product.parts import shows, speaks
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from starlette.responses import Response

    from certification.reference.product.visit import Visit

INVITE = {"new_user_action": "invite"}


class Forgetful(Product):
    def known_email(self, visit: Visit) -> str:
        del visit
        return ""


class WrongUser(Product):
    def known_email(self, visit: Visit) -> str:
        return f"admin@{visit.guest.company}"


class SignUpAgain(Product):
    """Takes a known user for a new one."""

    def sign_in(self, visit: Visit) -> Response:
        return (
            super().sign_in(visit) if visit.posted or not visit.ticket else self.lead(visit, "create-trial", step="0")
        )


def _sign_in(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    return PageFault(f"sign-in-{name}", title, ("U400",), parts, **{"may": ("U230",), "scenario": "sign_in", **more})


def _words(name: str, title: str, template: str, scenario: str, *, advice: bool = False) -> PageFault:
    page = {"contact_admin": "contact_admin", "purchase_product": "purchase"}[scenario]
    config = INVITE if scenario == "contact_admin" else {}
    return PageFault(
        name,
        title,
        ("U410",),
        (shows(**{page: f"faults/{template}"}),),
        advice=advice,
        scenario=scenario,
        config=config,
    )


FAULTS = (
    _sign_in("without-email", "The sign-in page does not know the address.", Forgetful),
    _sign_in("without-email-german", "The sign-in page does not know the address, in German.", Forgetful, speaks("de")),
    _sign_in(
        "without-email-japanese", "The sign-in page does not know the address, in Japanese.", Forgetful, speaks("ja")
    ),
    _sign_in("other-email", "The sign-in page names another user.", WrongUser),
    _sign_in("again", "A known user has to sign up once more.", SignUpAgain),
    _sign_in(
        "not-found", "The page of a sign-in says that there is no such user.", shows(sign_in="faults/no_such_user.html")
    ),
    _words(
        "contact-without-words",
        "The page of an invited user has a picture and no words.",
        "without_words.html",
        "contact_admin",
    ),
    _words(
        "contact-denied",
        "The page of an invited user says that access is denied.",
        "denied.html",
        "contact_admin",
        advice=True,
    ),
    _words("purchase-blank", "The page of an expired trial is blank.", "blank.html", "purchase_product"),
    _words(
        "purchase-dead-end",
        "The page of an expired trial says that it is over, and nothing else.",
        "dead_end.html",
        "purchase_product",
        advice=True,
    ),
    _words(
        "purchase-code",
        "The page of an expired trial shows an error's code.",
        "error_code.html",
        "purchase_product",
        advice=True,
    ),
)
