"""Ribbon and stop overlay keep WCAG 2.2 AA; their closed shadow root is opened here, so that the rules reach it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from guard.browser.ribbon_state import ribbon_state, stop_notice
from guard.core.verdict import Reason
from guard.core.view import HolderState
from guard.texts import Language, Texts
from tests.browser.axe import violations
from tests.browser.states import VIEWS
from tests.browser.test_ribbon_script import (
    FORM,
    POINTS,
    SCRIPT,
    SERVING,
    STOP,
    browser_type_launch_args,  # noqa: F401 (a fixture)
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.gallery import Gallery

pytestmark = pytest.mark.browser

OPENED = SCRIPT.replace('attachShadow({ mode: "closed" })', 'attachShadow({ mode: "open" })')


@pytest.fixture(scope="module", params=list(Language))
def texts(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param)


@pytest.fixture(scope="module")
def portal(browser: Browser, texts: Texts) -> Iterator[Page]:
    """Japanese on a desk's screen, English on a touch screen."""
    width, height = (1366, 768) if texts.language is Language.JA else (800, 1280)
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    html = FORM.replace("<body>", "<head><title>申込</title></head><body>")
    page.route(
        "https://point.portal.test/**",
        lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"),
    )
    yield page
    context.close()


def shown(page: Page) -> str:
    page.goto("https://point.portal.test/")
    page.evaluate(OPENED)
    assert page.evaluate("document.querySelector('madoguchi-ribbon').shadowRoot !== null")
    return "touch" if page.viewport_size == {"width": 800, "height": 1280} else "1366x768"


@pytest.mark.parametrize("state", list(HolderState))
def test_the_ribbon_is_accessible_in_every_state(
    portal: Page, texts: Texts, state: HolderState, gallery: Gallery
) -> None:
    size = shown(portal)
    view = replace(SERVING, portals=VIEWS[f"serving-{state}"].portals)
    portal.evaluate(f"madoguchi.show({ribbon_state(view, POINTS, texts).to_json()})")
    gallery.add(portal, "ribbon", state, f"{texts.language}-{size}")
    assert violations(portal) == []


@pytest.mark.parametrize("reason", list(Reason))
def test_the_overlay_is_accessible_for_every_reason(
    portal: Page, texts: Texts, reason: Reason, gallery: Gallery
) -> None:
    """And its focus is neither on going back nor on discarding."""
    size = shown(portal)
    portal.evaluate(f"madoguchi.stop({stop_notice(SERVING, replace(STOP, reason=reason), texts).to_json()})")
    portal.wait_for_timeout(50)
    gallery.add(portal, "overlay", reason, f"{texts.language}-{size}")
    assert violations(portal) == []
    inner = "document.querySelector('madoguchi-ribbon').shadowRoot.activeElement?.tagName"
    assert portal.evaluate(inner) != "BUTTON"
