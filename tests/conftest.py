"""What all tests share: mock portals, a guarded counter on them, and the window of a visit."""

from __future__ import annotations

import hashlib
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.mock import MockPortals
from flows.plain import clean_page, plain_browser
from guard.blocking import BlockingCounter, open_blocking_counter
from guard.browser import golden
from guard.core.events import Ending
from guard.core.view import Phase
from guard.demo.run import mock_config
from tests.gallery import DEFAULT, Gallery

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

    from flows.people import Resident
    from guard.config import Config
    from guard.tasks import Tasks

pytest_plugins = ["pytester"]
collect_ignore = ["plugin/sample"]  # run by pytest within pytest

Serve = Callable[["Resident"], AbstractContextManager["Page"]]
ServeAt = Callable[["BlockingCounter", "Resident"], AbstractContextManager["Page"]]


def pytest_configure() -> None:
    """Have Ctrl+C reach the programs under test, also where a shell runs the tests in the background and ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what needs no Playwright first: once its sync API has started, its loop is in the way of others."""
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the pictures of every state go."""
    parser.addoption("--states", type=Path, default=DEFAULT, help="folder of the pictures of every state")


@pytest.fixture(scope="session", autouse=True)
def _one_golden_profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each counter of a test has a state folder of its own; the browser's first start is waited for once a run."""
    kept = tmp_path_factory.mktemp("golden")
    open_and_close = golden._open_and_close

    async def once(executable: Path, switches: Sequence[str], profile: Path, tasks: Tasks) -> None:
        wanted = [str(executable), *switches, *_laid_down(profile)]
        made = kept / hashlib.sha256("\n".join(wanted).encode()).hexdigest()
        if made.exists():
            shutil.copytree(made, profile, symlinks=True, dirs_exist_ok=True)
        else:
            await open_and_close(executable, switches, profile, tasks)
            shutil.copytree(profile, made, symlinks=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden, "_open_and_close", once)
        yield


def _laid_down(profile: Path) -> list[str]:
    """What the browser is to find in a profile that it has not seen."""
    return [path.read_text("utf-8") for path in sorted(profile.rglob("*")) if path.is_file()]


@pytest.fixture(scope="session")
def gallery(request: pytest.FixtureRequest) -> Iterator[Gallery]:
    """Pictures of what people at the counter see, and their index."""
    gallery = Gallery(request.config.getoption("--states"))
    yield gallery
    gallery.write_index()


@pytest.fixture(scope="session")
def served_portals() -> Iterator[MockPortals]:
    """One set of mock portals for the whole run."""
    with MockPortals() as portals:
        yield portals


@pytest.fixture
def portals(served_portals: MockPortals) -> MockPortals:
    """The portals as on their first day."""
    served_portals.reset()
    return served_portals


@pytest.fixture(scope="session")
def browser(playwright: Playwright, served_portals: MockPortals) -> Iterator[Browser]:
    """A plain browser that reaches the mock portals; it has no guard."""
    browser = plain_browser(playwright, served_portals)
    yield browser
    browser.close()


@pytest.fixture
def plain_page(browser: Browser, portals: MockPortals) -> Iterator[Page]:
    """A page of that plain browser, in a cookie jar of its own."""
    assert portals.hosts
    with clean_page(browser) as page:
        yield page


@pytest.fixture
def guard_config(portals: MockPortals, tmp_path: Path) -> Config:
    """A counter on the mock portals. Override it, or copy it with changes, to open another kind of counter."""
    return mock_config(portals, tmp_path)


@pytest.fixture
def counter(guard_config: Config) -> Iterator[BlockingCounter]:
    """A guarded counter of this test's own, without windows."""
    with open_blocking_counter(guard_config) as counter:
        yield counter


@pytest.fixture
def serve_at(playwright: Playwright) -> ServeAt:
    """Opens a visit at a counter for a resident and gives its window; leaving the block ends it, if it is open."""

    @contextmanager
    def visit(counter: BlockingCounter, resident: Resident) -> Iterator[Page]:
        browser = playwright.chromium.connect_over_cdp(counter.open_visit(resident.citizen))
        try:
            context = browser.contexts[0]
            yield context.pages[0] if context.pages else context.wait_for_event("page")
        finally:
            browser.close()
            if counter.view.phase is Phase.SERVING:
                counter.end(Ending.DONE)

    return visit


@pytest.fixture
def serve(counter: BlockingCounter, serve_at: ServeAt) -> Serve:
    """As `serve_at`, at this test's own counter."""
    return partial(serve_at, counter)
