"""Faults in sign-ins of users who have yet to sign up by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import error, errors, is_sign_in, put
from certification.reference.messages import Answer, account_not_found
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from certification.reference.messages import Call
    from certification.reference.state import Visitor

MANUAL = "manual-sign-up"
MANUAL_SIGN_UP = {"require_manual_signup": True}


class NoSignUpNeeded(Partner):
    """Lets users in who have not signed up by hand."""

    def check_signed_up(self, visitor: Visitor) -> None:
        pass


class SignUpFirst(Partner):
    """Refuses the first connect of a user who has not signed up by hand."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if visitor.user not in self.store.signed_up:
            raise account_not_found("sign up first")
        return super().first_connect(call, visitor)


FAULTS = (
    Fault("manual-lets-in", MANUAL, "A user who never signed up is let in.", (NoSignUpNeeded,), MANUAL_SIGN_UP),
    Fault("manual-refuses-first", MANUAL, "A first connect asks for a sign-up.", (SignUpFirst,), MANUAL_SIGN_UP),
    Fault(
        "manual-unauthorized",
        MANUAL,
        "A user who has yet to sign up is answered with 401.",
        (errors(error(401, "unauthorized"), 404, is_sign_in),),
        MANUAL_SIGN_UP,
    ),
    Fault(
        "manual-bad-request",
        MANUAL,
        "A user who has yet to sign up is answered with 400.",
        (errors(error(400, "bad_request"), 404, is_sign_in),),
        MANUAL_SIGN_UP,
    ),
    Fault(
        "manual-wrong-reason",
        MANUAL,
        "A user who has yet to sign up is answered with a reason that the API lacks.",
        (errors(put(error_reason="signup_required"), 404, is_sign_in),),
        MANUAL_SIGN_UP,
    ),
    Fault(
        "manual-crashes",
        MANUAL,
        "A user who has yet to sign up breaks the sign-in.",
        (errors(error(500, "general_error"), 404, is_sign_in),),
        MANUAL_SIGN_UP,
    ),
)
