"""The portal profiles say of the mock portals what is true of them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jmespath
import pytest
from selectolax.lexbor import LexborHTMLParser

from flows.mock import IDP, MYPAGE, POINT
from flows.people import SATO_HANAKO
from guard.core.submission import RequestClass
from guard.portal import Portal

if TYPE_CHECKING:
    from flows.mock.visitor import Visitor

_FOLDER = Path(__file__).parents[3] / "config" / "portals"
_HOSTS = {"point": POINT, "mypage": MYPAGE, "idp": IDP}


@cache
def _profile(name: str) -> Portal:
    return Portal.model_validate(tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", _HOSTS)
def test_a_profile_is_valid_and_names_its_host(name: str) -> None:
    profile = _profile(name)
    assert profile.name == name
    assert urlsplit(profile.origin).netloc == _HOSTS[name]


@pytest.mark.parametrize("name", ["point", "mypage"])
def test_the_portals_name_the_provider_whose_session_has_to_end_too(name: str) -> None:
    assert _profile(name).identity_provider == _profile("idp").name
    assert not _profile("idp").on_start_page


@pytest.mark.parametrize(
    ("name", "method", "path", "meant"),
    [
        ("point", "GET", "/", None),
        ("point", "GET", "/login", None),
        ("point", "GET", "/callback", RequestClass.LOGIN),
        ("point", "POST", "/logout", RequestClass.LOGOUT),
        ("point", "POST", "/analytics", RequestClass.HARMLESS),
        ("point", "POST", "/analytics/more", RequestClass.SUBMISSION),
        ("point", "POST", "/apply/service", RequestClass.SUBMISSION),
        ("point", "POST", "/apply/kinds", RequestClass.SUBMISSION),
        ("point", "POST", "/apply/submit", RequestClass.SUBMISSION),
        ("mypage", "GET", "/callback", RequestClass.LOGIN),
        ("mypage", "POST", "/account/terms", RequestClass.SUBMISSION),
        ("mypage", "POST", "/account/register", RequestClass.SUBMISSION),
        ("mypage", "POST", "/logout", RequestClass.LOGOUT),
        ("idp", "GET", "/authorize", None),
        ("idp", "POST", "/authenticate", RequestClass.LOGIN),
        ("idp", "POST", "/continue", RequestClass.LOGIN),
        ("idp", "POST", "/logout", RequestClass.LOGOUT),
        ("idp", "POST", "/anything", RequestClass.SUBMISSION),
    ],
)
def test_requests_are_classed_as_meant(name: str, method: str, path: str, meant: RequestClass | None) -> None:
    assert _profile(name).classify(method, path) is meant


@pytest.mark.parametrize("name", _HOSTS)
def test_the_holder_is_read_where_the_profile_says(name: str, visitor: Visitor) -> None:
    """The guest sign is true for a guest alone, and the three items are the citizen's."""
    holder = _profile(name).holder
    assert jmespath.search(holder.guest or "", visitor.get(_HOSTS[name], holder.path).json()) is True
    visitor.log_in(POINT, SATO_HANAKO)
    if name == "mypage":
        visitor.log_in_with_one_click(MYPAGE)
    answer = visitor.get(_HOSTS[name], holder.path).json()
    assert jmespath.search(holder.guest or "", answer) is False
    assert [
        jmespath.search(key.select if key else "", answer)
        for key in (holder.name, holder.birth_date, holder.subject_id)
    ] == [
        SATO_HANAKO.name,
        SATO_HANAKO.birth_date.isoformat(),
        SATO_HANAKO.subject,
    ]


@pytest.mark.parametrize("name", _HOSTS)
def test_the_declared_steps_log_out_and_the_declared_cookie_was_the_session(name: str, visitor: Visitor) -> None:
    """Followed to the letter, the profile's logout ends the session, as `kills_session` promises."""
    profile, host = _profile(name), _HOSTS[name]
    visitor.log_in(POINT, SATO_HANAKO)
    if name == "mypage":
        visitor.log_in_with_one_click(MYPAGE)
    (cookie,) = profile.session.cookies
    session = visitor.cookie(cookie)
    assert session
    assert visitor.replay(host, cookie, session)["authenticated"] is True
    for step in profile.logout.steps:
        forgery = step.anti_forgery
        assert forgery
        assert forgery.page
        assert forgery.value
        field = LexborHTMLParser(visitor.get(host, forgery.page).text).css_first(forgery.value.select)
        assert field
        token = f"{forgery.field}={field.attributes['value']}"
        visitor.http.request(step.method, f"{profile.origin}{step.path}", content=token)
    assert profile.logout.kills_session
    assert visitor.replay(host, cookie, session) == {"authenticated": False}


def test_the_first_symptom_of_koriyama_is_an_alarm_in_both_languages() -> None:
    alarms = {alarm.text: alarm.meaning for alarm in _profile("point").alarms}
    assert set(alarms) == {"登録済み", "申請済", "再申請不可"}
    assert all(len(meaning.ja) > 20 and len(meaning.en) > 20 for meaning in alarms.values())


@pytest.mark.parametrize("name", ["point", "mypage"])
def test_ordinary_pages_show_no_alarm_text(name: str, visitor: Visitor) -> None:
    """An alarm on a page that everybody sees would be clicked away within a day."""
    visitor.log_in(_HOSTS[name], SATO_HANAKO)
    paths = {"point": ("/", "/apply", "/logout"), "mypage": ("/", "/account", "/account/basic", "/logout")}
    pages = [visitor.get(_HOSTS[name], path).text for path in paths[name]]
    assert not [alarm.text for alarm in _profile(name).alarms for page in pages if alarm.text in page]
