"""``tile``: the self-testing tile in the partner's own workspace."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_INTERRUPTED, EXIT_NO
from certification.cli.tile_given import Action, Given, dry_run, given_for, parser

if TYPE_CHECKING:
    from certification.tile.steps import Progress
    from certification.tile.workspace import Workspace

WARNING = "Existing connections of the tile will be deleted"


def run(options: argparse.Namespace, console: Console) -> int:
    """Do what the first word of the rest asks for."""
    parsed = parser(COMMANDS).parse_args(options.rest)
    command = COMMANDS[parsed.action]
    if parsed.dry_run:
        return dry_run(given_for(parsed, console, command, log_in=False), console)
    given = given_for(parsed, console, command, log_in=command.calls)
    for warning in given.checked.warnings if given.checked else ():
        console.warn(f"note: {warning}")
    if not command.calls:
        return command.do(given, None)
    if parsed.certify_first and _certified(given) != 0:
        console.warn(
            "partner-connect tile: the partner did not pass, so nothing was created. Repair the findings, or leave --certify-first out."
        )
        return EXIT_NO
    assert given.login is not None  # noqa: S101 - commands that call have logged in
    from certification.tile.workspace import Workspace

    with Workspace(given.login, parsed.timeout) as workspace:
        return command.do(given, workspace)


# The commands


def _show_config(given: Given, _workspace: Workspace | None) -> int:
    given.console.say_json(given.config)
    if given.proposal is not None:
        for name, choice in (
            ("integration_type", given.proposal.integration_type),
            ("supported_features", given.proposal.features),
        ):
            doubt = "" if choice.sure else "; look at it: the partner config leaves this open"
            given.console.warn(f"{name} {json.dumps(choice.value)}: {choice.reason}{doubt}")
    return EXIT_FINE


def _create(given: Given, workspace: Workspace | None) -> int:
    from certification.tile import steps

    assert workspace is not None  # noqa: S101 - see run
    names = steps.steps_of_create(given.config)
    with _telling(given, workspace, names, "partner-connect tile authorize") as told:
        tile = steps.create(workspace, given.config, given.credential, given.folder, told.progress)
        told.then(
            f"Next: open {workspace.host}, choose Partner Connect in the sidebar (under Marketplace) and click the tile {tile.name}.",
            f"Databricks then calls {given.config['partner']['connect_url']}.",
        )
    return told.status


def _authorize(given: Given, workspace: Workspace | None) -> int:
    from certification.tile import steps

    assert workspace is not None  # noqa: S101 - see run
    with _telling(given, workspace, steps.steps_of_authorize(given.config), "partner-connect tile authorize") as told:
        tile = steps.the_tile(workspace)
        steps.authorize(workspace, given.config, tile, given.credential, given.folder, told.progress)
    return told.status


def _update(given: Given, workspace: Workspace | None) -> int:
    from certification.tile import steps

    assert workspace is not None  # noqa: S101 - see run
    with _telling(given, workspace, ["the tile"], "partner-connect tile update") as told:
        tile = steps.the_tile(workspace)
        if not _agreed(given, f"{WARNING} by the update of {tile.name}."):
            return EXIT_CANNOT_START
        steps.update(workspace, given.config, tile, given.folder, told.progress)
    return told.status


def _delete(given: Given, workspace: Workspace | None) -> int:
    from certification.tile import steps

    assert workspace is not None  # noqa: S101 - see run
    with _telling(given, workspace, ["the tile", "its credential"], "partner-connect tile delete") as told:
        tile = steps.the_tile(workspace)
        if not _agreed(given, f"{WARNING} with {tile.name}."):
            return EXIT_CANNOT_START
        steps.delete(workspace, tile, given.folder, told.progress)
    return told.status


def _get(given: Given, workspace: Workspace | None) -> int:
    from certification.tile.record import digest, read_record

    assert workspace is not None  # noqa: S101 - see run
    with _telling(given, workspace, [], "partner-connect tile get") as told:
        tile = workspace.tile()
        record = read_record(given.folder)
        here = record is not None and record.host == workspace.host
        same = record is not None and tile is not None and here and record.id == tile.id
        current = same and record is not None and given.checked is not None and record.config == digest(given.config)
        if given.options.json:
            shown = {"host": workspace.host, "id": tile.id if tile else None, "name": tile.name if tile else None}
            given.console.say_json({**shown, "recorded": same, "config_is_current": current if same else None})
            return told.status
        if tile is None:
            given.console.say(f"There is no self-testing tile in {workspace.host}.")
            if here:
                given.console.say("tile.json names one: somebody has deleted it.")
            return told.status
        rows = [("workspace", workspace.host), ("name", tile.name), ("id", tile.id)]
        if same and record is not None:
            rows += [
                ("created", record.created or "by somebody else"),
                ("updated", record.updated or "never"),
                ("credential", record.authorized or "not stored from here"),
            ]
            rows.append(("config", "as recorded" if current else "has changed since: partner-connect tile update"))
        else:
            rows.append(
                ("tile.json", "names another tile" if record else "there is none: this tile was not made from here")
            )
        for name, value in rows:
            given.console.say(f"{name:<11} {value}")
    return told.status


COMMANDS = {
    "config": Action(
        "print the tile config that follows from the partner config; nothing is sent", _show_config, calls=False
    ),
    "create": Action("create the tile, store its credential, say where to click", _create, needs_credential=True),
    "get": Action("show the tile of the workspace, and whether it is the recorded one", _get, needs_config=False),
    "update": Action("replace the config of the tile", _update),
    "delete": Action("delete the tile and its credential", _delete, needs_config=False),
    "authorize": Action("store the credential of the tile (again)", _authorize, needs_credential=True),
}


# What is told


@dataclass
class _Told:
    progress: Progress
    status: int = EXIT_FINE
    last: tuple[str, ...] = ()

    def then(self, *lines: str) -> None:
        """Say ``lines`` when all is done."""
        self.last = lines


@contextmanager
def _telling(given: Given, workspace: Workspace, steps: list[str], again: str) -> Iterator[_Told]:
    """Tell each step as it is done, and after a failure what is done, what is not, and how to go on."""
    from certification.tile.steps import Progress
    from certification.tile.words import problem_of
    from certification.tile.workspace import WorkspaceError

    console = given.console
    told = _Told(Progress(list(steps), lambda said: console.say(f"{console.tick} {said}")))
    try:
        yield told
    except (WorkspaceError, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt):
            told.status = EXIT_INTERRUPTED
            console.warn("partner-connect tile: stopped.")
        else:
            told.status = EXIT_NO
            console.warn(f"partner-connect tile: {problem_of(error, workspace.host)}")
        if told.progress.done:
            more = (
                "authorize"
                if "the tile" in told.progress.done and again.endswith("authorize")
                else again.rpartition(" ")[2]
            )
            console.warn(
                f"done: {', '.join(told.progress.done)}; not done: {', '.join(told.progress.left)}. Go on with: partner-connect tile {more}"
            )
    else:
        for line in told.last:
            console.say(line)


def _agreed(given: Given, warning: str) -> bool:
    if given.options.yes or given.console.agrees(f"{warning} Go on?"):
        return True
    given.console.warn(f"partner-connect tile: {warning} Nothing was done; --yes agrees.")
    return False


def _certified(given: Given) -> int:
    from certification.review.subprocess_environment import child_environment

    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "certification.plugin",
        "-p",
        "no:cacheprovider",
        "--certification-profile=quick",
    ]
    given.console.say("certifying first, with the quick profile")
    return subprocess.run(  # noqa: S603 - our own words and the name of the user's file
        [*command, f"--partner-config={given.options.config}"], env=child_environment(credentials=True), check=False
    ).returncode
