"""The points of a visit at which a fault can fall, each with the way to it and the way on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flows.people import TANAKA_ICHIRO
from flows.points import Points, PointSite
from guard.core.events import Ending
from guard.core.view import HolderState, Phase
from tests.day import eventually, log_in, waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from guard.blocking import BlockingCounter
    from tests.faults.scene import Scene

CITIZEN = TANAKA_ICHIRO
WITHIN = 30.0  # seconds; the machine that runs the tests may be busy with others


class OnTheWay(Protocol):
    """What of a scene the way to a point needs; the portals may be another process's."""

    @property
    def counter(self) -> BlockingCounter: ...
    @property
    def page(self) -> Page: ...
    def hold(self) -> None:
        """Let the site think about who is logged in, so that whatever needs the answer waits."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One moment of a visit."""

    name: str
    reach: Callable[[OnTheWay], None]
    """Bring a visit that has just been opened there."""
    go_on: Callable[[Scene, bool], None]
    """What citizen and staff do next; the flag says whether the fault itself keeps back who is logged in."""


def _open(scene: OnTheWay) -> None:
    PointSite(scene.page).open()


def _log_in_and_apply(scene: Scene, _: bool) -> None:  # noqa: FBT001 - one signature for all points
    PointSite(scene.page).log_in(CITIZEN)
    _apply(scene, _)


def _logged_in(scene: OnTheWay) -> None:
    log_in(scene.page, CITIZEN)
    eventually(lambda: scene.counter.view.portals[0].state is HolderState.AGREE, within=WITHIN)


def _apply(scene: Scene, _: bool) -> None:  # noqa: FBT001 - as above
    PointSite(scene.page).apply(CITIZEN.cashless, Points.CARD)


def _held(scene: OnTheWay) -> None:
    """The one request that books, filled in and on its way, while the site thinks about who is logged in."""
    _logged_in(scene)
    site = PointSite(scene.page)
    site.begin()
    site.choose_service(CITIZEN.cashless)
    site.choose_points(Points.CARD)
    scene.hold()
    scene.page.get_by_role("button", name="申込む", exact=True).click(no_wait_after=True)
    eventually(lambda: waiting(scene.counter), within=WITHIN)


def _see_the_answer(scene: Scene, keeps: bool) -> None:  # noqa: FBT001 - as above
    if not keeps:
        scene.let_go()
    eventually(lambda: not waiting(scene.counter), within=WITHIN)
    scene.page.get_by_role("heading", name=PointSite.DONE).wait_for(timeout=2000)


def _closing(scene: OnTheWay) -> None:
    """The citizen has gone; the handover asks the site about a session, and has no answer yet."""
    _logged_in(scene)
    scene.hold()
    scene.counter.call(scene.counter.counter.desk.end, Ending.DONE)
    scene.counter.until(lambda view: view.phase is Phase.CLOSING)


def _leave(scene: Scene, keeps: bool) -> None:  # noqa: FBT001 - as above
    if not keeps:
        scene.let_go()


POINTS = (
    Point(name="before the login", reach=_open, go_on=_log_in_and_apply),
    Point(name="logged in", reach=_logged_in, go_on=_apply),
    Point(name="submission held", reach=_held, go_on=_see_the_answer),
    Point(name="handover", reach=_closing, go_on=_leave),
)
