"""Tests of `guard.scan.leveldb`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guard.scan.leveldb import LevelDbError, entries, read_file
from tests.unit.scan.leveldbs import batch, log, table

PUTS = st.lists(st.tuples(st.binary(min_size=1, max_size=30), st.none() | st.binary(max_size=90_000)), max_size=6)


def live(*files: tuple[str, bytes]) -> dict[bytes, bytes]:
    return {one.key: one.value for one in entries(files, []) if one.live and one.value is not None}


def test_the_newest_writing_of_a_key_is_what_a_browser_sees() -> None:
    """Whichever file it stands in; what came before lies on disk still."""
    older = table((1, b"a", b"first"), (2, b"b", b"kept"))
    newer = log(batch(3, (b"a", b"second")))

    assert live(("1.ldb", older), ("2.log", newer)) == {b"a": b"second", b"b": b"kept"}
    assert b"first" in [one.value for one in entries([("1.ldb", older), ("2.log", newer)], []) if not one.live]


def test_a_deleted_key_is_gone_and_its_value_still_found() -> None:
    content = log(batch(1, (b"token", b"secret")), batch(2, (b"token", None)))

    assert live(("1.log", content)) == {}
    assert [one.value for one in entries([("1.log", content)], [])] == [b"secret", None]


def test_a_word_that_compression_hides_is_read() -> None:
    content = table((1, b"k", b"hidden-word hidden-word hidden-word"))

    assert content.count(b"hidden-word") == 1
    assert live(("1.ldb", content)) == {b"k": b"hidden-word hidden-word hidden-word"}


@given(PUTS, st.booleans())
@settings(max_examples=40, deadline=None)
def test_what_was_written_is_read(puts: list[tuple[bytes, bytes | None]], one_by_one: bool) -> None:  # noqa: FBT001
    """Batches longer than a block included, which are cut in pieces."""
    batches = [batch(n + 1, put) for n, put in enumerate(puts)] if one_by_one else [batch(1, *puts)]
    expected = {key: value for key, value in dict(puts).items() if value is not None}

    assert live(("1.log", log(*batches))) == expected


def test_the_torn_end_of_a_log_costs_no_more_than_its_last_writing() -> None:
    """The browser may be writing while the copy is made."""
    content = log(batch(1, (b"a", b"whole")), batch(2, (b"b", b"torn" * 20)))

    for cut in range(1, 80):
        assert live(("1.log", content[:-cut])) == {b"a": b"whole"}


@pytest.mark.parametrize("content", [b"", b"too short", bytes(200), table((1, b"a", b"b"))[:-1]])
def test_a_damaged_table_is_named_and_the_others_are_read(content: bytes) -> None:
    broken: list[str] = []

    found = entries([("bad.ldb", content), ("good.log", log(batch(1, (b"a", b"b"))))], broken)

    assert broken == ["bad.ldb"]
    assert [one.key for one in found] == [b"a"]


def test_a_block_that_lies_about_its_length_does_not_fill_memory() -> None:
    """The file is a stranger's; this one announces four gigabytes."""
    honest = table((1, b"k", b"v" * 90))
    liar = b"\xff\xff\xff\xff\x0f" + honest[5:]
    broken: list[str] = []

    assert entries([("1.ldb", liar)], broken) == []
    assert broken == ["1.ldb"]


@given(st.binary(max_size=300), st.integers(0, 200), st.sampled_from(["1.ldb", "1.log"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(junk: bytes, at: int, name: str) -> None:
    good = (
        table((1, b"key", b"value" * 9), (2, b"kez", b"value" * 9)) if name == "1.ldb" else log(batch(1, (b"a", b"b")))
    )
    content = good[:at] + junk + good[at + len(junk) :]
    try:
        list(read_file(name, content))
    except LevelDbError:
        return
