"""A scan's result: a table for people, JSON with stable keys for machines. Neither holds a cookie or token."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from guard.scan.asking import State
from guard.scan.leftover import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from guard.scan.asking import AskedSession
    from guard.scan.leftover import Leftover, Scan

FORMAT = 1  # count up when a key of the JSON changes its name or meaning

_KINDS = {
    Kind.SESSION_COOKIE: "セッション Cookie / session cookie",
    Kind.SESSION_TOKEN: "セッショントークン / session token",
    Kind.COOKIE: "Cookie / cookie",
    Kind.LOCAL_STORAGE: "ローカルストレージ / local storage",
    Kind.SESSION_STORAGE: "セッションストレージ / session storage",
    Kind.INDEXED_DB: "IndexedDB / IndexedDB",
    Kind.FILE_SYSTEM: "サイト専用ファイル / private files",
    Kind.SERVICE_WORKER: "サービスワーカー / service worker",
    Kind.CACHE_STORAGE: "キャッシュストレージ / cache storage",
    Kind.HTTP_CACHE: "HTTP キャッシュ / HTTP cache",
    Kind.HISTORY: "閲覧履歴 / history",
    Kind.AUTOFILL: "自動入力 / autofill",
    Kind.SAVED_LOGIN: "保存されたログイン / saved login",
    Kind.DOWNLOAD: "ダウンロード / download",
    Kind.RESTORE_FILE: "タブの復元 / tab restore",
    Kind.WORD: "検索語 / word",
}
_STATES = {
    State.ALIVE: "[red]有効 / alive[/red]",
    State.DEAD: "[green]無効 / dead[/green]",
    State.UNCLEAR: "[yellow]不明 / unclear[/yellow]",
    State.NOT_READ: "[yellow]未確認（値を読めず） / not asked: no value[/yellow]",
}


def as_json(scan: Scan, sessions: Sequence[AskedSession], *, scanned: str) -> str:
    """The whole result as one JSON object."""
    document = {
        "format": FORMAT,
        "scanned": scanned,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "profiles": scan.profiles,
        "leftovers": [_plain(asdict(found)) for found in scan.leftovers],
        "sessions": [_plain(asdict(session)) for session in sessions],
        "not_looked_at": scan.unseen,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def print_scan(scan: Scan, terminal: Console) -> None:
    """The leftovers as a table, or the sentence that there are none, and what was not looked at."""
    if scan.leftovers:
        terminal.print(_leftover_table(scan.leftovers))
    else:
        terminal.print("残存なし / No leftovers found.", style="green")
    for unseen in scan.unseen:
        terminal.print(_text(f"未確認 / not looked at: {unseen}"), style="yellow")


def print_sessions(sessions: Sequence[AskedSession], terminal: Console) -> None:
    """What the portals said."""
    if not sessions:
        return
    table = _table("ポータルの回答 / what the portals say", "場所 / profile", "サイト / portal", "状態 / state")
    for heading in ("ログイン中の方 / holder", "ログアウト / logout", "再送 / replay"):
        table.add_column(heading, overflow="fold")
    for one in sessions:
        state = _STATES[one.state] + (f" ({one.why})" if one.why else "")
        holder = _text(" ".join(filter(None, (one.name, one.holder))))
        logout = _said(one.logged_out, "済 / accepted", "失敗 / failed")
        replay = _said(one.replay_refused, "拒否 / refused", "まだ有効 / still alive")
        table.add_row(_text(one.profile), one.portal, state, holder, logout, replay)
    terminal.print(table)


def _leftover_table(leftovers: Sequence[Leftover]) -> Table:
    table = _table(
        "残存 / leftovers", "場所 / profile, file", "種類 / kind", "サイト / portal, host", "内容 / what", "数 / n"
    )
    for heading in ("作成 / created", "利用 / used", "期限 / expires", "印 / digest"):
        table.add_column(heading, overflow="fold")
    for one in leftovers:
        table.add_row(
            _text(f"{one.profile}\n{one.where}"),
            _KINDS[one.kind],
            _text("\n".join(filter(None, (one.portal, one.host)))),
            _text(one.what or ""),
            str(one.count),
            *(_when(time) for time in (one.created, one.used, one.expires)),
            one.digest or "",
        )
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _text(words: str) -> Text:
    """Words of a stranger: without the control characters that would steer the terminal."""
    return Text("".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in words))


def _when(time: datetime | None) -> str:
    """Local time, because staff compare it with the reception sheet."""
    return "" if time is None else f"{time.astimezone():%Y-%m-%d %H:%M}"


def _said(answer: bool | None, yes: str, no: str) -> str:  # noqa: FBT001  # an answer, not a switch
    return "" if answer is None else (f"[green]{yes}[/green]" if answer else f"[red]{no}[/red]")


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in facts.items()}
