"""A journey: what one citizen does at the portals, step by step, and how much of it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flows.account import MyPage
from flows.points import PointSite

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from flows.people import Resident
    from guard.grammar import Words

LOGIN: Final = ("card_id", "pin")
PAYMENT: Final = ("service", "payment_id")
ACCOUNT: Final = ("kana", "phone", "bank", "branch", "number", "holder_kana")
CHILD: Final = ("child_name", "child_birth_date")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sites:
    """Base addresses of the portals, without a slash at the end; change them to play on a staging portal."""

    point: str = PointSite.base_url
    mypage: str = MyPage.base_url


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One citizen in front of one page."""

    page: Page
    resident: Resident
    child: Resident | None = None
    """For whom the resident acts, in journeys that need somebody."""
    sites: Sites = Sites()

    @property
    def points(self) -> PointSite:
        """The point site in the citizen's page, wherever it answers."""
        return PointSite(self.page, self.sites.point)

    @property
    def my_page(self) -> MyPage:
        """The my-page portal in the citizen's page, wherever it answers."""
        return MyPage(self.page, self.sites.mypage)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step; it leads to its screen or raises `NotAdvancedError`."""

    name: str
    act: Callable[[Scene], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """The steps of one citizen, under a name. Every step of it is made under the citizen's own login."""

    name: str
    title: Words
    portals: tuple[str, ...]
    """Fields of `Sites` that it visits, in order."""
    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    """What the citizen must have brought: fields of a resident, as the columns of a citizens file name them."""
    family: bool = False
    """Whether it is meant for several citizens of one surname, one after another."""
    interrupted: bool = False
    """Whether the citizen leaves before the end."""

    @property
    def acts_for_child(self) -> bool:
        """Whether the citizen must bring a child, for whom the journey is made."""
        return set(CHILD) <= set(self.needs)

    @property
    def places_to_leave(self) -> tuple[str, ...]:
        """The steps after which a citizen may interrupt; after the last one the journey is done."""
        return () if self.interrupted else tuple(step.name for step in self.steps[:-1])

    def until(self, step: str) -> Journey:
        """The journey of a citizen who leaves after this step, still logged in. Raises LookupError if there is none."""
        if step not in self.places_to_leave:
            msg = f"{self.name} cannot be left after {step!r}; it can after: {', '.join(self.places_to_leave)}"
            raise LookupError(msg)
        made = self.steps[: self.places_to_leave.index(step) + 1]
        return replace(self, name=f"{self.name}@{step}", steps=made, interrupted=True)

    def play(self, scene: Scene, made: Callable[[Step], None] = lambda _: None) -> None:
        """Make every step, and tell `made` of each that was. Raises NotAdvancedError where one was not made."""
        for step in self.steps:
            step.act(scene)
            made(step)
