"""Link a cashless service: the first points tie the payment-service ID to the citizen, and the portal shows it."""

from __future__ import annotations

from flows.journeys.journey import LOGIN, PAYMENT, Journey, Scene, Step
from flows.journeys.points import application
from flows.points import Points, PointSite
from flows.site import NotAdvancedError
from guard.grammar import Words


def see_the_link(scene: Scene) -> None:
    """The portal's own list names the service and the payment-service ID of this citizen."""
    listed = scene.points.applications()
    cashless = scene.resident.cashless
    if cashless.service not in listed or cashless.payment_id not in listed:
        raise NotAdvancedError(PointSite.APPLICATIONS, "the list does not show the service that was linked")


CASHLESS_LINK = Journey(
    name="cashless-link",
    title=Words(ja="決済サービスの紐づけ", en="Link a cashless service"),
    portals=("point",),
    steps=(*application(Points.CARD), Step(name="linked", act=see_the_link)),
    needs=(*LOGIN, *PAYMENT),
)
