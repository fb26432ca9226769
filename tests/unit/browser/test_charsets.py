"""Japanese charsets as browsers read them."""

from __future__ import annotations

import pytest

from guard.browser.charsets import decode


def test_every_character_of_shift_jis_that_microsoft_added_is_read_from_euc_jp() -> None:
    """NEC's row 13 and IBM's rows 89 to 92 as NEC selected them: the places where names are lost."""
    for row in (13, 89, 90, 91, 92):
        for cell in range(1, 95):
            lead, trail = (row - 1) // 2, cell - 1 + (0x9F if row % 2 == 0 else 0x40 if cell < 64 else 0x41)
            shift_jis = bytes((lead + (0x81 if lead < 31 else 0xC1), trail))
            try:
                character = shift_jis.decode("cp932")
            except UnicodeDecodeError:
                continue  # a gap in the table
            assert decode(bytes((0xA0 + row, 0xA0 + cell)), "EUC-JP") == character


@pytest.mark.parametrize("label", ["EUC-JP", "x-euc-jp", "Shift_JIS", "sjis", "Windows-31J"])
def test_ordinary_text_is_what_it_was(label: str) -> None:
    text = "佐藤 花子 ｻﾄｳ ～ABC"
    codec = "euc_jp" if "euc" in label.lower() else "cp932"
    assert decode(text.replace("～", "").encode(codec), label) == text.replace("～", "")


@pytest.mark.parametrize(
    ("body", "label"), [(b"\xfc", "EUC-JP"), (b"\xfc\x20", "EUC-JP"), (b"\xf8\xa1", "EUC-JP"), (b"\xff", "Shift_JIS")]
)
def test_what_is_no_character_is_refused(body: bytes, label: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # UnicodeDecodeError is one
        decode(body, label)
