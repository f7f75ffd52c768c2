"""Radicals that PDF fonts put in the place of the characters they look like: ⼈ for 人, ⻔ for 门."""

from __future__ import annotations

import re
import unicodedata

# The supplement has (nearly) no compatibility mappings in Unicode: radical and character by turns.
_PAIRS = (
    "⺁厂⺄乙⺆冂⺇几⺈刀⺉刂⺊卜⺌小⺍小⺏尢⺒巳⺓幺⺔彐⺕彐⺖忄⺗心⺘扌⺙攵⺛无⺜日⺝月⺞歹⺟母⺠民⺡氵⺢水⺣灬⺤爪⺥爪⺦丬"
    "⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糸⺰纟⺱网⺲罒⺳网⺶羊⺷羊⺸羊⺹老⺺聿⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃西⻄西⻅见⻆角"
    "⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑长⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟"
    "⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟⻳龟"
)
_SUPPLEMENT = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def plain_radicals(text: str) -> str:
    """`text` with radical and compatibility characters replaced by the ordinary ones."""
    if not _RADICAL.search(text):
        return text
    return _RADICAL.sub(lambda m: _SUPPLEMENT.get(m.group()) or unicodedata.normalize("NFKC", m.group()), text)
