"""Every journey, played by invented citizens in one plain browser, as QA plays it on a portal without the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.journeys import JOURNEYS, Scene, Sites, find
from flows.makers import Maker
from flows.mock import MockPortals
from flows.plain import clean_page, plain_browser
from flows.points import PointSite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Playwright

    from flows.journeys import Journey

MAKER = Maker(7)
MOTHER, FATHER, CHILD = MAKER.family()
VARIANT, FOREIGNER = MAKER.with_variant()[0], MAKER.foreigner()[0]
FIRST, SECOND, THIRD = MAKER.several(3)
WHO = {
    "points": FIRST,
    "cashless-link": VARIANT,
    "account": FOREIGNER,
    "cancel": SECOND,
    "second": THIRD,
    "child": MOTHER,
    "household": FATHER,
}


@pytest.fixture(scope="module")
def town() -> Iterator[MockPortals]:
    """Portals that know these people alone."""
    with MockPortals((MOTHER, FATHER, CHILD, VARIANT, FOREIGNER, FIRST, SECOND, THIRD)) as portals:
        yield portals


@pytest.fixture(scope="module")
def page_in_town(playwright: Playwright, town: MockPortals) -> Iterator[Page]:
    """One page for everybody, as staff worked before."""
    browser = plain_browser(playwright, town)
    with clean_page(browser) as page:
        yield page
    browser.close()


def test_every_journey_is_played_to_its_end_by_one_citizen_after_another(page_in_town: Page, town: MockPortals) -> None:
    """The books say what the names of the journeys promise, and nobody has anything of anybody else."""
    for name, resident in WHO.items():
        find(name).play(Scene(page=page_in_town, resident=resident, child=CHILD))
    booked: dict[str, set[tuple[str, bool]]] = {}
    for row in town.books.point_applications():
        booked.setdefault(row.holder_name, set()).add((row.kind, row.cancelled))
    assert booked == {
        FIRST.name: {("card", False), ("insurance", False), ("account", False)},
        VARIANT.name: {("card", False)},
        SECOND.name: {("insurance", True)},
        THIRD.name: {("card", False), ("insurance", False)},
        CHILD.name: {("card", False), ("insurance", False)},
        FATHER.name: {("card", False)},
    }
    assert {(row.owner_name, row.applied_by_name) for row in town.books.point_applications()} >= {
        (MOTHER.name, MOTHER.name)
    }, "the child's points go to the mother, who applied"
    assert {row.holder_name for row in town.books.accounts()} == {FOREIGNER.name, FATHER.name}
    assert town.books.misattributed() == ()
    assert PointSite(page_in_town).shown_holder() is None, "a household logs out"


def test_a_citizen_who_leaves_is_still_logged_in_and_has_nothing_booked(page_in_town: Page, town: MockPortals) -> None:
    """The state of which the accidents are made."""
    town.reset()
    journey = find("points@kinds")
    made: list[str] = []
    journey.play(Scene(page=page_in_town, resident=FIRST), lambda step: made.append(step.name))
    assert made == ["login", "begin", "service", "kinds"]
    assert PointSite(page_in_town).screen() == PointSite.CONFIRM
    assert PointSite(page_in_town).shown_holder() == FIRST.name
    assert town.books.point_applications() == ()


@pytest.mark.parametrize("whole", JOURNEYS.values(), ids=list(JOURNEYS))
def test_a_journey_can_be_left_after_each_step_but_the_last(whole: Journey) -> None:
    """`NAME@STEP` means one place, and is the same journey up to it."""
    assert len(set(whole.places_to_leave)) == len(whole.steps) - 1
    for number, step in enumerate(whole.places_to_leave, start=1):
        left = find(f"{whole.name}@{step}")
        assert (left.steps, left.interrupted, left.places_to_leave) == (whole.steps[:number], True, ())
        assert left.needs == whole.needs


def test_a_staging_portal_is_given_by_its_address() -> None:
    scene = Scene(page=None, resident=FIRST, sites=Sites(point="https://point.staging.test"))  # type: ignore[arg-type]
    assert (scene.points.base_url, scene.my_page.base_url) == ("https://point.staging.test", Sites().mypage)


def test_a_name_that_is_no_journey_is_told_with_the_names_that_are() -> None:
    with pytest.raises(LookupError, match=r"did you mean 'points'\? There are: points, cashless-link"):
        find("point")
    with pytest.raises(LookupError, match="after: login, begin, service, kinds"):
        find("points@submit")


def test_a_child_that_is_not_named_is_asked_for() -> None:
    scene = Scene(page=None, resident=MOTHER)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs a child"):
        find("child").steps[1].act(scene)
