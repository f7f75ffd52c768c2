"""Deadline phrases: what a plan says about when, as a kind, a date, a number of days or a period.

Conventions of the gold annotations: 底前 is the last day of the month or year, 日前 that day itself; a phrase
without a year takes the plan's and says so; soft words of tempo (及时, 实时, 持续) are no deadlines.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from typing import Any

_WIDE = str.maketrans("０１２３４５６７８９ⅠⅡⅢⅣ", "01234567891234")
_CN_YEAR = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=\s*年)")
_CN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CN_NUMBERS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十五": 15,
    "二十": 20,
    "三十": 30,
    "六十": 60,
}
_N = r"(?:\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_EVERY = {
    "年": "year",
    "年度": "year",
    "季": "quarter",
    "季度": "quarter",
    "月": "month",
    "月度": "month",
    "周": "week",
    "星期": "week",
    "半年": "half_year",
    "日": "day",
    "天": "day",
    "两年": "two_years",
}
_QUARTER_END = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


@dataclass(slots=True)
class Deadline:
    """One deadline: `kind` is by_date, within_days, recurring or other; `raw` is the phrase as printed at `span`."""

    raw: str
    kind: str
    span: tuple[int, int]
    date: str | None = None
    days: int | None = None
    working: bool | None = None
    every: str | None = None
    count: int | None = None
    anchor: str | None = None
    inferred_year: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The shape of the gold files, with anchor and the mark of an inferred year added where they apply."""
        out: dict[str, Any] = {"raw": self.raw, "kind": self.kind}
        if self.kind == "by_date":
            out["date"] = self.date
        if self.kind == "within_days":
            out |= {"days": self.days, "working": bool(self.working)}
        if self.kind == "recurring":
            out["every"] = self.every
            if self.count is not None:
                out["count"] = self.count
        if self.anchor:
            out["anchor"] = self.anchor
        if self.inferred_year:
            out["year_inferred"] = True
        return out


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text in _CN_NUMBERS:
        return _CN_NUMBERS[text]
    tens, _, ones = text.partition("十")
    return (_CN_NUMBERS.get(tens, 1)) * 10 + _CN_NUMBERS.get(ones, 0)


def _last(year: int, month: int) -> str:
    return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


_YEAR = r"(?P<y>20\d{2})\s*年"
_DATE = re.compile(
    rf"(?:截至|截止到?|于|在|至|(?<![\u4e00-\u9fff])到|到)?\s*(?:{_YEAR}|(?P<rel>今年|本年|当年|明年|次年))?\s*"
    r"(?:(?P<m>1[0-2]|0?[1-9]|(?<![一二三四五六七八九])十[一二]?|(?<![十一二三四五六七八九几数])[一二三四五六七八九])\s*月(?:份)?\s*(?:(?P<d>3[01]|[12]\d|0?[1-9])\s*日(?:\s*[至到—–~～-]+\s*(?P<d2>3[01]|[12]\d|0?[1-9])\s*日)?|(?P<part>上旬|中旬|下旬|月?底|月?末|初))?"
    r"|(?P<ye>年?[底末]|年内|年度内|年终)|(?P<half>上半年|下半年)|第?(?P<q>[一二三四1-4])季度(?:[底末])?|[Qq](?P<q2>[1-4])(?![0-9A-Za-z]))"
    r"\s*(?P<before>之前|以前|前|内)?"
)
_EVENT = r"(?:印发|发布|下发|公布|公开|更新|结束|完成|批准|批复|通过|收到|召开|受理|签订|形成|变更|制定|作出|出台)"
_ANCHOR = (
    r"(?:(?:自|从|于)[^，。；、]{1,18}?(?:之日起|之日|日起|起|后)"
    rf"|(?:应当?)?在?(?:本(?:文件?|方案|通知|要点|清单|办法)?)?(?:(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{{2,14}}?)?{_EVENT}(?:之日起|之日|后|起)?)"
)
_WITHIN = re.compile(
    rf"(?P<anchor>{_ANCHOR})?的?\s*(?<![\d.．])(?P<n>{_N})\s*个?\s*(?P<u>工作日|自然日|日|天|个月)\s*(?:之内|以内|内)"
)
_TARGET = re.compile(r"(?:压缩|缩短|压减|减少|控制)(?:至|到|在|为)?\s*$")
"""What stands before a number of days that is a target of service, and no deadline."""
_EVERY_N = re.compile(
    rf"每(?P<p>半年|两年|年度?|季度?|个?月度?|周|星期|日|天)(?:度)?(?:\d{{1,2}}日前?|[底末初](?=$|[，。；、]))?(?:(?:至少|不少于|不低于|最少|应|要|须|需)[^，。；、]{{0,12}}?(?P<n>{_N})\s*[次场期例件]|[^，。；、]{{0,6}}?(?P<n2>{_N})\s*[次场期例件])?"
)
_BY_PERIOD = re.compile(
    r"(?:按|逐)(?P<p>年度?|季度?|月度?|周|半年)(?=$|(?:发布|公开|更新|报送|上报|通报|公布|调度|汇总|开展|度))"
)
_PERIOD_CHECK = re.compile(
    r"(?<!纳入)(?<!列入)(?<!作为)(?<!开展)(?P<p>季度|年度|月度|半年)(?:检查|考评|考核|督查|抽查|通报|评估|报告会|调度)"
)
_SOFT = re.compile(rf"(?<![十0-9\u4e00-\u9fff]){_N}年内|按照?规定(?:的)?时限|当天|当日|即日起|定期|同步(?=公开发布)")
_COLUMN_SOFT = re.compile(
    r"(?:全年|长期|持续|常态化?|年内|贯穿全年|滚动|逐年|分步|分年度|按计划|适时|立即|即时|同步|动态)(?:推进|实施|开展|坚持|落实|执行|进行|完成|推动|更新|公开|办理)|持续推进|长期|常态化?|全年|即时|即知即改|持续|贯穿全年|按时序推进|立即|及时|实时|适时|定期|随时|每年|每月|每季度|按要求|根据.{0,12}"
)


_NUMERIC = re.compile(
    r"(?P<y>20\d{2})\s*[/.\-]\s*(?P<m>1[0-2]|0?[1-9])(?:\s*[/.\-]\s*(?P<d>3[01]|[12]\d|0?[1-9]))?(?!\d)"
)


def column_deadlines(text: str, year: int | None) -> list[Deadline]:
    """The deadlines of a deadline cell: one for each part between ；, its `raw` the whole part.

    Where a part names several dates (“6月启动，12月完成”) the last one is the deadline; where it is nothing but a list of
    dates (“7月15日、12月15日前”) each is one.
    """
    found: list[Deadline] = []
    at = 0
    for part in re.split(r"[；;\n]", text):
        raw = part.strip()
        if raw:
            # “9月30日前（其中方案8月底前）”: what stands in a bracket is a part on the way.
            outside = re.sub(r"[（(][^（）()]*[）)]", "", raw)
            inner = find_deadlines(outside if looks_like_deadline(outside) else raw, year, column=True)
            dated = [d for d in inner if d.kind == "by_date"]
            if len(dated) > 1 and _only_dates(raw, dated):
                begin = at + part.find(raw)
                for one in dated:
                    one.span = (begin + one.span[0], begin + one.span[1])
                found += dated
                at += len(part) + 1
                continue
            chosen = (dated or inner)[-1]
            chosen.raw, chosen.span = raw, (at + part.find(raw), at + part.find(raw) + len(raw))
            found.append(chosen)
        at += len(part) + 1
    return found


_LISTED = re.compile(r"[、，,和及与\s]*(?:(?:之|以)?前|分别|各|[一1两2]次|完成|公开|更新|报送)*[。]?")


def _only_dates(text: str, dated: list[Deadline]) -> bool:
    rest, end = [], 0
    for one in dated:
        rest.append(text[end : one.span[0]])
        end = one.span[1]
    rest.append(text[end:])
    return not rest[0].strip() and all(r.strip() for r in rest[1:-1]) and all(_LISTED.fullmatch(r) for r in rest[1:])


def find_deadlines(text: str, year: int | None, *, column: bool = False) -> list[Deadline]:
    """Deadlines in `text`, in the order of the text.

    `year` is the plan's year for phrases without one. In a deadline column (`column`) a bare “6月” or
    “持续推进” is a deadline too; in running text it is not.
    """
    plain = _CN_YEAR.sub(lambda m: m.group().translate(_CN_DIGITS), text.translate(_WIDE))
    found: list[Deadline] = []

    def free(start: int, end: int) -> bool:
        return all(end <= d.span[0] or start >= d.span[1] for d in found)

    for match in _WITHIN.finditer(plain):
        if _number(match["n"]) and not _TARGET.search(plain[max(0, match.start("n") - 12) : match.start("n")]):
            found.append(_within(text, match))
    for match in _DATE.finditer(plain):
        made = _by_date(text, plain, match, year, column)
        if made is not None and free(*made.span):
            found.append(made)
    if column:
        for match in _NUMERIC.finditer(plain):
            year_, month, day = int(match["y"]), int(match["m"]), match["d"]
            if free(*match.span()) and (day is None or int(day) <= calendar.monthrange(year_, month)[1]):
                date = f"{year_}-{month:02d}-{int(day):02d}" if day else _last(year_, month)
                found.append(Deadline(text[match.start() : match.end()], "by_date", match.span(), date=date))
        for match in re.finditer(rf"(?:到)?{_YEAR}(?!\s*\d)", plain):
            if free(match.start(), match.end()):
                found.append(
                    Deadline(text[match.start() : match.end()], "by_date", match.span(), date=f"{match['y']}-12-31")
                )
    else:
        for match in re.finditer(rf"到{_YEAR}(?:底|末)?(?!\s*(?:底|末)?(?:之|以)?前|\d|\s*\d)", plain):
            if free(match.start(), match.end()):
                found.append(
                    Deadline(text[match.start() : match.end()], "by_date", match.span(), date=f"{match['y']}-12-31")
                )
    for match in _EVERY_N.finditer(plain):
        period = re.sub(r"个|度", "", match["p"]) if match["p"] not in ("季度",) else "季"
        count = match["n"] or match["n2"]
        if not free(*match.span()) or (count is None and not column and match["p"] in ("日", "天")):
            continue
        if count is None and not column:
            continue
        raw = text[match.start() : match.end()]
        found.append(
            Deadline(
                raw,
                "recurring",
                match.span(),
                every=_EVERY.get(period, "year"),
                count=_number(count) if count else None,
            )
        )
    for pattern in (_BY_PERIOD, _PERIOD_CHECK):
        for match in pattern.finditer(plain):
            if free(*match.span()):
                found.append(
                    Deadline(text[match.start() : match.end()], "recurring", match.span(), every=_EVERY[match["p"]])
                )
    for match in (_COLUMN_SOFT if column else _SOFT).finditer(plain):
        if free(*match.span()):
            found.append(Deadline(text[match.start() : match.end()], "other", match.span()))
    if column and not found and text.strip():
        found.append(Deadline(text.strip(), "other", (0, len(text))))
    return sorted(found, key=lambda d: d.span)


def _within(text: str, match: re.Match[str]) -> Deadline:
    unit = match["u"]
    anchor = (match["anchor"] or "").strip() or None
    start = match.start("n") if anchor is None else match.start()
    if anchor is not None and (opening := re.search(r"自|从|于|在|经|本(?=文|方案|通知|要点|清单)", anchor)):
        # The event begins at its preposition; what stands before it is the subject of the sentence.
        start += match["anchor"].find(anchor) + opening.start()
        anchor = anchor[opening.start() :]
    days = _number(match["n"]) * (30 if unit == "个月" else 1)
    return Deadline(
        text[start : match.end()],
        "within_days",
        (start, match.end()),
        days=days,
        working=unit == "工作日",
        anchor=anchor,
    )


def _by_date(text: str, plain: str, match: re.Match[str], year: int | None, column: bool) -> Deadline | None:
    before = match["before"] is not None
    bounded = (
        before
        or (match["ye"] or "") in ("年内", "年度内")
        or bool(
            (match["part"] in ("底", "末", "月底", "月末") or match["half"] or match["q"])
            and re.match(r"(?:完成|建成|实现|达到|形成)", plain[match.end() :])
        )
    )
    until = plain[match.start() : match.end()].startswith(("截至", "截止"))
    if not column and not bounded and not until:
        return None
    if (
        not column
        and before
        and match["before"] == "内"
        and not match["ye"]
        and not match["half"]
        and not match["q"]
        and not match["m"]
    ):
        return None
    if match["ye"] and not match["y"] and not match["rel"] and match["ye"] in ("底", "末"):
        return None
    # “2021年底前”: the year is before; a digit or 上/去 before a bare phrase means another thing (十三五末前, 上年底前).
    if match.start() and plain[match.start() - 1] in "0123456789五去上两每":
        return None
    chosen = int(match["y"]) if match["y"] else year
    inferred = match["y"] is None
    if match["rel"] in ("明年", "次年") and chosen is not None:
        chosen += 1
    start, end = match.start(), match.end()
    while start < end and plain[start] in " \t\n":
        start += 1
    raw = text[start:end]
    lead = re.match(r"(?:截至|截止到?|于|在|至|到)\s*", raw)
    if lead and not raw.startswith(("到", "截")):
        start += lead.end()
        raw = text[start:end]
    raw = raw.rstrip()
    yearly = re.search(r"每年度?\s*$", plain[:start]) if not match["y"] else None
    if yearly:
        return Deadline(
            text[yearly.start() : start + len(raw)], "recurring", (yearly.start(), start + len(raw)), every="year"
        )
    made = Deadline(raw, "by_date", (start, start + len(raw)), inferred_year=inferred)
    if chosen is None:
        made.kind = "other"
        made.inferred_year = False
        return made
    made.date = _date(match, chosen)
    return made if made.date else None


def _date(match: re.Match[str], year: int) -> str | None:
    if match["m"]:
        month = _number(match["m"])
        if match["d"]:
            day = int(match["d2"] or match["d"])
            return f"{year}-{month:02d}-{day:02d}" if day <= calendar.monthrange(year, month)[1] else None
        if match["part"] in ("上旬", "初"):
            return f"{year}-{month:02d}-10"
        if match["part"] == "中旬":
            return f"{year}-{month:02d}-20"
        return _last(year, month)
    if match["half"]:
        return f"{year}-06-30" if match["half"] == "上半年" else f"{year}-12-31"
    if quarter := match["q"] or match["q2"]:
        month, day = _QUARTER_END[_number(quarter)]
        return f"{year}-{month:02d}-{day:02d}"
    return f"{year}-12-31"


def looks_like_deadline(text: str) -> bool:
    """True for a cell that holds nothing but a deadline."""
    plain = text.strip()
    if not plain or len(plain) > 24:
        return False
    if re.search(r"[\u4e00-\u9fff]{7,}", re.sub(r"印发|发布|之日起|工作日", "", plain)):
        return False
    found = find_deadlines(plain, 2000, column=True)
    return (
        bool(found)
        and sum(d.span[1] - d.span[0] for d in found) >= 0.6 * len(plain)
        and not (found[0].kind == "other" and found[0].raw == plain and not _COLUMN_SOFT.fullmatch(plain))
    )
