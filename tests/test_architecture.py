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
    "certification/requirements.py": "one table, one entry for each clause",
    "certification/summary.py": "the one place that turns evidence into the report",
    "certification/play.py": "the one vocabulary of all scripts",
    "certification/reference/faults/found_by.py": "one table, one line for each fault",
    "certification/checks/connect.py": "all that can be expected of the answer to one operation",
    "certification/cases/scenarios.py": "one table of Databricks' own cases and their scripts",
}
"""Modules that may be longer, and why."""


def order() -> list[list[str]]:
    """The layers as ARCHITECTURE.md lists them: a module may import from its own layer and from those above it."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.split("<!-- layers -->")[1].split("<!-- /layers -->")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "`" in line]
    return [re.findall(r"`([\w./]+)`", row.split("|")[2]) for row in rows]


def layer_of(name: str) -> int:
    """The number of the layer of the dotted module ``name``, the innermost package named there counting."""
    parts = name.split(".")[1:]
    layers = order()
    for length in range(len(parts), 0, -1):
        wanted = ".".join(parts[:length])
        for number, layer in enumerate(layers):
            if wanted in layer:
                return number
    message = f"{name} stands in no layer of ARCHITECTURE.md"
    raise LookupError(message)


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


def test_the_layers_name_what_exists() -> None:
    layers = [name for layer in order() for name in layer]
    assert len(layers) == len(set(layers))
    assert len(order()) >= 6
    for name in layers:
        path = PACKAGE.joinpath(*name.split("."))
        assert path.with_suffix(".py").is_file() or path.is_dir(), name


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_from_its_own_layer_and_those_above_it(path: Path) -> None:
    name = dotted(path)
    if name == "certification":
        assert list(imports(path)) == []
        return
    own = layer_of(name)
    wrong = [other for other in imports(path) if other != "certification" and layer_of(other) > own]
    assert wrong == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "reference").rglob("*.py")), ids=dotted)
def test_the_reference_partner_shares_nothing_with_the_checks_but_the_schemas(path: Path) -> None:
    others = {name for name in imports(path) if not name.startswith("certification.reference")}
    assert others <= {"certification.schema_files"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "checks").rglob("*.py")), ids=dotted)
def test_checks_only_look(path: Path) -> None:
    acting = {"certification.caller", "certification.play", "certification.stage", "certification.transport"}
    assert not acting & set(imports(path))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    loaded = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    loaded |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not loaded & {"httpx", "httpcore", "socket", "urllib.request", "http.client", "subprocess", "random", "time"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_module_is_long_without_a_reason(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES or name in LONG, f"{name} has {lines} lines"


# What a part of a fault or variant does stands in the title of its catalogue entry.
TITLED = ("certification.reference.faults.", "certification.reference.variants.")


@pytest.mark.parametrize("path", [path for path in MODULES if not dotted(path).startswith(TITLED)], ids=dotted)
def test_public_names_are_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body, path
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    bare = [
        node.name
        for node in tree.body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []
