"""The three reasons for points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One of the three reasons for points."""

    key: str
    label: str
    amount: int


KINDS = (
    Kind(key="card", label="マイナンバーカードの新規取得等", amount=5000),
    Kind(key="insurance", label="健康保険証としての利用申込み", amount=7500),
    Kind(key="account", label="公金受取口座の登録", amount=7500),
)
