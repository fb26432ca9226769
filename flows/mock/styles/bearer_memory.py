"""A single-page application that keeps its token nowhere but in a variable."""

from __future__ import annotations

from flows.mock.styles.spa import BearerSite
from flows.mock.styles.style import Style


class BearerMemorySite(BearerSite):
    """Whoever loads the page again is a guest, and the old token lives on until somebody ends it."""

    host = "bearer-memory.portal.test"
    storage = "memory"


BEARER_MEMORY = Style(name="bearer-memory", sites=(BearerMemorySite,))
