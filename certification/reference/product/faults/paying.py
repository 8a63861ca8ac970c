"""Faults on the way into the trial that have to do with money."""

from __future__ import annotations

from typing import Any

from certification.reference.product.catalogue import PageFault
from certification.reference.product.forms import Field, Step
from certification.reference.product.parts import adds, asks, interposes, shows, speaks
from certification.reference.product.product import Product

CARD = (
    Field("cardnumber", "card_number", autocomplete="cc-number", inputmode="numeric"),
    Field("exp", "card_expiry", autocomplete="cc-exp", placeholder="MM / YY"),
    Field("cvc", "card_code", autocomplete="cc-csc", inputmode="numeric"),
)
PLAIN_CARD = (Field("k1", "card_number"), Field("k2", "card_expiry"), Field("k3", "card_code"))
ADD_CARD = Step(
    "Add a payment method", "You pay nothing today. After 14 days we charge $49 per month.", CARD, "Start my free trial"
)
WAYS = ("Credit card", "PayPal", "Bank transfer")
CHOICE = Step(
    "How would you like to pay after the trial?",
    "You can cancel at any time.",
    (Field("way", "Payment method", "choice", options=WAYS),),
    "continue",
)


def _pays(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    return PageFault(name, title, ("U130",), parts, **{"may": ("U100", "U110"), **more})


FAULTS = (
    _pays("card-form", "The sign-up form asks for a card.", asks(*CARD)),
    _pays("card-form-unmarked", "The form asks for a card, and its fields say so in words alone.", asks(*PLAIN_CARD)),
    _pays("card-form-german", "A German form asks for a card.", asks(*PLAIN_CARD), speaks("de")),
    _pays("card-form-japanese", "A Japanese form asks for a card.", asks(*PLAIN_CARD), speaks("ja")),
    _pays("card-after", "After sign-up a page asks for a card.", interposes("payment", ADD_CARD)),
    _pays(
        "card-frame",
        "The form has a payment service's frame for the card.",
        adds("card-element", "faults/card_frame_inner.html"),
        shows(sign_up="faults/card_frame.html"),
        scripted=True,
    ),
    _pays(
        "iban",
        "A German form asks for the number of a bank account.",
        asks(Field("konto", "iban", placeholder="DE00 0000 0000 0000 0000 00")),
        speaks("de"),
    ),
    _pays("payment-choice", "After sign-up the way to pay must be chosen.", interposes("payment", CHOICE)),
    _pays(
        "payment-buttons",
        "After sign-up only buttons of payment services lead on.",
        shows(home="faults/payment_buttons.html"),
        may=("U150",),
        unreached=("U200", "U210"),
    ),
)
