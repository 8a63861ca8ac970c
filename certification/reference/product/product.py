"""What a correct product shows, in small steps: every fault and every other way to be correct replaces some of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from certification.reference.product.accounts import Accounts
from certification.reference.product.bounded import Bounded
from certification.reference.product.clock import Clock
from certification.reference.product.forms import Field, Step, problems
from certification.reference.product.templating import Speaker, environment
from certification.reference.product.tickets import Tickets

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from certification.reference.product.accounts import Session
    from certification.reference.product.forms import Values
    from certification.reference.product.visit import Visit
    from certification.reference.settings import Settings

COOKIE = "session"
PLANS = ("team", "business")

# Nothing comes from elsewhere, and nobody else may show these pages in a frame.
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

# Pages of words alone: the key of the heading and those of the paragraphs.
TEXTS = {
    "privacy": ("privacy_heading", ("privacy_1", "privacy_2")),
    "terms": ("terms_heading", ("terms_1", "terms_2")),
    "oauth-callback": ("oauth_heading", ("oauth_1",)),
    "not-applicable": ("not_applicable_heading", ("not_applicable_1",)),
    "password-help": ("password_help_heading", ("password_help_1",)),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One place that data can come from, as the landing page lists it."""

    name: str
    detail: str
    mark: str
    connected: bool = False
    selected: bool = False


class Product:
    """The pages of one product and what they remember; every step is a method of its own, so that it can be replaced."""

    language = "en"
    theme = ""
    labelling = "above"
    rule = r"^.{8}"
    rule_hint = "password_hint"
    ready_after = 0.0
    clock_shown = False
    dressed = False
    scripts: tuple[str, ...] = ()
    overlay = ""

    def __init__(self, settings: Settings, members: set[Hashable]) -> None:
        """``members`` is where users who signed up by hand are put, by what the partner knows them by."""
        self.settings = settings
        self.members = members
        self.tickets = Tickets(settings)
        self.accounts = Accounts()
        self.clock = Clock()
        self.progress: Bounded[str, dict[str, str]] = Bounded()
        self.say = Speaker(self.language)

    def respond(self, visit: Visit) -> Response | None:
        """Return the page that was asked for, or None when there is none of that name."""
        page = self.pages().get(visit.page)
        return page(visit) if page else None

    def pages(self) -> dict[str, Callable[[Visit], Response | None]]:
        """Return what answers each page, by the last part of its address."""
        return {
            "create-trial": self.create_trial,
            "sign-up": self.sign_up,
            "sign-in": self.sign_in,
            "sign-out": self.sign_out,
            "home": self.home,
            "explore": lambda visit: self.inside(visit, "explore.html"),
            "tutorial": lambda visit: self.inside(visit, "tutorial.html"),
            "purchase-product": self.purchase,
            "contact-admin": lambda visit: self.show(visit, "contact_admin.html"),
            **dict.fromkeys(TEXTS, self.text),
        }

    # Showing

    def show(self, visit: Visit, template: str, status: int = 200, **facts: Any) -> Response:
        """Return a page made from ``template``."""
        html = environment().get_template(self.template(template)).render(self.facts(visit) | facts)
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    def template(self, name: str) -> str:
        """Return the template that is used for ``name``."""
        return name

    def facts(self, visit: Visit) -> dict[str, Any]:
        """Return what every template may use."""
        return {
            "t": self.say,
            "language": self.language,
            "theme": self.theme,
            "labelling": self.labelling,
            "dressed": self.dressed,
            "scripts": self.scripts,
            "overlay": self.overlay,
            "product": self.settings.name,
            "base": visit.base,
            "visit": visit,
            "guest": visit.guest,
            "session": visit.session,
        }

    def lead(self, visit: Visit, page: str, **query: str) -> Response:
        """Return the answer that leads the browser to another page; ``query`` also carries the ticket."""
        address = visit.address(page, **query) if query else f"{visit.base}/{page}"
        return RedirectResponse(address, status_code=303, headers=HEADERS)

    def text(self, visit: Visit) -> Response:
        """Show a page of words alone."""
        heading, paragraphs = TEXTS[visit.page]
        return self.show(visit, "text.html", heading=heading, paragraphs=paragraphs)

    # Sign-up

    def create_trial(self, visit: Visit) -> Response | None:
        """Show the form that starts a trial; without a ticket there is no connection to start it with."""
        if visit.ticket is None:
            return self.show(visit, "text.html", heading="lost_heading", paragraphs=("lost_1",))
        return self.ask(visit, self.step_number(visit))

    def steps(self, visit: Visit) -> list[Step]:
        """Return what is asked before the trial starts, page by page."""
        return [Step("sign_up_heading", "sign_up_lead", tuple(self.fields(visit)), "sign_up_button")]

    def fields(self, visit: Visit) -> list[Field]:
        """Return all that is asked."""
        return [self.email_field(visit), *self.password_fields(), self.terms_field()]

    def email_field(self, visit: Visit) -> Field:
        """Return the field of the e-mail address, filled in."""
        return Field("email", "email", "email", value=visit.guest.email, autocomplete="email", inputmode="email")

    def password_fields(self) -> list[Field]:
        """Return what chooses a password."""
        hint, rule = self.rule_hint, self.rule
        return [Field("password", "password", "password", autocomplete="new-password", hint=hint, rule=rule)]

    def terms_field(self) -> Field:
        """Return the box that accepts the terms."""
        return Field("terms", "terms_box", "box")

    def step_number(self, visit: Visit) -> int:
        """Return which step a visit is at, counted from 0."""
        number = visit.query.get("step", "0")
        return min(int(number), len(self.steps(visit)) - 1) if number.isascii() and number.isdigit() else 0

    def ask(
        self,
        visit: Visit,
        number: int,
        entered: Values | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        """Show one step, with what was entered and what is wrong with it."""
        steps = self.steps(visit)
        fields = [_filled(one, entered or {}) for one in steps[number].fields]
        facts = {"step": steps[number], "number": number, "count": len(steps), "fields": fields, "wrong": wrong or {}}
        return self.show(visit, "sign_up.html", 422 if wrong else 200, **facts)

    def sign_up(self, visit: Visit) -> Response | None:
        """Take one step of the form; the last one starts the trial."""
        if visit.ticket is None:
            return None
        if not visit.posted:
            return self.lead(visit, "create-trial", step=str(self.step_number(visit)))
        steps, number = self.steps(visit), self.step_number(visit)
        wrong = self.problems(steps[number], visit.form)
        if wrong:
            return self.ask(visit, number, visit.form, wrong)
        kept = self.progress.setdefault(visit.ticket.name, {})
        kept.update({one.name: visit.form.get(one.name, "") for one in steps[number].fields})
        if number + 1 < len(steps):
            return self.lead(visit, "create-trial", step=str(number + 1))
        return self.finish(visit, self.progress.pop(visit.ticket.name))

    def problems(self, step: Step, entered: Values) -> dict[str, str]:
        """Return what is wrong with the answers of a step, by the field's name."""
        return problems(step.fields, entered)

    def finish(self, visit: Visit, entered: Values) -> Response:
        """Start the trial: the account is made, and the browser is signed in."""
        email = entered.get("email") or visit.guest.email
        self.accounts.register(email, entered.get("password", ""), visit.guest)
        self.join(visit)
        return self.after_sign_up(visit, self.accounts.begin(email, visit.guest, self.clock.now()))

    def join(self, visit: Visit) -> None:
        """Note that the user has signed up by hand, as ``require_manual_signup`` asks for."""
        if visit.ticket:
            self.members.add(visit.ticket.visitor.user)

    def after_sign_up(self, visit: Visit, session: Session) -> Response:
        """Return where a new user goes."""
        return self.enter(visit, session)

    def enter(self, visit: Visit, session: Session, page: str = "home") -> Response:
        """Lead into the product with the session's cookie."""
        return self.keep(visit, self.lead(visit, page), session)

    def keep(self, visit: Visit, response: Response, session: Session) -> Response:
        """Sign the browser in with ``response``."""
        path = visit.base.removesuffix("/app") or "/"
        response.set_cookie(COOKIE, session.id, path=path, httponly=True, samesite="lax")
        return response

    # Sign-in

    def sign_in(self, visit: Visit) -> Response:
        """Show the sign-in page, or the product to whom is signed in already."""
        if visit.posted:
            return self.let_in(visit)
        session = visit.session
        if session and (visit.ticket is None or visit.ticket.guest.email == session.guest.email):
            return self.lead(visit, "home")
        return self.ask_password(visit, self.known_email(visit))

    def known_email(self, visit: Visit) -> str:
        """Return the address that is filled in."""
        return visit.ticket.guest.email if visit.ticket else ""

    def ask_password(self, visit: Visit, email: str, *, wrong: bool = False) -> Response:
        """Show the form that signs a user in."""
        fields = self.sign_in_fields(email)
        return self.show(visit, "sign_in.html", 422 if wrong else 200, fields=fields, refused=wrong)

    def sign_in_fields(self, email: str) -> list[Field]:
        """Return what the sign-in page asks for."""
        return [
            Field("email", "email", "email", value=email, autocomplete="username", inputmode="email"),
            Field("password", "password", "password", autocomplete="current-password"),
        ]

    def let_in(self, visit: Visit) -> Response:
        """Sign a user in whose password fits.

        Whoever never chose one does so now: Databricks vouches for the user of a ticket.
        """
        email, password = visit.form.get("email", "").strip(), visit.form.get("password", "")
        fits = self.accounts.fits(email, password)
        invited = visit.ticket is not None and visit.ticket.guest.email.casefold() == email.casefold()
        if not password or fits is False or (fits is None and not invited):
            return self.ask_password(visit, email, wrong=True)
        guest = visit.ticket.guest if visit.ticket and invited else self.accounts.guest(email) or visit.guest
        if fits is None:
            self.accounts.register(email, password, guest)
        return self.enter(visit, self.accounts.begin(email, guest, self.clock.now() - self.ready_after))

    def sign_out(self, visit: Visit) -> Response:
        """End the session."""
        if visit.posted and visit.session:
            self.accounts.end(visit.session)
        return self.lead(visit, "sign-in")

    # Inside the product

    def home(self, visit: Visit) -> Response:
        """Show the landing page, as soon as the environment is ready."""
        if visit.session and self.clock.now() - visit.session.began < self.ready_after:
            return self.show(visit, "preparing.html")
        return self.inside(visit, "home.html", sources=self.sources(visit))

    def inside(self, visit: Visit, template: str, **facts: Any) -> Response:
        """Show a page that only a user who is signed in may see."""
        if visit.session is None:
            return self.lead(visit, "sign-in")
        return self.show(visit, template, **facts)

    def sources(self, visit: Visit) -> list[Source]:
        """Return where data can come from: the connection that Partner Connect made stands first, and is selected."""
        return [self.databricks(visit), *self.other_sources()]

    def databricks(self, visit: Visit) -> Source:
        """Return the connection, named after the workspace."""
        guest = visit.guest
        catalog = self.say("catalog", catalog=guest.catalog) if guest.catalog else self.say("all_catalogs")
        return Source(f"Databricks · {guest.workspace}", catalog, "databricks", connected=True, selected=True)

    def other_sources(self) -> list[Source]:
        """Return what could be connected as well."""
        kinds = (
            ("PostgreSQL", "database"),
            ("Salesforce", "cloud"),
            ("Google Sheets", "sheet"),
            ("Amazon S3", "files"),
        )
        return [Source(name, self.say("not_connected"), mark) for name, mark in kinds]

    # Other scenarios

    def purchase(self, visit: Visit) -> Response:
        """Show what happens when a trial is over, and take an order."""
        plan = visit.form.get("plan", "")
        if visit.posted and plan in PLANS:
            return self.show(visit, "purchase_done.html", plan=plan)
        return self.show(visit, "purchase.html", plans=PLANS)


def _filled(asked: Field, entered: Values) -> Field:
    if asked.kind == "password" or asked.name not in entered:
        return asked
    return replace(asked, value=entered[asked.name])
