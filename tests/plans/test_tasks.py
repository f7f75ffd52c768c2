"""Tasks that stand in the ledger: corrected in batches and undone, dated by what happened, their names bound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.ledger.models import Matter
from gongkai.orgs.models import Answer
from gongkai.plans import actions
from gongkai.plans.models import Happening, Plan, Responsibility, Task
from tests.plans.bureau import DAY, Bureau, build, duties, follow, matter, sheet, task

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Bureau:
    return build()


@pytest.fixture
def plan(bureau: Bureau) -> Plan:
    return bureau.imported()


def rules(do: Callable[[], object]) -> list[str]:
    """The rules of a refusal; nothing has been told to the log."""
    before = Event.objects.count()
    with pytest.raises(Refused) as caught:
        do()
    assert Event.objects.count() == before
    return [i.rule for i in caught.value.issues]


def state(plan: Plan) -> list[dict[str, Any]]:
    """Everything a batch may change, as it stands."""
    out = []
    for t in Task.objects.filter(plan=plan).order_by("position"):
        bound = sorted(
            (r.part, r.position, r.printed, r.group, sorted(n.organisation_id for n in r.named.all()))
            for r in t.responsibilities.all()
        )
        cells = {f: getattr(t, f) for f in ("no", "path", "text", "deadline_raw", "deadlines", "review")}
        out.append({**cells, "owners": actions.owners_of(t), "bound": bound})
    return out


# A batch of corrections.


def test_a_batch_is_one_event_and_undone_exactly(bureau: Bureau, plan: Plan) -> None:
    follow()
    wang, before = bureau.viewer("wang"), state(plan)
    ledger = list(Matter.objects.order_by("source_id").values())
    one, four, six = (task(plan, n).pk for n in (1, 4, 6))
    told = Event.objects.count()
    event = actions.change_tasks(
        {
            one: {"text": "公布权责清单，11月底前完成。", "lead": ["法规股"], "support": []},
            four: {"path": ["别处"], "no": "4a", "persons": ["牛犇"]},
            six: {"deadline_raw": "2020年12月10日前", "review": "month"},
        },
        actor=wang,
        on=DAY,
        reason="核对后更正",
    )
    assert event is not None and Event.objects.count() == told + 1
    assert event.data["tasks"] == sorted([one, four, six]) and event.reason == "核对后更正"
    follow()
    assert duties(plan, 1) == {"by1": "2020-11-30"}
    assert duties(plan, 6) == {"by1": "2020-12-10"}
    assert [b.organisation for b in matter(plan, 1).bearers.all()] == [bureau.orgs["法规股"]]
    undone = actions.undo_tasks(event, actor=wang, on=DAY)
    assert undone is not None and state(plan) == before
    follow()
    assert list(Matter.objects.order_by("source_id").values()) == ledger
    redone = actions.undo_tasks(undone, actor=wang, on=DAY)  # undoing the undoing does it again
    assert redone is not None and task(plan, 1).text == "公布权责清单，11月底前完成。"


def test_what_is_the_same_is_no_change(bureau: Bureau, plan: Plan) -> None:
    one = task(plan, 1)
    before = Event.objects.count()
    same = {"text": one.text, "no": one.no, "lead": ["办公室"]}
    assert actions.change_tasks({one.pk: same}, actor=bureau.viewer("wang"), on=DAY) is None
    assert actions.change_tasks({}, actor=bureau.viewer("wang"), on=DAY) is None
    assert Event.objects.count() == before


def test_undo_is_refused_after_a_later_change(bureau: Bureau, plan: Plan) -> None:
    wang, (one, two) = bureau.viewer("wang"), (task(plan, 1).pk, task(plan, 2).pk)
    first = actions.change_tasks({one: {"no": "一"}, two: {"no": "二"}}, actor=wang, on=DAY)
    actions.change_tasks({two: {"no": "贰"}}, actor=wang, on=DAY)
    third = actions.change_tasks({task(plan, 3).pk: {"no": "三"}}, actor=wang, on=DAY)
    assert first is not None and third is not None
    assert rules(lambda: actions.undo_tasks(first, actor=wang, on=DAY)) == ["task.undo"]
    assert (task(plan, 1).no, task(plan, 2).no) == ("一", "贰")
    assert actions.undo_tasks(third, actor=wang, on=DAY) is not None  # of other tasks: nothing stands in the way
    other = Event.objects.get(verb="import")
    assert rules(lambda: actions.undo_tasks(other, actor=wang, on=DAY)) == ["task.undo"]


def test_a_refused_batch_writes_nothing(bureau: Bureau, plan: Plan) -> None:
    wang, before = bureau.viewer("wang"), state(plan)
    one, two = task(plan, 1).pk, task(plan, 2).pk
    good = {one: {"text": "改过的"}}
    for bad, rule in (
        ({two: {"text": "  "}}, "draft.text"),
        ({two: {"review": "day"}}, "task.review"),
        ({999_999: {"no": "1"}}, "task.gone"),
    ):
        assert rules(lambda bad=bad: actions.change_tasks({**good, **bad}, actor=wang, on=DAY)) == [rule]
        assert state(plan) == before


@pytest.mark.parametrize("values", [{"no": "1" * 21}, {"deadline_raw": "6月底前" * 60}])
def test_cells_too_long_are_cut_or_refused(bureau: Bureau, plan: Plan, values: dict[str, str]) -> None:
    try:
        actions.change_tasks({task(plan, 1).pk: values}, actor=bureau.viewer("wang"), on=DAY)
    except Refused:
        return
    assert len(task(plan, 1).no) <= 21  # SQLite holds anything


def test_a_review_period_turns_a_tempo_into_dates(bureau: Bureau, plan: Plan) -> None:
    actions.change_tasks({task(plan, 2).pk: {"review": "quarter"}}, actor=bureau.viewer("wang"), on=DAY)
    follow()
    assert duties(plan, 2) == {"rv:2020-Q3": "2020-09-30", "rv:2020-Q4": "2020-12-31"}


# 事情发生


def test_a_happening_dates_a_duty_after_the_follower_ran(bureau: Bureau, plan: Plan) -> None:
    follow()
    assert duties(plan, 3) == {"in1": None}
    wang, third = bureau.viewer("wang"), task(plan, 3)
    actions.tell_happening(third, 1, dt.date(2020, 9, 25), actor=wang, on=DAY, text="办法已发布")
    assert duties(plan, 3) == {"in1": None}
    follow()
    # Friday 25 September; Sunday the 27th is worked, 1 to 8 October are off (systems L3).
    assert duties(plan, 3) == {"in1:2020-09-25": "2020-10-09"}
    actions.tell_happening(third, 1, DAY, actor=wang, on=DAY)
    follow()
    # Monday the 28th: 29, 30 September, 9, 10 (a worked Saturday), 12 October.
    assert duties(plan, 3) == {"in1:2020-09-25": "2020-10-09", "in1:2020-09-28": "2020-10-12"}
    assert [h.text for h in Happening.objects.order_by("on")] == ["办法已发布", ""]


def test_refused_happenings(bureau: Bureau, plan: Plan) -> None:
    wang, third = bureau.viewer("wang"), task(plan, 3)

    def tell(number: int, day: dt.date, of: Task = third) -> list[str]:
        return rules(lambda: actions.tell_happening(of, number, day, actor=wang, on=DAY))

    assert tell(1, DAY + dt.timedelta(1)) == ["task.future"]
    assert tell(2, DAY) == tell(0, DAY) == ["task.happening"]
    assert tell(1, DAY, task(plan, 1)) == ["task.happening"]  # a fixed date waits for nothing
    actions.tell_happening(third, 1, DAY, actor=wang, on=DAY)
    assert tell(1, DAY) == ["task.happened"]
    assert Happening.objects.count() == 1


UNDATED = (("一、监督", "1. 编制台账，于本方案印发后30日内报县政府办。", "办公室", ""),)


def test_two_days_of_issue_do_not_stop_the_ledger(bureau: Bureau) -> None:
    plan = bureau.imported(sheet(UNDATED, foot=""))
    assert plan.issued_on is None
    for day in (dt.date(2020, 9, 25), DAY):
        actions.tell_happening(task(plan, 1), 1, day, actor=bureau.viewer("wang"), on=DAY)
    follow()
    assert matter(plan, 1).count >= 1


def test_a_slip_of_the_pen_does_not_stop_the_ledger(bureau: Bureau, plan: Plan) -> None:
    try:
        actions.tell_happening(task(plan, 3), 1, dt.date(220, 9, 25), actor=bureau.viewer("wang"), on=DAY)
    except Refused:
        return
    follow()


def test_a_slip_in_the_date_of_issue_does_not_stop_the_ledger(bureau: Bureau) -> None:
    draft = actions.begin_intake(sheet(), "a.txt", bureau.body, actor=bureau.viewer("wang"), on=DAY)
    try:
        actions.change_head(draft.pk, {"issued_on": "0220-08-21"}, actor=bureau.viewer("wang"))
    except Refused:
        return
    actions.change_draft(draft.pk, lambda r, _: actions.intake.accept_all(r), actor=bureau.viewer("wang"))
    actions.confirm_intake(draft.pk, actor=bureau.viewer("wang"), on=DAY)
    follow()


# 点名


def test_a_name_told_once_is_bound_in_every_plan_of_the_year(bureau: Bureau, plan: Plan) -> None:
    second = bureau.imported(name="second.txt")
    later = bureau.imported(sheet(head="青川县市场监督管理局2021年政务公开工作要点分工方案", foot=""), name="2021.txt")
    wang = bureau.viewer("wang")
    count = actions.bind_name(task(plan, 6), "网络信息股", [bureau.orgs["计划财务股"]], actor=wang, on=DAY)
    assert count == 2
    follow()
    for of, expected in ((plan, True), (second, True), (later, False)):
        bearers = {(b.organisation, b.part) for b in matter(of, 6).bearers.all()}
        assert ((bureau.orgs["计划财务股"], "support") in bearers) is expected
    event = Event.objects.get(verb="bind")
    assert event.data["plans"] == [plan.pk, second.pk]
    # It is remembered: the next plan is not asked about.
    third = bureau.imported(name="third.txt")
    made = Responsibility.objects.get(task__plan=third, printed="网络信息股")
    assert (made.how, [n.organisation_id for n in made.named.all()]) == ("answered", [bureau.orgs["计划财务股"]])


def test_a_word_for_many_told_to_be_one_names_it(bureau: Bureau, plan: Plan) -> None:
    one = bureau.orgs["法规股"]
    actions.bind_name(task(plan, 4), "各股室", [one], actor=bureau.viewer("wang"), on=DAY)
    follow()
    assert [(b.organisation, b.group) for b in matter(plan, 4).bearers.all()] == [(one, False)]


def test_binding_to_nobody_is_refused(bureau: Bureau, plan: Plan) -> None:
    six = task(plan, 6)
    assert rules(lambda: actions.bind_name(six, "网络信息股", [], actor=bureau.viewer("wang"), on=DAY)) == [
        "orgs.nobody"
    ]
    assert not Answer.objects.exists()


@pytest.mark.parametrize("who", ["li", "niu", "zhao", "sun", "admin"])
def test_without_the_right_no_task_is_touched(bureau: Bureau, plan: Plan, who: str) -> None:
    viewer, before = bureau.viewer(who), state(plan)
    event = actions.change_tasks({task(plan, 5).pk: {"no": "五"}}, actor=bureau.viewer("wang"), on=DAY)
    assert event is not None
    before[4]["no"] = "五"
    third, six = task(plan, 3), task(plan, 6)
    assert rules(lambda: actions.change_tasks({six.pk: {"no": "x"}}, actor=viewer, on=DAY)) == ["task.change"]
    assert rules(lambda: actions.undo_tasks(event, actor=viewer, on=DAY)) == ["task.change"]
    assert rules(lambda: actions.tell_happening(third, 1, DAY, actor=viewer, on=DAY)) == ["task.schedule"]
    bind = lambda: actions.bind_name(six, "网络信息股", [bureau.orgs["法规股"]], actor=viewer, on=DAY)  # noqa: E731
    assert rules(bind) == ["task.change"]
    assert state(plan) == before and not Happening.objects.exists() and not Answer.objects.exists()
