"""What ``tile`` works with: its options, the tile config, the login, the credential; all problems with them at once."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from certification.cli.console import Console
from certification.foundation.errors import CannotStart, Problem

if TYPE_CHECKING:
    from certification.evidence.redaction import Redactor
    from certification.tile.login import Login
    from certification.tile.proposal import Proposal
    from certification.tile.record import TileRecord
    from certification.tile.rules import Checked
    from certification.tile.steps import Order

T = TypeVar("T")

LONGEST_TIMEOUT = 3_600


@dataclass(frozen=True)
class Given:
    """What a command works with."""

    options: argparse.Namespace
    console: Console
    login: Login | None
    checked: Checked | None
    """None for an action that needs no config, where there is none, or none that is right."""
    proposal: Proposal | None
    record: TileRecord | None
    order: Order


@dataclass(frozen=True)
class Action:
    """One action: what it does, and what it needs."""

    summary: str
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
    add(
        "--waivers",
        metavar="FILE",
        help="with --certify-first: the waivers that Databricks approved, such as onboarding.json",
    )
    add("--timeout", type=float, default=30.0, metavar="SECONDS", help="wait so long for the workspace (default: 30)")
    add("--yes", action="store_true", help="agree that existing connections are deleted")
    add("--dry-run", action="store_true", help="show the calls, secrets replaced, and send nothing")
    add("--json", action="store_true", help="with get: print JSON")
    return options


def given_for(options: argparse.Namespace, console: Console, action: Action) -> Given:
    """Return what ``action`` needs; raises :class:`CannotStart` with the problems of all parts at once."""
    from certification.run.preflight import credential_problems
    from certification.tile.login import log_in
    from certification.tile.record import read_record
    from certification.tile.steps import Order, authorization

    problems: list[Problem] = []

    def part(made: Callable[[], T]) -> T | None:
        try:
            return made()
        except CannotStart as error:
            problems.extend(error.problems)
            return None

    if not 0 < options.timeout <= LONGEST_TIMEOUT:
        what = f"it is no number of seconds from 0 to {LONGEST_TIMEOUT}."
        problems.append(Problem(f"--timeout {options.timeout}", what, "Such as 30."))
    credential = ""
    if action.needs_credential and not options.no_credential:
        problems += [each for each in credential_problems(dict(os.environ), None) if "PAT_TOKEN" not in each.where]
        credential = authorization(os.environ.get("BASIC_USER", ""), os.environ.get("BASIC_PASSWORD", ""))
    calls = action.calls and not options.dry_run
    login = part(lambda: log_in(options.profile, from_environment=options.env)) if calls else None
    folder = (options.file or options.config).absolute().parent
    record = part(lambda: read_record(folder)) if calls else None
    if record is not None:
        # What was chosen once is chosen until something else is.
        options.integration_type = options.integration_type or record.integration_type or None
        options.feature = (
            options.feature if options.feature is not None or record.features is None else [*record.features]
        )
    made = None
    if action.needs_config:
        made = part(lambda: _tile_config(options, near=login is None or login.near))
    elif (options.file or options.config).exists():
        # It is only compared: what is wrong with it keeps nobody from looking at the tile, or from deleting it.
        with suppress(CannotStart):
            made = _tile_config(options, near=True)
    if problems:
        raise CannotStart(problems)
    console.more_secrets = _redactor(login, credential)
    checked, proposal = made or (None, None)
    chosen = (options.integration_type or "", None if options.feature is None else tuple(options.feature))
    order = Order(checked.config if checked else {}, credential, folder, *chosen)
    return Given(options, console, login, checked, proposal, record, order)


def _tile_config(options: argparse.Namespace, *, near: bool) -> tuple[Checked, Proposal | None]:
    from certification.config.partner import read_config
    from certification.tile.proposal import propose
    from certification.tile.rules import check_tile, read_tile

    if options.file is not None:
        return read_tile(options.file, near=near), None
    proposal = propose(read_config(options.config), options.integration_type, options.feature)
    return check_tile(proposal.config, f"tile config of {options.config}", near=near), proposal


def _redactor(login: Login | None, credential: str) -> Redactor | None:
    secrets = dict(login.secrets) if login else {}
    if credential:
        secrets |= {"BASIC_PASSWORD": os.environ.get("BASIC_PASSWORD", "")}
    if not secrets:
        return None
    from certification.evidence.redaction import Redactor

    return Redactor(secrets, os.environ.get("BASIC_USER", ""))
