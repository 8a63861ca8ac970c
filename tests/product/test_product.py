"""The reference partner's own product: what its pages hold, what they refuse, and whom they let in."""

from __future__ import annotations

import json
from importlib.resources import files

import httpx
import pytest
from product_visitor import PASSWORD, USER, Page, Visitor, product

from certification.accuracy.in_memory import HOST, PORT, InMemory
from certification.accuracy.partners import reference_product
from certification.reference import create_app, default_config
from certification.reference.__main__ import main
from certification.reference.product.templating import LANGUAGES, Speaker

HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}"
PAGES = ("create-trial", "sign-in", "purchase-product", "contact-admin", "not-applicable", "privacy", "terms")


def labelled(page: Page) -> list[str]:
    """The fields that a person can fill in and that nothing labels."""
    return [
        one.get("name", "")
        for one in page.fields
        if one.get("type") not in {"hidden", "radio"} and one.get("id") not in page.labels
    ]


def test_sign_up_knows_the_user_and_leads_to_the_connection_that_is_selected() -> None:
    with product() as visitor:
        made = visitor.connect(name="Ada")
        page = visitor.open(made["redirect_uri"])
        form = next(form for form in page.forms if "sign-up" in form.action)
        assert [(one["name"], one.get("value", "")) for one in form.fields] == [
            ("email", "ada.1@acorn.example"),
            ("password", ""),
            ("terms", "yes"),
        ]
        home = visitor.send(form)
        assert visitor.path == "/app/home"
        sources = [one for one in home.fields if one.get("name") == "source"]
        assert next(one["value"] for one in sources) == "Databricks · organization"
        assert [one["value"] for one in sources if "checked" in one] == ["Databricks · organization"]
        assert "Welcome, Ada" in home.text
        assert "Catalog sales_prod" in home.text
        for inner in ("tutorial", "explore"):
            assert "organization" in visitor.open(f"/app/{inner}").text


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"password": "short"}, "Please choose a password that meets the rule."),
        ({"password": ""}, "Please fill this in."),
        ({"email": "ada"}, "Please write an e-mail address"),
        ({"terms": ""}, "Please tick this box to go on."),
    ],
)
def test_a_form_that_is_not_in_order_comes_back_with_what_is_wrong_and_without_the_password(
    other: dict[str, str], words: str
) -> None:
    with product() as visitor:
        page = visitor.open(visitor.connect()["redirect_uri"])
        again = visitor.send(page.forms[0], **other)
        assert visitor.answer.status_code == 422
        assert words in again.text
        assert "Correct-horse-7battery" not in visitor.answer.text
        assert visitor.open("/app/home").forms[0].action == "/app/sign-in"


def test_sign_in_takes_the_password_that_was_chosen_and_no_other() -> None:
    with product() as visitor:
        made = visitor.connect()
        visitor.walk(made["redirect_uri"])
        visitor.client.cookies.clear()
        back = visitor.connect(connection=made["connection_id"])
        page = visitor.open(back["redirect_uri"])
        assert page.fields[0]["value"] == "ada.1@acorn.example"
        assert "do not match" in visitor.send(page.forms[0], password="another-one").text
        assert "Welcome, Ada" in visitor.send(page.forms[0]).text
        visitor.open(back["redirect_uri"])
        assert visitor.path == "/app/home"


def test_a_ticket_signs_in_nobody_but_its_own_user() -> None:
    with product() as visitor:
        visitor.walk(visitor.connect(1)["redirect_uri"])
        visitor.client.cookies.clear()
        made = visitor.connect(2)
        back = visitor.connect(2, connection=made["connection_id"])
        page = visitor.open(back["redirect_uri"])
        assert "do not match" in visitor.send(page.forms[0], email="ada.1@acorn.example", password="guessed-one").text
        assert "do not match" in visitor.send(page.forms[0], email="nobody@acorn.example").text
        assert "Welcome" in visitor.send(page.forms[0]).text


def test_sign_out_ends_the_session() -> None:
    with product() as visitor:
        home = visitor.walk(visitor.connect()["redirect_uri"])
        cookie = visitor.client.cookies["session"]
        visitor.send(home.forms[0])
        assert visitor.path == "/app/sign-in"
        visitor.client.cookies.set("session", cookie)
        visitor.open("/app/home")
        assert visitor.path == "/app/sign-in"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "code"), [("", "en"), ("german", "de"), ("french", "fr"), ("japanese", "ja")])
def test_every_page_has_one_heading_a_language_and_labels(page: str, language: str, code: str) -> None:
    with product(variants=[language] if language else []) as visitor:
        ticket = visitor.connect()["redirect_uri"].partition("ticket=")[2]
        shown = visitor.open(f"/app/{page}?ticket={ticket}")
    assert shown.tags.count("h1") == 1
    assert shown.tags.count("main") == 1
    assert len(shown.ids) == len(set(shown.ids))
    assert labelled(shown) == []
    assert f'<html lang="{code}">' in visitor.answer.text


def test_what_a_user_is_called_stays_text_on_every_page() -> None:
    with product() as visitor:
        made = visitor.connect(name=HOSTILE, catalog_name=HOSTILE, hostname="<b>.example")
        ticket = made["redirect_uri"].partition("ticket=")[2]
        visitor.walk(made["redirect_uri"])
        for page in (*PAGES, "home", "tutorial", "explore"):
            visitor.open(f"/app/{page}?ticket={ticket}")
    shown = "".join(visitor.seen)
    assert "&lt;script&gt;alert(1)" in shown
    assert "{{ 7*7 }}" in shown
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "dapi0123456789abcdef" not in shown


def test_pages_load_nothing_from_elsewhere_and_keep_their_address_to_themselves() -> None:
    with product() as visitor:
        visitor.open(visitor.connect()["redirect_uri"])
        headers = visitor.answer.headers
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "http://" not in visitor.answer.text.replace("http://www.w3.org/2000/svg", "")
        for asset, kind in (("product.css", "text/css"), ("mark.svg", "image/svg+xml"), ("qr.svg", "image/svg+xml")):
            found = visitor.client.get(f"/app/assets/{asset}")
            assert (found.status_code, found.headers["content-type"].split(";")[0]) == (200, kind)
        for other in ("..%2fproduct.py", "product.py", "gone.css", "%2e%2e", "a%00.css"):
            assert visitor.client.get(f"/app/assets/{other}").status_code == 404


def test_a_link_that_is_not_known_says_where_to_begin_and_signs_up_nobody() -> None:
    with product() as visitor:
        assert "start again from Partner Connect" in visitor.open("/app/create-trial?ticket=none").text
        assert visitor.client.post("/app/sign-up?ticket=none", data={"email": "a@b.example"}).status_code == 404
        assert visitor.client.get("/app/nothing").status_code == 404
        assert visitor.client.get("/app/contact-admin").status_code == 200


def test_a_form_larger_than_any_is_refused() -> None:
    with product() as visitor:
        visitor.open(visitor.connect()["redirect_uri"])
        form = visitor.page.forms[0]
        visitor.send(form, first="x" * 200_000)
        assert visitor.answer.status_code == 413


def test_an_order_is_noted_and_an_unknown_plan_is_not() -> None:
    with product() as visitor:
        page = visitor.open(visitor.redirect_of("purchase_product"))
        assert "Your trial is over" in visitor.send(page.forms[0], plan="gold").text
        assert "We have noted the plan Team" in visitor.send(page.forms[0]).text


def test_the_clock_makes_an_environment_ready_and_is_there_for_late_pages_alone() -> None:
    with product(faults=["late-six-minutes"]) as visitor:
        assert "preparing" in visitor.walk(visitor.connect()["redirect_uri"]).text
        for seconds, words in ((299, "preparing"), (62, "Welcome")):
            assert visitor.client.get(f"/_clock?advance={seconds}").status_code == 200
            assert words in visitor.open("/app/home").text
        assert visitor.client.get("/_clock?advance=-5").status_code == 400
        assert visitor.client.get("/_clock").json()["now"] >= 361
    with product() as visitor:
        assert visitor.client.get("/_clock?advance=1").status_code == 404


def test_the_clock_obeys_this_machine_alone() -> None:
    app = create_app(default_config(), USER, PASSWORD, page_faults=["late-six-minutes"])

    async def from_afar(scope: dict[str, object], receive: object, send: object) -> None:
        await app({**scope, "client": ("192.0.2.7", 50000)}, receive, send)  # type: ignore[arg-type]

    transport = InMemory(from_afar, 8)  # type: ignore[arg-type]
    with httpx.Client(transport=transport, base_url=f"http://{HOST}:{PORT}") as client:
        assert client.get("/_clock?advance=1").status_code == 404
    transport.close()


def test_every_language_says_what_it_says_with_the_same_facts() -> None:
    folder = files("certification.reference.product").joinpath("words")
    tables = {name: json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8")) for name in LANGUAGES}
    for name, table in tables.items():
        assert table.keys() <= tables["en"].keys()
        wrong = [
            key
            for key, text in table.items()
            if {part.split("}")[0] for part in text.split("{")[1:]}
            != {part.split("}")[0] for part in tables["en"][key].split("{")[1:]}
        ]
        assert wrong == [], name
    with pytest.raises(KeyError):
        Speaker("de")("no_such_words")


def test_the_command_lists_pages_and_serves_none_that_it_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    text = capsys.readouterr().out
    assert "asks-company  [U100, U110]  The sign-up form asks for the company." in text
    assert "wizard  A wizard asks for the e-mail, then for the password." in text
    assert main(["--page-fault", "asks-compny"]) == 2
    assert "did you mean asks-company" in capsys.readouterr().err
    assert main(["--page-fault", "contact-without-words", "--print-config"]) == 0
    assert json.loads(capsys.readouterr().out)["new_user_action"] == "invite"


def test_faults_of_the_api_and_of_pages_go_together() -> None:
    config = default_config()
    app = create_app(config, USER, PASSWORD, ["connect-value-is-url"], page_faults=["asks-phone"])
    transport = InMemory(app, 8)
    with httpx.Client(transport=transport, base_url=f"http://{HOST}:{PORT}") as client:
        visitor = Visitor(client, config)
        made = visitor.connect()
        assert made["redirect_value"] == made["redirect_uri"]
        assert "Phone number" in visitor.open(made["redirect_uri"]).text
    transport.close()


def test_a_product_can_be_started_within_this_process_for_a_browser() -> None:
    with reference_product(["contact-denied"]) as found:
        assert found.config.raw["new_user_action"] == "invite"
        assert "Access denied" in httpx.get(f"{found.url}/app/contact-admin").text
