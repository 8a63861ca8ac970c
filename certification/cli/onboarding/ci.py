"""``onboarding ci``: a ready workflow that certifies on a schedule and on a change of the config."""

from __future__ import annotations

import argparse
from pathlib import Path, PurePosixPath
from typing import Final

from certification.cli.console import Console
from certification.cli.onboarding import today_of
from certification.cli.parser import EXIT_FINE
from certification.foundation.errors import CannotStart, Problem

EPILOG: Final = """example:
  partner-connect onboarding ci --github

Give the command in the root of the repository.  The workflow certifies weekly and when the config changes, keeps the report,
comments the summary on the pull or merge request, and fails when something broke since the certificate of record.

exit status:
  0  written
  4  the file exists, or a path cannot stand in a workflow"""

NEXT: Final = {
    "github": "Give the repository the secrets BASIC_USER and BASIC_PASSWORD, and PAT_TOKEN where the config names a real workspace.",
    "gitlab": "Include it in .gitlab-ci.yml; give the project the masked variables BASIC_USER and BASIC_PASSWORD, PAT_TOKEN where the config names a real workspace, and a pipeline schedule.",
}

INSTALL: Final = "It installs this version of the suite from your package index; change that line where the suite comes from elsewhere."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    host = parser.add_mutually_exclusive_group(required=True)
    host.add_argument(
        "--github", action="store_const", const="github", dest="host", help="a workflow of GitHub Actions"
    )
    host.add_argument("--gitlab", action="store_const", const="gitlab", dest="host", help="a file for GitLab CI/CD")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="default: where the host looks for it; - prints it"
    )
    parser.add_argument("--force", action="store_true", help="replace the file when it exists")


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the workflow."""
    from certification.foundation.whole_files import write_whole
    from certification.onboarding.record import read_onboarding
    from certification.onboarding.workflows import WHERE, workflow

    onboarding = read_onboarding(options.file, today_of(options))
    target = Path(WHERE[options.host]) if options.output in {None, Path("-")} else options.output
    config = PurePosixPath(options.file.parent.as_posix(), onboarding.files["config"]).as_posix()
    text = workflow(options.host, config, options.file.as_posix(), target.as_posix())
    if options.output == Path("-"):
        console.say(text.rstrip("\n"))
        return EXIT_FINE
    if target.exists() and not options.force:
        remedy = "Name another one with -o, or replace it with --force."
        raise CannotStart([Problem(str(target), "the file exists and is kept.", remedy)])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, text.encode())
    except OSError as error:
        what = f"the file cannot be written ({error.strerror})."
        raise CannotStart([Problem(str(target), what, "Check the folder.")]) from None
    console.say(f"{target}: written.")
    console.tell(NEXT[options.host])
    console.tell(INSTALL)
    if onboarding.certificate is None:
        console.tell(
            "Nothing is compared until a certificate is recorded: partner-connect onboarding record certificate."
        )
    return EXIT_FINE
