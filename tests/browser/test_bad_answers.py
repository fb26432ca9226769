"""Answers that do not say for certain who is logged in, through a real browser: never a wrong name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.blocking import open_blocking_counter
from guard.core.identity import Known, Obscurity, Unclear
from tests.browser.conftest import open_window
from tests.browser.lab import BEFORE, LAB, NOW, OTHER, Answer, Lab, lab_config, profile, whoami
from tests.day import shown_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Playwright

    from guard.blocking import BlockingCounter
    from guard.core.identity import Holder
    from tests.browser.conftest import Window

pytestmark = pytest.mark.browser

PAGE = {"path": "/who", "reading": "html", "guest": ".guest", "name": ".name"}
LOGIN_PAGE = Answer(body="<p>ログインしてください".encode())
MOVED = Answer(status=302, headers=(("location", "/sign-in"),))


def _page(name: str, codec: str, content_type: str, meta: str = "") -> Answer:
    return Answer(body=f"<head>{meta}</head><p class=name>{name}</p>".encode(codec), content_type=content_type)


ANSWERS: dict[str, tuple[Answer, str | Obscurity]] = {
    "nothing that matches": (Answer(body=b"<p>hello"), Obscurity.NOT_UNDERSTOOD),
    "two that match": (Answer(body=b"<p class=name>Sato<p class=name>Tanaka"), Obscurity.AMBIGUOUS),
    "a whole page": (Answer(body=b"<body class=name>Tanaka<p>Log out"), Obscurity.AMBIGUOUS),
    "a redirect, followed": (MOVED, Obscurity.NOT_UNDERSTOOD),
    "5 MB": (Answer(body=b"<p class=name>Tanaka</p>" + b" " * 5_000_000), Obscurity.AMBIGUOUS),
    "Age": (Answer(body=b"<p class=name>Tanaka", headers=(("age", "7"),)), Obscurity.CACHED),
    "X-Cache": (Answer(body=b"<p class=name>Tanaka", headers=(("x-cache", "HIT from proxy"),)), Obscurity.CACHED),
    "EUC-JP": (_page("佐藤", "euc_jp", "text/html; charset=EUC-JP"), "佐藤"),
    "Shift_JIS": (_page("髙橋", "cp932", "text/html", "<meta charset=Shift_JIS>"), "髙橋"),
    "broken": (_page("佐藤", "utf-8", "text/html; charset=EUC-JP"), Obscurity.NOT_UNDERSTOOD),
}


@pytest.fixture(scope="module")
def window(lab: Lab, tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[Window]:
    """A visit at a portal that answers in JSON, and one that answers in pages and redirects to its login."""
    portals = (profile("lab", LAB), profile("other", OTHER, holder=PAGE | {"follow_redirects": True}))
    config = lab_config(lab, tmp_path_factory.mktemp("counter"), portals=portals)
    with open_blocking_counter(config) as counter, open_window(lab, counter, playwright) as window:
        window.start(NOW)
        yield window
        lab.answers.clear()


def _holder(counter: BlockingCounter, portal: str) -> Holder:
    browser = shown_browser(counter)
    (lab_jar,) = [jar for jar in browser.jars.visited if jar.portal == "lab"]
    jar = type(lab_jar)(portal=portal, context=lab_jar.context)
    return counter.call(browser.logins.look, jar).holder


@pytest.mark.parametrize(("answer", "said"), ANSWERS.values(), ids=ANSWERS)
def test_a_page_names_the_one_who_is_named_or_nobody(answer: Answer, said: str | Obscurity, window: Window) -> None:
    """Read by the sentinel, with the reason where it cannot be read."""
    window.lab.answers |= {"/who": answer, "/sign-in": LOGIN_PAGE}
    holder = _holder(window.counter, "other")
    if isinstance(said, Obscurity):
        assert holder == Unclear(why=said)
    else:
        assert isinstance(holder, Known)
        assert holder.identity is not None
        assert holder.identity.name == said


def test_the_browsers_own_cache_is_never_asked(window: Window) -> None:
    """The page has cached that the citizen is logged in; the server has somebody else by now."""
    cached = whoami(NOW)
    window.lab.answers["/whoami"] = Answer(
        body=cached.body, content_type=cached.content_type, headers=(("cache-control", "max-age=600"),)
    )
    ask = "() => fetch('/whoami').then(answer => answer.json())"
    assert window.page.evaluate(ask)["name"] == NOW.name
    window.lab.answers["/whoami"] = whoami(BEFORE)
    assert window.page.evaluate(ask)["name"] == NOW.name, "the browser has it in its cache"
    holder = _holder(window.counter, "lab")
    assert isinstance(holder, Known)
    assert holder.identity is not None
    assert holder.identity.name == BEFORE.name
    del window.lab.answers["/whoami"]
