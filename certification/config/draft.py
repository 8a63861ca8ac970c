"""A first partner config from a few answers: what was not asked gets its usual value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from certification.config.rules import config_problems
from certification.contract.internet_names import is_this_machine
from certification.contract.operations import OPERATIONS, Kind
from certification.contract.versions import NEWEST
from certification.foundation.errors import Problem

SCHEMA_FILE = "partner-config.schema.json"
"""Copy of the schema beside the config, where editors find it without a network."""

UNNAMED = "Unnamed partner"

LISTS = {
    "resources": ("resources_to_provision", "resource_type", "SqlEndpoint,PAT"),
    "permissions": ("data_permissions", "permission", "SELECT"),
}
"""Answer -> (field of the config, key of each entry, usual value)."""

FIELDS = {
    "name": "/name",
    "description": "/description_blurb",
    "resources": "/resources_to_provision",
    "permissions": "/data_permissions",
    "clouds": "/supported_clouds",
    "hooks": "/endpoints",
    **{row.config_key: f"/endpoints/{row.config_key}" for row in OPERATIONS.values()},
}
"""Answer -> JSON pointer of the field that it decides, where that is not the field of its own name."""

HOOKS = {row.title: row for row in OPERATIONS.values() if row.kind is Kind.TEST_HOOK}


def draft(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config that follows from ``answers`` (texts by name of the option); lists are separated by commas."""
    category = answers.get("category", "BI_AND_VIZ")
    name, base_url = answers.get("name", UNNAMED), answers.get("base_url", "https://partner.example")
    host = _host(base_url)
    # On this machine the pages are where the API is; elsewhere they hardly ever are under the API's own path.
    site = base_url.rstrip("/") if is_this_machine(host) else f"https://{host}"
    raw: dict[str, Any] = {
        "$schema": f"./{SCHEMA_FILE}",
        "api_version": answers.get("api_version", NEWEST),
        "name": name,
        "description_blurb": answers.get("description", f"Connect to {name}"),
        "category": category,
        "base_url": base_url,
        "endpoints": _endpoints(answers, category),
        "sign_up_page": answers.get("sign_up_page", f"{site}/signup"),
        "privacy_policy": answers.get("privacy_policy", f"{site}/privacy"),
        "terms_of_service": answers.get("terms_of_service", f"{site}/terms"),
        "logo_file": answers.get("logo_file", "logo.svg"),
        "icon_file": answers.get("icon_file", "icon.svg"),
    }
    for answer, (field, key, usual) in LISTS.items():
        raw[field] = [{key: entry} for entry in listed(answers.get(answer, usual))]
    raw["supported_clouds"] = listed(answers.get("clouds", "aws,azure,gcp"))
    raw["hostnames"] = listed(answers.get("hostnames", host))
    raw["new_user_action"] = answers.get("new_user_action", "auto_add")
    if answers.get("trial_type"):
        raw["trial_type"] = answers["trial_type"]
    if answers.get("auth_options"):
        raw["auth_options"] = listed(answers["auth_options"])
    raw |= {"supports_demo": True} if answers.get("supports_demo") else {}
    raw |= {"require_manual_signup": True} if answers.get("manual_signup") else {}
    return raw


def answer_problems(answers: Mapping[str, Any], name: str) -> list[Problem]:
    """Return what is wrong with the answer called ``name`` among ``answers``; empty when it can stand."""
    if name == "hooks":
        unknown = [entry for entry in hook_paths(answers[name]) if entry not in HOOKS]
        if unknown:
            what = f"there is no test hook called {unknown[0]!r}."
            return [
                Problem(
                    name,
                    what,
                    f"Name some of {', '.join(HOOKS)}, or none; another path than the usual one as name=/path.",
                )
            ]
    place = f"answer, field {FIELDS.get(name, f'/{name}')}"
    problems = config_problems(draft(answers), "answer")
    return [each for each in problems if each.where == place or each.where.startswith(f"{place}/")]


def hook_paths(text: str) -> dict[str, str]:
    """Return the hooks that ``text`` names, each with its path, empty for the usual one: ``delete-account=/reset``."""
    entries = (entry.partition("=") for entry in listed(text))
    return {name.strip().removeprefix("/"): path.strip() for name, _, path in entries}


def listed(text: str) -> list[str]:
    """Return the entries of a text that separates them by commas."""
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _endpoints(answers: Mapping[str, Any], category: str) -> dict[str, str]:
    wanted = hook_paths(answers.get("hooks", ""))
    endpoints = {}
    for row in OPERATIONS.values():
        usual = row.kind is Kind.REQUIRED or (row.kind is Kind.INGEST and category == "INGEST") or row.title in wanted
        path = answers.get(row.config_key) or wanted.get(row.title) or (row.default_path if usual else "")
        if path:
            endpoints[row.config_key] = path
    return endpoints


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "partner.example"
    except ValueError:
        # What is wrong with the address is said when the config is checked.
        return "partner.example"
