"""The command ``partner-connect``.

Each command has a module of its own, which is loaded when the command runs; the parser alone answers ``--help``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_INTERRUPTED, build_parser
from certification.foundation.errors import CertificationError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = build_parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and not options.takes_rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if not options.module:
        # Somebody looks for what there is.
        parser.print_help()
        return EXIT_FINE
    options.rest = [word for word in rest if word != "--"]
    console = Console()
    try:
        status: int = import_module(f"certification.cli.{options.module}").run(options, console)
    except CertificationError as error:
        console.done()
        for line in str(error).splitlines():
            console.warn(f"partner-connect {options.command}: {line}")
        return EXIT_CANNOT_START
    except (KeyboardInterrupt, EOFError):
        console.done()
        console.warn(f"partner-connect {options.command}: stopped.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as head does; what is left has nobody to read it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_INTERRUPTED
    except OSError as error:
        console.done()
        console.warn(f"partner-connect {options.command}: {error.filename or 'file'}: {error.strerror or error}.")
        return EXIT_CANNOT_START
    return status
