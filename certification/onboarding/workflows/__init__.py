"""Ready workflows that certify on a schedule and on a change of the config: the texts, and what is filled in."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Final

import certification
from certification.foundation.errors import CannotStart, Problem

WHERE: Final = {"github": ".github/workflows/partner-connect.yml", "gitlab": "partner-connect.gitlab-ci.yml"}
"""Whose workflow -> where it is kept in a repository."""

DISTRIBUTION: Final = "partner-connect-certification"

_PLAIN = re.compile(r"\.?[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}")
"""Paths that mean themselves in patterns, in YAML and in a shell."""


def workflow(host: str, config: str, onboarding: str, target: str) -> str:
    """Return the text of the workflow for ``host``, ``github`` or ``gitlab``.

    ``config`` and ``onboarding`` are paths from the root of the repository, ``target`` is where the text will lie.  Raises
    :class:`CannotStart` for a path that a pattern would read in another way.
    """
    bad = [
        path for path in (config, onboarding, target) if not _PLAIN.fullmatch(path) or ".." in PurePosixPath(path).parts
    ]
    if bad:
        remedy = "Give the command in the root of the repository, and name files with letters, digits and . _ - / only."
        raise CannotStart(
            [Problem(path, "this is no plain path below the root of a repository.", remedy) for path in bad]
        )
    paths = "\n".join(f"      - {_quoted(path)}" for path in dict.fromkeys((config, onboarding, target)))
    parts = {
        "@PATHS@": paths if host == "github" else _indented(paths, 2),
        "@CERTIFY@": _indented(_text("certify.sh"), 10 if host == "github" else 6),
        "@COMMENT@": _indented(_text("gitlab_comment.py"), 6),
        "@REQUIREMENT@": f"'{DISTRIBUTION}=={certification.__version__}'",
        "@CONFIG@": _quoted(config),
        "@ONBOARDING@": _quoted(onboarding),
        "@SELF@": target,
    }
    text = _text(f"{host}.yml")
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def _quoted(path: str) -> str:
    # What JSON writes is YAML, too.
    return json.dumps(path)


def _indented(text: str, by: int) -> str:
    return "\n".join(f"{' ' * by}{line}" if line else "" for line in text.rstrip("\n").split("\n"))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
