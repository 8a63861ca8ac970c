"""Generated first connects and sign-ins: every request that Databricks could send to this partner, held to the rules.

Source: API specification, Models and What connect means.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from certification.cases.case import Case
from certification.cases.play import Connection, Play, changed
from certification.cases.scenarios_connect import CONNECT, SIGN_IN
from certification.checks import lifecycle, several
from certification.checks.connect import BRAND_NEW, NewConnection, SignIn
from certification.contract.internet_names import MAX_ADDRESS, MAX_LABEL, MAX_LOCAL_PART
from certification.databricks.actions import Options
from certification.databricks.people import PLAIN_IDS, Person
from certification.evidence.steps import When
from certification.generate import examples as plans
from certification.generate import values

HEADER_FIELDS = ("content_type", "language")
PERSON_FIELDS = ("first_name", "last_name", "email", "user_id", "workspace_id", "cloud", "hostname")
SIGNS_IN = "a sign-in was answered"
SIMILAR_ENDINGS = ("same first label", "other ending")
"""Kinds of domains that differ in their last labels only."""


def _value(field: Any) -> Any:
    return field["value"] if isinstance(field, dict) else field


FILLER = "abcdefghijklmnopqrstuvwxyz" * 10
COMMON_BEGINNINGS = (20, 30, 50, 63)
"""Lengths of local parts that begin with what makes the *first* user unique, so that two of them agree."""


def address(play: Play, template: str, domain: str, label: str = "user", first: str = "user") -> str:
    """Return the address that ``template`` stands for, fresh in this execution and valid by RFC 5321."""
    token, other = play.ids.token(label), play.ids.token(first)
    for length in COMMON_BEGINNINGS:
        template = template.replace(f"{{{length}}}", f"u{other}{FILLER}"[:length])
    local = f"u{token}{FILLER}"[:MAX_LOCAL_PART]
    names = {
        "{64}": local,
        "{254}@{domain}": f"{local}@{beginning(MAX_ADDRESS - len(local) - 1 - len(domain))}{domain}",
        "{u}": token,
        "{u0}": other,
        "{first}": "ada",
        "{domain}": domain,
        "{DOMAIN}": domain.upper(),
        "{stem}": domain.rpartition(".")[0],
    }
    for name, text in names.items():
        template = template.replace(name, text)
    return template


def beginning(length: int) -> str:
    """Return the beginning of a domain: labels and dots, ``length`` characters (at least 2) in all, a dot at the end."""
    count = -(-length // 42)
    sizes = [length // count + (place < length % count) for place in range(count)]
    return "".join(f"{FILLER[: size - 1]}." for size in sizes)


def shaped_person(play: Play, shape: dict[str, Any], label: str = "user") -> Person:
    """Return a fresh person with the names, address, ids and cloud of ``shape``."""
    workspace_ids = values.ID_KINDS.get(shape.get("workspace_id", ""), PLAIN_IDS)
    user_ids = values.ID_KINDS.get(shape.get("user_id", ""), PLAIN_IDS)
    workspace = play.workspace(f"{label}/workspace", shape.get("cloud"), ids=workspace_ids)
    if shape.get("hostname") == "long":
        workspace = replace(workspace, hostname=f"{FILLER[:40]}.{workspace.hostname}")
    domain = play.ids.company(f"{label}/company")
    names = {name: _value(shape[name]) for name in ("first_name", "last_name") if name in shape}
    template = _value(shape["email"]) if "email" in shape else "{first}.u{u}@{domain}"
    return play.person(label, domain, workspace, email=address(play, template, domain, label), ids=user_ids, **names)


def body_shape(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the part of ``shape`` that is about fields of the body."""
    return {name: _value(value) for name, value in shape.items() if name not in (*HEADER_FIELDS, *PERSON_FIELDS)}


def options_of(shape: dict[str, Any]) -> Options:
    """Return how a connect request with ``shape`` departs from the plain one, headers included."""
    headers = {name: shape[name] for name in HEADER_FIELDS if name in shape}
    return Options(shape=body_shape(shape), **headers)


def connect_and_sign_in(play: Play) -> None:
    """First connect and sign-in with the shape at hand; the sign-in carries the same fields."""
    person = shaped_person(play, play.shape)
    connection = play.first_connect(person, BRAND_NEW, options=options_of(play.shape))
    play.sign_in(connection, options=options_of(play.shape))
    play.fire(SIGNS_IN)


def tolerant_connect_and_sign_in(play: Play) -> None:
    """As :func:`connect_and_sign_in` without the page; what is refused is a field that had to be accepted."""
    person = shaped_person(play, play.shape)
    expected = NewConnection("models-tolerant", unseen_user=True, unseen_company=True)
    connection = play.first_connect(person, expected, visit=False, options=options_of(play.shape))
    play.sign_in(connection, expect=SignIn("models-tolerant"), options=options_of(play.shape))
    play.fire(SIGNS_IN)


def twins(play: Play) -> None:
    """Two people of one company whose addresses careless software takes for one."""
    name = play.shape.get("twins")
    templates = values.TWINS[name] if name else ("first.u{u0}@{domain}", "second.u{u0}@{domain}")
    domain = play.ids.company()
    first = play.person("user", domain, email=address(play, templates[0], domain))
    second = play.person("twin", domain, first.workspace, email=address(play, templates[1], domain, "twin"))
    connection = play.first_connect(first, BRAND_NEW, visit=False)
    play.new_user_signs_in(connection, second)
    play.sign_in(connection)
    play.fire(SIGNS_IN)


def neighbours(play: Play) -> None:
    """Two companies in neighbouring workspaces, and two neighbouring users of the first one."""
    distance = values.NEIGHBOURS.get(play.shape.get("distance", ""), 7_000)
    low, high = values.ID_KINDS.get(play.shape.get("workspace_id", ""), PLAIN_IDS)
    # A multiple of four falls together with the number after it in a floating-point number.
    number = play.ids.number("workspace/number", low, high - distance if high - distance > low else high) & ~3
    ids = values.ID_KINDS.get(play.shape.get("user_id", ""), PLAIN_IDS)
    here, beside = (
        play.workspace("here", number=number),
        play.workspace("beside", number=min(number + distance, 2**63 - 1)),
    )
    first = play.person("first", workspace=here, ids=ids)
    first = changed(first, user_id=first.user_id & ~3)
    connection = play.first_connect(first, BRAND_NEW, visit=False)
    neighbour = changed(play.person("neighbour", workspace=beside), user_id=min(first.user_id + distance, 2**63 - 1))
    other = play.first_connect(neighbour, BRAND_NEW, when=When.NEIGHBOURING_WORKSPACE, visit=False)
    play.add(several.separate([connection.exchange, other.exchange]))
    undisturbed(play, connection, When.BESIDE_NEIGHBOUR)
    # One less falls together with a multiple of four too, and is nobody else's.
    beyond = first.user_id - 1 if distance == 1 else min(first.user_id + 2 * distance, 2**63 - 2)
    second = changed(play.person("second", first.domain, here), user_id=beyond)
    play.new_user_signs_in(connection, second)
    if play.config.offers("delete_connection"):
        play.delete_connection(connection)
        undisturbed(play, other, When.AFTER_NEIGHBOUR_DELETION, "delete-reach")
    play.fire(SIGNS_IN)


def undisturbed(play: Play, connection: Connection, when: When, requirement: str = "workspaces-separate") -> None:
    """Sign in on a connection that what happened meanwhile must not have touched."""
    play.sign_in(connection, expect=SignIn(requirement), when=when)


def in_clouds(play: Play) -> None:
    """One cloud and region; or the same workspace and user numbers in two clouds, which are different ones."""
    other_cloud = play.shape.get("other_cloud")
    if other_cloud is None:
        tolerant_connect_and_sign_in(play)
        return
    here = play.workspace("here", play.shape.get("cloud"))
    first = play.person("first", workspace=here)
    connection = play.first_connect(first, BRAND_NEW, visit=False)
    there = changed(
        play.person("other", workspace=play.workspace("there", other_cloud, number=here.id)), user_id=first.user_id
    )
    other = play.first_connect(there, BRAND_NEW, when=When.OTHER_CLOUD, visit=False)
    play.add(several.separate([connection.exchange, other.exchange]))
    undisturbed(play, connection, When.BESIDE_OTHER_CLOUD)
    if play.config.offers("delete_connection"):
        play.delete_connection(connection)
    undisturbed(play, other, When.AFTER_OTHER_DELETION, "delete-reach")
    play.fire(SIGNS_IN)


def resembling_companies(play: Play) -> None:
    """A company whose domain resembles that of one that is connected: it is new all the same."""
    domain = play.ids.company("first")
    label, _, rest = domain.partition(".")
    other = play.ids.company("other")
    room = MAX_LABEL - max(len(label), len(other.partition(".")[0]))
    kinds = {
        "longer": (domain, f"not{domain}"),
        "same first label": (domain, f"{label}.{other}"),
        "other ending": (domain, f"{label}.org"),
        "hyphenated": (domain, f"{label[:-1]}-{play.ids.token('hyphen')[:4]}-x{play.ids.token('other')}.{rest}"),
        "long common beginning": (f"{FILLER[:room]}{domain}", f"{FILLER[:room]}{other}"),
    }
    kinds["same ending"] = (f"{label}.co.uk", f"{other.partition('.')[0]}.co.uk")
    name = play.shape.get("domain", "")
    # The part before the @ names nobody by itself.
    local = f"same.u{play.ids.token('local')}"
    shared = values.COMMON_BEGINNINGS.get(name)
    if shared is not None:
        start = beginning(shared - len(local) - 1)
        kinds[name] = (f"{start}{domain}", f"{start}{other}")
    one, two = kinds.get(name, (domain, other))
    template = f"{local}@{{domain}}" if name == "same local part" or shared is not None else None
    first = play.person("first", one, email=template)
    connection = play.first_connect(first, BRAND_NEW, visit=False)
    second = play.person("second", two, email=template)
    play.first_connect(second, _similar_company(name), when=When.SIMILAR_COMPANY, visit=False)
    undisturbed(play, connection, When.BESIDE_SIMILAR_COMPANY)
    play.fire(SIGNS_IN)


def _similar_company(name: str) -> NewConnection:
    """Whom a partner takes for one company is its business where only the last labels of the domains differ (ruling 27)."""
    return NewConnection(
        unseen_user=True,
        unseen_company=name not in SIMILAR_ENDINGS,
        similar_company=name in SIMILAR_ENDINGS,
        must_configure=name not in SIMILAR_ENDINGS,
    )


EXTRA = {"certification_unknown_field": "ignore me", "certification_unknown_object": {"a": [1, None, True]}}


def unknown_fields(play: Play) -> None:
    """A field that no version of the API has, at each level of the request."""
    operation = play.shape.get("operation", "connect")
    extra = Options(extra=EXTRA, extra_user_info=EXTRA)
    if operation == "connect":
        expected = NewConnection("models-tolerant")
        connection = play.first_connect(play.person(), expected, when=When.UNKNOWN_FIELDS, visit=False, options=extra)
        play.sign_in(connection, expect=SignIn("models-tolerant"), when=When.UNKNOWN_FIELDS, options=extra)
    elif operation == "delete_connection":
        play.delete_connection(
            play.first_connect(play.person(), visit=False),
            lambda answer: lifecycle.deletion(answer, play.config, "models-tolerant"),
            when=When.UNKNOWN_FIELDS,
            options=extra,
        )
    else:
        play.test_connection(
            play.first_connect(play.person(), visit=False),
            lambda answer: lifecycle.connection_test(answer, "models-tolerant"),
            when=When.UNKNOWN_FIELDS,
            options=extra,
        )
    play.fire(SIGNS_IN)


def plain_headers(play: Play) -> None:
    """Connect, sign-in, test and deletion with the content type and language of the shape."""
    how = options_of(play.shape)
    accepted = "headers-accepted"
    connection = play.first_connect(play.person(), NewConnection(accepted), visit=False, options=how)
    play.sign_in(connection, expect=SignIn(accepted), options=how)
    if play.config.offers("test_connection"):
        play.test_connection(connection, lambda answer: lifecycle.connection_test(answer, accepted), options=how)
    if play.config.offers("delete_connection"):
        # user_info is optional: every second deletion goes without it.
        without = ("user_info",) if play.ids.number("user_info", 0, 1) or not play.shape else ()
        play.delete_connection(
            connection,
            lambda answer: lifecycle.deletion(answer, play.config, "models-tolerant" if without else accepted),
            when=When.WITHOUT_USER_INFO if without else When.PLAIN,
            options=replace(how, without=without),
        )
    play.fire(SIGNS_IN)


def _case(
    ident: str, title: str, steps: str, requirements: tuple[str, ...], script: Any, shapes: Any, weight: int
) -> Case:
    return Case(
        ident, title, "generated", steps, "API specification, Models and What connect means", requirements, script,
        shapes=shapes, weight=weight, rules=(SIGNS_IN,),
    )  # fmt: skip


GENERATED = (
    _case(
        "G100",
        "Names in every script",
        "First connect and sign-in with names in every script, empty, long, with quotes, markup and emoji → valid.",
        (*CONNECT, *SIGN_IN),
        connect_and_sign_in,
        plans.names,
        140,
    ),
    _case(
        "G110",
        "E-mail addresses of every form",
        "First connect and sign-in with plus tags, dots, quotes, mixed case, subdomains, 254 characters → valid.",
        (*CONNECT, *SIGN_IN),
        connect_and_sign_in,
        plans.addresses,
        55,
    ),
    _case(
        "G115",
        "Addresses that resemble each other",
        "Two users of a company with similar addresses: the second is a new user, treated as new_user_action says.",
        ("new-user-action", "sign-in", "new-is-new"),
        twins,
        plans.twins,
        35,
    ),
    _case(
        "G120",
        "Ids over the whole int64 range",
        "Workspaces and users with ids up to 2^63 and their neighbours: each is its own.",
        (
            "workspaces-separate",
            "connections-separate",
            "delete-reach",
            "new-is-new",
            "new-user-action",
            "first-connect",
        ),
        neighbours,
        plans.ids,
        60,
    ),
    _case(
        "G130",
        "Clouds and regions",
        "Each supported cloud with its regions; the same workspace id in two clouds is two workspaces.",
        (
            "workspaces-separate",
            "connections-separate",
            "delete-reach",
            "new-is-new",
            "models-tolerant",
            "first-connect",
        ),
        in_clouds,
        plans.clouds,
        50,
    ),
    _case(
        "G140",
        "Catalogs and destinations",
        "Catalog names with everything that quoting allows, destination locations of each cloud, reserved fields → valid.",
        ("models-tolerant", "first-connect", "sign-in"),
        tolerant_connect_and_sign_in,
        plans.places,
        70,
    ),
    _case(
        "G150",
        "Optional fields, there and not there",
        "Each optional field absent, all absent, all there, and combinations → valid.",
        ("models-tolerant", "first-connect", "sign-in"),
        tolerant_connect_and_sign_in,
        plans.optional_fields,
        80,
    ),
    _case(
        "G160",
        "Content types and languages",
        "Both forms of Content-Type, languages of every form, on each endpoint → valid.",
        ("headers-accepted", "first-connect", "sign-in", "delete-connection", "test-connection"),
        plain_headers,
        plans.headers,
        50,
    ),
    _case(
        "G170",
        "Everything at once",
        "First connect and sign-in with any combination of the above → valid.",
        (*CONNECT, *SIGN_IN),
        connect_and_sign_in,
        plans.everything,
        65,
    ),
    _case(
        "G180",
        "Companies with similar domains",
        "A company whose domain resembles a connected one's is new all the same.",
        ("new-is-new", "workspaces-separate"),
        resembling_companies,
        plans.companies,
        20,
    ),
    _case(
        "G190",
        "Unknown fields",
        "Requests with fields that no version has → accepted.",
        ("models-tolerant",),
        unknown_fields,
        plans.unknown_fields,
        12,
    ),
)
