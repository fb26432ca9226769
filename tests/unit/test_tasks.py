from __future__ import annotations

import asyncio

from guard.tasks import Tasks


async def test_a_failure_in_the_background_is_told_with_its_name() -> None:
    told: list[tuple[str, str]] = []
    tasks = Tasks(lambda name, error: told.append((name, type(error).__name__)))

    async def fail() -> None:
        raise KeyError

    await asyncio.wait([tasks.start(fail(), "gate")])
    await asyncio.sleep(0)
    assert told == [("gate", "KeyError")]


async def test_stopping_ends_what_still_runs_and_tells_of_no_failure() -> None:
    told: list[str] = []
    ended: list[str] = []
    tasks = Tasks(lambda name, _: told.append(name))

    async def tidy() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("tidied")

    tasks.start(tidy(), "standby")
    await asyncio.sleep(0)
    await tasks.stop()
    assert (told, ended) == ([], ["tidied"])


async def test_a_task_that_stops_the_others_does_not_wait_for_itself() -> None:
    tasks = Tasks(lambda *_: None)
    await asyncio.wait_for(tasks.start(tasks.stop(), "the last one"), 1)
