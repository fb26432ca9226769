"""A journey goes to portals that the counter guards, or nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.journeys import Sites
from guard.config import Config
from guard.flow.addresses import sites_of
from guard.flow.complaints import FlowInputError
from guard.portal import load_portal

PROFILES = Path(__file__).parents[3] / "config" / "portals"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    portals = tuple(load_portal(PROFILES / f"{name}.toml") for name in ("point", "idp"))
    return Config(counter="窓口1", portals=portals, state_dir=tmp_path)


def test_the_profiles_say_where_the_portals_are(config: Config) -> None:
    assert sites_of(config, (), ("point",)) == Sites()


def test_a_slash_at_the_end_does_not_matter(config: Config) -> None:
    assert sites_of(config, ("point=https://point.portal.test/",), ("point",)).point == "https://point.portal.test"


def test_a_portal_without_a_profile_is_named(config: Config) -> None:
    with pytest.raises(FlowInputError, match="visits the portal 'mypage', and no profile of the counter has this name"):
        sites_of(config, (), ("point", "mypage"))


def test_an_address_that_no_profile_guards_is_refused(config: Config) -> None:
    """Nothing would be held there, and the run would prove nothing."""
    with pytest.raises(FlowInputError, match=r"guards the portal 'point' \(found: https://staging.test\). It guards "):
        sites_of(config, ("point=https://staging.test/app",), ("point",))


@pytest.mark.parametrize("given", ["point", "points=https://a.test", "point=ftp://a.test", "point=https://u:p@a.test"])
def test_an_address_that_is_none_says_how_to_write_it(config: Config, given: str) -> None:
    with pytest.raises(FlowInputError, match=r"--base-url is not understood .* Write NAME=URL") as raised:
        sites_of(config, (given,), ("point",))
    assert "u:p" not in str(raised.value)
