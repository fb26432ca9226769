"""The demo's report says of each accident where it was published, what happened, and how long the next one waits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flows.accidents import KORIYAMA
from guard.demo.pictures import Shot
from guard.demo.report import write_report
from guard.texts import Language, Texts
from tests.unit.demo.test_play import HAPPENED, HELD, played

if TYPE_CHECKING:
    from pathlib import Path

    from guard.demo.play import Played


def written(folder: Path, shown: Played) -> str:
    return write_report(folder, [shown]).read_text(encoding="utf-8")


def test_the_report_names_source_accident_reason_and_time_to_the_next_citizen(tmp_path: Path) -> None:
    report = written(tmp_path, played(HAPPENED, replace(HELD, next_citizen_after=1.234)))
    assert f"出典 / source: {KORIYAMA.source}" in report
    assert f"{KORIYAMA.place.en}, {KORIYAMA.day}" in report
    assert "<b>ガードなし / without the guard:</b> A took B" in report
    assert "次の方まで 1.23 秒" in report
    assert HELD.stopped_by is not None
    for language in Language:
        assert Texts(language).reason(HELD.stopped_by).failed in report
    assert "防げなかった" not in report


def test_the_report_shows_each_picture_with_its_caption(tmp_path: Path) -> None:
    before, after = Shot(file="01-before.png", caption="前 / before"), Shot(file="02-after.png", caption="後 / after")
    report = written(tmp_path, played(replace(HAPPENED, shots=[before]), replace(HELD, shots=[after])))
    assert report.index(before.file) < report.index(after.file)
    for shot in (before, after):
        assert f'<img src="{shot.file}"' in report
        assert f"<figcaption>{shot.caption}</figcaption>" in report


def test_the_report_hides_no_failure(tmp_path: Path) -> None:
    failed = replace(HELD, astray="B took <A>", next_citizen_after=1.234)
    report = written(tmp_path, played(replace(HAPPENED, misattribution=None), failed))
    assert "起きなかった / did not happen" in report
    assert "防げなかった / not held. B took &lt;A&gt;" in report
    assert "次の方まで" not in report
