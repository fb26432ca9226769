"""The clipboard of the desktop: it belongs to no browser, outlives every profile, and is the same for each citizen.

A browser that ends takes with it what it had copied under X11, unless a clipboard manager kept it; Windows keeps it in
any case. So the handover empties it, whoever filled it. A headless browser has a clipboard of its own, in memory.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from ctypes.util import find_library
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.browser.cdp import Session

SELECTIONS = (b"CLIPBOARD", b"PRIMARY")  # what was copied, and what is marked for the middle button


async def has_desktop(session: Session) -> bool:
    """Whether what this browser copies reaches a desktop that `empty` and `held` know."""
    version = await session.send("Browser.getVersion")
    return "Headless" not in version["userAgent"] and (sys.platform == "win32" or "DISPLAY" in os.environ)


if sys.platform == "win32":  # NOT RUN: from Microsoft's documentation. Its clipboard *history* is a policy's to close.

    def empty() -> None:
        """Empty the clipboard."""
        if ctypes.windll.user32.OpenClipboard(None):
            ctypes.windll.user32.EmptyClipboard()
            ctypes.windll.user32.CloseClipboard()

    def held() -> list[str]:
        """What can be pasted."""
        formats = ctypes.windll.user32.CountClipboardFormats()
        return [f"{formats} format(s) in the clipboard"] if formats else []

else:

    def empty() -> None:
        """Empty the clipboard: take it, and let it go."""
        with _display() as (x11, display):
            window = x11.XCreateSimpleWindow(display, x11.XDefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0)
            for selection in SELECTIONS:
                x11.XSetSelectionOwner(display, x11.XInternAtom(display, selection, 0), window, 0)

    def held() -> list[str]:
        """What can be pasted, because some program on the desktop offers it."""
        with _display() as (x11, display):
            atoms = {selection: x11.XInternAtom(display, selection, 0) for selection in SELECTIONS}
            return [
                f"a program offers the {selection.decode()} selection"
                for selection, atom in atoms.items()
                if x11.XGetSelectionOwner(display, atom)
            ]


@contextmanager
def _display() -> Iterator[tuple[Any, Any]]:
    """A connection to the X server. Raises OSError if there is none."""
    x11 = _library()
    display = x11.XOpenDisplay(None)
    if display is None:
        msg = "the desktop cannot be asked for its clipboard"
        raise OSError(msg)
    try:
        yield x11, display
    finally:
        x11.XSync(display, 0)
        x11.XCloseDisplay(display)


def _library() -> Any:  # noqa: ANN401  # a C library has no types
    x11 = ctypes.CDLL(find_library("X11") or "libX11.so.6")  # every graphical browser on Linux brings it
    pointer, xid, number = ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int
    signatures: dict[str, tuple[Any, ...]] = {
        "XOpenDisplay": (pointer, ctypes.c_char_p),
        "XDefaultRootWindow": (xid, pointer),
        "XCreateSimpleWindow": (xid, pointer, xid, *5 * (number,), xid, xid),
        "XInternAtom": (xid, pointer, ctypes.c_char_p, number),
        "XGetSelectionOwner": (xid, pointer, xid),
        "XSetSelectionOwner": (number, pointer, xid, xid, xid),
        "XSync": (number, pointer, number),
        "XCloseDisplay": (number, pointer),
    }
    for name, (answer, *arguments) in signatures.items():
        function = getattr(x11, name)
        function.restype, function.argtypes = answer, arguments
    return x11
