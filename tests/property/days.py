"""Days at a counter, made up by hypothesis: one mostly legal, one hostile, both under the same oracle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from guard.core import commands as c
from guard.core import events as e
from guard.core import machine
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.counter import Counter
from guard.core.identity import Holder, Identity, Jar, Known, Nobody, Obscurity, Sighting, Unclear
from guard.core.submission import Channel, RequestClass, Submission
from guard.core.view import Phase, view
from tests.property.oracle import SATO, SHOWN, TAKAHASHI, TERMS, Oracle, promise

JARS = (
    Jar(portal="point", context="window"),
    Jar(portal="nameless", context="window"),
    Jar(portal="mypage", context="window"),
    Jar(portal="point", context="incognito"),
)
HOLDERS: tuple[Holder, ...] = (
    *(Known(identity=shown) for shown in SHOWN),
    Nobody(),
    Unclear(why=Obscurity.NOT_UNDERSTOOD),
    Unclear(why=Obscurity.TIMEOUT),
)
jars = st.sampled_from(JARS + JARS[:2])
holders = st.sampled_from(HOLDERS)
citizens = st.sampled_from((SATO, TAKAHASHI))
classes = st.sampled_from((*RequestClass, RequestClass.SUBMISSION, RequestClass.SUBMISSION, RequestClass.LOGIN))
seconds = st.sampled_from((0.0, 0.1, 1.0, 3.0, 6.0, 20.0))


def clearance(generation: int, visit_id: str | None, *, clean: bool) -> Clearance:
    finding = Finding.PROVED if clean else Finding.NOT_PROVED
    proofs = (Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED), Proof(area=Area.LOGGED_OUT, finding=finding))
    return Clearance(visit_id=visit_id, generation=generation, proofs=proofs)


class Day(RuleBasedStateMachine):
    """A counter, its oracle, and a clock; the driver's rule is kept: an exception becomes a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.counter, self.oracle = Counter(), Oracle()
        self.now, self.count = 100.0, 0

    def feed(self, event: e.Event) -> tuple[c.Command, ...]:
        try:
            self.counter, out = machine.step(self.counter, event, TERMS)
        except machine.IllegalEvent:
            fault = e.UnforeseenFault(where="driver")
            self.counter, out = machine.step(self.counter, fault, TERMS)
            self.oracle.watch(fault, out)
            return out
        self.oracle.watch(event, out)
        return out

    def submission(self, jar: Jar, request_class: RequestClass, session: str | None) -> Submission:
        self.count += 1
        return Submission(
            id=f"r{self.count}",
            jar=jar,
            request_class=request_class,
            channel=Channel.FETCH,
            method="POST",
            path="/",
            session=session,
            generation=self.oracle.generation,
            held_at=self.now,
        )

    def sighting(self, jar: Jar, holder: Holder, session: str | None, ago: float = 0.0) -> e.HolderSighted:
        generation = self.oracle.generation
        seen = Sighting(jar=jar, holder=holder, session=session, generation=generation, taken_at=self.now - ago)
        return e.HolderSighted(sighting=seen)

    @invariant()
    def the_view_tells_the_seal(self) -> None:
        """Staff see whether the counter is sealed, and exactly then."""
        shown = view(self.counter, TERMS)
        promise((shown.seal is not None) == self.oracle.sealed, "seal and view differ: lost, or set without cause")
        serving = shown.phase is Phase.SERVING
        promise(serving == (self.oracle.visit is not None and not self.oracle.closing), "phase and books differ")


class LegalDay(Day):
    """What staff, browsers and portals do on an ordinary day, with ordinary accidents."""

    def key(self, which: str) -> str:
        """A session key of this visit; only leftovers come from earlier ones."""
        return f"{self.oracle.visit.id if self.oracle.visit else 'none'}-{which}"

    @initialize(unfinished=st.sampled_from((None, None, None, "v-old")))
    def morning(self, unfinished: str | None) -> None:
        self.feed(e.BrowserReady(generation=1, unfinished_visit=unfinished))

    @rule(by=seconds)
    def time_passes(self, by: float) -> None:
        self.now += by

    @precondition(lambda self: self.oracle.cleared)
    @rule(citizen=citizens)
    def open(self, citizen: Any) -> None:  # Citizen; hypothesis resolves annotations at run time
        self.count += 1
        self.feed(e.OpenRequested(visit_id=f"v{self.count}", citizen=citizen, at=self.now))

    @precondition(lambda self: self.oracle.cleared and self.oracle.sealed)
    @rule()
    def leader_lifts(self) -> None:
        self.feed(e.LiftRequested(leader="L1"))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, request_class=classes, which=st.sampled_from("aab"))
    def hold(self, jar: Jar, request_class: RequestClass, which: str) -> None:
        self.feed(e.SubmissionHeld(submission=self.submission(jar, request_class, self.key(which))))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing and self.oracle.earlier)
    @rule(data=st.data(), jar=jars)
    def leftover(self, data: st.DataObject, jar: Jar) -> None:
        """A page of an earlier citizen comes back to life and submits; the portal names the citizen of now."""
        session = data.draw(st.sampled_from(sorted(self.oracle.earlier)))
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, session)))
        self.feed(self.sighting(jar, self.right_holder(), session))

    @precondition(lambda self: self.oracle.held)
    @rule(data=st.data(), holder=holders, which=st.sampled_from("aab"), ago=st.sampled_from((0.0, 0.0, 2.0)))
    def sentinel_answers(self, data: st.DataObject, holder: Holder, which: str, ago: float) -> None:
        jar = self.oracle.held[data.draw(st.sampled_from(sorted(self.oracle.held)))].jar
        self.feed(self.sighting(jar, holder, self.key(which), ago))

    @precondition(lambda self: self.oracle.visit)
    @rule(jar=jars, holder=holders, which=st.sampled_from("ab"), ago=st.sampled_from((0.0, 2.0)))
    def sentinel_looks_ahead(self, jar: Jar, holder: Holder, which: str, ago: float) -> None:
        self.feed(e.HolderMayHaveChanged(jar=jar, generation=self.oracle.generation, at=self.now))
        self.feed(self.sighting(jar, holder, self.key(which), ago))

    def right_holder(self) -> Holder:
        assert self.oracle.visit
        return Known(identity=SHOWN[0] if self.oracle.visit.citizen is SATO else SHOWN[2])

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, times=st.integers(1, 3), wait=seconds)
    def citizen_submits(self, jar: Jar, times: int, wait: float) -> None:
        """The ordinary case, in a row, each with a look if one is asked for."""
        for _ in range(times):
            held = self.submission(jar, RequestClass.SUBMISSION, self.key("a"))
            if any(isinstance(one, c.LookAt) for one in self.feed(e.SubmissionHeld(submission=held))):
                self.feed(self.sighting(jar, self.right_holder(), self.key("a")))
            self.feed(self.sighting(jar, self.right_holder(), self.key("a")))
            self.now += wait

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, confirm=st.sampled_from(("before", "after", "never")), shown=st.sampled_from((None, *SHOWN[1:4])))
    def citizen_logs_in(self, jar: Jar, confirm: str, shown: Identity | None) -> None:
        """A login over nobody, a typed check before it, after it or not at all, and a submission."""
        confirmed = e.Confirmed(jar=jar, identity=shown, confirmed_by="S1")
        if confirm == "before":
            self.feed(confirmed)
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.LOGIN, self.key("a"))))
        self.feed(self.sighting(jar, Nobody(), self.key("a")))
        if confirm == "after":
            self.feed(confirmed)
        holder = Unclear(why=Obscurity.NOT_UNDERSTOOD) if shown is None else Known(identity=shown)
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, self.key("a"))))
        self.feed(self.sighting(jar, holder, self.key("a")))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, other=jars, request_class=st.sampled_from((RequestClass.LOGIN, RequestClass.LOGOUT)))
    def holder_changes_behind(self, jar: Jar, other: Jar, request_class: RequestClass) -> None:
        """A good sighting, then a login or logout in the same or another portal, then a submission at once."""
        self.feed(self.sighting(other, self.right_holder(), self.key("a")))
        self.feed(e.SubmissionHeld(submission=self.submission(jar, request_class, self.key("a"))))
        self.feed(self.sighting(jar, Nobody() if jar != other else self.right_holder(), self.key("a")))
        self.feed(e.SubmissionHeld(submission=self.submission(other, RequestClass.SUBMISSION, self.key("a"))))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, shown=st.sampled_from((None, *SHOWN)))
    def person_confirms(self, jar: Jar, shown: Identity | None) -> None:
        self.feed(e.Confirmed(jar=jar, identity=shown, confirmed_by="S1"))

    @precondition(lambda self: self.oracle.held)
    @rule(data=st.data(), how=st.sampled_from((e.SubmissionWithdrawn, e.DeadlinePassed)))
    def waits_in_vain(self, data: st.DataObject, how: Any) -> None:
        self.feed(how(submission_id=data.draw(st.sampled_from(sorted(self.oracle.held)))))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(ending=st.sampled_from(e.Ending))
    def staff_end(self, ending: e.Ending) -> None:
        self.feed(e.EndRequested(ending=ending, at=self.now))

    @precondition(lambda self: (self.oracle.visit or self.oracle.cleared) and not self.oracle.closing)
    @rule(by_staff=st.booleans())
    def browser_goes(self, by_staff: bool) -> None:  # noqa: FBT001 (drawn)
        self.feed(e.BrowserLost(generation=self.oracle.generation, by_staff=by_staff, at=self.now))

    @precondition(lambda self: self.oracle.closing)
    @rule(clean=st.sampled_from((True, True, True, False)))
    def handover_ends(self, clean: bool) -> None:  # noqa: FBT001 (drawn)
        old, visit_id = self.oracle.generation, self.oracle.visit.id if self.oracle.visit else None
        self.feed(e.HandoverEnded(clearance=clearance(old, visit_id, clean=clean), generation=old + 1))

    @rule(request_class=st.sampled_from(RequestClass), jar=jars)
    def page_acts_outside_its_time(self, request_class: RequestClass, jar: Jar) -> None:
        """A submission of the browser before this one."""
        late = replace(self.submission(jar, request_class, "old"), generation=self.oracle.generation - 1)
        self.feed(e.SubmissionHeld(submission=late))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars)
    def sentinel_of_the_old_browser_answers_late(self, jar: Jar) -> None:
        """It names the right citizen, and is worthless."""
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, self.key("a"))))
        seen = self.sighting(jar, self.right_holder(), self.key("a")).sighting
        self.feed(e.HolderSighted(sighting=replace(seen, generation=seen.generation - 1)))

    @precondition(lambda self: self.oracle.closing or self.oracle.sealed)
    @rule(citizen=citizens)
    def staff_cannot_wait(self, citizen: Any) -> None:
        """Staff press what is not possible now: open during a handover or under a seal, lift too early."""
        self.feed(e.LiftRequested(leader="L1")) if not self.oracle.cleared else None
        self.open(citizen)

    @precondition(lambda self: self.oracle.visit)
    @rule(often=st.integers(0, 9))
    def something_breaks(self, often: int) -> None:
        if often == 0:
            self.feed(e.UnforeseenFault(where="test"))

    @rule(text=st.sampled_from(("登録済み", "申請済")))
    def alarm(self, text: str) -> None:
        self.feed(e.AlarmTextSeen(portal="point", text=text, generation=self.oracle.generation))

    def teardown(self) -> None:
        """Every day ends: nothing is left waiting when the visit closes."""
        if self.oracle.visit and not self.oracle.closing:
            self.feed(e.EndRequested(ending=e.Ending.SHUTDOWN, at=self.now))
        promise(not self.oracle.held, "left waiting at the end of the day")


generations = st.integers(0, 3)
sessions = st.sampled_from((None, "a", "a", "b"))
times = st.sampled_from((90.0, 99.0, 100.0, 101.0, 104.0))
ids = st.sampled_from(("r1", "r2", "r3", "r4"))
EVENTS: tuple[st.SearchStrategy[e.Event], ...] = (
    st.builds(e.BrowserReady, generation=generations, unfinished_visit=st.sampled_from((None, "v-old"))),
    st.builds(e.OpenRequested, visit_id=st.sampled_from(("v1", "v2")), citizen=citizens, at=times),
    st.builds(e.EndRequested, ending=st.sampled_from(e.Ending), at=times),
    st.builds(e.SubmissionWithdrawn, submission_id=ids),
    st.builds(e.HolderMayHaveChanged, jar=jars, generation=generations, at=times),
    st.builds(e.DeadlinePassed, submission_id=ids),
    st.builds(e.Confirmed, jar=jars, identity=st.sampled_from((None, *SHOWN)), confirmed_by=st.just("S1")),
    st.builds(e.AlarmTextSeen, portal=st.just("point"), text=st.just("申請済"), generation=generations),
    st.builds(e.BrowserLost, generation=generations, by_staff=st.booleans(), at=times),
    st.builds(e.UnforeseenFault, where=st.just("test")),
    st.builds(e.LiftRequested, leader=st.just("L1")),
    st.builds(
        e.HandoverEnded,
        clearance=st.builds(clearance, generations, st.sampled_from((None, "v1")), clean=st.booleans()),
        generation=generations,
    ),
)


class HostileDay(Day):
    """Anything at any time, in any order, with clocks that run backwards."""

    @initialize(ready=st.booleans())
    def morning(self, ready: bool) -> None:  # noqa: FBT001 (drawn)
        if ready:
            self.feed(e.BrowserReady(generation=1))
            self.feed(e.OpenRequested(visit_id="v1", citizen=SATO, at=self.now))

    @rule(event=st.one_of(EVENTS))
    def anything(self, event: e.Event) -> None:
        first = self.oracle.generation == 0
        if isinstance(event, e.BrowserReady) and first and event.generation == 0:
            return  # generation 0 is no browser
        self.feed(event)

    @rule(jar=jars, request_class=classes, session=sessions, generation=generations, held_at=times)
    def held(self, jar: Jar, request_class: RequestClass, session: str, generation: int, held_at: float) -> None:
        held = self.submission(jar, request_class, session)
        self.feed(e.SubmissionHeld(submission=replace(held, generation=generation, held_at=held_at)))

    @precondition(lambda self: self.oracle.held)
    @rule(data=st.data())
    def held_again(self, data: st.DataObject) -> None:
        """The gate reports one hold twice."""
        again = self.oracle.held[data.draw(st.sampled_from(sorted(self.oracle.held)))]
        self.feed(e.SubmissionHeld(submission=again))

    @rule(jar=jars, holder=holders, session=sessions, generation=generations, taken_at=times)
    def sighted(self, jar: Jar, holder: Holder, session: str, generation: int, taken_at: float) -> None:
        seen = Sighting(jar=jar, holder=holder, session=session, generation=generation, taken_at=taken_at)
        self.feed(e.HolderSighted(sighting=seen))
