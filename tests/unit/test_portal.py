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


@pytest.mark.parametrize(
    ("path", "expected"), [("/apply", RequestClass.SUBMISSION), ("/callback", RequestClass.LOGIN), ("/login", None)]
)
@pytest.mark.parametrize("method", ["HEAD", "head"])
def test_a_request_for_the_head_of_an_answer_is_what_the_get_is(
    portal: Portal, method: str, path: str, expected: RequestClass | None
) -> None:
    """Most servers run the same code for both, and drop the body of the answer alone."""
    assert portal.classify(method, path) is expected


def test_what_is_called_both_harmless_and_a_submission_is_a_submission(portal: Portal) -> None:
    assert portal.classify("GET", "/apply") is RequestClass.SUBMISSION


ONE_ADDRESS = """
[requests]
login = [{ path = "/", query = { do = "login" } }, { method = "GET", path = "/", query = { do = "callback" } }]
logout = [{ method = "GET", path = "/", query = { do = "logout" } }]
harmless = [{ path = "/", query = { do = "search" } }, { method = "GET", path = "/", query = { do = "view" } }]
submission = [{ method = "GET", path = "/", query = { do = "submit" } }, { method = "GET", path = "/all" }]
[[fields]]
path = "/"
query = { do = "search", kind = "number" }
name = "payment_id"
kind = "payment_id"
"""


@pytest.fixture
def one_address(profile: Path) -> Portal:
    """A portal that does everything at one path."""
    profile.write_text(POINT + ONE_ADDRESS, "utf-8")
    return load_portal(profile)


@pytest.mark.parametrize(
    ("method", "query", "expected"),
    [
        ("GET", "", None),
        ("GET", "do=list", None),
        ("GET", "do=view", RequestClass.HARMLESS),
        ("GET", "lang=ja&do=submit", RequestClass.SUBMISSION),
        ("GET", "do=callback&code=1", RequestClass.LOGIN),
        ("GET", "do=logout", RequestClass.LOGOUT),
        ("POST", "do=login", RequestClass.LOGIN),
        ("POST", "do=search", RequestClass.HARMLESS),
        ("POST", "do=search&kind=number", RequestClass.SUBMISSION),  # which carries a declared field
        ("POST", "do=submit", RequestClass.SUBMISSION),
        ("POST", "do=logout", RequestClass.SUBMISSION),  # the rule is for GET
        ("POST", "", RequestClass.SUBMISSION),
    ],
)
def test_requests_to_one_path_are_told_apart_by_their_parameters(
    one_address: Portal, method: str, query: str, expected: RequestClass | None
) -> None:
    assert one_address.classify(method, "/", query) is expected
    assert one_address.names(method, "/", query) is (
        expected is not None and (method, expected) != ("POST", "submission")
    )


@pytest.mark.parametrize(
    ("method", "query", "expected"),
    [
        ("GET", "do=view&do=submit", RequestClass.SUBMISSION),
        ("GET", "do=submit&do=view", RequestClass.SUBMISSION),
        ("GET", "do=submit&do=logout", RequestClass.SUBMISSION),
        ("GET", "do=callback&do=submit", RequestClass.SUBMISSION),
        ("GET", "do=callback&do=view", RequestClass.LOGIN),
        ("GET", "do=view&do=logout", RequestClass.LOGOUT),
        ("GET", "do=logout&do=callback", RequestClass.LOGIN),
        ("GET", "do=view&do=list", None),
        ("POST", "do=search&do=submit", RequestClass.SUBMISSION),
        ("POST", "do=search&do=list", RequestClass.SUBMISSION),
        ("POST", "do=login&do=list", RequestClass.SUBMISSION),
        ("POST", "do=login&do=login", RequestClass.LOGIN),
    ],
)
def test_a_parameter_that_stands_there_twice_is_taken_for_what_guards_most(
    one_address: Portal, method: str, query: str, expected: RequestClass | None
) -> None:
    """Which of the two the portal takes is its secret."""
    assert one_address.classify(method, "/", query) is expected


def test_a_submission_that_may_log_somebody_in_is_not_known_to_log_nobody_in(one_address: Portal) -> None:
    """What is named so spares a question to the portal after each."""
    assert one_address.names("GET", "/", "do=submit")
    assert one_address.names("GET", "/all")
    assert not one_address.names("GET", "/", "do=submit&do=callback")
    assert not one_address.names("GET", "/", "do=submit&do=view")


def test_a_submission_by_parameter_is_none_of_a_login_for_the_whole_path(profile: Path) -> None:
    """Whoever names the parameter means it; a careless rule beside it must not let it pass as a login or a logout."""
    rules = 'login = [{ method = "GET", path = "/.*" }]\nsubmission = [{ method = "GET", path = "/", query.do = "x" }]'
    profile.write_text(f"{POINT}[requests]\n{rules}", "utf-8")
    portal = load_portal(profile)
    assert portal.classify("GET", "/", "do=x") is RequestClass.SUBMISSION
    assert portal.classify("GET", "/", "do=y") is RequestClass.LOGIN
    profile.write_text(f"{POINT}[requests]\n{rules.replace('login', 'logout')}", "utf-8")
    assert load_portal(profile).classify("GET", "/", "do=x") is RequestClass.SUBMISSION


def test_a_login_in_doubt_at_a_path_that_submits_is_a_submission(profile: Path) -> None:
    rules = (
        'login = [{ method = "GET", path = "/", query = { do = "in" } }]\nsubmission = [{ method = "GET", path = "/" }]'
    )
    profile.write_text(f"{POINT}[requests]\n{rules}", "utf-8")
    portal = load_portal(profile)
    assert portal.classify("GET", "/", "do=in") is RequestClass.LOGIN
    assert portal.classify("GET", "/", "do=in&do=out") is RequestClass.SUBMISSION


@pytest.mark.parametrize("value", ["1", "true", '["a"]', "{}"])
def test_a_parameter_that_is_no_text_is_told_by_its_key(profile: Path, value: str) -> None:
    text = complaint(profile, f'{POINT}[requests]\nharmless = [{{ path = "/", query = {{ do = {value} }} }}]')
    assert "point.toml: requests.harmless[0].query.do: " in text


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
