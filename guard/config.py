"""The counter's configuration: one TOML file, and the portal profiles that it names."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator

from guard.closed import Closed, LocalPath, load_toml
from guard.core.card import CardTerms
from guard.core.idle import IdleTerms
from guard.core.terms import Assurance
from guard.errors import ConfigError
from guard.portal import Portal, load_portal

_HIGHEST_PORT = 65535


def default_state_dir() -> Path:
    """Where this system keeps a user's state."""
    if sys.platform == "win32":  # NOT RUN
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "madoguchi-guard"
    if sys.platform == "darwin":  # NOT RUN
        return Path.home() / "Library/Application Support/madoguchi-guard"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "madoguchi-guard"


def _is_proxy(value: str) -> str:
    parts = urlsplit(value)
    plain = parts.scheme == "http" and parts.hostname and parts.port and value == f"http://{parts.netloc}"
    if not plain or parts.username is not None:
        msg = "a proxy is written http://host:port, without user and password"
        raise ValueError(msg)
    return value


def _is_web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        msg = "this address begins with http:// or https://, and carries no user and password"
        raise ValueError(msg)
    return value


Port = Annotated[int, Field(ge=1, le=_HIGHEST_PORT)]
Proxy = Annotated[str, AfterValidator(_is_proxy)]
WebAddress = Annotated[str, AfterValidator(_is_web_address)]
TestName = Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.test$")]
Fingerprint = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]


class BrowserSettings(Closed):
    """The browser that the guard starts."""

    executable: LocalPath | None = None
    """Program of the browser, Edge, Chrome or Chromium. Without it: the first one that is installed."""
    allow_no_sandbox: bool = False
    """Whether the browser may run without its sandbox; true only in a container, where root starts the guard."""
    proxy: Proxy | None = None
    """The office's own proxy as http://host:port. Without it, and without pac_url: straight to the network."""
    pac_url: WebAddress | None = None
    """Address of the office's own proxy script (PAC), asked after the guard's own rules. Not together with proxy."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "ja"
    """Language that the browser asks portals for, such as ja or en-GB."""
    extensions: tuple[LocalPath, ...] = ()
    """Folders of unpacked extensions, such as a card reader's. Every browser gets them; what they keep goes with it."""

    @model_validator(mode="after")
    def _one_way_out(self) -> Self:
        if self.proxy is not None and self.pac_url is not None:
            msg = "proxy and pac_url exclude each other; keep one"
            raise ValueError(msg)
        return self


class HandoverSettings(Closed):
    """How long the end of a visit may take."""

    wipe_within: Annotated[float, Field(ge=2, le=30)] = 5.0  # one second of it is kept for the wipe itself
    """Seconds from "end" until browser and profile of the visit are gone, whatever the network does; 2 to 30."""
    settle_within: Annotated[float, Field(ge=1, le=120)] = 15.0
    """Seconds from "end" for logout and replay, in the browser and outside it; 1 to 120."""


class ConsoleSettings(Closed):
    """The pages of staff."""

    port: Annotated[int, Field(ge=0, le=_HIGHEST_PORT)] = 0
    """Loopback port of the console; 0 takes a free one."""
    language: Literal["ja", "en"] = "ja"
    """Language of console, ribbon and stop overlay: ja or en."""


class CardSettings(Closed):
    """The citizen's card on the reader: its presence alone, never what it holds. Needs the extra `card`."""

    required: bool = False
    """Whether a visit requires the card on the reader; until one was seen, staff can exempt a login by barcode."""
    reader: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """Part of the reader's name, which only one reader may bear. Without it: the only reader of this machine."""
    on_removal: Literal["stop", "handover"] = "stop"
    """What follows when the card is taken away: stop submissions and ask staff, or end the visit as well."""
    grace: Annotated[float, Field(ge=0, le=30)] = 5.0
    """Seconds in which staff can say that the card is back before on_removal = "handover" ends the visit; 0 to 30."""

    @property
    def terms(self) -> CardTerms | None:
        """What each visit requires, or None."""
        if not self.required:
            return None
        return CardTerms(handover_after=self.grace if self.on_removal == "handover" else None)


class IdleSettings(Closed):
    """What happens when nobody touches a window of the counter during a visit."""

    ask_after: Annotated[float, Field(ge=0, le=3600)] = 300.0
    """Seconds without input before the console asks whether the visit goes on; 0 never asks. Up to 3600."""
    answer_within: Annotated[float, Field(ge=1, le=600)] = 120.0
    """Seconds without an answer, and without input, before the handover; 1 to 600."""

    @property
    def terms(self) -> IdleTerms | None:
        """What each visit is held to, or None."""
        return IdleTerms(ask_after=self.ask_after, answer_within=self.answer_within) if self.ask_after else None


class ReceptionSettings(Closed):
    """How staff tell the guard who is served."""

    way: Literal["typed", "list", "bound"] = "typed"
    """typed: staff type each citizen in. list: they take them from the reception list by the number drawn. bound: a
    visit opens without data and belongs to its first login, once the citizen's answers agree with what the portal
    says; before that nothing is submitted."""
    list: LocalPath | None = None
    """The reception list: CSV with the columns ticket, name, kana, birth_date, alias; goes with way = "list"."""

    @model_validator(mode="after")
    def _has_its_list(self) -> Self:
        if (self.way == "list") != (self.list is not None):
            msg = 'way = "list" and the file under list belong together; give both, or neither'
            raise ValueError(msg)
        return self


class TestNetwork(Closed):
    """Portals on this machine in place of real ones. Takes names under .test alone, so no real portal is ever moved."""

    __test__ = False

    hosts: Annotated[Mapping[TestName, Port], Field(min_length=1), AfterValidator(MappingProxyType)]
    """Host name to loopback port, such as "point.portal.test" = 34567."""
    ca_file: LocalPath
    """PEM file of the authority that signed the test portals' certificates."""
    trusted_spki: tuple[Fingerprint, ...] = ()
    """Fingerprints of the public keys that the browser trusts: SHA-256, base64, 44 characters each."""


class _Settings(Closed):
    counter: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$")]
    """Name of this counter, as staff know it, such as 窓口1."""
    state_dir: LocalPath = Field(default_factory=default_state_dir)
    """Folder of journal, ledger, key and profiles. Without it: madoguchi-guard in the user's state directory."""
    browser: BrowserSettings = BrowserSettings()
    """The browser that the guard starts."""
    handover: HandoverSettings = HandoverSettings()
    """How long the end of a visit may take."""
    console: ConsoleSettings = ConsoleSettings()
    """The pages of staff."""
    card: CardSettings = CardSettings()
    """The citizen's card on the reader."""
    idle: IdleSettings = IdleSettings()
    """What happens when nobody touches a window during a visit."""
    reception: ReceptionSettings = ReceptionSettings()
    """How staff tell the guard who is served."""
    test_network: TestNetwork | None = None
    """Portals on this machine in place of real ones; absent in production."""
    training: bool = False
    """Whether every page of the guard is marked as training; only with a test_network."""

    @model_validator(mode="after")
    def _training_harms_nobody(self) -> Self:
        if self.training and self.test_network is None:
            msg = "training = true needs a [test_network]: nobody practises on real portals; leave training out"
            raise ValueError(msg)
        return self


class CounterFile(_Settings):
    """What stands in `counter.toml`."""

    portals: Annotated[tuple[LocalPath, ...], Field(min_length=1)]
    """Files of the portal profiles, relative to this file."""


class Config(_Settings):
    """One counter, with its portals. Read it with `load_config`."""

    portals: Annotated[tuple[Portal, ...], Field(min_length=1)]
    """The guarded web sites and their identity providers; names and origins are unique."""

    @model_validator(mode="after")
    def _portals_fit_together(self) -> Self:
        names = [portal.name for portal in self.portals]
        origins = [origin for portal in self.portals for origin in portal.origins]
        _refuse_doubles("the name", names)
        _refuse_doubles("the origin", origins)
        for portal in self.portals:
            provider = portal.identity_provider
            if provider is not None and (provider not in names or provider == portal.name):
                msg = f"portal {portal.name} names the identity provider {provider!r}, which is not another of {names}"
                raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _somebody_can_be_bound(self) -> Self:
        named = any(portal.assurance is Assurance.IDENTITY for portal in self.portals)
        if self.reception.way == "bound" and not named:
            msg = 'reception.way = "bound" needs a portal with assurance = "identity": nobody else says who logged in'
            raise ValueError(msg)
        return self

    @property
    def is_test(self) -> bool:
        """Whether the portals are the test network's."""
        return self.test_network is not None

    @property
    def journal_file(self) -> Path:
        return self.state_dir / "journal.sqlite"

    @property
    def key_file(self) -> Path:
        return self.state_dir / "journal.key"

    @property
    def ledger_file(self) -> Path:
        return self.state_dir / "ledger.sqlite"

    @property
    def staff_file(self) -> Path:
        return self.state_dir / "staff.sqlite"

    def portal_of(self, origin: str) -> Portal | None:
        """The portal that this origin belongs to, or None for a foreign one."""
        return next((portal for portal in self.portals if origin in portal.origins), None)

    def portal(self, name: str) -> Portal:
        """The portal of this name; KeyError if there is none."""
        for portal in self.portals:
            if portal.name == name:
                return portal
        raise KeyError(name)


def _refuse_doubles(what: str, values: list[str]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            msg = f"{what} {value} stands {times} times; it may belong to one portal alone"
            raise ValueError(msg)


def load_config(path: str | Path) -> Config:
    """Read a counter's file and the profiles that it names, or raise `ConfigError`: file, key, value, mend."""
    path = Path(path)
    file = load_toml(CounterFile, path)
    portals = tuple(load_portal(profile) for profile in file.portals)
    settings = {name: getattr(file, name) for name in file.model_fields_set if name != "portals"}
    try:
        return Config(**settings, portals=portals)
    except ValidationError as error:
        complaint = error.errors()[0]["msg"].removeprefix("Value error, ")
        mend = f"Correct the profiles: {', '.join(str(profile) for profile in file.portals)}."
        raise ConfigError(f"{path}: portals: {complaint}", mend=mend) from None
