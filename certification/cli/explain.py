"""``explain``: one requirement, case, operation, model or ruling, with everything that is known about it."""

from __future__ import annotations

import argparse
import difflib
import re
from typing import TYPE_CHECKING, Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE

if TYPE_CHECKING:
    from certification.cases.case import Case
    from certification.contract.operations import Operation
    from certification.contract.requirements import Requirement


def run(options: argparse.Namespace, console: Console) -> int:
    """Explain what ``name`` stands for; the names that come closest when it stands for nothing."""
    from certification.cases.catalogue import catalogue
    from certification.contract.operations import OPERATIONS
    from certification.contract.requirements import REQUIREMENTS

    name: str = options.name
    operations = {operation.title.replace(" ", "-"): operation for operation in OPERATIONS.values()}
    models = _models()
    found = 0

    def section() -> None:
        nonlocal found
        if found:
            console.say()
        found += 1

    if name in REQUIREMENTS:
        section()
        _requirement(REQUIREMENTS[name], console)
    if name.upper() in catalogue():
        section()
        _case(catalogue()[name.upper()], console)
    if (operation := operations.get(name.lower().replace("_", "-").replace(" ", "-"))) is not None:
        # delete-connection, say, is the name of a requirement as well.
        section()
        _operation(operation, console)
    if (model := models.get(_plain(name))) is not None:
        section()
        _model(model, console)
    if (ruling := _ruling(name)) is not None:
        section()
        console.say(f"ruling {ruling[0]}")
        _rows([("certified", ruling[1])], console)
    if found:
        return EXIT_FINE
    known = [*REQUIREMENTS, *catalogue(), *operations, *(read["title"] for read in models.values())]
    close = difflib.get_close_matches(name, known, 3, 0.5)
    meant = f" Did you mean {', '.join(close)}?" if close else ""
    console.warn(
        f"partner-connect explain: there is no requirement, case, operation, model or ruling called {name}.{meant} "
        "partner-connect requirements lists all requirements and cases."
    )
    return EXIT_CANNOT_START


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _models() -> dict[str, dict[str, Any]]:
    """Return the models of the API by their names in lower case, without hyphens."""
    from certification.contract.schema_files import OURS, read_schema, schema_names

    documents = [read_schema(name) for name in schema_names() if name not in {*OURS, "partner-config", "vocabulary"}]
    return {_plain(document["title"]): document for document in documents if "properties" in document}


def _ruling(name: str) -> tuple[int, str] | None:
    from certification.contract.rulings import RULINGS

    match = re.fullmatch(r"(?:ruling[ -]?)?(\d{1,3})", name.strip().lower())
    number = int(match[1]) if match else 0
    return (number, RULINGS[number]) if number in RULINGS else None


def _operation(operation: Operation, console: Console) -> None:
    from certification.contract.schema_files import read_schema

    def title(schema: str | None, otherwise: str) -> str:
        return (
            f"{read_schema(schema)['title']}, see partner-connect explain {read_schema(schema)['title']}"
            if schema
            else otherwise
        )

    console.say(f"{operation.title} (operation, {operation.kind.value})")
    errors = ", ".join(f"{status} {' or '.join(reasons)}" for status, reasons in operation.errors.items())
    rows = [
        ("request", f"{operation.method} at endpoints.{operation.config_key}, documented as {operation.default_path}"),
        ("body", title(operation.request_schema, "none")),
        (
            "answer",
            f"{' or '.join(map(str, operation.success))}, {title(operation.answer_schema, 'its body is ignored')}",
        ),
        ("errors", f"{errors}; an ErrorResponse each"),
        ("since", f"API version {operation.since}"),
    ]
    _rows(rows, console)


def _model(document: dict[str, Any], console: Console) -> None:
    from certification.contract.fields import resolved

    console.say(f"{document['title']} (model)")
    _rows([("what", document["description"])], console)
    schema = document["$id"].rpartition("/")[2].removesuffix(".json")
    required = set(document.get("required", ()))
    for name, rule in document["properties"].items():
        whole = resolved(rule, schema)
        facts = ["required" if name in required else "optional"]
        if "x-since" in whole:
            facts.append(f"since {whole['x-since']}")
        if "enum" in whole:
            facts.append(f"one of {', '.join(map(str, whole['enum']))}")
        text = f"{_type(whole)}, {', '.join(facts)}. {whole.get('description', '')}"
        _rows([(name, text)], console, max(map(len, document["properties"])) + 2)


def _type(rule: dict[str, Any]) -> str:
    """Return the type of a field in words; of another model its name."""
    from certification.contract.schema_files import read_schema

    reference = str(rule.get("$ref", ""))
    if reference.endswith(".json"):
        return str(read_schema(reference.removesuffix(".json"))["title"])
    types = rule.get("type", "string")
    if types == "array" and isinstance(rule.get("items"), dict):
        return f"list of {_type(rule['items'])}"
    return " or ".join([types] if isinstance(types, str) else types)


def _requirement(entry: Requirement, console: Console) -> None:
    from certification.cases.catalogue import tested_by
    from certification.contract.rulings import rulings_in

    level = "required" if entry.level == "must" else "advice"
    console.say(f"{entry.id} ({level}{', security' if entry.security else ''})")
    rows = [("clause", entry.clause), ("source", entry.source)]
    rows += [(f"ruling {number}", text) for number, text in rulings_in(entry.source)]
    rows += [
        ("usual cause", entry.hint),
        ("asked of", entry.needs),
        ("rests on", ", ".join(entry.rests_on)),
        ("cases", ", ".join(tested_by()[entry.id])),
        ("not tested", entry.untested),
    ]
    _rows(rows, console)


def _case(case: Case, console: Console) -> None:
    from certification.contract.rulings import rulings_in

    console.say(f"{case.id} {case.title} ({case.category}{', manual' if case.manual else ''})")
    rows = [
        ("steps", case.steps),
        ("source", case.clause),
        *((f"ruling {number}", text) for number, text in rulings_in(case.clause)),
        ("looks at", ", ".join(case.requirements)),
        ("alone", "" if case.manual else f"pytest --partner-url=… -k {case.id}"),
    ]
    _rows(rows, console)


def _rows(rows: list[tuple[str, str]], console: Console, width: int = 12) -> None:
    for name, value in rows:
        if value:
            console.tell(value, f"  {name:<{width}}")
