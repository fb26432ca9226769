"""`--guard-report`: the visits of every test as a timeline, each submission with its verdict, and pictures."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from guard.qa.timeline import VisitTold

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_TEMPLATES = Environment(loader=PackageLoader("guard.qa", "."), autoescape=True, undefined=StrictUndefined)


@dataclass
class TestTold:
    """One test in the report."""

    __test__ = False

    name: str
    outcome: str = "passed"
    why: str = ""
    visits: list[VisitTold] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


class Report:
    """Collects what pytest reports, from this process and from workers, and writes one page at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tests: dict[str, TestTold] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self._tests.setdefault(report.nodeid, TestTold(name=report.nodeid))
        if report.outcome != "passed":
            test.outcome = report.outcome
            test.why = test.why or _why(report)
        if report.when == "teardown":
            test.visits = [VisitTold.model_validate(visit) for visit in getattr(report, "guard_visits", ())]
            test.pictures = sorted(path.name for path in self._folder.glob(f"{slug(report.nodeid)}-*.png"))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write `index.html`, readable without any network, and say where."""
        tests = list(self._tests.values())
        sent = [sent for test in tests for visit in test.visits for sent in visit.sent]
        page = _TEMPLATES.get_template("report.html").render(
            tests=tests,
            outcomes=Counter(test.outcome for test in tests),
            released=sum(one.reason is None for one in sent),
            stopped=sum(one.reason is not None for one in sent),
            near_misses=[(test, one) for test in tests for visit in test.visits for one in visit.sent if one.near_miss],
        )
        path = self._folder / "index.html"
        path.write_text(page, encoding="utf-8")
        terminalreporter.write_line(f"guard report: {path}")


def _why(report: pytest.TestReport) -> str:
    """The error as pytest's own summary has it, with what the guard added; a skip's reason."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return report.longreprtext if crash is None else str(crash.message)


def slug(nodeid: str) -> str:
    """A file name for a test; two tests get two."""
    return re.sub(r"[^0-9A-Za-z]+", "-", nodeid).strip("-")
