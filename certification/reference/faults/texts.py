"""Faults with text: character sets, column widths, quoting, firewalls and e-mail addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    Condition,
    blocks,
    crashes,
    email,
    html,
    names,
    refuses,
    texts,
    user_of,
)
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.messages import Call
    from certification.reference.state import Connection, Visitor

TEXT = "text"
EMAIL = "e-mail"

BMP = 0xFFFF
SHORT_COLUMN = 50
NAME_COLUMN = 255
CATALOG_COLUMN = 64
EMAIL_COLUMN = 100
LONGEST_OLD_TOP_LEVEL = 4
NOT_FOUND = {"new_user_action": "not_found"}


def _fits(encoding: str) -> Condition:
    def fails(call: Call) -> bool:
        try:
            names(call).encode(encoding)
        except UnicodeEncodeError:
            return True
        return False

    return fails


def _name_has(characters: str) -> Condition:
    return lambda call: any(character in names(call) for character in characters)


def _longer(field: str, width: int) -> Condition:
    return lambda call: len(str(user_of(call).get(field, ""))) > width


def _empty(field: str) -> Condition:
    return lambda call: call.operation is CONNECT and not user_of(call)[field]


def _catalog(call: Call) -> str:
    return str(call.body.get("catalog_name", ""))


def _beyond_bmp(call: Call) -> bool:
    return any(ord(character) > BMP for character in names(call))


def _right_to_left(call: Call) -> bool:
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in names(call))


def _decomposed(call: Call) -> bool:
    return unicodedata.normalize("NFC", names(call)) != names(call)


def _combining(call: Call) -> bool:
    return any(unicodedata.combining(character) for character in names(call))


def _markup(call: Call) -> bool:
    return any("<" in text or ">" in text for text in texts(call.body))


def _sql(call: Call) -> bool:
    return any(mark in names(call) + _catalog(call) for mark in ("--", ";", "'"))


def _local(call: Call) -> str:
    return email(call).rpartition("@")[0]


def _domain(call: Call) -> str:
    return email(call).rpartition("@")[2]


class PlusMerged(Partner):
    """Drops what follows a plus sign, as one mail provider does."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        local, _, domain = email.lower().rpartition("@")
        return (cloud, local.partition("+")[0], domain)


class DotsMerged(Partner):
    """Drops the dots in front of the @, as one mail provider does."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        local, _, domain = email.lower().rpartition("@")
        return (cloud, local.replace(".", ""), domain)


class LocalPartUser(Partner):
    """Takes the name in front of the @ for the user."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return (cloud, email.lower().rpartition("@")[0])


class CompanyUser(Partner):
    """Has one log-in per company."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return (cloud, self.company_of(email))


class LastTwoLabels(Partner):
    """Takes the last two labels of the domain, so that all of co.uk is one company."""

    def company_at(self, domain: str) -> str:
        return ".".join(domain.split(".")[-2:])


class TruncatedEmail(Partner):
    """Stores the first hundred characters of the address and looks users up by all of it."""

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        return len(visitor.email) <= EMAIL_COLUMN and super().is_known(visitor, connection)


def _text(name: str, title: str, part: type) -> Fault:
    return Fault(name, TEXT, title, (part,))


def _email(name: str, title: str, part: type) -> Fault:
    return Fault(f"email-{name}", EMAIL, title, (part,))


TEXT_FAULTS = (
    _text("names-latin-1", "A name outside Latin-1 breaks the database driver.", crashes(_fits("latin-1"))),
    _text("names-cp1252", "A name outside Windows-1252 is refused.", refuses(_fits("cp1252"))),
    _text("names-ascii-only", "A name with anything but ASCII is refused.", refuses(_fits("ascii"))),
    _text("names-utf8mb3", "A character beyond the BMP breaks a three-byte column.", crashes(_beyond_bmp)),
    _text(
        "names-right-to-left", "A right-to-left name breaks the layout of the welcome mail.", crashes(_right_to_left)
    ),
    _text("names-combining", "A combining character is refused.", refuses(_combining)),
    _text("names-decomposed", "A name in decomposed form is refused.", refuses(_decomposed)),
    _text("names-apostrophe", "An apostrophe ends the SQL text.", crashes(_name_has("'"))),
    _text("names-double-quote", "A double quote ends the text in a JSON template.", crashes(_name_has('"'))),
    _text("names-backslash", "A backslash escapes the end of a text.", crashes(_name_has("\\"))),
    _text("names-percent", "A percent sign is taken for a format.", crashes(_name_has("%"))),
    _text("names-braces", "Braces are taken for a template.", crashes(_name_has("{}"))),
    _text("names-ampersand", "An ampersand breaks the XML of the CRM.", crashes(_name_has("&"))),
    _text("names-without-last", "An empty last name is refused.", refuses(_empty("last_name"))),
    _text(
        "names-without-first", "The initial of an empty first name breaks the partner.", crashes(_empty("first_name"))
    ),
    _text(
        "names-short-column",
        "A first name of more than 50 characters breaks its column.",
        crashes(_longer("first_name", SHORT_COLUMN)),
    ),
    _text(
        "names-long-column",
        "A last name of more than 255 characters breaks its column.",
        crashes(_longer("last_name", NAME_COLUMN)),
    ),
    _text(
        "catalog-short-column",
        "A catalog name of more than 64 characters breaks its column.",
        crashes(lambda call: len(_catalog(call)) > CATALOG_COLUMN),
    ),
    _text(
        "firewall-blocks-markup",
        "A firewall answers 403 to markup in any field.",
        blocks(_markup, html(403, "Request blocked")),
    ),
    _text(
        "firewall-blocks-sql",
        "A firewall answers 403 to what looks like SQL.",
        blocks(_sql, html(403, "Request blocked")),
    ),
)

EMAIL_FAULTS = (
    _email("plus-merged", "Addresses with different plus tags are one user.", PlusMerged),
    _email("dots-merged", "Addresses that differ in dots are one user.", DotsMerged),
    _email("local-part-only", "The same name at two companies is one user.", LocalPartUser),
    _email("user-is-company", "All users of a company are one user.", CompanyUser),
    _email("last-two-labels", "All companies under co.uk are one company.", LastTwoLabels),
    Fault(
        "email-truncated",
        EMAIL,
        "An address of more than 100 characters is stored cut and never found.",
        (TruncatedEmail,),
        NOT_FOUND,
    ),
    _email("plus-refused", "A plus sign is refused.", refuses(lambda call: "+" in _local(call))),
    _email("apostrophe-refused", "An apostrophe is refused.", refuses(lambda call: "'" in _local(call))),
    _email("hyphen-refused", "A hyphen in the domain is refused.", refuses(lambda call: "-" in _domain(call))),
    _email(
        "upper-case-refused", "A capital letter is refused.", refuses(lambda call: email(call) != email(call).lower())
    ),
    _email(
        "special-refused",
        "Marks that the pattern forgot are refused.",
        refuses(lambda call: bool(re.search(r"[^\w.+'@-]", _local(call)))),
    ),
    _email(
        "digits-refused",
        "A name that starts with a digit is refused.",
        refuses(lambda call: _local(call)[:1].isdigit()),
    ),
    _email(
        "long-refused",
        "An address of more than 100 characters breaks its column.",
        crashes(lambda call: len(email(call)) > EMAIL_COLUMN),
    ),
    _email(
        "new-endings-refused",
        "An ending of more than four letters is refused.",
        refuses(lambda call: len(_domain(call).rpartition(".")[2]) > LONGEST_OLD_TOP_LEVEL),
    ),
    _email(
        "subdomain-refused",
        "A domain of more than two labels is refused.",
        refuses(lambda call: _domain(call).count(".") > 1),
    ),
)

FAULTS = TEXT_FAULTS + EMAIL_FAULTS
