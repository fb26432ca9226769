"""Apply for points and take the application back before it is paid out."""

from __future__ import annotations

from flows.journeys.journey import LOGIN, PAYMENT, Journey, Scene, Step
from flows.journeys.points import application
from flows.points import Points, PointSite
from flows.site import NotAdvancedError
from guard.grammar import Words


def see_the_application(scene: Scene) -> None:
    """The portal's own list shows what was applied for."""
    if scene.resident.cashless.payment_id not in scene.points.applications():
        raise NotAdvancedError(PointSite.APPLICATIONS, "the list does not show the application")


def nothing_is_left(scene: Scene) -> None:
    """The portal's own list shows no application any more."""
    if scene.resident.cashless.payment_id in scene.points.applications():
        raise NotAdvancedError(PointSite.APPLICATIONS, "the list still shows what was taken back")


CANCEL = Journey(
    name="cancel",
    title=Words(ja="申込みと、その取消し", en="Apply for points, and take it back"),
    portals=("point",),
    steps=(
        *application(Points.INSURANCE),
        Step(name="applications", act=see_the_application),
        Step(name="cancel", act=lambda scene: scene.points.cancel()),
        Step(name="gone", act=nothing_is_left),
    ),
    needs=(*LOGIN, *PAYMENT),
)
