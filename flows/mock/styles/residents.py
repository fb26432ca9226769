"""Certificates of residents, as they stand on their cards, and a browser's store that holds them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flows.people import Resident

TOOLS = ("certutil", "pk12util")
"""Of Debian's libnss3-tools."""
_WITHIN = 30.0  # seconds for one of them


class ResidentCertificates:
    """The authority that signs them."""

    def __init__(self, directory: Path) -> None:
        self._authority = trustme.CA(organization_name="mock residents")
        self.file = directory / "residents.pem"
        """For servers that ask for such a certificate."""
        self._authority.cert_pem.write_to_path(self.file)

    def lay_down(self, residents: Sequence[Resident], home: Path) -> None:
        """Put their certificates, in this order, where a browser under this HOME looks for them (Linux)."""
        database = home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        where = ("-d", f"sql:{database}")
        _run("certutil", *where, "-N", "--empty-password")
        for resident in residents:
            package = home / f"{resident.subject}.p12"
            package.write_bytes(self._package(resident))
            _run("pk12util", *where, "-i", str(package), "-W", resident.pin)
            package.unlink()

    def _package(self, resident: Resident) -> bytes:
        leaf = self._authority.issue_cert(f"{resident.subject}@residents.test", common_name=resident.subject)
        key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
        certificate = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
        locked = BestAvailableEncryption(resident.pin.encode())
        return pkcs12.serialize_key_and_certificates(resident.subject.encode(), key, certificate, None, locked)  # type: ignore[arg-type]


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=_WITHIN)  # noqa: S603  # words of this file
