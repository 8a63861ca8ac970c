"""``python -m certification.review.verify``: the process in which ``partner-connect verify`` looks at a bundle.

Internal.  What stands in a bundle may cost time and memory without bound; the command line starts this process with
limits, and reads one JSON document from it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from certification.foundation.days import day_of
from certification.foundation.errors import CertificationError
from certification.foundation.safe_text import one_line
from certification.foundation.typed_json import to_json
from certification.review.verify import verify
from certification.review.verify.outcome import Verification, failed

MEMORY = 4_000_000_000
"""Bytes of address space that looking at a bundle may take."""


def main(look: Callable[..., Verification] = verify) -> None:
    """Read the task from standard input and write the outcome to standard output."""
    _limit_memory()
    sys.stdout.write(json.dumps(looked_at(json.load(sys.stdin), look)))


def looked_at(task: dict[str, Any], look: Callable[..., Verification] = verify) -> dict[str, Any]:
    """Return the outcome of the ``task``, JSON-ready; ``error`` says why there is none.  ``look`` is what verifies."""
    trust = Path(task["trust"]) if task["trust"] else None
    today = day_of(task.get("today"))
    now = datetime.combine(today, time.max, UTC) if today else None

    def progress(text: str) -> None:
        if task["progress"]:
            sys.stderr.write(f"\r\x1b[K{text[:70]} …")
            sys.stderr.flush()

    outcome: dict[str, Any]
    try:
        found = look(Path(task["source"]), trust=trust, challenge=task["challenge"], now=now, progress=progress)
        outcome = to_json(found.output())
    except CertificationError as error:
        outcome = {"error": str(error)}
    except OSError as error:
        outcome = {
            "error": f"{error.filename or task['source']}: {error.strerror}. Is there enough free space to unpack it?"
        }
    except MemoryError:
        outcome = {"error": "looking at it takes more memory than allowed; no run of this suite needs that"}
    except Exception as error:  # noqa: BLE001 - whatever a hostile bundle brings about, it does not hold
        outcome = to_json(failed(f"looking at it failed ({type(error).__name__}: {one_line(error, 200)})"))
    if task["progress"]:
        sys.stderr.write("\r\x1b[K")
    return outcome


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


if __name__ == "__main__":
    main()
