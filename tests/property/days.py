"""Days at a counter, made up by hypothesis: one mostly legal, one hostile, both under the same oracle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from guard.core import commands as c
from guard.core import events as e
from guard.core import machine
from guard.core.card import CardAnswer, CardTerms, Gone
from guard.core.checklist import Confirmer, Item
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.confirmation import Personal, Question, Source
from guard.core.counter import Counter
from guard.core.identity import Citizen, Holder, Identity, Jar, Known, Nobody, Obscurity, Sighting, Unclear
from guard.core.idle import IdleTerms
from guard.core.interruption import Interruption
from guard.core.offline import Cause, Kept
from guard.core.payload import FieldKind, Payload
from guard.core.staff import Asked, Denial
from guard.core.submission import Channel, RequestClass, Submission
from guard.core.view import Phase, SealReason
from guard.core.viewing import view
from tests.property.oracle import NAMES, NUMBERS, SATO, SHOWN, TAKAHASHI, TERMS, Oracle, promise

JARS = (
    Jar(portal="point", context="window"),
    Jar(portal="nameless", context="window"),
    Jar(portal="mypage", context="window"),
    Jar(portal="point", context="incognito"),
)
HOLDERS: tuple[Holder, ...] = (
    *(Known(identity=shown) for shown in (*SHOWN, None)),
    Nobody(),
    Unclear(why=Obscurity.NOT_UNDERSTOOD),
    Unclear(why=Obscurity.TIMEOUT),
)
NOBODY = Nobody()
jars = st.sampled_from(JARS + JARS[:2])
holders = st.sampled_from(HOLDERS)
citizens = st.sampled_from((SATO, TAKAHASHI))
classes = st.sampled_from((*RequestClass, RequestClass.SUBMISSION, RequestClass.SUBMISSION, RequestClass.LOGIN))
ASKED = st.sampled_from((RequestClass.SUBMISSION, RequestClass.SUBMISSION, RequestClass.LOGIN))
BY_PORTAL, BY_TICKET = (
    (Question(item=Personal.BIRTH_DATE, source=source),) for source in (Source.PORTAL, Source.RECEPTION)
)
ITEMS = st.sampled_from((BY_PORTAL, BY_PORTAL, BY_TICKET))
"""What was typed and agreed in a confirmation."""
WITHOUT_A_VISIT: tuple[e.Event, ...] = (
    e.StopMarked(stop=1, visit_id="v1", false_stop=True),
    e.StopMarked(stop=1, visit_id="v1", false_stop=False),
    e.PinRefused(number="L1", why=Denial.LOCKED, asked=Asked.APPROVAL),
)
WAIVED = e.CardAnswered(answer=CardAnswer.WITHOUT_CARD, at=100.0)
_BACK, _SAME = e.CardSeen(at=100.0), e.CardAnswered(answer=CardAnswer.SAME_CITIZEN, at=100.0)
_OVER = e.CardGracePassed(visit_id="", removal=1, at=100.0)
AFTER_A_REMOVAL: tuple[tuple[e.Event, ...], ...] = (
    (),
    (_BACK,),
    (_BACK, _SAME),
    (_BACK, _SAME, _OVER),
    (WAIVED,),
    (_SAME, WAIVED),
    (_OVER,),
    (_BACK, _OVER),
)
"""What staff, citizens and the clock do after a card was taken away."""
ticks = st.sampled_from((frozenset(Item), frozenset({Item.PAPERS_TAKEN}), frozenset({Item.LOGGED_OUT})))
RESTS = IdleTerms(ask_after=300.0, answer_within=120.0)
PAYLOADS = (
    Payload(),
    Payload(readable=False),
    Payload(values=NUMBERS[:1]),
    Payload(values=NUMBERS[:1]),
    Payload(values=(NAMES[2], NUMBERS[2])),
    Payload(values=(NAMES[0], NUMBERS[2])),
    Payload(values=NAMES[1:2]),
    Payload(values=NUMBERS[1:2], of_another=frozenset(NUMBERS[1:2])),
    Payload(readable=False, values=NUMBERS[:1]),
)
payloads = st.sampled_from(PAYLOADS)
by_name = st.sampled_from((JARS[0], JARS[2], JARS[3]))
"""Where a right submission goes out without a confirmation, so that most of these get as far as their numbers."""
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

    def carrying(self, payload: Payload, jar: Jar) -> Submission:
        held = self.submission(jar, RequestClass.SUBMISSION, self.key("a"))
        self.feed(e.SubmissionHeld(submission=replace(held, payload=payload)))
        return held

    def key(self, which: str) -> str | None:
        raise NotImplementedError

    def types(self, *, slip: bool = False) -> None:
        """The citizen types what the console asks for; nothing, if it asks for nothing."""
        asked = view(self.counter, TERMS).read_back
        if asked is not None:
            text = "".join(asked.groups)
            right = text if asked.kind is FieldKind.ACCOUNT_HOLDER else text[-4:]
            self.feed(e.ReadBack(submission_id=asked.submission_id, typed="9999" if slip else right, at=self.now))

    def right_holder(self) -> Holder:
        citizen = None if self.oracle.visit is None else self.oracle.visit.citizen
        if citizen is TAKAHASHI:
            return Known(identity=SHOWN[2])
        as_bound = (shown for shown in SHOWN if citizen is not None and shown.name == citizen.name)
        return Known(identity=next(as_bound, SHOWN[0]))

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

    @initialize(
        unfinished=st.sampled_from((None, None, None, "v-old")),
        seal=st.sampled_from((None, None, None, SealReason.NOT_CLEARED)),
        jar=jars,
        first=st.none() | holders,
    )
    def morning(self, unfinished: str | None, seal: SealReason | None, jar: Jar, first: Holder | None) -> None:
        self.feed(e.BrowserReady(generation=1, unfinished_visit=unfinished, unlifted_seal=seal))
        if unfinished is None and seal is None:
            self.open(SATO)
            self.anybody_may_be_logged_in(jar, first, RequestClass.SUBMISSION, "a", "a")

    def open(self, citizen: Citizen | None, *, with_card: bool = False) -> None:
        self.count += 1
        # Whose affair it is changes nothing: the one who logs in is the one who came.
        child = TAKAHASHI if citizen is SATO and self.count % 2 else None
        after = 5.0 if self.count % 2 else None
        card = CardTerms(handover_after=after) if with_card or self.count % 3 == 0 else None
        rests = RESTS if self.count % 4 else None
        self.feed(
            e.OpenRequested(
                visit_id=f"v{self.count}", citizen=citizen, acting_for=child, card=card, idle=rests, at=self.now
            )
        )

    @precondition(lambda self: self.oracle.cleared)
    @rule(citizen=citizens, impatient=st.booleans())
    def next_please(self, citizen: Citizen, impatient: bool) -> None:  # noqa: FBT001 (drawn)
        """Impatient staff ask before the leader looked."""
        if impatient:
            self.open(citizen)
        if self.oracle.sealed:
            self.feed(e.LiftRequested(leader="L1"))
        if self.oracle.cleared:
            self.open(citizen)

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, request_class=classes, which=st.sampled_from("aab"))
    def page_acts(self, jar: Jar, request_class: RequestClass, which: str) -> None:
        self.hold(jar, request_class, which)

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
    @rule(
        jar=jars,
        holder=st.none() | holders,
        request_class=ASKED,
        held=st.sampled_from("aab-"),
        seen=st.sampled_from("aab-"),
    )
    def anybody_may_be_logged_in(
        self, jar: Jar, holder: Holder | None, request_class: RequestClass, held: str, seen: str
    ) -> None:
        """The accident itself: another person, another session, or none at all."""
        keys = [None if which == "-" else self.key(which) for which in (held, seen)]
        self.feed(e.SubmissionHeld(submission=self.submission(jar, request_class, keys[0])))
        self.feed(self.sighting(jar, holder or self.right_holder(), keys[1]))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, request_class=st.sampled_from((RequestClass.SUBMISSION, RequestClass.LOGIN)))
    def look_was_on_its_way(self, jar: Jar, request_class: RequestClass) -> None:
        """The portal was asked before the hold, and answers after it."""
        self.now += 20.0
        self.feed(e.SubmissionHeld(submission=self.submission(jar, request_class, self.key("a"))))
        self.feed(self.sighting(jar, self.right_holder(), self.key("a"), ago=2.0))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, holder=holders)
    def answers_cross(self, jar: Jar, holder: Holder) -> None:
        """Two looks come back in the wrong order, and a page submits at once."""
        self.feed(self.sighting(jar, holder, self.key("a")))
        self.feed(self.sighting(jar, self.right_holder(), self.key("a"), ago=2.0))
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, self.key("a"))))

    @precondition(lambda self: self.oracle.closing)
    @rule(jar=jars, request_class=classes)
    def page_acts_during_the_handover(self, jar: Jar, request_class: RequestClass) -> None:
        self.feed(e.SubmissionHeld(submission=self.submission(jar, request_class, self.key("a"))))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(
        jar=jars,
        confirm=st.sampled_from(("before", "after", "never")),
        shown=st.sampled_from((None, *SHOWN[1:4])),
        items=ITEMS,
    )
    def citizen_logs_in(self, jar: Jar, confirm: str, shown: Identity | None, items: tuple[Question, ...]) -> None:
        """A login over nobody, a typed check before it, after it or not at all, and a submission."""
        confirmed = e.Confirmed(jar=jar, identity=shown, confirmed_by="S1", items=items)
        if confirm == "before":
            self.feed(confirmed)
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.LOGIN, self.key("a"))))
        self.feed(self.sighting(jar, Nobody(), self.key("a")))
        if confirm == "after":
            self.feed(confirmed)
        holder = Known(identity=shown)
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
    @rule(jar=jars, other=jars, request_class=st.sampled_from((RequestClass.SUBMISSION, RequestClass.LOGIN)))
    def look_crosses_a_login(self, jar: Jar, other: Jar, request_class: RequestClass) -> None:
        """The portal is asked while a login is on its way, and names whoever was there before it took effect."""
        login = self.submission(jar, request_class, self.key("a"))
        self.feed(e.SubmissionHeld(submission=login))
        nobody = request_class is RequestClass.LOGIN
        self.feed(self.sighting(jar, Nobody() if nobody else self.right_holder(), self.key("a")))
        self.feed(self.sighting(other, self.right_holder(), self.key("a")))
        self.now += 0.1
        self.feed(e.ReleaseAnswered(submission=login, at=self.now))
        self.feed(e.SubmissionHeld(submission=self.submission(other, RequestClass.SUBMISSION, self.key("a"))))

    def submits(self, jar: Jar) -> None:
        """The right person, in the right session, live."""
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, self.key("a"))))
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, waived=st.booleans(), why=st.sampled_from(Gone), then=st.sampled_from(AFTER_A_REMOVAL))
    def visit_with_a_card(self, jar: Jar, waived: bool, why: Gone, then: tuple[e.Event, ...]) -> None:  # noqa: FBT001 (drawn)
        """The next one needs the card: it is laid down, and goes while something waits; a page submits all the time."""
        self.feed(e.EndRequested(ending=e.Ending.DONE, at=self.now))
        self.handover_ends(clean=True)
        if self.count % 3:  # or the last one forgot the card
            self.feed(e.CardGone(why=why, at=self.now))
        self.open(SATO, with_card=True)
        if self.oracle.visit is None:
            return
        self.submits(jar)
        self.feed(WAIVED if waived else e.CardSeen(at=self.now))
        self.submits(jar)
        self.now += 20.0
        self.hold(jar, RequestClass.SUBMISSION, "a")
        self.feed(e.CardGone(why=why, at=self.now))
        for event in then:
            self.submits(jar)
            self.feed(replace(event, visit_id=self.oracle.visit.id) if isinstance(event, e.CardGracePassed) else event)
        self.submits(jar)

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, before=st.booleans())
    def the_pc_sleeps(self, jar: Jar, before: bool) -> None:  # noqa: FBT001 (drawn)
        """Whoever was seen before, or was asked for before, may be somebody else; the portal's clock went on."""
        self.now += 20.0
        if before:
            self.feed(self.sighting(jar, self.right_holder(), self.key("a")))
        self.now += 0.1
        self.feed(e.Resumed(away=3600.0, at=self.now))
        if not before:
            self.feed(self.sighting(jar, self.right_holder(), self.key("a"), ago=2.0))
        self.hold(jar, RequestClass.SUBMISSION, "a")

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(
        jar=jars,
        quiet=st.lists(st.sampled_from((1.0, 119.0, 120.0, 299.0, 300.0, 600.0)), min_size=1, max_size=5),
        meanwhile=st.sampled_from((None, e.InputSeen, e.StillServing)),
        text_open=st.booleans(),
        waits=st.booleans(),
    )
    def nobody_is_there(
        self,
        jar: Jar,
        quiet: list[float],
        meanwhile: Any,
        text_open: bool,  # noqa: FBT001 (drawn)
        waits: bool,  # noqa: FBT001 (drawn)
    ) -> None:
        """The timer rings now and then; sometimes somebody comes back, and something may wait for its answer."""
        visit_id = self.oracle.visit.id if self.oracle.visit else ""
        for place, wait in enumerate(quiet):
            self.now += wait
            if place == 1 and meanwhile is not None:
                self.feed(meanwhile(at=self.now))
            if waits and self.oracle.visit and not self.oracle.closing:
                self.hold(jar, RequestClass.SUBMISSION, "a")
            self.feed(e.IdleTimerRang(visit_id=visit_id, text_open=text_open, at=self.now))
        if self.oracle.closing:
            self.handover_ends(clean=True)
            self.open(SATO)

    @precondition(lambda self: self.oracle.listed)
    @rule(
        by=st.sampled_from(((Confirmer.CITIZEN,), (Confirmer.STAFF, Confirmer.CITIZEN), tuple(Confirmer) * 2)),
        ticked=ticks,
        why=st.none() | st.sampled_from(Gone),
        late=st.booleans(),
    )
    def people_go_through_the_checklist(
        self,
        by: tuple[Confirmer, ...],
        ticked: frozenset[Item],
        why: Gone | None,
        late: bool,  # noqa: FBT001 (drawn)
    ) -> None:
        """Before or after the card is taken off the reader; sometimes on a page of the visit before."""
        if why is not None:
            self.feed(e.CardGone(why=why, at=self.now))
        for one in by:
            visit_id = "v0" if late else self.oracle.listed or ""
            self.feed(e.ChecklistConfirmed(visit_id=visit_id, by=one, ticked=ticked))
        self.open(SATO, with_card=True)

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(
        jar=by_name,
        payload=payloads,
        citizen=st.sampled_from(("types", "types", "slips", "is late")),
        wait=seconds,
        holder=st.none() | holders,
        ago=st.sampled_from((0.0, 0.5, 0.5)),
    )
    def citizen_reads_back(
        self,
        jar: Jar,
        payload: Payload,
        citizen: str,
        wait: float,
        holder: Holder | None,
        ago: float,
    ) -> None:
        """A form with a number: who it is agrees, the citizen looks for a paper, and the portal is asked again."""
        held = self.carrying(payload, jar)
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))
        self.feed(e.DeadlinePassed(submission_id=held.id))
        self.now += wait + 1.0
        if citizen == "is late":
            self.feed(e.DeadlinePassed(submission_id=held.id, turn=self.oracle.turns.get(held.id, 1)))
        for _ in payload.values:
            self.types(slip=citizen == "slips")
        self.feed(e.DeadlinePassed(submission_id=held.id, turn=1))
        self.feed(self.sighting(jar, self.right_holder(), self.key("a"), ago=ago))  # it was on its way
        self.feed(self.sighting(jar, holder or self.right_holder(), self.key("a")))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=by_name)
    def citizen_slips(self, jar: Jar) -> None:
        """The plainest case: one number, typed wrong from the citizen's own paper."""
        self.carrying(PAYLOADS[2], jar)
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))
        self.types(slip=True)
        self.now += 1.0
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=by_name, approves=st.booleans())
    def a_household_shares_an_account(self, jar: Jar, approves: bool) -> None:  # noqa: FBT001 (drawn)
        """The number of another visit: stopped, allowed or not, sent again."""
        payload = PAYLOADS[7]
        held = self.carrying(payload, jar)
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))
        if approves:
            self.feed(e.ValueApproved(submission_id=held.id, leader="L1"))
        self.now += 1.0
        self.carrying(payload, jar)
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))
        self.types()
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))

    @precondition(lambda self: self.oracle.held)
    @rule(slip=st.sampled_from((False, False, True)))
    def citizen_types(self, slip: bool) -> None:  # noqa: FBT001 (drawn)
        self.types(slip=slip)

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=by_name, payload=payloads)
    def a_form_with_a_number_waits(self, jar: Jar, payload: Payload) -> None:
        """Whatever else happens meanwhile."""
        self.carrying(payload, jar)
        self.feed(self.sighting(jar, self.right_holder(), self.key("a")))

    @precondition(lambda self: not self.oracle.visit or self.oracle.closing)
    @rule(event=st.sampled_from((e.CardSeen(at=100.0), e.CardGone(why=Gone.REMOVED, at=100.0))))
    def cards_between_visits(self, event: e.Event) -> None:
        """The next citizen is quick, or the last one forgets the card."""
        self.feed(event)

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars, shown=st.sampled_from((None, *SHOWN)), items=ITEMS, leader=st.booleans(), wrong=st.integers(0, 6))
    def person_confirms(
        self,
        jar: Jar,
        shown: Identity | None,
        items: tuple[Question, ...],
        leader: bool,  # noqa: FBT001 (drawn)
        wrong: int,
    ) -> None:
        """After some wrong answers; then the one who was asked about submits."""
        for _ in range(wrong):
            self.feed(e.AnswersDiffered(jar=jar, identity=shown, items=items))
        self.feed(e.Confirmed(jar=jar, identity=shown, confirmed_by="S1", items=items, by_leader=leader))
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, self.key("a"))))
        self.feed(self.sighting(jar, Known(identity=shown), self.key("a")))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing and not self.oracle.sealed)
    @rule(jar=jars, other=jars, items=ITEMS, leader=st.booleans(), wrong=st.sampled_from((0, 0, 4, 5)))
    def variant_is_confirmed(
        self,
        jar: Jar,
        other: Jar,
        items: tuple[Question, ...],
        leader: bool,  # noqa: FBT001 (drawn)
        wrong: int,
    ) -> None:
        """The very case, with the next citizen: asked in one jar, submitted in this and in another."""
        self.feed(e.EndRequested(ending=e.Ending.DONE, at=self.now))
        self.handover_ends(clean=True)
        self.open(TAKAHASHI)
        self.feed(WAIVED)
        for _ in range(wrong):
            self.feed(e.AnswersDiffered(jar=jar, identity=SHOWN[1], items=items))
        self.feed(e.Confirmed(jar=jar, identity=SHOWN[1], confirmed_by="S1", items=items, by_leader=leader))
        for one in (jar, other):
            self.feed(e.SubmissionHeld(submission=self.submission(one, RequestClass.SUBMISSION, self.key("a"))))
            self.feed(self.sighting(one, Known(identity=SHOWN[1]), self.key("a")))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing and not self.oracle.sealed)
    @rule(
        jar=jars,
        shown=st.sampled_from(SHOWN),
        other=jars,
        how=st.sampled_from(("asked", "ticket", "guessed", "leader", "login between", "leftover", "two people")),
    )
    def visit_without_data(self, jar: Jar, shown: Identity, other: Jar, how: str) -> None:
        """Whoever logs in is asked who they are; pages submit before and after, as whoever is logged in then."""
        self.feed(e.EndRequested(ending=e.Ending.DONE, at=self.now))
        self.handover_ends(clean=True)
        self.open(None)
        self.feed(WAIVED)
        if self.oracle.visit is None:
            return
        leftover = max(self.oracle.earlier, default=None) if how == "leftover" else None
        self.logs_in(jar, over=Known(identity=shown))  # whoever that is, nobody knows yet
        self.logs_in(jar)
        if how == "two people":
            self.feed(self.sighting(other, Known(identity=SHOWN[5]), self.key("b")))
        self.submits_as(jar, shown)
        self.feed(self.sighting(jar, Known(identity=shown), leftover or self.key("a")))
        if how == "login between":
            self.logs_in(jar, over=Known(identity=shown))
        items = BY_TICKET if how == "ticket" else BY_PORTAL
        for _ in range(5 if how == "guessed" else 0):
            self.feed(e.AnswersDiffered(jar=jar, identity=shown, items=items))
        bound = e.Bound(jar=jar, identity=shown, confirmed_by="S1", items=items, by_leader=how == "leader")
        self.feed(bound)
        nameless = jar.portal == "nameless" or shown is SHOWN[3]
        promise(how not in {"asked", "leader"} or nameless or self.oracle.visit.citizen, "a visit cannot be bound")
        self.now += 20.0
        for one in (SHOWN[5], SHOWN[1], shown):
            self.submits_as(jar, one)
        self.feed(self.sighting(jar, Known(identity=shown), self.key("a")))
        self.feed(bound)
        self.feed(replace(bound, by_leader=True))  # so that the rest of the visit is worth something

    def logs_in(self, jar: Jar, over: Holder = NOBODY) -> None:
        self.now += 1.0
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.LOGIN, self.key("a"))))
        self.feed(self.sighting(jar, over, self.key("a")))
        self.now += 1.0

    def submits_as(self, jar: Jar, shown: Identity) -> None:
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, self.key("a"))))
        self.feed(self.sighting(jar, Known(identity=shown), self.key("a")))

    @precondition(lambda self: self.oracle.held)
    @rule(data=st.data(), gone=st.booleans(), off=st.sampled_from((0, 0, 0, -1)))
    def waits_in_vain(self, data: st.DataObject, gone: bool, off: int) -> None:  # noqa: FBT001 (drawn)
        """Its page goes away, or a deadline comes: mostly that of the present wait."""
        one = data.draw(st.sampled_from(sorted(self.oracle.held)))
        over = e.DeadlinePassed(submission_id=one, turn=self.oracle.turns[one] + off)
        self.feed(e.SubmissionWithdrawn(submission_id=one) if gone else over)

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(ending=st.sampled_from(e.Ending), why=st.sampled_from(Interruption), next_one=st.none() | citizens)
    def staff_end(self, ending: e.Ending, why: Interruption, next_one: Citizen | None) -> None:
        """Mostly with the next citizen waiting, who waits in vain for the leader after an interruption."""
        interruption = why if ending is e.Ending.INTERRUPTED else None
        self.feed(e.EndRequested(ending=ending, interruption=interruption, at=self.now))
        if next_one is not None:
            self.handover_ends(clean=True)
            self.open(next_one)

    @precondition(lambda self: (self.oracle.visit or self.oracle.cleared) and not self.oracle.closing)
    @rule(by_staff=st.booleans())
    def browser_goes(self, by_staff: bool) -> None:  # noqa: FBT001 (drawn)
        self.feed(e.BrowserLost(generation=self.oracle.generation, by_staff=by_staff, at=self.now))

    @precondition(lambda self: self.oracle.generation > 0)
    @rule(event=st.sampled_from(WITHOUT_A_VISIT))
    def staff_judge_a_stop_or_mistype_a_pin(self, event: e.Event) -> None:
        """In whatever state the counter is: the day is looked at between visits, too."""
        self.feed(event)

    @precondition(lambda self: self.oracle.closing)
    @rule(clean=st.sampled_from((True, True, True, False)))
    def handover_is_over(self, clean: bool) -> None:  # noqa: FBT001 (drawn)
        self.handover_ends(clean=clean)

    def handover_ends(self, *, clean: bool) -> None:
        old, visit_id = self.oracle.generation, self.oracle.visit.id if self.oracle.visit else None
        self.feed(e.HandoverEnded(clearance=clearance(old, visit_id, clean=clean), generation=old + 1))

    @precondition(lambda self: self.oracle.generation > 1)
    @rule(request_class=st.sampled_from(RequestClass), jar=jars)
    def page_acts_outside_its_time(self, request_class: RequestClass, jar: Jar) -> None:
        """A submission of the browser before this one."""
        late = replace(self.submission(jar, request_class, "old"), generation=self.oracle.generation - 1)
        self.feed(e.SubmissionHeld(submission=late))
        self.feed(e.AlarmTextSeen(portal="point", text="登録済み", generation=self.oracle.generation))

    @precondition(lambda self: self.oracle.visit and not self.oracle.closing)
    @rule(jar=jars)
    def sentinel_of_the_old_browser_answers_late(self, jar: Jar) -> None:
        """It names the right citizen, and is worthless."""
        self.feed(e.SubmissionHeld(submission=self.submission(jar, RequestClass.SUBMISSION, self.key("a"))))
        seen = self.sighting(jar, self.right_holder(), self.key("a")).sighting
        self.feed(e.HolderSighted(sighting=replace(seen, generation=seen.generation - 1)))

    @precondition(lambda self: self.oracle.closing or self.oracle.sealed)
    @rule(citizen=citizens)
    def staff_cannot_wait(self, citizen: Citizen) -> None:
        """Staff press what is not possible now: lift too early, open during a handover or under a seal."""
        if not self.oracle.cleared:
            self.feed(e.LiftRequested(leader="L1"))
        self.open(citizen)

    @precondition(lambda self: self.oracle.visit)
    @rule(jar=jars, rarely=st.integers(0, 4))
    def something_breaks(self, jar: Jar, rarely: int) -> None:
        """While something waits; then a page acts under the seal, and a leader is too quick."""
        if rarely == 0:
            self.hold(jar, RequestClass.SUBMISSION, "a")
            self.feed(e.UnforeseenFault(where="test"))
            self.hold(jar, RequestClass.HARMLESS, "a")
            self.feed(e.LiftRequested(leader="L1"))

    def teardown(self) -> None:
        """Every day ends: nothing is left waiting when the visit closes."""
        if self.oracle.visit and not self.oracle.closing:
            self.feed(e.EndRequested(ending=e.Ending.SHUTDOWN, at=self.now))
        promise(not self.oracle.held, "left waiting at the end of the day")


offsets = st.sampled_from((0, 0, 0, 0, -1, 1))
sessions = st.sampled_from((None, "a", "a", "b"))
times = st.sampled_from((90.0, 99.0, 100.0, 101.0, 104.0))
ids = st.sampled_from(("r1", "r2", "r3", "r4"))


def made(event: Any, **drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[e.Event, int]]:
    """An event, and how far its generation is off."""
    return st.tuples(st.builds(event, **drawn), offsets)


PETTY = (
    made(
        e.OpenRequested,
        visit_id=st.sampled_from(("v1", "v2")),
        citizen=st.none() | citizens,
        card=st.sampled_from((None, CardTerms(), CardTerms(handover_after=0.0))),
        idle=st.sampled_from((None, IdleTerms(ask_after=1.0, answer_within=1.0))),
        at=times,
    ),
    made(e.StopMarked, stop=st.integers(1, 3), visit_id=st.sampled_from((None, "v1")), false_stop=st.booleans()),
    made(e.PinRefused, number=st.sampled_from((None, "L1")), why=st.sampled_from(Denial), asked=st.sampled_from(Asked)),
    made(e.CardSeen, at=times),
    made(e.CardGone, why=st.sampled_from(Gone), at=times),
    made(e.CardAnswered, answer=st.sampled_from(CardAnswer), at=times),
    made(e.CardGracePassed, visit_id=st.sampled_from(("v1", "v2")), removal=st.integers(0, 2), at=times),
    made(e.ChecklistConfirmed, visit_id=st.sampled_from(("v1", "w1")), by=st.sampled_from(Confirmer), ticked=ticks),
    made(
        e.VisitWithoutGuard,
        visit_id=st.just("paper"),
        began=st.just("2026-03-31T14:30+09:00"),
        ending=st.sampled_from((e.Ending.DONE, e.Ending.INTERRUPTED)),
        cause=st.sampled_from(Cause),
        kept=st.sampled_from((frozenset(), frozenset(Kept))),
    ),
    made(e.InputSeen, at=times),
    made(e.Resumed, away=st.just(60.0), at=times),
    made(e.StillServing, at=times),
    made(e.IdleTimerRang, visit_id=st.sampled_from(("v1", "w1")), text_open=st.booleans(), at=times),
    made(e.SubmissionWithdrawn, submission_id=ids),
    made(e.HolderMayHaveChanged, jar=jars, generation=st.just(0), at=times),
    made(
        e.Confirmed,
        jar=jars,
        identity=st.sampled_from((None, *SHOWN)),
        confirmed_by=st.just("S1"),
        items=ITEMS,
        by_leader=st.booleans(),
    ),
    made(
        e.Bound,
        jar=jars,
        identity=st.sampled_from(SHOWN),
        confirmed_by=st.just("S1"),
        items=ITEMS,
        by_leader=st.booleans(),
    ),
    made(e.AnswersDiffered, jar=jars, identity=st.sampled_from((None, *SHOWN)), items=ITEMS),
    made(e.DeadlinePassed, submission_id=ids, turn=st.integers(0, 2)),
    made(e.ReadBack, submission_id=ids, typed=st.sampled_from(("0001", "0002", "1001", "x")), at=times),
    made(e.ValueApproved, submission_id=ids, leader=st.just("L1")),
    made(e.AlarmTextSeen, portal=st.just("point"), text=st.just("申請済"), generation=st.just(0)),
    made(e.LiftRequested, leader=st.just("L1")),
)
GRAVE = (
    made(e.BrowserReady, generation=st.just(1), unfinished_visit=st.sampled_from((None, "v-old"))),
    made(e.EndRequested, ending=st.sampled_from(e.Ending), at=times),
    made(e.EndRequested, ending=st.just(e.Ending.INTERRUPTED), interruption=st.sampled_from(Interruption), at=times),
    made(e.BrowserLost, generation=st.just(0), by_staff=st.booleans(), at=times),
    made(e.UnforeseenFault, where=st.just("test")),
    made(
        e.HandoverEnded,
        clearance=st.builds(clearance, st.integers(0, 3), st.sampled_from((None, "v1")), clean=st.booleans()),
        generation=st.just(1),
    ),
)


class HostileDay(Day):
    """Anything at any time, in any order, with clocks that run backwards; now and then somebody tidies up."""

    @initialize(early=st.sampled_from((None, None, None, *PETTY)), data=st.data())
    def morning(self, early: st.SearchStrategy[tuple[e.Event, int]] | None, data: st.DataObject) -> None:
        """Sometimes something happens before there is a browser."""
        if early is not None:
            self.feed(data.draw(early)[0])
        self.feed(e.BrowserReady(generation=1))
        self.feed(e.OpenRequested(visit_id="v1", citizen=SATO, at=self.now))

    @rule(drawn=st.one_of(PETTY))
    def anything_petty(self, drawn: tuple[e.Event, int]) -> None:
        self.feed(self.near(*drawn))

    @rule(drawn=st.one_of(GRAVE), rarely=st.integers(0, 3))
    def anything_grave(self, drawn: tuple[e.Event, int], rarely: int) -> None:
        if rarely == 0:
            self.feed(self.near(*drawn))

    def near(self, event: e.Event, off: int) -> e.Event:
        """Generations close to the one in use, or they would hit nothing."""
        match event:
            case e.HolderMayHaveChanged() | e.AlarmTextSeen() | e.BrowserLost():
                return replace(event, generation=self.oracle.generation + off)
            case e.HandoverEnded():
                return replace(event, generation=self.oracle.generation + 1 + off)
            case _:
                return event

    @precondition(lambda self: self.oracle.visit is None or self.oracle.sealed or self.oracle.closing)
    @rule(citizen=st.none() | citizens)
    def somebody_tidies_up(self, citizen: Citizen | None) -> None:
        """Discard, clear, lift, open: the way out of everything."""
        self.feed(e.EndRequested(ending=e.Ending.DISCARDED, at=self.now))
        old, visit_id = self.oracle.generation, self.oracle.visit.id if self.oracle.visit else None
        self.feed(e.HandoverEnded(clearance=clearance(old, visit_id, clean=True), generation=old + 1))
        self.feed(e.LiftRequested(leader="L1"))
        self.count += 1
        self.feed(e.OpenRequested(visit_id=f"w{self.count}", citizen=citizen, at=self.now))
        if self.oracle.visit and self.oracle.visit.id == f"w{self.count}":
            promise(not self.oracle.sealed, "no way out of a seal")

    @rule(
        jar=jars,
        request_class=classes,
        session=sessions,
        off=offsets,
        held_at=times,
        holder=st.none() | holders,
        payload=st.none() | payloads,
    )
    def held(
        self,
        jar: Jar,
        request_class: RequestClass,
        session: str,
        off: int,
        held_at: float,
        holder: Holder | None,
        payload: Payload | None,
    ) -> None:
        held = replace(self.submission(jar, request_class, self.key(session)), payload=payload)
        self.feed(e.SubmissionHeld(submission=replace(held, generation=held.generation + off, held_at=held_at)))
        if holder is not None:
            self.feed(self.sighting(jar, holder, self.key(session)))

    @precondition(lambda self: self.oracle.held)
    @rule(data=st.data())
    def held_again(self, data: st.DataObject) -> None:
        """The gate reports one hold twice."""
        again = self.oracle.held[data.draw(st.sampled_from(sorted(self.oracle.held)))]
        self.feed(e.SubmissionHeld(submission=again))

    @rule(jar=jars, holder=st.none() | holders, session=sessions, off=offsets, taken_at=times)
    def sighted(self, jar: Jar, holder: Holder | None, session: str, off: int, taken_at: float) -> None:
        seen = self.sighting(jar, holder or self.right_holder(), self.key(session)).sighting
        self.feed(e.HolderSighted(sighting=replace(seen, generation=seen.generation + off, taken_at=taken_at)))

    def key(self, which: str | None) -> str | None:
        """Now and then a session of everybody's."""
        return f"{self.oracle.visit.id}-{which}" if which == "a" and self.oracle.visit else which
