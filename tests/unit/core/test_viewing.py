"""What people at the counter see of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guard.core.commands import LookAt, Stop
from guard.core.confirmation import Questions
from guard.core.counter import Counter
from guard.core.events import (
    BrowserReady,
    Confirmed,
    Ending,
    EndRequested,
    HandoverEnded,
    OpenRequested,
    ReleaseAnswered,
    SubmissionHeld,
    UnforeseenFault,
)
from guard.core.identity import Holder, Identity, Jar, Known, Obscurity
from guard.core.payload import FieldKind, Payload, Value
from guard.core.submission import Channel, RequestClass
from guard.core.verdict import Reason
from guard.core.view import CounterView, HolderState, Phase, PortalView, SealReason, SentView, StopView
from guard.core.viewing import view
from tests.unit.core.counters import (
    BY_PORTAL,
    BY_RECEPTION,
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
    Till,
    clearance,
    held,
    serving,
    sighted,
    submission,
)

ASKED_OF_A_LEADER = Questions(asked=BY_RECEPTION, by_leader=True)


def test_a_counter_that_starts_shows_nobody() -> None:
    """No visit, no portals, no names."""
    assert view(Counter(), TERMS) == CounterView(phase=Phase.STARTING, generation=0)


def test_every_portal_has_its_line_from_the_start_of_a_visit() -> None:
    """A portal that was not looked at says so."""
    shown = view(serving().counter, TERMS)
    assert (shown.citizen_name, shown.visit_id) == ("髙田 未央", "v1")
    assert [(line.portal, line.state) for line in shown.portals] == [
        ("point", HolderState.NOT_SEEN),
        ("nameless", HolderState.NOT_SEEN),
    ]


@pytest.mark.parametrize(
    ("holder", "line"),
    [
        (NOBODY, PortalView(portal="point", state=HolderState.NOBODY)),
        (MATCH, PortalView(portal="point", state=HolderState.AGREE, holder_name="髙田　未央")),
        (
            VARIANT,
            PortalView(portal="point", state=HolderState.VARIANT, holder_name="高田 未央", questions=ASKED_OF_A_LEADER),
        ),
        (SISTER, PortalView(portal="point", state=HolderState.SOMEONE_ELSE, holder_name="髙田 末央")),
        (DOWN, PortalView(portal="point", state=HolderState.UNREADABLE, why=Obscurity.UNREACHABLE)),
        (SOMEBODY, PortalView(portal="point", state=HolderState.UNREADABLE, why=Obscurity.NOT_UNDERSTOOD)),
        (
            MASKED,
            PortalView(
                portal="point", state=HolderState.UNREADABLE, holder_name="髙田 ●●", why=Obscurity.NOT_UNDERSTOOD
            ),
        ),
    ],
)
def test_the_ribbon_says_how_the_holder_relates_to_the_citizen(holder: Holder, line: PortalView) -> None:
    """The same comparison that decides."""
    till = serving()
    till.feed(sighted(holder))
    assert view(till.counter, TERMS).portals[0] == line


@pytest.mark.parametrize(
    ("holder", "state"),
    [
        (SOMEBODY, HolderState.NOT_BY_NAME),
        (GARBLED, HolderState.UNREADABLE),
        (MATCH, HolderState.NOT_BY_NAME),
        (SISTER, HolderState.SOMEONE_ELSE),
        (NOBODY, HolderState.NOBODY),
        (DOWN, HolderState.UNREADABLE),
    ],
)
def test_a_nameless_portal_never_claims_agreement(holder: Holder, state: HolderState) -> None:
    """Its assurance is provenance."""
    till = serving()
    till.feed(sighted(holder, jar=NAMELESS))
    assert view(till.counter, TERMS).portals[1].state is state


def test_a_confirmed_variant_agrees() -> None:
    """Nobody is asked twice."""
    till = serving()
    confirmed = Confirmed(jar=POINT, identity=VARIANT.identity, confirmed_by="S1", items=BY_PORTAL)
    till.feed(sighted(VARIANT), confirmed)
    assert view(till.counter, TERMS).portals[0].state is HolderState.AGREE


def test_what_was_seen_before_a_login_is_not_shown_after_it() -> None:
    """Where nothing is asked ahead of need, "nobody is logged in" would stand there all the while somebody is."""
    till = serving()
    till.feed(held(RequestClass.LOGIN), sighted(NOBODY))
    assert view(till.counter, TERMS).portals[0].state is HolderState.NOT_SEEN
    till.feed(sighted(MATCH, at=12.0))
    assert view(till.counter, TERMS).portals[0].state is HolderState.AGREE


def test_whom_the_portal_named_while_a_login_was_on_its_way_does_not_count() -> None:
    """The login takes effect when it is answered: until then the portal may name whoever was there before."""
    till = serving()
    login = held(RequestClass.LOGIN)
    till.feed(login, sighted(NOBODY, at=10.0), sighted(MATCH, at=10.1))
    till.feed(ReleaseAnswered(submission=login.submission, at=10.2))
    assert view(till.counter, TERMS).portals[0].state is HolderState.NOT_SEEN
    (look, _) = till.feed(held(name="r2", at=10.3))
    assert isinstance(look, LookAt)
    till.feed(sighted(SISTER, at=10.4))
    assert till.all(Stop)


def test_of_two_windows_the_alarming_one_is_shown() -> None:
    """An incognito window under the sister's login must not hide behind a good one."""
    till = serving()
    till.feed(sighted(SISTER, jar=Jar(portal="point", context="incognito")), sighted(MATCH))
    assert view(till.counter, TERMS).portals[0].state is HolderState.SOMEONE_ELSE


def test_a_stop_shows_whom_the_portal_named() -> None:
    """The overlay names both persons, and why the holder could not be read."""
    till = serving()
    till.feed(held(), sighted(SISTER), held(name="r2"), sighted(DOWN, at=11.0))
    assert view(till.counter, TERMS).stops == (
        StopView(submission_id="r1", portal="point", reason=Reason.SOMEONE_ELSE, holder_name="髙田 末央"),
        StopView(submission_id="r2", portal="point", reason=Reason.HOLDER_UNREADABLE, why=Obscurity.UNREACHABLE),
    )


def test_a_page_that_polls_does_not_fill_the_memory() -> None:
    """The newest stops are kept."""
    till = serving()
    for number in range(80):
        till.feed(held(name=f"r{number}"), sighted(SISTER))
    stops = view(till.counter, TERMS).stops
    assert len(stops) == 50
    assert stops[-1].submission_id == "r79"


READING = Known(identity=Identity(name="髙田　未央", kana="タカダ ミオ"))
NINE = datetime(2026, 4, 1, 9, tzinfo=UTC)


def test_what_was_sent_is_told_with_its_time_and_without_its_values() -> None:
    """The newest ten one by one, all of them by their number; logins are nothing that was sent."""
    till = Till()
    till.feed(BrowserReady(generation=1), OpenRequested(visit_id="v1", citizen=TANAKA, at=0.0, time=NINE))
    till.feed(held(RequestClass.LOGIN, name="in"), sighted(NOBODY))
    number = Value(kind=FieldKind.ACCOUNT_HOLDER, text="タカダ ミオ", name="meigi")
    for minute in range(12):
        at = 10.0 + 60 * minute
        one = submission(name=f"r{minute}", at=at)
        carried = Payload(values=(number,)) if minute == 11 else None
        one = replace(one, time=NINE + timedelta(minutes=minute), payload=carried)
        till.feed(SubmissionHeld(submission=one), sighted(READING, at=at))
    now = view(till.counter, TERMS)
    assert (now.opened_at, now.released, now.stops) == (NINE, 12, ())
    assert [one.submission_id for one in now.sent] == [f"r{minute}" for minute in range(2, 12)]
    assert now.sent[-1] == SentView(
        submission_id="r11",
        portal="point",
        channel=Channel.DOCUMENT,
        fields=((FieldKind.ACCOUNT_HOLDER, "meigi"),),
        time=NINE + timedelta(minutes=11),
    )
    assert "タカダ" not in repr(now.sent)


def test_what_could_not_be_sent_is_not_told_as_sent() -> None:
    """The journal took no entry: the release was taken back, and the page must not claim it."""
    till = serving()
    till.feed(held(name="r1"), sighted(MATCH), lost := held(name="r2", at=11.0), sighted(MATCH, at=11.0))
    till.feed(UnforeseenFault(where="journal", unsent=(lost.submission,)))
    now = view(till.counter, TERMS)
    assert [one.submission_id for one in now.sent] == ["r1"]
    assert now.released == 1


def test_after_the_handover_nothing_of_the_citizen_is_shown() -> None:
    """Name, stops and holders go with the visit; the clearance stays."""
    till = serving()
    till.feed(held(), sighted(SISTER), EndRequested(ending=Ending.DONE, at=20.0))
    till.feed(HandoverEnded(clearance=clearance(), generation=2))
    shown = view(till.counter, TERMS)
    assert replace(shown, checklist=None) == CounterView(phase=Phase.READY, generation=2, clearance=clearance())


def test_a_seal_shows_its_reason_and_place() -> None:
    """Never a lock that does not say why."""
    till = serving()
    till.feed(UnforeseenFault(where="gate: KeyError"))
    shown = view(till.counter, TERMS)
    assert (shown.seal, shown.seal_detail) == (SealReason.UNFORESEEN, "gate: KeyError")
