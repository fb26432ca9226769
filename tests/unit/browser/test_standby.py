from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from guard.browser import standby as module
from guard.browser.cdp import BrowserGoneError
from guard.browser.standby import Standby
from guard.core.clearance import Area, Finding, Proof
from guard.errors import BrowserError
from guard.tasks import Tasks

CLEAN = (Proof(area=Area.BROWSER_CLEAN, finding=Finding.PROVED),)


class Browser:
    """A browser that starts, shows its window, and may die before that."""

    def __init__(self, generation: int, *, dies_on_show: bool = False) -> None:
        self.generation = generation
        self.alive = True
        self.shown = self.destroyed = False
        self._dies_on_show = dies_on_show
        self.session = self.user_data_dir = None

    async def show(self) -> None:
        if self._dies_on_show:
            raise BrowserGoneError
        self.shown = True

    async def destroy(self) -> None:
        self.destroyed = True


class Starter:
    """Starts browsers; an exception in `trouble` is raised in place of a start."""

    def __init__(self, *trouble: Exception | str) -> None:
        self._trouble = list(trouble)
        self.made: list[Browser] = []
        self.tries = 0

    async def __call__(self, generation: int) -> Any:
        self.tries += 1
        await asyncio.sleep(0)
        how = self._trouble.pop(0) if self._trouble else ""
        if isinstance(how, Exception):
            raise how
        self.made.append(Browser(generation, dies_on_show=how == "dies on show"))
        return self.made[-1]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    async def inspect(*_: object) -> tuple[Proof, ...]:
        return CLEAN

    async def no_desktop(_: object) -> bool:
        return False

    monkeypatch.setattr(module, "has_desktop", no_desktop)
    monkeypatch.setattr(module, "inspect", inspect)
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(module, "RETRY_AFTER", 0.0)


def standby_of(starter: Starter) -> tuple[Standby, SimpleNamespace]:
    told = SimpleNamespace(trouble=[], coming=[])
    tasks = Tasks(lambda *_: None)
    return Standby(starter, tasks, on_trouble=told.trouble.append, on_coming=told.coming.append), told


async def test_the_prepared_browser_is_the_one_that_is_shown() -> None:
    starter = Starter()
    standby, told = standby_of(starter)
    standby.prepare()
    standby.prepare()
    shown = await standby.show({"word"})
    assert cast("Any", shown.browser) is starter.made[0]
    assert starter.made[0].shown
    assert told.coming == starter.made
    assert starter.tries == 1


async def test_a_start_that_fails_is_tried_again_under_another_generation() -> None:
    starter = Starter(OSError(28, "No space left on device"), BrowserGoneError())
    standby, told = standby_of(starter)
    shown = await standby.show(set())
    assert shown.browser.generation == 3
    assert told.trouble == []


async def test_a_browser_that_died_in_its_sleep_is_replaced() -> None:
    starter = Starter()
    standby, _ = standby_of(starter)
    standby.prepare()
    await asyncio.sleep(0.01)
    starter.made[0].alive = False
    shown = await standby.show(set())
    assert shown.browser.generation == 2
    assert starter.made[0].destroyed


async def test_a_browser_that_dies_before_its_window_is_replaced_and_nobody_is_alarmed() -> None:
    starter = Starter("dies on show")
    standby, told = standby_of(starter)
    shown = await standby.show_next(set())
    assert shown.browser.generation == 2
    assert starter.made[0].destroyed
    assert told.trouble == []


async def test_trouble_is_told_once_and_the_tries_go_on_until_it_is_mended() -> None:
    """A disk that is full for an hour must not fill the journal as well."""
    full = OSError(28, "No space left on device")
    starter = Starter(*[full] * 9)
    standby, told = standby_of(starter)
    shown = await standby.show_next(set())
    assert shown.browser.generation == 10
    (error,) = told.trouble
    assert str(error) == (
        "the next browser does not start ([Errno 28] No space left on device). Look at disk space and memory."
    )


async def test_an_error_that_nobody_foresaw_is_told_by_its_type_alone() -> None:
    """Its text may hold what a browser was sent."""
    standby, _ = standby_of(Starter(*[ValueError("佐藤 花子")] * 3))
    with pytest.raises(BrowserError) as told:
        await standby.show(set())
    assert "(ValueError)" in str(told.value)
    assert "佐藤" not in str(told.value)


async def test_a_browser_whose_inspection_fails_does_not_run_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> tuple[Proof, ...]:
        raise KeyError

    monkeypatch.setattr(module, "inspect", fail)
    starter = Starter()
    standby, _ = standby_of(starter)
    with pytest.raises(KeyError):
        await standby.show(set())
    assert starter.made[0].destroyed


async def test_a_standby_that_is_dismissed_ends_what_it_has_and_starts_nothing_more() -> None:
    starter = Starter()
    standby, _ = standby_of(starter)
    standby.prepare()
    await asyncio.sleep(0)
    await standby.dismiss()
    assert starter.made[0].destroyed
    standby.prepare()
    with pytest.raises(BrowserError, match="no browser is started any more"):
        await standby.show(set())
    assert starter.tries == 1
