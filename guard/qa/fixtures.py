"""What `--guard` adds to pytest: a counter, a visit for each test, and the verdicts as failures.

Override `citizen`, `guard_config` or `mock_portals` in a conftest.py to serve other people at another counter.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from guard.blocking import BlockingCounter, open_blocking_counter
from guard.errors import GuardError
from guard.qa.outside import Outside
from guard.qa.place import Place
from guard.qa.report import Report, slug
from guard.qa.served import refuse_misspelt, served
from guard.qa.staging import counter_for_tests, with_browser
from guard.qa.unguarded import refuse_unguarded
from guard.qa.visited import Visited
from guard.qa.visits import StoppedError, Visits
from guard.qa.wider import told_plainly

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser, BrowserContext, Playwright

    from guard.config import Config
    from guard.core.identity import Citizen

MOCK = "mock"
_WATCHED = pytest.StashKey[tuple[Visits, Outside, Visited]]()


@pytest.fixture(scope="session")
def mock_portals() -> Iterator[Any]:
    """The mock portals of `--guard mock`, as on their first day; needs the extra `mock`."""
    from flows.mock import MockPortals  # noqa: PLC0415  # an extra

    with MockPortals() as portals:
        yield portals


@pytest.fixture(scope="session")
def guard_config(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The counter that `--guard` names, with state of its own for each worker. Production is refused."""
    state_dir = tmp_path_factory.mktemp("guard")
    named = request.config.getoption("guard")
    if named == MOCK:
        from guard.demo.run import mock_config  # noqa: PLC0415  # an extra

        return mock_config(request.getfixturevalue("mock_portals"), state_dir)
    try:
        return counter_for_tests(named, state_dir)
    except GuardError as error:
        raise pytest.UsageError(f"--guard {error}") from None


@pytest.fixture(scope="session")
def guarded_counter(
    guard_config: Config, pytestconfig: pytest.Config, browser_name: str, browser_channel: str | None
) -> Iterator[BlockingCounter]:
    """One counter for all tests of a worker; each test's citizens get browsers of their own."""
    headed = bool(pytestconfig.getoption("headed", default=False))
    try:
        config = with_browser(guard_config, browser_name, browser_channel)
    except GuardError as error:
        raise pytest.UsageError(str(error)) from None
    with open_blocking_counter(config, headless=not headed) as counter:
        yield counter


@pytest.fixture
def citizen() -> Citizen:
    """Whom a test serves that bears no marker `citizen`. Override it to serve somebody by default."""
    msg = "nobody is served: mark the test with @pytest.mark.citizen(name=…, birth_date=…) or override `citizen`"
    raise pytest.UsageError(msg)


@pytest.fixture
def counter(
    request: pytest.FixtureRequest,
    guarded_counter: BlockingCounter,
    playwright: Playwright,
) -> Iterator[Visits]:
    """An open visit. The test fails for a stop that it did not expect, or a leftover at its end."""
    first = served(request.node) or request.getfixturevalue("citizen")
    connect = partial(playwright.chromium.connect_over_cdp, slow_mo=request.config.getoption("--slowmo"))

    def new_context() -> BrowserContext:
        context: BrowserContext = request.getfixturevalue("new_context")()  # which itself wants this counter
        return context

    visits = Visits(guarded_counter, connect, Place(request.path).now, new_context)
    outside = Outside(guarded_counter.counter.config)
    visited = Visited(guarded_counter.counter.config, visits.joined)
    with guarded_counter.following(visits.seen), pytest.MonkeyPatch.context() as monkeypatch:
        outside.close(monkeypatch)
        visited.watch(monkeypatch)
        visits.open(first)
        request.node.stash[_WATCHED] = (visits, outside, visited)
        yield visits
        visits.end()
    request.node.user_properties.extend(_properties(visits))
    missing = "; ".join(filter(None, (visit.missing for visit in visits.told)))
    if missing:
        msg = f"the handover could not prove {missing}"
        raise AssertionError(msg)


def _properties(visits: Visits) -> Iterator[tuple[str, object]]:
    """What JUnit's file tells of a test."""
    for visit in visits.told:
        yield from (("guard_submission", str(sent)) for sent in visit.sent)
        yield "guard_clearance", visit.missing or "clean"


@pytest.fixture
def browser(counter: Visits) -> Browser:
    """The browser of the test's first visit; contexts, pages, traces and videos stay pytest-playwright's own.

    A context that is asked of it later is one of the visit that is open then: pytest-playwright's `new_context` keeps
    this browser, and each citizen has another.
    """
    browser = counter.browser
    browser.new_context = counter.new_context  # type: ignore[method-assign]
    return browser


def pytest_configure(config: pytest.Config) -> None:
    """The process that hears of every test writes the report."""
    folder = _report_folder(config)
    if folder is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(folder), "guard-report")


@pytest.hookimpl(trylast=True)  # what was deselected is gone by then
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse misspelt markers before any browser starts; a worker of pytest-xdist tells of each at its test."""
    if not hasattr(config, "workerinput"):
        refuse_misspelt(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Explain the failure of a fixture as that of a test, and why one of a wider scope gets no browser."""
    with told_plainly(), _told_beside(item):
        result = yield
        if _WATCHED not in item.stash:
            refuse_unguarded(item)
        return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test whose submission was stopped, and say so beside the failure that it caused."""
    with told_plainly(), _told_beside(item):
        result = yield
    complaints = _complaints(item, failed=False)
    if complaints:
        raise StoppedError("\n".join(complaints))
    return result


@contextmanager
def _told_beside(item: pytest.Item) -> Iterator[None]:
    try:
        yield
    except (Exception, pytest.fail.Exception) as error:
        for complaint in _complaints(item, failed=True):
            if complaint not in str(error):
                error.add_note(complaint)
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Hand the timeline on with the report: another process may write it down."""
    report = yield
    if call.when == "teardown" and _WATCHED in item.stash:
        report.guard_visits = [visit.model_dump(mode="json") for visit in item.stash[_WATCHED][0].told]
    return report


def _complaints(item: pytest.Item, *, failed: bool) -> list[str]:
    """What the guard stopped or refused, and the test did not announce; the test is over."""
    if _WATCHED not in item.stash:
        return []
    visits, outside, visited = item.stash[_WATCHED]
    visits.settle()
    folder = _report_folder(item.config)
    if folder is not None:
        visits.take_pictures(folder, slug(item.nodeid))
    return [*map(str, visits.unexpected), *map(str, outside.refused), *visited.complaints(failed=failed)]


def _report_folder(config: pytest.Config) -> Path | None:
    named = config.getoption("guard_report")
    return None if named is None else Path(config.invocation_params.dir, named)
