"""What must be mended in how a profile reads who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.core.identity import Citizen, Identity, Nobody
from guard.core.names import Agreement, compare
from guard.trying.found import FIELDS
from guard.trying.outline import toml
from guard.trying.places import guest_sign, name_place
from guard.trying.trial import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.trying.found import Match
    from guard.trying.trial import Look, Trial

_OK, _REDIRECT = 200, 300
_REFUSED = (401, 403)


def logged_out_mends(trial: Trial) -> Iterator[Mend]:
    """That nobody is logged in must be told by a sign."""
    look, reading = trial.logged_out, trial.portal.holder
    if isinstance(look.holder, Nobody):
        return
    if look.known:
        yield Mend(what="holder: somebody is read although nobody is logged in; name another place, or a guest sign")
    wrong = _wrong_answer(trial, look)
    if wrong is not None:
        yield wrong
    elif look.answer is not None:
        sign = guest_sign(look.answer)
        what = f"holder.guest: {reading.guest!r} is not seen once while nobody is logged in"
        yield Mend(what=what, lines=f"[holder]\nguest = {toml(sign)}" if sign else "")


def _wrong_answer(trial: Trial, look: Look) -> Mend | None:
    """An answer that cannot be read at all."""
    path, reading = trial.portal.holder.path, trial.portal.holder.reading
    if look.answer is None:
        return Mend(what=f"holder.path: no answer came from {trial.portal.origin}{path}")
    if look.answer.status in _REFUSED:
        what = f"holder: the site refuses with status {look.answer.status} whoever is not logged in"
        return Mend(what=what, lines=f"[holder]\nguest_status = {look.answer.status}")
    if look.answer.status == _REDIRECT:
        what = f"holder: {path} redirects, and the profile does not follow"
        return Mend(what=what, lines="[holder]\nfollow_redirects = true")
    if look.answer.status != _OK:
        return Mend(what=f"holder.path: {path} answers with status {look.answer.status}; name one that says who it is")
    kind = "json" if "json" in look.answer.content_type else "html"
    if reading not in {kind, "claims"}:
        what = f"holder.reading: the answer is {look.answer.content_type or 'of no kind'}"
        return Mend(what=what, lines=f"[holder]\nreading = {toml(kind)}")
    return None


def logged_in_mends(trial: Trial) -> Iterator[Mend]:
    """That somebody is must be told too, and who."""
    look = trial.logged_in
    if look.known:
        yield from _half_read(trial)
        return
    wrong = _wrong_answer(trial, look)
    if wrong is not None:
        yield wrong
    elif isinstance(look.holder, Nobody) and not look.changed(trial.logged_out):
        yield Mend(what="nobody is logged in, and no cookie changed: log in in the window before pressing Enter")
    elif isinstance(look.holder, Nobody):
        yield Mend(what=f"holder.guest: {trial.portal.holder.guest!r} is seen although somebody is logged in")
    else:
        yield from (_misread(trial, match) for match in look.matches if match.key in FIELDS and not match.text)


def _half_read(trial: Trial) -> Iterator[Mend]:
    """The holder is known by another field; what is configured and not read is advice."""
    for match in trial.logged_in.matches:
        if match.key == "name" and match.text and trial.shown_name and not _same(match.text, trial.shown_name):
            what = f"holder.name: {match.select!r} reads another text than the name that you gave"
            yield Mend(what=what, lines=_name_lines(trial, match))
        elif match.key in FIELDS and not match.text:
            mend = _misread(trial, match)
            yield Mend(what=mend.what, lines=mend.lines, needed=match.key == "name")


def _same(read: str, shown: str) -> bool:
    return compare(Citizen(name=shown), Identity(name=read)) is Agreement.MATCH


def _misread(trial: Trial, match: Match) -> Mend:
    found = f"{match.times} thing(s), and is not one short text" if match.times else "nothing"
    return Mend(what=f"holder.{match.key}: {match.select!r} matches {found}", lines=_name_lines(trial, match))


def _name_lines(trial: Trial, match: Match) -> str:
    """Where the name that the person gave does stand."""
    answer = trial.logged_in.answer
    place = name_place(answer, trial.shown_name) if match.key == "name" and answer and trial.shown_name else None
    return f"[holder]\nname = {toml(place)}" if place else ""
