"""A clearance is clean only by proofs."""

from __future__ import annotations

from guard.core.clearance import Area, Clearance, Finding, Proof


def cleared(*findings: Finding) -> Clearance:
    proofs = tuple(Proof(area=Area.LOGGED_OUT, finding=finding) for finding in findings)
    return Clearance(visit_id="v1", generation=1, proofs=proofs)


def test_a_clearance_without_proofs_is_not_clean() -> None:
    """Nothing looked at is nothing proved."""
    assert not cleared().clean


def test_one_missing_proof_is_enough() -> None:
    """A declared fault of the portal is no missing proof."""
    assert cleared(Finding.PROVED, Finding.DECLARED).clean
    assert not cleared(Finding.PROVED, Finding.NOT_PROVED).clean
    assert len(cleared(Finding.PROVED, Finding.NOT_PROVED).missing) == 1
