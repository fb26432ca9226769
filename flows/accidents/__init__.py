"""Accidents of a counter, as scenarios that can be played with and without the guard."""

from flows.accidents import devices, logins, mistyped, published, rightful, windows, wrong_card
from flows.accidents.accident import Accident, Portals, Promise, Without
from flows.accidents.counter import Counter
from flows.accidents.journey import Ending, Outcome
from flows.accidents.kokuraminami_2022_09_21 import KOKURAMINAMI
from flows.accidents.koriyama_2022_09_12 import KORIYAMA
from flows.accidents.left_logged_in import LeftLoggedIn
from flows.accidents.yahatahigashi import YAHATAHIGASHI

SHOWN = (KORIYAMA, YAHATAHIGASHI, KOKURAMINAMI)
"""Those that the demo shows part by part."""
ACCIDENTS: tuple[Accident, ...] = (
    *(one.accident for one in SHOWN),
    published.YAHATANISHI,
    published.NIIGATA,
    published.FUKUSHIMA,
    published.SHIROISHI,
    mistyped.KANRA,
    mistyped.MISTYPED_UNDECLARED,
    mistyped.MISTYPED_BEFORE_THE_END,
    mistyped.FAMILY_ACCOUNT,
    devices.LENT_DEVICE,
    devices.STAFF_LOGIN,
    wrong_card.CARD_MIXED_UP,
    wrong_card.CARD_NAMES_THE_VISIT,
    wrong_card.TWINS,
    wrong_card.SAME_NAME,
    wrong_card.SAME_NAME_SAME_HOUR,
    wrong_card.SAME_NAME_NO_BIRTH_DATE,
    windows.WINDOW_CLOSED,
    windows.SECOND_WINDOW,
    windows.TWO_AT_ONCE,
    windows.BACK_BUTTON,
    windows.RELOAD,
    windows.CRASH,
    logins.A_WHILE_B,
    logins.STALE_WORKER,
    logins.FIXED_SESSION,
    logins.SILENT_LOGOUT,
    logins.PARTNER,
    devices.UNTOLD,
    devices.UNTOLD_WITH_READER,
    rightful.COMES_BACK,
    rightful.ACTS_FOR_CHILD,
    rightful.NAME_VARIANT,
    rightful.TWINS_IN_TURN,
)
"""Every class there is, in the order of the matrix."""

__all__ = [
    "ACCIDENTS",
    "KOKURAMINAMI",
    "KORIYAMA",
    "SHOWN",
    "YAHATAHIGASHI",
    "Accident",
    "Counter",
    "Ending",
    "LeftLoggedIn",
    "Outcome",
    "Portals",
    "Promise",
    "Without",
]
