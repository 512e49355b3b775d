"""Posts that come late, twice, altered, out of turn or from a retired key: no client sees any of it."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.faults.checker import until, until_live
from tests.faults.fleet import Fleet
from tests.faults.ledger import Ledger
from watercooler.frames import Close
from watercooler.messages import Keys, publish_body, random_key

A_SECOND = 100
AT_ONCE_SECONDS = 3
RESUMED_SECONDS = 5
LONG_AGO = timedelta(minutes=6)  # a signature holds for five

Post = tuple[bytes, dict[str, str]]


def signed(keys: Keys, ledger: Ledger, first: int, last: int, *, at: datetime | None = None) -> Post:
    """Give a post of a part of the log, as the board would make it."""
    body = publish_body(ledger.log[first - 1 : last])
    return body, keys.sign(body, at=at)


def tampered(keys: Keys, ledger: Ledger) -> Post:
    body, headers = signed(keys, ledger, ledger.top, ledger.top)
    return body.replace(b'"by":1', b'"by":2'), headers


def with_another_key(keys: Keys, ledger: Ledger) -> Post:
    return signed(Keys.random(), ledger, ledger.top, ledger.top)


def expired(keys: Keys, ledger: Ledger) -> Post:
    return signed(keys, ledger, ledger.top, ledger.top, at=datetime.now(UTC) - LONG_AGO)


def from_the_future(keys: Keys, ledger: Ledger) -> Post:
    return signed(keys, ledger, ledger.top, ledger.top, at=datetime.now(UTC) + LONG_AGO)


def unsigned(keys: Keys, ledger: Ledger) -> Post:
    return signed(keys, ledger, ledger.top, ledger.top)[0], {}


FORGERIES = [tampered, with_another_key, expired, from_the_future, unsigned]


async def test_posts_that_are_not_the_boards_are_refused_and_tell_nobody_anything(fleet: Fleet) -> None:
    """Each forges the very next event, so a hub that took it would send it out."""
    ledger = fleet.open_board()
    hub, _ = await fleet.start_hubs(2)
    await fleet.crowd(ledger, 20)
    await until(lambda: ledger.announced == ledger.top, "all is announced")
    forged = Ledger(ledger.number, epoch=ledger.epoch, chance=fleet.chance)
    forged.write(ledger.top + 1)

    answers = {
        forge: await fleet.announcer.post(*forge(fleet.keys, forged), port=hub.port) for forge in FORGERIES
    }

    assert {forge.__name__: answer.code for forge, answer in answers.items() if answer.code != 401} == {}
    ledger.write(20)
    await fleet.assert_level(within=AT_ONCE_SECONDS)


async def test_posts_that_are_repeated_replayed_or_out_of_turn_change_nothing(fleet: Fleet) -> None:
    """Several workers post what they have, in any order, to any hub, beside the announcer."""
    ledger = fleet.open_board()
    await fleet.start_hubs(3)
    await fleet.crowd(ledger, 45)
    kept: list[Post] = []

    async def post_something() -> None:
        last = fleet.chance.randint(1, ledger.top)
        kept.append(signed(fleet.keys, ledger, max(1, last - fleet.chance.randrange(20)), last))
        posts = [kept[-1], fleet.chance.choice(kept), signed(fleet.keys, ledger, ledger.top, ledger.top)]
        fleet.chance.shuffle(posts)
        ports = [fleet.chance.choice(fleet.ports) for _ in posts]
        answers = [fleet.announcer.post(*post, port=port) for post, port in zip(posts, ports, strict=True)]
        assert {answer.code for answer in await asyncio.gather(*answers)} <= {200, 409}

    async with ledger.written(a_second=A_SECOND):
        for _ in range(150):
            await post_something()

    await fleet.assert_level(within=AT_ONCE_SECONDS)


async def test_a_retired_key_is_good_for_nothing_and_the_new_one_for_everything(fleet: Fleet) -> None:
    """The hubs know both keys while the board goes over to the new one; then they forget the old one."""
    ledger = fleet.open_board()
    old, new = fleet.keys, random_key()
    fleet.board.keys = Keys.parse(new)
    hubs = await fleet.start_hubs(2, WATERCOOLER_KEYS=f"{new},{fleet.key}")
    viewers = await fleet.crowd(ledger, 20)

    async with ledger.written(a_second=A_SECOND):
        fleet.sign_with(Keys.parse(new))
        for hub in hubs:
            await fleet.restart(hub, WATERCOOLER_KEYS=new)
        await until_live(viewers)

    ledger.write()
    post = signed(old, ledger, ledger.top, ledger.top)
    assert (await fleet.announcer.post(*post, port=hubs[0].port)).code == 401
    latecomer = fleet.newcomer(ledger, keys=old)
    await until(lambda: latecomer.codes == [Close.BAD_TICKET], "a ticket of the old key is refused")
    await fleet.assert_level(within=RESUMED_SECONDS)
