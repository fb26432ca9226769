"""Tests of `guard.config`."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Protocol

import pytest
from pydantic import ValidationError

import guard.config
import guard.portal
from guard.closed import Closed, load_toml
from guard.config import (
    BrowserSettings,
    Config,
    CounterFile,
    ReceptionSettings,
    TestNetwork,
    default_state_dir,
    load_config,
)
from guard.errors import ConfigError
from guard.portal import load_portal
from tests.unit.profiles import COUNTER, IDP, POINT

MODELS = [
    model
    for module in (guard.config, guard.portal)
    for _, model in inspect.getmembers(module, inspect.isclass)
    if issubclass(model, Closed) and model.__module__ == module.__name__
]
TEST_NETWORK = """
[test_network]
hosts = { "point.portal.test" = 34567, "idp.portal.test" = 34568 }
ca_file = "ca.pem"
trusted_spki = ["{spki}"]
""".replace("{spki}", "A" * 43 + "=")


class WriteCounter(Protocol):
    """Writes the files of a counter and returns the path of the counter's own."""

    def __call__(self, counter: str = COUNTER, **portals: str) -> Path: ...


@pytest.fixture
def write_counter(tmp_path: Path) -> WriteCounter:
    def write(counter: str = COUNTER, **portals: str) -> Path:
        for name, text in ({"point": POINT, "idp": IDP} | portals).items():
            (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        path = tmp_path / "counter.toml"
        path.write_text(counter, "utf-8")
        return path

    return write


def complaint(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.exit_status == 2
    return str(caught.value)


@pytest.mark.parametrize("model", MODELS)
def test_every_setting_is_documented(model: type[Closed]) -> None:
    """A wrong file is mended with these texts: a field without one leaves its reader alone."""
    assert [name for name, field in model.model_fields.items() if not field.description] == []


def test_every_model_is_looked_at() -> None:
    assert {"Config", "BrowserSettings", "Portal", "Alarm"} <= {model.__name__ for model in MODELS}


def test_a_counter_is_read_with_its_portals_and_careful_defaults(write_counter: WriteCounter) -> None:
    config = load_config(write_counter())

    assert config.counter == "窓口1"
    assert [portal.name for portal in config.portals] == ["point", "idp"]
    assert not config.browser.allow_no_sandbox
    assert (config.browser.proxy, config.browser.pac_url, config.browser.language) == (None, None, "ja")
    assert (config.handover.wipe_within, config.handover.settle_within) == (5.0, 15.0)
    assert (config.console.port, config.console.language) == (0, "ja")
    assert config.state_dir == default_state_dir()
    assert not config.is_test


def test_the_example_names_every_setting_of_production_and_is_valid() -> None:
    """`config/counter.toml` is what an office begins with."""
    path = Path("config/counter.toml")
    text = path.read_text("utf-8")
    file = load_toml(CounterFile, path)

    assert file.counter == "窓口1"
    for model in (
        CounterFile,
        BrowserSettings,
        guard.config.HandoverSettings,
        guard.config.ConsoleSettings,
        guard.config.ReceptionSettings,
    ):
        for name in set(model.model_fields) - {"test_network"}:
            assert f"{name} =" in text or f"[{name}]" in text
    for section, model in (("browser", BrowserSettings), ("handover", guard.config.HandoverSettings)):
        assert getattr(file, section) == model()


def test_the_state_folder_begins_at_the_file(write_counter: WriteCounter) -> None:
    path = write_counter('state_dir = "state"' + COUNTER)

    config = load_config(str(path))

    assert config.state_dir == path.parent / "state"
    assert config.journal_file == path.parent / "state/journal.sqlite"
    assert config.key_file == path.parent / "state/journal.key"


def test_the_default_state_folder_is_where_the_system_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    assert default_state_dir() == Path("/var/state/madoguchi-guard")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/counter")
    assert default_state_dir() == Path("/home/counter/.local/state/madoguchi-guard")


def test_a_portal_is_found_by_origin_and_by_name(write_counter: WriteCounter) -> None:
    config = load_config(write_counter())

    found = config.portal_of("https://point.portal.test")
    assert found is not None
    assert found.name == "point"
    assert config.portal_of("https://point.portal.test:8443") is None
    assert config.portal_of("https://elsewhere.test") is None
    assert config.portal("idp").origin == "https://idp.portal.test"
    with pytest.raises(KeyError):
        config.portal("nowhere")


def test_an_unknown_identity_provider_is_refused(write_counter: WriteCounter) -> None:
    text = complaint(write_counter(point=POINT.replace('"idp"', '"ipd"')))

    assert "counter.toml: portals: portal point names the identity provider 'ipd'" in text


def test_a_portal_is_not_its_own_identity_provider(write_counter: WriteCounter) -> None:
    assert "identity provider 'point'" in complaint(write_counter(point=POINT.replace('"idp"', '"point"')))


def test_two_portals_never_share_an_origin(write_counter: WriteCounter) -> None:
    """The gate could not tell whose holder decides."""
    text = complaint(write_counter(idp=IDP.replace("idp.portal.test", "point.portal.test")))

    assert "the origin https://point.portal.test stands 2 times" in text


def test_two_portals_never_share_a_name(write_counter: WriteCounter) -> None:
    text = complaint(write_counter(point=POINT.replace('name = "point"', 'name = "idp"', 1)))

    assert "the name idp stands 2 times" in text


def test_a_wrong_profile_is_told_by_its_own_file(write_counter: WriteCounter) -> None:
    text = complaint(write_counter(point=POINT + "max_age = 61"))

    assert "point.toml: max_age: Input should be less than or equal to 60 (found: 61)" in text


def test_a_missing_profile_is_told_by_its_path(write_counter: WriteCounter) -> None:
    text = complaint(write_counter('counter = "窓口1"\nportals = ["absent.toml"]'))

    assert "absent.toml: cannot be read: No such file" in text


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("[handover]\nwipe_within = 1.5", "handover.wipe_within"),
        ("[handover]\nwipe_within = 31", "handover.wipe_within"),
        ("[handover]\nsettle_within = 0", "handover.settle_within"),
        ("[console]\nport = 65536", "console.port"),
        ('[console]\nlanguage = "fr"', "console.language"),
        ('[browser]\nlanguage = "japanese"', "browser.language"),
        ('[browser]\nproxy = "proxy:8080"', "browser.proxy"),
        ('[browser]\nproxy = "http://proxy"', "browser.proxy"),
        ('[browser]\nproxy = "http://proxy:eighty"', "browser.proxy"),
        ('[browser]\nproxy = "http://proxy:8080/path"', "browser.proxy"),
        ('[browser]\nproxy = "http://clerk:secret@proxy:8080"', "browser.proxy"),
        ('[browser]\npac_url = "file:///etc/proxy.pac"', "browser.pac_url"),
        ('[browser]\nproxy = "http://proxy:8080"\npac_url = "http://proxy/a.pac"', "browser"),
        ("[browser]\nheadless = true", "browser.headless"),
        ("[browser]\nallow_no_sandbox = 1", "browser.allow_no_sandbox"),
        ('[reception]\nway = "asked"', "reception.way"),
        ('[reception]\nway = "list"', "reception"),
        ('[reception]\nlist = "reception.csv"', "reception"),
        ("gate = false", "gate"),
        (TEST_NETWORK.replace("34567", "0"), "test_network.hosts.point.portal.test"),
        (TEST_NETWORK.replace("AAAA=", "AAA="), "test_network.trusted_spki[0]"),
        (TEST_NETWORK.replace("ca_file", "cafile"), "test_network.ca_file"),
    ],
)
def test_a_wrong_setting_is_told_by_its_key(write_counter: WriteCounter, setting: str, key: str) -> None:
    text = complaint(write_counter(COUNTER + setting))

    assert f"counter.toml: {key}: " in text
    assert "secret" not in text


@pytest.mark.parametrize("name", ["", " ", "窓口1 ", "a" * 41, "a\\nb"])
def test_a_counters_name_is_one_short_line(write_counter: WriteCounter, name: str) -> None:
    assert "counter.toml: counter: " in complaint(write_counter(COUNTER.replace("窓口1", name)))


def test_a_counter_without_portals_is_refused(write_counter: WriteCounter) -> None:
    assert "counter.toml: portals: " in complaint(write_counter('counter = "窓口1"\nportals = []'))


@pytest.mark.parametrize(
    "proxy", ["http://proxy.city.example:8080", "http://192.0.2.1:3128", "http://[2001:db8::1]:80"]
)
def test_the_offices_own_proxy_is_taken(proxy: str) -> None:
    assert BrowserSettings(proxy=proxy).proxy == proxy


def test_a_counter_that_binds_at_login_needs_a_portal_that_names_people(write_counter: WriteCounter) -> None:
    """Nobody else could say who has logged in."""
    bound = COUNTER + '[reception]\nway = "bound"\n'
    assert load_config(write_counter(bound)).reception.way == "bound"
    nameless = (load_portal(Path("config/portals/styles/nameless.toml")),)
    with pytest.raises(ValidationError, match='needs a portal with assurance = "identity"'):
        Config(counter="窓口1", portals=nameless, reception=ReceptionSettings(way="bound"))


def test_a_test_network_makes_a_test_counter(write_counter: WriteCounter) -> None:
    path = write_counter(COUNTER + TEST_NETWORK)
    config = load_config(path)

    assert config.is_test
    assert config.test_network is not None
    assert config.test_network.hosts["point.portal.test"] == 34567
    assert config.test_network.ca_file == path.parent / "ca.pem"


def test_a_real_portal_is_never_moved_to_a_test_server(write_counter: WriteCounter) -> None:
    text = complaint(write_counter(COUNTER + TEST_NETWORK.replace("point.portal.test", "portal.city.example")))

    assert "test_network.hosts" in text


def test_a_configuration_never_changes() -> None:
    network = TestNetwork(hosts={"a.test": 1}, ca_file=Path("/ca.pem"))

    with pytest.raises(TypeError, match="does not support item assignment"):
        network.hosts["b.test"] = 2  # type: ignore[index]  # the very thing that must not be possible


def test_a_configuration_can_be_built_in_code(tmp_path: Path, write_counter: WriteCounter) -> None:
    """`guard demo` and tests make one without a file."""
    portals = tuple(load_portal(write_counter().parent / f"{name}.toml") for name in ("point", "idp"))

    config = Config(counter="試験", portals=portals, state_dir=tmp_path)

    assert config.state_dir == tmp_path
    with pytest.raises(ValidationError, match="the name point stands 2 times"):
        Config(counter="試験", portals=(*portals, portals[0]), state_dir=tmp_path)


def test_nobody_practises_on_real_portals(write_counter: WriteCounter) -> None:
    """Training is refused without a test network, with the mend."""
    said = complaint(write_counter("training = true\n" + COUNTER))
    assert "training = true needs a [test_network]" in said
    assert load_config(write_counter("training = true\n" + COUNTER + TEST_NETWORK)).training
