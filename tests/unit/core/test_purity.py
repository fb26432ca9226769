"""The core decides and does nothing else: no clock, no chance, no files, no waiting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import guard.core

MODULES = sorted(Path(guard.core.__file__).parent.glob("*.py"))
ALLOWED = {
    "__future__",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "enum",
    "re",
    "typing",
    "unicodedata",
}
TABLES = {"variants.py": {"importlib.resources"}}
"""A table that ships with the core is read once, at import: it is as constant as the code beside it."""
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "now", "today", "utcnow"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_the_core_imports_values_and_itself_alone(module: Path) -> None:
    """Whoever needs a clock or a logger in here has to move the decision, or the effect."""
    allowed = ALLOWED | TABLES.get(module.name, set())
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                found = {alias.name for alias in names}
            case ast.ImportFrom(module=name, level=level):
                assert level == 0
                found = {name or ""}
            case _:
                continue
        assert all(name in allowed or name == "guard.core" or name.startswith("guard.core.") for name in found), found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_the_core_waits_for_nothing_and_calls_nothing_outside(module: Path) -> None:
    """No coroutine, no clock, no console, no hidden state."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith | ast.Global)
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            assert called not in IMPURE_CALLS, f"{module.name}:{node.lineno}"
