"""Tests of `guard.record.journal`, each on a real file."""

from __future__ import annotations

import json
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from guard.core.commands import Kind, Record
from guard.core.household import Shared
from guard.core.identity import Citizen
from guard.core.view import SealReason
from guard.errors import JournalError
from guard.record.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = bytes(range(32))
JAPAN = timezone(timedelta(hours=9))
MORNING = datetime(2026, 4, 1, 9, 0, tzinfo=JAPAN)
SATO = Citizen(name="佐藤 花子", birth_date=date(1980, 4, 1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite"


@pytest.fixture
def journal(file: Path) -> Iterator[Journal]:
    opened = Journal.open(file, KEY)
    yield opened
    opened.close()


def opened(visit_id: str) -> Record:
    return Record(kind=Kind.VISIT_OPENED, visit_id=visit_id, citizen=SATO)


def released(visit_id: str, **facts: str) -> Record:
    return Record(kind=Kind.RELEASED, visit_id=visit_id, facts=tuple(facts.items()))


def cleared(visit_id: str) -> Record:
    return Record(kind=Kind.CLEARANCE, visit_id=visit_id)


def day_of_three(journal: Journal) -> None:
    for record in (opened("v1"), released("v1", portal="point"), cleared("v1")):
        journal.append(record, MORNING)


def tamper(file: Path, *statements: str) -> None:
    """Edit the file as somebody who knows the triggers would."""
    with closing(sqlite3.connect(file)) as raw:
        for trigger in ("entry_is_final", "entry_stays", "entry_follows"):
            raw.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def fill(journal: Journal) -> None:
    for _ in range(200):
        journal.append(released("v1", path="/" + "a" * 4000), MORNING)


def in_another_process(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_an_entry_is_told_as_it_was_written(journal: Journal) -> None:
    first = journal.append(opened("v1"), MORNING)
    second = journal.append(released("v1", portal="point", path="/申込"), MORNING + timedelta(seconds=1))

    assert journal.entries() == (first, second)
    assert (first.sequence, first.kind, first.visit_id) == (1, Kind.VISIT_OPENED, "v1")
    assert [name for name, _ in first.facts] == ["traits"]
    assert (second.sequence, second.facts) == (2, (("portal", "point"), ("path", "/申込")))
    assert first.previous == "0" * 64
    assert second.previous == first.hash
    assert second.citizen is None


def test_a_time_keeps_its_offset(journal: Journal, file: Path) -> None:
    """OWASP ASVS 5.0, 16.2.2: the hour at the counter, and the moment, both."""
    journal.append(opened("v1"), MORNING)

    assert journal.entries()[0].at.utcoffset() == timedelta(hours=9)
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT at FROM entry").fetchone() == ("2026-04-01T09:00:00+09:00",)


def test_a_time_without_offset_is_refused_and_nothing_is_written(journal: Journal) -> None:
    with pytest.raises(ValueError, match="offset from UTC"):
        journal.append(opened("v1"), datetime(2026, 4, 1, 9, 0))  # noqa: DTZ001 - the very thing that is refused

    assert journal.entries() == ()


def test_no_person_is_in_the_file(journal: Journal, file: Path) -> None:
    """The journal may be copied to a helpdesk: it knows persons by keyed digest alone."""
    entry = journal.append(opened("v1"), MORNING)

    assert entry.citizen == journal.digest(SATO)
    content = b"".join(path.read_bytes() for path in file.parent.iterdir())
    for secret in ("佐藤", "花子", "1980"):
        assert secret.encode() not in content
        assert secret.encode("utf-16-le") not in content
        assert json.dumps(secret).strip('"').encode() not in content


def test_an_entry_carries_both_persons_where_one_acts_for_the_other(journal: Journal) -> None:
    """Whose affair it was must be found again; by digest, as the one who came."""
    child = Citizen(name="佐藤 海", birth_date=date(2019, 5, 1))
    entry = journal.append(replace(opened("v1"), acting_for=child), MORNING)

    assert (entry.citizen, dict(entry.facts)["acting_for"]) == (journal.digest(SATO), journal.digest(child))
    assert journal.verify() is None


def test_a_family_of_the_last_hour_is_recognised_by_digests_alone(journal: Journal, file: Path) -> None:
    """The same surname counts for an hour; the same citizen who returns is no family; nobody's name is kept."""
    journal.append(opened("v1"), MORNING)
    sister = Citizen(name="佐藤 末子", birth_date=date(1982, 5, 1))
    assert journal.shared_with(sister, MORNING + timedelta(minutes=59)) == {Shared.SURNAME}
    assert journal.shared_with(sister, MORNING + timedelta(minutes=61)) == frozenset()
    assert journal.shared_with(SATO, MORNING) == frozenset()
    assert journal.shared_with(Citizen(name="田中 一郎"), MORNING) == frozenset()
    assert "佐藤".encode() not in file.read_bytes()


def test_a_household_of_two_surnames_is_recognised_by_its_address(journal: Journal, file: Path) -> None:
    """However each was written; who lives there is told by digests alone."""
    husband = Citizen(name="佐藤 太郎", birth_date=date(1979, 3, 2), address="郡山市朝日1-23-7")
    journal.append(replace(opened("v1"), citizen=husband), MORNING)
    wife = Citizen(name="田中 一美", birth_date=date(1982, 5, 1), address="朝日一丁目２３番７号")
    assert journal.shared_with(wife, MORNING) == {Shared.ADDRESS}
    assert journal.shared_with(replace(wife, address="朝日1-23-8"), MORNING) == frozenset()
    assert journal.shared_with(replace(wife, address=None), MORNING) == frozenset()
    assert "朝日".encode() not in file.read_bytes()


def test_a_visit_bound_at_its_first_login_makes_a_family_too(journal: Journal, file: Path) -> None:
    """From the binding on, by digests alone; a visit that nobody was bound to is nobody's family."""
    journal.append(replace(opened("v1"), citizen=None), MORNING)
    sister = Citizen(name="佐藤 末子", birth_date=date(1982, 5, 1))
    assert journal.shared_with(sister, MORNING) == frozenset()
    entry = journal.append(Record(kind=Kind.VISIT_BOUND, visit_id="v1", citizen=SATO), MORNING)
    assert entry.citizen == journal.digest(SATO)
    assert journal.shared_with(sister, MORNING) == {Shared.SURNAME}
    assert journal.shared_with(SATO, MORNING) == frozenset()
    assert "佐藤".encode() not in file.read_bytes()


def test_a_journal_that_cannot_be_read_makes_everybody_family(journal: Journal) -> None:
    """Not knowing must not make the comparison milder."""
    journal.close()
    assert journal.in_common(SATO) == set(Shared)


def test_only_its_owner_reads_the_journal(journal: Journal, file: Path) -> None:
    journal.append(opened("v1"), MORNING)

    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_an_entry_is_durable_before_append_returns(journal: Journal, file: Path) -> None:
    """Another reader sees it at once, and every commit waits for the disk."""
    journal.append(opened("v1"), MORNING)

    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    with journal._engine.connect() as own:
        assert own.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert own.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_the_next_start_goes_on_where_the_last_one_ended(file: Path) -> None:
    for visit in ("v1", "v2"):
        journal = Journal.open(file, KEY)
        day = [opened(visit), cleared(visit)]
        assert [journal.append(record, MORNING).sequence % 2 for record in day] == [1, 0]
        journal.close()

    journal = Journal.open(file, KEY)
    assert [entry.sequence for entry in journal.entries()] == [1, 2, 3, 4]
    assert journal.verify() is None
    journal.close()


def test_entries_from_several_threads_form_one_chain(journal: Journal) -> None:
    def write() -> None:
        for _ in range(20):
            journal.append(released("v1"), MORNING)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(journal.entries()) == 80
    assert journal.verify() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET visit_id = 'v9'",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT 1, at, kind, 'v9', citizen, facts, previous, hash FROM entry LIMIT 1",
        "INSERT INTO entry SELECT 0, at, kind, 'v9', citizen, facts, previous, hash FROM entry LIMIT 1",
    ],
)
def test_the_file_itself_refuses_changes(journal: Journal, file: Path, statement: str) -> None:
    """OWASP ASVS 5.0, 16.4.2."""
    day_of_three(journal)

    with closing(sqlite3.connect(file)) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    assert journal.verify() is None


def test_an_empty_journal_and_a_day_are_whole(journal: Journal) -> None:
    assert journal.verify() is None
    day_of_three(journal)
    assert journal.verify() is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE entry SET visit_id = 'v9' WHERE sequence = 2", 2),
        ("UPDATE entry SET facts = '[]' WHERE sequence = 2", 2),
        ("UPDATE entry SET kind = 'stopped' WHERE sequence = 2", 2),
        ("UPDATE entry SET at = '2026-04-01T09:00:00+00:00' WHERE sequence = 1", 1),
        ("UPDATE entry SET citizen = NULL WHERE sequence = 1", 1),
        ("UPDATE entry SET hash = upper(hash) WHERE sequence = 3", 3),
        ("UPDATE entry SET facts = x'00ff' WHERE sequence = 3", 3),
        ("DELETE FROM entry WHERE sequence = 1", 1),
        ("DELETE FROM entry WHERE sequence = 2", 2),
        ("UPDATE entry SET sequence = 9 WHERE sequence = 3", 3),
        ("UPDATE entry SET sequence = CASE sequence WHEN 2 THEN -2 ELSE sequence END", 1),
    ],
)
def test_tampering_is_found_at_its_place(journal: Journal, file: Path, statement: str, broken: int) -> None:
    day_of_three(journal)
    journal.close()
    tamper(file, statement)

    again = Journal.open(file, KEY)
    assert again.verify() == broken
    again.close()


def test_an_entry_with_its_own_hash_mended_breaks_the_chain_at_the_next(journal: Journal, file: Path) -> None:
    """Whoever changes one entry has to write all that follow anew."""
    day_of_three(journal)
    journal.close()
    forged = journal_with_one_entry_changed(file)
    tamper(file, f"UPDATE entry SET visit_id = 'v9', hash = '{forged}' WHERE sequence = 2")

    again = Journal.open(file, KEY)
    assert again.verify() == 3
    again.close()


def journal_with_one_entry_changed(file: Path) -> str:
    """The hash that entry 2 would have if it named visit v9."""
    from guard.record.entry import link  # noqa: PLC0415 - only the forger needs it

    with closing(sqlite3.connect(file)) as raw:
        raw.row_factory = sqlite3.Row
        row = dict(raw.execute("SELECT * FROM entry WHERE sequence = 2").fetchone())
    return link({**row, "visit_id": "v9"})


def test_an_entry_that_was_changed_beyond_reading_is_named(journal: Journal, file: Path) -> None:
    day_of_three(journal)
    journal.close()
    tamper(file, "UPDATE entry SET kind = 'party' WHERE sequence = 2")

    again = Journal.open(file, KEY)
    with pytest.raises(JournalError, match=r"changed from outside \(found: entry 2\)"):
        again.entries()
    again.close()


def test_no_visit_is_unfinished_at_the_first_start_or_after_clearance(journal: Journal) -> None:
    assert journal.unfinished_visit() is None
    day_of_three(journal)
    assert journal.unfinished_visit() is None


def test_a_visit_without_clearance_is_unfinished(journal: Journal) -> None:
    day_of_three(journal)
    journal.append(opened("v2"), MORNING)
    journal.append(Record(kind=Kind.CLEARANCE, visit_id=None), MORNING)
    journal.append(Record(kind=Kind.VISIT_ENDING, visit_id="v2"), MORNING)

    assert journal.unfinished_visit() == "v2"


def test_an_unfinished_visit_is_found_until_a_leader_lifted_its_seal(journal: Journal) -> None:
    """Its clearance can never be written, so what ends it is that a person looked."""
    journal.append(opened("v1"), MORNING)
    journal.append(Record(kind=Kind.LIFTED, visit_id=None), MORNING)
    journal.append(Record(kind=Kind.UNFINISHED_VISIT_FOUND, visit_id="v1"), MORNING)
    assert journal.unfinished_visit() == "v1"

    journal.append(Record(kind=Kind.LIFTED, visit_id=None), MORNING)
    assert journal.unfinished_visit() is None


def test_a_seal_stands_in_the_journal_until_a_leader_lifted_it(journal: Journal) -> None:
    """So that a restart finds it."""
    assert journal.unlifted_seal() is None
    sealed = Record(kind=Kind.SEALED, visit_id=None, facts=(("reason", "not_cleared"), ("detail", "logged_out")))
    journal.append(sealed, MORNING)
    assert journal.unlifted_seal() is SealReason.NOT_CLEARED
    assert journal.unlifted_detail() == "logged_out"

    journal.append(Record(kind=Kind.LIFTED, visit_id=None), MORNING)
    assert journal.unlifted_seal() is None
    assert journal.unlifted_detail() == ""


def test_a_second_guard_on_the_same_journal_is_refused(journal: Journal, file: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from guard.errors import JournalError
        from guard.record.journal import Journal
        try:
            Journal.open(Path(sys.argv[1]), bytes(32))
        except JournalError as error:
            print(error)
        """
    result = in_another_process(script, file)

    assert "Another guard writes the journal" in result.stdout
    assert "End it first" in result.stdout
    assert journal.append(opened("v1"), MORNING).sequence == 1


def test_a_closed_journal_lets_the_next_one_in_and_takes_nothing(file: Path) -> None:
    journal = Journal.open(file, KEY)
    journal.close()
    journal.close()

    with pytest.raises(JournalError, match="is closed"):
        journal.append(opened("v1"), MORNING)
    with pytest.raises(JournalError, match="is closed"):
        journal.verify()
    Journal.open(file, KEY).close()


def test_a_locked_file_is_an_error_within_seconds_and_the_next_entry_goes_through(journal: Journal, file: Path) -> None:
    day_of_three(journal)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match=r"locked\)\. End the other program"):
            journal.append(released("v1"), MORNING)
        other.execute("ROLLBACK")

    assert journal.append(released("v1"), MORNING).sequence == 4
    assert journal.verify() is None


def test_a_full_disk_is_an_error_and_writes_nothing(journal: Journal) -> None:
    day_of_three(journal)
    with journal._engine.connect() as own:
        pages = own.exec_driver_sql("PRAGMA page_count").scalar_one()
        own.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(JournalError, match=r"full\)\. Free space on its disk\."):
        fill(journal)

    written = len(journal.entries())
    assert journal.verify() is None
    with journal._engine.connect() as own:
        own.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    assert journal.append(released("v1"), MORNING).sequence == written + 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of this kind")
def test_a_disk_that_takes_no_more_bytes_is_an_error_and_the_chain_stays_whole(file: Path) -> None:
    """The system itself refuses to write on, in the middle of the write-ahead log."""
    script = """
        import resource, signal, sys
        from datetime import UTC, datetime
        from pathlib import Path
        from guard.core.commands import Kind, Record
        from guard.errors import JournalError
        from guard.record.journal import Journal
        journal = Journal.open(Path(sys.argv[1]), bytes(32))
        record = Record(kind=Kind.RELEASED, visit_id="v1", facts=(("path", "/" + "a" * 3000),))
        journal.append(record, datetime.now(UTC))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        written = 1
        try:
            for _ in range(200):
                journal.append(record, datetime.now(UTC))
                written += 1
        except JournalError as error:
            print(error.mend)
            print(written)
        """
    result = in_another_process(script, file)
    mend, written = result.stdout.splitlines()

    assert "Free space on its disk" in mend
    again = Journal.open(file, KEY)
    assert len(again.entries()) == int(written)
    assert again.verify() is None
    again.close()


def test_a_journal_that_became_read_only_is_an_error(journal: Journal) -> None:
    day_of_three(journal)
    with journal._engine.connect() as own:
        own.exec_driver_sql("PRAGMA query_only = ON")

    with pytest.raises(JournalError, match=r"readonly database\)\. Give this user write access"):
        journal.append(released("v1"), MORNING)
    assert len(journal.entries()) == 3


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands where the folder should be")

    with pytest.raises(JournalError, match="Give this user write access to its folder"):
        Journal.open(tmp_path / "state" / "journal.sqlite", KEY)


@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_without_write_access_is_an_error(tmp_path: Path, *, exists: bool) -> None:
    """Root may write everywhere, so a test run as root gives that right up first."""
    script = """
        import os, sys, tempfile
        from pathlib import Path
        from guard.errors import JournalError
        from guard.record.journal import Journal
        folder = Path(tempfile.mkdtemp())
        Journal.open(Path(sys.argv[1]), bytes(32)).close()
        if sys.argv[2] == "True":
            Journal.open(folder / "journal.sqlite", bytes(32)).close()
        folder.chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            Journal.open(folder / "journal.sqlite", bytes(32))
        except JournalError as error:
            print(error)
        """
    result = in_another_process(script, tmp_path / "elsewhere.sqlite", exists)

    assert "Permission denied" in result.stdout
    assert "Give this user write access to its folder" in result.stdout


def test_a_file_that_is_no_journal_is_kept_as_it_is(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"not a journal at all" * 100)

    with pytest.raises(JournalError, match="Keep the file as evidence"):
        Journal.open(file, KEY)
    assert file.read_bytes() == b"not a journal at all" * 100


def test_a_journal_of_a_later_version_is_refused_and_let_go(file: Path) -> None:
    Journal.open(file, KEY).close()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA user_version = 2")

    for _ in range(2):
        with pytest.raises(JournalError, match=r"another version \(found: 2\)"):
            Journal.open(file, KEY)


def test_a_guard_killed_while_it_writes_leaves_a_whole_chain(file: Path) -> None:
    """What it reported as written is there; what it did not finish leaves no trace; the lock is free."""
    script = """
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from guard.core.commands import Kind, Record
        from guard.record.journal import Journal
        journal = Journal.open(Path(sys.argv[1]), bytes(range(32)))
        while True:
            entry = journal.append(Record(kind=Kind.RELEASED, visit_id="v1"), datetime.now(UTC))
            print(entry.sequence, flush=True)
        """
    command = [sys.executable, "-c", textwrap.dedent(script), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(50)]
        writer.send_signal(signal.SIGKILL)
        reported += [int(line) for line in writer.stdout.read().split("\n")[:-1]]

    journal = Journal.open(file, KEY)
    assert len(journal.entries()) in {reported[-1], reported[-1] + 1}
    assert journal.verify() is None
    assert journal.append(released("v1"), datetime.now(UTC)).sequence == len(journal.entries())
    journal.close()
