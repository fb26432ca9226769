"""`guard portal try` on a small application whose profile is wrong: the lines that it prints are the mend."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.mock.styles import STYLES, Style, StyleSites
from flows.mock.styles.attribute import AttributeSite
from flows.mock.styles.site import see
from flows.mock.styles.style import StylePage
from flows.people import EVERYBODY
from guard.browser.switches import needs_no_sandbox
from guard.config import BrowserSettings, Config, TestNetwork
from guard.errors import ConfigError
from guard.portal import Portal, load_portal
from guard.trying.trial import Task
from tests.scenario.trying import Scripted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page
    from starlette.requests import Request
    from starlette.responses import Response

    from guard.trying.trial import Mend

RESIDENT = EVERYBODY[0]
PROFILES = Path(__file__).parents[2] / "config" / "portals" / "styles"


class LingeringSite(AttributeSite):
    """Its logout takes the cookie away, and leaves the session alive on the server."""

    host = "lingering.portal.test"

    async def _log_out(self, request: Request) -> Response:
        assert request.cookies
        answer = see("/")
        answer.delete_cookie(self.cookie)
        return answer


def _right(host: str) -> dict[str, Any]:
    """A profile of these applications that works."""
    return {
        "name": "office",
        "title": {"ja": "申請サイト", "en": "Application site"},
        "origins": [f"https://{host}"],
        "session": {"cookies": ["sid"]},
        "holder": {
            "path": "/",
            "reading": "html",
            "guest": ".greeting.guest",
            "name": {"select": ".greeting", "pattern": "ようこそ、(.+) 様"},
        },
        "requests": {"login": [{"path": "/login"}], "logout": [{"method": "GET", "path": "/logout"}]},
        "logout": {"steps": [{"method": "GET", "path": "/logout"}]},
    }


@pytest.fixture(scope="module")
def sites() -> Iterator[StyleSites]:
    with StyleSites([Style(name="office", sites=(AttributeSite, LingeringSite))]) as sites:
        yield sites


def _walk(
    sites: StyleSites, values: dict[str, Any] | Portal, folder: Path, *, url: str | None = None, **steps: Any
) -> tuple[list[Mend], Scripted]:
    profile = Portal.model_validate(values)
    config = Config(
        counter="窓口1",
        portals=(profile,),
        state_dir=folder,
        browser=BrowserSettings(allow_no_sandbox=needs_no_sandbox()),
        test_network=TestNetwork(hosts=sites.hosts, ca_file=sites.ca_file, trusted_spki=sites.spki),
    )
    tasks = {Task.LOG_IN: lambda page: StylePage(page, profile.origin).log_in(RESIDENT)}
    person = Scripted({**tasks, **{Task(name): step for name, step in steps.items()}}, name=RESIDENT.citizen.name)
    return walk(profile, config, person, url=url), person


def _mended(values: dict[str, Any], mends: list[Mend]) -> dict[str, Any]:
    """The profile with the printed lines put in: rules are added, all else takes the place of what stood there."""
    for lines in (tomllib.loads(mend.lines) for mend in mends if mend.needed):
        for table, keys in lines.items():
            for key, value in keys.items():
                added = values[table].get(key, []) if table == "requests" else []
                values[table][key] = added + value if added else value
    return values


def _apply(page: Page) -> None:
    """With a number in the form, as a real application has it."""
    number = '<input type="hidden" name="number" value="SP10 0200 0001">'
    page.locator("#apply").evaluate(
        "(button, number) => { button.insertAdjacentHTML('afterend', number); setTimeout(() => button.click(), 0) }",
        number,
    )


def test_the_lines_that_are_printed_for_a_wrong_profile_make_it_work(sites: StyleSites, tmp_path: Path) -> None:
    """Wrong cookie, wrong place of the name, no login rule, wrong logout: one walk tells all, its lines mend all."""
    wrong = _right(AttributeSite.host)
    wrong["session"] = {"cookies": ["JSESSIONID"]}
    wrong["holder"]["name"] = "#nobody"
    wrong["requests"] = {"logout": [{"path": "/bye"}]}
    wrong["logout"] = {"steps": [{"method": "POST", "path": "/bye"}]}

    wrong["fields"] = [
        {"path": "/apply", "name": "number", "kind": "payment_id"},
        {"path": "/apply", "name": "nickname", "kind": "account_holder", "optional": True},
        {"path": "/account", "name": "number", "kind": "account_number"},
    ]

    mends, person = _walk(sites, wrong, tmp_path)

    told = "\n".join(mend.what for mend in mends)
    assert "holder.name: '#nobody' matches nothing" in told
    assert "session.cookies names no cookie that the site sets; these came or changed at login: sid" in told
    assert "requests.login: POST /login" in told
    assert "logout.steps: POST /bye is answered with 40" in told
    assert person.lines[-1] == "The profile must be mended."

    again, person = _walk(sites, _mended(wrong, mends), tmp_path, use=_apply)

    assert [mend for mend in again if mend.needed] == [], person.lines
    assert f"  holder.name '.greeting' matches 1: {RESIDENT.citizen.name}" in person.lines
    assert "  POST /apply: submission, would be held" in person.lines
    assert "    field number (payment_id): read" in person.lines
    assert "    field nickname (account_holder): not read" in person.lines
    assert "SP10" not in "".join(person.lines)
    optional, never_met = [mend.what for mend in again]
    assert optional == "fields: nickname was never sent to /apply, and need not be"
    assert never_met.startswith("fields: nothing was submitted to /account")
    assert sites.site(AttributeSite).booked == [RESIDENT.subject]


def test_a_logout_that_leaves_the_session_alive_is_told_with_the_line_that_declares_it(
    sites: StyleSites, tmp_path: Path
) -> None:
    """The profile claims that the logout kills the session; the replay shows that it does not."""
    (mend,), _ = _walk(sites, _right(LingeringSite.host), tmp_path)

    assert "still alive on the server" in mend.what
    assert tomllib.loads(mend.lines) == {"logout": {"kills_session": False}}


@pytest.mark.parametrize("name", ["bearer-local", "spa-csrf", "basic", "one-address"])
def test_the_profile_of_another_style_works_as_it_is(name: str, tmp_path: Path) -> None:
    """A token in storage; a page that answers 401 after its logout; a login that the browser keeps; one address."""
    style = next(style for style in STYLES if style.name == name)
    steps: dict[str, Any] = {
        "log in": lambda page: style.people(page, style.origin).log_in(RESIDENT),
        "use": lambda page: style.people(page, style.origin).apply(),
    }
    with StyleSites([style]) as sites:
        mends, person = _walk(sites, load_portal(PROFILES / f"{name}.toml"), tmp_path, **steps)
        booked = sites.site(style.sites[0]).booked

    assert mends == [], person.lines
    assert booked == [RESIDENT.subject]


@pytest.mark.parametrize("path", [None, "/?from=leaflet"])
def test_the_walk_begins_at_the_start_page_that_is_asked_for(
    path: str | None, sites: StyleSites, tmp_path: Path
) -> None:
    """Without one, at the profile's own: what people try may stand behind an address that no profile names."""
    opened: list[str] = []

    def log_in(page: Page) -> None:
        opened.append(page.url)
        StylePage(page, f"https://{AttributeSite.host}").log_in(RESIDENT)

    steps: dict[str, Any] = {"log in": log_in}
    origin = f"https://{AttributeSite.host}"
    mends, person = _walk(sites, _right(AttributeSite.host), tmp_path, url=path and origin + path, **steps)

    assert opened == [f"{origin}{path or '/'}"]
    assert mends == [], person.lines


def test_a_start_page_of_another_site_is_refused_with_its_mend(tmp_path: Path) -> None:
    profile = Portal.model_validate(_right(AttributeSite.host))
    config = Config(counter="窓口1", portals=(profile,), state_dir=tmp_path)

    with pytest.raises(ConfigError, match="the start page is not the portal's"):
        walk(profile, config, Scripted({}), url="https://elsewhere.example/")
