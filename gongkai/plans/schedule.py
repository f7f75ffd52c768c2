"""From the deadlines of a task to the dates on which something is owed. Pure: no database, no writing.

A date comes from what is printed and from facts, never from nothing (plan conventions, systems L3):
a recurring deadline gives one date for each period from the plan's issue to the end of its year; a relative one waits
for its event; 及时, 实时 wait for the review period that the clerk sets; a task without any word on time gets
31 December of the plan's year, marked as assumed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gongkai.law import clocks
from gongkai.law.duties import Occurrence
from gongkai.law.errors import ClockError

TEMPO = re.compile(r"及时|实时|即时|第一时间|动态(?:更新|调整|管理|公开)|随时|当[天日]|常态化|定期")
"""Words that set a tempo and name no date (systems §2: they become a period chosen by the clerk)."""

EVERY = {"week": "每周", "month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}
"""Periods that can be asked for as a review period, with their names."""

_OWN_ISSUE = re.compile(
    r"^(?:自|从|在|于)?(?:本文件?|本?(?:方案|分工方案|通知|要点|清单|办法|分工))?(?:正式)?印发(?:之日起|之日|后|起)?$"
)
_SELF = re.compile(r"本(?:文件?|方案|通知|要点|清单|办法|分工)")


def occurrences(
    deadlines: Sequence[Mapping[str, Any]],
    *,
    text: str,
    year: int,
    issued_on: dt.date | None,
    review: str = "",
    happenings: Mapping[int, Sequence[dt.date]] | None = None,
    numbers: Sequence[int] = (),
) -> list[Occurrence]:
    """What a task owes, in order of date, waiting ones last.

    deadlines   as the reader gives them (kind by_date, within_days, recurring, other)
    text        the clause, in which words of tempo are looked for when no deadline is printed
    year        the plan's year; issued_on its date of issue, None where unknown
    review      the review period that the clerk set for words of tempo: month, quarter, half_year, year, week or ""
    happenings  days on which the event of the deadline of that number happened
    numbers     the number of each deadline; as they are printed, from 1, when not said
    """
    out: list[Occurrence] = []
    tempo: str | None = None
    steady: str | None = None
    # In the order of numbers: of two deadlines that give one date the older stands, and keeps what was settled.
    for number, deadline in sorted(numbered(deadlines, numbers), key=lambda x: x[0]):
        kind, raw = deadline["kind"], deadline.get("raw", "")
        if kind == "by_date" and deadline.get("date"):
            due = dt.date.fromisoformat(deadline["date"])
            out.append(Occurrence(f"by{number}", due, basis=raw, past=issued_on is not None and due < issued_on))
        elif kind == "within_days":
            out += _relative(number, deadline, issued_on, (happenings or {}).get(number, ()))
        elif kind == "recurring" and deadline.get("every") in (*EVERY, "two_years"):
            every = "year" if deadline["every"] == "two_years" else deadline["every"]
            out += _periods(f"r{number}", every, year, issued_on, raw)
        elif TEMPO.search(raw) or kind == "recurring":
            tempo = tempo or raw
        else:
            steady = raw  # 长期坚持, 全年, 持续推进
    if tempo is None and steady is None and not out and (word := TEMPO.search(text)):
        tempo = word.group()
    if tempo is not None:
        if not review:
            out.append(Occurrence("tempo", None, waits=f"“{tempo}”没有固定日期，可以设复核周期", basis=tempo))
    elif steady is not None or not out:
        if not review:
            out.append(_year_end(year, steady or "", issued_on))
    else:
        review = ""
    if review:
        words = tempo or steady or "原文没有写时限"
        out += _periods("rv", review, year, issued_on, f"{words}（复核周期：{EVERY[review]}）")
    unique: dict[tuple[dt.date | None, str], Occurrence] = {}
    for occurrence in out:
        key = (occurrence.due, occurrence.label or (occurrence.clock if occurrence.due is None else ""))
        unique.setdefault(key, occurrence)
    return sorted(unique.values(), key=lambda o: (o.due is None, o.due or dt.date.max, o.clock))


def numbered(
    deadlines: Sequence[Mapping[str, Any]], numbers: Sequence[int] = ()
) -> list[tuple[int, Mapping[str, Any]]]:
    """Each deadline with its number: as printed, from 1, until a correction has given others."""
    return list(zip(numbers or range(1, len(deadlines) + 1), deadlines, strict=True))


def renumbered(
    old: Sequence[tuple[int, Mapping[str, Any]]], new: Sequence[Mapping[str, Any]], highest: int
) -> list[int]:
    """The numbers of the deadlines after a correction; happenings and settlements hang on them.

    A deadline that is printed or meant as before keeps its number. Those that changed take, in order, the numbers that
    are left: first of a limit from the same event, whose days are told already; then of a deadline of their kind, since
    by2 and r2:2026-Q3 are met by different things; then of any. What is more than there was takes numbers above
    `highest`, the highest the task ever gave: a number that was dropped comes back only when its correction is undone.
    """
    left = list(old)
    given: dict[int, int] = {}
    for likeness in _LIKENESS:
        for at, deadline in enumerate(new):
            if at in given:
                continue
            match = next((x for x in left if likeness(x[1]) == likeness(deadline)), None)
            if match is not None:
                given[at] = match[0]
                left.remove(match)
    for at in range(len(new)):
        if at not in given:
            highest += 1
            given[at] = highest
    return [given[at] for at in range(len(new))]


def _meaning(deadline: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a deadline asks, however it is printed: 10月底前 and 2020年10月31日前 are one in a plan of 2020."""
    anchor = awaited(deadline) if deadline["kind"] == "within_days" else ""
    plain = re.sub(r"\s+", "", deadline.get("raw", "")) if deadline["kind"] == "other" else ""
    return (deadline["kind"], *(deadline.get(k) for k in ("date", "days", "working", "every")), anchor, plain)


def _event(deadline: Mapping[str, Any]) -> tuple[str, str]:
    return deadline["kind"], awaited(deadline) if deadline["kind"] == "within_days" else ""


_LIKENESS: tuple[Callable[[Mapping[str, Any]], object], ...] = (
    dict,
    _meaning,
    _event,
    lambda d: d["kind"],
    lambda _: "",
)
"""By what a deadline is known again after a correction, the surest first."""


def _year_end(year: int, raw: str, issued_on: dt.date | None) -> Occurrence:
    due = dt.date(year, 12, 31)
    past = issued_on is not None and due < issued_on
    return Occurrence("year", due, basis=raw or "原文没有写时限", assumed=True, past=past)


def awaited(deadline: Mapping[str, Any]) -> str:
    """The event a relative deadline runs from, in the words printed: 批复, 项目完工."""
    anchor = re.sub(r"\s+", "", str(deadline.get("anchor") or ""))
    if not anchor:
        match = re.match(
            r"(.*?)(?:后|之日起|起)?\s*的?\s*[\d一二三四五六七八九十两]+", re.sub(r"\s+", "", deadline["raw"])
        )
        anchor = match.group(1) if match else ""
    anchor = re.sub(r"^(?:自|从|于|在)", "", anchor)
    return re.sub(r"(?:之日起|之日|日起|起|后)$", "", anchor)


def runs_from_issue(deadline: Mapping[str, Any]) -> bool:
    """Whether a relative deadline runs from the issue of the plan itself: 印发30日内, 在本方案印发后15日内."""
    anchor = re.sub(r"\s+", "", str(deadline.get("anchor") or "")) or re.sub(r"\s+", "", deadline["raw"])
    anchor = re.sub(r"[\d一二三四五六七八九十两]+个?(?:工作日|自然日|日|天|个?月)(?:之内|以内|内)$", "", anchor)
    if _OWN_ISSUE.match(anchor):
        # 自印发之日起 alone is said of some other document more often than of the plan: that one is waited for.
        return not re.match(r"(?:自|从)印发", anchor)
    return bool(_SELF.search(anchor)) and "印发" in anchor


def _relative(
    number: int, deadline: Mapping[str, Any], issued_on: dt.date | None, happened: Sequence[dt.date]
) -> list[Occurrence]:
    raw, days = deadline["raw"], int(deadline["days"])
    own = runs_from_issue(deadline)
    printed = re.search(r"(20\d{2})年(\d{1,2})月(\d{1,2})日", re.sub(r"\s+", "", raw))
    starts = list(happened)
    if own:
        # A plan is issued once; where its date is not known, the first day told stands for it.
        starts = [issued_on] if issued_on else starts[:1]
    elif printed:
        try:
            starts = [dt.date(*map(int, printed.groups()))]
        except ValueError:
            printed = None
    fixed = own or bool(printed)
    if not starts:
        event = "方案的印发日期" if own else awaited(deadline) or "起算的事情"
        return [Occurrence(f"in{number}", None, waits=f"等“{event}”的日期", basis=raw)]
    unit = "wd" if deadline.get("working") else "d"
    if re.search(r"个\s*月\s*(?:之内|以内|内)?$", raw):
        unit, days = "m", max(days // 30, 1)  # the reader gives months as thirty days each
    out = []
    for start in starts:
        clock = f"in{number}" if fixed else f"in{number}:{start.isoformat()}"
        try:
            answer = clocks.after(days, unit, start)
        except ClockError as error:
            out.append(Occurrence(clock, None, waits=f"算不出期限：{error}", basis=raw))
            continue
        what = "印发" if own else awaited(deadline)
        label = "" if fixed else f"{start.month}月{start.day}日{what}"[:40]
        out.append(Occurrence(clock, answer.day, label=label, opens=start, basis=raw, provisional=answer.provisional))
    return out


def _periods(stem: str, every: str, year: int, issued_on: dt.date | None, raw: str) -> list[Occurrence]:
    """One occurrence for each period of the plan's year that had not ended when the plan was issued."""
    inside = re.search(r"每个?月(\d{1,2})日", re.sub(r"\s+", "", raw)) if every == "month" else None
    out = []
    for key, label, first, last in periods(every, year):
        if inside:  # 每月10日前
            last = first.replace(day=min(max(int(inside.group(1)), 1), last.day))
        if issued_on is None or issued_on.year != year or last >= issued_on:
            past = issued_on is not None and last < issued_on
            out.append(Occurrence(f"{stem}:{key}", last, label=label, opens=first, basis=raw, past=past))
    return out


def periods(every: str, year: int) -> Iterator[tuple[str, str, dt.date, dt.date]]:
    """(key, Chinese label, first day, last day) of each period of a year; weeks are those of ISO 8601."""
    if every == "year":
        yield f"{year}", f"{year}年", dt.date(year, 1, 1), dt.date(year, 12, 31)
    elif every == "half_year":
        yield f"{year}-H1", "上半年", dt.date(year, 1, 1), dt.date(year, 6, 30)
        yield f"{year}-H2", "下半年", dt.date(year, 7, 1), dt.date(year, 12, 31)
    elif every == "quarter":
        for q, name in enumerate("一二三四", 1):
            last = dt.date(year, 3 * q, calendar.monthrange(year, 3 * q)[1])
            yield f"{year}-Q{q}", f"第{name}季度", dt.date(year, 3 * q - 2, 1), last
    elif every == "month":
        for m in range(1, 13):
            yield (
                f"{year}-{m:02d}",
                f"{m}月",
                dt.date(year, m, 1),
                dt.date(year, m, calendar.monthrange(year, m)[1]),
            )
    elif every == "week":
        for w in range(1, dt.date(year, 12, 28).isocalendar().week + 1):
            first = dt.date.fromisocalendar(year, w, 1)
            yield f"{year}-W{w:02d}", f"第{w}周", first, first + dt.timedelta(6)
    else:
        raise ValueError(every)
