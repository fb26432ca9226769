"""What a person types before a holder is taken for the citizen: which items, and what each is compared with.

At least one must compare with something that the portal says of the holder and the guard shows nobody: comparing what
reception wrote down with what reception wrote down proves nothing of the login. Where there is none, a leader looks.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from guard.core.folding import fold, hidden, readings
from guard.core.terms import Assurance

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from guard.core.counter import Visit
    from guard.core.identity import Citizen, Identity, Jar
    from guard.core.terms import Terms

TRIES = 5
"""Wrong answers about one holder in one visit after which only a leader confirms."""
NUMBER_END = 4
"""Characters of a number's end; all of it would be too much to read aloud at a counter."""
_MOST = 2


class Personal(StrEnum):
    """What the citizen is asked for. Each has its texts in `guard/texts.toml`."""

    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    READING = "reading"
    """Of the name, in kana."""
    NUMBER_END = "number_end"
    """The last four characters of the number that the portal knows the person by."""


class Source(StrEnum):
    """What an item is compared with."""

    PORTAL = "portal"
    """The portal says it of the holder, and no page of the guard shows it."""
    RECEPTION = "reception"
    """Reception wrote it down, and the portal says nothing of it: it proves nothing of the login."""
    NOBODY = "nobody"
    """Neither knows it; it is kept as the citizen's word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One item, and what it is compared with."""

    item: Personal
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """What is asked of one holder."""

    asked: tuple[Question, ...]
    by_leader: bool
    """Whether only a leader can confirm: nothing asked compares with the portal, or too many answers were wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What was typed; None for an item that was not."""

    birth_date: date | None = None
    birth_year: int | None = None
    reading: str | None = None
    number_end: str | None = None

    def __repr__(self) -> str:
        """Hide the person: values of this type may end in a log line."""
        return "Answers(…)"


class Outcome(StrEnum):
    """What the answers to all questions come to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    """At least one answer is wrong; which one is told to nobody."""
    INCOMPLETE = "incomplete"
    LEADER_NEEDED = "leader_needed"


def about_variant(citizen: Citizen, shown: Identity) -> Questions:
    """Two items, the first of which the portal tells if it tells any; fewer only where a leader looks.

    What neither side knows is asked, too, where one item alone can be compared: staff who know a birth date by heart
    would otherwise confirm without a word to the citizen.
    """
    displayed = (citizen.name, shown.name or shown.kana or "")
    order = _preferred(citizen, shown)
    strong = [item for item in order if _told(item, shown, displayed) is not None]
    if Personal.NUMBER_END in strong[1:] and citizen.subject_id is None:
        strong.remove(Personal.NUMBER_END)  # often a number within the portal, which no citizen has ever seen
    weak = [item for item in order if item not in strong and _told(item, citizen, displayed) is not None]
    rest = sorted(strong[1:] + weak, key=order.index)
    sources = {item: Source.PORTAL if item in strong else Source.RECEPTION for item in strong[:1] + rest}
    if strong:
        sources |= {item: Source.NOBODY for item in _ASKED_OF_ANYBODY if item not in sources}
    asked = tuple(Question(item=item, source=source) for item, source in sources.items())[:_MOST]
    return Questions(asked=asked, by_leader=not strong)


def about_login(citizen: Citizen, shown: Identity | None) -> Questions:
    """The birth date alone, after a login at a portal without a readable name; its profile says what that is worth."""
    for source, side in ((Source.PORTAL, shown), (Source.RECEPTION, citizen)):
        if side is not None and side.birth_date is not None:
            return Questions(asked=(Question(item=Personal.BIRTH_DATE, source=source),), by_leader=False)
    return Questions(asked=(), by_leader=True)


def about_holder(shown: Identity) -> Questions:
    """Birth year and reading, of somebody whom reception has not written down; both are asked, whatever they prove."""
    displayed = (shown.name or shown.kana or "",)
    asked = tuple(
        Question(item=item, source=Source.NOBODY if _told(item, shown, displayed) is None else Source.PORTAL)
        for item in (Personal.BIRTH_YEAR, Personal.READING)
    )
    return Questions(asked=asked, by_leader=not by_portal(asked))


def by_portal(items: Iterable[Question]) -> bool:
    """Whether anything was compared with what the portal says."""
    return any(question.source is Source.PORTAL for question in items)


def items_fact(items: Iterable[Question]) -> tuple[str, str]:
    """What was asked and compared, for the journal: kinds, never values."""
    return "items", " ".join(f"{question.item.value}:{question.source.value}" for question in items)


def questions_of(visit: Visit, citizen: Citizen, terms: Terms, shown: Identity | None) -> Questions:
    """What is asked in this visit about the holder that a portal shows."""
    named = shown is not None and terms.assurance is Assurance.IDENTITY
    questions = about_variant(citizen, shown) if shown is not None and named else about_login(citizen, shown)
    return replace(questions, by_leader=questions.by_leader or exhausted(visit, shown))


def confirmed(visit: Visit, jar: Jar, shown: Identity | None) -> bool:
    """True if a person confirmed in this visit exactly what a portal shows: in this jar, or by what it says itself."""
    return (jar, shown) in visit.confirmations or shown in visit.confirmed_people


def exhausted(visit: Visit, shown: Identity | None) -> bool:
    """Whether this visit has guessed often enough about a holder."""
    return visit.wrong_answers.get(shown, 0) >= TRIES


def outcome(
    questions: Questions, answers: Answers, citizen: Citizen | None, shown: Identity | None, *, leader: bool
) -> Outcome:
    """Compare everything typed. A leader may leave out what the citizen cannot answer, but no known birth date."""
    said = {question: _says(question, answers, citizen, shown) for question in questions.asked}
    missing = [question for question, right in said.items() if right is None]
    if questions.by_leader and not leader:
        return Outcome.LEADER_NEEDED
    if False in said.values():
        return Outcome.DIFFERS
    wanted = [question for question in missing if not leader or _is_known_birth(question)]
    return Outcome.INCOMPLETE if wanted else Outcome.AGREES


def answered(questions: Questions, answers: Answers) -> tuple[Question, ...]:
    """The questions that were answered, as the journal has them: kinds, never values."""
    return tuple(question for question in questions.asked if getattr(answers, question.item.value) is not None)


def read_number_end(typed: str) -> str:
    """Letters and digits in half width and upper case, without what stands between them."""
    return "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char.isalnum())


_ASKED_OF_ANYBODY = (Personal.READING, Personal.BIRTH_DATE)
"""What every citizen can answer, in the order in which it is asked of one of whom neither side knows it."""
_ORDER = (Personal.BIRTH_DATE, Personal.READING, Personal.NUMBER_END)


def _preferred(citizen: Citizen, shown: Identity) -> tuple[Personal, ...]:
    """A reading can be guessed from the name on the screen: where reception has a number, that goes first."""
    better = citizen.subject_id is not None and shown.subject_id is not None
    return (Personal.BIRTH_DATE, Personal.NUMBER_END, Personal.READING) if better else _ORDER


def _says(question: Question, answers: Answers, citizen: Citizen | None, shown: Identity | None) -> bool | None:
    typed: date | int | str | None = getattr(answers, question.item.value)
    side = shown if question.source is Source.PORTAL else citizen
    if typed is None or question.source is Source.NOBODY:
        return None if typed is None else True
    expected = None if side is None else _told(question.item, side, ())
    if question.item is Personal.READING:
        return bool(readings(str(typed)) & readings(str(expected)))
    return typed == expected


def _is_known_birth(question: Question) -> bool:
    birth = question.item in {Personal.BIRTH_DATE, Personal.BIRTH_YEAR}
    return birth and question.source is not Source.NOBODY


def _told(item: Personal, side: Citizen | Identity, displayed: tuple[str, ...]) -> date | int | str | None:
    """What one side says of an item; None where it says nothing, or a name on the screen says it."""
    match item:
        case Personal.BIRTH_DATE:
            return side.birth_date
        case Personal.BIRTH_YEAR:
            return None if side.birth_date is None else side.birth_date.year
        case Personal.READING:
            return None if any(map(readings, displayed)) else _legible(side.kana)
        case Personal.NUMBER_END:
            return _end(side.subject_id or "")


def _legible(kana: str | None) -> str | None:
    return kana if kana and readings(kana) and not any(map(hidden, fold(kana))) else None


def _end(subject_id: str) -> str | None:
    """Masked ends hide what would be compared, and a number of four is all end."""
    number = read_number_end(subject_id)
    masked = any(map(hidden, subject_id.strip()[-NUMBER_END:]))
    return number[-NUMBER_END:] if len(number) > NUMBER_END and not masked else None
