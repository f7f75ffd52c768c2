"""The clerk corrects a printed deadline on the page of a task: what was settled stays where it was."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger.models import Duty, Matter
from gongkai.plans.models import Plan


@pytest.fixture
def at(county: None) -> tuple[str, int]:
    """A task of the county's plan with one fixed date and nothing settled."""
    plan = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案")
    for matter in Matter.objects.filter(sheet=plan.pk, todo=1, count=1).order_by("position"):
        if matter.duties.filter(clock="by1").exists():
            return matter.source, matter.source_id
    raise AssertionError("no such task")


def owed(at: tuple[str, int]) -> list[tuple[str, bool]]:
    """The dates owed, and whether each is settled; what waits last."""
    rows = Duty.objects.filter(matter__source=at[0], matter__source_id=at[1])
    return sorted((d.due.isoformat() if d.due else "waits", d.settled_on is not None) for d in rows)


def test_a_deadline_typed_before_the_settled_one(at: tuple[str, int], signed_in: Callable[[str], Client]) -> None:
    client = signed_in("chen.yu")

    def correct(deadline: str) -> None:
        sent = client.post(reverse("desk:ledger-change", args=at), {"deadline_raw": deadline})
        assert sent.status_code == 302

    correct("2026年12月20日前")
    client.post(reverse("desk:ledger-settle", args=at), {"clock": "by1", "met_on": "2026-11-20", "text": "已经上网"})
    correct("2026年11月30日前；2026年12月20日前")
    assert owed(at) == [("2026-11-30", False), ("2026-12-20", True)]
    page = re.sub(r"<[^>]+>", "", client.get(reverse("desk:ledger-matter", args=at)).content.decode())
    assert "2026年11月30日\n还有8天" in page and "2026年12月20日\n2026-11-20办结：已经上网" in page
    # The settled deadline goes: it is owed no longer, and what was found stays on the page.
    correct("2026年11月30日前")
    assert owed(at) == [("2026-11-30", False)]
    page = re.sub(r"<[^>]+>", "", client.get(reverse("desk:ledger-matter", args=at)).content.decode())
    assert "时限改动以前办结的" in page and "陈瑜：已经上网" in page
    # 刚才改了1项任务。撤销
    undo = client.get(reverse("desk:ledger")).context["undo"]
    client.post(reverse("desk:ledger-undo"), {"seq": undo.seq})
    assert owed(at) == [("2026-11-30", False), ("2026-12-20", True)]


def test_the_day_of_an_event_is_told_to_its_own_limit(at: tuple[str, int], signed_in: Callable[[str], Client]) -> None:
    client = signed_in("chen.yu")
    change, page = reverse("desk:ledger-change", args=at), reverse("desk:ledger-matter", args=at)
    client.post(change, {"deadline_raw": "自批复之日起10日内"})
    client.post(change, {"deadline_raw": "自公布之日起20日内；自批复之日起10日内"})
    waits = {w["event"]: w["number"] for w in client.get(page).context["waits"]}
    assert waits.keys() == {"公布", "批复"}
    client.post(reverse("desk:ledger-happen", args=at), {"deadline": waits["批复"], "day": "2026-11-16"})
    # Ten days from Monday 16 November: Thursday the 26th.
    assert owed(at) == [("2026-11-26", False), ("waits", False)]
