"""公开目录 at the desk: a directory brought in, looked at, confirmed; a line met by what was published; adjustments."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.base.clock import on_day
from gongkai.base.followers import catch_up
from gongkai.ledger import actions as ledger
from gongkai.ledger import follow, matrix, reads
from gongkai.ledger.evidence import EvidenceFollower
from gongkai.ledger.follow import LedgerFollower, turn_of_day
from gongkai.ledger.matrix import Cell
from gongkai.ledger.models import Duty, Evidence, EvidenceState, Matter
from gongkai.orgs.models import Kind, Organisation, Person, Post, Role
from gongkai.records import actions
from gongkai.records.models import Record
from gongkai.scheme.models import Line, LineOwner, Proposal, Scheme, SchemeDraft
from gongkai.scheme.reading import Levels, read_limit, write_directory
from gongkai.scheme.reading import Line as Read
from tests.records import DAY, FOUNDED, Town, all_gates, begun, found
from tests.records.conftest import normative as normative
from tests.records.conftest import town as town

TWENTY = "信息形成或者变更之日起20个工作日内"
BEGAN = "2026-01-01"


@pytest.fixture(autouse=True)
def _day(db: None) -> Any:
    with on_day(DAY):
        yield


def read(level2: str, limit: str, owners: str, **more: Any) -> Read:
    return Read(
        area="社会救助",
        level1="救助管理",
        level2=level2,
        content=more.pop("content", level2),
        basis="《政府信息公开条例》第二十条",
        limit=read_limit(limit),
        owner=owners,
        owners=owners.split("、"),
        audience_all=True,
        proactive=True,
        levels=Levels(county=True),
        **more,
    )


LINES = [
    read("规范性文件", TWENTY, "县民政局", number="1"),
    read("年度报告", "每年1月31日前", "县民政局", number="2"),
    read("救助资金发放情况", "按季度", "县救助办", number="3"),
]


def table(tmp_path: Path, form: str = "xlsx") -> SimpleUploadedFile:
    path = tmp_path / f"目录.{form}"
    write_directory(LINES, path)
    return SimpleUploadedFile(path.name, path.read_bytes())


@pytest.fixture
def at(town: Town) -> Callable[[str], Client]:
    def make(name: str) -> Client:
        client = Client()
        person = Person.objects.get(pk=town.people[name])
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        return client

    return make


At = Callable[[str], Client]


def brought_in(at: At, town: Town, tmp_path: Path) -> SchemeDraft:
    sent = {"body": town.orgs["civil"], "file": table(tmp_path)}
    answer = at("clerk").post(reverse("desk:scheme-import"), sent)
    assert answer.status_code == 302, answer.content.decode()
    return SchemeDraft.objects.get()


def confirmed(at: At, town: Town, tmp_path: Path) -> Scheme:
    draft = brought_in(at, town, tmp_path)
    client = at("clerk")
    sent = {"index": 2, "has_owners": 1, "owners": [town.orgs["relief"]], "kinds": ["subsidy"], "do": "save"}
    sent["revision"] = draft.revision
    assert client.post(reverse("desk:scheme-draft-act", args=[draft.pk, "row"]), sent).status_code == 302
    said = {"title": "石桥县民政局主动公开目录", "adopted_on": BEGAN}
    answer = client.post(reverse("desk:scheme-draft-act", args=[draft.pk, "confirm"]), said)
    assert answer.status_code == 302, answer.content.decode()
    return Scheme.objects.get()


def cell_of(scheme: Scheme, number: str, organisation: int) -> Cell:
    rows = matrix.matrix(scheme, DAY)
    return next(r.cells[organisation].cell for r in rows if r.line.number == number)


def published(town: Town, values: dict[str, object]) -> Record:
    civil = Organisation.objects.get(pk=town.orgs["civil"])
    chief = Person.objects.get(pk=town.people["chief"])
    Post.objects.get_or_create(person=chief, organisation=civil, role=Role.REVIEWER, since=FOUNDED)
    record = begun(town, values)
    version = all_gates(town, actions.submit(record.pk, actor=town.who("clerk"), on=DAY))
    actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    assert version
    catch_up([LedgerFollower(), EvidenceFollower()])
    record.refresh_from_db()
    return record


def test_a_directory_comes_in_is_looked_at_and_shows_what_is_late(at: At, town: Town, tmp_path: Path) -> None:
    """何敏 imports a table, sees the owner nobody knows in yellow, says who it is, and confirms."""
    draft = brought_in(at, town, tmp_path)
    assert [r["owners"] for r in draft.rows] == [[town.orgs["civil"]], [town.orgs["civil"]], []]
    assert [r["kinds"] for r in draft.rows] == [["normative"], ["annual_report"], ["subsidy"]]
    page = at("clerk").get(reverse("desk:scheme-draft", args=[draft.pk])).content.decode()
    assert "县救助办" in page and "有疑问 1" in page and "没有单位 1" in page
    scheme = confirmed_from(at, town, draft)
    assert (scheme.adopted_on, scheme.lines.count()) == (dt.date(2026, 1, 1), 3)
    # 31 January has passed; the first quarter ends on 31 March; nothing was formed under the first line.
    assert cell_of(scheme, "2", town.orgs["civil"]) == Cell.LATE
    assert cell_of(scheme, "3", town.orgs["relief"]) == Cell.NOT_DUE
    assert cell_of(scheme, "1", town.orgs["civil"]) == Cell.UNKNOWN
    dues = dict(Duty.objects.values_list("clock", "due"))
    assert dues["y2026"] == dt.date(2026, 1, 31)
    assert dues["q2026-1"] == dt.date(2026, 3, 31)
    assert dues["q2026-4"] == dt.date(2026, 12, 31)
    page = at("clerk").get(reverse("desk:matrix")).content.decode()
    assert re.findall(r"<b>(\d+)</b><span>(\S+?)</span>", page) == [
        ("1", "逾期未公开"),
        ("0", "已公开"),
        ("1", "未到期"),
        ("1", "不能判断"),
        ("0", "不适用"),
    ]


def confirmed_from(at: At, town: Town, draft: SchemeDraft) -> Scheme:
    client = at("clerk")
    sent = {"revision": draft.revision, "row": 2, "owners": town.orgs["relief"]}
    assert client.post(reverse("desk:scheme-draft-act", args=[draft.pk, "rows"]), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.rows[2]["doubts"] == [] and draft.rows[2]["owners"] == [town.orgs["relief"]]
    said = {"title": "石桥县民政局主动公开目录", "adopted_on": BEGAN}
    assert client.post(reverse("desk:scheme-draft-act", args=[draft.pk, "confirm"]), said).status_code == 302
    return Scheme.objects.get()


def test_each_number_opens_its_list(at: At, town: Town, tmp_path: Path) -> None:
    confirmed(at, town, tmp_path)
    client = at("clerk")
    page = client.get(reverse("desk:matrix")).content.decode()
    numbers = re.findall(r'<li><a href="(\?[^"]*state=[^"]*)"[^>]*><b>(\d+)</b>', page)
    assert len(numbers) == 5
    for query, number in numbers:
        listed = client.get(reverse("desk:matrix") + query.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r"/desk/scheme/line/\d+/", listed)) == int(number), query


def test_a_line_is_met_by_what_was_published(
    at: At, town: Town, tmp_path: Path, normative: Callable[..., dict[str, object]]
) -> None:
    """Cell → 现在公开 → published → offered with its reasons → accepted → 已公开; rebuilt it is the same."""
    scheme = confirmed(at, town, tmp_path)
    owner = LineOwner.objects.get(line__number="1")
    client = at("clerk")
    address = reverse("desk:scheme-line", args=[owner.pk])
    page = client.get(address).content.decode()
    assert f"{reverse('desk:records-begin', args=['normative'])}?owner={town.orgs['civil']}" in page
    assert "不能判断" in page
    record = published(town, normative())
    duty = Duty.objects.get(clock=f"f{record.pk}")
    # Formed on Tuesday 24 February 2026; day 1 is the 25th, Saturday the 28th is a make-up day, day 20 is 23 March.
    assert (duty.opens, duty.due) == (dt.date(2026, 2, 24), dt.date(2026, 3, 23))
    offer = Evidence.objects.get(source="scheme", source_id=owner.pk)
    assert offer.clock == f"f{record.pk}" and "目录“规范性文件”要求行政规范性文件" in offer.reasons
    page = client.get(address).content.decode()
    assert "目录“规范性文件”要求行政规范性文件" in page and "为什么是这一天" in page and "2026-03-23" in page
    today = client.get(reverse("desk:today")).content.decode()
    waits = reads.evidence_waiting(town.who("clerk")).count()
    assert f"有{waits}条佐证等您确认" in today
    sent = {"one": f"accept:{offer.pk}", "source": "scheme", "source_id": owner.pk}
    answer = client.post(reverse("desk:evidence-decide"), sent)
    assert answer["Location"] == address
    assert cell_of(scheme, "1", town.orgs["civil"]) == Cell.MET
    assert "已公开" in client.get(address).content.decode()
    before = reads.fingerprint()
    follow.rebuild()
    assert reads.fingerprint() == before
    assert Evidence.objects.get(pk=offer.pk).state == EvidenceState.ACCEPTED
    assert cell_of(scheme, "1", town.orgs["civil"]) == Cell.MET


def test_what_is_withdrawn_proves_nothing_any_more(
    at: At, town: Town, tmp_path: Path, normative: Callable[..., dict[str, object]]
) -> None:
    scheme = confirmed(at, town, tmp_path)
    record = published(town, normative())
    offer = Evidence.objects.get(source="scheme")
    ledger.decide(offer.pk, True, actor=town.who("clerk"), on=DAY)
    catch_up([LedgerFollower()])
    assert cell_of(scheme, "1", town.orgs["civil"]) == Cell.MET
    actions.withdraw(record.pk, "附件有误", actor=town.who("clerk"), on=DAY)
    catch_up([LedgerFollower(), EvidenceFollower()])
    assert cell_of(scheme, "1", town.orgs["civil"]) == Cell.UNKNOWN
    page = at("clerk").get(reverse("desk:scheme-line", args=[offer.source_id])).content.decode()
    assert "已撤回，佐证失效" in page
    before = reads.fingerprint()
    follow.rebuild()
    assert reads.fingerprint() == before


def test_a_yearly_line_met_by_evidence_opens_again_when_that_is_withdrawn(
    at: At, town: Town, tmp_path: Path, normative: Callable[..., dict[str, object]]
) -> None:
    """Attached by hand to the year; withdrawn, the settlement stays written and counts no longer."""
    scheme = confirmed(at, town, tmp_path)
    record = published(town, normative())
    owner = LineOwner.objects.get(line__number="2")
    at("clerk").post(
        reverse("desk:evidence-attach", args=["scheme", owner.pk]), {"record": record.pk, "clock": "y2026"}
    )
    assert cell_of(scheme, "2", town.orgs["civil"]) == Cell.MET
    actions.withdraw(record.pk, "附件有误", actor=town.who("clerk"), on=DAY)
    catch_up([LedgerFollower(), EvidenceFollower()])
    assert cell_of(scheme, "2", town.orgs["civil"]) == Cell.LATE


def test_an_acceptance_is_taken_back(
    at: At, town: Town, tmp_path: Path, normative: Callable[..., dict[str, object]]
) -> None:
    scheme = confirmed(at, town, tmp_path)
    published(town, normative())
    offer = Evidence.objects.get(source="scheme")
    ledger.decide(offer.pk, True, actor=town.who("clerk"), on=DAY)
    back = {"source": "scheme", "source_id": offer.source_id}
    answer = at("clerk").post(reverse("desk:evidence-revoke", args=[offer.pk]), back)
    assert answer.status_code == 422 and "请写明为什么撤销" in answer.content.decode()
    answer = at("clerk").post(reverse("desk:evidence-revoke", args=[offer.pk]), {**back, "why": "不是这一项"})
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert offer.state == EvidenceState.OFFERED
    assert cell_of(scheme, "1", town.orgs["civil"]) == Cell.NOT_DUE


def test_one_record_falls_under_the_line_that_it_is_about(
    at: At, town: Town, tmp_path: Path, normative: Callable[..., dict[str, object]]
) -> None:
    """Two lines ask for documents; 临时救助 starts the clock of its own line only."""
    confirmed(at, town, tmp_path)
    scheme = Scheme.objects.get()
    from gongkai.scheme.actions import add_line

    values = {"level1": "临时救助", "level2": "", "limit_text": TWENTY, "kinds": ["normative"], "proactive": True}
    values["owners"] = [town.orgs["civil"]]
    line = add_line(scheme.pk, {**values, "number": "4"}, actor=town.who("office"), on=DAY)
    Line.objects.filter(pk=line.pk).update(since=dt.date(2026, 1, 1))
    LineOwner.objects.filter(line=line).update(since=dt.date(2026, 1, 1))
    record = published(town, normative())
    assert list(Duty.objects.filter(clock=f"f{record.pk}").values_list("matter__source_id", flat=True)) == list(
        LineOwner.objects.filter(line=line).values_list("pk", flat=True)
    )
    assert [e.source_id for e in Evidence.objects.all()] == [LineOwner.objects.get(line=line).pk]


def test_what_was_out_before_the_scheme_offers_itself(
    at: At, town: Town, tmp_path: Path, normative: Callable[..., dict[str, object]]
) -> None:
    published(town, normative())
    assert not Evidence.objects.exists()
    confirmed(at, town, tmp_path)
    catch_up([LedgerFollower(), EvidenceFollower()])
    assert Evidence.objects.filter(source="scheme").count() == 1


def test_refusals_stand_at_their_field(at: At, town: Town, tmp_path: Path) -> None:
    client = at("clerk")
    answer = client.post(reverse("desk:scheme-import"), {"body": town.orgs["civil"]})
    assert answer.status_code == 422
    assert 'id="say-file">请选目录文件' in answer.content.decode()
    bad = SimpleUploadedFile("x.txt", "没有表格".encode())
    answer = client.post(reverse("desk:scheme-import"), {"body": town.orgs["civil"], "file": bad})
    assert answer.status_code == 422 and 'id="say-file">' in answer.content.decode()
    answer = client.post(reverse("desk:scheme-import"), {"body": town.orgs["health"], "file": table(tmp_path)})
    assert answer.status_code == 422 and 'id="say-body">请选这份目录是哪个单位的' in answer.content.decode()
    draft = brought_in(at, town, tmp_path)
    act = reverse("desk:scheme-draft-act", args=[draft.pk, "confirm"])
    answer = client.post(act, {"title": " "})
    assert answer.status_code == 422 and 'id="say-title">目录要有标题' in answer.content.decode()
    answer = client.post(act, {"title": "目录", "adopted_on": "下个月"})
    assert answer.status_code == 422 and 'id="say-adopted_on">施行日期' in answer.content.decode()
    answer = client.post(reverse("desk:scheme-draft-act", args=[draft.pk, "rows"]), {"owners": town.orgs["civil"]})
    assert answer.status_code == 422 and "请先勾选" in answer.content.decode()
    row = {"index": 0, "has_owners": 1, "level1": "", "do": "save"}
    answer = client.post(reverse("desk:scheme-draft-act", args=[draft.pk, "row"]), row)
    assert answer.status_code == 422 and 'id="say-level1">请写公开事项' in answer.content.decode()
    answer = client.post(
        reverse("desk:scheme-draft-act", args=[draft.pk, "row"]), {**row, "level1": "x", "revision": 9}
    )
    assert answer.status_code == 422 and "别人刚改过" in answer.content.decode()


def test_strangers_see_nothing(at: At, town: Town, tmp_path: Path) -> None:
    draft = brought_in(at, town, tmp_path)
    client = at("stranger")
    assert client.get(reverse("desk:scheme-draft", args=[draft.pk])).status_code == 404
    scheme = confirmed_from(at, town, draft)
    owner = LineOwner.objects.first()
    assert owner is not None
    for name, args in (
        ("scheme-scheme", [scheme.pk]),
        ("scheme-propose", [scheme.pk]),
        ("scheme-export", [scheme.pk, "xlsx"]),
        ("scheme-line", [owner.pk]),
        ("evidence-attach", ["scheme", owner.pk]),
    ):
        assert client.get(reverse(f"desk:{name}", args=args)).status_code == 404, name
    assert scheme.title not in client.get(reverse("desk:scheme")).content.decode()
    assert scheme.title not in client.get(reverse("desk:matrix")).content.decode()


def test_words_for_many_expand(at: At, town: Town, tmp_path: Path) -> None:
    county = Organisation.objects.get(pk=town.orgs["county"])
    towns = [found(f"{n}镇", Kind.TOWNSHIP, county).pk for n in ("东", "西")]
    path = tmp_path / "目录.docx"
    write_directory([read("规范性文件", TWENTY, "各镇（街道）", number="1")], path)
    sent = {"body": town.orgs["county"], "file": SimpleUploadedFile(path.name, path.read_bytes())}
    assert at("office").post(reverse("desk:scheme-import"), sent).status_code == 302
    draft = SchemeDraft.objects.get()
    assert draft.rows[0]["owners"] == towns
    assert "各镇（街道）：2个单位" in at("office").get(reverse("desk:scheme-draft", args=[draft.pk])).content.decode()
    act = reverse("desk:scheme-draft-act", args=[draft.pk, "rows"])
    assert at("office").post(act, {"row": 0, "owners": "g:departments"}).status_code == 302
    draft.refresh_from_db()
    assert set(draft.rows[0]["owners"]) == {*towns, town.orgs["civil"], town.orgs["health"]}


def test_adjusted_by_proposal_and_decision(at: At, town: Town, tmp_path: Path) -> None:
    """民政局 proposes another limit; the county's office declines one and accepts the next; the history shows both."""
    scheme = confirmed(at, town, tmp_path)
    line = scheme.lines.get(number="2")
    at_form = reverse("desk:scheme-propose", args=[scheme.pk])
    client = at("clerk")
    assert client.get(f"{at_form}?line={line.pk}").status_code == 200
    sent = {
        "line": line.pk,
        "verb": "change",
        "has_owners": 1,
        "level1": line.level1,
        "limit_text": "每年3月31日前",
        "owners": [town.orgs["civil"]],
        "kinds": ["annual_report"],
    }
    answer = client.post(at_form, sent)
    assert answer.status_code == 422 and 'id="say-reason">请写调整的理由' in answer.content.decode()
    for _ in range(2):
        assert client.post(at_form, {**sent, "reason": "依据修订"}).status_code == 302
    first, second = Proposal.objects.order_by("pk")
    assert set(first.values) == {"limit_text", "limit"}
    page = reverse("desk:scheme-scheme", args=[scheme.pk])
    answer = client.post(reverse("desk:scheme-decide", args=[scheme.pk, first.pk]), {"verdict": "accept"})
    assert answer.status_code == 422 and "主管部门确定" in answer.content.decode()
    office = at("office")
    answer = office.post(reverse("desk:scheme-decide", args=[scheme.pk, first.pk]), {"verdict": "decline"})
    assert answer.status_code == 422 and 'id="say-answer">不同意要写明原因' in answer.content.decode()
    told = {"verdict": "decline", "answer": "先等省里"}
    assert office.post(reverse("desk:scheme-decide", args=[scheme.pk, first.pk]), told).status_code == 302
    accept = reverse("desk:scheme-decide", args=[scheme.pk, second.pk])
    assert office.post(accept, {"verdict": "accept"}).status_code == 302
    text = office.get(page).content.decode()
    assert "先等省里" in text and "<del>每年1月31日前</del>" in text and "<ins>每年3月31日前</ins>" in text
    assert cell_of(scheme, "2", town.orgs["civil"]) == Cell.NOT_DUE
    ended = {"line": line.pk, "verb": "end", "reason": "职权取消", "now": "1"}
    assert office.post(at_form, ended).status_code == 302
    assert not Matter.objects.filter(source="scheme", title__contains="年度报告").exists()


def test_by_hand_and_ended(at: At, town: Town) -> None:
    client = at("clerk")
    sent = {"new_body": town.orgs["civil"], "title": "手工目录", "adopted_on": BEGAN}
    assert client.post(reverse("desk:scheme-new"), sent).status_code == 302
    scheme = Scheme.objects.get()
    line = {"verb": "add", "has_owners": 1, "has_flags": 1, "proactive": 1, "level1": "机构职能"}
    line |= {"limit_text": "长期公开", "owners": [town.orgs["civil"]], "kinds": ["functions"]}
    assert client.post(reverse("desk:scheme-propose", args=[scheme.pk]), line).status_code == 302
    assert Matter.objects.get(source="scheme").title == "机构职能"
    answer = client.post(reverse("desk:scheme-end", args=[scheme.pk]), {"reason": "x"})
    assert answer.status_code == 422
    office = at("office")
    answer = office.post(reverse("desk:scheme-end", args=[scheme.pk]), {})
    assert answer.status_code == 422 and 'id="say-end_reason">' in answer.content.decode()
    assert office.post(reverse("desk:scheme-end", args=[scheme.pk]), {"reason": "被新目录代替"}).status_code == 302
    assert not Matter.objects.filter(source="scheme").exists()
    assert client.get(reverse("desk:scheme-scheme", args=[scheme.pk])).status_code == 200


def test_the_way_out_reads_back(at: At, town: Town, tmp_path: Path) -> None:
    from gongkai.scheme.reading import read_directory

    scheme = confirmed(at, town, tmp_path)
    for form in ("xlsx", "docx"):
        answer = at("clerk").get(reverse("desk:scheme-export", args=[scheme.pk, form]))
        path = tmp_path / f"out.{form}"
        path.write_bytes(answer.content)
        back = read_directory(path)
        assert [(x.number, x.level2, x.limit.raw) for x in back.lines] == [
            ("1", "规范性文件", TWENTY),
            ("2", "年度报告", "每年1月31日前"),
            ("3", "救助资金发放情况", "按季度"),
        ]
    empty = at("clerk").get(reverse("desk:scheme-template"))
    book = openpyxl.load_workbook(io.BytesIO(empty.content))
    assert book.worksheets[0]["A2"].value == "序号"
    table_ = openpyxl.load_workbook(io.BytesIO(at("clerk").get(reverse("desk:matrix-export")).content)).worksheets[0]
    cells = [[c.value for c in row] for row in table_.iter_rows(min_row=2)]
    assert cells[0][:4] == ["序号", "领域", "公开事项", "公开时限"]
    assert "逾期未公开 2026-01-31" in cells[2]


def test_a_scheme_replaced_later_stands_until_then(at: At, town: Town, tmp_path: Path) -> None:
    old = confirmed(at, town, tmp_path)
    turn_of_day()
    draft = SchemeDraft.objects.create(
        body_id=old.body_id, file=old.file, title="新目录", rows=[], person_id=town.people["clerk"],
        begun_at=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    draft.rows = SchemeDraft.objects.exclude(pk=draft.pk).get().rows
    draft.save()
    said = {"title": "新目录", "adopted_on": "2026-07-01", "replaces": old.pk}
    assert at("clerk").post(reverse("desk:scheme-draft-act", args=[draft.pk, "confirm"]), said).status_code == 302
    assert Matter.objects.filter(source="scheme", sheet=old.pk).count() == 3
    with on_day(dt.date(2026, 7, 1)):
        assert turn_of_day() > 0
        assert Matter.objects.filter(source="scheme", sheet=old.pk).count() == 0
        assert Matter.objects.filter(source="scheme").count() == 3


def test_a_new_year_brings_its_periods(at: At, town: Town, tmp_path: Path) -> None:
    """On 1 January the running site derives the year's duties, once."""
    confirmed(at, town, tmp_path)
    assert turn_of_day() == 3
    assert turn_of_day() == 0
    assert not Duty.objects.filter(clock="y2027").exists()
    with on_day(dt.date(2026, 12, 31)):
        assert turn_of_day() == 0
    with on_day(dt.date(2027, 1, 1)):
        assert turn_of_day() == 3
        assert Duty.objects.get(clock="y2027").due == dt.date(2027, 1, 31)
        assert Duty.objects.get(clock="q2027-2").due == dt.date(2027, 6, 30)
        assert turn_of_day() == 0
        before = reads.fingerprint()
        follow.rebuild()
        assert reads.fingerprint() == before


def test_numbers_of_today_open_their_lists(at: At, town: Town, tmp_path: Path) -> None:
    """Lines of a directory are counted in their own list; what leads to the ledger counts tasks only."""
    confirmed(at, town, tmp_path)
    page = at("clerk").get(reverse("desk:today")).content.decode()
    assert re.findall(r"<b>(\d+)</b><span>(已逾期)</span>", page) == [("0", "已逾期")]
    link = re.search(r'<a href="(/desk/scheme/due/[^"]*)">逾期未公开的全部(\d+)项', page)
    assert link is not None and link[2] == "1"
    listed = at("clerk").get(link[1]).content.decode()
    assert len(set(re.findall(r"/desk/scheme/line/(\d+)/", listed))) == 1
    assert "去公开" in listed and "石桥县民政局主动公开目录" in listed


def test_mine_and_the_calendar_have_lines_too(at: At, town: Town, tmp_path: Path) -> None:
    confirmed(at, town, tmp_path)
    client = at("clerk")
    owner = LineOwner.objects.get(line__number="2")
    page = client.get(reverse("desk:mine")).content.decode()
    assert "去公开" in page and "写进展" not in page and "还有1项没有日期" in page
    assert "要办的 2" in page and page.count('<article class="card') == 2
    assert f"/desk/scheme/line/{owner.pk}/" in client.get(reverse("desk:mine-ics")).content.decode().replace(
        "\r\n ", ""
    )
    assert client.get(reverse("desk:ledger-matter", args=["scheme", owner.pk]))["Location"] == reverse(
        "desk:scheme-line", args=[owner.pk]
    )
    assert "救助管理" not in client.get(reverse("desk:ledger")).content.decode()


def test_pages_ask_a_steady_number_of_queries(at: At, town: Town, tmp_path: Path) -> None:
    """Ten times the lines, the same queries."""
    scheme = confirmed(at, town, tmp_path)
    client = at("office")
    pages = [reverse("desk:matrix"), reverse("desk:scheme-scheme", args=[scheme.pk]), reverse("desk:scheme-due")]

    def asked() -> list[int]:
        out = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as held:
                assert client.get(page).status_code == 200
            out.append(len(held))
        return out

    before = asked()
    from gongkai.scheme.actions import add_line

    for n in range(27):
        values = {"level1": f"事项{n}", "owners": [town.orgs["civil"]], "limit_text": "按季度", "proactive": True}
        add_line(scheme.pk, values, actor=town.who("office"), on=DAY)
    catch_up([LedgerFollower()])
    assert asked() == before
    assert max(before) < 30, before


def test_an_adjustment_is_offered_only_on_the_lines_that_one_owes(at: At, town: Town) -> None:
    """A scheme of the county names several: each sees 提出调整 beside its own lines, the office beside all."""
    scheme = Scheme.objects.create(body_id=town.orgs["county"], title="石桥县标准目录", standard=True, adopted_on=BEGAN)
    lines = {}
    for position, name in enumerate(("civil", "health"), 1):
        line = Line.objects.create(scheme=scheme, position=position, level1=name, proactive=True, since=FOUNDED)
        LineOwner.objects.create(line=line, organisation_id=town.orgs[name], since=FOUNDED)
        lines[name] = f"{reverse('desk:scheme-propose', args=[scheme.pk])}?line={line.pk}"
    page = reverse("desk:scheme-scheme", args=[scheme.pk])
    for who, offered in (("clerk", {"civil"}), ("stranger", {"health"}), ("office", {"civil", "health"})):
        text = at(who).get(page).content.decode()
        assert {name for name, address in lines.items() if address in text} == offered, who
    for name, answer in (("civil", 422), ("health", 302)):
        sent = {"line": lines[name].rpartition("=")[2], "verb": "end", "reason": "不归我办"}
        assert at("stranger").post(reverse("desk:scheme-propose", args=[scheme.pk]), sent).status_code == answer
