"""公开时限: what a printed time limit asks for.

Source: 《政府信息公开条例》第二十六条 (20 working days from formation or change, unless another law says otherwise);
the strings are those seen in county and township directories (law.md §5, YAML 15.7 `time_limit_patterns`).
Nothing is guessed: what no pattern fits is `UNKNOWN`, and what is left over beside a pattern stands in `rest`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from gongkai.law.rulebook import book


class Kind(StrEnum):
    """What sort of limit it is; in the order in which the more telling of two is taken."""

    RELATIVE = "relative"
    """So many days after an event."""
    BEFORE = "before"
    """So many days before an event."""
    YEARLY_BY = "yearly_by"
    """By a day of each year."""
    PERIODIC = "periodic"
    """Once in each period."""
    IMMEDIATE = "immediate"
    """实时、即时: at once."""
    PROMPTLY = "promptly"
    """及时: within the limit of the law (条例第二十六条)."""
    POSTING = "posting"
    """To stay posted for so many days."""
    STANDING = "standing"
    """长期公开."""
    ON_CHANGE = "on_change"
    """To be renewed whenever it changes."""
    UNKNOWN = "unknown"
    """Not understood; the words are kept."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit. `kind` is the most telling part, `also` the others that stand beside it.

    `unit`: wd 工作日, d 日, m 月, y 年, h 小时. `period`: day, week, month, quarter, half-year, term, year.
    `month` and `day` belong to yearly_by (and `day` to “每月10日前”); no day means the end of the month.
    `rest` is what was printed beside the parts understood and is not understood itself.
    """

    kind: Kind
    raw: str
    amount: int | None = None
    unit: str = ""
    trigger: str = ""
    posting_days: int | None = None
    posting_unit: str = ""
    period: str = ""
    month: int | None = None
    day: int | None = None
    next_year: bool = False
    also: tuple[Kind, ...] = ()
    rest: str = ""

    @property
    def cap(self) -> int | None:
        """The most working days that 及时 may take (条例第二十六条)."""
        return book().find("proactive_publish")[0].amount if self.kind is Kind.PROMPTLY else None


_N = r"(\d{1,4}|[零〇一二两三四五六七八九十百]{1,5})"
_UNITS = (
    ("wd", r"个?工作(?:日|天)"),
    ("h", r"个?小时"),
    ("m", r"个月"),
    ("w", r"(?:周|个?星期)(?!年)"),
    ("d", r"(?:个?(?:自然|日历))?(?:日|天)(?!前|[一1]次)"),
    ("y", r"年(?=内|以内|之内)"),
)
_UNIT = "(" + "|".join(f"(?:{p})" for _, p in _UNITS) + ")"
_POSTING = re.compile(
    rf"(?:(?:集中|现场|对外|上墙|网上|张榜)?(?:公告|公示|张贴|挂网|征求意见)(?:的)?(?:时间|期限|时限|期)?|公开期|发布期|期限)"
    rf"[:为应当不得]*(?:不得?少于|不得?低于|不短于|至少|最少|≥|>=|=)?为?{_N}{_UNIT}(?:以上|及以上)?(?!内|以内|之内|前)"
)
_AT_LEAST = re.compile(rf"(?:不得?少于|不得?低于|不短于|至少){_N}{_UNIT}(?:的?公示期?)?")
_POSTED = re.compile(rf"(?<![\d前起后])(?<!之日){_N}{_UNIT}的?(?:公示|公告)期?")
_SINCE = r"(?:之日起|之日|日起|之后|以后|后|起|之时起)?的?(?:在|于)?"
_RELATIVE = re.compile(rf"{_SINCE}{_N}{_UNIT}(?:以内|之内|内)?(?!前)")
_BEFORE = re.compile(rf"(?:(?:之前|以前|前)(?:至少|不少于|提前)?|提前){_N}{_UNIT}(?:以上|内|以前|前)?")
_MONTH = r"(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
_DAY = (
    r"(?:(3[01]|[12]\d|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]|(底|末|初|上旬|中旬|下旬))?"
)
_YEARLY = re.compile(rf"(每年度?(?:的)?|次年|翌年|下一?年度?|第二年|当年)?{_MONTH}{_DAY}(?:之前|以前|前|内|完成前)?")
_YEAR_END = re.compile(r"(每年度?|当年|本年度?)?(?:年(?:底|末|终)|(?<=每年)(?:底|末))(?:之前|以前|前)?")
_YEAR_PART = re.compile(r"每年度?(?:的)?(?:第)?(?:([一二三四1-4])季度|(上|下)半年)(?:之前|以前|前|内|底前|末)?")
_MONTHLY_BY = re.compile(r"每个?月(?:的)?(3[01]|[12]\d|0?[1-9])[日号](?:之前|以前|前)?")
_PERIODS = {
    "日": "day", "天": "day", "工作日": "day", "周": "week", "月": "month", "月度": "month", "月份": "month",
    "季": "quarter", "季度": "quarter", "半年": "half-year", "半年度": "half-year", "学期": "term",
    "年": "year", "年度": "year", "学年": "year",
}  # fmt: skip
_P = r"(工作日|半年度?|学年|学期|年度?|季度?|月份|月度?|周|日|天)"
_TAIL = r"(?:至少|定期|集中)*(?:公开|公布|公示|发布|更新|通报)?(?:[一二两三四五六七八九十\d]+次)?"
_EVERY = re.compile(rf"(?:按照?|每隔?|逐)(?:[一1]?个|一(?=[季月年周]))?{_P}(?:或者?每?{_P})?{_TAIL}")
_SO_OFTEN = re.compile(
    rf"[一1]?个?{_P}(?:内)?(?:公开|公布|更新|发布)?[一二两1-9]次|(?<![常全长多]){_P}(?:公开|公布|公示|更新|发布)"
)
_CHANGE = re.compile(
    r"(?:(?:内容|信息|政策|数据|情况)?(?:如|若)?(?:发生|遇|有)?(?:变更|变化|变动|调整|修订|更改)(?:之?后|的|时|,)*)?(?:应当?)?"
    r"(?:及时|动态|适时|随时|即时)(?:进行)?(?:更新|调整|变更|修订|维护)(?:公开)?|(?:变更|变化|变动|调整)(?:之?后|时)(?:及时|即时)?(?:公开|公布|更新)"
    r"|随变(?:更|动|化)?(?:随时)?(?:更新|公开)|(?:有|发生)?(?:变更|变化|变动)(?:即|就|及时)(?:更新|公开)"
)
_IMMEDIATE = re.compile(
    r"(?:实时|即时|立即|随时|当日|当天|同步|同时|即日|第一时间)(?:予以)?(?:公开|公布|公示|发布|更新|公告)?"
)
_PROMPTLY = re.compile(
    r"(?:([^,。;:()]{2,16}?)(?:之后|后|时))?(?:及时|尽快|适时)(?:主动|予以|向社会)*(?:公开|公布|公示|发布|公告|更新)?"
)
_STANDING = re.compile(
    r"(?:长期|常年|永久|始终|持续|常态化?|固定|全年|一直|长年)(?:性|主动|有效|对外|予以)?(?:公开|公示|公布|发布)?"
)
_SAVED = re.compile(
    r"[(,。;]?(?:但)?(?:国家)?(?:法律|法规|规章|国家|上级)[^。;()]{0,18}?另有规定[^。;()]{0,12}(?:从其规定|除外|执行)?[)]?"
)
_FILLER = re.compile(
    r"予以|依法|主动|向社会|对外|公开|公布|公示|发布|公告|更新|完成|并|且|应当|应|内|以内|之内|之前|前|后|起|每次|一次|进行|时限|时间|期限|为|其中|自|从|于|在|的|和|或者?|[,。;:、()\s\[\]·.\-—]"
)
_CLAUSE = re.compile(r"(?:[^,。;:()]+\([^,。;:()]{1,8}\))?[^,。;:()]*$")
_LEAD = re.compile(
    r"^(?:(?:主动|及时|应当?|在|自|从|于|由|按(?:月|季度?|年度?)|长期公开|并|且|公开(?=[自从于在])|每[一次]+|、)+)(?=.{2})"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def number_of(text: str) -> int:
    """A number in Arabic digits or in Chinese numerals up to 999."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not any(c in "十百" for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in "十百":
            total += (digit or (1 if c == "十" and total % 100 == 0 else 0)) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def _unit_of(text: str) -> str:
    signs = {"工作": "wd", "小时": "h", "月": "m", "周": "w", "星期": "w", "年": "y"}
    return next((code for sign, code in signs.items() if sign in text), "d")


def _measure(number: str, unit: str) -> tuple[int, str]:
    amount, code = number_of(number), _unit_of(unit)
    return (amount * 7, "d") if code == "w" else (amount, code)


class _Text:
    """The working copy of a string: what a pattern has taken is struck out, so that no other takes it again."""

    def __init__(self, raw: str) -> None:
        plain = unicodedata.normalize("NFKC", raw)
        self.plain = _SAVED.sub(lambda m: ";" * len(m.group(0)), re.sub(r"\s+", "", plain).replace("，", ","))
        self.left = self.plain

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.left)
        if match is not None and match.group(0):
            self.strike(*match.span())
            return match
        return None

    def strike(self, start: int, end: int) -> None:
        self.left = self.left[:start] + ";" * (end - start) + self.left[end:]

    def rest(self) -> str:
        return _FILLER.sub("", self.left)


def read_limit(raw: str) -> Limit:
    """Read a printed 公开时限; an empty string and what is not understood are `UNKNOWN`, with the words kept."""
    text = _Text(raw)
    found: list[Kind] = []
    held: dict[str, int | str | bool] = {}
    if re.search(r"\d{4}年", text.plain):
        return Limit(Kind.UNKNOWN, raw, rest=text.rest())
    posted = text.take(_POSTING) or text.take(_AT_LEAST) or text.take(_POSTED)
    if posted is not None:
        found.append(Kind.POSTING)
        held["posting_days"], held["posting_unit"] = _measure(posted.group(1), posted.group(2))
    period = _period(text)
    by = _by(text, held)
    if (monthly := text.take(_MONTHLY_BY)) is not None:
        held["day"], period = int(monthly.group(1)), "month"
    before = text.take(_BEFORE)
    if before is not None:
        found.append(Kind.BEFORE)
        held["amount"], held["unit"] = _measure(before.group(1), before.group(2))
        held["trigger"] = _trigger(text, before.start())
    elif (after := text.take(_RELATIVE)) is not None:
        found.append(Kind.RELATIVE)
        held["amount"], held["unit"] = _measure(after.group(1), after.group(2))
        held["trigger"] = _trigger(text, after.start())
    if by:
        found.append(Kind.YEARLY_BY)
    period = _take_period(text) or period
    if period:
        found.append(Kind.PERIODIC)
        held["period"] = period
    for kind, pattern in (
        (Kind.ON_CHANGE, _CHANGE),
        (Kind.IMMEDIATE, _IMMEDIATE),
        (Kind.PROMPTLY, _PROMPTLY),
        (Kind.STANDING, _STANDING),
    ):
        if (match := text.take(pattern)) is not None:
            found.append(kind)
            if kind is Kind.PROMPTLY and match.group(1) and "trigger" not in held:
                held["trigger"] = match.group(1)
    order = [k for k in Kind if k in found]
    kind = order[0] if order else Kind.UNKNOWN
    also = tuple(k for k in order[1:] if not (k is Kind.PROMPTLY and kind in (Kind.RELATIVE, Kind.YEARLY_BY)))
    return Limit(kind, raw, also=also, rest=text.rest(), **held)  # type: ignore[arg-type]


def _period(text: _Text) -> str:
    """The period that an event belongs to (“每季度终了后15日内”), which the event's own name then keeps."""
    match = re.search(r"每个?(月|季度?|半年|年度?|学期|学年)(?:度)?(?:终了|结束|末|初)", text.left)
    return _PERIODS[match.group(1)] if match is not None else ""


def _take_period(text: _Text) -> str:
    match = text.take(_EVERY) or text.take(_SO_OFTEN)
    return _PERIODS[next(g for g in match.groups() if g)] if match is not None else ""


def _trigger(text: _Text, end: int) -> str:
    """What the days run from: the words of the clause that stand before, struck out."""
    clause = _CLAUSE.search(text.left[:end])
    start = clause.start() if clause is not None else end
    words = text.left[start:end]
    every = _EVERY.match(words)
    if every is not None and not re.match(r"(?:终了|结束|末|初)", words[every.end() :]):
        start += every.end()
        words = text.left[start:end]
    match = _LEAD.match(words)
    if match is not None:
        words = words[match.end() :]
    if re.fullmatch(r"(?:予以|公开|公布|应当?|在|自|至|—|-)*", words) or re.search(r"\d[至到~—-]$", words):
        return ""
    text.strike(start, end)
    return words


def _by(text: _Text, held: dict[str, int | str | bool]) -> bool:
    if (part := text.take(_YEAR_PART)) is not None:
        quarter, half = part.groups()
        held["month"] = number_of(quarter) * 3 if quarter else (6 if half == "上" else 12)
        return True
    if text.take(_YEAR_END) is not None:
        held["month"] = 12
        return True
    match = next((m for m in _YEARLY.finditer(text.left) if m.group(1) or m.group(3) or m.group(4)), None)
    match = match or re.search(rf"(x)?{_MONTH}()()(?:之前|以前|前)", text.left)
    if match is None:
        return False
    text.strike(*match.span())
    year, month, day, part_of_month = match.groups()
    held["month"] = number_of(month)
    if day:
        held["day"] = number_of(day)
    elif part_of_month in ("初", "上旬"):
        held["day"] = 10
    elif part_of_month == "中旬":
        held["day"] = 20
    held["next_year"] = year in ("次年", "翌年", "下年", "下一年", "下年度", "下一年度", "第二年")
    return True
