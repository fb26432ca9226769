"""Extensions that the counter needs, such as the card reader's: given to each browser anew.

They are loaded over the guard's own pipe, because branded browsers ignore `--load-extension`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.browser.cdp import ProtocolError
from guard.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from guard.browser.cdp import Session


async def load_extensions(session: Session, folders: Sequence[Path]) -> None:
    """Load unpacked extensions into a browser that shows nothing yet. Raises BrowserError if one cannot be loaded.

    The same folder has the same id in every browser, and what it keeps lies in the profile that is thrown away.
    """
    for folder in folders:
        try:
            await session.send("Extensions.loadUnpacked", {"path": str(folder)})
        except ProtocolError as error:
            mend = "Look whether this folder holds a manifest.json that the browser accepts."
            raise BrowserError(f"an extension cannot be loaded ({error})", value=folder, mend=mend) from error
