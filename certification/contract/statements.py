"""The usability guidelines as statements: what a person who arrives from Partner Connect shall meet.

Source: UX guidelines of the onboarding document.  The certification of the API looks at none of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """One guideline; an ``optional`` one is advice, one of ``security`` is about what protects the user."""

    id: str
    text: str
    optional: bool = False
    security: bool = False


_S = Statement

STATEMENTS: dict[str, Statement] = {
    entry.id: entry
    for entry in (
        _S("U100", "Sign-up asks only for what starting the trial needs: e-mail and password."),
        _S(
            "U110", "Sign-up does not ask for address, domain name, company, phone, job title, company size or country."
        ),
        _S("U120", "The user's e-mail from the connect request is filled in, or shown, or not asked at all."),
        _S("U130", "Sign-up asks for no payment details."),
        _S("U140", "Sign-up sets up no two-factor authentication."),
        _S("U150", "After sign-up the user is on the product's page, not on a sign-in page."),
        _S("U160", "E-mail verification never blocks: the user can go on and verify later."),
        _S("U200", "The Databricks connection, or its data, is easy to find on the landing page."),
        _S("U210", "Databricks is the first or the default data source or destination."),
        _S("U220", "The user is never asked to configure or update the connection that Partner Connect made."),
        _S("U230", "Nothing has to be typed that the connect request passed."),
        _S("U240", "There is a short tutorial on using the connection.", optional=True),
        _S("U300", "The environment is ready within five minutes of sign-up."),
        _S("U310", "A warm pool keeps that wait short.", optional=True),
        _S(
            "U400", "A known user who signs in through the tile arrives at sign-in or in the product, e-mail filled in."
        ),
        _S("U410", "Pages of contact_admin and purchase_product say in words what to do next."),
        _S(
            "U420",
            "Every page on the way answers over HTTPS, without script errors, on a phone, by keyboard.",
            security=True,
        ),
    )
}
"""Id -> statement."""
