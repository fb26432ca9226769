"""Which submission goes out: every check, and the verdict that they make together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guard.core.checks import judge, needs_sighting, too_late, unforeseen
from guard.core.counter import Counter, Seal, Visit
from guard.core.household import Shared
from guard.core.identity import Holder, Identity, Known
from guard.core.submission import RequestClass
from guard.core.verdict import CheckName, Reason
from guard.core.view import Phase, SealReason
from tests.unit.core.counters import (
    DOWN,
    GARBLED,
    MASKED,
    MATCH,
    NAMELESS,
    NOBODY,
    POINT,
    SISTER,
    SOMEBODY,
    TANAKA,
    TERMS,
    VARIANT,
    sighting,
    submission,
)

VISIT = Visit(id="v1", citizen=TANAKA, opened_at=0.0)
SERVING = Counter(phase=Phase.SERVING, generation=1, visit=VISIT)
SEALED = Seal(reason=SealReason.UNFORESEEN)
ALL_BUT_LOGOUT = [one for one in RequestClass if one not in {RequestClass.LOGOUT, RequestClass.FOREIGN}]


def reason(
    counter: Counter, holder: Holder | None, request_class: RequestClass = RequestClass.SUBMISSION
) -> Reason | None:
    seen = None if holder is None else sighting(holder)
    return judge(submission(request_class), counter, TERMS["point"], seen).reason


@pytest.mark.parametrize(
    "counter",
    [
        Counter(),
        Counter(phase=Phase.READY, generation=1),
        Counter(phase=Phase.CLOSING, generation=2),
        replace(SERVING, seal=SEALED),
    ],
)
def test_a_logout_always_goes_through(counter: Counter) -> None:
    """It can only end a session; nothing that seals a counter may keep a session alive."""
    assert reason(counter, None, RequestClass.LOGOUT) is None


@pytest.mark.parametrize("request_class", ALL_BUT_LOGOUT)
@pytest.mark.parametrize(
    ("counter", "expected"),
    [
        (Counter(), Reason.NO_VISIT),
        (Counter(phase=Phase.READY, generation=1), Reason.NO_VISIT),
        (Counter(phase=Phase.READY, generation=2), Reason.OLD_BROWSER),
        (Counter(phase=Phase.CLOSING, generation=1, visit=VISIT), Reason.VISIT_CLOSING),
        (Counter(phase=Phase.SERVING, generation=2, visit=VISIT), Reason.OLD_BROWSER),
        (replace(SERVING, seal=SEALED), Reason.SEALED),
    ],
)
def test_nothing_else_goes_through_outside_an_open_visit(
    counter: Counter, expected: Reason, request_class: RequestClass
) -> None:
    """Whoever is logged in: without a visit there is nobody to compare with."""
    assert reason(counter, MATCH, request_class) is expected


def test_an_origin_that_no_profile_names_gets_nothing() -> None:
    """Also where the gate calls it a submission and only the profile is missing."""
    foreign = submission(RequestClass.FOREIGN)
    assert judge(foreign, SERVING, TERMS["point"], sighting(MATCH)).reason is Reason.UNKNOWN_ORIGIN
    assert judge(submission(), SERVING, None, sighting(MATCH)).reason is Reason.UNKNOWN_ORIGIN


def test_a_harmless_request_asks_for_an_open_visit_alone() -> None:
    """Search and keep-alive do not wait for the portal's answer about the holder."""
    assert reason(SERVING, None, RequestClass.HARMLESS) is None


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        (MATCH, None),
        (VARIANT, Reason.VARIANT_UNCONFIRMED),
        (SISTER, Reason.SOMEONE_ELSE),
        (MASKED, Reason.HOLDER_UNREADABLE),
        (SOMEBODY, Reason.HOLDER_UNREADABLE),
        (NOBODY, Reason.NOBODY_LOGGED_IN),
        (GARBLED, Reason.HOLDER_UNREADABLE),
        (DOWN, Reason.HOLDER_UNREADABLE),
        (None, Reason.HOLDER_UNREADABLE),
    ],
)
def test_a_submission_goes_out_only_under_the_citizen_served(holder: Holder | None, expected: Reason | None) -> None:
    """The one sentence of the guard."""
    assert reason(SERVING, holder) is expected


def test_a_variant_goes_out_after_a_person_confirmed_exactly_it() -> None:
    """What was confirmed in another jar, or of another identity, counts for nothing."""
    assert isinstance(VARIANT, Known)
    for confirmation, expected in (
        ((POINT, VARIANT.identity), None),
        ((POINT, MATCH.identity), Reason.VARIANT_UNCONFIRMED),
        ((NAMELESS, VARIANT.identity), Reason.VARIANT_UNCONFIRMED),
        ((POINT, None), Reason.VARIANT_UNCONFIRMED),
    ):
        confirmed = replace(VISIT, confirmations=frozenset({confirmation}))
        assert reason(replace(SERVING, visit=confirmed), VARIANT) is expected


def test_a_confirmation_never_covers_somebody_else_or_nothing() -> None:
    """Typing two items cannot turn the sister into the citizen."""
    every = frozenset({(POINT, SISTER.identity), (POINT, MASKED.identity), (POINT, None)})
    counter = replace(SERVING, visit=replace(VISIT, confirmations=every, logins=frozenset({POINT})))
    assert reason(counter, SISTER) is Reason.SOMEONE_ELSE
    assert reason(counter, MASKED) is Reason.HOLDER_UNREADABLE
    assert reason(counter, NOBODY) is Reason.NOBODY_LOGGED_IN


@pytest.mark.parametrize(
    ("holder", "login", "confirmed", "expected"),
    [
        (SOMEBODY, True, True, None),
        (SOMEBODY, True, False, Reason.HOLDER_BY_PROVENANCE_ONLY),
        (SOMEBODY, False, True, Reason.HOLDER_BY_PROVENANCE_ONLY),
        (GARBLED, True, True, Reason.HOLDER_UNREADABLE),
        (DOWN, True, True, Reason.HOLDER_UNREADABLE),
        (NOBODY, True, True, Reason.NOBODY_LOGGED_IN),
        (SISTER, True, True, Reason.SOMEONE_ELSE),
    ],
)
def test_a_nameless_portal_needs_a_login_of_this_visit_and_a_typed_check(
    holder: Holder,
    login: bool,  # noqa: FBT001 (table)
    confirmed: bool,  # noqa: FBT001 (table)
    expected: Reason | None,
) -> None:
    """Assurance by provenance: and nothing that the portal shows may name somebody else."""
    visit = replace(
        VISIT,
        logins=frozenset({NAMELESS} if login else ()),
        confirmations=frozenset({(NAMELESS, None)} if confirmed else ()),
    )
    verdict = judge(
        submission(jar=NAMELESS), replace(SERVING, visit=visit), TERMS["nameless"], sighting(holder, jar=NAMELESS)
    )
    assert verdict.reason is expected


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        (NOBODY, None),
        (MATCH, None),
        (VARIANT, None),
        (SISTER, Reason.SOMEONE_ELSE),
        (MASKED, Reason.HOLDER_UNREADABLE),
        (SOMEBODY, Reason.HOLDER_UNREADABLE),
        (GARBLED, Reason.HOLDER_UNREADABLE),
        (DOWN, Reason.HOLDER_UNREADABLE),
        (None, Reason.HOLDER_UNREADABLE),
    ],
)
def test_nobody_logs_in_over_somebody_else(holder: Holder | None, expected: Reason | None) -> None:
    """The person who is still logged in is a leftover, and has to be logged out first."""
    assert reason(SERVING, holder, RequestClass.LOGIN) is expected


@pytest.mark.parametrize("holder", [SOMEBODY, MASKED])
def test_a_second_login_at_a_nameless_portal_follows_the_first_of_the_visit(holder: Holder) -> None:
    """Somebody nameless is explained by a login of this visit, and by nothing else."""
    login, seen = submission(RequestClass.LOGIN, jar=NAMELESS), sighting(holder, jar=NAMELESS)
    assert judge(login, SERVING, TERMS["nameless"], seen).reason is Reason.HOLDER_UNREADABLE
    own = replace(SERVING, visit=replace(VISIT, logins=frozenset({NAMELESS})))
    assert judge(login, own, TERMS["nameless"], seen).passed


def test_a_session_known_from_an_earlier_visit_is_a_leftover() -> None:
    """Even if the portal now names the citizen served."""
    assert reason(replace(SERVING, earlier_sessions=frozenset({"s1"})), MATCH) is Reason.LEFTOVER_SESSION


@pytest.mark.parametrize(("carried", "seen"), [("s1", "s2"), ("s1", None), (None, "s1"), (None, None)])
def test_the_request_carries_the_session_that_was_sighted(carried: str | None, seen: str | None) -> None:
    """No session is no agreement either."""
    verdict = judge(submission(session=carried), SERVING, TERMS["point"], sighting(MATCH, session=seen))
    assert verdict.reason is Reason.SESSION_CHANGED


def test_a_pass_names_every_check_in_its_order() -> None:
    """The verdict is the evidence that all were asked."""
    verdict = judge(submission(), SERVING, TERMS["point"], sighting(MATCH))
    asked = [CheckName.VISIT, CheckName.PROVENANCE, CheckName.CARD, CheckName.IDENTITY, CheckName.SAME_SESSION]
    asked.append(CheckName.PAYLOAD)
    assert verdict.passed
    assert [result.check for result in verdict.checks] == asked


def test_the_portal_is_asked_only_when_nothing_else_stops() -> None:
    """A leftover, a sealed counter or a foreign origin need no look."""
    terms = TERMS["point"]
    asked = {one: needs_sighting(submission(one), SERVING, terms) for one in RequestClass}
    assert [one for one, needed in asked.items() if needed] == [RequestClass.LOGIN, RequestClass.SUBMISSION]
    assert not needs_sighting(submission(), replace(SERVING, seal=SEALED), terms)
    assert not needs_sighting(submission(), replace(SERVING, earlier_sessions=frozenset({"s1"})), terms)
    assert not needs_sighting(submission(), SERVING, None)


def test_time_running_out_and_faults_stop() -> None:
    """Both verdicts exist only as stops."""
    assert too_late(submission()).reason is Reason.TOO_LATE
    assert unforeseen(submission()).reason is Reason.UNFORESEEN


def test_in_a_family_a_name_without_a_birth_date_is_confirmed_by_a_person() -> None:
    """The surname was served within the hour: name and birth date must both agree for a submission to go by itself."""
    family = replace(SERVING, visit=replace(VISIT, shared=frozenset({Shared.SURNAME})))
    assert isinstance(MATCH, Known)
    assert reason(family, MATCH) is Reason.VARIANT_UNCONFIRMED
    dated = Known(identity=Identity(name="髙田 未央", birth_date=TANAKA.birth_date))
    assert reason(family, dated) is None
    confirmed = replace(VISIT, shared=frozenset({Shared.SURNAME}), confirmations=frozenset({(POINT, MATCH.identity)}))
    assert reason(replace(family, visit=confirmed), MATCH) is None
