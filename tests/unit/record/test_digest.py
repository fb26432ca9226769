"""Tests of `guard.record.digest`."""

from __future__ import annotations

import stat
import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest

from guard.core.identity import Citizen
from guard.errors import JournalError
from guard.record.digest import digest, digest_of, load_key

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
BORN = date(1980, 4, 1)
SATO = Citizen(name="佐藤 花子", birth_date=BORN)


@pytest.mark.parametrize("name", ["佐藤花子", "佐藤　花子", " 佐藤  花子 "])
def test_the_same_person_typed_otherwise_has_the_same_digest(name: str) -> None:
    assert digest(Citizen(name=name, birth_date=BORN), KEY) == digest(SATO, KEY)


def test_wide_and_narrow_letters_are_the_same_person() -> None:
    wide, narrow = Citizen(name="ＪＯＨＮ　ｽﾐｽ", birth_date=BORN), Citizen(name="JOHN スミス", birth_date=BORN)

    assert digest(wide, KEY) == digest(narrow, KEY)


@pytest.mark.parametrize(
    "other",
    [
        Citizen(name="佐藤 花代", birth_date=BORN),
        Citizen(name="佐藤 花子", birth_date=date(1980, 4, 2)),
        Citizen(name="佐藤 花子"),
    ],
)
def test_another_person_has_another_digest(other: Citizen) -> None:
    assert digest(other, KEY) != digest(SATO, KEY)


def test_a_digest_depends_on_the_key_and_looks_like_one() -> None:
    """Without the key nobody can try the names of a town one by one."""
    assert digest(SATO, KEY) != digest(SATO, bytes(32))
    assert len(bytes.fromhex(digest(SATO, KEY))) == 16


def test_what_reception_learns_later_does_not_part_a_person_from_earlier_visits() -> None:
    known = Citizen(name="佐藤 花子", birth_date=BORN, kana="サトウ ハナコ", subject_id="p-1", aliases=("花",))

    assert digest(known, KEY) == digest(SATO, KEY)


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.key"

    key = load_key(path)

    assert len(key) == 32
    assert load_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_two_machines_have_two_keys(tmp_path: Path) -> None:
    assert load_key(tmp_path / "a") != load_key(tmp_path / "b")


def test_first_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(load_key(tmp_path / "key"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    load_key(path)
    path.chmod(0o640)

    with pytest.raises(JournalError, match=r"open to others \(found: 0o640\)\. Run: chmod 600"):
        load_key(path)


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(JournalError, match="does not have 32 bytes"):
        load_key(path)
    assert path.read_bytes() == content


def test_a_key_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands where the folder should be")

    with pytest.raises(JournalError, match="cannot be read or made"):
        load_key(tmp_path / "state" / "key")


def test_a_number_has_one_digest_in_whatever_width_and_another_for_each_kind_and_key() -> None:
    """Three digits can be tried out in no time: without the key the digest must tell nothing."""
    one = digest_of("ticket", "A-12", b"k" * 32)
    assert one == digest_of("ticket", " ａ－１２", b"k" * 32)
    others = {digest_of("ticket", "A-13", b"k" * 32), digest_of("account", "A-12", b"k" * 32)}
    assert len({one, digest_of("ticket", "A-12", b"l" * 32), *others}) == 4
    assert len(one) == 32
