"""What a person should look at because of the plan's head: its date of issue, its year, its title.

The reader asks once; a draft asks again when its head is corrected. A doubt is known again by `key_of`, which leaves out
what the head says in it: the date of issue, the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.plans.reading import document
from gongkai.plans.reading.model import Doubt

Key = tuple[str, str]

_BEFORE_ISSUE = re.compile(r"时限“(.*)”早于印发日期", re.S)
_YEAR_INFERRED = re.compile(r"“(.*)”没有写年份，按", re.S)
_TITLE_YEAR = re.compile(r"标题中没有年份，|标题写的是20\d{2}年，年度")
_BARE_TITLE = re.compile(r"标题中没有年份，按文中日期推定为")


def of_deadlines(
    deadlines: Iterable[tuple[str, str | None, bool]], issued_on: str | None, year: int | str | None
) -> dict[Key, Doubt]:
    """Doubts about deadlines, given as (phrase, date, whether its year was inferred).

    A date before the day of issue cannot have been meant as it stands, or had passed when the plan came out.
    """
    made: dict[Key, Doubt] = {}
    for raw, date, inferred in deadlines:
        if issued_on and date and date < issued_on:
            made["issued_on", raw] = Doubt(
                "deadlines", f"时限“{raw}”早于印发日期{issued_on}：印发时已逾期，请确认。", 0.9
            )
        if inferred:
            made["year", raw] = Doubt("deadlines", f"“{raw}”没有写年份，按{year}年推定。", 0.8)
    return made


def key_of(field: str, reason: str) -> Key | None:
    """By what a doubt of `of_deadlines` is known again; None for every other doubt."""
    if field != "deadlines":
        return None
    for name, pattern in (("issued_on", _BEFORE_ISSUE), ("year", _YEAR_INFERRED)):
        if match := pattern.match(reason):
            return name, match.group(1)
    return None


def asks(field: str, reason: str) -> bool:
    """Whether a doubt asks something of its row. What only tells how a bare month was dated, or speaks of the table as a
    whole, does not."""
    key = key_of(field, reason)
    return field != "columns" and (key is None or key[0] != "year")


def of_title(title: str, year: int | str | None, issued_on: str | None, *, inferred: bool) -> str:
    """What is to be looked at about the plan's year, in one sentence, or nothing; `inferred` where nobody typed it."""
    printed, bare = document.find_year(title, None, "")
    if not bare:
        return f"标题写的是{printed}年，年度填的是{year}年，请核对。" if year and printed != int(year) else ""
    if year and issued_on and int(issued_on[:4]) != int(year):
        return f"标题中没有年份，印发日期是{issued_on}，年度填的是{year}年，请核对。"
    return f"标题中没有年份，按文中日期推定为{year}年，请核对。" if inferred and year else ""


def year_inferred(note: str) -> bool:
    """Whether a note tells that the plan's year was inferred."""
    return _BARE_TITLE.match(note) is not None


def about_title(note: str) -> bool:
    """Whether a note is one of `of_title`."""
    return _TITLE_YEAR.match(note) is not None
