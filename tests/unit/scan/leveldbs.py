"""Key-value files as a browser writes them, made by hand."""

from __future__ import annotations

import cramjam

BLOCK = 1 << 15


def number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def text(raw: bytes) -> bytes:
    return number(len(raw)) + raw


def batch(sequence: int, *puts: tuple[bytes, bytes | None]) -> bytes:
    """Writings in one go; None deletes."""
    body = b"".join(b"\0" + text(key) if value is None else b"\1" + text(key) + text(value) for key, value in puts)
    return sequence.to_bytes(8, "little") + len(puts).to_bytes(4, "little") + body


def log(*batches: bytes) -> bytes:
    """A log: batches cut where a block ends."""
    out = bytearray()
    for whole in batches:
        rest, first = whole, True
        while rest or first:
            room = BLOCK - len(out) % BLOCK
            if room < 7:
                out += bytes(room)
                room = BLOCK
            part, rest = rest[: room - 7], rest[room - 7 :]
            kind = (1 if not rest else 2) if first else (4 if not rest else 3)
            out += b"\0\0\0\0" + len(part).to_bytes(2, "little") + bytes([kind]) + part
            first = False
    return bytes(out)


def table(*writings: tuple[int, bytes, bytes | None], compress: bool = True) -> bytes:
    """A table of one block, with its index and footer."""
    content = bytearray()

    def add(entries: list[tuple[bytes, bytes]]) -> bytes:
        body, before = bytearray(), b""
        for key, value in entries:
            shared = next(
                (n for n, (a, b) in enumerate(zip(before, key, strict=False)) if a != b), min(len(before), len(key))
            )
            body += number(shared) + number(len(key) - shared) + number(len(value)) + key[shared:] + value
            before = key
        body += bytes(4) + (1).to_bytes(4, "little")
        stored = bytes(cramjam.snappy.compress_raw(bytes(body))) if compress else bytes(body)
        handle = number(len(content)) + number(len(stored))
        content.extend(stored + (b"\1" if compress else b"\0") + bytes(4))
        return handle

    rows = [
        (key + (sequence << 8 | (value is not None)).to_bytes(8, "little"), value or b"")
        for sequence, key, value in writings
    ]
    data = add(rows)
    index = add([(rows[-1][0], data)])
    footer = (b"\0\0" + index).ljust(40, b"\0")
    return bytes(content) + footer + 0xDB4775248B80FB57.to_bytes(8, "little")
