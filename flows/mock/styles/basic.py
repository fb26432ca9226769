"""HTTP Basic (RFC 7617): the browser asks for the password by a dialog of its own, and sends it with every request."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING

from flows.mock.styles.kept import KeptSite
from flows.mock.styles.style import Style, StylePage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from flows.people import Resident


class BasicSite(KeptSite):
    """Takes subject and PIN."""

    host = "basic.portal.test"

    def subject_of(self, request: Request) -> str | None:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            subject, _, pin = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        known = self.resident(subject)
        right = known is not None and hmac.compare_digest(known["pin"].encode(), pin.encode())
        return subject if right and scheme.lower() == "basic" else None

    def refusal(self) -> Mapping[str, str]:
        return {"WWW-Authenticate": 'Basic realm="residents", charset="UTF-8"'}


class PasswordPage(StylePage):
    """A person who is asked for a password by the browser itself."""

    def log_in(self, resident: Resident) -> None:
        """As the browser's dialog does: the password goes to the network once, and is kept there."""
        scheme, _, host = self.origin.partition("://")
        self.page.goto(f"{scheme}://{resident.subject}:{resident.pin}@{host}/my/")
        self.page.goto(f"{self.origin}/my/")  # without the password in the address, as after the dialog
        self.page.wait_for_selector("#apply")


BASIC = Style(name="basic", sites=(BasicSite,), people=PasswordPage)
