"""What a form field can ask for, and how sure a guess at it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldClass(StrEnum):
    """What a field asks for.  The values are the sections of ``vocabulary.toml``, and some that follow from others."""

    EMAIL = "email"
    USERNAME = "username"
    USERNAME_OR_EMAIL = "username_or_email"
    PASSWORD = "password"  # noqa: S105 - the name of a class of fields
    NEW_PASSWORD = "new_password"  # noqa: S105 - the same
    CURRENT_PASSWORD = "current_password"  # noqa: S105 - the same
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    MIDDLE_NAME = "middle_name"
    FULL_NAME = "full_name"
    PHONE = "phone"
    COMPANY = "company"
    COMPANY_SIZE = "company_size"
    JOB_TITLE = "job_title"
    INDUSTRY = "industry"
    WEBSITE = "website"
    STREET = "street"
    STREET2 = "street2"
    CITY = "city"
    POSTAL_CODE = "postal_code"
    PROVINCE = "province"
    COUNTRY = "country"
    CARD_NUMBER = "card_number"
    CARD_TYPE = "card_type"
    BANK_ACCOUNT = "bank_account"
    CARD_CODE = "card_code"
    CARD_NAME = "card_name"
    CARD_EXPIRY = "card_expiry"
    BIRTHDAY = "birthday"
    ONE_TIME_CODE = "one_time_code"
    NATIONAL_ID = "national_id"
    SECURITY_ANSWER = "security_answer"
    CAPTCHA = "captcha"
    SEARCH = "search"
    COUPON = "coupon"
    INVITATION = "invitation"
    SURVEY = "survey"
    """What a company would like to know about its users."""
    MESSAGE = "message"
    AMOUNT = "amount"
    WORKSPACE_HOST = "workspace_host"
    HTTP_PATH = "http_path"
    ACCESS_TOKEN = "access_token"  # noqa: S105 - the same
    PORT = "port"
    WAREHOUSE = "warehouse"
    CATALOG = "catalog"
    CONSENT = "consent"
    NEWSLETTER = "newsletter"
    REMEMBER = "remember"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a field asks for, and how sure that is."""

    kind: FieldClass
    weight: float
    """How much speaks for it; below :data:`SURE` it is no ground for an accusation."""


SURE = 3.0

PASSWORDS = frozenset({FieldClass.PASSWORD, FieldClass.NEW_PASSWORD, FieldClass.CURRENT_PASSWORD})
BOX_CLASSES = frozenset({FieldClass.CONSENT, FieldClass.NEWSLETTER, FieldClass.REMEMBER})
"""What a box to tick can stand for."""
