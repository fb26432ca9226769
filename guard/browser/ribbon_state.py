"""What ribbon and stop overlay show: plain values made from the counter's view, sent to `ribbon.js` as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from guard.core.view import HolderState, Phase, PortalView
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.view import CounterView, StopView
    from guard.portal import Portal
    from guard.texts import Sign, Texts


class Tone(StrEnum):
    """How urgent the ribbon looks; its symbol and label say the same."""

    CALM = "calm"
    PLAIN = "plain"
    ATTENTION = "attention"
    STOP = "stop"


_TONES: Final[Mapping[HolderState, Tone]] = {
    HolderState.NOT_SEEN: Tone.PLAIN,
    HolderState.NOBODY: Tone.PLAIN,
    HolderState.AGREE: Tone.CALM,
    HolderState.VARIANT: Tone.ATTENTION,
    HolderState.UNBOUND: Tone.ATTENTION,
    HolderState.SOMEONE_ELSE: Tone.STOP,
    HolderState.UNREADABLE: Tone.ATTENTION,
    HolderState.NOT_BY_NAME: Tone.ATTENTION,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RibbonState:
    """One line: who is served, who is logged in at this portal, and whether that agrees."""

    lang: str
    name: str
    """What the ribbon is, for readers of the screen."""
    serving: str
    citizen: str | None
    login: str
    holder: str | None
    symbol: str
    label: str
    tone: Tone
    assurance: str
    """How this portal's holder can be checked at all: by name, or by a login seen and a typed check."""
    waiting: str = ""
    """What a page shows whose form has waited for long; while it is held, nobody can tell it anything."""
    training: str = ""
    """That nothing here is real; empty at a real counter."""
    alarm_texts: tuple[str, ...] = ()
    """Texts whose appearance on the page the script reports."""

    def to_json(self) -> str:
        """A JavaScript expression: the argument of `madoguchi.show`."""
        return _to_json(asdict(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class StopNotice:
    """The overlay over a page whose submission was stopped."""

    lang: str
    title: str
    failed: str
    rows: tuple[tuple[str, str], ...]
    """Label and text: both persons, what to do, who may release it."""
    kept: str
    """That nothing was sent and nothing typed is lost."""
    back: str
    discard: str
    discarding: str

    def to_json(self) -> str:
        """A JavaScript expression: the argument of `madoguchi.stop`."""
        return _to_json(asdict(self))


def ribbon_state(view: CounterView, portal: Portal, texts: Texts) -> RibbonState:
    """The ribbon on the pages of one portal."""
    seen = _seen(view, portal.name)
    sign, tone = _sign(view, seen, texts)
    return RibbonState(
        lang=texts.language,
        name=texts.label(Label.RIBBON_NAME),
        serving=texts.label(Label.RIBBON_SERVING if view.visit_id else Label.RIBBON_NO_VISIT),
        citizen=_person(view, texts),
        login=texts.label(Label.RIBBON_LOGIN),
        holder=seen.holder_name,
        symbol=sign.symbol,
        label=sign.label,
        tone=tone,
        assurance=texts.assurance(portal.assurance) if view.phase is Phase.SERVING else "",
        waiting=texts.label(Label.RIBBON_WAITING) if view.phase is Phase.SERVING else "",
        training=texts.label(Label.TRAINING) if view.training else "",
        alarm_texts=tuple(alarm.text for alarm in portal.alarms),
    )


def stop_notice(view: CounterView, stop: StopView, texts: Texts) -> StopNotice:
    """The overlay for one stop of the open visit."""
    advice = texts.reason(stop.reason)
    persons = (
        (texts.label(Label.SERVING), _person(view, texts)),
        (texts.label(Label.LOGGED_IN), stop.holder_name),
    )
    return StopNotice(
        lang=texts.language,
        title=texts.label(Label.STOP_TITLE),
        failed=advice.failed if stop.why is None else f"{advice.failed} {texts.obscurity(stop.why)}",
        rows=(
            *((label, person) for label, person in persons if person is not None),
            (texts.label(Label.TODO), advice.todo),
            (texts.label(Label.RELEASE), advice.release),
        ),
        kept=texts.label(Label.STOP_KEPT),
        back=texts.label(Label.BACK),
        discard=texts.label(Label.DISCARD),
        discarding=texts.label(Label.DISCARDING),
    )


def _person(view: CounterView, texts: Texts) -> str | None:
    """Who is served, and for whom; a visit that is not bound to its first login yet says so."""
    if view.visit_id is not None and view.citizen_name is None:
        return texts.label(Label.NOT_BOUND_YET)
    if view.citizen_name is None or view.acting_for_name is None:
        return view.citizen_name
    return f"{view.citizen_name} {texts.label(Label.ACTING_FOR, name=view.acting_for_name)}"


def _seen(view: CounterView, portal: str) -> PortalView:
    unseen = PortalView(portal=portal, state=HolderState.NOT_SEEN)
    return next((each for each in view.portals if each.portal == portal), unseen)


def _sign(view: CounterView, seen: PortalView, texts: Texts) -> tuple[Sign, Tone]:
    """The seal and a closing visit go before what the portal says."""
    if view.seal is not None:
        sealed = texts.holder(HolderState.SOMEONE_ELSE).model_copy(update={"label": texts.label(Label.SEALED)})
        return sealed, Tone.STOP
    if view.phase is not Phase.SERVING:
        return texts.phase(view.phase), Tone.PLAIN
    if view.read_back is not None and view.read_back.portal == seen.portal:
        waiting = texts.holder(HolderState.NOT_SEEN).model_copy(update={"label": texts.label(Label.RIBBON_READ_BACK)})
        return waiting, Tone.ATTENTION
    return texts.holder(seen.state), _TONES[seen.state]


def _to_json(fields: dict[str, object]) -> str:
    # U+2028 and U+2029 are escaped with all else beyond ASCII, so the text is safe inside a script as it stands.
    return json.dumps({_camel(name): value for name, value in fields.items()}, ensure_ascii=True)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
