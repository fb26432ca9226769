"""Functions in JavaScript that the guard calls in pages, and how it calls them."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.browser.cdp import Session
    from guard.grammar import Token


def _function(name: str) -> str:
    source = resources.files("guard.browser").joinpath(name).read_text()
    return source[source.index("async (") :]


class ScriptError(Exception):
    """A function failed in the page: what it works on is not as the profile says."""


FETCH = _function("sentinel.js")
"""Send a request from a page of the portal's origin."""
READ_TOKEN = _function("token.js")
"""Read a bearer token from the origin's storage."""


async def call(page: Session, function: str, *arguments: object, within: float, world: int | None = None) -> object:
    """Call a function in a page, or in one of its worlds; what it returns, None for what is no plain value.

    Raises ScriptError where the function throws, and what `Session.send` raises.
    """
    question: dict[str, object] = {
        "expression": f"({function})({','.join(map(json.dumps, arguments))})",
        "awaitPromise": True,
        "returnByValue": True,
    }
    if world is not None:
        question["contextId"] = world
    answer = await page.send("Runtime.evaluate", question, within=within)
    if "exceptionDetails" in answer:
        raise ScriptError
    value: object = answer["result"].get("value")
    return value


def header_of(token: Token, value: object) -> str | None:
    """The header that carries a token; None if there is no token."""
    return f"{token.prefix}{value}" if isinstance(value, str) and value else None
