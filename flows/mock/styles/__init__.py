"""Small web applications, one for each way in which real ones keep a session and name their holder.

Each is a real HTTPS server with a real session store; its profile lies in `config/portals/styles/`.
"""

from __future__ import annotations

from flows.mock.styles.attribute import ATTRIBUTE
from flows.mock.styles.sites import StyleSites
from flows.mock.styles.style import Style

STYLES: tuple[Style, ...] = (ATTRIBUTE,)
"""Every style; the tests of the contract run over all of them."""

__all__ = ["STYLES", "Style", "StyleSites"]
