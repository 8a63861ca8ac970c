"""How a reader repeats a request: a command for a shell, credentials taken from the environment."""

from __future__ import annotations

import shlex

from certification.client.authentication import SCHEMES
from certification.evidence.exchange import Request


def curl(request: Request) -> str:
    """Return a shell command that sends ``request`` again; credentials come from the environment."""
    words = ["curl", "-i", "-X", request.method]
    arguments = "" if request.operation == "redirect" else SCHEMES[request.authorization].curl
    for name, value in request.headers:
        if name.lower() not in {"authorization", "content-length", "host", "connection", "accept-encoding", "accept"}:
            words += ["-H", f"{name}: {value}"]
    line = " ".join(shlex.quote(word) for word in words)
    if arguments:
        line += f" {arguments}"
    if request.body:
        line += f" --data-raw {shell_text(request.body)}"
    return f"{line} {shlex.quote(request.url)}"


def shell_text(text: str) -> str:
    """Quote ``text`` for a POSIX shell, but let the placeholders of secrets be expanded by it."""
    quoted = shlex.quote(text)
    for name in ("PAT_TOKEN", "OAUTH_SECRET"):
        quoted = quoted.replace(f"${{{name}}}", f"'\"${name}\"'")
    return quoted
