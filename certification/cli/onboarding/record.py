"""``onboarding record``: write down what is done."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from certification.cli.console import Console
from certification.cli.onboarding import a_day, add_who, now_of, today_of
from certification.cli.parser import EXIT_FINE
from certification.foundation.errors import CannotStart, Problem

if TYPE_CHECKING:
    from certification.onboarding.writing import Change

EPILOG: Final = """what can be recorded:
  NEED                         a need that is declared; onboarding status says what to type for each
  video-session                a session in which all manual cases were executed together
  problem WORDS                a problem that the last session found
  settle ID                    that a problem is settled; say how with --how
  certificate BUNDLE           the certificate of record, verified before
  attestation CASE             that a manual case was executed, without the pages of the walkthrough

examples:
  partner-connect onboarding record mini-site --by "Ann Lee" --organisation Acorn --url https://acorn.example/databricks
  partner-connect onboarding record problem "The logo is cut off" --by "Kim Roe" --organisation Databricks
  partner-connect onboarding record settle V1 --by "Ann Lee" --organisation Acorn --how "new logo"
  partner-connect onboarding record attestation M101 --result passed --by "Ann Lee" --organisation Acorn --role QA --picture landing.png

exit status:
  0  recorded
  4  not recorded; the file is as it was"""

KINDS: Final = ("credentials", "hostname", "cloud", "feature", "api-version", "fix", "renewal")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.add_argument("what", metavar="WHAT", help="see below")
    parser.add_argument("subject", nargs="?", default="", metavar="SUBJECT", help="see below")
    add_who(parser)
    parser.add_argument("--on", type=a_day, metavar="DAY", help="when it was done (default: today)")
    parser.add_argument("--url", default="", metavar="ADDRESS", help="where it can be seen")
    parser.add_argument("--words", default="", metavar="TEXT", help="words to it")
    parser.add_argument("--how", default="", metavar="TEXT", help="settle: how the problem was settled")
    parser.add_argument(
        "--kind", choices=KINDS, default="fix", help="certificate: what led to it (default: fix; the first is first)"
    )
    parser.add_argument("--result", choices=("passed", "failed", "not_applicable"), help="attestation: what came of it")
    parser.add_argument("--reason", default="", metavar="TEXT", help="attestation: why the case does not apply")
    parser.add_argument("--role", default="", metavar="TEXT", help="attestation: what the person does there")
    parser.add_argument("--workspace", default="", metavar="TEXT", help="attestation: in which workspace")
    parser.add_argument("--browser", default="", metavar="TEXT", help="attestation: in which browser")
    parser.add_argument(
        "--picture",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="attestation: a screenshot; may be repeated",
    )
    parser.add_argument(
        "--round",
        choices=("partner", "databricks"),
        default="partner",
        help="attestation: databricks for the video session",
    )


def run(options: argparse.Namespace, console: Console) -> int:
    """Record it and say so."""
    from certification.onboarding.record import DECLARED
    from certification.onboarding.writing import change_onboarding

    if options.what == "attestation":
        return _attestation(options, console)
    makers = {"video-session": _session, "problem": _problem, "settle": _settle, "certificate": _certificate}
    if options.what not in makers and options.what not in DECLARED:
        import difflib

        near = difflib.get_close_matches(options.what, (*makers, *DECLARED), 1)
        hint = f"Did you mean {near[0]}? " if near else ""
        remedy = f"{hint}Needs that are declared: {', '.join(DECLARED)}."
        raise CannotStart([Problem(f"argument {options.what}", "there is nothing of this name to record.", remedy)])
    change = makers.get(options.what, _declaration)(options, console)
    after = change_onboarding(options.file, change, today_of(options))
    problems = [problem.id for session in after.video_sessions for problem in session.problems]
    said = {
        "problem": f"problem {problems[-1] if problems else ''} recorded",
        "settle": f"problem {options.subject} recorded as settled",
    }.get(options.what, f"{options.what} recorded")
    console.say(f"{options.file}: {said}. What is next: partner-connect onboarding status")
    return EXIT_FINE


def _on(options: argparse.Namespace) -> str:
    return str(options.on or today_of(options))


def _declaration(options: argparse.Namespace, _console: Console) -> Change:
    entry = {"need": options.what, "by": options.by, "organisation": options.organisation, "on": _on(options)}
    entry |= {name: value for name, value in (("url", options.url), ("words", options.words)) if value}

    def change(raw: dict[str, Any]) -> None:
        raw.setdefault("declarations", []).append(entry)

    return change


def _session(options: argparse.Namespace, _console: Console) -> Change:
    entry: dict[str, Any] = {"on": _on(options), "by": options.by, "organisation": options.organisation}
    entry |= {"words": options.words} if options.words else {}

    def change(raw: dict[str, Any]) -> None:
        raw.setdefault("video_sessions", []).append({**entry, "problems": []})

    return change


def _problem(options: argparse.Namespace, _console: Console) -> Change:
    words = options.subject or options.words
    if not words.strip():
        remedy = 'Such as: partner-connect onboarding record problem "The logo is cut off" --by NAME --organisation ORG'
        raise CannotStart([Problem("argument SUBJECT", "say in words what is wrong.", remedy)])

    def change(raw: dict[str, Any]) -> None:
        sessions = raw.get("video_sessions", [])
        if not sessions:
            remedy = "Record it first: partner-connect onboarding record video-session"
            raise CannotStart([Problem(str(options.file), "no video session is recorded yet.", remedy)])
        known = sum(len(session.get("problems", [])) for session in sessions)
        sessions[-1].setdefault("problems", []).append({"id": f"V{known + 1}", "what": words})

    return change


def _settle(options: argparse.Namespace, _console: Console) -> Change:
    how = options.how or options.words
    if not how.strip():
        raise CannotStart([Problem("--how", "say how the problem was settled.", 'Such as: --how "new logo"')])

    def change(raw: dict[str, Any]) -> None:
        every = [each for session in raw.get("video_sessions", []) for each in session.get("problems", [])]
        found = next((each for each in every if each["id"] == options.subject), None)
        if found is None:
            names = ", ".join(each["id"] for each in every) or "none"
            raise CannotStart(
                [Problem(str(options.file), f"there is no problem {options.subject!r}.", f"There are: {names}.")]
            )
        found["settled"] = {"on": _on(options), "by": options.by, "how": how}

    return change


def _certificate(options: argparse.Namespace, console: Console) -> Change:
    from certification.onboarding.certificates import entry_for, recorded
    from certification.onboarding.record import read_onboarding

    console.progress("verifying the bundle")
    onboarding = read_onboarding(options.file, today_of(options))
    path = Path(options.subject) if options.subject else onboarding.file("bundle")
    entry = entry_for(
        path, options.file.parent, today_of(options), options.kind, options.words, config=onboarding.file("config")
    )
    console.done()
    return lambda raw: recorded(raw, entry)


def _attestation(options: argparse.Namespace, console: Console) -> int:
    import certification
    from certification.attestations.file import AttestationFile, with_attestation
    from certification.attestations.pictures import BadPicture, keep
    from certification.attestations.records import NOT_APPLICABLE, Attestation, Document
    from certification.cases.catalogue import catalogue
    from certification.config.partner import read_config
    from certification.onboarding.record import read_onboarding
    from certification.onboarding.sign_off import moment_text

    onboarding = read_onboarding(options.file, today_of(options))
    config = read_config(onboarding.file("config"))
    case = catalogue().get(options.subject)
    if case is None or not case.manual:
        names = ", ".join(each.id for each in catalogue().values() if each.manual)
        raise CannotStart(
            [Problem(f"argument {options.subject!r}", "it is no manual case.", f"Manual cases are {names}.")]
        )
    if options.result is None or (options.result == NOT_APPLICABLE and not options.reason.strip()):
        what = "say what came of it." if options.result is None else "a case that does not apply needs a reason."
        remedy = "--result passed, failed or not_applicable; with the last one --reason."
        raise CannotStart([Problem("--result", what, remedy)])
    file = AttestationFile(onboarding.file("attestations"), config.name)
    pictures = []
    for path in options.picture:
        try:
            pictures.append(keep(path.read_bytes(), file.folder, case.id))
        except (OSError, BadPicture) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise CannotStart(
                [Problem(str(path), f"the picture cannot be kept: {why}.", "Give a PNG, JPEG or WebP file.")]
            ) from None
    made = Attestation(
        "", case.id, options.round, options.result, options.reason, options.by, options.organisation, options.role,
        moment_text(now_of(options)), options.workspace, options.browser, options.words, (), tuple(pictures), (),
        config.digest, certification.__version__,
    )  # fmt: skip

    def add(document: Document) -> Document:
        return with_attestation(document, made)

    file.change(add)
    console.say(
        f"{file.path.name}: {case.id} {options.result}, by {options.by}. What is next: partner-connect onboarding status"
    )
    return EXIT_FINE
