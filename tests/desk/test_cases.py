"""Requests at the desk: the page, every step's form, the answer from draft to delivery."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from gongkai.base.models import Event
from gongkai.cases import actions, letters
from gongkai.cases.life import VERBS, State
from gongkai.cases.models import Answer, Case, Letter, Precedent, Question, Setup
from gongkai.desk.case_tree import QUESTIONS, question_of, walk
from gongkai.law.outcomes import grounds, must, outcomes
from gongkai.orgs.models import Person
from tests.desk import TODAY
from tests.desk.asked import NATURAL, SignedIn, at, county, do, make, who, with_payment


@pytest.fixture(autouse=True)
def _pay(county: None) -> None:
    with_payment()


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
