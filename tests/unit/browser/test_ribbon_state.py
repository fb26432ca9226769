"""What ribbon and overlay show, made from a view."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from guard.browser.ribbon_state import Tone, ribbon_state, stop_notice
from guard.core.identity import Obscurity
from guard.core.payload import FieldKind
from guard.core.terms import Assurance
from guard.core.verdict import Reason
from guard.core.view import CounterView, HolderState, Phase, PortalView, SealReason, StopView, ValueView
from guard.labels import Label
from guard.portal import Portal
from guard.texts import Language, Texts

POINTS = Portal.model_validate(
    {
        "name": "point",
        "title": {"ja": "ポイント", "en": "Points"},
        "origins": ["https://point.portal.test"],
        "session": {"cookies": ["sid"]},
        "holder": {"path": "/whoami", "reading": "json", "guest": "guest", "name": "name"},
        "alarms": [{"text": "登録済み", "meaning": {"ja": "別の方", "en": "another"}}],
    }
)
SERVING = CounterView(
    phase=Phase.SERVING,
    generation=1,
    visit_id="v1",
    citizen_name="山田 太郎",
    portals=(
        PortalView(portal="other", state=HolderState.SOMEONE_ELSE, holder_name="佐藤 花子"),
        PortalView(portal="point", state=HolderState.AGREE, holder_name="山田 太郎"),
    ),
)


ASSURANCES = [(Assurance.IDENTITY, "氏名で照合"), (Assurance.PROVENANCE, "ログインの経緯と入力で確認")]


def test_the_ribbon_shows_the_holder_of_its_own_portal() -> None:
    """A stranger at another portal is shown there, not here."""
    shown = ribbon_state(SERVING, POINTS, Texts())
    assert (shown.citizen, shown.holder, shown.label, shown.tone) == ("山田 太郎", "山田 太郎", "一致", Tone.CALM)
    assert shown.alarm_texts == ("登録済み",)


@pytest.mark.parametrize("state", list(HolderState))
def test_only_agreement_looks_calm(state: HolderState) -> None:
    """Every other state has a tone, a symbol and a label of its own."""
    shown = ribbon_state(replace(SERVING, portals=(PortalView(portal="point", state=state),)), POINTS, Texts())
    assert (shown.tone is Tone.CALM) is (state is HolderState.AGREE)
    assert (shown.symbol, shown.label) == (Texts().holder(state).symbol, Texts().holder(state).label)


@pytest.mark.parametrize(("assurance", "said"), ASSURANCES)
def test_the_ribbon_says_how_the_person_can_be_checked_at_this_portal(assurance: Assurance, said: str) -> None:
    """The weaker assurance is never taken for the stronger."""
    shown = ribbon_state(SERVING, POINTS.model_copy(update={"assurance": assurance}), Texts())
    assert shown.assurance == said


def test_while_the_citizen_reads_a_number_back_the_ribbon_leads_to_the_console() -> None:
    """At the portal that waits alone. A page whose own navigation waits draws nothing: it runs no script."""
    number = ValueView(submission_id="1-7", portal="point", kind=FieldKind.PAYMENT_ID, name="id", groups=("SP10",))
    shown = ribbon_state(replace(SERVING, read_back=number), POINTS, Texts())
    assert (shown.label, shown.tone) == (Texts().label(Label.RIBBON_READ_BACK), Tone.ATTENTION)
    elsewhere = replace(SERVING, read_back=replace(number, portal="other"))
    assert ribbon_state(elsewhere, POINTS, Texts()).label == "一致"


def test_a_portal_not_looked_at_yet_is_not_called_agreeing() -> None:
    """No sighting, no promise."""
    assert ribbon_state(replace(SERVING, portals=()), POINTS, Texts()).label == "まだ確認していません"


def test_a_visit_without_a_citizen_is_open_and_says_that_nobody_is_known_yet() -> None:
    """It must not look as if nobody were served; whoever is logged in is not called the citizen."""
    waiting = PortalView(portal="point", state=HolderState.UNBOUND, holder_name="佐藤 花子")
    unbound = replace(SERVING, citizen_name=None, portals=(waiting,))
    shown = ribbon_state(unbound, POINTS, Texts())
    assert (shown.serving, shown.citizen, shown.holder) == ("対応中", "ご本人の確認前", "佐藤 花子")
    assert (shown.label, shown.tone) == ("ご本人の確認待ち", Tone.ATTENTION)
    stop = StopView(submission_id="s", portal="point", reason=Reason.NOT_BOUND_YET)
    assert stop_notice(unbound, stop, Texts()).rows[0] == ("対応中の方", "ご本人の確認前")
    nobody = ribbon_state(CounterView(phase=Phase.READY, generation=1), POINTS, Texts())
    assert (nobody.serving, nobody.citizen) == ("対応中の方はいません", None)


def test_a_seal_and_a_closing_visit_are_never_shown_as_agreement() -> None:
    """Whatever the portal says, nothing can be sent then, and the ribbon says so."""
    sealed = ribbon_state(replace(SERVING, seal=SealReason.UNFORESEEN), POINTS, Texts())
    assert (sealed.label, sealed.tone) == ("封鎖中", Tone.STOP)
    closing = ribbon_state(replace(SERVING, phase=Phase.CLOSING), POINTS, Texts(Language.EN))
    assert (closing.label, closing.tone) == ("Clearing", Tone.PLAIN)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("reason", list(Reason))
def test_the_overlay_says_what_to_do_and_who_may_release_it(reason: Reason, language: Language) -> None:
    """For every reason, with the persons that are known and the detail of what could not be read."""
    texts = Texts(language)
    stop = StopView(submission_id="s", portal="point", reason=reason, why=Obscurity.TIMEOUT)
    notice = stop_notice(SERVING, stop, texts)
    advice = texts.reason(reason)
    assert notice.failed == f"{advice.failed} {texts.obscurity(Obscurity.TIMEOUT)}"
    assert [text for _, text in notice.rows] == ["山田 太郎", advice.todo, advice.release]
    with_holder = stop_notice(SERVING, replace(stop, holder_name="佐藤 花子"), texts)
    assert [text for _, text in with_holder.rows][:2] == ["山田 太郎", "佐藤 花子"]


def test_what_is_sent_to_the_page_is_safe_inside_a_script() -> None:
    """A name with quotes or line separators arrives as it is and breaks out of nothing."""
    name = "a\"'\u2028</script>`${1}"
    text = ribbon_state(replace(SERVING, citizen_name=name), POINTS, Texts()).to_json()
    assert text.isascii()
    assert json.loads(text)["citizen"] == name
    assert json.loads(text)["alarmTexts"] == ["登録済み"]


@pytest.mark.parametrize("training", [True, False])
def test_the_ribbon_says_that_it_is_training(training: bool) -> None:  # noqa: FBT001 (a case)
    shown = ribbon_state(replace(SERVING, training=training), POINTS, Texts())
    assert shown.training == ("研修中(本物の手続きではありません)" if training else "")
