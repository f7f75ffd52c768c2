"""What tests of the portal have in common: a county with something out of every kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from gongkai.base.actions import SYSTEM, keep_file, record_event
from gongkai.base.clock import ZONE
from gongkai.orgs.models import Kind, Name, Organisation, Person, Place, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions, content, life
from gongkai.records.actions.publishing import show
from gongkai.records.actions.review import freeze
from gongkai.records.kinds import Column, Field, kind_of, kinds
from gongkai.records.models import Draft, Record, State, Status, Version

DAY = dt.date(2026, 3, 2)
FOUNDED = dt.date(2020, 1, 1)
BODY = "\n".join(
    f"第{n}条 为了方便群众办理有关事项，县民政局会同乡镇人民政府按照公开、公平、公正的原则组织实施本办法。"
    for n in "一二三四五六七八"
)


@dataclass
class County:
    """Organisations, people and records by short names."""

    orgs: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)

    def who(self, name: str, day: dt.date = DAY) -> Viewer:
        return viewer_of(Person.objects.get(pk=self.people[name]), day)

    def get(self, name: str) -> Record:
        return Record.objects.get(pk=self.records[name])


def build() -> County:
    """临溪县 with three departments and two townships, and who works there."""
    county = County()

    def found(key: str, name: str, kind: Kind, parent: str, office: bool = False) -> None:
        made = Organisation.objects.create(kind=kind, openness_office=office, position=len(county.orgs))
        Name.objects.create(organisation=made, text=name, since=FOUNDED)
        above = county.orgs.get(parent)
        Place.objects.create(organisation=made, parent_id=above, since=FOUNDED)
        county.orgs[key] = made.pk

    found("county", "临溪县人民政府", Kind.COUNTY, "")
    found("office", "临溪县人民政府办公室", Kind.DEPARTMENT, "county", office=True)
    found("civil", "临溪县民政局", Kind.DEPARTMENT, "county")
    found("finance", "临溪县财政局", Kind.DEPARTMENT, "county")
    found("relief", "社会救助股", Kind.SECTION, "civil")
    found("town", "枫桥镇人民政府", Kind.TOWNSHIP, "county")
    found("street", "东门街道办事处", Kind.STREET, "county")
    with transaction.atomic():
        record_event("found", "organisation", county.orgs["county"], actor=SYSTEM, on=DAY)
    posts = {
        "clerk": [("civil", Role.CLERK)],
        "chief": [("civil", Role.REVIEWER)],
        "deputy": [("civil", Role.REVIEWER)],
        "head": [("civil", Role.SIGNER)],
        "legal": [("county", Role.LEGAL)],
        "secrecy": [("county", Role.SECRECY)],
        "authority": [("county", Role.AUTHORITY)],
    }
    for key, held in posts.items():
        person = Person.objects.create(username=key, name=f"{key}某")
        for org, role in held:
            Post.objects.create(person=person, organisation_id=county.orgs[org], role=role, since=FOUNDED)
        county.people[key] = person.pk
    return county


def value(one: Field | Column, at: int = 0) -> Any:
    """Something that fits a field or column of any kind."""
    if one.type == "date":
        return f"2026-0{1 + at % 9}-15"
    if one.type == "number":
        return "2026" if "year" in one.key else str(3 + at)
    if one.type == "money":
        return str(1200 + 345 * at) + ".50"
    if one.type == "choice":
        return one.choices[at % len(one.choices)]
    if isinstance(one, Field) and one.type == "rich":
        return f"{one.label}的第一段，说明有关情况。\n{one.label}的第二段，联系电话0799-5550101。"
    return f"{one.label}{'一二三四五六'[at % 6]}"


def filled(code: str) -> dict[str, Any]:
    """Values for every field of a kind that does not point elsewhere."""
    out: dict[str, Any] = {}
    for one in kind_of(code).fields:
        if one.type == "table":
            out[one.key] = [{c.key: value(c, n) for c in one.columns} for n in range(4)]
        elif one.type not in ("record", "file", "organisation"):
            out[one.key] = value(one)
    return out


def out(
    county: County,
    code: str,
    title: str,
    owner: str = "civil",
    *,
    on: dt.date = DAY,
    fields: dict[str, Any] | None = None,
    files: Iterable[tuple[str, bytes, str]] = (),
    name: str = "",
    **more: Any,
) -> Record:
    """Put a record out as an import does: without gates, with the same rows and an event."""
    kind = kind_of(code)
    raw = {
        "title": title,
        "issuers": Organisation.objects.get(pk=county.orgs[owner]).names.last().text,  # type: ignore[union-attr]
        "formed": on.isoformat(),
        "summary": f"{title}的内容概述。",
        "contact": "0799-5550101",
        "body": BODY,
        "topic": "民政、扶贫、救灾\\社会福利",
        "fields": {**filled(code), **(fields or {})},
        **more,
    }
    taken = content.take(kind, raw)
    assert not taken.issues, taken.issues
    draft = Draft(**taken.values)
    draft.attachments = [
        {
            "digest": keep_file(data, file).digest,
            "name": file,
            "size": len(data),
            "media": media,
            "alt": file,
            "findings": [],
        }
        for file, data, media in files
    ]
    at = dt.datetime.combine(on, dt.time(9, 30), ZONE)
    with transaction.atomic():
        record = Record.objects.create(kind=code, owner_id=county.orgs[owner], title=title, begun_on=on)
        version = freeze(record, draft, [], None, state=State.PUBLISHED)
        Status.objects.create(version=version, state=State.PUBLISHED, at=at)
        show(record, version, at, on, amended=False, moment=at)
        record_event("publish", "record", record.pk, actor=SYSTEM, on=on)
    county.records[name or code] = record.pk
    return record


def everything(county: County) -> None:
    """Something of every kind, linked as such things are."""
    pdf = ("实施办法（印发稿）.pdf", b"%PDF-1.4 sample", "application/pdf")
    out(
        county,
        "normative",
        "临溪县临时救助实施办法",
        files=[pdf],
        document_number="临民规[2026]第01号",
        effective="2026-04-01",
        expires="2031-03-31",
    )
    document = county.records["normative"]
    for code in kinds():
        if code in county.records:
            continue
        links = {f.key: [document] for f in kind_of(code).fields if f.type == "record" and f.relation != "supersedes"}
        owner = {"budget": "finance", "accounts": "finance", "debt": "finance", "guide": "office"}.get(code, "civil")
        extra = {"document_number": "临民发〔2026〕7号", "effective": "2026-01-01"} if code == "policy" else {}
        out(county, code, f"临溪县{kind_of(code).name}示例", owner, fields=links, **extra)
    for year in (2024, 2025):
        made = {"year": str(year)}
        out(county, "budget", f"临溪县民政局{year}年部门预算", "civil", fields=made, name=f"budget-{year}")
    for term, begin in (("十三五", 2016), ("十四五", 2021)):
        made = {
            "series": "养老服务发展规划",
            "term": term,
            "period_start": f"{begin}-01-01",
            "period_end": f"{begin + 4}-12-31",
        }
        out(county, "planning", f"临溪县养老服务“{term}”规划", fields=made, name=f"planning-{begin}")
    out(county, "guide", "枫桥镇政府信息公开指南", "town", name="guide-town")
    out(county, "notice", "关于宅基地审批结果的公示", "town", name="notice-town")


NORMATIVE: dict[str, Any] = {
    "title": "临溪县困难群众帮扶办法",
    "document_number": "临民规〔2026〕5号",
    "issuers": "临溪县民政局",
    "topic": "民政、扶贫、救灾\\社会福利",
    "formed": "2026-02-24",
    "effective": "2026-03-01",
    "expires": "2031-02-28",
    "contact": "社会救助股 0799-5550101",
    "body": "第一条 为了规范帮扶工作，制定本办法。\n第二条 本办法适用于临溪县。",
    "interpret": "",
    "audience": "public",
}


def lawful(county: County, kind: str = "normative", **more: Any) -> Record:
    """Begin, submit, pass every gate, publish: as people do it."""
    values = {**NORMATIVE, **more} if kind == "normative" else more
    record = actions.begin_record(kind, county.orgs["civil"], values, actor=county.who("clerk"), on=DAY)
    return through(county, record)


def through(county: County, record: Record, note: str = "") -> Record:
    """Submit what is drafted and publish it."""
    version = actions.submit(record.pk, actor=county.who("clerk"), on=DAY, note=note)
    keepers = {"first": "chief", "second": "deputy", "legal": "legal", "secrecy": "secrecy", "third": "head"}
    while (gate := life.next_gate(Version.objects.get(pk=version.pk))) is not None:
        said = "不涉及国家秘密，可以公开" if gate.code == "secrecy" else ""
        who = county.who(keepers[gate.code])
        actions.decide(version.pk, "pass", actor=who, on=DAY, comment=said, checked=gate.asks)
    actions.publish(record.pk, actor=county.who("clerk"), on=DAY)
    return Record.objects.get(pk=record.pk)
