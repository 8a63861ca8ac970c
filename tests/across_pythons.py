"""Make a bundle with one Python and verify it with another, and the other way round.

    python tests/across_pythons.py LOWEST HIGHEST

LOWEST and HIGHEST are interpreters with the suite installed.  The partner answers in ways about which Pythons and libraries
have words of their own: JSON with a comma too many, NaN, half of a surrogate pair, bodies that are not UTF-8, broken gzip,
addresses that nobody can open, characters that some versions of Unicode do not know.  No word of theirs may stand in a
report, or verification would depend on the machine.  Ends with the number of what did not hold.
"""

from __future__ import annotations

import base64
import http.server
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import ClassVar

ANSWERS = (
    b'{"connection_id": "a",}',
    b'{"connection_id": NaN}',
    b'{"connection_id": "\\ud800"}',
    b'{"connection_id": "\xff\xfe"}',
    b'{"connection_id": 0x10}',
    b'{"a": 1} trailing',
    b"{'a': 1}",
    b'{"a": "line\nbreak"}',
    b"",
    b"[" * 200,
    b'{"connection_id": "a", "redirect_uri": "http://[::1/x", "redirect_value": "\\u0378\\u1c8a"}',
    b'{"connection_id": "a", "connection_id": "b", "redirect_uri": "http://127.0.0.1:1/"}',
    '{"connection_id": "\U0001fae9\U00010d4f", "redirect_uri": "x:y"}'.encode(),
)
"""Bodies of answers, one after the other."""


USER, PASSWORD = "user", "Pass-word-of-no-importance-7"
RIGHT = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


class Odd(http.server.BaseHTTPRequestHandler):
    """A partner that answers each call in another odd way."""

    protocol_version = "HTTP/1.1"
    numbers: ClassVar = itertools.count()

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        number = next(self.numbers)
        body = ANSWERS[number % len(ANSWERS)]
        self.send_response((200, 202, 404)[number % 3] if self.headers.get("Authorization") == RIGHT else 401)
        self.send_header("Content-Type", "application/json")
        if number % 17 == 16:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 - http.server calls them so

    def log_message(self, *_: object) -> None:
        """Nobody reads a log here."""


def ran(python: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the suite with ``python``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    return subprocess.run(
        [python, "-P", "-m", *arguments],
        env=kept | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=900,
    )


def across(maker: str, verifier: str, url: str, folder: Path) -> str:
    """Return what did not hold of a bundle that ``maker`` made and ``verifier`` looked at; empty when it holds."""
    report, bundle = folder / "report", folder / "it.zip"
    made = ran(
        maker, "pytest", "-p", "certification.plugin", "-p", "no:cacheprovider", "-q", f"--rootdir={folder}",
        f"--partner-url={url}", "--certification-profile=standard", f"--certification-report={report}",
        BASIC_USER=USER, BASIC_PASSWORD=PASSWORD,
    )  # fmt: skip
    bundled = ran(maker, "certification", "bundle", str(report), "-o", str(bundle), "--allow-incomplete")
    if bundled.returncode:
        return f"no bundle: {made.stdout[-2000:]} {made.stderr[-500:]} {bundled.stderr}"
    looked = ran(verifier, "certification", "verify", str(bundle), "--json")
    result = json.loads(looked.stdout)
    calls = json.loads((report / "report.json").read_text(encoding="utf-8"))["run"]["requests"]
    sys.stdout.write(f"{result['line']} ({calls} calls)\n")
    if looked.returncode == 0 and calls > 50:
        return ""
    return "\n".join(text for point in result["points"] for text in (*point["broken"], *point["unverified"]))


def main() -> int:
    """Try both directions."""
    lowest, highest = sys.argv[1:3]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wrong = 0
    for maker, verifier in ((lowest, highest), (highest, lowest)):
        sys.stdout.write(f"made by {maker}, verified by {verifier}\n")
        for url in ("reference", f"http://127.0.0.1:{server.server_address[1]}"):
            with tempfile.TemporaryDirectory() as folder:
                found = across(maker, verifier, url, Path(folder))
            if found:
                wrong += 1
                sys.stdout.write(f"{found}\n")
    server.shutdown()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
