"""Faults of the sign-up form: it asks for more than starting the trial needs."""

from __future__ import annotations

from typing import Any

from certification.reference.product.catalogue import PageFault
from certification.reference.product.forms import Field
from certification.reference.product.parts import asks, having, speaks
from certification.reference.product.product import Product

COMPANY = Field("company", "company", autocomplete="organization")
PHONE = Field("phone", "phone", "tel", autocomplete="tel", inputmode="tel")
JOB = Field("job_title", "job_title", autocomplete="organization-title")


def _asks(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    return PageFault(f"asks-{name}", title, ("U100", "U110"), parts, **more)


FAULTS = (
    _asks("company", "The sign-up form asks for the company.", asks(COMPANY)),
    _asks("phone", "The sign-up form asks for a phone number.", asks(PHONE)),
    _asks("job-title", "The sign-up form asks for the job title.", asks(JOB)),
    _asks("company-german", "A German form asks for the company.", asks(COMPANY), speaks("de")),
    _asks("phone-japanese", "A Japanese form asks for a phone number.", asks(PHONE), speaks("ja")),
    _asks(
        "company-placeholder", "The company is asked by a placeholder alone.", asks(COMPANY), having(labelling="bare")
    ),
)
