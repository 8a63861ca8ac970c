"""What ``tile`` works with: its options, the tile config, the login, the credential; all problems with them at once."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE
from certification.foundation.errors import CannotStart, Problem

if TYPE_CHECKING:
    from certification.evidence.redaction import Redactor
    from certification.tile.login import Login
    from certification.tile.proposal import Proposal
    from certification.tile.rules import Checked
    from certification.tile.workspace import Workspace


@dataclass
class Given:
    """What a command works with."""

    options: argparse.Namespace
    console: Console
    login: Login | None
    checked: Checked | None
    proposal: Proposal | None
    credential: str
    folder: Path

    @property
    def config(self) -> dict[str, Any]:
        """The tile config; only where the command needs one."""
        assert self.checked is not None  # noqa: S101 - such commands are given one
        return self.checked.config


@dataclass(frozen=True)
class Action:
    """One action: what it does, and what it needs."""

    summary: str
    do: Callable[[Given, Workspace | None], int]
    needs_config: bool = True
    needs_credential: bool = False
    calls: bool = True


def parser(commands: Mapping[str, Action]) -> argparse.ArgumentParser:
    """Return the grammar of ``tile`` with the actions ``commands``."""
    from certification.contract.schema_files import read_schema

    fields = read_schema("tile-config")["properties"]["partner"]["properties"]
    actions = "\n".join(f"  {name:<10} {action.summary}" for name, action in commands.items())
    options = argparse.ArgumentParser(
        prog="partner-connect tile",
        description="A tile of your own in Partner Connect of your own workspace, before you are onboarded.",
        epilog=f"actions:\n{actions}\n\nexample:\n  partner-connect tile create --profile my-workspace\n\nexit status:\n"
        "  0  done\n  1  the workspace did not do it, or --certify-first failed; what is done is said\n  4  could not start: config, login, credentials, or nobody agreed\n\n"
        "BASIC_USER and BASIC_PASSWORD become the credential that Databricks sends; no option takes one.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = options.add_argument
    add("action", choices=commands, metavar="ACTION", help=", ".join(commands))
    add("-p", "--profile", metavar="NAME", help="profile of ~/.databrickscfg (default: what the SDK finds)")
    add("-e", "--env", action="store_true", help="take DATABRICKS_HOST and the login from the environment only")
    add(
        "-c",
        "--config",
        type=Path,
        default=Path("partner.json"),
        metavar="FILE",
        help="the partner config (default: partner.json)",
    )
    add("-f", "--file", type=Path, metavar="FILE", help="a tile config as it is, such as one of Databricks' own tool")
    add(
        "--integration-type",
        choices=fields["integration_type"]["enum"],
        metavar="TYPE",
        help="instead of the proposed one",
    )
    add(
        "--feature",
        action="append",
        choices=fields["supported_features"]["items"]["enum"],
        metavar="NAME",
        help="instead of the proposed ones; may be repeated",
    )
    add("--no-credential", action="store_true", help="store the empty credential: your API expects none")
    add("--certify-first", action="store_true", help="run the quick profile first, and stop when it fails")
    add("--timeout", type=float, default=30.0, metavar="SECONDS", help="wait so long for the workspace (default: 30)")
    add("--yes", action="store_true", help="agree that existing connections are deleted")
    add("--dry-run", action="store_true", help="show the calls, secrets replaced, and send nothing")
    add("--json", action="store_true", help="with get: print JSON")
    return options


def given_for(options: argparse.Namespace, console: Console, action: Action, *, log_in: bool) -> Given:
    """Return what ``action`` needs; raises :class:`CannotStart` with the problems of all parts at once."""
    from certification.run.preflight import credential_problems
    from certification.tile.login import log_in as logged_in
    from certification.tile.rules import is_near
    from certification.tile.steps import authorization

    problems: list[Problem] = []
    if options.timeout <= 0:
        problems.append(Problem(f"--timeout {options.timeout}", "it is no number of seconds above 0.", "Such as 30."))
    credential = ""
    if action.needs_credential and not options.no_credential:
        problems += [each for each in credential_problems(dict(os.environ), None) if "PAT_TOKEN" not in each.where]
        credential = authorization(os.environ.get("BASIC_USER", ""), os.environ.get("BASIC_PASSWORD", ""))
    login = None
    if log_in:
        try:
            login = logged_in(options.profile, from_environment=options.env)
        except CannotStart as error:
            problems += error.problems
    checked = proposal = None
    if action.needs_config or (options.action == "get" and (options.file or options.config).exists()):
        near = login is None or is_near(_host(login.host))
        try:
            checked, proposal = _tile_config(options, near=near)
        except CannotStart as error:
            problems += error.problems
    if problems:
        raise CannotStart(problems)
    console.more_secrets = _redactor(login, credential)
    folder = (options.file or options.config).absolute().parent
    return Given(options, console, login, checked, proposal, credential, folder)


def _host(address: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(address).hostname or ""


def _tile_config(options: argparse.Namespace, *, near: bool) -> tuple[Checked, Proposal | None]:
    from certification.config.partner import read_config
    from certification.tile.proposal import propose
    from certification.tile.rules import check_tile, read_tile

    if options.file is not None:
        return read_tile(options.file, near=near), None
    proposal = propose(read_config(options.config), options.integration_type, options.feature)
    return check_tile(proposal.config, f"tile config of {options.config}", near=near), proposal


def _redactor(login: Login | None, credential: str) -> Redactor | None:
    secrets = {**(login.secrets if login else {})}
    if credential:
        secrets |= {"BASIC_PASSWORD": os.environ.get("BASIC_PASSWORD", "")}
    if not secrets:
        return None
    from certification.evidence.redaction import Redactor

    return Redactor(secrets, os.environ.get("BASIC_USER", ""))


def dry_run(given: Given, console: Console) -> int:
    """Show the calls of the action in their order; what only the workspace knows stands in braces."""
    from certification.tile.steps import for_everybody
    from certification.tile.workspace import PARTNERS, SCOPE, SECRETS, USERS

    value = "" if given.options.no_credential else "Basic ${BASIC_USER:BASIC_PASSWORD in base64}"
    get: list[tuple[str, str, Any]] = [("GET", f"{PARTNERS}/get", None)]
    config = given.checked.config if given.checked else {}
    secret: list[tuple[str, str, Any]] = [
        ("POST", f"{SECRETS}/scopes/create", {"scope": SCOPE}),
        ("POST", f"{SECRETS}/put", {"scope": SCOPE, "key": "{id}", "string_value": value}),
    ]
    if config and for_everybody(config):
        secret.append(("POST", f"{SECRETS}/acls/put", {"scope": SCOPE, "principal": USERS, "permission": "READ"}))
    calls = {
        "config": [],
        "get": get,
        "create": [*get, ("POST", f"{PARTNERS}/create", config), *secret],
        "authorize": [*get, *secret],
        "update": [*get, ("PUT", f"{PARTNERS}/update/{{id}}", config)],
        "delete": [
            *get,
            ("DELETE", f"{PARTNERS}/delete/{{id}}", None),
            ("POST", f"{SECRETS}/delete", {"scope": SCOPE, "key": "{id}"}),
        ],
    }[given.options.action]
    console.say("Nothing is sent. The calls would be:" if calls else "Nothing would be sent.")
    for method, path, body in calls:
        console.say(f"{method} {path}")
        if body is not None:
            for line in json.dumps(body, indent=2, ensure_ascii=False).splitlines():
                console.say(f"  {line}")
    return EXIT_FINE
