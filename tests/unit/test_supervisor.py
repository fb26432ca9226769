"""The driver, with a real journal and a browser that only notes what it is told."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import structlog
from sqlalchemy import text

from guard.browser.handover import Handed
from guard.card import CardPresent, CardRemoved
from guard.config import Config
from guard.core.card import CardAnswer, CardState, CardTerms, Gone
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.commands import Kind, Refusal
from guard.core.confirmation import TRIES, Answers
from guard.core.events import Ending
from guard.core.identity import Citizen, Identity, Jar, Known, Sighting
from guard.core.interruption import Interruption
from guard.core.offline import Cause, Kept
from guard.core.payload import FieldKind, Payload, Value
from guard.core.staff import Denial, Denied, Member, Role
from guard.core.submission import Channel, RequestClass, Submission
from guard.core.verdict import Reason
from guard.core.view import Phase, SealReason
from guard.desk import CounterDesk
from guard.errors import JournalError
from guard.grammar import HolderReading, Locator, Reading, Session, Words
from guard.persons import Approval
from guard.portal import Portal
from guard.record.feed import LedgerFeed
from guard.record.journal import Journal
from guard.record.ledger import Ledger
from guard.record.lookup import Lookup
from guard.record.staff import StaffRegister
from guard.reports import Reports
from guard.supervisor import Supervisor
from guard.tasks import Tasks
from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from guard.browser.guarded import GuardedBrowser
    from guard.core.view import CounterView

YAMADA = Citizen(name="山田 太郎", birth_date=date(1980, 4, 1))
FRIDAY = date(2026, 4, 3)
JAR = Jar(portal="point", context="")
CLEAN = (Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED),)


class Browser:
    """Notes what the supervisor has it do; its sentinel sees whom the test says."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.alive = True
        self.closed_by_staff = False
        self.done: list[str] = []
        self.holder = "山田 太郎"
        self.born: date | None = None
        self.drawing_fails = False
        self.logins = self
        self.gate = SimpleNamespace(stop=lambda held: self.done.append(f"stop {held.id}"))

    def admit(self) -> None:
        self.done.append("admit")

    def release(self, submission: Submission) -> None:
        self.done.append(f"release {submission.id}")

    async def look(self, jar: Jar) -> Sighting:
        await asyncio.sleep(0)
        now = asyncio.get_running_loop().time()
        holder = Known(identity=Identity(name=self.holder, birth_date=self.born))
        return Sighting(jar=jar, holder=holder, session=f"s{self.generation}", generation=self.generation, taken_at=now)

    def draw_ribbons(self, _: object) -> None:
        if self.drawing_fails:
            raise KeyError("ribbon")

    def show_stop(self, _: str) -> None:
        self.done.append("overlay")

    def redraw_start_page(self) -> None:
        pass


class Day:
    """A supervisor between a journal on disk and browsers that come one after the other."""

    def __init__(self, config: Config, journal: Journal) -> None:
        self.journal = journal
        self.tasks = Tasks(self.failed)
        loop, self.ledger = asyncio.get_running_loop(), Ledger.open(config.ledger_file, config.counter)
        self.feed = LedgerFeed(self.ledger, journal, lambda: loop.call_soon_threadsafe(self.supervisor.ledger_turned))
        self.supervisor = Supervisor(config, journal, Texts(Language.JA), self.tasks, self.hand_over, self.feed)
        self.reports = Reports(self.supervisor, journal.of_another)
        self.feed.start()
        terms = {portal.name: portal.terms for portal in config.portals}
        self.register = StaffRegister.open(config.staff_file)
        lookup = Lookup(self.ledger, journal, self.feed)
        self.desk = CounterDesk(self.supervisor, terms, journal.in_common, self.register, lookup=lookup)
        self.browser = Browser(1)
        self.next = Browser(2)

    def failed(self, name: str, error: BaseException) -> None:
        self.supervisor.fault(name, error)

    async def hand_over(self, old: GuardedBrowser, visit_id: str | None) -> Handed:
        self.supervisor.coming(cast("Any", self.next))
        await asyncio.sleep(0.01)
        clearance = Clearance(visit_id=visit_id, generation=old.generation, proofs=CLEAN)
        handed = Handed(clearance=clearance, browser=cast("Any", self.next))
        self.browser, self.next = self.next, Browser(self.next.generation + 1)
        return handed

    def held(self, name: str = "r1", *, generation: int = 1, payload: Payload | None = None) -> None:
        now = asyncio.get_running_loop().time()
        self.reports.held(
            Submission(
                id=name,
                jar=JAR,
                request_class=RequestClass.SUBMISSION,
                channel=Channel.DOCUMENT,
                method="POST",
                path="/apply",
                session=f"s{generation}",
                generation=generation,
                held_at=now,
                payload=payload,
            )
        )

    async def ready_again(self) -> None:
        await self.until(lambda view: view.phase is Phase.READY)

    async def until(self, wanted: Callable[[CounterView], bool]) -> CounterView:
        async with asyncio.timeout(2):
            return await self.desk.until(wanted)

    @contextmanager
    def broken_journal(self) -> Iterator[None]:
        self._order("ON")
        yield
        self._order("OFF")

    def _order(self, state: str) -> None:
        with self.journal._engine.connect() as connection:
            connection.execute(text(f"PRAGMA query_only = {state}"))

    def kinds(self) -> list[Kind]:
        return [entry.kind for entry in self.journal.entries()]


async def everything_done() -> None:
    """Let all that is ready run, however slow the disk is meanwhile: what is tested waits for no clock."""
    for _ in range(100):
        await asyncio.sleep(0)


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    portal = Portal(
        name="point",
        title=Words(ja="サイト", en="site"),
        origins=("https://point.portal.test",),
        session=Session(cookies=("sid",)),
        holder=HolderReading(path="/whoami", reading=Reading.JSON, guest="guest", name=Locator(select="name")),
        max_age=0.0,
    )
    journal = Journal.open(tmp_path / "journal.sqlite", b"k" * 32)
    day = Day(Config(counter="窓口1", portals=(portal,), state_dir=tmp_path), journal)
    day.supervisor.ready(cast("Any", day.browser))
    yield day
    await day.tasks.stop()
    day.feed.close()
    journal.close()


async def test_an_agreeing_submission_is_journalled_and_then_released(day: Day) -> None:
    assert await day.desk.open_visit(YAMADA) is None
    day.held()
    await everything_done()
    assert day.browser.done == ["admit", "release r1"]
    assert day.kinds() == [Kind.COUNTER_STARTED, Kind.VISIT_OPENED, Kind.RELEASED]


async def test_the_page_is_told_when_the_visit_was_opened_and_what_was_sent(day: Day) -> None:
    before = datetime.now().astimezone()
    await day.desk.open_visit(YAMADA)
    day.held()
    view = await day.until(lambda view: bool(view.sent))
    assert view.opened_at is not None
    assert before <= view.opened_at <= datetime.now().astimezone()
    assert [(one.submission_id, one.portal, one.channel) for one in view.sent] == [("r1", "point", Channel.DOCUMENT)]


async def test_an_answer_tells_how_long_the_guard_held_the_submission(day: Day) -> None:
    """In milliseconds, for releases and stops alike: what the checks cost is counted, not guessed."""
    await day.desk.open_visit(YAMADA)
    day.held()
    await everything_done()
    day.browser.holder = "鈴木 一郎"
    day.held("r2")
    await everything_done()
    released, stopped = (dict(entry.facts) for entry in day.journal.entries()[-2:])
    assert "reason" in stopped
    for facts in (released, stopped):
        assert 0 <= int(facts["held_ms"]) < 2000


async def test_a_ledger_that_fails_is_shown_and_stands_in_nobodys_way(day: Day, tmp_path: Path) -> None:
    """A release needs the journal alone."""
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw:
        raw.execute("DROP TABLE visit")
        raw.commit()
    await day.desk.open_visit(YAMADA)
    async with asyncio.timeout(5):
        await day.desk.until(lambda view: view.ledger_failed)
    day.held()
    await everything_done()
    assert day.browser.done == ["admit", "release r1"]


async def test_a_citizen_who_returns_after_an_interruption_is_recognised_by_the_desk(day: Day) -> None:
    """The ledger is asked for whoever is received; ticket and staff's word on a stop are on record, too."""
    await day.desk.open_visit(YAMADA, ticket="A-12")
    await day.desk.end(Ending.INTERRUPTED, Interruption.PORTAL_DOWN)
    await day.ready_again()
    assert day.supervisor.view().seal is SealReason.INTERRUPTED
    await day.desk.lift("L-1")
    assert await day.desk.open_visit(Citizen(name="鈴木 一郎")) is None
    assert day.supervisor.view().earlier is None
    await day.desk.end(Ending.DONE)
    await day.ready_again()
    await day.desk.open_visit(YAMADA)
    earlier = day.supervisor.view().earlier
    assert earlier is not None
    assert earlier.why is Interruption.PORTAL_DOWN
    assert day.desk.mark_stop(7, "v1", True) is None  # noqa: FBT003  # staff's word
    opened, *_, marked = day.journal.entries()[1:]
    assert dict(opened.facts)["ticket"] == day.journal.digest_of("ticket", "A-12")
    assert (marked.visit_id, dict(marked.facts)) == ("v1", {"stop": "7", "false": "yes", "by": ""})


async def test_staffs_word_on_a_stop_counts_with_its_entry_or_not_at_all(day: Day) -> None:
    with day.broken_journal():
        assert day.desk.mark_stop(7, "v1", True) is Refusal.COUNTER_SEALED  # noqa: FBT003  # staff's word
    await day.desk.lift("L-1")
    assert Kind.STOP_MARKED not in day.kinds()


async def test_without_its_entry_a_release_becomes_a_stop_that_staff_see(day: Day) -> None:
    """Nothing is sent, the overlay says so, and the message of the seal tells what to mend."""
    await day.desk.open_visit(YAMADA)
    with day.broken_journal():
        day.held()
        await everything_done()
        assert day.browser.done == ["admit", "stop r1", "overlay"]
        view = day.supervisor.view()
        assert view.seal is SealReason.UNFORESEEN
        assert "Give this user write access" in view.seal_detail
        assert (view.released, view.stops[-1].reason) == (0, Reason.UNFORESEEN)
        await day.desk.end(Ending.DISCARDED)
        await day.ready_again()
        assert await day.desk.lift("L-1") is Refusal.COUNTER_SEALED
        assert day.supervisor.view().seal is not None
    assert await day.desk.lift("L-1") is None
    assert day.supervisor.view().seal is None
    written = day.kinds()
    assert Kind.RELEASED not in written
    assert written.index(Kind.STOPPED) < written.index(Kind.CLEARANCE) < written.index(Kind.LIFTED)
    assert written[-1] is Kind.LIFTED


async def test_a_registered_leader_lifts_with_the_pin_and_the_journal_knows_the_number(day: Day) -> None:
    """Nobody else does, and a register that cannot be read lets nobody off the PIN."""
    assert not day.desk.asks_pins()
    day.register.add(Member(number="L-07", name="伊藤 桜", role=Role.LEADER), "2749")
    assert day.desk.asks_pins()
    day.failed("gate", ValueError("seal"))
    assert await day.desk.lift("L-07", "2748") == Denied(why=Denial.WRONG_PIN)
    assert await day.desk.lift("L-07") == Denied(why=Denial.PIN_MISSING)
    with unreadable(day.register):
        assert day.desk.asks_pins()
        assert await day.desk.lift("L-07", "2749") == Denied(why=Denial.REGISTER_FAILED)
    assert day.supervisor.view().seal is not None
    assert Kind.LIFTED not in day.kinds()
    assert await day.desk.lift(" l-07", "2749") is None
    assert day.supervisor.view().seal is None
    facts = dict(day.journal.entries()[-1].facts)
    assert (facts["leader"], facts["pin"]) == ("L-07", "right")
    assert all(secret not in repr(day.journal.entries()) for secret in ("2749", "伊藤"))


async def test_on_a_new_day_no_visit_opens_before_somebody_is_chosen_with_a_pin(day: Day) -> None:
    """A guard left on overnight; the watch need not have looked yet. Yesterday's person types the PIN like anybody."""
    day.desk.days.today = lambda: FRIDAY
    day.desk.days.look()
    day.register.add(Member(number="S-12", name="小野 健", role=Role.STAFF), "8305")
    await day.desk.take_over("S-12", "8305")
    assert await day.desk.open_visit(YAMADA) is None
    day.desk.days.today = lambda: FRIDAY + timedelta(days=3)
    day.desk.days.look()
    assert day.desk.view().staff is not None, "not in an open visit"
    await day.desk.end(Ending.DONE)
    await day.ready_again()
    assert day.desk.view().staff is None
    assert await day.desk.open_visit(YAMADA) is Refusal.STAFF_FIRST
    assert await day.desk.take_over("S-12", "8305") is None
    day.desk.days.today = lambda: FRIDAY + timedelta(days=4)
    entered = "2026-04-06T09:00", Ending.DONE, Cause.GUARD, frozenset(Kept)
    assert await day.desk.open_visit(YAMADA) is Refusal.STAFF_FIRST
    assert await day.desk.enter_visit(*entered) is Refusal.STAFF_FIRST
    assert await day.desk.take_over("S-12", "8304") == Denied(why=Denial.WRONG_PIN)
    assert await day.desk.open_visit(YAMADA) is Refusal.STAFF_FIRST
    assert await day.desk.take_over("S-12", "8305") is None
    assert await day.desk.enter_visit(*entered) is None
    assert await day.desk.open_visit(YAMADA) is None
    changes = [one for one in day.journal.entries() if one.kind is Kind.STAFF_CHANGED]
    assert [dict(one.facts)["to"] for one in changes] == ["S-12", "", "S-12", "", "S-12"]


async def test_who_is_chosen_at_midnight_serves_the_day_that_begins(day: Day) -> None:
    """The date changes between the question and the PIN; the watch looks a second later, and asks nobody twice."""
    day.register.add(Member(number="S-12", name="小野 健", role=Role.STAFF), "8305")
    day.desk.days.today = lambda: FRIDAY
    await day.desk.take_over("S-12", "8305")
    day.desk.days.look()
    assert day.desk.view().staff is not None


async def test_midnight_that_passes_while_the_ledger_is_asked_opens_no_visit(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.register.add(Member(number="S-12", name="小野 健", role=Role.STAFF), "8305")
    await day.desk.take_over("S-12", "8305")

    async def slow(_: Citizen) -> None:
        day.desk.days.today = lambda: FRIDAY

    monkeypatch.setattr(day.desk, "_earlier", slow)
    assert await day.desk.open_visit(YAMADA) is Refusal.STAFF_FIRST
    assert day.desk.view().phase is Phase.READY


async def test_a_new_day_asks_nobody_where_nobody_is_registered(day: Day) -> None:
    day.desk.days.today = lambda: FRIDAY
    assert await day.desk.open_visit(YAMADA) is None
    assert day.kinds() == [Kind.COUNTER_STARTED, Kind.VISIT_OPENED]


async def test_where_nobody_is_registered_the_number_alone_lifts_and_the_journal_says_so(day: Day) -> None:
    day.failed("gate", ValueError("seal"))
    assert await day.desk.lift("L-1", "whatever") is None
    facts = dict(day.journal.entries()[-1].facts)
    assert (facts["leader"], facts["pin"]) == ("L-1", "not_asked")


async def test_a_variant_without_a_birth_date_is_confirmed_by_the_leaders_pin_alone(day: Day) -> None:
    """The portal shows a variant of the name and nothing more: the typed date proves nothing about the login."""
    day.register.add(Member(number="L-07", name="伊藤 桜", role=Role.LEADER), "2749")
    day.browser.holder = "渡邉 一郎"
    born = date(1975, 5, 5)
    asked = Citizen(name="渡辺 一郎", birth_date=born)
    assert await day.desk.open_visit(asked) is Refusal.STAFF_FIRST
    day.register.add(Member(number="S-12", name="小野 健", role=Role.STAFF), "8305")
    assert await day.desk.take_over("S-12", "8304") == Denied(why=Denial.WRONG_PIN)
    assert await day.desk.take_over("s-12", "8305") is None
    assert await day.desk.open_visit(asked) is None
    day.held()
    await everything_done()
    questions = day.supervisor.view().portals[0].questions
    assert questions is not None
    assert questions.by_leader
    right, wrong = Answers(birth_date=born), Answers(birth_date=date(1975, 5, 6))
    assert await day.desk.confirm("point", right, "小野") is Refusal.LEADER_NEEDED
    for answers in (right, wrong):  # without the PIN nobody learns which date is right
        assert await day.desk.confirm("point", answers, "", "L-07", "2748") == Denied(why=Denial.WRONG_PIN)
        assert await day.desk.confirm("point", answers, "", "L-07") == Denied(why=Denial.PIN_MISSING)
    assert await day.desk.confirm("point", wrong, "", "L-07", "2749") is Refusal.CONFIRMATION_DIFFERS
    assert await day.desk.confirm("point", Answers(), "", "L-07", "2749") is Refusal.ITEM_MISSING
    assert Kind.CONFIRMED not in day.kinds()
    assert await day.desk.confirm("mypage", right, "", "L-07", "2749") is Refusal.NOTHING_TO_CONFIRM
    assert await day.desk.confirm("point", right, "", "L-07", "2749") is None
    assert await day.desk.confirm("point", right, "", "L-07", "2749") is Refusal.NOTHING_TO_CONFIRM
    entry = next(one for one in day.journal.entries() if one.kind is Kind.CONFIRMED)
    assert (dict(entry.facts)["by"], dict(entry.facts)["pin"]) == ("L-07", "right")


async def test_two_answers_confirm_a_variant_once_and_five_wrong_ones_are_too_many(day: Day) -> None:
    """The portal gives a birth date that no page shows; the journal has kinds and no values."""
    born = date(1975, 5, 5)
    day.browser.holder, day.browser.born = "渡邉 一郎", born
    await day.desk.open_visit(Citizen(name="渡辺 一郎", birth_date=born, kana="ワタナベ イチロウ"))
    day.held()
    await everything_done()
    wrong = Answers(birth_date=born, reading="ワタナベ ジロウ")
    for _ in range(TRIES - 1):
        assert await day.desk.confirm("point", wrong, "小野") is Refusal.CONFIRMATION_DIFFERS
    assert await day.desk.confirm("point", Answers(birth_date=born), "小野") is Refusal.ITEM_MISSING
    right = Answers(birth_date=born, reading="わたなべ いちろー")
    assert await day.desk.confirm("point", right, "小野") is None
    told = [dict(one.facts) for one in day.journal.entries() if one.kind is Kind.CONFIRMED]
    items = {"items": "birth_date:portal reading:reception", "by": "小野", "by_leader": "no"}
    assert [items.items() <= facts.items() for facts in told] == [True]
    assert all(secret not in repr(day.journal.entries()) for secret in ("1975", "ワタナベ", "わたなべ"))
    await day.desk.end(Ending.DONE)
    await day.ready_again()
    day.browser.holder, day.browser.born = "渡邉 一郎", born
    await day.desk.open_visit(Citizen(name="渡辺 一郎", birth_date=born, kana="ワタナベ イチロウ"))
    day.reports.used(2, JAR, None)
    await everything_done()
    refusals = [await day.desk.confirm("point", wrong, "小野") for _ in range(TRIES)]
    assert refusals[-1] is Refusal.LEADER_NEEDED
    assert await day.desk.confirm("point", right, "小野") is Refusal.LEADER_NEEDED


async def test_a_visit_without_data_is_bound_to_whoever_answers_for_the_login(day: Day) -> None:
    """Before it everything stops; after it the same holder goes out. Its entry is on the disk, or it did not happen."""
    assert await day.desk.open_visit(None) is Refusal.CITIZEN_MISSING
    day.desk._bound = True
    assert await day.desk.bind(Answers(birth_year=1980), "小野") is Refusal.NO_VISIT_OPEN
    assert await day.desk.open_visit(None) is None
    assert await day.desk.bind(Answers(birth_year=1980), "小野") is Refusal.NOTHING_TO_CONFIRM
    day.browser.born = YAMADA.birth_date
    day.held()
    day.reports.used(1, JAR, None)
    await everything_done()
    right = Answers(birth_year=1980, reading="やまだ たろう")
    assert await day.desk.bind(Answers(birth_year=1981, reading="やまだ"), "小野") is Refusal.CONFIRMATION_DIFFERS
    assert await day.desk.bind(Answers(birth_year=1980), "小野") is Refusal.ITEM_MISSING
    assert await day.desk.bind(right, "小野") is None
    assert await day.desk.bind(right, "小野") is Refusal.NOTHING_TO_CONFIRM
    day.held("r2")
    await everything_done()
    assert day.browser.done == ["admit", "stop r1", "overlay", "release r2"]
    entry = next(one for one in day.journal.entries() if one.kind is Kind.VISIT_BOUND)
    assert entry.citizen == day.journal.digest(YAMADA)
    assert all(secret not in repr(day.journal.entries()) for secret in ("1980", "やまだ", "山田"))


async def test_who_logs_in_while_the_pin_is_looked_at_is_bound_to_nothing(day: Day) -> None:
    """The leader looked at the papers of the one who was shown before."""
    day.desk._bound = True
    await day.desk.open_visit(None)
    day.reports.used(1, JAR, None)
    await everything_done()

    async def slow(number: str, _pin: str) -> Approval:
        day.browser.holder = "佐藤 花子"
        day.reports.used(1, JAR, None)
        await everything_done()
        return Approval(number=number, by_leader=True)

    day.desk._persons._approve = slow
    assert await day.desk.bind(Answers(), "", "L-1") is Refusal.NOTHING_TO_CONFIRM
    assert await day.desk.bind(Answers(), "", "L-1") is None
    assert day.supervisor.view().citizen_name == "佐藤 花子"


async def test_a_binding_without_its_entry_did_not_happen(day: Day) -> None:
    day.desk._bound = True
    await day.desk.open_visit(None)
    day.browser.born = YAMADA.birth_date
    day.reports.used(1, JAR, None)
    await everything_done()
    with day.broken_journal():
        refusal = await day.desk.bind(Answers(birth_year=1980, reading="やまだ たろう"), "小野")
    assert refusal is Refusal.COUNTER_SEALED
    assert (day.supervisor.view().citizen_name, day.supervisor.view().seal) == (None, SealReason.UNFORESEEN)


async def test_staff_who_serve_approve_nothing_themselves_and_a_change_is_journalled(day: Day) -> None:
    """A leader at the counter is staff there: a seal takes another leader. Both numbers stand in the journal."""
    day.register.add(Member(number="L-07", name="伊藤 桜", role=Role.LEADER), "2749")
    day.register.add(Member(number="L-08", name="森 海", role=Role.LEADER), "6193")
    assert await day.desk.take_over("L-07", "2749") is None
    assert await day.desk.take_over("L-07", "2749") is None
    assert await day.desk.open_visit(YAMADA) is None
    assert await day.desk.take_over("L-08", "6193") is None
    view = day.desk.view()
    assert (view.phase, view.staff) == (Phase.SERVING, Member(number="L-08", name="森 海", role=Role.LEADER))
    with unreadable(day.register):
        assert await day.desk.take_over("L-07", "2749") == Denied(why=Denial.REGISTER_FAILED)
    changes = [one for one in day.journal.entries() if one.kind is Kind.STAFF_CHANGED]
    assert [dict(one.facts) for one in changes] == [{"from": "", "to": "L-07"}, {"from": "L-07", "to": "L-08"}]
    assert [one.visit_id is not None for one in changes] == [False, True]
    await day.desk.end(Ending.DONE)
    await day.ready_again()
    day.failed("gate", ValueError("seal"))
    assert await day.desk.lift("L-08", "6193") == Denied(why=Denial.SAME_PERSON)
    refused = dict(day.journal.entries()[-1].facts)
    assert refused == {"number": "L-08", "why": "same_person", "asked": "approval"}
    assert await day.desk.lift("L-07", "2749") is None


async def test_every_pin_tried_in_vain_stands_in_the_journal_and_no_pin_does(day: Day) -> None:
    """ASVS 16.3.3: who was tried, why it was refused, and what for. A number that is nobody's may be a PIN."""
    for number, name, role, pin in (("L-07", "伊藤 桜", Role.LEADER, "2749"), ("S-12", "小野 健", Role.STAFF, "8305")):
        day.register.add(Member(number=number, name=name, role=role), pin)
    desk = day.desk
    for number, pin in (("s-12", "8304"), ("S-12", ""), ("8305", "8305"), ("S-12", "8305")):
        await desk.take_over(number, pin)
    for _ in range(5):
        await desk.lift("L-07", "2748")
    for number, pin in (("L-07", "2749"), ("S-12", "8305"), ("L-7", "2749")):
        await desk.approve_value("1-1", number, pin)
    refused = [tuple(dict(one.facts).values()) for one in day.journal.entries() if one.kind is Kind.PIN_REFUSED]
    assert refused == [
        ("S-12", "wrong_pin", "serving"),
        ("unknown", "wrong_pin", "serving"),
        *[("L-07", "wrong_pin", "approval")] * 4,
        ("L-07", "locked", "approval"),
        ("L-07", "locked", "approval"),
        ("S-12", "not_a_leader", "approval"),
        ("unknown", "wrong_pin", "approval"),
    ]
    told = repr([one.facts for one in day.journal.entries()])
    assert all(pin not in told for pin in ("2748", "2749", "8304", "8305"))


async def test_nobody_serves_by_a_change_that_the_journal_does_not_hold(day: Day) -> None:
    day.register.add(Member(number="S-12", name="小野 健", role=Role.STAFF), "8305")
    with day.broken_journal():
        assert await day.desk.take_over("S-12", "8305") is Refusal.COUNTER_SEALED
    assert day.desk.view().staff is None


@contextmanager
def unreadable(register: StaffRegister) -> Iterator[None]:
    with closing(sqlite3.connect(register._path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


async def test_without_its_entry_no_visit_is_open(day: Day) -> None:
    with day.broken_journal():
        assert await day.desk.open_visit(YAMADA) is Refusal.COUNTER_SEALED
    assert day.supervisor.view().phase is Phase.READY
    assert day.browser.done == []


async def test_a_second_visit_is_declined_and_changes_nothing(day: Day) -> None:
    await day.desk.open_visit(YAMADA)
    before = day.supervisor.view()
    assert await day.desk.open_visit(Citizen(name="田中 一郎")) is Refusal.VISIT_ALREADY_OPEN
    assert day.supervisor.view() == before


async def test_a_request_that_the_coming_browser_holds_is_answered_there(day: Day) -> None:
    """Its window is there before the handover has ended; a hold without an answer would hang for ever."""
    await day.desk.open_visit(YAMADA)
    coming = day.next
    await day.desk.end(Ending.DONE)
    await asyncio.sleep(0)
    day.held("early", generation=2)
    assert coming.done == ["stop early"]
    assert day.supervisor.view().seal is None
    await day.ready_again()


async def test_a_window_closed_during_the_handover_is_noticed_after_it(day: Day) -> None:
    await day.desk.open_visit(YAMADA)
    day.next.closed_by_staff = True
    await day.desk.end(Ending.DONE)
    async with asyncio.timeout(2):
        await day.desk.until(lambda view: view.phase is Phase.READY and view.generation == 3)
    assert day.supervisor.clearance is not None
    assert day.supervisor.clearance.visit_id is not None, "the visit's clearance, not that of the window in between"


async def test_a_ribbon_that_cannot_be_drawn_seals_and_takes_nobody_down(day: Day) -> None:
    """Who reports an event must not end with what is drawn of it: that is the reader of the browser's pipe."""
    day.browser.drawing_fails = True
    await day.desk.open_visit(YAMADA)
    view = day.supervisor.view()
    assert (view.phase, view.seal, view.seal_detail) == (Phase.SERVING, SealReason.UNFORESEEN, "ribbon: KeyError")


async def test_a_fault_is_logged_without_a_value_of_anybody(day: Day) -> None:
    """Structlog as it comes prints local variables with a traceback: a library's user never configured it."""
    with structlog.testing.capture_logs() as logged:
        day.supervisor.fault("gate", ValueError(YAMADA.name))
    assert "exc_info" not in logged[0]
    assert YAMADA.name not in str(logged)
    assert YAMADA.name not in day.supervisor.view().seal_detail


async def test_the_guards_own_errors_are_shown_with_their_mend(day: Day) -> None:
    day.supervisor.fault("journal", JournalError("The journal failed", value="full", mend="Free space."))
    assert day.supervisor.view().seal_detail == "journal: The journal failed (found: full). Free space."


async def test_a_card_that_goes_ends_the_visit_after_the_grace(day: Day) -> None:
    """Configured so: what is held is stopped at once, and the handover follows without staff."""
    day.desk = CounterDesk(day.supervisor, {}, lambda _: frozenset(), day.register, CardTerms(handover_after=0.5))
    day.reports.card(CardPresent())
    await day.desk.open_visit(YAMADA)
    day.reports.card(CardRemoved(why=Gone.REMOVED))
    old = day.browser
    day.held()
    assert old.done == ["admit", "stop r1", "overlay"]
    assert day.supervisor.view().phase is Phase.SERVING
    await day.ready_again()
    assert Kind.CARD_GONE in day.kinds()
    assert day.browser.generation == 2


async def test_staffs_word_keeps_the_visit_open_beyond_the_grace(day: Day) -> None:
    day.desk = CounterDesk(day.supervisor, {}, lambda _: frozenset(), day.register, CardTerms(handover_after=0.5))
    await day.desk.open_visit(YAMADA)
    day.reports.card(CardPresent())
    day.reports.card(CardRemoved(why=Gone.REMOVED))
    assert await day.desk.card(CardAnswer.SAME_CITIZEN) is Refusal.CARD_MISSING
    day.reports.card(CardPresent())
    assert await day.desk.card(CardAnswer.SAME_CITIZEN) is None
    await asyncio.sleep(0.6)
    assert day.supervisor.view().phase is Phase.SERVING
    day.held()
    await everything_done()
    assert day.browser.done == ["admit", "release r1"]


async def test_without_its_entry_nobody_has_vouched_for_a_card(day: Day) -> None:
    """A word that the journal does not hold counts for nothing."""
    day.desk = CounterDesk(day.supervisor, {}, lambda _: frozenset(), day.register, CardTerms())
    await day.desk.open_visit(YAMADA)
    with day.broken_journal():
        assert await day.desk.card(CardAnswer.WITHOUT_CARD) is Refusal.COUNTER_SEALED
    assert day.supervisor.view().card is CardState.AWAITED


ID = Value(kind=FieldKind.PAYMENT_ID, text="SP10010001")
NUMBER = Payload(values=(ID,))
SATO = Citizen(name="佐藤 花子", birth_date=date(1974, 6, 18))


async def sent_with_a_number(day: Day, name: str, citizen: Citizen) -> None:
    """A visit in which a number is read back and goes out."""
    day.browser.holder = citizen.name
    assert await day.desk.open_visit(citizen) is None
    day.held(name, generation=day.browser.generation, payload=NUMBER)
    async with asyncio.timeout(2):
        await day.desk.until(lambda view: view.read_back is not None)
        assert await day.desk.read_back(name, "0001") is None
        await day.desk.until(lambda view: view.released == 1)


async def test_a_number_that_was_read_back_is_sent_and_known_in_the_next_citizens_visit(day: Day) -> None:
    """The journal keeps whose it was by digests; a leader's word lets it through in that one visit."""
    await sent_with_a_number(day, "r1", YAMADA)
    assert day.browser.done[-1] == "release r1"
    await day.desk.end(Ending.DONE)
    await day.ready_again()
    day.browser.holder = SATO.name
    assert await day.desk.open_visit(SATO) is None
    day.held("r2", generation=2, payload=NUMBER)
    async with asyncio.timeout(2):
        stopped = await day.desk.until(lambda view: bool(view.disputes))
    assert stopped.stops[-1].reason is Reason.VALUE_OF_ANOTHER
    assert await day.desk.approve_value("r2", "L1") is None
    assert await day.desk.approve_value("r2", "L1") is Refusal.NOTHING_TO_APPROVE
    assert day.kinds()[-1] is Kind.VALUE_APPROVED
    assert "SP10" not in "".join(str(entry) for entry in day.journal.entries())


async def test_a_word_that_cannot_be_journalled_allows_nothing(day: Day) -> None:
    await sent_with_a_number(day, "r1", YAMADA)
    await day.desk.end(Ending.DONE)
    await day.ready_again()
    day.browser.holder = SATO.name
    assert await day.desk.open_visit(SATO) is None
    day.held("r2", generation=2, payload=NUMBER)
    async with asyncio.timeout(2):
        await day.desk.until(lambda view: bool(view.disputes))
    with day.broken_journal():
        assert await day.desk.approve_value("r2", "L1") is Refusal.COUNTER_SEALED
    assert day.supervisor.counter.visit is not None
    assert day.supervisor.counter.visit.approved == frozenset()
    assert Kind.VALUE_APPROVED not in day.kinds()


async def test_a_read_back_that_cannot_be_journalled_sends_nothing(day: Day) -> None:
    """It seals, and what waited is stopped once."""
    assert await day.desk.open_visit(YAMADA) is None
    day.held(payload=NUMBER)
    async with asyncio.timeout(2):
        await day.desk.until(lambda view: view.read_back is not None)
    with day.broken_journal():
        await day.desk.read_back("r1", "0001")
    assert day.desk.view().seal is SealReason.UNFORESEEN
    assert [did for did in day.browser.done if did.startswith(("release", "stop"))] == ["stop r1"]


async def test_a_citizen_who_is_late_is_stopped_when_the_minute_is_over(day: Day) -> None:
    day.supervisor._terms = {
        name: replace(terms, read_back_within=0.05) for name, terms in day.supervisor._terms.items()
    }
    assert await day.desk.open_visit(YAMADA) is None
    day.held(payload=NUMBER)
    async with asyncio.timeout(2):
        stopped = await day.desk.until(lambda view: bool(view.stops))
    assert stopped.stops[-1].reason is Reason.NOT_READ_BACK
    assert await day.desk.read_back("r1", "0001") is Refusal.NOTHING_TO_READ_BACK


async def test_a_fault_in_asking_whose_a_number_is_seals_and_stops(day: Day) -> None:
    """A request that the gate reports and nobody answers would hang for ever."""

    def breaks(*_: object) -> frozenset[Value]:
        raise KeyError("ledger")

    day.reports._of_another = breaks
    assert await day.desk.open_visit(YAMADA) is None
    day.held(payload=NUMBER)
    assert day.desk.view().seal is SealReason.UNFORESEEN
    assert day.browser.done[-2:] == ["stop r1", "overlay"]
