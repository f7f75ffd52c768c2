"""今日 for those who decide: its parts in their order, whose a matter is, and who gets the plain list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger.models import Matter
from gongkai.ledger.rules import Status, in_status
from gongkai.orgs.models import Post, Role
from tests.desk import TODAY

SignedIn = Callable[[str], Client]


def home(client: Client) -> dict[str, Any]:
    """What 今日 shows."""
    answer = client.get(reverse("desk:today"))
    assert answer.status_code == 200
    return {p["title"]: p for p in answer.context["parts"]}


@pytest.fixture
def overseer(signed_in: SignedIn) -> Client:
    """陈瑜 with the post of 主管部门 only."""
    Post.objects.filter(person__username="chen.yu", role=Role.CLERK).delete()
    return signed_in("chen.yu")


def test_parts_of_who_oversees(overseer: Client) -> None:
    """What waits for them, what is late, what is due: each as many as the list that its link opens."""
    body = Post.objects.get(person__username="chen.yu").organisation_id
    late = Matter.objects.filter(in_status(Status.OVERDUE, TODAY), body=body, year=TODAY.year)
    Matter.objects.filter(pk=late.values_list("pk", flat=True)[0]).update(asked_on=TODAY - dt.timedelta(1))
    parts = home(overseer)
    assert list(parts) == ["等您办结", "已逾期", "14天内到期"]
    assert parts["等您办结"]["count"] == 1
    assert parts["等您办结"]["lines"][0]["governed"]
    for part in parts.values():
        listed = overseer.get(reverse("desk:ledger") + part["query"])
        assert listed.context["page"].paginator.count == part["count"], part["title"]
    shown = [x["days"] for x in (*parts["已逾期"]["lines"], *parts["已逾期"]["folded"])]
    assert shown == sorted(shown) and shown[-1] < 0


def test_whose_it_is(overseer: Client) -> None:
    """Organisations as they are called today, an office of a town with its town; never a person."""
    parts = home(overseer)
    lines = [x for p in parts.values() for x in (*p["lines"], *p["folded"])]
    assert all(x["whose"] for x in lines)
    assert any(x["whose"].startswith("白露镇") for x in lines)
    people = {r.printed for x in lines for r in x["persons"]}
    assert not people & {n for x in lines for n in x["whose"].split("、")}


def test_who_signs_is_not_waited_for(signed_in: SignedIn) -> None:
    """What asks for settlement waits for the overseer: it comes last, and only when there is any."""
    client = signed_in("li.ruolan")
    assert list(home(client)) == ["已逾期", "14天内到期"]
    first = home(client)["已逾期"]["lines"][0]["matter"]
    Matter.objects.filter(pk=first.pk).update(asked_on=TODAY)
    assert list(home(client)) == ["已逾期", "14天内到期", "已提请，等主管部门办结"]


@pytest.mark.parametrize("who", ["chen.yu", "jiang.ruoxi", "tian.jiaxin", "admin"])
def test_who_prepares_has_one_list(who: str, signed_in: SignedIn) -> None:
    """经办 and the administrator keep the list by what presses."""
    assert list(home(signed_in(who))) == [""]
