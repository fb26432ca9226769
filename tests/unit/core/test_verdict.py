"""A verdict is a pass only if something was asked and everything agreed."""

from __future__ import annotations

from guard.core.verdict import CheckName, CheckResult, Reason, Verdict

PASSED = CheckResult(check=CheckName.VISIT)
FAILED = CheckResult(check=CheckName.IDENTITY, reason=Reason.SOMEONE_ELSE)
LATER = CheckResult(check=CheckName.SAME_SESSION, reason=Reason.SESSION_CHANGED)


def test_a_verdict_without_checks_is_no_pass() -> None:
    """Block unless every check says otherwise."""
    assert not Verdict(submission_id="r1", checks=()).passed


def test_the_first_failed_check_gives_the_reason() -> None:
    """Staff are told one thing, the most telling one."""
    verdict = Verdict(submission_id="r1", checks=(PASSED, FAILED, LATER))
    assert (verdict.passed, verdict.reason) == (False, Reason.SOMEONE_ELSE)
    assert Verdict(submission_id="r1", checks=(PASSED,)).passed
