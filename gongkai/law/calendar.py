"""Working days: the State Council's yearly notices, and a locality's own days on top of them.

A working day (工作日) is a day that is neither Saturday, Sunday nor a holiday named by the yearly
notice, plus the weekend days which the notice turns into make-up working days. Years without a
notice are counted Monday to Friday and every answer that touches them is provisional.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.law.errors import ClockError, shown

HOLIDAYS = Path(__file__).parent / "holidays"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
# Outside this span a date is a slip of the pen; the bound also keeps the index small.
FIRST_YEAR, LAST_YEAR = 1949, 2199
# The package names holidays shortly and in English; the notices use these names.
_PACKAGE_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利七十周年纪念日",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that a notice names: `off` (放假) or a make-up working day (调休上班)."""

    off: bool
    name: str
    cite: str

    def text(self) -> str:
        """The reason in Chinese, with the notice it comes from."""
        return f"{self.name}放假（{self.cite}）" if self.off else f"调休上班（{self.cite}）"


Marks = dict[int, Mark]


class _Index(NamedTuple):
    """Prefix counts over whole years, so that the n-th working day is two look-ups."""

    base: int  # ordinal of the first day held
    first_year: int
    last_year: int
    works: bytearray  # 1 where the day is worked
    upto: list[int]  # working days up to and including the day
    days: list[int]  # ordinals of the working days


def weekday(day: dt.date) -> str:
    """周一 … 周日."""
    return WEEKDAYS[day.weekday()]


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError:
        raise ClockError(f"无法读取日历文件“{shown(path.name)}”，请检查路径。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ClockError(f"日历文件“{shown(path.name)}”不是有效的 TOML 文件，请检查格式。") from None


def _days(data: dict[str, Any], cite: str, path: Path) -> Marks:
    """The days named by one notice file, by ordinal."""
    marks: Marks = {}
    try:
        for span in data.get("off", ()):
            first, last = span["first"], span.get("last", span["first"])
            if not _is_day(first) or not _is_day(last) or last < first:
                raise KeyError("first")
            for ordinal in range(first.toordinal(), last.toordinal() + 1):
                marks[ordinal] = Mark(True, str(span["name"]), cite)
        for day in data.get("work", ()):
            if not _is_day(day):
                raise KeyError("work")
            marks[day.toordinal()] = Mark(False, "", cite)
    except (KeyError, TypeError, AttributeError):
        raise ClockError(
            f"日历文件“{shown(path.name)}”中 off 各项须有 name、first、last 日期且先后有序，work 须为日期列表，请改正。"
        ) from None
    return marks


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _cite(data: dict[str, Any], fallback: str) -> str:
    # A number nobody has checked against the notice is kept in the file but not shown as a fact.
    if data.get("number") and not data.get("number_unverified"):
        return str(data["number"])
    return str(data.get("title", fallback))


@cache
def _notice(year: int) -> tuple[dict[str, Any], Marks | None]:
    """The notice file of a year, and its days; None when the file only names the notice."""
    path = HOLIDAYS / f"{year}.toml"
    if not path.is_file():
        return {}, None
    data = _read(path)
    if "off" not in data:
        return data, None
    return data, _days(data, _cite(data, f"{year}年放假安排通知"), path)


@lru_cache(maxsize=1)
def _package() -> tuple[dict[int, Marks], int, int]:
    """Days of the `chinese_calendar` package by year, with its first and last year."""
    # Imported here: it costs some milliseconds that most questions need not pay.
    from chinese_calendar import constants

    years: dict[int, Marks] = {}
    for off, table in ((True, constants.holidays), (False, constants.workdays)):
        for day, name in table.items():
            notice = day.year + 1 if day.month == 12 and name == "New Year's Day" else day.year
            cite = _package_cite(notice, day)
            mark = Mark(off, _PACKAGE_NAMES.get(name, name) if off else "", cite)
            years.setdefault(day.year, {})[day.toordinal()] = mark
    held = [day.year for day in constants.holidays]
    return years, min(held), max(held)


def _package_cite(year: int, day: dt.date) -> str:
    data, _ = _notice(year)
    for later in data.get("amended", ()):
        if "first" in later and later["first"] <= day <= later["last"]:
            return _cite(later, "")
    return _cite(data, f"{year}年放假安排通知")


@cache
def year_marks(year: int) -> Marks | None:
    """The days of a calendar year that State Council notices name; None without a notice.

    A notice of the following year may reach back into December, so both are read.
    """
    _, own = _notice(year)
    lo, hi = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
    _, following = _notice(year + 1)
    if own is None or following is None:
        years, first, last = _package()
        if own is None:
            if not first <= year <= last:
                return None
            own = years.get(year, {})
        if following is None and year + 1 <= last:
            following = years.get(year, {})
    marks = {o: m for o, m in own.items() if lo <= o <= hi}
    for ordinal, mark in (following or {}).items():
        if lo <= ordinal <= hi:
            marks.setdefault(ordinal, mark)
    return marks


@dataclass
class Calendar:
    """State Council days, with a locality's own days (minority holidays, local make-up days) on top.

    `local` maps ordinals to marks and wins over the national days. A local list never extends
    the years covered: only a State Council notice does.
    """

    local: Marks = field(default_factory=dict)
    title: str = ""
    _index: _Index | None = field(default=None, repr=False, compare=False)

    @classmethod
    def load(cls, path: str | Path) -> Calendar:
        """A calendar with the overlay of a locality's TOML file.

        The file holds `title`, optionally `number`, `off = [{name, first, last}]` and `work = [dates]`,
        as the notice files do. Raises ClockError when it cannot be read or a date is missing.
        """
        file = Path(path)
        data = _read(file)
        if not data.get("off") and not data.get("work"):
            raise ClockError(f"日历文件“{file}”没有 off（放假）也没有 work（上班）日期，请补充。")
        title = str(data.get("title") or "本地放假安排")
        return cls(local=_days(data, _cite(data, title), file), title=title)

    def covers(self, day: dt.date) -> bool:
        """Whether a State Council notice fixes the working days of that day's year."""
        return year_marks(day.year) is not None

    def uncovered(self, first: dt.date, last: dt.date) -> list[int]:
        """The years between two days (inclusive) that have no notice."""
        return [y for y in range(first.year, last.year + 1) if year_marks(y) is None]

    def mark(self, day: dt.date) -> Mark | None:
        """The notice entry of a day; None for ordinary days and weekends."""
        ordinal = day.toordinal()
        found = self.local.get(ordinal)
        return found if found is not None else (year_marks(day.year) or {}).get(ordinal)

    def is_working(self, day: dt.date) -> bool:
        """Whether the day is a working day; Monday to Friday where no notice exists."""
        index = self._span(day.year, day.year)
        return bool(index.works[day.toordinal() - index.base])

    def reason(self, day: dt.date) -> str:
        """Why the day works or not, in Chinese: 周六 / 国庆节放假（文号） / 调休上班（文号）."""
        mark = self.mark(day)
        if mark is not None:
            return mark.text()
        plain = weekday(day) if day.weekday() >= 5 else f"{weekday(day)}，工作日"
        return plain if self.covers(day) else f"{plain}（{provisional_reason([day.year])}）"

    def nth(self, start: int, n: int) -> int:
        """Ordinal of the n-th working day after `start`, which is not counted; n ≥ 1."""
        day = dt.date.fromordinal(start)
        index = self._span(day.year, day.year + 1 + n // 200)
        found = index.upto[start - index.base] + n - 1
        while found >= len(index.days):
            if index.last_year >= LAST_YEAR:
                raise ClockError(f"期限超出{LAST_YEAR}年，请检查日期和天数。")
            index = self._span(index.first_year, index.last_year + 2)
            found = index.upto[start - index.base] + n - 1
        return index.days[found]

    def between(self, after: int, upto: int) -> int:
        """Number of working days d with after < d ≤ upto (ordinals); 0 when there are none."""
        if upto <= after:
            return 0
        index = self._span(dt.date.fromordinal(after).year, dt.date.fromordinal(upto).year)
        return index.upto[upto - index.base] - index.upto[after - index.base]

    def following(self, ordinal: int) -> int:
        """The day itself if worked, else the next working day (《民法典》第二百零三条)."""
        return ordinal if self.is_working(dt.date.fromordinal(ordinal)) else self.nth(ordinal, 1)

    def preceding(self, ordinal: int) -> int:
        """The day itself if worked, else the last working day before it."""
        while not self.is_working(dt.date.fromordinal(ordinal)):
            ordinal -= 1
        return ordinal

    def days(self, after: dt.date, upto: dt.date) -> Iterator[tuple[dt.date, bool, Mark | None]]:
        """Each day d with after < d ≤ upto, whether it works, and its notice entry."""
        for ordinal in range(after.toordinal() + 1, upto.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            yield day, self.is_working(day), self.mark(day)

    def _span(self, first: int, last: int) -> _Index:
        index = self._index
        if index is not None and index.first_year <= first and last <= index.last_year:
            return index
        if index is not None:
            first, last = min(first, index.first_year), max(last, index.last_year)
        if first < FIRST_YEAR or first > LAST_YEAR:
            raise ClockError(f"日期须在{FIRST_YEAR}年至{LAST_YEAR}年之间，请检查年份。")
        # Built whole and then put in place, so that readers in other threads never see half of it.
        self._index = built = self._build(first, min(last, LAST_YEAR))
        return built

    def _build(self, first: int, last: int) -> _Index:
        base = dt.date(first, 1, 1).toordinal()
        end = dt.date(last, 12, 31).toordinal()
        # Ordinal 1 was a Monday.
        works = bytearray((o - 1) % 7 < 5 for o in range(base, end + 1))
        for year in range(first, last + 1):
            for ordinal, mark in (year_marks(year) or {}).items():
                works[ordinal - base] = not mark.off
        for ordinal, mark in self.local.items():
            if base <= ordinal <= end:
                works[ordinal - base] = not mark.off
        count: list[int] = []
        days: list[int] = []
        for offset, worked in enumerate(works):
            if worked:
                days.append(base + offset)
            count.append(len(days))
        return _Index(base, first, last, works, count, days)


def provisional_reason(years: list[int]) -> str:
    """Why a date that touches these years is provisional, in Chinese."""
    names = "、".join(f"{year}年" for year in years[:4]) + ("等年份" if len(years) > 4 else "")
    return f"{names}放假安排通知尚未收录，暂按周一至周五计算，通知发布后须重算"


@lru_cache(maxsize=1)
def national() -> Calendar:
    """The calendar without any local overlay, shared by all callers."""
    return Calendar()
