"""What a trial of an invented portal saw."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from guard.browser.wire import Answer
from guard.core.clearance import Area, Finding, Proof
from guard.core.identity import Holder, Identity, Known, Nobody
from guard.portal import Portal
from guard.trying.found import matches_of
from guard.trying.trial import Look, Request, StepTaken, Task, Trial

if TYPE_CHECKING:
    from guard.core.submission import RequestClass

GUEST = '<form id="enter"><input name="user"><input type="password" name="pass"></form>'
HOME = """
<header><p class="hello">ようこそ、<b>山田 太郎</b> 様</p></header>
<form id="leave" method="post" action="/leave?logout=1"><input type="hidden" name="csrf" value="t"></form>
"""
TARO = Known(identity=Identity(name="山田 太郎"))


def portal(**changes: Any) -> Portal:
    """A profile that works; a change of a table names only the keys that differ."""
    values: dict[str, Any] = {
        "name": "library",
        "title": {"ja": "図書館", "en": "Library"},
        "origins": ["https://library.example"],
        "session": {"cookies": ["sid"]},
        "holder": {"path": "/", "reading": "html", "guest": "#enter", "name": ".hello b"},
        "requests": {"login": [{"path": "/enter"}], "logout": [{"path": "/leave"}]},
        "logout": {"steps": [{"path": "/leave"}]},
    }
    for key, value in changes.items():
        values[key] = {**values.get(key, {}), **value} if isinstance(value, dict) else value
    return Portal.model_validate_json(json.dumps(values))


def page(body: str, *, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Answer:
    return Answer(status=status, content_type=content_type, body=body.encode())


def look(of: Portal, answer: Answer | None, holder: Holder, **seen: Any) -> Look:
    matches = matches_of(of.holder, answer, "") if answer else ()
    return Look(holder=holder, answer=answer, matches=matches, **seen)


def trial(of: Portal, **seen: Any) -> Trial:
    """Everything as a working profile shows it; what differs is named."""
    proofs = tuple(
        Proof(area=area, finding=Finding.PROVED, portal=of.name, detail="1 replay(s) honoured, then refused")
        for area in (Area.LOGGED_OUT, Area.SESSION_DEAD)
    )
    as_it_should_be: dict[str, Any] = {
        "logged_out": look(of, page(GUEST), Nobody()),
        "logged_in": look(of, page(HOME), TARO, session="s1", cookies={"sid": "d1", "csrf": "d2"}),
        "afterwards": look(of, page(GUEST), Nobody()),
        "enough": True,
        "steps": [StepTaken(method="POST", path="/leave", status=300)],
        "proofs": proofs,
    }
    return Trial(portal=of, **{**as_it_should_be, **seen})


def sent(path: str, request_class: RequestClass | None, **seen: Any) -> Request:
    return Request(**{"during": Task.LOG_IN, "method": "POST", "path": path, "request_class": request_class, **seen})
