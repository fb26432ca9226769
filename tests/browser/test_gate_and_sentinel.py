"""What the gate and the sentinel do when the day is not straight: changed jars, going away, lies, faults."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from guard.blocking import BlockingCounter, open_blocking_counter
from guard.browser import cdp, guarded
from guard.browser.cdp import ProtocolError
from guard.browser.preflight import SENTINELS_SHOWN
from guard.core.identity import Obscurity
from guard.core.verdict import Reason
from guard.core.view import Phase
from tests.browser.lab import (
    BEFORE,
    LAB,
    NOW,
    OTHER,
    STRANGER,
    Answer,
    answered_at,
    lab_config,
    profile,
    wait_until,
    whoami,
)
from tests.day import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

    from guard.browser.cdp import Message
    from tests.browser.conftest import Window
    from tests.browser.lab import Lab

pytestmark = pytest.mark.browser

TYPED = "申込み 7,500"
SETTLED = 0.15  # seconds in which what was let through has arrived


@pytest.fixture(scope="module")
def lab_counter(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """A counter that asks the portal every time, so that a slow answer holds what is sent."""
    portals = (profile("lab", LAB, max_age=0.0, deadline=1.5), profile("other", OTHER, max_age=0.0))
    config = lab_config(lab, tmp_path_factory.mktemp("gate"), portals=portals)
    with open_blocking_counter(config) as counter:
        yield counter


def _sink() -> str:
    return f"/sink/{secrets.token_hex(6)}"


def _post(page: Page, path: str, host: str = LAB) -> None:
    options = "{method: 'POST', body: 'x', mode: 'no-cors', credentials: 'include'}"
    page.evaluate(f"() => {{ fetch('https://{host}{path}', {options}).catch(() => {{}}) }}")


def _open_form(window: Window, path: str) -> None:
    form = f'<form method=post action="{path}"><input name=typed><button>送信</button></form>'
    window.page.goto(f"https://{LAB}{window.lab.page(form)}")
    window.page.fill("input", TYPED)


def _press(page: Page) -> None:
    """Press the button, the stop overlay of a try before put aside."""
    page.keyboard.press("Escape")
    page.click("button", no_wait_after=True)


def _overlay_is_open(page: Page) -> bool:
    """The overlay lies in a closed shadow root over the middle of the page."""
    middle = "document.elementFromPoint(innerWidth / 2, innerHeight / 2)"
    return bool(page.evaluate(f"() => ![document.body, document.documentElement].includes({middle})"))


def test_a_held_submission_is_sent_under_the_session_that_was_sighted(window: Window) -> None:
    """F5: the jar changes while the portal is asked; without the pinned cookie the server would get the new session."""
    sighted, path = window.start(NOW), _sink()
    threading.Event().wait(0.5)  # the look that the page itself brings is over
    window.lab.answers["/whoami"] = whoami(NOW, after=0.6)
    asked = len(window.lab.at("/whoami"))
    _post(window.page, path)
    wait_until(lambda: len(window.lab.at("/whoami")) > asked, "the sentinel's question")
    changed = window.lab.log_in(window.context, BEFORE)
    assert window.answer_at(path).verdict.passed
    wait_until(lambda: window.lab.at(path), "the submission")
    assert [one.session for one in window.lab.at(path)] == [sighted] != [changed]


def test_a_redirect_that_changes_the_session_is_stopped_at_its_hop(window: Window) -> None:
    """The first hop was right; the portal answers it with somebody else's session and 307."""
    window.start(NOW)
    window.lab.people["session-of-before"] = BEFORE
    name = secrets.token_hex(6)
    window.page.evaluate(
        f"() => {{ fetch('/hop/307/{name}?become=session-of-before', {{method: 'POST', body: 'x'}}).catch(() => 0) }}"
    )
    assert window.answer_at(f"/hop/307/{name}").verdict.passed
    assert window.answer_at(f"/sink/{name}").verdict.reason is Reason.SOMEONE_ELSE
    assert window.lab.at(f"/sink/{name}") == []


def test_after_a_stop_the_filled_form_waits_for_the_right_login(window: Window) -> None:
    """F6: nothing typed is lost, and the same button sends it once the login is right."""
    window.start(BEFORE)
    path = _sink()
    _open_form(window, path)
    _press(window.page)
    assert window.answer_at(path).verdict.reason is Reason.SOMEONE_ELSE
    assert window.page.input_value("input") == TYPED
    session = window.lab.log_in(window.context, NOW)
    _press(window.page)
    assert window.answer_at(path, 1).verdict.passed
    wait_until(lambda: window.lab.at(path), "the submission")
    (arrival,) = window.lab.at(path)
    assert (arrival.session, arrival.body.decode()) == (session, f"typed={quote_plus(TYPED)}")


def test_after_a_stop_one_may_go_away_and_come_back_to_the_filled_form(window: Window) -> None:
    """F6: a stop answered with a page would lose the form on Back; an aborted one leaves history as it was."""
    window.start(BEFORE)
    path = _sink()
    _open_form(window, path)
    form = window.page.url
    _press(window.page)
    assert window.answer_at(path).verdict.reason is Reason.SOMEONE_ELSE
    window.page.goto(f"https://{LAB}/")
    session = window.lab.log_in(window.context, NOW)
    window.page.evaluate("() => history.back()")
    window.page.wait_for_url(form)
    wait_until(lambda: window.page.input_value("input") == TYPED, "the filled form")
    _press(window.page)
    assert window.answer_at(path, 1).verdict.passed
    wait_until(lambda: window.lab.at(path), "the submission")
    (arrival,) = window.lab.at(path)
    assert (arrival.session, arrival.body.decode()) == (session, f"typed={quote_plus(TYPED)}")


@pytest.mark.parametrize("back", [False, True], ids=["reload", "back"])
def test_a_result_is_not_posted_again_under_another_login(window: Window, back: bool) -> None:  # noqa: FBT001
    """Reload and Back onto the answer of a POST: whatever is sent again is held like the first."""
    window.start(NOW)
    path = _sink()
    _open_form(window, path)
    _press(window.page)
    wait_until(lambda: window.lab.at(path), "the submission")
    window.page.wait_for_url(f"**{path}")
    window.lab.log_in(window.context, BEFORE)
    if back:
        window.page.goto(f"https://{LAB}/")
    window.page.evaluate("() => history.back()" if back else "() => location.reload()")
    threading.Event().wait(1.0)
    assert [one.verdict.reason for one in answered_at(window.counter, path)] == [None, Reason.SOMEONE_ELSE]
    assert len(window.lab.at(path)) == 1


def _reload_by_script(window: Window) -> None:
    window.page.evaluate("() => location.reload()")


def _reload(window: Window) -> None:
    """As a person does it who has answered the browser's own question with "send again"."""
    window.page.context.new_cdp_session(window.page).send("Page.reload")


def _back_and_reload(window: Window) -> None:
    """Back alone asks the browser's cache; what that has not, a person sends again from the page that says so."""
    path, sent = urlsplit(window.page.url).path, len(answered_at(window.counter, urlsplit(window.page.url).path))
    window.page.goto(f"https://{LAB}/")
    window.page.evaluate("() => history.back()")
    assert window.answer_at(path, sent).verdict.passed
    window.page.wait_for_function("() => location.protocol === 'chrome-error:'")
    _reload(window)


AGAIN = {"reload by script": _reload_by_script, "reload": _reload, "back and reload": _back_and_reload}


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
def test_a_result_that_is_posted_again_is_held_and_arrives_once_and_unchanged(
    window: Window, again: Callable[[Window], None]
) -> None:
    """Reload of, and Back onto, the answer of a POST, under the right login: each sending is judged like the first."""
    session, path = window.start(NOW), _sink()
    _open_form(window, path)
    _press(window.page)
    window.page.wait_for_url(f"**{path}")
    window.lab.answers["/whoami"] = whoami(NOW, after=0.3)
    for arrived in (1, 2):
        again(window)
        wait_until(lambda: waiting(window.counter), "the held submission")
        assert len(window.lab.at(path)) == arrived
        window.page.wait_for_url(f"**{path}")
        window.page.wait_for_load_state()
        wait_until(partial(_arrived_more_than, window, path, arrived), "the submission, sent again")
        threading.Event().wait(SETTLED)
        assert len(window.lab.at(path)) == arrived + 1
    assert all(one.verdict.passed for one in answered_at(window.counter, path))
    body = f"typed={quote_plus(TYPED)}".encode()
    came = {(one.method, one.session, one.body, one.headers["content-type"]) for one in window.lab.at(path)}
    assert came == {("POST", session, body, "application/x-www-form-urlencoded")}


def _arrived_more_than(window: Window, path: str, number: int) -> bool:
    return len(window.lab.at(path)) > number


def test_going_away_withdraws_what_is_held(window: Window) -> None:
    """F7: staff leave the page while the portal is asked; nothing is sent, and nothing is broken."""
    window.start(NOW)
    path = _sink()
    _open_form(window, path)
    window.lab.answers["/whoami"] = whoami(NOW, after=1.0)
    _press(window.page)
    wait_until(lambda: window.counter.counter.supervisor.counter.waiting, "the held submission")
    window.page.goto(f"https://{LAB}/")
    threading.Event().wait(1.5)
    assert window.lab.at(path) == []
    assert (window.counter.view.phase, window.counter.view.seal) == (Phase.SERVING, None)


def test_each_cookie_jar_has_a_sentinel_of_its_own(window: Window) -> None:
    """F14: a second context is logged in as somebody else, while the first one is right."""
    window.start(NOW)
    second = window.browser.new_context()
    window.lab.log_in(second, BEFORE)
    other_page, wrong, right = second.new_page(), _sink(), _sink()
    other_page.goto(f"https://{LAB}/")
    _post(other_page, wrong)
    _post(window.page, right)
    assert window.answer_at(wrong).verdict.reason is Reason.SOMEONE_ELSE
    assert window.answer_at(right).verdict.passed
    second.close()
    wait_until(lambda: window.lab.at(right), "the submission of the first context")
    assert window.lab.at(wrong) == []


def test_a_site_without_profile_is_answered_with_a_page_that_says_so(window: Window) -> None:
    window.page.goto(f"https://{STRANGER}/anything")
    assert STRANGER in window.page.inner_text("body")
    assert window.lab.at("/anything") == []


def test_a_post_to_a_site_without_profile_is_refused(window: Window) -> None:
    """A background one without an overlay: staff did not mean it, and false stops get clicked away."""
    window.start(NOW)
    path, form_path = _sink(), _sink()
    _post(window.page, path, STRANGER)
    assert window.answer_at(path).verdict.reason is Reason.UNKNOWN_ORIGIN
    threading.Event().wait(SETTLED)
    assert not _overlay_is_open(window.page)
    _open_form(window, f"https://{STRANGER}{form_path}")
    _press(window.page)
    assert window.answer_at(form_path).verdict.reason is Reason.UNKNOWN_ORIGIN
    wait_until(lambda: _overlay_is_open(window.page), "the overlay of a stopped form")
    assert window.lab.at(path) == window.lab.at(form_path) == []


def test_without_a_visit_portals_are_closed_and_logout_is_open(
    lab: Lab, lab_counter: BlockingCounter, playwright: Playwright
) -> None:
    """Nobody can log in outside a visit; a logout can only end a session."""
    browser = playwright.chromium.connect_over_cdp(lab_counter.endpoint)
    context = browser.contexts[0]
    page = context.pages[0] if context.pages else context.wait_for_event("page")
    lab.arrivals.clear()
    page.goto(f"https://{LAB}/too-early")
    assert "lab" not in page.title()
    page.goto("about:blank")
    page.set_content(f'<form method=post action="https://{LAB}/logout"><button>ログアウト</button></form>')
    page.click("button", no_wait_after=True)
    wait_until(lambda: lab.at("/logout"), "the logout")
    assert lab.at("/too-early") == []
    browser.close()


def test_a_page_that_staff_opened_too_early_is_there_once_the_visit_is(
    lab: Lab, lab_counter: BlockingCounter, playwright: Playwright
) -> None:
    """Nobody has to load it again by hand."""
    browser = playwright.chromium.connect_over_cdp(lab_counter.endpoint)
    context = browser.contexts[0]
    page = context.pages[0] if context.pages else context.wait_for_event("page")
    path = lab.page("<h1>申込み</h1>")
    page.goto(f"https://{LAB}{path}")
    assert lab.at(path) == []
    lab_counter.open_visit(NOW)
    page.get_by_role("heading", name="申込み").wait_for()
    browser.close()
    lab_counter.end()


def test_the_gate_is_on_before_the_first_document(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F3: the very first window points at a portal whose page posts while it loads."""
    path = _sink()
    first = lab.page(f"<script>fetch('{path}', {{method: 'POST'}})</script>")
    monkeypatch.setattr(guarded, "START_URL", f"https://{LAB}{first}")
    with open_blocking_counter(lab_config(lab, tmp_path)) as counter:
        browser = counter.counter.supervisor.browser
        assert browser is not None
        wait_until(lambda: [page.url for page in browser.pages.open] == [f"https://{LAB}{first}"], "the window")
        threading.Event().wait(SETTLED)
    assert lab.at(first) == lab.at(path) == []


LIAR = """
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {
  const {pathname} = new URL(event.request.url);
  if (pathname === '/whoami') event.respondWith(new Response(SAID, {headers: {'content-type': 'application/json'}}));
  if (pathname.startsWith('/.well-known/')) event.respondWith(new Response('<script>fetch = () => 0</script>'));
});
"""


def test_a_service_worker_cannot_lie_to_the_sentinel(window: Window) -> None:
    """F13: it says that the citizen served is logged in, while the server says somebody else."""
    window.start(BEFORE)
    lie = whoami(NOW).body.decode()
    source = window.lab.script(LIAR.replace("SAID", json.dumps(lie)))
    window.page.evaluate(
        "async source => { const ready = new Promise(now => navigator.serviceWorker.oncontrollerchange = now);"
        "await navigator.serviceWorker.register(source, {scope: '/'}); await ready; }",
        source,
    )
    assert window.page.evaluate("() => fetch('/whoami').then(answer => answer.text())") == lie
    browser = window.counter.counter.supervisor.browser
    assert browser is not None
    browser.logins._sentinels.clear()  # the next one is opened while the worker stands
    path = _sink()
    _post(window.page, path)
    assert window.answer_at(path).verdict.reason is Reason.SOMEONE_ELSE
    assert window.lab.at(path) == []


FAULTS = {
    "nonsense": (Answer(body=b"[1, 2", content_type="application/json"), Obscurity.NOT_UNDERSTOOD),
    "another page": (Answer(), Obscurity.NOT_UNDERSTOOD),
    "error": (Answer(status=500), Obscurity.SERVER_ERROR),
    "redirect": (Answer(status=302, headers=(("location", "/login"),)), Obscurity.NOT_UNDERSTOOD),
    "5 MB": (Answer(body=b" " * 5_000_000, content_type="application/json"), Obscurity.AMBIGUOUS),
    "hanging": (Answer(after=4.0), None),
}


@pytest.mark.parametrize(("fault", "why"), FAULTS.values(), ids=FAULTS)
def test_a_portal_that_does_not_say_who_is_logged_in_stops_the_submission(
    fault: Answer, why: Obscurity | None, window: Window
) -> None:
    """With the reason, nothing typed lost, and the same button sends it when the portal answers again."""
    window.start(NOW)
    path = _sink()
    _open_form(window, path)
    window.lab.answers["/whoami"] = fault
    _press(window.page)
    reason = window.answer_at(path).verdict.reason
    assert reason is Reason.HOLDER_UNREADABLE if why else reason in {Reason.HOLDER_UNREADABLE, Reason.TOO_LATE}
    stop = window.counter.until(lambda view: bool(view.stops)).stops[0]
    assert stop.why is why or (why is None and stop.why is Obscurity.TIMEOUT)
    assert window.page.input_value("input") == TYPED
    del window.lab.answers["/whoami"]
    _press(window.page)
    assert window.answer_at(path, 1).verdict.passed
    wait_until(lambda: window.lab.at(path), "the submission")
    assert window.counter.view.seal is None


def test_without_hidden_pages_the_sentinel_stands_in_a_tab_and_the_notes_say_so(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That tab is none of staff's: no ribbon is drawn on it, and it does not keep a visit alive."""
    send = cdp.Session.send

    async def without_hidden(self: cdp.Session, method: str, params: Message | None = None, **limits: float) -> Message:
        if params and params.get("hidden"):
            raise ProtocolError("hidden targets are refused")
        return await send(self, method, params, **limits)

    monkeypatch.setattr(cdp.Session, "send", without_hidden)
    window.start(NOW)
    path = _sink()
    _post(window.page, path)
    assert window.answer_at(path).verdict.passed
    browser = window.counter.counter.supervisor.browser
    assert browser is not None
    assert SENTINELS_SHOWN in window.counter.counter.notes
    assert [page.url for page in browser.pages.open] == [window.page.url]
    monkeypatch.undo()
    window.page.close()
    window.counter.until(lambda view: view.phase is not Phase.SERVING)
    window.counter.until(lambda view: view.phase is Phase.READY)


def test_the_bridge_lets_nobody_in_without_its_path(lab_counter: BlockingCounter) -> None:
    """Nor a web page that learned it: those always name their origin."""
    endpoint = lab_counter.endpoint
    host = endpoint.rsplit("/", 1)[0]
    with pytest.raises(InvalidStatus, match="403"), connect(f"{host}/guessed"):
        pass
    with pytest.raises(InvalidStatus, match="403"), connect(endpoint, origin=Origin("https://lab.portal.test")):
        pass


def test_two_playwrights_work_in_one_browser(window: Window, playwright: Playwright) -> None:
    """One leaving takes nothing from the other, nor from the gate."""
    second = playwright.chromium.connect_over_cdp(window.counter.endpoint)
    session = window.start(NOW)
    assert second.contexts[0].pages[0].title() == "lab"
    second.close()
    path = _sink()
    _post(window.page, path)
    assert window.answer_at(path).verdict.passed
    wait_until(lambda: window.lab.at(path), "the submission")
    assert window.lab.at(path)[0].session == session


def test_the_portals_own_questions_are_left_to_staff(lab_counter: BlockingCounter) -> None:
    """F15: a client that dismisses confirm() would answer every logout prompt with no. Only the guard's is here."""
    lab_counter.open_visit(NOW)
    browser = lab_counter.counter.supervisor.browser
    assert browser is not None
    wait_until(lambda: [page.url for page in browser.pages.open] == [guarded.START_URL], "the start page")
    (page,) = browser.pages.open
    page.session.post("Page.navigate", {"url": f"https://{LAB}/"})
    wait_until(lambda: page.url == f"https://{LAB}/", "the portal's page")

    async def ask() -> object:
        question = "setTimeout(() => { globalThis.said = confirm('ログアウトしますか') })"
        await page.session.send("Runtime.evaluate", {"expression": question})
        await asyncio.sleep(0.5)  # in which a client that dismisses would have done so
        await page.session.send("Page.handleJavaScriptDialog", {"accept": True})
        answer = await page.session.send("Runtime.evaluate", {"expression": "globalThis.said"})
        return answer["result"].get("value")

    assert lab_counter.call(ask) is True
    lab_counter.end()
