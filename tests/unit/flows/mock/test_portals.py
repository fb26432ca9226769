"""The portals are real HTTPS servers whose answers can be counted."""

from __future__ import annotations

import hashlib
import os
import signal
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from flows.mock import HOSTS, IDP, MYPAGE, POINT, MockPortals
from flows.people import SATO_HANAKO

if TYPE_CHECKING:
    from flows.mock.visitor import Visitor

ROOT = Path(__file__).parents[4]


def test_every_host_has_a_port_of_its_own_on_loopback(portals: MockPortals) -> None:
    assert set(portals.hosts) == set(HOSTS)
    assert len(set(portals.hosts.values())) == len(portals.spki) == 3


def test_the_certificates_are_trusted_by_their_own_authority_alone(portals: MockPortals) -> None:
    """Without the authority's file the connection is refused by the client."""
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://127.0.0.1:{portals.hosts[POINT]}/", verify=ssl.create_default_context())


def test_whoami_is_never_stored_and_names_the_holder(visitor: Visitor) -> None:
    visitor.log_in(POINT, SATO_HANAKO)
    answer = visitor.get(POINT, "/whoami")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {
        "authenticated": True,
        "name": SATO_HANAKO.name,
        "birthDate": "1974-06-18",
        "subject": SATO_HANAKO.subject,
    }


def test_the_session_cookie_is_out_of_reach_of_scripts(visitor: Visitor) -> None:
    answer = visitor.log_in(POINT, SATO_HANAKO)
    cookies = [value for step in answer.history for value in step.headers.get_list("set-cookie")]
    assert cookies
    assert all("HttpOnly" in cookie and "Secure" in cookie and "SameSite=lax" in cookie for cookie in cookies)


@pytest.mark.parametrize("host", HOSTS)
def test_every_page_carries_a_strict_content_security_policy(visitor: Visitor, host: str) -> None:
    policy = visitor.get(host).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_my_page_portal_demands_trusted_types(visitor: Visitor) -> None:
    """The strictest policy that a ribbon will meet."""
    assert "require-trusted-types-for 'script'" in visitor.get(MYPAGE).headers["Content-Security-Policy"]


def test_what_arrives_is_noted_with_session_and_body(visitor: Visitor, portals: MockPortals) -> None:
    """Enough to prove that a body came once, byte for byte, under which session."""
    visitor.log_in(POINT, SATO_HANAKO)
    body = os.urandom(300_000)
    visitor.http.post(f"https://{POINT}/analytics", content=body)
    (arrival,) = portals.arrived("POST", POINT, "/analytics")
    assert arrival.session == visitor.cookie("point_sid")
    assert (arrival.body_length, arrival.body_sha256) == (len(body), hashlib.sha256(body).hexdigest())


def test_requests_are_noted_in_their_order_over_all_hosts(visitor: Visitor, portals: MockPortals) -> None:
    visitor.log_in(POINT, SATO_HANAKO)
    assert [(arrival.host, arrival.path) for arrival in portals.requests] == [
        (POINT, "/login"),
        (IDP, "/authorize"),
        (IDP, "/authenticate"),
        (POINT, "/callback"),
        (POINT, "/"),
    ]


def test_a_reset_logs_everybody_out(visitor: Visitor, portals: MockPortals) -> None:
    visitor.log_in(POINT, SATO_HANAKO)
    portals.reset()
    assert portals.requests == ()
    assert visitor.whoami(POINT) == {"authenticated": False}


def test_nothing_of_the_portals_stays_on_disk() -> None:
    with MockPortals() as portals:
        directory = portals.ca_file.parent
        assert (directory / "portals.sqlite").is_file()
    assert not directory.exists()


def test_the_portals_can_be_served_by_themselves_until_interrupted() -> None:
    """`python -m flows.mock` says where they are and ends cleanly on Ctrl+C."""
    with subprocess.Popen(
        [sys.executable, "-m", "flows.mock"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        said = list(iter(process.stdout.readline, "Ctrl+C ends.\n"))
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    text = "".join(said)
    assert all(f"https://{host}" in text for host in HOSTS)
    assert "--host-resolver-rules" in text
    assert SATO_HANAKO.card_id in text
