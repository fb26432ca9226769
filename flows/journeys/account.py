"""Register the public-money account (公金受取口座), over nine screens."""

from __future__ import annotations

from flows.journeys.journey import ACCOUNT, LOGIN, Journey, Scene, Step
from guard.grammar import Words


def log_in(scene: Scene) -> None:
    """Open the my-page portal and log in by card."""
    scene.my_page.open()
    scene.my_page.log_in(scene.resident)


REGISTRATION = (
    Step(name="terms", act=lambda scene: scene.my_page.begin()),
    Step(name="basic", act=lambda scene: scene.my_page.agree()),
    Step(name="kana", act=lambda scene: scene.my_page.confirm_basic_data()),
    Step(name="contact", act=lambda scene: scene.my_page.give_kana(scene.resident.kana)),
    Step(name="bank", act=lambda scene: scene.my_page.give_phone(scene.resident.phone)),
    Step(name="branch", act=lambda scene: scene.my_page.give_bank(scene.resident.account.bank)),
    Step(name="number", act=lambda scene: scene.my_page.give_branch(scene.resident.account.branch)),
    Step(name="confirm", act=lambda scene: scene.my_page.give_number(scene.resident.account)),
    Step(name="register", act=lambda scene: scene.my_page.submit()),
)
"""Each step is named after the screen that it leads to, as the portal's addresses are."""

ACCOUNT_REGISTRATION = Journey(
    name="account",
    title=Words(ja="公金受取口座の登録", en="Register the public-money account"),
    portals=("mypage",),
    steps=(Step(name="login", act=log_in), *REGISTRATION),
    needs=(*LOGIN, *ACCOUNT),
)
