"""``submission``: everything that Databricks' form asks for, in one file, once it is complete."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO
from certification.foundation.errors import CannotStart, Problem

if TYPE_CHECKING:
    from certification.config.partner import PartnerConfig
    from certification.review.verify.outcome import Output
    from certification.submission.documents import Completeness
    from certification.submission.material import Given


def run(options: argparse.Namespace, console: Console) -> int:
    """Look at the parts, say rule by rule what came of it, and write the submission."""
    from certification.cli.bundle import NotBundledError, write_whole
    from certification.review.manifest import digest_of
    from certification.review.signed_manifest import sign_manifest
    from certification.signatures.keys import read_signing_key
    from certification.signatures.statement import SUBMISSION
    from certification.submission.build import outside_of, prepare, write

    target: Path = options.output
    today: date = options.today or datetime.now(UTC).date()
    key = read_signing_key(options.sign) if options.sign else None
    if target.exists() and not options.force:
        console.warn(
            f"partner-connect submission: {target}: the file exists and is kept. Name another one with -o, or use --force."
        )
        return EXIT_CANNOT_START
    with tempfile.TemporaryDirectory(prefix="partner-connect-") as temporary:
        folder = Path(temporary, "members")
        folder.mkdir()
        try:
            given = _given(options, Path(temporary), today, console)
        except NotBundledError as error:
            console.done()
            console.warn(f"partner-connect submission: {error}")
            return error.status
        problems = None if options.offline else _opened(given.config, console)
        outside = outside_of(given.config, problems, today, credentials=console.redactor is not None)
        console.progress("verifying the bundle")
        found = prepare(
            given, folder, outside, lambda path: _verified(path, today, options.time_limit), console.redactor
        )
        console.done()
        said = found.completeness
        members = 0
        if said.complete or options.allow_incomplete:

            def written(file: Any) -> None:
                nonlocal members
                members = write(
                    folder, found, file, (lambda manifest: sign_manifest(manifest, [key], SUBMISSION)) if key else None
                )

            write_whole(target, written)
    if options.json:
        from certification.foundation.typed_json import to_json

        console.say_json(to_json(said))
    else:
        _show(said, console)
        if members:
            console.say(
                f"{target}: {members} files, {target.stat().st_size:,} bytes, sha256 {digest_of(target).sha256}"
            )
            console.say(f"Check it with: partner-connect verify {target}")
        else:
            console.say("Nothing was written; --allow-incomplete writes it all the same.")
    return EXIT_FINE if said.complete else EXIT_NO


def _given(options: argparse.Namespace, temporary: Path, today: date, console: Console) -> Given:
    """Return where the parts lie; raises :class:`CannotStart`, and NotBundledError for a report folder that cannot be bundled."""
    from certification.cli.bundle import bundle
    from certification.config.partner import read_config
    from certification.evidence.kept import resolve_report
    from certification.onboarding.record import FILE, FILES, read_onboarding
    from certification.submission.explanations import NOTHING_EXPLAINED
    from certification.submission.material import Given

    record = options.onboarding or (Path(FILE) if Path(FILE).is_file() else None)
    if record is None:
        files, explanations = {name: Path(path) for name, path in FILES.items()}, NOTHING_EXPLAINED
    else:
        onboarding = read_onboarding(record, today)
        files, explanations = {name: onboarding.file(name) for name in FILES}, onboarding.explanations
    config_path = options.config or files["config"]
    config = read_config(config_path)
    source = resolve_report(options.source)
    if source.is_dir():
        bundled = temporary / "certification.zip"
        bundle(source, bundled, console, allow_incomplete=True)
        source = bundled
    optional = {name: files[name] if files[name].is_file() else None for name in ("attestations", "ux")}
    return Given(config, config_path.parent, source, explanations, optional["attestations"], optional["ux"])


def _opened(config: PartnerConfig, console: Console) -> dict[str, str]:
    from certification.run.public_pages import page_problems

    console.progress("opening the public pages")
    return page_problems(config)


def _verified(bundle: Path, today: date, seconds: int) -> Output:
    """Verify the bundle in a process of its own; raises :class:`CannotStart` when nothing was found out."""
    from certification.foundation.typed_json import from_json
    from certification.review.apart import looked_at_apart
    from certification.review.verify.outcome import Output

    task = {
        "source": str(bundle.resolve()),
        "trust": None,
        "challenge": None,
        "today": today.isoformat(),
        "progress": False,
    }
    found = looked_at_apart(task, seconds)
    if "error" in found:
        raise CannotStart([Problem(str(bundle), f"{found['error']}.", "Free some space, and try again.")])
    return from_json(Output, found)


def _show(said: Completeness, console: Console) -> None:
    from certification.submission import words
    from certification.submission.facts import Seen

    broken = [rule for rule in said.rules if rule.outcome is Seen.BROKEN]
    console.say(
        f"{said.partner}: {'complete' if said.complete else f'not complete, {len(broken)} of {len(said.rules)} rules failed'}"
    )
    for rule in said.rules:
        console.tell(rule.title, f"  {words.OUTCOME[rule.outcome]:<14}", " " * 16)
        last = ""
        for each in rule.looked_at:
            if each.outcome is Seen.HELD:
                continue
            if last and each.remedy != last:
                console.tell(last, " " * 18 + "→ ", " " * 20)
            console.tell(each.text, " " * 18)
            last = each.remedy
        if last:
            console.tell(last, " " * 18 + "→ ", " " * 20)
