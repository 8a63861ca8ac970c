"""A walkthrough over the reference partner in this process, and a person who calls its page without a browser."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import partners

from certification.accuracy.in_memory import HOST, PORT, InMemory
from certification.attestations.file import AttestationFile
from certification.attestations.records import Document
from certification.client.partner import credentials_of
from certification.config.partner import PartnerConfig
from certification.reference import create_app, default_config
from certification.walkthrough.acting import Caller
from certification.walkthrough.app import create_app as create_page
from certification.walkthrough.guide import guides
from certification.walkthrough.walk import Walk

TOKEN = "test-token"
PAGE_PORT = 5000
OWN = f"http://127.0.0.1:{PAGE_PORT}"
BY_SCRIPT = {"accept": "application/json"}
SUITE = "2.0.0"
SECRET = "dapi-0123456789abcdef-secret"


def made(folder: Path, *, round_: str = "partner", transport: Callable[[], Any] | None = None, **config: Any) -> Walk:
    """A walk whose partner is the reference partner; ``transport`` makes another one."""
    raw = {**default_config(), "hostnames": ["localhost", HOST], **config}
    if transport is None:
        app = create_app(raw, partners.USER, partners.PASSWORD)

        def transport() -> InMemory:
            return InMemory(app, 10)

    credentials = credentials_of(partners.USER, partners.PASSWORD, SECRET)
    partner = PartnerConfig(raw)
    file = AttestationFile(folder / "attestations.json", partner.name)
    caller = Caller(partner, f"http://{HOST}:{PORT}", credentials, 10, transport)
    return Walk(partner, SUITE, file, caller, round_, lambda: datetime(2027, 1, 10, 10, tzinfo=UTC))


class Person:
    """Somebody at the page: follows its forms as a browser without a script would."""

    def __init__(self, walk: Walk, images: Path | None = None) -> None:
        self.walk = walk
        self._app = create_page(walk, TOKEN, PAGE_PORT, images or walk.file.folder)

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        headers = {"origin": OWN, "sec-fetch-site": "same-origin", **how.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value is not None}

        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url=OWN) as client:
                return await client.request(method, path, headers=headers, **how)

        return asyncio.run(asked())

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.ask("GET", f"/{TOKEN}/{path}", **how)

    def post(self, path: str, fields: dict[str, Any] | None = None, **how: Any) -> httpx.Response:
        return self.ask("POST", f"/{TOKEN}/{path}", content=urlencode(fields or {}), **how)

    def introduces(self, name: str = "Ann Lee") -> None:
        assert self.post("you", {"by": name, "organisation": "Acorn", "role": "QA"}).status_code == 303

    def does(self, case: str) -> list[httpx.Response]:
        """Prepares and presses, until there is nothing left to do."""
        answers = []
        while (step := self.walk.situation(case).next_step) is not None:
            if step.step.pressed:
                answers.append(self.post(f"case/{case}/press", {"step": step.step.id}, headers=BY_SCRIPT))
                assert answers[-1].status_code == 200, answers[-1].text
            else:
                assert self.post(f"case/{case}/prepare").status_code == 303
                assert self.walk.situation(case).next_step != step, "the preparation did not work"
        return answers

    def answers(self, case: str, seen: str = "seen", **fields: str) -> dict[str, str]:
        expected = guides()[case].expected
        workspace = "w" if guides()[case].real_workspace else ""
        return {
            "version": self.version(case),
            **{f"seen-{number}": seen for number in range(len(expected))},
            "workspace": workspace,
            **fields,
        }

    def version(self, case: str) -> str:
        return self.walk.situation(case).version

    @property
    def kept(self) -> Document:
        return self.walk.read()

    @property
    def text(self) -> str:
        """Everything that is kept, as text."""
        return self.walk.file.path.read_text(encoding="utf-8")


def told(response: httpx.Response) -> str:
    """What a page says in its notice."""
    found = re.search(r'id="notice".*?</div>', response.text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[0]) if found else ""


def message(response: httpx.Response) -> str:
    return str(json.loads(response.text)["message"])
