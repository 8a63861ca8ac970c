"""``serve``: the reference partner, or the fake workspace."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from certification.cli.console import Console

if TYPE_CHECKING:
    from pathlib import Path

    from certification.reference.workspace.command import Started


def run(options: argparse.Namespace, console: Console) -> int:
    """Hand over to the reference partner's own command line, and say where its operations are."""
    from certification.reference.__main__ import main

    def announce(config: dict[str, Any], url: str, file: Path | None) -> None:
        for line in addresses(config, url, file):
            console.say(line)

    def announce_workspace(started: Started) -> None:
        for line in workspace_lines(started.url, started.click_url, started.demo_token):
            console.say(line)

    return main(options.rest, announce, announce_workspace)


def addresses(config: dict[str, Any], url: str, file: Path | None = None) -> list[str]:
    """Return a line for each operation that ``config`` names, and how to go on; ``file`` is where it was read from."""
    from certification.contract.operations import OPERATIONS

    paths = config["endpoints"]
    rows = [
        f"  {operation.method:<7} {url}{paths[operation.config_key]}"
        for operation in OPERATIONS.values()
        if operation.config_key in paths
    ]
    certify = [f"certify it:   pytest --partner-url={url} --partner-config={file}"] if file else [
        f"certify it:   pytest --partner-url={url}",
        f"all of it:    partner-connect serve --print-config > partner.json, then pytest --partner-url={url}",
    ]  # fmt: skip
    return [
        f"{config['name']}, API version {config['api_version']}, answers to requests of Databricks:",
        *rows,
        f"look at it:   curl {url}/",
        f"play a case:  partner-connect send P402 --url {url}",
        *certify,
        "end it:       Ctrl-C",
    ]


def workspace_lines(url: str, click_url: str, demo_token: str) -> list[str]:
    """Return how the workspace at ``url`` is used; a token from the environment is secret and stays there."""
    token = f" DATABRICKS_TOKEN={demo_token}" if demo_token else ""
    return [
        f"A fake Databricks workspace is at {url}, and accepts {'the demo token' if token else 'your DATABRICKS_TOKEN'}.",
        f"use it:          export DATABRICKS_HOST={url}{token}",
        f"click the tile:  curl -X POST -d '{{}}' {click_url}",
        "end it:          Ctrl-C",
    ]
