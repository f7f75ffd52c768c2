"""Lists of the ledger: each way to narrow them, how many queries they take, and what they never show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.ledger import actions, reads
from gongkai.ledger.models import Matter
from gongkai.ledger.reads import Filter
from gongkai.ledger.rules import Status
from gongkai.plans import actions as plan_actions
from gongkai.plans import intake
from gongkai.plans.models import Plan
from tests.plans.bureau import DAY, Bureau, build, follow, matter, sheet, task

pytestmark = pytest.mark.django_db
PLANS = Path(__file__).resolve().parents[3] / "shared" / "plans"


@pytest.fixture
def bureau() -> Bureau:
    return build()


@pytest.fixture
def plan(bureau: Bureau) -> Plan:
    """The six tasks on 28 September: overdue 5; due 4; waiting 2 and 3; running 1 and 6."""
    made = bureau.imported()
    follow()
    return made


def positions(filter_: Filter, today: dt.date = DAY) -> list[int]:
    """The tasks that pass, in the order of the list."""
    return [m.position for m in reads.listed(filter_.applied(Matter.objects.all(), today))]


def of(bureau: Bureau, *names: str) -> frozenset[int]:
    return frozenset(bureau.orgs[n] for n in names)


def test_by_organisation(bureau: Bureau, plan: Plan) -> None:
    # Named: 1 supports, 2 leads. By 各股室: 3 supports, 4 leads.
    assert positions(Filter(organisations=of(bureau, "市场执法股"))) == [1, 2]
    assert positions(Filter(organisations=of(bureau, "市场执法股"), groups=True)) == [1, 2, 3, 4]
    assert positions(Filter(organisations=of(bureau, "市场执法股"), part="lead")) == [2]
    assert positions(Filter(organisations=of(bureau, "市场执法股"), part="support", groups=True)) == [1, 3]
    assert positions(Filter(organisations=of(bureau, "计划财务股"))) == []
    assert positions(Filter(organisations=of(bureau, "办公室", "法规股"), part="lead")) == [1, 3, 5, 6]
    assert positions(Filter(organisations=of(bureau, "财政局"), groups=True)) == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.OVERDUE, [5]),  # 21 September
        (Status.DUE, [4]),  # 30 September, two days on
        (Status.WAITING, [2, 3]),
        (Status.RUNNING, [1, 6]),  # 31 October, 31 December
        (Status.ASKED, []),
        (Status.DONE, []),
        ("no such state", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_by_status(plan: Plan, status: str, expected: list[int]) -> None:
    assert positions(Filter(status=status)) == expected


def test_by_status_after_work(bureau: Bureau, plan: Plan) -> None:
    actions.report(matter(plan, 1), "编好了", actor=bureau.viewer("li"), on=DAY, finished=True)
    actions.settle(matter(plan, 5), ["in1"], actor=bureau.viewer("wang"), on=DAY)
    follow()
    states = {s: positions(Filter(status=s)) for s in Status}
    assert (states[Status.ASKED], states[Status.DONE], states[Status.OVERDUE]) == ([1], [5], [])
    assert reads.counts(Matter.objects.all(), DAY) == {s: len(p) for s, p in states.items()}
    # The same ledger on New Year's Day: all but the waiting, the done and what waits for the office is overdue.
    assert positions(Filter(status=Status.OVERDUE), dt.date(2021, 1, 1)) == [4, 6]
    assert positions(Filter(status=Status.ASKED), dt.date(2021, 1, 1)) == [1]


@pytest.mark.parametrize(
    ("from_", "to", "expected"),
    [
        ("2020-09-21", "2020-09-30", [4, 5]),
        ("2020-10-31", "2020-10-31", [1]),
        ("2020-12-01", None, [4, 6]),  # 4: its last quarter
        (None, "2020-09-20", []),
        (None, "2020-09-21", [5]),
        ("2020-10-01", "2020-10-30", []),  # 4 is owed before and after, not between
    ],
)
def test_by_date(plan: Plan, from_: str | None, to: str | None, expected: list[int]) -> None:
    day = dt.date.fromisoformat
    assert positions(Filter(due_from=day(from_) if from_ else None, due_to=day(to) if to else None)) == expected


def test_a_settled_period_is_no_longer_due(bureau: Bureau, plan: Plan) -> None:
    actions.settle(matter(plan, 4), ["r1:2020-Q3"], actor=bureau.viewer("wang"), on=DAY)
    follow()
    assert positions(Filter(due_to=dt.date(2020, 9, 30))) == [5]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("dated", [1]),
        ("recurring", [4]),
        ("relative", [3, 5]),
        ("assumed", [6]),
        ("tempo", [2]),
        ("", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_by_kind(plan: Plan, kind: str, expected: list[int]) -> None:
    assert positions(Filter(kind=kind)) == expected
    assert set(reads.KINDS) == {"dated", "recurring", "relative", "assumed", "tempo"}


def test_a_reviewed_tempo_is_no_recurring_task(bureau: Bureau, plan: Plan) -> None:
    changes = {task(plan, 2).pk: {"review": "month"}}
    plan_actions.change_tasks(changes, actor=bureau.viewer("wang"), on=DAY)
    follow()
    assert positions(Filter(kind="tempo")) == [2] and positions(Filter(kind="recurring")) == [4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("清单", [1]),
        ("公布 结果", [2]),  # every word
        ("回应关切", [3, 4]),  # the heading
        ("第6项", [6]),  # the basis
        ("100%", []),  # no wildcard
        ("公布_", []),
        ("   ", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_by_text(plan: Plan, text: str, expected: list[int]) -> None:
    assert positions(Filter(text=text)) == expected


def test_by_year_and_plan_newest_year_first(bureau: Bureau, plan: Plan) -> None:
    later = bureau.imported(sheet(head="青川县市场监督管理局2021年政务公开工作要点分工方案", foot=""), name="2021.txt")
    follow()
    assert len(positions(Filter())) == 12
    assert [m.year for m in reads.listed(Filter(text="清单").applied(Matter.objects.all(), DAY))] == [2021, 2020]
    for narrowed in (Filter(year=2021), Filter(sheet=later.pk)):
        assert {m.sheet for m in narrowed.applied(Matter.objects.all(), DAY)} == {later.pk}
    assert reads.years(bureau.viewer("li")) == [2021, 2020] and reads.years(bureau.viewer("zhao")) == []
    assert positions(Filter(year=2020, kind="relative", organisations=of(bureau, "法规股"), status=Status.WAITING)) == [
        3
    ]


def test_who_sees_what(bureau: Bureau, plan: Plan) -> None:
    seen = {who: reads.visible(bureau.viewer(who)).count() for who in bureau.people}
    assert seen == {"admin": 0, "wang": 6, "li": 6, "niu": 6, "zhao": 0, "sun": 0}
    assert [m.position for m in reads.listed(reads.borne_by(bureau.viewer("li")))] == [1, 2, 3, 4]
    assert not reads.borne_by(bureau.viewer("zhao"))


@pytest.mark.skipif(not PLANS.is_dir(), reason="no folder shared/plans beside the checkout")
def test_the_clerk_of_plan_001(bureau: Bureau) -> None:
    """Systems L2: 市场执法股 named → exactly #4; 有固定日期 → #20 and #24; 周期任务 → #7 and #28 among others."""
    wang = bureau.viewer("wang")
    data = (PLANS / "001.txt").read_bytes()
    draft = plan_actions.begin_intake(data, "001.txt", bureau.body, actor=wang, on=DAY)
    plan_actions.change_head(draft.pk, {"title": "分工方案"}, actor=wang)
    plan_actions.change_draft(draft.pk, lambda rows, _: intake.accept_all(rows), actor=wang)
    plan_actions.confirm_intake(draft.pk, actor=wang, on=DAY)
    follow()
    section = of(bureau, "市场执法股")
    assert positions(Filter(organisations=section)) == [4]
    with_groups = positions(Filter(organisations=section, groups=True))
    assert {1, 4, 7} < set(with_groups)  # 1: 其他股室; 7: 各股室
    assert positions(Filter(kind="dated")) == [20, 24]
    assert {7, 28} <= set(positions(Filter(kind="recurring")))


def test_queries_do_not_grow_with_rows(bureau: Bureau, plan: Plan, django_assert_max_num_queries: Any) -> None:
    wang, today = bureau.viewer("wang"), DAY
    filter_ = Filter(year=2020, groups=True, organisations=of(bureau, "法规股"), due_from=DAY, text="公", kind="")
    wang.bodies, wang.governed, wang.owning  # noqa: B018 — read once, outside the counting

    def page() -> list[object]:
        return [[b.part for b in m.bearers.all()] for m in reads.listed(reads.visible(wang))[: reads.PAGE]]

    asked: dict[int, list[Callable[[], object]]] = {
        1: [
            lambda: list(filter_.applied(reads.visible(wang), today)),
            lambda: reads.counts(filter_.applied(reads.visible(wang), today), today),
            lambda: reads.years(wang),
            lambda: list(reads.borne_by(wang)),
            lambda: reads.latest_reports(matters),
        ],
        2: [page],
        4: [lambda: reads.account(matters[0])],
    }
    for copies in (0, 12):
        for number in range(copies):
            bureau.imported(name=f"{number}.txt")
        follow()
        matters = list(reads.listed(Matter.objects.all()))
        for made in matters[:20]:
            actions.report(made, "进展", actor=wang, on=DAY)
        for count, reading in asked.items():
            for read in reading:
                with django_assert_max_num_queries(count):
                    assert read() or read is asked[1][0]
    assert len(matters) == 78


def test_latest_reports(bureau: Bureau, plan: Plan) -> None:
    wang = bureau.viewer("wang")
    for text in ("第一", "第二"):
        actions.report(matter(plan, 1), text, actor=wang, on=DAY)
    found = reads.latest_reports([matter(plan, 1), matter(plan, 2)])
    assert {pk: r.text for pk, r in found.items()} == {matter(plan, 1).pk: "第二"}
