"""`guard portal new`: a commented profile, written from the grammar's own documentation, so it never goes stale."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, get_origin

from guard.closed import Closed, model_within
from guard.errors import ConfigError
from guard.grammar import Locator, Reading, Words
from guard.portal import Portal, load_portal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic.fields import FieldInfo

_INLINE = (Words, Locator)
"""Short enough to stand on the line of their key."""

_HEAD = """\
# Profile of one guarded web site. Fill in the keys that are set, and try them: guard portal try {file}
# A line that begins with # and a space explains; one that begins with # alone is a key at its default, or an example:
# take the # away to set it. A key that is not known, or a value that cannot be, is refused with its mend.
"""

_SET: Mapping[str, object] = {
    "session.cookies": ["sessionid"],
    "requests.login.path": "/login",
    "requests.logout.path": "/logout",
    "logout.steps.path": "/logout",
}
_SET_HOLDER: Mapping[Reading, Mapping[str, object]] = {
    Reading.HTML: {
        "holder.path": "/",
        "holder.reading": "html",
        "holder.guest": "#login-form",
        "holder.name": "#user-name",
    },
    Reading.JSON: {
        "holder.path": "/api/me",
        "holder.reading": "json",
        "holder.guest": "authenticated == `false`",
        "holder.name": "name",
    },
}
_EXAMPLES: Mapping[str, object] = {
    "identity_provider": "idp",
    "session.token.key": "access_token",
    "session.token.origin": "https://login.portal.example",
    "session.token.inside": "auth.access_token",
    "holder.guest_text": "ゲスト",
    "holder.guest_status": 401,
    "holder.nameless": "#logout-form",
    "holder.kana": ".kana",
    "holder.birth_date": {"select": ".birth", "pattern": "生年月日 (.+)"},
    "holder.subject_id": {"select": "body", "attribute": "data-user"},
    "requests.harmless.path": "/analytics/.*",
    "requests.submission.path": "/apply",
    "requests.submission.query": {"do": "apply"},
    "fields.path": "/apply/service",
    "fields.name": "payment_id",
    "fields.kind": "payment_id",
    "fields.title": {"ja": "決済サービスID", "en": "Payment-service ID"},
    "logout.steps.form": {"confirm": "yes"},
    "logout.steps.anti_forgery.page": "/",
    "logout.steps.anti_forgery.value": {"select": "#logout-form input[name=csrf]", "attribute": "value"},
    "logout.steps.anti_forgery.cookie": "csrftoken",
    "logout.steps.anti_forgery.field": "csrf",
    "logout.steps.anti_forgery.header": "X-CSRF-Token",
    "alarms.text": "登録済み",
    "alarms.meaning": {"ja": "前の方のお名前かもしれません。", "en": "It may be the name of the citizen before."},
}


def write_profile(path: Path, name: str, *, origin: str, reading: Reading) -> None:
    """Write a new profile. Raises ConfigError if the file is there already, or name or origin cannot be."""
    text = outline(name, origin=origin, reading=reading, file=path.name)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(f"{path}: is there already", mend="Name another file with --out, or delete it.") from None
    except OSError as error:
        what = f"{path}: cannot be written ({error.strerror})"
        raise ConfigError(what, mend="Name a file in a folder that this user may write to.") from error
    try:
        load_portal(path)
    except ConfigError:
        path.unlink()
        raise


def outline(name: str, *, origin: str, reading: Reading, file: str) -> str:
    """Text of a profile that loads as it stands: every key of the grammar with its documentation."""
    values = {
        "name": name,
        "title": {"ja": name, "en": name},
        "origins": [origin],
        **_SET,
        **_SET_HOLDER[reading],
    }
    return "\n".join([_HEAD.format(file=file), *_Outline(values).table(Portal, "")]) + "\n"


class _Outline:
    """Writes one model after the other; what a model's keys mean is said where it stands first."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self._explained: set[type[Closed]] = set()

    def table(self, model: type[Closed], at: str) -> list[str]:
        """Lines of a table's keys, then of the tables in it, which TOML wants last."""
        explain = model not in self._explained
        self._explained.add(model)
        fields = [(f"{at}.{name}".lstrip("."), field) for name, field in model.model_fields.items()]
        keys = [line for path, field in fields if _table_of(field) is None for line in self._key(path, field, explain)]
        return [*keys, *(line for path, field in fields for line in self._inner(path, field))]

    def _key(self, path: str, field: FieldInfo, explain: bool) -> list[str]:  # noqa: FBT001  # it stands in no call by itself
        comment = _comment(field) if explain else []
        if _inline(field) is Locator and Locator not in self._explained:
            self._explained.add(Locator)
            comment.append("# Such a place is a string, or { select = …, attribute = …, pattern = … }:")
            comment.extend(f"#     {name}: {each.description}" for name, each in Locator.model_fields.items())
        return [*comment, self._line(path, field)]

    def _line(self, path: str, field: FieldInfo) -> str:
        key = path.rpartition(".")[2]
        if path in self._values:
            return f"{key} = {toml(self._values[path])}"
        return f"#{key} = {toml(_EXAMPLES.get(path, _default(field)))}"

    def _inner(self, path: str, field: FieldInfo) -> list[str]:
        model = _table_of(field)
        if model is None:
            return []
        is_set = any(each.startswith(f"{path}.") for each in self._values)
        has_keys = any(_table_of(inner) is None for inner in model.model_fields.values())
        header = f"[[{path}]]" if get_origin(field.annotation) is tuple else f"[{path}]"
        headers = [("" if is_set else "#") + header] if has_keys else []
        return ["", *_comment(field), *headers, *self.table(model, path)]


def _comment(field: FieldInfo) -> list[str]:
    return [f"# {line}" for line in (field.description or "").splitlines() if line.strip()]


def _inline(field: FieldInfo) -> type[Closed] | None:
    model = model_within(field.annotation)
    return model if model in _INLINE else None


def _table_of(field: FieldInfo) -> type[Closed] | None:
    model = model_within(field.annotation)
    return None if model in _INLINE else model


def _default(field: FieldInfo) -> object:
    return "" if field.is_required() or field.default is None else field.default


def toml(value: object) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
