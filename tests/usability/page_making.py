"""Pages made by hand: what a snapshot would say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from certification.browser.page import Control, Field, Form, Frame, Page, Place, Words
from certification.usability.kinds import kind_of, read
from certification.usability.visit import Act, Deed, End, Known, Purpose, Sight, Trouble, Visit

HOST = "app.acorn.example"
KNOWN = Known(
    "ada@acorn-x1.com", "Ada", "Byrne", "dbc-77.cloud.databricks.com", "/sql/1.0/warehouses/9f", "sales_data", "dbc-77"
)
LINE = 30

_FIELD = Field(
    0, "text", "", "", "", "", "", "", "", "", "", 0, "", (), "", False, False, False, False, True, True, 0,
    Place(20, 0, 200, 20),
)  # fmt: skip


def a_field(label: str, kind: str = "text", **more: Any) -> Field:
    return replace(_FIELD, label=label, type=kind, **more)


def a_button(text: str, **more: Any) -> Control:
    made = Control(0, "button", "submit", text, "", "", "", False, True, True, False, 0, Place(20, 0, 120, 20))
    return replace(made, **more)


def a_link(text: str, **more: Any) -> Control:
    return a_button(text, kind="link", type="", form=1, target="https://app.acorn.example/x", **more)


def words(text: str, *, heading: bool = False, y: int | None = None, x: int = 20) -> Words:
    return Words(text, heading, Place(x, -1 if y is None else y, 200, 20))


def a_page(*parts: Field | Control | Words | Frame, width: int = 1280, **more: Any) -> Page:
    """A page whose parts stand below each other, unless they say where."""
    placed: list[Any] = []
    for number, part in enumerate(parts):
        place = part.place
        if place.y <= 0:
            place = replace(place, y=100 + LINE * number)
        placed.append(
            replace(part, place=place, number=number)
            if isinstance(part, Field | Control)
            else replace(part, place=place)
        )

    def of(kind: type) -> tuple[Any, ...]:
        return tuple(part for part in placed if isinstance(part, kind))

    form = Form("", "", "", "", "", "")
    facts: dict[str, Any] = {
        "title": "Acorn",
        "language": "en",
        "address": f"https://{HOST}/start?ticket=s3cr3t-t0k3n-9",
        "fields": of(Field),
        "controls": of(Control),
        "texts": of(Words),
        "images": (),
        "frames": of(Frame),
        "width": width,
        "height": 800,
        "scroll_width": width,
        "scroll_height": 800,
        "busy": False,
        "ready": True,
        "status": 200,
        "hidden": "",
        "forms": (form, form),
    }
    return Page(**(facts | more))


EMAIL = a_field("Work e-mail", "email", name="email", value=KNOWN.email)
PASSWORD = a_field("Password", "password", name="password", autocomplete="new-password", required=True)
TERMS = a_field("I accept the terms", "checkbox", name="terms")
GO = a_button("Start free trial")
TITLE = words("Start your free trial", heading=True)
PLACES = tuple(a_link(text) for text in ("Home", "Explore", "Reports", "Help", "Settings"))


def sign_up(*more: Field | Control | Words | Frame, email: Field = EMAIL, **facts: Any) -> Page:
    return a_page(TITLE, email, PASSWORD, *more, TERMS, GO, **facts)


def landing(*more: Field | Control | Words | Frame, **facts: Any) -> Page:
    return a_page(*PLACES, words("Welcome, Ada", heading=True), *more, **facts)


DATABRICKS = words("Databricks · dbc-77")
HOME = landing(DATABRICKS, words("Getting started guide"))


def a_visit(
    *pages: Page,
    purpose: Purpose = Purpose.CREATE_TRIAL,
    end: End = End.ARRIVED,
    seconds: tuple[float, ...] = (),
    troubles: tuple[Trouble, ...] | None = (),
    detail: str = "",
) -> Visit:
    """The record of a visit that saw ``pages`` one after the other."""
    times = seconds or tuple(float(number) for number in range(len(pages)))
    sights = tuple(
        Sight(
            time,
            (Deed(Act.PRESSED, "Start free trial", None),),
            kind_of(read(page), HOST),
            page,
            f"p-{number}.png",
            troubles,
        )
        for number, (page, time) in enumerate(zip(pages, times, strict=True))
    )
    width = pages[0].width if pages else 1280
    submitted = times[0] if len(pages) > 1 else None
    return Visit(purpose, width, 800, KNOWN, HOST, sights, end, detail, submitted)
