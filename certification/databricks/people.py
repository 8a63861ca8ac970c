"""Who the users are: decided freshly for each execution, and the same again when the evidence is re-judged.

A partner remembers whom it has seen.  Identities therefore are not drawn with the shape of a request but derived from
the id of the run and of the execution: no two executions share a user, a company or a workspace, yet whoever knows the
run's id can say exactly which requests the suite must have sent.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Any

FIRST_NAMES = (
    "Ada",
    "Grace",
    "Edsger",
    "Barbara",
    "Alan",
    "Radia",
    "Donald",
    "Frances",
    "Tony",
    "Karen",
    "Niklaus",
    "Adele",
)
LAST_NAMES = (
    "Moreau",
    "Okafor",
    "Lindqvist",
    "Tanaka",
    "Alvarez",
    "Novak",
    "Haddad",
    "Byrne",
    "Costa",
    "Sharma",
    "Keller",
    "Ward",
)
COMPANIES = (
    "acorn",
    "basalt",
    "cobalt",
    "dahlia",
    "ember",
    "fjord",
    "garnet",
    "harbor",
    "indigo",
    "juniper",
    "kestrel",
    "lagoon",
)

PLAIN_IDS = (10**12, 2**53 - 1)
"""Ids of the plain flows: of the size that Databricks uses, below what JavaScript corrupts."""

TEST_DOMAIN = "databricks-test.com"
"""The shared domain that the test hooks must act on.  Source: API specification, What connect means."""

TEST_DOMAINS = (TEST_DOMAIN, "databricks-demo.com")
"""Both domains that the test hooks act on."""

_OWN_DOMAIN = re.compile(r"x[0-9a-f]{10}\.(?:com|org|co\.uk|technology)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Databricks workspace; ``detail`` is the config's ``test_workspace_detail`` when there is one."""

    id: int
    cloud: str
    region: str
    hostname: str


@dataclass(frozen=True, slots=True)
class Person:
    """A Databricks user."""

    email: str
    first_name: str
    last_name: str
    user_id: int
    workspace: Workspace

    @property
    def domain(self) -> str:
        """The e-mail domain, which tells the company."""
        return self.email.rpartition("@")[2]

    def at(self, workspace: Workspace) -> Person:
        """Return the same user in another workspace."""
        return replace(self, workspace=workspace)


REGIONS = {"aws": "us-west-2", "azure": "eastus2", "gcp": "europe-west1"}
_HOSTS = {"aws": "{}.cloud.databricks.com", "azure": "adb-{}.7.azuredatabricks.net", "gcp": "{}.3.gcp.databricks.com"}


class Identities:
    """The people, companies and workspaces of one execution."""

    def __init__(self, key: str, hostname: str | None = None) -> None:
        """``key`` names run, case and execution; ``hostname`` is that of a real workspace, if requests must name one."""
        self._key = key
        self._hostname = hostname

    def number(self, label: str, low: int, high: int) -> int:
        """Return a number from ``low`` to ``high``, both included, that belongs to ``label``."""
        digest = hashlib.sha256(f"{self._key}/{label}".encode("utf-8", "surrogatepass")).digest()
        return low + int.from_bytes(digest[:16], "big") % (high - low + 1)

    def token(self, label: str, length: int = 10) -> str:
        """Return ``length`` (at most 40) hexadecimal digits that belong to ``label``."""
        return f"{self.number(label, 0, 16**40 - 1):040x}"[-length:]

    def company(self, label: str = "company") -> str:
        """Return the e-mail domain of a company that nobody has used before.

        Databricks' own suite makes up names under .com too: validators that know the top-level domains refuse reserved
        ones such as .example.
        """
        word = COMPANIES[self.number(f"{label}/word", 0, len(COMPANIES) - 1)]
        return f"{word}-x{self.token(label)}.com"

    def workspace(
        self, label: str = "workspace", cloud: str = "aws", ids: tuple[int, int] = PLAIN_IDS, number: int | None = None
    ) -> Workspace:
        """Return a fresh workspace in ``cloud`` whose id lies in ``ids``, or is exactly ``number``."""
        ident = self.number(f"{label}/id", *ids) if number is None else number
        return Workspace(ident, cloud, REGIONS[cloud], self._hostname or _HOSTS[cloud].format(f"w{self.token(label)}"))

    def person(
        self,
        label: str,
        domain: str,
        workspace: Workspace,
        *,
        email: str | None = None,
        ids: tuple[int, int] = PLAIN_IDS,
        **names: Any,
    ) -> Person:
        """Return a fresh user of the company ``domain``.

        ``email`` is a template in which ``{u}`` stands for what makes the user unique and ``{domain}`` for the domain;
        ``names`` may give ``first_name`` and ``last_name``.
        """
        token = self.token(label)
        first = FIRST_NAMES[self.number(f"{label}/first", 0, len(FIRST_NAMES) - 1)]
        last = LAST_NAMES[self.number(f"{label}/last", 0, len(LAST_NAMES) - 1)]
        address = (
            (email or "{first}.u{u}@{domain}")
            .replace("{first}", first.lower())
            .replace("{u}", token)
            .replace("{domain}", domain)
        )
        return Person(
            address,
            names.get("first_name", first),
            names.get("last_name", last),
            self.number(f"{label}/user", *ids),
            workspace,
        )


def foreign_domains(answer: str, request: str) -> list[str]:
    """Return (the ends of) the domains of this suite's companies that stand in ``answer`` though not in ``request``.

    Only the part that makes a domain unique is compared: what stands before it may be escaped.
    """
    named = request.lower()
    return sorted({found.lower() for found in _OWN_DOMAIN.findall(answer) if found.lower() not in named})
