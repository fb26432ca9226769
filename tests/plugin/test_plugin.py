"""pytest at a guarded counter: existing tests run unchanged, and what the guard stops fails the test that sent it."""

from __future__ import annotations

import json
import os
import re
import shutil
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import playwright
import pytest

from tests.browser.screen import virtual_screen

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
INSTALLED = bool(entry_points(group="pytest11", name="guard"))

pytestmark = pytest.mark.browser

WAITED = {"test_a_link_leads_there", "test_a_window_opens_there", "test_a_fixture_fails_there"}
"""Tests of the sample that wait in vain at a site that nobody guards."""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """Runs a file of the sample in a process of its own, with these options."""
    monkeypatch.setenv("PYTHONPATH", str(HERE.parents[1]), prepend=os.pathsep)
    shutil.copy(HERE / "sample" / "conftest.py", pytester.path)

    def start(file: str, *options: str) -> pytest.RunResult:
        if not (pytester.path / file).exists():
            shutil.copy(HERE / "sample" / file, pytester.path)
        loaded = () if INSTALLED else ("-p", "guard.pytest_plugin")
        return pytester.runpytest_subprocess(*loaded, "-v", file, *options, timeout=240)

    return start


def _outcomes(result: pytest.RunResult) -> dict[str, str]:
    """Test → outcome, from pytest's own lines; a worker of xdist writes the outcome first."""
    found = (re.search(r"(?:(\w+) )?\S+::(\S+)(?: (\w+))? ", f"{line} ") for line in result.outlines if "%]" in line)
    return {one[2]: one[1] or one[3] for one in found if one}


def test_plain_tests_end_the_same_with_and_without_the_guard(run: Callable[..., pytest.RunResult]) -> None:
    """Contexts, pages, dialogs, popups, routes, viewports; the one that fails fails for its own reason alone."""
    plain = _outcomes(run("test_plain.py"))
    guarded = _outcomes(run("test_plain.py", "--guard", "mock"))
    assert len(plain) == 8
    assert guarded == plain
    assert {name for name, outcome in plain.items() if outcome != "PASSED"} == {"test_a_failure_is_a_failure[chromium]"}


def test_what_the_guard_stops_fails_the_test_with_verdict_checks_and_place(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """Here by two workers of pytest-xdist, each with a counter and portals of its own, and one report of both."""
    kept = ("--guard-report", "report", "--junitxml", "junit.xml")
    result = run("test_guarded.py", "--guard", "mock", *kept, "-n", "2")
    assert all(f"[gw{number}]" in result.stdout.str() for number in range(2))
    outcomes = _outcomes(result)
    passed = {name.partition("[")[0] for name, outcome in outcomes.items() if outcome == "PASSED"}
    assert passed == {"test_a_stop_may_be_expected", "test_one_citizen_after_another"}
    assert len(outcomes) == 9
    result.stdout.fnmatch_lines(
        [
            "*the guard stopped POST /apply/service at point: nobody_logged_in*",
            "*at test_guarded.py:*",
            "*checks: visit passed, provenance passed, card passed, identity nobody_logged_in*",
        ]
    )
    text = result.stdout.str()
    assert "the guard should have stopped a submission (someone_else), and stopped the guard stopped POST" in text
    for call in ("request.post(https://point.portal.test)", "request.get(https://point", "route.fetch(https://point"):
        assert f"{call}" in text
        assert "would leave outside the browser" in text
    _has_all_in_its_report(pytester.path)


def _has_all_in_its_report(folder: Path) -> None:
    """Each visit with its submissions, in the page and in JUnit's file; a picture of each page that was stopped."""
    page = (folder / "report" / "index.html").read_text()
    assert page.count("■ nobody_logged_in") == 4
    assert page.count("■ nobody_logged_in (expected)") == 1
    assert "Near misses" not in page, "nobody at all was logged in where these stopped"
    assert "0 of these near misses" in page
    assert page.count("clearance: clean") == 10, "one citizen after another makes two"
    assert "identity: nobody_logged_in" in page
    assert len(list((folder / "report").glob("*a-stop-*.png"))) == 4
    junit = (folder / "junit.xml").read_text()
    assert junit.count("POST /apply/service at point: stopped, nobody_logged_in (test_guarded.py:") == 4
    assert junit.count('name="guard_clearance" value="clean"') == 10


def test_the_report_names_what_would_have_gone_out_under_somebody_elses_login(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """Expected or not, and once: the other citizen's own application, minutes later, is none."""
    result = run("test_near_miss.py", "--guard", "mock", "--guard-report", "report")
    assert set(_outcomes(result).values()) == {"PASSED"}
    page = (pytester.path / "report" / "index.html").read_text()
    assert "1 stopped, 1 of these near misses." in page
    (section,) = re.findall(r"<h2>Near misses: .*?</section>", page, re.DOTALL)
    (row,) = re.findall(r"<tr>.*?</tr>", section)
    assert row.startswith("<tr><td>someone_else<td>POST /apply/service at point<td>test_near_miss.py:")
    assert row.endswith("test_near_miss.py::test_a_near_miss[chromium]</tr>")
    released = page.count("▲ released")
    assert f"{released} requests released" in page
    assert released > 1, "both logins, and all that the other citizen sent"


@pytest.mark.all_day
@pytest.mark.display
def test_headed_shows_the_guarded_browser_to_people(run: Callable[..., pytest.RunResult]) -> None:
    """The sample looks for its page among the windows of the screen; without `--headed` there is none."""
    with virtual_screen():
        shown = run("test_headed.py", "--guard", "mock", "--headed")
        hidden = run("test_headed.py", "--guard", "mock")
    assert set(_outcomes(shown).values()) == {"PASSED"}
    assert set(_outcomes(hidden).values()) == {"FAILED"}
    assert "it did not come true in time" in hidden.stdout.str()


def test_a_site_that_no_profile_guards_is_named_where_the_test_goes_there(run: Callable[..., pytest.RunResult]) -> None:
    """At once by `goto`; beside the failure where a link or a script led there; never for what is no site."""
    result = run("test_elsewhere.py", "--guard", "mock")
    outcomes = {name.partition("[")[0]: outcome for name, outcome in _outcomes(result).items()}
    assert {name for name, outcome in outcomes.items() if outcome == "PASSED"} == {
        "test_the_guards_own_page_for_it_may_be_wanted",
        "test_what_is_no_site_does_not_count",
        "test_another_browser_goes_where_it_likes",
    }
    assert {name for name, outcome in outcomes.items() if outcome == "ERROR"} == {"test_a_fixture_fails_there"}
    for name in outcomes.keys() - {"test_the_guards_own_page_for_it_may_be_wanted"}:
        failure = _failure(result, name)
        assert ("the test goes to https://point.staging.test, which" in failure) == (outcomes[name] != "PASSED"), name
        assert ("Timeout" in failure) == (name in WAITED), name
    said = result.stdout.str()
    assert (
        "no profile of the counter guards: nothing is held there. The profiles guard https://point.portal.test" in said
    )
    assert "Add the origin to `origins` of a profile, write one with `guard portal new`, or" in said


def _failure(result: pytest.RunResult, name: str) -> str:
    """What pytest says of one test that failed, from its headline to the next; empty if it did not."""
    found = re.search(
        rf"^_+ (?:ERROR at setup of )?{name}\[chromium\] _+$(.*?)^[_=]{{3}}",
        result.stdout.str(),
        re.MULTILINE | re.DOTALL,
    )
    return found[1] if found else ""


def test_a_misspelt_marker_is_told_before_any_browser_starts(run: Callable[..., pytest.RunResult]) -> None:
    """Every one of them at once, by its test, with the mend."""
    result = run("test_misspelt.py", "--guard", "mock")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = result.stdout.str() + result.stderr.str()
    for what in (
        "misspelt_argument[chromium]: the marker citizen has no argument 'birthdate'; did you mean 'birth_date'? Write",
        "is_none[chromium]: the marker citizen has a 'birth_date' that is no date such as \"1974-06-18\".",
        "test_nobody_is_named[chromium]: the marker citizen names nobody.",
        "too_many[chromium]: the marker citizen has 4 arguments and takes 3.",
    ):
        assert what in said
    assert "Traceback" not in said
    assert "INTERNALERROR" not in said


def test_a_fixture_that_would_outlive_the_visit_is_told_why_it_may_not(run: Callable[..., pytest.RunResult]) -> None:
    """A page or login for several tests would be one citizen's in the next one's visit; what is nobody's may stay."""
    base_url = ("--base-url", "https://point.portal.test")
    plain = _outcomes(run("test_wider.py", *base_url))
    assert len(plain) == 5
    assert set(plain.values()) == {"PASSED"}
    result = run("test_wider.py", *base_url, "--guard", "mock")
    outcomes = {name.partition("[")[0]: outcome for name, outcome in _outcomes(result).items()}
    assert outcomes.pop("test_a_login_that_is_asked_for_late") == "FAILED"
    assert outcomes.pop("test_what_belongs_to_nobody") == "PASSED"
    assert set(outcomes.values()) == {"ERROR"}
    said = result.stdout.str()
    assert "ScopeMismatch" not in said
    assert "INTERNALERROR" not in said
    for fixture, scope in (("shared_page", "module"), ("shared_context", "session"), ("asked_late", "class")):
        found = re.search(
            rf"the fixture {fixture} \(test_wider\.py:\d+\) has the scope '{scope}' and asks for browser", said
        )
        assert found, fixture
        assert f"Give {fixture} the scope 'function', or log in within the visit" in said


OWN_BROWSERS = """
import pytest

@pytest.fixture
def launched(browser_type, browser_type_launch_args):
    browser = browser_type.launch(**browser_type_launch_args)
    yield browser
    browser.close()

class TestReplaced:
    @pytest.fixture
    def browser(self, launched):
        return launched

    def test_a_page_of_it(self, page):
        page.goto("https://point.portal.test")

class TestBuiltUpon:
    @pytest.fixture
    def browser(self, browser):
        return browser

    def test_its_page(self, page):
        page.goto("https://point.portal.test")

def test_one_under_another_name(launched):
    launched.new_page().goto("https://point.portal.test")

def test_no_browser_at_all(browser_name):
    assert browser_name == "chromium"
"""


def test_a_browser_of_the_projects_own_proves_nothing_and_is_refused(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """Its tests passed, guarded by nobody. One that builds on the guarded browser is guarded."""
    (pytester.path / "test_own.py").write_text(OWN_BROWSERS)
    result = run("test_own.py", "--guard", "mock")
    outcomes = {name.partition("[")[0]: outcome for name, outcome in _outcomes(result).items()}
    assert outcomes == {
        "test_a_page_of_it": "ERROR",
        "test_its_page": "PASSED",
        "test_one_under_another_name": "ERROR",
        "test_no_browser_at_all": "PASSED",
    }
    said = result.stdout.str()
    assert "test_a_page_of_it[chromium] is given a browser, which does not come from the guarded browser" in said
    assert "test_one_under_another_name[chromium] is given 'launched', which does not come" in said


@pytest.fixture
def encoder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The distribution's ffmpeg where Playwright looks for its own: `playwright install ffmpeg` has to download it."""
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("there is no ffmpeg")
    known = json.loads((Path(playwright.__file__).parent / "driver/package/browsers.json").read_text())["browsers"]
    revision = next(one["revision"] for one in known if one["name"] == "ffmpeg")
    store = pytester.mkdir("browsers")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(store))
    (store / f"ffmpeg-{revision}").mkdir()
    (store / f"ffmpeg-{revision}" / "ffmpeg-linux").symlink_to(program)


@pytest.mark.usefixtures("encoder")
def test_what_is_kept_of_a_test_is_kept_of_each_of_its_citizens(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """Traces, screenshots and videos by pytest-playwright's own options, in its own names."""
    kept = ("--tracing", "on", "--screenshot", "on", "--video", "on", "--guard-report", "report")
    result = run("test_guarded.py", "--guard", "mock", *kept, "-k", "after_another", "--browser-channel", "chromium")
    assert set(_outcomes(result).values()) == {"PASSED"}
    assert (pytester.path / "report" / "index.html").read_text().count("clearance: clean") == 2
    files = {path.name: path for path in (pytester.path / "test-results").rglob("*") if path.is_file()}
    assert sorted(files) == [
        *("test-finished-1.png", "test-finished-2.png"),
        *("trace-1.zip", "trace-2.zip", "video-1.webm", "video-2.webm"),
    ]
    for number, shown in enumerate(("田中", "佐藤"), start=1):
        assert shown in _traced(files[f"trace-{number}.zip"])
        assert files[f"video-{number}.webm"].read_bytes().startswith(b"\x1a\x45\xdf\xa3"), "a Matroska file"


def _traced(path: Path) -> str:
    """What a trace tells of the calls that the test made."""
    with ZipFile(path) as trace:
        return trace.read("trace.trace").decode()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--browser", "firefox"), "the guard drives no such --browser (found: firefox). Take chromium; --browser-ch"),
        (
            ("--browser-channel", "chrome-beta"),
            "This browser channel is not installed (found: chrome-beta). Install it",
        ),
    ],
)
def test_a_browser_that_the_guard_cannot_drive_is_refused(
    run: Callable[..., pytest.RunResult], option: tuple[str, ...], said: str
) -> None:
    """In place of testing in another one, which would prove nothing of the one that was asked for."""
    result = run("test_plain.py", "--guard", "mock", "-k", "guest", *option)
    assert said in result.stdout.str()
    assert result.ret != pytest.ExitCode.OK


def test_a_counter_of_production_is_refused(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    """No test may book anything for a real person."""
    profiles = HERE.parents[1] / "config" / "portals"
    (pytester.path / "real.toml").write_text(f'counter = "窓口1"\nportals = ["{profiles / "idp.toml"}"]\n')
    result = run("test_plain.py", "--guard", "real.toml", "-k", "guest")
    assert "this counter serves real portals. Tests need a [test_network]." in result.stdout.str() + result.stderr.str()
    assert result.ret != pytest.ExitCode.OK


def test_a_test_that_names_nobody_says_how(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    conftest = pytester.path / "conftest.py"
    conftest.write_text(conftest.read_text().partition("@pytest.fixture\ndef citizen")[0])
    result = run("test_plain.py", "--guard", "mock", "-k", "guest")
    assert "nobody is served: mark the test with @pytest.mark.citizen(name=" in result.stdout.str()
    assert result.ret != pytest.ExitCode.OK
