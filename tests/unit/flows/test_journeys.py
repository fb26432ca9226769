"""Every journey, played by invented citizens in one plain browser, as QA plays it on a portal without the guard."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from flows.journeys import JOURNEYS, Scene, Sites, find
from flows.makers import Maker
from flows.mock import MockPortals
from flows.plain import clean_page, plain_browser
from flows.points import PointSite
from flows.site import NotAdvancedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Playwright

    from flows.people import Resident

MAKER = Maker(7)
MOTHER, FATHER, CHILD = MAKER.family()
SOMEBODY = MAKER.with_variant()[0]
FOREIGNER = MAKER.foreigner()[0]


@pytest.fixture(scope="module")
def town() -> Iterator[MockPortals]:
    """Portals that know these people alone."""
    with MockPortals((MOTHER, FATHER, CHILD, SOMEBODY, FOREIGNER)) as portals:
        yield portals


@pytest.fixture(scope="module")
def one_browser(playwright: Playwright, town: MockPortals) -> Iterator[Browser]:
    browser = plain_browser(playwright, town)
    yield browser
    browser.close()


@contextmanager
def _played(browser: Browser, town: MockPortals, name: str, *people: Resident) -> Iterator[Page]:
    """The page after these people have made the journey on it, one after another."""
    town.reset()
    with clean_page(browser) as page:
        for resident in people:
            find(name).play(Scene(page=page, resident=resident, child=CHILD))
        yield page


def test_every_journey_of_one_citizen_is_played_to_its_end(one_browser: Browser, town: MockPortals) -> None:
    """What the books say afterwards is what the journey's name promises."""
    booked = {
        "points": {("card", False), ("insurance", False), ("account", False)},
        "cashless-link": {("card", False)},
        "account": set(),
        "cancel": {("insurance", True)},
        "second": {("card", False), ("insurance", False)},
    }
    for name, kinds in booked.items():
        resident = FOREIGNER if name == "account" else SOMEBODY
        with _played(one_browser, town, name, resident):
            assert {(row.kind, row.cancelled) for row in town.books.point_applications()} == kinds, name
            assert town.books.misattributed() == (), name
            assert [row.holder_name for row in town.books.accounts()] == [FOREIGNER.name] * (name == "account"), name


def test_a_parents_application_gives_the_childs_points_to_the_parents_service(
    one_browser: Browser, town: MockPortals
) -> None:
    """In order, because she is the legal representative; the same ID of anybody else would be astray."""
    with _played(one_browser, town, "child", MOTHER):
        rows = town.books.point_applications()
        assert {(row.holder_name, row.owner_name, row.applied_by_name) for row in rows} == {
            (CHILD.name, MOTHER.name, MOTHER.name)
        }
        assert town.books.misattributed() == ()


def test_a_household_is_served_on_one_page_and_nobody_gets_anothers(one_browser: Browser, town: MockPortals) -> None:
    """The provider goes on knowing the mother; the father's own card is used, and his own account registered."""
    with _played(one_browser, town, "household", MOTHER, FATHER) as page:
        assert [row.holder_name for row in town.books.point_applications()] == [MOTHER.name, FATHER.name]
        assert {row.holder_name for row in town.books.accounts()} == {MOTHER.name, FATHER.name}
        assert town.books.misattributed() == ()
        assert PointSite(page).shown_holder() is None


def test_a_citizen_may_leave_after_each_step_and_is_still_logged_in(one_browser: Browser, town: MockPortals) -> None:
    """The state of which the accidents are made; nothing is booked yet."""
    for whole in (find("points"), find("account")):
        for step in whole.places_to_leave:
            journey = whole.until(step)
            town.reset()
            with clean_page(one_browser) as page:
                made: list[str] = []
                scene = Scene(page=page, resident=SOMEBODY)
                journey.play(scene, lambda one, made=made: made.append(one.name))  # type: ignore[misc]
                assert made[-1] == step
                assert PointSite(page).shown_holder() == SOMEBODY.name, journey.name
        assert town.books.point_applications() == ()
        assert town.books.accounts() == ()


def test_another_address_is_where_a_journey_goes(one_browser: Browser, town: MockPortals) -> None:
    """A staging portal is given by its address; here nothing answers there."""
    town.reset()
    with clean_page(one_browser) as page:
        elsewhere = Scene(page=page, resident=SOMEBODY, sites=Sites(point="https://127.0.0.1:1"))
        with pytest.raises(NotAdvancedError):
            find("points").play(elsewhere)
    assert town.requests == ()


def test_a_name_that_is_no_journey_is_told_with_the_names_that_are() -> None:
    with pytest.raises(LookupError, match="did you mean 'points'"):
        find("point")
    with pytest.raises(LookupError, match="after: login, begin, service, kinds"):
        find("points@submit")


def test_the_child_must_be_named() -> None:
    scene = Scene(page=None, resident=replace(SOMEBODY))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs a child"):
        JOURNEYS["child"].steps[1].act(scene)


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=list(JOURNEYS))
def test_every_step_of_a_journey_has_a_name_of_its_own(journey: object) -> None:
    """`NAME@STEP` means one place."""
    names = [step.name for step in journey.steps]  # type: ignore[attr-defined]
    assert len(set(names)) == len(names)
