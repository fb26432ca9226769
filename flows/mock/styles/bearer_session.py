"""A single-page application with an opaque token in sessionStorage."""

from __future__ import annotations

from flows.mock.styles.spa import BearerSite
from flows.mock.styles.style import Style


class BearerSessionSite(BearerSite):
    """Every tab has a login of its own."""

    host = "bearer-session.portal.test"
    storage = "session"


BEARER_SESSION = Style(name="bearer-session", sites=(BearerSessionSite,))
