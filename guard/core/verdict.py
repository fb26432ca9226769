"""The answer to a held submission: every check passed, or the first reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a submission is stopped. Each has its texts in `guard/texts.toml`; a test fails if not."""

    NO_VISIT = "no_visit"
    VISIT_CLOSING = "visit_closing"
    SEALED = "sealed"
    LEFTOVER_SESSION = "leftover_session"
    OLD_BROWSER = "old_browser"
    NOT_BOUND_YET = "not_bound_yet"
    """The visit was opened without data, and nobody has said yet whose it is."""
    NOBODY_LOGGED_IN = "nobody_logged_in"
    SOMEONE_ELSE = "someone_else"
    VARIANT_UNCONFIRMED = "variant_unconfirmed"
    HOLDER_UNREADABLE = "holder_unreadable"
    HOLDER_BY_PROVENANCE_ONLY = "holder_by_provenance_only"
    """The portal shows no readable name and the typed check of this visit is still missing."""
    SESSION_CHANGED = "session_changed"
    UNKNOWN_ORIGIN = "unknown_origin"
    CARD_MISSING = "card_missing"
    """The visit requires the card on the reader, and this citizen's has not been seen there yet."""
    CARD_REMOVED = "card_removed"
    """The card was taken away in this visit, and staff have not said yet that it is back."""
    PAYLOAD_UNREADABLE = "payload_unreadable"
    """A field that the profile declares is missing, empty, there twice, or in a form that cannot be read."""
    ACCOUNT_HOLDER_DIFFERS = "account_holder_differs"
    VALUE_OF_ANOTHER = "value_of_another"
    """The same payment-service ID or account number was sent for another person before."""
    NOT_READ_BACK = "not_read_back"
    """The citizen did not type the value again in time."""
    READ_BACK_DIFFERS = "read_back_differs"
    """The citizen typed something else than the submission carries: one of the two is a slip."""
    TOO_LATE = "too_late"
    """No answer about the holder within the deadline."""
    UNFORESEEN = "unforeseen"


class CheckName(StrEnum):
    """The questions asked of a held submission, in the order in which they are asked."""

    ORIGIN = "origin"
    VISIT = "visit"
    PROVENANCE = "provenance"
    CARD = "card"
    IDENTITY = "identity"
    SAME_SESSION = "same_session"
    PAYLOAD = "payload"
    DEADLINE = "deadline"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """One check's answer; `reason` is None when it passed."""

    check: CheckName
    reason: Reason | None = None

    @property
    def passed(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """All checks' answers to one submission. Build it in `guard.core.checks` alone."""

    submission_id: str
    checks: tuple[CheckResult, ...]

    @property
    def reason(self) -> Reason | None:
        """The first failed check's reason, or None for a pass."""
        if not self.checks:
            return Reason.UNFORESEEN
        return next((result.reason for result in self.checks if result.reason is not None), None)

    @property
    def passed(self) -> bool:
        """True only if there is at least one check and every one passed."""
        return self.reason is None
