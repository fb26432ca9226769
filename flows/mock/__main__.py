"""`python -m flows.mock`: serve the mock portals until Ctrl+C."""

from __future__ import annotations

import shlex
import signal
import threading

from flows.mock.portals import MockPortals


def main() -> None:
    """Print where the portals are and how a browser reaches them, then serve."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with MockPortals() as portals:
        _introduce(portals)
        stop.wait()


def _introduce(portals: MockPortals) -> None:
    for host, port in portals.hosts.items():
        print(f"https://{host}  ->  127.0.0.1:{port}")
    print(f"\nCA certificate: {portals.ca_file}")
    print(f"Portal's today: {portals.today}")
    print("\nCards and PINs:")
    for citizen in portals.citizens:
        print(f"  {citizen.card_id}  {citizen.pin}  {citizen.name}  ({citizen.birth_date})")
    print("\nBrowser (needs a --user-data-dir of its own):")
    print("  chromium --user-data-dir=/tmp/mock-portals-profile", shlex.join(portals.browser_switches))
    print("\nCtrl+C ends.", flush=True)


if __name__ == "__main__":
    main()
