"""``init``: a partner config from answers or options."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE
from certification.foundation.safe_text import visible


@dataclass(frozen=True, slots=True)
class Question:
    """One question: which option answers it, what it asks, and why."""

    name: str
    text: str
    why: str
    usual: str | None = None
    """The answer that an empty line gives; None when there is none."""
    choices: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """The option that answers in advance."""
        return f"--{self.name.replace('_', '-')}"


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the config, unless it would not be valid or would replace a file."""
    from certification.config.draft import draft
    from certification.config.partner import check_config

    target: Path = options.output
    if target.exists() and not options.force:
        console.warn(
            f"partner-connect init: {target}: the file exists and is kept. Name another one with -o, or use --force."
        )
        return EXIT_CANNOT_START
    answers = {name: value for name, value in vars(options).items() if value is not None}
    with _Interview(console, target.with_name(f"{target.stem}.draft.json")) as interview:
        if sys.stdin.isatty() and sys.stdout.isatty():
            interview.hold(answers)
        else:
            _require(answers)
        config = check_config(draft(answers), str(target), folder=target.parent)
        _write(target, config.raw, replace=options.force)
    _write_schema(target.parent, console)
    for note in config.warnings:
        console.say(f"note: {note}")
    console.say(f"{target}: written. What nobody asked has its usual value; change it in the file where yours differs.")
    console.say(f"Check it with: partner-connect check {target}")
    return EXIT_FINE


def _questions(answers: dict[str, Any]) -> list[Question]:
    """Return what has to be known, in the order in which it is asked; all else has a usual value."""
    from certification.config.draft import HOOKS, draft, hook_paths
    from certification.contract.operations import OPERATIONS, Kind
    from certification.contract.schema_files import read_schema

    fields = read_schema("partner-config")["properties"]
    host = draft(answers)["hostnames"][0] if "base_url" in answers else ""
    paths = [
        Question(row.config_key, f"Path of {row.title}", f"Databricks sends {row.method} there.", row.default_path)
        for row in OPERATIONS.values()
        if row.kind is Kind.REQUIRED or (row.kind is Kind.INGEST and answers.get("category") == "INGEST")
    ]
    expires = answers.get("expire_account_path") or "expire-account" in hook_paths(str(answers.get("hooks", "")))
    trial = Question(
        "trial_type",
        "Who expires when a trial ends",
        "user: each user for himself; account: the whole company.",
        "user",
        tuple(fields["trial_type"]["enum"]),
    )
    return [
        Question("name", "Name of the partner", "It is the title of your tile and of the report."),
        Question("category", "Category of the tile", "Partners of INGEST also list their connectors.", choices=tuple(fields["category"]["enum"])),
        Question("base_url", "Base address of the API", "Such as https://api.acorn.example/v1; the paths below are added to it."),
        *paths,
        Question("hooks", "Test hooks that you offer", f"Some of {', '.join(HOOKS)}, with commas between, such as delete-account or delete-account=/reset; empty for none. More cases can run with them.", ""),
        *([trial] if expires else []),
        Question("hostnames", "Hosts that your redirects lead to", "With commas between; their subdomains are allowed with them.", host),
        Question(
            "new_user_action", "What a new colleague meets on an existing connection",
            "auto_add: is added at once; invite: must be invited; not_found: 404; error: 500.", "auto_add", tuple(fields["new_user_action"]["enum"]),
        ),
    ]  # fmt: skip


def _require(answers: dict[str, Any]) -> None:
    """Raise CannotStart with all that has no usual value and that no option says."""
    from certification.foundation.errors import CannotStart, Problem

    remedy = "Give the option, or start the command on a terminal."
    missing = [each for each in _questions(answers) if each.usual is None and each.name not in answers]
    if missing:
        raise CannotStart([Problem(each.option, f"it is needed: {each.text}.", remedy) for each in missing])


class _Interview:
    """Asks on a terminal what no option says; whatever ends it, what was answered is kept until the config is written."""

    def __init__(self, console: Console, kept: Path) -> None:
        self._console, self._kept = console, kept
        self._asked: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._asked:
            self._kept.unlink(missing_ok=True)
        elif self._asked:
            self._kept.write_text(json.dumps(self._asked, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            self._console.say()
            self._console.say(f"{self._kept}: your answers so far; the next start of init goes on from them.")

    def hold(self, answers: dict[str, Any]) -> None:
        """Add the answers of the person to ``answers``, each checked at once."""
        self._asked = self._read()
        if self._asked:
            self._console.say(f"{self._kept}: your earlier answers are in brackets; an empty line takes them.")
        # Later questions may depend on earlier answers.
        while question := next((each for each in _questions(answers) if self._open(each, answers)), None):
            answers[question.name] = self._asked[question.name] = self._ask(question, answers)

    def _open(self, question: Question, answers: dict[str, Any]) -> bool:
        return question.name not in answers or self._wrong(answers, question)

    def _ask(self, question: Question, answers: dict[str, Any]) -> str:
        self._console.say(f"{question.text}: {question.why}")
        for number, choice in enumerate(question.choices, 1):
            self._console.say(f"  {number}  {choice}")
        usual = self._asked.get(question.name, question.usual)
        while True:
            answer = input(f"  [{visible(usual)}] " if usual else "  > ").strip() or usual
            if answer is None:
                self._console.say("  This is needed.")
                continue
            answer = _chosen(answer, question.choices)
            if not self._wrong({**answers, question.name: answer}, question):
                return answer

    def _wrong(self, answers: dict[str, Any], question: Question) -> bool:
        """Say what is wrong with the answer to ``question``, if anything is."""
        from certification.config.draft import answer_problems

        problems = answer_problems(answers, question.name)
        for problem in problems:
            self._console.say(f"  {problem.what} {problem.remedy}")
        return bool(problems)

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._kept.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return {name: text for name, text in kept.items() if isinstance(text, str)} if isinstance(kept, dict) else {}


def _chosen(answer: str, choices: tuple[str, ...]) -> str:
    """Return the choice that ``answer`` names by its number or in any case; else ``answer`` itself."""
    if answer.isascii() and answer.isdigit() and 1 <= int(answer[:4]) <= len(choices):
        return choices[int(answer[:4]) - 1]
    return next((choice for choice in choices if choice.lower() == answer.lower().replace("-", "_")), answer)


def _write(target: Path, raw: dict[str, Any], *, replace: bool) -> None:
    text = json.dumps(raw, indent=2, ensure_ascii=False) + "\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w" if replace else "x", encoding="utf-8") as file:
        file.write(text)


def _write_schema(folder: Path, console: Console) -> None:
    """Put the schema beside the config, for the editor; a file of this name that is something else is kept."""
    from certification.config.draft import SCHEMA_FILE
    from certification.contract.schema_files import read_schema

    schema, path = read_schema("partner-config"), folder / SCHEMA_FILE
    try:
        ours = not path.exists() or json.loads(path.read_text(encoding="utf-8"))["$id"] == schema["$id"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        ours = False
    if not ours:
        console.say(
            f"note: {path} is kept, and is not the schema of a partner config; your editor will not know the fields"
        )
        return
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
