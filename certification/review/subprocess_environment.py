"""Environment for processes of this package that are started by it."""

from __future__ import annotations

import os
from pathlib import Path


def child_environment(*, credentials: bool = False, **more: str) -> dict[str, str]:
    """Return an environment in which ``python -m certification…`` works from any folder, a checkout included.

    Settings of pytest are left out, so that the user's own project does not reach in; so are the credentials of the
    partner unless the child needs them.
    """
    hidden = () if credentials else ("BASIC_USER", "BASIC_PASSWORD", "PAT_TOKEN")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in hidden and not name.startswith(("PYTEST_", "COV_")) and name != "GITHUB_STEP_SUMMARY"
    }
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    return environment | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONIOENCODING": "utf-8"} | more
