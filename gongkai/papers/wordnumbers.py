"""Automatic numbers of Word: “一、”, “（一）”, “1.” that stand in no text and yet are printed."""

from __future__ import annotations

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "koreanCounting",
    "japaneseDigitalTenThousand",
}


_SERIES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def chinese_number(value: int) -> str:
    """A number from 1 to 9999 in Chinese counting form: 1 → 一, 12 → 十二, 105 → 一百零五."""
    if value <= 0 or value > 9999:
        return str(value)
    out = ""
    zero = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            if zero:
                out += "零"
            zero = False
            out += ("" if unit == 10 and digit == 1 and not out else _DIGITS[digit]) + name
        elif out and value:
            zero = True
    return out


def _roman(value: int) -> str:
    out = ""
    for unit, name in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
    ):
        count, value = divmod(value, unit)
        out += name * count
    for unit, name in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        count, value = divmod(value, unit)
        out += name * count
    return out


def _format(value: int, form: str) -> str:
    if form in _CHINESE:
        return chinese_number(value)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)
    if form == "decimalEnclosedParen":
        return chr(0x2474 + value - 1) if 1 <= value <= 20 else f"({value})"
    if form == "decimalEnclosedFullstop":
        return f"{value}."
    if form == "decimalZero":
        return f"{value:02d}"
    if form == "decimalFullWidth":
        return "".join(chr(ord(c) + 0xFEE0) for c in str(value))
    if form == "upperRoman":
        return _roman(value)
    if form == "lowerRoman":
        return _roman(value).lower()
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (value - 1) % 26)
        return letter if form == "upperLetter" else letter.lower()
    if form in _SERIES:
        return _SERIES[form][(value - 1) % len(_SERIES[form])]
    if form == "chineseLegalSimplified":
        return chinese_number(value).translate(_LEGAL)
    if form in ("bullet", "none"):
        return ""
    return str(value)


class Numbering:
    """The counters of one document; `label` must be asked for paragraph after paragraph in reading order."""

    def __init__(self, styles: Any, numbers: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._style_numbers: dict[str, tuple[str, int]] = {}
        self._outlines: dict[str, int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if numbers is not None:
            self._read_numbers(numbers)
        if styles is not None:
            self._read_styles(styles)

    def _read_numbers(self, root: Any) -> None:
        for abstract in root.iter(W + "abstractNum"):
            levels = {}
            for level in abstract.iter(W + "lvl"):
                index = int(level.get(W + "ilvl", "0"))
                form = _value(level, "numFmt") or "decimal"
                levels[index] = (form, _value(level, "lvlText") or "", int(_value(level, "start") or 1))
            self._levels[abstract.get(W + "abstractNumId", "")] = levels
        for number in root.iter(W + "num"):
            key = number.get(W + "numId", "")
            self._abstract[key] = _value(number, "abstractNumId") or ""
            for override in number.iter(W + "lvlOverride"):
                start = _value(override, "startOverride")
                if start:
                    self._starts[(key, int(override.get(W + "ilvl", "0")))] = int(start)

    def _read_styles(self, root: Any) -> None:
        parents: dict[str, str] = {}
        for style in root.iter(W + "style"):
            key = style.get(W + "styleId", "")
            parents[key] = _value(style, "basedOn") or ""
            properties = style.find(W + "pPr")
            if properties is None:
                continue
            outline = _value(properties, "outlineLvl")
            if outline is not None and outline.isdigit() and int(outline) < 9:
                self._outlines[key] = int(outline) + 1
            number = properties.find(W + "numPr")
            if number is not None and _value(number, "numId"):
                self._style_numbers[key] = (_value(number, "numId") or "", int(_value(number, "ilvl") or 0))
        for key in parents:
            seen = {key}
            above = parents[key]
            while above and above not in seen:
                seen.add(above)
                if key not in self._outlines and above in self._outlines:
                    self._outlines[key] = self._outlines[above]
                if key not in self._style_numbers and above in self._style_numbers:
                    self._style_numbers[key] = self._style_numbers[above]
                above = parents.get(above, "")

    def outline(self, paragraph: Any) -> int:
        """The outline level of a paragraph from 1, 0 for body text."""
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return 0
        own = _value(properties, "outlineLvl")
        if own is not None and own.isdigit():
            return int(own) + 1 if int(own) < 9 else 0
        return self._outlines.get(_value(properties, "pStyle") or "", 0)

    def label(self, paragraph: Any) -> str:
        """The automatic number of a paragraph as printed, empty when it has none; counts it."""
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return ""
        number = properties.find(W + "numPr")
        if number is not None and _value(number, "numId") is not None:
            key, index = _value(number, "numId") or "", int(_value(number, "ilvl") or 0)
        else:
            key, index = self._style_numbers.get(_value(properties, "pStyle") or "", ("", 0))
            if number is not None and _value(number, "ilvl"):
                index = int(_value(number, "ilvl") or 0)
        levels = self._levels.get(self._abstract.get(key, ""), {})
        if key in ("", "0") or index not in levels:
            return ""
        # Lists that share an abstract definition go on counting, unless the list has a start of its own.
        own = any(k == key for k, _ in self._starts)
        counts = self._counts.setdefault(f"num {key}" if own else f"abstract {self._abstract[key]}", {})
        start = self._starts.get((key, index), levels[index][2])
        counts[index] = counts.get(index, start - 1) + 1
        for deeper in [i for i in counts if i > index]:
            del counts[deeper]
        form, text, _ = levels[index]
        if form in ("bullet", "none") and "%" not in text:
            return ""

        def fill(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            return _format(counts.get(at, levels.get(at, ("decimal", "", 1))[2]), levels.get(at, ("decimal", "", 1))[0])

        return re.sub(r"%(\d)", fill, text)


def _value(node: Any, name: str) -> str | None:
    found = node.find(W + name)
    value = found.get(W + "val") if found is not None else None
    return value if isinstance(value, str) else None
