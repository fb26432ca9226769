"""The console's server in the supervisor's loop: it starts, streams, and stops without fuss."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import httpx
import pytest

from guard.console.app import create_app
from guard.console.server import ConsoleServer
from guard.core.view import CounterView, Phase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from guard.core.card import CardAnswer
    from guard.core.checklist import Confirmer, Item
    from guard.core.commands import Refusal
    from guard.core.confirmation import Answers
    from guard.core.events import Ending
    from guard.core.identity import Citizen
    from guard.core.interruption import Interruption
    from guard.core.offline import Cause, Kept

ONCE = "one-time"
HEADERS = {"Sec-Fetch-Site": "none"}


class QuietDesk:
    """A counter at which nothing happens but what a test puts into `changes`."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[CounterView] = asyncio.Queue()
        self.listening = 0

    def view(self) -> CounterView:
        return CounterView(phase=Phase.READY, generation=1)

    async def subscribe(self) -> AsyncGenerator[CounterView, None]:
        self.listening += 1
        try:
            yield self.view()
            while True:
                yield await self.changes.get()
        finally:
            self.listening -= 1

    async def open_visit(
        self, citizen: Citizen | None, acting_for: Citizen | None = None, ticket: str | None = None
    ) -> Refusal | None:
        raise AssertionError(citizen, acting_for, ticket)

    async def end(self, ending: Ending, interruption: Interruption | None = None) -> Refusal | None:
        raise AssertionError(ending, interruption)

    async def card(self, answer: CardAnswer) -> Refusal | None:
        raise AssertionError(answer)

    async def enter_visit(self, began: str, ending: Ending, cause: Cause, kept: frozenset[Kept]) -> Refusal | None:
        raise AssertionError(began, ending, cause, kept)

    async def still_serving(self) -> Refusal | None:
        raise AssertionError

    def input_seen(self, *, typed: bool | None) -> None:
        raise AssertionError(typed)

    async def checklist(self, visit_id: str, by: Confirmer, ticked: frozenset[Item]) -> Refusal | None:
        raise AssertionError(visit_id, by, ticked)

    async def read_back(self, submission_id: str, typed: str) -> Refusal | None:
        raise AssertionError(submission_id, typed)

    async def approve_value(self, submission_id: str, leader: str, pin: str = "") -> Refusal | None:
        raise AssertionError(submission_id, leader, pin)

    def asks_pins(self) -> bool:
        return False

    async def take_over(self, number: str, pin: str) -> Refusal | None:
        raise AssertionError(number, pin)

    async def lift(self, leader: str, pin: str = "") -> Refusal | None:
        raise AssertionError(leader, pin)

    def binds_at_login(self) -> bool:
        return False

    async def bind(self, answers: Answers, staff: str, leader: str = "", pin: str = "") -> Refusal | None:
        raise AssertionError(answers, staff, leader, pin)

    async def confirm(
        self, portal: str, answers: Answers, staff: str, leader: str = "", pin: str = ""
    ) -> Refusal | None:
        raise AssertionError(portal, answers, staff, leader, pin)


async def test_the_address_opens_the_console_on_loopback_alone() -> None:
    """The whole way over a real socket: token, cookie, page; a second use of the address is refused."""
    server = ConsoleServer(create_app(QuietDesk(), token=ONCE))
    await server.start()
    try:
        assert server.url == f"http://127.0.0.1:{server.port}/open?token=one-time"
        async with httpx.AsyncClient(headers=HEADERS, follow_redirects=True, trust_env=False) as client:
            url = server.url
            assert "次の方の対応を始める" in (await client.get(url)).text
            assert (await client.get(url)).status_code == 403
            assert (await client.get(server.new_url())).status_code == 200
    finally:
        await server.stop()


async def test_open_streams_neither_outlive_the_server_nor_hold_it_up() -> None:
    """A console left open on the screen does not delay closing time; the desk is left by everyone."""
    desk = QuietDesk()
    server = ConsoleServer(create_app(desk, token=ONCE))
    await server.start()
    async with httpx.AsyncClient(headers=HEADERS, follow_redirects=True, trust_env=False) as client:
        await client.get(server.url)
        async with client.stream("GET", f"http://127.0.0.1:{server.port}/events") as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == "event: changed"
            desk.changes.put_nowait(CounterView(phase=Phase.CLOSING, generation=1))
            rest = [await anext(lines) for _ in range(3)]
            assert rest == ["data:", "", "event: changed"]
            async with asyncio.timeout(0.9):  # less than the server's grace for answers that do not end
                await server.stop()
    assert desk.listening == 0


async def test_ctrl_c_stays_with_the_supervisor() -> None:
    """The server sets no signal handler: a visit may have to be closed first."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    server = ConsoleServer(create_app(QuietDesk(), token=ONCE))
    await server.start()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    await server.stop()
    await server.stop()


async def test_a_taken_port_is_an_error_at_start() -> None:
    """Two guards on one machine do not share a console."""
    first = ConsoleServer(create_app(QuietDesk(), token=ONCE))
    await first.start()
    second = ConsoleServer(create_app(QuietDesk(), token=ONCE), port=first.port)
    with pytest.raises(OSError, match="in use"):
        await second.start()
    await first.stop()


def test_a_console_that_is_not_started_has_no_address() -> None:
    """A mistake in code is said plainly."""
    with pytest.raises(RuntimeError, match="not started"):
        _ = ConsoleServer(create_app(QuietDesk(), token=ONCE)).url
