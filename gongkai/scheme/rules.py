"""From the printed time limit of a line to the dates on which it is owed. Pure: no writing.

A date comes from what is printed and from facts. A limit that runs from formation waits for something that was formed;
及时 and 实时 have no number of their own: what bounds them is 条例第二十六条, twenty working days from formation.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gongkai.law import clocks
from gongkai.law.answer import Due
from gongkai.law.duties import Occurrence
from gongkai.orgs.rules import Thing
from gongkai.orgs.tree import Tree

PERIODS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
NAMES = {"month": "每月", "quarter": "每季度", "half-year": "每半年", "year": "每年"}


@lru_cache(maxsize=1)
def _words() -> list[tuple[str, tuple[str, ...]]]:
    data = tomllib.loads((files("gongkai.scheme") / "kinds.toml").read_text("utf-8"))
    return [(one["kind"], tuple(one["words"])) for one in data["word"]]


def thing_of(body: int, owners: Iterable[int], tree: Tree) -> Thing:
    """What an adjustment is about, as the table of rights asks: the body of the scheme; it and who owes the line bear it."""
    return Thing(tree.body_of(body).id, frozenset({body, *owners}))


def kinds_for(level1: str, level2: str, content: str) -> list[str]:
    """The kinds of record that a line seems to ask for: by its own matter first, then by what it lists."""
    for text in (level2, level1, content):
        found = [kind for kind, words in _words() if any(w in text for w in words)]
        if found:
            return found[:3]
    return []


def words_of(kind: str) -> tuple[str, ...]:
    """The words by which a clause asks for a kind."""
    return tuple(w for code, words in _words() if code == kind for w in words)


_PLAIN = re.compile(
    r"关于|印发|通知|公告|公示|意见|办法|规定|方案|工作|实施|进一步|加强|推进|开展|有关|相关|政府信息|信息公开|政务公开|"
    r"公开|发布|情况|信息|政策|文件|县|市|镇|人民政府|办公室|单位|部门|年度|\d{4}年|\d+"
)


def shared_words(title: str, clause: str, least: int = 3) -> list[str]:
    """Telling words of a title that stand in a clause too, the longest first."""
    found: list[str] = []
    for piece in _PLAIN.sub(" ", re.sub(r"[^\u4e00-\u9fa5\d]", " ", title)).split():
        at = 0
        while at < len(piece):
            size = len(piece) - at
            while size >= least and piece[at : at + size] not in clause:
                size -= 1
            if size >= least:
                found.append(piece[at : at + size])
                at += size
            else:
                at += 1
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def closest(title: str, lines: Sequence[tuple[int, str]]) -> set[int]:
    """Of several lines that ask for one kind, those whose words a title shares most. None where it shares none with any:
    then nobody can say under which line it falls, and no clock of one may start."""
    if len(lines) < 2:
        return {pk for pk, _ in lines}
    scores = {pk: sum(len(w) for w in shared_words(title, words, 2)) for pk, words in lines}
    best = max(scores.values())
    return {pk for pk, score in scores.items() if score == best} if best else set()


@dataclass(frozen=True, slots=True)
class Formed:
    """A record that falls under a line: when it was formed or changed, and since when it is out."""

    record: int
    title: str
    formed: dt.date
    out: dt.date | None


def occurrences(
    limit: Mapping[str, Any],
    *,
    since: dt.date,
    until: dt.date | None,
    today: dt.date,
    formed: Sequence[Formed],
    limit_since: dt.date | None = None,
) -> list[Occurrence]:
    """What a line asks of one organisation, in order of date; waiting ones last.

    Recurring limits give one date for each period from `since` to the end of this year; limits from formation one for
    each record formed under the line since then; without any, one that waits. A limit that was changed gives its periods
    from `limit_since`.
    """
    begins = max(since, limit_since or since)
    last = min(until or dt.date.max, dt.date(today.year, 12, 31))
    kind = str(limit.get("kind") or "")
    kinds = {kind, *limit.get("also", ())}
    out: list[Occurrence] = []
    if kind == "yearly_by":
        out = list(_yearly(limit, begins, last))
    elif kind == "periodic" and limit.get("period") in PERIODS:
        out = list(_periods(limit, begins, last))
    elif _after_period(limit):
        out = list(_after_periods(limit, begins, last))
    if (
        not _after_period(limit)
        and kinds & {"relative", "immediate", "promptly", "on_change"}
        and kind not in ("yearly_by", "periodic")
    ):
        out += [_of_record(limit, one) for one in formed if since <= one.formed <= last]
    if not out:
        out.append(Occurrence("first", None, label="公开", waits=_waits(kind, limit)))
    return sorted(out, key=lambda o: (o.due is None, o.due or dt.date.max, o.clock))


def _waits(kind: str, limit: Mapping[str, Any]) -> str:
    period = str(limit.get("period") or "")
    if kind == "yearly_by" or (kind == "periodic" and period in PERIODS) or _after_period(limit):
        return "第一个公开期还没有开始"
    if kind == "periodic":
        return "写明了周期，没有可以推算的日期；按写明的周期公开"
    if kind == "before":
        return "在写明的事情以前公开；事情的日期还没有登记"
    if kind == "posting":
        return "写的是公示多久，没有写几日内公开；公开以后按写明的天数公示"
    if kind in ("relative", "immediate", "promptly", "on_change"):
        return "信息形成或者变更以后起算；还没有登记形成的信息"
    if kind == "standing":
        return "长期公开，没有日期；公开以后即为落实"
    return "时限没有写明，请公开主体确定"


def due_from(limit: Mapping[str, Any], formed: dt.date) -> Due:
    """The last day for what was formed on a day: as printed where that says so many days, else 条例第二十六条."""
    amount, unit = limit.get("amount"), str(limit.get("unit") or "wd")
    if limit.get("kind") == "relative" and amount:
        if unit == "h":  # hours run on from a moment that a date does not tell: whole days, the last one begun counts
            return clocks.after(-(-int(amount) // 24), "d", formed)
        if unit == "y":
            return clocks.after(12 * int(amount), "m", formed)
        if unit in ("wd", "d", "m"):
            return clocks.after(int(amount), unit, formed)
    return clocks.due("proactive_publish", {"formed": formed})


def working(limit: Mapping[str, Any], clock: str, opens: dt.date | None, due: dt.date | None) -> list[str]:
    """为什么是这一天: the steps from what is printed and what happened to the date of a duty."""
    raw = str(limit.get("raw") or "")
    if due is None:
        return [_waits(str(limit.get("kind") or ""), limit)]
    printed = f"目录写的时限是“{raw}”。" if raw else "目录没有写时限。"
    if clock.startswith("f") and clock != "first" and opens is not None:
        found = due_from(limit, opens)
        said = [printed]
        if not found.rule:
            said.append(f"从{opens:%Y-%m-%d}成文的第二天起算。")
        elif limit.get("kind") != "relative":
            said.append("没有写明天数的，按《政府信息公开条例》第二十六条：自形成或者变更之日起20个工作日内。")
        return said + [f"{s.day:%Y-%m-%d} {s.text}" + (f"（{s.basis}）" if s.basis else "") for s in found.steps]
    if clock.startswith("y") and "-" not in clock:
        return [printed, f"每年{due.month}月{due.day}日以前公开一次，{due.year}年的到{due:%Y-%m-%d}。"]
    since = f"这一期从{opens:%Y-%m-%d}到{due:%Y-%m-%d}，" if opens else ""
    return [printed, since + "期满以前要公开一次。"]


def _of_record(limit: Mapping[str, Any], one: Formed) -> Occurrence:
    due = due_from(limit, one.formed)
    basis = "《政府信息公开条例》第二十六条" if due.rule else str(limit.get("raw") or "")
    return Occurrence(
        f"f{one.record}",
        due.day,
        label=one.title[:36],
        opens=one.formed,
        basis=basis[:240],
        provisional=bool(due.provisional),
    )


def _yearly(limit: Mapping[str, Any], since: dt.date, last: dt.date) -> Iterator[Occurrence]:
    month = int(limit.get("month") or 12)
    for year in range(since.year, last.year + 1):
        day = int(limit.get("day") or 0)
        end = calendar.monthrange(year, month)[1]
        due = dt.date(year, month, min(day or end, end))
        if since <= due <= last:
            told = year - 1 if limit.get("next_year") else year
            yield Occurrence(
                f"y{year}", due, label=f"{told}年度", opens=dt.date(year, 1, 1), basis=str(limit.get("raw") or "")
            )


def _after_period(limit: Mapping[str, Any]) -> bool:
    """每季度终了后15日内: so many days after the end of each period."""
    ended = any(
        word in str(limit.get("trigger") or "") + str(limit.get("raw") or "") for word in ("终了", "结束", "期满")
    )
    return limit.get("kind") == "relative" and limit.get("period") in PERIODS and bool(limit.get("amount")) and ended


def _after_periods(limit: Mapping[str, Any], since: dt.date, last: dt.date) -> Iterator[Occurrence]:
    ends = _periods({"period": limit["period"]}, since, last)
    for one in ends:
        if one.due is not None:
            due = due_from(limit, one.due)
            if due.day <= last:
                yield replace(one, due=due.day, basis=str(limit.get("raw") or ""), provisional=bool(due.provisional))


def _periods(limit: Mapping[str, Any], since: dt.date, last: dt.date) -> Iterator[Occurrence]:
    period = str(limit["period"])
    length, day = PERIODS[period], int(limit.get("day") or 0)
    for year in range(since.year, last.year + 1):
        for at in range(12 // length):
            opens = dt.date(year, at * length + 1, 1)
            month = (at + 1) * length
            ends = dt.date(year, month, calendar.monthrange(year, month)[1])
            if day and length == 1:  # 每月10日前
                ends = ends.replace(day=min(day, ends.day))
            if ends < since or ends > last:
                continue
            label = {
                "month": f"{year}年{at + 1}月",
                "quarter": f"{year}年第{'一二三四'[at % 4]}季度",
                "half-year": f"{year}年{'上下'[at % 2]}半年",
                "year": f"{year}年",
            }[period]
            yield Occurrence(f"{period[0]}{year}-{at + 1}", ends, label=label, opens=opens, basis=NAMES[period])
