"""Building blocks of page faults and variants: small changes to a product, each made into a part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from certification.reference.product.forms import Field, Step, problems
from certification.reference.product.product import Product, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from certification.reference.product.accounts import Session
    from certification.reference.product.visit import Visit

    Asking = Step | Callable[[Visit], Step]


def shows(**templates: str) -> type[Product]:
    """Return a product that uses other templates: the name without its ending, and the path of the one instead."""
    paths = {f"{name}.html": path for name, path in templates.items()}

    class Shows(Product):
        dressed = True

        def template(self, name: str) -> str:
            return paths.get(name) or super().template(name)

    return Shows


def speaks(language: str) -> type[Product]:
    """Return a product in another language."""
    return having(language=language)


def having(**attributes: Any) -> type[Product]:
    """Return a product with other values of its settings, such as ``labelling``."""
    unknown = [name for name in attributes if not hasattr(Product, name)]
    if unknown:
        raise AttributeError(unknown[0])
    return type("Having", (Product,), {"dressed": True, **attributes})


def asks(*fields: Field, before: str = "terms") -> type[Product]:
    """Return a product whose sign-up form also has ``fields``, in front of the field called ``before``."""

    class Asks(Product):
        def fields(self, visit: Visit) -> list[Field]:
            asked = super().fields(visit)
            place = next((number for number, one in enumerate(asked) if one.name == before), len(asked))
            return [*asked[:place], *fields, *asked[place:]]

    return Asks


def changes(name: str, value: Callable[[Visit], str] | None = None, **values: Any) -> type[Product]:
    """Return a product whose sign-up has other properties of the field ``name``; ``value`` makes its content."""

    class Changes(Product):
        def fields(self, visit: Visit) -> list[Field]:
            new = values | ({"value": value(visit)} if value else {})
            return [replace(one, **new) if one.name == name else one for one in super().fields(visit)]

    return Changes


def without(*names: str) -> type[Product]:
    """Return a product whose sign-up form lacks some fields."""

    class Without(Product):
        def fields(self, visit: Visit) -> list[Field]:
            return [one for one in super().fields(visit) if one.name not in names]

    return Without


def step_by_step(*more: Step) -> type[Product]:
    """Return a product that asks page by page: e-mail, password, then ``more``."""

    class StepByStep(Product):
        def steps(self, visit: Visit) -> list[Step]:
            fields = self.fields(visit)
            first = tuple(one for one in fields if one.kind == "email")
            second = tuple(one for one in fields if one.kind != "email")
            lead = super().steps(visit)[0]
            pages = [
                replace(lead, fields=first, button="continue"),
                replace(lead, fields=second, button="continue"),
                *more,
            ]
            return [*pages[:-1], replace(pages[-1], button="finish")]

    return StepByStep


def interposes(page: str, asking: Asking, template: str = "step.html", then: str = "home") -> type[Product]:
    """Return a product with one more page between sign-up and landing page, which must be answered."""

    def step_of(visit: Visit) -> Step:
        return asking if isinstance(asking, Step) else asking(visit)

    def answer(product: Product, visit: Visit) -> Response:
        if visit.session is None:
            return product.lead(visit, "sign-in")
        step = step_of(visit)
        wrong = problems(step.fields, visit.form) if visit.posted else {}
        if visit.posted and not wrong:
            visit.session.done.add(page)
            return product.lead(visit, then)
        facts = {"step": step, "fields": step.fields, "wrong": wrong}
        return product.show(visit, template, 422 if wrong else 200, **facts)

    class Interposes(Product):
        dressed = True

        def pages(self) -> dict[str, Callable[[Visit], Response | None]]:
            return {**super().pages(), page: lambda visit: answer(self, visit)}

        def after_sign_up(self, visit: Visit, session: Session) -> Response:
            return self.enter(visit, session, page)

        def home(self, visit: Visit) -> Response:
            if visit.session and page not in visit.session.done:
                return self.lead(visit, page)
            return super().home(visit)

    return Interposes


def ends(template: str, **facts: Any) -> type[Product]:
    """Return a product that shows one page after sign-up, which leads nowhere; the user is not signed in."""

    class Ends(Product):
        dressed = True

        def after_sign_up(self, visit: Visit, session: Session) -> Response:
            self.accounts.end(session)
            return self.show(visit, template, **facts)

    return Ends


def adds(page: str, template: str) -> type[Product]:
    """Return a product with one more page, open to everybody."""

    class Adds(Product):
        dressed = True

        def pages(self) -> dict[str, Callable[[Visit], Response | None]]:
            return {**super().pages(), page: lambda visit: self.show(visit, template)}

    return Adds


def orders(arrange: Callable[[Source, list[Source]], list[Source]]) -> type[Product]:
    """Return a product whose landing page lists the Databricks connection and the others in another way."""

    class Orders(Product):
        def sources(self, visit: Visit) -> list[Source]:
            return arrange(self.databricks(visit), self.other_sources())

    return Orders
