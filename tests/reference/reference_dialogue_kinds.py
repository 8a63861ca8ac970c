"""Dialogues for kinds of mistakes: numbers beside each other, nothing that is something, keys that lack a part."""

from __future__ import annotations

from typing import Any

from reference_databricks import Someone, basic
from reference_dialogue import SCRIPTS, UNKNOWN_ID, Dialogue, basics, demos, hooks

TEST_DOMAIN = "databricks-test.com"


async def pair(talk: Dialogue, near: Someone, far: Someone) -> None:
    """Do everything to one of two, and see that the other is not touched."""
    one, two = await talk.first(near), await talk.first(far)
    for who, connection in ((near, one), (far, two)):
        await talk.api("test", talk.databricks.test(who, connection))
        await talk.sign_in(who, connection)
    await talk.api("expire", talk.databricks.expire(near))
    await talk.sign_in(far, two)
    await talk.sign_in(near, one)
    await talk.api("expire", talk.databricks.expire(far))
    await talk.sign_in(far, two)
    extra = await talk.first(near)
    await talk.first(far)
    await talk.delete(near, extra, user=True)
    await talk.sign_in(far, two)
    await talk.sign_in(near, extra)
    await talk.api("reset", talk.databricks.reset(near))
    await talk.sign_in(far, two)
    await talk.sign_in(near, one)
    await talk.delete(far, two, user=True)
    await talk.sign_in(far, two)


async def neighbours(talk: Dialogue) -> None:
    """Bring users and workspaces whose ids are 0, beside each other, or 2^32 apart."""
    for base, step in ((0, 1), (2**53 + 4, 1), (2**40, 2**32), (9 * 10**15, 1)):
        near, far = (
            talk.someone(TEST_DOMAIN, workspace=base + more, user_id=2**53 + 3 + base * 2 + more) for more in (0, step)
        )
        await pair(talk, near, far)
        here = talk.someone(TEST_DOMAIN, user_id=base)
        there = talk.someone(TEST_DOMAIN, user_id=base + step, workspace=here.workspace)
        connection = await talk.first(here)
        await talk.sign_in(there, connection)
        await pair(talk, here, there)


async def nothing(talk: Dialogue) -> None:
    """Bring the user 0 and the workspace 0, and no service principal."""
    who = talk.someone(TEST_DOMAIN, user_id=0)
    friend = talk.colleague(who)
    await talk.first(friend)
    connection = await talk.first(who)
    await talk.sign_in(who, connection)
    await talk.api("expire", talk.databricks.expire(who))
    await talk.sign_in(friend, connection)
    await talk.delete(who, connection, user=True)
    await neighbours(talk)
    for value in ("", "", "0a0b0c0d-0e0f-4a0b-8c0d-0e0f0a0b0c0d"):
        await talk.first(talk.someone(), service_principal_id=value)
    await talk.first(talk.someone())
    await talk.first(talk.someone())


async def alike(talk: Dialogue) -> None:
    """Bring addresses and companies that begin or end alike, and long names of hosts and places."""
    for length in (20, 30, 50, 64, 72, 100):
        start = f"{'a.' * 29}b@{'c' * 60}.{'d' * 60}.com"[:length].rstrip(".@")
        local, _, domain = start.partition("@")
        names = (f"{start}{end}" for end in ("x.com", "y.com")) if domain else ()
        for email in (*names, f"{local}x@{'e' * 20}.com", f"{local}y@{'e' * 20}.com"):
            who = talk.someone(email=email)
            await talk.sign_in(who, await talk.first(who))
    for end in ("x", "y"):
        await talk.first(talk.someone(email=f"{end}{'z' * 45}@one.com"))
        await talk.first(talk.someone(email=f"u{end}@{'m' * 25}{end}.com"))
        await talk.first(talk.someone(email=f"u{end}@{'n' * 60}.{'n' * 12}{end}.com"))
        await talk.first(talk.someone(email=f"u{end}@{end}end-of-name.com"))
    await talk.first(talk.someone(), hostname=f"{'h' * 60}.cloud.databricks.com")
    await talk.first(talk.someone(), destination_location=f"s3://bucket/{'p' * 300}")


async def clouds(talk: Dialogue) -> None:
    """Bring a user and a workspace of the same numbers in two clouds."""
    ada = talk.someone(TEST_DOMAIN)
    first = await talk.first(ada)
    bob = talk.someone("other.com", cloud="azure", user_id=ada.user_id)
    carl = talk.someone("other.com", cloud="azure", workspace=bob.workspace)
    second = await talk.first(carl)
    await talk.sign_in(bob, second)
    third = await talk.first(bob)
    await talk.first(talk.someone("third.com", cloud="gcp", user_id=ada.user_id))
    dora = talk.someone(TEST_DOMAIN, cloud="azure", workspace=ada.workspace)
    fourth = await talk.first(dora)
    eve = talk.someone(TEST_DOMAIN, cloud="azure", user_id=ada.user_id)
    fifth = await talk.first(eve)
    everybody = ((ada, first), (carl, second), (bob, third), (dora, fourth), (eve, fifth))
    for who, connection in everybody:
        await talk.api("test", talk.databricks.test(who, connection))
    for who in (eve, ada):
        await talk.api("expire", talk.databricks.expire(who))
        for other, connection in everybody:
            await talk.sign_in(other, connection)
    moved = Someone(carl.email, 4711, 4712)
    await talk.sign_in(moved, await talk.first(moved))
    await talk.sign_in(carl, second)
    await talk.api("reset", talk.databricks.reset(ada))
    for other, connection in everybody[1:]:
        await talk.sign_in(other, connection)


async def colleagues(talk: Dialogue) -> None:
    """Bring a colleague of another domain, who connects and is a guest, and delete either company."""
    for first_domain, second_domain in ((TEST_DOMAIN, "other.com"), ("other.com", TEST_DOMAIN)):
        ada = talk.someone(first_domain)
        first = await talk.first(ada)
        bob = talk.someone(second_domain, workspace=ada.workspace)
        second = await talk.first(bob)
        await talk.sign_in(bob, first)
        await talk.sign_in(ada, second)
        tester = ada if first_domain == TEST_DOMAIN else bob
        await talk.api("expire", talk.databricks.expire(tester))
        for who, connection in ((ada, first), (bob, second), (bob, first), (ada, second)):
            await talk.sign_in(who, connection)
        await talk.api("reset", talk.databricks.reset(tester))
        for who, connection in ((ada, first), (bob, second)):
            await talk.sign_in(who, connection)


async def expired(talk: Dialogue) -> None:
    """Connect anew after the trial is over, and bring others."""
    ada = talk.someone(TEST_DOMAIN)
    first = await talk.first(ada)
    guest = talk.colleague(ada)
    await talk.api("expire", talk.databricks.expire(ada))
    await talk.sign_in(guest, first)
    second = await talk.first(ada)
    for connection in (second, first):
        await talk.sign_in(ada, connection)
    late = talk.colleague(ada)
    await talk.sign_in(late, await talk.first(late))
    await talk.delete(ada, second)
    await talk.first(ada)


async def repeats(talk: Dialogue) -> None:
    """Do the same things twice: expire, delete, be refused, be added."""
    ada = talk.someone(TEST_DOMAIN)
    await talk.api("expire", talk.databricks.expire(ada))
    for _ in range(2):
        connection = await talk.first(ada)
        for _ in range(2):
            await talk.api("expire", talk.databricks.expire(ada))
            await talk.sign_in(ada, connection)
        for _ in range(2):
            await talk.api("reset", talk.databricks.reset(ada))
            await talk.sign_in(ada, connection)
    eve = talk.someone()
    for _ in range(2):
        connection = await talk.first(eve)
        new = talk.colleague(eve)
        for who in (new, new, talk.colleague(eve)):
            await talk.sign_in(who, connection)
        for _ in range(2):
            await talk.sign_in(eve, UNKNOWN_ID)
            await talk.sign_in(eve, connection)
            await talk.sign_in(eve, f"{connection}0abc")
            await talk.sign_in(eve, f"{connection}abc")
        await talk.delete(eve, connection)
        await talk.api("test", talk.databricks.test(eve, connection))
        await talk.sign_in(eve, connection)
    real = talk.someone()
    connection = await talk.first(real)
    await talk.api("expire", talk.databricks.expire(real))
    await talk.sign_in(real, connection)


async def defaults(talk: Dialogue) -> None:
    """Delete and come back, add people, read the list twice."""
    ada = talk.someone()
    first = await talk.first(ada)
    bob = talk.colleague(ada)
    second = await talk.first(bob)
    await talk.sign_in(bob, first)
    away = Someone(ada.email, ada.user_id, 99)
    await talk.first(away)
    await talk.sign_in(ada, first)
    await talk.delete(ada, first)
    await talk.sign_in(bob, second)
    demo = talk.someone()
    await talk.api("test", talk.databricks.test(demo, await talk.first(demo, demo=True)))
    for _ in range(2):
        await talk.api("connectors", query="pagination_token=")


async def order(talk: Dialogue) -> None:
    """Come with wrong credentials and unknown names, right names, and nonsense."""
    ada = talk.someone(TEST_DOMAIN)
    connection = await talk.first(ada)
    eve = talk.someone("nobody.databricks-test.com")
    wrong = basic(b"a:b")
    bodies: tuple[tuple[str, Any], ...] = (
        ("connect", talk.databricks.sign_in(ada, UNKNOWN_ID)),
        ("connect", talk.databricks.sign_in(eve, connection)),
        ("connect", talk.databricks.connect(eve)),
        ("delete", talk.databricks.delete(ada, UNKNOWN_ID)),
        ("test", talk.databricks.test(ada, UNKNOWN_ID)),
        ("reset", talk.databricks.reset(eve)),
        ("reset", talk.databricks.reset(eve, "real.com")),
        ("expire", talk.databricks.expire(eve)),
        ("connect", {"port": 443}),
        ("expire", talk.databricks.expire(ada)),
    )
    for operation, body in bodies:
        await talk.api(operation, body, authorization=wrong)
    await talk.api("connectors", query="pagination_token=unknown", authorization=wrong)
    await talk.sign_in(ada, connection)
    await talk.api("delete", talk.databricks.delete(ada, connection), authorization=wrong)
    await talk.sign_in(ada, connection)
    await talk.api("reset", talk.databricks.reset(ada), authorization=wrong)
    await talk.sign_in(ada, connection)
    await talk.first(eve)


async def remembered_demos(talk: Dialogue) -> None:
    """Mix demos with real connects, before and after, and with an account whose trial is over."""
    ada = talk.someone(TEST_DOMAIN)
    real = await talk.first(ada)
    demo = await talk.first(ada, demo=True)
    await talk.sign_in(ada, real)
    await talk.sign_in(ada, demo)
    for _ in range(2):
        again = await talk.first(ada)
        await talk.sign_in(ada, again)
        await talk.delete(ada, again)
        await talk.sign_in(ada, demo)
    colleague = talk.colleague(ada)
    for _ in range(2):
        await talk.first(colleague)
    elsewhere = talk.colleague(ada, workspace=17)
    for _ in range(2):
        await talk.first(elsewhere)
    namesake = talk.someone(email=ada.email)
    for _ in range(2):
        await talk.first(namesake)
    await talk.api("expire", talk.databricks.expire(ada))
    await talk.sign_in(ada, await talk.first(ada, demo=True))
    await talk.sign_in(ada, real)


async def second_tests(talk: Dialogue) -> None:
    """Test the first and the second connection of a user, a workspace and a company."""
    ada = talk.someone()
    known = [(ada, await talk.first(ada))]
    away = Someone(ada.email, ada.user_id, 99)
    for who in (ada, away, talk.colleague(ada)):
        known.append((who, await talk.first(who)))
        for other, connection in known:
            await talk.api("test", talk.databricks.test(other, connection))


async def elsewhere(talk: Dialogue) -> None:
    """Delete a connection under another workspace and another cloud."""
    ada = talk.someone()
    connection = await talk.first(ada)
    for other in (Someone(ada.email, ada.user_id, 99), Someone(ada.email, ada.user_id, ada.workspace, cloud="azure")):
        await talk.delete(other, connection)
        await talk.sign_in(ada, connection)


async def late(talk: Dialogue) -> None:
    """Send a body that comes after its headers, and a GET with and without a Content-Type."""
    await talk.api("connect", talk.databricks.connect(talk.someone()), late=True)
    await talk.api("connectors")


async def every_hook(talk: Dialogue) -> None:
    """Call each operation once."""
    ada = talk.someone(TEST_DOMAIN)
    connection = await talk.first(ada)
    await talk.api("test", talk.databricks.test(ada, connection))
    await talk.api("expire", talk.databricks.expire(ada))
    await talk.delete(ada, connection)
    await talk.api("reset", talk.databricks.reset(ada))
    await talk.api("connectors")


async def pages(talk: Dialogue) -> None:
    """Follow the pages of a first connect, a sign-in and an expired account, ten hops each."""
    ada = talk.someone(TEST_DOMAIN)
    connection = await talk.first(ada)
    await talk.sign_in(ada, connection)
    await talk.api("expire", talk.databricks.expire(ada))
    await talk.sign_in(ada, connection)


KINDS: dict[str, tuple[Any, ...]] = {
    **SCRIPTS,
    "neighbours": (neighbours,),
    "falsy": (basics, nothing),
    "truncation": (alike,),
    "clouds": (clouds,),
    "colleagues": (colleagues,),
    "expired": (expired,),
    "repeats": (repeats, hooks),
    "defaults": (basics, defaults, repeats),
    "order": (order,),
    "absent": (every_hook,),
    "demo": (demos, remembered_demos),
    "test-connection": (*SCRIPTS["test-connection"], second_tests),
    "deletion": (*SCRIPTS["deletion"], elsewhere),
    "redirect-pages": (*SCRIPTS["redirect-pages"], pages),
    "wire": (*SCRIPTS["wire"], late),
}
