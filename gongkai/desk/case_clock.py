"""The clock of a request: how many working days are left, why this day, and the months day by day."""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any

from gongkai.cases import reads
from gongkai.cases.life import LAPSED, Standing, State
from gongkai.cases.models import Case
from gongkai.law.calendar import national, weekday
from gongkai.law.clocks import ClockError

MOST_MONTHS = 8


def left_in_words(left: int | None) -> tuple[str, str]:
    """(class, words) of the working days that are left."""
    if left is None:
        return "", ""
    if left < 0:
        return "overdue", f"逾期{-left}个工作日"
    if left == 0:
        return "overdue", "今天到期"
    return ("due" if left <= 5 else "open"), f"还剩{left}个工作日"


def clock_of(case: Case, at: Standing, today: dt.date) -> dict[str, Any]:
    """Everything the panel shows."""
    try:
        limit = at.due()
    except ClockError as error:
        return {"say": str(error), "colour": "due", "months": [], "steps": [], "inner": []}
    out: dict[str, Any] = {"due": limit, "steps": limit.steps if limit else [], "inner": [], "months": []}
    out["colour"], out["say"] = _headline(at, limit.day if limit else None, today)
    if limit is not None:
        out["months"] = _months(at, limit.day, today)
        inner = reads.inner_dates(case, at, today)
        out["inner"] = [(name, day, day < today) for name, day in inner.items()]
    return out


def _headline(at: Standing, due: dt.date | None, today: dt.date) -> tuple[str, str]:
    if at.state is State.SUBMITTED:
        return "open", "等待双方确认，期限还没有起算（第三十一条）"
    if at.purpose != "access" and at.state not in (State.CLOSED, State.ARCHIVED, State.MOVED):
        return "open", "更正申请没有法定答复期限（第四十一条），请及时办理"
    if at.state is State.CORRECTION:
        late = at.reply_by is not None and today > at.reply_by
        tail = "，已经过了，可以按逾期不补正办理" if late else ""
        return ("due" if late else "open"), f"等申请人补正，到{at.reply_by}为止{tail}；收到补正后期限重新计算"
    if at.state is State.FEE:
        until = at.fee_until()
        tail = "，已经过了，可以按逾期未缴费办理" if until and today > until else ""
        again = "；缴费后期限重新计算" if at.restarts else ""
        return "open", f"等申请人缴费，到{until}为止{tail}{again}"
    if at.state is State.MOVED:
        return "done", "已经转出，这里不再计算期限"
    if at.delivered is not None and at.outcome not in LAPSED and due is not None:
        late = at.delivered > due
        return ("overdue" if late else "done"), f"{at.delivered}送达，" + ("超过了期限" if late else "在期限之内")
    if not at.running:
        return "done", f"{at.ended}办结" if at.ended else "已经办结"
    return left_in_words(reads.left_until(due, today) if due else None)


def _excluded(at: Standing) -> list[tuple[dt.date, dt.date]]:
    """Spans after a first day and up to a last that are not counted (第三十三条第三款)."""
    out = []
    for one in at.consultations:
        lapse = one.lapses()
        out.append((one.asked, min(one.replied, lapse) if one.replied else lapse))
    return out


def _months(at: Standing, due: dt.date, today: dt.date) -> list[dict[str, Any]]:
    begin = at.begin
    if begin is None or due < begin:
        return []
    cal, spans = national(), _excluded(at)
    out: list[dict[str, Any]] = []
    first, count = begin.replace(day=1), 0
    while first <= due and len(out) < MOST_MONTHS:
        weeks = []
        for week in months.Calendar().monthdatescalendar(first.year, first.month):
            row = []
            for day in week:
                if day.month != first.month:
                    row.append({"day": None})
                    continue
                inside = begin < day <= due
                out_of_count = inside and any(a < day <= b for a, b in spans)
                working = cal.is_working(day)
                if inside and working and not out_of_count:
                    count += 1
                row.append(_cell(day, begin, due, today, working, inside, out_of_count, count))
            weeks.append(row)
        out.append({"title": f"{first.year}年{first.month}月", "weeks": weeks})
        first = (first + dt.timedelta(32)).replace(day=1)
    return out


def _cell(
    day: dt.date, begin: dt.date, due: dt.date, today: dt.date, working: bool, inside: bool, out_of_count: bool, n: int
) -> dict[str, Any]:
    """A day: its class, the sign that it bears, and the same in words."""
    say = [weekday(day)]
    kind, sign = "", ""
    if not working:
        kind, sign = "rest", "休"
        say.append("休息日，不计")
    elif out_of_count:
        kind, sign = "out", "扣"
        say.append("征求意见期间，不计")
    elif inside:
        kind, sign = "count", str(n)
        say.append(f"第{n}个工作日")
    if working and day.weekday() >= 5:
        kind += " makeup"
        sign = "班" + (sign if sign != "扣" else "扣")
        say.append("调休上班")
    if day == begin:
        kind, sign = kind + " begin", "起"
        say.append("起算日，当日不计")
    if day == due:
        kind += " last"
        say.append("最后一日")
    if day == today:
        kind += " today"
        say.append("今天")
    return {"day": day.day, "kind": kind.strip(), "sign": sign, "say": "，".join(say)}
