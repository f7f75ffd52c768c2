"""Hidden records of every sort, each with words of its own in every place; and what is out, counted by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from gongkai.base.actions import SYSTEM, keep_file, record_event
from gongkai.base.clock import ZONE
from gongkai.ledger.models import Evidence
from gongkai.records import actions, content
from gongkai.records.actions.publishing import show
from gongkai.records.actions.review import freeze
from gongkai.records.kinds import kind_of
from gongkai.records.models import (
    Draft,
    GateResult,
    Original,
    Record,
    Standing,
    State,
    Version,
)
from gongkai.search.models import Missed
from tests.portal import DAY, County, filled, out

SORTS = (
    *("draft", "review", "returned", "recalled", "referred", "approved", "scheduled"),
    *("limited", "on_request", "internal", "withdrawn", "older", "beside", "gate", "narrowed"),
)
PLACES = ("title", "number", "summary", "keywords", "contact", "body", "field", "cell", "name", "text", "said")
_RARE = "龘靐齉爨麤龖厵灪籱饢驫鱻羴犇骉猋飝"
_KIN = "朤馫譶雥贔鑫淼焱垚磊"
NUMBERED = ("draft", "internal", "withdrawn", "approved")
"""Those that are documents with a number; the others are lists of payments with a table."""


def word(sort: str, place: str) -> str:
    """What stands at a place of a record, and nowhere else in the world."""
    a, b = _RARE[SORTS.index(sort)], (_KIN + "矗")[PLACES.index(place)]
    return f"{a}{b}{a}"


def words(sort: str) -> list[str]:
    """Everything that a hidden record says."""
    return [word(sort, p) for p in PLACES]


@dataclass
class World:
    """The county with what is out (`public`, as it was put there) and what is hidden."""

    county: County
    hidden: dict[str, int] = field(default_factory=dict)
    public: list[int] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    reason: str = "内容与事实不符，已撤回重拟。"

    def record(self, sort: str) -> Record:
        return Record.objects.get(pk=self.hidden[sort])

    @property
    def gone(self) -> set[int]:
        """Hidden as a whole: not even their number may show."""
        return {pk for sort, pk in self.hidden.items() if sort not in ("older", "beside", "gate")}


def raw(sort: str) -> tuple[str, dict[str, Any]]:
    """What a hidden record says, by its kind."""
    code = "normative" if sort in NUMBERED else "subsidy"
    held = filled(code)
    if code == "normative":
        held["term_note"] = word(sort, "field")
    else:
        held["programme"] = word(sort, "field")
        held["payments"] = [{**row, "person": word(sort, "cell")} for row in held["payments"]]
    return code, {
        "title": f"临溪县{word(sort, 'title')}事项",
        "document_number": f"{word(sort, 'number')}规〔2026〕{90 + SORTS.index(sort)}号" if code == "normative" else "",
        "issuers": "临溪县民政局",
        "formed": "2026-02-20",
        "summary": f"概述{word(sort, 'summary')}。",
        "keywords": word(sort, "keywords"),
        "contact": word(sort, "contact"),
        "body": f"第一条 {word(sort, 'body')}有关事项。",
        "audience_basis": word(sort, "said"),
        "exemption": word(sort, "said"),
        "topic": "民政、扶贫、救灾\\社会福利",
        "fields": held,
    }


def draft_of(sort: str, audience: str = "public") -> tuple[str, Draft]:
    """The content with its attachment, not yet kept."""
    code, values = raw(sort)
    taken = content.take(kind_of(code), {**values, "audience": audience})
    assert not taken.issues, taken.issues
    made = Draft(**taken.values)
    name = f"附件{word(sort, 'name')}.txt"
    data = f"这里写着{word(sort, 'text')}的情况。\n".encode() * 3
    made.attachments = [
        {"digest": keep_file(data, name).digest, "name": name, "size": len(data), "media": "text/plain", "alt": name}
    ]
    return code, made


def build(county: County) -> World:
    """Put the hidden ones beside what the county has out."""
    world = World(county, public=[*county.records.values()])
    at = dt.datetime.combine(DAY, dt.time(9), ZONE)
    clerk = county.people["clerk"]

    def begin(sort: str, code: str, title: str) -> Record:
        record = Record.objects.create(kind=code, owner_id=county.orgs["civil"], title=title, begun_on=DAY)
        world.hidden[sort] = record.pk
        return record

    def clean(code: str, title: str) -> Draft:
        taken = content.take(kind_of(code), {"title": title, "body": "干净的内容。", "formed": "2026-02-20"})
        return Draft(**{**taken.values, "fields": filled(code)})

    def put_out(record: Record, held: Draft, *, state: str = State.PUBLISHED) -> Version:
        version = freeze(record, held, ["first"], clerk, state=State.PUBLISHED)
        show(record, version, at, DAY, amended=version.number > 1, moment=at)
        record_event("publish", "record", record.pk, actor=SYSTEM, on=DAY)
        return version

    states = {
        **{"review": State.REVIEW, "returned": State.RETURNED, "recalled": State.RECALLED, "gate": State.REVIEW},
        **{"referred": State.REFERRED, "approved": State.APPROVED, "scheduled": State.SCHEDULED},
    }
    with transaction.atomic():
        for sort in SORTS:
            audience = sort if sort in ("limited", "on_request", "internal") else "public"
            code, held = draft_of(sort, audience)
            world.digests[sort] = held.attachments[0]["digest"]
            record = begin(sort, code, held.title)
            if sort == "draft":
                held.record, held.person_id, held.changed_at = record, clerk, at
                held.save()
            elif sort == "older":
                put_out(record, held)
                actions.withdraw(record.pk, "有误。", actor=county.who("clerk"), on=DAY)
                record.refresh_from_db()
                put_out(record, clean(code, "干净的补贴发放结果"))
                world.public.append(record.pk)
            elif sort in ("beside", "gate"):
                first = put_out(record, clean(code, f"已公开的补贴发放结果{SORTS.index(sort)}"))
                world.public.append(record.pk)
                if sort == "gate":
                    freeze(record, held, ["first"], clerk, state=State.REVIEW, urgent=word(sort, "said"))
                else:
                    held.record, held.person_id, held.changed_at, held.base = record, clerk, at, first
                    held.save()
            elif sort == "narrowed":
                put_out(record, held)
                Version.objects.filter(record=record).update(state=State.SUPERSEDED)
                limited = draft_of(sort, "limited")[1]
                put_out(record, limited)
            elif sort in states:
                more = {"publish_at": at + dt.timedelta(days=9)} if sort == "scheduled" else {}
                freeze(record, held, ["first"], clerk, state=states[sort], note=word(sort, "said"), **more)
                record_event("submit", "record", record.pk, actor=SYSTEM, on=DAY)
            else:
                put_out(record, held)
                if sort == "internal":  # with a version before it that was as internal
                    Version.objects.filter(record=record).update(state=State.SUPERSEDED)
                    put_out(record, draft_of(sort, audience)[1])
                if sort == "withdrawn":
                    actions.withdraw(record.pk, world.reason, actor=county.who("clerk"), on=DAY)
        _around(world, at)
    return world


def _around(world: World, at: dt.datetime) -> None:
    """What is said of hidden records elsewhere, and what is out and points to them."""
    county = world.county
    for number, sort in enumerate(NUMBERED):
        title = f"公开的解读{'甲乙丙丁'[number]}"
        told = out(county, "interpretation", title, fields={"documents": [world.hidden[sort]]}, name=f"told-{sort}")
        world.public.append(told.pk)
    ended = out(county, "normative", "已经废止的办法", name="ended", document_number="临民规〔2026〕30号")
    world.public.append(ended.pk)
    by = {"by": world.hidden["internal"], "by_text": word("internal", "said")}
    actions.decide_validity(ended.pk, "repeal", actor=county.who("clerk"), on=DAY, **by)
    for sort, pk in world.hidden.items():
        said = word(sort, "said")
        Evidence.objects.create(source="task", source_id=pk, record_id=pk, reasons=[said], offered_on=DAY, why=said)
        Missed.objects.create(text=said, count=99, last_on=DAY)
        Original.objects.create(record_id=pk, at=at, content={"body": said})
        version = Version.objects.filter(record=pk).order_by("-number").first()
        if version is not None:
            GateResult.objects.create(
                version=version, gate="first", conclusion="return", comment=said, person_id=county.people["chief"],
                name=said, post=said, since=at, at=at,
            )  # fmt: skip
    assert Record.objects.filter(standing=Standing.WITHDRAWN).count() == 1
