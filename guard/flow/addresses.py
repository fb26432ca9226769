"""Where the journeys go: the portals of the counter's own profiles, or other addresses that it guards."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.journeys import Sites
from guard.flow.complaints import FlowInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guard.config import Config

NAMES = ("point", "mypage")
"""Of the portals that journeys visit, as `--base-url` and the profiles call them."""


def sites_of(config: Config, given: Sequence[str], visited: Sequence[str]) -> Sites:
    """The addresses of NAME=URL, else of the profiles of these names.

    Raises FlowInputError for a portal in `visited` that no profile of the counter guards: a journey there would pass
    unseen.
    """
    known = {portal.name: portal.origin for portal in config.portals if portal.name in NAMES}
    found = known | dict(map(_parted, given))
    for name in visited:
        if name not in found:
            what = f"the flow visits the portal {name!r}, and no profile of the counter has this name"
            raise FlowInputError(what, mend=f"Add its profile to the counter, or say --base-url {name}=URL.")
        _refuse_unguarded(config, name, found[name])
    return Sites(**found)


def _parted(given: str) -> tuple[str, str]:
    name, _, address = given.partition("=")
    parts = urlsplit(address)
    if name not in NAMES or parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        mend = f"Write NAME=URL, with NAME one of {', '.join(NAMES)}, such as point=https://point.staging.test."
        raise FlowInputError("--base-url is not understood", value=repr(name), mend=mend)
    return name, address.rstrip("/")


def _refuse_unguarded(config: Config, name: str, address: str) -> None:
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    if config.portal_of(origin) is None:
        guarded = ", ".join(one for portal in config.portals for one in portal.origins)
        what = f"no profile of the counter guards the portal {name!r}"
        raise FlowInputError(what, value=origin, mend=f"It guards {guarded}. Add the origin to the profile.")
