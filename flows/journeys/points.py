"""Apply for points: all three kinds, paid out at the citizen's own cashless service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.journeys.journey import LOGIN, PAYMENT, Journey, Scene, Step
from flows.points import Points
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Callable


def log_in(scene: Scene) -> None:
    """Open the point site and log in by card."""
    scene.points.open()
    scene.points.log_in(scene.resident)


def begin(scene: Scene) -> None:
    """Open the first screen of the application."""
    scene.points.begin()


def choose_service(scene: Scene) -> None:
    """Give the citizen's own cashless service."""
    scene.points.choose_service(scene.resident.cashless)


def choose(*wanted: Points) -> Callable[[Scene], None]:
    """A step that ticks these points and goes on to the confirmation."""
    return lambda scene: scene.points.choose_points(*wanted)


def submit(scene: Scene) -> None:
    """The one POST that books the points."""
    scene.points.submit()


def application(*wanted: Points) -> tuple[Step, ...]:
    """The steps of an application for these points, from the login on."""
    return (
        Step(name="login", act=log_in),
        Step(name="begin", act=begin),
        Step(name="service", act=choose_service),
        Step(name="kinds", act=choose(*wanted)),
        Step(name="submit", act=submit),
    )


POINTS = Journey(
    name="points",
    title=Words(ja="ポイントの申込み（3種類すべて）", en="Apply for points, all three kinds"),
    portals=("point",),
    steps=application(*Points),
    needs=(*LOGIN, *PAYMENT),
)
