"""Until when? A rule, the facts of a case and a calendar give a day, and the working that leads to it.

A deadline is derived each time and never stored as the truth. The arithmetic is here; `working.py`
puts it into words for staff and citizens, and only when they are asked for.

General reading (《民法典》第二百零一条至第二百零三条): the day of a fact is not counted; a period in months
or years ends on the corresponding day, or at the end of the month; when the last day of a calendar
period is a rest day it moves to the next working day; hours run without a break.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Mapping
from functools import partial

from gongkai.law import facts as fact_reader
from gongkai.law import working
from gongkai.law.answer import Due, Step
from gongkai.law.calendar import LAST_YEAR, Calendar, national, provisional_reason
from gongkai.law.errors import ClockError
from gongkai.law.facts import Values
from gongkai.law.rulebook import CHANNELS, Exclusion, Fact, Rule, RuleBook, book
from gongkai.law.working import Case, Window

__all__ = ["ClockError", "Due", "Fact", "Rule", "Step", "after", "due", "rules", "working_days"]


def rules() -> list[Rule]:
    """Every limit that `due` knows, in its newest version, with the facts each takes."""
    return book().current()


def working_days(n: int, start: dt.date | str, calendar: Calendar | None = None) -> Due:
    """The n-th working day (工作日) after `start`, which is not counted (《民法典》第二百零一条).

    n is a count of days, at least 1. Raises ClockError for another n or for a start that is no date.
    """
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= 20000:
        raise ClockError(f"工作日数“{n}”须为1至20000的整数。")
    first = fact_reader.read_day(start, "起算日期")
    cal = calendar or national()
    day = dt.date.fromordinal(cal.nth(first.toordinal(), n))
    reason = _reason(cal, first + dt.timedelta(1), day)
    return Due(day, reason is not None, reason, _explain=partial(working.plain_days, cal, first, n, day, reason))


def after(n: int, unit: str, start: dt.date | str, calendar: Calendar | None = None) -> Due:
    """The last day of a limit that a document sets itself: n `wd` (工作日), `d` (日) or `m` (月) after `start`.

    The day of the start is not counted, months end on the corresponding day, and a last day that is a rest day moves
    to the next working day (《民法典》第二百零一条至第二百零三条). Raises ClockError for another unit or n.
    """
    if unit == "wd":
        return working_days(n, start, calendar)
    if unit not in ("d", "m") or not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= 20000:
        raise ClockError(f"期限“{n}{unit}”不认得：单位须为日、工作日或月，数须为1至20000的整数。")
    first = fact_reader.read_day(start, "起算日期")
    cal = calendar or national()
    nominal = first + dt.timedelta(n) if unit == "d" else _months_later(first, n)
    if nominal.year > LAST_YEAR:
        raise ClockError(f"期限超出{LAST_YEAR}年，请检查日期。")
    day = dt.date.fromordinal(cal.following(nominal.toordinal()))
    reason = _reason(cal, nominal, day)
    return Due(day, reason is not None, reason)


def due(
    rule: str,
    facts: Mapping[str, object],
    calendar: Calendar | None = None,
    *,
    settings: Mapping[str, int | bool] | None = None,
    rulebook: RuleBook | None = None,
) -> Due:
    """The last day of a period; for a minimum, the first day on which it may end.

    rule      a code such as `reply`, or a Chinese title
    facts     dates of what happened, by name or Chinese label; several in a list, or as `name.2`
    calendar  working days; the State Council's without local days when absent
    settings  a body's own choices, only where the rule is a setting: {"message_general": 3} for an amount,
              {"reply.paid": False} for a restart that the body does not apply
    rulebook  another set of rules than the one that travels with the package

    Periods follow the version of the rule in force on the day they start from. The article each
    answer follows stands in `Due.citation` and beside each step. Raises ClockError with one Chinese
    sentence: unknown rule or fact, no date, a missing fact, facts out of order, an extension too long
    or too late, a start before the rule was in force.
    """
    laws = rulebook or book()
    versions = laws.find(rule)
    cal = calendar or national()
    values = fact_reader.read(versions[0], laws, facts)
    start = _start(versions[0], values)
    law, early = _in_force(versions, start, values)
    amount = _amount(law, settings)
    case = Case(rule=law, values=values, calendar=cal, start=start, begin=start, amount=amount, early=early)
    if law.kind == "fixed":
        day = dt.date(values["year"][0] + 1, law.month, law.day)
        return _answer(case, day, None)
    if law.unit == "h":
        return _hours(case)
    if law.kind == "backward":
        nominal = start.toordinal() - amount
        case.nominal = dt.date.fromordinal(nominal)
        # Moving the day later would take time from those who are to prepare: so it moves earlier.
        day = dt.date.fromordinal(cal.preceding(nominal))
        return _answer(case, day, _reason(cal, day, case.nominal))
    return _period(case, settings)


def _period(case: Case, settings: Mapping[str, int | bool] | None) -> Due:
    """Days, working days, months and years, with restarts, exclusions, extension and a set date."""
    law, values, cal = case.rule, case.values, case.calendar
    _restart(case, settings or {})
    _consultations(case)
    base = _last(case, case.amount)
    extra = _extension(case, base)
    day = _last(case, case.amount + extra) if extra else base
    case.base, case.extra = base, extra
    if law.replaced_by and law.replaced_by in values:
        replaced: dt.date = values[law.replaced_by][0]
        _order(case, law.replaced_by, replaced, law.start[0], case.start)
        case.replaced = day
        case.assumptions.clear()
        return _answer(case, replaced, None)
    first = case.begin + dt.timedelta(1) if law.unit == "wd" else case.nominal or day
    return _answer(case, day, _reason(cal, min(first, day), day))


def _answer(case: Case, day: dt.date, reason: str | None, moment: dt.datetime | None = None) -> Due:
    law = case.rule
    case.day = day
    return Due(
        day=day,
        provisional=reason is not None,
        reason=reason,
        moment=moment,
        rule=law.code,
        title=law.title,
        citation=law.citation,
        assumptions=tuple(case.assumptions),
        _explain=partial(working.explain, case, reason, moment),
    )


def _hours(case: Case) -> Due:
    began: dt.datetime = case.values[case.rule.start[0]][0]
    moment = began + dt.timedelta(hours=case.amount)
    return _answer(case, fact_reader.read_day(moment, "期限届满时刻"), None, moment)


def _start(rule: Rule, values: Values) -> dt.date:
    """The day a period starts from, which itself is not counted."""
    if rule.proven_start:
        return _received(rule, values)
    given = [name for name in rule.start if name in values]
    if not given:
        wanted = "或".join(f"“{rule.fact(name).label}”（{name}）" for name in reversed(rule.start))
        raise ClockError(f"计算{rule.name}缺少{wanted}，请补充。")
    first = values[given[0]][0]
    for earlier in given[1:]:
        if first < values[earlier][0]:
            raise _disorder(rule, given[0], first, earlier, values[earlier][0])
    if rule.kind == "fixed":
        return dt.date(first + 1, 1, 1)
    return fact_reader.read_day(first, rule.fact(given[0]).label)


def _received(rule: Rule, values: Values) -> dt.date:
    """Day of receipt by channel (《政府信息公开条例》第三十一条), or the day given as received."""
    channel = values.get("channel", [None])[0]
    received: dt.date | None = values.get("received", [None])[0]
    if channel is None:
        if received is None:
            raise ClockError(
                f"计算{rule.name}缺少“收到日期”（received），"
                "请补充，或者给出“提交渠道”（channel）和该渠道的提交、签收或确认日期。"
            )
        return received
    name, label, why = CHANNELS[channel]
    proven: dt.date | None = values.get(name, [None])[0]
    if proven is None and received is None:
        raise ClockError(f"{label}的申请{why}，计算{rule.name}请补充“{rule.fact(name).label}”（{name}）。")
    if proven is not None and received is not None and proven != received:
        raise ClockError(
            f"{rule.name}的“收到日期”{received}与{label}的“{rule.fact(name).label}”{proven}不一致，"
            f"{why}，请只保留一个。"
        )
    submitted: dt.date | None = values.get("submitted", [None])[0]
    if proven is not None and submitted is not None and submitted > proven:
        raise _disorder(rule, name, proven, "submitted", submitted)
    found = proven or received
    assert found is not None
    return found


def _in_force(versions: tuple[Rule, ...], start: dt.date, values: Values) -> tuple[Rule, bool]:
    """The version in force on the start day, and whether the start lies before an unverified date."""
    oldest = versions[-1]
    if oldest.kind == "fixed":
        year = values["year"][0]
        if year < oldest.first_year:
            raise ClockError(f"{oldest.name}自{oldest.first_year}年度的报告起适用，{year}年度不适用，请查当时的规定。")
        return versions[0], False
    for law in versions:
        if (law.in_force_from is None or law.in_force_from <= start) and (
            law.in_force_to is None or start <= law.in_force_to
        ):
            return law, False
    if oldest.in_force_from is not None and start < oldest.in_force_from and oldest.in_force_unverified:
        # A date kept from memory may warn but must not refuse.
        return oldest, True
    when = f"自{oldest.in_force_from}起施行" if oldest.in_force_from else f"施行至{versions[0].in_force_to}"
    raise ClockError(f"{oldest.name}{when}，起算日{start}不在施行期间，请查当时有效的规定。")


def _amount(law: Rule, settings: Mapping[str, int | bool] | None) -> int:
    if not settings or law.code not in settings:
        return law.amount
    amount = settings[law.code]
    if not law.setting or not law.amount:
        raise ClockError(f"{law.name}是法定期限（{law.citation}），不能另行设置，请删除该设置。")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= 3650:
        raise ClockError(f"{law.name}的设置值“{amount}”须为1至3650的整数。")
    return amount


def _restart(case: Case, settings: Mapping[str, int | bool]) -> None:
    """Move `begin` to the last fact from which the period runs anew (that day is not counted)."""
    law, values = case.rule, case.values
    for earlier, later in (
        (law.start[0], "correction_asked"),
        (law.start[0], "correction_received"),
        ("correction_asked", "correction_received"),
        (law.start[0], "fee_notified"),
        (law.start[0], "paid"),
        ("fee_notified", "paid"),
    ):
        if later in values:
            before = case.start if earlier == law.start[0] else values.get(earlier, [case.start])[0]
            _order(case, later, values[later][0], earlier, before)
    for restart in law.restarts:
        if restart.setting and settings.get(f"{law.code}.{restart.fact}") is False:
            case.ignored.append(restart.fact)
        elif restart.fact in values and values[restart.fact][0] > case.begin:
            case.begin = values[restart.fact][0]
    if "correction_asked" in values and "correction_received" not in values:
        case.assumptions.append("已告知补正，尚未收到补正；收到补正后期限重新计算")
    if "fee_notified" in values and "paid" not in values and "paid" not in case.ignored:
        case.assumptions.append("已发出收费通知，尚未缴清；缴清后期限重新计算（未经核实），逾期未缴视为放弃申请")


def _consultations(case: Case) -> None:
    """Collect the windows in which working days are not counted, then join those that overlap."""
    for exclusion in case.rule.exclusions:
        if exclusion.asked in case.values or any(
            name in case.values for name in (exclusion.served, exclusion.answered)
        ):
            case.windows.extend(_windows(case, exclusion))
    spans: list[tuple[int, int]] = []
    for window in sorted(case.windows, key=lambda w: w.asked):
        after, upto = window.asked.toordinal(), window.end.toordinal()
        if spans and after <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], upto))
        elif upto > after:
            spans.append((after, upto))
    case.spans = spans


def _windows(case: Case, exclusion: Exclusion) -> list[Window]:
    law, values, cal = case.rule, case.values, case.calendar
    asked, served, answered = (values.get(name, []) for name in (exclusion.asked, exclusion.served, exclusion.answered))
    found: list[Window] = []
    for i in range(max(map(len, (asked, served, answered)))):
        sent, got, reply = (column[i] if i < len(column) else None for column in (asked, served, answered))
        if sent is None:
            if got is None and reply is None:
                continue
            raise ClockError(
                f"{law.name}第{i + 1}次{exclusion.name}有送达或答复日期，但缺少"
                f"“{law.fact(exclusion.asked).label}”（{exclusion.asked}），请补充。"
            )
        _order(case, exclusion.asked, sent, law.start[0], case.start)
        if got is not None:
            _order(case, exclusion.served, got, exclusion.asked, sent)
        if reply is not None:
            _order(case, exclusion.answered, reply, exclusion.asked, sent)
            if got is not None:
                _order(case, exclusion.answered, reply, exclusion.served, got)
        lapse = dt.date.fromordinal(cal.nth((got or sent).toordinal(), exclusion.amount))
        end = lapse if reply is None else min(reply, lapse)
        found.append(Window(exclusion, len(found) + 1, sent, got, reply, lapse, end))
        if reply is None:
            since = "收到征求意见书" if got else "发出征求意见书（送达日期未提供）"
            case.assumptions.append(
                f"第{len(found)}次{exclusion.name}尚无答复，暂按自{since}起满{exclusion.amount}个工作日（{lapse}）扣除"
            )
        elif got is None and reply > lapse:
            case.assumptions.append(
                f"第{len(found)}次{exclusion.name}未提供送达日期，扣除期间按自发出之日起满"
                f"{exclusion.amount}个工作日（{lapse}）为限"
            )
    return found


def _extension(case: Case, base: dt.date) -> int:
    """Days the period is extended by; 0 without an extension that was approved and notified in time."""
    law, values = case.rule, case.values
    if law.extension is None:
        return 0
    approved: dt.date | None = values.get("extension_approved", [None])[0]
    notified: dt.date | None = values.get("extension_notified", [None])[0]
    if approved is None:
        if notified is not None or "extension_days" in values:
            raise ClockError(f"{law.name}的延期缺少“延期批准日期”（extension_approved），请补充。")
        return 0
    days: int = values.get("extension_days", [law.extension.max])[0]
    unit = "个工作日" if law.unit == "wd" else "日"
    if not 1 <= days <= law.extension.max:
        raise ClockError(
            f"{law.name}的延长天数{days}不合规定，应为1至{law.extension.max}{unit}（{law.extension.citation}）。"
        )
    _order(case, "extension_approved", approved, law.start[0], case.start)
    if notified is not None:
        _order(case, "extension_notified", notified, "extension_approved", approved)
    if approved < case.begin:
        return 0  # granted for the count that the restart has replaced
    for name, day, verb in (
        ("extension_approved", approved, "批准"),
        ("extension_notified", notified, "告知"),
    ):
        if day is not None and day > base:
            raise ClockError(
                f"{law.name}的“{law.fact(name).label}”{day}晚于原期限最后一日{base}，延期须在原期限届满前"
                f"批准并告知，逾期{verb}的延长不成立，请核对日期或者删去延期。"
            )
    if notified is None:
        case.assumptions.append("延期已批准，尚未告知；告知之前不计入延长的期限")
        return 0
    return days


def _last(case: Case, amount: int) -> dt.date:
    """The last day of the period, without or with its extension."""
    law, cal = case.rule, case.calendar
    if law.unit == "wd":
        cursor, left = case.begin.toordinal(), amount
        for after, upto in case.spans:
            if upto <= cursor:
                continue
            if after > cursor:
                if cal.nth(cursor, left) <= after:
                    break
                left -= cal.between(cursor, after)
            cursor = upto
        return dt.date.fromordinal(cal.nth(cursor, left))
    if law.unit == "d":
        nominal = case.begin + dt.timedelta(amount)
    else:
        nominal = _months_later(case.begin, amount * (12 if law.unit == "y" else 1))
    case.nominal = nominal
    if nominal.year > LAST_YEAR:
        raise ClockError(f"{law.name}的期限超出{LAST_YEAR}年，请检查日期。")
    return dt.date.fromordinal(cal.following(nominal.toordinal()))


def _months_later(day: dt.date, count: int) -> dt.date:
    """The corresponding day `count` months on, or the end of that month (《民法典》第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _reason(cal: Calendar, first: dt.date, last: dt.date) -> str | None:
    missing = cal.uncovered(first, last)
    return provisional_reason(missing) if missing else None


def _order(case: Case, later: str, day: dt.date, earlier: str, before: dt.date) -> None:
    if day < before:
        raise _disorder(case.rule, later, day, earlier, before)


def _disorder(rule: Rule, later: str, day: object, earlier: str, before: object) -> ClockError:
    return ClockError(
        f"{rule.name}的“{rule.fact(later).label}”（{later}）{day}早于"
        f"“{rule.fact(earlier).label}”（{earlier}）{before}，请核对日期先后。"
    )
