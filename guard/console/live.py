"""Tells open console pages that the counter changed; they fetch what they show themselves."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from guard.core.view import CounterView

_HEARTBEAT: Final = 10.0  # seconds; a page that hears nothing for three of them says that it may be out of date
_CHANGED: Final = "event: changed\ndata:\n\n"  # no name travels here: the page asks for what it shows
_ALIVE: Final = "event: alive\ndata:\n\n"


def stream(views: AsyncGenerator[CounterView, None]) -> StreamingResponse:
    """A stream of server-sent events: one at once, one after each change, and a heartbeat."""
    return StreamingResponse(_lines(views), media_type="text/event-stream")


async def _lines(views: AsyncGenerator[CounterView, None]) -> AsyncGenerator[str, None]:
    async with aclosing(views):
        coming: asyncio.Future[CounterView] = asyncio.ensure_future(anext(views))
        try:
            while True:
                await asyncio.wait({coming}, timeout=_HEARTBEAT)
                if not coming.done():
                    yield _ALIVE
                    continue
                if coming.exception() is not None:  # the counter is going down; the page sees the stream end
                    return
                yield _CHANGED
                coming = asyncio.ensure_future(anext(views))
        finally:
            coming.cancel()
            await asyncio.wait({coming})  # a generator cannot be closed while it is still running
