"""Configuration files: closed, frozen, strict, documented per field; a wrong one says where and how to mend it."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo

from guard.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

_FOLDER = "folder"
_PASSWORD = re.compile(r"//[^/@\s]+@")


class Closed(BaseModel):
    """Takes no key that it does not know, and never changes. The docstring under a field is its documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


Model = TypeVar("Model", bound=Closed)


def _beside_the_file(value: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get(_FOLDER, Path())
    try:
        return (Path(folder) / value.expanduser()).absolute()
    except RuntimeError as error:  # `~somebody` without a home
        raise ValueError(str(error)) from None


LocalPath = Annotated[Path, AfterValidator(_beside_the_file)]
"""A path; where it is relative, it is so to the file that names it. `~` is the home directory."""


def load_toml(model: type[Model], path: Path) -> Model:
    """Read a file as this model, or raise `ConfigError` that names file, key, value and mend."""
    values = _parse(path)
    try:
        return model.model_validate_json(json.dumps(values, default=str), strict=True, context={_FOLDER: path.parent})
    except ValidationError as error:
        raise _config_error(model, path, error.errors()) from None


def _parse(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        what = f"{path}: cannot be read: {error.strerror}"
        raise ConfigError(what, mend="Name an existing file that this user may read.") from None
    except UnicodeDecodeError as error:
        what = f"{path}: byte {error.start} is not UTF-8"
        raise ConfigError(what, mend="Save the file with the encoding UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}", mend="Correct the file at that place.") from None
    except ValueError as error:  # a null byte in the path
        raise ConfigError(f"{path}: is not the name of a file: {error}", mend="Name a file.") from None


def _config_error(model: type[Closed], path: Path, problems: Sequence[ErrorDetails]) -> ConfigError:
    """Tell the first problem in full and name the keys of the others."""
    first = problems[0]
    what = f"{path}: {_key(first)}: {_complaint(first)}"
    others = [_key(problem) for problem in problems[1:]]
    also = f" Wrong too: {', '.join(others)}." if others else ""
    value = None if first["type"] == "missing" or not first["loc"] else _shown(first["input"])
    return ConfigError(what, value=value, mend=_mend(model, first) + also)


def _key(problem: ErrorDetails) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"])
    return "".join(parts).lstrip(".") or "the whole file"


def _complaint(problem: ErrorDetails) -> str:
    match problem["type"]:
        case "extra_forbidden":
            return "this key is not known"
        case "missing":
            return "this key is missing"
        case _:
            return problem["msg"].removeprefix("Value error, ").rstrip(".")


def _shown(value: object) -> str:
    return _PASSWORD.sub("//…@", repr(value))[:120]


def _mend(model: type[Closed], problem: ErrorDetails) -> str:
    *parents, last = problem["loc"] or ("",)
    owner = _descend(model, parents)
    if problem["type"] == "extra_forbidden" and owner is not None:
        near = difflib.get_close_matches(str(last), owner.model_fields, n=1)
        guess = f"Did you mean {near[0]}? " if near else "Remove it. "
        return f"{guess}Known keys here: {', '.join(owner.model_fields)}."
    field = owner.model_fields.get(str(last)) if owner is not None else None
    verb = "Add it" if problem["type"] == "missing" else "Correct it"
    return f"{verb}: {field.description}" if field is not None and field.description else f"{verb}."


def _descend(model: type[Closed], keys: Sequence[int | str]) -> type[Closed] | None:
    """Find the model that stands at these keys of a file."""
    for key in keys:
        if isinstance(key, int):
            continue
        field = model.model_fields.get(key)
        inner = model_within(field.annotation) if field is not None else None
        if inner is None:
            return None
        model = inner
    return model


def model_within(annotation: object) -> type[Closed] | None:
    """The model that a field of this type holds, alone, optional or in a tuple; None if it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Closed):
        return annotation
    inner = (model_within(argument) for argument in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found is not None), None)
