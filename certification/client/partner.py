"""Open a partner: all that stands between a script and the address that it calls, made in one place.

The run, the commands, the measuring and the tests open a partner here, so that none of them can forget a limit, a
redaction or a record.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from certification.client.authentication import SCHEMES
from certification.client.client import CALL_SECONDS, Client, Credentials
from certification.client.live import LivePartner
from certification.client.pacing import Limits, RequestCount
from certification.config.partner import PartnerConfig
from certification.evidence.recorder import Recorder
from certification.evidence.redaction import Redactor


@dataclass(frozen=True)
class OpenPartner:
    """A partner that can be called: under limits, recorded, and with the secrets replaced."""

    url: str
    credentials: Credentials
    client: Client
    recorder: Recorder
    count: RequestCount
    live: LivePartner

    @property
    def alike(self) -> frozenset[str]:
        """The wrong ways to authenticate that happen to be the right one with these credentials."""
        return alike(self.credentials)


@contextmanager
def open_partner(
    config: PartnerConfig,
    url: str,
    credentials: Credentials,
    folder: Path,
    *,
    limits: Limits | None = None,
    seconds: float = CALL_SECONDS,
    recorder: Recorder | None = None,
    count: Path | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Iterator[OpenPartner]:
    """Give the partner at ``url`` whose config is ``config``; evidence and the count of requests go to ``folder``.

    ``seconds`` is the deadline of each call.  A ``recorder`` that is given stays open at the end, since it was there
    before; ``count`` names the file that several processes share; ``transport`` takes the place of the network.
    Nothing is sent yet.
    """
    with ExitStack() as stack:
        redactor = redactor_for(config, credentials)
        if recorder is None:
            recorder = open_recorder(folder / "calls.jsonl", redactor)
            stack.callback(recorder.close)
        client = Client(url, credentials, redactor, seconds, transport)
        stack.callback(client.close)
        counted = RequestCount(count or folder / "requests")
        stack.callback(counted.close)
        live = LivePartner(client, recorder, limits or Limits(), counted)
        yield OpenPartner(url, credentials, client, recorder, counted, live)


def redactor_for(config: PartnerConfig, credentials: Credentials) -> Redactor:
    """Return what finds the secrets of ``credentials``; a word that stands in ``config`` is no secret."""
    return Redactor(credentials.secrets, credentials.user, str(config.raw))


def open_recorder(path: Path, redactor: Redactor) -> Recorder:
    """Return a recorder that writes to ``path``, with ``redactor`` as the last guard against secrets."""
    return Recorder(path, lambda text: redactor.redact(text)[0])


def credentials_of(user: str, password: str, token: str | None = None) -> Credentials:
    """Return the partner's Basic credentials beside a token and a secret of Databricks, made up unless given.

    Nobody connects with a made-up token; a partner that tries it at once names a workspace, and then it is needed.
    """
    return Credentials(
        user, password, token or f"dapi{secrets.token_hex(16)}", oauth_secret=f"dose{secrets.token_hex(18)}"
    )


def alike(credentials: Credentials) -> frozenset[str]:
    """Return the wrong ways to authenticate that are the right one with these credentials."""
    right = SCHEMES["good"].header(credentials.user, credentials.password)
    return frozenset(
        name
        for name, scheme in SCHEMES.items()
        if name != "good" and scheme.header(credentials.user, credentials.password) == right
    )
