"""From what was seen to what must be mended, each with the exact lines of the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from guard.browser.farewell import said_of
from guard.core.clearance import Area, Finding
from guard.core.identity import Nobody
from guard.core.submission import RequestClass
from guard.trying.outline import toml
from guard.trying.places import literal, logout_step
from guard.trying.reading_mends import logged_in_mends, logged_out_mends
from guard.trying.trial import Mend, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.grammar import LogoutStep
    from guard.trying.trial import StepTaken, Trial


_BY_QUERY = """
# Its address has parameters. If other requests go to this path, too, name those that tell the login from them:
#query = { name = "value" }"""


def mends_of(trial: Trial) -> list[Mend]:
    """Everything that must be mended, in the order of the walk; empty of needed ones if the profile works."""
    mends = [
        *logged_out_mends(trial),
        *logged_in_mends(trial),
        *_session(trial),
        *_requests(trial),
        *_fields(trial),
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


# -- the session -------------------------------------------------------------------------------------


def _session(trial: Trial) -> Iterator[Mend]:
    session, look = trial.portal.session, trial.logged_in
    if session.browser_keeps:
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
    submitted = (one for one in undeclared if one.request_class is RequestClass.SUBMISSION)
    for method, path, has_query in sorted({(one.method, one.path, one.has_query) for one in submitted}):
        what = f"requests.login: {method} {path} was sent at login, and would be stopped as a submission"
        yield Mend(what=what, lines=_rule("login", method, path) + (_BY_QUERY if has_query else ""))
    yield from _too_wide(trial)
    if any(one.request_class is RequestClass.FOREIGN for one in trial.requests):
        yield Mend(what="origins: a form was sent to a site that no profile names; it would be stopped")
    for host in dict.fromkeys(trial.strange_hosts):
        what = f"origins: the site led to {host}, which no profile names; nobody gets there at the counter"
        yield Mend(what=what, lines=f"origins = {toml((*trial.portal.origins, f'https://{host}'))}")
    refused = {(step.method, step.path) for step in _refused(trial)}
    for step in trial.portal.logout.steps:
        is_last = step is trial.portal.logout.steps[-1]
        if (step.method, step.path) not in refused and not _goes_out(trial, step, is_last=is_last):
            what = f"requests.logout: {step.method} {step.path} logs out, and is no logout when people send it"
            yield Mend(what=what, lines=_rule("logout", step.method, step.path))


def _too_wide(trial: Trial) -> Iterator[Mend]:
    """A rule for a whole path, where the site may tell its requests apart by parameters: a submission could pass."""
    named = trial.portal.requests
    rules = {kind: getattr(named, kind.value) for kind in (RequestClass.LOGIN, RequestClass.HARMLESS)}
    used = (one for one in trial.requests if one.during is Task.USE and one.has_query and one.request_class in rules)
    for kind, method, path in dict.fromkeys((one.request_class, one.method, one.path) for one in used):
        if kind is not None and any(not rule.query and rule.covers(method, path, "") for rule in rules[kind]):
            what = f"requests.{kind.value}: {method} {path} has parameters, and the rule takes it whatever they are"
            yield Mend(what=f"{what}; if it can submit, add query", needed=False)


def _goes_out(trial: Trial, step: LogoutStep, *, is_last: bool) -> bool:
    """Whether people may send it themselves; on the way to the last step they may be harmless, or only read."""
    request_class = trial.portal.classify(step.method, *_path_and_query(step.path))
    return request_class is RequestClass.LOGOUT if is_last else request_class is not RequestClass.SUBMISSION


def _rule(kind: str, method: str, address: str) -> str:
    path, query = _path_and_query(address)
    named = "" if method == "POST" else f"\nmethod = {toml(method)}"
    parameters = f"\nquery = {toml(dict(parse_qsl(query, keep_blank_values=True)))}" if query else ""
    return f"[[requests.{kind}]]{named}\npath = {toml(literal(path))}{parameters}"


def _path_and_query(address: str) -> tuple[str, str]:
    path, _, query = address.partition("?")
    return path, query


def _refused(trial: Trial) -> list[StepTaken]:
    return [step for step in trial.steps if step.status is None or step.status >= 400]  # noqa: PLR2004  # HTTP


# -- the declared fields -------------------------------------------------------------------------------


def _fields(trial: Trial) -> Iterator[Mend]:
    """A field that a submission lacks may be one that the profile names wrongly: the counter would stop everybody."""
    sent = [one for one in trial.requests if one.submits]
    met = [(rule, [one for one in sent if one.meets(rule)]) for rule in trial.portal.fields]
    for rule, carriers in met:
        lacking = next((one for one in carriers if rule.name not in one.found), None)
        if lacking is None:
            continue
        if not rule.optional:
            what = f"fields: {rule.name} is not in {lacking.method} {lacking.path}, or is no {rule.body.value} field"
            yield Mend(what=f"{what} that can be read for certain; the counter would stop it. See name, body, charset")
        elif all(rule.name not in one.found for one in carriers):
            yield Mend(what=f"fields: {rule.name} was never sent to {rule.path}, and need not be", needed=False)
    for path in dict.fromkeys(rule.path for rule, carriers in met if not carriers):
        what = f"fields: nothing was submitted to {path}, so nobody knows whether its fields are read; use it in step 3"
        yield Mend(what=what, needed=False)


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
    if trial.portal.classify(method, *_path_and_query(path)) is not RequestClass.LOGOUT:
        lines += ["", *_rule("logout", method, path).splitlines()]
    return "\n".join(lines)
