"""From what was seen to what must be mended, each with the exact lines of the profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.browser.farewell import said_of
from guard.core.clearance import Area, Finding
from guard.core.identity import Citizen, Identity, Nobody
from guard.core.names import Agreement, compare
from guard.core.submission import RequestClass
from guard.trying.found import FIELDS
from guard.trying.outline import toml
from guard.trying.places import guest_sign, literal, logout_step, name_place
from guard.trying.trial import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.trying.found import Match
    from guard.trying.trial import Look, StepTaken, Trial

_OK, _REDIRECT = 200, 300
_REFUSED = (401, 403)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mend:
    """One thing that is wrong, and the lines that put it right."""

    what: str
    lines: str = ""
    """Lines of TOML; empty where only a person can tell."""
    needed: bool = True
    """False for advice: the profile works without it."""


def mends_of(trial: Trial) -> list[Mend]:
    """Everything that must be mended, in the order of the walk; empty of needed ones if the profile works."""
    mends = [
        *_logged_out(trial),
        *_logged_in(trial),
        *_session(trial),
        *_requests(trial),
        *_logout(trial),
        *(Mend(what=f"the guard itself failed: {fault}") for fault in dict.fromkeys(trial.faults)),
    ]
    if not any(mend.needed for mend in mends) and not _holds(trial):
        mends.append(Mend(what=f"the profile does not hold: {said_of(trial.logged_in.holder)} after login"))
    return mends


def _holds(trial: Trial) -> bool:
    """Whether everything was seen that a working profile shows; what no mend foresees must not pass for working."""
    proved = bool(trial.proofs) and all(proof.finding is not Finding.NOT_PROVED for proof in trial.proofs)
    return isinstance(trial.logged_out.holder, Nobody) and trial.logged_in.known and proved


# -- the reading -------------------------------------------------------------------------------------


def _logged_out(trial: Trial) -> Iterator[Mend]:
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


def _logged_in(trial: Trial) -> Iterator[Mend]:
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


# -- the session -------------------------------------------------------------------------------------


def _session(trial: Trial) -> Iterator[Mend]:
    session, look = trial.portal.session, trial.logged_in
    if session.ends_with_browser:
        return
    came = look.changed(trial.logged_out)
    missing = [name for name in session.cookies if name not in look.cookies]
    if missing and len(missing) == len(session.cookies) and session.token is None:
        what = "session.cookies names no cookie that the site sets; these came or changed at login: "
        yield Mend(what=what + (", ".join(came) or "none"), lines=_cookies(trial.needed or tuple(came)))
    elif trial.enough is False:
        what = "session: what the profile names is not enough to be logged in"
        yield Mend(what=what, lines=_cookies(trial.needed or tuple(came)))
    elif missing:
        yield Mend(what=f"session.cookies: not set by this login: {', '.join(missing)}", needed=False)
    if session.token is not None and look.known and look.session is None:
        yield Mend(what=f"session.token: no request carried one in {session.token.header}; see header, prefix, storage")
    if look.rotated and not session.rotates:
        yield Mend(what="session: the site gives a new one with every answer", lines="[session]\nrotates = true")


def _cookies(names: tuple[str, ...]) -> str:
    return f"[session]\ncookies = {toml(names)}" if names else ""


# -- the requests ------------------------------------------------------------------------------------


def _requests(trial: Trial) -> Iterator[Mend]:
    undeclared = [one for one in trial.requests if one.during is Task.LOG_IN and not one.while_known]
    ways_in = {(one.method, one.path) for one in undeclared if one.request_class is RequestClass.SUBMISSION}
    for method, path in sorted(ways_in):
        what = f"requests.login: {method} {path} was sent at login, and would be stopped as a submission"
        yield Mend(what=what, lines=_rule("login", method, path))
    if any(one.request_class is RequestClass.FOREIGN for one in trial.requests):
        yield Mend(what="origins: a form was sent to a site that no profile names; it would be stopped")
    for host in dict.fromkeys(trial.strange_hosts):
        what = f"origins: the site led to {host}, which no profile names; nobody gets there at the counter"
        yield Mend(what=what, lines=f"origins = {toml((*trial.portal.origins, f'https://{host}'))}")
    refused = {(step.method, step.path) for step in _refused(trial)}
    for step in trial.portal.logout.steps:
        if (step.method, step.path) not in refused and not _logs_out(trial, step.method, step.path):
            what = f"requests.logout: {step.method} {step.path} logs out, and would be held when people send it"
            yield Mend(what=what, lines=_rule("logout", step.method, step.path))


def _logs_out(trial: Trial, method: str, path: str) -> bool:
    return trial.portal.classify(method, path) is RequestClass.LOGOUT


def _refused(trial: Trial) -> list[StepTaken]:
    return [step for step in trial.steps if step.status is None or step.status >= 400]  # noqa: PLR2004  # HTTP


def _rule(kind: str, method: str, path: str) -> str:
    named = "" if method == "POST" else f"\nmethod = {toml(method)}"
    return f"[[requests.{kind}]]{named}\npath = {toml(literal(path))}"


# -- the logout --------------------------------------------------------------------------------------


def _logout(trial: Trial) -> Iterator[Mend]:
    failed, offered = _refused(trial), _offered(trial)
    if failed:
        yield Mend(what=f"logout.steps: {_said(failed[0])}", lines=offered)
    for proof in trial.proofs:
        if proof.finding is not Finding.NOT_PROVED:
            continue
        if proof.area is Area.SESSION_DEAD and "still alive" in proof.detail and not failed:
            yield _lives_on(trial, offered)
        elif not failed or proof.area is Area.SESSION_DEAD:
            yield Mend(what=f"logout: {proof.detail}", lines=offered if trial.afterwards.known and not failed else "")
    died = any(proof.area is Area.SESSION_DEAD and proof.finding is Finding.PROVED for proof in trial.proofs)
    if died and trial.steps and not trial.portal.logout.kills_session:
        yield Mend(what="logout: the old session died, so no fault need be declared",
                   lines="[logout]\nkills_session = true", needed=False)  # fmt: skip


def _lives_on(trial: Trial, offered: str) -> Mend:
    if not isinstance(trial.afterwards.holder, Nobody):
        return Mend(what="logout.steps: somebody is logged in afterwards", lines=offered)
    what = "logout: the old session is still alive on the server after the logout. Have the site mended; until then"
    return Mend(what=f"{what} the fault must be declared, and stands in every clearance",
                lines="[logout]\nkills_session = false")  # fmt: skip


def _said(step: StepTaken) -> str:
    return f"{step.method} {step.path} is answered with {step.status or 'nothing'}"


def _offered(trial: Trial) -> str:
    """The logout that the page itself offers, with the rule that lets people send it."""
    answer = trial.logged_in.answer
    step = logout_step(answer, trial.portal.holder.path) if answer is not None else None
    if step is None:
        return ""
    method, path = str(step["method"]), str(step["path"])
    lines = [
        "# in place of the steps that stand there:",
        "[[logout.steps]]",
        *(f"{key} = {toml(value)}" for key, value in step.items()),
    ]
    if not _logs_out(trial, method, path):
        lines += ["", *_rule("logout", method, path).splitlines()]
    return "\n".join(lines)
