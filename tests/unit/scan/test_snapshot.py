"""Tests of `guard.scan.snapshot`."""

from __future__ import annotations

import sqlite3
import stat
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from guard.scan.profiles import ScanError
from guard.scan.snapshot import chunks, snapshot
from guard.scan.sqlite import rows

if TYPE_CHECKING:
    from pathlib import Path


def database(path: Path, *, wal: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False)
    if wal:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE pair (left INTEGER, right INTEGER)")
    connection.commit()
    return connection


def test_the_copy_is_for_this_user_alone_and_gone_afterwards(tmp_path: Path) -> None:
    original = tmp_path / "Preferences"
    original.write_text("{}")
    with snapshot(print) as copies:
        copy = copies.of(original)
        assert copy is not None
        assert copy.read_text() == "{}"
        assert stat.S_IMODE(copies.folder.stat().st_mode) == 0o700
    assert not copies.folder.exists()


def test_the_copy_is_gone_whatever_ends_the_scan() -> None:
    folders: list[Path] = []

    def interrupted() -> None:
        with snapshot(print) as copies:
            folders.append(copies.folder)
            (copies.new_folder() / "secret").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not folders[0].exists()


def test_what_stands_in_the_wal_alone_is_read(tmp_path: Path) -> None:
    """A running browser's newest rows; the index over the wal (-shm) is not copied but made anew."""
    with closing(database(tmp_path / "History", wal=True)) as running, snapshot(print) as copies:
        running.execute("INSERT INTO pair VALUES (1, 1)")
        running.commit()
        assert (tmp_path / "History-wal").stat().st_size > 0
        copy = copies.of(tmp_path / "History")
        assert copy is not None
        assert not copy.with_name("History-shm").exists()
        assert list(rows(copy, "SELECT * FROM pair")) == [{"left": 1, "right": 1}]


@pytest.mark.parametrize("wal", [True, False])
def test_a_database_that_is_written_all_the_time_is_copied_between_two_writes(
    tmp_path: Path,
    wal: bool,  # noqa: FBT001
) -> None:
    """Never half a transaction: both sums agree in every copy."""
    stop = threading.Event()
    with closing(database(tmp_path / "Cookies", wal=wal)) as running:

        def write() -> None:
            while not stop.is_set():
                with running:
                    running.executemany("INSERT INTO pair VALUES (?, 0)", [(1,)] * 50)
                    running.execute("UPDATE pair SET right = left")
                time.sleep(0.02)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(5):
                with snapshot(print) as copies:
                    copy = copies.of(tmp_path / "Cookies")
                    assert copy is not None
                    (sums,) = rows(copy, "SELECT total(left) AS l, total(right) AS r FROM pair")
                    assert sums["l"] == sums["r"]
        finally:
            stop.set()
            writer.join()


def test_a_damaged_database_is_named_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guard.scan.snapshot._PAUSES", (0.0, 0.0))
    (tmp_path / "History").write_bytes(b"no database at all" * 100)
    unseen: list[str] = []
    with snapshot(unseen.append) as copies:
        assert copies.of(tmp_path / "History") is None
    (note,) = unseen
    assert note.startswith(str(tmp_path / "History"))
    assert "close the browser" in note


def test_a_file_that_the_browser_keeps_to_itself_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is on Windows, where a running browser shares its cookies with nobody."""

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("guard.scan.snapshot._copy_file", refused)
    (tmp_path / "Cookies").touch()
    unseen: list[str] = []
    with snapshot(unseen.append) as copies:
        assert copies.of(tmp_path / "Cookies") is None
    assert "cannot be read (Permission denied)" in unseen[0]


def test_what_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    unseen: list[str] = []
    with snapshot(unseen.append) as copies:
        assert copies.of(tmp_path / "History") is None
    assert unseen == []


def test_no_room_for_the_copy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)

    with pytest.raises(ScanError, match=r"No space left on device.*TMPDIR"), snapshot(print):
        pass


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 3, 1 << 20, (1 << 20) + 3, 3 << 20])
def test_what_lies_across_the_border_of_two_parts_is_whole_in_one(tmp_path: Path, size: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(size) + b"needle" + bytes(10))

    assert any(b"needle" in part for part in chunks(file, len(b"needle") - 1))
