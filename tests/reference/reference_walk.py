"""One walk through the API with assertions, written from the API documentation for whatever a config offers.

It holds the correct partner, under every kind of config, and every correct variant to the same rules.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from reference_databricks import Answer, Databricks, Line, Someone, basic

from certification.reference.validation import first_error

if TYPE_CHECKING:
    from certification.reference import Variant

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


class Walk:
    def __init__(self, app: Any, config: dict[str, Any], variant: Variant | None = None) -> None:
        self.line = Line(app, config)
        self.databricks = Databricks(config)
        self.config = config
        self.endpoints = config["endpoints"]
        self.manual = config.get("require_manual_signup", False)
        self.advised = bool(variant and variant.advisories)
        self.name = variant.name if variant else ""
        self.cloud = config["supported_clouds"][0]
        self.number = 10**15

    def someone(self, company: str = "", **more: Any) -> Someone:
        self.number += 13
        fields = {"cloud": self.cloud, "user_id": self.number, "workspace": self.number + 1, **more}
        return Someone(email=f"U{self.number}@{company or f'firm{self.number}.example'}", **fields)

    async def call(self, operation: str, body: Any = None, **options: Any) -> Answer:
        answer = await self.line.api(operation, body, headers={"accept-encoding": "gzip, deflate"}, **options)
        if answer.status == 429:
            answer = await self.line.api(operation, body, headers={"accept-encoding": "gzip, deflate"}, **options)
        headers = {name.lower(): value for name, value in answer.headers}
        unpack = {"gzip": gzip.decompress, "deflate": zlib.decompress}.get(headers.get("content-encoding", ""), bytes)
        answer.body = unpack(answer.body)
        if answer.body and operation not in {"reset", "expire"}:
            assert headers["content-type"].lower().startswith("application/json")
        return answer

    async def connect(self, body: dict[str, Any]) -> Any:
        answer = await self.call("connect", body)
        assert answer.status in {200, 201}, answer
        content = answer.json()
        present = {name: value for name, value in content.items() if value is not None}
        assert first_error("connection", present) == ""
        host = urlsplit(content["redirect_uri"]).hostname or ""
        allowed = [name.lower() for name in self.config["hostnames"]]
        assert any(host == name or host.endswith(f".{name}") for name in allowed)
        page = await self.line.open(content["redirect_uri"])
        assert 200 <= page.status < 400
        assert b"dapi0123456789abcdef" not in answer.body + page.body
        published = self.config.get("is_published_app", False)
        if "AUTH_OAUTH_U2M" in self.config.get("auth_options", ()) and not published:
            assert urlsplit(content["oauth_redirect_uri"]).netloc
        elif not self.advised:
            assert "oauth_redirect_uri" not in present
        return present

    async def first(self, who: Someone, **more: Any) -> Any:
        content = await self.connect(self.databricks.connect(who, **more))
        assert content["configured_resources"] is True
        assert content["connection_id"]
        assert content["redirect_value"] in {"create_trial", "sign_in", "purchase_product"}
        return content

    async def sign_in(self, who: Someone, connection_id: str) -> Any:
        body = self.databricks.sign_in(who, connection_id)
        if self.manual:
            self.refused(await self.call("connect", body), 404, "account_not_found", "connection_not_found")
            return None
        content = await self.connect(body)
        assert content["configured_resources"] is False
        assert "connection_id" not in content
        return content

    @staticmethod
    def refused(answer: Answer, status: int, *reasons: str) -> None:
        assert answer.status == status, answer
        content = {name: value for name, value in answer.json().items() if value is not None}
        assert first_error("error-response", content) == ""
        assert content["error_reason"] in reasons

    async def everything(self) -> None:
        await self.core()
        await self.new_user()
        await self.again()
        await self.workspaces()
        if self.config.get("supports_demo"):
            await self.demo()
        if "delete_account_path" in self.endpoints:
            await self.reset()
        if "expire_account_path" in self.endpoints:
            await self.expire()
        if "get_connectors_path" in self.endpoints:
            await self.connectors()
        await self.errors()

    async def core(self) -> None:
        ada = self.someone()
        made = await self.first(ada)
        assert made["redirect_value"] == "create_trial"
        assert made["user_status"] in {"new", "not_applicable"}
        assert made["account_status"] in {"new", "not_applicable"}
        for _ in range(2):
            content = await self.sign_in(ada, made["connection_id"])
            if content and not self.advised:
                assert (content["user_status"], content["account_status"]) == ("existing", "active")
                assert content["redirect_value"] == "sign_in"
        unknown = self.databricks.sign_in(ada, UNKNOWN_ID)
        self.refused(await self.call("connect", unknown), 404, "connection_not_found")

    async def new_user(self) -> None:
        ada = self.someone()
        made = await self.first(ada)
        bob = self.someone(ada.email.partition("@")[2], workspace=ada.workspace)
        answer = await self.call("connect", self.databricks.sign_in(bob, made["connection_id"]))
        if self.manual:
            self.refused(answer, 404, "account_not_found", "connection_not_found")
            return
        match self.config["new_user_action"]:
            case "auto_add":
                content = answer.json()
                assert (content["user_status"], content["account_status"]) == ("new", "active")
                assert content["redirect_value"] in {"sign_in", "create_trial"}
            case "invite":
                content = answer.json()
                assert (content["user_status"], content["redirect_value"]) == ("not_applicable", "contact_admin")
            case "not_found":
                self.refused(answer, 404, "account_not_found")
            case "error":
                self.refused(answer, 500, "general_error")

    async def again(self) -> None:
        ada = self.someone()
        ids = [(await self.first(ada))["connection_id"] for _ in range(2)]
        assert len(set(ids)) == 2
        await self.sign_in(ada, ids[1])
        if "test_connection_path" in self.endpoints:
            answer = await self.call("test", self.databricks.test(ada, ids[1]))
            results = answer.json()["test_results"]
            assert answer.status == 200
            assert results
            assert all(result["test_name"] and result["status"] in {"PASS", "FAIL", "UNKNOWN"} for result in results)
        if "delete_connection_path" not in self.endpoints:
            return
        answer = await self.call("delete", self.databricks.delete(ada, ids[1]))
        assert answer.status == 200
        assert first_error("delete-connection-response", answer.json()) == ""
        if answer.json()["resource_status"] == "resources_deleted":
            gone = await self.call("connect", self.databricks.sign_in(ada, ids[1]))
            self.refused(gone, 404, "connection_not_found")
            self.refused(await self.call("delete", self.databricks.delete(ada, ids[1])), 404, "connection_not_found")
            if "test_connection_path" in self.endpoints:
                await self.test_is_no_success(ada, ids[1])
        self.refused(await self.call("delete", self.databricks.delete(ada, UNKNOWN_ID)), 404, "connection_not_found")
        await self.sign_in(ada, (await self.first(ada))["connection_id"])

    async def test_is_no_success(self, who: Someone, connection_id: str) -> None:
        answer = await self.call("test", self.databricks.test(who, connection_id))
        if answer.status == 200:
            assert "FAIL" in {result["status"] for result in answer.json()["test_results"]}
        else:
            self.refused(answer, 404, "connection_not_found")

    async def workspaces(self) -> None:
        ada = self.someone()
        here = await self.first(ada)
        away = Someone(ada.email, ada.user_id, ada.workspace + 10**6, cloud=ada.cloud)
        there = await self.first(away)
        kept_apart = {"company-per-workspace": ("existing", "new"), "user-per-workspace": ("new", "active")}
        expected = kept_apart.get(self.name, ("existing", "active"))
        assert (there["user_status"], there["account_status"]) == expected
        await self.sign_in(ada, here["connection_id"])
        await self.sign_in(away, there["connection_id"])

    async def demo(self) -> None:
        ada = self.someone()
        bob = self.someone(ada.email.partition("@")[2], workspace=ada.workspace)
        ids = set()
        for who in (ada, bob, ada):
            content = await self.first(who, demo=True)
            ids.add(content["connection_id"])
            assert content["redirect_value"] == "create_trial"
            assert (content["user_status"], content["account_status"]) == ("new", "new")
            await self.sign_in(who, content["connection_id"])
        assert len(ids) == 3

    async def reset(self) -> None:
        ada = self.someone("databricks-test.com")
        made = await self.first(ada)
        answer = await self.call("reset", self.databricks.reset(ada))
        assert answer.status == 200
        gone = await self.call("connect", self.databricks.sign_in(ada, made["connection_id"]))
        self.refused(gone, 404, "connection_not_found")
        await self.sign_in(ada, (await self.first(ada))["connection_id"])
        real = self.someone("evildatabricks-test.com")
        made = await self.first(real)
        self.refused(await self.call("reset", self.databricks.reset(real)), 400, "bad_request")
        await self.sign_in(real, made["connection_id"])

    async def expire(self) -> None:
        ada = self.someone("databricks-demo.com")
        made = await self.first(ada)
        answer = await self.call("expire", self.databricks.expire(ada))
        assert answer.status == 200
        content = await self.sign_in(ada, made["connection_id"])
        if content:
            assert (content["account_status"], content["redirect_value"]) == ("expired", "purchase_product")
        bob = self.someone("databricks-demo.com", workspace=ada.workspace)
        answer = await self.call("connect", self.databricks.sign_in(bob, made["connection_id"]))
        if answer.status == 200:
            whole = self.config.get("trial_type") == "account"
            assert answer.json()["account_status"] == ("expired" if whole else "active")
        self.refused(await self.call("expire", self.databricks.expire(self.someone())), 400, "bad_request")

    async def connectors(self) -> None:
        token, pages = "", []
        while True:
            answer = await self.call("connectors", query=f"pagination_token={quote(token, safe='')}")
            assert answer.status == 200
            content = {name: value for name, value in answer.json().items() if value is not None}
            assert first_error("connector-response", content) == ""
            pages += content["connectors"]
            token = content.get("pagination_token", "")
            if not token:
                break
        identifiers = [(connector["identifier"], connector["type"]) for connector in pages]
        assert identifiers
        assert len(set(identifiers)) == len(identifiers)

    async def errors(self) -> None:
        body = self.databricks.connect(self.someone())
        for authorization in (None, basic(b"wrong:wrong"), "Bearer x"):
            self.refused(await self.call("connect", body, authorization=authorization), 401, "unauthorized")
        self.refused(await self.call("connect", raw=b"{"), 400, "bad_request")
        if not self.advised:
            self.refused(await self.call("connect", {**body, "demo": "false"}), 400, "bad_request")
            assert json.loads((await self.call("connect", {})).body)["error_reason"] == "bad_request"
        assert (await self.call("connect", {**body, "something_new": {"a": 1.5}})).status in {200, 201}
