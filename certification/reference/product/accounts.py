"""Who has signed up, with which password, and which browsers are signed in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from certification.reference.product.bounded import Bounded

if TYPE_CHECKING:
    from certification.reference.product.guest import Guest


@dataclass(slots=True)
class Session:
    """One browser that is signed in; ``done`` names the steps after sign-up that were taken."""

    id: str
    email: str
    guest: Guest
    began: float
    done: set[str] = field(default_factory=set)


class Accounts:
    """Passwords by e-mail address, and sessions by the value of their cookie."""

    def __init__(self) -> None:
        self._passwords: Bounded[str, tuple[bytes, bytes]] = Bounded()
        self._guests: Bounded[str, Guest] = Bounded()
        self._sessions: Bounded[str, Session] = Bounded()

    def register(self, email: str, password: str, guest: Guest) -> None:
        """Keep the account; without a password (a link, or another service, signs its user in) none will fit."""
        self._guests[_key(email)] = guest
        if password:
            salt = secrets.token_bytes(16)
            self._passwords[_key(email)] = (salt, _digest(password, salt))

    def fits(self, email: str, password: str) -> bool | None:
        """Tell whether the password is the account's; None when no account of that address has one."""
        kept = self._passwords.get(_key(email))
        return None if kept is None else hmac.compare_digest(kept[1], _digest(password, kept[0]))

    def guest(self, email: str) -> Guest | None:
        """Return whose account it is."""
        return self._guests.get(_key(email))

    def begin(self, email: str, guest: Guest, now: float) -> Session:
        """Sign a browser in."""
        session = Session(secrets.token_urlsafe(18), email, guest, now)
        self._sessions[session.id] = session
        return session

    def session(self, cookie: str) -> Session | None:
        """Return the session of a browser, if it is signed in."""
        return self._sessions.get(cookie)

    def end(self, session: Session) -> None:
        """Sign a browser out."""
        self._sessions.pop(session.id, None)


def _key(email: str) -> str:
    return email.strip().casefold()


def _digest(password: str, salt: bytes) -> bytes:
    # Cheap on purpose: the accounts are invented and end with the process.
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, n=256, r=8, p=1)
