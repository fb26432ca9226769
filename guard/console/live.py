"""Tells open console pages that the counter changed; they fetch what they show themselves."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import StreamingResponse

from guard.console.calls import calls

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from guard.core.view import CounterView

_HEARTBEAT: Final = 10.0  # seconds; a page that hears nothing for three of them says that it may be out of date
_ALIVE: Final = "event: alive\ndata:\n\n"


def stream(views: AsyncGenerator[CounterView, None], going_down: asyncio.Event) -> StreamingResponse:
    """A stream of server-sent events: one at once, one after each change, a heartbeat; ends with the server."""
    return StreamingResponse(_lines(views, going_down), media_type="text/event-stream")


async def _lines(views: AsyncGenerator[CounterView, None], going_down: asyncio.Event) -> AsyncGenerator[str, None]:
    async with aclosing(views):
        coming = _next(views)
        down: asyncio.Future[bool] = asyncio.ensure_future(going_down.wait())
        try:
            while not down.done():
                await _first(coming, down)
                if not coming.done():
                    yield _ALIVE
                    continue
                if coming.exception() is not None:  # the counter is going down; the page sees the stream end
                    return
                yield _changed(coming.result())
                coming = _next(views)
        finally:
            coming.cancel()
            down.cancel()
            await asyncio.wait({coming})  # a generator cannot be closed while it is still running


def _changed(view: CounterView) -> str:
    """No name travels here: a page asks for what it shows."""
    return f"event: changed\ndata:{calls(view)}\n\n"


async def _first(coming: asyncio.Future[CounterView], down: asyncio.Future[bool]) -> None:
    both: set[asyncio.Future[Any]] = {coming, down}
    await asyncio.wait(both, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)


def _next(views: AsyncGenerator[CounterView, None]) -> asyncio.Future[CounterView]:
    return asyncio.ensure_future(anext(views))
