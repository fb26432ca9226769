"""Japanese charsets as browsers read them: with the characters that Microsoft and NEC added, 髙 and 﨑 among them."""

from __future__ import annotations

import codecs

_SHIFT_JIS = frozenset({"shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji", "csshiftjis"})
"""Labels of one and the same charset (https://encoding.spec.whatwg.org/#names-and-labels)."""
_EUC_JP = frozenset({"euc-jp", "x-euc-jp", "cseucpkdfmtjapanese"})
_NO_CHARACTER = frozenset("\x80\uf8f0\uf8f1\uf8f2\uf8f3")
"""What Python makes of single bytes that are nothing in Shift_JIS."""
_ADDED = "madoguchi-added-to-euc-jp"


def decode(body: bytes, label: str) -> str:
    """The text that these bytes are in this charset. Raises ValueError or LookupError for what is none."""
    label = label.lower()
    if label in _EUC_JP:
        return body.decode("euc_jp", errors=_ADDED)
    if label not in _SHIFT_JIS:
        return body.decode(label)
    text = body.decode("cp932")
    if _NO_CHARACTER & set(text):
        msg = "bytes that no character has"
        raise ValueError(msg)
    return text


def _added(error: UnicodeError) -> tuple[str, int]:
    """Read two bytes of EUC-JP that the standard leaves out as Shift_JIS has them; both number the same table."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) < 2 or not all(0xA1 <= byte <= 0xFE for byte in pair):  # noqa: PLR2004  # a row and a cell
        raise error
    row, cell = pair[0] - 0xA1, pair[1] - 0xA1
    lead = row // 2 + (0x81 if row < 0x3E else 0xC1)  # noqa: PLR2004  # JIS X 0208:1997, annex 1
    trail = cell + (0x9F if row % 2 else 0x40 if cell < 0x3F else 0x41)  # noqa: PLR2004  # which skips 0x7F
    return bytes((lead, trail)).decode("cp932"), error.start + 2


codecs.register_error(_ADDED, _added)
