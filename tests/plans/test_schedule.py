"""What a task owes, and when: printed phrases and facts against dates typed by hand.

An expected line is `clock date [waits] [assumed] [past] [provisional]`; the reason for the date stands beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from gongkai.plans.reading.deadlines import column_deadlines, find_deadlines
from gongkai.plans.schedule import EVERY, Occurrence, occurrences, periods

ISSUED = dt.date(2020, 8, 21)  # a Friday: the day plan 004 was issued
NOTHING: list[str] = []


def shown(found: Sequence[Occurrence]) -> list[str]:
    """Occurrences as lines of the table."""
    return [
        " ".join(
            [
                o.clock,
                o.due.isoformat() if o.due else "-",
                *(["waits"] if o.waits else []),
                *(name for name in ("assumed", "past", "provisional") if getattr(o, name)),
            ]
        )
        for o in found
    ]


@dataclass(frozen=True)
class Case:
    """A phrase in the clause (or in the column of deadlines), the facts, and what is owed."""

    name: str
    phrase: str
    expected: list[str]
    column: bool = False
    year: int = 2020
    issued: dt.date | None = ISSUED
    review: str = ""
    happened: dict[int, list[str]] = field(default_factory=dict)

    def run(self) -> list[Occurrence]:
        read = (column_deadlines if self.column else find_deadlines)(self.phrase, self.year)
        happenings = {k: [dt.date.fromisoformat(d) for d in days] for k, days in self.happened.items()}
        return occurrences(
            [d.to_json() for d in read],
            text="" if self.column else self.phrase,
            year=self.year,
            issued_on=self.issued,
            review=self.review,
            happenings=happenings,
        )


MONTHS_FROM_AUGUST = [
    "r1:2020-08 2020-08-31",  # August had not ended on the 21st
    "r1:2020-09 2020-09-30",
    "r1:2020-10 2020-10-31",
    "r1:2020-11 2020-11-30",
    "r1:2020-12 2020-12-31",
]
BRIEF = "政策文件自发布之日起5个工作日内发布解读材料"

CASES = [
    # Fixed dates.
    Case("year end", "2020年底前完成目录编制", ["by1 2020-12-31"]),
    Case("year end of a later year", "2022年底前完成", ["by1 2022-12-31"], year=2022, issued=None),
    Case("day", "2021年11月20日前公开", ["by1 2021-11-20"], year=2021, issued=None),  # plan 001 #24
    Case("month end of 31 days", "10月底前完成", ["by1 2020-10-31"]),  # plan 004 #3: the plan's year; a Saturday stays
    Case("month end of 30 days", "2020年11月底前完成", ["by1 2020-11-30"]),  # plan 004 #6
    Case("February of a leap year", "2月底前完成", ["by1 2024-02-29"], year=2024, issued=None),
    Case("February of another year", "2月底前完成", ["by1 2021-02-28"], year=2021, issued=None),
    Case("next year", "明年3月底前完成", ["by1 2021-03-31"]),
    Case("bare year end", "年底前公开到位", ["by1 2022-12-31"], year=2022, issued=None),  # plan 002 #5
    Case("middle of a month", "9月中旬前报送", ["by1 2020-09-20"]),  # 中旬 ends on the 20th
    Case("end of a quarter", "第三季度末前完成", ["by1 2020-09-30"]),
    Case("first half", "上半年完成", ["by1 2020-06-30 past"]),  # ended before 21 August
    Case("column: bare month", "10月", ["by1 2020-10-31"], column=True),
    Case("column: figures", "2020.11", ["by1 2020-11-30"], column=True),
    Case("column: year", "2021年", ["by1 2021-12-31"], column=True),
    Case("column: begins and ends", "9月启动，12月完成", ["by1 2020-12-31"], column=True),  # the later one is owed
    Case("column: two dates", "9月底前；11月底前", ["by1 2020-09-30", "by2 2020-11-30"], column=True),
    # Before the plan was issued (systems L3: shown 印发时已逾期).
    Case("past", "2020年6月30日前编制完成目录", ["by1 2020-06-30 past"]),  # plan 004 #5, issued 2020-08-21
    Case("the day before issue", "2020年8月20日前", ["by1 2020-08-20 past"]),
    Case("the day of issue", "2020年8月21日前", ["by1 2020-08-21"]),  # can still be met on that day
    Case("issue unknown", "2020年6月30日前编制完成目录", ["by1 2020-06-30"], issued=None),
    # Recurring: one for each period that had not ended at issue.
    Case("every year", "每年至少更新一次", ["r1:2021 2021-12-31"], year=2021, issued=None),  # plan 001 #7
    Case("every half-year", "每半年至少1次", ["r1:2020-H2 2020-12-31"]),  # the first half had ended
    Case("every half-year, all", "每半年至少1次", ["r1:2020-H1 2020-06-30", "r1:2020-H2 2020-12-31"], issued=None),
    Case("every quarter", "每季度至少1次", ["r1:2020-Q3 2020-09-30", "r1:2020-Q4 2020-12-31"]),
    Case(
        "quarterly check and yearly review",  # plan 003 #26
        "落实季度检查以及年度考评",
        [
            "r1:2020-Q1 2020-03-31",
            "r1:2020-Q2 2020-06-30",
            "r1:2020-Q3 2020-09-30",
            "r1:2020-Q4 2020-12-31",
            "r2:2020 2020-12-31",
        ],
        issued=None,
    ),
    Case("every month", "每月至少公开一次", MONTHS_FROM_AUGUST),
    Case("column: by month", "按月", MONTHS_FROM_AUGUST, column=True),
    Case(
        "issued on the last day of a month",
        "每月至少公开一次",
        ["r1:2020-11 2020-11-30", "r1:2020-12 2020-12-31"],
        issued=dt.date(2020, 11, 30),
    ),
    Case(
        "every week",
        "每周至少更新1次",
        ["r1:2020-W52 2020-12-27", "r1:2020-W53 2021-01-03"],  # ISO: 2020 has 53 weeks, the last ends on 3 January
        issued=dt.date(2020, 12, 22),
    ),
    Case(
        "every week of a year of 52",
        "每周至少更新1次",
        ["r1:2026-W52 2026-12-27", "r1:2026-W53 2027-01-03"],  # 2026 begins on a Thursday, so it has 53 too
        year=2026,
        issued=dt.date(2026, 12, 21),
    ),
    Case("last week of 2021", "每周至少更新1次", ["r1:2021-W52 2022-01-02"], year=2021, issued=dt.date(2021, 12, 27)),
    # From the issue of the plan itself.
    Case("30 days from issue", "于本文印发30日内反馈", ["in1 2020-09-21"]),  # 20 September is a Sunday (民法典 203)
    Case("15 days from issue", "在本方案印发后15日内制定", ["in1 2020-09-07"]),  # 5 September is a Saturday
    Case("20 days from issue", "印发后20日内报送", ["in1 2020-09-10"]),  # a Thursday
    Case("issue unknown: waits", "于本文印发30日内反馈", ["in1 - waits"], issued=None),  # plan 002 #44
    Case("issue unknown: told", "于本文印发30日内反馈", ["in1 2020-09-21"], issued=None, happened={1: ["2020-08-21"]}),
    Case("10 working days from issue", "本通知印发后10个工作日内", ["in1 2020-09-04"]),  # two weeks, Friday to Friday
    Case("of another document", "自印发之日起20日内公开", ["in1 - waits"]),  # said of each document, not of the plan
    # From an event.
    Case("waits for the event", BRIEF, ["in1 - waits"]),  # plan 003 #27
    Case(
        "over National Day",
        BRIEF,
        # Sun 27 September is worked; 1 to 8 October are off: 27, 28, 29, 30 September, 9 October.
        ["in1:2020-09-25 2020-10-09"],
        happened={1: ["2020-09-25"]},
    ),
    Case(
        "several events",
        BRIEF,
        ["in1:2020-09-07 2020-09-14", "in1:2020-09-25 2020-10-09"],  # Monday to Monday without a holiday
        happened={1: ["2020-09-07", "2020-09-25"]},
    ),
    Case(
        "20 working days, 2026",
        "自受理之日起20个工作日内",
        ["in1:2026-09-21 2026-10-26"],  # law §12: Mid-Autumn 25-27 September, 1-7 October off, 10 October worked
        year=2026,
        issued=None,
        happened={1: ["2026-09-21"]},
    ),
    Case(
        "20 working days over the Spring Festival",
        "自受理之日起20个工作日内",
        ["in1:2025-01-24 2025-02-27"],  # law §12
        year=2025,
        issued=None,
        happened={1: ["2025-01-24"]},
    ),
    Case(
        "7 working days over Labour Day",
        "自受理之日起7个工作日内",
        ["in1:2025-04-25 2025-05-08"],  # law §12
        year=2025,
        issued=None,
        happened={1: ["2025-04-25"]},
    ),
    Case(
        "30 days end in the holiday",
        "自受理之日起30日内",
        ["in1:2026-09-02 2026-10-08"],  # 2 October is off; the holiday ends on the 7th (law §15, 2026-09-02)
        year=2026,
        issued=None,
        happened={1: ["2026-09-02"]},
    ),
    Case(
        "30 days end on 1 October 2020",
        "自受理之日起30日内",
        ["in1:2020-09-01 2020-10-09"],  # off until 8 October, a Thursday
        happened={1: ["2020-09-01"]},
    ),
    Case(
        "30 days end on a worked Sunday",
        "自受理之日起30日内",
        ["in1:2020-08-28 2020-09-27"],  # a make-up day is no rest day: nothing to move
        happened={1: ["2020-08-28"]},
    ),
    Case(
        "beyond the last notice",
        "自受理之日起30日内",
        ["in1:2026-12-15 2027-01-14 provisional"],  # a Thursday; no notice for 2027 in this repository
        year=2026,
        issued=None,
        happened={1: ["2026-12-15"]},
    ),
    Case("happening of another number", BRIEF, ["in1 - waits"], happened={2: ["2020-09-25"]}),
    # Words that set a tempo.
    Case("及时 in the clause", "及时公开执法结果", ["tempo - waits"]),
    Case("实时 in the clause", "实时发布疫情信息", ["tempo - waits"]),  # plan 000 #10
    Case("当天", "简易咨询当天答复", ["tempo - waits"]),  # plan 002 #29
    Case("定期", "定期公开", ["tempo - waits"]),
    Case("column: 及时", "及时", ["tempo - waits"], column=True),
    Case("column: 常态化", "常态化", ["tempo - waits"], column=True),
    Case("column: every day", "每天", ["tempo - waits"], column=True),  # no duty for every day of a year
    Case("及时, each week", "及时公开", ["rv:2020-W53 2021-01-03"], review="week", issued=dt.date(2020, 12, 28)),
    Case("及时, each month", "及时公开", [c.replace("r1:", "rv:") for c in MONTHS_FROM_AUGUST], review="month"),
    Case("及时, each quarter", "及时公开", ["rv:2020-Q3 2020-09-30", "rv:2020-Q4 2020-12-31"], review="quarter"),
    Case("及时, each half-year", "及时公开", ["rv:2020-H2 2020-12-31"], review="half_year"),
    Case("及时, each year", "及时公开", ["rv:2020 2020-12-31"], review="year"),
    Case("date and tempo", "2020年底前建立，定期更新", ["by1 2020-12-31", "tempo - waits"]),
    Case("及时 beside a date", "2020年底前完成，及时公开", ["by1 2020-12-31"]),  # the date is the deadline
    # Steady words and nothing at all: the end of the year, assumed.
    Case("长期坚持", "长期坚持", ["year 2020-12-31 assumed"], column=True),
    Case("全年", "全年", ["year 2020-12-31 assumed"], column=True),
    Case("长期坚持, reviewed", "长期坚持", ["rv:2020-Q3 2020-09-30", "rv:2020-Q4 2020-12-31"], True, review="quarter"),
    Case("date, then steady", "9月底前；长期坚持", ["by1 2020-09-30", "year 2020-12-31 assumed"], column=True),
    Case("nothing", "建立规范性文件数据库", ["year 2020-12-31 assumed"]),
    Case("nothing, issue unknown", "建立规范性文件数据库", ["year 2021-12-31 assumed"], year=2021, issued=None),
    Case("nothing, reviewed", "建立数据库", ["rv:2020-H2 2020-12-31"], review="half_year"),
    Case("a review changes no printed date", "2020年底前完成", ["by1 2020-12-31"], review="month"),
    Case("the same day twice", "2020年底前建成，年底前公开", ["by1 2020-12-31"]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_table(case: Case) -> None:
    assert shown(case.run()) == case.expected


def test_the_table_is_long_enough_and_names_are_unique() -> None:
    assert len({c.name for c in CASES}) == len(CASES) >= 50


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case("one month", "印发后1个月内", ["in1 2020-09-21"])),  # 民法典 202; a Monday
        pytest.param(
            Case("3 months", "项目批复后3个月内", ["in1:2020-06-30 2020-09-30"], happened={1: ["2020-06-30"]}),
        ),
        pytest.param(  # no 31 February: 29 February 2020, a Saturday, moves to Monday 2 March
            Case("end of February", "批准后1个月内", ["in1:2020-01-31 2020-03-02"], happened={1: ["2020-01-31"]}),
        ),
        pytest.param(  # 30 days from 8 October: 7 November, a Saturday, moves to Monday 9 November
            Case(
                "月 in the event", "自10月采购结束起30日内", ["in1:2020-10-08 2020-11-09"], happened={1: ["2020-10-08"]}
            ),
        ),
        pytest.param(  # the printed day stands beside an assumed one that had passed too
            Case("assumed but past", "建立数据库", ["year 2020-12-31 assumed past"], issued=dt.date(2021, 1, 15)),
        ),
    ],
    ids=lambda c: c.name,
)
def test_faults(case: Case) -> None:
    assert shown(case.run()) == case.expected


def test_no_days_at_all_raise_nothing() -> None:
    """压缩至0个工作日 is read as a limit of 0 days; 1000天内 too, by its last three figures."""
    assert Case("", "收到后0个工作日内办结", NOTHING, happened={1: ["2020-09-25"]}).run()


def test_a_plan_is_issued_once() -> None:
    """Where its date of issue is not known, the first day told stands for it: 30 days from 21 August."""
    case = Case("", "于本文印发30日内反馈", NOTHING, issued=None, happened={1: ["2020-08-21", "2020-09-25"]})
    assert [(o.clock, o.due) for o in case.run()] == [("in1", dt.date(2020, 9, 21))]


def test_words_beside_a_date() -> None:
    """A label for people, the first day of the period, the words printed; and what is waited for."""
    (waiting,) = Case("", BRIEF, NOTHING).run()
    assert (waiting.waits, waiting.basis) == ("等“发布”的日期", "自发布之日起5个工作日内")
    (dated,) = Case("", BRIEF, NOTHING, happened={1: ["2020-09-25"]}).run()
    assert (dated.label, dated.opens, dated.waits) == ("9月25日发布", dt.date(2020, 9, 25), "")
    (own,) = Case("", "于本文印发30日内反馈", NOTHING, issued=None).run()
    assert own.waits == "等“方案的印发日期”的日期"
    quarter = Case("", "每季度至少1次", NOTHING, issued=None).run()[2]
    assert (quarter.label, quarter.opens, quarter.due) == ("第三季度", dt.date(2020, 7, 1), dt.date(2020, 9, 30))
    (tempo,) = Case("", "及时公开", NOTHING).run()
    assert tempo.waits == "“及时”没有固定日期，可以设复核周期"
    (reviewed,) = Case("", "及时公开", NOTHING, review="year").run()
    assert reviewed.basis == "及时（复核周期：每年）"


def test_clocks_stay_when_other_facts_change() -> None:
    """A settlement names its clock: another date of issue, year end or review must not make it another's."""
    phrase = "9月底前报送，每季度至少1次，自发布之日起5个工作日内发布"

    def clocks(**facts: Any) -> set[str]:
        return {o.clock for o in Case("", phrase, NOTHING, **facts).run()}

    base = clocks()
    assert base == {"by1", "r2:2020-Q3", "r2:2020-Q4", "in3"}
    assert clocks(issued=dt.date(2020, 8, 1)) == base
    assert clocks(issued=None) == base | {"r2:2020-Q1", "r2:2020-Q2"}
    assert clocks(review="month") == base
    first = clocks(happened={3: ["2020-09-25"]})
    assert first == base - {"in3"} | {"in3:2020-09-25"}
    assert clocks(happened={3: ["2020-09-07", "2020-09-25"]}) == first | {"in3:2020-09-07"}


@pytest.mark.parametrize(("every", "year", "count"), [("week", 2020, 53), ("week", 2021, 52), ("week", 2026, 53)])
def test_weeks_of_a_year(every: str, year: int, count: int) -> None:
    assert len(list(periods(every, year))) == count


@pytest.mark.parametrize(("every", "count"), [("month", 12), ("quarter", 4), ("half_year", 2), ("year", 1)])
def test_periods_fill_the_year(every: str, count: int) -> None:
    made = list(periods(every, 2024))
    assert len(made) == count and every in EVERY
    assert (made[0][2], made[-1][3]) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert all(a[3] + dt.timedelta(1) == b[2] for a, b in pairwise(made))


def test_an_unknown_period_is_refused() -> None:
    with pytest.raises(ValueError, match="day"):
        list(periods("day", 2024))
