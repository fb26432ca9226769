"""The one border to the card reader (PC/SC): whether a card lies there. No connection is made, nothing is read from it.

Measured on pcscd, vpcd and pyscard 2.3: `SCardGetStatusChange` reports insertion and removal within a millisecond of
the driver; the count in its high word betrays a swap of like cards that a slow observer missed; with the service
hung the call does not return at all. So a thread of its own looks, and the loop takes its silence for a removal.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog

from guard.core.card import UNSEEN, Gone
from guard.errors import ConfigError
from guard.log import trace_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = structlog.get_logger()

BEAT = 1.0  # seconds a look may last; a cancel sent when nobody waits is lost, so every look is finite
HUNG_AFTER = 3.0  # seconds without a look, three beats
_RETRY = 0.5  # seconds before a dead service is asked for a new context
_WAY_OUT: Final = "or set required = false under [card]."

PRESENT: Final = 0x20
"""SCARD_STATE_PRESENT; whatever else a reader says (empty, unknown, unavailable) is no card."""
EMPTY: Final = 0x10
"""SCARD_STATE_EMPTY; nothing else proves that no card lies there."""
_CHANGED: Final = 0x02
_COUNT: Final = 16  # the high word of a state counts insertions and removals
_NO_READERS: Final = 0x8010002E
_TIMEOUT: Final = 0x8010000A
_UNKNOWN_READER: Final = 0x80100009
_UNSIGNED: Final = 0xFFFFFFFF


class ServiceDownError(Exception):
    """The card service does not answer, or its answer is an error."""


class Service(Protocol):
    """The card service of the machine. One thread uses it."""

    def connect(self) -> None:
        """Get a new context, and drop the old one. Raises ServiceDownError."""
        ...

    def readers(self) -> list[str]:
        """Names of the readers that are plugged in. Raises ServiceDownError."""
        ...

    def wait(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        """States of these readers as soon as one differs from what is known, or after so many seconds; 0: now.

        Raises ServiceDownError.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class CardPresent:
    """A card lies on the reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CardRemoved:
    """There is no card, or nobody can tell any more."""

    why: Gone


CardEvent = CardPresent | CardRemoved


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look at the reader; `count` is None unless a card lies there."""

    count: int | None
    why: Gone = Gone.REMOVED


class Presence:
    """Turns looks into events: a card that comes, goes, was away in between, or is away when one can look again."""

    def __init__(self) -> None:
        self._count: int | None = None
        self._unseen = False

    def after(self, look: Look) -> tuple[CardEvent, ...]:
        """What this look tells that the last one did not."""
        before, self._count = self._count, look.count
        was_unseen, self._unseen = self._unseen, look.count is None and look.why in UNSEEN
        if look.count is None:
            news = before is not None or (was_unseen and not self._unseen)
            return (CardRemoved(why=look.why),) if news else ()
        if before == look.count:
            return ()
        swapped = () if before is None else (CardRemoved(why=Gone.SWAPPED),)
        return (*swapped, CardPresent())


def choose(readers: list[str], wanted: str | None) -> str | None:
    """The one reader of this name, or the only one; None if that is not one."""
    fitting = [name for name in readers if wanted is None or wanted in name]
    return fitting[0] if len(fitting) == 1 else None


class CardMonitor:
    """Tells what happens on one reader; a service that is silent for three seconds counts as a removal."""

    def __init__(self, service: Service, wanted: str | None, tell: Callable[[CardEvent], None]) -> None:
        self._service = service
        self._wanted = wanted
        self._tell = tell
        self._presence = Presence()
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._last_look: float

    async def run(self) -> None:
        """Watch until cancelled; `tell` is called in this task's loop."""
        self._loop = asyncio.get_running_loop()
        self._last_look = self._loop.time()
        # A daemon, because a thread that waits for a hung service never ends.
        threading.Thread(target=self._watch, name="card reader", daemon=True).start()
        try:
            while True:
                await asyncio.sleep(BEAT / 2)
                if self._loop.time() - self._last_look > HUNG_AFTER:
                    self._take(Look(count=None, why=Gone.SERVICE_HUNG))
        finally:
            self._stopped.set()

    def _take(self, look: Look) -> None:
        for event in self._presence.after(look):
            self._tell(event)

    def _heard(self, look: Look) -> None:
        self._last_look = self._loop.time()
        if not self._stopped.is_set():
            self._take(look)

    # in the thread

    def _watch(self) -> None:
        connected = False
        known: dict[str, int] = {}
        while not self._stopped.is_set():
            try:
                if not connected:
                    self._service.connect()
                    connected, known = True, {}
                look, known = self._look(known)
            except Exception as error:  # noqa: BLE001  # whatever it is, nobody knows of a card any more
                self._say(error)
                connected, look = False, Look(count=None, why=Gone.SERVICE_DEAD)
            self._report(look)
            if look.why in {Gone.SERVICE_DEAD, Gone.READER_GONE}:
                self._stopped.wait(_RETRY)

    def _say(self, error: Exception) -> None:
        if not isinstance(error, ServiceDownError):
            log.error("the card reader failed", trace=trace_of(error))

    def _look(self, known: Mapping[str, int]) -> tuple[Look, dict[str, int]]:
        """One look, at once if nothing is known yet. The readers are named anew: a list of before may hold a ghost."""
        name = choose(self._service.readers(), self._wanted)
        if name is None:
            return Look(count=None, why=Gone.READER_GONE), {}
        states = self._service.wait({name: known.get(name, 0)}, BEAT if name in known else 0)
        return seen(states.get(name)), states

    def _report(self, look: Look) -> None:
        try:
            self._loop.call_soon_threadsafe(self._heard, look)
        except RuntimeError:  # the loop has ended with the guard
            self._stopped.set()


def seen(state: int | None) -> Look:
    """What a state says."""
    if state is not None and state & PRESENT:
        return Look(count=state >> _COUNT)
    return Look(count=None, why=Gone.REMOVED if state is not None and state & EMPTY else Gone.READER_GONE)


class PcscService:
    """The PC/SC service of this machine, through pyscard's plain calls. Its observers fail open and are not used."""

    def __init__(self) -> None:
        self._scard = _pyscard()
        self._context: Any = None

    def connect(self) -> None:
        if self._context is not None:
            self._scard.SCardReleaseContext(self._context)
            self._context = None
        code, context = self._scard.SCardEstablishContext(self._scard.SCARD_SCOPE_USER)
        _expect(code)
        self._context = context

    def readers(self) -> list[str]:
        code, names = self._scard.SCardListReaders(self._context, [])
        if code & _UNSIGNED == _NO_READERS:
            return []
        _expect(code)
        return list(names)

    def wait(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        asked = list(known.items())
        code, states = self._scard.SCardGetStatusChange(self._context, round(seconds * 1000), asked)
        if code & _UNSIGNED == _UNKNOWN_READER:  # unplugged since it was named
            return {}
        if code & _UNSIGNED != _TIMEOUT:
            _expect(code)
        return {name: state & ~_CHANGED for name, state, _ in states}


def _expect(code: int) -> None:
    if code != 0:
        raise ServiceDownError(f"PC/SC error {code & _UNSIGNED:#010x}")


def _pyscard() -> Any:  # noqa: ANN401  # it ships no types
    try:
        from smartcard import scard  # noqa: PLC0415  # an extra, and no counter without a reader needs it
    except ImportError as error:
        what = "[card] required = true, and pyscard cannot be loaded"
        mend = f"Run: pip install 'madoguchi-guard[card]' {_WAY_OUT}"
        raise ConfigError(what, value=error, mend=mend) from None
    return scard


async def find_reader(service: Service, wanted: str | None) -> str:
    """As `check_reader`; a hung service keeps a thread for ever, and whoever asks for three seconds."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str] = loop.create_future()

    def look() -> None:
        answer: str | Exception
        try:
            answer = check_reader(service, wanted)
        except Exception as error:  # noqa: BLE001  # raised where it is awaited
            answer = error
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody asks any more
            loop.call_soon_threadsafe(_settle, found, answer)

    threading.Thread(target=look, name="card reader check", daemon=True).start()
    try:
        return await asyncio.wait_for(found, HUNG_AFTER)
    except TimeoutError:
        raise _no_answer(f"nothing for {HUNG_AFTER:g} seconds") from None


def check_reader(service: Service, wanted: str | None) -> str:
    """The name of the reader that would be watched; raises ConfigError with the mend if there is not exactly one."""
    try:
        service.connect()
        readers = service.readers()
    except ServiceDownError as error:
        raise _no_answer(error) from error
    name = choose(readers, wanted)
    if name is None:
        what = "[card] required = true, and there is not exactly one reader" + (f" named {wanted}" if wanted else "")
        mend = f"Plug the reader in, or name one by reader = under [card], {_WAY_OUT}"
        raise ConfigError(what, value=", ".join(readers) or "no reader", mend=mend)
    return name


def _settle(found: asyncio.Future[str], answer: str | Exception) -> None:
    if found.done():  # the service woke up too late
        return
    if isinstance(answer, str):
        found.set_result(answer)
    else:
        found.set_exception(answer)


def _no_answer(why: object) -> ConfigError:
    what = "[card] required = true, and the card service does not answer"
    return ConfigError(what, value=why, mend=f"Start it (Linux: pcscd; Windows: SCardSvr) {_WAY_OUT}")
