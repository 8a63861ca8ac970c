"""``partner-connect tile`` in front of a workspace: what it does, what it says, and how it goes on after a failure."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import partners
import pytest
from workspaces import served_app

from certification.reference import create_app, default_config
from certification.reference.workspace import DEMO_TOKEN, Workspace
from certification.tile.record import digest
from certification.tile.workspace import Workspace as Called
from certification.tile.workspace import WorkspaceError

Tile = Callable[..., Any]
Serve = Callable[..., Workspace]
AUTHORIZATION = partners.basic(partners.USER, partners.PASSWORD)


def record(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "tile.json").read_text(encoding="utf-8"))


def test_create_makes_the_tile_its_credential_and_a_record(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    workspace = serve()
    said = tile("create")
    assert said.status == 0, said.text
    assert workspace.tile is not None
    assert workspace.secret(workspace.tile.id) == AUTHORIZATION
    assert not workspace.scopes.readable_by_all()
    steps = [line for line in said.out.splitlines() if line.startswith("✓")]
    assert [line.split()[1] for line in steps] == ["tile", "secret", "credential"]
    assert "choose Partner Connect in the sidebar" in said.out
    kept = record(tmp_path)
    assert (kept["id"], kept["name"], kept["updated"]) == (workspace.tile.id, default_config()["name"], "")
    assert kept["config"] == digest({"partner": workspace.tile.config})
    assert kept["created"] <= kept["authorized"]


def test_the_tile_connects_to_the_partner(tile: Tile, serve: Serve, tmp_path: Path, config: dict[str, Any]) -> None:
    workspace = serve()
    with served_app(create_app(config, partners.USER, partners.PASSWORD)) as url:
        (tmp_path / "partner.json").write_text(json.dumps({**config, "base_url": url}), encoding="utf-8")
        assert tile("create").status == 0
        click = workspace.connect()
        assert (click.status, click.problem) == (200, "")
        assert click.json()["configured_resources"] is True
        # Without the right credential the partner refuses.
        assert tile("authorize", "--no-credential").status == 0
        assert workspace.connect().status == 401


def test_get_tells_whether_the_tile_is_the_recorded_one(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    workspace = serve()
    assert "There is no self-testing tile in http" in tile("get").out
    tile("create")
    assert workspace.tile is not None
    said = tile("get").out
    assert f"id          {workspace.tile.id}" in said
    assert "config      as recorded" in said
    assert json.loads(tile("get", "--json").out) == {
        "host": record(tmp_path)["host"],
        "id": workspace.tile.id,
        "name": default_config()["name"],
        "recorded": True,
        "config_is_current": True,
    }
    changed = {**default_config(), "name": "Acorn"}
    (tmp_path / "partner.json").write_text(json.dumps(changed), encoding="utf-8")
    assert "has changed since: partner-connect tile update" in tile("get").out
    (tmp_path / "tile.json").unlink()
    assert "this tile was not made from here" in tile("get").out


def test_update_and_delete_ask_and_keep_or_remove_the_credential(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    workspace = serve()
    tile("create")
    assert workspace.tile is not None
    ident = workspace.tile.id
    (tmp_path / "partner.json").write_text(json.dumps({**default_config(), "name": "Acorn"}), encoding="utf-8")
    refused = tile("update")
    assert (refused.status, workspace.tile.config["name"]) == (4, default_config()["name"])
    assert "Existing connections of the tile will be deleted" in refused.err
    assert tile("update", "--yes").status == 0
    assert (workspace.tile.id, workspace.tile.config["name"]) == (ident, "Acorn")
    assert workspace.secret(ident) == AUTHORIZATION
    assert record(tmp_path)["updated"] >= record(tmp_path)["created"]
    assert tile("delete").status == 4
    assert "onboarding record tile-tried" in tile("delete", "--yes").out
    assert (workspace.tile, workspace.secret(ident)) == (None, None)
    assert not (tmp_path / "tile.json").exists()
    gone = tile("delete", "--yes")
    assert gone.status == 1
    assert "there is no self-testing tile in this workspace. Make one with: partner-connect tile create" in gone.err


def test_users_who_are_no_admins_can_read_the_credential(tile: Tile, serve: Serve) -> None:
    workspace = serve()
    said = tile("create", "--feature", "NON_ADMIN")
    assert said.status == 0, said.text
    assert workspace.scopes.readable_by_all()
    assert "READ on the scope for users" in said.out
    assert "ask Databricks before you use it" in said.err


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("not-admin", "only an admin of the workspace may do this"),
        ("no-feature", "this workspace offers no self-testing tiles"),
        ("html", "what answers is no workspace"),
    ],
)
def test_a_workspace_that_makes_no_tile_is_explained(
    tile: Tile, serve: Serve, tmp_path: Path, fault: str, text: str
) -> None:
    workspace = serve(fault)
    said = tile("create", "--timeout", "1")
    assert said.status == 1
    assert text in said.err
    assert workspace.tile is None
    assert not (tmp_path / "tile.json").exists()


def test_a_second_tile_is_refused_with_the_way_out(tile: Tile, serve: Serve) -> None:
    serve()
    tile("create")
    said = tile("create")
    assert said.status == 1
    assert (
        "the workspace has a self-testing tile already (called Reference Partner); it can have one. Change it with: partner-connect tile update"
        in said.err
    )


@pytest.mark.parametrize("fault", ["create-then-503", "create-then-reset", "503-then-create=1", "throttled=2"])
def test_an_ambiguous_failure_makes_one_tile(
    tile: Tile, serve: Serve, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    patient = partial(Called, sleep=lambda _seconds: None)
    monkeypatch.setattr("certification.tile.workspace.Workspace", patient)
    workspace = serve(fault)
    said = tile("create")
    assert said.status == 0, said.text
    assert workspace.tile is not None
    assert workspace.secret(workspace.tile.id) == AUTHORIZATION


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("secret-put-fails", "the workspace failed"),
        ("scope-unreadable", "the secret scope partner-connect is not yours to use"),
        ("token-expires=2", "the workspace does not accept the token: The access token expired"),
    ],
)
def test_a_failure_in_the_middle_says_how_to_go_on(
    tile: Tile, serve: Serve, tmp_path: Path, fault: str, text: str
) -> None:
    workspace = serve(fault)
    said = tile("create", "--timeout", "1")
    assert said.status == 1
    assert text in said.err
    assert "done: the tile" in said.err
    assert "Go on with: partner-connect tile authorize" in said.err
    assert workspace.tile is not None
    assert record(tmp_path)["authorized"] == ""
    workspace.faults.remove(fault.partition("=")[0])
    assert tile("authorize").status == 0
    assert workspace.secret(workspace.tile.id) == AUTHORIZATION
    assert record(tmp_path)["authorized"]
    assert tile("authorize").status == 0


def test_a_stop_between_tile_and_credential_loses_nothing(
    tile: Tile, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = serve()
    made = Called.make_scope

    def stopped(_self: Called) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Called, "make_scope", stopped)
    said = tile("create")
    assert said.status == 130
    assert (
        "done: the tile; not done: the secret scope, the credential. Go on with: partner-connect tile authorize"
        in said.err
    )
    assert workspace.tile is not None
    assert record(tmp_path)["id"] == workspace.tile.id
    monkeypatch.setattr(Called, "make_scope", made)
    assert tile("authorize").status == 0
    assert workspace.secret(workspace.tile.id) == AUTHORIZATION


def test_a_workspace_without_access_lists(tile: Tile, serve: Serve) -> None:
    workspace = serve("no-acls")
    said = tile("create", "--feature", "NON_ADMIN")
    assert said.status == 0, said.text
    assert "without access lists (standard tier) every user of the workspace can read it" in said.out
    assert workspace.tile is not None
    assert workspace.secret(workspace.tile.id) == AUTHORIZATION


def test_two_people_at_once_make_one_tile(tile: Tile, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = serve()
    tile("create")
    assert workspace.tile is not None
    mine = workspace.tile
    # The other had looked before ours was made.
    looks = iter([None])
    look = Called.tile
    monkeypatch.setattr(Called, "tile", lambda self: next(looks, None) or look(self))
    said = tile("create")
    assert said.status == 1
    assert "has a self-testing tile already" in said.err
    assert workspace.tile == mine


def test_several_tiles_are_not_chosen_from(serve: Serve, tile: Tile, monkeypatch: pytest.MonkeyPatch) -> None:
    serve()
    partners_of = [{"id": "A", "name": "One"}, {"id": "B", "name": "Two"}]
    monkeypatch.setattr(Called, "_call", lambda *_, **__: {"partners": partners_of})
    said = tile("get")
    assert said.status == 1
    assert "the workspace names several self-testing tiles: One, Two" in said.err


@pytest.mark.parametrize("action", ["create", "update", "delete", "authorize", "get", "config"])
def test_a_dry_run_sends_nothing_and_shows_no_secret(tile: Tile, serve: Serve, tmp_path: Path, action: str) -> None:
    workspace = serve()
    said = tile(action, "--dry-run")
    assert said.status == 0, said.text
    assert workspace.requests == []
    assert ("string_value" in said.out) == (action in {"create", "authorize"})
    assert not (tmp_path / "tile.json").exists()


def test_the_config_is_printed_with_its_reasons(tile: Tile, config: dict[str, Any]) -> None:
    said = tile("config", "--integration-type", "WAREHOUSE_READ_WRITE", "--feature", "EXTERNAL_LOCATION")
    assert said.status == 0, said.text
    shown = json.loads(said.out)["partner"]
    assert (shown["integration_type"], shown["supported_features"]) == ("WAREHOUSE_READ_WRITE", ["EXTERNAL_LOCATION"])
    assert shown["name"] == config["name"]
    assert 'integration_type "WAREHOUSE_READ_WRITE": you chose it' in said.err
    assert "only a workspace on this machine reaches localhost" in said.err


def test_a_file_of_databricks_own_tool_is_sent_as_it_is(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    workspace = serve()
    own = json.loads(tile("config").out)
    own["partner"]["name"] = "From a file"
    (tmp_path / "own.json").write_text(json.dumps(own), encoding="utf-8")
    assert tile("create", "-f", "own.json").status == 0
    assert workspace.tile is not None
    assert {"partner": workspace.tile.config} == own


def test_certify_first_stops_at_a_failure(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    workspace = serve()
    raw = {**default_config(), "base_url": "http://127.0.0.1:9"}
    (tmp_path / "partner.json").write_text(json.dumps(raw), encoding="utf-8")
    said = tile("create", "--certify-first")
    assert said.status == 1
    assert "the partner could not be certified (pytest ended with 4, see above)" in said.err
    assert workspace.tile is None


def test_certify_first_takes_the_waivers(tile: Tile, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, started = serve(), list[str]()

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        started.extend(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr("certification.cli.tile.subprocess.run", run)
    said = tile("create", "--certify-first", "--waivers", "onboarding.json")
    assert (said.status, workspace.tile) == (1, None)
    assert "--certification-waivers=onboarding.json" in started


def test_all_that_keeps_it_from_starting_is_told_at_once(
    tile: Tile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASIC_PASSWORD", "line\nbreak")
    monkeypatch.delenv("DATABRICKS_HOST", raising=False)
    (tmp_path / "partner.json").write_text("{", encoding="utf-8")
    said = tile("create", "--env", "--timeout", "0")
    assert said.status == 4
    for text in (
        "--timeout 0.0",
        "BASIC_PASSWORD: it holds a control character",
        "DATABRICKS_HOST: it is not set",
        "partner.json",
    ):
        assert text in said.err, text


PROFILES = """
; a comment
[DEFAULT]
# another one
host = {url}/

token = {token}
[empty]
token = x
[path]
host = {url}/workspace
token = x
[http]
host = http://workspace.example
token = x
[wrong]
host = {url}
token = dapi-wrong
"""


@pytest.mark.parametrize(
    ("profile", "status", "text"),
    [
        ("DEFAULT", 0, "There is no self-testing tile"),
        ("nobody", 4, "has no such profile. It has: DEFAULT, empty, path, http, wrong"),
        ("empty", 4, "names no host"),
        ("path", 4, "the address of a workspace has no path"),
        ("http", 4, "a token would leave this machine unencrypted"),
        ("wrong", 1, "the workspace does not accept the token: Invalid access token"),
    ],
)  # fmt: skip
def test_profiles_are_read_as_the_sdk_reads_them(
    tile: Tile, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: str, status: int, text: str
) -> None:
    serve()
    import os

    url = os.environ["DATABRICKS_HOST"]
    monkeypatch.delenv("DATABRICKS_HOST")
    monkeypatch.delenv("DATABRICKS_TOKEN")
    (tmp_path / ".databrickscfg").write_text(PROFILES.format(url=url, token=DEMO_TOKEN), encoding="utf-8")
    said = tile("get", "--profile", profile)
    assert (said.status, text in said.text) == (status, True), said.text


@pytest.mark.parametrize(
    ("content", "text"), [("no section", "is no config of profiles"), (None, "cannot be read: No such file")]
)
def test_a_broken_file_of_profiles_is_named(tile: Tile, tmp_path: Path, content: str | None, text: str) -> None:
    if content is not None:
        (tmp_path / ".databrickscfg").write_text(content, encoding="utf-8")
    said = tile("get", "-p", "mine")
    assert (said.status, text in said.err) == (4, True), said.err


def test_a_workspace_that_is_not_there_ends_soon(tile: Tile, monkeypatch: pytest.MonkeyPatch) -> None:
    from certification.tile.login import Login

    def there(_profile: str | None, *, from_environment: bool = False) -> Login:
        assert not from_environment
        return Login("http://127.0.0.1:9", dict)

    waits: list[float] = []
    monkeypatch.setattr("certification.tile.login.log_in", there)
    patient = partial(Called, sleep=waits.append, clock=lambda: sum(waits))
    monkeypatch.setattr("certification.tile.workspace.Workspace", patient)
    said = tile("get", "--timeout", "7")
    assert said.status == 1
    assert "the workspace cannot be reached" in said.err
    assert 0 < sum(waits) <= 8


def test_a_missing_extra_is_one_sentence(tile: Tile, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "databricks.sdk.config", None)
    said = tile("get")
    assert said.status == 4
    assert said.err.count("\n") == 1
    assert "databricks-sdk: it is not installed" in said.err
    assert "Install it with: pip install" in said.err


def test_a_foreign_record_is_refused(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    serve()
    (tmp_path / "tile.json").write_text('{"partner": {}}', encoding="utf-8")
    said = tile("get")
    assert said.status == 4
    assert "tile.json: is no record of a tile. Give it another name" in said.err


def test_an_error_says_its_reason() -> None:
    from certification.tile.words import SENTENCES, problem_of
    from certification.tile.workspace import Why

    assert SENTENCES.keys() == set(Why)
    for why in Why:
        assert str(problem_of(WorkspaceError(why, "because"), "https://w.example")).startswith("https://w.example: ")


def test_credentials_beyond_ascii_arrive_as_the_partner_expects_them(
    tile: Tile, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: dict[str, Any]
) -> None:
    workspace = serve()
    monkeypatch.setenv("BASIC_PASSWORD", "pässwörd:geheim 🔑")
    with served_app(create_app(config, partners.USER, "pässwörd:geheim 🔑")) as url:
        (tmp_path / "partner.json").write_text(json.dumps({**config, "base_url": url}), encoding="utf-8")
        assert tile("create").status == 0
        assert workspace.connect().status == 200


def test_without_a_partner_config_the_way_to_one_is_named(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    serve()
    (tmp_path / "partner.json").unlink()
    said = tile("create")
    assert said.status == 4
    assert "write one with: partner-connect init" in said.err
    assert tile("get").status == 0


def test_a_delete_that_stopped_half_way_is_finished_by_the_next(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    workspace = serve()
    tile("create")
    ident = record(tmp_path)["id"]
    workspace.faults.add("scope-unreadable")
    said = tile("delete", "--yes", "--timeout", "1")
    assert said.status == 1
    assert "done: the tile; not done: its credential. Go on with: partner-connect tile delete" in said.err
    assert (workspace.tile, workspace.secret(ident)) == (None, AUTHORIZATION)
    workspace.faults.remove("scope-unreadable")
    said = tile("delete")
    assert said.status == 0, said.text
    assert f"there is no tile any more, id {ident}" in said.out
    assert workspace.secret(ident) is None
    assert not (tmp_path / "tile.json").exists()


def test_what_was_chosen_once_stays_chosen(tile: Tile, serve: Serve) -> None:
    workspace = serve()
    chosen = ("--integration-type", "WAREHOUSE_READ_WRITE", "--feature", "EXTERNAL_LOCATION")
    assert tile("create", *chosen).status == 0
    assert "config      as recorded" in tile("get").out
    assert tile("update", "--yes").status == 0
    assert workspace.tile is not None
    assert workspace.tile.config["integration_type"] == "WAREHOUSE_READ_WRITE"
    assert workspace.tile.config["supported_features"] == ["EXTERNAL_LOCATION"]


def test_what_nobody_looked_at_is_not_called_current(tile: Tile, serve: Serve, tmp_path: Path) -> None:
    serve()
    tile("create")
    (tmp_path / "tile.json").unlink()
    # The credential of a tile that was made elsewhere: nobody here knows its config.
    assert tile("authorize").status == 0
    assert "config      not compared" in tile("get").out
    (tmp_path / "tile.json").unlink()
    tile("delete", "--yes")
    tile("create")
    (tmp_path / "partner.json").write_text("{", encoding="utf-8")
    assert json.loads(tile("get", "--json").out)["config_is_current"] is None


@pytest.mark.parametrize("action", ["create", "authorize", "update", "delete"])
def test_a_file_that_is_no_record_is_never_written_over(tile: Tile, serve: Serve, tmp_path: Path, action: str) -> None:
    workspace = serve()
    foreign = tile("config").out
    (tmp_path / "tile.json").write_text(foreign, encoding="utf-8")
    said = tile(action, "--yes")
    assert said.status == 4
    assert "tile.json: is no record of a tile. Give it another name" in said.err
    assert workspace.requests == []
    assert (tmp_path / "tile.json").read_text(encoding="utf-8") == foreign


@pytest.mark.parametrize("ident", ["../../2.0/secrets", "a b", "", DEMO_TOKEN * 3, 7, None])
def test_an_id_that_is_none_goes_into_no_address_and_no_file(
    tile: Tile, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ident: object
) -> None:
    serve()
    monkeypatch.setattr(Called, "_call", lambda *_, **__: {"partners": [{"id": ident, "name": "x"}]})
    said = tile("delete", "--yes")
    assert said.status == 1
    assert "it names no id of a tile" in said.err


@pytest.mark.parametrize("timeout", ["0", "-1", "nan", "inf", "1e9"])
def test_a_timeout_is_a_number_of_seconds(tile: Tile, timeout: str) -> None:
    said = tile("config", "--timeout", timeout)
    assert said.status == 4
    assert "it is no number of seconds from 0 to 3600" in said.err
