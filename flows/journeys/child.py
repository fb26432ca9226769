"""A parent applies for a child: the parent logs in, the child's points go to the parent's service (法定代理人)."""

from __future__ import annotations

from flows.journeys.journey import CHILD, LOGIN, PAYMENT, Journey, Scene, Step
from flows.journeys.points import choose, choose_service, log_in, submit
from flows.points import Points
from guard.grammar import Words


def begin(scene: Scene) -> None:
    """Choose the child on the portal's own page of whom one applies for. Raises ValueError where none was named."""
    if scene.child is None:
        msg = "this journey needs a child: Scene(child=...)"
        raise ValueError(msg)
    scene.points.begin_for_child(scene.child.name)


FOR_CHILD = Journey(
    name="child",
    title=Words(ja="保護者によるお子様の申込み", en="A parent applies for a child"),
    portals=("point",),
    steps=(
        Step(name="login", act=log_in),
        Step(name="begin", act=begin),
        Step(name="service", act=choose_service),
        Step(name="kinds", act=choose(Points.CARD, Points.INSURANCE)),
        Step(name="submit", act=submit),
    ),
    needs=(*LOGIN, *PAYMENT, *CHILD),
)
