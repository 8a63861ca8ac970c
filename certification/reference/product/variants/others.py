"""Other correct pages of the scenarios besides the new trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.product.catalogue import PageVariant
from certification.reference.product.forms import Field
from certification.reference.product.parts import shows, speaks
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from starlette.responses import Response

    from certification.reference.product.visit import Visit

INVITE = {"new_user_action": "invite"}


class TwoPages(Product):
    """Asks for the address first, and for the password on the next page."""

    def sign_in_fields(self, email: str) -> list[Field]:
        return super().sign_in_fields(email)[:1]

    def let_in(self, visit: Visit) -> Response:
        if "password" in visit.form:
            return super().let_in(visit)
        email = visit.form.get("email", "").strip()
        if not email:
            return self.ask_password(visit, email, wrong=True)
        password = super().sign_in_fields(email)[1]
        return self.show(visit, "variants/sign_in_password.html", fields=[password], refused=False, email=email)


class SignedIn(Product):
    """Takes the word of Databricks: the redirect opens the product."""

    def sign_in(self, visit: Visit) -> Response:
        if visit.ticket and not visit.posted:
            return self.enter(visit, self.accounts.begin(visit.guest.email, visit.guest, self.clock.now()))
        return super().sign_in(visit)


class OnlyPassword(Product):
    """Shows whose account it is, and asks for the password alone."""

    def sign_in_fields(self, email: str) -> list[Field]:
        fields = super().sign_in_fields(email)
        return fields[1:] if email else fields

    def let_in(self, visit: Visit) -> Response:
        if visit.ticket and "email" not in visit.form:
            visit = visit.with_form(email=visit.ticket.guest.email)
        return super().let_in(visit)


VARIANTS = (
    PageVariant(
        "sign-in-two-pages", "Sign-in asks for the address, then for the password.", (TwoPages,), scenario="sign_in"
    ),
    PageVariant(
        "sign-in-straight-in",
        "Whoever signs in through the tile is in the product at once.",
        (SignedIn,),
        scenario="sign_in",
    ),
    PageVariant(
        "sign-in-email-shown",
        "The sign-in page shows the address as text.",
        (OnlyPassword, shows(sign_in="variants/sign_in_shown.html")),
        scenario="sign_in",
    ),
    PageVariant(
        "sign-in-sso-beside",
        "Other services sign in as well.",
        (shows(sign_in="variants/sign_in_sso.html"),),
        scenario="sign_in",
    ),
    PageVariant("sign-in-german", "The sign-in page is in German.", (speaks("de"),), scenario="sign_in"),
    PageVariant("sign-in-japanese", "The sign-in page is in Japanese.", (speaks("ja"),), scenario="sign_in"),
    PageVariant(
        "contact-form",
        "The page of an invited user sends a message to the administrator.",
        (shows(contact_admin="variants/contact_form.html"),),
        scenario="contact_admin",
        config=INVITE,
    ),
    PageVariant(
        "contact-german",
        "The page of an invited user is in German.",
        (speaks("de"),),
        scenario="contact_admin",
        config=INVITE,
    ),
    PageVariant(
        "purchase-by-card",
        "The page of an expired trial takes a card.",
        (shows(purchase="variants/purchase_by_card.html"),),
        scenario="purchase_product",
    ),
    PageVariant(
        "purchase-by-phone",
        "The page of an expired trial tells how to reach the sales team.",
        (shows(purchase="variants/purchase_by_phone.html"),),
        scenario="purchase_product",
    ),
    PageVariant(
        "purchase-german", "The page of an expired trial is in German.", (speaks("de"),), scenario="purchase_product"
    ),
)
