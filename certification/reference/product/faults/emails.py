"""Faults with what the connect request passed: the address that Databricks knows already, and the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.product.catalogue import PageFault
from certification.reference.product.forms import Field
from certification.reference.product.parts import asks, changes, having, shows, speaks, step_by_step
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from collections.abc import Callable

    from certification.reference.product.visit import Visit

SAMPLE = "you@company.example"


def _filled(value: Callable[[Visit], str], **more: Any) -> type[Product]:
    return changes("email", value, **more)


def _nothing(_visit: Visit) -> str:
    return ""


EMPTY = _filled(_nothing, placeholder=SAMPLE)


def _email(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    return PageFault(f"email-{name}", title, ("U120",), parts, may=("U230",), **more)


FAULTS = (
    _email("empty", "The e-mail field is empty.", EMPTY),
    _email("empty-wizard", "The wizard's first step asks for the address, and knows nothing.", EMPTY, step_by_step()),
    _email("empty-german", "A German form has an empty e-mail field.", _filled(_nothing), speaks("de")),
    _email(
        "empty-japanese", "A Japanese form has an empty e-mail field.", _filled(_nothing, kind="text"), speaks("ja")
    ),
    _email(
        "empty-placeholder",
        "The empty e-mail field has only a placeholder.",
        _filled(_nothing),
        having(labelling="bare"),
    ),
    _email(
        "empty-misnamed",
        "The empty e-mail field is called “login” in the code, and has no type.",
        _filled(_nothing, kind="text", autocomplete="", inputmode="", label="Your work e-mail"),
    ),
    _email(
        "empty-shadow",
        "An empty e-mail field is in a shadow root.",
        EMPTY,
        shows(sign_up="variants/shadow.html"),
        scripted=True,
    ),
    _email(
        "of-another",
        "The address of another user is filled in.",
        _filled(lambda _visit: "lena.koch@reference-partner.example"),
    ),
    _email(
        "fixed-and-wrong",
        "A wrong address is filled in, and can't be changed.",
        _filled(lambda visit: f"admin@{visit.guest.company}", readonly=True),
    ),
    _email(
        "cut",
        "Only what stands before the @ is filled in.",
        _filled(lambda visit: visit.guest.email.partition("@")[0], kind="text"),
    ),
    _email(
        "template", "The template's placeholder is filled in.", _filled(lambda _visit: "{{ user.email }}", kind="text")
    ),
    _email(
        "undefined", "A variable that was never set is filled in.", _filled(lambda _visit: "undefined", kind="text")
    ),
    PageFault(
        "email-twice",
        "The address has to be typed a second time.",
        ("U230",),
        (asks(Field("email_again", "confirm_email", "email", autocomplete="off"), before="password"),),
        may=("U100", "U120"),
    ),
    PageFault(
        "names-empty",
        "Both names are asked, though the connect request has them.",
        ("U230",),
        (
            asks(
                Field("first_name", "first_name", autocomplete="given-name"),
                Field("last_name", "last_name", autocomplete="family-name"),
                before="email",
            ),
        ),
        may=("U100",),
    ),
)
