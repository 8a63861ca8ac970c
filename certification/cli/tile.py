"""``tile``: the self-testing tile in the partner's own workspace."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_INTERRUPTED, EXIT_NO
from certification.cli.tile_given import Action, Given, given_for, parser

if TYPE_CHECKING:
    from certification.tile.record import TileRecord
    from certification.tile.steps import Progress
    from certification.tile.workspace import Tile, Workspace

WARNING = "Existing connections of the tile will be deleted"


class Declined(Exception):
    """Nobody agreed to what a command would delete."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Do what the first word of the rest asks for."""
    from certification.tile.workspace import Workspace

    parsed = parser({name: command.action for name, command in COMMANDS.items()}).parse_args(options.rest)
    command = COMMANDS[parsed.action]
    given = given_for(parsed, console, command.action)
    writes_config = parsed.action in {"config", "create", "update"}
    for warning in given.checked.warnings if given.checked and writes_config else ():
        console.warn(f"note: {warning}")
    if parsed.dry_run:
        return _rehearse(command, given)
    if parsed.action == "config":
        return _show_config(given)
    if parsed.certify_first and not _certified(given):
        return EXIT_NO
    assert given.login is not None  # noqa: S101 - every action that calls has logged in
    with Workspace(given.login, parsed.timeout) as workspace, _telling(given, workspace, command) as told:
        told.last = command.do(given, workspace, told.progress)
    return told.status


# The commands: each does its steps, and returns the lines to say when all of them are done.


def _show_config(given: Given) -> int:
    given.console.say_json(given.order.config)
    if given.proposal is not None:
        for name, choice in (
            ("integration_type", given.proposal.integration_type),
            ("supported_features", given.proposal.features),
        ):
            doubt = "" if choice.sure else "; look at it: the partner config leaves this open"
            given.console.warn(f"{name} {json.dumps(choice.value)}: {choice.reason}{doubt}")
    return EXIT_FINE


def _create(given: Given, workspace: Workspace, progress: Progress) -> list[str]:
    from certification.tile import steps

    tile = steps.create(workspace, given.order, progress)
    return [
        f"Next: open {workspace.host}, choose Partner Connect in the sidebar (under Marketplace) and click the tile {tile.name}.",
        f"Databricks then calls {given.order.config['partner']['connect_url']}.",
    ]


def _authorize(given: Given, workspace: Workspace, progress: Progress) -> list[str]:
    from certification.tile import steps

    steps.authorize(workspace, given.order, progress)
    return []


def _update(given: Given, workspace: Workspace, progress: Progress) -> list[str]:
    from certification.tile import steps

    tile = steps.the_tile(workspace)
    _agree(given, f"{WARNING} by the update of {tile.name}.")
    steps.update(workspace, given.order, tile, progress)
    return []


def _delete(given: Given, workspace: Workspace, progress: Progress) -> list[str]:
    from certification.tile import steps

    tile = workspace.tile()
    if tile is not None:
        _agree(given, f"{WARNING} with {tile.name}.")
    steps.delete(workspace, tile, given.order.folder, progress)
    if given.record is None:
        return []
    tried = "partner-connect onboarding record tile-tried --by NAME --organisation ORG"
    return [f"tile.json is gone, too. If you tried the tile, record that you did: {tried}"]


def _get(given: Given, workspace: Workspace, _progress: Progress) -> list[str]:
    tile, record = workspace.tile(), given.record
    here = record is not None and record.host == workspace.host
    ours = record if record is not None and tile is not None and here and record.id == tile.id else None
    current = _is_current(given, ours)
    if given.options.json:
        shown = {"host": workspace.host, "id": tile.id if tile else None, "name": tile.name if tile else None}
        given.console.say_json({**shown, "recorded": ours is not None, "config_is_current": current})
        return []
    if tile is None:
        gone = ["tile.json names one: somebody has deleted it."] if here else []
        return [f"There is no self-testing tile in {workspace.host}.", *gone]
    return [
        f"{name:<11} {value}"
        for name, value in _rows(workspace.host, tile, ours, current=current, other=record is not None)
    ]


def _is_current(given: Given, record: TileRecord | None) -> bool | None:
    """Return whether the recorded tile has the config that follows from here; None where nobody can tell."""
    from certification.tile.record import digest

    if record is None or not record.config or given.checked is None:
        return None
    return record.config == digest(given.order.config)


def _rows(
    host: str, tile: Tile, ours: TileRecord | None, *, current: bool | None, other: bool
) -> list[tuple[str, str]]:
    rows = [("workspace", host), ("name", tile.name), ("id", tile.id)]
    if ours is None:
        return [
            *rows,
            ("tile.json", "names another tile" if other else "there is none: this tile was not made from here"),
        ]
    config = {True: "as recorded", False: "has changed since: partner-connect tile update", None: "not compared"}[
        current
    ]
    return [
        *rows,
        ("created", ours.created or "by somebody else"),
        ("updated", ours.updated or "never"),
        ("credential", ours.authorized or "not stored from here"),
        ("config", config),
    ]


@dataclass(frozen=True)
class Command:
    """An action, what it does, the names of its steps, and the action with which to go on after some of them."""

    action: Action
    do: Callable[[Given, Workspace, Progress], list[str]] = lambda _given, _workspace, _progress: []
    steps: Callable[[Mapping[str, Any]], list[str]] = lambda _config: []
    again: str = ""


def _authorizing(config: Mapping[str, Any]) -> list[str]:
    from certification.tile.steps import steps_of_authorize

    return steps_of_authorize(config)


COMMANDS = {
    "config": Command(
        Action("print the tile config that follows from the partner config; nothing is sent", calls=False)
    ),
    "create": Command(
        Action("create the tile, store its credential, say where to click", needs_credential=True),
        _create,
        lambda config: ["the tile", *_authorizing(config)],
        "authorize",
    ),
    "get": Command(
        Action("show the tile of the workspace, and whether it is the recorded one", needs_config=False), _get
    ),
    "update": Command(Action("replace the config of the tile"), _update, lambda _config: ["the tile"], "update"),
    "delete": Command(
        Action("delete the tile and its credential", needs_config=False),
        _delete,
        lambda _config: ["the tile", "its credential"],
        "delete",
    ),
    "authorize": Command(
        Action("store the credential of the tile (again)", needs_credential=True), _authorize, _authorizing, "authorize"
    ),
}


# Around them


@dataclass
class _Told:
    progress: Progress
    last: list[str]
    status: int = EXIT_FINE


@contextmanager
def _telling(given: Given, workspace: Workspace, command: Command) -> Iterator[_Told]:
    """Tell each step as it is done, and after a failure what is done, what is not, and how to go on."""
    from certification.tile.steps import Progress
    from certification.tile.words import problem_of
    from certification.tile.workspace import WorkspaceError

    console = given.console
    steps = command.steps(given.order.config)
    told = _Told(Progress(steps, lambda said: console.say(f"{console.tick} {said}")), [])
    try:
        yield told
    except Declined as error:
        told.status = EXIT_CANNOT_START
        console.warn(f"partner-connect tile: {error} Nothing was done; --yes agrees.")
    except (WorkspaceError, KeyboardInterrupt) as error:
        told.status = EXIT_NO if isinstance(error, WorkspaceError) else EXIT_INTERRUPTED
        what = problem_of(error, workspace.host) if isinstance(error, WorkspaceError) else "stopped."
        console.warn(f"partner-connect tile: {what}")
        if told.progress.done:
            done, left = ", ".join(told.progress.done), ", ".join(told.progress.left)
            console.warn(f"done: {done}; not done: {left}. Go on with: partner-connect tile {command.again}")
    else:
        for line in told.last:
            console.say(line)


def _agree(given: Given, warning: str) -> None:
    """Ask before connections are deleted; raises :class:`Declined`."""
    if not given.options.yes and not given.console.agrees(f"{warning} Go on?"):
        raise Declined(warning)


def _certified(given: Given) -> bool:
    """Run the quick profile, and return whether nothing keeps the tile from being made; what does is said."""
    from certification.review.subprocess_environment import child_environment

    given.console.say("certifying first, with the quick profile")
    command = [sys.executable, "-m", "pytest", "-p", "certification.plugin", "-p", "no:cacheprovider"]
    command += ["--certification-profile=quick", f"--partner-config={given.options.config}"]
    command += [f"--certification-waivers={given.options.waivers}"] if given.options.waivers else []
    status = subprocess.run(  # noqa: S603 - our own words and the name of the user's file
        command, env=child_environment(credentials=True), check=False
    ).returncode
    if status == 1:
        given.console.warn(
            "partner-connect tile: the partner did not pass, so nothing was done in the workspace. Repair the findings, or leave --certify-first out."
        )
    elif status != 0:
        given.console.warn(
            f"partner-connect tile: the partner could not be certified (pytest ended with {status}, see above), so nothing was done in the workspace."
        )
    return status == 0


def _rehearse(command: Command, given: Given) -> int:
    """Show the calls of a command in their order, made by the command itself in front of a workspace that only shows them."""
    from certification.tile.rehearsal import Rehearsal
    from certification.tile.steps import Progress

    console = given.console

    def show(method: str, path: str, body: Mapping[str, Any] | None) -> None:
        console.say(f"{method} {path}")
        shown = dict(body or {})
        if shown.get("string_value"):
            shown["string_value"] = "Basic ${BASIC_USER:BASIC_PASSWORD in base64}"
        for line in json.dumps(shown, indent=2, ensure_ascii=False).splitlines() if shown else ():
            console.say(f"  {line}")

    console.say("Nothing is sent. The calls would be:" if command.action.calls else "Nothing would be sent.")
    given.options.yes = True
    with (
        tempfile.TemporaryDirectory() as folder,
        Rehearsal(show, has_tile=given.options.action != "create") as workspace,
    ):
        rehearsed = replace(given, order=replace(given.order, folder=Path(folder)))
        if given.options.action == "get":
            workspace.tile()
        elif command.action.calls:
            command.do(rehearsed, workspace, Progress(command.steps(given.order.config), lambda _said: None))
    return EXIT_FINE
