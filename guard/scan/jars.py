"""Cookie values, decoded by the browser itself: on a copy of the cookies alone, with its network closed."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from guard.browser.carried import Carried
from guard.browser.cdp import GONE
from guard.browser.executable import find_browser
from guard.browser.launch import launch
from guard.browser.switches import switches_for
from guard.errors import BrowserError
from guard.scan import sqlite
from guard.scan.hosts import covers, origin_host
from guard.scan.snapshot import COOKIES, local_state
from guard.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from guard.browser.cdp import Message
    from guard.browser.process import BrowserProcess
    from guard.config import Config
    from guard.portal import Portal
    from guard.scan.profiles import Profiles
    from guard.scan.snapshot import Snapshot

_CLOSED = (  # nothing of this browser reaches a network, whatever it starts by itself
    "--proxy-server=127.0.0.1:9",  # the discard port: nothing listens there
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_KEYRING = "--password-store=basic"
_MANY_KEYRINGS = "SELECT count(*) AS number FROM cookies WHERE substr(encrypted_value, 1, 3) = x'763131'"  # "v11"
_WEBKIT_EPOCH = 11_644_473_600  # seconds from 1601 to 1970
_CLOSED_WITHIN = 5.0  # seconds
_FIRST_ANSWER = 20.0  # seconds; a browser that starts on a new folder writes all its databases


class Jar:
    """The cookies of one browser profile. Their values stay in here and in the requests to their portals."""

    def __init__(self, cookies: list[Message]) -> None:
        self._cookies = [cookie for cookie in cookies if "partitionKey" not in cookie]

    def carried(self, portal: Portal, token: str = "") -> Carried | None:
        """What a browser would send a portal of this session; None if no part of the session has a value."""
        host = origin_host(portal.origin)
        sent = [cookie for cookie in self._cookies if covers(cookie["domain"], host)]
        has_cookie = any(cookie["name"] in portal.session.cookies and cookie["value"] for cookie in sent)
        if not (has_cookie or token):
            return None
        sent.sort(key=lambda cookie: -len(cookie["path"]))  # as browsers do: the longer path first
        header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in sent)
        prefix = portal.session.token.prefix if portal.session.token else ""
        return Carried(cookie=header, token=prefix + token if token else "")


async def decode(profiles: Profiles, folder: Path, copies: Snapshot, config: Config) -> Jar:
    """Read one profile's cookies. Raises BrowserError if no browser can do it."""
    user_data_dir = copies.new_folder()
    try:
        has_keyring = await asyncio.to_thread(_lay_out, profiles, folder, copies, user_data_dir)
    except sqlite.UnreadableError as error:
        what = f"the copied cookies cannot be read ({error})"
        raise BrowserError(what, value=folder, mend="Close the browser and scan again.") from error
    executable = await asyncio.to_thread(find_browser, config.browser.executable)
    switches = _switches(config, has_keyring=has_keyring)
    async with _cookies_of(executable.path, switches, user_data_dir) as cookies:
        return Jar(cookies)


def _lay_out(profiles: Profiles, folder: Path, copies: Snapshot, user_data_dir: Path) -> bool:
    """A user-data directory with nothing but the cookies and their key; True if a keyring holds the key."""
    state = copies.of(local_state(profiles))
    if state is not None:
        shutil.copy(state, user_data_dir / state.name)
    has_keyring = False
    for name in COOKIES:
        copy = copies.of(folder / name)
        if copy is None:
            continue
        target = user_data_dir / "Default" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(copy, target)  # whole by itself: its journal was replayed when the copy was checked
        sqlite.keep_session_cookies(target, _tomorrow())
        has_keyring |= any(row["number"] for row in sqlite.rows(target, _MANY_KEYRINGS))
    return has_keyring


def _switches(config: Config, *, has_keyring: bool) -> list[str]:
    ours = switches_for(config.browser, None, headless=True, script=None)
    unwanted = ("--proxy-pac-url", _KEYRING) if has_keyring else ("--proxy-pac-url",)
    return [*(switch for switch in ours if not switch.startswith(unwanted)), *_CLOSED]


@asynccontextmanager
async def _cookies_of(executable: Path, switches: list[str], user_data_dir: Path) -> AsyncIterator[list[Message]]:
    tasks = Tasks(lambda *_: None)  # the pipe's only task: a failure shows as BrowserGoneError below
    try:
        process = await launch(executable, switches, user_data_dir, tasks)
        try:
            answer = await process.connection.send("Storage.getCookies", within=_FIRST_ANSWER)
            yield answer["cookies"]
        except GONE as error:
            what = f"the browser does not read the copied cookies ({type(error).__name__})"
            mend = "Name the browser that wrote the profile as executable under [browser]."
            raise BrowserError(what, value=executable, mend=mend) from error
        finally:
            await _close(process)
    finally:
        await tasks.stop()


async def _close(process: BrowserProcess) -> None:
    """Let it tidy up first: a killed browser leaves an empty folder of its own among the temporary files."""
    with contextlib.suppress(*GONE):
        await process.connection.send("Browser.close")
        async with asyncio.timeout(_CLOSED_WITHIN):
            await process.ended.wait()
    await process.kill()


def _tomorrow() -> int:
    """In the browser's own time."""
    return int(((datetime.now(UTC) + timedelta(days=1)).timestamp() + _WEBKIT_EPOCH) * 1_000_000)
