"""``onboarding change``: certify again after a change, compare with the certificate of record, and record the new one."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from certification.cli.console import Console
from certification.cli.onboarding import today_of
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO
from certification.foundation.errors import CannotStart, Problem

if TYPE_CHECKING:
    from certification.config.partner import PartnerConfig
    from certification.onboarding.change import Touched
    from certification.onboarding.of_record import OfRecord
    from certification.onboarding.record import Onboarding
    from certification.signatures.keys import SigningKey

EPILOG: Final = """kinds:
  credentials  other credentials, which Databricks must be given, too
  hostname     another host of the API or of its pages
  cloud        a cloud more or less
  feature      Unity Catalog, OAuth, the demo, trials, a test hook
  api-version  another version of the API
  fix          a repair, or a new release without another declaration

example:
  partner-connect onboarding change --kind hostname --why "moved to acorn.example" --dry-run

Everything runs again: a certificate is of a complete run only.  The new one is recorded when it verifies and nothing broke;
the bundle of the one before is kept beside it.  Credentials come from BASIC_USER, BASIC_PASSWORD and PAT_TOKEN.

exit status:
  0  certified and recorded, or a rehearsal
  1  something broke, or the run is no certificate; nothing is recorded
  4  could not start"""

MAX_WHY: Final = 600
PROFILES: Final = ("quick", "standard", "thorough")
MOST_NAMES: Final = 40
"""So many names of a list are shown."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    from certification.onboarding.change import KINDS

    add = parser.add_argument
    add("--kind", action="append", required=True, choices=tuple(KINDS), help="what changed; may be repeated")
    add("--why", default="", metavar="TEXT", help="words to it")
    add("--url", default="", metavar="URL", help="certify the API at this address (default: base_url of the config)")
    add("--report", type=Path, metavar="DIR", help="folder of the new report (default: certification-report)")
    add("--profile", choices=PROFILES, help="how much is tried (default: as for the certificate of record)")
    add("-n", "--processes", metavar="N", help="run in so many processes (needs pytest-xdist)")
    add("--sign", type=Path, metavar="KEY", help="sign the new bundle with this key")
    add("--dry-run", action="store_true", help="say what the change touches, and run nothing")


@dataclass(frozen=True)
class _Given:
    options: argparse.Namespace
    console: Console
    onboarding: Onboarding
    config: PartnerConfig
    record: OfRecord
    report: Path
    key: SigningKey | None


def run(options: argparse.Namespace, console: Console) -> int:
    """Say what the change touches; unless that is all, certify, compare and record."""
    from certification.config.partner import read_config
    from certification.onboarding.change import KINDS, touched
    from certification.onboarding.of_record import certificate_of_record
    from certification.onboarding.record import read_onboarding
    from certification.signatures.keys import read_signing_key

    if len(options.why) > MAX_WHY:
        what = f"the text has {len(options.why)} characters."
        raise CannotStart([Problem("--why", what, f"Up to {MAX_WHY} are kept.")])
    onboarding = read_onboarding(options.file, today_of(options))
    config = read_config(onboarding.file("config"))
    report = (options.report or options.file.parent / "certification-report").resolve()
    key = read_signing_key(options.sign) if options.sign else None
    kinds = [KINDS[name] for name in dict.fromkeys(options.kind)]
    with certificate_of_record(onboarding) as record:
        given = _Given(options, console, onboarding, config, record, report, key)
        found = touched(kinds, record.report["config"], config)
        _show(found, given)
        if found.foreign:
            raise CannotStart([_foreign(field, owners, onboarding) for field, owners in found.foreign.items()])
        if options.dry_run:
            console.say("Nothing was run: --dry-run.")
            return EXIT_FINE
        return _certified(given)


def _foreign(field: str, owners: Sequence[str], onboarding: Onboarding) -> Problem:
    where = f"{onboarding.file('config')}, field /{field}"
    kinds = " or ".join(f"--kind {name}" for name in owners)
    return Problem(where, "it changed since the certificate of record, which belongs to another kind of change.", f"Put it back, or add {kinds}.")  # fmt: skip


def _show(found: Touched, given: _Given) -> None:
    from certification.onboarding.change import KINDS, SHOWN

    console, certificate = given.console, given.record.certificate
    console.say(f"{given.onboarding.partner}: certificate of record of {certificate.on}, run {certificate.run}")
    for name in dict.fromkeys(given.options.kind):
        console.say(f"{name}: {KINDS[name].what}")
        expected = KINDS[name].fields
        if expected and not set(expected) & set(found.fields):
            console.tell(
                f"nothing changed in the config that belongs to {name}; is {given.onboarding.file('config')} the new one?",
                "note: ",
            )
    _list("config", found.fields, "nothing has changed", console)
    silent = [name for name in found.fields if name in SHOWN]
    if silent and len(silent) == len(found.fields):
        console.tell("No request depends on what changed in the config.", "  ")
    what = "all" if found.everything else found.requirements
    _list("requirements", what, "none by itself", console)
    _list(
        f"cases ({len(found.cases)} of {found.applicable})", what if found.everything else found.cases, "none", console
    )
    _list("usability statements to look at again", found.statements, "none", console)
    _list("manual cases to execute again", found.manual, "none", console)
    _attestations(given, console)
    _sign_offs(found, given, console)
    if found.everything:
        words = "No narrowed run would do: the change can be felt everywhere."
    elif found.cases:
        words = f"A narrowed run would have covered {len(found.cases)} of {found.applicable} cases: pytest -k '{found.selection}'. It finds mistakes and certifies nothing."
    else:
        words = "A narrowed run would have nothing to look at."
    console.tell(f"Everything runs again: a certificate is of a complete run only. {words}")


def _list(title: str, names: Sequence[str] | str, none: str, console: Console) -> None:
    shown = names if isinstance(names, str) else _some(names, ", ") or none
    console.tell(shown, f"  {title}: ", "    ")


def _some(names: Sequence[str], between: str) -> str:
    more = len(names) - MOST_NAMES
    return between.join(names[:MOST_NAMES]) + (f" … and {more} more" if more > 0 else "")


def _attestations(given: _Given, console: Console) -> None:
    import certification
    from certification.attestations.file import read_attestations

    path = given.onboarding.file("attestations")
    if not path.is_file():
        _list("attestations that are stale", f"there is no {path.name}", "", console)
        return
    bound = (given.config.digest, certification.__version__)
    every = read_attestations(path).attestations
    stale = [f"{each.id} ({each.case})" for each in every if (each.config, each.suite) != bound]
    _list(f"attestations that are stale ({len(stale)} of {len(every)})", stale, "none", console)


def _sign_offs(found: Touched, given: _Given, console: Console) -> None:
    from certification.onboarding.change import stale_roles

    stale = stale_roles(config_changed=given.record.certificate.config != given.config.digest)
    what = "bundle and config" if given.record.certificate.config != given.config.digest else "bundle"
    _list(f"sign-offs that rest on the {what}, and are stale with the new certificate", stale, "none", console)
    _list("sign-offs that the change bears on", found.roles, "none", console)


def _certified(given: _Given) -> int:
    """Certify, and record what comes of it unless something broke."""
    from certification.cli.compare import show_result
    from certification.report.verdict import CERTIFICATES
    from certification.review.compare import compare
    from certification.review.stored import stored_report

    console = given.console
    before = _run_in(given.report)
    status = _pytest(_command(given))
    if status not in {0, 1, 3} or _run_in(given.report) in {"", before}:
        console.warn(
            f"partner-connect onboarding change: the run could not start or is not complete (pytest ended with {status}); nothing is recorded."
        )
        return EXIT_CANNOT_START if status not in {0, 1, 2, 3} else EXIT_NO
    with stored_report(given.report) as stored:
        result, verdict = compare(given.record.report, stored.report), stored.report["verdict"]
    console.say()
    console.say(f"compared with the certificate of record ({given.record.certificate.on}):")
    show_result(result, console)
    if result.regression or verdict not in CERTIFICATES:
        why = "something broke" if result.regression else "the run is no certificate"
        console.warn(
            f"partner-connect onboarding change: {why}; the certificate of record stays. Repair it, and give the command again; the report: {given.report / 'report.html'}"
        )
        return EXIT_NO
    return _recorded(given)


def _command(given: _Given) -> list[str]:
    options, run_facts = given.options, given.record.report["run"]
    profile = options.profile or (run_facts["profile"] if run_facts["profile"] in PROFILES else PROFILES[1])
    command = [sys.executable, "-m", "pytest", "-p", "certification.plugin", "-p", "no:cacheprovider"]
    command += [
        f"--partner-config={given.onboarding.file('config').resolve()}",
        f"--certification-report={given.report}",
    ]
    command += [f"--certification-profile={profile}"]
    command += [f"--partner-url={options.url}"] if options.url else []
    if any(waiver.requirement for waiver in given.onboarding.waivers):
        command.append(f"--certification-waivers={options.file.resolve()}")
    return [*command, *(["-n", options.processes] if options.processes else [])]


def _pytest(command: Sequence[str]) -> int:
    """Run pytest and return how it ended; a project's own settings do not reach in."""
    from certification.review.subprocess_environment import child_environment

    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(  # noqa: S603 - our own words and the names of the user's files
            command, cwd=folder, env=child_environment(credentials=True), check=False
        ).returncode


def _run_in(folder: Path) -> str:
    """Return the id of the run whose complete report is in ``folder``; empty where there is none."""
    from certification.evidence.kept import kept_at

    kept = kept_at(folder)
    return kept.run if kept is not None and kept.complete else ""


def _recorded(given: _Given) -> int:
    """Bundle the new report, verify it, and let it take the place of the one of record."""
    from certification.cli.bundle import NotBundledError, bundle
    from certification.onboarding.certificates import entry_for
    from certification.onboarding.of_record import record_new, replaced
    from certification.onboarding.writing import change_onboarding
    from certification.review.signed_manifest import sign_manifest

    console, options, onboarding = given.console, given.options, given.onboarding
    key = given.key
    target, today = onboarding.file("bundle"), today_of(options)
    made = target.with_name(f".{target.name}.new")
    kinds = list(dict.fromkeys(options.kind))
    words = " ".join(filter(None, [options.why, f"Also: {', '.join(kinds[1:])}." if kinds[1:] else ""]))
    try:
        bundle(given.report, made, console, sign=(lambda text: sign_manifest(text, [key])) if key else None)
        console.progress("verifying the bundle")
        entry = entry_for(made, options.file.parent, today, kinds[0], words[:MAX_WHY], config=onboarding.file("config"))
        entry["bundle"] = onboarding.files["bundle"]
        with replaced(made, target, given.record) as earlier:
            name = earlier.resolve().relative_to(options.file.resolve().parent).as_posix()

            def change(raw: dict[str, Any]) -> None:
                record_new(raw, entry, name)

            change_onboarding(options.file, change, today)
    except NotBundledError as error:
        console.done()
        console.warn(f"partner-connect onboarding change: {error}")
        return EXIT_NO
    finally:
        made.unlink(missing_ok=True)
    console.done()
    console.say(
        f"{target}: the new certificate of record, {entry['verdict'].replace('_', ' ')}; the one before is {name}."
    )
    console.say(f"{options.file}: recorded. What is next: partner-connect onboarding status")
    return EXIT_FINE
