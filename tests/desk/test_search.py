"""检索 at the desk: one's own drafts are found by oneself, by nobody else; what the public missed is told to 主管部门."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.orgs.models import Person, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.records import actions
from gongkai.search import reads
from gongkai.search.follow import rebuild
from tests.desk import TODAY

SignedIn = Callable[[str], Client]


@pytest.fixture
def draft(county: None) -> Iterator[int]:
    person = Person.objects.get(username="jiang.ruoxi")
    owner = Post.objects.get(person=person, role=Role.CLERK).organisation_id
    values = {"title": "关于紫檀路调解室的公告", "body": "紫檀路调解室搬到二楼。"}
    made = actions.begin_record("notice", owner, values, actor=viewer_of(person, TODAY), on=TODAY)
    rebuild()
    yield made.pk
    actions.drop_draft(made.pk, actor=viewer_of(person, TODAY), on=TODAY)
    rebuild()


def test_a_draft_is_found_by_who_works_on_it_only(signed_in: SignedIn, draft: int) -> None:
    hers = signed_in("jiang.ruoxi").get(reverse("desk:search"), {"q": "紫檀路调解室"}).content.decode()
    assert reverse("desk:records-record", args=[draft]) in hers and "未公开" in hers and "<mark>" in hers
    stranger = signed_in("tian.jiaxin").get(reverse("desk:search"), {"q": "紫檀路调解室"}).content.decode()
    assert "共0条" in stranger and reverse("desk:records-record", args=[draft]) not in stranger
    assert reads.search("紫檀路调解室").total == 0


def test_what_the_public_missed(signed_in: SignedIn, draft: int) -> None:
    reads.search("魔法学校报名", note=True)
    assert "魔法学校报名" in signed_in("chen.yu").get(reverse("desk:search")).content.decode()
    assert "魔法学校报名" not in signed_in("jiang.ruoxi").get(reverse("desk:search")).content.decode()
