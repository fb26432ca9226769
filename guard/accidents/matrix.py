"""The matrix: one row for each accident class, for the terminal and for README.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from rich.table import Table

from flows.accidents import Promise
from guard.errors import GuardError
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.accidents import Accident
    from guard.accidents.played import Found, Played

HEADINGS = (
    Words(ja="事故", en="accident"),
    Words(ja="出典", en="source"),
    Words(ja="ガードなし(台帳)", en="without the guard, by the books"),
    Words(ja="ガードあり", en="with the guard"),
    Words(ja="判定", en="verdict"),
)
_AS_MEANT = Words(ja="正しく記録", en="as meant")
_BROKEN = Words(ja="約束と違う", en="not as promised")
_KEPT = {
    Promise.CANNOT_ARISE: Words(ja="起こり得ない: ログインが残らない", en="cannot arise: no login is left to go on in"),
    Promise.LET_THROUGH: Words(ja="通す", en="let through"),
}
_BLOCK = re.compile(r"(<!-- guard accidents -->\n).*?(<!-- /guard accidents -->)", re.DOTALL)


def verdict(accident: Accident) -> Words:
    """What the class promises, in a word."""
    match accident.promise:
        case Promise.CANNOT_ARISE | Promise.STOPPED | Promise.SEALED:
            return Words(ja="防止", en="prevented")
        case Promise.LET_THROUGH:
            return Words(ja="正しく通す", en="rightly let through")
        case Promise.NOT_STOPPED:
            return Words(ja="防げない", en="open")
        case _:
            assert_never(accident.promise)


def row(played: Played) -> tuple[Words, str, Words, Words, Words]:
    """A row of the matrix, in the order of the headings."""
    accident = played.accident
    said = verdict(accident) if played.as_promised else _BROKEN
    without = _failed(played.unguarded) or played.unguarded.astray or _AS_MEANT
    return accident.name, accident.source, without, _failed(played.guarded) or _with(played), said


def table(played: Iterable[Played]) -> Table:
    """The matrix as the terminal shows it, in both languages."""
    drawn = Table(title="guard accidents", show_lines=True)
    for heading in HEADINGS:
        drawn.add_column(_both(heading), overflow="fold")
    for one in played:
        name, source, without, under, said = row(one)
        colour = "green" if one.as_promised else "red"
        drawn.add_row(
            f"{_both(name)}\n[dim]{one.accident.id}[/dim]",
            source,
            _both(without),
            _both(under),
            f"[{colour}]{_both(said)}[/{colour}]",
        )
    return drawn


def markdown(played: Iterable[Played]) -> str:
    """The matrix as README.md carries it."""
    lines = ["| " + " | ".join(heading.en for heading in HEADINGS) + " |", "|---" * len(HEADINGS) + "|"]
    for one in played:
        name, source, without, under, said = row(one)
        first = f"`{one.accident.id}`: {name.en}. {one.accident.what_happens.en}"
        lines.append(f"| {first} | {source} | {without.en} | {under.en} | {said.en} |")
    return "\n".join(lines) + "\n"


def put_into(text: str, played: Sequence[Played]) -> str:
    """The text with the matrix between its two marks. Raises GuardError if they are not there."""
    replaced, found = _BLOCK.subn(lambda block: block[1] + markdown(played) + block[2], text)
    if found != 1:
        raise GuardError(
            "the file has no place for the matrix", mend="Write <!-- guard accidents --> and <!-- /guard accidents -->."
        )
    return replaced


def rows_in(text: str) -> list[tuple[str, str]]:
    """Class and verdict of each row between the two marks."""
    block = _BLOCK.search(text)
    return [] if block is None else re.findall(r"^\| `([^`]+)`.*\| ([^|]+) \|$", block[0], re.MULTILINE)


def _failed(found: Found) -> Words | None:
    return Words(ja=found.broken, en=found.broken) if found.broken else None


def _with(played: Played) -> Words:
    done = played.guarded
    reasons = ", ".join(f"`{reason}`" for reason in done.reasons)
    match played.promise:
        case Promise.STOPPED:
            return Words(ja=f"停止({reasons})、その後正しく完了", en=f"stopped ({reasons}), then done properly")
        case Promise.SEALED:
            missing = ", ".join(f"`{area}`" for area in done.missing)
            return Words(
                ja=f"起こり得ない。リーダーの確認まで封鎖(証明できず: {missing})",
                en=f"cannot arise; sealed until a leader looked (not proved: {missing})",
            )
        case Promise.LET_THROUGH if reasons:
            return Words(ja=f"確認({reasons})の後に通す", en=f"let through once a person had confirmed it ({reasons})")
        case Promise.NOT_STOPPED if done.astray is not None:
            return Words(ja=f"止まらない: {done.astray.ja}", en=f"not stopped: {done.astray.en}")
        case None:
            return Words(ja=f"正しく完了しない {reasons}", en=f"not done as meant {reasons}")
        case kept:
            return _KEPT[kept]


def _both(words: Words) -> str:
    return words.ja if words.ja == words.en else f"{words.ja}\n{words.en}"
