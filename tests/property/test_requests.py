"""What the rules of a profile promise for every address, however the portal behind it reads addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guard import portal as portals
from guard.core.submission import RequestClass
from guard.portal import Portal, RequestRule, Requests
from guard.query import certainly, possibly

if TYPE_CHECKING:
    from collections.abc import Callable

DEEDS = ("submit", "view", "login", "logout", "list")
"""What the portal can be told to do; no rule names `list`, which only shows something."""
CLASS_OF = {
    "submit": RequestClass.SUBMISSION,
    "view": RequestClass.HARMLESS,
    "login": RequestClass.LOGIN,
    "logout": RequestClass.LOGOUT,
}
LESS_GUARDED = {RequestClass.HARMLESS, RequestClass.LOGIN, RequestClass.LOGOUT, None}

_names = st.sampled_from(["do", "do", "DO", "d%6F", "do[]", "do%5B1%5D", "+do", "lang"])
_deeds = st.sampled_from([*DEEDS, "s%75bmit", "SUBMIT", "view;do=submit"])
queries = st.lists(st.tuples(_names, _deeds), max_size=4).map(lambda pairs: "&".join(f"{n}={v}" for n, v in pairs))
methods = st.sampled_from(["GET", "POST"])


@st.composite
def servers(draw: st.DrawFn) -> Callable[[str], str]:
    """One way of those in use to read `do` from a query."""
    apart = draw(st.sampled_from(["&", "[&;]"]))
    taken = draw(st.sampled_from([0, -1]))
    folds: list[Callable[[str], str]] = [str, str.lower, lambda name: name.strip().partition("[")[0]]
    fold = draw(st.sampled_from(folds))
    same = draw(st.sampled_from(folds[:2]))

    def deed(query: str) -> str:
        pairs = [part.partition("=") for part in re.split(apart, query)]
        found = [same(unquote_plus(value)) for name, _, value in pairs if fold(unquote_plus(name)) == "do"]
        return found[taken] if found else "list"

    return deed


@st.composite
def profiles(draw: st.DrawFn) -> Portal:
    """Rules in any order that say the truth of each deed; some name a method only, some the wrong one."""
    rules: dict[RequestClass, list[RequestRule]] = {each: [] for each in CLASS_OF.values()}
    both = [(deed, method) for deed in CLASS_OF for method in ("GET", "POST")]
    kept = draw(st.permutations(both))[: draw(st.integers(min_value=1, max_value=len(both)))]
    for deed, method in [("submit", "GET"), *kept]:
        rule = RequestRule.model_validate({"method": method, "path": "/index.php", "query": {"do": deed}})
        rules[CLASS_OF[deed]].append(rule)
    requests = Requests.model_validate({str(each): tuple(named) for each, named in rules.items()})
    return _portal(requests)


def _portal(requests: Requests) -> Portal:
    return Portal.model_validate(
        {
            "name": "one",
            "title": {"ja": "一つ", "en": "One"},
            "origins": ["https://one.example"],
            "session": {"cookies": ["sid"]},
            "holder": {"path": "/", "reading": "html", "guest": "#g", "name": "#n"},
            "requests": requests,
        }
    )


def a_submission_is_held_as_one(profile: Portal, server: Callable[[str], str], method: str, query: str) -> None:
    """Whatever else its address says, and in whatever order the rules stand."""
    named = profile.classify(method, "/index.php", query)
    if server(query) == "submit":
        assert named is RequestClass.SUBMISSION, (method, query)


def a_login_is_never_overlooked(profile: Portal, server: Callable[[str], str], method: str, query: str) -> None:
    """Where the profile names it, the request is held, and whoever was seen before it is not believed after it."""
    login = [rule for rule in profile.requests.login if rule.method == method]
    if login and server(query) == "login":
        named = profile.classify(method, "/index.php", query)
        assert named in {RequestClass.LOGIN, RequestClass.SUBMISSION}, (method, query)
        assert named is RequestClass.LOGIN or not profile.names(method, "/index.php", query)


def nothing_written_passes_by_a_rule_for_something_else(
    profile: Portal, server: Callable[[str], str], method: str, query: str
) -> None:
    """What may write is less than a submission only if the portal does just what that rule names."""
    named = profile.classify(method, "/index.php", query)
    if method == "POST" and named in LESS_GUARDED:
        assert CLASS_OF.get(server(query)) is named, (query, server(query))


PROMISES = (
    a_submission_is_held_as_one,
    a_login_is_never_overlooked,
    nothing_written_passes_by_a_rule_for_something_else,
)
DRAWN = {"profile": profiles(), "server": servers(), "method": methods, "query": queries}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_the_rules_keep_their_promise(promise: Callable[..., None]) -> None:
    settings(max_examples=400, deadline=None)(given(**DRAWN)(promise))()


@pytest.mark.parametrize(
    ("where", "fault", "promise"),
    [
        ("certainly", possibly, nothing_written_passes_by_a_rule_for_something_else),
        ("possibly", certainly, a_submission_is_held_as_one),
        ("possibly", certainly, a_login_is_never_overlooked),
    ],
)
def test_the_promises_find_a_fault_that_is_made_on_purpose(
    where: str, fault: Callable[..., bool], promise: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portals, where, fault)
    search = settings(
        max_examples=3000,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises(AssertionError):
        search(given(**DRAWN)(promise))()
