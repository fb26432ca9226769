"""The register of staff: numbers, names, roles and hashes of PINs, in a file of its own beside the journal."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import replace as replace_fields
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError, VerifyMismatchError
from sqlalchemy import func, select

from guard.core.staff import Denial, Denied, Member, Role, locked_after, read_number, read_pin, weakness_of
from guard.errors import StaffError
from guard.record.staff_file import ANEW, open_staff_file, staff_in_our_words, staff_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine, RowMapping

_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
_LONGEST_NAME: Final = 60  # characters; it stands in a list of colleagues


class StaffRegister:
    """Who is registered at a counter. Raises `StaffError` where its file cannot be read or written.

    Any thread may use it, and `guard staff` beside a running counter: each use is one transaction.
    """

    def __init__(self, path: Path, engine: Engine, clock: Callable[[], float]) -> None:
        self._path = path
        self._engine = engine
        self._clock = clock
        self._hasher = PasswordHasher()

    @classmethod
    def open(cls, path: Path, clock: Callable[[], float] = time.time) -> StaffRegister:
        """Open or make the file, readable by its owner alone. `clock` gives seconds that go on over restarts."""
        return cls(path, open_staff_file(path), clock)

    def is_empty(self) -> bool:
        """Whether nobody was ever registered; somebody disabled still counts."""
        with self._transaction() as connection:
            return connection.execute(select(func.count()).select_from(staff_table)).scalar_one() == 0

    def members(self) -> list[Member]:
        """Everybody, by number."""
        with self._transaction() as connection:
            return [self._member(row) for row in connection.execute(select(staff_table).order_by("number")).mappings()]

    def has_leader(self) -> bool:
        """Whether anybody can lift a seal with a PIN."""
        with self._transaction() as connection:
            return _leaders(connection) > 0

    def add(self, member: Member, pin: str, *, replace: bool = False) -> Member:
        """Register somebody with a PIN; with `replace`, also under a number that is taken, and then unlocked."""
        member, pin = _fit(member), read_pin(pin)
        weakness = weakness_of(pin, member.number)
        if weakness is not None:
            raise StaffError(weakness, mend="Choose another PIN; nobody was registered.")
        row: dict[str, object] = {"number": member.number, "name": member.name, "role": member.role.value}
        row |= {"pin": self._hasher.hash(pin), "disabled": False, "failures": 0, "locked_until": 0.0}
        with self._transaction() as connection, _keeps_a_leader(connection):
            if _find(connection, member.number) is not None and not replace:
                mend = "Choose another number, or give this one a new name, role and PIN with --replace."
                raise StaffError("This staff number is taken", value=member.number, mend=mend)
            connection.execute(staff_table.delete().where(staff_table.c.number == member.number))
            connection.execute(staff_table.insert().values(row))
        return member

    def disable(self, typed: str) -> str:
        """Take no approval under this number any more, and give it in its one form; the last leader stays."""
        number = read_number(typed)
        with self._transaction() as connection, _keeps_a_leader(connection):
            disabled = staff_table.update().where(staff_table.c.number == number).values(disabled=True)
            if connection.execute(disabled).rowcount == 0:
                raise StaffError("This staff number is not registered", value=number, mend="See: guard staff list.")
        return number

    def leader(self, number: str, pin: str) -> Member | Denied:
        """The leader of this number and PIN."""
        found = self.member(number, pin)
        if isinstance(found, Member) and found.role is not Role.LEADER:
            return Denied(why=Denial.NOT_A_LEADER, number=found.number)
        return found

    def member(self, number: str, pin: str) -> Member | Denied:
        """Whoever has this number and PIN; a wrong PIN is counted before it is known to be wrong."""
        number, pin = read_number(number), read_pin(pin)
        if not pin:
            return Denied(why=Denial.PIN_MISSING)
        with self._transaction() as connection:
            row = _find(connection, number)
            locked = self._locked_for(row) if row is not None else 0.0
            if locked:
                return Denied(why=Denial.LOCKED, wait=locked, number=number)
            if row is not None:
                self._count(connection, row)
        if row is None:
            self._hasher.hash(pin)  # takes as long as the look at a hash that is there
            return Denied(why=Denial.WRONG_PIN)
        return self._judged(row) if self._fits(row["pin"], pin) else _wrong(number, locked_after(row["failures"] + 1))

    def _judged(self, row: RowMapping) -> Member | Denied:
        with self._transaction() as connection:
            cleared = (
                staff_table.update().where(staff_table.c.number == row["number"]).values(failures=0, locked_until=0.0)
            )
            connection.execute(cleared)
        return Denied(why=Denial.DISABLED, number=row["number"]) if row["disabled"] else self._member(row)

    def _count(self, connection: Connection, row: RowMapping) -> None:
        """Before the look at the PIN, so that neither haste nor the end of the guard gives more tries."""
        failures = row["failures"] + 1
        until = self._clock() + locked_after(failures)
        counted = staff_table.update().where(staff_table.c.number == row["number"])
        connection.execute(counted.values(failures=failures, locked_until=until))

    def _fits(self, hashed: str, pin: str) -> bool:
        try:
            return self._hasher.verify(hashed, pin)
        except VerifyMismatchError:
            return False
        except (Argon2Error, InvalidHashError) as error:
            raise StaffError(f"A PIN in {self._path} was damaged", mend=ANEW) from error

    def _locked_for(self, row: RowMapping) -> float:
        """Never longer than the lock was meant to be: a clock that was set back does not lock anybody out for days."""
        lasting = row["locked_until"] - self._clock()
        return float(min(max(lasting, 0.0), locked_after(row["failures"])))

    def _member(self, row: RowMapping) -> Member:
        try:
            role = Role(row["role"])
        except ValueError as error:
            raise StaffError(f"A role in {self._path} was changed", value=row["role"], mend=ANEW) from error
        return Member(
            number=row["number"],
            name=row["name"],
            role=role,
            disabled=row["disabled"],
            locked_for=self._locked_for(row),
        )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with staff_in_our_words(self._path), self._engine.begin() as connection:
            yield connection


def _fit(member: Member) -> Member:
    """Somebody as they are registered: the number in its one form, the name on one line."""
    number, name = read_number(member.number), " ".join(member.name.split())
    if not _NUMBER.fullmatch(number):
        mend = "Use 1 to 20 letters, digits and hyphens."
        raise StaffError("This is not a staff number", value=number, mend=mend)
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise StaffError("This is not a name", value=f"{len(name)} characters", mend=f"Use 1 to {_LONGEST_NAME}.")
    return replace_fields(member, number=number, name=name)


def _wrong(number: str, wait: float) -> Denied:
    return Denied(why=Denial.LOCKED if wait else Denial.WRONG_PIN, wait=wait, number=number)


def _find(connection: Connection, number: str) -> RowMapping | None:
    return connection.execute(select(staff_table).where(staff_table.c.number == number)).mappings().one_or_none()


@contextmanager
def _keeps_a_leader(connection: Connection) -> Iterator[None]:
    """Undo a change that leaves a counter without its last leader: nobody could lift a seal any more."""
    before = _leaders(connection)
    yield
    if before and not _leaders(connection):
        mend = "Register another leader first: guard staff add NUMBER --role leader."
        raise StaffError("This is the last leader", mend=mend)


def _leaders(connection: Connection) -> int:
    may_lift = (staff_table.c.role == Role.LEADER.value) & staff_table.c.disabled.is_(False)
    return int(connection.execute(select(func.count()).select_from(staff_table).where(may_lift)).scalar_one())
