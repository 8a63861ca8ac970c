"""The walk of a new field: a made-up version 2.3.0 brings one to a request and one to an answer, in the schemas alone.

The package is copied with changed schemas and asked in a process of its own, so that nothing else can have been edited.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from running import ROOT

ASK = """
import json
from certification.config.partner import check_config, trial_config
from certification.contract.validation import schema_errors
from certification.contract.versions import NEWEST
from certification.databricks.people import Identities
from certification.databricks.requests import connect_body, right_body, user_info
from certification.generate import examples, mistakes

def config(version):
    return check_config({**trial_config("https://api.acorn.com").raw, "api_version": version}, "x")

ids = Identities("walk")
person = ids.person("user", ids.company(), ids.workspace())
answer = {"redirect_uri": "https://acorn.com", "redirect_value": "sign_in", "user_status": "new",
          "account_status": "new", "configured_resources": False}
print(json.dumps({
    "newest": NEWEST,
    "body": connect_body(config("2.0.5"), person, None)["galaxy"],
    "user": user_info(config("2.0.5"), person, established=True)["pronoun"],
    "deletion": right_body(config("2.0.5"), "delete_connection", person, connection_id="c")["galaxy"],
    "shapes": [shape["galaxy"] for shape in examples.optional_fields(config("2.0.5"), 1, "thorough") if "galaxy" in shape],
    "mistakes": {version: [each["kind"] for each in mistakes.for_operation("connect", config(version), 1, "thorough")
                           if each.get("at") == ["galaxy"]] for version in ("2.2.1", "2.3.0")},
    "owed": {version: [error.pointer for error in schema_errors("connection", answer, version)]
             for version in ("2.2.1", "2.3.0")},
    "wrong": [error.pointer for error in schema_errors("connection", {**answer, "tour": 5}, "2.0.1")],
}))
"""


def edit(folder: Path, name: str, **changes: Any) -> None:
    path = folder / f"{name}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"] |= changes.get("properties", {})
    schema["required"] += changes.get("required", [])
    path.write_text(json.dumps(schema), encoding="utf-8")


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("walk")
    shutil.copytree(ROOT / "certification", folder / "certification", ignore=shutil.ignore_patterns("__pycache__"))
    schemas = shutil.copytree(ROOT / "schemas", folder / "schemas")
    galaxy = {"type": "string", "x-since": "2.3.0", "x-plain": "Milky Way", "examples": ["Andromeda", ""]}
    edit(schemas, "connect-request", properties={"galaxy": galaxy})
    edit(schemas, "user-info", properties={"pronoun": {"type": "string", "x-since": "2.3.0", "x-plain": "they"}})
    edit(schemas, "delete-connection-request", properties={"galaxy": galaxy})
    edit(schemas, "connection", properties={"tour": {"type": "string", "x-since": "2.3.0"}}, required=["tour"])
    config = json.loads((schemas / "partner-config.json").read_text(encoding="utf-8"))
    config["properties"]["api_version"]["enum"].append("2.3.0")
    (schemas / "partner-config.json").write_text(json.dumps(config), encoding="utf-8")
    asked = subprocess.run([sys.executable, "-c", ASK], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_a_new_field_is_sent_to_every_partner(walked: dict[str, Any]) -> None:
    assert (walked["body"], walked["user"], walked["deletion"]) == ("Milky Way", "they", "Milky Way")


def test_a_new_field_varies_in_generated_requests(walked: dict[str, Any]) -> None:
    assert {"Andromeda", "", "\u0000absent"} <= set(walked["shapes"])


def test_mistakes_in_a_new_field_are_tried_on_partners_that_know_it(walked: dict[str, Any]) -> None:
    assert walked["mistakes"]["2.2.1"] == []
    assert "wrong type" in walked["mistakes"]["2.3.0"]


def test_a_new_field_of_an_answer_is_asked_of_partners_of_its_version(walked: dict[str, Any]) -> None:
    assert walked["owed"] == {"2.2.1": [], "2.3.0": ["/tour"]}
    assert walked["wrong"] == ["/tour"]
    assert walked["newest"] == "2.3.0"
