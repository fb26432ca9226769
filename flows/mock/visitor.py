"""A visitor without a browser: logs in, fills forms and keeps cookies over plain HTTPS."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import httpx

from flows.mock.hosts import IDP

if TYPE_CHECKING:
    from flows.mock.portals import MockPortals
    from flows.people import Resident

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class _Loopback(httpx.BaseTransport):
    """Send requests for the mock hosts to their loopback ports, with their own names in TLS."""

    def __init__(self, portals: MockPortals) -> None:
        self._ports = portals.hosts
        self._inner = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=portals.ca_file))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        return self._inner.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host="127.0.0.1", port=self._ports[host]),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions | {"sni_hostname": host},
            )
        )

    def close(self) -> None:
        self._inner.close()


class Visitor:
    """One cookie jar at the mock portals; `http` is the client itself."""

    def __init__(self, portals: MockPortals, *, timeout: float = 5.0) -> None:
        self._road = _Loopback(portals)
        self.http = httpx.Client(transport=self._road, follow_redirects=True, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, host: str, path: str = "/") -> httpx.Response:
        return self.http.get(f"https://{host}{path}")

    def submit(self, host: str, form: str, path: str, **fields: str) -> httpx.Response:
        """Post the fields together with the token of the page at `form`."""
        return self._post(host, path, self.get(host, form), fields)

    def log_in(self, host: str, resident: Resident) -> httpx.Response:
        """Log in by card, whoever the provider still knows."""
        asked = self.get(host, "/login")
        if "/authenticate" not in asked.text:
            asked = self.http.get(str(asked.url.copy_merge_params({"prompt": "login"})))
        return self._post(IDP, "/authenticate", asked, {"card_id": resident.card_id, "pin": resident.pin})

    def log_in_with_one_click(self, host: str) -> httpx.Response:
        """Log in as whoever the provider still knows."""
        return self._post(IDP, "/continue", self.get(host, "/login"), {})

    def log_out(self, host: str) -> httpx.Response:
        return self.submit(host, "/logout", "/logout")

    def whoami(self, host: str) -> dict[str, Any]:
        """The portal's own answer."""
        answer: dict[str, Any] = self.get(host, "/whoami").raise_for_status().json()
        return answer

    def name_at(self, host: str) -> str | None:
        """Whom the portal takes this visitor for."""
        name: str | None = self.whoami(host).get("name")
        return name

    def cookie(self, name: str) -> str | None:
        """Value of a session cookie."""
        return self.http.cookies.get(name)

    def replay(self, host: str, cookie: str, value: str) -> dict[str, Any]:
        """The answer about the holder under a session id kept from before; this visitor's own cookies stay out."""
        request = httpx.Request("GET", f"https://{host}/whoami", headers={"Cookie": f"{cookie}={value}"})
        # Past the client: a Set-Cookie in the answer would change the jar of this visitor.
        response = self._road.handle_request(request)
        response.read()
        answer: dict[str, Any] = response.json()
        return answer

    def _post(self, host: str, path: str, page: httpx.Response, fields: dict[str, str]) -> httpx.Response:
        token = _TOKEN.search(page.text)
        body = urlencode({"csrf": token.group(1) if token else "", **fields})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.http.post(f"https://{host}{path}", content=body, headers=headers)
