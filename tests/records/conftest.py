"""A small county: who writes, who reviews, who signs, who looks after secrets and the law."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from gongkai.base.clock import on_day
from gongkai.orgs.models import Kind, Organisation, Person, Post, Role
from tests.records import DAY, FOUNDED, Town, found, hold


@pytest.fixture
def town(db: None) -> Town:
    county = found("石桥县", Kind.COUNTY, None)
    civil = found("石桥县民政局", Kind.DEPARTMENT, county)
    relief = found("社会救助股", Kind.SECTION, civil)
    health = found("石桥县卫生健康局", Kind.DEPARTMENT, county)
    people = {
        "clerk": hold("he.min", "何敏", (civil, Role.CLERK), (relief, Role.CLERK)),
        "chief": hold("lu.ping", "陆平", (relief, Role.REVIEWER)),
        "deputy": hold("tang.wen", "唐文", (civil, Role.REVIEWER)),
        "head": hold("bai.shan", "白山", (civil, Role.SIGNER)),
        "legal": hold("shi.fa", "石法", (county, Role.LEGAL)),
        "secrecy": hold("mi.shen", "糜慎", (county, Role.SECRECY)),
        "office": hold("gong.kai", "宫恺", (county, Role.AUTHORITY)),
        "stranger": hold("wei.jian", "卫健", (health, Role.CLERK), (health, Role.SIGNER)),
    }
    orgs = {"county": county.pk, "civil": civil.pk, "relief": relief.pk, "health": health.pk}
    return Town(orgs, {k: p.pk for k, p in people.items()})


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with on_day(DAY):
        yield


@pytest.fixture
def normative() -> Callable[..., dict[str, object]]:
    """What a complete 规范性文件 says; keywords change it."""

    def make(**more: object) -> dict[str, object]:
        return {
            "title": "石桥县临时救助实施办法",
            "document_number": "石民规〔2026〕1号",
            "issuers": "石桥县民政局",
            "topic": "民政、扶贫、救灾\\社会福利",
            "formed": "2026-02-24",
            "effective": "2026-04-01",
            "expires": "2031-03-31",
            "contact": "社会救助股 0799-5550101",
            "body": "第一条 为了规范临时救助工作，制定本办法。\n第二条 本办法适用于石桥县。",
            "interpret": "",
            "audience": "public",
            **more,
        }

    return make


@pytest.fixture
def second_reviewer(town: Town) -> Town:
    """民政局 has two who review: the head of the section and the deputy head of the bureau."""
    civil = Organisation.objects.get(pk=town.orgs["civil"])
    Post.objects.create(
        person=Person.objects.get(pk=town.people["chief"]),
        organisation=civil,
        role=Role.REVIEWER,
        since=FOUNDED,
    )
    return town
