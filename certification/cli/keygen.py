"""``keygen``: a pair of keys."""

from __future__ import annotations

import argparse

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the pair of keys and say which file is for whom."""
    from certification.signatures.keys import make_keys

    private = options.output
    public = private.with_name(f"{private.name}.pub")
    name = make_keys(private, public)
    console.say(
        f"{private}: the private key; keep it to yourself and out of version control, it signs: partner-connect bundle DIR --sign {private}"
    )
    console.say(
        f"{public}: the public key; give it to whoever verifies: partner-connect verify BUNDLE --trust {public}"
    )
    console.say(f"id of the key: {name}")
    return EXIT_FINE
