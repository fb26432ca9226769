"""Real HTTPS servers on loopback, one per host, each in a background thread."""

from __future__ import annotations

import hashlib
import socket
import ssl
import struct
import threading
import time
from base64 import b64encode
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    import trustme
    from starlette.types import ASGIApp, Receive, Scope, Send

_START_WITHIN = 10.0
_STOP_WITHIN = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A leaf certificate of one host, as files, and the pin by which a browser trusts it."""

    key_file: Path
    chain_file: Path
    spki: str
    """Base64 of the SHA-256 of the public key, as `--ignore-certificate-errors-spki-list` wants it."""


def issue(authority: trustme.CA, host: str, directory: Path) -> Certificate:
    """A new certificate for the host."""
    leaf = authority.issue_cert(host)
    certificate = Certificate(
        key_file=directory / f"{host}.key.pem",
        chain_file=directory / f"{host}.chain.pem",
        spki=_pin(leaf.cert_chain_pems[0].bytes()),
    )
    leaf.private_key_pem.write_to_path(certificate.key_file)
    for number, pem in enumerate(leaf.cert_chain_pems):
        pem.write_to_path(certificate.chain_file, append=number > 0)
    return certificate


def _pin(pem: bytes) -> str:
    public_key = x509.load_pem_x509_certificate(pem).public_key()
    return b64encode(
        hashlib.sha256(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()


class HostServer:
    """One host behind TLS; it keeps its port over a stop and a start."""

    def __init__(self, app: ASGIApp, certificate: Certificate, *, residents: Path | None = None) -> None:
        """`residents` is the authority of client certificates, which are asked for, but not demanded."""
        self._app = app
        self._certificate = certificate
        self._residents = residents
        self.resumed: list[bool] = []
        """Per connection, whether the browser went on with a TLS session of before."""
        self.port = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve; returns when connections are accepted."""
        # With the protocol named, asyncio switches Nagle's algorithm off; without, every answer waits 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=server.run, args=([listener],), name=f"mock:{self.port}", daemon=True)
        self._server = server
        self._thread.start()
        deadline = time.monotonic() + _START_WITHIN
        while not server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                msg = f"mock server on port {self.port} did not start within {_START_WITHIN} s"
                raise RuntimeError(msg)
            time.sleep(0.005)

    def stop(self) -> None:
        """Refuse new connections and break the open ones."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_WITHIN)
        self._server = self._thread = None

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._app,
            ssl_keyfile=self._certificate.key_file,
            ssl_certfile=self._certificate.chain_file,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            http=type("Connection", (_Connection,), {"resumed": self.resumed}),
            ssl_cert_reqs=ssl.CERT_OPTIONAL if self._residents else ssl.CERT_NONE,
            ssl_ca_certs=str(self._residents) if self._residents else None,
            # A hanging answer must not keep a host up that is being taken down.
            timeout_graceful_shutdown=1,
        )


class _Connection(H11Protocol):
    """Tells the application what TLS knows of the client (https://asgi.readthedocs.io/en/latest/specs/tls.html)."""

    resumed: ClassVar[list[bool]]
    """Of the host."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own type
        super().connection_made(transport)
        self.resumed.append(transport.get_extra_info("ssl_object").session_reused)
        app, tls = self.app, {"client_cert_name": _common_name(transport.get_extra_info("peercert"))}

        async def with_tls(scope: Scope, receive: Receive, send: Send) -> None:
            known = {**scope.get("extensions", {}), "tls": tls, "reset": partial(_reset, transport)}
            await app({**scope, "extensions": known}, receive, send)

        self.app = with_tls


def _reset(transport: asyncio.Transport) -> None:
    """End a connection with a TCP RST: what closes without lingering says no goodbye."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _common_name(certificate: dict[str, Any] | None) -> str | None:
    names = dict(pair for part in (certificate or {}).get("subject", ()) for pair in part)
    return names.get("commonName")
