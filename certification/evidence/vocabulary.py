"""The words that the suite itself writes: what stands among them tells nothing about anybody's secret.

Requests, records and reports are made of texts that stand in this package.  A password that is a piece of one of them
("application/json", the beginning of the alphabet) cannot be told from our own text: were it replaced, a request in the
evidence would no longer be the one that was sent, and an honest report would not verify.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from certification.contract.schema_files import read_schema, schema_names

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_TEXTS = (".py", ".css", ".js", ".json", ".jinja2", ".html")
_STRANGERS = frozenset({"reference", "accuracy", "__pycache__"})
"""The reference partner is not the suite: what it answers is looked at like any partner's answer.  Measuring writes nothing."""


@cache
def own_words() -> str:
    """Return, in lower case, every text of which the suite's requests, records and reports are made."""
    runs = [alphabet * 2 for alphabet in (string.ascii_lowercase, string.digits, string.digits + "abcdef")]
    schemas = (str(read_schema(name)) for name in schema_names())
    return "\n".join([*runs, *schemas, *_sources(files("certification"))]).lower()


def _sources(folder: Traversable) -> Iterator[str]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            if entry.name not in _STRANGERS:
                yield from _sources(entry)
        elif entry.name.endswith(_TEXTS):
            yield entry.read_text(encoding="utf-8")
