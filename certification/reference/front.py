"""The partner's front desk: authentication first, then headers, JSON, schema and promises, then the partner itself."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
from typing import TYPE_CHECKING

from certification.reference.messages import Answer, Refusal, bad_request, unauthorized
from certification.reference.parsing import parse_object
from certification.reference.strictness import check_headers, check_promises
from certification.reference.validation import first_error

if TYPE_CHECKING:
    from certification.reference.messages import Call, Json
    from certification.reference.partner import Partner

log = logging.getLogger(__name__)


class Front:
    """Takes a call through its stations; every station is a method of its own, so that it can be replaced."""

    def __init__(self, partner: Partner, user: str, password: str) -> None:
        self.partner = partner
        self.settings = partner.settings
        self.user = user
        self.password = password
        self.expected = f"{user}:{password}".encode()
        self.reported: set[str] = set()

    async def respond(self, call: Call) -> Answer:
        """Return the answer to ``call``, whatever happens on the way."""
        try:
            return await self.serve(call)
        except Refusal as refusal:
            return self.refuse(call, refusal)
        except Exception as error:  # noqa: BLE001 - whatever broke, the caller gets an ErrorResponse
            self.report(call, error)
            return self.crash(call, error)

    async def serve(self, call: Call) -> Answer:
        """Take ``call`` through all stations; raise ``Refusal`` at the first that objects."""
        self.authorize(call)
        self.check_headers(call)
        if call.operation.request_schema:
            call.body = self.parse(call)
            self.validate(call)
        return await self.perform(call)

    def authorize(self, call: Call) -> None:
        """Refuse a call without the partner's Basic credentials (UTF-8; the scheme's case does not matter)."""
        if not self.is_allowed(self.credentials(call)):
            raise unauthorized("the credentials are missing or wrong")

    def credentials(self, call: Call) -> bytes:
        """Return ``user:password`` as sent, or nothing when the header can't be read."""
        scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return b""
        try:
            return base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            return b""

    def is_allowed(self, sent: bytes) -> bool:
        """Compare in constant time, so that nobody can guess the password byte by byte."""
        return hmac.compare_digest(sent, self.expected)

    def check_headers(self, call: Call) -> None:
        """Refuse headers that Databricks does not send."""
        check_headers(call)

    def parse(self, call: Call) -> Json:
        """Return the JSON object of the body."""
        return parse_object(call.raw)

    def validate(self, call: Call) -> None:
        """Refuse a body that Databricks could not send to this partner."""
        schema = call.operation.request_schema
        error = first_error(schema, call.body) if schema else ""
        if error:
            raise bad_request(error)
        check_promises(call, self.settings)

    async def perform(self, call: Call) -> Answer:
        """Have the partner answer a call that is in order."""
        return await self.partner.answer(call)

    def refuse(self, call: Call, refusal: Refusal) -> Answer:
        """Return the answer that carries ``refusal``."""
        del call
        answer = refusal.answer()
        if answer.status == 401:
            answer.headers["www-authenticate"] = 'Basic realm="Partner Connect", charset="UTF-8"'
        return answer

    def report(self, call: Call, error: Exception) -> None:
        """Log what broke: the type only, for the text may quote the request, and each once, lest it fills a pipe."""
        message = f"{call.operation.name} failed with {type(error).__name__}"
        if message not in self.reported:
            self.reported.add(message)
            log.error(message)

    def crash(self, call: Call, error: Exception) -> Answer:
        """Return the answer to a call on which the partner itself broke; nothing of the cause leaves the house."""
        del call, error
        return Refusal(500, "general_error", "unexpected error", "Something went wrong on our side.").answer()
