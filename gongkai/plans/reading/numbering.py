"""Printed numbers: “一、”, “（一）”, “1.”, “（1）”, “①” at the start of a heading or an item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_CN = "一二三四五六七八九十百〇零"
# A number directly before a date is still a number: “20.2021年底前”, “3．10月底前”; “1.5亿元” is a decimal.
_NOT_DECIMAL = r"(?!\d)|(?=\d{4}\s*年)|(?=\d{1,2}\s*月)|(?=\d{3,}[\u4e00-\u9fff])"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第\s*[{_CN}\d]+\s*(?:章|部分|篇|编|板块|类|大类|阶段|方面|专题|批)[\s、：:]*")),
    ("article", re.compile(rf"第\s*[{_CN}\d]+\s*(?:条|项|款|点|件)(?:[\s、：:]+|(?=[\u4e00-\u9fff“]))")),
    ("cn", re.compile(rf"[{_CN}]{{1,4}}\s*[、．.]\s*(?=\S)")),
    ("cnp", re.compile(rf"[（(〔]\s*[{_CN}]{{1,4}}\s*[）)〕]\s*[、．.]?\s*")),
    (
        "dec",
        re.compile(r"\d{1,2}[.．]\d{1,2}(?:[.．]\d{1,2})?(?:[.．、\s]\s*|(?=[\u4e00-\u9fff“]))(?![%％\d])(?!月|年|日)"),
    ),
    ("dash", re.compile(r"\d{1,2}\s*[-－—–]\s*\d{1,2}(?![\d年月日%％个项家])\s*[.．、]?\s*(?=[\u4e00-\u9fff“《])")),
    ("num", re.compile(rf"\d{{1,3}}\s*(?:[.．、](?:{_NOT_DECIMAL})|[.．、]\s+|、(?!\d+\s*[月日、]))\s*")),
    ("nump", re.compile(r"[（(]\s*\d{1,3}\s*[）)]\s*[、．.]?\s*|\d{1,3}\s*[）)]\s*")),
    ("circ", re.compile(r"[①-⑳]\s*[、．.]?\s*|[⑴-⒇]\s*|[⒈-⒛]\s*")),
)
RANK = {"chapter": 0, "cn": 1, "cnp": 2, "num": 3, "article": 3, "dec": 4, "dash": 3, "nump": 5, "circ": 6}
HEADING_KINDS = frozenset({"chapter", "cn", "cnp"})
_UNITS_AFTER_DECIMAL = re.compile(r"\d+\.\d+\s*(?:万|亿|个|家|%|％|倍|元|公里|平方|米|吨|千|小时|版|GHz|G\b)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed number: its kind, the text of it as printed, where the text after it begins, and its value."""

    kind: str
    printed: str
    end: int
    value: int

    @property
    def label(self) -> str:
        """The number as it is quoted: “3” for `3．`, “（一）” with its brackets."""
        if self.kind in ("num", "dec", "dash"):
            return re.sub(r"[.．、\s]+$", "", self.printed)
        return re.sub(r"[、．.：:\s]+$", "", self.printed) if self.kind != "circ" else self.printed.strip()

    @property
    def rank(self) -> int:
        """Usual depth in an outline, 0 outermost."""
        return RANK[self.kind]


def mark_of(text: str) -> Mark | None:
    """The number at the start of `text`, None when there is none."""
    # A number and what tells it from a decimal stand in the first characters.
    return _mark_of(text[:40])


@lru_cache(maxsize=32768)
def _mark_of(text: str) -> Mark | None:
    plain = text.translate(_WIDE)
    lead = len(plain) - len(plain.lstrip())
    for kind, pattern in _PATTERNS:
        match = pattern.match(plain, lead)
        if match is None:
            continue
        if kind in ("num", "dec") and _UNITS_AFTER_DECIMAL.match(plain[lead:]):
            continue
        printed = text[lead : match.end()]
        return Mark(kind, printed.rstrip(), match.end(), _value(kind, printed.translate(_WIDE)))
    return None


def _value(kind: str, printed: str) -> int:
    if kind == "circ":
        character = printed.strip()[0]
        for base in (0x2460, 0x2474, 0x2488):
            if base <= ord(character) < base + 20:
                return ord(character) - base + 1
    digits = re.search(r"\d+", printed)
    if digits:
        return int(digits.group())
    return chinese_value("".join(re.findall(f"[{_CN}]", printed)))


def chinese_value(text: str) -> int:
    """The value of a Chinese number up to 999: 十二 → 12, 二十 → 20, 一百零三 → 103."""
    total = current = 0
    for character in text:
        if character in "〇零":
            continue
        if character == "十":
            total += (current or 1) * 10
            current = 0
        elif character == "百":
            total += (current or 1) * 100
            current = 0
        else:
            current = "一二三四五六七八九".find(character) + 1
    return total + current


_ORDINAL = re.compile(rf"\s*[（(]?\s*(?:\d{{1,3}}|[{_CN}]{{1,4}})\s*[）)]?\s*[.．、]?\s*")


def is_ordinal(text: str) -> bool:
    """True for a cell that holds nothing but a number: `3`, `3.`, `（一）`, `十二`."""
    return bool(text.strip()) and _ORDINAL.fullmatch(text.translate(_WIDE)) is not None


def ordinal_label(text: str) -> str:
    """The number of an ordinal cell as quoted, without its dot."""
    return re.sub(r"[.．、]+$", "", re.sub(r"\s+", "", text))
