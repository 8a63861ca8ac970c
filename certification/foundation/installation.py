"""Where the suite was installed from, so that what is missing can be installed from there as well."""

from __future__ import annotations

import importlib.metadata
import json
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

DISTRIBUTION = "partner-connect-certification"


def install_command(extra: str) -> str:
    """Return the command that installs the optional part ``extra`` of the suite, from where the suite came.

    Installers leave a note (``direct_url.json``, PEP 610) unless the suite came from a package index.
    """
    try:
        text = importlib.metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return f"pip install {_folder(Path(__file__).resolve().parents[2], extra)}"
    try:
        source: Any = json.loads(text) if text else None
    except ValueError:
        source = None
    if not isinstance(source, dict) or not isinstance(source.get("url"), str):
        return f"pip install {shlex.quote(f'{DISTRIBUTION}[{extra}]')}"
    url = source["url"]
    if "dir_info" in source:
        editable = "--editable " if (source["dir_info"] or {}).get("editable") else ""
        return f"pip install {editable}{_folder(Path(unquote(urlsplit(url).path)), extra)}"
    if "vcs_info" in source:
        facts = source["vcs_info"]
        url = f"{facts.get('vcs', 'git')}+{url}@{facts.get('commit_id', 'HEAD')}"
    return f"pip install {shlex.quote(f'{DISTRIBUTION}[{extra}] @ {url}')}"


def _folder(folder: Path, extra: str) -> str:
    here = folder == Path.cwd()
    return shlex.quote(f"{'.' if here else folder}[{extra}]")
