"""Faults that have the user do once more what Partner Connect did: configure the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.product.catalogue import PageFault
from certification.reference.product.forms import Field, Step
from certification.reference.product.parts import asks, interposes, shows, speaks
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from certification.reference.product.visit import Visit

HOST = Field("host", "host", placeholder="dbc-a1b2.cloud.databricks.com")
PATH = Field("http_path", "http_path", placeholder="/sql/1.0/warehouses/…")
TOKEN = Field("token", "token", "password", placeholder="dapi…")
FINISH = "Finish your connection"


def _filled(visit: Visit) -> Step:
    guest = visit.guest
    fields = (
        Field("host", "host", value=guest.hostname),
        Field("port", "port", value="443"),
        Field("http_path", "http_path", value=guest.http_path),
    )
    return Step("Check your connection", "Please check the details and save them.", fields, "save")


def _asked(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    """Return a fault that asks, in empty fields, for what was passed."""
    return PageFault(name, title, ("U220", "U230"), parts, **{"may": ("U200", "U210"), **more})


def _step(
    page: str, heading: str, *fields: Field, lead: str = "We need a few details of your workspace."
) -> type[Product]:
    return interposes(page, Step(heading, lead, fields, "continue"))


FAULTS = (
    _asked("host-and-token", "The landing page asks for host and token.", shows(home="faults/host_and_token.html")),
    _asked("http-path", "After sign-up the HTTP path must be typed.", _step("connection", FINISH, PATH)),
    _asked(
        "finish-connection",
        "After sign-up a wizard asks for host, path and token.",
        _step("connection", FINISH, HOST, PATH, TOKEN),
    ),
    _asked(
        "connection-in-two-steps",
        "After sign-up the host is asked, and on the next page the token.",
        interposes("connection", Step(FINISH, "", (HOST,), "continue"), then="token"),
        interposes("token", Step("Your access token", "", (TOKEN,), "save")),
    ),
    _asked(
        "catalog-asked",
        "The catalog must be typed, though it was passed.",
        _step("catalog", "Which catalog shall we read?", Field("catalog", "catalog_field", placeholder="main")),
    ),
    _asked(
        "host-german",
        "Host and token are asked in German.",
        _step(
            "verbindung",
            "Verbindung abschließen",
            Field("a", "host"),
            Field("b", "token"),
            lead="Bitte geben Sie die Daten Ihres Workspace ein.",
        ),
        speaks("de"),
    ),
    _asked(
        "host-japanese",
        "Host and path are asked in Japanese.",
        _step(
            "setsuzoku",
            "接続を完了してください",
            Field("a", "host"),
            Field("b", "http_path"),
            lead="ワークスペースの情報を入力してください。",
        ),
        speaks("ja"),
    ),
    _asked(
        "token-french",
        "The token is asked in French.",
        _step(
            "connexion",
            "Terminer la connexion",
            Field("a", "token", "password"),
            lead="Indiquez les données de votre espace de travail.",
        ),
        speaks("fr"),
    ),
    _asked(
        "workspace-url-at-sign-up",
        "The sign-up form asks for the workspace's URL.",
        asks(Field("url", "workspace_url", "url", placeholder="https://")),
        may=("U100", "U110"),
    ),
    _asked(
        "warehouse-id",
        "The id of the SQL warehouse must be typed.",
        _step("warehouse", "Your SQL warehouse", Field("w", "SQL warehouse ID")),
    ),
    _asked(
        "token-dialog",
        "A dialog in front of the product asks for a new token.",
        shows(home="faults/token_dialog.html"),
        scripted=True,
    ),
    _asked(
        "json-key",
        "The connection's details must be pasted as one text.",
        _step("connection", FINISH, Field("jdbc", "JDBC URL", "textarea", placeholder="jdbc:databricks://…")),
    ),
    PageFault(
        "connection-filled-in",
        "After sign-up a form with host, port and path must be saved.",
        ("U220",),
        (interposes("connection", _filled),),
        may=("U230", "U200", "U210"),
    ),
    PageFault(
        "warehouse-choice",
        "After sign-up a SQL warehouse must be chosen.",
        ("U220",),
        (
            _step(
                "warehouse",
                "Choose a SQL warehouse",
                Field("w", "warehouse", "select", options=("Serverless Starter", "Shared")),
            ),
        ),
        may=("U230", "U200", "U210"),
    ),
    PageFault(
        "connection-needs-attention",
        "The landing page says that the connection must be updated, and shows a form for it.",
        ("U220",),
        (shows(home="faults/needs_attention.html"),),
        may=("U230", "U200", "U210"),
    ),
    PageFault(
        "connection-test",
        "After sign-up the user has to test and confirm the connection.",
        ("U220",),
        (
            interposes(
                "connection",
                Step(
                    "Test your Databricks connection",
                    "Press the button to test and activate the connection.",
                    (),
                    "Test and activate",
                ),
                "faults/connection_test.html",
            ),
        ),
        may=("U200", "U210"),
        advice=True,
    ),
)
