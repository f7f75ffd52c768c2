"""Requests at the desk: the list, the page, every step's form, the answer from draft to delivery, letters and papers."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from gongkai.base.clock import on_day
from gongkai.base.followers import catch_up
from gongkai.base.models import Event
from gongkai.cases import actions, letters
from gongkai.cases.actions.letters import written_later
from gongkai.cases.life import VERBS, State
from gongkai.cases.models import Answer, Attachment, Case, Letter, Precedent, Question, Setup
from gongkai.cases.reads import ByUrgency
from gongkai.desk.case_tree import QUESTIONS, question_of, walk
from gongkai.law.outcomes import grounds, must, outcomes
from gongkai.ledger.follow import LedgerFollower
from gongkai.ledger.models import Matter
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from tests.desk import TODAY

SignedIn = Callable[[str], Client]
NATURAL = {
    "applicant_kind": "natural", "name": "贺知远", "id_kind": "居民身份证", "id_number": "11010519491231002X",
    "phone": "13800001234", "address": "青禾县白露镇槐树街9号", "title": "2025年农村道路养护资金使用情况",
    "asked": "2025年全县农村道路养护资金的分配和使用明细。", "form": "纸质", "way": "邮寄",
}  # fmt: skip


def who(username: str) -> Viewer:
    return viewer_of(Person.objects.get(username=username), TODAY)


def county() -> int:
    return next(h.organisation for h in who("chen.yu").held if h.role == "authority")


def make(on: dt.date = dt.date(2026, 11, 16), channel: str = "in_person", body: int | None = None, **more: Any) -> Case:
    """A request at the counter, a week ago."""
    place = body or county()
    actor = who("xia.lan")
    with on_day(on):
        return actions.receive(place, {**NATURAL, **more}, channel, actor=actor, on=on)


def at(name: str, case: Case, *more: Any) -> str:
    return reverse(f"desk:cases-{name}", args=[case.pk, *more])


def do(client: Client, case: Case, verb: str, **values: str) -> Any:
    return client.post(at("step", case, verb), values)


@pytest.fixture(autouse=True)
def _pay(county: None) -> None:
    Setup.objects.update_or_create(body_id=globals()["county"](), defaults={"pay_how": "到县政务服务中心缴费窗口缴纳"})


def test_from_the_counter_to_the_archive(signed_in: SignedIn) -> None:
    """The whole way: confirmed, handed on, drafted by the section, checked, signed, delivered, archived."""
    clerk, section, legal, signer = (signed_in(n) for n in ("shen.yihe", "jiang.ruoxi", "fan.siyuan", "he.jinsong"))
    case = actions.submit(county(), NATURAL, on=dt.date(2026, 11, 18))
    assert section.get(at("case", case)).status_code == 404
    page = clerk.get(at("case", case))
    assert page.status_code == 200 and "双方确认" in page.content.decode()
    assert do(clerk, case, "confirm", on="2026-11-20", note="电话确认").status_code == 302
    sifa = who("jiang.ruoxi").held[0].organisation
    assert do(clerk, case, "assign", organisation=str(sifa)).status_code == 302
    assert section.get(at("case", case)).status_code == 200

    typed = {"outcome": "disclosed", "ground": "", "do": "submit", "t-way": ""}
    refused = section.post(at("answer", case), typed)
    assert refused.status_code == 422 and "获取信息的方式" in refused.content.decode()
    typed["t-way"] = "随本告知书邮寄"
    assert section.post(at("answer", case), {**typed, "do": "preview"}).status_code == 302
    shown = section.get(at("answer", case)).content.decode()
    assert "随本告知书邮寄" in shown and "予以公开" in shown
    assert section.get(at("preview", case)).headers["Content-Disposition"].startswith("attachment")
    assert section.post(at("answer", case), typed).status_code == 302
    assert section.get(at("answer", case)).headers["Location"] == at("review", case)

    told = section.get(at("review", case)).content.decode()
    assert "等法制岗位审核" in told
    page = legal.get(at("review", case)).content.decode()
    assert "贺**" in page and "贺知远" not in page  # who checks the law need not know who asks
    assert legal.post(at("review", case), {"do": "return", "note": "", "stage": "check"}).status_code == 422
    assert legal.post(at("review", case), {"do": "pass", "note": "合法", "stage": "check"}).status_code == 302
    page = signer.get(at("review", case)).content.decode()
    assert "同意并签发" in page and "贺知远" in page
    stale = signer.post(at("review", case), {"do": "pass", "stage": "check"})
    assert stale.status_code == 422 and "刚刚由别人办过" in stale.content.decode()
    assert signer.post(at("review", case), {"do": "pass", "stage": "sign"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.DECIDED and case.outcome == "disclosed"
    assert do(clerk, case, "archive").status_code == 422
    assert do(clerk, case, "deliver", channel="mail_signed", on="2026-11-22", proof="挂号123").status_code == 302
    assert do(clerk, case, "archive").status_code == 302
    case.refresh_from_db()
    assert case.state == State.ARCHIVED and case.row == "1"
    account = clerk.get(at("case", case)).content.decode()
    for word in ("双方确认", "分办", "拟写答复", "法制审核同意", "作出决定", "送达", "归档", "挂号123"):
        assert word in account, word
    codes = set(Letter.objects.filter(case=case).values_list("code", flat=True))
    assert codes == {"registration", "receipt", "approval", "disclosed", "service"}
    sheet = Letter.objects.get(case=case, code="service")
    assert "予以公开告知书" in letters.plain_text(actions.document(sheet))


def test_four_eyes_are_told_in_words(signed_in: SignedIn) -> None:
    case = make()
    actions.draft_answer(case.pk, "not_exist", {"search": "查了两个系统"}, actor=who("chen.yu"), on=TODAY)
    answer = Answer.objects.get(case=case)
    answer.drafter = Person.objects.get(username="fan.siyuan")
    answer.save()
    legal = signed_in("fan.siyuan")
    assert "您拟的稿" in legal.get(at("review", case)).content.decode()
    assert legal.post(at("review", case), {"do": "pass", "stage": "check"}).status_code == 422


FORMS: list[tuple[list[tuple[str, dict[str, str]]], str, dict[str, str], str]] = [
    ([], "ask_correction", {"points": "", "reply_by": "2026-12-15"}, "points"),
    ([], "ask_correction", {"points": "写明年份", "reply_by": "2026-11-01"}, "reply_by"),
    ([], "ask_third_party", {"party": "", "information": "合同"}, "party"),
    ([], "approve_extension", {"days": "21", "why": "涉及多年档案"}, "days"),
    ([], "ask_reasons", {"points": "", "reply_by": "2026-12-15"}, "points"),
    ([], "assign", {"organisation": "", "note": "请办"}, "organisation"),
    ([], "split", {"items": "只有一件"}, "items"),
    ([], "withdraw", {"on": "2027-01-01", "note": "电话撤回"}, "on"),
    ([], "withdraw", {"on": "昨天", "note": "电话撤回"}, "on"),
    ([], "complain", {"on": "2026-11-23", "organ": "市政府办公室"}, "on"),
]


@pytest.mark.parametrize(("before", "verb", "typed", "field"), FORMS, ids=[f"{v}-{f}" for _, v, _, f in FORMS])
def test_a_refusal_keeps_what_was_typed(
    before: list[Any], verb: str, typed: dict[str, str], field: str, signed_in: SignedIn
) -> None:
    case = make()
    client = signed_in("luo.jing" if verb == "approve_extension" else "shen.yihe")
    answer = do(client, case, verb, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in page and f'id="f-{field}"' in page
    for name, value in typed.items():
        if name not in ("on", "reply_by", "organisation"):
            assert value in page
    case.refresh_from_db()
    assert case.state == State.OPEN


def test_every_step_through_its_form(signed_in: SignedIn) -> None:
    """Each verb once, in lawful orders."""
    clerk, head = signed_in("shen.yihe"), signed_in("luo.jing")
    day = "2026-11-22"
    stories: list[list[tuple[str, dict[str, str]]]] = [
        [
            ("ask_correction", {"points": "年份\n范围", "reply_by": "2026-12-10"}),
            ("correction_received", {"on": day, "asked": "2025年的明细"}),
            ("ask_third_party", {"party": "禾丰公司", "information": "合同", "served": ""}),
            ("third_party_replied", {"of": "0", "on": day, "agrees": "no", "reasons": "商业秘密"}),
            ("ask_co_producer", {"party": "县财政局", "information": "表", "served": day}),
            ("co_producer_replied", {"of": "1", "on": day, "agrees": "none", "reasons": ""}),
            ("approve_extension", {"days": "10", "why": "档案多"}),
            ("notify_extension", {}),
            ("fee_notice", {"basis": "pages", "count": "40", "do": "send", "amount": "100"}),
            ("fee_paid", {"on": day, "receipt": "票1"}),
            ("complain", {"on": day, "organ": "市政府", "note": ""}),
            ("complaint_ended", {"on": day, "note": "已经解释"}),
            ("withdraw", {"on": day, "note": ""}),
        ],
        [
            ("ask_reasons", {"points": "一周二十件", "reply_by": "2026-12-10"}),
            ("reasons_given", {"on": day, "text": "研究用"}),
            ("set_date", {"date": "2027-01-29", "why": "量大"}),
            ("split", {"items": "甲\n乙"}),
        ],
    ]
    for number, story in enumerate(stories):
        case = make(title=f"道路{number}")
        for verb, values in story:
            client = head if verb in ("approve_extension", "set_date") else clerk
            page = client.get(at("step", case, verb))
            if verb != "split":  # a case on which something was done is not split
                assert page.status_code == 200, (verb, page.content.decode()[-2000:])
            answer = do(client, case, verb, **values)
            if verb == "split":
                assert answer.status_code == 422
            else:
                assert answer.status_code == 302, (verb, answer.content.decode())
        assert clerk.get(at("case", case)).status_code == 200
    assert Case.objects.get(title="道路0").asked == "2025年的明细"
    first = Case.objects.get(title="道路0").steps.get(verb="correction_received")
    assert json.loads(first.told)["before"] == NATURAL["asked"]


def test_lapses_joins_transfers_disputes(signed_in: SignedIn) -> None:
    clerk = signed_in("shen.yihe")
    lapsed = make(dt.date(2026, 10, 9))
    actor = who("shen.yihe")
    actions.ask_correction(lapsed.pk, ["年份"], dt.date(2026, 10, 30), actor=actor, on=dt.date(2026, 10, 12))
    assert do(clerk, lapsed, "correction_lapsed").status_code == 302
    assert do(clerk, lapsed, "deliver", channel="mail_signed", on="2026-11-22").status_code == 302
    one, other = make(), make()
    page = clerk.get(at("step", one, "join")).content.decode()
    assert other.number in page
    assert do(clerk, one, "join", into=str(other.pk)).status_code == 302
    assert f'并入<a href="{at("case", other)}"' in clerk.get(at("case", one)).content.decode()
    wrong = actions.submit(county(), NATURAL, on=TODAY)
    sifa = who("jiang.ruoxi").held[0].organisation
    assert do(clerk, wrong, "transfer", body=str(sifa), why="由县司法局负责").status_code == 302
    assert Case.objects.get(origin=wrong).body_id == sifa
    split = make(dt.date(2026, 11, 20))
    assert do(clerk, split, "split", items="甲事项\n乙事项").status_code == 302
    assert Case.objects.filter(origin=split).count() == 2
    for verb, values in (
        ("reconsider", {"on": "2026-11-22", "organ": "云泽市人民政府", "copy_received": "2026-11-22"}),
        ("reconsidered", {"on": "2026-11-22", "result": "upheld"}),
        ("sue", {"on": "2026-11-22", "accepted": "1"}),
        ("judged", {"on": "2026-11-22", "result": "other"}),
    ):
        assert do(clerk, lapsed, verb, **values).status_code == 302, verb
    assert clerk.get(at("case", lapsed)).status_code == 200


def test_the_fee_is_shown_before_it_is_sent(signed_in: SignedIn) -> None:
    case = make()
    clerk = signed_in("shen.yihe")
    page = do(clerk, case, "fee_notice", basis="pages", count="101", do="count").content.decode()
    assert "720元" in page and "第101页" in page
    unseen = do(clerk, case, "fee_notice", basis="pages", count="101", do="send")
    assert unseen.status_code == 422 and "看过再发" in unseen.content.decode()
    other = do(clerk, case, "fee_notice", basis="pages", count="102", do="send", amount="720")
    assert other.status_code == 422 and "740" in other.content.decode()
    assert do(clerk, case, "fee_notice", basis="pages", count="101", do="send", amount="720").status_code == 302
    case.refresh_from_db()
    assert case.state == State.FEE
    Setup.objects.all().update(pay_how="")
    told = clerk.get(at("step", make(), "fee_notice")).content.decode()
    assert "缴费方式" in told or "缴" in told


def test_rights_are_told_in_words(signed_in: SignedIn) -> None:
    case = make()
    boss = signed_in("fan.siyuan")
    page = boss.get(at("case", case)).content.decode()
    assert "延期由政府信息公开工作机构负责人批准" in page and "补正" in page
    assert boss.get(at("step", case, "ask_correction")).status_code == 422
    assert do(boss, case, "ask_correction", points="x", reply_by="2026-12-10").status_code == 422
    assert signed_in("shen.yihe").get(at("step", case, "no_such")).status_code == 404
    assert signed_in("ding.yichen").get(at("case", case)).status_code == 404


def test_who_asks_is_shown_once_for_a_reason(signed_in: SignedIn) -> None:
    case = make()
    clerk = signed_in("shen.yihe")
    page = clerk.get(at("case", case)).content.decode()
    assert "贺**" in page and "贺知远" not in page and NATURAL["id_number"] not in page
    assert clerk.post(at("reveal", case), {"why": ""}).status_code == 422
    shown = clerk.post(at("reveal", case), {"why": "核对邮寄地址"}).content.decode()
    assert "贺知远" in shown and NATURAL["id_number"] in shown
    assert Event.objects.filter(verb="reveal", subject_id=str(case.pk), reason="核对邮寄地址").count() == 1
    assert "贺知远" not in clerk.get(at("case", case)).content.decode()
    assert "贺知远" not in clerk.get(at("print", case)).content.decode()
    over = signed_in("fan.siyuan")
    assert over.post(at("reveal", case), {"why": "想看看"}).status_code == 422
    registration = Letter.objects.get(case=case, code="registration")
    assert over.get(at("letter", case, registration.pk, "docx")).status_code == 422
    answer = clerk.get(at("letter", case, registration.pk, "docx"))
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "no-store" in answer.headers["Cache-Control"]
    assert "贺知远" in letters.plain_text(answer.content)
    assert Event.objects.filter(verb="open_paper", subject_id=str(case.pk)).exists()
    assert clerk.get(at("letter", case, 10**9, "docx")).status_code == 404
    assert clerk.get(at("letter", case, registration.pk, "exe")).status_code == 404


@pytest.mark.parametrize("outcome", [c for c in outcomes() if c not in ("lapsed_correction", "lapsed_fee")])
def test_the_form_asks_for_exactly_what_the_law_asks(outcome: str, signed_in: SignedIn) -> None:
    """Empty, it names every field of `must`; filled with these, it goes to the legal check and its letter can be written."""
    case = make(dt.date(2026, 11, 2))
    clerk, actor = signed_in("shen.yihe"), who("shen.yihe")
    if outcomes()[outcome].after_correction:
        actions.ask_correction(case.pk, ["年份"], dt.date(2026, 11, 20), actor=actor, on=dt.date(2026, 11, 3))
        actions.correction_received(case.pk, actor=actor, on=dt.date(2026, 11, 10))
    for ground in list(grounds()) if outcomes()[outcome].withholds else [""]:
        if ground == "third_party" and not case.steps.filter(verb="ask_third_party").exists():
            note = clerk.get(at("answer", case) + f"?outcome={outcome}&ground={ground}").content.decode()
            assert "要书面征求第三方意见" in note
            actions.ask_third_party(case.pk, "某公司", "合同", actor=actor, on=TODAY)
            actions.third_party_replied(case.pk, False, actor=actor, on=TODAY, reasons="商业秘密")
        empty = clerk.post(at("answer", case), {"outcome": outcome, "ground": ground, "do": "submit"})
        said = {i.field for i in empty.context["issues"]}
        assert {c for c in must(outcome, ground) if c != "ground"} <= said, (outcome, ground, said)
        shown = {f["code"] for f in empty.context["fields"]}
        typed = {f"t-{code}": f"{code}的内容" for code in shown}
        more = {
            "separable": "yes" if outcome == "partial" else "no",
            "category": next(iter(grounds()[ground].categories), "") if ground else "",
        }
        sent = clerk.post(at("answer", case), {"outcome": outcome, "ground": ground, "do": "submit", **typed, **more})
        assert sent.status_code == 302, (outcome, ground, [i.say for i in sent.context["issues"]])
        page = signed_in("fan.siyuan").get(at("review", case))
        assert not page.context["letter"].issues and not page.context["against"], (outcome, ground)
        actions.check_answer(case.pk, actor=who("fan.siyuan"), on=TODAY)
        actions.return_answer(case.pk, "下一种", actor=who("he.jinsong"), on=TODAY)
    page = clerk.get(at("answer", case)).content.decode()
    assert "下一种" in page
    assert clerk.post(at("drop", case)).status_code == 302


@pytest.mark.parametrize("outcome", ["amended", "not_amended", "amend_elsewhere"])
def test_a_correction_of_ones_record(outcome: str, signed_in: SignedIn) -> None:
    case = make(purpose="amend")
    clerk = signed_in("shen.yihe")
    assert "没有法定答复期限" in clerk.get(at("case", case)).content.decode()
    assert clerk.get(at("tree", case)).status_code == 302
    typed = {"t-reason": "核对属实", "t-information": "出生年份", "t-who": "县公安局"}
    assert clerk.post(at("answer", case), {"outcome": outcome, "do": "submit", **typed}).status_code == 302
    actions.check_answer(case.pk, actor=who("fan.siyuan"), on=TODAY)
    signed = signed_in("he.jinsong").post(at("review", case), {"do": "pass", "stage": "sign"})
    assert signed.status_code == 302, signed.content.decode()
    assert do(clerk, case, "deliver", channel="in_person", on="2026-11-22").status_code == 302


def test_the_tree_leads_everywhere(signed_in: SignedIn) -> None:
    """Every reply leads to a question, a step or an outcome; every outcome but the lapses can be reached."""
    case = make()
    clerk = signed_in("shen.yihe")
    reached: set[tuple[str, str]] = set()
    todo, seen = [""], 0
    while todo:
        path = todo.pop()
        _, question = walk(path)
        assert question is not None
        assert clerk.get(at("tree", case), {"path": path}).status_code == 200
        seen += 1
        for n, way in enumerate(question.ways):
            assert bool(way.to) + bool(way.step) + bool(way.outcome) == 1
            assert way.step in VERBS or not way.step
            if way.to and seen < 60:
                todo.append(f"{path}.{n}" if path else str(n))
            elif way.outcome:
                reached.add((way.outcome, way.ground))
    wanted = {(o, "") for o, x in outcomes().items() if not x.withholds and not o.startswith("lapsed")}
    wanted |= {(o, g) for o, x in outcomes().items() if x.withholds for g in grounds()}
    assert reached == wanted
    assert all(question_of(q) for q in QUESTIONS)
    assert clerk.get(at("tree", case), {"path": "99"}).status_code == 404
    assert clerk.get(at("tree", case), {"path": "x"}).status_code == 404


def test_what_helps_to_decide(signed_in: SignedIn) -> None:
    old, case = make(), make()
    person = Person.objects.get(username="chen.yu")
    Case.objects.filter(pk=old.pk).update(state="closed", outcome="not_exist", ended_on=TODAY)
    Question.objects.create(
        body_id=county(), outcome="not_exist", title="检索到什么程度", text="说明", asked_by=person, asked_on=TODAY,
        answer="至少查档案、业务系统和共享平台", answered_by=person, answered_on=TODAY,
    )  # fmt: skip
    Precedent.objects.create(
        body_id=county(),
        case=old,
        title="道路资金不存在案",
        point="检索记录要附上",
        outcome="not_exist",
        person=person,
        on=TODAY,
    )
    page = signed_in("shen.yihe").get(at("answer", case) + "?outcome=not_exist").content.decode()
    for words in (old.number, "至少查档案", "检索记录要附上", "检索的系统、关键词"):
        assert words in page


def paper_file(*lines: str) -> bytes:
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_papers_and_the_copy_that_is_supplied(signed_in: SignedIn) -> None:
    case = make()
    clerk = signed_in("shen.yihe")
    assert clerk.post(at("papers", case), {"kind": "source"}).status_code == 422
    assert (
        clerk.post(at("papers", case), {"kind": "supplied", "file": SimpleUploadedFile("x.docx", b"x")}).status_code
        == 422
    )
    data = paper_file("养护合同", "联系人张小满，电话13911112222。", "金额10万元。")
    assert (
        clerk.post(at("papers", case), {"kind": "source", "file": SimpleUploadedFile("合同.docx", data)}).status_code
        == 302
    )
    source = Attachment.objects.get(case=case)
    assert clerk.get(at("papers", case)).status_code == 200
    got = clerk.get(at("paper", case, source.pk))
    assert got.content == data and got.headers["Content-Disposition"].startswith("attachment")
    address = at("supply", case, source.pk)
    row = {"words-0-text": "张小满", "words-0-reason": "", "words-1-text": "13911112222", "words-1-reason": "个人隐私"}
    found = clerk.post(address, {**row, "do": "find"})
    assert found.status_code == 200 and "找到1处" in found.content.decode()
    refused = clerk.post(address, {**row, "do": "make"})
    assert refused.status_code == 422 and "每一处遮盖都要写明理由" in refused.content.decode()
    assert 'value="13911112222"' in refused.content.decode()
    assert clerk.post(address, {**row, "do": "more"}).status_code == 200
    nowhere = clerk.post(address, {"words-0-text": "没有的话", "words-0-reason": "隐私", "do": "make"})
    assert nowhere.status_code == 422 and "没有找到" in nowhere.content.decode()
    assert clerk.post(address, {"do": "make"}).status_code == 422
    assert clerk.post(address, {**row, "words-0-reason": "个人隐私", "do": "make"}).status_code == 302
    copy = Attachment.objects.get(case=case, kind="supplied")
    out = clerk.get(at("paper", case, copy.pk)).content
    text = "\n".join(p.text for p in Document(io.BytesIO(out)).paragraphs)
    assert "张小满" not in text and "13911112222" not in text and "金额10万元" in text
    assert len(copy.covered) == 2 and "遮盖了2处" in clerk.get(at("papers", case)).content.decode()
    assert clerk.post(address, {"do": "whole"}).status_code == 422  # one slip must not give away the whole
    assert clerk.post(address, {"do": "whole", "sure": "1"}).status_code == 302
    assert clerk.get(at("supply", case, copy.pk)).status_code == 404
    other = make()
    assert clerk.get(at("paper", other, source.pk)).status_code == 404
    assert signed_in("ding.yichen").get(at("paper", case, source.pk)).status_code == 404
    kept = actions.attach(case.pk, "identity", "身份证.pdf", b"%PDF-1.4", actor=who("shen.yihe"), on=TODAY)
    assert signed_in("fan.siyuan").get(at("paper", case, kept.pk)).status_code == 422
    assert clerk.get(at("paper", case, kept.pk)).status_code == 200
    assert Event.objects.filter(verb="open_paper", subject_id=str(case.pk)).exists()


def test_a_pdf_is_covered_by_page_and_box(signed_in: SignedIn) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawString(100, 700, "SECRET NAME")
    canvas.drawString(100, 100, "public")
    canvas.save()
    case = make()
    clerk = signed_in("shen.yihe")
    source = actions.attach(case.pk, "source", "表.pdf", out.getvalue(), actor=who("shen.yihe"), on=TODAY)
    address = at("supply", case, source.pk)
    assert "按页面上的区域遮盖" in clerk.get(address).content.decode()
    row = {
        "areas-0-page": "一",
        "areas-0-left": "90",
        "areas-0-top": "120",
        "areas-0-right": "300",
        "areas-0-bottom": "160",
    }
    refused = clerk.post(address, {**row, "areas-0-reason": "隐私", "do": "make"})
    assert (
        refused.status_code == 422
        and "写数字" in refused.content.decode()
        and 'value="300"' in refused.content.decode()
    )
    assert clerk.post(address, {**row, "areas-0-page": "1", "areas-0-reason": "隐私", "do": "make"}).status_code == 302
    made = Attachment.objects.get(case=case, kind="supplied")
    assert made.covered and "第1页" in made.covered[0]


def many(count: int) -> None:
    actor = who("xia.lan")
    with written_later():
        for n in range(count):
            values = {**NATURAL, "title": f"第{n}条道路的养护资金"}
            actions.receive(county(), values, "in_person", actor=actor, on=dt.date(2026, 11, 16))


def test_queries_do_not_grow(signed_in: SignedIn) -> None:
    """The list with 5 and with 40 cases asks the same; a page with a long story too."""
    clerk = signed_in("shen.yihe")

    def asked(address: str) -> int:
        clerk.get(address)
        with CaptureQueriesContext(
            connection,
        ) as held:
            assert clerk.get(address).status_code == 200
        return len(held)

    many(5)
    short = asked(reverse("desk:cases"))
    home = asked(reverse("desk:today"))
    case = Case.objects.order_by("pk").first()
    assert case is not None
    page = asked(at("case", case))
    many(35)
    assert asked(reverse("desk:cases")) == short <= 22
    assert asked(reverse("desk:today")) == home
    actor = who("shen.yihe")
    for _ in range(6):
        actions.ask_third_party(case.pk, "某公司", "合同", actor=actor, on=TODAY)
    assert asked(at("case", case)) <= page + 2 <= 42


def test_the_list_narrows(signed_in: SignedIn) -> None:
    clerk = signed_in("shen.yihe")
    old, new = make(dt.date(2026, 10, 12), title="水库调度方案"), make(title="校车线路")
    online = actions.submit(county(), {**NATURAL, "title": "公交补贴"}, on=TODAY)
    address = reverse("desk:cases")

    def listed(query: str) -> list[int]:
        return [line["case"].pk for line in clerk.get(f"{address}?{query}").context["lines"]]

    assert listed("") == [old.pk, new.pk, online.pk]  # the late one first, what has no date last
    assert listed("late=1") == [old.pk] and listed("state=submitted") == [online.pk]
    assert listed("channel=internet") == [online.pk] and listed("q=校车") == [new.pk]
    assert listed(f"q=2026-{new.serial}") == [new.pk] and listed(f"q={new.number}") == [new.pk]
    assert listed(f"q={online.code[:4]}-{online.code[4:]}") == [online.pk]
    assert listed("q=%25%25") == [] and listed("year=1999") == []
    assert listed("state=nonsense&body=x&page=99") == [old.pk, new.pk, online.pk]
    numbers = {n["text"]: n for n in clerk.get(address).context["numbers"]}
    for number in numbers.values():
        assert len(listed(number["query"])) == number["n"]
    assert numbers["已逾期"]["n"] == 1 and numbers["新申请"]["n"] == 1
    sifa = who("jiang.ruoxi").held[0].organisation
    actions.assign(new.pk, sifa, actor=who("shen.yihe"), on=TODAY)
    hers = signed_in("jiang.ruoxi").get(address).context["lines"]
    assert [line["case"].pk for line in hers] == [new.pk]
    assert new.pk not in listed("mine=1") and listed(f"section={sifa}") == [new.pk]
    page = clerk.get(address).content.decode()
    assert "贺**" in page and "贺知远" not in page and "逾期" in page


def test_late_first_then_soon_then_undated_then_what_ended_newest_first(county: None) -> None:
    """Any part of the list is the same part of the whole, put in order by hand."""
    held = [make(title=f"第{n}件") for n in range(7)]
    day = dt.date(2026, 12, 1)
    rows = [
        (State.ARCHIVED, day), (State.OPEN, day), (State.SUBMITTED, None), (State.DECIDED, dt.date(2026, 11, 2)),
        (State.CORRECTION, day), (State.ARCHIVED, dt.date(2026, 1, 2)), (State.OPEN, dt.date(2026, 11, 24)),
    ]  # fmt: skip
    for case, (state, due) in zip(held, rows, strict=True):
        Case.objects.filter(pk=case.pk).update(state=state, due_on=due)
    order = [held[n].pk for n in (3, 6, 1, 4, 2, 5, 0)]
    listed = ByUrgency(Case.objects.all())
    assert len(listed) == 7 and [c.pk for c in listed] == order and listed[-1].pk == order[-1]
    for begin in range(8):
        for end in range(begin, 8):
            assert [c.pk for c in listed[begin:end]] == order[begin:end]


def test_the_way_out_names_nobody(signed_in: SignedIn) -> None:
    make(title="=1+1")
    answer = signed_in("shen.yihe").get(reverse("desk:cases-export"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row)
    assert "=1+1" in text and "贺" not in text and "1380000" not in text and "11010519" not in text


def test_today_and_mine(signed_in: SignedIn) -> None:
    """今日 says what is late and what waits for whom; a matter of a request leads to its page and takes no report."""
    late = make(dt.date(2026, 10, 12))
    actions.draft_answer(late.pk, "not_exist", {"search": "查过"}, actor=who("shen.yihe"), on=TODAY)
    catch_up([LedgerFollower()])
    clerk = signed_in("shen.yihe")
    home = clerk.get(reverse("desk:today")).content.decode()
    assert "依申请公开" in home and late.number in home and "逾期" in home
    assert "去审核" in signed_in("fan.siyuan").get(reverse("desk:today")).content.decode()
    mine = clerk.get(reverse("desk:mine")).content.decode()
    assert at("case", late) in mine and "不用另外写进展" in mine
    matter = Matter.objects.get(source="case", source_id=late.pk)
    assert late.title not in matter.title
    moved = clerk.get(reverse("desk:ledger-matter", args=["case", late.pk]))
    assert moved.headers["Location"] == at("case", late)
    assert signed_in("ding.yichen").get(reverse("desk:ledger-matter", args=["case", late.pk])).status_code == 404
    assert clerk.post(f"/desk/ledger/case/{late.pk}/report/", {"text": "x"}).status_code == 404
    assert clerk.post(f"/desk/ledger/case/{late.pk}/settle/", {"clock": "answer"}).status_code == 404
    rooms = [text for _, text, _ in clerk.get(reverse("desk:cases")).context["rooms"]]
    assert "依申请" in rooms
    assert signed_in("admin").get(reverse("desk:cases")).status_code == 404


def test_a_lost_code_is_found_by_the_identity_and_printed_again_with_a_reason(signed_in: SignedIn) -> None:
    case, clerk = make(), signed_in("shen.yihe")
    assert clerk.post(reverse("desk:cases-find"), {"number": "11010519491231002x"}).headers["Location"] == at(
        "case", case
    )
    make(title="另一件")
    found = clerk.post(reverse("desk:cases-find"), {"number": " 11010519491231002X "}).content.decode()
    assert "另一件" in found and case.number in found and "110105" not in found and "贺知远" not in found
    assert clerk.post(reverse("desk:cases-find"), {"number": "E00000009"}).status_code == 422
    assert clerk.post(at("code", case), {"why": " "}).status_code == 422
    with_code = clerk.post(at("code", case), {"why": "持身份证到窗口补打"}).content.decode()
    assert "-".join(case.code[i : i + 4] for i in range(0, 12, 4)) in with_code
    event = Event.objects.filter(verb="show_code").latest("seq")
    assert event.subject_id == str(case.pk) and event.reason == "持身份证到窗口补打"
    assert signed_in("jiang.ruoxi").post(at("code", case), {"why": "看看"}).status_code in (404, 422)


def test_what_waits_for_a_clerk_stands_on_today(signed_in: SignedIn) -> None:
    """Beside what is late and soon: what nobody confirmed, what was signed and lies, what was sent back, what ran out."""
    new = actions.submit(county(), {**NATURAL, "title": "公交补贴"}, on=dt.date(2026, 11, 19))
    lapsed, waits = make(dt.date(2026, 11, 2), title="水库"), make(title="校车")
    office = {"actor": who("shen.yihe")}
    actions.ask_correction(lapsed.pk, ["哪一年"], dt.date(2026, 11, 13), on=dt.date(2026, 11, 4), **office)
    texts = {"reason": "没有制作", "search": "查过档案"}
    actions.draft_answer(waits.pk, "not_exist", texts, on=TODAY, **office)
    actions.return_answer(waits.pk, "请补检索过程", actor=who("fan.siyuan"), on=TODAY)
    told = signed_in("shen.yihe").get(reverse("desk:today")).context["case_today"]["chores"]
    assert {line["case"].pk: line["what"] for line in told} == {
        waits.pk: "按退回的意见改答复",
        lapsed.pk: "补正期限2026-11-13已过",
        new.pk: "与申请人确认收到，已经等了3天",
    }
    assert signed_in("he.jinsong").get(reverse("desk:today")).context["case_today"]["chores"] == []


def test_answer_and_evidence_of_a_reconsideration_are_reported(signed_in: SignedIn) -> None:
    """行政复议法第五十四条: five working days from the copy."""
    case, clerk = make(dt.date(2026, 10, 12)), signed_in("shen.yihe")
    actions.reconsider(case.pk, actor=who("shen.yihe"), on=dt.date(2026, 11, 18), copy_received=dt.date(2026, 11, 18))
    page = clerk.get(at("case", case)).content.decode()
    assert "最晚11月25日提交答复和证据" in page
    row = case.disputes.get()
    address = at("dispute-answered", case, row.pk)
    assert clerk.post(address, {"on": ""}).status_code == 422
    assert clerk.post(address, {"on": "2026-11-23"}).status_code == 422
    assert clerk.post(address, {"on": "2026-11-20"}).status_code == 302
    page = clerk.get(at("case", case)).content.decode()
    assert "2026-11-20提交了答复和证据" in page and "最晚11月25日" not in page
