"""``onboarding init``: begin an onboarding."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Final

from certification.cli.console import Console
from certification.cli.onboarding import today_of
from certification.cli.parser import EXIT_FINE
from certification.foundation.errors import CannotStart, Problem

EPILOG: Final = "example:\n  partner-connect onboarding init --config partner.json\n\nexit status:\n  0  written\n  4  the file exists, or the config cannot be read"

SCHEMA_FILE: Final = Path(".partner-connect", "onboarding.schema.json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.add_argument(
        "-c", "--config", type=Path, default=Path("partner.json"), metavar="FILE", help="default: partner.json"
    )


def run(options: argparse.Namespace, console: Console) -> int:
    """Write ``onboarding.json``, and its schema for the editor."""
    from certification.config.partner import read_config
    from certification.contract.schema_files import read_schema
    from certification.foundation.whole_files import write_whole
    from certification.onboarding.record import FILES, ONBOARDING_FORMAT, read_onboarding
    from certification.onboarding.writing import text_of

    path: Path = options.file
    # A link that leads nowhere is there, too.
    if os.path.lexists(path):
        raise CannotStart(
            [Problem(str(path), "the file exists and is kept.", "Change it with: partner-connect onboarding record")]
        )
    config = read_config(options.config)
    try:
        beside = options.config.resolve().relative_to(path.resolve().parent).as_posix()
    except ValueError:
        what = f"the config {options.config} is not below the folder of {path}."
        raise CannotStart([Problem(str(path), what, "Keep both in one repository.")]) from None
    files = {} if beside == FILES["config"] else {"files": {"config": beside}}
    raw = {
        "$schema": SCHEMA_FILE.as_posix(),
        "format": ONBOARDING_FORMAT,
        "partner": config.name,
        **files,
        "declarations": [],
    }
    try:
        schema = path.parent / SCHEMA_FILE
        schema.parent.mkdir(parents=True, exist_ok=True)
        schema.write_text(json.dumps(read_schema("onboarding"), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        write_whole(path, text_of(raw).encode())
    except OSError as error:
        raise CannotStart(
            [Problem(str(path), f"the file cannot be written ({error.strerror}).", "Check the folder.")]
        ) from None
    read_onboarding(path, today_of(options))
    console.say(f"{path}: written for {config.name}; keep it in your repository.")
    console.say("What is next: partner-connect onboarding status")
    return EXIT_FINE
