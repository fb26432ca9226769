"""Measures what the guard costs, beside a bare browser in the same run: `python -m tests.benchmark.measure`.

Prints ratios and medians; fails nothing, because a slow machine is no defect.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import secrets
import statistics
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import trustme
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.mock.serving import HostServer, issue
from guard.browser.executable import find_browser
from guard.browser.process import BrowserProcess
from guard.browser.profile import write_preferences
from guard.browser.switches import needs_no_sandbox, switches_for
from guard.config import BrowserSettings, Config, TestNetwork
from guard.core.events import Ending
from guard.core.identity import Citizen
from guard.counter import OpenCounter, open_counter
from guard.grammar import HolderReading, Locator, Logout, LogoutStep, Reading, Words
from guard.grammar import Session as Kept
from guard.portal import Portal, RequestRule, Requests
from guard.tasks import Tasks
from tests.benchmark import comparing
from tests.benchmark.floor import Floor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from multiprocessing.connection import Connection

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from guard.browser.cdp import Session

HOST = "speed.portal.test"
ORIGIN = f"https://{HOST}"
CITIZEN = Citizen(name="山田 太郎", birth_date=date(1980, 4, 1))
FAR = 0.02  # seconds that a portal of the real world takes to answer, at the least
POSTS = 150
PAGES = 25
VISITS = 15
SETTLED = 4.0  # seconds; the standby starts beside the first page, and is not what is measured
IMAGES = 100

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
POST_LOOP = """async count => {
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await (await fetch("/submit", { method: "POST", body: "n=" + i })).text();
    times.push(performance.now() - start);
  }
  return times;
}"""


_alive: set[str] = set()


async def _whoami(request: Request) -> Response:
    alive = request.cookies.get("sid") in _alive
    person = {"name": CITIZEN.name, "birthDate": str(CITIZEN.birth_date)} if alive else {}
    return JSONResponse({"authenticated": alive, **person}, headers={"Cache-Control": "no-store"})


async def _home(_: Request) -> Response:
    response = HTMLResponse("<!doctype html><title>speed</title><h1>speed</h1>")
    session = secrets.token_hex(16)
    _alive.add(session)
    response.set_cookie("sid", session, secure=True, httponly=True)
    return response


async def _logout(request: Request) -> Response:
    _alive.discard(request.cookies.get("sid", ""))
    return Response("bye", media_type="text/plain")


async def _images(_: Request) -> Response:
    return HTMLResponse("<!doctype html>" + "".join(f'<img src="/image/{number}">' for number in range(IMAGES)))


async def _image(_: Request) -> Response:
    return Response(PIXEL, media_type="image/png", headers={"Cache-Control": "no-store"})


async def _submit(request: Request) -> Response:
    await request.body()
    return Response("ok", media_type="text/plain")


APP = Starlette(
    routes=[
        Route("/", _home),
        Route("/whoami", _whoami),
        Route("/images", _images),
        Route("/image/{number}", _image),
        Route("/submit", _submit, methods=["POST"]),
        Route("/logout", _logout, methods=["POST"]),
    ]
)


def portal(max_age: float) -> Portal:
    """The portal under measurement; `max_age` 0 asks the server before every submission."""
    return Portal(
        name="speed",
        title=Words(ja="速度", en="Speed"),
        origins=(ORIGIN,),
        session=Kept(cookies=("sid",)),
        holder=HolderReading(
            path="/whoami",
            reading=Reading.JSON,
            guest="!authenticated",
            name=Locator(select="name"),
            birth_date=Locator(select="birthDate"),
        ),
        max_age=max_age,
        logout=Logout(steps=(LogoutStep(path="/logout"),)),
        requests=Requests(logout=(RequestRule(path="/logout"),), submission=(RequestRule(path="/submit"),)),
    )


@dataclass(frozen=True, kw_only=True)
class Network:
    """The one server."""

    config: TestNetwork


def _delayed(app: ASGIApp, seconds: float) -> ASGIApp:
    """The same portal, so far away."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return answer


def _serve(folder: Path, told: Connection, delay: float) -> None:
    """The portal, in a process of its own: it must not share an interpreter with the guard it measures."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = issue(authority, HOST, folder)
    server = HostServer(_delayed(APP, delay) if delay else APP, certificate)
    server.start()
    told.send((server.port, certificate.spki))
    told.recv()  # until the other end closes
    server.stop()


@contextmanager
def network(delay: float) -> Iterator[Network]:
    """The portal while the block lasts, each of its answers late by `delay` seconds."""
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, there, delay))
        server.start()
        port, spki = here.recv()
        try:
            yield Network(config=TestNetwork(hosts={HOST: port}, ca_file=folder / "ca.pem", trusted_spki=(spki,)))
        finally:
            here.send("end")
            server.join()


@asynccontextmanager
async def guarded(net: Network, max_age: float) -> AsyncIterator[OpenCounter]:
    """A guarded counter; nobody has joined Playwright to it, as at a real counter."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        config = Config(
            counter="speed",
            portals=(portal(max_age),),
            state_dir=Path(folder),
            browser=BrowserSettings(allow_no_sandbox=needs_no_sandbox()),
            test_network=net.config,
        )
        async with open_counter(config, headless=True) as counter:
            yield counter


@asynccontextmanager
async def bare(net: Network) -> AsyncIterator[tuple[Session, Session]]:
    """The same browser with the same switches and profile, and no gate; a session of it, and one of its page."""
    tasks = Tasks(Console().print)
    found = find_browser()
    switches = switches_for(
        BrowserSettings(allow_no_sandbox=needs_no_sandbox()), net.config, headless=True, script=None
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder) / "bare"
        write_preferences(profile)
        process = await BrowserProcess.start(found.path, switches, profile, tasks)
        browser = await process.connection.browser_session()
        target = await browser.send("Target.createTarget", {"url": "about:blank", "newWindow": True})
        await asyncio.sleep(SETTLED)
        try:
            yield browser, await browser.attach(target["targetId"])
        finally:
            await process.kill()


async def window(counter: OpenCounter) -> Session:
    """A page session of the window that staff see, in a visit that is opened for it."""
    await counter.desk.open_visit(CITIZEN)
    browser = counter.supervisor.browser
    assert browser is not None
    while not browser.pages.open:  # noqa: ASYNC110  # the browser is under measurement, not the wait
        await asyncio.sleep(0.02)
    await asyncio.sleep(SETTLED)
    return await browser.session.attach(browser.pages.open[0].target)


async def evaluate(page: Session, script: str) -> Any:
    answer = await page.send("Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True})
    return answer["result"].get("value")


async def go(page: Session, path: str) -> float:
    """Navigate, and return the milliseconds until the page had loaded, by the page's own clock."""
    await page.send("Page.navigate", {"url": ORIGIN + path})
    loaded = "(location.href === %r && performance.getEntriesByType('navigation')[0]?.loadEventEnd) || 0"
    while not (took := await evaluate(page, loaded % (ORIGIN + path))):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return float(took)


async def posts(page: Session) -> float:
    """Median milliseconds of a fetch POST."""
    await go(page, "/")
    await evaluate(page, f"({POST_LOOP})(10)")
    times: list[float] = await evaluate(page, f"({POST_LOOP})({POSTS})")
    return statistics.median(times)


async def pages(page: Session) -> float:
    """Median milliseconds until a page with 100 images has loaded."""
    return statistics.median([await go(page, f"/images?{number}") for number in range(PAGES)])


async def ends(counter: OpenCounter) -> list[float]:
    """Seconds from "end" to a clean browser on screen, with the standby warm, after a visit that sent something."""
    times = []
    for _ in range(VISITS):
        page = await window(counter)
        await go(page, "/")
        await evaluate(page, f"({POST_LOOP})(1)")
        start = time.perf_counter()
        await counter.end(Ending.DONE)
        times.append(time.perf_counter() - start)
    return times


def memory() -> float:
    """Megabytes (PSS where the system tells it) of every browser process below this one."""
    total = 0
    for child in psutil.Process().children(recursive=True):
        if "chrom" in child.name():
            info = child.memory_full_info()
            total += getattr(info, "pss", info.rss)
    return total / 1e6


async def measure(net: Network, title: str) -> Table:
    """Bare, with DevTools alone, and guarded, in turn."""
    async with bare(net) as (_, page):
        bare_post, bare_load = await posts(page), await pages(page)
    async with bare(net) as (browser, page):
        await Floor(browser).close(ORIGIN, asks=False)
        gate_post, gate_load = await posts(page), await pages(page)
    async with bare(net) as (browser, page):
        await Floor(browser).close(ORIGIN, asks=True)
        asked_post = await posts(page)
    async with guarded(net, 30) as counter:
        page = await window(counter)
        fresh, load = await posts(page), await pages(page)
        mega = memory()
        await counter.end(Ending.DONE)
        times = await ends(counter)
    async with guarded(net, 0) as counter:
        live = await posts(await window(counter))
    table = Table("what", "bare", "DevTools alone", "guarded", title=title)
    for what, without, floor, guard in (
        ("fetch POST, fresh sighting", bare_post, gate_post, fresh),
        ("fetch POST, live probe", bare_post, asked_post, live),
        (f"page with {IMAGES} images", bare_load, gate_load, load),
    ):
        table.add_row(what, f"{without:.2f} ms", f"{floor / without:.2f} x", f"{guard / without:.2f} x")
    median = statistics.median(times)
    table.add_row("end of visit to clean browser", "", "", f"median {median:.2f} s, slowest {max(times):.2f} s")
    table.add_row("memory, shown and standby browser", "", "", f"{mega:.0f} MB")
    return table


def main() -> None:
    """Measure and print a table of comparisons, and one for each of two portals."""
    Console().print(comparing.table())
    for delay, title in (
        (0.0, "a portal on this machine that does no work"),
        (FAR, f"a portal {FAR * 1e3:.0f} ms away"),
    ):
        with network(delay) as net:
            Console().print(asyncio.run(measure(net, title)))


if __name__ == "__main__":
    main()
