"""Report, note, return, settle, reopen: what each does to the ledger, and every refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.ledger import actions, reads
from gongkai.ledger.models import Note, Report, Settlement
from gongkai.ledger.rules import Status, status_of
from gongkai.plans.actions import withdraw_plan
from gongkai.plans.models import Plan
from tests.plans.bureau import DAY, Bureau, build, follow, matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Bureau:
    return build()


@pytest.fixture
def plan(bureau: Bureau) -> Plan:
    made = bureau.imported()
    follow()
    return made


def kept() -> tuple[int, ...]:
    returned = Report.objects.exclude(returned_on=None).count()
    return Report.objects.count(), returned, Note.objects.count(), Settlement.objects.count(), Event.objects.count()


def rules(do: Callable[[], object]) -> list[str]:
    """The rules of a refusal, said in Chinese; nothing has been written."""
    before = kept()
    with pytest.raises(Refused) as caught:
        do()
    assert kept() == before
    assert all(any("\u4e00" <= c <= "\u9fff" for c in i.say) for i in caught.value.issues)
    return [i.rule for i in caught.value.issues]


def test_from_report_to_settlement(bureau: Bureau, plan: Plan) -> None:
    """Systems L4: reported, returned with a comment, reported again, settled; four events with names."""
    li, wang = bureau.viewer("li"), bureau.viewer("wang")
    told = Event.objects.count()
    first = actions.report(matter(plan, 1), " 清单已编好。 ", actor=li, on=DAY, finished=True)
    follow()
    made = matter(plan, 1)
    assert (made.reported_on, made.asked_on, first.text) == (DAY, DAY, "清单已编好。")
    assert status_of(made, DAY) is Status.ASKED
    actions.return_report(first, "请附链接。", actor=wang, on=DAY)
    follow()
    made = matter(plan, 1)
    assert (made.reported_on, made.asked_on) == (DAY, None)
    assert (Report.objects.get().answer, Report.objects.get().returned_on) == ("请附链接。", DAY)
    later = DAY + dt.timedelta(2)
    actions.report(made, "链接已附。", actor=bureau.viewer("li", later), on=later, finished=True)
    follow()
    actions.settle(matter(plan, 1), ["by1"], actor=wang, on=later, text="核过了", met_on=DAY)
    follow()
    made = matter(plan, 1)
    assert (made.count, made.todo, made.next_due, made.last_due) == (1, 0, None, dt.date(2020, 10, 31))
    assert made.asked_on is None and status_of(made, later) is Status.DONE
    (duty,) = made.duties.all()
    assert duty.settled_on == DAY
    events = list(Event.objects.order_by("seq")[told:])
    assert [(e.verb, e.name) for e in events] == [
        ("report", "李强"),
        ("return", "王敏"),
        ("report", "李强"),
        ("settle", "王敏"),
    ]
    assert events[0].post == "市场执法股 经办" and events[-1].data["met_on"] == "2020-09-28"
    account = reads.account(made)
    assert [len(x) for x in (account.duties, account.reports, account.notes, account.settlements)] == [1, 2, 0, 1]


def test_one_period_of_several_is_settled_and_reopened(bureau: Bureau, plan: Plan) -> None:
    wang = bureau.viewer("wang")
    actions.settle(matter(plan, 4), ["r1:2020-Q3"], actor=wang, on=DAY)
    follow()
    made = matter(plan, 4)
    assert (made.count, made.todo, made.next_due) == (2, 1, dt.date(2020, 12, 31))
    actions.reopen(made, "r1:2020-Q3", actor=wang, on=DAY, reason="佐证打不开")
    follow()
    made = matter(plan, 4)
    assert (made.todo, made.next_due) == (2, dt.date(2020, 9, 30))
    assert not Settlement.objects.exists() and Event.objects.get(verb="reopen").reason == "佐证打不开"
    actions.settle(made, ["r1:2020-Q3", "r1:2020-Q4"], actor=wang, on=DAY)
    follow()
    assert matter(plan, 4).todo == 0


def test_a_note_moves_nothing(bureau: Bureau, plan: Plan) -> None:
    before = reads.fingerprint()
    actions.note(matter(plan, 1), "等编办回话", actor=bureau.viewer("li"), on=DAY)
    follow()
    assert reads.fingerprint() == before
    assert [n.text for n in reads.account(matter(plan, 1)).notes] == ["等编办回话"]


def test_who_may_report(bureau: Bureau, plan: Plan) -> None:
    """Who leads or supports, named or by a word for many, and the office; nobody else."""

    def may(who: str, position: int) -> bool:
        try:
            actions.report(matter(plan, position), "进展", actor=bureau.viewer(who), on=DAY)
        except Refused as refused:
            return [i.rule for i in refused.issues] != ["task.report"]
        return True

    # 1: 办公室 with 执法股 and 法规股; 2: 执法股; 4: 各股室; 5: 办公室
    assert [may("li", n) for n in (1, 2, 3, 4, 5, 6)] == [True, True, True, True, False, False]
    assert [may("niu", n) for n in (1, 2, 5)] == [True, False, False]
    assert [may("wang", n) for n in (1, 2, 5)] == [True, True, True]
    assert not any(may(who, 4) for who in ("zhao", "sun", "admin"))


def test_refused_words(bureau: Bureau, plan: Plan) -> None:
    wang, one = bureau.viewer("wang"), matter(plan, 1)
    for words in ("", " \n ", "长" * 4001):
        assert rules(lambda w=words: actions.report(one, w, actor=wang, on=DAY)) == ["report.text"]
        assert rules(lambda w=words: actions.note(one, w, actor=wang, on=DAY)) == ["note.text"]
    made = actions.report(one, "长" * 4000, actor=wang, on=DAY)
    assert rules(lambda: actions.return_report(made, " ", actor=wang, on=DAY)) == ["return.text"]
    actions.return_report(made, "缺链接", actor=wang, on=DAY)
    assert rules(lambda: actions.return_report(made, "还缺", actor=wang, on=DAY)) == ["return.done"]
    actions.settle(one, ["by1"], actor=wang, on=DAY)
    assert rules(lambda: actions.reopen(one, "by1", actor=wang, on=DAY, reason="")) == ["reopen.reason"]


def test_refused_settlements(bureau: Bureau, plan: Plan) -> None:
    wang, one = bureau.viewer("wang"), matter(plan, 1)
    tomorrow = DAY + dt.timedelta(1)
    assert rules(lambda: actions.settle(one, [], actor=wang, on=DAY)) == ["settle.none"]
    assert rules(lambda: actions.settle(one, ["by9"], actor=wang, on=DAY)) == ["settle.unknown"]
    assert rules(lambda: actions.settle(one, ["by1", "by9"], actor=wang, on=DAY)) == ["settle.unknown"]
    assert rules(lambda: actions.settle(one, ["by1"], actor=wang, on=DAY, met_on=tomorrow)) == ["settle.future"]
    assert rules(lambda: actions.reopen(one, "by1", actor=wang, on=DAY, reason="没办")) == ["reopen.open"]
    actions.settle(one, ["by1"], actor=wang, on=DAY)
    assert rules(lambda: actions.settle(one, ["by1"], actor=wang, on=DAY)) == ["settle.done"]  # before the follower ran
    follow()
    assert rules(lambda: actions.settle(matter(plan, 1), ["by1"], actor=wang, on=DAY)) == ["settle.done"]


def test_a_clock_named_twice(bureau: Bureau, plan: Plan) -> None:
    try:
        actions.settle(matter(plan, 1), ["by1", "by1"], actor=bureau.viewer("wang"), on=DAY)
    except Refused:
        return
    assert Settlement.objects.count() == 1


@pytest.mark.parametrize("who", ["li", "niu", "zhao", "sun", "admin"])
def test_only_the_office_settles(bureau: Bureau, plan: Plan, who: str) -> None:
    wang, other, four = bureau.viewer("wang"), bureau.viewer(who), matter(plan, 4)
    report = actions.report(four, "进展", actor=wang, on=DAY)
    actions.settle(four, ["r1:2020-Q3"], actor=wang, on=DAY)
    for step in (
        lambda: actions.settle(four, ["r1:2020-Q4"], actor=other, on=DAY),
        lambda: actions.reopen(four, "r1:2020-Q3", actor=other, on=DAY, reason="x"),
        lambda: actions.return_report(report, "x", actor=other, on=DAY),
    ):
        assert rules(step) == ["task.settle"]
    if who in ("zhao", "sun", "admin"):
        assert rules(lambda: actions.note(four, "x", actor=other, on=DAY)) == ["task.note"]


@pytest.mark.parametrize("followed", [True, False])
@pytest.mark.parametrize("verb", ["settle", "return", "report", "note", "reopen"])
def test_a_page_of_a_plan_withdrawn_meanwhile(bureau: Bureau, plan: Plan, verb: str, followed: bool) -> None:
    """Also before the ledger has taken in the withdrawal: no act comes in between."""
    wang, one, four = bureau.viewer("wang"), matter(plan, 1), matter(plan, 4)
    report = actions.report(one, "进展", actor=wang, on=DAY)
    actions.settle(four, ["r1:2020-Q3"], actor=wang, on=DAY)
    withdraw_plan(plan, actor=wang, on=DAY, reason="另发")
    if followed:
        follow()
    steps: dict[str, Callable[[], object]] = {
        "settle": lambda: actions.settle(one, ["by1"], actor=wang, on=DAY),
        "return": lambda: actions.return_report(report, "x", actor=wang, on=DAY),
        "report": lambda: actions.report(one, "x", actor=wang, on=DAY),
        "note": lambda: actions.note(one, "x", actor=wang, on=DAY),
        "reopen": lambda: actions.reopen(four, "r1:2020-Q3", actor=wang, on=DAY, reason="没办"),
    }
    assert rules(steps[verb]) == ["matter.gone"]
