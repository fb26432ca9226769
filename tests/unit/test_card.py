"""The watch over a card reader, on a card service that the test holds in its hand."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from flows.mock.card_reader import READER, MockReader
from guard import card
from guard.card import (
    CardMonitor,
    CardPresent,
    CardRemoved,
    Look,
    PcscService,
    Presence,
    check_reader,
    choose,
    find_reader,
    seen,
)
from guard.core.card import UNSEEN, Gone
from guard.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

REMOVED, SWAPPED = CardRemoved(why=Gone.REMOVED), CardRemoved(why=Gone.SWAPPED)


class Watched:
    """What the monitor told."""

    def __init__(self) -> None:
        self.service = MockReader()
        self.told: list[card.CardEvent] = []
        self._news = asyncio.Event()

    def tell(self, event: card.CardEvent) -> None:
        self.told.append(event)
        self._news.set()

    async def hears(self, *events: card.CardEvent, within: float = 2.0) -> None:
        """Wait for exactly these, and forget them."""
        async with asyncio.timeout(within):
            while len(self.told) < len(events):
                self._news.clear()
                await self._news.wait()
        assert self.told == list(events)
        self.told.clear()


@asynccontextmanager
async def watching(*, wanted: str | None = None) -> AsyncIterator[Watched]:
    watched = Watched()
    monitor = CardMonitor(watched.service, wanted, watched.tell)
    task = asyncio.create_task(monitor.run())
    try:
        yield watched
    finally:
        watched.service.hung.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_card_that_comes_and_goes_is_told_at_once() -> None:
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.take()
        before = time.monotonic()
        await watched.hears(REMOVED)
        assert time.monotonic() - before < 0.5, "waited for the next beat"


async def test_a_card_that_lies_there_at_the_start_is_told() -> None:
    service = MockReader()
    service.lay()
    told: list[card.CardEvent] = []
    task = asyncio.create_task(CardMonitor(service, None, told.append).run())
    await asyncio.sleep(0.2)
    task.cancel()
    assert told == [CardPresent()]


async def test_a_swap_that_nobody_saw_is_a_removal() -> None:
    """Card A is taken and card B laid down while the watch is busy: only the count tells."""
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.swap()
        await watched.hears(SWAPPED, CardPresent())


async def test_an_unplugged_reader_is_a_removal() -> None:
    """And when it is back with a card on it, the card is told anew."""
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.plug()
        await watched.hears(CardRemoved(why=Gone.READER_GONE))
        watched.service.plug(READER)
        await watched.hears(CardPresent())


async def test_a_second_reader_is_no_place_to_lay_another_card() -> None:
    """Which of two readers counts is not guessed; a name in the configuration settles it."""
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.plug(READER, "Built-in reader")
        await watched.hears(CardRemoved(why=Gone.READER_GONE))
    async with watching(wanted="Contactless") as watched:
        watched.service.plug(READER, "Built-in reader")
        watched.service.lay()
        await watched.hears(CardPresent())


async def test_a_service_that_dies_is_a_removal_and_is_asked_again() -> None:
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.die()
        await watched.hears(CardRemoved(why=Gone.SERVICE_DEAD))
        watched.service.die(dead=False)
        await watched.hears(CardPresent())
        assert watched.service.contexts == 2, "an old context is dead although it says that it is valid"


async def test_a_card_that_went_while_the_service_was_dead_is_told_to_be_away() -> None:
    """Else the guard would take the reader's last card to lie there for ever."""
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.die()
        await watched.hears(CardRemoved(why=Gone.SERVICE_DEAD))
        watched.service.take()
        watched.service.die(dead=False)
        await watched.hears(REMOVED)
        watched.service.lay()
        await watched.hears(CardPresent())


async def test_a_fault_that_nobody_foresaw_is_a_removal() -> None:
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.broken = True
        watched.service.plug(READER)
        await watched.hears(CardRemoved(why=Gone.SERVICE_DEAD))


async def test_a_service_that_hangs_is_a_removal_by_the_watchdog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its call does not return, not even after its own time-out; when it does, the card is told anew."""
    monkeypatch.setattr(card, "BEAT", 0.1)
    monkeypatch.setattr(card, "HUNG_AFTER", 0.4)
    async with watching() as watched:
        watched.service.lay()
        await watched.hears(CardPresent())
        watched.service.hung.clear()
        await watched.hears(CardRemoved(why=Gone.SERVICE_HUNG))
        watched.service.hung.set()
        await watched.hears(CardPresent())


@pytest.mark.parametrize("why", sorted(UNSEEN))
def test_an_empty_reader_is_told_once_after_nobody_could_look(why: Gone) -> None:
    presence = Presence()
    assert presence.after(Look(count=3)) == (CardPresent(),)
    assert presence.after(Look(count=None, why=why)) == (CardRemoved(why=why),)
    assert presence.after(Look(count=None, why=Gone.SERVICE_DEAD)) == ()
    assert presence.after(Look(count=None)) == (REMOVED,)
    assert presence.after(Look(count=None)) == ()


@pytest.mark.parametrize(
    ("state", "look"),
    [
        (None, Look(count=None, why=Gone.READER_GONE)),
        (card.EMPTY, Look(count=None)),
        (0x8, Look(count=None, why=Gone.READER_GONE)),
        (0x30000 | card.PRESENT, Look(count=3)),
    ],
)
def test_only_a_reader_that_says_empty_is_empty(state: int | None, look: Look) -> None:
    """One that is unavailable may hold the card still."""
    assert seen(state) == look


def test_a_look_that_says_the_same_is_no_event() -> None:
    presence = Presence()
    assert presence.after(Look(count=None)) == ()
    assert presence.after(Look(count=3)) == (CardPresent(),)
    assert presence.after(Look(count=3)) == ()


@pytest.mark.parametrize(
    ("readers", "wanted", "chosen"),
    [([READER], None, READER), ([], None, None), ([READER, "B"], None, None), ([READER, "B"], "ACR", READER)],
)
def test_one_reader_is_watched_or_none(readers: list[str], wanted: str | None, chosen: str | None) -> None:
    assert choose(readers, wanted) == chosen


def test_a_machine_without_its_reader_does_not_start_and_says_how_to_mend_it() -> None:
    service = MockReader()
    assert check_reader(service, None) == READER
    service.plug(READER, "B")
    with pytest.raises(
        ConfigError, match=r"not exactly one reader .*Contactless, B.*reader =.*required = false"
    ) as why:
        check_reader(service, None)
    assert why.value.exit_status == 2
    service.plug()
    with pytest.raises(ConfigError, match=r"named ACR .found: no reader"):
        check_reader(service, "ACR")
    service.die()
    with pytest.raises(ConfigError, match=r"does not answer .*no service.*pcscd"):
        check_reader(service, None)


async def test_a_service_that_hangs_at_the_start_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first call never returns; the guard says so, and does not start."""
    monkeypatch.setattr(card, "HUNG_AFTER", 0.2)
    service = MockReader()
    assert await find_reader(service, None) == READER
    service.hung.clear()
    with pytest.raises(ConfigError, match=r"does not answer .*nothing for 0.2 seconds"):
        await find_reader(service, None)
    service.hung.set()
    service.plug()
    with pytest.raises(ConfigError, match="not exactly one reader"):
        await find_reader(service, None)


def test_a_machine_without_pyscard_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extra: only a counter that requires the card needs it."""
    monkeypatch.setitem(sys.modules, "smartcard", None)
    with pytest.raises(ConfigError, match=r"pip install 'madoguchi-guard\[card\]' or set required = false"):
        PcscService()
