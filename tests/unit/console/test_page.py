"""The console's page and the local pages as functions of a view."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from markupsafe import escape

from guard.console.app import create_app
from guard.console.calls import Frame
from guard.console.local_pages import open_a_visit_first_page, start_page, unknown_site_page
from guard.console.page import Page
from guard.console.procedure import procedure_page
from guard.core.checklist import Checklist
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.commands import Refusal
from guard.core.confirmation import Personal, Question, Questions, Source
from guard.core.identity import Obscurity
from guard.core.payload import FieldKind
from guard.core.staff import Member, Role
from guard.core.submission import Channel
from guard.core.terms import Assurance
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
from guard.labels import Label
from guard.portal import Portal
from guard.texts import Language, Texts
from tests.unit.console.test_app import BASE, ONCE, OWN, Desk, all_requests

PORTALS = [
    Portal.model_validate(
        {
            "name": name,
            "title": {"ja": "申込 & 確認", "en": "Points"},
            "origins": [f"https://{name}.portal.test"],
            "start": "/apply",
            "on_start_page": name == "point",
            "session": {"cookies": ["sid"]},
            "holder": {"path": "/whoami", "reading": "json", "guest": "guest", "name": "name"},
        }
    )
    for name in ("point", "idp")
]
FRAGMENTS = {"/now"}
"""What is put into a page that is open."""
ENDED = Checklist(visit_id="v0", proved=frozenset())
CLEARANCE = Clearance(
    visit_id="v",
    generation=1,
    proofs=tuple(Proof(area=area, finding=finding, portal="point") for area in Area for finding in Finding),
    assurances=(("point", Assurance.IDENTITY), ("idp", Assurance.PROVENANCE)),
)
SERVING = CounterView(
    phase=Phase.SERVING,
    generation=1,
    visit_id="v1",
    citizen_name="山田 太郎",
    portals=tuple(PortalView(portal="point", state=state, why=Obscurity.TIMEOUT) for state in HolderState),
    stops=tuple(StopView(submission_id=reason, portal="point", reason=reason) for reason in Reason),
    alarms=(AlarmView(portal="unknown", text="登録済み"),),
)
QUESTIONS = Questions(
    asked=tuple(Question(item=item, source=Source.PORTAL) for item in Personal),
    by_leader=False,
)
ASKED = replace(
    SERVING,
    portals=(PortalView(portal="point", state=HolderState.VARIANT, holder_name="渡邉", questions=QUESTIONS),),
)
UNBOUND = replace(
    SERVING, citizen_name=None, binding=BindingView(portal="point", holder_name="渡邉", questions=QUESTIONS)
)
NUMBERS = tuple(
    ValueView(submission_id=f"1-{kind}", portal="point", kind=kind, name="id", groups=("1001", "001"))
    for kind in FieldKind
)
VIEWS = [
    ASKED,
    UNBOUND,
    replace(UNBOUND, binding=None),
    *(replace(UNBOUND, binding=refusal) for refusal in (Refusal.TWO_PEOPLE, Refusal.LEFTOVER_LOGIN)),
    *(replace(SERVING, read_back=number, disputes=NUMBERS) for number in NUMBERS),
    *(replace(SERVING, phase=phase) for phase in Phase),
    *(CounterView(phase=phase, generation=1, clearance=CLEARANCE) for phase in Phase),
    *(replace(SERVING, phase=phase, staff=Member(number="S-12", name="小野 健", role=Role.STAFF)) for phase in Phase),
    *(replace(SERVING, seal=seal, seal_detail="gate", clearance=CLEARANCE) for seal in SealReason),
]


def drawn(
    view: CounterView,
    language: Language = Language.JA,
    *,
    pins: bool = True,
    found: tuple[Found, ...] | None = None,
) -> str:
    return Page(view, Texts(language), PORTALS, "csrf", pins=pins, found=found).whole()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.phase}-{view.seal}-{view.visit_id}")
def test_every_view_can_be_drawn_in_both_languages(view: CounterView, language: Language) -> None:
    """No state of the counter leaves staff without a page, and none runs script or style of its own."""
    html = drawn(view, language)
    assert f'<html lang="{language}">' in html
    assert re.search(r"<main[^>]*>\s*<section", html)
    assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_stop_always_comes_with_the_way_out(reason: Reason) -> None:
    """What failed, what to do, who may release it, and the button that needs no secret."""
    html = drawn(replace(SERVING, stops=(StopView(submission_id="s", portal="point", reason=reason),)))
    advice = Texts().reason(reason)
    for sentence in (advice.failed, advice.todo, advice.release):
        assert sentence in html
    assert 'value="discarded"' in html


READY = CounterView(phase=Phase.READY, generation=1)
ONO = Member(number="S-12", name="小野 健", role=Role.STAFF)
ALL_FOUND = (
    *(Found(weakness=weakness, note="for engineers") for weakness in Weakness if weakness is not Weakness.POLICY),
    *(Found(weakness=Weakness.POLICY, note=f"Policy {name}", name=name) for name in ("ProxyMode", "X&Y", "ProxyMode")),
)


def _preflight(html: str) -> str:
    return "".join(re.findall(r'data-part="preflight".*?</section>', html, re.DOTALL))


@pytest.mark.parametrize("language", list(Language))
def test_the_start_of_the_day_tells_in_one_line_that_preflight_found_nothing(language: Language) -> None:
    """Before who serves is chosen, and at reception where nobody is registered; not all day long."""
    fine = Texts(language).label(Label.PREFLIGHT_FINE)
    begun = replace(READY, clearance=CLEARANCE)
    for view, pins, told in (
        (READY, True, True),
        (READY, False, True),
        (begun, True, True),  # a day later: it begins again
        (begun, False, False),
        (replace(begun, staff=ONO), True, False),
        (replace(READY, staff=ONO), True, True),
        (SERVING, True, False),
    ):
        html = drawn(view, language, pins=pins, found=())
        assert (fine in html) is told, view
        assert "<li" not in _preflight(html)
    assert fine not in drawn(READY, language, found=None)


@pytest.mark.parametrize("language", list(Language))
def test_what_preflight_found_is_told_with_whom_to_tell_until_it_is_mended(language: Language) -> None:
    """In the words of staff, each once, with the names that those who mend it ask for; the notes stay away."""
    texts = Texts(language)
    for view in (READY, replace(READY, staff=ONO, clearance=CLEARANCE)):
        part = _preflight(drawn(view, language, found=ALL_FOUND))
        assert texts.label(Label.PREFLIGHT_FOUND) in part
        assert texts.label(Label.PREFLIGHT_FINE) not in part
        assert part.count("<li") == len(Weakness)
        for weakness in Weakness:
            assert all(part.count(str(escape(told))) == 1 for told in texts.weakness(weakness))
        assert part.count("ProxyMode, X&amp;Y") == 1
        assert "engineers" not in part


def test_what_comes_with_the_system_is_no_alarm_that_every_day_begins_with() -> None:
    lasting = tuple(one for one in ALL_FOUND if one.weakness.lasting)
    part = _preflight(drawn(READY, found=lasting))
    assert Texts().label(Label.PREFLIGHT_FINE) in part
    assert part.count('<li class="hint"') == len(lasting) == 2
    assert _preflight(drawn(replace(READY, staff=ONO, clearance=CLEARANCE), found=lasting)) == ""


NINE = datetime(2026, 4, 1, 9, 5).astimezone()
SENT = tuple(
    SentView(submission_id=f"1-{each}", portal="point", channel=each, time=NINE + timedelta(minutes=number))
    for number, each in enumerate(Channel)
)


@pytest.mark.parametrize("language", list(Language))
def test_what_was_sent_is_listed_newest_first_with_portal_road_fields_and_time(language: Language) -> None:
    """What is declared is called by its name; how many there were before the list is told as a number."""
    texts, page = Texts(language), language.pick(PORTALS[0].title).replace("&", "&amp;")
    kinds = (FieldKind.PAYMENT_ID, FieldKind.ACCOUNT_NUMBER)
    newest = replace(SENT[0], submission_id="2-1", fields=tuple((kind, "id") for kind in kinds))
    html = drawn(replace(SERVING, released=9, sent=(*SENT, newest)), language)
    (part,) = re.findall(r'data-part="sent".*?</section>', html, re.DOTALL)
    rows = [(clock, each) for clock, each in re.findall(r">(\d\d:\d\d)</time>\s*<span class=\"to\">(.*)</span>", part)]
    named = texts.label(Label.SENT_AND).join(texts.value(kind) for kind in kinds)
    told = [texts.label(Label.SENT_WITH, way=texts.channel(Channel.DOCUMENT), fields=named)]
    told += [texts.channel(one.channel) for one in reversed(SENT)]
    assert [clock for clock, _ in rows] == ["09:05", *(f"09:{5 + number:02}" for number in reversed(range(len(SENT))))]
    assert [each for _, each in rows] == [f'{page}<span class="where">{one}</span>' for one in told]
    assert texts.label(Label.SENT_BEFORE, count=2) in part


def test_nothing_is_listed_before_anything_was_sent() -> None:
    html = drawn(replace(SERVING, released=0))
    assert 'data-part="sent"' not in html
    assert Texts().label(Label.SENT_COUNT, count=0) in html


def test_the_page_is_told_when_the_visit_began_and_counts_the_minutes_itself() -> None:
    """So that the part keeps its version while time goes by and nothing is exchanged; and it is no live region."""
    view = replace(SERVING, opened_at=NINE)
    html = drawn(view)
    assert "対応開始" in html
    assert ">09:05</time>" in html
    assert re.search(rf'aria-live="off" data-since="{re.escape(NINE.isoformat())}"[^>]*></b>', html)
    assert 'data-minutes="%m 分" data-hours="%h 時間 %m 分"' in html
    assert "data-since" not in drawn(SERVING)


def test_no_field_is_left_without_a_label() -> None:
    """A reader of the screen can name every field and every hint that belongs to it."""
    for view in VIEWS:
        html = drawn(view)
        ids = set(re.findall(r'\sid="([^"]+)"', html))
        fields = re.findall(r'<input type="(?:text|password)"[^>]* id="([^"]+)"', html)
        assert [field for field in fields if f'<label for="{field}">' not in html] == []
        described = {each for group in re.findall(r'aria-describedby="([^"]+)"', html) for each in group.split()}
        assert described <= ids


def test_a_value_is_called_as_its_profile_calls_it() -> None:
    """「会員番号」 rather than a general word, where the profile says so."""
    field = {"path": "/x", "name": "id", "kind": "payment_id", "title": {"ja": "会員番号", "en": "Member number"}}
    portal = Portal.model_validate(PORTALS[0].model_dump() | {"fields": [field]})
    view = replace(SERVING, read_back=NUMBERS[1])
    assert "会員番号" in Page(view, Texts(), [portal], "csrf", pins=True).whole()
    assert "会員番号" not in drawn(view)
    assert Texts().value(FieldKind.PAYMENT_ID) in drawn(view)


@pytest.mark.parametrize("language", list(Language))
def test_a_visit_that_nobody_is_bound_to_is_asked_about_without_a_name(language: Language) -> None:
    """「まだ 様の対応中ですか」 would ask about nobody; with the first login the question gets its name."""
    pages = {"bound": drawn(replace(SERVING, idle_asked=True), language)}
    pages["unbound"] = drawn(replace(UNBOUND, idle_asked=True), language)
    title = re.compile(r'data-part="idle".*?<h2[^>]*>(.*?)</h2>', re.DOTALL)
    asked = {name: title.findall(page) for name, page in pages.items()}
    texts = Texts(language)
    assert asked == {
        "bound": [texts.label(Label.IDLE_TITLE, name="山田 太郎")],
        "unbound": [texts.label(Label.IDLE_UNNAMED)],
    }


def test_a_part_with_a_form_keeps_its_version_until_its_subject_changes() -> None:
    """An update must not take away what is typed; another citizen's variant must."""
    (line,) = ASKED.portals
    variant, other = ASKED, replace(ASKED, portals=(replace(line, holder_name="渡邊"),))
    to_leader = replace(ASKED, portals=(replace(line, questions=replace(QUESTIONS, by_leader=True)),))
    assert _versions(variant)["confirm-point"] == _versions(replace(variant, released=3))["confirm-point"]
    assert _versions(variant)["served"] != _versions(replace(variant, released=3))["served"]
    assert _versions(variant)["confirm-point"] != _versions(other)["confirm-point"]
    assert _versions(variant)["confirm-point"] != _versions(to_leader)["confirm-point"]
    assert _versions(variant)["confirm-point"] != _versions(replace(variant, visit_id="v2"))["confirm-point"]


def test_what_is_typed_for_a_binding_belongs_to_one_holder() -> None:
    """Another login in the meantime takes the answers away."""
    other = replace(UNBOUND, binding=BindingView(portal="point", holder_name="渡邊", questions=QUESTIONS))
    assert _versions(UNBOUND)["binding"] == _versions(replace(UNBOUND, stops=()))["binding"]
    for changed in (other, replace(UNBOUND, visit_id="v2"), replace(UNBOUND, binding=Refusal.TWO_PEOPLE)):
        assert _versions(UNBOUND)["binding"] != _versions(changed)["binding"]
    assert "binding" not in _versions(SERVING)


@pytest.mark.parametrize("language", list(Language))
def test_a_counter_without_a_list_asks_reception_for_nothing(language: Language) -> None:
    ready = CounterView(phase=Phase.READY, generation=1)
    html = Page(ready, Texts(language), PORTALS, "csrf", pins=False, bound=True).whole()
    assert 'action="/do/open"' in html
    assert 'name="ticket"' in html
    assert 'name="name"' not in html


@pytest.mark.parametrize("language", list(Language))
def test_the_start_page_links_to_the_portals_that_belong_on_it(language: Language) -> None:
    """Big links to portals, none to the identity provider, and the name of the person served, all escaped."""
    html = start_page(Texts(language), PORTALS, replace(SERVING, citizen_name="<i>山田</i>"))
    assert re.findall(r'href="([^"]+)"', html) == ["https://point.portal.test/apply"]
    assert "&lt;i&gt;山田&lt;/i&gt;" in html
    assert ("申込 &amp; 確認" in html) is (language is Language.JA)


def test_local_pages_are_whole_and_fetch_nothing() -> None:
    """They stand while the network is down, and a host name cannot become part of the page."""
    texts = Texts()
    empty = start_page(texts, [], CounterView(phase=Phase.READY, generation=1))
    for html in (empty, open_a_visit_first_page(texts, SERVING), unknown_site_page(texts, "<script>evil", SERVING)):
        assert html.startswith("<!doctype html>")
        assert "<script" not in html
        assert not re.search(r"src=|url\(|@import|<link", html)


def _versions(view: CounterView) -> dict[str, str]:
    return dict(re.findall(r'data-part="([^"]+)" data-version="([^"]+)"', drawn(view)))


@pytest.mark.parametrize("language", list(Language))
def test_a_clearance_says_how_the_person_was_checked_at_each_portal(language: Language) -> None:
    """By name, or by the login seen and a typed check, which is less."""
    html = drawn(CounterView(phase=Phase.READY, generation=1, clearance=CLEARANCE), language)
    assert all(Texts(language).assurance(assurance) in html for assurance in Assurance)


def test_a_clearance_tells_of_saved_files() -> None:
    """The citizen may have gone home without the paper."""
    told = drawn(CounterView(phase=Phase.READY, generation=1, clearance=replace(CLEARANCE, downloads=2)), Language.EN)
    assert "2 saved file(s) were deleted." in told
    assert "saved file" not in drawn(CounterView(phase=Phase.READY, generation=1, clearance=CLEARANCE), Language.EN)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("training", [True, False])
async def test_in_training_every_page_says_so(phase: Phase, language: Language, training: bool) -> None:  # noqa: FBT001 (a case)
    """And at a real counter none does. Pages are found by walking the app's routes, so that none can be forgotten."""
    view = replace(SERVING, phase=phase, training=training, checklist=ENDED)
    pages = await _pages_of_the_app(view, language)
    assert pages.keys() >= {"/", "/day", "/procedure", "/citizen"}
    texts = Texts(language)
    pages["start"] = start_page(texts, PORTALS, view)
    pages["open first"] = open_a_visit_first_page(texts, view)
    pages["unknown site"] = unknown_site_page(texts, "shop.example.com", view)
    pages["file"] = procedure_page(texts, "", Frame(csrf="", training=training), alone=True)
    mark = re.compile(rf'<p class="training">{re.escape(texts.label(Label.TRAINING))}</p>')
    assert {name: len(mark.findall(html)) for name, html in pages.items()} == dict.fromkeys(pages, int(training))


async def _pages_of_the_app(view: CounterView, language: Language) -> dict[str, str]:
    """Path → page, of all routes that can be asked for one."""
    desk = Desk()
    desk.now = view
    app = create_app(desk, token=ONCE, portals=PORTALS, language=language)
    pages = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=OWN) as client:
        await client.get(f"/open?token={ONCE}")
        for method, path in all_requests(app):
            answer = await client.get(path) if method == "GET" else None
            if answer is not None and answer.headers["content-type"].startswith("text/html") and path not in FRAGMENTS:
                pages[path] = answer.text
    return pages
