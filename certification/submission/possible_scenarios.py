"""The redirect scenarios that a config makes possible.  Source: API specification, What connect means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from certification.config.partner import PartnerConfig
from certification.evidence.steps import Act, When

MANUAL = frozenset({"account_not_found", "connection_not_found"})
"""What a sign-in answers until the user has signed up by hand."""


@dataclass(frozen=True)
class ExpectedScenario:
    """One scenario: when it comes about, and what the contract allows as an answer."""

    id: str
    act: Act
    whens: frozenset[When]
    """Circumstances in which the suite brings it about."""
    values: frozenset[str] = frozenset()
    """Redirect values."""
    errors: frozenset[str] = frozenset()
    """Error reasons; Databricks shows an error and redirects nobody."""
    cases: tuple[str, ...] = ()
    """The cases that are there for it."""
    demo: bool = False
    hook: str = ""
    """Config key of the test hook without which it cannot be brought about."""
    by_hand: bool = False
    """Whether only a person can bring it about."""
    oauth: bool = False
    """Whether it is about ``oauth_redirect_uri``."""
    applies: Callable[[PartnerConfig], bool] = field(default=lambda _config: True)


def expected_scenarios(config: PartnerConfig) -> list[ExpectedScenario]:
    """Return every scenario that a customer of the partner can come to, in the order of a customer's life."""
    by_hand = MANUAL if config.manual_signup else frozenset[str]()
    new_values, new_errors = _new_user(config)
    signs_in = frozenset({"sign_in"})
    rows = [
        ExpectedScenario(
            "new-customer",
            Act.FIRST_CONNECT,
            frozenset({When.PLAIN}),
            frozenset({"create_trial"}),
            cases=("P100",),
        ),
        ExpectedScenario(
            "colleague-connects",
            Act.FIRST_CONNECT,
            frozenset({When.COLLEAGUE}),
            frozenset({"sign_in", "contact_admin", "create_trial"}),
            cases=("S100",),
        ),
        ExpectedScenario(
            "known-user-connects",
            Act.FIRST_CONNECT,
            frozenset({When.KNOWN_USER, When.SECOND_WORKSPACE, When.REPEATED, When.AFTER_DELETION}),
            signs_in,
            cases=("P400", "P600"),
        ),
        ExpectedScenario(
            "known-user-signs-in",
            Act.SIGN_IN,
            frozenset({When.PLAIN}),
            frozenset() if by_hand else signs_in,
            by_hand,
            cases=("P300",),
        ),
        ExpectedScenario(
            "signed-up-by-hand",
            Act.SIGN_IN,
            frozenset(),
            signs_in,
            by_hand=True,
            applies=lambda config: config.manual_signup,
        ),
        ExpectedScenario(
            "new-user-signs-in",
            Act.SIGN_IN,
            frozenset({When.NEW_USER}),
            new_values,
            new_errors | by_hand,
            cases=("P302",),
        ),
        ExpectedScenario(
            "expired-user-connects",
            Act.FIRST_CONNECT,
            frozenset({When.AFTER_EXPIRY}),
            frozenset({"purchase_product", "create_trial"}),
            cases=("P500",),
            hook="expire_account_path",
            applies=_trial,
        ),
        ExpectedScenario(
            "expired-user-signs-in",
            Act.SIGN_IN,
            frozenset({When.AFTER_EXPIRY}),
            frozenset({"purchase_product"}),
            by_hand,
            cases=("P501",),
            hook="expire_account_path",
            applies=_trial,
        ),
        ExpectedScenario(
            "new-user-after-expiry",
            Act.SIGN_IN,
            frozenset({When.NEW_USER_AFTER_EXPIRY}),
            new_values | {"purchase_product"},
            new_errors | by_hand,
            cases=("P502",),
            hook="expire_account_path",
            applies=_trial,
        ),
        ExpectedScenario(
            "demo-connects",
            Act.FIRST_CONNECT,
            frozenset({When.DEMO, When.DEMO_SECOND_USER, When.DEMO_REPEATED}),
            frozenset({"create_trial"}),
            cases=("P700",),
            demo=True,
            applies=lambda config: config.supports_demo,
        ),
        ExpectedScenario(
            "deleted-connection",
            Act.SIGN_IN,
            frozenset({When.AFTER_DELETION}),
            errors=frozenset({"connection_not_found"}),
            cases=("P402",),
            hook="delete_connection_path",
        ),
        ExpectedScenario(
            "oauth-consent",
            Act.FIRST_CONNECT,
            frozenset({When.PLAIN}),
            frozenset({"create_trial"}),
            cases=("P100",),
            oauth=True,
            applies=lambda config: config.needs_oauth_redirect,
        ),
    ]
    return [row for row in rows if row.applies(config)]


def _trial(config: PartnerConfig) -> bool:
    return config.trial_type is not None


def _new_user(config: PartnerConfig) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a new user's sign-in may answer: redirect values, error reasons."""
    match config.new_user_action:
        case "invite":
            return frozenset({"contact_admin"}), frozenset()
        case "not_found":
            return frozenset(), frozenset({"account_not_found"})
        case "error":
            return frozenset(), frozenset({"general_error"})
    return frozenset({"sign_in", "create_trial"}), frozenset()
