"""`guard flow run`, as QA runs it: on the mock portals, and on portals of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.people import SUZUKI_MISAKI

if TYPE_CHECKING:
    from flows.mock import MockPortals

pytestmark = pytest.mark.browser

PROFILES = Path(__file__).parents[2] / "config" / "portals"
PEOPLE = """name,birth_date,name_on_card,child_name,child_birth_date
佐々木 陽子,1985-04-01,,佐々木 凛,R1.5.6
高橋 直美,S55.4.1,髙橋 直美,高橋 蓮,R2.5.6
"""


def _run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "guard.cli", "flow", "run", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def _rows(said: str) -> list[list[str]]:
    """The lines of the table, cell by cell."""
    lines = (line for line in said.splitlines() if line.startswith("│"))
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_each_citizen_of_the_file_is_a_visit_and_the_table_says_what_came_of_it(tmp_path: Path) -> None:
    """A mother applies for her child. The next one's card has another form of her name, which nobody confirms."""
    file = tmp_path / "people.csv"
    file.write_bytes(PEOPLE.encode("cp932"))
    result = _run("child", "--citizens", file)
    assert result.returncode == 1, result.stdout + result.stderr
    first, second = (row for row in _rows(result.stdout) if row[0])
    assert first[:2] == ["2", "✓ done"]
    assert first[3:5] == ["submit", ""]
    assert second[:2] == ["3", "■ stopped"]
    assert second[3] == "login", "the form that chooses the child is the first that matters"
    assert second[4].startswith("variant_unconfirmed at")
    assert not [name for name in ("佐々木", "高橋", "髙橋", "直美") if name in result.stdout + result.stderr]


def test_on_a_staging_portal_the_citizen_may_leave_half_way(portals: MockPortals, tmp_path: Path) -> None:
    """The counter is QA's own, the people are the portal's; nothing is booked, and every proof is there."""
    hosts = ", ".join(f'"{host}" = {port}' for host, port in portals.hosts.items())
    profiles = ", ".join(f'"{PROFILES / name}.toml"' for name in ("point", "mypage", "idp"))
    spki = ", ".join(f'"{one}"' for one in portals.spki)
    counter = tmp_path / "staging.toml"
    counter.write_text(
        f'counter = "QA"\nportals = [{profiles}]\n[browser]\nallow_no_sandbox = true\n'
        f'[test_network]\nhosts = {{ {hosts} }}\nca_file = "{portals.ca_file}"\ntrusted_spki = [{spki}]\n'
    )
    file = tmp_path / "people.csv"
    who = SUZUKI_MISAKI
    file.write_text(
        "name,birth_date,card_id,pin,service,payment_id\n"
        f"{who.name},{who.birth_date},{who.card_id},{who.pin},{who.cashless.service},{who.cashless.payment_id}\n"
    )
    result = _run("points@kinds", "--citizens", file, "--config", counter)
    assert result.returncode == 0, result.stdout + result.stderr
    (row,) = (row for row in _rows(result.stdout) if row[0])
    assert row[:2] == ["2", "✓ left"]
    assert row[3:5] == ["kinds", ""]
    assert portals.arrived("POST", "point.portal.test", "/apply/kinds")
    assert portals.books.point_applications() == ()
