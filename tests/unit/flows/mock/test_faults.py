"""Each switch does what it says, and does nothing once it is set back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from flows.mock import IDP, MYPAGE, POINT, IdentityFault, LogoutFault
from flows.mock.visitor import Visitor
from flows.people import SATO_HANAKO

if TYPE_CHECKING:
    from flows.mock import MockPortals


def _session(visitor: Visitor) -> str:
    value = visitor.cookie("point_sid")
    assert value
    return value


def test_an_honest_logout_kills_the_session_on_the_server(visitor: Visitor) -> None:
    """The replay works before the logout and is refused after it."""
    visitor.log_in(POINT, SATO_HANAKO)
    session = _session(visitor)
    assert visitor.replay(POINT, "point_sid", session)["name"] == SATO_HANAKO.name
    assert visitor.log_out(POINT).url.path == "/logout/done"
    assert visitor.cookie("point_sid") is None
    assert visitor.replay(POINT, "point_sid", session) == {"authenticated": False}


def test_a_logout_answering_500_leaves_everything_as_it_was(visitor: Visitor, portals: MockPortals) -> None:
    visitor.log_in(POINT, SATO_HANAKO)
    portals.faults.of(POINT).logout = LogoutFault.SERVER_ERROR
    assert visitor.log_out(POINT).status_code == 500
    assert visitor.name_at(POINT) == SATO_HANAKO.name


def test_a_logout_that_only_clears_the_cookie_looks_right(visitor: Visitor, portals: MockPortals) -> None:
    """The browser is a guest, but whoever kept the old id is still the citizen."""
    visitor.log_in(POINT, SATO_HANAKO)
    session = _session(visitor)
    portals.faults.of(POINT).logout = LogoutFault.COOKIE_ONLY
    assert visitor.log_out(POINT).url.path == "/logout/done"
    assert visitor.whoami(POINT) == {"authenticated": False}
    assert visitor.replay(POINT, "point_sid", session)["name"] == SATO_HANAKO.name


def test_a_slow_identity_endpoint_answers_late_and_right(visitor: Visitor, portals: MockPortals) -> None:
    visitor.log_in(POINT, SATO_HANAKO)
    portals.faults.of(POINT).identity_delay = 0.3
    before = time.monotonic()
    assert visitor.name_at(POINT) == SATO_HANAKO.name
    assert time.monotonic() - before >= 0.3


def test_a_hanging_identity_endpoint_gives_no_answer_until_mended(portals: MockPortals) -> None:
    """The other pages of the portal go on answering."""
    portals.faults.of(POINT).identity = IdentityFault.HANGS
    with Visitor(portals, timeout=0.5) as visitor:
        with pytest.raises(httpx.ReadTimeout):
            visitor.whoami(POINT)
        assert visitor.get(POINT).status_code == 200
        portals.faults.mend()
        assert visitor.whoami(POINT) == {"authenticated": False}


def test_an_identity_endpoint_can_answer_a_page_in_place_of_json(visitor: Visitor, portals: MockPortals) -> None:
    portals.faults.of(POINT).identity = IdentityFault.HTML
    answer = visitor.get(POINT, "/whoami")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_an_identity_endpoint_can_answer_500(visitor: Visitor, portals: MockPortals) -> None:
    portals.faults.of(POINT).identity = IdentityFault.SERVER_ERROR
    assert visitor.get(POINT, "/whoami").status_code == 500
    assert visitor.get(MYPAGE, "/whoami").status_code == 200


def test_a_portal_that_is_down_refuses_connections_and_keeps_its_sessions(
    visitor: Visitor, portals: MockPortals
) -> None:
    """Down means down for one host alone; it comes back at the same port."""
    visitor.log_in(POINT, SATO_HANAKO)
    portals.faults.take_down(POINT)
    with pytest.raises(httpx.NetworkError):
        visitor.whoami(POINT)
    assert visitor.name_at(IDP) == SATO_HANAKO.name
    portals.faults.bring_up(POINT)
    assert visitor.name_at(POINT) == SATO_HANAKO.name


def test_a_portal_can_go_down_while_it_hangs(portals: MockPortals) -> None:
    """A hanging answer does not keep the host up, and its asker gets a broken connection."""
    portals.faults.of(POINT).identity = IdentityFault.HANGS
    with Visitor(portals, timeout=0.2) as visitor, pytest.raises(httpx.ReadTimeout):
        visitor.whoami(POINT)
    before = time.monotonic()
    portals.faults.take_down(POINT)
    assert time.monotonic() - before < 4
    with Visitor(portals) as visitor, pytest.raises(httpx.NetworkError):
        visitor.get(POINT)


def test_a_rotating_session_id_is_new_with_every_answer_and_the_old_one_dead(
    visitor: Visitor, portals: MockPortals
) -> None:
    visitor.log_in(POINT, SATO_HANAKO)
    portals.faults.of(POINT).rotates = True
    seen = [_session(visitor)]
    for path in ("/", "/whoami", "/apply"):
        visitor.get(POINT, path)
        seen.append(_session(visitor))
    assert len(set(seen)) == 4
    assert all(visitor.replay(POINT, "point_sid", old) == {"authenticated": False} for old in seen[:-1])
    assert visitor.name_at(POINT) == SATO_HANAKO.name


def test_a_logout_without_effect_says_that_it_is_done(visitor: Visitor, portals: MockPortals) -> None:
    """The page is the right one, and the next one who looks is still the citizen of before."""
    visitor.log_in(POINT, SATO_HANAKO)
    portals.faults.of(POINT).logout = LogoutFault.WITHOUT_EFFECT
    assert visitor.log_out(POINT).url.path == "/logout/done"
    assert visitor.name_at(POINT) == SATO_HANAKO.name


def test_a_portal_that_keeps_the_id_at_login_lets_in_whoever_knew_it(visitor: Visitor, portals: MockPortals) -> None:
    for keeps_id in (False, True):
        portals.faults.of(POINT).keeps_id = keeps_id
        visitor.http.cookies.clear()
        visitor.get(POINT, "/login")
        known = _session(visitor)
        visitor.log_in(POINT, SATO_HANAKO)
        assert visitor.replay(POINT, "point_sid", known)["authenticated"] is keeps_id


def test_a_portal_with_a_stale_worker_registers_it_on_every_page(visitor: Visitor, portals: MockPortals) -> None:
    assert "/offline.js" not in visitor.get(POINT).text
    portals.faults.of(POINT).stale_worker = True
    assert "/offline.js" in visitor.get(POINT).text
    assert "/worker.js" in visitor.get(POINT, "/offline.js").text
    assert "caches.open" in visitor.get(POINT, "/worker.js").text
