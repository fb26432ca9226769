"""What an entry of the journal changes in the ledger: one rule for each kind that the ledger knows.

The journal is the evidence and the ledger is made of it, so that a lost ledger costs nothing but the time to read
the journal again.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, update

from guard.core.checklist import How, Item
from guard.core.commands import Kind
from guard.core.household import Shared
from guard.core.submission import RequestClass
from guard.record.household import FACT as TRAITS
from guard.record.ledger_tables import answer, approval, checklist, used_value, visit
from guard.record.values import VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from guard.record.entry import Entry


def project(connection: Connection, entry: Entry, counter: str) -> None:
    """Change the ledger by one entry; entries of other kinds change nothing."""
    if entry.kind is not Kind.VISIT_OPENED and TRAITS in dict(entry.facts):
        _known_later(connection, entry, dict(entry.facts))
    rule = _RULES.get(entry.kind)
    if rule is not None:
        rule(connection, entry, dict(entry.facts), counter)
    for name, digest in entry.facts:
        if name.startswith(VALUE) and entry.visit_id is not None:
            person = entry.citizen or _person(connection, entry.visit_id)  # whose money it is, where that is told
            note_value(connection, name.removeprefix(VALUE), digest, person, entry.visit_id)


def stamp(at: datetime) -> str:
    """A time as the ledger writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def note_value(connection: Connection, kind: str, digest: str, person: str, visit_id: str) -> None:
    """Remember that a value was used by this citizen."""
    row = {"kind": kind, "digest": digest, "person": person}
    columns = used_value.c
    mine = (columns.kind == kind) & (columns.digest == digest) & (columns.person == person)
    connection.execute(delete(used_value).where(mine))
    connection.execute(insert(used_value).values(**row, visit_id=visit_id))


def _person(connection: Connection, visit_id: str) -> str:
    found = connection.execute(visit.select().where(visit.c.id == visit_id)).mappings().one_or_none()
    return "" if found is None else found["person"] or ""


def _opened(connection: Connection, entry: Entry, facts: Mapping[str, str], counter: str) -> None:
    row = {
        "id": entry.visit_id,
        "counter": counter,
        "opened_at": stamp(entry.at),
        "person": entry.citizen,
        **_traits(facts),
        "ticket": facts.get("ticket"),
        "acting_for": facts.get("acting_for"),
        "released": 0,
    }
    connection.execute(insert(visit).values(**row))


def _known_later(connection: Connection, entry: Entry, facts: Mapping[str, str]) -> None:
    """Where a visit was opened before anybody knew whom it served: the first entry that tells."""
    told = {"person": entry.citizen, **_traits(facts)}
    connection.execute(update(visit).where(visit.c.id == entry.visit_id, visit.c.person.is_(None)).values(**told))


def _traits(facts: Mapping[str, str]) -> dict[str, str]:
    """Digests by the column that is named as their kind."""
    traits = [trait.partition(":") for trait in facts.get(TRAITS, "").split()]
    return {kind.value: " ".join(digest for name, _, digest in traits if name == kind) for kind in Shared}


def _ending(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    ended = {"ended_at": stamp(entry.at), "ending": facts["ending"], "interruption": facts.get("interruption")}
    connection.execute(update(visit).where(visit.c.id == entry.visit_id).values(**ended))


def _cleared(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    clean = facts.get("clean") == "yes"
    connection.execute(update(visit).where(visit.c.id == entry.visit_id).values(cleared=clean))


def _unfinished(connection: Connection, entry: Entry, _facts: Mapping[str, str], _counter: str) -> None:
    broken_off = update(visit).where(visit.c.id == entry.visit_id, visit.c.ending.is_(None))
    connection.execute(broken_off.values(ending="unfinished"))


def _released(connection: Connection, entry: Entry, facts: Mapping[str, str], counter: str) -> None:
    _answered(connection, entry, facts, counter)
    if facts.get("class") == RequestClass.SUBMISSION:
        counted = update(visit).where(visit.c.id == entry.visit_id)
        connection.execute(counted.values(released=visit.c.released + 1))


def _answered(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    row = {
        "id": entry.sequence,
        "visit_id": entry.visit_id,
        "portal": facts.get("portal", ""),
        "channel": facts.get("channel", ""),
        "request_class": facts.get("class", ""),
        "at": stamp(entry.at),
        "held_ms": int(facts.get("held_ms", "0")),
        "reason": facts.get("reason"),
    }
    connection.execute(insert(answer).values(**row))


def _marked(connection: Connection, _entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    marked = update(answer).where(answer.c.id == int(facts["stop"]), answer.c.reason.is_not(None))
    connection.execute(marked.values(false_stop=facts["false"] == "yes"))


def _lifted(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    _approved(connection, entry, facts, who=facts.get("leader", ""), what=f"lifted:{facts.get('reason', '')}")


def _confirmed(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    _approved(connection, entry, facts, who=facts.get("by", ""), what=f"confirmed:{facts.get('portal', '')}")


def _bound(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    _approved(connection, entry, facts, who=facts.get("by", ""), what=f"bound:{facts.get('portal', '')}")


def _allowed(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    _approved(connection, entry, facts, who=facts.get("leader", ""), what=f"allowed:{facts.get('portal', '')}")


def _approved(connection: Connection, entry: Entry, facts: Mapping[str, str], *, who: str, what: str) -> None:
    row = {"id": entry.sequence, "visit_id": entry.visit_id, "at": stamp(entry.at), "who": who, "what": what}
    connection.execute(insert(approval).values(**row, by_pin=facts.get("pin") == "right"))


def _checklist(connection: Connection, entry: Entry, facts: Mapping[str, str], _counter: str) -> None:
    """The newest entry of a visit tells the whole list; what is open has no row."""
    said = "citizen" if facts["citizen"] == "yes" else "staff"
    known_by = {How.PROVED: "guard", How.READER: "reader", How.SAID: said}
    known = {item: How(facts[item]) for item in Item}
    rows = [
        {"visit_id": entry.visit_id, "item": item.value, "known": known_by[how]}
        for item, how in known.items()
        if how is not How.OPEN
    ]
    connection.execute(delete(checklist).where(checklist.c.visit_id == entry.visit_id))
    if rows:
        connection.execute(insert(checklist), rows)


_RULES: Final[Mapping[Kind, Callable[[Connection, Entry, Mapping[str, str], str], None]]] = {
    Kind.VISIT_OPENED: _opened,
    Kind.VISIT_BOUND: _bound,
    Kind.VISIT_ENDING: _ending,
    Kind.CLEARANCE: _cleared,
    Kind.UNFINISHED_VISIT_FOUND: _unfinished,
    Kind.RELEASED: _released,
    Kind.STOPPED: _answered,
    Kind.STOP_MARKED: _marked,
    Kind.LIFTED: _lifted,
    Kind.CONFIRMED: _confirmed,
    Kind.CHECKLIST: _checklist,
    Kind.VALUE_APPROVED: _allowed,
}
