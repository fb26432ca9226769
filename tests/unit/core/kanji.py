"""Kanji that are one name in several forms, and kanji that are names of different people."""

from __future__ import annotations


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


NAMED = _words(
    "髙高 﨑崎 邊邉辺 齋齊斎斉 𠮷吉 澤沢 濵濱浜 嶋島 廣広 國国 櫻桜 眞真 惠恵 栁柳 德徳 瀨瀬 冨富 黑黒",
)
"""The groups that the specification names."""
FORMS = _words(
    # Of common surnames.
    "舘館 峯峰 曾曽 桒桑 埜野 穐秋 嶽岳 圡土 槗橋 舩船 龜亀 龍竜 瀧滝 檜桧 渕淵 藪薮 鷗鴎 濶闊 莵菟 裵裴 麴麹",
    # Of old and of today, some of them kanji with lives of their own.
    "弁辨瓣辯 芸藝 予豫 余餘 欠缺 糸絲 虫蟲 台臺 缶罐 党黨 万萬 礼禮 当當 亘亙 叱𠮟 剥剝 填塡 頬頰",
    # Radicals typed for kanji.
    "長⻑ 西⻄ 民⺠ 鬼⻤ 食⻝ 角⻆ 青⻘",
)
DIFFERENT = _words(
    # The specification's list, and what brothers, sisters and neighbours are called.
    "郎朗 裕祐 未末 士土 太大 一二 己巳 千干 昴昂 坂阪 陽洋 幸辛 徹撤 綾稜 遥陽 優悠 真直 美実 子孝 彦雄 介助 香佳",
    # Joined by chains of the published map, and cut: the law lists each of them as a name kanji of its own.
    "満漫 庄荘 奏秦 充克 玄糸 竺篤 喜壮 仏均 匡往 降隆 島雀 宜宣 某梅 易陽 明朋 考孝 以已 北比 与興 師帥 玉王 専直",
    # Joined by the map, and taken out by hand: surnames and names of their own.
    "升舛 伝傅 川坤 輔誧 尤兀 英偀",
    # Joined by the columns that are not used: replaced by sound and look.
    "号帆 郁青 寧貯 朝黄 漢域 楓風 鳳鵬 始昭 義然",
)
"""Pairs of kanji that no presentation and no folding may join."""
