"""Tests of `guard.scan.words`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from guard.scan.words import files_with, needles_for
from tests.unit.scan.leveldbs import batch, log, table

if TYPE_CHECKING:
    from pathlib import Path

WORD = "佐藤花子"


def found(root: Path, *words: str) -> set[str]:
    hits = files_with(root, {word: needles_for(word) for word in words}, unseen=pytest.fail)
    return {path.relative_to(root).as_posix() for path, _ in hits}


@pytest.mark.parametrize("content", [WORD.encode(), WORD.encode("utf-16-le"), b"?q=" + quote(WORD).encode()])
def test_a_word_is_found_in_every_encoding_that_browsers_write(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"\xff\x01" + content + b"\0\0")
    (tmp_path / "other").write_bytes("佐藤太郎".encode())

    assert found(tmp_path, WORD) == {"a/file"}


def test_a_word_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{WORD}.pdf").touch()

    assert found(tmp_path, WORD) == {f"{WORD}.pdf"}


def test_a_word_that_compression_or_a_cut_hides_is_found(tmp_path: Path) -> None:
    """Not in the bytes of the file, but in what the file means."""
    word = "taro-taro-yamada"
    (tmp_path / "CURRENT").touch()
    (tmp_path / "000005.ldb").write_bytes(table((1, b"key", b"taro-taro-taro-taro-yamada")))
    cut = log(batch(1, (b"k", bytes(32_735) + word.encode())))
    (tmp_path / "000006.log").write_bytes(cut)
    for file in tmp_path.iterdir():
        assert word.encode() not in file.read_bytes()

    assert found(tmp_path, word) == {"000005.ldb", "000006.log"}


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text(WORD)
    (tmp_path / "ud").mkdir()
    (tmp_path / "ud" / "link").symlink_to(tmp_path / "outside")

    assert found(tmp_path / "ud", WORD) == set()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "file").touch()
    monkeypatch.setattr("guard.scan.words.chunks", refused)
    unseen: list[str] = []

    assert list(files_with(tmp_path, {"1": needles_for(WORD)}, unseen.append)) == []
    assert unseen == [f"{tmp_path / 'file'}: cannot be searched (Permission denied)"]
