"""The door and the forms of the console, over plain requests: what is refused, and what is done once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.routing import Mount, Route

from guard.console.app import create_app
from guard.core.card import CardAnswer, CardState
from guard.core.commands import Refusal
from guard.core.confirmation import Answers, Personal, Question, Questions, Source
from guard.core.events import Ending
from guard.core.identity import Citizen
from guard.core.interruption import Earlier, Interruption
from guard.core.staff import Denial, Denied
from guard.core.view import BindingView, CounterView, HolderState, Phase, PortalView, SealReason
from guard.texts import Texts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.applications import Starlette

    from guard.core.checklist import Confirmer, Item
    from guard.core.offline import Cause, Kept


BASE = "http://127.0.0.1:8620"
OWN = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
ONCE = "one-time"
READY = CounterView(phase=Phase.READY, generation=1)
INTERRUPTED_AT = datetime(2026, 3, 31, 5, 30, tzinfo=UTC)
SERVING = CounterView(phase=Phase.SERVING, generation=1, visit_id="v1", citizen_name="<b>山田</b>")


class Desk:
    """Keeps what is asked for; slow on purpose, so that requests overlap."""

    def __init__(self) -> None:
        self.now = READY
        self.asked: list[object] = []
        self.tickets: list[str | None] = []
        self.refusal: Refusal | None = None
        self.denied: Denied | None = None
        self.pins = False
        self.bound = False

    def view(self) -> CounterView:
        return self.now

    async def subscribe(self) -> AsyncGenerator[CounterView, None]:
        yield self.now

    async def open_visit(
        self, citizen: Citizen | None, acting_for: Citizen | None = None, ticket: str | None = None
    ) -> Refusal | None:
        self.tickets.append(ticket)
        return await self._note(citizen if acting_for is None else (citizen, acting_for))

    async def end(self, ending: Ending, interruption: Interruption | None = None) -> Refusal | None:
        return await self._note(ending if interruption is None else (ending, interruption))

    async def card(self, answer: CardAnswer) -> Refusal | None:
        return await self._note(answer)

    async def enter_visit(self, began: str, ending: Ending, cause: Cause, kept: frozenset[Kept]) -> Refusal | None:
        return await self._note((began, ending, cause, kept))

    async def still_serving(self) -> Refusal | None:
        return await self._note("still")

    def input_seen(self, *, typed: bool | None) -> None:
        self.asked.append(("input", typed))

    async def checklist(self, visit_id: str, by: Confirmer, ticked: frozenset[Item]) -> Refusal | None:
        return await self._note((visit_id, by, ticked))

    async def read_back(self, submission_id: str, typed: str) -> Refusal | None:
        return await self._note(("read_back", submission_id, typed))

    async def approve_value(self, submission_id: str, leader: str, pin: str = "") -> Refusal | Denied | None:
        return self.denied or await self._note(("approve_value", submission_id, leader, pin))

    def asks_pins(self) -> bool:
        return self.pins

    async def take_over(self, number: str, pin: str) -> Refusal | Denied | None:
        return self.denied or await self._note(("duty", number, pin))

    async def lift(self, leader: str, pin: str = "") -> Refusal | Denied | None:
        return self.denied or await self._note((leader, pin))

    def binds_at_login(self) -> bool:
        return self.bound

    async def bind(self, answers: Answers, staff: str, leader: str = "", pin: str = "") -> Refusal | Denied | None:
        return self.denied or await self._note(("bind", answers, staff, leader, pin))

    async def confirm(
        self, portal: str, answers: Answers, staff: str, leader: str = "", pin: str = ""
    ) -> Refusal | Denied | None:
        return self.denied or await self._note((portal, answers, staff, leader, pin))

    async def _note(self, what: object) -> Refusal | None:
        await asyncio.sleep(0.01)
        self.asked.append(what)
        return self.refusal


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def app(desk: Desk) -> Starlette:
    return create_app(desk, token=ONCE, today=lambda: date(2026, 4, 1))


@pytest.fixture
async def console(app: Starlette) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        yield client


@pytest.fixture
async def staff(console: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client that has come in by the token."""
    console.headers.update(OWN)
    answer = await console.get("/open?token=one-time")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return console


async def hidden(client: httpx.AsyncClient, **fields: str) -> dict[str, str]:
    """The form of the present page as staff would send it, with these fields typed in."""
    html = (await client.get("/")).text
    form = {name: _value(html, name) for name in ("csrf", "once", "visit")}
    return form | fields


def _value(html: str, name: str) -> str:
    found = re.findall(rf'name="{name}" value="([^"]*)"', html)
    return str(found[-1])


def all_requests(app: Starlette) -> list[tuple[str, str]]:
    requests = []
    for route in app.routes:
        if isinstance(route, Mount):
            requests.append(("GET", f"{route.path}/console.css"))
        else:
            assert isinstance(route, Route)
            requests += [(method, route.path.replace("{order}", "end")) for method in sorted(route.methods or ())]
    return requests


async def test_no_route_answers_without_the_cookie(app: Starlette, console: httpx.AsyncClient) -> None:
    """Every route there is, and one that there is not, is refused before it is even looked up."""
    requests = all_requests(app)
    assert len(requests) >= 8
    for method, path in [*requests, ("GET", "/nowhere")]:
        answer = await console.request(method, path, headers=OWN)
        assert answer.status_code == 403, (method, path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_every_route_is_there_once_the_cookie_is(app: Starlette, staff: httpx.AsyncClient) -> None:
    """The walk above proves something only because the same requests are answered for staff."""
    for method, path in all_requests(app):
        if method == "GET":
            no_visit_has_ended = path == "/checklist.pdf"
            assert (await staff.get(path)).status_code == (404 if no_visit_has_ended else 200), path


async def test_the_token_opens_once_and_leaves_a_strict_cookie(console: httpx.AsyncClient) -> None:
    """A token read over a shoulder or from a history is worth nothing."""
    fresh = {"Sec-Fetch-Site": "none"}
    assert (await console.get("/open?token=wrong", headers=fresh)).status_code == 403
    assert (await console.post("/open?token=one-time", headers=OWN)).status_code == 403
    first = await console.get("/open?token=one-time", headers=fresh)
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert (await console.get("/open?token=one-time", headers=fresh)).status_code == 403
    assert (await console.get("/open?token=", headers=fresh)).status_code == 403
    assert (await console.get("/", headers=fresh)).status_code == 200


async def test_a_new_token_shuts_out_the_console_before(app: Starlette, staff: httpx.AsyncClient) -> None:
    """Only the newest console counts: a forgotten window cannot act any more."""
    old = staff.cookies["guard_console"]
    await staff.get(f"/open?token={app.state.keys.issue()}")
    assert (await staff.get("/")).status_code == 200
    staff.cookies.set("guard_console", old, domain="127.0.0.1", path="/")
    staff.cookies.jar.clear()
    assert (await staff.get("/", headers={"Cookie": f"guard_console={old}"})).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"Host": "evil.example:8620"},
        {"Host": "127.0.0.1:9999"},
        {"Host": "127.0.0.1"},
        {"Host": "evil.example:8620", "Origin": "http://evil.example:8620"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
    ],
    ids=str,
)
async def test_requests_from_elsewhere_are_refused_in_spite_of_the_cookie(
    desk: Desk, staff: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    """Reading and acting alike: a page of another origin, or a name made to point here, gets nothing."""
    desk.now = SERVING
    form = await hidden(staff, ending="done")
    assert (await staff.get("/now", headers=wrong)).status_code == 403
    assert (await staff.post("/do/end", data=form, headers=wrong)).status_code == 403
    assert desk.asked == []


async def test_an_order_needs_an_origin_and_a_page_typed_in_only_reads(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Sec-Fetch-Site: none is an address typed by hand: enough to look, never to act."""
    desk.now = SERVING
    form = await hidden(staff, ending="done")
    del staff.headers["Origin"]
    assert (await staff.post("/do/end", data=form)).status_code == 403
    typed = {"Origin": BASE, "Sec-Fetch-Site": "none"}
    assert (await staff.get("/", headers=typed)).status_code == 200
    assert (await staff.post("/do/end", data=form, headers=typed)).status_code == 403
    assert desk.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "/do/open",
        "/do/end",
        "/do/lift",
        "/do/take_over",
        "/do/confirm",
        "/do/bind",
        "/language",
        "/do/nothing",
    ],
)
async def test_a_form_without_the_pages_secret_does_nothing(desk: Desk, staff: httpx.AsyncClient, path: str) -> None:
    """Missing or guessed, and a body that is no form at all."""
    form = await hidden(staff, ending="done", leader="伊藤", name="山田", birth_date="19800401")
    for data in (form | {"csrf": "guess"}, {name: text for name, text in form.items() if name != "csrf"}):
        assert (await staff.post(path, data=data)).status_code == 403
    assert (await staff.post(path, content=b'{"csrf": 1}', headers={"Content-Type": "text/plain"})).status_code == 403
    assert (await staff.post(path, data=form | {"name": "山" * 70_000})).status_code == 403
    assert desk.asked == []


async def test_one_form_is_carried_out_once_however_often_it_is_sent(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Two requests of a double click arrive together; both end on the page, one acts."""
    desk.now = SERVING
    form = await hidden(staff, ending="done")
    answers = await asyncio.gather(*(staff.post("/do/end", data=form) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert desk.asked == [Ending.DONE]


async def test_a_refusal_is_shown_in_words_and_the_form_can_be_sent_again(desk: Desk, staff: httpx.AsyncClient) -> None:
    """What was typed is still there, and the same form still works when the cause is gone."""
    desk.refusal = Refusal.NOT_READY
    form = await hidden(staff, name="山田 太郎", birth_date="S55.4.1")
    answer = await staff.post("/do/open", data=form)
    assert answer.status_code == 422
    assert "準備中です。" in answer.text
    assert 'value="山田 太郎"' in answer.text
    desk.refusal = None
    assert (await staff.post("/do/open", data=form)).status_code == 303


@pytest.mark.parametrize("ending", ["shutdown", "browser_lost", "interrupted", "", "nonsense"])
async def test_staff_can_order_only_the_endings_that_have_a_button(
    desk: Desk, staff: httpx.AsyncClient, ending: str
) -> None:
    """A made-up ending is answered with a page, not with an error, and does nothing."""
    desk.now = SERVING
    assert (await staff.post("/do/end", data=await hidden(staff, ending=ending))).status_code == 422
    assert desk.asked == []


async def test_to_interrupt_takes_a_reason_from_the_list(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Each reason has a button of its own; none, or a made-up one, interrupts nothing."""
    desk.now = SERVING
    offered = re.findall('name="interruption" value="([a-z_]+)"', (await staff.get("/")).text)
    assert offered == list(Interruption)
    for made_up in ("", "lunch"):
        assert (await staff.post("/do/interrupt", data=await hidden(staff, interruption=made_up))).status_code == 422
    assert desk.asked == []
    form = await hidden(staff, interruption="citizen_left")
    assert (await staff.post("/do/interrupt", data=form)).status_code == 303
    assert desk.asked == [(Ending.INTERRUPTED, Interruption.CITIZEN_LEFT)]


async def test_the_seal_after_an_interruption_names_its_reason_to_the_leader(
    desk: Desk, staff: httpx.AsyncClient
) -> None:
    """Where the journal of an older version does not tell the reason, the page says what it knows."""
    why = Texts().interruption(Interruption.PORTAL_DOWN)
    desk.now = replace(READY, seal=SealReason.INTERRUPTED, seal_detail=Interruption.PORTAL_DOWN.value)
    html = (await staff.get("/")).text
    assert why in html
    assert "portal_down" not in html
    desk.now = replace(READY, seal=SealReason.INTERRUPTED, seal_detail="from an earlier run")
    html = (await staff.get("/")).text
    assert why not in html
    assert "from an earlier run" in html


async def test_an_interrupted_visit_is_shown_when_the_citizen_returns(desk: Desk, staff: httpx.AsyncClient) -> None:
    desk.now = replace(SERVING, earlier=Earlier(at=INTERRUPTED_AT, why=Interruption.NUMBER_NOT_AT_HAND))
    html = (await staff.get("/")).text
    assert INTERRUPTED_AT.astimezone().strftime("%Y-%m-%d %H:%M") in html
    assert Texts().interruption(Interruption.NUMBER_NOT_AT_HAND) in html
    desk.now = replace(SERVING, earlier=Earlier(at=INTERRUPTED_AT))
    assert "中断されています" in (await staff.get("/")).text
    desk.now = SERVING
    assert "中断されています" not in (await staff.get("/")).text


async def test_a_parent_is_received_with_the_child_they_act_for(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Both persons or neither: half of the second one is told at its field, and nothing typed is lost."""
    form = await hidden(staff, name="佐藤 花子", birth_date="19800401", for_name="佐藤 海")
    answer = await staff.post("/do/open", data=form)
    assert (answer.status_code, desk.asked) == (422, [])
    assert 'value="佐藤 海"' in answer.text
    assert (await staff.post("/do/open", data=form | {"for_birth_date": "R1.5.1"})).status_code == 303
    mother = Citizen(name="佐藤 花子", birth_date=date(1980, 4, 1))
    assert desk.asked == [(mother, Citizen(name="佐藤 海", birth_date=date(2019, 5, 1)))]


async def test_a_name_cannot_become_part_of_the_page(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Names come from people and from portals: they are text and nothing else."""
    desk.now = SERVING
    html = (await staff.get("/")).text
    assert "&lt;b&gt;山田&lt;/b&gt;" in html
    assert "<b>山田" not in html


async def test_a_leaders_wrong_pin_is_told_at_its_field_and_never_comes_back(
    desk: Desk, staff: httpx.AsyncClient
) -> None:
    """The number stays, the PIN does not; a lock says for how long, in the language of the page."""
    desk.now, desk.pins = replace(READY, seal=SealReason.NOT_CLEARED), True
    form = await hidden(staff, leader="L-07", pin="274927")
    for denied, told in {
        Denied(why=Denial.WRONG_PIN): "職員番号と PIN が合いません。",
        Denied(why=Denial.LOCKED, wait=59.2): "60秒たってから",
        Denied(why=Denial.LOCKED, wait=121): "3分たってから",
    }.items():
        desk.denied = denied
        answer = await staff.post("/do/lift", data=form)
        assert answer.status_code == 422
        assert 'id="lift-pin-fault"' in answer.text
        assert told in answer.text
        assert 'value="L-07"' in answer.text
        assert "274927" not in answer.text
    await staff.post("/language", data={"csrf": form["csrf"]})
    assert "Wait 3 minutes" in (await staff.post("/do/lift", data=form)).text
    desk.denied, desk.refusal = None, Refusal.DISCARD_FIRST
    assert "274927" not in (await staff.post("/do/lift", data=form)).text
    assert desk.asked == [("L-07", "274927")]
    desk.refusal = None
    assert (await staff.post("/do/lift", data=form)).status_code == 303


async def test_staff_change_on_a_page_of_the_visit_before(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Who serves has nothing to do with whom: the bar is older than the visit below it, and does its work once."""
    desk.now = SERVING
    form = await hidden(staff, number="S-12", pin="8305")
    desk.now = replace(SERVING, visit_id="v2")
    assert (await staff.post("/do/take_over", data=form | {"number": " "})).status_code == 422
    for _ in range(2):
        assert (await staff.post("/do/take_over", data=form)).status_code == 303
    assert desk.asked == [("duty", "S-12", "8305")]


async def test_a_ledger_that_fails_is_told_whatever_the_counter_does(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Work goes on; what may be missing on the page is said on the page."""
    told = "受付表に書き込めません。"
    for view in (READY, SERVING, replace(READY, seal=SealReason.NOT_CLEARED)):
        desk.now = view
        assert told not in (await staff.get("/")).text
        desk.now = replace(view, ledger_failed=True)
        assert told in (await staff.get("/now")).text


async def test_a_websocket_is_closed_at_the_door(app: Starlette) -> None:
    """The console has none, so whoever asks for one is not the console."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    await app({"type": "websocket", "path": "/", "headers": []}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (CardState.BACK, CardAnswer.SAME_CITIZEN),
        (CardState.AWAITED, CardAnswer.WITHOUT_CARD),
        (CardState.LEFT, CardAnswer.WITHOUT_CARD),
    ],
)
async def test_staff_answer_the_question_about_the_card(
    desk: Desk, staff: httpx.AsyncClient, state: CardState, answer: CardAnswer
) -> None:
    """One button, and it is the one of the state shown."""
    desk.now = replace(SERVING, card=state, card_may_be_waived=answer is CardAnswer.WITHOUT_CARD)
    assert re.findall('name="answer" value="([a-z_]+)"', (await staff.get("/")).text) == [answer]
    assert (await staff.post("/do/card", data=await hidden(staff, answer=answer))).status_code == 303
    assert desk.asked == [answer]


async def test_a_declined_or_made_up_answer_about_the_card_is_told(desk: Desk, staff: httpx.AsyncClient) -> None:
    desk.now, desk.refusal = replace(SERVING, card=CardState.BACK), Refusal.CARD_MISSING
    answer = await staff.post("/do/card", data=await hidden(staff, answer="same_citizen"))
    assert (answer.status_code, "カードリーダーにカードがありません" in answer.text) == (422, True)
    assert (await staff.post("/do/card", data=await hidden(staff, answer="trust_me"))).status_code == 422
    assert desk.asked == [CardAnswer.SAME_CITIZEN]


@pytest.mark.parametrize("state", [CardState.THERE, CardState.REMOVED, CardState.LEFT])
async def test_a_card_that_asks_nothing_shows_a_line_and_no_button(
    desk: Desk, staff: httpx.AsyncClient, state: CardState
) -> None:
    desk.now = replace(SERVING, card=state)
    html = (await staff.get("/")).text
    assert Texts().card(state).label in html
    assert 'action="/do/card"' not in html
    desk.now = SERVING
    assert Texts().card(state).label not in (await staff.get("/")).text


ASKED = (
    Question(item=Personal.BIRTH_DATE, source=Source.PORTAL),
    Question(item=Personal.READING, source=Source.RECEPTION),
)


def variant(*, by_leader: bool = False) -> CounterView:
    questions = Questions(asked=ASKED, by_leader=by_leader)
    line = PortalView(portal="point", state=HolderState.VARIANT, holder_name="渡邉 一郎", questions=questions)
    return replace(SERVING, portals=(line,))


async def test_a_variant_is_asked_for_exactly_the_items_of_its_questions(desk: Desk, staff: httpx.AsyncClient) -> None:
    """An empty or misread one is told at its field, and what was typed stays."""
    desk.now = variant()
    form = await hidden(
        staff, portal="point", holder="渡邉 一郎", staff="小野", birth_date="S55.4.31", reading="渡邉 一郎", leader=""
    )
    assert re.findall(r'<input type="text" id="confirm-point-([a-z_]+)"', (await staff.get("/")).text) == [
        *("birth_date", "reading", "staff", "leader"),
    ]
    answer = await staff.post("/do/confirm", data=form)
    assert (answer.status_code, desk.asked) == (422, [])
    assert "暦にありません" in answer.text
    assert "ひらがなかカタカナで" in answer.text
    answer = await staff.post("/do/confirm", data=form | {"birth_date": "", "reading": " ", "staff": ""})
    assert answer.text.count('aria-invalid="true"') == 3
    right = form | {"birth_date": "昭和55年4月1日", "reading": "わたなべ　いちろう"}
    assert (await staff.post("/do/confirm", data=right)).status_code == 303
    typed = Answers(birth_date=date(1980, 4, 1), reading="わたなべ いちろう")
    assert desk.asked == [("point", typed, "小野", "", "")]


async def test_a_leader_need_not_answer_what_the_citizen_cannot(desk: Desk, staff: httpx.AsyncClient) -> None:
    """The number stands in place of the answer; a wrong PIN is told at its field and does not come back."""
    desk.now, desk.pins, desk.denied = variant(by_leader=True), True, Denied(why=Denial.WRONG_PIN)
    form = await hidden(
        staff, portal="point", holder="渡邉 一郎", birth_date="19800401", reading="", leader="L-07", pin="274927"
    )
    answer = await staff.post("/do/confirm", data=form)
    assert (answer.status_code, 'id="confirm-point-pin-fault"' in answer.text) == (422, True)
    assert "274927" not in answer.text
    assert 'value="L-07"' in answer.text
    desk.denied = None
    assert (await staff.post("/do/confirm", data=form)).status_code == 303
    assert desk.asked == [("point", Answers(birth_date=date(1980, 4, 1)), "", "L-07", "274927")]


async def test_a_confirmed_or_agreeing_holder_is_asked_nothing(desk: Desk, staff: httpx.AsyncClient) -> None:
    desk.now = replace(SERVING, portals=(PortalView(portal="point", state=HolderState.NOT_BY_NAME),))
    assert "/do/confirm" not in (await staff.get("/")).text


async def test_a_visit_without_data_is_opened_for_whoever_logs_in(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Whom they act for is written down as everywhere; half of it is told at its field."""
    desk.bound = True
    form = await hidden(staff, ticket=" 17 ", for_name="佐藤 海", for_birth_date="R1.5.32")
    assert (await staff.post("/do/open", data=form)).status_code == 422
    assert (await staff.post("/do/open", data=form | {"for_birth_date": "R1.5.1"})).status_code == 303
    assert desk.asked == [(None, Citizen(name="佐藤 海", birth_date=date(2019, 5, 1)))]
    assert desk.tickets == ["17"]
    desk.refusal = Refusal.CITIZEN_MISSING
    answer = await staff.post("/do/open", data=await hidden(staff))
    assert (answer.status_code, Texts().refusal(Refusal.CITIZEN_MISSING) in answer.text) == (422, True)


async def test_the_answers_of_a_binding_are_read_and_told_at_their_fields(desk: Desk, staff: httpx.AsyncClient) -> None:
    asked = (
        Question(item=Personal.BIRTH_YEAR, source=Source.PORTAL),
        Question(item=Personal.READING, source=Source.NOBODY),
    )
    questions = Questions(asked=asked, by_leader=False)
    binding = BindingView(portal="point", holder_name="渡邉 一郎", questions=questions)
    desk.now = replace(SERVING, citizen_name=None, binding=binding)
    form = await hidden(staff, holder="渡邉 一郎", birth_year="昭和65", reading="渡邉", staff="小野", leader="")
    answer = await staff.post("/do/bind", data=form)
    assert (answer.status_code, answer.text.count('aria-invalid="true"'), desk.asked) == (422, 2, [])
    right = form | {"birth_year": "昭和55年", "reading": "わたなべ"}
    assert (await staff.post("/do/bind", data=right)).status_code == 303
    assert desk.asked == [("bind", Answers(birth_year=1980, reading="わたなべ"), "小野", "", "")]


async def test_what_was_typed_about_one_holder_is_never_said_of_another(desk: Desk, staff: httpx.AsyncClient) -> None:
    """Somebody else logged in while staff typed: a leader who saw one person's papers has not seen the other's."""
    desk.now = variant()
    said = {"holder": "渡邊 一郎", "staff": "小野", "birth_date": "S55.4.1", "birth_year": "S55", "reading": "わたなべ"}
    for path, portal in (("/do/confirm", "point"), ("/do/confirm", "elsewhere"), ("/do/bind", "")):
        answer = await staff.post(path, data=await hidden(staff, portal=portal, **said))
        assert (answer.status_code, "表示が古かった" in answer.text) == (422, True)
    assert desk.asked == []
