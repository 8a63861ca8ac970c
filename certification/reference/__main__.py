"""``python -m certification.reference``: the reference partner on its own, to read and to poke."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from certification.reference.assembly import create_app, find_entries, find_page_entries
from certification.reference.catalogue import UnknownNameError, overridden
from certification.reference.faults import FAULTS
from certification.reference.product.faults import PAGE_FAULTS
from certification.reference.product.variants import PAGE_VARIANTS
from certification.reference.server import base_url, listen, serve, warn
from certification.reference.settings import ConfigError, default_config, read_config, read_settings
from certification.reference.variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from certification.reference.workspace.command import Started

DEMO_USER = "databricks"
DEMO_PASSWORD = "demo-pässword:1"  # noqa: S105 - documented, for a partner that holds nothing
EXIT_USAGE = 2


def main(
    arguments: Sequence[str] | None = None,
    announce: Callable[[dict[str, Any], str, Path | None], None] | None = None,
    announce_workspace: Callable[[Started], None] | None = None,
) -> int:
    """Run the command line; return its exit status.

    ``announce`` is told the config, the base address and the file of the config before requests are answered, ``announce_workspace`` where the
    fake workspace is.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    _check_options(parser, options)
    if options.list:
        _print_catalogue()
        return 0
    try:
        if options.workspace:
            # It comes with an HTTP client, which every start of the partner would wait for.
            from certification.reference.workspace.command import serve_workspace

            serve_workspace(options, announce_workspace)
            return 0
        return _run(options, announce)
    except ConfigError as error:
        source = options.config or "the bundled config with the overrides of the fault"
        warn(f"python -m certification.reference: {source}: {error}.")
    except UnknownNameError as error:
        warn(f"python -m certification.reference: {error}.")
    except OSError as error:
        address = f"{options.host}:{options.port}"
        reason = error.strerror or error
        warn(f"python -m certification.reference: can't listen on {address} ({reason}); try --port 0.")
    return EXIT_USAGE


def _run(options: argparse.Namespace, announce: Callable[[dict[str, Any], str, Path | None], None] | None) -> int:
    entries = find_entries(options.fault, options.variant)
    pages = find_page_entries(options.page_fault, options.page_variant)
    config = read_config(options.config) if options.config else overridden(default_config(), [*entries, *pages])
    if options.print_config:
        print(json.dumps(config, indent=2, ensure_ascii=False))
        return 0
    prefix = read_settings(config).prefix
    user, password = _credentials()
    app = create_app(
        config,
        user,
        password,
        options.fault,
        options.variant,
        page_faults=options.page_fault,
        page_variants=options.page_variant,
        redirect_host=options.redirect_host,
    )
    versions = [entry.http_version for entry in entries if hasattr(entry, "http_version")]
    listener = listen(options.host, options.port)
    if announce is not None:
        announce(config, base_url(listener, prefix), options.config)
    serve(
        app,
        listener,
        prefix,
        http_version="1.0" if "1.0" in versions else "1.1",
        exit_with_stdin=options.exit_with_stdin,
    )
    return 0


def _check_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    # An option of the one that is not started would be ignored in silence.
    if options.workspace_fault and not options.workspace:
        parser.error("--workspace-fault needs --workspace")
    partner = ("config", "redirect_host", "fault", "variant", "page_fault", "page_variant", "print_config")
    given = [f"--{name.replace('_', '-')}" for name in partner if getattr(options, name)]
    if options.workspace and given:
        parser.error(f"{given[0]} is of the reference partner; with --workspace it means nothing")


def _credentials() -> tuple[str, str]:
    user, password = os.environ.get("BASIC_USER"), os.environ.get("BASIC_PASSWORD")
    if user and password:
        return user, password
    warn(f"BASIC_USER or BASIC_PASSWORD is not set: using the demo user {DEMO_USER!r}, password {DEMO_PASSWORD!r}.")
    return DEMO_USER, DEMO_PASSWORD


def _print_catalogue() -> None:
    print("Faults (--fault NAME), each one mistake:")
    for fault in FAULTS:
        print(f"  {fault.name}  [{fault.family}]  {fault.title}")
    print("\nVariants (--variant NAME), each another way to be correct:")
    for variant in VARIANTS:
        print(f"  {variant.name}  {variant.title}")
    print("\nFaults of its pages (--page-fault NAME), and the statements on usability that they violate:")
    for page_fault in PAGE_FAULTS:
        print(f"  {page_fault.name}  [{', '.join(page_fault.violates)}]  {page_fault.title}")
    print("\nVariants of its pages (--page-variant NAME), each another way to be right:")
    for page_variant in PAGE_VARIANTS:
        print(f"  {page_variant.name}  {page_variant.title}")
    from certification.reference.workspace.command import print_faults

    print_faults()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="partner-connect serve",
        description="A complete and strict Partner Connect partner on a loopback port.",
        epilog="Credentials come from the environment, BASIC_USER and BASIC_PASSWORD; "
        f"without them the user is {DEMO_USER}, the password {DEMO_PASSWORD}. "
        "The workspace accepts DATABRICKS_TOKEN, without it a demo token that it prints.",
    )
    add = parser.add_argument
    add("--config", type=Path, metavar="FILE", help="partner config; default: one that offers everything")
    add("--port", type=int, default=0, metavar="N", help="port to listen on; 0, the default, is a free one")
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--redirect-host", metavar="NAME", help="host that redirects name; one of the config's hostnames")
    add("--fault", action="append", default=[], metavar="NAME", help="add a fault; may be repeated")
    add("--variant", action="append", default=[], metavar="NAME", help="add a variant; may be repeated")
    add("--page-fault", action="append", default=[], metavar="NAME", help="add a fault to its pages; may be repeated")
    add("--page-variant", action="append", default=[], metavar="NAME", help="let its pages differ; may be repeated")
    add("--workspace", action="store_true", help="start a fake Databricks workspace instead, to make tiles in")
    add("--workspace-fault", action="append", default=[], metavar="NAME", help="let it go wrong; may be repeated")
    add("--list", action="store_true", help="list all faults and variants, those of pages too, and end")
    add("--print-config", action="store_true", help="print the config that would be served, and end")
    add("--exit-with-stdin", action="store_true", help="end when standard input does")
    return parser


if __name__ == "__main__":
    sys.exit(main())
