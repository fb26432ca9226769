from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from guard.browser.carried import Carried
from guard.browser.farewell import holder_by
from guard.browser.wire import LARGEST_ANSWER, Outside, OutsideWire, Question, WireError
from guard.config import Config
from guard.core.identity import Identity, Known, Obscurity, Unclear
from guard.grammar import HolderReading, Locator, Reading, Session, Words
from guard.portal import Portal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n"


JSON = HolderReading(path="/whoami", reading=Reading.JSON, guest="guest", name=Locator(select="name"))
HTML = HolderReading(path="/", reading=Reading.HTML, guest=".guest", name=Locator(select=".name"))


def portal_at(
    port: int, *, cookies: tuple[str, ...] = ("sid",), rotates: bool = False, holder: HolderReading = JSON
) -> Portal:
    return Portal(
        name="point",
        title=Words(ja="サイト", en="site"),
        origins=(f"http://127.0.0.1:{port}",),
        session=Session(cookies=cookies, rotates=rotates),
        holder=holder,
    )


class Server:
    """A portal on loopback that answers bytes; `heads` are the requests that it saw."""

    def __init__(self, answer: Callable[[int], bytes], *, drip: bool) -> None:
        self._answer = answer
        self._drip = drip
        self.heads: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            answer = self._answer(len(self.heads))
            for part in (answer[at : at + 1] for at in range(len(answer))) if self._drip else (answer,):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.05 if self._drip else 0)
        except ConnectionError:
            pass  # the guard had enough
        finally:
            writer.close()

    def cookies(self) -> list[str]:
        return [
            line.partition(": ")[2] for head in self.heads for line in head.split("\r\n") if line.startswith("Cookie")
        ]


@asynccontextmanager
async def road(
    tmp_path: Path,
    answer: bytes | Callable[[int], bytes],
    *,
    cookie: str = "sid=one",
    cookies: tuple[str, ...] = ("sid",),
    rotates: bool = False,
    drip: bool = False,
    holder: HolderReading = JSON,
) -> AsyncIterator[tuple[OutsideWire, Server]]:
    server = Server(answer if callable(answer) else lambda _: answer, drip=drip)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    portal = portal_at(server.port, cookies=cookies, rotates=rotates, holder=holder)
    outside = Outside(Config(counter="窓口1", portals=(portal,), state_dir=tmp_path))
    try:
        yield outside.wire(portal, Carried(cookie=cookie)), server
    finally:
        await outside.close()
        listening.close()


async def test_a_redirect_is_an_answer_and_is_not_followed(tmp_path: Path) -> None:
    """It may lead to a login page on another host, which would say "guest" for whoever is logged in here."""
    moved = b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"
    async with road(tmp_path, moved) as (wire, server):
        assert (await wire.ask(Question(path="/whoami"))).status == 300
        assert len(server.heads) == 1


async def test_a_portal_that_drips_its_answer_is_late(tmp_path: Path) -> None:
    """Each byte comes in time, the answer never."""
    async with road(tmp_path, OK + b"\r\nok", drip=True) as (wire, _):
        with pytest.raises(WireError) as told:
            await wire.ask(Question(path="/whoami", within=0.3))
    assert told.value.why is Obscurity.TIMEOUT


async def test_a_portal_that_refuses_connections_is_unreachable(tmp_path: Path) -> None:
    outside = Outside(Config(counter="窓口1", portals=(portal_at(9),), state_dir=tmp_path))
    with pytest.raises(WireError) as told:
        await outside.wire(portal_at(9), Carried(cookie="sid=one")).ask(Question(path="/whoami"))
    assert told.value.why is Obscurity.UNREACHABLE
    await outside.close()


async def test_an_answer_that_goes_on_and_on_is_cut(tmp_path: Path) -> None:
    body = b"x" * (LARGEST_ANSWER + 1)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with road(tmp_path, head + body) as (wire, _):
        with pytest.raises(WireError) as told:
            await wire.ask(Question(path="/whoami"))
    assert told.value.why is Obscurity.AMBIGUOUS


async def test_an_unknown_charset_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x-unheard-of\r\nContent-Length: 2\r\n\r\nok"
    async with road(tmp_path, answer) as (wire, _):
        assert (await wire.ask(Question(path="/whoami"))).body == b"ok"


async def test_a_cookie_with_japanese_in_it_is_sent_as_the_browser_sent_it(tmp_path: Path) -> None:
    """Other cookies of the site travel along; one that is not ASCII must not cost the proof of the logout."""
    async with road(tmp_path, OK + b"\r\nok", cookie="sid=one; 市=山") as (wire, server):
        await wire.ask(Question(path="/whoami"))
        assert server.cookies() == ["sid=one; 市=山"]


async def test_the_client_keeps_no_session_between_two_questions(tmp_path: Path) -> None:
    """What one wire was given must never be sent by another: it would be somebody else's login."""
    async with road(tmp_path, OK + b"Set-Cookie: sid=two\r\n\r\nok") as (wire, server):
        await wire.ask(Question(path="/whoami"))
        await wire.ask(Question(method="POST", path="/logout", form={"csrf": "t"}))
        assert server.cookies() == ["sid=one", "sid=one"]
        assert "Origin: http://127.0.0.1" in server.heads[1]


async def test_a_rotating_session_is_followed_and_its_twin_keeps_what_was_sent_last(tmp_path: Path) -> None:
    def answer(number: int) -> bytes:
        return OK + b"Set-Cookie: sid=id%d\r\n\r\nok" % number

    async with road(tmp_path, answer, rotates=True) as (wire, server):
        await wire.ask(Question(path="/logout"))
        await wire.ask(Question(method="POST", path="/logout"))
        await wire.twin().ask(Question(path="/whoami"))
        await wire.ask(Question(path="/whoami"))
        assert server.cookies() == ["sid=one", "sid=id1", "sid=id1", "sid=id2"]


async def test_each_cookie_of_a_session_is_tried_alone(tmp_path: Path) -> None:
    """Cookies that are none of the session are not; a session of one cookie has no parts."""
    both = {"cookie": "lang=ja; sid=one; remember=two", "cookies": ("sid", "remember")}
    async with road(tmp_path, OK + b"\r\nok", **both) as (wire, server):  # type: ignore[arg-type]  # keywords by name
        for part in wire.parts():
            await part.ask(Question(path="/whoami"))
        assert server.cookies() == ["sid=one", "remember=two"]
    async with road(tmp_path, OK + b"\r\nok", cookie="lang=ja; sid=one") as (wire, _):
        assert wire.parts() == []


async def test_a_session_that_an_answer_brought_can_be_ended_and_does_not_take_the_place_of_the_old_one(
    tmp_path: Path,
) -> None:
    async with road(tmp_path, OK + b"Set-Cookie: sid=two\r\nSet-Cookie: lang=ja\r\n\r\nok") as (wire, server):
        assert wire.heir() is None
        await wire.ask(Question(path="/whoami"))
        heir = wire.heir()
        assert heir is not None
        await heir.ask(Question(method="POST", path="/logout"))
        await wire.twin().ask(Question(path="/whoami"))
        assert server.cookies() == ["sid=one", "sid=two", "sid=one"]


def said(content_type: str, body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


NAMED = b"<p class=name>Tanaka</p>"
MOVED = said("text/html", b"", "Location: /sign-in", status="302 Found")


@pytest.mark.parametrize(
    ("holder", "answer", "wanted"),
    [
        (JSON, said("text/html", "<p>ログインしてください".encode()), Obscurity.NOT_UNDERSTOOD),
        (JSON, said("application/json", b'{"name": ["Tanaka"]}'), Obscurity.AMBIGUOUS),
        (HTML, said("text/html", NAMED + NAMED), Obscurity.AMBIGUOUS),
        (HTML, said("text/html", NAMED + b" " * 5_000_000), Obscurity.AMBIGUOUS),
        (HTML, said("text/html", NAMED, "Age: 7"), Obscurity.CACHED),
        (HTML, said("text/html", NAMED, "X-Cache: HIT"), Obscurity.CACHED),
        (HTML, MOVED, Obscurity.NOT_UNDERSTOOD),
        (HTML.model_copy(update={"follow_redirects": True}), MOVED, Obscurity.NOT_UNDERSTOOD),
        (HTML, said("text/html; charset=EUC-JP", "<p class=name>佐藤</p>".encode()), Obscurity.NOT_UNDERSTOOD),
        (HTML, said("text/html; charset=EUC-JP", "<p class=name>佐藤</p>".encode("euc_jp")), "佐藤"),
        (HTML, said("text/html", "<meta charset=Shift_JIS><p class=name>髙橋</p>".encode("cp932")), "髙橋"),
    ],
)
async def test_what_is_not_said_for_certain_names_nobody_on_the_outside_road_either(
    tmp_path: Path, holder: HolderReading, answer: bytes, wanted: str | Obscurity
) -> None:
    def answers(number: int) -> bytes:
        return answer if number == 1 else said("text/html", "<p>ログインしてください".encode())

    async with road(tmp_path, answers, holder=holder) as (wire, server):
        portal = portal_at(server.port, holder=holder)
        known = await holder_by(portal, wire)
    assert known == (Unclear(why=wanted) if isinstance(wanted, Obscurity) else Known(identity=Identity(name=wanted)))
