"""Markers that people write at the end of a long day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.citizen(name="佐藤 花子", birthdate="1974-06-18")
def test_a_misspelt_argument(page: Page) -> None:
    page.goto("https://point.portal.test")


@pytest.mark.citizen("佐藤 花子", "昭和49年")
def test_a_birth_date_that_is_none(page: Page) -> None:
    page.goto("https://point.portal.test")


@pytest.mark.citizen(birth_date="1974-06-18")
def test_nobody_is_named(page: Page) -> None:
    page.goto("https://point.portal.test")


@pytest.mark.citizen("佐藤 花子", "1974-06-18", "サトウ ハナコ", "12")
def test_an_argument_too_many(page: Page) -> None:
    page.goto("https://point.portal.test")
