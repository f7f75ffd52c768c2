"""What tests of cases have in common: a city, a county, its bodies with every post, and how a request is made."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

if not settings.configured:  # `python -m tests.cases.prove`: no conftest came before
    from gongkai.site.boot import boot

    boot(kept=False)

from gongkai.base.actions import SYSTEM, record_event
from gongkai.cases import actions
from gongkai.cases.models import Case
from gongkai.orgs.models import Kind, Name, Organisation, Person, Place, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer

FOUNDED = dt.date(2019, 1, 1)
DAY = dt.date(2026, 3, 2)
"""A Monday with no holiday near it but 清明."""

ROLES = {
    "clerk": Role.CLERK, "head": Role.REVIEWER, "legal": Role.LEGAL, "signer": Role.SIGNER, "counter": Role.COUNTER,
    "authority": Role.AUTHORITY,
}  # fmt: skip
NATURAL = {"name": "林小满", "id_kind": "护照", "id_number": "E12345678", "phone": "13900001234"}
FIRM = {"name": "临溪砂石有限公司", "id_number": "91350100M000100Y43", "person": "高远", "phone": "0599-5550102"}


def found(name: str, kind: Kind, parent: Organisation | None, *, office: bool = False) -> Organisation:
    made = Organisation.objects.create(kind=kind, openness_office=office)
    Name.objects.create(organisation=made, text=name, since=FOUNDED)
    Place.objects.create(organisation=made, parent=parent, since=FOUNDED)
    return made


def hold(username: str, name: str, *posts: tuple[Organisation, Role]) -> Person:
    person = Person.objects.create(username=username, name=name)
    for organisation, role in posts:
        Post.objects.create(person=person, organisation=organisation, role=role, since=FOUNDED)
    return person


@dataclass
class Town:
    """临溪县: organisations and people by short names.

    水利局 has an office for openness and two sections, a person for each post; 东门街道 has every post at the street
    itself (`street-clerk` …); 教育局, 柳河镇 and 税务局 have a clerk each. `bureau` is a clerk of 水利局 as a whole,
    `leader` one of the county, `authority` its 主管部门.
    """

    orgs: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def build(cls) -> Town:
        city = found("安河市", Kind.CITY, None)
        county = found("临溪县", Kind.COUNTY, city)
        general = found("临溪县人民政府办公室", Kind.DEPARTMENT, county)
        hall = found("政务服务大厅", Kind.SECTION, county)
        water = found("临溪县水利局", Kind.DEPARTMENT, county)
        office = found("办公室", Kind.SECTION, water, office=True)
        river = found("河湖股", Kind.SECTION, water)
        money = found("财务股", Kind.SECTION, water)
        school = found("临溪县教育局", Kind.DEPARTMENT, county)
        township = found("柳河镇", Kind.TOWNSHIP, county)
        street = found("东门街道", Kind.STREET, county)
        tax = found("临溪县税务局", Kind.VERTICAL, county)
        held = cls(
            {
                "city": city, "county": county, "general": general, "water": water, "office": office, "river": river,
                "money": money, "school": school, "township": township, "street": street, "tax": tax,
            }
        )  # fmt: skip
        held.people = {
            "clerk": hold("water-clerk", "方经办", (office, Role.CLERK)),
            "bureau": hold("water-bureau", "局经办", (water, Role.CLERK)),
            "handler": hold("water-river", "何股员", (river, Role.CLERK)),
            "section": hold("water-money", "蔡股员", (money, Role.CLERK)),
            "head": hold("water-head", "邹主任", (office, Role.REVIEWER)),
            "legal": hold("water-legal", "法规员", (water, Role.LEGAL)),
            "signer": hold("water-signer", "桂局长", (water, Role.SIGNER)),
            "counter": hold("hall-counter", "窗口员", (hall, Role.COUNTER)),
            "authority": hold("county-authority", "主管员", (county, Role.AUTHORITY)),
            "leader": hold("county-leader", "县经办", (county, Role.CLERK)),
            "other": hold("school-clerk", "学经办", (school, Role.CLERK), (school, Role.SIGNER)),
            "nobody": hold("nobody", "无岗位"),
            **{f"street-{post}": hold(f"street-{post}", f"街{post}", (street, role)) for post, role in ROLES.items()},
            "township-clerk": hold("township-clerk", "镇经办", (township, Role.CLERK)),
            "tax-clerk": hold("tax-clerk", "税经办", (tax, Role.CLERK)),
        }
        admin = hold("admin", "管理员")
        admin.administrator = True
        admin.save()
        held.people["admin"] = admin
        held.changed()
        return held

    def changed(self) -> None:
        """Tell the log that the tree changed: from then on it is kept in memory."""
        with transaction.atomic():
            record_event("found", "organisation", uuid.uuid4().hex, actor=SYSTEM, on=FOUNDED)

    def who(self, name: str, day: dt.date = DAY) -> Viewer:
        return viewer_of(self.people[name], day)

    def pk(self, name: str) -> int:
        return self.orgs[name].pk

    def receive(
        self, channel: str = "in_person", *, body: str = "water", by: str = "clerk", on: dt.date = DAY,
        kind: str = "natural", confirmed: dt.date | None = None, **more: Any,
    ) -> Case:  # fmt: skip
        who = NATURAL if kind == "natural" else FIRM
        values = {
            **who, "applicant_kind": kind, "title": "河道采砂许可", "asked": "2025年河道采砂许可决定", "form": "纸质",
            "way": "自行领取", **more,
        }  # fmt: skip
        return actions.receive(self.pk(body), values, channel, actor=self.who(by, on), on=on, confirmed=confirmed)

    def decide(
        self, case: int, outcome: str, on: dt.date = DAY, *, prefix: str = "", by: str = "clerk", **more: Any
    ) -> None:
        """Draft, legal check and signature on one day; every text that is asked for is the same."""
        self.decide_draft(case, outcome, on, by=prefix + by, **more)
        actions.check_answer(case, actor=self.who(prefix + "legal", on), on=on)
        actions.sign_answer(case, actor=self.who(prefix + "signer", on), on=on)

    def decide_draft(self, case: int, outcome: str, on: dt.date = DAY, *, by: str = "clerk", **more: Any) -> None:
        """The draft alone, sent to the legal check."""
        from gongkai.law.outcomes import grounds, must, outcomes

        ground = more.get("ground", "")
        if ground and "category" not in more:
            more["category"] = next(iter(grounds()[ground].categories), "")
        wanted = must(outcome, ground) if outcome in outcomes() else ("reason", "information")
        texts = {c: "按规定办理" for c in (*wanted, "reason") if c not in ("ground", "separable", "category")}
        actions.draft_answer(case, outcome, texts, actor=self.who(by, on), on=on, **more)
