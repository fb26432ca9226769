"""The register of staff: PINs that only their owner knows, tries that are counted, and a file that may be damaged."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from guard.core.staff import Denial, Denied, Member, Role
from guard.errors import StaffError
from guard.record.staff import StaffRegister

if TYPE_CHECKING:
    from pathlib import Path

ITO = Member(number="L-07", name="伊藤 桜", role=Role.LEADER)
ONO = Member(number="S-12", name="小野 健", role=Role.STAFF)
WRONG = Denied(why=Denial.WRONG_PIN)


class Clock:
    """Seconds that pass only when the test says so."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "staff.sqlite"


@pytest.fixture
def register(file: Path, clock: Clock) -> StaffRegister:
    register = StaffRegister.open(file, clock)
    register._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # a hundred tries in a test
    register.add(ITO, "2749")
    register.add(ONO, "8305")
    return register


def fail(register: StaffRegister, times: int, number: str = "L-07") -> Member | Denied:
    answers = [register.leader(number, "9999") for _ in range(times)]
    return answers[-1]


def test_a_new_register_is_empty_and_its_owners_alone(file: Path) -> None:
    assert StaffRegister.open(file).is_empty()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_leader_is_known_by_number_and_pin(register: StaffRegister) -> None:
    """However the number is typed; nobody else's PIN will do."""
    assert register.leader(" ｌ-07", "２７４９") == ITO
    assert register.leader("L-07", "8305") == WRONG
    assert register.leader("L-08", "2749") == WRONG
    assert register.leader("L-07' OR '1'='1", "2749") == WRONG
    assert register.leader("L-07", " ") == Denied(why=Denial.PIN_MISSING)


def test_a_staff_member_is_no_leader_and_a_disabled_leader_none_any_more(register: StaffRegister) -> None:
    """Both are told only to who knows the PIN."""
    assert register.leader("S-12", "8305") == Denied(why=Denial.NOT_A_LEADER)
    register.add(Member(number="L-08", name="森 海", role=Role.LEADER), "6193")
    assert register.disable("l-07") == "L-07"
    assert register.leader("L-07", "2748") == WRONG
    assert register.leader("L-07", "2749") == Denied(why=Denial.DISABLED)


def test_a_denial_names_the_number_to_the_journal_if_it_is_registered(register: StaffRegister) -> None:
    """Else what was typed there may be a PIN; and the answer to whoever typed it is the same."""
    denials = [register.leader(number, pin) for number, pin in (("l-07", "2748"), ("2749", "2749"), ("S-12", "8305"))]
    assert [one.number for one in denials] == ["L-07", None, "S-12"]
    assert denials[0] == denials[1]


def test_no_pin_stands_in_the_file(file: Path) -> None:
    """A hash that takes its time, and another one for the same PIN."""
    register = StaffRegister.open(file)
    register.add(Member(number="L-08", name="森 海", role=Role.LEADER), "274927")
    register.add(Member(number="L-09", name="原 空", role=Role.LEADER), "274927")
    assert b"274927" not in file.read_bytes()
    with closing(sqlite3.connect(file)) as database:
        hashes = [row[0] for row in database.execute("SELECT pin FROM staff WHERE number IN ('L-08', 'L-09')")]
    assert len(set(hashes)) == 2
    assert all(each.startswith("$argon2id$v=19$m=65536,t=3,") for each in hashes)
    assert isinstance(register.leader("L-08", "274927"), Member)


def test_five_wrong_pins_lock_a_number_for_a_minute_even_for_the_right_one(
    register: StaffRegister, clock: Clock
) -> None:
    assert fail(register, 4) == WRONG
    assert fail(register, 1) == Denied(why=Denial.LOCKED, wait=60)
    clock.now += 20
    assert register.leader("L-07", "2749") == Denied(why=Denial.LOCKED, wait=40)
    assert [one.locked_for for one in register.members()] == [40, 0]
    clock.now += 40
    assert register.leader("L-07", "2749") == ITO


def test_each_further_wrong_pin_locks_for_twice_as_long(register: StaffRegister, clock: Clock) -> None:
    """A try while it is locked costs nothing: nobody can lock a leader out for longer by hammering."""
    fail(register, 5)
    assert fail(register, 3) == Denied(why=Denial.LOCKED, wait=60)
    for expected in (120, 240):
        clock.now += 3600
        assert fail(register, 1) == Denied(why=Denial.LOCKED, wait=expected)


def test_the_right_pin_in_time_lets_the_count_begin_anew(register: StaffRegister) -> None:
    fail(register, 4)
    assert register.leader("L-07", "2749") == ITO
    assert fail(register, 4) == WRONG


def test_a_lock_outlasts_a_restart_and_is_one_numbers_own(register: StaffRegister, file: Path, clock: Clock) -> None:
    fail(register, 5)
    again = StaffRegister.open(file, clock)
    assert again.leader("L-07", "2749") == Denied(why=Denial.LOCKED, wait=60)
    assert again.leader("S-12", "8305") == Denied(why=Denial.NOT_A_LEADER)


def test_a_clock_that_is_set_back_locks_nobody_out_for_days(register: StaffRegister, clock: Clock) -> None:
    fail(register, 5)
    clock.now -= 7 * 24 * 3600
    assert register.leader("L-07", "2749") == Denied(why=Denial.LOCKED, wait=60)


def test_tries_at_the_same_time_are_counted_one_by_one(register: StaffRegister) -> None:
    """Each is counted before it is looked at, so haste gives no sixth try."""
    answers: list[Member | Denied] = []
    tries = [
        threading.Thread(target=lambda: answers.append(register.leader("L-07", "9999")), daemon=True) for _ in range(8)
    ]
    for each in tries:
        each.start()
    for each in tries:
        each.join(30)
    assert len(answers) == 8
    assert answers.count(WRONG) == 4


@pytest.mark.parametrize("weak", ["0000", "1234", "123", "07", "27a9"])
def test_a_weak_pin_registers_nobody_and_is_not_repeated(register: StaffRegister, weak: str) -> None:
    with pytest.raises(StaffError, match=r"nobody was registered") as refused:
        register.add(Member(number="L-08", name="森 海", role=Role.LEADER), weak)
    assert weak not in str(refused.value)
    assert [one.number for one in register.members()] == ["L-07", "S-12"]


@pytest.mark.parametrize("number", ["", " ", "L 07", "伊藤", "-1", "1" * 21, "L-07\n1", "<b>"])
def test_what_is_not_a_staff_number_is_refused(register: StaffRegister, number: str) -> None:
    with pytest.raises(StaffError, match="not a staff number"):
        register.add(Member(number=number, name="森 海", role=Role.STAFF), "6193")


@pytest.mark.parametrize("name", ["", " \t", "山" * 61, "森\x07海"])
def test_what_is_not_a_name_is_refused(register: StaffRegister, name: str) -> None:
    with pytest.raises(StaffError, match="not a name"):
        register.add(Member(number="S-13", name=name, role=Role.STAFF), "6193")


def test_a_number_is_given_anew_only_on_purpose(register: StaffRegister) -> None:
    """A lost PIN: the same person, a new one, unlocked."""
    with pytest.raises(StaffError, match="taken"):
        register.add(ITO, "6193")
    fail(register, 5)
    register.add(ITO, "6193", replace=True)
    assert register.leader("L-07", "2749") == WRONG
    assert register.leader("L-07", "6193") == ITO


def test_the_last_leader_stays(register: StaffRegister) -> None:
    """Else nobody could lift a seal at this counter any more."""
    with pytest.raises(StaffError, match="last leader"):
        register.disable("L-07")
    with pytest.raises(StaffError, match="last leader"):
        register.add(Member(number="L-07", name="伊藤 桜", role=Role.STAFF), "2749", replace=True)
    assert register.leader("L-07", "2749") == ITO
    register.disable("S-12")
    assert [one.disabled for one in register.members()] == [False, True]


def test_disabling_everybody_does_not_take_the_pins_away(file: Path) -> None:
    """A counter with somebody registered asks for a leader's PIN, whatever became of them."""
    register = StaffRegister.open(file)
    register.add(ONO, "8305")
    register.disable("S-12")
    assert not register.is_empty()
    assert not register.has_leader()


def test_nobody_is_disabled_by_a_slip_of_the_finger(register: StaffRegister) -> None:
    with pytest.raises(StaffError, match=r"not registered \(found: S-99\)"):
        register.disable("s-99")


def test_a_register_that_others_can_read_is_refused_with_the_mend(register: StaffRegister, file: Path) -> None:
    """Four digits are found in an hour by whoever can read their hash."""
    assert not register.is_empty()
    file.chmod(0o644)
    with pytest.raises(StaffError, match=r"open to others \(found: 0o644\)\. Run: chmod 600"):
        StaffRegister.open(file)


def test_a_file_that_is_no_register_is_named_with_the_mend(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database at all, but long enough to look like a page" * 20)
    file.chmod(0o600)
    with pytest.raises(StaffError, match=r"staff\.sqlite failed \(found: .*Move the file away"):
        StaffRegister.open(file)


def test_a_register_of_a_later_version_is_left_alone(register: StaffRegister, file: Path) -> None:
    assert not register.is_empty()
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 9")
    with pytest.raises(StaffError, match="another version"):
        StaffRegister.open(file)


@pytest.mark.parametrize(("column", "value"), [("pin", "2749"), ("role", "mayor")])
def test_a_row_that_was_changed_by_hand_gives_no_approval(
    register: StaffRegister, file: Path, column: str, value: str
) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute(f"UPDATE staff SET {column} = ?", (value,))
        database.commit()
    with pytest.raises(StaffError, match="Move the file away"):
        register.leader("L-07", "2749")


def test_a_register_that_another_program_holds_is_told(register: StaffRegister, file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StaffError, match="End the other program"):
            register.is_empty()
