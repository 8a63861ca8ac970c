"""Start the bundled reference partner as a process of its own, and stop it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from certification.config.notes import ConfigNote
from certification.config.partner import PartnerConfig, check_config
from certification.foundation.errors import CannotStart, Problem

READY = "reference partner ready at "


class ReferencePartner:
    """The reference partner in a child process on a free loopback port; it ends when this process does."""

    def __init__(
        self, config: dict[str, Any], arguments: Sequence[str] = (), *, user: str = "", password: str = ""
    ) -> None:
        """Start it with ``config`` and wait until it answers; raises :class:`CannotStart`.

        Without ``user`` and ``password`` it gets credentials of its own, different each time.
        """
        self.user = user or f"reference-{secrets.token_hex(4)}"
        self.password = password or f"pässword:{secrets.token_urlsafe(18)}"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "partner.json"
            file.write_text(json.dumps(config), encoding="utf-8")
            command = [
                sys.executable,
                "-m",
                "certification.reference",
                "--config",
                str(file),
                "--port",
                "0",
                "--exit-with-stdin",
                *arguments,
            ]
            paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
            environment = os.environ | {
                "BASIC_USER": self.user,
                "BASIC_PASSWORD": self.password,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            }
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                encoding="utf-8",
            )
            line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.startswith(READY):
            _, said = self._process.communicate()
            raise CannotStart(
                [
                    Problem(
                        "reference partner",
                        f"it did not start: {said.strip()[:500] or line.strip() or 'no message'}",
                        "Check the config that it was given.",
                    )
                ]
            )
        self.url = line.removeprefix(READY).strip()

    def stop(self) -> None:
        """End the process."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()


def reference_config() -> PartnerConfig:
    """Return the config that the reference partner brings along."""
    from certification.reference import default_config

    return check_config(default_config(), "config of the reference partner")


def with_loopback(config: PartnerConfig) -> PartnerConfig:
    """Return ``config`` with localhost allow-listed, since that is where the reference partner's pages are."""
    if any(name in {"localhost", "127.0.0.1"} for name in config.hostnames):
        return config
    raw = {**config.raw, "hostnames": [*config.hostnames, "localhost"]}
    text = "localhost was added to hostnames, since the pages of the reference partner are there"
    return PartnerConfig(raw, config.source, config.trial, (*config.notes, ConfigNote("hostnames-extended", text)))
