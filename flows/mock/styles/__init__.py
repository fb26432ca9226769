"""Small web applications, one for each way in which real ones keep a session and name their holder.

Each is a real HTTPS server with a real session store; its profile lies in `config/portals/styles/`.
"""

from __future__ import annotations

from flows.mock.styles.attribute import ATTRIBUTE
from flows.mock.styles.basic import BASIC
from flows.mock.styles.bearer_indexeddb import BEARER_INDEXEDDB
from flows.mock.styles.bearer_local import BEARER_LOCAL
from flows.mock.styles.bearer_memory import BEARER_MEMORY
from flows.mock.styles.bearer_session import BEARER_SESSION
from flows.mock.styles.claims import CLAIMS
from flows.mock.styles.digest import DIGEST
from flows.mock.styles.endless import ENDLESS
from flows.mock.styles.family import FAMILY
from flows.mock.styles.nameless import NAMELESS
from flows.mock.styles.one_address import ONE_ADDRESS
from flows.mock.styles.passive import PASSIVE
from flows.mock.styles.remembering import REMEMBERING
from flows.mock.styles.rotating import ROTATING
from flows.mock.styles.signed import SIGNED
from flows.mock.styles.sites import StyleSites
from flows.mock.styles.spa_csrf import SPA_CSRF
from flows.mock.styles.style import Style

STYLES: tuple[Style, ...] = (
    ATTRIBUTE,
    BASIC,
    DIGEST,
    ENDLESS,
    FAMILY,
    NAMELESS,
    ONE_ADDRESS,
    PASSIVE,
    REMEMBERING,
    ROTATING,
    SIGNED,
    BEARER_LOCAL,
    BEARER_SESSION,
    BEARER_INDEXEDDB,
    BEARER_MEMORY,
    CLAIMS,
    SPA_CSRF,
)
"""Every style; the tests of the contract run over all of them."""

__all__ = ["STYLES", "Style", "StyleSites"]
