"""The script of a finding works: for a shell with curl, as new users each time, with the bytes that were sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import partners
import pytest
from partners import Answer, Call, Partner, error
from running import Outcome

from certification.evidence.exchange import Exchange, Request, Response
from certification.evidence.steps import Act, When
from certification.report.repeat import script

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def played(text: str, url: str, tmp_path: Path) -> str:
    path = tmp_path / "again.sh"
    path.write_text(text, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "BASIC_USER": partners.USER, "BASIC_PASSWORD": partners.PASSWORD}
    done = subprocess.run(
        ["/bin/sh", str(path)], env=environment | {"URL": url}, capture_output=True, check=True, timeout=60
    )
    assert done.stderr == b""
    return done.stdout.decode("utf-8", "replace")


def test_script_of_a_finding_plays_its_calls_as_new_users(
    partner: Partner, certify: Callable[..., Outcome], tmp_path: Path
) -> None:
    partner.sign_in = lambda _call: error(500, "general_error")
    outcome = certify(f"--partner-url={partner.url}", "--certification-profile=quick", "-k", "P300", "-q")
    finding = next(each for each in outcome.findings("must") if each["case"] == "P300")
    before = [call for call in partner.calls if call.path == "/connect"]
    said = [played(finding["script"], partner.url, tmp_path) for _ in range(2)]
    for text in said:
        assert "HTTP/1.1 200" in text
        assert "HTTP/1.1 500" in text.split("== ")[-2]
        assert text.split("== ")[-1].startswith("expected: status 200; it was: status 500")
    calls = [call for call in partner.calls if call.path == "/connect"][len(before) :]
    assert [call.is_first_connect for call in calls] == [True, False] * 2
    places_of = {calls[0].json["workspace_id"]: 0, calls[2].json["workspace_id"]: 1}
    people = {json.dumps(call.json["user_info"]["email"]) for call in [*before, *calls]}
    assert len({call.json["user_info"]["email"] for call in calls}) == 2
    assert len(places_of) == 2
    assert len(people) >= 3
    for first, second in (calls[:2], calls[2:]):
        # The id is the one that the partner gave in this run of the script.
        assert second.json["connection_id"] in said[places_of[first.json["workspace_id"]]]
        assert first.json["user_info"]["auth"]["personal_access_token"].startswith("dapi")
        assert first.json["user_info"]["email"] == second.json["user_info"]["email"]


BODIES = {
    "plain": ('{"a": "it\'s $HOME `id` \\\\n %s"}', "utf-8"),
    "line breaks": ('{\n\t"a": "x"\r\n}\n', "utf-8"),
    "beyond ASCII": ('{"a": "größe \U0001f511"}', "utf-8"),
    "control characters": ('{"a": "\x01\x7f\\"}', "utf-8"),
    "not UTF-8": ('{"a": "\u00e9\u00ff"}', "latin-1"),
    "UTF-16": ('{"a": 1}', "utf-16"),
    "percent and digits": ("%d%%s\\101 100%", "utf-8"),
}


@pytest.mark.parametrize("name", BODIES)
def test_bytes_are_those_that_were_sent(name: str, partner: Partner, tmp_path: Path) -> None:
    body, charset = BODIES[name]
    headers = (("Content-Type", "application/json"),)
    request = Request("connect", "POST", f"{partner.url}/connect", headers, body, "good", charset)
    played(script([Exchange("N100", "1", 1, Act.FIRST_CONNECT, When.NOT_JSON, request, None)]), partner.url, tmp_path)
    assert partner.calls[-1].body == body.encode(charset)
    assert partner.calls[-1].headers["authorization"] == partners.basic(partners.USER, partners.PASSWORD)


def test_neighbours_stay_neighbours_and_tokens_of_pages_are_handed_on(partner: Partner, tmp_path: Path) -> None:
    asked: list[Call] = []

    def answer(call: Call) -> Answer:
        asked.append(call)
        return Answer(200, {"connectors": [], "pagination_token": f"a/b&c={len(asked)}"})

    partner.everything = answer
    here = f"{partner.url}/connectors"
    body = '{"workspace_id": 9007199254740993, "other": 9007199254740994, "databricks_user_id": 9007199254740994}'
    given = Response(200, "HTTP/1.1", (), '{"pagination_token": "old/1"}', 29, "")
    chain = [
        Exchange("P", "1", 1, Act.FIRST_CONNECT, When.PLAIN, Request("connect", "POST", here, (), body), None),
        Exchange("P", "1", 2, Act.LIST_CONNECTORS, When.PLAIN, Request("list_connectors", "GET", here, (), ""), given),
        Exchange(
            "P", "1", 3, Act.LIST_CONNECTORS, When.NEXT_PAGE,
            Request("list_connectors", "GET", f"{here}?pagination_token={quote('old/1', safe='')}", (), ""), None,
        ),
    ]  # fmt: skip
    played(script(chain), partner.url, tmp_path)
    sent = asked[0].json
    assert sent["databricks_user_id"] - sent["workspace_id"] == 1
    assert sent["other"] == sent["databricks_user_id"]
    assert sent["workspace_id"] > 2**53 - 2**19
    assert asked[2].target.lower() == "/connectors?pagination_token=a%2fb%26c%3d2"


def test_script_of_nothing_is_empty() -> None:
    assert script([]) == ""
