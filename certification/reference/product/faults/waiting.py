"""Faults that keep the user waiting for the environment."""

from __future__ import annotations

from certification.reference.product.catalogue import PageFault
from certification.reference.product.parts import ends, having, shows, speaks

SIX_MINUTES = 360.0
HOUR = 3600.0

FAULTS = (
    PageFault(
        "late-six-minutes",
        "The environment is ready after six minutes.",
        ("U300",),
        (having(ready_after=SIX_MINUTES),),
        clock=True,
    ),
    PageFault(
        "late-six-minutes-german",
        "The environment is ready after six minutes, in German.",
        ("U300",),
        (having(ready_after=SIX_MINUTES), speaks("de")),
        clock=True,
    ),
    PageFault(
        "late-in-page",
        "A page with a growing bar looks for six minutes whether the environment is ready.",
        ("U300",),
        (having(ready_after=SIX_MINUTES), shows(preparing="variants/preparing_in_page.html")),
        clock=True,
        scripted=True,
    ),
    PageFault(
        "late-an-hour",
        "The environment is ready after an hour.",
        ("U300",),
        (having(ready_after=HOUR),),
        unreached=("U200", "U210"),
        clock=True,
    ),
    PageFault(
        "ready-by-mail",
        "The environment takes half an hour, and an e-mail tells when it is ready.",
        ("U300",),
        (ends("faults/ready_by_mail.html"),),
        may=("U150", "U160"),
        unreached=("U150", "U160", "U200", "U210"),
    ),
)
