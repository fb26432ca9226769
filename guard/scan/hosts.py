"""Which portal a host, an origin or a cookie belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guard.grammar import Storage, Token
    from guard.portal import Portal


class Hosts:
    """The hosts of the configured portals."""

    def __init__(self, portals: Iterable[Portal]) -> None:
        self.portals = tuple(portals)
        self._of = {origin_host(origin): portal for portal in self.portals for origin in portal.origins}
        for portal in self.portals:
            if portal.session.token and portal.session.token.origin:  # a host that may be no portal's own
                self._of.setdefault(origin_host(portal.session.token.origin), portal)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._of)

    def portal_at(self, address: object) -> Portal | None:
        """The portal that a URL or an origin belongs to, whatever the port: cookies know none either."""
        return self._of.get(origin_host(address)) if isinstance(address, str) else None

    def sent_to(self, domain: str) -> tuple[Portal, ...]:
        """The portals that a cookie of this domain is sent to."""
        return tuple({portal.name: portal for host, portal in self._of.items() if covers(domain, host)}.values())

    def token_of(self, storage: Storage, host: str, key: str) -> tuple[Portal, Token] | None:
        """The portal that keeps its bearer token under this key, and how."""
        for portal in self.portals:
            token = portal.session.token
            if token is None or (token.storage, token.key) != (storage, key):
                continue
            if origin_host(token.origin or portal.origin) == host:
                return portal, token
        return None


def covers(domain: str, host: str) -> bool:
    """Whether a cookie of this domain is sent to this host; a leading dot takes in the hosts below."""
    return host == domain or (domain.startswith(".") and f".{host}".endswith(domain))


def origin_host(address: str) -> str:
    """The host of a URL or origin; empty if there is none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
