from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from guard.core.clearance import Finding
from guard.core.identity import Nobody, Obscurity, Unclear
from guard.core.submission import RequestClass
from guard.trying.mends import mends_of
from guard.trying.trial import Mend, StepTaken, Task
from tests.unit.trying.trials import GUEST, HOME, TARO, look, page, portal, sent, trial

if TYPE_CHECKING:
    from guard.trying.trial import Trial

UNCLEAR = Unclear(why=Obscurity.NOT_UNDERSTOOD)


def _needed(seen: Trial) -> list[Mend]:
    return [mend for mend in mends_of(seen) if mend.needed]


def _lines(seen: Trial) -> dict[str, Any]:
    """The TOML of the one mend that is needed."""
    (mend,) = _needed(seen)
    return tomllib.loads(mend.lines)


def test_a_profile_that_works_needs_no_mend() -> None:
    assert mends_of(trial(portal())) == []


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (page("", status=401), {"guest_status": 401}),
        (page("", status=403), {"guest_status": 403}),
        (page("", status=300), {"follow_redirects": True}),
        (page("{}", content_type="application/json"), {"reading": "json"}),
        (page(GUEST), {"guest": "#enter"}),
        (page('<input type="password">'), {"guest": "input[type=password]"}),
    ],
)
def test_a_guest_who_is_not_recognised_is_mended_from_the_answer(answer: Any, lines: dict[str, Any]) -> None:
    of = portal(holder={"guest": "#nothing"})

    assert _lines(trial(of, logged_out=look(of, answer, UNCLEAR))) == {"holder": lines}


@pytest.mark.parametrize("answer", [None, page("", status=404), page("", status=500), page("<p>hello</p>")])
def test_an_answer_that_says_nothing_is_named_without_a_guess(answer: Any) -> None:
    of = portal()

    (mend,) = _needed(trial(of, logged_out=look(of, answer, UNCLEAR)))

    assert mend.lines == ""
    assert mend.what.startswith("holder")


def test_a_name_read_while_nobody_is_logged_in_is_a_fault() -> None:
    of = portal()

    assert "although nobody is logged in" in _needed(trial(of, logged_out=look(of, page(HOME), TARO)))[0].what


@pytest.mark.parametrize("select", [".nothing", "p, b"])
def test_a_wrong_place_of_the_name_is_mended_with_the_place_where_it_stands(select: str) -> None:
    """The person said what their name looks like; the proposal matches it once."""
    of = portal(holder={"name": select})
    seen = trial(
        of, logged_in=look(of, page(HOME), UNCLEAR, session="s1", cookies={"sid": "d"}), shown_name="山田 太郎"
    )

    assert _lines(seen) == {"holder": {"name": ".hello b"}}


def test_a_place_that_reads_another_text_than_the_name_does_not_pass() -> None:
    """It would make every citizen a mismatch, or, where it is a heading, worse."""
    of = portal(holder={"name": "h1"})
    home = page("<h1>図書館</h1>" + HOME)
    seen = trial(of, logged_in=look(of, home, TARO, session="s1", cookies={"sid": "d"}), shown_name="山田太郎")

    (mend,) = _needed(seen)

    assert "another text" in mend.what
    assert "山田" not in mend.what + mend.lines


@pytest.mark.parametrize(
    ("cookies", "what"), [({"sid": "d1"}, "is seen although somebody"), ({}, "log in in the window")]
)
def test_a_guest_sign_after_login_is_told_from_no_login_by_the_cookies(cookies: dict[str, str], what: str) -> None:
    of = portal()

    mends = _needed(trial(of, logged_in=look(of, page(GUEST), Nobody(), session="s1", cookies=cookies), enough=None))

    assert what in mends[0].what


def test_what_no_mend_foresees_never_passes_for_working() -> None:
    """A birth date that is no date, say: every place is read, and the holder is unclear all the same."""
    of = portal()
    seen = trial(of, logged_in=look(of, page(HOME), UNCLEAR, session="s1", cookies={"sid": "d"}))

    assert [mend.what for mend in _needed(seen)] == ["the profile does not hold: not_understood after login"]


def test_a_wrong_cookie_name_is_mended_with_those_without_which_nobody_is_logged_in() -> None:
    of = portal(session={"cookies": ["JSESSIONID"]})

    (mend,) = _needed(trial(of, enough=False, needed=("sid",)))

    assert mend.what.endswith("these came or changed at login: csrf, sid")
    assert tomllib.loads(mend.lines) == {"session": {"cookies": ["sid"]}}


def test_a_cookie_that_is_set_and_is_not_the_session_is_found_out() -> None:
    of = portal(session={"cookies": ["csrf"]})

    assert _lines(trial(of, enough=False, needed=("sid",))) == {"session": {"cookies": ["sid"]}}


def test_a_remember_me_cookie_that_this_login_did_not_set_is_advice_alone() -> None:
    of = portal(session={"cookies": ["sid", "remember"]})

    (mend,) = mends_of(trial(of))

    assert not mend.needed


def test_a_session_that_changes_with_every_answer_must_be_declared() -> None:
    seen = trial(portal())
    seen.logged_in = replace(seen.logged_in, rotated=True)

    assert _lines(seen) == {"session": {"rotates": True}}


def test_a_token_that_no_request_carried_is_named() -> None:
    of = portal(session={"cookies": [], "token": {}})

    (mend,) = _needed(trial(of, logged_in=look(of, page(HOME), TARO, session=None)))

    assert "Authorization" in mend.what


def test_a_login_that_the_profile_does_not_name_is_mended_with_its_rule() -> None:
    seen = trial(portal(), requests=[sent("/enter.do", RequestClass.SUBMISSION), sent("/enter", RequestClass.LOGIN)])

    assert _lines(seen) == {"requests": {"login": [{"path": r"/enter\.do"}]}}


def test_a_login_whose_address_has_parameters_is_not_mended_with_its_path_alone() -> None:
    """Where everything happens at one path, that rule would make a login of each submission."""
    (mend,) = _needed(trial(portal(), requests=[sent("/index.php", RequestClass.SUBMISSION, has_query=True)]))

    rule = {"path": r"/index\.php"}
    assert tomllib.loads(mend.lines) == {"requests": {"login": [rule]}}
    taken_away = mend.lines.replace("\n#query", "\nquery")
    assert tomllib.loads(taken_away) == {"requests": {"login": [{**rule, "query": {"name": "value"}}]}}


@pytest.mark.parametrize("kind", [RequestClass.LOGIN, RequestClass.HARMLESS])
def test_a_rule_that_takes_every_parameter_is_pointed_out(kind: RequestClass) -> None:
    """It may be meant; or the site submits at the same path."""
    wide, narrow = ({"path": "/do"}, {"path": "/do", "query": {"do": "x"}})
    used = [sent("/do", kind, during=Task.USE, has_query=True)] * 2

    (mend,) = mends_of(trial(portal(requests={kind.value: [wide]}), requests=used))
    assert not mend.needed
    assert mend.what.startswith(f"requests.{kind.value}: POST /do has parameters")
    assert mends_of(trial(portal(requests={kind.value: [narrow]}), requests=used)) == []
    assert mends_of(trial(portal(requests={kind.value: [wide]}), requests=[replace(used[0], has_query=False)])) == []


def test_what_is_sent_when_somebody_is_logged_in_is_no_login() -> None:
    later = [
        sent("/apply", RequestClass.SUBMISSION, while_known=True),
        sent("/apply", RequestClass.SUBMISSION, during=Task.USE),
    ]

    assert mends_of(trial(portal(), requests=later)) == []


def test_a_site_that_no_profile_names_is_told_with_the_origin_to_add() -> None:
    seen = trial(portal(), strange_hosts=["login.example"])

    assert _lines(seen) == {"origins": ["https://library.example", "https://login.example"]}


def test_a_form_sent_elsewhere_is_told() -> None:
    (mend,) = _needed(trial(portal(), requests=[sent("/sso", RequestClass.FOREIGN)]))

    assert "no profile names" in mend.what


def test_a_logout_that_people_could_not_send_themselves_is_mended_with_its_rule() -> None:
    of = portal(requests={"logout": []}, logout={"steps": [{"method": "GET", "path": "/leave"}]})

    assert _lines(trial(of)) == {"requests": {"logout": [{"method": "GET", "path": "/leave"}]}}


def test_a_logout_by_a_parameter_is_mended_with_its_rule_and_found_in_it() -> None:
    steps = {"steps": [{"method": "GET", "path": "/index.php?do=log%20out"}]}
    rule = {"method": "GET", "path": r"/index\.php", "query": {"do": "log out"}}

    assert _lines(trial(portal(requests={"logout": []}, logout=steps))) == {"requests": {"logout": [rule]}}
    assert mends_of(trial(portal(requests={"logout": [rule]}, logout=steps))) == []


def test_a_step_on_the_way_to_the_logout_may_be_harmless_but_not_held() -> None:
    """Menu, confirmation, done: only the last one logs out."""
    steps = {"steps": [{"method": "GET", "path": "/menu"}, {"path": "/confirm"}, {"path": "/leave"}]}
    harmless = portal(logout=steps, requests={"harmless": [{"path": "/confirm"}]})

    assert mends_of(trial(harmless)) == []
    assert _lines(trial(portal(logout=steps))) == {"requests": {"logout": [{"path": "/confirm"}]}}


def test_a_fault_of_the_guard_itself_never_passes_for_a_profile_that_works() -> None:
    (mend,) = _needed(trial(portal(), faults=["held request (ValueError)"]))

    assert mend.what == "the guard itself failed: held request (ValueError)"


def _not_proved(of: Any, detail: str, **seen: Any) -> Trial:
    proofs = tuple(replace(proof, finding=Finding.NOT_PROVED, detail=detail) for proof in trial(of).proofs)
    return trial(of, proofs=proofs[1:], **seen)


def test_a_wrong_logout_path_is_mended_with_the_form_that_the_page_offers() -> None:
    """With its token against forged requests, which it would be refused without."""
    seen = _not_proved(
        portal(),
        "the old session is still alive on the server",
        steps=[StepTaken(method="POST", path="/leave", status=404)],
        afterwards=look(portal(), page(HOME), TARO),
    )

    mend = _needed(seen)[0]

    assert mend.what == "logout.steps: POST /leave is answered with 404"
    forgery = {"page": "/", "value": {"select": '#leave input[name="csrf"]', "attribute": "value"}, "field": "csrf"}
    assert tomllib.loads(mend.lines) == {
        "logout": {"steps": [{"method": "POST", "path": "/leave?logout=1", "anti_forgery": forgery}]}
    }


def test_a_logout_after_which_somebody_is_logged_in_is_mended_likewise() -> None:
    seen = _not_proved(
        portal(), "the old session is still alive on the server", afterwards=look(portal(), page(HOME), TARO)
    )

    assert "steps" in _lines(seen)["logout"]


def test_a_session_that_outlives_its_logout_must_be_declared() -> None:
    seen = _not_proved(portal(), "the old session is still alive on the server")

    assert _lines(seen) == {"logout": {"kills_session": False}}


def test_a_fault_that_is_declared_and_not_there_is_advice() -> None:
    of = portal(logout={"kills_session": False})

    (mend,) = mends_of(trial(of))

    assert (mend.needed, tomllib.loads(mend.lines)) == (False, {"logout": {"kills_session": True}})


def test_a_replay_that_was_refused_from_the_start_proves_nothing() -> None:
    seen = _not_proved(portal(), "the replay before the logout was not honoured (unreachable), so it proves nothing")

    assert "proves nothing" in _needed(seen)[0].what


FIELDS = [
    {"path": "/apply/.*", "name": "number", "kind": "payment_id"},
    {"path": "/apply/.*", "name": "note", "kind": "account_number", "optional": True},
    {"path": "/account", "name": "holder", "kind": "account_holder", "body": "json"},
]


def test_a_field_of_one_parameter_is_not_missed_in_what_another_one_sends() -> None:
    of = portal(fields=[{"path": "/do", "query": {"do": "apply"}, "name": "number", "kind": "payment_id"}])
    sought = frozenset({"number"})
    other = sent("/do", RequestClass.SUBMISSION, during=Task.USE)
    carried = sent("/do", RequestClass.SUBMISSION, during=Task.USE, sought=sought, found=sought)
    lacking = sent("/do", RequestClass.SUBMISSION, during=Task.USE, sought=sought)

    assert mends_of(trial(of, requests=[other, carried])) == []
    assert len(_needed(trial(of, requests=[other, lacking]))) == 1


def test_a_declared_field_that_every_submission_carried_needs_no_mend() -> None:
    carried = [
        sent("/apply/1", RequestClass.SUBMISSION, during=Task.USE, found=frozenset({"number", "note"})),
        sent("/apply/2", RequestClass.SUBMISSION, during=Task.USE, found=frozenset({"number"})),
        sent("/account", RequestClass.SUBMISSION, during=Task.USE, found=frozenset({"holder"})),
    ]
    assert mends_of(trial(portal(fields=FIELDS), requests=carried)) == []


def test_a_submission_without_a_declared_field_is_a_fault_of_the_profile() -> None:
    """At the counter it would be stopped for every citizen; the optional field beside it is only mentioned."""
    lacking = sent("/apply/1", RequestClass.SUBMISSION, during=Task.USE)
    stopped, *advice = mends_of(trial(portal(fields=FIELDS), requests=[lacking]))
    assert stopped.needed
    assert "fields: number is not in POST /apply/1" in stopped.what
    assert [mend.needed for mend in advice] == [False, False]


def test_a_declared_path_that_nobody_submitted_to_is_told_once() -> None:
    """Reading its page is no submission, and a request of another class carries no field that is read."""
    read = [sent("/apply/1", None, method="GET"), sent("/account", RequestClass.HARMLESS, during=Task.USE)]
    mends = mends_of(trial(portal(fields=FIELDS), requests=read))
    assert [mend.what.partition(", so")[0] for mend in mends] == [
        "fields: nothing was submitted to /apply/.*",
        "fields: nothing was submitted to /account",
    ]
    assert not any(mend.needed for mend in mends)
