"""``walkthrough``: the guided walk through the manual cases."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE

if TYPE_CHECKING:
    from certification.config.partner import PartnerConfig
    from certification.walkthrough.walk import Walk


def run(options: argparse.Namespace, console: Console) -> int:
    """Serve the page until Ctrl-C; say what is missing before anything is served."""
    from certification.config.partner import read_config
    from certification.run import preflight
    from certification.walkthrough.server import open_page, show

    config = read_config(options.config)
    url = options.url or config.base_url
    problems = preflight.address_problems(url) + preflight.credential_problems(dict(os.environ), config)
    for problem in problems:
        console.warn(f"partner-connect walkthrough: {problem}")
    if problems:
        return EXIT_CANNOT_START
    walk = _walk(options, config, url)
    # A damaged file is said before anybody begins to work.
    walk.read()
    opened = open_page(walk, options.config.parent, options.port)
    with closing(opened.listener):
        shown = not options.no_open and show(opened.url)
        console.say(f"The walkthrough of {config.name} is at")
        console.say(f"  {opened.url}")
        console.say(f"It calls {url} and keeps everything in {options.attestations}.")
        opened.serve(f"{'A browser was opened. ' if shown else ''}End it with Ctrl-C; you can go on later.")
    return EXIT_FINE


def _walk(options: argparse.Namespace, config: PartnerConfig, url: str) -> Walk:
    import certification
    from certification.attestations.file import AttestationFile
    from certification.client.partner import credentials_of
    from certification.walkthrough.acting import Caller
    from certification.walkthrough.walk import Walk

    environment = os.environ
    credentials = credentials_of(
        environment.get("BASIC_USER", ""), environment.get("BASIC_PASSWORD", ""), environment.get("PAT_TOKEN")
    )
    file = AttestationFile(options.attestations, config.name)
    return Walk(config, certification.__version__, file, Caller(config, url, credentials), options.round)
