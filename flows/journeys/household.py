"""A household, one after another: points and account of each, the second portal by one click, both logged out."""

from __future__ import annotations

from flows.journeys.account import REGISTRATION
from flows.journeys.journey import ACCOUNT, LOGIN, PAYMENT, Journey, Scene, Step
from flows.journeys.points import application
from flows.points import Points
from guard.grammar import Words


def enter_my_page(scene: Scene) -> None:
    """The identity provider still knows the citizen, so one click is enough."""
    scene.my_page.log_in_with_one_click()


def log_out_everywhere(scene: Scene) -> None:
    """The way that careful staff go: the menu of both portals. The provider goes on knowing the citizen."""
    scene.my_page.log_out()
    scene.points.open()
    scene.points.log_out()


HOUSEHOLD = Journey(
    name="household",
    title=Words(ja="家族がつづけて申込み", en="A household, one after another"),
    portals=("point", "mypage"),
    steps=(
        *application(Points.CARD),
        Step(name="one-click", act=enter_my_page),
        *REGISTRATION,
        Step(name="logout", act=log_out_everywhere),
    ),
    needs=(*LOGIN, *PAYMENT, *ACCOUNT),
    family=True,
)
