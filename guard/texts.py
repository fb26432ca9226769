"""The texts that staff read, Japanese and English, by the value they explain."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Annotated, Final, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from guard.console.fields import Fault
from guard.core.card import CardState
from guard.core.checklist import How, Item
from guard.core.clearance import Area, Finding
from guard.core.commands import Refusal
from guard.core.confirmation import Personal
from guard.core.events import Ending
from guard.core.identity import Obscurity
from guard.core.interruption import Interruption
from guard.core.leftovers import Place
from guard.core.offline import Cause, Kept, Step
from guard.core.payload import FieldKind
from guard.core.staff import Denial, Denied
from guard.core.submission import Channel
from guard.core.terms import Assurance
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase, SealReason
from guard.core.weakness import Weakness
from guard.grammar import Words
from guard.labels import Label

_MINUTE: Final = 60  # seconds


class Language(StrEnum):
    """A language of the catalogue."""

    JA = "ja"
    EN = "en"

    @property
    def other(self) -> Language:
        return Language.EN if self is Language.JA else Language.JA

    def pick(self, words: Words) -> str:
        """The one of two texts that is in this language."""
        return words.ja if self is Language.JA else words.en


class _Advice(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    failed: Words
    todo: Words
    release: Words


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    staff: Words
    citizen: Words


class _Sign(Words):
    symbol: Annotated[str, Field(min_length=1, max_length=1)]


class _Weakness(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    wrong: Words
    todo: Words


class Advice(BaseModel):
    """What a stop or a seal tells staff, one sentence each."""

    model_config = ConfigDict(frozen=True)

    failed: str
    todo: str
    release: str
    """Who may release or lift it, and how."""


class Sign(BaseModel):
    """A short label with a symbol, so that colour is never the only sign."""

    model_config = ConfigDict(frozen=True)

    symbol: str
    label: str


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Words
    hint: Words


class Asked(BaseModel):
    """What the citizen is asked, and how it may be typed."""

    model_config = ConfigDict(frozen=True)

    label: str
    hint: str


class Catalogue(BaseModel):
    """All texts. Loading it fails if a value of any of the enums has no text in one of the languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: dict[Reason, _Advice]
    seal: dict[SealReason, _Advice]
    refusal: dict[Refusal, Words]
    obscurity: dict[Obscurity, Words]
    holder: dict[HolderState, _Sign]
    card: dict[CardState, _Sign]
    value: dict[FieldKind, Words]
    channel: dict[Channel, Words]
    assurance: dict[Assurance, Words]
    area: dict[Area, Words]
    place: dict[Place, Words]
    finding: dict[Finding, _Sign]
    phase: dict[Phase, _Sign]
    item: dict[Item, _Item]
    how: dict[How, _Sign]
    step: dict[Step, Words]
    cause: dict[Cause, Words]
    kept: dict[Kept, Words]
    fault: dict[Fault, Words]
    personal: dict[Personal, _Asked]
    denial: dict[Denial, Words]
    interruption: dict[Interruption, Words]
    ending: dict[Ending, Words]
    weakness: dict[Weakness, _Weakness]
    label: dict[Label, Words]

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for table, field in type(self).model_fields.items():
            missing = set(get_args(field.annotation)[0]) - set(getattr(self, table))
            if missing:
                msg = f"no text for {table}: {', '.join(sorted(missing))}"
                raise ValueError(msg)
        return self


@cache
def catalogue() -> Catalogue:
    """The catalogue of this package."""
    return Catalogue.model_validate(tomllib.loads(files("guard").joinpath("texts.toml").read_text("utf-8")))


class Texts:
    """Every text for staff in one language."""

    def __init__(self, language: Language = Language.JA) -> None:
        self.language = language
        self._all = catalogue()

    def reason(self, reason: Reason) -> Advice:
        return self._advice(self._all.reason[reason])

    def seal(self, reason: SealReason) -> Advice:
        return self._advice(self._all.seal[reason])

    def refusal(self, refusal: Refusal) -> str:
        return self.pick(self._all.refusal[refusal])

    def obscurity(self, why: Obscurity) -> str:
        return self.pick(self._all.obscurity[why])

    def holder(self, state: HolderState) -> Sign:
        return self._sign(self._all.holder[state])

    def card(self, state: CardState) -> Sign:
        return self._sign(self._all.card[state])

    def value(self, kind: FieldKind) -> str:
        return self.pick(self._all.value[kind])

    def channel(self, channel: Channel) -> str:
        return self.pick(self._all.channel[channel])

    def assurance(self, assurance: Assurance) -> str:
        return self.pick(self._all.assurance[assurance])

    def area(self, area: Area) -> str:
        return self.pick(self._all.area[area])

    def place(self, place: Place) -> str:
        return self.pick(self._all.place[place])

    def finding(self, finding: Finding) -> Sign:
        return self._sign(self._all.finding[finding])

    def phase(self, phase: Phase) -> Sign:
        return self._sign(self._all.phase[phase])

    def item(self, item: Item) -> str:
        return self.pick(self._all.item[item].staff)

    def item_plain(self, item: Item) -> str:
        """In the words for the citizen."""
        return self.pick(self._all.item[item].citizen)

    def step(self, step: Step) -> str:
        return self.pick(self._all.step[step])

    def cause(self, cause: Cause) -> str:
        return self.pick(self._all.cause[cause])

    def kept(self, kept: Kept) -> str:
        return self.pick(self._all.kept[kept])

    def how(self, how: How) -> Sign:
        return self._sign(self._all.how[how])

    def interruption(self, why: Interruption) -> str:
        return self.pick(self._all.interruption[why])

    def ending(self, ending: Ending) -> str:
        return self.pick(self._all.ending[ending])

    def weakness(self, weakness: Weakness) -> tuple[str, str]:
        """What is wrong with the machine, and what to do about it, or whom to tell."""
        found = self._all.weakness[weakness]
        return self.pick(found.wrong), self.pick(found.todo)

    def fault(self, fault: Fault | Denied) -> str:
        if isinstance(fault, Denied):
            return self.pick(self._all.denial[fault.why]).format(wait=self._wait(fault.wait))
        return self.pick(self._all.fault[fault])

    def personal(self, item: Personal) -> Asked:
        asked = self._all.personal[item]
        return Asked(label=self.pick(asked.label), hint=self.pick(asked.hint))

    def _wait(self, seconds: float) -> str:
        """A time to wait, never told too short."""
        if seconds <= 2 * _MINUTE:
            return self.label(Label.WAIT_SECONDS, count=ceil(seconds))
        return self.label(Label.WAIT_MINUTES, count=ceil(seconds / _MINUTE))

    def label(self, label: Label, **values: str | int) -> str:
        """A label, with its placeholders filled. Raises KeyError if a value is missing."""
        return self.pick(self._all.label[label]).format(**values)

    def pick(self, words: Words) -> str:
        """The text of a pair, such as a portal's title, in this language."""
        return self.language.pick(words)

    def _advice(self, advice: _Advice) -> Advice:
        return Advice(failed=self.pick(advice.failed), todo=self.pick(advice.todo), release=self.pick(advice.release))

    def _sign(self, sign: _Sign) -> Sign:
        return Sign(symbol=sign.symbol, label=self.pick(sign))
