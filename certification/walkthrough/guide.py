"""The table of the manual cases: what each is about, what to do, and what a person must see.

Source: Test cases, Manual test cases; The lifecycle, Manual cases.  The words are our own.
"""

from __future__ import annotations

from functools import cache

from certification.evidence.steps import Act, When
from certification.walkthrough.steps import Expected, Guide, Step

SEAMLESS = (
    Expected("The way to a working connection is clear. You never wonder what to do next."),
    Expected("The Databricks connector is already filled in. You type nothing that Databricks has passed on."),
    Expected("You never have to pick Databricks from a list."),
)
CONNECTOR_FOUND = (Expected("You find the Databricks connector at once."),)
NEW_CONNECTION = (Expected("There is a new Databricks connection in the product."),)
MEANINGFUL = (Expected("The message says what is wrong and what to do next."),)

SIGN_UP = "If your product asks people to sign up, open the page of the step before and sign up first."


def _first(ident: str, title: str, **how: str | bool | When) -> Step:
    return Step(ident, Act.FIRST_CONNECT, title, **how)  # type: ignore[arg-type]  # fields of a step by name


def _sign_in(of: str, **how: str | bool | When) -> Step:
    return Step("sign-in", Act.SIGN_IN, "Sign in on the connection", pressed=True, of=of, **how)  # type: ignore[arg-type]  # fields of a step by name


_CONNECTED = _first("connected", "Connect once, so that there is a connection")
_RESET = Step("reset", Act.DELETE_ACCOUNT, "Remove what earlier tries left of the test account", optional=True)
_EXPIRED = Step("expired", Act.EXPIRE_ACCOUNT, "Let the trial of this person end")


GUIDES = (
    Guide(
        "M100",
        "Somebody who has never used your product clicks your tile for the first time.",
        "Press Connect. Your product opens in a new tab. Go through it as a new customer would, until you see the connection work.",
        SEAMLESS,
        (_first("connect", "Connect as a new user", pressed=True),),
    ),
    Guide(
        "M101",
        "Somebody who already has an account in your product clicks the tile in a workspace that you have not seen before.",
        "Prepare the case, then press Connect. Go through your product until you see the new connection work.",
        SEAMLESS,
        (
            _first("known", "Connect once from another workspace, so that the person has an account"),
            _first("connect", "Connect from the new workspace", pressed=True, where="two", when=When.SECOND_WORKSPACE),
        ),
        hint=SIGN_UP,
    ),
    Guide(
        "M200",
        "The product itself: it works with data in Databricks, through the connection.",
        "Click your tile in a real workspace. Then use your product as a customer would: read or write data, once with Unity Catalog and once with the Hive metastore.",
        (
            Expected("Data really moves between Databricks and the product, with Unity Catalog.", in_databricks=True),
            Expected("Data really moves between Databricks and the product, with the Hive metastore.", in_databricks=True),
        ),
        (_first("connect", "Connect as a new user", pressed=True),),
        real_workspace="The workspace that this page invents holds no data. With the button you see where your product leads; the data moves in a real workspace only.",
    ),
    Guide(
        "M201",
        "For products that write data to a destination: where the tables land. If yours does not write to a location that people choose, this case does not apply.",
        "In a real workspace, let your product write a table twice: once without a location, once with one.",
        (
            Expected("No location chosen: the table is a managed table.", in_databricks=True),
            Expected("A location chosen: the table is an external table at that path.", in_databricks=True),
        ),
        (_first("connect", "Connect as a new user", pressed=True),),
        real_workspace="Only a real workspace shows where a table lands.",
    ),
    Guide(
        "M300",
        "Somebody who has connected before clicks the tile again.",
        "Prepare the case, then press Connect. Look for the Databricks connector in your product.",
        CONNECTOR_FOUND,
        (_CONNECTED, _sign_in("connected")),
        hint=SIGN_UP,
    ),
    Guide(
        "M301",
        "A colleague, who already has a user in the same account of your product, clicks the tile that somebody else has connected.",
        "Prepare the case, then press Connect. Look for the Databricks connector in your product, as the colleague.",
        CONNECTOR_FOUND,
        (
            _CONNECTED,
            _first("colleague", "Make the colleague known: connect once from their own workspace", who="colleague", where="two", when=When.COLLEAGUE),
            _sign_in("connected", who="colleague", when=When.KNOWN_COLLEAGUE),
        ),
        hint="If your product asks people to sign up or to be invited, do so now for both, from the pages of the steps before.",
    ),
    Guide(
        "M302",
        "A colleague who is new to your product clicks the tile that somebody else has connected.",
        "Prepare the case, then press Connect. Go on as the colleague, as far as your product lets you.",
        CONNECTOR_FOUND,
        (_CONNECTED, _sign_in("connected", who="colleague", when=When.NEW_USER)),
        hint=SIGN_UP,
    ),
    Guide(
        "M400",
        "Somebody deleted the connection in Databricks, which tells you nothing, and clicks the tile again.",
        "Prepare the case, then press Connect. Look at the connections in your product.",
        NEW_CONNECTION,
        (_CONNECTED, _first("connect", "Connect again with the same request", pressed=True, when=When.REPEATED)),
    ),
    Guide(
        "M401",
        "Somebody deleted the connection, Databricks told you, and now they click the tile again.",
        "Prepare the case, then press Connect. Look at the connections in your product.",
        NEW_CONNECTION,
        (
            _CONNECTED,
            Step("deleted", Act.DELETE_CONNECTION, "Delete the connection", of="connected"),
            _first("connect", "Connect again", pressed=True, when=When.AFTER_DELETION),
        ),
    ),
    Guide(
        "M402",
        "The connection is gone from your product, but somebody still clicks the tile to sign in.",
        "Prepare the case, then press Connect. Read what Databricks shows.",
        (Expected("Databricks shows an error that tells the person what is wrong."),),
        (
            _CONNECTED,
            Step("deleted", Act.DELETE_CONNECTION, "Delete the connection", of="connected"),
            _sign_in("connected", when=When.AFTER_DELETION),
        ),
    ),
    Guide(
        "M500",
        "The trial of a customer has ended, the tile was reset, and they connect again.",
        "Prepare the case, then press Connect. Read what your product says.",
        MEANINGFUL,
        (_RESET, _CONNECTED, _EXPIRED, _first("connect", "Connect again", pressed=True, when=When.AFTER_EXPIRY)),
        test_domain=True,
    ),
    Guide(
        "M501",
        "The trial of a customer has ended, and they click the tile to sign in.",
        "Prepare the case, then press Connect. Read what your product says.",
        MEANINGFUL,
        (_RESET, _CONNECTED, _EXPIRED, _sign_in("connected", when=When.AFTER_EXPIRY)),
        test_domain=True,
    ),
    Guide(
        "M502",
        "The trial of a customer has ended, and a new colleague clicks the tile to sign in.",
        "Prepare the case, then press Connect. Read what your product says to the colleague.",
        MEANINGFUL,
        (_RESET, _CONNECTED, _EXPIRED, _sign_in("connected", who="colleague", when=When.NEW_USER_AFTER_EXPIRY)),
        test_domain=True,
    ),
    Guide(
        "M600",
        "One person works in two workspaces and connects both.",
        "Press Connect for the first workspace and go through your product. Then press Connect for the second one.",
        SEAMLESS,
        (
            _first("one", "Connect the first workspace", pressed=True),
            _first("two", "Connect the second workspace", pressed=True, where="two", when=When.SECOND_WORKSPACE),
        ),
        hint="Look whether both connections are there at the end.",
    ),
    Guide(
        "M700",
        "The demo: Databricks shows your tile to an audience, again and again, and always as something new.",
        "Press Connect. Then let the suite delete the connection, and press Connect again.",
        (Expected("Each time, your product shows what a person who is new to it sees."),),
        (
            _first("demo", "Connect with the demo flag", pressed=True, when=When.DEMO, demo=True),
            Step("deleted", Act.DELETE_CONNECTION, "Delete the connection", of="demo", when=When.DEMO, optional=True),
            _first("again", "Connect with the demo flag again", pressed=True, when=When.DEMO_REPEATED, demo=True),
        ),
    ),
)  # fmt: skip


@cache
def guides() -> dict[str, Guide]:
    """Return the guide of each manual case by its id."""
    return {guide.case: guide for guide in GUIDES}
