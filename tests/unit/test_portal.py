"""Tests of `guard.portal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.core.submission import RequestClass
from guard.core.terms import Assurance, Terms
from guard.errors import ConfigError
from guard.portal import Portal, load_portal
from tests.unit.profiles import POINT

if TYPE_CHECKING:
    from pathlib import Path

REQUESTS = """
[requests]
login = [{ method = "GET", path = "/callback" }, { path = "/login" }]
logout = [{ method = "GET", path = "/bye" }, { path = "/logout" }]
harmless = [{ path = "/analytics/.*" }, { method = "GET", path = "/apply" }]
submission = [{ method = "GET", path = "/apply" }]
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "point.toml"


@pytest.fixture
def portal(profile: Path) -> Portal:
    profile.write_text(POINT + REQUESTS, "utf-8")
    return load_portal(str(profile))


def complaint(profile: Path, text: str) -> str:
    profile.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_portal(profile)
    return str(caught.value)


def test_a_profile_is_read_with_careful_defaults(portal: Portal) -> None:
    assert portal.origin == "https://point.portal.test"
    assert portal.start_url == "https://point.portal.test/"
    assert portal.terms == Terms(assurance=Assurance.IDENTITY, max_age=5.0, deadline=8.0)
    assert portal.logout.kills_session
    assert portal.on_start_page


def test_staff_may_begin_at_another_of_the_portals_hosts(profile: Path) -> None:
    """Where the first origin is an API, it shows people nothing."""
    two = POINT.replace('["https://point.portal.test"]', '["https://point.portal.test", "https://app.portal.test"]')
    profile.write_text(f'start = "https://app.portal.test/top"\n{two}', "utf-8")
    assert load_portal(profile).start_url == "https://app.portal.test/top"
    for elsewhere in ("https://app.portal.test.example/", "https://other.test/", "top"):
        assert "start" in complaint(profile, f'start = "{elsewhere}"\n{two}')


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post", "REPORT", "QUERY"])
def test_a_request_that_no_rule_names_and_that_can_write_is_a_submission(portal: Portal, method: str) -> None:
    assert portal.classify(method, "/anything") is RequestClass.SUBMISSION


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "get"])
def test_a_reading_request_that_no_rule_names_has_no_class(portal: Portal, method: str) -> None:
    assert portal.classify(method, "/anything") is None


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/login", RequestClass.LOGIN),
        ("GET", "/callback", RequestClass.LOGIN),
        ("GET", "/login", None),
        ("POST", "/logout", RequestClass.LOGOUT),
        ("GET", "/bye", RequestClass.LOGOUT),
        ("POST", "/analytics/view", RequestClass.HARMLESS),
        ("POST", "/analytics/../apply", RequestClass.HARMLESS),
    ],
)
def test_a_request_is_classed_by_method_and_whole_path(
    portal: Portal, method: str, path: str, expected: RequestClass | None
) -> None:
    """The path is the browser's own, which has no `..` left; a rule sees it as it is."""
    assert portal.classify(method, path) is expected


@pytest.mark.parametrize("path", ["/login/", "/xlogin", "/login\n", "/a/login", "/LOGIN"])
def test_a_rule_covers_nothing_beyond_its_path(portal: Portal, path: str) -> None:
    assert portal.classify("POST", path) is RequestClass.SUBMISSION


def test_what_is_called_both_harmless_and_a_submission_is_a_submission(portal: Portal) -> None:
    assert portal.classify("GET", "/apply") is RequestClass.SUBMISSION


@pytest.mark.parametrize(
    "origin",
    ["https://point.portal.test/", "point.portal.test", "ftp://point.portal.test", "https://", "https://a.test/x?y#z"],
)
def test_an_origin_is_scheme_and_host_alone(profile: Path, origin: str) -> None:
    text = complaint(profile, POINT.replace("https://point.portal.test", origin))

    assert f"point.toml: origins[0]: '{origin}' is not an origin; write scheme and host alone" in text


def test_a_rule_that_is_no_pattern_is_refused_with_its_place(profile: Path) -> None:
    text = complaint(profile, POINT + '[requests]\nharmless = [{ path = "/(" }]')

    assert "point.toml: requests.harmless[0].path: '/(' is not a regular expression" in text
    assert "Correct it: Regular expression over the whole path, without query." in text


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('name = "Point"', "name"),
        ('assurance = "trust"', "assurance"),
        ('assurance = "provenance"', "the whole file"),
        ("deadline = 0", "deadline"),
        ("max_age = -1", "max_age"),
        ('start = "apply"', "start"),
        ("session = { cookies = [] }", "session"),
        ('session = { token = { storage = "local" } }', "session.token"),
        ('session = { token = { storage = "indexed_db", key = "auth" } }', "session.token"),
        ("session = { browser_keeps = true, rotates = true }", "session"),
        ("session = { browser_keeps = true }", "the whole file"),
        ('holder = { path = "/", reading = "json", name = "name" }', "holder"),
        ('holder = { path = "/", reading = "html", guest = ".guest" }', "holder"),
        ('holder = { path = "/", reading = "html", guest = ".guest", nameless = ".user" }', "the whole file"),
        ('holder = { path = "/", reading = "claims", guest_status = 401, name = "name" }', "the whole file"),
        (
            'holder = { path = "/", reading = "json", guest = "g", name = { select = "n", pattern = "様" } }',
            "holder.name.pattern",
        ),
        ('holder = { path = "/", reading = "json", guest = "a[", name = "n" }', "holder"),
        ('holder = { path = "/", reading = "html", guest = "a", name = "a[[" }', "holder"),
        ('logout = { steps = [{ path = "/", anti_forgery = { cookie = "c" } }] }', "logout.steps[0].anti_forgery"),
        ('logout = { steps = [{ path = "/logout", method = "TRACE" }] }', "logout.steps[0].method"),
        ('alarms = [{ text = "済", meaning = { ja = "a", en = "b" } }]', "alarms[0].text"),
        ("gate = false", "gate"),
    ],
)
def test_a_wrong_value_is_told_by_its_key(profile: Path, line: str, key: str) -> None:
    name = line.partition(" =")[0]
    kept = "\n".join(found for found in POINT.splitlines() if found.partition(" =")[0] != name)

    assert f"point.toml: {key}: " in complaint(profile, f"{kept}\n{line}")
