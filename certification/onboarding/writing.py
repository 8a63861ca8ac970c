"""Change ``onboarding.json``: what people wrote stays as it is, nobody's change gets lost, and it is written in one piece."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from certification.foundation.errors import CannotStart, Problem
from certification.foundation.whole_files import held, write_whole
from certification.onboarding.record import Onboarding, onboarding_problems, raw_onboarding, read_onboarding, read_text

_INDENT: Final = re.compile(r"^([ \t]+)\S", re.MULTILINE)

Change = Callable[[dict[str, Any]], None]


def change_onboarding(path: Path, change: Change, today: date) -> Onboarding:
    """Apply ``change`` to the object in the file at ``path`` and return what it says then.

    Key order, ``$comment`` and indentation stay.  Raises :class:`CannotStart`, with nothing written, when the file is wrong
    before or after, or when somebody else is changing it.
    """
    try:
        # Where it is a link, what it leads to is changed, and two names of one file share a lock.
        place = Path(os.path.realpath(path))
        with held(place):
            before = read_text(path)
            raw = raw_onboarding(path, before)
            _refuse(onboarding_problems(raw, str(path), today))
            change(raw)
            _refuse(onboarding_problems(raw, str(path), today))
            # An editor knows nothing of the lock.
            if read_text(path) != before:
                what = "the file was changed meanwhile; nothing was written."
                raise CannotStart([Problem(str(path), what, "Look at it, and give the command again.")])
            write_whole(place, text_of(raw, before).encode())
    except OSError as error:
        what = f"the file cannot be changed ({error.strerror}); it is as it was."
        raise CannotStart([Problem(str(path), what, "Check the folder, its permissions and the free space.")]) from None
    return read_onboarding(path, today)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise CannotStart(problems)


def text_of(raw: dict[str, Any], like: str = "") -> str:
    """Return the text of a JSON file with ``raw``, indented as the text ``like`` is."""
    found = _INDENT.search(like)
    indent = found.group(1) if found else "  "
    return json.dumps(raw, indent=indent, ensure_ascii=False) + "\n"
