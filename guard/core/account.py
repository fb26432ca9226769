"""Names on bank accounts: whether an account is in the name of a person, by the kana that banks write.

Banks keep names in half-width kana, small kana written large, long vowels as a dash, marks of voice as characters of
their own, or in Latin letters; a few forms ask for kanji. So ｼﾖｳｺ, ショウコ and シヨウコ are one name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.core.folding import fold, hidden, is_kana, latin_parts, readings
from guard.core.names import Agreement, one_name

if TYPE_CHECKING:
    from guard.core.identity import Citizen


def account_agreement(person: Citizen, account_holder: str, shown_kana: str | None = None) -> Agreement:
    """Tell whether an account is in this person's name; `shown_kana` is the reading that a portal shows of them.

    MATCH: the name as written, or the sound of a known reading. MISMATCH: neither, where they could be compared.
    VARIANT and UNREADABLE: forms of one name, or nothing to compare with; the citizen types the name again.
    """
    theirs = fold(account_holder)
    if any(map(hidden, theirs)):
        return Agreement.UNREADABLE
    named = _by_name(person, account_holder)
    if named is Agreement.MATCH or not is_kana(theirs):
        return named
    return _by_sound(account_holder, (person.name, person.kana, shown_kana, *person.aliases))


def same_account_name(one: str, other: str) -> bool:
    """Whether two writings of an account's holder are one name to a bank."""
    if readings(one) and readings(other):
        return bool(readings(one) & readings(other))
    return one_name(one, other, sure=False) is Agreement.MATCH


def _by_name(person: Citizen, account_holder: str) -> Agreement:
    """As written: kanji with kanji, Latin with Latin; two scripts cannot be compared."""
    alike = [name for name in (person.name, *person.aliases) if _script(name) == _script(account_holder)]
    found = {one_name(name, account_holder, sure=False) for name in alike}
    best = (Agreement.MATCH, Agreement.VARIANT, Agreement.UNREADABLE, Agreement.MISMATCH)
    return next((answer for answer in best if answer in found), Agreement.UNREADABLE)


def _by_sound(account_holder: str, known: tuple[str | None, ...]) -> Agreement:
    theirs = readings(account_holder)
    told = [mine for one in known if one and (mine := readings(one)) and not any(map(hidden, one))]
    if not told:
        return Agreement.UNREADABLE
    return Agreement.MATCH if any(mine & theirs for mine in told) else Agreement.MISMATCH


def _script(name: str) -> str:
    if is_kana(fold(name)):
        return "kana"
    return "latin" if latin_parts(name) else "kanji"
