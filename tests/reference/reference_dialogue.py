"""Scripted dialogues with a partner, one per kind of mistake, and what of them can be observed from outside.

A fault is observable when the dialogue of its family goes otherwise than with the correct partner.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from reference_databricks import PASSWORD, USER, Answer, Databricks, Line, Someone, basic

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
PRINCIPAL = "0a0b0c0d-0e0f-4a0b-8c0d-0e0f0a0b0c0d"
ADDRESS = re.compile(r"ticket=[\w-]+")


class DiffersError(Exception):
    """The dialogue went otherwise than with the correct partner."""


class Dialogue:
    """Notes what can be observed; with ``expected``, stops at the first difference."""

    def __init__(self, app: Any, config: dict[str, Any], expected: list[Any] | None = None) -> None:
        self.line = Line(app, config)
        self.databricks = Databricks(config)
        self.config = config
        self.expected = expected
        self.noted: list[Any] = []
        self._names: dict[str, str] = {}
        self._number = 1000

    def someone(self, company: str = "", **more: Any) -> Someone:
        """Return somebody whom the partner has never seen."""
        self._number += 1
        number = self._number
        given = {"user_id": number * 7, "workspace": number * 11, **more}
        email = given.pop("email", None) or f"user{number}@{company or f'company{number}.com'}"
        return Someone(email=email, **given)

    def colleague(self, other: Someone, **more: Any) -> Someone:
        """Return a new user of the same company in the same workspace."""
        place = {"workspace": other.workspace, "cloud": other.cloud, **more}
        return self.someone(other.email.partition("@")[2], **place)

    async def api(self, operation: str, body: Any = None, **options: Any) -> Answer:
        """Call the partner and note the answer; skip endpoints that the config lacks."""
        answer = await self.line.api(operation, body, **options)
        self.note(answer)
        return answer

    async def first(self, who: Someone, *, options: dict[str, Any] | None = None, **more: Any) -> str:
        """Make a first connect, open the page, and return the connection id."""
        answer = await self.api("connect", self.databricks.connect(who, **more), **(options or {}))
        return await self.look(answer)

    async def sign_in(self, who: Someone, connection_id: str, **options: Any) -> None:
        """Sign in, and open the page."""
        await self.look(await self.api("connect", self.databricks.sign_in(who, connection_id), **options))

    async def look(self, answer: Answer) -> str:
        """Open the page of a successful connect; return the connection id, if any."""
        try:
            content = answer.json()
        except ValueError:
            return ""
        if not isinstance(content, dict) or "redirect_uri" not in content:
            return ""
        self.note(await self.line.open(str(content["redirect_uri"])))
        return str(content.get("connection_id", ""))

    async def delete(self, who: Someone, connection_id: str, **more: Any) -> None:
        """Delete a connection."""
        await self.api("delete", self.databricks.delete(who, connection_id, **more))

    def note(self, answer: Answer) -> None:
        """Note what can be observed of ``answer``; raise where it differs from what is expected."""
        headers = sorted((name, value) for name, value in answer.headers if name.lower() != "content-length")
        seen = (answer.status, headers, self._normal(answer.body))
        self.noted.append(seen)
        position = len(self.noted) - 1
        if self.expected is not None and (position >= len(self.expected) or self.expected[position] != seen):
            raise DiffersError

    def _normal(self, body: bytes) -> Any:
        text = ADDRESS.sub("ticket=*", body.decode("utf-8", "backslashreplace"))
        try:
            content = json.loads(text)
        except ValueError:
            return text
        for name in ("connection_id", "pagination_token"):
            if isinstance(content, dict) and content.get(name) and isinstance(content[name], str):
                content[name] = self._names.setdefault(content[name], f"{name} {len(self._names)}")
        return json.dumps(content) if text == json.dumps(json.loads(text), ensure_ascii=False) else text


Script = "Callable[[Dialogue], Awaitable[None]]"


async def basics(talk: Dialogue) -> None:
    """Make a connection, come back, bring a colleague, connect again, make mistakes."""
    ada = talk.someone()
    first = await talk.first(ada)
    for _ in range(3):
        await talk.sign_in(ada, first)
    bob = talk.colleague(ada)
    await talk.sign_in(bob, first)
    await talk.sign_in(bob, first)
    await talk.sign_in(ada, first)
    second = await talk.first(ada)
    await talk.sign_in(ada, second)
    await talk.sign_in(ada, first)
    carl = talk.colleague(ada)
    third = await talk.first(carl)
    await talk.sign_in(carl, third)
    await talk.first(talk.colleague(ada, workspace=5))
    await talk.sign_in(ada, UNKNOWN_ID)
    await talk.sign_in(talk.someone(), UNKNOWN_ID)
    await talk.api("connect", {**talk.databricks.connect(talk.someone()), "port": "443"})
    await talk.api("connect", raw=b"{")


async def workspaces(talk: Dialogue) -> None:
    """Play one user in several workspaces, neighbours, and both clouds."""
    ada = talk.someone()
    first = await talk.first(ada)
    elsewhere = Someone(ada.email, ada.user_id, 77)
    second = await talk.first(elsewhere)
    for who, connection in ((elsewhere, second), (ada, first)):
        await talk.sign_in(who, connection)
    azure = talk.someone(cloud="azure", workspace=ada.workspace, user_id=ada.user_id)
    other = await talk.first(azure)
    await talk.sign_in(azure, other)
    await talk.sign_in(ada, first)
    colleague = talk.colleague(ada, workspace=78)
    await talk.first(colleague)
    await talk.sign_in(ada, first)
    for base, step in ((2**31, 2**32), (2**53, 1), (2**62, 1)):
        near = talk.someone(workspace=base, user_id=base)
        far = talk.someone(workspace=base + step, user_id=base + step)
        one, two = await talk.first(near), await talk.first(far)
        await talk.sign_in(near, one)
        await talk.sign_in(far, two)
    huge = talk.someone(workspace=2**63 - 5, user_id=2**63 - 5)
    await talk.sign_in(huge, await talk.first(huge))
    for _ in range(9):
        newcomer = talk.someone()
        await talk.sign_in(newcomer, await talk.first(newcomer))
    await talk.sign_in(ada, first)


async def deletions(talk: Dialogue) -> None:
    """Delete connections and see who is touched."""
    ada = talk.someone()
    first = await talk.first(ada)
    second = await talk.first(ada)
    away = Someone(ada.email, ada.user_id, 99)
    third = await talk.first(away)
    colleague = talk.colleague(ada, workspace=98)
    fourth = await talk.first(colleague)
    azure = talk.someone(cloud="azure", workspace=ada.workspace, user_id=ada.user_id)
    azure.email = f"{ada.email.partition('@')[0]}@elsewhere.com"
    fifth = await talk.first(azure)
    await talk.delete(ada, first)
    await talk.sign_in(ada, first)
    for who, connection in ((ada, second), (away, third), (colleague, fourth), (azure, fifth)):
        await talk.sign_in(who, connection)
    await talk.delete(ada, first)
    await talk.delete(ada, UNKNOWN_ID)
    if "test_connection_path" in talk.config["endpoints"]:
        await talk.api("test", talk.databricks.test(ada, first))
        await talk.api("test", talk.databricks.test(ada, second))
    sixth = await talk.first(ada)
    await talk.sign_in(ada, first)
    await talk.delete(ada, sixth, user=True)
    await talk.sign_in(away, third)
    lone = talk.someone()
    await talk.delete(lone, await talk.first(lone))
    await talk.sign_in(lone, await talk.first(lone))


async def people(talk: Dialogue) -> None:
    """Bring names and addresses of every kind."""
    names = (
        "Zoë",
        "Łucja",
        "李",
        "😀",
        "שרה",
        "e\u0301",
        "a\u0328\u0301",
        "O'Neil",
        '"Q"',
        "a\\b",
        "50%",
        "{x}",
        "A&B",
        "x" * 60,
        "<b>",
        "a; --",
    )
    for name in names:
        await talk.first(talk.someone(first_name=name))
    for more in ({"last_name": ""}, {"first_name": ""}, {"last_name": "y" * 300}):
        await talk.first(talk.someone(**more))
    await talk.first(talk.someone(first_name="z" * 2000))
    await talk.first(talk.someone(), catalog_name="c" * 70)
    pairs = (
        ("ann+a@tags.com", "ann+b@tags.com"),
        ("b.o@dots.com", "bo@dots.com"),
        ("info@one.com", "info@two.com"),
        ("c@CAPS.com", "d@caps.com"),
        ("e@first.co.uk", "f@second.co.uk"),
        ("g@acme.com", "h@acme.org"),
    )
    for pair in pairs:
        for email in pair:
            await talk.first(talk.someone(email=email))
    case = talk.someone(email="Casey@case.com")
    connection = await talk.first(case)
    case.email = "casey@CASE.com"
    await talk.sign_in(case, connection)
    await talk.first(case)
    for email in (
        f"{'l' * 60}@{'m' * 60}.com",
        "o'neil@marks.com",
        "x@my-firm.com",
        "Q!#$%&*@marks.com",
        "9to5@marks.com",
        "n@new.photography",
        "s@eu.firm.com",
    ):
        who = talk.someone(email=email)
        await talk.sign_in(who, await talk.first(who))


async def fields(talk: Dialogue) -> None:
    """Send each optional field, and leave each out."""
    await talk.first(talk.someone())
    values: tuple[dict[str, Any], ...] = (
        {"service_principal_id": PRINCIPAL},
        {"database_name": "default"},
        {"data_source_connector": "Oracle"},
        {"destination_location": "s3://bucket/path"},
        {"destination_location": "abfss://container@account.dfs.core.windows.net/path"},
        {"destination_location": "gs://bucket/path"},
        {"is_free_trial": True},
        {"connection_scope": "user"},
        {"connection_scope": "workspace"},
        {"cloud_provider_region": "us-west-2"},
        {"cloud_provider_region": "europe-west1"},
        {"hostname": "adb-1.2.azuredatabricks.net"},
        {"catalog_name": "my-catalog"},
        {"catalog_name": "my catalog"},
        {"catalog_name": "my.catalog"},
        {"catalog_name": "my`catalog"},
        {"catalog_name": "catálogo"},
        {"catalog_name": "hive_metastore"},
        {"unknown_field": {"a": [1.5]}},
    )
    for value in values:
        await talk.first(talk.someone(), **value)
    everything = {
        "service_principal_id": PRINCIPAL,
        "connection_scope": "user",
        "cloud_provider_region": "us-west-2",
        "catalog_name": "main",
    }
    for missing in everything:
        await talk.first(talk.someone(), **{name: value for name, value in everything.items() if name != missing})
    for cloud in ("azure", "gcp"):
        await talk.first(talk.someone(cloud=cloud))
    options: tuple[dict[str, str], ...] = (
        {"content-type": "application/json"},
        {"accept-language": "de-DE"},
        {"accept-language": "en"},
        {"accept-language": "zh-Hant-TW"},
    )
    for headers in options:
        who = talk.someone()
        await talk.sign_in(who, await talk.first(who, options={"headers": headers}), headers=headers)
    body = talk.databricks.connect(talk.someone())
    body["user_info"]["auth"].setdefault("personal_access_token", None)
    await talk.api("connect", body)


async def credentials(talk: Dialogue) -> None:
    """Try every endpoint with every kind of wrong credentials."""
    ada = talk.someone()
    known = await talk.first(ada)
    bodies = {
        "connect": talk.databricks.connect(ada),
        "delete": talk.databricks.delete(ada, UNKNOWN_ID),
        "test": talk.databricks.test(ada, known),
        "reset": talk.databricks.reset(ada),
        "expire": talk.databricks.expire(ada),
        "connectors": None,
    }
    user, password = USER.encode(), PASSWORD.encode()
    right = user + b":" + password
    wrong: tuple[str | None, ...] = (
        None,
        "Basic",
        "Basic ???",
        basic(b"no-colon"),
        basic(b":"),
        basic(right + b"x"),
        basic(user + b":" + password[:-1]),
        basic(user + b":wrong"),
        basic(b"someone:" + password),
        basic(right.upper()),
        basic(b" " + right + b" "),
        basic(user + b":" + password.partition(b":")[0] + b":other"),
        basic(user + b":" + PASSWORD.encode("ascii", "ignore")),
        basic(user + b":" + password[:9] + b"other"),
        basic().replace("Basic", "Bearer"),
        "Bearer abc",
    )
    for operation, body in bodies.items():
        await talk.api(operation, body, authorization=None, peer=50001)
    for number, authorization in enumerate(wrong):
        await talk.api("connect", bodies["connect"], authorization=authorization, peer=50002 + number)
    await talk.api("connect", raw=b"{", authorization=None)
    await talk.api("delete", bodies["delete"], authorization=basic(b"a:b"))
    await talk.api("connect", {**bodies["connect"], "port": "443"}, authorization=basic(b"a:b"))
    await talk.api("connect", bodies["connect"], authorization=basic().replace("Basic", "basic"))
    await talk.api("connectors", authorization=basic(b"a:b"))


async def mistakes(talk: Dialogue) -> None:
    """Send everything that is malformed."""
    ada = talk.someone()
    good = talk.databricks.connect(ada)
    for raw in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{}",
        b"not json",
        json.dumps(good).encode()[:-9],
        b'{"a":' * 2000,
    ):
        await talk.api("connect", raw=raw)
    for name in ("user_info", "hostname", "demo", "cloud_provider"):
        await talk.api("connect", {key: value for key, value in good.items() if key != name})
        await talk.api("connect", {**good, name: None})
        await talk.api("connect", {**good, name: 17.5})
    await talk.api("connect", {**good, "cloud_provider": "gpc"})
    await talk.api(
        "connect", {key: value for key, value in talk.databricks.sign_in(ada, "x").items() if key != "connection_id"}
    )
    for operation in ("delete", "test", "reset", "expire"):
        await talk.api(operation, {})
        await talk.api(operation, {"connection_id": 5, "domain": 5, "email": 5})
    await talk.api("connectors", query="pagination_token=unknown")
    for method in ("GET", "PUT", "PATCH"):
        await talk.api("connect", good, method=method)


async def hooks(talk: Dialogue) -> None:
    """Reset and expire test accounts, and see who is touched."""
    await _domains(talk)
    await _resets(talk)
    await _expiries(talk)


async def _domains(talk: Dialogue) -> None:
    domains = (
        "real.com",
        "evildatabricks-test.com",
        "databricks-test.com.evil.example",
        "my-databricks-test.com.example",
        "databricks-testxcom",
        "databricks-test.org",
        "acmetest.com",
        " databricks-test.com ",
        "databricks-test.com.",
        "ｄatabricks-test.com",
        "databrickstest.com",
    )
    for domain in domains:
        who = talk.someone(domain.strip())
        connection = await talk.first(who)
        await talk.api("reset", talk.databricks.reset(who, domain))
        await talk.api("expire", talk.databricks.expire(who))
        await talk.sign_in(who, connection)
    real = talk.someone()
    real.email = f"databricks-test.com-{real.user_id}@real.com"
    connection = await talk.first(real)
    await talk.api("expire", talk.databricks.expire(real))
    await talk.sign_in(real, connection)
    impostor = Someone("x@databricks-test.com", real.user_id, real.workspace)
    await talk.api("expire", talk.databricks.expire(impostor))
    await talk.sign_in(real, connection)


async def _resets(talk: Dialogue) -> None:
    ada = talk.someone("databricks-test.com")
    first, second = await talk.first(ada), await talk.first(ada)
    others = (
        talk.colleague(ada, workspace=71),
        talk.someone("databricks-test.com", cloud="azure", workspace=ada.workspace),
        talk.someone("abc.databricks-test.com", workspace=ada.workspace),
        talk.someone("databricks-demo.com", workspace=ada.workspace),
        talk.someone(workspace=ada.workspace),
    )
    everybody = [(other, await talk.first(other)) for other in others]
    loud = talk.colleague(ada)
    loud.email = loud.email.upper()
    everybody.append((loud, await talk.first(loud)))
    await talk.api("reset", talk.databricks.reset(ada))
    for who, connection in ((ada, first), (ada, second), *everybody):
        await talk.sign_in(who, connection)
    await talk.sign_in(ada, await talk.first(ada))
    lone = talk.someone("lone.databricks-test.com")
    await talk.first(lone)
    await talk.api("expire", talk.databricks.expire(lone))
    await talk.api("reset", talk.databricks.reset(lone))
    await talk.sign_in(lone, await talk.first(lone))


async def _expiries(talk: Dialogue) -> None:
    ada = talk.someone("databricks-test.com")
    first = await talk.first(ada)
    bob = talk.colleague(ada)
    await talk.sign_in(ada, first)
    await talk.sign_in(bob, first)
    stranger = talk.someone(workspace=ada.workspace)
    other = await talk.first(stranger)
    azure = talk.someone("databricks-test.com", cloud="azure", workspace=ada.workspace, user_id=ada.user_id)
    fourth = await talk.first(azure)
    await talk.api("expire", talk.databricks.expire(ada))
    for who, connection in ((ada, first), (ada, first), (bob, first), (stranger, other), (azure, fourth)):
        await talk.sign_in(who, connection)
    await talk.sign_in(talk.colleague(ada), first)
    await talk.sign_in(ada, await talk.first(ada))
    await talk.api("expire", talk.databricks.expire(talk.someone("databricks-test.com")))


async def demos(talk: Dialogue) -> None:
    """Run the demo flow for two users, and again."""
    ada = talk.someone()
    bob = talk.colleague(ada)
    first, second = await talk.first(ada, demo=True), await talk.first(bob, demo=True)
    await talk.sign_in(ada, first)
    await talk.sign_in(bob, second)
    third = await talk.first(ada, demo=True)
    await talk.sign_in(ada, third)


async def lists(talk: Dialogue) -> None:
    """Read the list of connectors in every way, twice."""
    for start in ("pagination_token=", "", "pagination_token="):
        query = start
        for _ in range(6):
            answer = await talk.api("connectors", query=query)
            content = answer.json() if answer.status == 200 else {}
            token = content.get("pagination_token") if isinstance(content, dict) else None
            if not isinstance(token, str):
                break
            query = f"pagination_token={token.replace('+', '%2B')}"
    await talk.api("connectors", query="pagination_token=unknown")


async def tests(talk: Dialogue) -> None:
    """Test connections: a good one, an unknown one, a deleted one."""
    ada = talk.someone()
    first = await talk.first(ada)
    for connection in (first, UNKNOWN_ID, first):
        await talk.api("test", talk.databricks.test(ada, connection))
    await talk.delete(ada, first)
    await talk.api("test", talk.databricks.test(ada, first))


async def memory(talk: Dialogue) -> None:
    """Change TCP connections, repeat, and see what was kept."""
    ada = talk.someone("databricks-test.com")
    first = await talk.first(ada)
    await talk.sign_in(ada, first, peer=50009)
    await talk.sign_in(ada, first, headers={"cookie": "session=0"})
    bob = talk.colleague(ada)
    await talk.sign_in(bob, first, peer=50009)
    await talk.sign_in(bob, await talk.first(bob))
    elsewhere = Someone(ada.email, ada.user_id, 55)
    await talk.sign_in(elsewhere, await talk.first(elsewhere))
    azure = talk.someone(cloud="azure", workspace=ada.workspace)
    await talk.first(azure)
    await talk.first(ada)
    await talk.first(talk.colleague(ada, workspace=56))
    await talk.api("test", talk.databricks.test(ada, first))
    await talk.sign_in(ada, UNKNOWN_ID)
    await talk.sign_in(ada, first)
    await talk.api("expire", talk.databricks.expire(ada))
    await talk.sign_in(ada, first)
    await talk.delete(ada, first)
    await talk.sign_in(ada, first)
    await talk.api("test", talk.databricks.test(ada, first))
    await lists(talk)


async def steadiness(talk: Dialogue) -> None:
    """Do the same again and again."""
    everybody = []
    for _ in range(8):
        who = talk.someone()
        everybody.append((who, await talk.first(who)))
    for who, connection in everybody:
        await talk.sign_in(who, connection)
        await talk.sign_in(who, connection)
    for who, connection in everybody:
        await talk.sign_in(who, UNKNOWN_ID)
        await talk.sign_in(who, connection)


async def concurrency(talk: Dialogue) -> None:
    """Click twice at once, and come with others at once."""
    ada = talk.someone()
    bodies = [talk.databricks.connect(ada)] * 2 + [talk.databricks.connect(talk.someone()) for _ in range(2)]
    for pair in (bodies[:2], bodies[2:]):
        answers = await asyncio.gather(*(talk.line.api("connect", body) for body in pair))
        # Which of two equal requests comes first is open, so only what both have in common is noted.
        kinds = sorted((answer.status, answer.json().get("user_status", "")) for answer in answers)
        ids = {answer.json().get("connection_id") for answer in answers}
        talk.note(Answer(200, [], repr((kinds, len(ids))).encode()))
        for answer, body in zip(answers, pair, strict=True):
            who = Someone(body["user_info"]["email"], body["user_info"]["databricks_user_id"], body["workspace_id"])
            await talk.sign_in(who, str(answer.json().get("connection_id")))


SCRIPTS: dict[str, tuple[Any, ...]] = {
    "answers": (basics, tests, deletions, hooks),
    "wire": (basics, workspaces, hooks, credentials, deletions, people),
    "connect": (basics, workspaces),
    "sign-in": (basics,),
    "new-users": (basics,),
    "manual-sign-up": (basics,),
    "deletion": (deletions,),
    "numbers": (workspaces, deletions),
    "workspaces": (workspaces,),
    "text": (people,),
    "e-mail": (people,),
    "optional-fields": (fields,),
    "headers": (fields,),
    "oauth": (basics, fields),
    "versions": (fields, deletions),
    "authentication": (credentials,),
    "malformed": (mistakes,),
    "test-domains": (hooks,),
    "delete-account": (hooks,),
    "expire-account": (hooks,),
    "secrecy": (basics, credentials),
    "redirect-hosts": (basics,),
    "redirect-pages": (basics, hooks),
    "caching": (memory,),
    "sessions": (memory,),
    "steadiness": (steadiness,),
    "concurrency": (concurrency,),
    "connectors": (lists,),
    "demo": (demos,),
    "test-connection": (tests,),
}
