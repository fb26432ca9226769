"""Windows and dialogs that portals open by themselves: the ribbon is on them, and they are for staff to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from guard.blocking import open_blocking_counter
from guard.browser import guarded
from guard.texts import Texts
from tests.browser.lab import BEFORE, LAB, NOW, OTHER, lab_config, wait_until
from tests.day import eventually, read_aloud, shown_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.blocking import BlockingCounter
    from guard.browser.pages import Page as GuardedPage
    from guard.core.identity import Citizen
    from tests.browser.conftest import Window
    from tests.browser.lab import Lab
    from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

OPEN = """(url) => {
  const shown = window.open(url, "receipt", "popup,width=520,height=420,menubar=no,toolbar=no,location=no");
  return ["menubar", "toolbar", "locationbar"].map((bar) => shown[bar].visible);
}"""


@pytest.mark.parametrize("host", [LAB, OTHER], ids=["of the portal itself", "of another portal"])
@pytest.mark.parametrize("logged_in", [NOW, BEFORE], ids=["agrees", "someone else"])
def test_a_window_without_a_frame_has_its_ribbon(window: Window, host: str, logged_in: Citizen) -> None:
    """It names who is served, who is logged in and whether that agrees, where no address bar would tell anything."""
    window.start(logged_in)
    with window.page.expect_popup() as opened:
        assert window.page.evaluate(OPEN, f"https://{host}/") == [False, False, False]
    popup = opened.value
    portal = next(view for view in ("lab", "other") if host.startswith(view))
    window.counter.until(lambda view: any(one.portal == portal and one.holder_name for one in view.portals))
    (line,) = [one for one in window.counter.view.portals if one.portal == portal]
    for told in (NOW.name, logged_in.name, Texts().holder(line.state).label):
        eventually(lambda told=told: told in read_aloud(popup))  # type: ignore[misc]
    assert popup.evaluate("() => document.body.getBoundingClientRect().top") > 0, "below the line, not under it"


@pytest.fixture(scope="module")
def headed(screen: Screen, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """With a real window: without one, no browser shows a dialog to anybody."""
    assert screen is not None
    with open_blocking_counter(lab_config(lab, tmp_path_factory.mktemp("headed")), headless=False) as counter:
        yield counter


@pytest.mark.display
@pytest.mark.parametrize(
    ("question", "key", "answer"),
    [
        ("alert('受け付けました')", "Return", None),
        ("confirm('ログアウトしますか')", "Return", True),
        ("confirm('ログアウトしますか')", "Escape", False),
    ],
    ids=["alert", "confirm, yes", "confirm, no"],
)
def test_a_dialog_of_the_portal_waits_for_the_key_that_staff_press(
    screen: Screen, headed: BlockingCounter, question: str, key: str, answer: object
) -> None:
    """The page stands still meanwhile and goes on with what was pressed; nobody else answers it."""
    headed.open_visit(NOW)
    browser = shown_browser(headed)
    wait_until(lambda: [page.url for page in browser.pages.open] == [guarded.START_URL], "the start page")
    (page,) = browser.pages.open
    page.session.post("Page.navigate", {"url": f"https://{LAB}/"})
    wait_until(lambda: page.url == f"https://{LAB}/", "the portal's page")
    seen: list[str] = []
    page.session.on("Page.javascriptDialogOpening", lambda _: seen.append("opened"))
    page.session.on("Page.javascriptDialogClosed", lambda _: seen.append("closed"))
    eventually(lambda: len(screen.windows()) == 1)
    (shown,) = screen.windows()
    ask = f"setTimeout(() => {{ globalThis.said = [{question} ?? null] }})"
    headed.call(page.session.send, "Runtime.evaluate", {"expression": ask})
    wait_until(lambda: seen, "the dialog")
    screen.focus(shown)
    assert seen == ["opened"], "it is still there"
    screen.press(key)
    wait_until(lambda: seen == ["opened", "closed"], "the key's effect")
    assert _value(headed, page, "globalThis.said") == [answer]
    headed.end()


def _value(counter: BlockingCounter, page: GuardedPage, expression: str) -> Any:
    asked = {"expression": expression, "returnByValue": True}
    return counter.call(page.session.send, "Runtime.evaluate", asked)["result"].get("value")
