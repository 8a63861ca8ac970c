"""``init``: a partner config from answers or options."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the config, unless it would not be valid or would replace a file."""
    from certification.config.partner import check_config

    target: Path = options.output
    if target.exists() and not options.force:
        console.warn(
            f"partner-connect init: {target}: the file exists and is kept. Name another one with -o, or use --force."
        )
        return EXIT_CANNOT_START
    ask = _Questions(console, interactive=sys.stdin.isatty() and sys.stdout.isatty())
    raw = _config(options, ask)
    config = check_config(raw, str(target), folder=target.parent)
    text = json.dumps(raw, indent=2, ensure_ascii=False) + "\n"
    with target.open("w" if options.force else "x", encoding="utf-8") as file:
        file.write(text)
    for note in config.warnings:
        console.say(f"note: {note}")
    console.say(f"{target}: written. Check it with: partner-connect check {target}")
    return EXIT_FINE


class _Questions:
    """Asks on a terminal; elsewhere takes the default, or says which option is missing."""

    def __init__(self, console: Console, *, interactive: bool) -> None:
        self._console, self._interactive = console, interactive

    def text(self, given: str | None, option: str, question: str, default: str | None = None) -> str:
        """Return ``given``, or the answer to ``question``; raises CannotStart when there is neither, nor a default."""
        from certification.foundation.errors import CannotStart, Problem

        if given is not None:
            return given
        if self._interactive:
            shown = f" [{default}]" if default else ""
            while True:
                answer = input(f"{question}{shown}: ").strip() or default
                if answer is not None:
                    return answer
                self._console.say("  This is needed.")
        if default is None:
            raise CannotStart(
                [
                    Problem(
                        option,
                        f"it is needed: {question[0].lower()}{question[1:]}.",
                        "Give the option, or start the command on a terminal.",
                    )
                ]
            )
        return default

    def optional(self, given: str | None, option: str, question: str) -> str | None:
        """Return ``given`` or an answer that may be left empty."""
        return self.text(given, option, f"{question} (empty for none)", "") or None


def _config(options: argparse.Namespace, ask: _Questions) -> dict[str, Any]:
    from certification.contract.operations import OPERATIONS, Kind
    from certification.contract.schema_files import read_schema
    from certification.contract.versions import NEWEST

    properties = read_schema("partner-config")["properties"]
    name = ask.text(options.name, "--name", "Name of the partner")
    version = ask.text(options.api_version, "--api-version", "Version of the API that you implement", NEWEST)
    category = ask.text(
        options.category, "--category", f"Category of the tile ({', '.join(properties['category']['enum'])})"
    )
    base_url = ask.text(options.base_url, "--base-url", "Base URL of the API, such as https://api.acorn.example")
    host = _host(base_url)
    endpoints = {}
    for row in OPERATIONS.values():
        key = row.config_key
        option, what = f"--{key.replace('_', '-')}", f"Path of {row.title}"
        if row.kind is Kind.REQUIRED or row.owed(version, category):
            endpoints[key] = ask.text(getattr(options, key), option, what, row.default_path)
        elif path := ask.optional(getattr(options, key), option, f"{what}, if you offer it"):
            endpoints[key] = path
    raw: dict[str, Any] = {
        "api_version": version,
        "name": name,
        "description_blurb": ask.text(options.description, "--description", "Text of the tile", f"Connect to {name}"),
        "category": category,
        "base_url": base_url,
        "endpoints": endpoints,
        "sign_up_page": ask.text(options.sign_up_page, "--sign-up-page", "Sign-up page", f"https://{host}/signup"),
        "privacy_policy": ask.text(options.privacy_policy, "--privacy-policy", "Privacy policy", f"https://{host}/privacy"),
        "terms_of_service": ask.text(options.terms_of_service, "--terms-of-service", "Terms of service", f"https://{host}/terms"),
        "logo_file": ask.text(options.logo_file, "--logo-file", "Logo beside the config (.png or .svg)", "logo.svg"),
        "icon_file": ask.text(options.icon_file, "--icon-file", "Icon beside the config (.png or .svg)", "icon.svg"),
        "resources_to_provision": [
            {"resource_type": kind}
            for kind in _list(ask.text(options.resources, "--resources", "Resources of a first connect", "SqlEndpoint,PAT"))
        ],
        "data_permissions": [
            {"permission": entry}
            for entry in _list(ask.text(options.permissions, "--permissions", "Data permissions", "SELECT"))
        ],
        "supported_clouds": _list(ask.text(options.clouds, "--clouds", "Clouds", "aws,azure,gcp")),
        "hostnames": _list(ask.text(options.hostnames, "--hostnames", "Hosts that a redirect may name", host)),
        "new_user_action": ask.text(
            options.new_user_action, "--new-user-action", "What happens to a new user on an established connection (auto_add, invite, not_found, error)", "auto_add"
        ),
    }  # fmt: skip
    trial = ask.optional(options.trial_type, "--trial-type", "Whose a trial is: user or account")
    auth = ask.optional(options.auth_options, "--auth-options", "Ways to authenticate to Databricks")
    raw |= {"trial_type": trial} if trial else {}
    raw |= {"auth_options": _list(auth)} if auth else {}
    raw |= {"supports_demo": True} if options.supports_demo else {}
    raw |= {"require_manual_signup": True} if options.manual_signup else {}
    return raw


def _list(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "partner.example"
    except ValueError:
        # What is wrong with the URL is said when the whole config is checked.
        return "partner.example"
