from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from guard.browser import handover
from guard.browser.carried import Carried
from guard.browser.farewell import Sessions
from guard.browser.handover import WIPE_TAKES, Handed, hand_over
from guard.browser.standby import Shown
from guard.config import HandoverSettings
from guard.core.clearance import Area, Finding, Proof, resting_on
from guard.core.identity import Holder, Identity, Jar, Known, Nobody, Sighting
from guard.portal import Portal
from guard.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest

CLEAN = Proof(area=Area.BROWSER_CLEAN, finding=Finding.PROVED)
GONE = (Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED), Proof(area=Area.PROFILE_GONE, finding=Finding.PROVED))


class Old:
    """A browser in which portals were visited; it notes what is done to it."""

    generation = 7
    alive = True
    user_data_dir = Path("nowhere")

    def __init__(self, *portals: str) -> None:
        self.jars = SimpleNamespace(visited={Jar(portal=name, context=""): {} for name in portals})
        self.gate = SimpleNamespace(refuse=lambda: self.done.append("gate refuses"))
        self.done: list[str] = []
        self.logins = self

    async def destroy(self) -> tuple[Proof, Proof]:
        self.done.append("wiped")
        return GONE

    def all_sessions(self) -> list[Sessions]:
        return []


class OldWithPassword(Old):
    """One in which the last citizen logged in at portals whose login the browser keeps to itself."""

    def all_sessions(self) -> list[Sessions]:
        return [_kept(jar.portal) for jar in self.jars.visited]


def _kept(name: str) -> Sessions:
    described = {
        "name": name,
        "title": {"ja": "受付", "en": "Desk"},
        "origins": [f"https://{name}.example"],
        "session": {"browser_keeps": True},
        "holder": {"path": "/who", "reading": "json", "guest_status": 401, "name": "name"},
        "max_age": 0,
    }
    return Sessions(portal=Portal.model_validate(described), carried={"the browser": Carried()}, known={"the browser"})


class Next:
    """The next browser, which portals answer with these holders."""

    generation = 8
    jars = SimpleNamespace(default_context="")

    def __init__(self, **says: Holder | None) -> None:
        self.says = says
        self.logins = self

    async def look(self, jar: Jar) -> Sighting:
        holder = self.says[jar.portal]
        if holder is None:
            await asyncio.sleep(60)
            raise AssertionError
        return Sighting(jar=jar, holder=holder, session=None, generation=self.generation, taken_at=0.0)


async def run(
    old: Old,
    farewell: Callable[[str], Awaitable[tuple[Proof, ...]]],
    monkeypatch: pytest.MonkeyPatch,
    following: Next | None = None,
) -> Handed:
    async def one(_: Old, jar: Jar, __: object, ___: float) -> tuple[Proof, ...]:
        proofs = await farewell(jar.portal)
        old.done.append(f"farewell of {jar.portal}")
        return proofs

    async def show_next(_: set[str]) -> Shown:
        old.done.append("next shown")
        return Shown(browser=cast("Any", following or Next()), clean=(CLEAN,))

    monkeypatch.setattr(handover, "_farewell", one)
    failures: list[str] = []
    tasks = Tasks(lambda name, _: failures.append(name))
    # As short as the settings would never allow, so that the test waits for nobody.
    limits = HandoverSettings.model_construct(wipe_within=WIPE_TAKES + 0.05, settle_within=0.2)
    handed = await hand_over(
        cast("Any", old), "v1", outside=cast("Any", None), limits=limits, show_next=show_next, tasks=tasks
    )
    await tasks.stop()
    return handed


def proved(portal: str) -> tuple[Proof, ...]:
    return tuple(
        Proof(area=area, finding=Finding.PROVED, portal=portal) for area in (Area.LOGGED_OUT, Area.SESSION_DEAD)
    )


async def test_all_proofs_of_a_quick_farewell_stand_in_the_clearance(monkeypatch: pytest.MonkeyPatch) -> None:
    async def quick(portal: str) -> tuple[Proof, ...]:
        return proved(portal)

    old = Old("point", "idp")
    handed = await run(old, quick, monkeypatch)
    assert handed.clearance.clean
    assert handed.clearance.proofs == (*proved("point"), *proved("idp"), *GONE, *resting_on(GONE), CLEAN)
    assert old.done == ["gate refuses", "farewell of point", "farewell of idp", "wiped", "next shown"]


async def test_what_was_downloaded_is_counted_before_it_is_wiped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def quick(portal: str) -> tuple[Proof, ...]:
        return proved(portal)

    old = Old("point")
    old.user_data_dir = tmp_path
    (tmp_path / "downloads").mkdir()
    for name in ("控え.pdf", "控え(1).pdf"):
        (tmp_path / "downloads" / name).touch()
    assert (await run(old, quick, monkeypatch)).clearance.downloads == 2
    assert (await run(Old("point"), quick, monkeypatch)).clearance.downloads == 0


async def test_the_wipe_does_not_wait_for_a_portal_that_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a slow portal says after the wipe, and before the limit, still counts."""

    async def late(portal: str) -> tuple[Proof, ...]:
        await asyncio.sleep(0.1 if portal == "point" else 0)
        return proved(portal)

    old = Old("point", "idp")
    handed = await run(old, late, monkeypatch)
    assert handed.clearance.clean
    assert old.done == ["gate refuses", "farewell of idp", "wiped", "next shown", "farewell of point"]


async def test_a_portal_that_never_answers_costs_its_own_proofs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(portal: str) -> tuple[Proof, ...]:
        if portal == "point":
            await asyncio.sleep(60)
        return proved(portal)

    handed = await run(Old("point", "idp"), hangs, monkeypatch)
    assert {(proof.portal, proof.detail) for proof in handed.clearance.missing} == {("point", "no answer in time")}
    assert set(proved("idp")) <= set(handed.clearance.proofs)


async def test_a_farewell_that_ends_with_a_fault_is_a_proof_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the browser is wiped and the next one shown, once."""

    async def broken(portal: str) -> tuple[Proof, ...]:
        if portal == "point":
            raise KeyError(portal)
        return proved(portal)

    old = Old("point", "idp")
    handed = await run(old, broken, monkeypatch)
    assert {proof.detail for proof in handed.clearance.missing} == {"it ended with a fault (KeyError)"}
    assert old.done.count("wiped") == old.done.count("next shown") == 1


async def test_a_browser_that_went_nowhere_is_replaced_with_the_browsers_own_proofs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(_: str) -> tuple[Proof, ...]:
        raise AssertionError

    handed = await run(Old(), never, monkeypatch)
    assert handed.clearance.clean
    assert handed.clearance.proofs == (*GONE, *resting_on(GONE), CLEAN)


async def test_a_login_that_the_browser_kept_is_over_when_the_next_one_is_a_guest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing can be replayed: only the portal's word to the next browser tells, and a word in time."""

    async def nothing_to_replay(_: str) -> tuple[Proof, ...]:
        return ()

    monkeypatch.setattr(handover, "GUEST_WITHIN", 0.05)
    somebody = Known(identity=Identity(name="佐藤 花子"))
    following = Next(basic=Nobody(), certificate=somebody, silent=None, mute=None)
    handed = await run(OldWithPassword(*following.says), nothing_to_replay, monkeypatch, following)
    said = {(proof.portal, proof.area): proof for proof in handed.clearance.proofs if proof.portal}
    assert len(said) == 8
    assert {portal for portal, area in said if said[portal, area].finding is Finding.PROVED} == {"basic"}
    assert "somebody is logged in" in said["certificate", Area.SESSION_DEAD].detail
    assert "timeout" in said["silent", Area.LOGGED_OUT].detail
    assert "佐藤" not in str(handed.clearance)
