"""A visitor of the reference partner's product without a browser: reads forms, fills them in, sends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx

from certification.accuracy.in_memory import HOST, PORT, InMemory
from certification.reference import create_app, default_config, find_page_entries, overridden

USER, PASSWORD = "databricks", "pässwörd"
ANSWERS = {
    "password": "Correct-horse-7battery",
    "checkbox": "yes",
    "url": "https://acorn.example",
    "date": "1990-01-01",
}
INVITE = {"new_user_action": "invite"}


@dataclass
class Form:
    """One form: where it goes, and the fields as they stand."""

    action: str
    method: str
    fields: list[dict[str, str]] = field(default_factory=list)

    def filled(self) -> dict[str, str]:
        """What a person would send who answers everything that is still empty."""
        sent: dict[str, str] = {}
        for one in self.fields:
            kind, name, value = one.get("type", "text"), one.get("name", ""), one.get("value", "")
            if kind == "radio":
                sent.setdefault(name, value)
            elif kind in {"hidden", "submit"} or "tabindex" in one:
                sent[name] = value
            elif kind == "checkbox":
                sent[name] = "yes"
            else:
                sent[name] = value or ANSWERS.get(kind, "Example 1")
        return {name: value for name, value in sent.items() if name}


class Page(HTMLParser):
    """What a page holds: text, fields, forms, labels."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.fields: list[dict[str, str]] = []
        self.forms: list[Form] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self._hidden = 0
        self._form: Form | None = None
        self._select: dict[str, str] | None = None
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        if tag in {"title", "style", "script"}:
            self._hidden += 1
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if tag == "option" and self._select is not None and given.get("value") != "":
            self._select["value"] = self._select["value"] or "first"
        if tag in {"input", "select", "textarea"}:
            self._select = {**given, "type": "select", "value": ""} if tag == "select" else None
            entry = self._select or given
            self.fields.append(entry)
            if self._form:
                self._form.fields.append(entry)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"title", "style", "script"}:
            self._hidden -= 1
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(self.words)


class Visitor:
    """A browser without scripts, in front of one product."""

    def __init__(self, client: httpx.Client, config: dict[str, Any]) -> None:
        self.client = client
        self.config = config
        self.answer = httpx.Response(204)
        self.seen: list[str] = []

    def connect(self, number: int = 1, *, connection: str = "", email: str = "", name: str = "Ada", **more: Any) -> Any:
        """Connect as Databricks does, with the catalog that the user chose."""
        user = {
            "email": email or f"ada.{number}@acorn.example",
            "first_name": name,
            "last_name": "Lovelace",
            "databricks_user_id": number,
            "databricks_organization_id": 70,
            "is_connection_established": bool(connection),
        }
        if not connection:
            user["auth"] = {"personal_access_token": "dapi0123456789abcdef"}
        host = "organization.cloud.databricks.com"
        path = "/sql/1.0/endpoints/44a1419108002906"
        body = {
            "user_info": user,
            "hostname": host,
            "port": 443,
            "workspace_url": f"https://{host}/?o=70",
            "workspace_id": 70,
            "demo": False,
            "cloud_provider": "aws",
            "is_free_trial": False,
            "catalog_name": "sales_prod",
            "http_path": path,
            "jdbc_url": f"jdbc:spark://{host}:443/default;httpPath={path};",
            "databricks_jdbc_url": f"jdbc:databricks://{host}:443/default;httpPath={path};",
            "cluster_id": "44a1419108002906",
            "is_sql_endpoint": True,
            "is_sql_warehouse": True,
            **({"connection_id": connection} if connection else {}),
            **more,
        }
        return self._api("POST", "connect_path", body)

    def expire(self, email: str, number: int) -> None:
        """End the trial of a user."""
        self._api(
            "PUT",
            "expire_account_path",
            {"email": email, "databricks_user_id": number, "cloud_provider": "aws", "databricks_organization_id": 70},
        )

    def _api(self, method: str, key: str, body: dict[str, Any]) -> Any:
        headers = {"user-agent": "databricks", "accept-language": "en-US"}
        path = self.config["endpoints"][key]
        answer = self.client.request(method, path, json=body, headers=headers, auth=(USER, PASSWORD))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def redirect_of(self, scenario: str) -> str:
        """Where the API leads to in ``scenario``."""
        email = "Ada@databricks-test.com"
        made = self.connect(1, email=email)
        if scenario == "contact_admin":
            made = self.connect(2, email="eve@databricks-test.com", connection=made["connection_id"])
        elif scenario in {"sign_in", "purchase_product"}:
            if scenario == "purchase_product":
                self.expire(email, 1)
            made = self.connect(1, email=email, connection=made["connection_id"])
        assert made["redirect_value"] == scenario
        return str(made["redirect_uri"])

    def open(self, address: str) -> Page:
        """Open a page of the product, whatever host its address names."""
        parts = urlsplit(address)
        self._take(self.client.get(f"{parts.path}?{parts.query}"))
        return self.page

    def send(self, form: Form, **other: str) -> Page:
        """Send a form with all fields filled in, some of them otherwise."""
        self._take(self.client.post(form.action, data=form.filled() | other))
        return self.page

    def _take(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.seen.append(answer.text)

    @property
    def page(self) -> Page:
        return Page(self.answer.text)

    @property
    def path(self) -> str:
        return self.answer.url.path

    def walk(self, address: str) -> Page:
        """Open a page and send what it asks for, until it asks for nothing more or asks again for the same."""
        page = self.open(address)
        for _ in range(6):
            forms = [form for form in page.forms if form.method == "post" and "sign-out" not in form.action]
            if not forms or self.answer.status_code != 200:
                return page
            page = self.send(forms[0])
        return page


@contextmanager
def product(faults: Sequence[str] = (), variants: Sequence[str] = (), **config: Any) -> Iterator[Visitor]:
    """A visitor in front of the reference partner with these pages."""
    entries = find_page_entries(faults, variants)
    raw = overridden(default_config(), entries) | config
    app = create_app(raw, USER, PASSWORD, page_faults=faults, page_variants=variants)
    transport = InMemory(app, 8)
    with httpx.Client(transport=transport, base_url=f"http://{HOST}:{PORT}", follow_redirects=True) as client:
        yield Visitor(client, raw)
    transport.close()
