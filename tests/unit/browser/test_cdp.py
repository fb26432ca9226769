"""DevTools over a pipe: answers to the one who asked, events to the one who owns the session."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from guard.browser.cdp import BrowserGoneError, Connection, Message, ProtocolError
from guard.tasks import Tasks


class _Pipe:
    """The browser's end: what it was told, and a way to speak."""

    def __init__(self) -> None:
        self.reader = asyncio.StreamReader()
        self.told: list[Message] = []
        self.failures: list[str] = []
        writer: Any = self  # stands in for a transport
        self.connection = Connection(self.reader, writer, Tasks(lambda name, _error: self.failures.append(name)))

    def write(self, data: bytes) -> None:
        self.told.append(json.loads(data.removesuffix(b"\0")))

    def close(self) -> None:
        """As a transport closes; nothing waits on it."""

    def say(self, **message: object) -> None:
        self.reader.feed_data(json.dumps(message).encode() + b"\0")


async def _soon() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_each_answer_goes_to_the_one_who_asked() -> None:
    """Also when the browser answers in another order."""
    pipe = _Pipe()
    first, second = (asyncio.ensure_future(pipe.connection.send(method)) for method in ("A.a", "B.b"))
    await _soon()
    pipe.say(id=pipe.told[1]["id"], result={"is": "b"})
    pipe.say(id=pipe.told[0]["id"], result={"is": "a"})
    assert (await first, await second) == ({"is": "a"}, {"is": "b"})


async def test_a_refusal_is_an_error_with_the_browsers_words() -> None:
    pipe = _Pipe()
    asked = asyncio.ensure_future(pipe.connection.send("A.a"))
    await _soon()
    pipe.say(id=pipe.told[0]["id"], error={"message": "no such thing"})
    with pytest.raises(ProtocolError, match="no such thing"):
        await asked


async def test_the_end_of_the_pipe_answers_whoever_waits() -> None:
    """And whoever asks later: nothing waits for a browser that is gone."""
    pipe = _Pipe()
    asked = asyncio.ensure_future(pipe.connection.send("A.a"))
    await _soon()
    pipe.reader.feed_eof()
    with pytest.raises(BrowserGoneError):
        await asked
    assert pipe.connection.closed.is_set()
    with pytest.raises(BrowserGoneError):
        await pipe.connection.send("B.b")
    assert pipe.failures == []


async def test_events_reach_the_owner_of_their_session_and_of_those_that_grow_out_of_it() -> None:
    pipe, mine, theirs = _Pipe(), list[str](), list[str]()
    pipe.connection.own("mine", lambda event: mine.append(event["method"]))
    pipe.connection.own("theirs", lambda event: theirs.append(event["method"]))
    pipe.say(sessionId="mine", method="Target.attachedToTarget", params={"sessionId": "child"})
    pipe.say(sessionId="child", method="Page.loaded", params={})
    pipe.say(sessionId="theirs", method="Page.other", params={})
    pipe.say(sessionId="nobodys", method="Page.lost", params={})
    pipe.say(sessionId="mine", method="Target.detachedFromTarget", params={"sessionId": "child"})
    pipe.say(sessionId="child", method="Page.late", params={})
    await _soon()
    assert (mine, theirs) == (
        ["Target.attachedToTarget", "Page.loaded", "Target.detachedFromTarget"],
        ["Page.other"],
    )
