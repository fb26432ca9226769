"""Tests of `guard.closed`: a wrong file names the file, the key, the value and the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from guard.closed import Closed, LocalPath, load_toml
from guard.errors import ConfigError


class Drawer(Closed):
    """A drawer."""

    depth: Annotated[float, Field(ge=1, le=9)] = 2.0
    """Depth in centimetres; 1 to 9."""
    label: str | None = None
    """What the label says."""


class Desk(Closed):
    """A desk."""

    name: str
    """Name of the desk."""
    drawers: tuple[Drawer, ...] = ()
    """The drawers, from the top."""
    map_file: LocalPath | None = None
    """Where the plan lies."""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return tmp_path / "desk.toml"


def complaint(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_toml(Desk, path)
    assert str(path) in str(caught.value)
    assert caught.value.__suppress_context__
    return str(caught.value).replace(str(path), "desk.toml")


def test_a_right_file_is_read_and_never_changes(desk: Path) -> None:
    desk.write_text('name = "front"\ndrawers = [{ depth = 3 }]', "utf-8")

    read = load_toml(Desk, desk)

    assert read == Desk(name="front", drawers=(Drawer(depth=3.0),))
    with pytest.raises(ValidationError, match="frozen"):
        read.name = "back"  # type: ignore[misc]  # the very thing that must not be possible


def test_a_value_out_of_bounds_is_told_with_its_place_and_its_meaning(desk: Path) -> None:
    assert complaint(desk, 'name = "front"\ndrawers = [{}, { depth = 99 }]') == (
        "desk.toml: drawers[1].depth: Input should be less than or equal to 9 (found: 99). "
        "Correct it: Depth in centimetres; 1 to 9."
    )


def test_an_unknown_key_is_refused_with_the_nearest_known_one(desk: Path) -> None:
    assert complaint(desk, 'name = "front"\ndrawers = [{ dept = 3 }]') == (
        "desk.toml: drawers[0].dept: this key is not known (found: 3). "
        "Did you mean depth? Known keys here: depth, label."
    )


def test_an_unknown_key_without_a_near_one_is_to_be_removed(desk: Path) -> None:
    assert "Remove it. Known keys here: name, drawers, map_file." in complaint(desk, 'name = "x"\nzzz = 1')


def test_a_missing_key_is_told_with_its_meaning_and_no_value(desk: Path) -> None:
    assert complaint(desk, "") == "desk.toml: name: this key is missing. Add it: Name of the desk."


def test_all_other_wrong_keys_are_named_too(desk: Path) -> None:
    text = complaint(desk, 'drawers = [{ depth = 99 }]\nmap_file = "a"\nzzz = 1')

    assert text.endswith("Wrong too: drawers[0].depth, zzz.")


@pytest.mark.parametrize("value", ['"3"', "true", "nan", "inf", "1979-05-27"])
def test_a_number_is_a_number_and_nothing_like_it(desk: Path, value: str) -> None:
    assert "drawers[0].depth" in complaint(desk, f'name = "front"\ndrawers = [{{ depth = {value} }}]')


def test_a_file_that_is_not_there_is_told(desk: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read: No such file or directory\. Name an existing file"):
        load_toml(Desk, desk)


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_toml(Desk, tmp_path)


def test_a_name_that_no_file_can_have_is_told() -> None:
    with pytest.raises(ConfigError, match="is not the name of a file"):
        load_toml(Desk, Path("a\0b"))


def test_text_that_is_not_toml_is_told_with_its_line(desk: Path) -> None:
    assert "is not TOML" in complaint(desk, "name = front")
    assert "line 1" in complaint(desk, "name = front")


def test_a_file_in_the_office_encoding_of_old_is_told(desk: Path) -> None:
    desk.write_bytes('name = "窓口"'.encode("cp932"))

    with pytest.raises(ConfigError, match=r"byte 8 is not UTF-8\. Save the file with the encoding UTF-8"):
        load_toml(Desk, desk)


def test_a_file_that_a_plain_editor_saved_with_a_byte_order_mark_is_read(desk: Path) -> None:
    desk.write_bytes('name = "窓口"'.encode("utf-8-sig"))

    assert load_toml(Desk, desk).name == "窓口"


def test_a_relative_path_begins_at_the_file_that_names_it(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write_text('name = "front"\nmap_file = "plans/a.png"', "utf-8")
    monkeypatch.chdir(desk.parent)

    assert load_toml(Desk, Path("desk.toml")).map_file == desk.parent / "plans/a.png"


def test_a_path_from_the_home_folder_is_followed(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write_text('name = "front"\nmap_file = "~/a.png"', "utf-8")
    monkeypatch.setenv("HOME", "/home/counter")

    assert load_toml(Desk, desk).map_file == Path("/home/counter/a.png")


def test_the_home_of_nobody_is_a_wrong_value_and_no_crash(desk: Path) -> None:
    assert "map_file" in complaint(desk, 'name = "front"\nmap_file = "~nobody-of-this-name/a.png"')


def test_a_password_in_a_wrong_address_is_not_repeated(desk: Path) -> None:
    text = complaint(desk, 'name = "front"\nnaem = "http://clerk:hunter2@proxy"')

    assert "hunter2" not in text
    assert "http://…@proxy" in text
