"""The grammar of declared fields, and the examples that the profiles give of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from guard.core.payload import FieldKind
from guard.form_fields import Body, FieldRule
from guard.portal import load_portal

PROFILES = Path(__file__).parents[2] / "config" / "portals"


@pytest.mark.parametrize(
    ("portal", "path", "kinds"),
    [
        ("point", "/apply/service", [FieldKind.PAYMENT_ID]),
        ("mypage", "/account/number", [FieldKind.ACCOUNT_NUMBER, FieldKind.ACCOUNT_HOLDER]),
    ],
)
def test_the_fields_that_a_profile_shows_as_an_example_work_when_the_signs_are_taken_away(
    portal: str, path: str, kinds: list[FieldKind], tmp_path: Path
) -> None:
    """Whoever copies a profile switches the checks on by that and nothing else."""
    text = (PROFILES / f"{portal}.toml").read_text("utf-8")
    assert load_portal(PROFILES / f"{portal}.toml").fields == ()
    file = tmp_path / "portal.toml"
    file.write_text(re.sub(r"^#(?! |$)", "", text, flags=re.MULTILINE), "utf-8")
    profile = load_portal(file)
    assert [rule.kind for rule in profile.declared(path)] == kinds
    assert profile.declared(f"{path}/more") == ()
    assert profile.terms.read_back_within == 60.0


def test_a_name_in_json_must_be_an_expression() -> None:
    with pytest.raises(ValidationError, match="no JMESPath expression"):
        FieldRule(path="/x", name="a[", kind=FieldKind.PAYMENT_ID, body=Body.JSON)
    assert FieldRule(path="/x", name="a[", kind=FieldKind.PAYMENT_ID).name == "a["


@pytest.mark.parametrize("changes", [{"kind": "phone"}, {"charset": "latin-1"}, {"path": "("}, {"required": True}])
def test_what_the_grammar_does_not_know_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FieldRule.model_validate({"path": "/x", "name": "id", "kind": "payment_id", **changes})
