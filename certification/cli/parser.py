"""The grammar of the command line: commands, options, examples and exit statuses.

Loads nothing of the suite but the table of operations and what reads a day.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from certification.contract.operations import OPERATIONS
from certification.foundation.days import WORDS, day_of

EXIT_FINE = 0
EXIT_NO = 1
EXIT_USAGE = 2
EXIT_UNKNOWN = 3
EXIT_CANNOT_START = 4
EXIT_INTERRUPTED = 130

_CREDENTIALS = "Credentials come from BASIC_USER, BASIC_PASSWORD and PAT_TOKEN; no option takes one."


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        message = f"expected {WORDS}, found {text[:40]!r}"
        raise argparse.ArgumentTypeError(message)
    return day


def _argument(*names: str, **how: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return names, how


@dataclass(frozen=True)
class Command:
    """One command: what it does, an example, its exit statuses, its arguments."""

    name: str
    summary: str
    example: str
    statuses: dict[int, str]
    arguments: list[tuple[tuple[str, ...], dict[str, Any]]]
    more: str = ""
    takes_rest: bool = False
    module: str = field(default="")


_JSON = _argument("--json", action="store_true", help="print JSON instead of text")
_SOURCE = "a report folder, a bundle, or a name such as latest"

COMMANDS = (
    Command(
        "init",
        "write a partner config",
        "partner-connect init --name 'Acorn BI' --base-url https://api.acorn.example --category BI_AND_VIZ",
        {0: "written", 4: "not written: the answers make no valid config, or the file exists"},
        [
            _argument("-o", "--output", type=Path, default=Path("partner.json"), metavar="FILE", help="default: partner.json"),
            _argument("--force", action="store_true", help="replace the file when it exists"),
            _argument("--name", help="name of the partner"),
            _argument("--description", help="text of the tile"),
            _argument("--api-version", metavar="X.Y.Z", help="version of the API that you implement (default: the newest)"),
            _argument("--category", help="category of the tile"),
            _argument("--base-url", metavar="URL", help="where the API is hosted"),
            *(_argument(f"--{row.config_key.replace('_', '-')}", metavar="PATH") for row in OPERATIONS.values()),
            _argument("--hostnames", metavar="HOST,…", help="hosts that a redirect may name (default: that of the base URL)"),
            _argument("--clouds", metavar="CLOUD,…", help="aws, azure, gcp (default: all)"),
            _argument("--resources", metavar="TYPE,…", help="what a first connect brings along (default: SqlEndpoint,PAT)"),
            _argument("--permissions", metavar="NAME,…", help="data permissions (default: SELECT)"),
            _argument("--new-user-action", metavar="ACTION", help="auto_add, invite, not_found or error"),
            _argument("--trial-type", metavar="TYPE", help="user or account (default: no trial)"),
            _argument("--auth-options", metavar="NAME,…", help="AUTH_PAT, AUTH_OAUTH_M2M, AUTH_OAUTH_U2M (default: none named)"),
            _argument("--supports-demo", action="store_true", default=None, help="the demo flag is honoured"),
            _argument("--manual-signup", action="store_true", default=None, help="users sign up by hand first"),
            _argument("--sign-up-page", metavar="URL"),
            _argument("--privacy-policy", metavar="URL"),
            _argument("--terms-of-service", metavar="URL"),
            _argument("--logo-file", metavar="FILE"),
            _argument("--icon-file", metavar="FILE"),
        ],
        more="Asks for what no option says when it is started on a terminal; elsewhere what is missing gets its default.",
    ),
    Command(
        "check",
        "check a config, and whether the partner can be certified with it",
        "partner-connect check partner.json --url https://staging.acorn.example",
        {0: "a certification can begin", 4: "it cannot; each problem is named"},
        [
            _argument("config", type=Path, help="the partner config"),
            _argument("--url", help="base address of the API (default: base_url of the config)"),
        ],
        more=_CREDENTIALS,
    ),
    Command(
        "report",
        "make the report again from the evidence of a run, also of one that was killed",
        "partner-connect report certification-report",
        {0: "written", 4: "the folder holds no readable evidence, or a run is writing into it"},
        [
            _argument("folder", type=Path, metavar="DIR", help="the report folder"),
            _argument("--attestations", type=Path, metavar="FILE", help="add what people attest about the manual cases (see walkthrough) to the evidence"),
        ],
        more="Earlier files that would change are kept in DIR/earlier.",
    ),
    Command(
        "bundle",
        "put a report into one file for the submission",
        "partner-connect bundle certification-report -o acorn.zip --sign acorn.key",
        {0: "written", 1: "the run is incomplete; see --allow-incomplete", 4: "the folder is no report folder"},
        [
            _argument("folder", type=Path, metavar="DIR", help="the report folder"),
            _argument("-o", "--output", type=Path, metavar="FILE", help="default: DIR.zip"),
            _argument("--force", action="store_true", help="replace the file when it exists"),
            _argument("--allow-incomplete", action="store_true", help="bundle an incomplete run; the bundle says so"),
            _argument("--sign", type=Path, metavar="KEY", help="sign the manifest with this private key: one of keygen, or an SSH key such as ~/.ssh/id_ed25519"),
        ],
    ),
    Command(
        "submission",
        "put everything that Databricks' form asks for into one file, once it is complete",
        "partner-connect submission certification.zip --config partner.json -o submission.zip --sign acorn.key",
        {0: "complete, and written", 1: "not complete; what is missing is said, and nothing is written without --allow-incomplete", 4: "could not start"},
        [
            _argument("source", type=Path, metavar="DIR|BUNDLE", help=_SOURCE),
            _argument("-o", "--output", type=Path, default=Path("submission.zip"), metavar="FILE", help="default: submission.zip"),
            _argument("-c", "--config", type=Path, metavar="FILE", help="the partner config (default: what onboarding.json names, or partner.json)"),
            _argument("--onboarding", type=Path, metavar="FILE", help="where attestations, usability result and explanations are named (default: onboarding.json, if there is one)"),
            _argument("--sign", type=Path, metavar="KEY", help="sign the manifest with this private key: one of keygen, or an SSH key such as ~/.ssh/id_ed25519"),
            _argument("--force", action="store_true", help="replace the file when it exists"),
            _argument("--offline", action="store_true", help="open none of the public pages; the submission says so"),
            _argument("--allow-incomplete", action="store_true", help="write it all the same; it says that it is not complete"),
            _argument("--today", type=_day, metavar="YYYY-MM-DD", help="the day on which it is made (default: today, in UTC)"),
            _argument("--time-limit", type=int, default=1800, metavar="SECONDS", help="give up verifying the bundle after so long (default: 1800)"),
            _JSON,
        ],
        more="Attestations and the usability result are taken from beside onboarding.json where it names no others. Set BASIC_USER, BASIC_PASSWORD and PAT_TOKEN, so that they are looked for in every file.",
    ),
    Command(
        "verify",
        "check that a report or a submission follows from its evidence, without its partner and without trusting it",
        "partner-connect verify acorn.zip --trust acorn.key.pub --challenge 2024-review-17",
        {0: "it holds", 1: "it does not hold; each contradiction is named", 3: "not verified: nothing contradicts it, but something cannot be checked here", 4: "there is no such file or key"},
        [
            _argument("source", type=Path, metavar="FILE|DIR", help="a bundle, a submission, a report folder, a name such as latest, or an onboarding.json with its sign-offs"),
            _argument("--trust", type=Path, metavar="KEY", help="the public key that must have signed the file, also one of SSH"),
            _argument("--challenge", metavar="TEXT", help="the text that the run must have been started with"),
            _argument("--today", type=_day, metavar="YYYY-MM-DD", help="look at it as on this day: whether the certificate and its waivers still stand (default: today)"),
            _argument("--time-limit", type=int, default=1800, metavar="SECONDS", help="give up after so long (default: 1800)"),
            _JSON,
        ],
        more="A partner that failed honestly has a report that holds; the line says what the verdict is.",
    ),
    Command(
        "replay",
        "send the calls of each finding again, as new users, and say whether it is fixed",
        "partner-connect replay latest --finding F8 --url http://127.0.0.1:8000 --watch",
        {0: "everything is fixed", 1: "something still fails, or fails differently", 3: "some findings cannot be told", 4: "could not start"},
        [
            _argument("source", type=Path, metavar="REPORT", help="a report folder, a bundle, or a report.json"),
            _argument("--finding", action="append", default=[], metavar="ID", help="only this finding, such as F8; may be repeated"),
            _argument("--case", action="append", default=[], metavar="ID", help="only findings met in this case; may be repeated"),
            _argument("--watch", action="store_true", help="run again each time the partner restarts, until everything is fixed"),
            _argument("--url", help="base address of the API (default: that of the report, if you agree)"),
            _argument("--yes", action="store_true", help="send the credentials to the address that the report names"),
            _argument("--times", type=int, default=1, metavar="N", help="play each finding N times (default: 1, intermittent ones 5)"),
            _JSON,
        ],
        more=_CREDENTIALS,
    ),
    Command(
        "send",
        "play one case and show the whole conversation",
        "partner-connect send P402 --url http://127.0.0.1:8000",
        {0: "nothing required is broken", 1: "something is", 3: "it could not be played to its end", 4: "could not start, or there is no such case"},
        [
            _argument("case", metavar="CASE", help="id of the case, such as P402"),
            _argument("--url", help="base address of the API (default: base_url of the config)"),
            _argument("--config", type=Path, metavar="FILE", help="the partner config (default: partner.json; with --url alone documented defaults)"),
            _argument("--example", type=int, default=1, metavar="N", help="which example of a generated case (default: 1)"),
        ],
        more=_CREDENTIALS,
    ),
    Command(
        "rerun",
        "run the whole suite again with the config, seed and profile of a report, and compare",
        "partner-connect rerun acorn.zip --url https://api.acorn.example",
        {0: "no regression", 1: "a regression", 4: "the run could not start"},
        [
            _argument("source", type=Path, metavar="BUNDLE", help="a bundle, or a report folder"),
            _argument("--url", required=True, help="base address of the API, or 'reference'"),
            _argument("--report", type=Path, default=Path("certification-rerun"), metavar="DIR", help="folder of the new report (default: certification-rerun)"),
        ],
        more=f"{_CREDENTIALS} Whatever else is given goes to pytest, such as -n 4.",
        takes_rest=True,
    ),
    Command(
        "compare",
        "say what changed between two reports",
        "partner-connect compare acorn-may.zip certification-report",
        {0: "no regression", 1: "something broke", 4: "one of them is no report of this format"},
        [
            _argument("old", type=Path, nargs="?", metavar="OLD", help="a report folder, a report.json, a bundle, or the name of an earlier report (default: the one before the last)"),
            _argument("new", type=Path, nargs="?", metavar="NEW", help="as OLD (default: the last one)"),
            _argument("--of-record", type=Path, metavar="FILE", help="compare one report with the certificate of record that this onboarding.json names"),
            _argument("--markdown", action="store_true", help="print Markdown instead of text, for a pull request"),
            _argument("--today", metavar="YYYY-MM-DD", help="take this day for today: a certificate is due after twelve months"),
            _JSON,
        ],
        more="Without arguments it compares the last two complete reports in certification-report.",
    ),
    Command(
        "walkthrough",
        "walk through the manual cases on a page that plays the Partner Connect tile",
        "partner-connect walkthrough partner.json --url https://staging.acorn.example",
        {0: "ended", 4: "could not start; each problem is named"},
        [
            _argument("config", type=Path, nargs="?", default=Path("partner.json"), help="the partner config (default: partner.json)"),
            _argument("--url", help="base address of the API (default: base_url of the config)"),
            _argument("--attestations", type=Path, default=Path("attestations.json"), metavar="FILE", help="where everything is kept (default: attestations.json)"),
            _argument("--round", choices=("partner", "databricks"), default="partner", help="who carries the cases out; Databricks' results stand beside the partner's (default: partner)"),
            _argument("--port", type=int, default=0, metavar="N", help="port of the page (default: a free one)"),
            _argument("--no-open", action="store_true", help="do not open a browser; only say the address"),
        ],
        more=_CREDENTIALS,
    ),
    Command(
        "serve",
        "start the reference partner, to read and to poke",
        "partner-connect serve --port 8080 --fault connect-value-signin",
        {0: "ended", 2: "no such fault, a wrong config, or the port is taken"},
        [],
        more="BASIC_USER and BASIC_PASSWORD are what it asks for. With --workspace it is a fake Databricks workspace, to make a tile in. "
        "--page-fault and --page-variant change the product that its redirects open; --list names them all. "
        "All options: partner-connect serve --help",
        takes_rest=True,
    ),
    Command(
        "tile",
        "put a self-testing tile into Partner Connect of your own workspace",
        "partner-connect tile create --profile my-workspace",
        {0: "done", 1: "the workspace did not do it; what is done is said", 4: "could not start"},
        [],
        more="All actions and options: partner-connect tile --help",
        takes_rest=True,
    ),
    Command(
        "onboarding",
        "from the prerequisites to launch and after it: status, sign-offs, dates, certificates",
        "partner-connect onboarding status",
        {0: "done, or nothing is open", 1: "something is open", 4: "could not start"},
        [],
        more="All actions and options: partner-connect onboarding --help",
        takes_rest=True,
    ),
    Command(
        "ux",
        "look at your pages as a new user does, in a real browser, and hold them to the usability guidelines",
        "partner-connect ux partner.json --url https://staging.acorn.example",
        {0: "nothing is violated", 1: "something is violated", 3: "nothing could be judged", 4: "could not start"},
        [
            _argument("config", type=Path, help="the partner config"),
            _argument("--url", help="base address of the API (default: base_url of the config)"),
            _argument("--browser", choices=("chrome", "edge", "firefox"), default="chrome", help="which browser to use (default: chrome, or Chromium)"),
            _argument("--headed", action="store_true", help="show the browser; needed for steps that are done by hand"),
            _argument("--hints", type=Path, metavar="FILE", help="what the pages need that no general reader gets through (default: ux.json beside the config, if there is one)"),
            _argument("-o", "--output", type=Path, default=Path("ux"), metavar="DIR", help="folder of the result, the pictures and the report (default: ux)"),
        ],
        more=f"It signs up with invented names, and types no real credential and nothing into card fields. {_CREDENTIALS}",
    ),
    Command(
        "requirements",
        "list the clauses of the contract and the cases that test them",
        "partner-connect requirements --untested",
        {0: "listed"},
        [
            _argument("--untested", action="store_true", help="only clauses that no case tests"),
            _JSON,
        ],
    ),
    Command(
        "explain",
        "explain a requirement, a case, an operation, a model or a ruling",
        "partner-connect explain sign-in-configures-nothing",
        {0: "explained", 4: "nothing has this name"},
        [_argument("name", metavar="NAME", help="as a finding names it, such as connection-model, P402, connect, Connection, ErrorResponse or 17")],
    ),
    Command(
        "keygen",
        "make a pair of keys: for signing bundles, submissions and sign-offs, and for checking them",
        "partner-connect keygen -o acorn.key",
        {0: "written", 4: "a file exists already, or cannot be written"},
        [
            _argument("-o", "--output", type=Path, default=Path("partner-connect.key"), metavar="FILE", help="the private key; the public one gets .pub (default: partner-connect.key)"),
        ],
    ),
)  # fmt: skip


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    width = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="partner-connect",
        description="Certify a partner's implementation of the Databricks Partner Connect API: configs, bundles, verification.",
        epilog="The certification itself is run by pytest: pytest --partner-url=https://api.partner.example --partner-config=partner.json",
        formatter_class=width,
    )
    parser.set_defaults(module="", takes_rest=False)
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and the catalogue, and end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        statuses = "\n".join(f"  {status}  {text}" for status, text in command.statuses.items())
        more = f"{command.more}\n\n" if command.more else ""
        sub = commands.add_parser(
            command.name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            epilog=f"{more}example:\n  {command.example}\n\nexit status:\n{statuses}",
            formatter_class=width,
            add_help=command.name not in {"serve", "tile", "onboarding"},
            allow_abbrev=False,
        )
        for names, how in command.arguments:
            sub.add_argument(*names, **how)
        sub.set_defaults(module=command.module or command.name, takes_rest=command.takes_rest)
    return parser


class _Version(argparse.Action):
    """Shows versions; the catalogue is loaded only for it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print and end."""
        import certification
        from certification.cases.catalogue import catalogue_digest

        parser.exit(message=f"partner-connect {certification.__version__}, catalogue {catalogue_digest()}\n")
