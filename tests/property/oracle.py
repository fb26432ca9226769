"""What a counter promises, watched from outside: events in, commands out, nothing of the machine's own code.

The oracle keeps books of its own and knows by heart who is whom (`RELATIONS`), so that a fault
in the checks, in the names or in the machine cannot hide in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guard.core import commands as c
from guard.core import events as e
from guard.core.card import CardAnswer, Gone
from guard.core.checklist import Confirmer, How, Item
from guard.core.confirmation import Source
from guard.core.identity import Citizen, Identity, Jar, Known, Nobody, Sighting, Unclear
from guard.core.payload import FieldKind, Payload, Value
from guard.core.submission import RequestClass, Submission
from guard.core.terms import Assurance, Terms
from guard.core.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.idle import IdleTerms
    from guard.core.verdict import Verdict

TERMS: Mapping[str, Terms] = {
    "point": Terms(assurance=Assurance.IDENTITY, max_age=5.0, deadline=8.0),
    "mypage": Terms(assurance=Assurance.IDENTITY, max_age=0.0, deadline=8.0),
    "nameless": Terms(assurance=Assurance.PROVENANCE, max_age=5.0, deadline=8.0),
}

SATO, TAKAHASHI = Citizen(name="佐藤 花子"), Citizen(name="高橋 明")
SHOWN = tuple(Identity(name=name) for name in ("佐藤花子", "髙橋明", "高橋 明", "佐藤 ●●", "佐藤 華子", "鈴木 一郎"))
RELATIONS = {
    ("佐藤 花子", "佐藤花子"): "match",
    ("佐藤 花子", "佐藤 ●●"): "unreadable",
    ("高橋 明", "高橋 明"): "match",
    ("高橋 明", "髙橋明"): "variant",
    # Whom a portal named first, in a visit without data, is its citizen as that portal writes the name.
    ("佐藤花子", "佐藤花子"): "match",
    ("佐藤花子", "佐藤 ●●"): "unreadable",
    ("髙橋明", "髙橋明"): "match",
    ("髙橋明", "高橋 明"): "variant",
    ("佐藤 華子", "佐藤 華子"): "match",
    ("佐藤 華子", "佐藤 ●●"): "unreadable",
    ("鈴木 一郎", "鈴木 一郎"): "match",
}
"""Everybody else is somebody else."""
WRONG_ANSWERS = 5
"""After so many in a visit only a leader confirms."""
NUMBERS = (
    Value(kind=FieldKind.PAYMENT_ID, text="SP10010001"),
    Value(kind=FieldKind.PAYMENT_ID, text="SP10020002"),
    Value(kind=FieldKind.ACCOUNT_NUMBER, text="1001001"),
)
NAMES = tuple(Value(kind=FieldKind.ACCOUNT_HOLDER, text=name) for name in ("佐藤花子", "高橋 明", "サトウ ハナコ"))
OWNERS = {
    ("佐藤 花子", "佐藤花子"): "theirs",
    ("佐藤花子", "佐藤花子"): "theirs",
    ("高橋 明", "高橋 明"): "theirs",
    ("髙橋明", "高橋 明"): "read back",
}
"""Person concerned and account; every other written name is somebody else's."""


class BrokenPromise(AssertionError):  # noqa: N818 (what it is)
    """The counter did what it promised never to do."""


def promise(kept: object, text: str) -> None:
    if not kept:
        raise BrokenPromise(text)


@dataclass
class Seen:
    """A sighting as it arrived."""

    sighting: Sighting
    step: int


@dataclass
class Serving:
    """The open visit, in the oracle's own books."""

    id: str
    citizen: Citizen | None
    seen: list[Seen] = field(default_factory=list)
    confirmed: dict[tuple[Jar, Identity | None], int] = field(default_factory=dict)
    """When, by step."""
    confirmed_people: set[Identity | None] = field(default_factory=set)
    """Whoever was confirmed by something that a portal with names said of them."""
    wrong: dict[Identity | None, int] = field(default_factory=dict)
    logins: dict[Jar, int] = field(default_factory=dict)
    changed_at: list[tuple[str, float]] = field(default_factory=list)
    """Context and the latest time that was known when a login or logout went out."""
    holder_changes: list[tuple[str, int]] = field(default_factory=list)
    """Context and step of every login and logout that went out."""
    sent: list[tuple[Jar, int]] = field(default_factory=list)
    took_effect: list[tuple[Submission, float]] = field(default_factory=list)
    """What may have changed a holder, and the time by which the portal had answered it."""
    sessions: set[str] = field(default_factory=set)
    interrupted: bool = False
    """By staff, with a reason."""
    needs_card: bool = False
    handover_after: float | None = None
    card_seen: bool = False
    card_gone: bool = False
    """It was taken away, and nobody has vouched for it since."""
    removals: int = 0
    rests: IdleTerms | None = None
    last_input: float = 0.0
    asked_at: float | None = None
    """Since when staff are asked whether it goes on."""
    concerned: Citizen | None = SATO
    read_back: set[Value] = field(default_factory=set)
    disputes: dict[str, set[Value]] = field(default_factory=dict)
    disputed_at: dict[str, str] = field(default_factory=dict)
    approved: set[Value] = field(default_factory=set)


def _reaches(changed: Submission, jar: Jar) -> bool:
    """A login or logout at one portal is often one at another in the same window."""
    whole_window = changed.request_class in {RequestClass.LOGIN, RequestClass.LOGOUT}
    return whole_window and changed.jar.context == jar.context


@dataclass
class Oracle:
    """Watches one counter, and raises BrokenPromise."""

    step: int = 0
    generation: int = 0
    cleared: bool = False
    """The browser in use was never used, or is proved clean."""
    sealed: bool = False
    closing: bool = False
    visit: Serving | None = None
    held: dict[str, Submission] = field(default_factory=dict)
    waited: bool = False
    """Whether something was held when the event came."""
    earlier: set[str] = field(default_factory=set)
    listed: str | None = None
    """The visit that ended last, while no other has opened."""
    words: set[Confirmer] = field(default_factory=set)
    """Who confirmed its checklist."""
    cleanly: bool = False
    """Whether its logout was proved."""
    awake_since: float = float("-inf")
    """No sighting from before counts."""
    with_card: bool = False
    went: Gone | None = None
    """How the card of the visit, of now or the last, left the reader."""
    reader: str = "empty"
    """Or "card"; or "unknown", when nobody can tell; or "left", a card that nobody saw leave after the last visit."""
    blind: bool = False
    """Whether nobody can tell since, of a card that lay there."""
    turns: dict[str, int] = field(default_factory=dict)
    """Which wait of each held submission is the present one."""
    asked: dict[str, Value] = field(default_factory=dict)
    """What the citizen is asked to read back, by the submission that waits for it."""
    read_at: dict[str, float] = field(default_factory=dict)
    """When a submission's citizen had answered."""
    agreed: bool = False
    """Whether the citizen has just typed the same."""
    stale: str | None = None
    """A submission whose earlier deadline has come: it must not end the present wait."""

    def watch(self, event: e.Event, out: tuple[c.Command, ...]) -> None:
        """Take what the machine did with an event."""
        self.step += 1
        self.waited = bool(self.held)
        if isinstance(event, e.InputSeen | e.StillServing | e.Resumed):
            self._time(event)
        self._before(event)
        for place, command in enumerate(out):
            self._command(event, command, out[place - 1] if place else None)
        self._after(event, out)
        if isinstance(event, e.IdleTimerRang):
            self._rang(event, out)
        if isinstance(event, e.StopMarked):
            kinds = [one.kind if isinstance(one, c.Record) else one for one in out]
            promise(kinds == [c.Kind.STOP_MARKED], "staff's word on a stop is lost, or does more than it says")
        if isinstance(event, e.PinRefused):
            kinds = [one.kind if isinstance(one, c.Record) else one for one in out]
            promise(kinds == [c.Kind.PIN_REFUSED], "a PIN tried in vain is forgotten, or does more than it says")

    # what an event means

    def _before(self, event: e.Event) -> None:
        match event:
            case e.SubmissionHeld(submission=submission):
                self.held[submission.id] = submission
                self._meet(submission.session, submission.generation)
            case e.HolderSighted(sighting=sighting):
                self._meet(sighting.session, sighting.generation)
                if self.visit and not self.closing and sighting.generation == self.generation:
                    self.visit.seen.append(Seen(sighting, self.step))
            case e.ReleaseAnswered(submission=submission, at=at) if self.visit and not self.closing:
                if submission.generation == self.generation and submission.may_change_holder:
                    self.visit.took_effect.append((submission, at))
            case e.Confirmed() if self.visit and not self.closing and not self.sealed:
                self._confirm(self.visit, event)
            case e.AnswersDiffered(identity=shown) if self.visit and not self.closing and not self.sealed:
                self.visit.wrong[shown] = self.visit.wrong.get(shown, 0) + 1
            case e.CardSeen() | e.CardGone() | e.CardAnswered():
                self._card(event)
            case e.EndRequested() | e.ReadBack() | e.ValueApproved() | e.DeadlinePassed():
                self._answers_of_people(event)
            case _:
                pass

    def _time(self, event: e.InputSeen | e.StillServing | e.Resumed) -> None:
        if isinstance(event, e.Resumed):
            self.awake_since = max(self.awake_since, event.at)
        elif self.visit:
            self.visit.last_input = max(self.visit.last_input, event.at)
            self.visit.asked_at = self.visit.asked_at if isinstance(event, e.InputSeen) else None

    def _confirm(self, visit: Serving, event: e.Confirmed) -> None:
        """A leader's word counts; anybody else's only with something of the portal, and after few wrong answers."""
        by_portal = any(question.source is Source.PORTAL for question in event.items)
        named = TERMS[event.jar.portal].assurance is Assurance.IDENTITY
        typed = by_portal or (not named and event.items)
        if event.by_leader or (typed and visit.wrong.get(event.identity, 0) < WRONG_ANSWERS):
            visit.confirmed[event.jar, event.identity] = self.step
            if by_portal and named:
                visit.confirmed_people.add(event.identity)

    def _card(self, event: e.Event) -> None:
        visit = self.visit if self.visit and not self.closing and self.visit.needs_card else Serving("", SATO)
        match event:
            case e.CardSeen():
                self.blind = False
                if self.reader != "left":
                    self.reader, visit.card_seen = "card", True
            case e.CardGone():
                taken = self.reader == "card"
                # Not of whoever comes next.
                of_a_visit = self.reader == "left" or (self.reader != "empty" and self.listed is None)
                self.went = event.why if of_a_visit else self.went
                visit.removals += taken and not visit.card_gone
                visit.card_gone = visit.card_gone or taken
                self.blind = self.reader != "empty" and event.why not in {Gone.REMOVED, Gone.SWAPPED}
                self.reader = ("left" if self.reader == "left" else "unknown") if self.blind else "empty"
            case e.CardAnswered(answer=CardAnswer.SAME_CITIZEN) if self.reader == "card":
                visit.card_gone = False
            case e.CardAnswered(answer=CardAnswer.WITHOUT_CARD) if not visit.card_seen:
                visit.needs_card = False
            case _:
                pass

    def _answers_of_people(self, event: e.Event) -> None:
        """And the deadline of an earlier wait, which is nobody's answer."""
        match event:
            case e.ReadBack(submission_id=one, typed=typed, at=at) if one in self.asked:
                self.agreed = self._read_back(self.asked[one], typed, at)
            case e.ValueApproved(submission_id=one) if self.visit and not self.closing and not self.sealed:
                self.visit.approved |= self.visit.disputes.pop(one, set())
            case e.EndRequested(interruption=why) if self.visit and not self.closing:
                self.visit.interrupted = why is not None
            case e.DeadlinePassed(submission_id=one, turn=turn) if one in self.held and turn != self.turns[one]:
                self.stale = one
            case _:
                pass

    def _read_back(self, value: Value, typed: str, at: float) -> bool:
        assert self.visit
        whole = value.kind is FieldKind.ACCOUNT_HOLDER
        agrees = typed == (value.text if whole else value.text[-4:])
        if agrees:
            self.visit.read_back.add(value)
            self.read_at |= {one: at for one, asked in self.asked.items() if asked == value}
        return agrees

    def _unread(self, payload: Payload) -> Value | None:
        assert self.visit
        wanted = (one for one in payload.values if self._whose(one) == "read back" and one not in self.visit.read_back)
        return next(wanted, None)

    def _whose(self, value: Value) -> str:
        """Numbers and kana are anybody's: no reading is known at reception."""
        assert self.visit
        if value not in NAMES[:2]:
            return "read back"
        return OWNERS.get((self.visit.concerned.name if self.visit.concerned else "", value.text), "of another")

    def _is_theirs(self, payload: Payload | None) -> bool:
        """Everything that no read-back can mend."""
        assert self.visit
        if payload is None:
            return True
        others = [one for one in payload.values if self._whose(one) == "of another"]
        return payload.readable and not others and not payload.of_another - self.visit.approved

    def _may_be_booked(self, submission: Submission) -> bool:
        payload = submission.payload
        if payload is None or submission.request_class is not RequestClass.SUBMISSION:
            return True
        assert self.visit
        newest = self._newest(submission.jar)
        looked = newest is not None and newest.sighting.taken_at >= self.read_at.get(submission.id, submission.held_at)
        looked = looked or submission.id not in self.read_at
        return self._is_theirs(payload) and self._unread(payload) is None and looked

    def _card_is_there(self) -> bool:
        assert self.visit
        there = self.reader == "card" and self.visit.card_seen and not self.visit.card_gone
        return there or not self.visit.needs_card

    def _meet(self, session: str | None, generation: int) -> None:
        if self.visit and session and generation == self.generation:
            self.visit.sessions.add(session)

    # what a command must keep

    def _command(self, event: e.Event, command: c.Command, before: c.Command | None) -> None:
        match command:
            case c.Release(submission=submission, verdict=verdict):
                self._answered(submission, before, c.Kind.RELEASED)
                promise(verdict.passed and verdict.submission_id == submission.id, "released without a pass")
                self._may_go(submission)
                promise(self._may_be_booked(submission), "released with a value that is not read back, or not theirs")
                self._gone(submission)
            case c.Stop(submission=submission, verdict=verdict):
                self._answered(submission, before, c.Kind.STOPPED)
                promise(not verdict.passed and verdict.submission_id == submission.id, "stopped with a pass")
                self._may_be_stopped(event, submission)
                self._disputed(submission, verdict)
            case c.Record(kind=c.Kind.WITHDRAWN, facts=facts) if ("after_answer", "yes") in facts:
                promise(dict(facts)["submission"] not in self.held, "withdrawn after an answer that was not given")
            case c.Record(kind=c.Kind.WITHDRAWN, facts=facts):
                promise(self.held.pop(dict(facts)["submission"], None), "withdrawn without having been held")
                self.asked.pop(dict(facts)["submission"], None)
                self.turns.pop(dict(facts)["submission"], None)
            case c.Admit(generation=generation, visit_id=visit_id):
                self._opened(event, generation, visit_id)
            case c.Record(kind=c.Kind.VISIT_BOUND, citizen=citizen):
                assert isinstance(event, e.Bound)
                self._bound(event, citizen)
            case c.SetDeadline(submission_id=one, seconds=allowed, turn=turn):
                self._waits_anew(one, allowed, turn)
            case c.Record(kind=c.Kind.CHECKLIST | c.Kind.VISIT_WITHOUT_GUARD | c.Kind.IDLE_ASKED):
                self._entry(event, command)
            case c.Handover(ending=ending):
                promise(self.cleared or self.visit, "a handover of nothing")
                asked_for = ending is not e.Ending.IDLE or isinstance(event, e.EndRequested)
                promise(asked_for or self._rested(event), "ended while somebody was there")
                self.cleared, self.closing = False, True
            case _:
                pass

    def _waits_anew(self, one: str, allowed: float, turn: int) -> None:
        promise(
            one in self.held and turn > self.turns.get(one, -1), "a deadline of nobody, or one that was there before"
        )
        self.turns[one] = turn
        self.asked.pop(one, None)
        if allowed == TERMS["point"].read_back_within:
            payload = self.held[one].payload
            value = None if payload is None else self._unread(payload)
            promise(value, "waits for the citizen, who has read back everything")
            assert value
            self.asked[one] = value

    def _settled(self, submission: Submission) -> None:
        """A number that went out settles what was disputed at its portal about one of its kind."""
        assert self.visit
        kinds = {one.kind for one in submission.payload.values} if submission.payload else set()
        for one, disputed in self.visit.disputes.items():
            if self.visit.disputed_at[one] == submission.jar.portal:
                disputed.difference_update({value for value in disputed if value.kind in kinds})

    def _disputed(self, submission: Submission, verdict: Verdict) -> None:
        if self.visit is None or submission.payload is None or verdict.reason is not Reason.VALUE_OF_ANOTHER:
            return
        taken = submission.payload.of_another - self.visit.approved
        for disputed in self.visit.disputes.values():
            disputed.difference_update(taken)
        self.visit.disputes[submission.id] = set(taken)
        self.visit.disputed_at[submission.id] = submission.jar.portal

    def _answered(self, submission: Submission, before: c.Command | None, kind: c.Kind) -> None:
        promise(self.held.pop(submission.id, None) == submission, "answered twice, or never held")
        self.turns.pop(submission.id, None)
        self.asked.pop(submission.id, None)
        promise(isinstance(before, c.Record) and before.kind is kind, "answered without its entry before it")
        assert isinstance(before, c.Record)
        promise(("submission", submission.id) in before.facts, "the entry is of another submission")

    def _opened(self, event: e.Event, generation: int, visit_id: str) -> None:
        promise(isinstance(event, e.OpenRequested) and event.visit_id == visit_id, "opened unasked")
        assert isinstance(event, e.OpenRequested)
        promise(self.cleared and self.visit is None and not self.closing, "opened before clearance")
        promise(not self.sealed, "opened while sealed")
        promise(generation == self.generation, "opened in another browser")
        promise(self.listed is None or self.words == set(Confirmer), "an open checklist was forgotten")
        self.listed = None
        self.visit, self.cleared = Serving(visit_id, event.citizen), False
        self.visit.concerned = event.acting_for or event.citizen
        if event.card is not None:
            self.visit.needs_card, self.visit.handover_after = True, event.card.handover_after
            self.visit.card_seen = self.reader == "card"
        self.visit.rests, self.visit.last_input = event.idle, event.at

    def _bound(self, event: e.Bound, citizen: Citizen | None) -> None:
        promise(self.visit and not self.closing and not self.sealed, "bound without an open visit")
        assert self.visit
        promise(self.visit.citizen is None, "bound twice, or in spite of reception")
        typed = any(question.source is Source.PORTAL for question in event.items)
        few = self.visit.wrong.get(event.identity, 0) < WRONG_ANSWERS
        promise(event.by_leader or (typed and few), "bound by nobody's word")
        newest = self._newest(event.jar)
        promise(newest and self._untouched(event.jar, newest.step), "bound to whom nobody sees now")
        assert newest
        promise(not self._of_before(newest.sighting), "bound to whom the portal named before a login")
        promise(newest.sighting.holder == Known(identity=event.identity), "bound to somebody else")
        promise(TERMS[event.jar.portal].assurance is Assurance.IDENTITY, "bound to whom no portal names")
        promise(citizen and citizen.name == event.identity.name, "bound to another name")
        self.visit.citizen, self.visit.concerned = citizen, self.visit.concerned or citizen
        for one in self._named_now():
            assert isinstance(one.holder, Known)
            promise(one.session not in self.earlier, "bound beside a leftover session")
            promise(self._relation(one.holder.identity) != "someone else", "bound while somebody else is logged in")

    def _named_now(self) -> list[Sighting]:
        """Every jar's newest sighting that nothing has made old, where it names somebody."""
        assert self.visit
        newest = [one for jar in {one.sighting.jar for one in self.visit.seen} if (one := self._newest(jar))]
        return [
            one.sighting
            for one in newest
            if isinstance(one.sighting.holder, Known)
            and one.sighting.holder.identity
            and self._untouched(one.sighting.jar, one.step)
            and not self._of_before(one.sighting)
            and all(
                one.sighting.taken_at > at
                for context, at in self.visit.changed_at
                if context == one.sighting.jar.context
            )
        ]

    def _may_go(self, submission: Submission) -> None:
        match submission.request_class:
            case RequestClass.LOGOUT:
                return
            case RequestClass.FOREIGN:
                promise(kept=False, text="released to a foreign origin")
            case _:
                promise(self.visit and not self.closing, "released without an open visit")
                promise(not self.sealed, "released while sealed")
                promise(submission.generation == self.generation, "released from an old browser")
        assert self.visit
        if submission.request_class in {RequestClass.LOGIN, RequestClass.SUBMISSION}:
            promise(self._card_is_there(), "released while the card is required and gone")
        if submission.request_class is RequestClass.LOGIN:
            promise(self._login_is_right(submission), "a login over somebody else, or without a look")
        if submission.request_class is RequestClass.SUBMISSION:
            promise(submission.session not in self.earlier, "released in a leftover session")
            promise(self._is_right(submission), "released without agreement under the same session")

    def _gone(self, submission: Submission) -> None:
        if self.visit is None or submission.generation != self.generation:
            return
        match submission.request_class:
            case RequestClass.SUBMISSION:
                self.visit.sent.append((submission.jar, self.step))
                self._settled(submission)
            case RequestClass.LOGIN | RequestClass.LOGOUT:
                self.visit.holder_changes.append((submission.jar.context, self.step))
                seen = [one.sighting.taken_at for one in self.visit.seen]
                self.visit.changed_at.append((submission.jar.context, max([submission.held_at, *seen])))
                if submission.request_class is RequestClass.LOGIN:
                    self.visit.logins[submission.jar] = self.step
                else:
                    self.visit.logins.pop(submission.jar, None)
            case _:
                pass

    def _may_be_stopped(self, event: e.Event, submission: Submission) -> None:
        """A false stop gets clicked away: what is proved right live, here and now, goes out."""
        promise(submission.request_class is not RequestClass.LOGOUT, "a logout was stopped")
        promise(not (isinstance(event, e.ReadBack) and self.agreed), "stopped though it was read back")
        if not isinstance(event, e.HolderSighted) or self.visit is None or self.sealed:
            return
        right = self._login_is_right if submission.request_class is RequestClass.LOGIN else self._is_right
        since = self.read_at.get(submission.id, submission.held_at)
        live = event.sighting.taken_at >= since and submission.session not in self.earlier
        if not self._is_theirs(submission.payload):
            return
        promise(not (live and right(submission) and self._card_is_there()), "a right submission was stopped")

    # who is who

    def _newest(self, jar: Jar) -> Seen | None:
        assert self.visit
        seen = [one for one in self.visit.seen if one.sighting.jar == jar]
        return max(seen, key=lambda one: (one.sighting.taken_at, one.step), default=None)

    def _untouched(self, jar: Jar, since: int) -> bool:
        """Nothing that may have changed the holder went out after this step, nor a login within it."""
        assert self.visit
        changed = any(context == jar.context and step >= since for context, step in self.visit.holder_changes)
        return not changed and not any(sent == jar and since <= step < self.step for sent, step in self.visit.sent)

    def _of_before(self, sighting: Sighting) -> bool:
        """Taken before the PC slept, or before the portal had answered what may have changed the holder of its jar."""
        assert self.visit
        return sighting.taken_at < self.awake_since or any(
            sighting.taken_at < at and (changed.jar == sighting.jar or _reaches(changed, sighting.jar))
            for changed, at in self.visit.took_effect
        )

    def _is_right(self, submission: Submission) -> bool:
        assert self.visit
        newest, terms = self._newest(submission.jar), TERMS[submission.jar.portal]
        if newest is None or not self._untouched(submission.jar, newest.step) or self._of_before(newest.sighting):
            return False
        sighting = newest.sighting
        fresh = sighting.taken_at >= submission.held_at - terms.max_age
        same = submission.session is not None and sighting.session == submission.session
        return fresh and same and self._agrees(sighting, terms)

    def _relation(self, shown: Identity | None) -> str:
        assert self.visit
        if shown is None:
            return "unreadable"
        assert self.visit.citizen
        return RELATIONS.get((self.visit.citizen.name, shown.name or ""), "someone else")

    def _agrees(self, sighting: Sighting, terms: Terms) -> bool:
        assert self.visit
        if self.visit.citizen is None or not isinstance(sighting.holder, Known):
            return False
        shown = sighting.holder.identity
        relation = self._relation(shown)
        if relation == "someone else":
            return False
        if terms.assurance is Assurance.PROVENANCE:
            return sighting.jar in self.visit.logins and self._typed(sighting.jar, shown)
        confirmed = (sighting.jar, shown) in self.visit.confirmed or shown in self.visit.confirmed_people
        return relation == "match" or (relation == "variant" and confirmed)

    def _typed(self, jar: Jar, shown: Identity | None) -> bool:
        """Confirmed after the last login or logout of the window."""
        assert self.visit
        changes = [step for context, step in self.visit.holder_changes if context == jar.context]
        return self.visit.confirmed.get((jar, shown), -1) > max(changes, default=0)

    def _login_is_right(self, submission: Submission) -> bool:
        assert self.visit
        newest = self._newest(submission.jar)
        if newest is None or newest.sighting.taken_at < submission.held_at or self._of_before(newest.sighting):
            return False
        changes = [step for context, step in self.visit.holder_changes if context == submission.jar.context]
        if max(changes, default=0) >= newest.step:
            return False
        own = submission.jar in self.visit.logins and TERMS[submission.jar.portal].assurance is Assurance.PROVENANCE
        match newest.sighting.holder:
            case Nobody():
                return True
            case Known() if self.visit.citizen is None:
                return submission.jar in self.visit.logins
            case Known(identity=shown):
                relation = self._relation(shown)
                return relation in {"match", "variant"} or (relation == "unreadable" and own)
            case Unclear():
                return False

    # what must hold when the event is done

    def _after(self, event: e.Event, out: tuple[c.Command, ...]) -> None:
        match event:
            case e.BrowserReady(generation=generation, unfinished_visit=visit, unlifted_seal=seal) if (
                self.generation == 0
            ):
                self.generation, self.cleared = generation, True
                self.sealed = self.sealed or visit is not None or seal is not None
            case e.HandoverEnded(clearance=clearance, generation=generation) if self.closing:
                self._cleared(generation, clean=clearance.clean)
            case e.UnforeseenFault():
                self.sealed = True
                entries = [one.kind for one in out if isinstance(one, c.Record)]
                promise(c.Kind.SEALED in entries, "no entry of a seal")
                promise(not self.held, "left waiting after a fault")
            case e.DeadlinePassed() | e.ReadBack():
                self._waited(event, out)
            case e.SubmissionWithdrawn(submission_id=gone):
                promise(gone not in self.held, "a vanished submission is still waited for")
            case e.SubmissionHeld(submission=submission) if submission.id in self.held:
                self._asked(submission, out)
            case e.HolderSighted(sighting=sighting):
                self._looked_again(sighting, out)
            case e.LiftRequested() if self.cleared:
                self.sealed = False
            case e.CardGone() | e.CardGracePassed():
                self._without_card(event)
            case _:
                pass
        promise(not self.held or (self.visit and not self.closing and not self.sealed), "left waiting for nobody")

    def _waited(self, event: e.DeadlinePassed | e.ReadBack, out: tuple[c.Command, ...]) -> None:
        one, held = event.submission_id, self.held.get(event.submission_id)
        if isinstance(event, e.DeadlinePassed):
            promise(self.stale is None or held, "stopped by the deadline of an earlier wait")
            promise(self.stale is not None or not held, "left waiting after its deadline")
            self.stale = None
        elif held is None or one not in self.read_at:
            promise(one not in self.asked, "a slip goes on waiting")
        else:
            look = c.LookAt(jar=held.jar, generation=self.generation)
            promise(one in self.asked or look in out, "read back, and nobody looks again")

    def _cleared(self, generation: int, *, clean: bool) -> None:
        self.earlier |= self.visit.sessions if self.visit else set()
        if self.visit:
            self.listed, self.words, self.cleanly = self.visit.id, set(), clean
            self.with_card = self.visit.needs_card and self.visit.card_seen
            if self.reader != "empty":
                self.reader = "left"
        interrupted = self.visit is not None and self.visit.interrupted
        self.visit, self.closing, self.cleared, self.generation = None, False, True, generation
        self.sealed = self.sealed or not clean or interrupted

    def _entry(self, event: e.Event, entry: c.Record) -> None:
        if entry.kind is c.Kind.CHECKLIST:
            self._checklist(event, entry)
        elif entry.kind is c.Kind.IDLE_ASKED:
            self._asks(event)
        else:
            promise(entry.visit_id == "paper", "a visit on paper was entered under one that the guard watches")

    def _asks(self, event: e.Event) -> None:
        assert isinstance(event, e.IdleTimerRang)
        assert self.visit
        assert self.visit.rests
        rested = event.at - self.visit.last_input
        promise(rested >= self.visit.rests.ask_after, "asked while somebody was there")
        self.visit.asked_at = event.at

    def _rested(self, event: e.Event) -> bool:
        """Asked, not answered, nothing touched since, and nothing on its way to the portal."""
        visit = self.visit
        if not isinstance(event, e.IdleTimerRang) or visit is None or visit.rests is None or visit.asked_at is None:
            return False
        since = max(visit.asked_at, visit.last_input)
        return event.at - since >= visit.rests.answer_within and not self.waited

    def _rang(self, event: e.IdleTimerRang, out: tuple[c.Command, ...]) -> None:
        """The visit goes on: then with another timer, and never longer than it may rest."""
        if self.visit is None or self.closing or self.visit.id != event.visit_id:
            return
        timers = [one for one in out if isinstance(one, c.SetIdleTimer) and one.visit_id == self.visit.id]
        promise(self.visit.rests is None or len(timers) == 1, "no timer, or two, for a visit that rests")
        if self.visit.rests is None:
            return
        promise(self.visit.asked_at == event.at or not self._rested(event), "nobody answers, and the visit goes on")
        left_alone = event.at - self.visit.last_input >= 2 * self.visit.rests.ask_after
        promise(not left_alone or self.visit.asked_at is not None, "left alone, and nobody is asked")

    def _checklist(self, event: e.Event, entry: c.Record) -> None:
        """Nobody's word is taken for what the guard has to prove, or for a card that lies on the reader."""
        facts = dict(entry.facts)
        promise(entry.visit_id == self.listed, "a checklist of another visit")
        if isinstance(event, e.OpenRequested):
            promise(self.words != set(Confirmer), "a confirmed checklist is recorded as not confirmed")
        else:
            assert isinstance(event, e.ChecklistConfirmed)
            promise(event.visit_id == self.listed, "the word on another visit was taken")
            promise(Item.PAPERS_TAKEN in event.ticked, "confirmed with something open")
            lies_there = self.with_card and self.reader == "left" and not self.blind
            promise(not lies_there, "confirmed while the card lies there")
            self.words.add(event.by)
        promise({one for one in Confirmer if facts[one] == "yes"} == self.words, "somebody confirmed who did not")
        promise(How.SAID not in {facts[Item.LOGGED_OUT], facts[Item.WINDOW_CLOSED]}, "ticked what the guard must prove")
        promise(facts[Item.LOGGED_OUT] == "proved" or not self.cleanly, "a proved logout was not told")
        promise(self.cleanly or facts[Item.LOGGED_OUT] == "open", "a logout that was not proved was told")
        promise(facts[Item.CARD_RETURNED] != How.READER or self.went is Gone.REMOVED, "returned, and nobody saw it go")
        if isinstance(event, e.OpenRequested):
            self.listed = None

    def _without_card(self, event: e.CardGone | e.CardGracePassed) -> None:
        if self.visit is None or self.closing:
            return
        if isinstance(event, e.CardGone):
            promise(self._card_is_there() or not self.held, "left waiting without the card")
            return
        due = self.visit.card_gone and (event.visit_id, event.removal) == (self.visit.id, self.visit.removals)
        promise(not due, "the grace is over, and the visit goes on")

    def _asked(self, submission: Submission, out: tuple[c.Command, ...]) -> None:
        look = c.LookAt(jar=submission.jar, generation=self.generation)
        deadlines = [one for one in out if isinstance(one, c.SetDeadline) and one.submission_id == submission.id]
        waits = look in out or submission.id in self.asked
        promise(waits and len(deadlines) == 1, "waits without a look or without a deadline")

    def _looked_again(self, sighting: Sighting, out: tuple[c.Command, ...]) -> None:
        waits = [one for one in self.held.values() if one.jar == sighting.jar and one.id not in self.asked]
        if waits and sighting.generation == self.generation:
            promise(c.LookAt(jar=sighting.jar, generation=self.generation) in out, "waits for a look that nobody takes")
