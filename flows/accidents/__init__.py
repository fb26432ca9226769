"""The published accidents, as scenarios that can be played in any browser."""

from flows.accidents.accident import Accident, Ending, Outcome
from flows.accidents.kokuraminami_2022_09_21 import KOKURAMINAMI
from flows.accidents.koriyama_2022_09_12 import KORIYAMA
from flows.accidents.yahatahigashi import YAHATAHIGASHI

ACCIDENTS = (KORIYAMA, YAHATAHIGASHI, KOKURAMINAMI)

__all__ = ["ACCIDENTS", "KOKURAMINAMI", "KORIYAMA", "YAHATAHIGASHI", "Accident", "Ending", "Outcome"]
