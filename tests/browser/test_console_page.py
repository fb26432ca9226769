"""The console walked as staff in a real browser, over a desk that shows the views it is given."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from guard.console.app import create_app
from guard.console.day_page import DayBook
from guard.console.server import ConsoleServer
from guard.core.card import CardAnswer, CardState
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.commands import Refusal
from guard.core.confirmation import Answers, Personal, Question, Questions, Source
from guard.core.day import Day
from guard.core.events import Ending
from guard.core.payload import FieldKind
from guard.core.staff import Denial, Denied, Member, Role
from guard.core.submission import Channel
from guard.core.verdict import Reason
from guard.core.view import (
    AlarmView,
    BindingView,
    CounterView,
    HolderState,
    Phase,
    PortalView,
    SealReason,
    SentView,
    StopView,
    ValueView,
)
from guard.core.weakness import Found, Weakness
from guard.portal import Portal
from tests.browser.hall import Hall

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Iterator

    from guard.core.checklist import Confirmer, Item
    from guard.core.identity import Citizen
    from guard.core.interruption import Interruption
    from guard.core.offline import Cause, Kept

pytestmark = pytest.mark.browser

POINTS = Portal.model_validate(
    {
        "name": "point",
        "title": {"ja": "ポイント申込サイト", "en": "Point site"},
        "origins": ["https://point.portal.test"],
        "session": {"cookies": ["sid"]},
        "holder": {"path": "/whoami", "reading": "json", "guest": "guest", "name": "name"},
        "alarms": [{"text": "登録済み", "meaning": {"ja": "別の方の申込かもしれません。", "en": "May be another's."}}],
    }
)
ONCE = "opens the console once"
READY = CounterView(phase=Phase.READY, generation=1)
SERVING = CounterView(
    phase=Phase.SERVING,
    generation=1,
    visit_id="v1",
    citizen_name="山田 太郎",
    portals=(PortalView(portal="point", state=HolderState.AGREE, holder_name="山田 太郎"),),
)
SOMEONE_ELSE = replace(
    SERVING,
    portals=(PortalView(portal="point", state=HolderState.SOMEONE_ELSE, holder_name="佐藤 花子"),),
    stops=(StopView(submission_id="s1", portal="point", reason=Reason.SOMEONE_ELSE, holder_name="佐藤 花子"),),
    alarms=(AlarmView(portal="point", text="登録済み"),),
)
QUESTIONS = Questions(
    asked=(
        Question(item=Personal.BIRTH_DATE, source=Source.PORTAL),
        Question(item=Personal.READING, source=Source.RECEPTION),
    ),
    by_leader=False,
)
VARIANT = replace(
    SERVING,
    citizen_name="渡辺 一郎",
    portals=(PortalView(portal="point", state=HolderState.VARIANT, holder_name="渡邉 一郎", questions=QUESTIONS),),
)
UNBOUND = replace(
    SERVING,
    citizen_name=None,
    portals=(PortalView(portal="point", state=HolderState.UNBOUND, holder_name="渡邉 一郎"),),
    binding=BindingView(
        portal="point",
        holder_name="渡邉 一郎",
        questions=Questions(
            asked=(
                Question(item=Personal.BIRTH_YEAR, source=Source.PORTAL),
                Question(item=Personal.READING, source=Source.NOBODY),
            ),
            by_leader=False,
        ),
    ),
)
CLEARED = Clearance(
    visit_id="v1",
    generation=1,
    proofs=(
        Proof(area=Area.LOGGED_OUT, finding=Finding.PROVED, portal="point"),
        Proof(area=Area.SESSION_DEAD, finding=Finding.DECLARED, portal="point"),
        Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED),
        Proof(area=Area.PROFILE_GONE, finding=Finding.PROVED),
        Proof(area=Area.BROWSER_CLEAN, finding=Finding.PROVED),
    ),
)
NOT_CLEARED = replace(
    CLEARED,
    proofs=(
        Proof(area=Area.LOGGED_OUT, finding=Finding.NOT_PROVED, portal="point", detail="status 500 from /logout"),
        *CLEARED.proofs[2:],
    ),
)
CARD_BACK = replace(SERVING, card=CardState.BACK)
NUMBER = ValueView(
    submission_id="1-7", turn=1, portal="point", kind=FieldKind.PAYMENT_ID, name="id", groups=("SP10", "0200", "02")
)
OPENED = datetime(2026, 4, 1, 9, 5).astimezone()
SENT = replace(
    SERVING,
    opened_at=OPENED,
    released=12,
    sent=(
        *(
            SentView(submission_id=f"1-{number}", portal="point", channel=each, time=OPENED + timedelta(minutes=number))
            for number, each in enumerate([Channel.FETCH] * 8 + [Channel.DOCUMENT])
        ),
        SentView(
            submission_id="1-12",
            portal="point",
            channel=Channel.DOCUMENT,
            fields=((FieldKind.ACCOUNT_HOLDER, "holder"), (FieldKind.ACCOUNT_NUMBER, "account")),
            time=OPENED + timedelta(minutes=12),
        ),
    ),
)
READ_BACK = replace(SERVING, read_back=NUMBER)
DISPUTED = replace(SOMEONE_ELSE, disputes=(replace(NUMBER, turn=0),))
CARD_LEFT = replace(READY, card=CardState.LEFT)
ONO = Member(number="S-12", name="小野 健", role=Role.STAFF)
SEALED = CounterView(phase=Phase.READY, generation=2, seal=SealReason.NOT_CLEARED, clearance=NOT_CLEARED)


class ScriptedDesk:
    """Shows the views that a test puts up, and keeps what staff asked for."""

    def __init__(self) -> None:
        self.now = READY
        self.asked: list[tuple[object, ...]] = []
        self.refusal: Refusal | None = None
        self.inputs: list[bool | None] = []
        """Whether each input that a page reported left text in a form; None from one beside the console."""
        self.bound = False
        self.leaders: dict[str, str] = {}
        """Number and PIN of those who are registered."""
        self.next: CounterView | None = None
        """Put up when something is asked for and not refused."""
        self._changed = asyncio.Condition()

    def view(self) -> CounterView:
        return self.now

    async def subscribe(self) -> AsyncGenerator[CounterView, None]:
        shown = self.now
        yield shown
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self.now is not shown)  # noqa: B023 - waited for in this very turn
                shown = self.now
            yield shown

    async def put_up(self, view: CounterView) -> None:
        async with self._changed:
            self.now = view
            self._changed.notify_all()

    async def open_visit(
        self, citizen: Citizen | None, acting_for: Citizen | None = None, ticket: str | None = None
    ) -> Refusal | None:
        concerned = () if acting_for is None else (acting_for.name, acting_for.birth_date)
        drawn = () if ticket is None else (ticket,)
        if citizen is None:
            return await self._note("open", *concerned, *drawn)
        return await self._note("open", citizen.name, citizen.kana, citizen.birth_date, *concerned, *drawn)

    async def end(self, ending: Ending, interruption: Interruption | None = None) -> Refusal | None:
        return await self._note("end", ending, *(() if interruption is None else (interruption,)))

    async def card(self, answer: CardAnswer) -> Refusal | None:
        return await self._note("card", answer)

    async def enter_visit(self, began: str, ending: Ending, cause: Cause, kept: frozenset[Kept]) -> Refusal | None:
        return await self._note("without", began, ending, cause, kept)

    async def still_serving(self) -> Refusal | None:
        return await self._note("still")

    def input_seen(self, *, typed: bool | None) -> None:
        self.inputs.append(typed)

    async def checklist(self, visit_id: str, by: Confirmer, ticked: frozenset[Item]) -> Refusal | None:
        return await self._note("checklist", visit_id, by, ticked)

    async def read_back(self, submission_id: str, typed: str) -> Refusal | None:
        return await self._note("read_back", submission_id, typed)

    async def approve_value(self, submission_id: str, leader: str, pin: str = "") -> Refusal | Denied | None:
        return self._denied(leader, pin) or await self._note("approve_value", submission_id, leader)

    def asks_pins(self) -> bool:
        return bool(self.leaders)

    async def take_over(self, number: str, pin: str) -> Refusal | Denied | None:
        return self._denied(number, pin) or await self._note("duty", number)

    async def lift(self, leader: str, pin: str = "") -> Refusal | Denied | None:
        return self._denied(leader, pin) or await self._note("lift", leader)

    def binds_at_login(self) -> bool:
        return self.bound

    async def bind(self, answers: Answers, staff: str, leader: str = "", pin: str = "") -> Refusal | Denied | None:
        denied = self._denied(leader, pin) if leader else None
        return denied or await self._note("bind", answers, staff, leader)

    async def confirm(
        self, portal: str, answers: Answers, staff: str, leader: str = "", pin: str = ""
    ) -> Refusal | Denied | None:
        denied = self._denied(leader, pin) if leader else None
        return denied or await self._note("confirm", portal, answers, staff, leader)

    def _denied(self, leader: str, pin: str) -> Denied | None:
        if not self.leaders or self.leaders.get(leader) == pin:
            return None
        return Denied(why=Denial.WRONG_PIN if pin else Denial.PIN_MISSING)

    async def _note(self, *what: object) -> Refusal | None:
        self.asked.append(what)
        if self.refusal is None and self.next is not None:
            await self.put_up(self.next)
        return self.refusal


class Counter:
    """A console served from a thread of its own, as the supervisor's loop would."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.desk = ScriptedDesk()
        self.day: Day | None = Day()
        self.found: tuple[Found, ...] = ()
        book = DayBook(read=lambda _begin, _end: self.day, mark=lambda *_stop: None)
        self.hall = Hall()
        app = create_app(
            self.desk,
            token=ONCE,
            portals=[POINTS],
            today=lambda: date(2026, 4, 1),
            book=book,
            reception=self.hall,
            preflight=lambda: self.found,
        )
        self.server = ConsoleServer(app)
        self.do(self.server.start())

    def show(self, view: CounterView) -> None:
        self.do(self.desk.put_up(view))

    def set_up(
        self,
        rows: str | None = None,
        used: frozenset[str] = frozenset(),
        *,
        bound: bool = False,
        pins: bool = False,
    ) -> None:
        """What is the same all day: the way of reception, and whether staff are registered."""
        self.hall.rows, self.hall.used, self.desk.bound = rows, used, bound
        self.desk.leaders = {"L-1": "1234"} if pins else {}

    def close(self) -> None:
        self.do(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The installed browser; as root its sandbox cannot work."""
    return {
        "executable_path": os.environ.get("GUARD_TEST_BROWSER", "/usr/bin/chromium"),
        "args": ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [],
    }


@contextmanager
def counter_showing(view: CounterView) -> Iterator[Counter]:
    """A console whose counter is in this state."""
    counter = Counter()
    counter.show(view)
    yield counter
    counter.close()


def opened(counter: Counter, page: Page) -> Page:
    """The console in this page."""
    page.set_default_timeout(5000)
    page.goto(counter.server.url)
    return page


@pytest.fixture
def counter() -> Iterator[Counter]:
    with counter_showing(READY) as counter:
        yield counter


@pytest.fixture
def console(counter: Counter, page: Page) -> Page:
    return opened(counter, page)


def test_one_key_opens_the_visit_with_what_was_typed(counter: Counter, console: Page) -> None:
    """The name has the focus at once, and Enter in the last field is enough."""
    counter.desk.next = SERVING
    expect(console.get_by_label("氏名", exact=True)).to_be_focused()
    console.keyboard.type("山田　太郎")
    console.get_by_label("生年月日", exact=True).fill("昭和55年4月1日")
    console.keyboard.press("Enter")
    expect(console.get_by_role("heading", name="山田 太郎 様")).to_be_visible()
    assert counter.desk.asked == [("open", "山田 太郎", None, date(1980, 4, 1))]


def test_a_parent_is_received_with_the_child_by_keyboard_alone(counter: Counter, console: Page) -> None:
    """The two fields for whoever is concerned are out of the way until they are asked for."""
    counter.desk.next = SERVING
    expect(console.get_by_label("対象となるご本人の氏名")).to_be_hidden()
    console.get_by_label("氏名", exact=True).fill("佐藤 花子")
    console.get_by_label("生年月日", exact=True).fill("S55.4.1")
    console.keyboard.press("Tab")
    console.keyboard.press("Enter")
    console.get_by_label("対象となるご本人の氏名").fill("佐藤 海")
    console.get_by_label("対象となるご本人の生年月日").fill("R1.5.1")
    console.keyboard.press("Enter")
    expect(console.get_by_role("heading", name="山田 太郎 様")).to_be_visible()
    assert counter.desk.asked == [("open", "佐藤 花子", None, date(1980, 4, 1), "佐藤 海", date(2019, 5, 1))]


def test_a_wrong_birth_date_is_named_at_its_field_and_nothing_typed_is_lost(counter: Counter, console: Page) -> None:
    """2月30日 opens no visit; the cursor stands in the field to mend, and the rest stays."""
    console.get_by_label("氏名", exact=True).fill("山田 太郎")
    console.get_by_label("フリガナ").fill("ヤマダ タロウ")
    console.get_by_label("生年月日", exact=True).fill("1980-02-30")
    console.keyboard.press("Enter")
    field = console.get_by_label("生年月日", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(console.locator("#open-birth_date-fault")).to_contain_text("暦にありません")
    assert field.get_attribute("aria-describedby") == "open-birth_date-fault open-birth_date-hint"
    expect(console.get_by_label("氏名", exact=True)).to_have_value("山田 太郎")
    expect(console.get_by_label("フリガナ")).to_have_value("ヤマダ タロウ")
    assert counter.desk.asked == []


def test_an_update_keeps_what_is_being_typed_and_the_place_of_the_cursor(counter: Counter, console: Page) -> None:
    """A clearance that arrives while staff type must not cost them a character."""
    console.get_by_label("氏名", exact=True).fill("鈴木")
    console.get_by_label("生年月日", exact=True).press_sequentially("19")
    counter.show(replace(READY, clearance=CLEARED))
    expect(console.get_by_text("前の方のものは何も残っていません。")).to_be_visible()
    console.keyboard.type("80")
    expect(console.get_by_label("氏名", exact=True)).to_have_value("鈴木")
    expect(console.get_by_label("生年月日", exact=True)).to_have_value("1980")


def test_the_page_follows_the_counter_by_itself(counter: Counter, console: Page) -> None:
    """Staff see the stop, both persons, what to do and who may release it, without touching the console."""
    counter.show(SERVING)
    expect(console.locator(".portals")).to_contain_text("一致")
    counter.show(SOMEONE_ELSE)
    stop = console.locator(".stop")
    expect(stop).to_contain_text("対応中の方とは別の人がログインしています。")
    expect(stop).to_contain_text("山田 太郎")
    expect(stop).to_contain_text("佐藤 花子")
    expect(stop).to_contain_text("解除できる人")
    expect(console.get_by_text("別の方の申込かもしれません。")).to_be_visible()
    counter.show(replace(SERVING, phase=Phase.CLOSING))
    expect(console.get_by_role("heading", name="片付けています")).to_be_visible()
    expect(console.get_by_text("佐藤 花子")).to_have_count(0)
    counter.show(READY)
    expect(console.get_by_label("氏名", exact=True)).to_be_focused()


PLACES = """() => [...document.querySelectorAll('section.served *')].map(one => {
    const [part, box] = [one.closest('section').getBoundingClientRect(), one.getBoundingClientRect()];
    return [one.tagName, box.x - part.x, box.y - part.y, box.width, box.height];
})"""


def test_the_time_since_the_start_is_counted_on_without_a_reload_and_in_silence(counter: Counter, page: Page) -> None:
    """Whole minutes, in a place that keeps its size: nothing moves, and nobody hears it."""
    page.clock.install(time=OPENED + timedelta(minutes=12, seconds=30))
    console = opened(counter, page)
    counter.show(SENT)
    minutes = console.locator(".minutes")
    expect(minutes).to_have_text("12 分")
    assert (
        minutes.evaluate("one => one.closest('[aria-live]:not([aria-live=off]), [role=status], [role=alert]')") is None
    )
    page.evaluate("window.kept = document.querySelector('.minutes')")
    places = console.evaluate(PLACES)
    for passed, told in (("00:40", "13 分"), ("47:00", "1 時間 0 分"), ("12:05:00", "13 時間 5 分")):
        page.clock.fast_forward(passed)
        expect(minutes).to_have_text(told)
    assert places == console.evaluate(PLACES)
    assert page.evaluate("window.kept === document.querySelector('.minutes')"), "the page was not drawn anew"
    console.locator('form[action="/language"] button').click()
    expect(minutes).to_have_text("13 h 5 min")


def test_what_was_sent_is_told_beside_who_is_served(counter: Counter, console: Page) -> None:
    """It comes by itself, newest first, and everything can be read without a wheel on the smallest screen."""
    console.set_viewport_size({"width": 1366, "height": 768})
    counter.show(replace(SENT, released=0, sent=()))
    expect(console.locator(".count")).to_have_text("送信済み 0 件")
    expect(console.locator("section.sent")).to_have_count(0)
    counter.show(SENT)
    expect(console.locator(".count")).to_have_text("送信済み 12 件")
    rows = console.locator(".went li")
    expect(rows).to_have_count(10)
    expect(rows.first).to_have_text(
        re.compile("09:17.*ポイント申込サイト.*フォームの送信.*口座名義、口座番号", re.DOTALL)
    )
    expect(console.locator("section.sent .hint")).to_have_text("これより前に送信したもの: 2 件")
    for each in (rows.first, console.locator(".served h1"), console.get_by_role("button", name="終了")):
        expect(each).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("button", "ending"), [("終了", Ending.DONE), ("この作業を破棄", Ending.DISCARDED)])
def test_a_double_click_ends_the_visit_once(counter: Counter, console: Page, button: str, ending: Ending) -> None:
    """Each of the buttons asks for its own ending, and asks once."""
    counter.show(SERVING)
    counter.desk.next = replace(SERVING, phase=Phase.CLOSING)
    console.get_by_role("button", name=button).dblclick()
    expect(console.get_by_role("heading", name="片付けています")).to_be_visible()
    assert counter.desk.asked == [("end", ending)]


def test_staff_interrupt_by_choosing_why(counter: Counter, console: Page) -> None:
    """By keyboard too; the reasons are out of the way until they are asked for."""
    counter.show(SERVING)
    counter.desk.next = replace(SERVING, phase=Phase.CLOSING)
    reason = console.get_by_role("button", name="口座番号などが手元にない")
    expect(reason).to_be_hidden()
    console.locator("summary", has_text="中断").press("Enter")
    expect(reason).to_be_visible()
    reason.dblclick()
    expect(console.get_by_role("heading", name="片付けています")).to_be_visible()
    assert counter.desk.asked == [("end", Ending.INTERRUPTED, "number_not_at_hand")]


@pytest.mark.parametrize(
    "view",
    [SERVING, SOMEONE_ELSE, VARIANT, SEALED, CARD_BACK, READ_BACK, DISPUTED, UNBOUND],
    ids=["serving", "stop", "variant", "sealed", "card", "read back", "number of another", "unbound"],
)
def test_no_button_ever_gets_the_focus_by_itself(counter: Counter, console: Page, view: CounterView) -> None:
    """Enter pressed out of habit must not end, discard, confirm or lift anything."""
    counter.show(view)
    expect(console.locator("main h1")).to_be_focused()
    console.keyboard.press("Enter")
    console.keyboard.press("Space")
    console.reload()
    console.keyboard.press("Enter")
    assert console.evaluate("document.activeElement.tagName") != "BUTTON"
    assert counter.desk.asked == []


def test_a_variant_is_confirmed_by_typing_two_answers(counter: Counter, console: Page) -> None:
    """A refusal does not say which answer was wrong, and keeps the fields; the second try goes through."""
    counter.show(VARIANT)
    counter.desk.refusal = Refusal.CONFIRMATION_DIFFERS
    console.get_by_label("ご本人に伺った生年月日").fill("S55.4.2")
    console.get_by_label("ご本人のお名前の読み").fill("わたなべ いちろう")
    console.get_by_label("確認した職員の氏名").fill("高橋")
    console.keyboard.press("Enter")
    expect(console.get_by_role("alert").filter(has_text="一致しません")).to_be_visible()
    expect(console.get_by_label("確認した職員の氏名")).to_have_value("高橋")
    counter.desk.refusal, counter.desk.next = None, replace(VARIANT, portals=SERVING.portals)
    console.get_by_label("ご本人に伺った生年月日").fill("S55.4.1")
    console.get_by_role("button", name="入力した内容で確認する").click()
    expect(console.locator(".portals")).to_contain_text("一致")
    typed = Answers(birth_date=date(1980, 4, 1), reading="わたなべ いちろう")
    assert counter.desk.asked[-1] == ("confirm", "point", typed, "高橋", "")


def test_a_sealed_counter_says_what_is_missing_and_a_leader_lifts_it(counter: Counter, console: Page) -> None:
    """The missing proof, who may lift, and the form to do it, on one page."""
    counter.show(SEALED)
    expect(console.get_by_role("heading", name="この窓口は封鎖されています")).to_be_visible()
    expect(console.locator(".proofs li").first).to_contain_text("未確認")
    counter.desk.next = READY
    console.get_by_role("button", name="確認して解除する").click()
    expect(console.locator("#lift-leader-fault")).to_be_visible()
    console.get_by_label("リーダーの職員番号").fill("L-07")
    console.keyboard.press("Enter")
    expect(console.get_by_label("氏名", exact=True)).to_be_focused()
    assert counter.desk.asked == [("lift", "L-07")]


def test_a_leader_lifts_a_seal_with_the_right_pin_alone(counter: Counter, console: Page) -> None:
    """A wrong one is told at its field, which is empty again and has the focus; the number stays."""
    counter.desk.leaders = {"L-07": "2749"}
    counter.show(SEALED)
    number, pin = console.get_by_label("リーダーの職員番号"), console.get_by_label("リーダーの PIN")
    expect(pin).to_have_attribute("type", "password")
    expect(console.get_by_text("職員が登録されていない")).to_have_count(0)
    number.fill("L-07")
    console.keyboard.press("Enter")
    expect(console.locator("#lift-pin-fault")).to_contain_text("PIN を入力")
    for wrong in ("2748", "2747"):
        pin.fill(wrong)
        console.keyboard.press("Enter")
        expect(console.locator("#lift-pin-fault")).to_contain_text("職員番号と PIN が合いません")
        expect(pin).to_be_focused()
        expect(pin).to_have_value("")
        expect(pin).to_have_attribute("aria-invalid", "true")
        expect(number).to_have_value("L-07")
    assert (pin.get_attribute("aria-describedby") or "").split() == ["lift-pin-fault"]
    assert counter.desk.asked == []
    counter.desk.next = replace(READY, staff=ONO)
    pin.fill("2749")
    console.keyboard.press("Enter")
    expect(console.get_by_label("氏名", exact=True)).to_be_focused()
    assert counter.desk.asked == [("lift", "L-07")]


def test_the_day_begins_with_who_serves_and_asks_that_once(counter: Counter, console: Page) -> None:
    """Reception comes after it; who serves stands on the page, and no typed check asks for a name any more."""
    counter.desk.leaders = {"S-12": "8305"}
    console.reload()
    expect(console.get_by_label("職員番号", exact=True)).to_be_focused()
    expect(console.get_by_label("氏名", exact=True)).to_have_count(0)
    console.keyboard.type("S-12")
    console.get_by_label("PIN").fill("8300")
    console.keyboard.press("Enter")
    expect(console.locator("#duty-pin-fault")).to_contain_text("合いません")
    counter.desk.next = replace(READY, staff=ONO)
    console.get_by_label("PIN").fill("8305")
    console.keyboard.press("Enter")
    expect(console.get_by_label("氏名", exact=True)).to_be_focused()
    expect(console.get_by_text("担当: 小野 健(S-12)")).to_be_visible()
    counter.show(replace(VARIANT, staff=ONO))
    counter.desk.next = replace(SERVING, staff=ONO)
    console.get_by_label("ご本人に伺った生年月日").fill("S55.4.1")
    console.get_by_label("ご本人のお名前の読み").fill("ワタナベ イチロウ")
    console.keyboard.press("Enter")
    expect(console.locator(".portals")).to_contain_text("一致")
    typed = Answers(birth_date=date(1980, 4, 1), reading="ワタナベ イチロウ")
    assert counter.desk.asked == [("duty", "S-12"), ("confirm", "point", typed, "", "")]


def test_the_day_begins_with_what_preflight_found(counter: Counter, console: Page) -> None:
    """One calm line, or what is wrong and whom to tell; the first field has the focus all the same."""
    told = console.locator("section.preflight")
    expect(told).to_have_text("✓ 起動時の点検: 問題ありません")
    counter.found = (Found(weakness=Weakness.POLICY, note="Policy ProxyMode = 'direct'", name="ProxyMode"),)
    counter.desk.leaders = {"S-12": "8305"}
    console.reload()
    expect(console.get_by_label("職員番号", exact=True)).to_be_focused()
    expect(told).to_contain_text("ガードの働きを妨げています")
    expect(told).to_contain_text("ProxyMode")
    expect(told).to_contain_text("システム担当者に")
    counter.show(replace(READY, staff=ONO, clearance=CLEARED))
    expect(console.get_by_label("氏名", exact=True)).to_be_visible()
    expect(told).to_contain_text("ProxyMode")
    counter.show(replace(SERVING, staff=ONO))
    expect(told).to_have_count(0)


def test_a_page_left_open_overnight_asks_again_who_serves(counter: Counter, console: Page) -> None:
    """By itself, with the focus in the first field; yesterday's person stands nowhere any more."""
    counter.desk.leaders = {"S-12": "8305"}
    counter.show(replace(READY, staff=ONO, clearance=CLEARED))
    console.reload()
    expect(console.get_by_label("氏名", exact=True)).to_be_focused()
    expect(console.get_by_text("担当: 小野 健(S-12)")).to_be_visible()
    counter.show(replace(READY, clearance=CLEARED))
    expect(console.get_by_role("heading", name="今日の担当者")).to_be_visible()
    expect(console.get_by_label("職員番号", exact=True)).to_be_focused()
    expect(console.locator("section.preflight")).to_contain_text("問題ありません")
    expect(console.get_by_text("小野 健")).to_have_count(0)
    expect(console.get_by_label("氏名", exact=True)).to_have_count(0)
    counter.desk.next = replace(READY, staff=ONO, clearance=CLEARED)
    console.keyboard.type("S-12")
    console.get_by_label("PIN").fill("8305")
    console.keyboard.press("Enter")
    expect(console.get_by_label("氏名", exact=True)).to_be_focused()
    expect(console.get_by_text("担当: 小野 健(S-12)")).to_be_visible()
    assert counter.desk.asked == [("duty", "S-12")]


def test_staff_change_in_the_middle_of_a_visit(counter: Counter, console: Page) -> None:
    """A wrong PIN leaves the form open with its fault; the citizen's visit stays."""
    counter.desk.leaders = {"S-13": "8305"}
    counter.show(replace(SERVING, staff=ONO))
    console.reload()
    console.get_by_text("担当: 小野 健(S-12)").click()
    for pin in ("8306", "8305"):
        console.get_by_label("交代する方の職員番号").fill("S-13")
        console.get_by_label("PIN").fill(pin)
        if pin == "8305":
            counter.desk.next = replace(SERVING, staff=replace(ONO, number="S-13", name="森 海"))
        console.keyboard.press("Enter")
        told = "合いません" if pin == "8306" else "担当: 森 海(S-13)"
        expect(console.get_by_text(told)).to_be_visible()
    expect(console.get_by_role("heading", name="山田 太郎 様")).to_be_visible()
    assert counter.desk.asked == [("duty", "S-13")]


def test_a_counter_without_registered_staff_says_so_and_how_to_mend_it(counter: Counter, console: Page) -> None:
    expect(console.get_by_text("guard staff add")).to_be_visible()
    counter.show(SEALED)
    expect(console.get_by_text("guard staff add")).to_be_visible()
    expect(console.get_by_label("リーダーの PIN")).to_have_count(0)


def test_what_only_a_leader_can_confirm_wants_the_leaders_pin(counter: Counter, console: Page) -> None:
    """Nothing that is asked compares with the portal: a leader's word, proved by the PIN."""
    counter.desk.leaders = {"L-07": "2749"}
    (line,) = VARIANT.portals
    counter.show(replace(VARIANT, portals=(replace(line, questions=replace(QUESTIONS, by_leader=True)),)))
    console.get_by_label("ご本人に伺った生年月日").fill("S55.4.1")
    console.get_by_label("リーダーの職員番号").fill("L-07")
    console.get_by_label("リーダーの PIN").fill("0000")
    console.keyboard.press("Enter")
    expect(console.locator("#confirm-point-pin-fault")).to_be_visible()
    assert counter.desk.asked == []
    counter.desk.next = replace(VARIANT, portals=SERVING.portals)
    console.get_by_label("リーダーの PIN").fill("2749")
    console.keyboard.press("Enter")
    expect(console.locator(".portals")).to_contain_text("一致")
    assert counter.desk.asked == [("confirm", "point", Answers(birth_date=date(1980, 4, 1)), "", "L-07")]


def test_a_number_is_hidden_from_the_first_key_on_and_stays_hidden_until_the_field_is_empty(
    counter: Counter, console: Page
) -> None:
    """Typed from the citizen's own paper: looking up between two keys shows nothing. An update takes nothing away."""
    counter.show(READ_BACK)
    shown = console.locator(".read_back .value")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 32
    counter.show(replace(READ_BACK, stops=SOMEONE_ELSE.stops))
    expect(console.locator(".stop")).to_be_visible()
    expect(shown).to_be_in_viewport(ratio=1)  # above the stop of the slip before
    counter.show(READ_BACK)
    field = console.get_by_label("番号の最後の4文字")
    field.press_sequentially("00")
    expect(shown).to_be_hidden()
    field.blur()
    expect(shown).to_be_hidden()
    counter.show(replace(READ_BACK, released=1))
    expect(console.locator(".count")).to_contain_text("1")
    expect(field).to_have_value("00")
    counter.desk.next = SERVING
    field.press("End")
    field.press_sequentially("02")
    console.keyboard.press("Enter")
    expect(console.locator(".read_back")).to_have_count(0)
    assert counter.desk.asked == [("read_back", "1-7", "0002")]


def test_a_number_of_another_person_is_allowed_by_a_leader_with_the_right_pin_alone(
    counter: Counter, console: Page
) -> None:
    counter.desk.leaders = {"L-07": "2749"}
    counter.show(DISPUTED)
    part = console.locator(".shared")
    expect(part.get_by_role("heading", name="別の方に使われている決済サービスID")).to_be_visible()
    part.get_by_label("リーダーの職員番号").fill("L-07")
    part.get_by_label("リーダーの PIN").fill("0000")
    console.keyboard.press("Enter")
    expect(console.locator(".shared .fault")).to_be_visible()
    assert counter.desk.asked == []
    counter.desk.next = replace(DISPUTED, disputes=())
    console.get_by_label("リーダーの PIN").fill("2749")
    console.keyboard.press("Enter")
    expect(console.locator(".shared")).to_have_count(0)
    assert counter.desk.asked == [("approve_value", "1-7", "L-07")]


def test_a_seal_in_the_middle_of_a_visit_still_lets_staff_discard(counter: Counter, console: Page) -> None:
    """Discarding needs no secret and no leader."""
    counter.show(replace(SERVING, seal=SealReason.UNFORESEEN, seal_detail="gate"))
    console.get_by_role("button", name="この作業を破棄").click()
    expect(console.locator("body")).to_be_visible()
    assert counter.desk.asked == [("end", Ending.DISCARDED)]


def test_a_stale_page_ends_nobody_elses_visit(counter: Counter, console: Page) -> None:
    """A form drawn for the last visit does nothing to the next one, and says so."""
    console.route("**/now", lambda route: route.abort())  # this console no longer hears what happens
    counter.show(SERVING)
    console.goto(console.url)
    counter.show(replace(SERVING, visit_id="v2", citizen_name="佐藤 花子"))
    console.get_by_role("button", name="終了").click()
    expect(console.get_by_role("alert").filter(has_text="何も実行していません")).to_be_visible()
    expect(console.get_by_role("heading", name="佐藤 花子 様")).to_be_visible()
    assert counter.desk.asked == []


def test_the_language_can_be_switched_and_stays(console: Page) -> None:
    """One press to English; the page says so to a reader of the screen too."""
    console.get_by_role("button", name="English").click()
    expect(console.get_by_role("heading", name="Open the next visit")).to_be_visible()
    expect(console.locator("html")).to_have_attribute("lang", "en")
    console.reload()
    expect(console.get_by_label("Birth date", exact=True)).to_be_visible()


def test_the_page_says_when_it_is_no_longer_updated(counter: Counter, console: Page) -> None:
    """A guard that died must not leave a page that looks alive."""
    expect(console.get_by_label("氏名", exact=True)).to_be_visible()
    console.wait_for_timeout(300)  # until the event stream stands
    counter.do(counter.server.stop())
    expect(console.get_by_text("表示を更新できません。", exact=False)).to_be_visible(timeout=10_000)


@pytest.mark.parametrize(
    "view",
    [READY, SOMEONE_ELSE, VARIANT, SEALED, CARD_BACK, CARD_LEFT, READ_BACK, DISPUTED, UNBOUND],
    ids=[
        "ready",
        "stopped",
        "variant",
        "sealed",
        "card back",
        "card left",
        "read back",
        "number of another",
        "unbound",
    ],
)
@pytest.mark.parametrize("width", [1366, 480])
def test_nothing_runs_out_of_the_window(counter: Counter, console: Page, view: CounterView, width: int) -> None:
    """Readable beside the guarded browser as well as over the whole screen, names of 200 characters included."""
    console.set_viewport_size({"width": width, "height": 768})
    counter.show(replace(view, citizen_name=view.citizen_name and "山" * 200))
    state = "sealed" if view.seal else view.phase
    expect(console.locator(f"main[data-state={state}]")).to_be_visible()
    assert console.evaluate("document.documentElement.scrollWidth") <= width


def test_staff_are_asked_whose_card_came_back_and_say_so_by_one_press(counter: Counter, console: Page) -> None:
    """The question comes by itself, beside the citizen's name, and goes when it is answered."""
    counter.show(SERVING)
    expect(console.get_by_role("heading", name="カードリーダー")).to_have_count(0)
    counter.show(CARD_BACK)
    expect(console.get_by_role("status").filter(has_text="同じ方のカードですか")).to_be_visible()
    counter.desk.next = replace(SERVING, card=CardState.THERE)
    console.get_by_role("button", name="同じ方のカードです").click()
    expect(console.get_by_text("カードが置かれています")).to_be_visible()
    expect(console.get_by_role("button", name="同じ方のカードです")).to_have_count(0)
    assert counter.desk.asked == [("card", CardAnswer.SAME_CITIZEN)]


def test_a_visit_without_data_opens_by_one_key_and_is_bound_by_two_answers(counter: Counter, console: Page) -> None:
    """What is typed outlives an update of the page; a refusal keeps it, and the holder's name is not the citizen's."""
    counter.desk.bound = True
    counter.desk.next = replace(UNBOUND, binding=None)
    console.reload()
    expect(console.get_by_label("番号札")).to_be_focused()
    console.keyboard.press("Enter")
    expect(console.get_by_role("heading", name="ご本人の確認前")).to_be_visible()
    expect(console.get_by_text("それまでは何も送信できません。", exact=False)).to_be_visible()
    counter.show(UNBOUND)
    year, reading = console.get_by_label("ご本人の生まれた年"), console.get_by_label("ご本人のお名前の読み")
    year.fill("S55")
    counter.show(replace(UNBOUND, stops=SOMEONE_ELSE.stops))
    expect(console.locator(".stop")).to_be_visible()
    expect(year).to_have_value("S55")
    console.get_by_label("確認した職員の氏名").fill("高橋")
    console.keyboard.press("Enter")
    expect(console.locator("#bind-reading-fault")).to_contain_text("ご本人に伺い")
    counter.desk.refusal = Refusal.CONFIRMATION_DIFFERS
    reading.fill("わたなべ")
    console.keyboard.press("Enter")
    expect(console.get_by_role("alert").filter(has_text="一致しません")).to_be_visible()
    expect(reading).to_have_value("わたなべ")
    counter.desk.refusal, counter.desk.next = None, SERVING
    reading.fill("ワタナベ イチロウ")
    console.get_by_role("button", name="この方の対応として続ける").click()
    expect(console.get_by_role("heading", name="山田 太郎 様")).to_be_visible()
    assert counter.desk.asked[0] == ("open",)
    assert counter.desk.asked[-1] == ("bind", Answers(birth_year=1980, reading="ワタナベ イチロウ"), "高橋", "")


def test_two_people_in_two_windows_are_told_in_place_of_the_form(counter: Counter, console: Page) -> None:
    counter.show(replace(UNBOUND, binding=Refusal.TWO_PEOPLE))
    expect(console.get_by_role("alert").filter(has_text="二人の方がログインしています")).to_be_visible()
    expect(console.get_by_role("button", name="この方の対応として続ける")).to_have_count(0)


def test_the_way_out_is_in_sight_however_much_the_page_says(counter: Counter, console: Page) -> None:
    """With a stop, a warning and a typed check all at once, nobody has to scroll for 破棄; no field hides behind it."""
    console.set_viewport_size({"width": 1366, "height": 768})
    counter.show(replace(VARIANT, stops=SOMEONE_ELSE.stops * 5, alarms=SOMEONE_ELSE.alarms))
    expect(console.get_by_role("button", name="この作業を破棄")).to_be_in_viewport(ratio=1)
    console.get_by_label("確認した職員の氏名").focus()
    field = console.get_by_label("確認した職員の氏名").bounding_box()
    actions = console.locator(".actions").bounding_box()
    assert field is not None
    assert actions is not None
    assert field["y"] + field["height"] <= actions["y"]


def test_the_console_asks_nothing_of_the_network_and_breaks_no_policy(counter: Counter, console: Page) -> None:
    """It works with the line cut: every request goes to its own address, and its own policy stops none."""
    asked: list[str] = []
    complaints: list[str] = []
    console.on("request", lambda request: asked.append(request.url))
    console.on("console", lambda message: complaints.append(message.text))
    console.reload()
    counter.show(SOMEONE_ELSE)
    expect(console.locator(".stop")).to_be_visible()
    own = f"http://127.0.0.1:{counter.server.port}/"
    assert len(asked) >= 4
    assert [url for url in asked if not url.startswith(own)] == []
    assert complaints == []
