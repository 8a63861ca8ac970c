"""Other correct ways to sign up: what is asked, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.product.catalogue import SEEN_INSIDE, PageVariant
from certification.reference.product.forms import Field, Step
from certification.reference.product.parts import (
    adds,
    asks,
    changes,
    ends,
    having,
    shows,
    speaks,
    step_by_step,
    without,
)
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from starlette.responses import Response

    from certification.reference.product.forms import Values
    from certification.reference.product.visit import Visit

STRICT = {"rule": r"^(?=.*\d)(?=.*[^\w\s]).{12}", "rule_hint": "At least 12 characters, with a digit and a symbol."}
GIVEN = "given-name"
FAMILY = "family-name"


class StraightIn(Product):
    """Makes the account from the connect request alone: the redirect opens the product."""

    def create_trial(self, visit: Visit) -> Response | None:
        if visit.session is None and visit.ticket:
            return self.finish(visit, {})
        return self.lead(visit, "home") if visit.ticket else super().create_trial(visit)


class Named(Product):
    """Asks for both names, filled in from the connect request."""

    def fields(self, visit: Visit) -> list[Field]:
        names = (
            Field("first_name", "first_name", value=visit.guest.first_name, autocomplete=GIVEN),
            Field("last_name", "last_name", value=visit.guest.last_name, autocomplete=FAMILY, required=False),
        )
        return [*names, *super().fields(visit)]


class FullName(Product):
    def fields(self, visit: Visit) -> list[Field]:
        return [Field("name", "full_name", value=visit.guest.name, autocomplete="name"), *super().fields(visit)]


class Twice(Product):
    """Has the password repeated."""

    def password_fields(self) -> list[Field]:
        again = Field("password_again", "confirm_password", "password", autocomplete="new-password")
        return [*super().password_fields(), again]

    def problems(self, step: Step, entered: Values) -> dict[str, str]:
        wrong = super().problems(step, entered)
        if not wrong and entered.get("password") != entered.get("password_again"):
            return {"password_again": "error_rule"}
        return wrong


class Captcha(Product):
    """Lets nobody on whom the other service did not find human."""

    def problems(self, step: Step, entered: Values) -> dict[str, str]:
        wrong = super().problems(step, entered)
        return wrong or ({} if entered.get("g-recaptcha-response") else {"captcha": "error_captcha"})


class MagicLink(Product):
    """Asks for the address alone, and sends a link that signs in."""

    def fields(self, visit: Visit) -> list[Field]:
        return [self.email_field(visit)]

    def steps(self, visit: Visit) -> list[Step]:
        return [Step("sign_up_heading", "", tuple(self.fields(visit)), "Send me a sign-in link")]


class FormForFrame(Product):
    """Serves the form for a frame."""

    def respond(self, visit: Visit) -> Response | None:
        if visit.page == "sign-up-form" and visit.ticket:
            step = self.steps(visit)[0]
            facts: dict[str, Any] = {"step": step, "fields": step.fields, "number": 0, "count": 1, "wrong": {}}
            return self.show(visit, "variants/frame_inner.html", **facts)
        return super().respond(visit)


class Consent(Product):
    """Covers every page with a question on cookies until it is answered."""

    dressed = True
    scripts = ("cookies.js",)
    overlay = "variants/cookies.html"

    def facts(self, visit: Visit) -> dict[str, Any]:
        answered = {"overlay": ""} if visit.cookies.get("consent") else {}
        return super().facts(visit) | answered


LINK_SENT = ends("variants/link_sent.html")

VARIANTS = (
    PageVariant("plain", "One page asks for e-mail, password and consent."),
    PageVariant("wizard", "A wizard asks for the e-mail, then for the password.", (step_by_step(),)),
    PageVariant(
        "wizard-three-steps",
        "A wizard asks for e-mail and password, and says that all is done.",
        (step_by_step(Step("All set", "Your account {email} is ready.", (), "finish")),),
    ),
    PageVariant(
        "wizard-in-page",
        "The steps of a wizard are shown one after the other by a script.",
        (shows(sign_up="variants/wizard_in_page.html"),),
        scripted=True,
    ),
    PageVariant("no-sign-up", "The redirect opens the product at once.", (StraightIn,)),
    PageVariant(
        "email-shown",
        "The e-mail address is shown as text.",
        (without("email"), shows(sign_up="variants/email_shown.html")),
    ),
    PageVariant(
        "email-in-heading",
        "The heading greets the user by the e-mail address.",
        (without("email"), shows(sign_up="variants/email_in_heading.html")),
    ),
    PageVariant("email-read-only", "The e-mail address is filled in and fixed.", (changes("email", readonly=True),)),
    PageVariant("email-not-asked", "Only a password is asked.", (without("email"),)),
    PageVariant(
        "email-lower-case",
        "The e-mail address is filled in as the product keeps it, in small letters.",
        (changes("email", lambda visit: visit.guest.email.lower()),),
    ),
    PageVariant("names", "First and last name are asked, and filled in.", (Named,), advice=("U100",)),
    PageVariant(
        "names-german", "A German form asks for both names, filled in.", (Named, speaks("de")), advice=("U100",)
    ),
    PageVariant("full-name", "The full name is asked in one field, filled in.", (FullName,), advice=("U100",)),
    PageVariant(
        "captcha",
        "A captcha must be solved.",
        (Captcha, adds("captcha", "variants/captcha_frame.html"), shows(sign_up="variants/captcha.html")),
        unreached=SEEN_INSIDE,
        stopped_by="captcha",
        advice=("U100",),
    ),
    PageVariant(
        "captcha-silent",
        "A captcha works without the user, and says so.",
        (shows(sign_up="variants/captcha_silent.html"),),
    ),
    PageVariant(
        "shadow-form", "The form is in an open shadow root.", (shows(sign_up="variants/shadow.html"),), scripted=True
    ),
    PageVariant(
        "shadow-form-closed",
        "The form is in a closed shadow root.",
        (shows(sign_up="variants/shadow_closed.html"),),
        review=("U100", "U110", "U120", "U130", "U140", "U220", "U230", "U420"),
        unreached=("U100", "U110", "U120", "U130", "U140", "U220", "U230", *SEEN_INSIDE),
        stopped_by="unknown-widget",
        scripted=True,
    ),
    PageVariant(
        "frame-form",
        "The form is in a frame of the same origin.",
        (FormForFrame, shows(sign_up="variants/frame.html")),
        scripted=True,
    ),
    PageVariant(
        "late-form",
        "The form is there after three seconds.",
        (shows(sign_up="variants/late_form.html"),),
        scripted=True,
    ),
    PageVariant(
        "cookie-banner", "A question on cookies covers every page until it is answered.", (Consent,), scripted=True
    ),
    PageVariant(
        "cookie-banner-german",
        "A German question on cookies covers every page.",
        (Consent, speaks("de")),
        scripted=True,
    ),
    PageVariant("german", "The product is in German.", (speaks("de"),)),
    PageVariant("french", "The product is in French.", (speaks("fr"),)),
    PageVariant("japanese", "The product is in Japanese.", (speaks("ja"),)),
    PageVariant("dark", "The product is dark whatever the browser prefers.", (having(theme="dark"),)),
    PageVariant(
        "hash-routes",
        "A single-page application shows form and product below one address.",
        (shows(sign_up="variants/hash.html"),),
        scripted=True,
    ),
    PageVariant("floating-labels", "Labels float inside of the fields.", (having(labelling="floating"),)),
    PageVariant("labels-referred", "Labels are referred to by aria-labelledby.", (having(labelling="referred"),)),
    PageVariant("labels-around", "Labels stand around their fields.", (having(labelling="around"),)),
    PageVariant(
        "placeholders", "Fields have placeholders and no labels.", (having(labelling="bare"),), advice=("U420",)
    ),
    PageVariant("password-rules", "The password needs twelve characters, a digit and a symbol.", (having(**STRICT),)),
    PageVariant(
        "password-rules-list",
        "The password's rules stand in a list.",
        (having(rule=STRICT["rule"], rule_hint=""), shows(sign_up="variants/password_list.html")),
    ),
    PageVariant("password-twice", "The password is asked twice.", (Twice,)),
    PageVariant(
        "newsletter",
        "A box for a newsletter stands beside that of the terms.",
        (asks(Field("newsletter", "newsletter", "box", required=False), before=""),),
    ),
    PageVariant(
        "terms-implied",
        "Going on accepts the terms; there is no box.",
        (without("terms"), shows(sign_up="variants/terms_implied.html")),
    ),
    PageVariant(
        "terms-drawn",
        "The box of the terms is drawn, with the role of a check box.",
        (without("terms"), shows(sign_up="variants/terms_drawn.html")),
        scripted=True,
    ),
    PageVariant(
        "more-company",
        "A company can be named behind “more”, which stays closed.",
        (shows(sign_up="variants/more_company.html"),),
        review=("U100", "U110"),
        advice=("U100", "U110"),
    ),
    PageVariant(
        "magic-link",
        "A link that signs in is sent by e-mail.",
        (MagicLink, LINK_SENT),
        review=SEEN_INSIDE,
        unreached=SEEN_INSIDE,
        stopped_by="e-mail-link",
    ),
    PageVariant(
        "sso-beside", "Other services sign up as well, beside the form.", (shows(sign_up="variants/sso_beside.html"),)
    ),
    PageVariant(
        "sso-only",
        "Only other services sign up.",
        (shows(sign_up="variants/sso_only.html"),),
        review=("U120", "U140", *SEEN_INSIDE),
        unreached=("U120", "U140", *SEEN_INSIDE),
        stopped_by="identity-provider",
    ),
    PageVariant(
        "no-card-words",
        "The page says that no credit card, phone call or second factor is needed.",
        (shows(sign_up="variants/no_card_words.html"),),
    ),
    PageVariant(
        "honeypot",
        "Fields that only machines fill in are hidden from people.",
        (shows(sign_up="variants/honeypot.html"),),
    ),
    PageVariant(
        "busy-footer",
        "The footer has a phone number, an address, a region and a newsletter's form.",
        (shows(sign_up="variants/busy_footer.html", home="variants/busy_footer_home.html"),),
    ),
    PageVariant(
        "testimonial",
        "Beside the form a customer with company and job title praises the product.",
        (shows(sign_up="variants/testimonial.html"),),
    ),
)
