"""The console's own window: a second browser that survives handovers, because it is none of the guarded ones."""

from __future__ import annotations

import asyncio
import base64
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from guard.browser.cdp import GONE, ProtocolError
from guard.browser.launch import launch
from guard.browser.profile import remove_profile, write_preferences
from guard.browser.switches import needs_no_sandbox
from guard.errors import BrowserError

if TYPE_CHECKING:
    from pathlib import Path

    from guard.browser.cdp import Session
    from guard.browser.process import BrowserProcess
    from guard.tasks import Tasks

SWITCHES = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--password-store=basic",
    "--no-proxy-server",  # the console lives on this machine alone
    "--window-size=560,900",  # stands beside the portal's window
)

SHOWN_WITHIN = 10.0  # seconds
PRINTED_WITHIN = 8.0  # seconds; a page takes well under one


class ConsoleWindow:
    """Shows one address in a window without tabs or address bar."""

    def __init__(self, process: BrowserProcess, url: str) -> None:
        self._process = process
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"

    @classmethod
    async def open(cls, executable: Path, work_dir: Path, url: str, tasks: Tasks, *, headless: bool) -> ConsoleWindow:
        """Open the window. Raises BrowserError if the browser does not start."""
        profile = work_dir / f"profile-console-{secrets.token_hex(8)}"
        await asyncio.to_thread(write_preferences, profile)
        switches = [*SWITCHES, "--app=about:blank"]
        switches += ["--no-sandbox"] if needs_no_sandbox() else []
        switches += ["--headless"] if headless else []
        window = cls(await launch(executable, switches, profile, tasks), url)
        try:
            await window._lead_to(url)
        except BaseException:
            await window.destroy()
            raise
        return window

    async def _lead_to(self, url: str) -> None:
        """Over the pipe, because a command line, token and all, can be read by every user of the PC."""
        browser = await self._process.connection.browser_session()
        async with asyncio.timeout(SHOWN_WITHIN):
            while not (target := await _first_page(browser)):  # noqa: ASYNC110  # it comes within milliseconds
                await asyncio.sleep(0.02)
        page = await browser.attach(target)
        await page.send("Page.navigate", {"url": url})

    async def pdf(self, path: str) -> bytes:
        """The page at this path of the console as PDF: the one on screen, else a new one behind it, closed at once.

        Raises BrowserError if the browser does not print it.
        """
        try:
            browser = await self._process.connection.browser_session()
            async with asyncio.timeout(PRINTED_WITHIN):
                target = await _page_at(browser, self._origin + path)
                if target is not None:
                    return await _printed(await browser.attach(target))
                return await self._printed_behind(browser, self._origin + path)
        except GONE as error:
            raise BrowserError("the page could not be printed", mend="Print it from its own window.") from error

    async def _printed_behind(self, browser: Session, url: str) -> bytes:
        behind = {"url": url, "background": True}  # a hidden target cannot print (measured on Chromium 156)
        target = str((await browser.send("Target.createTarget", behind))["targetId"])
        try:
            page = await browser.attach(target)
            while not await _is_complete(page, url):  # noqa: ASYNC110  # drawn within milliseconds; there is a deadline
                await asyncio.sleep(0.05)
            return await _printed(page)
        finally:
            browser.post("Target.closeTarget", {"targetId": target})

    async def closed(self) -> None:
        """Wait until staff close the window."""
        await self._process.ended.wait()

    async def destroy(self) -> None:
        """Close the window and delete its profile."""
        await self._process.kill()
        await asyncio.to_thread(remove_profile, self._process.user_data_dir)


async def _first_page(browser: Session) -> str | None:
    targets = (await browser.send("Target.getTargets"))["targetInfos"]
    return next((target["targetId"] for target in targets if target["type"] == "page"), None)


async def _page_at(browser: Session, url: str) -> str | None:
    """The page that shows this address, whatever its query; of several, the newest."""
    targets = (await browser.send("Target.getTargets"))["targetInfos"]
    shown = (target for target in targets if target["type"] == "page" and target["url"].partition("?")[0] == url)
    return next((str(target["targetId"]) for target in shown), None)


async def _is_complete(page: Session, url: str) -> bool:
    asked = {"expression": "document.readyState + ' ' + location.href"}
    try:
        told = await page.send("Runtime.evaluate", asked)
    except ProtocolError:  # between two documents there is nobody to ask
        return False
    return bool(told["result"].get("value") == f"complete {url}")


async def _printed(page: Session) -> bytes:
    settings = {"printBackground": True, "preferCSSPageSize": True}
    return base64.b64decode((await page.send("Page.printToPDF", settings))["data"])
