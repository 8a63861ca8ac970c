"""The cases that a person has to carry out, and what they must see.  Source: Test cases, Manual test cases."""

from __future__ import annotations

from certification.cases.case import Applies, Case, always, both, demo, offers, trial

SEAMLESS = "The flow is seamless: the user never wonders how to go on to see the connection work. The Databricks connector is already filled in, and the user never has to pick Databricks."


def _manual(
    ident: str, title: str, category: str, steps: str, applies: Applies = always, *, optional: bool = False
) -> Case:
    return Case(
        f"M{ident}",
        f"P{ident} by hand: {title}",
        category,
        steps,
        f"Test cases · Manual test cases, P{ident}",
        ("resources-used",),
        applies=applies,
        optional=optional,
    )


MANUAL = (
    _manual("100", "a new user starts from the tile", "create", SEAMLESS),
    _manual("101", "a user with an account starts from a new workspace", "create", SEAMLESS),
    _manual("200", "the product works through the connection", "core", "Data really moves between the two products, with Unity Catalog and with the Hive metastore."),
    _manual("201", "destination locations", "core", "For products that write data: with no location chosen, a managed table; with one chosen, an external table at that path."),
    _manual("300", "the same user signs in", "sign in", "The user easily finds the Databricks connector."),
    _manual("301", "a second user of the account signs in", "sign in", "The user easily finds the Databricks connector."),
    _manual("302", "a new user of the company signs in", "sign in", "The user easily finds the Databricks connector."),
    _manual("400", "connect again after deleting at Databricks", "delete", "A new Databricks connection exists in the product."),
    _manual("401", "connect again after deleting at the partner", "delete", "A new Databricks connection exists in the product.", offers("delete_connection")),
    _manual("402", "sign in on a deleted connection", "delete", "Databricks shows an informative error.", offers("delete_connection")),
    _manual("500", "first connect after the trial expired", "expired", "Optional: a meaningful error after the tile was reset.", offers("expire_account"), optional=True),
    _manual("501", "sign in after the trial expired", "expired", "Optional: a meaningful error.", offers("expire_account"), optional=True),
    _manual("502", "a second user signs in after the trial expired", "expired", "Optional: a meaningful error.", both(offers("expire_account"), trial), optional=True),
    _manual("600", "two workspaces", "workspaces", SEAMLESS),
    _manual("700", "the demo", "demo", "From one workspace, deleting and creating again keeps showing the new-trial flow.", demo),
)  # fmt: skip
