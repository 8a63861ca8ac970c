"""``check``: the config and the preflight alone."""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE

if TYPE_CHECKING:
    from certification.config.partner import PartnerConfig
    from certification.foundation.errors import Problem


def run(options: argparse.Namespace, console: Console) -> int:
    """Say whether a certification can begin, and what stands in the way."""
    from certification.config.partner import read_config

    config = read_config(options.config)
    for note in config.notes:
        console.say(f"{'before you submit' if note.before_submission else 'note'}: {note.text}")
    console.say(f"{options.config}: the config of {config.name} is valid for API version {config.api_version}")
    url = options.url or config.base_url
    problems = preflight_problems(config, url, console, "--url" if options.url else f"{options.config}: base_url")
    for problem in problems:
        console.warn(f"partner-connect check: {problem}")
    if problems:
        return EXIT_CANNOT_START
    console.say(f"{url}: the partner answers and accepts the credentials; a certification can begin:")
    console.say(f"  pytest --partner-url={url} --partner-config={options.config}")
    return EXIT_FINE


def preflight_problems(config: PartnerConfig, url: str, console: Console, source: str = "address") -> list[Problem]:
    """Return what keeps a certification of the partner at ``url``, which ``source`` gave, from beginning."""
    from certification.cli.live import live_partner
    from certification.run import preflight

    environment = dict(os.environ)
    problems = preflight.address_problems(url, source) + preflight.credential_problems(environment, config)
    if problems:
        return problems
    console.progress(f"calling {url}")
    with tempfile.TemporaryDirectory() as folder, live_partner(config, url, secrets.token_hex(8), Path(folder)) as live:
        problems = preflight.call_problems(live.context, live.partner)
    console.done()
    return problems
