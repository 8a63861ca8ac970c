"""What a call was for: an act of Databricks, and the circumstance in which it took place.

Both are codes, so that nothing has to read a sentence to know what happened; the words for them are made last, in
:mod:`certification.report.words`.  The values stand in the evidence, so they never change.
"""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What Databricks, or a browser on its behalf, does with a call."""

    FIRST_CONNECT = "first-connect"
    SIGN_IN = "sign-in"
    DELETE_CONNECTION = "delete-connection"
    TEST_CONNECTION = "test-connection"
    DELETE_ACCOUNT = "delete-account"
    EXPIRE_ACCOUNT = "expire-account"
    LIST_CONNECTORS = "list-connectors"
    PAGE = "page"
    """A plain GET of a redirect_uri, and of what it leads to."""
    CLEAN_UP = "clean-up"
    """Removes what a case made.  Recorded, not judged."""


class When(StrEnum):
    """The circumstance of a step; empty for its plainest form."""

    PLAIN = ""
    # Connecting
    REPEATED = "repeated"
    AGAIN = "again"
    KNOWN_USER = "known-user"
    COLLEAGUE = "colleague"
    SECOND_WORKSPACE = "second-workspace"
    FIRST_WORKSPACE_AFTERWARDS = "first-workspace-afterwards"
    NEIGHBOURING_WORKSPACE = "neighbouring-workspace"
    BESIDE_NEIGHBOUR = "beside-neighbour"
    OTHER_CLOUD = "other-cloud"
    BESIDE_OTHER_CLOUD = "beside-other-cloud"
    SIMILAR_COMPANY = "similar-company"
    BESIDE_SIMILAR_COMPANY = "beside-similar-company"
    OTHER_COMPANY_SAME_WORKSPACE = "other-company-same-workspace"
    AFTER_ANOTHER_CONNECT = "after-another-connect"
    AFTER_MANY_CONNECTS = "after-many-connects"
    CLUSTER = "cluster"
    ZERO = "zero"
    LARGEST = "largest"
    UNKNOWN_FIELDS = "unknown-fields"
    WITHOUT_USER_INFO = "without-user-info"
    LATE_BODY = "late-body"
    # Users
    NEW_USER = "new-user"
    AFTER_NEW_USER = "after-new-user"
    KNOWN_COLLEAGUE = "known-colleague"
    OTHER_DOMAIN_COLLEAGUE = "other-domain-colleague"
    # Demo
    DEMO = "demo"
    DEMO_SECOND_USER = "demo-second-user"
    DEMO_REPEATED = "demo-repeated"
    AFTER_DEMO = "after-demo"
    # Deletion
    AFTER_DELETION = "after-deletion"
    DELETED = "deleted"
    GIVEN_UP = "given-up"
    AFTER_OTHER_DELETION = "after-other-deletion"
    AFTER_NEIGHBOUR_DELETION = "after-neighbour-deletion"
    OTHER_WORKSPACE = "other-workspace"
    # Test hooks
    AFTER_DELETE_ACCOUNT = "after-delete-account"
    AFTER_OTHER_DELETE_ACCOUNT = "after-other-delete-account"
    AFTER_REFUSED_DELETE_ACCOUNT = "after-refused-delete-account"
    AFTER_REFUSED_EXPIRY = "after-refused-expiry"
    OTHER_TEST_DOMAIN = "other-test-domain"
    OTHER_DOMAIN = "other-domain"
    LOOK_ALIKE_DOMAIN = "look-alike-domain"
    NOBODY = "nobody"
    AFTER_EXPIRY = "after-expiry"
    NEW_USER_AFTER_EXPIRY = "new-user-after-expiry"
    COLLEAGUE_AFTER_EXPIRY = "colleague-after-expiry"
    AFTER_OTHER_EXPIRY = "after-other-expiry"
    EXPIRED_USER_DELETED = "expired-user-deleted"
    # Who reaches the hook
    SUFFIX_DOMAIN_AFTER_DELETE_ACCOUNT = "suffix-domain-after-delete-account"
    PREFIX_DOMAIN_AFTER_DELETE_ACCOUNT = "prefix-domain-after-delete-account"
    OTHER_COMPANY_AFTER_DELETE_ACCOUNT = "other-company-after-delete-account"
    SAME_WORKSPACE_AFTER_DELETE_ACCOUNT = "same-workspace-after-delete-account"
    COLLEAGUE_AFTER_DELETE_ACCOUNT = "colleague-after-delete-account"
    # At the same time, again and again
    AT_ONCE = "at-once"
    RELATED_AT_ONCE = "related-at-once"
    SAME_AT_ONCE = "same-at-once"
    AFTER_AT_ONCE = "after-at-once"
    AFTER_DELETIONS_AT_ONCE = "after-deletions-at-once"
    AFTER_DOUBLE_CLICK = "after-double-click"
    NEW_TCP_CONNECTION = "new-tcp-connection"
    # Authentication
    WRONG_CREDENTIALS = "wrong-credentials"
    WRONG_CREDENTIALS_UNKNOWN = "wrong-credentials-unknown"
    WRONG_CREDENTIALS_WRONG_BODY = "wrong-credentials-wrong-body"
    AFTER_WRONG_CREDENTIALS = "after-wrong-credentials"
    SCHEME_IN_LOWER_CASE = "scheme-in-lower-case"
    # Requests that Databricks never sends
    UNKNOWN_ID = "unknown-id"
    ODD_ID = "odd-id"
    UNKNOWN_ID_CONNECTED_WORKSPACE = "unknown-id-connected-workspace"
    AFTER_UNKNOWN_IDS = "after-unknown-ids"
    NOT_JSON = "not-json"
    DOUBTFUL_JSON = "doubtful-json"
    WRONG_FIELD = "wrong-field"
    WITHOUT_MISTAKE = "without-mistake"
    UNUSABLE_ID = "unusable-id"
    WRONG_METHOD = "wrong-method"
    # Connectors
    FIRST_PAGE = "first-page"
    FIRST_PAGE_WITHOUT_TOKEN = "first-page-without-token"  # noqa: S105 - a circumstance
    FIRST_PAGE_AGAIN = "first-page-again"
    FIRST_PAGE_OTHER_LANGUAGE = "first-page-other-language"
    NEXT_PAGE = "next-page"
    NEXT_PAGE_AGAIN = "next-page-again"
    UNKNOWN_TOKEN = "unknown-token"  # noqa: S105 - a circumstance
    # Before the run
    PROBE = "probe"
