"""Faults of the sign-up form: it asks for more than starting the trial needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.product.catalogue import PageFault
from certification.reference.product.forms import Field, Step
from certification.reference.product.parts import asks, having, interposes, shows, speaks, step_by_step
from certification.reference.product.product import Product
from certification.reference.product.variants.signing_up import FormForFrame

if TYPE_CHECKING:
    from certification.reference.product.visit import Visit

COMPANY = Field("company", "company", autocomplete="organization")
PHONE = Field("phone", "phone", "tel", autocomplete="tel", inputmode="tel")
JOB = Field("job_title", "job_title", autocomplete="organization-title")
SIZES = ("1–10", "11–50", "51–200", "201–1000", "1000+")
COUNTRIES = ("Austria", "Brazil", "France", "Germany", "India", "Italy", "Japan", "United Kingdom", "United States")
ROLES = ("Data engineer", "Data analyst", "Executive", "Other")

SURVEY = Step(
    "Help us to tailor your experience",
    "Two questions before you start.",
    (
        Field("role", "What describes you best?", "choice", options=ROLES),
        Field("team", "How many people work at your company?", "choice", options=SIZES),
    ),
    "continue",
)
COMPANY_STEP = Step(
    "account_heading", "account_lead", (COMPANY, Field("size", "company_size", "select", options=SIZES)), ""
)


class Derived(Product):
    """Fills the company in from the address, and still asks."""

    def fields(self, visit: Visit) -> list[Field]:
        guessed = visit.guest.company.partition(".")[0].title()
        return [*super().fields(visit), Field("company", "company", value=guessed, autocomplete="organization")]


def _asks(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    return PageFault(f"asks-{name}", title, ("U100", "U110"), parts, **more)


def _wants(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    """Return a fault of a form that asks for what the contract's list of U110 does not name."""
    return PageFault(f"asks-{name}", title, ("U100",), parts, may=("U110",), **more)


FAULTS = (
    _asks("company", "The sign-up form asks for the company.", asks(COMPANY)),
    _asks("company-filled-in", "The form asks for the company, with a guess filled in.", Derived),
    _asks("phone", "The sign-up form asks for a phone number.", asks(PHONE)),
    _asks(
        "phone-optional",
        "The form asks for a phone number, which need not be given.",
        asks(Field("phone", "phone", "tel", autocomplete="tel", required=False)),
    ),
    _asks(
        "phone-with-prefix",
        "The form asks for a phone number, with a list of country codes.",
        asks(
            Field("dial", "Country code", "select", options=("+1 US", "+44 UK", "+49 DE", "+81 JP")),
            Field("mobile", "Mobile", "tel", inputmode="tel"),
        ),
    ),
    _asks("job-title", "The sign-up form asks for the job title.", asks(JOB)),
    _asks(
        "company-size",
        "The form asks how large the company is.",
        asks(Field("employees", "company_size", "select", options=SIZES)),
    ),
    _asks(
        "country",
        "The form asks for the country.",
        asks(Field("country", "country", "select", autocomplete="country-name", options=COUNTRIES)),
    ),
    _asks(
        "address",
        "The form asks for a postal address.",
        asks(
            Field("street", "street", autocomplete="street-address"),
            Field("zip", "postcode", autocomplete="postal-code"),
            Field("city", "city", autocomplete="address-level2"),
        ),
    ),
    _asks(
        "domain",
        "The form asks for the company's website.",
        asks(Field("website", "website", "url", autocomplete="url", placeholder="https://")),
    ),
    _asks(
        "subdomain",
        "The form has the user choose an address for their organisation.",
        asks(
            Field(
                "site",
                "Choose your organization's address",
                placeholder="acorn",
                hint="It becomes acorn.reference-partner.example.",
            )
        ),
        may=("U230",),
    ),
    _wants(
        "industry",
        "The form asks for the industry.",
        asks(Field("industry", "industry", "select", options=("Finance", "Health", "Retail", "Other"))),
    ),
    _wants(
        "use-case",
        "The form asks what the product will be used for.",
        asks(Field("use", "What will you use it for?", "textarea")),
    ),
    _wants(
        "heard-from",
        "The form asks how the user heard of the product.",
        asks(
            Field(
                "heard",
                "How did you hear about us?",
                "select",
                options=("Search", "A colleague", "Databricks", "An event"),
            )
        ),
    ),
    _wants(
        "birthday", "The form asks for the date of birth.", asks(Field("born", "birthday", "date", autocomplete="bday"))
    ),
    _wants("invitation-code", "The form asks for an invitation code.", asks(Field("invite", "Invitation code"))),
    _asks(
        "survey", "A survey on role and company must be answered after sign-up.", interposes("welcome-survey", SURVEY)
    ),
    _asks("company-step", "The last step of a wizard asks for the company and its size.", step_by_step(COMPANY_STEP)),
    _asks(
        "company-after",
        "After sign-up a page asks for the company.",
        interposes("company", Step("account_heading", "account_lead", (COMPANY,), "continue")),
    ),
    _asks("company-german", "A German form asks for the company.", asks(Field("field_4", "company")), speaks("de")),
    _asks(
        "phone-german",
        "A German form asks for a phone number for questions.",
        asks(Field("rueckruf", "Rückrufnummer")),
        speaks("de"),
    ),
    _asks("phone-japanese", "A Japanese form asks for a phone number.", asks(Field("f3", "phone")), speaks("ja")),
    _asks(
        "company-japanese",
        "A Japanese form asks for company and post.",
        asks(Field("a", "company"), Field("b", "job_title")),
        speaks("ja"),
    ),
    _asks(
        "size-french",
        "A French form asks for the company's size.",
        asks(Field("taille", "company_size", "select", options=SIZES)),
        speaks("fr"),
    ),
    _asks(
        "company-placeholder",
        "Fields are labelled by placeholders alone; one asks for the company.",
        asks(Field("f5", "company")),
        having(labelling="bare"),
    ),
    _asks(
        "phone-misnamed",
        "The phone's field is called like one for e-mail in the code.",
        asks(Field("email2", "phone", autocomplete="off")),
    ),
    _asks(
        "company-misnamed",
        "The company's field is called like one for a name in the code.",
        asks(Field("lastname_2", "company", autocomplete="off")),
    ),
    _asks(
        "company-editable",
        "Fields are editable boxes with a role; one asks for the company.",
        asks(Field("company", "company", style="editable", required=False)),
        having(scripts=("editable.js",)),
        scripted=True,
    ),
    _asks(
        "company-floating",
        "Labels float; one asks for the company.",
        asks(Field("x1", "company")),
        having(labelling="floating"),
    ),
    _asks(
        "job-title-referred",
        "Labels are referred to; one asks for the job title.",
        asks(Field("x2", "job_title")),
        having(labelling="referred"),
    ),
    _asks(
        "phone-in-shadow",
        "A form in a shadow root asks for a phone number.",
        asks(PHONE),
        shows(sign_up="variants/shadow.html"),
        scripted=True,
    ),
    _asks(
        "company-in-frame",
        "A form in a frame asks for the company.",
        asks(COMPANY),
        FormForFrame,
        shows(sign_up="variants/frame.html"),
        scripted=True,
    ),
    _asks(
        "company-late",
        "The company is asked once the rest of the form is there.",
        shows(sign_up="faults/company_late.html"),
        scripted=True,
    ),
    _asks(
        "country-drawn",
        "The country is asked with a list that is drawn, not a select element.",
        shows(sign_up="faults/country_drawn.html"),
        scripted=True,
    ),
    _asks(
        "phone-in-dialog",
        "A dialog in front of the product asks for a phone number, for a call of the sales team.",
        shows(home="faults/phone_dialog.html"),
        scripted=True,
    ),
)
