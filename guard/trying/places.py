"""Where in an answer a guest sign, a name and a logout stand: what a mend proposes matches that answer once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from guard.browser.reading import LONGEST_FIELD, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.browser.wire import Answer

_LOGOUT = re.compile(r"log-?_?out|sign-?_?out|log-?_?off|ログアウト", re.IGNORECASE)
_FORGERY = re.compile(r"csrf|xsrf|token|authenticity", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][\w-]*")
Place = str | dict[str, str]
"""A locator, as a profile writes it."""
Step = dict[str, object]
"""A logout step, as a profile writes it."""


def guest_sign(answer: Answer) -> str | None:
    """A sign in the answer to somebody who is not logged in."""
    document = _read(answer)
    if not isinstance(document, LexborHTMLParser):
        return _guest_in(document)
    password = document.css("input[type=password]")
    forms = [form for form in (_above(node, "form") for node in password) if form is not None]
    selectors = [_selector(form, document) for form in forms]
    return next((one for one in selectors if one), "input[type=password]" if len(password) == 1 else None)


def name_place(answer: Answer, name: str) -> Place | None:
    """The place that holds this name, alone or with words around it."""
    document = _read(answer)
    if not isinstance(document, LexborHTMLParser):
        return next((path for path, value in _leaves(document) if value == name), None)
    if document.body is None:
        return None
    holding = [node for node in document.body.traverse() if name in node.text(strip=True)]
    for node in reversed(holding):  # the innermost stands last
        selector = _selector(node, document)
        if selector and len(node.text(strip=True)) <= LONGEST_FIELD:
            return _with_pattern(selector, node.text(strip=True), name)
    return None


def logout_step(answer: Answer, page: str) -> Step | None:
    """The logout that the page offers, as a form or as a link; `page` is its path."""
    document = _read(answer)
    if not isinstance(document, LexborHTMLParser):
        return None
    for form in document.css("form"):
        action = form.attributes.get("action") or ""
        if _LOGOUT.search(action) or _LOGOUT.search(form.attributes.get("id") or ""):
            return _from_form(form, document, page)
    for link in document.css("a[href]"):
        if _LOGOUT.search(f"{link.attributes['href']} {link.text(strip=True)}"):
            return {"method": "GET", "path": _path(link.attributes["href"] or "", page)}
    return None


def _from_form(form: LexborNode, document: LexborHTMLParser, page: str) -> Step:
    method = (form.attributes.get("method") or "get").upper()
    step: Step = {"method": method, "path": _path(form.attributes.get("action") or page, page)}
    hidden = form.css("input[type=hidden][name]")
    for each in hidden:
        field = each.attributes["name"] or ""
        if _FORGERY.search(field) and method != "GET":
            within = _selector(form, document) or f'form[action="{form.attributes.get("action")}"]'
            value = {"select": f'{within} input[name="{field}"]', "attribute": "value"}
            step["anti_forgery"] = {"page": page, "value": value, "field": field}
    if method == "GET":  # what is hidden in it becomes the query, in place of the action's own
        query = urlencode([(each.attributes["name"] or "", each.attributes.get("value") or "") for each in hidden])
        step["path"] = str(step["path"]).partition("?")[0] + (f"?{query}" if query else "")
    return step


def _path(address: str, page: str) -> str:
    """Path and query: some portals do everything at one path."""
    parts = urlsplit(urljoin(page, address))
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read(answer: Answer) -> object:
    """A parsed page, or what the JSON stands for; None if it is neither."""
    try:
        text = text_of(answer)
        return json.loads(text) if "json" in answer.content_type.lower() else LexborHTMLParser(text)
    except (ValueError, LookupError):
        return None


def _guest_in(document: object) -> str | None:
    if not isinstance(document, dict):
        return None
    for key, value in document.items():
        if isinstance(value, bool) and re.search("auth|log|guest|anon", key, re.IGNORECASE):
            return f"{_quoted(key)} == `{json.dumps(value)}`"
    return next((f"{_quoted(key)} == null" for key, value in document.items() if value is None), None)


def _leaves(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{at}.{_quoted(key)}".lstrip("."))
    elif not isinstance(value, list):
        yield at, value


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_]\w*", key) else json.dumps(key)


def _above(node: LexborNode, tag: str) -> LexborNode | None:
    parent = node.parent
    while parent is not None and parent.tag != tag:
        parent = parent.parent
    return parent


def _selector(node: LexborNode, document: LexborHTMLParser) -> str | None:
    """A selector that matches this element alone: by its own id or class, or by its tag under such an element."""
    own = [*_names(node), node.tag or ""]
    parent, above = node.parent, list[str]()
    while parent is not None and not above:
        above = _names(parent)
        parent = parent.parent
    candidates = [*own[:-1], *(f"{outer} {inner}" for outer in above for inner in reversed(own)), own[-1]]
    return next((one for one in candidates if one not in {"html", "body"} and _matches_once(one, document)), None)


def _names(node: LexborNode) -> list[str]:
    found = [("#", node.attributes.get("id"))]
    found += [(".", one) for one in (node.attributes.get("class") or "").split()]
    return [sign + name for sign, name in found if name and _WORD.fullmatch(name)]


def _matches_once(selector: str, document: LexborHTMLParser) -> bool:
    return len(document.css(selector)) == 1


def _with_pattern(selector: str, text: str, name: str) -> Place:
    if text == name:
        return selector
    before, _, after = text.partition(name)
    return {"select": selector, "pattern": f"{literal(before)}(.+){literal(after)}"}


def literal(text: str) -> str:
    """A regular expression for exactly this text; spaces stay as they are, as people must be able to read it."""
    return "".join(f"\\{sign}" if sign in r".^$*+?{}[]\|()" else sign for sign in text)
