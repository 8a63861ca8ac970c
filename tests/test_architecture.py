"""The shape of the code: data flows one way, and what is public is documented."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import ROOT

PACKAGE = ROOT / "certification"
MODULES = sorted(PACKAGE.rglob("*.py"))
LINES = 400

LONG = {
    "certification/contract/requirements.py": "one table, one entry for each clause",
    "certification/cases/play.py": "the one vocabulary of all scripts",
    "certification/reference/faults/found_by.py": "one table, one line for each fault",
    "certification/checks/connect.py": "all that can be expected of the answer to one operation",
}
"""Modules that may be longer, and why."""

BESIDE = {"accuracy", "reference", "plugin", "__main__"}
"""Rooms and modules that stand beside the flow: the measuring, the partner to compare with, and the two front doors."""


def rooms() -> list[str]:
    """The rooms in the order in which ARCHITECTURE.md lists them: each imports only from itself and those above it."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.split("<!-- rooms -->")[1].split("<!-- /rooms -->")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def dotted(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """The modules of the package that ``path`` imports, also inside functions; for type checkers only does not count."""
    known = {dotted(module) for module in MODULES}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "certification")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "certification":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in known else str(node.module)


def test_the_page_names_every_room() -> None:
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES} - {"__init__"}
    assert found == {*rooms(), *BESIDE}
    assert len(rooms()) == len(set(rooms()))


def test_a_room_imports_only_from_itself_and_those_above_it() -> None:
    order = rooms()
    wrong = []
    for path in MODULES:
        own = path.relative_to(PACKAGE).parts[0]
        if own not in order:
            continue
        others = {name.split(".")[1] for name in imports(path) if name != "certification"}
        wrong += [
            f"{dotted(path)} imports from {room}"
            for room in others
            if room not in order or order.index(room) > order.index(own)
            if room != "reference"
        ]
    assert wrong == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "reference").rglob("*.py")), ids=dotted)
def test_the_reference_partner_shares_nothing_with_the_checks_but_the_schemas(path: Path) -> None:
    others = {name for name in imports(path) if not name.startswith("certification.reference")}
    assert others <= {"certification.contract.schema_files"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "checks").rglob("*.py")), ids=dotted)
def test_checks_only_look(path: Path) -> None:
    acting = {
        "certification.client.client",
        "certification.cases.play",
        "certification.client.live",
        "certification.client.transport",
    }
    assert not acting & set(imports(path))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    loaded = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    loaded |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not loaded & {"httpx", "httpcore", "socket", "urllib.request", "http.client", "subprocess", "random", "time"}


def test_no_module_is_long_without_a_reason() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LINES and name not in LONG} == {}
    assert LONG.keys() <= lengths.keys()


# What a part of a fault or variant does stands in the title of its catalogue entry.
TITLED = tuple(f"certification.reference.{room}{kind}." for room in ("", "product.") for kind in ("faults", "variants"))


def test_public_names_are_documented() -> None:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    bare = []
    for path in MODULES:
        if dotted(path).startswith(TITLED):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bare += [] if ast.get_docstring(tree) or not tree.body else [dotted(path)]
        bare += [
            f"{dotted(path)}.{node.name}"
            for node in tree.body
            if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    assert bare == []
