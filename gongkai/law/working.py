"""“为什么是这一天？”: the working of a date in a citizen's words, with the article beside each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from gongkai.law.answer import Step
from gongkai.law.calendar import Calendar, Mark, provisional_reason, weekday
from gongkai.law.facts import Values
from gongkai.law.rulebook import CHANNELS, SETTING_NOTES, UNITS, Exclusion, Rule

CIVIL_START = "《民法典》第二百零一条"
CIVIL_MONTH = "《民法典》第二百零二条"
CIVIL_REST = "《民法典》第二百零三条"
HOLIDAY_LAW = "《全国年节及纪念日放假办法》"
UNKNOWN = "未经核实"


@dataclass(slots=True)
class Window:
    """One consultation: working days d with asked < d ≤ end are not counted."""

    exclusion: Exclusion
    number: int
    asked: dt.date
    served: dt.date | None
    answered: dt.date | None
    lapse: dt.date
    end: dt.date


@dataclass(slots=True)
class Case:
    """A rule applied to facts: what the arithmetic found, kept for the explanation."""

    rule: Rule
    values: Values
    calendar: Calendar
    start: dt.date
    begin: dt.date  # the start after the last restart
    amount: int
    early: bool = False
    nominal: dt.date | None = None
    windows: list[Window] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    base: dt.date | None = None
    extra: int = 0
    replaced: dt.date | None = None
    day: dt.date = dt.date.min
    assumptions: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # restarts that the body's settings switch off

    def excluded(self, day: dt.date) -> bool:
        """Whether the day lies in a consultation."""
        ordinal = day.toordinal()
        return any(after < ordinal <= upto for after, upto in self.spans)


def explain(case: Case, reason: str | None, moment: dt.datetime | None) -> tuple[Step, ...]:
    """The steps of a date, from its start to its last day."""
    law = case.rule
    if law.kind == "fixed":
        steps = _fixed(case)
    elif moment is not None:
        steps = _hours(case, moment)
    elif law.kind == "backward":
        steps = _backward(case)
    elif case.replaced is not None:
        steps = [*_start(case), _replaced(case)]
    elif law.unit == "wd":
        steps = [*_start(case), *_counted(case), _working_result(case)]
    else:
        steps = [*_start(case), *_extension(case), *_calendar_result(case)]
    steps += _notes(case, reason)
    return tuple(steps)


def plain_days(cal: Calendar, first: dt.date, n: int, day: dt.date, reason: str | None) -> tuple[Step, ...]:
    """The steps of a bare count of working days."""
    steps = [
        Step(first, f"起算日期为{_day(first)}，当日不计入，自次日起计算{n}个工作日", CIVIL_START),
        *_rests(cal, first, day),
        Step(day, f"第{n}个工作日为{_day(day)}", CIVIL_START),
    ]
    return tuple(steps + _provisional(cal, day, reason))


def _start(case: Case) -> list[Step]:
    law, values, start = case.rule, case.values, case.start
    amount = f"{case.amount}{UNITS[law.unit]}"
    tail = f"当日不计入，自次日起计算{amount}"
    steps: list[Step] = []
    if law.proven_start:
        article = "《政府信息公开条例》第三十一条"
        channel = values.get("channel", [None])[0]
        if channel:
            _, label, why = CHANNELS[channel]
            steps.append(Step(start, f"{label}的申请，{why}：{_day(start)}", article))
        steps.append(Step(start, f"收到申请之日为{_day(start)}，{tail}", f"{article}；{CIVIL_START}"))
    else:
        name = next(name for name in law.start if name in values)
        label = law.fact(name).label
        steps.append(Step(start, f"{label}为{_day(start)}，{law.start_text}，{tail}", f"{law.citation}；{CIVIL_START}"))
    return steps + _restarts(case)


def _restarts(case: Case) -> list[Step]:
    law, values = case.rule, case.values
    steps: list[Step] = []
    asked: dt.date | None = values.get("correction_asked", [None])[0]
    if asked is not None:
        text = f"{_day(asked)}告知申请人补正"
        if case.calendar.between(case.start.toordinal(), asked.toordinal()) > 7:
            text += "，已超过收到申请之日起7个工作日的补正告知期限"
        if "correction_received" not in values:
            text += "；尚未收到补正，收到后答复期限重新计算"
        steps.append(Step(asked, text, "《政府信息公开条例》第三十条"))
    notified: dt.date | None = values.get("fee_notified", [None])[0]
    if notified is not None:
        text = f"{_day(notified)}申请人收到收费通知"
        if "paid" not in values and "paid" not in case.ignored:
            text += "；尚未缴清，缴清后答复期限重新计算（可配置的默认做法，未经核实）"
        steps.append(Step(notified, text, "国办函〔2020〕109号第六条"))
    for restart in law.restarts:
        if restart.fact in values:
            day = values[restart.fact][0]
            text = f"{_day(day)}{restart.text}，当日不计入"
            if restart.fact in case.ignored:
                text = f"{_day(day)}{law.fact(restart.fact).label}；按本机关设置，期限不重新计算"
            elif day < case.begin:
                text += "；其后又重新计算"
            steps.append(Step(day, text, f"{restart.citation}；{CIVIL_START}"))
    return sorted(steps, key=lambda step: step.day)


def _counted(case: Case) -> list[Step]:
    """Rest days, make-up days, consultations and extension, in the order of the calendar."""
    steps = _rests(case.calendar, case.begin, case.day, case)
    steps += _consultations(case) + _extension(case)
    return sorted(steps, key=lambda step: step.day)


def _rests(cal: Calendar, after: dt.date, upto: dt.date, case: Case | None = None) -> list[Step]:
    steps: list[Step] = []
    weekends: list[dt.date] = []
    group: list[dt.date] = []
    open_mark: Mark | None = None

    def close() -> None:
        if open_mark is not None and group:
            text = f"{_range(group[0], group[-1])} {open_mark.name}放假，不计"
            steps.append(Step(group[0], text, open_mark.cite))
            group.clear()

    for day, worked, mark in cal.days(after, upto):
        if mark is not None and mark.off:
            if mark != open_mark:
                close()
            open_mark = mark
            group.append(day)
            continue
        close()
        open_mark = None
        if mark is not None:
            inside = case is not None and case.excluded(day)
            what = "调休上班，但在征求意见期间，不计" if inside else "调休上班，计入"
            steps.append(Step(day, f"{_day(day)}{what}", mark.cite))
        elif not worked:
            weekends.append(day)
    close()
    if weekends:
        text = f"期间普通周六、周日共{len(weekends)}天，不计"
        steps.append(Step(weekends[0], text, HOLIDAY_LAW))
    return sorted(steps, key=lambda step: step.day)


def _consultations(case: Case) -> list[Step]:
    cal = case.calendar
    steps: list[Step] = []
    covered = case.begin
    for window in sorted(case.windows, key=lambda w: (w.asked, w.end)):
        exclusion = window.exclusion
        text = f"第{window.number}次{exclusion.name}：{_day(window.asked)}发出"
        if window.served:
            text += f"，{_day(window.served)}送达"
        if window.answered:
            text += f"，{_day(window.answered)}收到意见"
        if window.asked >= case.day:
            text += "；发出时期限已届满，不影响期限"
        elif window.end <= case.begin:
            text += "；在期限重新计算之前结束，不影响重新计算后的期限"
        else:
            text += _length(window)
            since = max(window.asked, case.begin)
            days = cal.between(since.toordinal(), window.end.toordinal())
            new = cal.between(max(since, covered).toordinal(), window.end.toordinal())
            text += f"；{since}之后至{window.end}的{days}个工作日不计入期限"
            if new < days:
                text += f"，其中{days - new}个与其他期间重叠，只扣除一次"
            covered = max(covered, window.end)
        steps.append(Step(window.asked, text, exclusion.citation))
    return steps


def _length(window: Window) -> str:
    """How the end of a consultation was found, where it is not simply the answer."""
    exclusion = window.exclusion
    since = "送达" if window.served else "发出（未提供送达日期）"
    if window.answered is None:
        return (
            f"；尚未收到意见，暂按自{since}起满{exclusion.amount}个工作日（{window.lapse}）计算，"
            f"提前收到意见的须重算；{exclusion.on_silence}"
        )
    if window.answered > window.lapse:
        return (
            f"；意见在自{since}起满{exclusion.amount}个工作日（{window.lapse}）之后才收到，只扣除到该日；"
            f"{exclusion.on_silence}"
        )
    return ""


def _extension(case: Case) -> list[Step]:
    law = case.rule
    approved: dt.date | None = case.values.get("extension_approved", [None])[0]
    if law.extension is None or approved is None or case.base is None:
        return []
    text = f"{_day(approved)}经{law.extension.approver}批准延长期限"
    notified: dt.date | None = case.values.get("extension_notified", [None])[0]
    if case.extra and notified:
        unit = "个工作日" if law.unit == "wd" else "日"
        text += f"，{_day(notified)}告知，均不晚于原期限最后一日{_day(case.base)}，在同一期限上增加{case.extra}{unit}"
    elif approved < case.begin:
        text += "，该延期针对重新计算之前的期限，不计入重新计算后的期限"
    else:
        text += "，但尚未告知，告知之前不计入"
    return [Step(approved, text, law.extension.citation)]


def _working_result(case: Case) -> Step:
    law, total = case.rule, case.amount + case.extra
    if law.kind == "minimum":
        text = f"第{total}个工作日为{_day(case.day)}，不得早于该日结束"
    else:
        text = f"第{total}个工作日为{_day(case.day)}，即期限最后一日"
    return Step(case.day, text, law.citation)


def _calendar_result(case: Case) -> list[Step]:
    law, nominal = case.rule, case.nominal or case.day
    steps: list[Step] = []
    if law.unit == "d":
        text, basis = f"第{case.amount + case.extra}日为{_day(nominal)}", law.citation
    else:
        text = f"{case.amount}{UNITS[law.unit]}后的对应日（没有对应日的为月末日）为{_day(nominal)}"
        basis = f"{law.citation}；{CIVIL_MONTH}"
    steps.append(Step(nominal, text, basis))
    if case.day != nominal:
        why = case.calendar.reason(nominal)
        steps.append(Step(case.day, f"{nominal}为{why}，顺延至其后第一个工作日{_day(case.day)}", CIVIL_REST))
    ends = "不得早于该日结束" if law.kind == "minimum" else "即期限最后一日"
    steps.append(Step(case.day, f"{_day(case.day)}，{ends}", law.citation))
    return steps


def _fixed(case: Case) -> list[Step]:
    law, year = case.rule, case.values["year"][0]
    steps = [Step(case.day, f"{year}年度报告：{law.start_text}，即{_day(case.day)}前", law.citation)]
    if not case.calendar.is_working(case.day):
        why = case.calendar.reason(case.day)
        steps.append(Step(case.day, f"该日为{why}；规定的是固定日期，不顺延，请提前完成", law.citation))
    else:
        steps.append(Step(case.day, "规定的是固定日期，遇休息日不顺延", law.citation))
    return steps


def _hours(case: Case, moment: dt.datetime) -> list[Step]:
    law = case.rule
    began: dt.datetime = case.values[law.start[0]][0]
    return [
        Step(
            case.start,
            f"起算时刻为{began:%Y-%m-%d %H:%M}，按小时连续计算，节假日不扣除",
            f"{law.citation}；{CIVIL_START}第二款",
        ),
        Step(case.day, f"满{case.amount}小时为{moment:%Y-%m-%d %H:%M}", law.citation),
    ]


def _backward(case: Case) -> list[Step]:
    law, nominal = case.rule, case.nominal or case.day
    steps = [
        Step(case.start, f"听证会日期为{_day(case.start)}，当日不计入，向前计算{case.amount}日", law.citation),
        Step(nominal, f"向前第{case.amount}日为{_day(nominal)}，最迟应于该日送达", law.citation),
    ]
    if case.day != nominal:
        why = case.calendar.reason(nominal)
        text = f"{nominal}为{why}，为保证提前天数，提前至前一个工作日{_day(case.day)}"
        steps.append(Step(case.day, text, law.citation))
    return steps


def _replaced(case: Case) -> Step:
    text = f"已确定并告知延迟答复的日期{_day(case.day)}，以该日期代替原期限（{case.replaced}）"
    return Step(case.day, text, case.rule.replaced_citation)


def _notes(case: Case, reason: str | None) -> list[Step]:
    law, day = case.rule, case.day
    steps: list[Step] = []
    if law.note:
        steps.append(Step(day, law.note, law.citation))
    for text in (law.on_silence, law.on_lapse):
        if text:
            steps.append(Step(day, text, law.citation))
    if law.setting:
        text = SETTING_NOTES.get(law.src, SETTING_NOTES["M"])
        if case.amount != law.amount:
            text += f"；已按设置由{law.amount_text}改为{case.amount}{UNITS[law.unit]}"
        steps.append(Step(day, text, UNKNOWN))
    if case.early:
        text = f"起算日早于本规则的施行日{law.in_force_from}（施行日未经核实），请核对当时的规定"
        steps.append(Step(day, text, UNKNOWN))
    if law.kind == "fixed" or law.unit == "h" or case.replaced is not None:
        return steps
    return steps + _provisional(case.calendar, day, reason)


def _provisional(cal: Calendar, day: dt.date, reason: str | None) -> list[Step]:
    if reason is not None:
        return [Step(day, reason, HOLIDAY_LAW)]
    # The notice for a year has more than once moved the last days of December before it.
    if day.month == 12 and day.day >= 29 and not cal.covers(dt.date(day.year + 1, 1, 1)):
        text = provisional_reason([day.year + 1]).split("，")[0] + "，可能调整本年12月末的工作日，届时须核对"
        return [Step(day, text, HOLIDAY_LAW)]
    return []


def _day(day: dt.date) -> str:
    return f"{day}（{weekday(day)}）"


def _range(first: dt.date, last: dt.date) -> str:
    if first == last:
        return str(first)
    return f"{first}至{last:%m-%d}" if first.year == last.year else f"{first}至{last}"


def text_of(steps: Iterable[Step]) -> str:
    """The steps as numbered lines of Chinese text, the article in brackets."""
    lines = [f"  {i}. {step.text}〔{step.basis}〕" for i, step in enumerate(steps, 1)]
    return "\n".join(lines)
