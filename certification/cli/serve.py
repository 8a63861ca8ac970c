"""``serve``: the reference partner."""

from __future__ import annotations

import argparse

from certification.cli.console import Console


def run(options: argparse.Namespace, console: Console) -> int:
    """Hand over to the reference partner's own command line."""
    del console
    from certification.reference.__main__ import main

    return main(options.rest)
