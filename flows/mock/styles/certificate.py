"""A client certificate (mutual TLS): chosen once in a dialog of the browser, and presented ever after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.mock.styles.kept import KeptSite
from flows.mock.styles.style import Style, StylePage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from flows.people import Resident


class CertificateSite(KeptSite):
    """Knows residents by the certificate under which they connect."""

    host = "certificate.portal.test"
    asks_for_certificates = True

    def subject_of(self, request: Request) -> str | None:
        name = request.scope["extensions"]["tls"]["client_cert_name"]
        return name if self.resident(name) is not None else None

    def refusal(self) -> Mapping[str, str]:
        return {"Connection": "close"}  # whoever chooses a certificate now needs a new handshake


class CertificatePage(StylePage):
    """A person whose browser presents a certificate."""

    def log_in(self, resident: Resident) -> None:
        """Whom it presents was chosen before, in a dialog that is no page."""
        del resident
        self.page.goto(f"{self.origin}/my/")
        self.page.wait_for_selector("#apply")


CERTIFICATE = Style(name="certificate", sites=(CertificateSite,), people=CertificatePage)
