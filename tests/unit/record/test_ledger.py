"""The ledger: made of the journal, by digests alone, and what later visits ask of it."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from guard.core.commands import Kind, Record
from guard.core.identity import Citizen
from guard.core.interruption import Earlier, Interruption
from guard.errors import LedgerError
from guard.record.journal import Journal
from guard.record.ledger import ChecklistItem, KnownBy, Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = bytes(range(32))
NINE = datetime(2026, 4, 1, 9, 0, tzinfo=timezone(timedelta(hours=9)))
SATO = Citizen(name="佐藤 花子", kana="サトウ ハナコ", birth_date=date(1980, 4, 1))
CHILD = Citizen(name="佐藤 海", birth_date=date(2019, 5, 1))
SUBMITTED = (("portal", "point"), ("channel", "document"), ("class", "submission"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    opened = Ledger.open(file, "窓口1")
    yield opened
    opened.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "state" / "journal.sqlite", KEY)
    yield opened
    opened.close()


def write(journal: Journal, kind: Kind, visit_id: str | None = "v1", *facts: tuple[str, str], minute: int = 0) -> None:
    citizen = SATO if kind is Kind.VISIT_OPENED else None
    journal.append(Record(kind=kind, visit_id=visit_id, facts=facts, citizen=citizen), NINE + timedelta(minutes=minute))


def whole_visit(journal: Journal) -> None:
    child = Record(kind=Kind.VISIT_OPENED, visit_id="v1", citizen=SATO, acting_for=CHILD)
    journal.append(child, NINE)
    write(journal, Kind.STOPPED, "v1", *SUBMITTED, ("reason", "someone_else"), minute=1)
    write(journal, Kind.CONFIRMED, "v1", ("portal", "point"), ("by", "S-12"), ("pin", "not_asked"), minute=2)
    write(journal, Kind.RELEASED, "v1", ("portal", "point"), ("channel", "document"), ("class", "login"), minute=3)
    write(journal, Kind.RELEASED, "v1", *SUBMITTED, minute=4)
    write(journal, Kind.VISIT_ENDING, "v1", ("ending", "done"), minute=5)
    write(journal, Kind.CLEARANCE, "v1", ("clean", "yes"), minute=5)
    write(journal, Kind.LIFTED, None, ("reason", "not_cleared"), ("leader", "L-07"), ("pin", "right"), minute=6)


def rows(file: Path, table: str) -> list[dict[str, object]]:
    with closing(sqlite3.connect(file)) as raw:
        raw.row_factory = sqlite3.Row
        return [dict(row) for row in raw.execute(f"SELECT * FROM {table}")]


def test_a_visit_in_the_journal_is_a_line_of_the_ledger(ledger: Ledger, journal: Journal, file: Path) -> None:
    whole_visit(journal)
    ledger.follow(journal.entries())
    (visit,) = rows(file, "visit")
    assert (visit["id"], visit["counter"], visit["released"], visit["cleared"]) == ("v1", "窓口1", 1, 1)
    assert (visit["opened_at"], visit["ended_at"]) == (
        "2026-04-01T00:00:00.000000+00:00",
        "2026-04-01T00:05:00.000000+00:00",
    )
    assert (visit["ending"], visit["interruption"]) == ("done", None)
    assert (visit["person"], visit["acting_for"]) == (journal.digest(SATO), journal.digest(CHILD))
    assert visit["surname"]
    assert visit["reading"]
    assert visit["surname"] != visit["reading"]


def test_a_visit_opened_without_data_is_the_citizens_from_the_binding_on(
    ledger: Ledger, journal: Journal, file: Path
) -> None:
    """An interruption is found again by the person who was bound; the leader's word is an approval."""
    journal.append(Record(kind=Kind.VISIT_OPENED, visit_id="v1"), NINE)
    ledger.follow(journal.entries())
    assert rows(file, "visit")[0]["person"] is None
    facts = (("portal", "point"), ("by", "L-07"), ("pin", "right"))
    journal.append(Record(kind=Kind.VISIT_BOUND, visit_id="v1", citizen=SATO, facts=facts), NINE)
    write(journal, Kind.VISIT_ENDING, "v1", ("ending", "interrupted"), ("interruption", "citizen_left"), minute=5)
    ledger.follow(journal.entries()[1:])
    (visit,) = rows(file, "visit")
    assert visit["person"] == journal.digest(SATO)
    assert visit["surname"]
    assert ledger.interrupted(journal.digest(SATO)) is not None
    assert [(one["who"], one["what"], one["by_pin"]) for one in rows(file, "approval")] == [("L-07", "bound:point", 1)]


def test_stops_and_approvals_stand_under_the_number_of_their_entry(
    ledger: Ledger, journal: Journal, file: Path
) -> None:
    whole_visit(journal)
    ledger.follow(journal.entries())
    stop, login, sent = rows(file, "answer")
    assert (stop["id"], stop["visit_id"], stop["portal"], stop["reason"]) == (2, "v1", "point", "someone_else")
    assert (stop["channel"], stop["request_class"], stop["false_stop"]) == ("document", "submission", 0)
    assert [(one["request_class"], one["reason"]) for one in (login, sent)] == [("login", None), ("submission", None)]
    confirmed, lifted = rows(file, "approval")
    assert (confirmed["who"], confirmed["what"], confirmed["by_pin"]) == ("S-12", "confirmed:point", 0)
    assert (lifted["who"], lifted["what"], lifted["by_pin"]) == ("L-07", "lifted:not_cleared", 1)


def test_a_number_that_a_leader_allowed_is_an_approval(ledger: Ledger, journal: Journal, file: Path) -> None:
    write(journal, Kind.VALUE_APPROVED, "v1", ("portal", "point"), ("leader", "L-07"), ("pin", "right"))
    ledger.follow(journal.entries())
    (allowed,) = rows(file, "approval")
    assert (allowed["who"], allowed["what"], allowed["by_pin"]) == ("L-07", "allowed:point", 1)


def test_a_day_is_what_was_opened_and_answered_in_it(ledger: Ledger, journal: Journal) -> None:
    """Times of answers come with it; what happened before and after does not."""
    write(journal, Kind.VISIT_OPENED, "v0", minute=-24 * 60)
    whole_visit(journal)
    write(journal, Kind.VISIT_OPENED, "v2", minute=60)
    write(journal, Kind.RELEASED, "v2", *SUBMITTED, ("held_ms", "12"), minute=61)
    write(journal, Kind.VISIT_OPENED, "v3", minute=24 * 60)
    ledger.follow(journal.entries())
    begin = NINE.replace(hour=0)
    day = ledger.day(begin, begin + timedelta(days=1))
    assert [(one.id, one.ending, one.released, one.cleared) for one in day.visits] == [
        ("v1", "done", 1, True),
        ("v2", None, 1, None),
    ]
    assert [(one.visit_id, one.reason, one.held_ms) for one in day.answers] == [
        ("v1", "someone_else", 0),
        ("v1", None, 0),
        ("v1", None, 0),
        ("v2", None, 12),
    ]
    assert day.visits[0].ended_at == NINE + timedelta(minutes=5)


def test_staffs_word_on_a_stop_is_kept_and_can_be_taken_back(ledger: Ledger, journal: Journal) -> None:
    """It comes from the journal, so that a ledger made anew has it; a release cannot be a false stop."""
    whole_visit(journal)
    begin = NINE.replace(hour=0)
    for stop, false, marked in (("2", "yes", 1), ("5", "yes", 1), ("2", "no", 0)):
        write(journal, Kind.STOP_MARKED, "v1", ("stop", stop), ("false", false), ("by", "S-12"))
        ledger.follow(journal.entries())
        answers = ledger.day(begin, begin + timedelta(days=1)).answers
        assert [one.id for one in answers if one.false_stop] == [2] * marked


def test_no_person_is_in_the_ledger(ledger: Ledger, journal: Journal, file: Path) -> None:
    """It is looked at, copied and shipped: names, birth dates and numbers are not in it."""
    whole_visit(journal)
    ledger.follow(journal.entries())
    content = b"".join(path.read_bytes() for path in file.parent.glob("ledger.sqlite*"))
    for secret in ("佐藤", "花子", "海", "サトウ", "1980", "2019"):
        assert secret.encode() not in content
        assert json.dumps(secret).strip('"').encode() not in content


def test_entries_that_come_again_change_nothing(ledger: Ledger, journal: Journal, file: Path) -> None:
    """After a fault the same entries are read once more."""
    whole_visit(journal)
    ledger.follow(journal.entries()[:5])
    ledger.follow(journal.entries())
    ledger.follow(journal.entries())
    assert [row["released"] for row in rows(file, "visit")] == [1]
    assert ledger.position()[0] == 8


def test_a_gap_is_refused_and_nothing_of_it_is_kept(ledger: Ledger, journal: Journal, file: Path) -> None:
    whole_visit(journal)
    first, _, third, *_ = journal.entries()
    with pytest.raises(LedgerError, match="misses entries"):
        ledger.follow((first, third))
    assert ledger.position()[0] == 0
    assert rows(file, "visit") == []


def test_a_visit_that_was_opened_for_nobody_yet_has_whom_the_first_entry_names(
    ledger: Ledger, journal: Journal, file: Path
) -> None:
    """Later ones change nothing: a visit has one citizen."""
    journal.append(Record(kind=Kind.VISIT_OPENED, visit_id="v1"), NINE)
    for citizen, trait in ((SATO, "surname:s1 reading:r1 reading:r2 address:a1"), (CHILD, "surname:s2")):
        told = Record(kind=Kind.CONFIRMED, visit_id="v1", facts=(("traits", trait),), citizen=citizen)
        journal.append(told, NINE)
    ledger.follow(journal.entries())
    (visit,) = rows(file, "visit")
    assert visit["person"] == journal.digest(SATO)
    assert (visit["surname"], visit["reading"], visit["address"]) == ("s1", "r1 r2", "a1")


def test_a_visit_that_the_last_run_never_ended_is_marked(ledger: Ledger, journal: Journal, file: Path) -> None:
    write(journal, Kind.VISIT_OPENED)
    write(journal, Kind.UNFINISHED_VISIT_FOUND)
    ledger.follow(journal.entries())
    assert [(row["ending"], row["ended_at"]) for row in rows(file, "visit")] == [("unfinished", None)]


def test_an_interrupted_visit_is_remembered_until_one_is_done(ledger: Ledger, journal: Journal) -> None:
    """Whatever happens in between: a discarded visit does not finish what was begun."""
    me = journal.digest(SATO)
    endings = [
        ("discarded", None, None),
        ("interrupted", Interruption.NUMBER_NOT_AT_HAND, 11),
        ("discarded", None, 11),
        ("interrupted", Interruption.CITIZEN_LEFT, 31),
        ("done", None, None),
    ]
    for number, (ending, why, told) in enumerate(endings):
        reason = () if why is None else (("interruption", why.value),)
        write(journal, Kind.VISIT_OPENED, f"v{number}", minute=10 * number)
        write(journal, Kind.VISIT_ENDING, f"v{number}", ("ending", ending), *reason, minute=10 * number + 1)
        ledger.follow(journal.entries())
        earlier = ledger.interrupted(me)
        assert earlier is None if told is None else earlier is not None
        if earlier is not None and told is not None:
            assert earlier.at == NINE.astimezone(UTC) + timedelta(minutes=told)
    assert ledger.interrupted("somebody else") is None


def test_an_interruption_nobody_gave_a_reason_for_is_still_told(ledger: Ledger, journal: Journal) -> None:
    write(journal, Kind.VISIT_OPENED)
    write(journal, Kind.VISIT_ENDING, "v1", ("ending", "interrupted"))
    ledger.follow(journal.entries())
    assert ledger.interrupted(journal.digest(SATO)) == Earlier(at=NINE.astimezone(UTC), why=None)


def test_a_value_of_another_citizen_is_known_on_any_later_day(ledger: Ledger) -> None:
    """Kinds do not mix, and a citizen may use their own value as often as they like."""
    ledger.note_value("payment_id", "d1", "sato", "v1")
    ledger.note_value("payment_id", "d1", "sato", "v2")
    assert not ledger.other_owner("payment_id", "d1", "sato")
    assert ledger.other_owner("payment_id", "d1", "tanaka")
    assert not ledger.other_owner("payment_id", "d2", "tanaka")
    assert not ledger.other_owner("account", "d1", "tanaka")
    ledger.note_value("payment_id", "d1", "tanaka", "v3")
    assert ledger.other_owner("payment_id", "d1", "sato")


def test_a_value_in_the_journal_is_noted_for_the_citizen_of_its_visit(ledger: Ledger, journal: Journal) -> None:
    """So it outlasts the ledger's own file."""
    write(journal, Kind.VISIT_OPENED)
    write(journal, Kind.RELEASED, "v1", *SUBMITTED, ("value:payment_id", "d1"))
    ledger.follow(journal.entries())
    assert not ledger.other_owner("payment_id", "d1", journal.digest(SATO))
    assert ledger.other_owner("payment_id", "d1", "tanaka")


def test_a_checklist_is_kept_with_how_each_item_is_known(ledger: Ledger) -> None:
    items = (ChecklistItem(item="card", known=KnownBy.READER), ChecklistItem(item="logged_out", known=KnownBy.GUARD))
    ledger.checklist("v1", items[:1])
    ledger.checklist("v1", items)
    assert ledger.checklist_of("v1") == items
    ledger.checklist("v1", ())
    assert ledger.checklist_of("v1") == ()


def test_a_ticket_counts_for_its_day(ledger: Ledger, journal: Journal) -> None:
    write(journal, Kind.VISIT_OPENED, "v1", ("ticket", "t12"))
    ledger.follow(journal.entries())
    write(journal, Kind.VISIT_OPENED, "v2")
    ledger.follow(journal.entries())
    assert ledger.tickets_since(NINE.replace(hour=0)) == {"t12"}
    assert ledger.tickets_since(NINE + timedelta(hours=15)) == frozenset()


def test_the_file_is_its_owners_alone(ledger: Ledger, file: Path) -> None:
    assert ledger.position()[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(LedgerError, match="open to others"):
        Ledger.open(file, "窓口1")


def test_a_destroyed_file_is_put_aside_and_the_ledger_made_anew(ledger: Ledger, journal: Journal, file: Path) -> None:
    """The journal has it all; the old file stays for whoever wants to look."""
    whole_visit(journal)
    ledger.follow(journal.entries())
    ledger.close()
    file.write_bytes(b"no database" * 100)
    again = Ledger.open(file, "窓口1")
    assert again.position()[0] == 0
    again.follow(journal.entries())
    assert [row["id"] for row in rows(file, "visit")] == ["v1"]
    again.close()
    assert file.with_name("ledger.sqlite.broken").exists()


def test_the_newest_checklist_of_the_journal_is_the_ledgers(ledger: Ledger, journal: Journal) -> None:
    """What nobody knows has no row; read twice, it is the same."""
    write(journal, Kind.VISIT_OPENED)
    proved = (("logged_out", "proved"), ("window_closed", "open"))
    asked = (("card_returned", "open"), *proved, ("papers_taken", "open"), ("citizen", "no"), ("staff", "no"))
    write(journal, Kind.CHECKLIST, "v1", *asked, minute=1)
    ledger.follow(journal.entries())
    assert ledger.checklist_of("v1") == (ChecklistItem(item="logged_out", known=KnownBy.GUARD),)
    said = (("card_returned", "reader"), *proved, ("papers_taken", "said"), ("citizen", "yes"), ("staff", "no"))
    write(journal, Kind.CHECKLIST, "v1", *said, minute=2)
    ledger.follow(journal.entries())
    assert ledger.checklist_of("v1") == (
        ChecklistItem(item="card_returned", known=KnownBy.READER),
        ChecklistItem(item="logged_out", known=KnownBy.GUARD),
        ChecklistItem(item="papers_taken", known=KnownBy.CITIZEN),
    )
