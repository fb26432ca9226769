"""The small applications as one context manager."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar, cast

import trustme

from flows.mock.requestlog import Noted, RequestLog
from flows.mock.serving import HostServer, issue
from flows.mock.store import Store
from flows.mock.styles.residents import ResidentCertificates
from flows.people import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.mock.requestlog import Arrival
    from flows.mock.styles.site import StyleSite
    from flows.mock.styles.style import Style

S = TypeVar("S", bound="StyleSite")


class StyleSites:
    """The sites of some styles, served over HTTPS on loopback while the block lasts."""

    def __init__(self, styles: Iterable[Style]) -> None:
        self._kinds = list(dict.fromkeys(kind for style in styles for kind in style.sites))
        self.hosts: dict[str, int] = {}
        """Loopback port by host."""
        self.spki: tuple[str, ...] = ()
        self._log = RequestLog()
        self._sites: dict[type[StyleSite], StyleSite] = {}
        self._servers: dict[str, HostServer] = {}

    def __enter__(self) -> Self:
        self._directory = Path(tempfile.mkdtemp(prefix="mock-styles-"))
        self._store = Store(self._directory / "styles.sqlite", EVERYBODY)
        authority = trustme.CA(organization_name="mock portals")
        self.ca_file = self._directory / "ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        self.residents = ResidentCertificates(self._directory)
        try:
            for kind in self._kinds:
                self._serve(kind, authority)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.stop()
        self._store.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def site(self, kind: type[S]) -> S:
        """One of the sites, for its books."""
        return cast("S", self._sites[kind])

    def resumed(self, kind: type[StyleSite]) -> list[bool]:
        """Per connection to a site, whether the browser went on with a TLS session of before."""
        return self._servers[kind.host].resumed

    @property
    def requests(self) -> tuple[Arrival, ...]:
        """Every request that arrived, in order."""
        return self._log.all()

    @property
    def browser_switches(self) -> tuple[str, ...]:
        """Switches by which an unguarded Chromium finds the hosts and trusts them."""
        rules = ",".join(f"MAP {host}:443 127.0.0.1:{port}" for host, port in self.hosts.items())
        return (f"--host-resolver-rules={rules}", f"--ignore-certificate-errors-spki-list={','.join(self.spki)}")

    def reset(self) -> None:
        """Forget sessions, books and requests."""
        self._store.reset()
        self._log.clear()

    def _serve(self, kind: type[StyleSite], authority: trustme.CA) -> None:
        site = self._sites[kind] = kind(self._store)
        certificate = issue(authority, site.host, self._directory)
        app = Noted(site.app(), host=site.host, cookie=site.cookie, log=self._log)
        residents = self.residents.file if site.asks_for_certificates else None
        server = self._servers[site.host] = HostServer(app, certificate, residents=residents)
        server.start()
        self.hosts[site.host] = server.port
        self.spki += (certificate.spki,)
