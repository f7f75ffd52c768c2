"""The ledger kept step by step is the ledger derived from nothing, whatever was done and whenever it was followed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pytest

from gongkai.base.followers import catch_up, restart, step
from gongkai.base.issues import Refused
from gongkai.base.models import Cursor, Event
from gongkai.base.reads import check_chain, head
from gongkai.ledger import actions, reads
from gongkai.ledger.follow import LedgerFollower, rebuild
from gongkai.ledger.models import Bearer, Duty, Matter, Report, Settlement
from gongkai.plans import actions as plans
from gongkai.plans.models import Plan, Task
from gongkai.plans.schedule import EVERY
from tests.plans.bureau import DAY, ROWS, SECTIONS, Bureau, build, follow, matter, sheet, task

pytestmark = pytest.mark.django_db
TEXTS = (
    "6月底前公布。",
    "及时公布。",
    "每月至少公开1次。",
    "自发布之日起3个工作日内公开。",
    "长期坚持。",
    "于本方案印发后10日内。",
)
DUE = (
    "",
    "10月15日前",
    "9月底前；10月15日前",
    "11月底前；9月底前；10月15日前",
    "每季度",
    "每月；每季度",
    "及时",
    "自批复之日起10日内；自发布之日起5个工作日内",
    "自发布之日起5个工作日内；10月15日前",
)


@pytest.fixture
def bureau() -> Bureau:
    return build()


def same_from_nothing() -> str:
    """The fingerprint, which a rebuild and a restart of the follower give again."""
    before = reads.fingerprint()
    rows = Matter.objects.count()
    assert rebuild() == rows and reads.fingerprint() == before
    restart(LedgerFollower())
    assert (Matter.objects.count(), Duty.objects.count(), Bearer.objects.count()) == (0, 0, 0)
    assert catch_up([LedgerFollower()]) == head()[0]
    assert reads.fingerprint() == before
    return before


class Play:
    """A person at random doing lawful things."""

    def __init__(self, bureau: Bureau, seed: int) -> None:
        self.bureau, self.chance = bureau, random.Random(seed)
        self.wang = bureau.viewer("wang")
        self.undoable: list[Event] = []

    def act(self) -> str:
        """One act; those that the moment refuses, or for which there is nothing, are passed over."""
        acts: list[Callable[[], object]] = [self.bring, self.change, self.undo, self.happen, self.bind, self.withdraw]
        acts += [self.change, self.report, self.give_back, self.settle, self.settle, self.reopen, self.happen]
        acts += [self.restore]
        act = self.chance.choice(acts)
        try:
            act()
        except (Refused, IndexError):
            return ""
        return act.__name__

    def _task(self) -> Task:
        return self.chance.choice(list(Task.objects.filter(plan__withdrawn_on=None).select_related("plan")))

    def _matter(self) -> Matter:
        # Of plans that stand: the page of one withdrawn meanwhile has a test of its own.
        standing = Plan.objects.filter(withdrawn_on=None).values_list("pk", flat=True)
        return self.chance.choice(list(Matter.objects.filter(sheet__in=list(standing))))

    def bring(self) -> None:
        rows = tuple(self.chance.sample(ROWS, self.chance.randint(1, len(ROWS))))
        self.bureau.imported(sheet(rows), name=f"{self.chance.random()}.txt")

    def change(self) -> None:
        values: dict[str, object] = {
            "text": self.chance.choice(TEXTS),
            "review": self.chance.choice(["", *EVERY]),
            "lead": self.chance.sample([*SECTIONS, "各股室", "网络信息股"], self.chance.randint(0, 3)),
            "path": ["改"],
            "deadline_raw": self.chance.choice(DUE),
        }
        some = self.chance.sample(sorted(values), self.chance.randint(1, 3))
        chosen = {self._task().pk for _ in range(self.chance.randint(1, 3))}
        event = plans.change_tasks({pk: {k: values[k] for k in some} for pk in chosen}, actor=self.wang, on=DAY)
        if event is not None:
            self.undoable.append(event)

    def undo(self) -> None:
        plans.undo_tasks(self.undoable.pop(), actor=self.wang, on=DAY)

    def happen(self) -> None:
        waiting = [(t, n) for t in Task.objects.all() for n, d in t.numbered if d["kind"] == "within_days"]
        chosen, number = self.chance.choice(waiting)
        day = DAY - dt.timedelta(self.chance.randint(0, 30))
        plans.tell_happening(chosen, number, day, actor=self.wang, on=DAY)

    def bind(self) -> None:
        to = [self.bureau.orgs[s] for s in self.chance.sample(SECTIONS, self.chance.randint(1, 2))]
        printed = self.chance.choice(["网络信息股", "各股室", "办公室"])
        plans.bind_name(self._task(), printed, to, actor=self.wang, on=DAY)

    def withdraw(self) -> None:
        if self.chance.random() < 0.3:
            plans.withdraw_plan(self._task().plan, actor=self.wang, on=DAY, reason="试")

    def restore(self) -> None:
        gone = self.chance.choice(list(Plan.objects.exclude(withdrawn_on=None)))
        plans.restore_plan(gone, actor=self.wang, on=DAY)

    def report(self) -> None:
        actions.report(self._matter(), "进展", actor=self.wang, on=DAY, finished=self.chance.random() < 0.5)

    def give_back(self) -> None:
        sources = Matter.objects.values_list("source_id", flat=True)
        actions.return_report(
            self.chance.choice(list(Report.objects.filter(source_id__in=list(sources)))),
            "再补",
            actor=self.wang,
            on=DAY,
        )

    def settle(self) -> None:
        chosen = self._matter()
        clocks = list(chosen.duties.values_list("clock", flat=True))
        some = self.chance.sample(clocks, self.chance.randint(1, len(clocks)))
        met = DAY - dt.timedelta(self.chance.randint(0, 20))
        actions.settle(chosen, some, actor=self.wang, on=DAY, met_on=met)

    def reopen(self) -> None:
        chosen = self.chance.choice(list(Settlement.objects.all()))
        of = Matter.objects.filter(source_id=chosen.source_id)
        actions.reopen(self.chance.choice(list(of)), chosen.clock, actor=self.wang, on=DAY, reason="再看")


@pytest.mark.parametrize("how", ["at once", "now and then", "one event at a time"])
@pytest.mark.parametrize("seed", range(4))
def test_kept_step_by_step_it_equals_a_rebuild(bureau: Bureau, seed: int, how: str) -> None:
    play = Play(bureau, seed)
    bureau.imported()
    follow()
    done = set()
    for _ in range(60):
        done.add(play.act())
        if how == "at once":
            follow()
        elif how == "one event at a time":
            step(LedgerFollower(), batch=1)
        elif play.chance.random() < 0.1:
            follow()
    follow()
    assert len(done) >= 6, done  # enough of the verbs were really done
    same_from_nothing()
    assert check_chain() is None


def test_stopped_and_run_later_in_one_go(bureau: Bureau) -> None:
    """Everything at the ledger's door while nobody follows; then all at once."""
    plan = bureau.imported()
    follow()
    wang = bureau.viewer("wang")
    seen = {n: matter(plan, n) for n in range(1, 7)}
    actions.report(seen[1], "编好了", actor=bureau.viewer("li"), on=DAY, finished=True)
    actions.settle(seen[4], ["r1:2020-Q3"], actor=wang, on=DAY)
    actions.settle(seen[5], ["in1"], actor=wang, on=DAY)
    actions.reopen(seen[5], "in1", actor=wang, on=DAY, reason="没报")
    plans.tell_happening(task(plan, 3), 1, dt.date(2020, 9, 25), actor=wang, on=DAY)
    plans.change_tasks({task(plan, 6).pk: {"text": "11月底前建库。"}}, actor=wang, on=DAY)
    second = bureau.imported(name="second.txt")
    third = bureau.imported(name="third.txt")
    plans.withdraw_plan(second, actor=wang, on=DAY, reason="重复")
    assert Matter.objects.count() == 6
    follow()
    assert set(Matter.objects.values_list("sheet", flat=True)) == {plan.pk, third.pk}
    assert (matter(plan, 1).asked_on, matter(plan, 4).todo, matter(plan, 5).todo) == (DAY, 1, 1)
    assert matter(plan, 3).next_due == dt.date(2020, 10, 9) and matter(plan, 6).next_due == dt.date(2020, 11, 30)
    late = same_from_nothing()
    assert late == reads.fingerprint()


def test_facts_survive_a_restart_that_is_not_followed_yet(bureau: Bureau) -> None:
    plan = bureau.imported()
    follow()
    actions.report(matter(plan, 1), "进展", actor=bureau.viewer("wang"), on=DAY)
    actions.settle(matter(plan, 1), ["by1"], actor=bureau.viewer("wang"), on=DAY)
    restart(LedgerFollower())
    assert Matter.objects.count() == 0 and Cursor.objects.get(name="ledger").seq == 0
    assert (Report.objects.count(), Settlement.objects.count()) == (1, 1)
    follow()
    assert matter(plan, 1).todo == 0 and matter(plan, 1).reported_on == DAY


def test_the_fingerprint_sees_every_derived_row(bureau: Bureau) -> None:
    """Were it blind to a column, equal fingerprints would prove nothing."""
    plan = bureau.imported()
    follow()
    seen = {reads.fingerprint()}
    Matter.objects.filter(position=1).update(title="改")
    seen.add(reads.fingerprint())
    Duty.objects.filter(matter=matter(plan, 1)).update(past=True)
    seen.add(reads.fingerprint())
    Bearer.objects.filter(matter=matter(plan, 1), part="support").first().delete()  # type: ignore[union-attr]
    seen.add(reads.fingerprint())
    Matter.objects.filter(position=6).delete()
    seen.add(reads.fingerprint())
    assert len(seen) == 5


def test_the_same_events_twice_change_nothing(bureau: Bureau) -> None:
    bureau.imported()
    follow()
    before = reads.fingerprint()
    events = list(Event.objects.order_by("seq"))
    LedgerFollower().follow(events)
    LedgerFollower().follow(events[::-1])
    assert reads.fingerprint() == before


def test_queries_of_following_do_not_grow_with_tasks(bureau: Bureau, django_assert_max_num_queries: object) -> None:
    many = tuple(
        (p, f"{n}. {t.partition(' ')[2]}", lead, support) for n, (p, t, lead, support) in enumerate(ROWS * 20, 1)
    )
    bureau.imported(sheet(many))
    with django_assert_max_num_queries(40):  # type: ignore[operator]  # a query a task would be 120
        follow()
    assert Matter.objects.count() == 120
