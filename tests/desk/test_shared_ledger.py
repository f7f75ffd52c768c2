"""The second scenario of the systems list (L2): the ledger of plan 001, filtered as its clerk does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger.models import Matter
from gongkai.plans.models import Draft, Plan

PLAN = Path(__file__).parents[2].parent / "shared" / "plans" / "001.txt"
pytestmark = pytest.mark.skipif(not PLAN.exists(), reason="the shared plans are not here")


@pytest.fixture
def plan(signed_in: Callable[[str], Client]) -> Plan:
    """Plan 001, uploaded, looked over and confirmed by 陈瑜."""
    client = signed_in("chen.yu")
    body = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案").body_id
    with PLAN.open("rb") as file:
        client.post(reverse("desk:plans-upload"), {"body": body, "file": file, "kind": "new"})
    draft = Draft.objects.get(plan=None)
    client.post(reverse("desk:plans-draft-act", args=[draft.pk, "accept-all"]))
    head = {"title": "2021年政务公开工作要点分工方案", "issuer": "", "year": "2021", "issued_on": ""}
    client.post(reverse("desk:plans-draft-act", args=[draft.pk, "import"]), head)
    draft.refresh_from_db()
    assert draft.plan is not None
    return draft.plan


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"org": "n:市场执法股"}, {"4"}),
        ({"kind": "dated"}, {"20", "24"}),
    ],
)
def test_filters(plan: Plan, signed_in: Callable[[str], Client], query: dict[str, str], expected: set[str]) -> None:
    page = signed_in("chen.yu").get(reverse("desk:ledger"), {"plan": plan.pk, "year": 2021, **query})
    assert {line["task"].no for g in page.context["groups"] for line in g["lines"]} == expected


def test_words_for_many_are_added(plan: Plan, signed_in: Callable[[str], Client]) -> None:
    """含“各股室”: the rows that name all sections come too."""
    page = signed_in("chen.yu").get(
        reverse("desk:ledger"), {"plan": plan.pk, "year": 2021, "org": "n:市场执法股", "groups": "1"}
    )
    shown = {line["task"].no for g in page.context["groups"] for line in g["lines"]}
    assert "4" in shown and len(shown) > 1


def test_recurring_ones(plan: Plan, signed_in: Callable[[str], Client]) -> None:
    page = signed_in("chen.yu").get(reverse("desk:ledger"), {"plan": plan.pk, "year": 2021, "kind": "recurring"})
    assert {line["task"].no for g in page.context["groups"] for line in g["lines"]} >= {"7", "28"}


def test_all_rows(plan: Plan) -> None:
    assert Matter.objects.filter(sheet=plan.pk).count() == 33
