"""Every way out of `records.reads`: what is hidden comes out of none of them.

A town with one public document, one public interpretation of it, and beside them one record of each hidden sort, all
linked with the public ones both ways and all holding the word 密件 wherever a record can hold a word.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from gongkai.base.clock import on_day
from gongkai.orgs.models import Kind, Person, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions, life, reads, rules
from gongkai.records.kinds import gates
from gongkai.records.models import Audience, Draft, Record, Standing, Version
from gongkai.records.reads import Narrow
from tests.records import DAY, found, hold

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "review", "approved", "scheduled", "limited", "internal", "on_request", "withdrawn"]
HIDDEN += ["was public, now internal", "withdrawn from a limited circle"]
STRANGERS = ["s-clerk", "s-all", "nobody", "admin", "village"]
LATER = dt.date(2032, 1, 1)

# What each function of the room hands out; a new one has to be put here.
FUNCTIONS = {
    "visible": "viewer",
    "narrowed": "viewer",
    "related": "viewer",
    "leaning_on_ended": "viewer",
    "ended_under": "viewer",
    "counts": "viewer",
    "latest": "viewer",
    "find_file": "viewer",
    "tombs": "public",
    "by_code": "code",
    "workable": "staff",
    "orphans": "staff",
    "ending_soon": "staff",
    "to_reassess": "staff",
    "working": "staff",
    "awaiting": "staff",
    "table_of_gates": "no records",
    "signers": "no records",
    "links_of": "no records",
    "valid_on": "no records",
    "compare": "no records",
}


def test_every_way_out_is_looked_at() -> None:
    made = {
        name
        for name, what in vars(reads).items()
        if inspect.isfunction(what) and what.__module__ == reads.__name__ and not name.startswith("_")
    }
    assert made == set(FUNCTIONS)


@dataclass
class Place:
    """Records by name, the digests of their files, and everybody."""

    records: dict[str, Record] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)
    civil: int = 0

    @property
    def hidden(self) -> set[int]:
        return {self.records[name].pk for name in HIDDEN}

    @property
    def public(self) -> set[int]:
        return {self.records["public"].pk, self.records["told"].pk}

    def outsiders(self) -> Iterator[tuple[str, Viewer | None]]:
        """The public, and those who have nothing to do with 民政局."""
        yield "public", None
        for name in STRANGERS:
            yield name, self.viewers[name]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with on_day(DAY):
        yield


def carried(at: Place, pk: int, until: str = "") -> Version:
    """Submitted and through its gates."""
    version = actions.submit(pk, actor=at.viewers["clerk"], on=DAY)
    while (gate := life.next_gate(Version.objects.get(pk=version.pk))) is not None and gate.code != until:
        keeper = at.viewers[f"k-{gate.code}"]
        actions.decide(version.pk, "pass", actor=keeper, on=DAY, comment="可以公开", checked=gate.asks)
    return version


NORMATIVE: dict[str, object] = {
    "title": "石桥县临时救助实施办法",
    "document_number": "石民规〔2026〕1号",
    "issuers": "石桥县民政局",
    "topic": "民政、扶贫、救灾\\社会福利",
    "formed": "2026-02-24",
    "effective": "2026-03-01",
    "expires": "2026-06-30",
    "contact": "社会救助股 0799-5550101",
    "body": "第一条 为了规范临时救助工作，制定本办法。",
    "interpret": "",
    "audience": "public",
}


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """Made once for the module, undone after it; a test that writes is undone by itself."""
    with django_db_blocker.unblock(), on_day(DAY), transaction.atomic():
        yield made()
        transaction.set_rollback(True)


def made() -> Place:
    root = found("石桥县", Kind.COUNTY, None)
    civil, health = found("石桥县民政局", Kind.DEPARTMENT, root), found("石桥县卫生健康局", Kind.DEPARTMENT, root)
    hetang = found("荷塘村", Kind.VILLAGE, found("白鹭镇", Kind.TOWNSHIP, root))
    posts = {f"k-{g}": [(root, Role(one.role))] for g, one in gates().items()}
    posts |= {"clerk": [(civil, Role.CLERK)], "s-clerk": [(health, Role.CLERK)], "s-all": [(health, r) for r in Role]}
    posts |= {"village": [(hetang, r) for r in Role], "admin": [], "nobody": []}
    people = {name: hold(name, name, *held) for name, held in posts.items()}
    Person.objects.filter(username="admin").update(administrator=True)
    at = Place(civil=civil.pk)
    at.viewers = {n: viewer_of(Person.objects.get(pk=p.pk), DAY) for n, p in people.items()}
    clerk = at.viewers["clerk"]

    def begin(name: str, kind: str, values: dict[str, object]) -> int:
        made = actions.begin_record(kind, civil.pk, values, actor=clerk, on=DAY)
        draft = actions.attach(made.pk, name.encode(), f"{name}.txt", {}, revision=0, actor=clerk, on=DAY)
        at.files[name] = draft.attachments[0]["digest"]
        at.records[name] = made
        return made.pk

    def say(n: int, **more: object) -> dict[str, object]:
        said = {"title": f"密件{n}", "document_number": f"石民规〔2026〕{n}号", "keywords": "密件", "summary": "密件"}
        return {**NORMATIVE, **said, **more}

    closed: dict[str, object] = {"audience_basis": "条例第十六条", "review_on": "2026-03-02"}
    public = begin("public", "normative", NORMATIVE)
    carried(at, public)
    actions.publish(public, actor=clerk, on=DAY)
    for n, name in enumerate(HIDDEN, 2):
        audience: dict[str, object] = {}
        if name in ("limited", "internal", "on_request"):
            audience = {"audience": name, **closed}
        if "limited circle" in name:
            audience = {"audience": "limited", **closed}
        pk = begin(name, "normative", say(n, fields={"supersedes": [public]}, **audience))
        if name == "draft":
            continue
        carried(at, pk, "third" if name == "review" else "")
        if name == "scheduled":
            actions.schedule(pk, dt.datetime(2026, 3, 9, 8, 0), actor=clerk, on=DAY)
        elif name not in ("review", "approved"):
            actions.publish(pk, actor=clerk, on=DAY)
        if name.startswith("withdrawn"):
            actions.withdraw(pk, "附件有误", actor=clerk, on=DAY)
        if name.startswith("was public"):
            draft = actions.revise(pk, actor=clerk, on=DAY)
            values = {"audience": "internal", **closed}
            actions.write_draft(pk, values, revision=draft.revision, actor=clerk, on=DAY)
            carried(at, pk)
            actions.publish(pk, actor=clerk, on=DAY)
    # The public document is amended and points to all of the hidden ones; besides, it is being revised again.
    changes: list[dict[str, object]] = [{"fields": {"supersedes": [at.records[n].pk for n in HIDDEN]}}]
    changes.append({"title": "密件：修改中", "body": "密件"})
    for values in changes:
        draft = actions.revise(public, actor=clerk, on=DAY)
        draft = actions.write_draft(public, values, revision=draft.revision, actor=clerk, on=DAY)
        if "fields" in values:
            carried(at, public)
            actions.publish(public, actor=clerk, on=DAY)
        else:
            draft = actions.attach(public, b"new", "new.txt", {}, revision=draft.revision, actor=clerk, on=DAY)
            at.files["public, being revised"] = draft.attachments[-1]["digest"]
    documents = [public, *(at.records[n].pk for n in ("limited", "internal", "was public, now internal"))]
    text = "背景依据。目标任务。主要内容。适用范围。执行标准。注意事项。关键词诠释。惠民利民举措。新旧政策差异。"
    own = {"documents": documents, "form": "文字解读", "interpreter": "石桥县民政局", "plan": "提纲：标准。"}
    said = {"title": "解读", "formed": "2026-02-24", "topic": "民政、扶贫、救灾\\社会福利", "contact": "0799-5550101"}
    told = begin("told", "interpretation", {**said, "body": text, "fields": own})
    carried(at, told)
    actions.publish(told, actor=clerk, on=DAY)
    at.records = {name: Record.objects.select_related("published").get(pk=r.pk) for name, r in at.records.items()}
    return at


def ids(records: Iterable[Any]) -> set[int]:
    """Records, however they come: themselves, in lists, as versions with gates, as drafts."""
    out: set[int] = set()
    for one in records:
        held = one[0] if isinstance(one, tuple) else one
        out.add(held.pk if isinstance(held, Record) else held.record_id)
    return out


def test_the_records_are_what_they_are_called(place: Place) -> None:
    """The rest of this file is worth nothing where its hidden records are not hidden for the reason named."""
    held = place.records
    standing = {n: held[n].standing for n in HIDDEN}
    assert {n for n, s in standing.items() if s == Standing.DRAFT} == {"draft", "review", "approved", "scheduled"}
    assert {n for n, s in standing.items() if s == Standing.WITHDRAWN} == {
        "withdrawn",
        "withdrawn from a limited circle",
    }
    assert held["was public, now internal"].audience == Audience.INTERNAL
    assert [held[n].audience for n in ("limited", "internal", "on_request")] == ["limited", "internal", "on_request"]
    assert held["public"].published is not None and held["public"].published.number == 2
    assert Draft.objects.filter(record=held["public"]).exists()
    seen = reads.visible(place.viewers["clerk"])
    assert ids(seen) == place.public | place.hidden, "those who answer for them see all of them"


def test_visible(place: Place) -> None:
    for name, viewer in place.outsiders():
        assert ids(reads.visible(viewer)) == place.public, name


NARROWS = [
    Narrow(),
    Narrow(kinds=("normative",)),
    Narrow(text="密件"),
    Narrow(text="密件3"),
    Narrow(text="〔2026〕5号"),
    Narrow(text="石民规(2026)6号"),
    Narrow(topic="民政、扶贫、救灾"),
    Narrow(year=2026, order="formed"),
    *(Narrow(validity=v) for v in (*rules.VALIDITY, "in-force")),
]


@pytest.mark.parametrize("day", [DAY, dt.date(2026, 5, 1), LATER])
def test_narrowed_counted_and_newest(place: Place, day: dt.date) -> None:
    for name, viewer in place.outsiders():
        seen = reads.visible(viewer)
        for by in (*NARROWS, Narrow(owners=(place.civil,))):
            assert ids(reads.narrowed(seen, by, day)) <= place.public, (name, by)
        for hidden in HIDDEN:
            number = place.records[hidden].index_number
            if number:
                assert not reads.narrowed(seen, Narrow(text=number), day).exists(), (name, hidden)
        assert reads.counts(seen) == {"normative": 1, "interpretation": 1}, name
        assert ids(reads.latest(seen, ["normative", "interpretation"], 50)) == place.public, name
    assert not reads.narrowed(reads.visible(None), Narrow(text="密件"), day).exists(), "the draft of what is out"


def test_words_of_what_is_out_do_not_come_from_its_draft(place: Place) -> None:
    for name, viewer in place.outsiders():
        for record in reads.visible(viewer).select_related("published"):
            assert record.published is not None
            texts = [record.title, record.published.title, record.published.body, record.published.summary]
            assert not any("密件" in t for t in texts), name


def test_related(place: Place) -> None:
    public, told = place.records["public"], place.records["told"]
    for name, viewer in place.outsiders():
        both = reads.related(public, viewer)
        assert {r: ids(v) for r, v in both.items()} == {"by:interprets": {told.pk}}, name
        assert {r: ids(v) for r, v in reads.related(told, viewer).items()} == {"interprets": {public.pk}}, name
        for hidden in HIDDEN:  # asked of a hidden one, only what is public comes out all the same
            for others in reads.related(place.records[hidden], viewer).values():
                assert ids(others) <= place.public, (name, hidden)
    full = reads.related(public, place.viewers["clerk"])
    out = {"limited", "internal", "on_request", "withdrawn", "was public, now internal"}
    assert {place.records[n].pk for n in out} <= ids(full["by:supersedes"])


def test_leaning_on_what_has_ended(place: Place) -> None:
    clerk = place.viewers["clerk"]
    actions.decide_validity(place.records["public"].pk, "repeal", reason="不再适用", actor=clerk, on=DAY)
    for name, viewer in place.outsiders():
        assert ids(reads.leaning_on_ended(viewer, DAY)) == {place.records["told"].pk}, name
        assert ids(reads.leaning_on_ended(viewer, LATER)) <= place.public, name
        under = reads.ended_under(Record.objects.all(), viewer, DAY)
        assert {pk: ids(held) for pk, held in under.items()} == {place.records["told"].pk: {place.records["public"].pk}}
    actions.withdraw(place.records["public"].pk, "撤下", actor=clerk, on=DAY)
    for name, viewer in place.outsiders():
        assert not reads.ended_under([place.records["told"]], viewer, DAY), name
    hidden = {place.records[n].pk for n in ("limited", "internal", "on_request")}
    # These say that they replace it: what replaces an ended document does not lean on it.
    assert not hidden & ids(reads.leaning_on_ended(clerk, DAY))


@pytest.mark.parametrize("name", [*HIDDEN, "public, being revised"])
def test_files_of_what_is_hidden(place: Place, name: str) -> None:
    """The function is told who asks, so it answers for what that person may see; what is for a code only goes by it."""
    record = place.records["public" if name.startswith("public") else name]
    got = {who for who, viewer in place.outsiders() if reads.find_file(record, place.files[name], viewer)}
    assert got == set()
    assert reads.find_file(record, place.files[name], place.viewers["clerk"]) is not None


def test_files_of_what_is_out(place: Place) -> None:
    for name, viewer in place.outsiders():
        assert reads.find_file(place.records["public"], place.files["public"], viewer) is not None, name
        assert reads.find_file(place.records["public"], place.files["internal"], viewer) is None, name


def test_tombs(place: Place) -> None:
    """What was never out for everybody leaves nothing behind at a public address."""
    assert ids(reads.tombs()) == {place.records["withdrawn"].pk}


def test_by_code(place: Place) -> None:
    limited, gone = place.records["limited"], place.records["withdrawn from a limited circle"]
    assert limited.access_code and reads.by_code(limited.access_code) == limited
    assert gone.access_code and reads.by_code(gone.access_code) is None
    for other in ("", "x", str(limited.pk), limited.access_code[:-1], limited.access_code.upper() + "x"):
        assert reads.by_code(other) is None
    clerk = place.viewers["clerk"]
    draft = actions.revise(limited.pk, actor=clerk, on=DAY)
    values = {"audience": "internal"}
    actions.write_draft(limited.pk, values, revision=draft.revision, actor=clerk, on=DAY)
    carried(place, limited.pk)
    actions.publish(limited.pk, actor=clerk, on=DAY)
    assert reads.by_code(limited.access_code) is None, "its audience was taken away, so was the code's use"


STAFF: dict[str, Callable[[Viewer], Iterable[Any]]] = {
    "workable": reads.workable,
    "orphans": reads.orphans,
    "ending_soon": lambda v: reads.ending_soon(v, DAY),
    "to_reassess": lambda v: reads.to_reassess(v, DAY),
    "working": reads.working,
    "awaiting": reads.awaiting,
}


@pytest.mark.parametrize("name", STAFF)
def test_lists_of_work_are_for_those_whose_work_it_is(place: Place, name: str) -> None:
    for stranger in STRANGERS:
        assert ids(STAFF[name](place.viewers[stranger])) <= place.public, stranger
        assert ids(STAFF[name](place.viewers[stranger])) == set(), stranger
    own = place.viewers["k-third" if name == "awaiting" else "clerk"]
    assert ids(STAFF[name](own)), "the list holds something for those whose work it is"


def test_the_functions_for_staff_are_all_tried() -> None:
    assert set(STAFF) == {name for name, sort in FUNCTIONS.items() if sort == "staff"}
