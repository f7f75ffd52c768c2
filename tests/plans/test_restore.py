"""撤下 and 恢复: a withdrawn plan owes nothing and loses nothing; restored, everything owed is as before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.base.reads import check_chain
from gongkai.ledger import actions as ledger
from gongkai.ledger import reads
from gongkai.ledger.follow import rebuild
from gongkai.ledger.models import Bearer, Duty, Matter, Report, Settlement
from gongkai.orgs.rules import Viewer
from gongkai.plans import actions
from gongkai.plans.models import Plan
from gongkai.plans.reads import again, owed, withdrawals
from tests.plans.bureau import DAY, Bureau, build, duties, follow, matter, task

pytestmark = pytest.mark.django_db
LATER = DAY + dt.timedelta(10)


@pytest.fixture
def bureau() -> Bureau:
    return build()


@pytest.fixture
def plan(bureau: Bureau) -> Plan:
    """Worked at: a limit dated, one thing reported, one period settled, one review set, one name bound."""
    made, wang = bureau.imported(), bureau.viewer("wang")
    follow()
    ledger.report(matter(made, 1), "清单已编好。", actor=bureau.viewer("li"), on=DAY, finished=True)
    ledger.settle(matter(made, 4), ["r1:2020-Q3"], actor=wang, on=DAY, text="已查")
    actions.tell_happening(task(made, 3), 1, dt.date(2020, 9, 25), actor=wang, on=DAY)
    actions.change_tasks({task(made, 2).pk: {"review": "quarter"}}, actor=wang, on=DAY)
    actions.bind_name(task(made, 6), "网络信息股", [bureau.orgs["计划财务股"]], actor=wang, on=DAY)
    follow()
    return made


def withdraw(bureau: Bureau, plan: Plan) -> None:
    actions.withdraw_plan(plan, actor=bureau.viewer("wang"), on=DAY, reason="上级另发")


def restore(bureau: Bureau, plan: Plan, reason: str = "") -> None:
    actions.restore_plan(plan, actor=bureau.viewer("wang", LATER), on=LATER, reason=reason)


def rules(do: Callable[[], object]) -> list[str]:
    """The rules of a refusal in Chinese; nothing has been told to the log."""
    before = Event.objects.count()
    with pytest.raises(Refused) as caught:
        do()
    assert Event.objects.count() == before
    assert all(any("\u4e00" <= c <= "\u9fff" for c in i.say) for i in caught.value.issues)
    return [i.rule for i in caught.value.issues]


@pytest.mark.parametrize("followed", [True, False])
def test_restored_everything_owed_is_as_before(bureau: Bureau, plan: Plan, followed: bool) -> None:
    """Whether the ledger saw the withdrawal on its own or together with the restoring."""
    before = reads.fingerprint()
    withdraw(bureau, plan)
    if followed:
        follow()
        assert (Matter.objects.count(), Duty.objects.count(), Bearer.objects.count()) == (0, 0, 0)
        assert not list(owed(plans=[plan.pk]))
    restore(bureau, plan, " 撤错了 ")
    follow()
    assert reads.fingerprint() == before
    rebuild()
    assert reads.fingerprint() == before and check_chain() is None
    assert duties(plan, 2) == {"rv:2020-Q3": "2020-09-30", "rv:2020-Q4": "2020-12-31"}
    assert duties(plan, 3) == {"in1:2020-09-25": "2020-10-09"}
    assert (matter(plan, 1).asked_on, matter(plan, 4).todo) == (DAY, 1)
    event = Event.objects.get(verb="restore")
    assert (event.subject, event.subject_id, event.name) == ("plan", str(plan.pk), "王敏")
    assert (event.reason, event.on) == ("撤错了", LATER)
    assert Plan.objects.get(pk=plan.pk).withdrawn_on is None


def test_work_goes_on_after_restoring(bureau: Bureau, plan: Plan) -> None:
    withdraw(bureau, plan)
    follow()
    wang = bureau.viewer("wang", LATER)
    assert rules(lambda: actions.change_tasks({task(plan, 1).pk: {"no": "一"}}, actor=wang, on=LATER)) == [
        "plan.withdrawn"
    ]
    restore(bureau, plan)
    follow()
    ledger.settle(matter(plan, 1), ["by1"], actor=wang, on=LATER)
    actions.change_tasks({task(plan, 6).pk: {"text": "11月底前建库。"}}, actor=wang, on=LATER)
    follow()
    assert matter(plan, 1).todo == 0 and duties(plan, 6) == {"by1": "2020-11-30"}


def test_withdrawn_and_restored_again_and_again(bureau: Bureau, plan: Plan) -> None:
    before = reads.fingerprint()
    for _ in range(2):
        withdraw(bureau, plan)
        restore(bureau, plan)
    withdraw(bureau, plan)
    follow()
    assert not Matter.objects.exists()
    restore(bureau, plan, "还要用")
    follow()
    assert reads.fingerprint() == before
    assert [(e.verb, e.reason) for e in withdrawals(plan)][:2] == [("restore", "还要用"), ("withdraw", "上级另发")]
    assert len(withdrawals(plan)) == 6


def test_a_plan_that_stands_is_not_restored(bureau: Bureau, plan: Plan) -> None:
    assert rules(lambda: restore(bureau, plan)) == ["plan.stands"]


POSTS = {"wang": True, "li": False, "niu": False, "zhao": False, "sun": False, "admin": False}
"""主管部门 of the bureau · 经办 of two sections · 经办 and 主管部门 of another bureau · the administrator."""
VERBS: dict[str, Callable[[Plan, Viewer], object]] = {
    "withdraw_plan": lambda plan, who: actions.withdraw_plan(plan, actor=who, on=DAY, reason="不要了"),
    "restore_plan": lambda plan, who: actions.restore_plan(plan, actor=who, on=DAY),
}


@pytest.mark.parametrize("who", POSTS)
@pytest.mark.parametrize("verb", VERBS)
def test_verbs_and_posts(bureau: Bureau, plan: Plan, verb: str, who: str) -> None:
    if verb == "restore_plan":
        withdraw(bureau, plan)
    act = lambda: VERBS[verb](plan, bureau.viewer(who))  # noqa: E731
    stood = Plan.objects.get(pk=plan.pk).withdrawn_on
    if POSTS[who]:
        act()
        assert (Plan.objects.get(pk=plan.pk).withdrawn_on is None) == (stood is not None)
    else:
        assert rules(act) == ["plan.withdraw"]
        assert Plan.objects.get(pk=plan.pk).withdrawn_on == stood


# What may be looked at meanwhile.


def test_a_withdrawn_matter_with_all_that_was_said(bureau: Bureau, plan: Plan) -> None:
    withdraw(bureau, plan)
    follow()
    seen = reads.withdrawn_account(bureau.viewer("li"), "plan", task(plan, 4).pk)
    assert seen is not None and seen.matter.pk is None
    assert [(d.clock, d.due, d.settled_on) for d in seen.duties] == [
        ("r1:2020-Q3", dt.date(2020, 9, 30), DAY),
        ("r1:2020-Q4", dt.date(2020, 12, 31), None),
    ]
    assert [s.text for s in seen.settlements] == ["已查"]
    one = reads.withdrawn_account(bureau.viewer("li"), "plan", task(plan, 1).pk)
    assert one is not None and [r.text for r in one.reports] == ["清单已编好。"]
    assert (Report.objects.count(), Settlement.objects.count(), Matter.objects.count()) == (1, 1, 0)
    for who in ("zhao", "sun", "admin"):
        assert reads.withdrawn_account(bureau.viewer(who), "plan", task(plan, 4).pk) is None


def test_what_stands_is_no_withdrawn_matter(bureau: Bureau, plan: Plan) -> None:
    wang = bureau.viewer("wang")
    assert reads.withdrawn_account(wang, "plan", task(plan, 1).pk) is None
    assert reads.withdrawn_account(wang, "plan", 999_999) is None
    assert reads.withdrawn_account(wang, "case", task(plan, 1).pk) is None


def test_the_same_file_imported_again_is_told_before_restoring(bureau: Bureau, plan: Plan) -> None:
    withdraw(bureau, plan)
    assert again(plan) is None
    second = bureau.imported()
    assert again(plan) == second and again(second) is None
