"""Measures what the guard costs, beside a bare browser in the same run: `python -m tests.benchmark.measure`.

Prints ratios and medians; fails nothing, because a slow machine is no defect.
"""

from __future__ import annotations

import secrets
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import trustme
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.mock.serving import HostServer, issue
from guard.blocking import BlockingCounter, open_blocking_counter
from guard.browser.executable import find_browser
from guard.browser.switches import needs_no_sandbox
from guard.config import BrowserSettings, Config, TestNetwork
from guard.core.events import Ending
from guard.core.identity import Citizen
from guard.portal import (
    HolderReading,
    Logout,
    LogoutStep,
    Portal,
    Reading,
    RequestRule,
    Requests,
    Session,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Playwright
    from starlette.requests import Request

HOST = "speed.portal.test"
ORIGIN = f"https://{HOST}"
CITIZEN = Citizen(name="山田 太郎", birth_date=date(1980, 4, 1))
POSTS = 150
PAGES = 25
VISITS = 15
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
        session=Session(cookies=("sid",)),
        holder=HolderReading(
            path="/whoami", reading=Reading.JSON, guest="!authenticated", name="name", birth_date="birthDate"
        ),
        max_age=max_age,
        logout=Logout(steps=(LogoutStep(path="/logout"),)),
        requests=Requests(logout=(RequestRule(path="/logout"),), submission=(RequestRule(path="/submit"),)),
    )


@dataclass(frozen=True, kw_only=True)
class Network:
    """The one server, as config and as switches."""

    config: TestNetwork
    switches: tuple[str, ...]


@contextmanager
def network() -> Iterator[Network]:
    with tempfile.TemporaryDirectory() as folder:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(f"{folder}/ca.pem")
        certificate = issue(authority, HOST, Path(folder))
        server = HostServer(APP, certificate)
        server.start()
        spki = (certificate.spki,)
        rules = f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{server.port}"
        try:
            yield Network(
                config=TestNetwork(hosts={HOST: server.port}, ca_file=Path(folder) / "ca.pem", trusted_spki=spki),
                switches=(rules, f"--ignore-certificate-errors-spki-list={spki[0]}"),
            )
        finally:
            server.stop()


@contextmanager
def guarded(net: Network, max_age: float) -> Iterator[BlockingCounter]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        config = Config(
            counter="speed",
            portals=(portal(max_age),),
            state_dir=Path(folder),
            browser=BrowserSettings(allow_no_sandbox=needs_no_sandbox()),
            test_network=net.config,
        )
        with open_blocking_counter(config) as counter:
            yield counter


@contextmanager
def guarded_page(playwright: Playwright, counter: BlockingCounter) -> Iterator[Page]:
    browser = playwright.chromium.connect_over_cdp(counter.open_visit(CITIZEN))
    try:
        context = browser.contexts[0]
        yield context.pages[0] if context.pages else context.wait_for_event("page")
    finally:
        browser.close()
        counter.end(Ending.DONE)


@contextmanager
def bare_page(playwright: Playwright, net: Network) -> Iterator[Page]:
    sandbox = [] if not needs_no_sandbox() else ["--no-sandbox"]
    browser = playwright.chromium.launch(executable_path=find_browser().path, args=[*net.switches, *sandbox])
    try:
        yield browser.new_page()
    finally:
        browser.close()


def posts(page: Page) -> float:
    """Median milliseconds of a fetch POST."""
    page.goto(ORIGIN + "/")
    page.evaluate(POST_LOOP, 10)
    times: list[float] = page.evaluate(POST_LOOP, POSTS)
    return statistics.median(times)


def pages(page: Page) -> float:
    """Median milliseconds until a page with 100 images has loaded."""
    times = []
    for _ in range(PAGES):
        start = time.perf_counter()
        page.goto(ORIGIN + "/images", wait_until="load")
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def ends(playwright: Playwright, counter: BlockingCounter) -> list[float]:
    """Seconds from "end" to a clean browser on screen, with the standby warm."""
    times = []
    for _ in range(VISITS):
        browser = playwright.chromium.connect_over_cdp(counter.open_visit(CITIZEN))
        browser.contexts[0].pages[0].goto(ORIGIN + "/")
        browser.close()
        time.sleep(2.5)  # the standby gets ready while the citizen is served
        start = time.perf_counter()
        counter.end(Ending.DONE)
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


def main() -> None:
    """Measure bare and guarded in turn and print the table."""
    table = Table("what", "bare", "guarded", "ratio")
    with network() as net, sync_playwright() as playwright:
        with bare_page(playwright, net) as page:
            bare_post, bare_load = posts(page), pages(page)
        with guarded(net, 30) as counter:
            with guarded_page(playwright, counter) as page:
                fresh, load = posts(page), pages(page)
            time.sleep(3)
            mega = memory()
            times = ends(playwright, counter)
        with guarded(net, 0) as counter, guarded_page(playwright, counter) as page:
            live = posts(page)
    table.add_row("fetch POST, fresh sighting", f"{bare_post:.2f} ms", f"{fresh:.2f} ms", f"{fresh / bare_post:.2f}")
    table.add_row("fetch POST, live probe", f"{bare_post:.2f} ms", f"{live:.2f} ms", f"{live / bare_post:.2f}")
    table.add_row(f"page with {IMAGES} images", f"{bare_load:.0f} ms", f"{load:.0f} ms", f"{load / bare_load:.2f}")
    median = statistics.median(times)
    table.add_row("end of visit to clean browser", "", f"median {median:.2f} s, slowest {max(times):.2f} s", "")
    table.add_row("memory, shown and standby browser", "", f"{mega:.0f} MB", "")
    Console().print(table)


if __name__ == "__main__":
    main()
