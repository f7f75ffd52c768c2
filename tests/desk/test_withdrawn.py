"""A withdrawn plan at the desk: its matters are looked at, nothing is done on them, and the plan can be restored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger import reads
from gongkai.ledger.models import Matter, Report, Settlement
from gongkai.plans.models import Plan, Task
from tests.desk import TODAY

REASON = "县政府办公室已印发修订后的方案"
READERS = ("chen.yu", "jiang.ruoxi", "tian.jiaxin")
POSTS = ("report", "note", "settle", "reopen", "happen", "review", "bind", "change")
FIRST = "desk:ledger-matter"


@pytest.fixture
def plan(signed_in: Callable[[str], Client]) -> Plan:
    """The county's plan of the year, withdrawn by 陈瑜."""
    made = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案")
    answer = signed_in("chen.yu").post(reverse("desk:plans-withdraw", args=[made.pk]), {"reason": REASON})
    assert answer.status_code == 302
    made.refresh_from_db()
    return made


def settled_task(plan: Plan) -> Task:
    """A task of the plan that has a report and a settlement."""
    ids = plan.tasks.values_list("pk", flat=True)
    told = set(Report.objects.filter(source_id__in=ids).values_list("source_id", flat=True))
    met = set(Settlement.objects.filter(source_id__in=ids).values_list("source_id", flat=True))
    return Task.objects.get(pk=min(told & met))


def text(answer: object) -> str:
    made: str = answer.content.decode()  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("drawer", [False, True])
def test_its_readers_still_open_its_matters(
    plan: Plan, signed_in: Callable[[str], Client], who: str, drawer: bool
) -> None:
    task = settled_task(plan)
    headers = {"HX-Request": "true"} if drawer else {}
    answer = signed_in(who).get(reverse(FIRST, args=["plan", task.pk]), headers=headers)
    page = text(answer)
    assert answer.status_code == 200
    assert "方案已撤下" in page and REASON in page and "2026年11月22日" in page and "陈瑜" in page
    for report in Report.objects.filter(source_id=task.pk):
        assert report.text.split("\n")[0] in page
    assert "办结" in page and reverse("desk:plans-plan", args=[plan.pk]) in page
    article = page[page.index("<article") : page.index("</article>")]
    assert "<form" not in article and "<button" not in article
    assert "逾期" not in article.replace("印发时已逾期", "") and "还有" not in article


def test_strangers_still_see_nothing(plan: Plan, signed_in: Callable[[str], Client]) -> None:
    task = settled_task(plan)
    assert signed_in("admin").get(reverse(FIRST, args=["plan", task.pk])).status_code == 404
    assert signed_in("admin").get(reverse("desk:plans-plan", args=[plan.pk])).status_code == 404


@pytest.mark.parametrize("verb", POSTS)
def test_nothing_is_done_on_them(plan: Plan, signed_in: Callable[[str], Client], verb: str) -> None:
    """Whatever a page left open from before sends: the readers are told why, strangers learn nothing."""
    task = settled_task(plan)
    at = reverse(f"desk:ledger-{verb}", args=["plan", task.pk])
    sent = {"text": "补一句", "clock": "by1", "reason": "再看", "day": "2026-11-01", "deadline": "1", "every": "month"}
    before = (Report.objects.count(), Settlement.objects.count(), task.no)
    answer = signed_in("chen.yu").post(at, sent)
    assert answer.status_code == 422 and "已在2026-11-22撤下" in text(answer)
    assert signed_in("admin").post(at, sent).status_code == 404
    assert (Report.objects.count(), Settlement.objects.count(), Task.objects.get(pk=task.pk).no) == before


@pytest.mark.parametrize("who", READERS)
def test_no_list_no_count_and_no_calendar_has_them(plan: Plan, signed_in: Callable[[str], Client], who: str) -> None:
    client = signed_in(who)
    links = [reverse(FIRST, args=["plan", t.pk]) for t in plan.tasks.all()]
    assert not Matter.objects.filter(sheet=plan.pk).exists()
    for name, query in (
        ("desk:today", {}),
        ("desk:mine", {}),
        ("desk:ledger", {"year": ""}),
        ("desk:ledger", {"plan": plan.pk}),
        ("desk:mine-ics", {}),
    ):
        page = text(client.get(reverse(name), query))
        assert not any(f'"{link}"' in page or f"{link}\r\n" in page for link in links), name
    assert plan.title not in text(client.get(reverse("desk:mine-ics"))).replace("\r\n ", "")
    listed = client.get(reverse("desk:ledger"), {"plan": plan.pk})
    assert listed.context["total"] == 0


def test_from_the_list_of_plans_to_a_matter(plan: Plan, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("chen.yu")
    at = reverse("desk:plans-plan", args=[plan.pk])
    assert at in text(client.get(reverse("desk:plans")))
    page = text(client.get(at))
    assert "方案已撤下" in page and REASON in page and "恢复方案" in page
    assert reverse("desk:plans-withdraw", args=[plan.pk]) not in page
    for task in plan.tasks.all():
        link = reverse(FIRST, args=["plan", task.pk])
        assert link in page
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("who", READERS[1:])
def test_readers_see_the_plan_and_no_button(plan: Plan, signed_in: Callable[[str], Client], who: str) -> None:
    client = signed_in(who)
    page = text(client.get(reverse("desk:plans-plan", args=[plan.pk])))
    assert "方案已撤下" in page and "恢复方案" not in page
    assert client.post(reverse("desk:plans-restore", args=[plan.pk])).status_code == 404
    assert Plan.objects.get(pk=plan.pk).withdrawn_on == TODAY


def test_restored_by_the_button(signed_in: Callable[[str], Client]) -> None:
    """What was owed before the withdrawal is owed again; what was said is where it was."""
    client = signed_in("chen.yu")
    plan = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案")
    before = reads.fingerprint()
    client.post(reverse("desk:plans-withdraw", args=[plan.pk]), {"reason": REASON})
    assert reads.fingerprint() != before
    answer = client.post(reverse("desk:plans-restore", args=[plan.pk]), {"reason": ""}, follow=True)
    page = text(answer)
    assert answer.status_code == 200 and "方案已撤下" not in page and "撤下方案" in page
    assert f"陈瑜撤下：{REASON}" in page and "陈瑜恢复" in page
    assert reads.fingerprint() == before
    task = settled_task(plan)
    assert "方案已撤下" not in text(client.get(reverse(FIRST, args=["plan", task.pk])))
    again = client.post(reverse("desk:plans-restore", args=[plan.pk]))
    assert again.status_code == 422 and "没有撤下" in text(again)
