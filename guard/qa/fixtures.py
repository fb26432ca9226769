"""What `--guard` adds to pytest: a counter, a visit for each test, and the verdicts as failures.

Override `citizen`, `guard_config` or `mock_portals` in a conftest.py to serve other people at another counter.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from guard.blocking import BlockingCounter, open_blocking_counter
from guard.config import CardSettings, Config, load_config
from guard.core.identity import Citizen
from guard.errors import GuardError
from guard.qa.expectations import unproved
from guard.qa.outside import Outside
from guard.qa.place import Place
from guard.qa.visits import StoppedError, Visits

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from playwright.sync_api import Browser, Playwright

MOCK = "mock"
_WATCHED = pytest.StashKey[tuple[Visits, Outside]]()


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
        config = load_config(Path(named))
    except GuardError as error:
        raise pytest.UsageError(str(error)) from None
    if not config.is_test:
        msg = f"--guard {named}: this counter serves real portals. Tests need a [test_network]."
        raise pytest.UsageError(msg)
    return config.model_copy(update={"state_dir": state_dir, "card": CardSettings()})


@pytest.fixture(scope="session")
def guarded_counter(guard_config: Config, pytestconfig: pytest.Config) -> Iterator[BlockingCounter]:
    """One counter for all tests of a worker; each test's citizens get browsers of their own."""
    headed = bool(pytestconfig.getoption("headed", default=False))
    with open_blocking_counter(guard_config, headless=not headed) as counter:
        yield counter


@pytest.fixture
def citizen(request: pytest.FixtureRequest) -> Citizen:
    """Whom a test's first visit serves: the marker `citizen`. Override it to serve somebody by default."""
    marker = request.node.get_closest_marker("citizen")
    if marker is None:
        msg = "nobody is served: mark the test with @pytest.mark.citizen(name=…, birth_date=…) or override `citizen`"
        raise pytest.UsageError(msg)
    return _citizen(*marker.args, **marker.kwargs)


def _citizen(name: str, birth_date: date | str | None = None, kana: str | None = None) -> Citizen:
    born = date.fromisoformat(birth_date) if isinstance(birth_date, str) else birth_date
    return Citizen(name=name, birth_date=born, kana=kana)


@pytest.fixture
def counter(
    request: pytest.FixtureRequest,
    guarded_counter: BlockingCounter,
    citizen: Citizen,
    playwright: Playwright,
    browser_context_args: Mapping[str, Any],
) -> Iterator[Visits]:
    """An open visit of `citizen`. The test fails for a stop that it did not expect, or a leftover at its end."""
    visits = Visits(guarded_counter, playwright, Place(request.path).now, browser_context_args)
    outside = Outside(guarded_counter.counter.config)
    with guarded_counter.following(visits.seen), pytest.MonkeyPatch.context() as monkeypatch:
        outside.close(monkeypatch)
        visits.open(citizen)
        request.node.stash[_WATCHED] = (visits, outside)
        yield visits
        visits.end()
    missing = unproved(visits.clearances)
    if missing:
        msg = f"the handover could not prove {missing}"
        raise AssertionError(msg)


@pytest.fixture
def browser(counter: Visits) -> Browser:
    """The browser of the test's first visit; contexts, pages, traces and videos stay pytest-playwright's own."""
    return counter.browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test whose submission was stopped, and say so beside the failure that it caused."""
    try:
        result = yield
    except Exception as error:
        for complaint in _complaints(item):
            if complaint not in str(error):
                error.add_note(complaint)
        raise
    complaints = _complaints(item)
    if complaints:
        raise StoppedError("\n".join(complaints))
    return result


def _complaints(item: pytest.Item) -> list[str]:
    """What the guard stopped or refused, and the test did not announce."""
    if _WATCHED not in item.stash:
        return []
    visits, outside = item.stash[_WATCHED]
    visits.settle()
    return [*map(str, visits.unexpected), *map(str, outside.refused)]
