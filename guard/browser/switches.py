"""The command line of the guarded browser: every switch with its reason."""

from __future__ import annotations

import base64
import json
import os
from typing import TYPE_CHECKING

import httpx

from guard.errors import BrowserError

if TYPE_CHECKING:
    from guard.config import BrowserSettings, TestNetwork

ALWAYS = (
    "--no-startup-window",  # a standby shows nothing and takes no focus
    "--no-first-run",  # no welcome pages on a profile that is always new
    "--no-default-browser-check",  # no question to staff
    "--disable-sync",  # a citizen's data must not reach an account
    "--disable-background-networking",  # no chatter of a profile that lives for minutes
    "--disable-component-update",  # nor downloads into it
    "--disable-breakpad",  # a crash dump holds what was on screen
    "--disable-crash-reporter",
    "--hide-crash-restore-bubble",  # nothing of an earlier browser is ever offered
    "--password-store=basic",  # no keyring prompt; passwords are not saved anyway
    # Roads that pass no gate; the Reporting API (and network error logging) sends POSTs from the network service.
    # The address bar's lists as web pages: made at each start for nobody, at half of its processor time.
    "--disable-features=Reporting,Prerender2,MediaRouter,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # no UDP past the gate
)

PAC_WITHIN = 10.0  # seconds
_ENTRY = "FindProxyForURL"  # the name that a browser calls
_ENCLOSED = f"var {_ENTRY};\n{{}}\nreturn {_ENTRY};"  # or a script without it would end up with the guard's own
_CLOSED_PROXY = "PROXY 127.0.0.1:9"  # the discard port: nothing listens there


def pac_script(upstream: str, city_script: str | None) -> str:
    """A proxy script that leads WebSockets nowhere, and all else where the city's own rules lead it.

    WebSockets never pass `Fetch`, so this is their gate. `upstream` is a PAC result such as
    `DIRECT` or `PROXY host:port`; `city_script` is the text of the city's own PAC file. One that does not run
    leads nowhere: it goes along as text, because a browser whose script fails as a whole connects straight.
    """
    made = f"Function({json.dumps(_ENCLOSED.format(city_script))})()" if city_script else f'() => "{upstream}"'
    return (
        f"var {_ENTRY} = (function () {{\n"
        "  var way;\n"
        f"  try {{ way = {made}; }} catch (error) {{}}\n"
        "  return function (url, host) {\n"
        f'    if (typeof way !== "function" || /^wss?:/i.test(url)) return "{_CLOSED_PROXY}";\n'
        "    return way(url, host);\n"
        "  };\n"
        "})();\n"
    )


def switches_for(
    browser: BrowserSettings, network: TestNetwork | None, *, headless: bool, script: str | None
) -> list[str]:
    """All switches but the profile and the pipe. Raises BrowserError for a root user without leave."""
    upstream = "DIRECT" if browser.proxy is None else f"PROXY {browser.proxy.removeprefix('http://')}"
    pac = base64.b64encode(pac_script(upstream, script).encode()).decode()
    switches = [
        *ALWAYS,
        f"--lang={browser.language}",
        f"--proxy-pac-url=data:application/x-ns-proxy-autoconfig;base64,{pac}",
    ]
    if headless:
        switches += ["--headless", "--window-size=1280,800"]  # there is no screen to take a size from
    if needs_no_sandbox():
        if not browser.allow_no_sandbox:
            raise BrowserError(
                "the browser's sandbox cannot work for root",
                value="started as root",
                mend="Start the guard as an ordinary user, or set allow_no_sandbox = true under [browser].",
            )
        switches.append("--no-sandbox")
    if network is not None:
        switches.extend(_test_switches(network))
    return switches


async def city_script(browser: BrowserSettings) -> str | None:
    """Text of the city's own PAC file, where one is configured. Raises BrowserError if it cannot be had."""
    if browser.pac_url is None:
        return None
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            response = await client.get(browser.pac_url, timeout=PAC_WITHIN)
            script = response.raise_for_status().text
    except httpx.HTTPError as error:
        what = f"the proxy script (PAC) could not be read ({type(error).__name__})"
        raise BrowserError(what, value=browser.pac_url, mend="Correct pac_url under [browser].") from error
    if _ENTRY not in script:  # a login page or a hint, say, answered in its place
        what = f"what stands there is no proxy script (PAC): it has no {_ENTRY}"
        raise BrowserError(what, value=browser.pac_url, mend="Correct pac_url under [browser].")
    return script


def needs_no_sandbox() -> bool:
    """True for root (containers), where Chromium's sandbox cannot work."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _test_switches(network: TestNetwork) -> list[str]:
    rules = ",".join(f"MAP {host}:443 127.0.0.1:{port}" for host, port in network.hosts.items())
    keys = ",".join(network.trusted_spki)
    return [f"--host-resolver-rules={rules}", f"--ignore-certificate-errors-spki-list={keys}"]
