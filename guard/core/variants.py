"""Forms of one kanji that people and registers use for the same name.

Every group is a set of forms of **one** character: the form of today first, then the older and popular
ones (髙, 﨑, 𠮷, 邉 …). Compiled by hand from well-known forms, and not checked against a published table:
a form that is missing here makes a MISMATCH, which stops; no form here can make a MATCH.
Folding never decides that two people are the same: it leads to VARIANT, which a person confirms.
"""

from __future__ import annotations

_FORMS = """
高髙 崎﨑嵜 辺邊邉 斎齋齊斉 吉𠮷 沢澤 浜濱濵 島嶋嶌 広廣 国國囯圀 桜櫻 真眞 恵惠 柳栁桺
徳德 瀬瀨 富冨 黒黑 館舘 曽曾 峰峯 松枩柗 桑桒 梅楳 野埜 秋穐 岳嶽 土圡 角⻆ 橋槗 船舩
裵裴 亀龜 竜龍 滝瀧 桧檜 条條 県縣 関關 塩鹽 宝寶寳 蔵藏 豊豐 鉄鐵鐡 戸戶 青靑⻘ 清淸
静靜 黄黃 横橫 増增 薫薰 穂穗 栄榮 学學 実實 寿壽 万萬 与與 弥彌 来來 円圓 礼禮 応應
当當 総總 聡聰 芸藝 蛍螢 覚覺 観觀 譲讓 釈釋 麦麥 遥遙 凛凜 暁曉 晋晉 楽樂 帰歸 気氣
画畫 歓歡 巌巖 顔顏 暦曆 緑綠 録錄 郷鄕 鴎鷗 闘鬪 奥奧 仏佛 会會 伝傳 価價 倹儉 児兒
党黨 剣劍劔 勲勳勛 団團 図圖 堯尭 壮壯 声聲 売賣 変變 奨奬 嬢孃 宮宫 将將 専專 尽盡 属屬
峡峽 巣巢 帯帶 庁廳 弁辨 弾彈 従從 恒恆 悦悅 戦戰 抜拔 択擇 拡擴 掲揭 揺搖 断斷 旧舊
昼晝 枢樞 栃枥 桟棧 検檢 楼樓 欧歐 歩步 歳歲 歴歷 毎每 渉涉 湾灣 渋澁澀 浄淨 済濟 渓溪
湿濕 満滿 潜潛 灯燈 焼燒 営營 犠犧 独獨 狭狹 猟獵 獣獸 瑶瑤 畳疊 痩瘦 発發 盗盜 砕碎
祢禰 禄祿 秘祕 称稱 稲稻 穣穰 窃竊 粋粹 経經 継繼 続續 絵繪 縁緣 縦縱 繊纖 聴聽 肃肅
脳腦 舗舖 芦蘆 茎莖 荘莊 薬藥 虚虛 虫蟲 衛衞 装裝 誉譽 読讀 諌諫 謡謠 証證 豫予 賛贊
転轉 軽輕 辞辭 逓遞 遅遲 郎郞 醤醬 鋭銳 鎌鐮 鎮鎭 険險 隠隱 雑雜 霊靈 頼賴 駅驛 駆驅
験驗 髪髮 鶏鷄雞 麹麴 点點 歯齒 齢齡 両兩 並竝 乗乘 争爭 亜亞 仮假 体體 侠俠 倶俱 ケヶ
長⻑ 西⻄ 民⺠ 鬼⻤ 食⻝
"""

GROUPS: tuple[str, ...] = tuple(_FORMS.split())
"""The forms of one character each, today's first; no character stands in two groups."""

_TABLE = {ord(form): group[0] for group in GROUPS for form in group[1:]}


def fold(text: str) -> str:
    """Give every kanji with known variants its one form; all other characters stay."""
    return text.translate(_TABLE)
