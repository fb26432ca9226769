"""The mock portals as one context manager."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import trustme

from flows.mock.books import BackOffice, Books
from flows.mock.faults import Faults, Spoilt
from flows.mock.hosts import HOSTS
from flows.mock.my_page import MyPage
from flows.mock.point_site import PointSite
from flows.mock.provider import IdentityProvider
from flows.mock.requestlog import Noted, RequestLog
from flows.mock.serving import HostServer, issue
from flows.mock.store import Store
from flows.people import EVERYBODY, KORIYAMA_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flows.mock.requestlog import Arrival
    from flows.people import Resident


class MockPortals:
    """Two portals and their identity provider, served over HTTPS on loopback while the block lasts.

    `with MockPortals() as portals:` gives hosts with ports, certificates, books, faults and the log of requests.
    """

    def __init__(self, citizens: Sequence[Resident] = EVERYBODY, *, today: date = KORIYAMA_DAY) -> None:
        self.citizens = tuple(citizens)
        self._first_day = self.today = today
        """The day that the portals take for today; may be set while they run."""
        self.hosts: dict[str, int] = {}
        """Loopback port by host."""
        self.faults = Faults(HOSTS, take_down=self._take_down, bring_up=self._bring_up)
        self._log = RequestLog()
        self._servers: dict[str, HostServer] = {}

    def __enter__(self) -> Self:
        self._directory = Path(tempfile.mkdtemp(prefix="mock-portals-"))
        self._store = Store(self._directory / "portals.sqlite", self.citizens)
        self.books = Books(self._store)
        self.back_office = BackOffice(self._store)
        authority = trustme.CA(organization_name="mock portals")
        self.ca_file = self._directory / "ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        self.spki: tuple[str, ...] = ()
        try:
            self._serve_all(authority)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.faults.release()
        for server in self._servers.values():
            server.stop()
        self._servers.clear()
        self._store.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    @property
    def requests(self) -> tuple[Arrival, ...]:
        """Every request that arrived, in order."""
        return self._log.all()

    def arrived(self, method: str, host: str, path: str) -> tuple[Arrival, ...]:
        """The requests that arrived at one address."""
        return tuple(a for a in self.requests if (a.method, a.host, a.path) == (method, host, path))

    @property
    def browser_switches(self) -> tuple[str, ...]:
        """Switches by which a Chromium finds the hosts and trusts them; no other certificate error is forgiven."""
        rules = ",".join(f"MAP {host}:443 127.0.0.1:{port}" for host, port in self.hosts.items())
        return (f"--host-resolver-rules={rules}", f"--ignore-certificate-errors-spki-list={','.join(self.spki)}")

    def reset(self) -> None:
        """Forget sessions, books, requests and faults and return to the first day, as if newly started."""
        self.faults.mend()
        self.today = self._first_day
        self._store.reset()
        self._log.clear()

    def _serve_all(self, authority: trustme.CA) -> None:
        for kind in (PointSite, MyPage, IdentityProvider):
            site = kind(self._store, self.faults, lambda: self.today)
            certificate = issue(authority, site.host, self._directory)
            spoilt = Spoilt(site.app(), partial(self.faults.of, site.host))
            app = Noted(spoilt, host=site.host, cookie=site.cookie, log=self._log)
            server = self._servers[site.host] = HostServer(app, certificate)
            server.start()
            self.hosts[site.host] = server.port
            self.spki += (certificate.spki,)

    def _take_down(self, host: str) -> None:
        self._servers[host].stop()

    def _bring_up(self, host: str) -> None:
        self._servers[host].start()
