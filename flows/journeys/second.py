"""Come back for more: points that were applied for are refused, other points of the same citizen are not."""

from __future__ import annotations

from flows.journeys.journey import LOGIN, PAYMENT, Journey, Scene, Step
from flows.journeys.points import application, begin, choose, choose_service, submit
from flows.points import Points, PointSite
from flows.site import NotAdvancedError
from guard.grammar import Words

_TAKEN = "申請済"


def card_is_refused(scene: Scene) -> None:
    """The portal says in its own word that these points were applied for; the screen stays."""
    try:
        scene.points.choose_points(Points.CARD)
    except NotAdvancedError as error:
        if _TAKEN in error.notice:
            return
        raise
    raise NotAdvancedError(PointSite.CONFIRM, "the portal takes an application for the same points twice")


SECOND = Journey(
    name="second",
    title=Words(ja="2回目の申込み", en="Apply a second time"),
    portals=("point",),
    steps=(
        *application(Points.CARD),
        Step(name="again", act=begin),
        Step(name="again-service", act=choose_service),
        Step(name="refused", act=card_is_refused),
        Step(name="others", act=choose(Points.INSURANCE)),
        Step(name="submit-others", act=submit),
    ),
    needs=(*LOGIN, *PAYMENT),
)
