"""Draws the console's page: a function of the counter's view, in parts that can be exchanged one by one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from guard.console.calls import frame
from guard.console.fields import Fault
from guard.console.forms import Attempt
from guard.core.card import CardAnswer, CardState
from guard.core.checklist import Confirmer, How, Item
from guard.core.commands import Refusal
from guard.core.events import Ending
from guard.core.interruption import Interruption
from guard.core.offline import Cause, Kept, Step
from guard.core.payload import FieldKind
from guard.core.view import BindingView, Phase, SealReason
from guard.core.weakness import by_weakness
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from guard.console.reception_list import ReceptionList, RowFault
    from guard.core.view import AlarmView, CounterView, PortalView, SentView, ValueView
    from guard.core.weakness import Found
    from guard.portal import Portal
    from guard.texts import Texts

_PARTS: Final[Mapping[Phase, tuple[str, ...]]] = {
    Phase.STARTING: ("starting",),
    Phase.READY: ("preflight", "card", "reception", "checklist", "clearance", "without"),
    Phase.SERVING: ("idle", "read_back", "served", "binding", "sent", "card", "stops", "alarms", "actions"),
    Phase.CLOSING: ("closing",),
}
_START_OF_DAY: Final = ("preflight", "duty", "clearance")
_SEALED: Final = ("idle", "seal", "discard", "lift", "checklist", "clearance")

TEMPLATES: Final = Environment(
    loader=PackageLoader("guard.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(
    L=Label,
    Fault=Fault,
    Ending=Ending,
    CardState=CardState,
    CardAnswer=CardAnswer,
    Interruption=Interruption,
    FieldKind=FieldKind,
)
TEMPLATES.globals.update(Confirmer=Confirmer, How=How, Item=Item, Refusal=Refusal)
TEMPLATES.globals.update(Cause=Cause, Kept=Kept, Step=Step)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A piece of the page. While its version stays, the browser keeps the piece, and what is typed in it."""

    name: str
    version: str
    html: Markup


class Page:
    """Draws the page of one view in one language."""

    def __init__(
        self,
        view: CounterView,
        texts: Texts,
        portals: Sequence[Portal],
        csrf: str,
        *,
        pins: bool,
        waiting: ReceptionList | None = None,
        bound: bool = False,
        found: tuple[Found, ...] | None = None,
    ) -> None:
        """`pins`: staff are registered, so that leaders type PINs; `waiting`: who comes next; `bound`: without data.

        `found`: by preflight; None where it was not looked.
        """
        self._found = found
        self._bound = bound
        self._view = view
        self._texts = texts
        self._pins = pins
        self._portals = {portal.name: portal for portal in portals}
        self._common = {
            "t": texts,
            "view": view,
            "title": self._title,
            "meaning": self._meaning,
            "what": self._what,
            "way": self._way,
            "weaknesses": by_weakness(found or ()),
            "broken_off": _broken_off(view),
            "waiting": waiting,
            "list_place": self._list_place,
            "csrf": csrf,
            "frame": frame(view, csrf),
            "pins": pins,
            "once": secrets.token_urlsafe(12),
            "visit": view.visit_id or "",
        }

    def whole(self, attempt: Attempt | None = None) -> str:
        """The page as first opened, or after a form that was not carried out."""
        return self._draw("page.html", attempt=attempt or Attempt(), parts=tuple(self._parts(attempt)))

    def fragment(self) -> str:
        """The part of the page that changes with the counter."""
        return self._draw("now.html", parts=tuple(self._parts(None)))

    def _parts(self, attempt: Attempt | None) -> Iterator[Part]:
        attempt = attempt or Attempt()
        if self._view.ledger_failed:
            yield self._part("ledger", self._draw("parts/ledger.html"), None)
        for name in self._names():
            if name in self._absent():
                continue
            if name == "binding" and not self._is_unbound:
                continue
            template = "reception_bound" if name == "reception" and self._bound else name
            html = self._draw(f"parts/{template}.html", attempt=attempt)
            yield self._part(name, html, self._typed_into(name))
            if name == "served":
                yield from self._confirmations(attempt)
            if name == "stops":
                yield from self._disputes(attempt)

    def _absent(self) -> set[str]:
        view = self._view
        asked = {"card": view.card, "checklist": view.checklist, "read_back": view.read_back}
        absent = {name for name, there in asked.items() if there is None} | (set() if view.sent else {"sent"})
        absent |= set() if self._tells_preflight else {"preflight"}
        return absent if view.idle_asked else absent | {"idle"}

    @property
    def _tells_preflight(self) -> bool:
        """That all is well is told at the start of the day; what is wrong, until it is mended."""
        if self._found is None:
            return False
        begins = self._view.clearance is None or self._unmanned
        return begins or any(not one.weakness.lasting for one in self._found)

    @property
    def _is_unbound(self) -> bool:
        return self._view.visit_id is not None and self._view.citizen_name is None

    def _names(self) -> tuple[str, ...]:
        if self._view.seal is not None:
            return _SEALED
        return _START_OF_DAY if self._unmanned else _PARTS[self._view.phase]

    @property
    def _unmanned(self) -> bool:
        return self._pins and self._view.staff is None and self._view.phase is Phase.READY

    def _confirmations(self, attempt: Attempt) -> Iterator[Part]:
        for portal in self._view.portals:
            if portal.questions is not None:
                html = self._draw("parts/confirm.html", attempt=attempt, portal=portal)
                depends_on = f"{self._view.visit_id} {_told(portal)} {self._pins}"
                yield self._part(f"confirm-{portal.portal}", html, depends_on)

    def _disputes(self, attempt: Attempt) -> Iterator[Part]:
        for dispute in self._view.disputes:
            html = self._draw("parts/shared.html", attempt=attempt, dispute=dispute)
            yield self._part(f"shared-{dispute.submission_id}", html, f"{self._view.visit_id} {self._pins}")

    def _typed_into(self, name: str) -> str | None:
        """What a part with a form depends on; None for a part without one, which depends on all it shows."""
        view = self._view
        return {
            "reception": f"{self._pins}",
            "binding": _asked_in(view),
            "card": f"{view.visit_id} {view.card} {view.card_may_be_waived}",
            "read_back": f"{view.read_back.submission_id} {view.read_back.turn}" if view.read_back else "",
            "duty": "",
            "without": f"{view.without_guard}",
            "idle": f"{view.visit_id} {view.idle_asked} {view.citizen_name}",
            "checklist": f"{view.checklist}",
            "actions": f"{view.visit_id} {bool(view.stops)}",
            "discard": f"{view.visit_id}",
            "lift": f"{view.visit_id} {view.seal} {view.generation} {self._pins}",
        }.get(name)

    def _part(self, name: str, html: str, depends_on: str | None) -> Part:
        source = html if depends_on is None else f"{self._texts.language} {depends_on}"
        return Part(name=name, version=hashlib.sha256(source.encode()).hexdigest()[:16], html=Markup(html))  # noqa: S704 - drawn by the escaping templates

    def _title(self, portal: str) -> str:
        known = self._portals.get(portal)
        return self._texts.pick(known.title) if known else portal

    def _what(self, value: ValueView) -> str:
        return self._field(value.portal, value.kind, value.name)

    def _field(self, portal: str, kind: FieldKind, name: str) -> str:
        """What a declared field is called: by the profile, or by its kind."""
        known = self._portals.get(portal)
        fields = known.fields if known else ()
        named = next((one.title for one in fields if (one.name, one.kind) == (name, kind)), None)
        return self._texts.pick(named) if named else self._texts.value(kind)

    def _way(self, sent: SentView) -> str:
        """What is known of a submission: its road, and what its profile declares that it carried."""
        way = self._texts.channel(sent.channel)
        if not sent.fields:
            return way
        fields = self._texts.label(Label.SENT_AND).join(self._field(sent.portal, *one) for one in sent.fields)
        return self._texts.label(Label.SENT_WITH, way=way, fields=fields)

    def _meaning(self, alarm: AlarmView) -> str:
        known = self._portals.get(alarm.portal)
        named = next((each.meaning for each in known.alarms if each.text == alarm.text), None) if known else None
        return self._texts.pick(named) if named else self._texts.label(Label.ALARM_MEANING)

    def _list_place(self, wrong: RowFault) -> str:
        """Where on the reception list something is wrong, and what kind of value stands there."""
        label, count = (Label.VALUE_DIGITS, wrong.digits) if wrong.digits else (Label.VALUE_TEXT, wrong.characters)
        value = self._texts.label(label, count=count) if count else ""
        if not wrong.line:
            return wrong.file
        told = self._texts.label(Label.LIST_PLACE, file=wrong.file, line=wrong.line, column=wrong.column, value=value)
        return " ".join(told.split())

    def _draw(self, template: str, **values: object) -> str:
        return draw(template, **self._common, **values)


def draw(template: str, **values: object) -> str:
    """A template of this folder, with every text escaped."""
    return TEMPLATES.get_template(template).render(**values)


def _broken_off(view: CounterView) -> Interruption | None:
    """Why the visit was interrupted that sealed the counter."""
    told = view.seal is SealReason.INTERRUPTED and view.seal_detail in set(Interruption)
    return Interruption(view.seal_detail) if told else None


def _asked_in(view: CounterView) -> str:
    """What is typed belongs to one holder, as long as the same is asked of them."""
    if not isinstance(view.binding, BindingView):
        return f"{view.visit_id} {view.binding}"
    asked = [question.item for question in view.binding.questions.asked]
    return f"{view.visit_id} {view.binding.holder_name} {asked} {view.binding.questions.by_leader}"


def _told(portal: PortalView) -> str:
    asked = None if portal.questions is None else [question.item for question in portal.questions.asked]
    leader = portal.questions is not None and portal.questions.by_leader
    return f"{portal.portal} {portal.state} {portal.holder_name} {asked} {leader}"
