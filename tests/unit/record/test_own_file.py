from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from guard.record.own_file import begin_before_looking, make_own, mode_for_others

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_file_is_its_owners_alone_and_one_that_is_not_is_told(tmp_path: Path) -> None:
    file = tmp_path / "state" / "any.sqlite"
    make_own(file)
    assert mode_for_others(file) is None
    file.write_bytes(b"kept")
    file.chmod(0o640)
    make_own(file)
    assert (mode_for_others(file), file.read_bytes()) == ("0o640", b"kept")


def _engine(file: Path, *pragmas: str) -> Engine:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool, connect_args={"timeout": 0.05})
    begin_before_looking(engine, *pragmas)
    return engine


def test_who_looks_before_writing_shuts_others_out_from_the_look_on(tmp_path: Path) -> None:
    """Or two would count the same wrong PIN once."""
    file = tmp_path / "any.sqlite"
    one, other = _engine(file), _engine(file)
    with one.begin() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="locked"), other.begin():
            pass
    with other.begin():
        pass


def test_settings_hold_on_each_connection(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "any.sqlite", "journal_mode = WAL", "synchronous = NORMAL")
    for _ in range(2):
        with engine.begin() as connection:
            assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 1
