"""What was told and settled stays with its deadline, however the printed deadlines are corrected."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.ledger import actions as ledger
from gongkai.ledger import reads
from gongkai.ledger.follow import rebuild
from gongkai.ledger.models import Settlement
from gongkai.plans import actions
from gongkai.plans.models import Happening, Plan, Task
from gongkai.plans.reading.deadlines import column_deadlines
from gongkai.plans.schedule import renumbered
from tests.plans.bureau import DAY, Bureau, build, duties, follow, matter, task


@pytest.fixture
def bureau() -> Bureau:
    return build()


@pytest.fixture
def plan(bureau: Bureau) -> Plan:
    made = bureau.imported()
    follow()
    return made


def correct(bureau: Bureau, plan: Plan, position: int, deadline: str) -> Event:
    """The clerk types another deadline; the ledger takes it in."""
    event = actions.change_tasks(
        {task(plan, position).pk: {"deadline_raw": deadline}}, actor=bureau.viewer("wang"), on=DAY
    )
    assert event is not None
    follow()
    same_from_nothing()
    return event


def undo(bureau: Bureau, event: Event) -> Event:
    made = actions.undo_tasks(event, actor=bureau.viewer("wang"), on=DAY)
    assert made is not None
    follow()
    same_from_nothing()
    return made


def same_from_nothing() -> None:
    before = reads.fingerprint()
    rebuild()
    assert reads.fingerprint() == before


def settle(bureau: Bureau, plan: Plan, position: int, *clocks: str) -> None:
    ledger.settle(matter(plan, position), clocks, actor=bureau.viewer("wang"), on=DAY)
    follow()


def met(plan: Plan, position: int) -> dict[str, bool]:
    """The dates owed, and whether each is settled."""
    rows = matter(plan, position).duties.values_list("due", "settled_on")
    return {due.isoformat() if due else "-": settled is not None for due, settled in rows}


# Settlements.


@pytest.mark.django_db
def test_a_deadline_put_before_another_takes_nothing_from_it(bureau: Bureau, plan: Plan) -> None:
    settle(bureau, plan, 1, "by1")  # 10月底前
    correct(bureau, plan, 1, "9月20日前；10月底前")
    assert duties(plan, 1) == {"by2": "2020-09-20", "by1": "2020-10-31"}
    assert met(plan, 1) == {"2020-09-20": False, "2020-10-31": True}
    assert matter(plan, 1).next_due == dt.date(2020, 9, 20)


@pytest.mark.django_db
def test_a_deadline_printed_otherwise_is_the_same(bureau: Bureau, plan: Plan) -> None:
    settle(bureau, plan, 1, "by1")
    correct(bureau, plan, 1, "2020年9月底前；2020年10月31日前")  # the last day of October, written out
    assert met(plan, 1) == {"2020-09-30": False, "2020-10-31": True}


@pytest.mark.django_db
def test_a_wrong_date_corrected_stays_settled(bureau: Bureau, plan: Plan) -> None:
    settle(bureau, plan, 1, "by1")
    correct(bureau, plan, 1, "11月15日前")
    assert duties(plan, 1) == {"by1": "2020-11-15"} and met(plan, 1) == {"2020-11-15": True}


@pytest.mark.django_db
def test_a_dropped_deadline_is_owed_no_more_and_its_name_is_not_given_again(bureau: Bureau, plan: Plan) -> None:
    correct(bureau, plan, 1, "9月底前；11月底前")
    assert duties(plan, 1) == {"by1": "2020-09-30", "by2": "2020-11-30"}
    settle(bureau, plan, 1, "by2")
    correct(bureau, plan, 1, "9月底前")
    assert met(plan, 1) == {"2020-09-30": False}
    assert [s.clock for s in Settlement.objects.all()] == ["by2"]  # what was said stays
    correct(bureau, plan, 1, "9月底前；12月15日前")
    assert duties(plan, 1) == {"by1": "2020-09-30", "by3": "2020-12-15"}
    assert met(plan, 1) == {"2020-09-30": False, "2020-12-15": False}


@pytest.mark.django_db
def test_undone_and_done_again_names_and_settlements_are_back(bureau: Bureau, plan: Plan) -> None:
    correct(bureau, plan, 1, "9月底前；11月底前")
    settle(bureau, plan, 1, "by2")
    before = reads.fingerprint()
    event = correct(bureau, plan, 1, "9月20日前；12月15日前；11月底前")
    assert duties(plan, 1) == {"by1": "2020-09-20", "by2": "2020-11-30", "by3": "2020-12-15"}
    settle(bureau, plan, 1, "by3")
    undone = undo(bureau, event)
    assert reads.fingerprint() == before
    assert met(plan, 1) == {"2020-09-30": False, "2020-11-30": True}
    undo(bureau, undone)
    assert met(plan, 1) == {"2020-09-20": False, "2020-11-30": True, "2020-12-15": True}


@pytest.mark.django_db
def test_after_undoing_a_new_deadline_gets_a_name_that_the_undone_one_had_not(bureau: Bureau, plan: Plan) -> None:
    event = correct(bureau, plan, 1, "10月底前；12月15日前")
    settle(bureau, plan, 1, "by2")
    undo(bureau, event)
    assert duties(plan, 1) == {"by1": "2020-10-31"}
    correct(bureau, plan, 1, "10月底前；11月20日前")
    assert duties(plan, 1) == {"by1": "2020-10-31", "by3": "2020-11-20"}
    assert met(plan, 1) == {"2020-10-31": False, "2020-11-20": False}


@pytest.mark.django_db
def test_undoing_gives_the_deadlines_as_the_document_was_read(bureau: Bureau, plan: Plan) -> None:
    """A phrase that a second reading of the clause would not give: the undo restores it, as read."""
    one = task(plan, 1)
    read = [{"raw": "10月底前", "kind": "by_date", "date": "2020-10-31"}, {"raw": "本季度", "kind": "other"}]
    Task.objects.filter(pk=one.pk).update(deadlines=read)
    event = correct(bureau, plan, 1, "11月底前")
    undo(bureau, event)
    assert task(plan, 1).deadlines == read and task(plan, 1).numbers == []


@pytest.mark.django_db
def test_periods_keep_their_name_beside_new_ones(bureau: Bureau, plan: Plan) -> None:
    settle(bureau, plan, 4, "r1:2020-Q3")  # 每季度至少开展1次自查
    correct(bureau, plan, 4, "10月20日前；每季度至少开展1次")
    assert duties(plan, 4) == {"by2": "2020-10-20", "r1:2020-Q3": "2020-09-30", "r1:2020-Q4": "2020-12-31"}
    assert met(plan, 4) == {"2020-09-30": True, "2020-10-20": False, "2020-12-31": False}


@pytest.mark.django_db
def test_two_deadlines_of_one_day_are_owed_once_by_the_older(bureau: Bureau, plan: Plan) -> None:
    settle(bureau, plan, 1, "by1")
    correct(bureau, plan, 1, "2020年第四季度末前；10月底前")
    correct(bureau, plan, 1, "2020年10月31日前；10月底前")
    assert duties(plan, 1) == {"by1": "2020-10-31"} and met(plan, 1) == {"2020-10-31": True}


# What a limit waits for.


@pytest.mark.django_db
def test_a_day_told_stays_with_its_limit(bureau: Bureau, plan: Plan) -> None:
    third, wang = task(plan, 3), bureau.viewer("wang")
    actions.tell_happening(third, 1, dt.date(2020, 9, 25), actor=wang, on=DAY)
    follow()
    correct(bureau, plan, 3, "自批复之日起10日内；自发布之日起5个工作日内")
    assert duties(plan, 3) == {"in2": None, "in1:2020-09-25": "2020-10-09"}
    # 28 September and ten days: 8 October, the last day of the holiday; so the 9th.
    actions.tell_happening(task(plan, 3), 2, DAY, actor=wang, on=DAY)
    follow()
    assert duties(plan, 3) == {"in2:2020-09-28": "2020-10-09", "in1:2020-09-25": "2020-10-09"}
    with pytest.raises(Refused, match="不是从某件事起算"):
        actions.tell_happening(task(plan, 3), 3, DAY, actor=wang, on=DAY)


@pytest.mark.django_db
def test_a_limit_changed_keeps_the_days_of_its_own_event(bureau: Bureau, plan: Plan) -> None:
    wang = bureau.viewer("wang")
    correct(bureau, plan, 3, "自批复之日起10日内；自发布之日起5个工作日内")
    numbers = {d["raw"]: n for n, d in task(plan, 3).numbered}
    actions.tell_happening(task(plan, 3), numbers["自批复之日起10日内"], dt.date(2020, 9, 1), actor=wang, on=DAY)
    actions.tell_happening(task(plan, 3), numbers["自发布之日起5个工作日内"], dt.date(2020, 9, 25), actor=wang, on=DAY)
    follow()
    correct(bureau, plan, 3, "自发布之日起7个工作日内")
    # From Friday 25 September: 27, 28, 29, 30 September, 9, 10, 12 October (systems L3).
    assert list(duties(plan, 3).values()) == ["2020-10-12"]
    assert Happening.objects.count() == 2


# Databases from before numbers were kept.


@pytest.mark.django_db
def test_a_task_corrected_before_numbers_were_kept(bureau: Bureau, plan: Plan) -> None:
    """Of three deadlines the last was met and then corrected away; nothing in the row remembers it."""
    correct(bureau, plan, 1, "9月底前；10月底前；11月底前")
    by = {due: clock for clock, due in duties(plan, 1).items()}
    settle(bureau, plan, 1, by["2020-11-30"])
    correct(bureau, plan, 1, "9月底前；10月底前")
    highest = int(by["2020-11-30"][2:])
    Task.objects.update(numbers=[], highest=0)  # as migration 0002 leaves them
    follow()
    correct(bureau, plan, 1, "9月底前；10月底前；12月底前")
    assert max(task(plan, 1).numbers) > highest
    assert met(plan, 1) == {"2020-09-30": False, "2020-10-31": False, "2020-12-31": False}


@pytest.mark.django_db
def test_a_task_never_corrected_has_the_names_it_had(bureau: Bureau, plan: Plan) -> None:
    Task.objects.update(numbers=[], highest=0)
    rebuild()
    assert [duties(plan, n) for n in (1, 3, 4, 5)] == [
        {"by1": "2020-10-31"},
        {"in1": None},
        {"r1:2020-Q3": "2020-09-30", "r1:2020-Q4": "2020-12-31"},
        {"in1": "2020-09-21"},
    ]


@pytest.mark.django_db
def test_a_correction_told_before_deadlines_were_kept_in_the_log_is_undone_by_reading(
    bureau: Bureau, plan: Plan
) -> None:
    event = correct(bureau, plan, 1, "11月底前")
    data = event.data
    for old in data["before"].values():
        del old["deadlines"], old["numbers"]
    event.payload = json.dumps(data)
    undo(bureau, event)
    assert duties(plan, 1) == {"by1": "2020-10-31"}


# The rule alone.

CASES: list[tuple[str, str, int, list[int]]] = [
    ("9月底前", "9月底前", 1, [1]),
    ("9月底前", "10月底前", 1, [1]),  # changed: takes the number that is left
    ("9月底前", "8月底前；9月底前", 1, [2, 1]),
    ("9月底前", "9月底前；8月底前", 1, [1, 2]),
    ("9月底前；10月底前", "10月底前；9月底前", 2, [2, 1]),
    ("9月底前；10月底前", "10月底前", 2, [2]),
    ("9月底前；10月底前", "11月底前；12月底前", 2, [1, 2]),  # in order
    ("9月底前；10月底前", "11月底前；10月底前；12月底前", 2, [1, 2, 3]),
    ("9月底前", "9月底前；10月底前", 5, [1, 6]),  # five were given before
    ("9月底前；每季度", "每月；10月底前", 2, [2, 1]),  # a period is no fixed date: each keeps to its kind
    ("9月底前", "每月", 1, [1]),
    ("每季度至少1次；每月至少1次", "每月至少2次；每季度至少1次", 2, [2, 1]),
    ("自批复之日起10日内；自发布之日起5日内", "自发布之日起7日内；自批复之日起15日内", 2, [2, 1]),
    ("9月底前", "", 1, []),
    ("", "9月底前；10月底前", 0, [1, 2]),
    ("9月底前；9月底前", "9月底前；9月底前", 2, [1, 2]),
]


def read(printed: str) -> list[dict[str, Any]]:
    return [d.to_json() for d in column_deadlines(printed, 2020)]


@pytest.mark.parametrize(("before", "after", "highest", "expected"), CASES)
def test_numbers_after_a_correction(before: str, after: str, highest: int, expected: list[int]) -> None:
    assert renumbered(list(enumerate(read(before), 1)), read(after), highest) == expected


PHRASES = st.lists(
    st.sampled_from(
        ["9月底前", "10月底前", "每月", "每季度", "及时", "长期坚持", "自批复之日起10日内", "自发布之日起5日内"]
    ),
    max_size=5,
)


@given(PHRASES, PHRASES, st.integers(0, 9), st.randoms(use_true_random=False))
def test_laws_of_numbers(before: list[str], after: list[str], more: int, chance: Any) -> None:
    """Each is given once; what is printed as before keeps its number; what is new has one that was never given."""
    old = list(zip(chance.sample(range(1, 20), len(before)), read("；".join(before)), strict=True))
    highest = max([n for n, _ in old], default=0) + more
    new = read("；".join(after))
    made = renumbered(old, new, highest)
    assert len(set(made)) == len(made) == len(new)
    had = {n for n, _ in old}
    assert all(n in had or n > highest for n in made)
    assert len(set(made) & had) == min(len(old), len(new))
    for number, deadline in old:
        if new.count(deadline) >= [d for _, d in old].count(deadline):
            assert new[made.index(number)] == deadline
    assert renumbered(list(zip(made, new, strict=True)), new, max([highest, *made])) == made
