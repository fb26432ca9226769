"""What on this machine weakens the guard or stands in its way, said before the day starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guard.browser.launch import weaker_here
from guard.browser.switches import needs_no_sandbox
from guard.core.weakness import Found, Weakness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guard.config import Config

POLICY_DIRS = (
    Path("/etc/chromium/policies/managed"),
    Path("/etc/opt/chrome/policies/managed"),
    Path("/etc/opt/edge/policies/managed"),
)

IN_THE_WAY = {
    "RemoteDebuggingAllowed": "stops the guard from joining the browser if it is false",
    "ProxyMode": "overrides the guard's proxy rules, so WebSockets are not closed",
    "ProxySettings": "overrides the guard's proxy rules, so WebSockets are not closed",
    "ProxyPacUrl": "overrides the guard's proxy rules, so WebSockets are not closed",
    "ProxyServer": "overrides the guard's proxy rules, so WebSockets are not closed",
    "UserDataDir": "moves every browser onto one profile, so none is thrown away",
    "NetworkPredictionOptions": "opens prerender and prefetch past the gate unless it is 2",
    "AutoSelectCertificateForUrls": "logs every new browser in by itself, so no end of such a login can be proved",
    "RestoreOnStartup": "may bring pages of before into a new browser",
}
"""Browser policies that decide over what the guard needs, and what they do to it."""


SENTINELS_SHOWN = (
    "The browser refuses hidden pages: the sentinel stands as a tab beside those of staff, who must leave it open."
)
_ROOT = "Started as root: the browser runs without its sandbox (allow_no_sandbox). Use an ordinary user."
_PAC = "Logout and replay from outside the browser do not follow pac_url; they go straight to the portals."


def preflight(config: Config, policy_dirs: Iterable[Path] | None = None) -> tuple[Found, ...]:
    """Everything worth a line to whoever starts the guard, and to staff at the start of the day."""
    found = []
    if needs_no_sandbox():
        found.append(Found(weakness=Weakness.NO_SANDBOX, note=_ROOT))
    found.extend(Found(weakness=Weakness.THROUGH_PLAYWRIGHT, note=note) for note in weaker_here())
    if config.browser.pac_url is not None:
        found.append(Found(weakness=Weakness.PAC_NOT_FOLLOWED, note=_PAC))
    for folder in POLICY_DIRS if policy_dirs is None else policy_dirs:
        found.extend(_policies(folder))
    return tuple(found)


def _policies(folder: Path) -> list[Found]:
    found = []
    for file in sorted(folder.glob("*.json")):
        for name, value in _read(file).items():
            if name in IN_THE_WAY:
                note = f"Policy {name} = {value!r} in {file} {IN_THE_WAY[name]}."
                found.append(Found(weakness=Weakness.POLICY, note=note, name=name))
    return found


def _read(file: Path) -> dict[str, Any]:
    try:
        policies = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}  # the browser does not read it either
    return policies if isinstance(policies, dict) else {}
