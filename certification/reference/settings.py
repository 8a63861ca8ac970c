"""What the reference partner needs to know of a partner config, read once and checked on the way in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from certification.reference.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOOPBACK_NAMES = ("localhost", "127.0.0.1")


class ConfigError(ValueError):
    """A partner config that can't be served; the text names the field and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One partner config as the reference partner uses it."""

    name: str
    prefix: str
    paths: Mapping[Operation, str]
    clouds: frozenset[str]
    new_user_action: str
    manual_signup: bool
    trial_type: str
    supports_demo: bool
    takes_pat: bool
    takes_m2m: bool
    takes_u2m: bool
    needs_oauth_redirect: bool
    redirect_host: str
    raw: Mapping[str, Any]


def default_config() -> dict[str, Any]:
    """Return a fresh copy of the bundled config, which offers every endpoint."""
    text = files(__package__).joinpath("assets", "partner.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def read_config(path: Path) -> dict[str, Any]:
    """Return the parsed config in ``path``; raise ``ConfigError`` when it can't be read as a JSON object."""
    try:
        parsed = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the file can't be read ({error.strerror}); give the path of a partner config") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"the file is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ConfigError(f"the file is not JSON: {error.msg} at {where}; correct the syntax there") from None
    except RecursionError:
        raise ConfigError("the file is nested too deeply for a partner config; give a partner config") from None
    if not isinstance(parsed, dict):
        raise ConfigError("the file holds no JSON object at its top level; a partner config is one object")
    return parsed


def read_settings(config: Mapping[str, Any], redirect_host: str | None = None) -> Settings:
    """Return what the partner needs of ``config``; raise ``ConfigError`` that names the first bad field.

    ``redirect_host`` is the host that redirects name; without it, the first loopback name that ``hostnames`` allows.
    """
    _check_schema(config)
    options = config.get("auth_options")
    takes_u2m = "AUTH_OAUTH_U2M" in (options or ())
    return Settings(
        name=config["name"],
        prefix=unquote(urlsplit(config["base_url"]).path).rstrip("/"),
        paths=_read_paths(config["endpoints"]),
        clouds=frozenset(config["supported_clouds"]),
        new_user_action=config["new_user_action"],
        manual_signup=config.get("require_manual_signup", False),
        trial_type=config.get("trial_type", "user"),
        supports_demo=config.get("supports_demo", False),
        takes_pat=not options or "AUTH_PAT" in options,
        takes_m2m="AUTH_OAUTH_M2M" in (options or ()),
        takes_u2m=takes_u2m,
        needs_oauth_redirect=takes_u2m and not config.get("is_published_app", False),
        redirect_host=_redirect_host(config["hostnames"], redirect_host),
        raw=config,
    )


def _read_paths(endpoints: Mapping[str, Any]) -> dict[Operation, str]:
    paths: dict[Operation, str] = {}
    taken: dict[tuple[str, str], str] = {}
    for operation in Operation:
        path = endpoints.get(operation.config_key)
        if path is None:
            continue
        if set(path) & set("{}?#"):
            raise ConfigError(f"endpoints.{operation.config_key} is {path!r}; write a path without any of {{}}?#")
        owner = taken.setdefault((operation.method, path), operation.config_key)
        if owner != operation.config_key:
            problem = f"endpoints.{operation.config_key} is {path!r}, which endpoints.{owner} already uses for"
            raise ConfigError(f"{problem} {operation.method}; give each of the two a path of its own")
        paths[operation] = unquote(path)
    return paths


def _redirect_host(hostnames: list[str], wanted: str | None) -> str:
    allowed = [hostname.lower() for hostname in hostnames]
    if wanted is None:
        return next((name for name in LOOPBACK_NAMES if name in allowed), LOOPBACK_NAMES[0])
    host = wanted.lower()
    if not any(host == hostname or host.endswith(f".{hostname}") for hostname in allowed):
        raise ConfigError(f"hostnames does not allow the redirect host {wanted}; add it there or choose another host")
    return wanted


def _check_schema(config: Mapping[str, Any]) -> None:
    from certification.reference.validation import first_error

    error = first_error("partner-config", config)
    if error:
        raise ConfigError(f"{error}; correct the field and start again")
