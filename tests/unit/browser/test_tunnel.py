from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

import pytest
from playwright.async_api import Error as PlaywrightError

from guard.browser.cdp import BrowserGoneError, Connection
from guard.browser.tunnel import Tunnel
from guard.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import CDPSession

NESTED = "nested"


class Road:
    """Stands in for Playwright's browser-level session: keeps what is sent, and tells what it is given to tell."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, dict[str, Any]]] = []
        self.refuses = False
        self._handlers: defaultdict[str, list[Callable[[Any], None]]] = defaultdict(list)

    def on(self, event: str, handler: Callable[[Any], None]) -> None:
        self._handlers[event].append(handler)

    async def send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        if self.refuses:
            raise PlaywrightError("No session with given id")
        self.commands.append((method, params or {}))
        return {"targetInfo": {"targetId": "browser"}, "sessionId": NESTED}

    def tell(self, event: str, told: object) -> None:
        for handler in self._handlers[event]:
            handler(told)

    def arrive(self, message: dict[str, Any], session: str = NESTED) -> None:
        self.tell("Target.receivedMessageFromTarget", {"sessionId": session, "message": json.dumps(message)})


class Dug:
    """A tunnel on such a road, and whether it ended the browser."""

    def __init__(self) -> None:
        self.road = Road()
        self.browser_killed = False
        self.faults: list[BaseException] = []
        self.tasks = Tasks(lambda _, error: self.faults.append(error))

    async def dig(self) -> Dug:
        self.tunnel = await Tunnel.dig(cast("CDPSession", self.road), self._kill, self.tasks)
        return self

    def _kill(self) -> None:
        self.browser_killed = True

    def sent(self) -> list[Any]:
        road = self.road.commands
        return [json.loads(params["message"]) for method, params in road if method == "Target.sendMessageToTarget"]


@pytest.fixture
async def dug() -> Dug:
    return await Dug().dig()


async def test_the_tunnel_reaches_the_whole_browser_in_a_session_that_carries_child_sessions(dug: Dug) -> None:
    """A flat session would answer outside the tunnel, where Playwright drops what it does not know."""
    assert dug.road.commands[-1] == ("Target.attachToTarget", {"targetId": "browser", "flatten": False})


async def test_messages_leave_whole_and_in_order(dug: Dug) -> None:
    """A gate is switched on before the window is opened, whatever carries the commands."""
    for number in range(50):
        dug.tunnel.write(json.dumps({"id": number}).encode() + b"\0")
    await asyncio.sleep(0)
    assert dug.sent() == [{"id": number} for number in range(50)]


async def test_a_command_is_answered_through_the_tunnel(dug: Dug) -> None:
    connection = Connection(dug.tunnel.reader, dug.tunnel, dug.tasks)
    answer = asyncio.ensure_future(connection.send("Browser.getVersion"))
    await asyncio.sleep(0.01)
    dug.road.arrive({"id": 1, "result": {"product": "佐藤"}})
    assert await answer == {"product": "佐藤"}
    await dug.tasks.stop()


async def test_what_another_session_says_is_not_heard(dug: Dug) -> None:
    dug.road.arrive({"id": 1}, session="somebody else's")
    dug.road.arrive({"id": 2})
    assert await dug.tunnel.reader.readuntil(b"\0") == b'{"id": 2}\0'


async def test_closing_ends_the_browser_and_detaches_from_nothing(dug: Dug) -> None:
    """A detached gate sends all that it holds."""
    before = list(dug.road.commands)
    dug.tunnel.close()
    assert dug.browser_killed
    assert await dug.tunnel.reader.read() == b""
    assert dug.road.commands == before


@pytest.mark.parametrize("event", ["close", "Target.detachedFromTarget"])
async def test_a_lost_session_ends_the_browser(dug: Dug, event: str) -> None:
    """With the session the gate is lost, so the browser may not run on."""
    dug.road.tell(event, {"sessionId": NESTED})
    assert dug.browser_killed


async def test_another_session_may_come_and_go(dug: Dug) -> None:
    dug.road.tell("Target.detachedFromTarget", {"sessionId": "somebody else's"})
    assert not dug.browser_killed


async def test_a_refused_message_ends_the_browser(dug: Dug) -> None:
    """A command that did not arrive may have been the gate's."""
    dug.road.refuses = True
    dug.tunnel.write(b'{"id": 1}\0')
    await asyncio.sleep(0.01)
    assert dug.browser_killed
    assert not dug.faults


async def test_a_browser_that_ends_by_itself_is_not_killed_while_it_writes_its_profile(dug: Dug) -> None:
    """The golden profile is what a browser left that ended in peace."""
    connection = Connection(dug.tunnel.reader, dug.tunnel, dug.tasks)
    dug.tunnel.browser_ended()
    await connection.closed.wait()
    assert not dug.browser_killed
    with pytest.raises(BrowserGoneError):
        await connection.send("Browser.getVersion")
    dug.road.arrive({"id": 1})
    dug.tunnel.write(b'{"id": 2}\0')
    assert dug.sent() == []
