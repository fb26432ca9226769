"""Ribbon and stop overlay in a real browser, installed the way the guard installs them: in an isolated world."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from guard.browser.ribbon_state import RibbonState, StopNotice, ribbon_state, stop_notice
from guard.core.verdict import Reason
from guard.core.view import CounterView, HolderState, Phase, PortalView, StopView
from guard.portal import Portal
from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import CDPSession, Page, Route

pytestmark = pytest.mark.browser

WORLD = "madoguchi"
HEIGHT = 32
SCRIPT = files("guard.browser").joinpath("ribbon.js").read_text("utf-8")
STRICT = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'none'; require-trusted-types-for 'script'"

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
SERVING = CounterView(
    phase=Phase.SERVING,
    generation=1,
    visit_id="v1",
    citizen_name="山田 太郎",
    portals=(PortalView(portal="point", state=HolderState.AGREE, holder_name="山田 太郎"),),
)
STOP = StopView(submission_id="s1", portal="point", reason=Reason.SOMEONE_ELSE, holder_name="佐藤 花子")

FORM = """<!doctype html><html lang="ja"><body>
<h1>申込</h1><form action="/send" method="post"><label>決済サービスID <input id="id" name="id"></label>
<button>申し込む</button></form><p id="place"></p></body></html>"""


class Portalside:
    """A page with the ribbon installed, seen from the guard: it evaluates in the world, and hears the reports."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: list[dict[str, Any]] = []
        self._worlds: list[int] = []
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.on("Runtime.bindingCalled", lambda event: self.heard.append(json.loads(event["payload"])))
        self._cdp.on("Runtime.executionContextCreated", self._note_world)
        self._cdp.send("Page.enable")
        self._cdp.send("Runtime.enable")
        self._cdp.send("Runtime.addBinding", {"name": "madoguchiReport", "executionContextName": WORLD})
        self._cdp.send("Page.addScriptToEvaluateOnNewDocument", {"source": SCRIPT, "worldName": WORLD})

    def open(self, html: str, csp: str | None = STRICT) -> None:
        def answer(route: Route) -> None:
            headers = {"Content-Security-Policy": csp} if csp else {}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

        self.page.route("https://point.portal.test/**", answer)
        self.page.goto("https://point.portal.test/apply")

    def show(self, state: RibbonState | None = None) -> None:
        self.run(f"madoguchi.show({(state or ribbon_state(SERVING, POINTS, Texts())).to_json()})")

    def stop(self, notice: StopNotice | None = None) -> None:
        self.run(f"madoguchi.stop({(notice or stop_notice(SERVING, STOP, Texts())).to_json()})")
        self.page.wait_for_timeout(50)

    def run(self, expression: str) -> Any:
        answer = self._cdp.send(
            "Runtime.evaluate", {"expression": expression, "contextId": self._worlds[-1], "returnByValue": True}
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def kinds(self) -> list[str]:
        return [message["kind"] for message in self.heard]

    def drawn(self) -> str:
        """All text in the closed shadow root, read through the browser, as no script of the page could."""
        root = self._cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        closed = [node for node in _all_nodes(root) if node.get("shadowRootType") == "closed"]
        return " ".join(text for each in closed for text in _texts(each))

    def press(self, label: str) -> None:
        """Click the overlay's button where it stands on the screen."""
        root = self._cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        buttons = [node for node in _all_nodes(root) if node["nodeName"] == "BUTTON"]
        found = next(button for button in buttons if label in "".join(_texts(button)))
        quad = self._cdp.send("DOM.getContentQuads", {"nodeId": found["nodeId"]})["quads"][0]
        self.page.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)

    def wait_until(self, met: Callable[[], bool], what: str) -> None:
        for _ in range(60):
            if met():
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"did not happen within three seconds: {what}")

    def _note_world(self, event: dict[str, Any]) -> None:
        if event["context"]["name"] == WORLD:
            self._worlds.append(event["context"]["id"])


def _all_nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = [*node.get("shadowRoots", ()), *node.get("children", ())]
    return [node, *(each for child in below for each in _all_nodes(child))]


def _texts(node: dict[str, Any]) -> list[str]:
    return [each["nodeValue"] for each in _all_nodes(node) if each["nodeName"] == "#text"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The installed browser; as root its sandbox cannot work."""
    return {
        "executable_path": os.environ.get("GUARD_TEST_BROWSER", "/usr/bin/chromium"),
        "args": ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [],
    }


@pytest.fixture
def portal(page: Page) -> Portalside:
    page.set_default_timeout(5000)
    return Portalside(page)


def test_the_ribbon_shows_both_persons_under_the_strictest_policy(portal: Portalside) -> None:
    """Content Security Policy and Trusted Types of the portal neither hide nor break it."""
    complaints: list[str] = []
    portal.page.on("console", lambda message: complaints.append(message.text))
    portal.open(FORM)
    portal.show()
    assert portal.drawn().split() == ["対応中", "山田", "太郎", "ログイン", "山田", "太郎", "✓", "一致", "氏名で照合"]
    box = portal.page.locator("madoguchi-ribbon").bounding_box()
    assert box is not None
    assert (box["y"], box["height"], box["width"]) == (0, HEIGHT, 1280)
    assert complaints == []


def test_the_page_cannot_read_the_ribbon_or_reach_its_functions(portal: Portalside) -> None:
    """Names in the ribbon are not the portal's to read, and its scripts cannot draw a false agreement."""
    portal.open(FORM)
    portal.show()
    assert portal.page.evaluate("document.querySelector('madoguchi-ribbon').shadowRoot") is None
    assert portal.page.evaluate("[typeof madoguchi, typeof madoguchiReport]") == ["undefined", "undefined"]
    assert "山田" not in portal.page.evaluate("document.documentElement.outerHTML + document.body.innerText")


def test_hostile_style_does_not_hide_the_ribbon(portal: Portalside) -> None:
    """Neither a style sheet nor an inline style of the page, both with !important, moves or hides it."""
    portal.open(FORM + "<style>html > * { opacity: 0 !important; top: -99px !important }</style>", csp=None)
    portal.show()
    portal.page.evaluate("document.querySelector('madoguchi-ribbon').style.setProperty('display', 'none', 'important')")
    shown = portal.page.evaluate(
        "(() => { const s = getComputedStyle(document.querySelector('madoguchi-ribbon'));"
        " return [s.display, s.opacity, s.top, s.pointerEvents] })()"
    )
    assert shown == ["block", "1", "0px", "none"]


def test_the_page_moves_down_once_by_the_height_of_the_ribbon(portal: Portalside) -> None:
    """The room is made before the first paint; filling the ribbon moves nothing any more."""
    portal.page.add_init_script(
        "globalThis.moved = []; new PerformanceObserver(list => moved.push(...list.getEntries().map(e => e.value)))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    portal.open(FORM)
    before = portal.page.locator("h1").bounding_box()
    portal.show()
    portal.show(ribbon_state(CounterView(phase=Phase.READY, generation=2), POINTS, Texts(Language.EN)))
    assert portal.page.locator("h1").bounding_box() == before
    portal.page.wait_for_timeout(200)
    assert sum(portal.page.evaluate("moved")) < 0.001  # the ribbon's own words; the page moved by 32 px would give 0.04
    portal.run("madoguchi.clear()")
    after = portal.page.locator("h1").bounding_box()
    assert before is not None
    assert after is not None
    assert before["y"] - after["y"] == HEIGHT


def test_showing_the_ribbon_takes_no_focus_and_no_character(portal: Portalside) -> None:
    """Staff type on while the guard reads the holder."""
    portal.open(FORM)
    portal.page.locator("#id").click()
    portal.page.keyboard.type("1234")
    portal.show()
    portal.page.keyboard.type("5678")
    assert portal.page.locator("#id").input_value() == "12345678"


def test_the_ribbon_survives_pages_that_rewrite_themselves(portal: Portalside) -> None:
    """Single-page navigation, removal of every foreign node, and document.write."""
    portal.open(FORM, csp=None)
    portal.show()
    portal.page.evaluate("history.pushState({}, '', '/next'); document.body.innerHTML = '<p>next</p>'")
    portal.page.evaluate("document.querySelector('madoguchi-ribbon').remove()")
    portal.wait_until(lambda: "一致" in portal.drawn(), "the ribbon is back after it was removed")
    portal.page.evaluate("document.replaceChild(document.createElement('html'), document.documentElement)")
    portal.wait_until(lambda: "一致" in portal.drawn(), "the ribbon is back on a new root")
    portal.page.evaluate("document.open(); document.write('<p>written</p>'); document.close()")
    portal.wait_until(lambda: "一致" in portal.drawn(), "the ribbon is back after document.write")


def test_a_page_that_keeps_removing_the_ribbon_stays_usable(portal: Portalside) -> None:
    """Two scripts that fight must not lock the page: after some quick returns the ribbon comes back slowly."""
    portal.open(FORM, csp=None)
    portal.page.evaluate(
        """() => { globalThis.removed = 0; new MutationObserver(() => {
            const it = document.querySelector('madoguchi-ribbon');
            if (it) { removed += 1; it.remove(); }
        }).observe(document.documentElement, { childList: true }) }"""
    )
    portal.show()
    portal.page.evaluate("document.querySelector('madoguchi-ribbon')?.remove()")
    portal.page.wait_for_timeout(500)
    after_the_burst = portal.page.evaluate("removed")
    assert 5 <= after_the_burst <= 40
    portal.page.wait_for_timeout(2500)
    assert after_the_burst < portal.page.evaluate("removed") <= after_the_burst + 3


def test_an_alarm_text_is_reported_once_when_staff_can_see_it(portal: Portalside) -> None:
    """Hidden text is no alarm; shown later by a class it is one; broken by tags and spaces it is found all the same."""
    portal.open(FORM.replace('<p id="place">', '<p id="place" hidden>この方は登<b>録</b> 済み です'))
    portal.show()
    portal.page.wait_for_timeout(800)
    assert "alarm" not in portal.kinds()
    portal.page.evaluate("document.querySelector('#place').hidden = false")
    portal.wait_until(lambda: {"kind": "alarm", "text": "登録済み"} in portal.heard, "the alarm is reported")
    portal.page.evaluate("document.body.append('登録済み')")
    portal.page.wait_for_timeout(800)
    assert portal.kinds().count("alarm") == 1


def test_use_of_the_page_is_reported_at_most_once_a_second(portal: Portalside) -> None:
    """Enough to look at the holder ahead of need, and no flood."""
    portal.open(FORM)
    assert portal.kinds() == ["ready"]
    portal.page.locator("#id").click()
    portal.page.keyboard.type("many characters", delay=5)
    assert portal.kinds() == ["ready", "activity"]
    portal.page.wait_for_timeout(1100)
    portal.page.keyboard.type("more")
    portal.wait_until(lambda: portal.kinds() == ["ready", "activity", "activity"], "a second report")


def test_a_stop_names_everything_and_keeps_the_filled_form(portal: Portalside) -> None:
    """What failed, both persons, what to do, who may release it; 画面に戻る leads back to the same character."""
    portal.open(FORM)
    portal.show()
    portal.page.locator("#id").click()
    portal.page.keyboard.type("1234")
    portal.page.keyboard.press("ArrowLeft")
    portal.stop()
    assert "対応中の方とは別の人がログインしています。" in portal.drawn()
    for text in ("山田 太郎", "佐藤 花子", "次にすること", "解除できる人"):
        assert text in portal.drawn()
    portal.page.keyboard.type("lost to the dialog, not to the form")
    portal.press("画面に戻る")
    portal.page.keyboard.type("9")
    assert portal.page.locator("#id").input_value() == "12394"
    assert "discard" not in portal.kinds()


def test_esc_closes_the_overlay_and_a_second_stop_opens_it_again(portal: Portalside) -> None:
    """The way back is always one key, and the focus comes back even when one stop followed another."""
    portal.open(FORM)
    portal.page.locator("#id").click()
    for _ in range(2):
        portal.stop()
    portal.page.keyboard.press("Escape")
    portal.wait_until(lambda: "画面に戻る" not in portal.drawn(), "the overlay is closed")
    assert portal.page.evaluate("document.activeElement.id") == "id"
    portal.stop()
    assert "画面に戻る" in portal.drawn()


def test_discard_is_reported_once_and_never_by_habit(portal: Portalside) -> None:
    """Keys pressed unread do nothing; only the button itself discards, and a double click reports once."""
    portal.open(FORM)
    portal.stop()
    portal.page.keyboard.press("Enter")
    portal.page.keyboard.press("Space")
    assert "画面に戻る" in portal.drawn()
    assert "discard" not in portal.kinds()
    portal.press("この作業を破棄")
    portal.press("破棄しています")
    assert portal.kinds().count("discard") == 1


def test_the_overlay_lies_over_a_dialog_of_the_page(portal: Portalside) -> None:
    """A portal that confirms in a modal dialog cannot cover the reason why its submission was stopped."""
    portal.open(FORM + "<dialog id=own><button id=yes>はい</button></dialog>")
    portal.page.evaluate("document.querySelector('#own').showModal()")
    portal.stop()
    portal.press("この作業を破棄")
    portal.wait_until(lambda: "discard" in portal.kinds(), "the button of the overlay can be pressed")


def test_a_form_that_is_not_answered_for_long_leads_to_the_console(portal: Portalside) -> None:
    """The guard can tell a page nothing while its form is held, so the page does; what the guard says next holds."""
    portal.open(FORM + '<a href="/slow">戻る</a>', csp=None)
    portal.show()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    for path in ("slow", "send"):
        portal.page.route(f"https://point.portal.test/{path}", hold)
    portal.run("document.querySelector('a').click()")
    portal.page.wait_for_timeout(1800)
    assert "waits" not in portal.kinds(), "a page that is slow to come is nobody's to answer"
    held.pop().abort("aborted")  # as the gate does, which leaves the page where it is
    portal.run("document.forms[0].requestSubmit()")
    portal.page.wait_for_timeout(1500)
    portal.wait_until(lambda: "waits" in portal.kinds(), "the page says that it waits")
    held.pop().abort("aborted")
    portal.wait_until(lambda: "コンソールをご覧ください" in portal.drawn(), "it leads to the console")
    portal.show()
    assert "コンソール" not in portal.drawn()


def test_frames_have_no_ribbon_of_their_own(portal: Portalside) -> None:
    """One ribbon a window, however many frames the portal uses."""
    portal.open(FORM.replace('<p id="place">', '<iframe src="/inner"></iframe><p>'), csp=None)
    portal.page.wait_for_timeout(300)
    counts = [frame.locator("madoguchi-ribbon").count() for frame in portal.page.frames]
    assert len(counts) > 1
    assert counts == [1] + [0] * (len(counts) - 1)


def test_print_outs_carry_no_ribbon(portal: Portalside) -> None:
    """Papers for the citizen show the portal's page alone, where it stands without the guard."""
    portal.open(FORM)
    portal.show()
    portal.page.emulate_media(media="print")
    assert portal.page.locator("madoguchi-ribbon").is_hidden()
    assert portal.page.evaluate("getComputedStyle(document.documentElement).marginTop") == "0px"
