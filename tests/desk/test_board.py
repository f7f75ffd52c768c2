"""监督、年报数、转主动公开: numbers that lead to their lists, questions, the library, proposals to publish."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.cases import actions, letters, reads
from gongkai.cases.actions.letters import written_later
from gongkai.cases.models import Case, Opening, Precedent, Question
from gongkai.desk.annual_form import form_rows
from gongkai.law.annual import COLUMNS, LEAVES, ROWS
from gongkai.law.outcomes import grounds, must
from gongkai.orgs.models import Person
from gongkai.orgs.reads import tree_on, viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records.models import Record
from tests.desk import TODAY

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
BEGAN = dt.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _no_documents() -> Iterator[None]:
    with written_later():
        yield


def body(name: str = "青禾县司法局") -> int:
    return next(n.id for n in tree_on(TODAY).live() if n.name == name)


def clerk(on: dt.date = TODAY) -> Viewer:
    return viewer_of(Person.objects.get(username="jiang.ruoxi"), on)


def took(n: int = 0, on: dt.date = BEGAN, **more: Any) -> Case:
    values = {
        "applicant_kind": "natural", "name": f"桑小满{n}", "id_kind": "护照", "id_number": f"E1234567{n}",
        "phone": "13900001234", "title": f"第{n}号鉴定机构考核材料", "asked": "考核材料", "form": "纸质",
        "way": "自行领取", **more,
    }  # fmt: skip
    return actions.receive(body(), values, "in_person", actor=clerk(on), on=on)


def ended(case: Case, outcome: str, on: dt.date, ground: str = "", **more: Any) -> Case:
    """Decided by whoever may, and handed over."""
    if ground:
        more |= {"ground": ground, "category": next(iter(grounds()[ground].categories), ""), "separable": False}
    wanted = (*must(outcome, ground), "reason")
    texts = {c: "按规定办理" for c in wanted if c not in ("ground", "separable", "category")}
    actions.draft_answer(case.pk, outcome, texts, actor=clerk(on), on=on, **more)
    legal = Person.objects.get(username="fan.siyuan")
    actions.check_answer(case.pk, actor=viewer_of(legal, on), on=on)
    signers = Person.objects.filter(posts__organisation=body(), posts__role="signer")
    signer = next(v for v in (viewer_of(p, on) for p in signers) if v.held)
    actions.sign_answer(case.pk, actor=signer, on=on)
    actions.deliver(case.pk, "in_person", actor=clerk(on), on=on)
    case.refresh_from_db()
    return case


@pytest.fixture
def year(county: None) -> list[Case]:
    """A year of 县司法局: open and late, answered, refused and corrected, lapsed by withdrawal, carried from last year."""
    old = took(8, dt.date(2025, 12, 30))
    cases = [took(n) for n in range(4)]
    ended(old, "disclosed", dt.date(2026, 1, 8))
    ended(cases[0], "disclosed", dt.date(2026, 9, 10))
    ended(cases[1], "refused", dt.date(2026, 9, 11), "internal")
    actions.reconsider(cases[1].pk, actor=clerk(), on=dt.date(2026, 9, 20))
    actions.reconsidered(cases[1].pk, "corrected", actor=clerk(), on=dt.date(2026, 10, 20))
    actions.withdraw(cases[2].pk, actor=clerk(), on=dt.date(2026, 9, 12))
    return [old, *cases]


def links(page: str, part: str) -> list[tuple[str, int]]:
    """Numbers of a page that lead to lists, with their addresses."""
    found = re.findall(rf'href="([^"]*{part}[^"]*)"[^>]*>(?:<b>)?(\d+)<', page)
    return [(html.unescape(a), int(n)) for a, n in found]


def test_every_number_of_the_board_is_its_list(signed_in: SignedIn, year: list[Case]) -> None:
    client = signed_in("chen.yu")
    page = client.get("/desk/board/").content.decode()
    found = links(page, "/board/cases/")
    assert len(found) > 8
    for address, n in found:
        listed = client.get(address).content.decode()
        assert f"共{n}件" in listed, address
        assert len(re.findall(r'href="/desk/cases/\d+/"', listed)) == min(n, 50), address
    assert "不排名" in page and "桑小满" not in page
    late = next(a for a, _ in found if "what=late" in a and f"body={body()}" in a)
    assert year[4].number in client.get(late).content.decode()


def test_the_board_asks_as_many_questions_for_fifty_bodies_as_for_one(signed_in: SignedIn, year: list[Case]) -> None:
    def asked(who: str) -> int:
        client = signed_in(who)
        client.get("/desk/board/")
        with CaptureQueriesContext(connection) as told:
            client.get("/desk/board/")
        return len(told)

    assert asked("chen.yu") == asked("tian.jiaxin") + 0


def test_who_oversees_sees_only_what_is_under_them(signed_in: SignedIn, year: list[Case]) -> None:
    town = signed_in("tian.jiaxin")
    assert "县司法局" not in town.get("/desk/board/").content.decode()
    assert town.get(f"/desk/board/cases/?what=open&body={body()}").status_code == 404
    assert "共0件" in town.get("/desk/board/cases/?what=late").content.decode()
    assert signed_in("chen.yu").get("/desk/board/cases/?what=love").status_code == 404
    for path in ("/desk/board/", "/desk/board/cases/?what=open"):
        assert signed_in("jiang.ruoxi").get(path).status_code == 404


def test_a_hard_question_and_its_guidance(signed_in: SignedIn, year: list[Case]) -> None:
    """R5: asked, answered, and seen by the others of the county."""
    his, hers = signed_in("jiang.ruoxi"), signed_in("chen.yu")
    told = {"body": body(), "title": "考核材料算不算内部事务", "text": "鉴定机构的考核打分表。", "outcome": "refused"}
    wrong = his.post("/desk/board/questions/", {**told, "title": ""})
    assert wrong.status_code == 422 and "鉴定机构的考核打分表。" in wrong.content.decode()
    about = his.get(f"/desk/board/questions/?case={year[1].pk}").content.decode()
    assert f'name="case" value="{year[1].pk}"' in about
    where = his.post("/desk/board/questions/", {**told, "ground": "internal", "case": year[1].pk})["Location"]
    town = signed_in("shi.xiaoman")
    assert town.get(where).status_code == 404
    assert "1条待答" in hers.get("/desk/board/").content.decode()
    assert hers.post(where, {"answer": " "}).status_code == 422
    assert hers.post(where, {"answer": "打分表已经用于外部决定的，不再是内部事务信息。"}).status_code == 302
    assert his.post(where, {"answer": "不"}).status_code == 422
    page = town.get(where).content.decode()
    assert "不再是内部事务信息" in page and year[1].number not in page
    assert Question.objects.get().answered_on == TODAY
    listed = town.get("/desk/board/questions/?outcome=refused").content.decode()
    assert "考核材料算不算内部事务" in listed
    assert "考核材料算不算" not in town.get("/desk/board/questions/?outcome=partial").content.decode()


def test_the_library_is_searched_by_words_and_outcome(signed_in: SignedIn, year: list[Case]) -> None:
    hers = signed_in("chen.yu")
    where = reverse("desk:board-keep", args=[year[2].pk])
    assert signed_in("jiang.ruoxi").get(where).status_code == 404
    told = {"title": "考核材料", "point": "桑小满1要求公开"}
    wrong = hers.post(where, told)
    assert wrong.status_code == 422 and "桑小满1要求公开" in wrong.content.decode()
    assert hers.post(where, {**told, "point": "打分表属于内部管理信息，区分处理。"}).status_code == 302
    assert hers.get(reverse("desk:board-keep", args=[year[4].pk])).status_code == 422  # still open
    assert Precedent.objects.get().ground == "internal"
    his = signed_in("tian.jiaxin")
    for query, found in (("", True), ("?q=打分表 区分", True), ("?q=农机", False), ("?outcome=refused", True)):
        page = his.get(f"/desk/board/library/{query}").content.decode()
        assert ("内部管理信息" in page) is found, query
        assert f"/desk/cases/{year[2].pk}/" not in page


def test_every_number_of_the_report_is_its_cases(signed_in: SignedIn, year: list[Case]) -> None:
    """表三、表四 as they will stand in the report; what the links list is what the numbers count."""
    client = signed_in("jiang.ruoxi")
    page = client.get("/desk/cases/annual/2026/").content.decode()
    assert "全部相符" in page
    made = reads.annual(2026, body())
    assert made.requests["new"]["总计"] == 4 and made.requests["carried"]["总计"] == 1
    assert made.disputes["行政复议"]["结果纠正"] == 1
    found = links(page, "/annual/2026/cases/")
    numbers = sum(n > 0 for t in (made.requests, made.disputes) for row in t.values() for n in row.values())
    assert len(found) == numbers
    for address, n in found:
        listed = client.get(address).content.decode()
        assert f"共{n}件" in listed and len(re.findall(r'href="/desk/cases/\d+/"', listed)) == n, address
    assert client.get("/desk/cases/annual/2026/cases/?row=9&column=总计").status_code == 404
    assert client.get("/desk/cases/annual/2027/").status_code == 404
    assert client.get(f"/desk/cases/annual/2026/?body={body('白露镇')}").status_code == 404
    assert signed_in("xia.lan").get("/desk/cases/annual/2026/").status_code == 404
    assert client.get("/desk/cases/annual/")["Location"].endswith("/annual/2026/")
    assert "结转下年度" in client.get("/desk/cases/annual/2025/").content.decode()


def test_an_identity_that_breaks_is_shown(
    signed_in: SignedIn, year: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reads.annual

    def wrong(when: int, of: int) -> reads.Annual:
        made = real(when, of)
        if when == 2026:
            made.requests["2"]["自然人"] += 1
        else:
            made.requests["forward"]["自然人"] += 5
        return made

    monkeypatch.setattr(reads, "annual", wrong)
    page = signed_in("jiang.ruoxi").get("/desk/cases/annual/2026/").content.decode()
    assert "3处不符" in page and "各项结果相加5，（七）总计4" in page and "上年报告里结转下年度6" in page


def test_the_sheet_has_the_official_form(signed_in: SignedIn, year: list[Case]) -> None:
    data = signed_in("jiang.ruoxi").get("/desk/cases/annual/2026/table.xlsx").content
    third, fourth = load_workbook(io.BytesIO(data)).worksheets
    heads = [third.cell(r, c).value for r in range(5, 30) for c in (1, 2, 3)]
    said = [h for h in heads if h]
    assert said[0] == ROWS["new"] and said[1] == ROWS["carried"] and said[-1] == ROWS["forward"]
    assert len(form_rows()) == 25 and [r.key for r in form_rows()][2:23] == list(LEAVES)
    made = reads.annual(2026, body())
    for at, row in enumerate(form_rows(), 5):
        assert sum(h.columns for h in row.heads) <= 3
        assert [third.cell(at, 4 + n).value for n in range(7)] == [made.requests[row.key][c] for c in COLUMNS]
    assert fourth.cell(5, 2).value == 1 and fourth.cell(2, 6).value == "行政诉讼"


def test_a_proposal_is_decided_with_what_was_published(signed_in: SignedIn, county: None) -> None:
    """R6: the third request makes the proposal, its office decides, the result stands on the page."""
    for n in range(3):
        took(n, title="法律援助补贴标准")
    held = Opening.objects.get()
    his, where = signed_in("jiang.ruoxi"), f"/desk/openings/{held.pk}/"
    assert "3件申请" in his.get("/desk/openings/").content.decode()
    page = his.get(where).content.decode()
    assert page.count("法律援助补贴标准</a>") == 3 and "起草一条" in page
    for told, rule in (({}, "opening.verdict"), ({"verdict": "no", "why": " "}, "opening.why")):
        answer = his.post(where, told)
        assert answer.status_code == 422 and f'data-rule="{rule}"' in answer.content.decode()
    other = Record.objects.create(kind="notice", owner_id=body(), title="草稿", begun_on=TODAY)
    answer = his.post(where, {"verdict": "yes", "record": other.pk, "why": "打算公开"})
    assert answer.status_code == 422 and "打算公开" in answer.content.decode()
    hers = signed_in("chen.yu")
    assert "保存决定" not in hers.get(where).content.decode()
    assert hers.post(where, {"verdict": "yes"}).status_code == 422
    assert signed_in("tian.jiaxin").get(where).status_code == 404
    assert his.post(where, {"verdict": "yes", "why": "每年公布"}).status_code == 302
    assert "还没有选定公开的信息" in his.get(where).content.decode()
    assert "法律援助补贴标准" in his.get("/desk/openings/?tab=owed").content.decode()
    took(4, TODAY, title="法律援助补贴标准")
    assert "决定以后又有" not in his.get(where).content.decode()  # asked on the very day
    his.post(where, {"verdict": "no", "why": "由省里统一公布"})
    assert "由省里统一公布" in his.get(where).content.decode()


def test_guidance_that_nobody_asked_for_is_seen_where_that_outcome_is_chosen(
    signed_in: SignedIn, year: list[Case]
) -> None:
    hers, his = signed_in("chen.yu"), signed_in("jiang.ruoxi")
    page = hers.get("/desk/board/questions/").content.decode()
    name = re.search(r'name="do" value="guide">\s*<input type="hidden" name="body" value="(\d+)"', page)
    assert name is not None and 'value="guide"' not in his.get("/desk/board/questions/").content.decode()
    told = {
        "do": "guide",
        "body": name[1],
        "title": "检索记录",
        "answer": "截图和检索词都要留。",
        "outcome": "not_exist",
    }
    assert his.post("/desk/board/questions/", told).status_code == 422
    wrong = hers.post("/desk/board/questions/", {**told, "answer": ""})
    assert wrong.status_code == 422 and 'value="检索记录"' in wrong.content.decode()
    where = hers.post("/desk/board/questions/", told)["Location"]
    case = year[4]
    assert "截图和检索词都要留" in his.get(f"/desk/cases/{case.pk}/answer/?outcome=not_exist").content.decode()
    assert "截图和检索词" not in his.get(f"/desk/cases/{case.pk}/answer/?outcome=disclosed").content.decode()
    moved = {"answer": "截图和检索词都要留。", "outcome": "needs_processing", "ground": ""}
    assert hers.post(where, moved).status_code == 302
    assert "截图和检索词" in his.get(f"/desk/cases/{case.pk}/answer/?outcome=needs_processing").content.decode()
    assert hers.post(where, {**moved, "outcome": "love"}).status_code == 422


def test_the_board_is_taken_away_as_a_table(signed_in: SignedIn, year: list[Case]) -> None:
    answer = signed_in("chen.yu").get("/desk/board/table.xlsx?year=2026")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    (line,) = (r for r in rows if r[0] == "县司法局")
    heads = next(r for r in rows if r[0] == "机关")
    assert (line[heads.index("在办")], line[heads.index("复议、诉讼中被纠正")]) == ("1", "1")
    assert rows[-1][0] == "合计"


def test_proposals_are_taken_away_with_what_became_of_them(signed_in: SignedIn, year: list[Case]) -> None:
    actor = clerk()
    first = Opening.objects.create(body_id=body(), title="考核材料", words="考核", proposed_on=TODAY)
    first.cases.set(year[1:4])
    Opening.objects.create(body_id=body(), title="鉴定机构名单", words="鉴定", proposed_on=TODAY, suggested=True)
    actions.decide_opening(first.pk, False, "属于内部管理信息", actor=actor, on=TODAY)
    rows = list(
        load_workbook(io.BytesIO(signed_in("jiang.ruoxi").get("/desk/openings/table.xlsx").content)).active.iter_rows(
            values_only=True
        )
    )
    told = {r[1]: r for r in rows}
    assert told["考核材料"][2] == "3" and told["考核材料"][5] == "不转" and told["考核材料"][7] == "属于内部管理信息"
    assert told["鉴定机构名单"][4] == "是" and told["鉴定机构名单"][5] == "待决定"
    sheet = signed_in("jiang.ruoxi").get(f"/desk/openings/{first.pk}/sheet.docx")
    assert sheet.status_code == 404  # nothing to approve
    actions.decide_opening(first.pk, True, "三件申请，公众需要知晓", actor=actor, on=TODAY)
    sheet = signed_in("jiang.ruoxi").get(f"/desk/openings/{first.pk}/sheet.docx")
    text = letters.plain_text(sheet.content)
    assert "考核材料" in text and "公众需要知晓" in text and year[1].number in text and "蒋若溪" in text
