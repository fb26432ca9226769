"""The questions asked of a held submission, and `judge`, the one place where their answers become a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from guard.core.binding import citizen_at
from guard.core.card import agrees
from guard.core.confirmation import confirmed
from guard.core.household import compare
from guard.core.identity import Known, Nobody, Unclear
from guard.core.names import Agreement
from guard.core.payload import payload
from guard.core.submission import RequestClass
from guard.core.terms import Assurance
from guard.core.verdict import CheckName, CheckResult, Reason, Verdict
from guard.core.view import Phase

if TYPE_CHECKING:
    from guard.core.counter import Counter, Visit
    from guard.core.identity import Identity, Jar, Sighting
    from guard.core.submission import Submission
    from guard.core.terms import Terms


def judge(submission: Submission, counter: Counter, terms: Terms | None, sighting: Sighting | None = None) -> Verdict:
    """Answer a submission; without a sighting a login or a submission never passes.

    `terms` are those of the submission's portal, None for an origin that no profile names.
    """
    return Verdict(submission_id=submission.id, checks=_answers(submission, counter, terms, sighting))


def needs_sighting(submission: Submission, counter: Counter, terms: Terms | None) -> bool:
    """True if only the holder is still in question: whatever else could stop the submission does not."""
    match submission.request_class:
        case RequestClass.LOGOUT | RequestClass.FOREIGN | RequestClass.HARMLESS:
            return False
        case RequestClass.LOGIN:
            asked = [origin(submission, terms), visit(submission, counter), card(counter)]
        case RequestClass.SUBMISSION:
            asked = [
                origin(submission, terms),
                visit(submission, counter),
                provenance(submission, counter),
                card(counter),
                bound(counter),
            ]
        case _:
            assert_never(submission.request_class)
    return all(result.passed for result in asked)


def too_late(submission: Submission) -> Verdict:
    """Stop a submission whose holder was not read within the portal's deadline."""
    return _stopped(submission, CheckName.DEADLINE, Reason.TOO_LATE)


def not_read_back(submission: Submission) -> Verdict:
    """Stop a submission whose value the citizen has not read back in time."""
    return _stopped(submission, CheckName.PAYLOAD, Reason.NOT_READ_BACK)


def read_back_differs(submission: Submission) -> Verdict:
    """Stop a submission that carries something else than the citizen's own paper."""
    return _stopped(submission, CheckName.PAYLOAD, Reason.READ_BACK_DIFFERS)


def unforeseen(submission: Submission) -> Verdict:
    """Stop a submission that was waiting when something happened that nobody expected."""
    return _stopped(submission, CheckName.VISIT, Reason.UNFORESEEN)


def origin(submission: Submission, terms: Terms | None) -> CheckResult:
    """Pass only if a portal profile names the origin that is asked."""
    foreign = submission.request_class is RequestClass.FOREIGN or terms is None
    return CheckResult(check=CheckName.ORIGIN, reason=Reason.UNKNOWN_ORIGIN if foreign else None)


def visit(submission: Submission, counter: Counter) -> CheckResult:
    """Pass only in an open visit of an unsealed counter, from the browser of that visit."""
    return CheckResult(check=CheckName.VISIT, reason=_no_open_visit(submission, counter))


def provenance(submission: Submission, counter: Counter) -> CheckResult:
    """Pass only if the session that the request carries was not known before this visit."""
    leftover = submission.session in counter.earlier_sessions
    return CheckResult(check=CheckName.PROVENANCE, reason=Reason.LEFTOVER_SESSION if leftover else None)


def card(counter: Counter) -> CheckResult:
    """Pass only if the visit requires no card, or its card lies on the reader and was never away, but for staff's word.

    Asked before the identity: without the card no portal is asked, and the stop comes at once.
    """
    return CheckResult(check=CheckName.CARD, reason=_without_card(counter))


def bound(counter: Counter) -> CheckResult:
    """Pass only if the visit has a citizen: without one there is nobody to compare a holder with."""
    unbound = counter.visit is not None and counter.visit.citizen is None
    return CheckResult(check=CheckName.IDENTITY, reason=Reason.NOT_BOUND_YET if unbound else None)


def identity(visit: Visit, terms: Terms, sighting: Sighting | None) -> CheckResult:
    """Pass only if the portal's holder is the citizen served.

    VARIANT passes once a person confirmed exactly that identity in that jar; UNREADABLE never passes by itself.
    A portal without a readable name (assurance `provenance`) passes when a login was seen in this visit, a
    person confirmed the holder after it, and nothing that the portal shows names somebody else.
    """
    reason = Reason.HOLDER_UNREADABLE if sighting is None else _not_the_citizen(visit, terms, sighting)
    return CheckResult(check=CheckName.IDENTITY, reason=reason)


def identity_before_login(visit: Visit, terms: Terms, sighting: Sighting | None) -> CheckResult:
    """Pass only if nobody is logged in, or the citizen served: anybody else is a leftover.

    VARIANT passes without a confirmation: the login replaces the holder, and the next submission asks again.
    On a portal without a readable name somebody nameless passes only if this visit logged them in.
    """
    reason = Reason.HOLDER_UNREADABLE if sighting is None else _in_the_way_of_login(visit, terms, sighting)
    return CheckResult(check=CheckName.IDENTITY, reason=reason)


def same_session(submission: Submission, sighting: Sighting | None) -> CheckResult:
    """Pass only if the request carries the session that the sighting was made under."""
    same = sighting is not None and sighting.session is not None and sighting.session == submission.session
    return CheckResult(check=CheckName.SAME_SESSION, reason=None if same else Reason.SESSION_CHANGED)


def shown_by(sighting: Sighting | None) -> Identity | None:
    """Whom a portal named, if it named anybody."""
    return sighting.holder.identity if sighting is not None and isinstance(sighting.holder, Known) else None


def _answers(
    submission: Submission, counter: Counter, terms: Terms | None, sighting: Sighting | None
) -> tuple[CheckResult, ...]:
    request_class = submission.request_class
    if request_class is RequestClass.LOGOUT:  # at any time, by anybody: it can only end a session
        return (CheckResult(check=CheckName.ORIGIN),)
    if terms is None or request_class is RequestClass.FOREIGN:
        return (origin(submission, terms),)
    entry = visit(submission, counter)
    if counter.visit is None or not entry.passed:
        return (entry,)
    match request_class:
        case RequestClass.HARMLESS:
            return (entry,)
        case RequestClass.LOGIN:
            return entry, card(counter), identity_before_login(counter.visit, terms, sighting)
        case RequestClass.SUBMISSION:
            born_here = provenance(submission, counter)
            agreed = bound(counter)
            if agreed.passed:
                agreed = identity(counter.visit, terms, sighting)
            booked = payload(submission.payload, counter.visit, shown_by(sighting))
            return entry, born_here, card(counter), agreed, same_session(submission, sighting), booked
        case _:
            assert_never(request_class)


def _no_open_visit(submission: Submission, counter: Counter) -> Reason | None:
    if counter.phase is Phase.STARTING:  # there is no generation yet to be older than
        return Reason.NO_VISIT
    if submission.generation != counter.generation:
        return Reason.OLD_BROWSER
    match counter.phase:
        case Phase.READY:
            return Reason.NO_VISIT
        case Phase.CLOSING:
            return Reason.VISIT_CLOSING
        case Phase.SERVING:
            return Reason.NO_VISIT if counter.visit is None else Reason.SEALED if counter.seal else None
        case _:
            assert_never(counter.phase)


def _without_card(counter: Counter) -> Reason | None:
    required = None if counter.visit is None else counter.visit.card
    if agrees(required, counter.reader):
        return None
    return Reason.CARD_MISSING if required is None or required.gone is None else Reason.CARD_REMOVED


def _not_the_citizen(visit: Visit, terms: Terms, sighting: Sighting) -> Reason | None:
    match sighting.holder:
        case Nobody():
            return Reason.NOBODY_LOGGED_IN
        case Known(identity=shown):
            return _not_the_one_named(visit, terms, sighting.jar, shown)
        case Unclear():
            return Reason.HOLDER_UNREADABLE
        case _:
            assert_never(sighting.holder)


def _not_the_one_named(visit: Visit, terms: Terms, jar: Jar, shown: Identity | None) -> Reason | None:
    match _agreement(visit, jar, shown):
        case Agreement.MISMATCH:
            return Reason.SOMEONE_ELSE
        case _ if terms.assurance is Assurance.PROVENANCE:
            return _by_provenance(visit, jar, shown)
        case Agreement.MATCH:
            return None
        case Agreement.VARIANT:
            return None if confirmed(visit, jar, shown) else Reason.VARIANT_UNCONFIRMED
        case Agreement.UNREADABLE:
            return Reason.HOLDER_UNREADABLE


def _agreement(visit: Visit, jar: Jar, shown: Identity | None) -> Agreement:
    citizen = citizen_at(visit, jar.portal)
    return Agreement.UNREADABLE if shown is None or citizen is None else compare(citizen, shown, visit.shared)


def _by_provenance(visit: Visit, jar: Jar, shown: Identity | None) -> Reason | None:
    proved = jar in visit.logins and (jar, shown) in visit.confirmations  # whose word it is ends with the login
    return None if proved else Reason.HOLDER_BY_PROVENANCE_ONLY


def _in_the_way_of_login(visit: Visit, terms: Terms, sighting: Sighting) -> Reason | None:
    # Somebody whom the portal does not name: only a login of this very visit explains them.
    own_login = terms.assurance is Assurance.PROVENANCE and sighting.jar in visit.logins
    match sighting.holder:
        case Nobody():
            return None
        case Known(identity=shown):
            if visit.citizen is None:  # one login may take several requests; nothing else of the visit goes out
                return None if sighting.jar in visit.logins else Reason.NOT_BOUND_YET
            match _agreement(visit, sighting.jar, shown):
                case Agreement.MATCH | Agreement.VARIANT:
                    return None
                case Agreement.MISMATCH:
                    return Reason.SOMEONE_ELSE
                case Agreement.UNREADABLE:
                    return None if own_login else Reason.HOLDER_UNREADABLE
        case Unclear():
            return Reason.HOLDER_UNREADABLE
        case _:
            assert_never(sighting.holder)


def _stopped(submission: Submission, check: CheckName, reason: Reason) -> Verdict:
    return Verdict(submission_id=submission.id, checks=(CheckResult(check=check, reason=reason),))
