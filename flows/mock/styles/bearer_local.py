"""A single-page application with an opaque token in localStorage, deep inside a JSON value."""

from __future__ import annotations

from flows.mock.styles.spa import BearerSite
from flows.mock.styles.style import Style


class BearerLocalSite(BearerSite):
    """Every tab of its origin shares the token."""

    host = "bearer-local.portal.test"
    storage = "local"


BEARER_LOCAL = Style(name="bearer-local", sites=(BearerLocalSite,))
