"""Persons in the journal: keyed digests, which tell the same person from another and name nobody."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import unicodedata
from typing import TYPE_CHECKING

from guard.errors import JournalError
from guard.record.own_file import mode_for_others

if TYPE_CHECKING:
    from pathlib import Path

    from guard.core.identity import Citizen

KEY_BYTES = 32


def digest(citizen: Citizen, key: bytes) -> str:
    """Give the same 32 hex digits for the same name and birth date under the same key, and no way back.

    Widths, composed forms and spaces of the name do not matter: reception types them differently each time.
    """
    name = "".join(unicodedata.normalize("NFKC", citizen.name).split())
    birth_date = None if citizen.birth_date is None else citizen.birth_date.isoformat()
    message = json.dumps([name, birth_date]).encode()
    return hashlib.blake2b(message, digest_size=16, key=key, person=b"guard citizen").hexdigest()


def digest_of(kind: str, value: str, key: bytes) -> str:
    """Give the same 32 hex digits for the same number of one kind, such as a ticket, under the same key.

    Widths, spaces and small letters do not matter.
    """
    written = "".join(unicodedata.normalize("NFKC", value).upper().split())
    message = json.dumps([kind, written]).encode()
    return hashlib.blake2b(message, digest_size=16, key=key, person=b"guard value").hexdigest()


def load_key(path: Path) -> bytes:
    """Read the key, made at the first start and readable by its owner alone; raises `JournalError`."""
    try:
        _make(path)
        return _read(path)
    except OSError as error:
        what = f"The journal's key {path} cannot be read or made: {error.strerror}"
        raise JournalError(what, mend="Give this user read and write access to its folder.") from error


def _make(path: Path) -> None:
    """Write a new key beside and link it in place: nobody ever sees half a key, and none is overwritten."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:  # another start was first; its key holds
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> bytes:
    mode = mode_for_others(path)
    if mode is not None:
        raise JournalError(f"The journal's key {path} is open to others", value=mode, mend=f"Run: chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        what = f"The journal's key {path} does not have {KEY_BYTES} bytes"
        mend = "Restore it from a backup; under a new key nobody is known again."
        raise JournalError(what, value=len(key), mend=mend)
    return key
