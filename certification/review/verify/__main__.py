"""``python -m certification.review.verify``: the process in which ``partner-connect verify`` looks at a bundle.

Internal.  What stands in a bundle may cost time and memory without bound; the command line starts this process with
limits, and reads one JSON document from it.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

from certification.foundation.errors import CertificationError
from certification.review.verify import verify

MEMORY = 4_000_000_000
"""Bytes of address space that looking at a bundle may take."""


def main() -> None:
    """Read the task from standard input and write the outcome to standard output."""
    _limit_memory()
    task = json.load(sys.stdin)
    trust = Path(task["trust"]) if task["trust"] else None

    def progress(text: str) -> None:
        if task["progress"]:
            sys.stderr.write(f"\r\x1b[K{text[:70]} …")
            sys.stderr.flush()

    try:
        outcome = verify(Path(task["source"]), trust=trust, challenge=task["challenge"], progress=progress).to_json()
    except CertificationError as error:
        outcome = {"error": str(error)}
    except OSError as error:
        outcome = {
            "error": f"{error.filename or task['source']}: {error.strerror}. Is there enough free space to unpack it?"
        }
    except MemoryError:
        outcome = {"error": "looking at it takes more memory than allowed; no run of this suite needs that"}
    except Exception as error:  # noqa: BLE001 - whatever a hostile bundle brings about, it does not hold
        point = {"name": "verification", "holds": "", "open": []}
        point["broken"] = [f"looking at it failed ({type(error).__name__}: {str(error)[:200]})"]
        line = "DOES NOT HOLD: what stands in it cannot be looked at to the end."
        outcome = {"holds": False, "line": line, "verdict": "", "points": [point]}
    if task["progress"]:
        sys.stderr.write("\r\x1b[K")
    sys.stdout.write(json.dumps(outcome))


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


if __name__ == "__main__":
    main()
