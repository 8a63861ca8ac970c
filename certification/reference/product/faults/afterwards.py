"""Faults after the sign-up form was sent: the user is not let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.product.catalogue import SEEN_INSIDE, PageFault
from certification.reference.product.forms import Field, Step
from certification.reference.product.parts import ends, interposes, shows, speaks
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from starlette.responses import Response

    from certification.reference.product.accounts import Session
    from certification.reference.product.visit import Visit

CODE = r"^\d{6}$"
ONE_TIME = Field("code", "code", autocomplete="one-time-code", inputmode="numeric", rule=CODE)
LOST = ("U200", "U210", "U300")


class SignInNext(Product):
    """Makes the account, and has the user sign in."""

    def after_sign_up(self, visit: Visit, session: Session) -> Response:
        self.accounts.end(session)
        return self.lead(visit, "sign-in", registered="1")


class CookieLost(Product):
    """Sets the session's cookie for another path, so that the landing page never sees it."""

    def keep(self, visit: Visit, response: Response, session: Session) -> Response:
        response.set_cookie("session", session.id, path=f"{visit.base}/sign-up", httponly=True, samesite="lax")
        return response


def _inside(name: str) -> tuple[str, ...]:
    return tuple(statement for statement in SEEN_INSIDE if statement != name)


def _step(heading: str, lead: str, *fields: Field, button: str = "continue") -> Step:
    return Step(heading, lead, fields, button)


def _login(name: str, title: str, *parts: type[Product]) -> PageFault:
    return PageFault(f"sign-in-after{name}", title, ("U150",), parts)


def _wall(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    return PageFault(f"verification-{name}", title, ("U160",), parts, may=("U150",), unreached=LOST, **more)


def _second(name: str, title: str, *parts: type[Product], **more: Any) -> PageFault:
    facts = {"may": ("U100", "U110"), "unreached": LOST} | more
    return PageFault(f"two-factor-{name}", title, ("U140",), parts, **facts)


FAULTS = (
    _login("", "After sign-up the user has to sign in.", SignInNext),
    _login("-german", "After sign-up the user has to sign in, in German.", SignInNext, speaks("de")),
    _login("-japanese", "After sign-up the user has to sign in, in Japanese.", SignInNext, speaks("ja")),
    _login(
        "-cookie-lost", "The session's cookie belongs to another path: the user lands on the sign-in page.", CookieLost
    ),
    PageFault(
        "lands-on-website",
        "After sign-up the user is on the product's public website.",
        ("U150",),
        (ends("faults/website.html"),),
        unreached=_inside("U150"),
    ),
    PageFault(
        "sales-will-call",
        "After sign-up the user is told that the sales team will be in touch.",
        ("U150",),
        (ends("faults/sales_will_call.html"),),
        may=("U160", "U300"),
        unreached=_inside("U150"),
    ),
    PageFault(
        "approval-pending",
        "After sign-up the account waits for somebody's approval.",
        ("U150",),
        (ends("faults/approval_pending.html"),),
        may=("U160", "U300"),
        unreached=_inside("U150"),
    ),
    _wall("wall", "Nothing goes on before a link in an e-mail is clicked.", ends("faults/verification_wall.html")),
    _wall(
        "wall-german",
        "Nothing goes on before a link in an e-mail is clicked, in German.",
        ends("faults/verification_wall.html"),
        speaks("de"),
    ),
    _wall(
        "wall-japanese",
        "Nothing goes on before a link in an e-mail is clicked, in Japanese.",
        ends("faults/verification_wall.html"),
        speaks("ja"),
    ),
    _wall(
        "wall-inside",
        "The product is covered until the address is verified.",
        shows(home="faults/verification_cover.html"),
    ),
    PageFault(
        "verification-code",
        "A code from an e-mail must be typed.",
        ("U160",),
        (interposes("verify", _step("Enter the code", "We sent a code with six digits to {email}.", ONE_TIME)),),
        may=("U140", "U150"),
        unreached=LOST,
    ),
    PageFault(
        "verification-code-french",
        "A code from an e-mail must be typed, in French.",
        ("U160",),
        (
            interposes(
                "verify",
                _step(
                    "Vérifiez votre adresse e-mail",
                    "Saisissez le code à six chiffres envoyé à {email}.",
                    Field("otp", "Code de vérification", rule=CODE),
                ),
            ),
            speaks("fr"),
        ),
        may=("U140", "U150"),
        unreached=LOST,
    ),
    _second(
        "qr",
        "An authenticator app must be set up, with a QR code and its link.",
        interposes(
            "two-factor",
            _step(
                "Set up two-factor authentication",
                "Scan the code with your authenticator app, then type what it shows.",
                ONE_TIME,
            ),
            "faults/two_factor_qr.html",
        ),
    ),
    _second(
        "picture",
        "An authenticator app must be set up with a QR code alone.",
        interposes(
            "security",
            _step("One more step", "Scan this code with your authenticator app.", button="I have scanned it"),
            "faults/two_factor_picture.html",
        ),
        unreached=(),
    ),
    _second(
        "phone",
        "A phone number for codes must be given.",
        interposes(
            "two-factor",
            _step(
                "Secure your account",
                "We text you a code whenever you sign in.",
                Field("mobile", "Mobile number for security codes", "tel", autocomplete="tel"),
            ),
        ),
        unreached=(),
    ),
    _second(
        "boxes",
        "Six boxes want the digits of a code from an app.",
        interposes(
            "two-factor",
            _step(
                "Two-step verification",
                "Type the code that your authenticator app shows.",
                Field("code", "code", "hidden", required=True),
            ),
            "faults/two_factor_boxes.html",
        ),
    ),
    _second(
        "german",
        "A second factor must be set up, in German.",
        interposes(
            "zwei-faktor",
            _step(
                "Zwei-Faktor-Authentifizierung einrichten",
                "Scannen Sie den QR-Code mit Ihrer Authenticator-App und geben Sie den angezeigten Code ein.",
                Field("sicherheit", "Einmalcode", inputmode="numeric", rule=CODE),
            ),
            "faults/two_factor_qr.html",
        ),
        speaks("de"),
    ),
    _second(
        "at-sign-up",
        "The sign-up form itself shows a QR code and asks for the app's code.",
        shows(sign_up="faults/two_factor_sign_up.html"),
        unreached=(),
    ),
)
