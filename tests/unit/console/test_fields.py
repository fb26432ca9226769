"""Typed names and birth dates."""

from __future__ import annotations

from datetime import date

import pytest

from guard.console.fields import Fault, read_birth_date, read_birth_year, read_end, read_reading, read_text

TODAY = date(2026, 4, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "1980-04-01", "1980/4/1", "1980.4.1", "1980年4月1日", "19800401",
        "１９８０－０４－０１", "1980ー4ー1", " 1980 年 4 月 1 日 ",
        "昭和55年4月1日", "昭和５５年４月１日", "昭和55.4.1", "昭55/4/1", "㍼55年4月1日",
        "S55.4.1", "s55-4-1", "Ｓ５５．４．１",
    ],
)  # fmt: skip
def test_a_birth_date_is_read_however_it_is_written(typed: str) -> None:
    """Papers at the counter carry all of these, in half and full width."""
    assert read_birth_date(typed, TODAY) == date(1980, 4, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("大正15年12月25日", date(1926, 12, 25)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("明治45年7月30日", date(1912, 7, 30)),
        ("2000-02-29", date(2000, 2, 29)),
        ("2026-04-01", TODAY),
    ],
)
def test_the_first_and_last_days_of_an_era_belong_to_it(typed: str, day: date) -> None:
    """元年 is year 1; days of change that registers write either way are read either way."""
    assert read_birth_date(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.BIRTH_DATE_MISSING),
        (" \u3000\t", Fault.BIRTH_DATE_MISSING),
        ("きのう", Fault.BIRTH_DATE_UNREADABLE),
        ("198004", Fault.BIRTH_DATE_UNREADABLE),
        ("1980-4", Fault.BIRTH_DATE_UNREADABLE),
        ("4/1/1980", Fault.BIRTH_DATE_UNREADABLE),
        ("X55.4.1", Fault.BIRTH_DATE_UNREADABLE),
        ("1980年2月30日", Fault.NO_SUCH_DAY),
        ("19810229", Fault.NO_SUCH_DAY),
        ("S55.13.1", Fault.NO_SUCH_DAY),
        ("0000-01-01", Fault.NO_SUCH_DAY),
        ("昭和64年1月8日", Fault.NOT_IN_ERA),
        ("平成元年1月7日", Fault.NOT_IN_ERA),
        ("平成0年4月1日", Fault.NOT_IN_ERA),
        ("平成32年1月1日", Fault.NOT_IN_ERA),
        ("昭和99年1月1日", Fault.NOT_IN_ERA),
        ("2026-04-02", Fault.IN_THE_FUTURE),
        ("令和99年1月1日", Fault.IN_THE_FUTURE),
        ("1880-01-01", Fault.TOO_LONG_AGO),
        ("明治1年10月23日", Fault.TOO_LONG_AGO),
    ],
)
def test_a_wrong_birth_date_says_what_is_wrong(typed: str, fault: Fault) -> None:
    """Each mistake has its own message, so that staff know what to mend."""
    assert read_birth_date(typed, TODAY) is fault


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("山田　太郎", "山田 太郎"),
        ("  山田\t太郎\r\n", "山田 太郎"),
        ("あ", "あ"),
        ("山" * 200, "山" * 200),
        ("渡\U000e0101邉", "渡\U000e0101邉"),
        ("\ue000田", "\ue000田"),
        ("\x00山田\x1b", "山田"),
    ],
)
def test_a_name_is_kept_as_typed_but_for_white_space(typed: str, kept: str) -> None:
    """Pasted tabs and line ends become spaces; variation selectors and local characters (外字) stay."""
    assert read_text(typed, missing=Fault.NAME_MISSING) == kept


def test_a_missing_or_endless_name_is_refused() -> None:
    """White space is no name; 200 characters are enough for any."""
    assert read_text(" \u3000\n", missing=Fault.NAME_MISSING) is Fault.NAME_MISSING
    assert read_text("山" * 201, missing=Fault.NAME_MISSING) is Fault.TEXT_TOO_LONG
    assert read_text("", missing=None) == ""


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("1980", 1980), ("１９８０年", 1980), ("昭和55", 1980), ("昭和５５年", 1980), ("S55", 1980), ("昭55年", 1980),
        ("昭和55年4月1日", 1980), ("19800401", 1980),
        ("平成元年", 1989), ("R1", 2019), ("昭和64", 1989), ("大正15", 1926),
    ],
)  # fmt: skip
def test_a_birth_year_is_read_however_it_is_written(typed: str, year: int) -> None:
    """A whole date tells it as well."""
    assert read_birth_year(typed, TODAY) == year


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.ITEM_MISSING),
        ("80", Fault.BIRTH_YEAR_UNREADABLE),
        ("明治時代", Fault.BIRTH_YEAR_UNREADABLE),
        ("昭和65", Fault.NOT_IN_ERA),
        ("昭和0", Fault.NOT_IN_ERA),
        ("2027", Fault.IN_THE_FUTURE),
        ("R90", Fault.IN_THE_FUTURE),
        ("1890", Fault.TOO_LONG_AGO),
        ("1980-02-30", Fault.NO_SUCH_DAY),
    ],
)
def test_a_birth_year_that_cannot_be_says_why(typed: str, fault: Fault) -> None:
    assert read_birth_year(typed, TODAY) is fault


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" わたなべ　いちろう ", "わたなべ いちろう"),
        ("ﾜﾀﾅﾍﾞ ｲﾁﾛｰ", "ﾜﾀﾅﾍﾞ ｲﾁﾛｰ"),
        ("渡辺 いちろう", Fault.NOT_KANA),
        ("Watanabe", Fault.NOT_KANA),
        (" ", Fault.ITEM_MISSING),
        ("ア" * 201, Fault.TEXT_TOO_LONG),
    ],
)
def test_a_reading_is_kana_and_nothing_else(typed: str, read: str | Fault) -> None:
    assert read_reading(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("５６７８", "5678"),
        ("a-1 b2", "A1B2"),
        ("678", Fault.NOT_AN_END),
        ("12345", Fault.NOT_AN_END),
        ("--", Fault.NOT_AN_END),
        ("", Fault.ITEM_MISSING),
    ],
)
def test_the_end_of_a_number_has_four_characters(typed: str, read: str | Fault) -> None:
    assert read_end(typed) == read
