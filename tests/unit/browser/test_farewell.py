"""Which proofs a farewell gives at portals that log out well, badly, or not at all."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from guard.browser.carried import Carried
from guard.browser.farewell import Sessions, say_farewell
from guard.browser.wire import Answer, Question, WireError
from guard.core.clearance import Area, Finding, Proof
from guard.core.identity import Obscurity
from guard.grammar import HolderReading, Locator, Logout, LogoutStep, Reading, Session, Words
from guard.portal import Portal

PROVED, DECLARED, NOT_PROVED = Finding.PROVED, Finding.DECLARED, Finding.NOT_PROVED


@dataclass
class Site:
    """A portal's server: which sessions it honours, and what goes wrong with it."""

    alive: set[str]
    logout_works: bool = True
    immortal: set[str] = field(default_factory=set)
    """Sessions that no logout ends."""
    only_inside: bool = False
    """Refuses everybody but the browser."""
    silent: bool = False
    """Answers nothing about the holder."""
    refuses_logout_of: set[str] = field(default_factory=set)
    """Sessions that it will not log out."""
    silent_after: int = 1000
    """Requests until then."""
    mute_about: set[str] = field(default_factory=set)
    """Sessions about which it answers nothing once it was asked to log out."""
    heirs: dict[str, str] = field(default_factory=dict)
    """Session → the one that the portal starts when it is asked under it."""
    grace: dict[str, int] = field(default_factory=dict)
    """Session → how many questions it still honours after its logout."""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Road, method, session of each request."""

    async def answer(self, road: str, method: str, session: str) -> Answer:
        self.asked.append((road, method, session))
        if self.only_inside and road == "outside":
            raise WireError(Obscurity.UNREACHABLE)
        if method == "POST":
            if self.logout_works and session not in self.immortal:
                self.alive.discard(session)
            works = self.logout_works and session not in self.refuses_logout_of
            return Answer(status=303 if works else 500, content_type="text/html", body=b"")
        if (
            self.silent
            or len(self.asked) > self.silent_after
            or (session in self.mute_about and any(method == "POST" for _, method, _ in self.asked))
        ):
            await asyncio.sleep(0)
            raise WireError(Obscurity.TIMEOUT)
        body = '{"name": "田中 一郎"}'.encode() if self._honours(session) else b'{"guest": true}'
        return Answer(status=200, content_type="application/json", body=body)

    def _honours(self, session: str) -> bool:
        if session in self.alive:
            return True
        self.grace[session] = self.grace.get(session, 0) - 1
        return self.grace[session] >= 0


@dataclass
class Road:
    """One way to the server, under one session."""

    site: Site
    session: str
    name: str = "outside"

    token = ""

    async def ask(self, question: Question) -> Answer:
        return await self.site.answer(self.name, question.method, self.session)

    async def cookie(self, _: str) -> str | None:
        return None

    def twin(self) -> Road:
        return Road(self.site, self.session)

    def parts(self) -> list[Road]:
        parts = self.session.split("+")
        return [Road(self.site, part) for part in parts] if len(parts) > 1 else []

    def heir(self) -> Road | None:
        heir = self.site.heirs.get(self.session)
        return None if heir is None else Road(self.site, heir)


@dataclass
class Outside:
    """The guard's own connections."""

    site: Site

    def wire(self, _: Portal, carried: Carried) -> Road:
        return Road(self.site, carried.cookie.removeprefix("sid="))


def portal(session: Session | None = None, **logout: Any) -> Portal:
    step = LogoutStep(path="/logout")
    return Portal(
        name="point",
        title=Words(ja="サイト", en="site"),
        origins=("https://point.portal.test",),
        session=session or Session(cookies=("sid",)),
        holder=HolderReading(path="/whoami", reading=Reading.JSON, guest="guest", name=Locator(select="name")),
        logout=Logout(**{"steps": (step,), **logout}),
    )


async def farewell(
    site: Site,
    *carried: str,
    known: tuple[str, ...] = (),
    honoured: tuple[str, ...] = (),
    session: Session | None = None,
    complete: bool = True,
    inside: bool = True,
    **logout: Any,
) -> dict[Area, Proof]:
    sessions = Sessions(
        portal=portal(session, **logout),
        carried={session: Carried(cookie=f"sid={session}") for session in carried},
        known=known,
        honoured=honoured,
        complete=complete,
    )
    road = Road(site, carried[-1], "inside") if inside and carried else None
    proofs = await say_farewell(sessions, road, cast("Any", Outside(site)), patience=1.0)
    return {proof.area: proof for proof in proofs}


async def findings(site: Site, *carried: str, **how: Any) -> tuple[Finding, Finding]:
    proofs = await farewell(site, *carried, **how)
    return proofs[Area.LOGGED_OUT].finding, proofs[Area.SESSION_DEAD].finding


async def test_a_portal_that_nobody_spoke_to_under_a_session_has_nothing_to_prove() -> None:
    assert await findings(Site(alive=set())) == (PROVED, PROVED)


async def test_a_session_honoured_before_and_refused_after_is_dead() -> None:
    site = Site(alive={"a"})
    assert await findings(site, "a", known=("a",)) == (PROVED, PROVED)
    assert ("inside", "POST", "a") in site.asked
    assert ("outside", "POST", "a") not in site.asked, "one logout is enough where it worked"


async def test_every_session_is_ended_not_only_the_newest() -> None:
    site = Site(alive={"a", "b"})
    assert await findings(site, "a", "b", known=("a", "b")) == (PROVED, PROVED)
    assert site.alive == set()


async def test_a_session_in_which_nobody_logged_in_is_left_in_peace() -> None:
    site = Site(alive=set())
    assert await findings(site, "anonymous") == (PROVED, PROVED)
    assert [method for _, method, _ in site.asked] == ["GET"]


@pytest.mark.parametrize("heirs", [{}, {"a": "b"}], ids=["the session", "one that its replay started"])
async def test_a_portal_that_goes_silent_after_the_logout_has_refused_nobody(heirs: dict[str, str]) -> None:
    site = Site(alive={"a", "b"}, heirs=heirs, mute_about=set(heirs.values()) or {"a"})
    proofs = await farewell(site, "a", known=("a",), inside=bool(heirs))
    assert proofs[Area.SESSION_DEAD].finding is NOT_PROVED
    assert proofs[Area.SESSION_DEAD].detail.startswith("the replay after the logout was not answered")


async def test_a_logout_that_fails_is_tried_from_outside_and_then_not_proved() -> None:
    site = Site(alive={"a"}, logout_works=False)
    proofs = await farewell(site, "a", known=("a",))
    assert {proof.finding for proof in proofs.values()} == {NOT_PROVED}
    assert proofs[Area.SESSION_DEAD].detail == "the old session is still alive on the server"  # and not waited for
    assert [road for road, method, _ in site.asked if method == "POST"] == ["inside", "outside"]


async def test_a_cookie_that_logs_in_by_itself_has_to_be_dead_by_itself() -> None:
    """The session is gone as a whole, because the portal asks its first cookie; the second starts a new one."""
    site = Site(alive={"sid+remember", "remember"})
    assert await findings(site, "sid+remember", known=("sid+remember",)) == (PROVED, NOT_PROVED)
    site = Site(alive={"sid+remember"})
    assert await findings(site, "sid+remember", known=("sid+remember",)) == (PROVED, PROVED)


async def test_a_session_that_the_replay_itself_started_is_ended_too() -> None:
    """It would be alive at the portal, and nobody would know of it."""
    site = Site(alive={"a", "new"}, heirs={"a": "new"})
    assert await findings(site, "a", known=("a",)) == (PROVED, PROVED)
    assert site.alive == set()
    site = Site(alive={"a", "new"}, heirs={"a": "new"}, immortal={"new"})
    assert await findings(site, "a", known=("a",)) == (PROVED, NOT_PROVED)


@pytest.mark.parametrize("inside", [True, False], ids=["in the browser", "from outside"])
async def test_a_session_that_dies_some_time_after_its_logout_is_dead(*, inside: bool) -> None:
    """Trap 2: a token that was renewed just before the logout is honoured for some seconds more."""
    site = Site(alive={"old", "new"}, grace={"old": 5, "new": 4})
    proofs = await farewell(site, "old", "new", known=("old", "new"), inside=inside)
    assert {proof.finding for proof in proofs.values()} == {PROVED}
    assert re.fullmatch(
        r"2 replay\(s\) honoured, then refused [01]\.\d s after the logout", proofs[Area.SESSION_DEAD].detail
    )


async def test_a_session_that_outlives_the_time_that_there_is_is_alive() -> None:
    site = Site(alive={"a"}, immortal={"a"})
    began = asyncio.get_running_loop().time()
    proofs = await farewell(site, "a", known=("a",))
    assert 1.0 <= asyncio.get_running_loop().time() - began < 2.0
    assert {proof.finding for proof in proofs.values()} == {NOT_PROVED}
    assert proofs[Area.SESSION_DEAD].detail == "the old session is still alive on the server 1.0 s after the logout"


async def test_a_session_that_is_declared_to_live_on_is_not_waited_for() -> None:
    site = Site(alive={"a"}, immortal={"a"})
    proofs = await farewell(site, "a", known=("a",), kills_session=False)
    assert proofs[Area.SESSION_DEAD].detail == "the old session is still alive on the server"


async def test_a_session_that_falls_silent_in_its_grace_was_not_refused() -> None:
    site = Site(alive={"a"}, immortal={"a"}, silent_after=7)
    proofs = await farewell(site, "a", known=("a",))
    assert proofs[Area.SESSION_DEAD].detail.startswith("the old session is still alive on the server")


async def test_a_session_that_cannot_be_logged_out_may_die_by_itself() -> None:
    """The portal takes no logout of a token that was renewed."""
    site = Site(alive={"new"}, grace={"old": 5}, refuses_logout_of={"old"})
    proofs = await farewell(site, "old", "new", known=("old", "new"))
    assert {proof.finding for proof in proofs.values()} == {PROVED}


@pytest.mark.parametrize("what", ["it rotates", "a cookie of its logs in by itself", "its replay started another"])
async def test_where_a_look_may_start_a_session_an_old_one_is_not_looked_at_for_long(what: str) -> None:
    """The other one would be alive when the old one is refused, and nobody would know of it."""
    heirs = {"a": "new"} if what == "its replay started another" else {}
    sessions = {
        "it rotates": Session(cookies=("sid",), rotates=True),
        "a cookie of its logs in by itself": Session(cookies=("sid", "remember")),
    }
    site = Site(alive={"a", "new"}, immortal={"a"}, heirs=heirs)
    proofs = await farewell(site, "a", known=("a",), session=sessions.get(what))
    assert proofs[Area.SESSION_DEAD].detail == "the old session is still alive on the server"


async def test_a_browser_that_is_gone_is_logged_out_from_outside() -> None:
    site = Site(alive={"a"})
    assert await findings(site, "a", known=("a",), inside=False) == (PROVED, PROVED)


async def test_a_refusal_that_met_the_first_replay_too_proves_nothing() -> None:
    """A firewall, a bound address: the logout is seen in the browser, the death of the session nowhere."""
    proofs = await farewell(Site(alive={"a"}, only_inside=True), "a", known=("a",))
    assert proofs[Area.LOGGED_OUT].finding is PROVED
    assert proofs[Area.SESSION_DEAD].finding is NOT_PROVED
    assert "not honoured (unreachable)" in proofs[Area.SESSION_DEAD].detail


async def test_a_session_that_the_guard_saw_logged_in_and_cannot_replay_is_not_called_anonymous() -> None:
    """The portal shows its guest page to everybody outside: only the sentinel in the browser knew better."""
    assert await findings(Site(alive=set()), "a", known=("a",)) == (PROVED, NOT_PROVED)


async def test_a_session_that_the_page_itself_ended_is_dead_if_its_replay_was_honoured_before() -> None:
    assert await findings(Site(alive=set()), "a", known=("a",), honoured=("a",)) == (PROVED, PROVED)


async def test_a_login_whose_session_is_not_known_is_never_called_logged_out() -> None:
    """What is known is ended all the same."""
    site = Site(alive={"a"})
    proofs = await farewell(site, "a", known=("a",), complete=False)
    assert {proof.finding for proof in proofs.values()} == {NOT_PROVED}
    assert site.alive == set()


async def test_a_portal_that_says_nothing_is_logged_out_and_nothing_is_proved() -> None:
    site = Site(alive={"a"}, silent=True)
    assert await findings(site, "a", known=("a",)) == (NOT_PROVED, NOT_PROVED)
    assert site.alive == set()


@pytest.mark.parametrize(
    ("logout", "wanted"),
    [
        ({"steps": (), "kills_session": False}, (DECLARED, DECLARED)),
        ({"steps": (), "kills_session": True}, (NOT_PROVED, NOT_PROVED)),
    ],
    ids=["declared", "not declared"],
)
async def test_a_portal_without_a_logout_is_a_declared_fault_or_none(
    logout: dict[str, Any], wanted: tuple[Finding, Finding]
) -> None:
    assert await findings(Site(alive={"a"}), "a", known=("a",), **logout) == wanted


async def test_a_profile_with_a_selector_that_is_none_costs_the_proof_and_not_the_handover() -> None:
    forgery = {"page": "/logout", "value": "input[[", "field": "csrf"}
    step = LogoutStep.model_validate({"path": "/logout", "anti_forgery": forgery})
    assert await findings(Site(alive={"a"}), "a", known=("a",), steps=(step,)) == (NOT_PROVED, NOT_PROVED)
