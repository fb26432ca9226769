"""The demo's report: one HTML file beside its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from guard.demo.play import Played

_TEMPLATES = Environment(loader=PackageLoader("guard.demo", "."), autoescape=True, undefined=StrictUndefined)


def write_report(folder: Path, played: Sequence[Played]) -> Path:
    """Write `index.html`, readable without any network; returns its path."""
    texts = {language.value: Texts(language) for language in Language}
    page = _TEMPLATES.get_template("report.html").render(played=played, ja=texts["ja"], en=texts["en"])
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    return path
