"""Numbers of documents and of the index: recognised however they are printed, formed by the office's rule."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

_OPEN, _CLOSE = "〔\\[［(（【<〈", "〕\\]］)）】>〉"
_NUMBER = re.compile(
    rf"(?P<word>[\u4e00-\u9fa5]{{1,14}}?)\s*[{_OPEN}]\s*(?P<year>(?:19|20)\d\d)\s*(?:年)?\s*[{_CLOSE}]\s*"
    r"(?:第)?\s*(?P<serial>\d{1,5})\s*号"
)
# Words before a number that are none of it: 根据青政办〔2024〕8号.
_BEFORE = re.compile(
    r"^.*(?:根据|按照|依据|关于|贯彻|落实|执行|废止|修改|印发|转发|参照|对照|依照|遵照|参见|详见|见|看|按|和|与|及|《)"
)
_DECREE = re.compile(r"(?P<word>[\u4e00-\u9fa5]{2,16}?令)\s*(?:第)\s*(?P<serial>\d{1,4})\s*号")
INDEX = re.compile(r"(?:[0-9A-Z]{9}(?:[0-9A-Z]{9})?/\d{4}(?:\d{2})?-\d{5,6}|[A-Z0-9]{4,10}(?:-\d{4}){2}-\d{5,6})")
"""索引号 as they are met (law: the patterns actually in use)."""


def narrow(text: str) -> str:
    """Digits and letters in half width; Chinese punctuation stays."""
    return "".join(
        unicodedata.normalize("NFKC", c) if "\uff10" <= c <= "\uff19" or "\uff21" <= c <= "\uff5a" else c for c in text
    )


def tidy(text: str) -> str:
    """A document number as GB/T 9704 writes it: 青政办[2024]第08号 → 青政办〔2024〕8号. Others stay as they are."""
    plain = re.sub(r"\s+", "", narrow(text))
    match = _NUMBER.fullmatch(plain)
    if match:
        return f"{match['word']}〔{match['year']}〕{int(match['serial'])}号"
    decree = _DECREE.fullmatch(plain)
    return f"{decree['word']}第{int(decree['serial'])}号" if decree else plain


def well_formed(number: str) -> bool:
    """Whether it is a document number: 机关代字〔年份〕序号, or a decree's."""
    plain = tidy(number)
    return bool(_NUMBER.fullmatch(plain) or _DECREE.fullmatch(plain))


def cited(text: str) -> Iterator[str]:
    """Document numbers cited in a text, each once, tidied, in order."""
    seen: set[str] = set()
    for match in _NUMBER.finditer(narrow(text)):
        word = _BEFORE.sub("", re.sub(r"\s+", "", match["word"]))
        if len(word) < 2:
            continue
        number = f"{word}〔{match['year']}〕{int(match['serial'])}号"
        if number not in seen:
            seen.add(number)
            yield number


def titles(text: str) -> list[str]:
    """Titles cited in 《》, each once, in order."""
    return list(dict.fromkeys(re.findall(r"《([^《》]{4,120})》", text)))


DEFAULT = "{code}/{year}-{serial:05d}"
PATTERNS = {
    "{code}/{year}-{serial:05d}": "代码/年份-五位流水号（广东、江苏等地）",
    "{code}/{year}-{serial:06d}": "代码/年份-六位流水号（浙江等地）",
    "{code}/{year}{month:02d}-{serial:05d}": "代码/年月-五位流水号（安徽等地）",
}
"""How an index number may be formed."""


def period_of(pattern: str, day: dt.date) -> str:
    """The span within which serials run: a year, or a month where the pattern shows one."""
    return f"{day:%Y%m}" if "{month" in pattern else f"{day:%Y}"


def form(pattern: str, code: str, day: dt.date, serial: int) -> str:
    """An index number. Raises KeyError for a pattern that asks for something else."""
    return pattern.format(code=code, year=day.year, month=day.month, serial=serial)
