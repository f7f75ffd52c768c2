"""确认导入 and 撤下: what stands in the way, what is written, and what the ledger then holds."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.base.reads import check_chain
from gongkai.ledger.models import Matter, Report
from gongkai.plans import actions, intake, reads
from gongkai.plans.models import Draft, Named, Plan, Responsibility, Task
from tests.plans.bureau import DAY, HEAD, SECTIONS, Bureau, build, duties, follow, matter, sheet, task

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Bureau:
    return build()


def begun(bureau: Bureau, data: bytes | None = None) -> Draft:
    return actions.begin_intake(data or sheet(), "plan.txt", bureau.body, actor=bureau.viewer("wang"), on=DAY)


def accepted(bureau: Bureau, draft: Draft) -> None:
    actions.change_draft(draft.pk, lambda rows, _: intake.accept_all(rows), actor=bureau.viewer("wang"))


def rules_of(bureau: Bureau, draft: Draft) -> list[str]:
    """Why confirming is refused; nothing has been written then."""
    with pytest.raises(Refused) as caught:
        actions.confirm_intake(draft.pk, actor=bureau.viewer("wang"), on=DAY)
    assert (Plan.objects.count(), Task.objects.count()) == (0, 0)
    assert Draft.objects.get(pk=draft.pk).plan is None
    return [i.rule for i in caught.value.issues]


def test_open_rows_are_refused_by_number(bureau: Bureau) -> None:
    draft = begun(bureau)
    accepted(bureau, draft)
    key = draft.rows[2]["key"]
    actions.change_draft(draft.pk, lambda r, _: intake.accept(r, key, accepted=False), actor=bureau.viewer("wang"))
    with pytest.raises(Refused, match="第3行"):
        actions.confirm_intake(draft.pk, actor=bureau.viewer("wang"), on=DAY)
    assert rules_of(bureau, draft) == ["plan.open_rows"]


def test_title_year_and_clauses_are_asked_for_at_once(bureau: Bureau) -> None:
    draft = begun(bureau)
    wang = bureau.viewer("wang")
    actions.change_draft(draft.pk, lambda r, _: intake.add(r, None), actor=wang)
    Draft.objects.filter(pk=draft.pk).update(head={"title": " ", "year": ""})
    assert set(rules_of(bureau, draft)) == {"plan.title", "plan.year", "plan.open_rows", "plan.empty_text"}


def test_a_draft_without_rows_is_refused(bureau: Bureau) -> None:
    draft = begun(bureau)
    for row in draft.rows:
        actions.change_draft(draft.pk, lambda r, _, k=row["key"]: intake.drop(r, k), actor=bureau.viewer("wang"))
    assert rules_of(bureau, draft) == ["plan.empty"]


def test_rows_become_tasks_in_one_event(bureau: Bureau) -> None:
    draft = begun(bureau)
    accepted(bureau, draft)
    follow()
    assert not Matter.objects.exists()
    before = Event.objects.count()
    plan = actions.confirm_intake(draft.pk, actor=bureau.viewer("wang"), on=DAY)
    (event,) = Event.objects.order_by("seq")[before:]
    assert (event.verb, event.subject, event.subject_id) == ("import", "plan", str(plan.pk))
    assert (event.name, event.post, event.data["tasks"]) == ("王敏", "青川县市场监督管理局 主管部门", 6)
    assert (plan.title, plan.year, plan.issued_on, plan.imported_on) == (HEAD, 2020, dt.date(2020, 8, 21), DAY)
    rows = Draft.objects.get(pk=draft.pk).rows
    tasks = list(Task.objects.order_by("position"))
    for number, (made, row) in enumerate(zip(tasks, rows, strict=True), 1):
        assert made.position == number
        for name in ("no", "path", "text", "deadlines", "source", "responsible_raw", "inherited"):
            assert getattr(made, name) == row[name]
        assert actions.owners_of(made) == {k: row[k] for k in ("lead", "support", "persons")}
    follow()
    assert Matter.objects.count() == 6 and check_chain() is None
    with pytest.raises(Refused):
        actions.confirm_intake(draft.pk, actor=bureau.viewer("wang"), on=DAY)
    assert Plan.objects.count() == 1


def test_names_are_bound_and_words_for_many_expanded(bureau: Bureau) -> None:
    plan = bureau.imported()
    sections = {bureau.orgs[s] for s in SECTIONS}

    def bound(position: int) -> dict[tuple[str, str], tuple[bool, set[int]]]:
        rows = task(plan, position).responsibilities.all()
        return {(r.part, r.printed): (r.group, {n.organisation_id for n in r.named.all()}) for r in rows}

    assert bound(1) == {
        ("lead", "办公室"): (False, {bureau.orgs["办公室"]}),
        ("support", "市场执法股"): (False, {bureau.orgs["市场执法股"]}),
        ("support", "法规股"): (False, {bureau.orgs["法规股"]}),
    }
    assert bound(4) == {("lead", "各股室"): (True, sections)}
    assert bound(6)["support", "网络信息股"] == (False, set())  # not in the tree: asked about, bound to nobody
    assert Responsibility.objects.get(printed="网络信息股").how == "asked"


def test_who_leads_does_not_also_support(bureau: Bureau) -> None:
    plan = bureau.imported()
    follow()
    bearers = {(b.organisation, b.part): b.group for b in matter(plan, 3).bearers.all()}
    others = {(bureau.orgs[s], "support"): True for s in SECTIONS if s != "法规股"}
    assert bearers == {(bureau.orgs["法规股"], "lead"): False, **others}


def test_dates_stand_in_the_ledger_after_the_follower_ran(bureau: Bureau) -> None:
    plan = bureau.imported()
    assert not Matter.objects.exists()
    follow()
    assert [duties(plan, n) for n in range(1, 7)] == [
        {"by1": "2020-10-31"},
        {"tempo": None},
        {"in1": None},
        {"r1:2020-Q3": "2020-09-30", "r1:2020-Q4": "2020-12-31"},
        {"in1": "2020-09-21"},  # 20 September is a Sunday
        {"year": "2020-12-31"},
    ]
    made = matter(plan, 1)
    assert (made.body, made.sheet, made.year, made.position) == (bureau.body, plan.pk, 2020, 1)
    assert (made.title, made.heading, made.basis) == (
        "公布权责清单，10月底前完成。",
        "一、加强公开",
        f"《{HEAD}》第1项",
    )
    assert [matter(plan, n).assumed for n in range(1, 7)] == [False] * 5 + [True]
    assert [matter(plan, n).waiting for n in range(1, 7)] == [0, 1, 1, 0, 0, 0]


def test_a_person_named_stands_for_their_section(bureau: Bureau) -> None:
    plan = bureau.imported(sheet((("一、公开", "1. 汇编制度文件。", "牛犇同志", ""),)))
    (made,) = Responsibility.objects.filter(task__plan=plan)
    assert (made.part, made.printed) == ("person", "牛犇")
    assert [n.organisation_id for n in made.named.all()] == [bureau.orgs["法规股"]]
    follow()
    assert [(b.organisation, b.part) for b in matter(plan, 1).bearers.all()] == [(bureau.orgs["法规股"], "lead")]


def test_one_person_printed_in_two_ways_is_bound_both_times(bureau: Bureau) -> None:
    found = reads.named_people(["牛犇", "牛犇同志"], set(bureau.viewer("wang").tree.nodes))
    assert set(found) == {"牛犇", "牛犇同志"}


def test_a_namesake_elsewhere_is_not_bound(bureau: Bureau) -> None:
    plan = bureau.imported(sheet((("一、公开", "1. 汇编制度文件。", "赵倩同志", ""),)))
    assert not Named.objects.filter(responsibility__task__plan=plan).exists()


# 撤下


def test_withdrawn_it_leaves_the_ledger_and_stays_in_the_log(bureau: Bureau) -> None:
    plan, other = bureau.imported(), bureau.imported(name="second.txt")
    follow()
    Report.objects.create(
        source="plan",
        source_id=task(plan, 1).pk,
        on=DAY,
        at=dt.datetime(2020, 9, 28, tzinfo=dt.UTC),
        person=bureau.people["li"],
        text="已报",
    )
    actions.withdraw_plan(plan, actor=bureau.viewer("wang"), on=DAY, reason="上级另发")
    follow()
    assert set(Matter.objects.values_list("sheet", flat=True)) == {other.pk}
    assert Report.objects.count() == 1 and Task.objects.filter(plan=plan).count() == 6
    event = Event.objects.get(verb="withdraw")
    assert (event.reason, event.subject_id) == ("上级另发", str(plan.pk))
    assert plan in reads.visible(bureau.viewer("wang"))
    assert not list(reads.owed(plans=[plan.pk]))
    with pytest.raises(Refused, match="已经撤下"):
        actions.withdraw_plan(plan, actor=bureau.viewer("wang"), on=DAY, reason="再撤")


def test_imported_and_withdrawn_before_the_follower_ran(bureau: Bureau) -> None:
    plan = bureau.imported()
    actions.withdraw_plan(plan, actor=bureau.viewer("wang"), on=DAY, reason="错了")
    follow()
    assert not Matter.objects.exists()


def test_withdrawing_needs_a_reason_and_the_right(bureau: Bureau) -> None:
    plan = bureau.imported()
    with pytest.raises(Refused, match="原因"):
        actions.withdraw_plan(plan, actor=bureau.viewer("wang"), on=DAY, reason=" ")
    for who in ("li", "zhao", "sun", "admin"):
        with pytest.raises(Refused, match="主管部门"):
            actions.withdraw_plan(plan, actor=bureau.viewer(who), on=DAY, reason="不要了")
    assert Plan.objects.get(pk=plan.pk).withdrawn_on is None
    assert not Event.objects.filter(verb="withdraw").exists()


def test_who_sees_a_plan(bureau: Bureau) -> None:
    plan = bureau.imported()
    seen = {who: plan in reads.visible(bureau.viewer(who)) for who in ("wang", "li", "niu", "zhao", "sun", "admin")}
    assert seen == {"wang": True, "li": True, "niu": True, "zhao": False, "sun": False, "admin": False}
