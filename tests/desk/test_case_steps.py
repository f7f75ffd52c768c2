"""Steps of a request that wait for somebody else: the head who lets the period be longer, the letter that was served."""

from __future__ import annotations

import datetime as dt
import json

from django.urls import reverse

from gongkai.base.models import Event, File, Message
from gongkai.cases import actions, letters
from gongkai.cases.actions.common import office_thing, standing
from gongkai.cases.actions.letters import document
from gongkai.cases.models import Letter, Series, Step
from gongkai.cases.reads import by_identity
from gongkai.cases.waits import waiting_for
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import may
from tests.desk import TODAY
from tests.desk.asked import NATURAL, SignedIn, at, do, make, who, with_payment


def test_the_head_is_asked_for_a_longer_period(signed_in: SignedIn) -> None:
    """第三十三条第二款: asked by the clerk, on the head's 今日, with days and reason; declined, asked again, approved."""
    case = make()
    clerk, head = signed_in("shen.yihe"), signed_in("luo.jing")
    assert do(clerk, case, "ask_extension", days="21", why="要查老档案").status_code == 422
    assert do(clerk, case, "ask_extension", days="10", why=" ").status_code == 422
    assert do(clerk, case, "ask_extension", days="10", why="要查老档案").status_code == 302
    again = do(clerk, case, "ask_extension", days="10", why="要查老档案")
    assert again.status_code == 422 and "等负责人批准" in again.content.decode()
    assert do(clerk, case, "approve_extension", days="10", why="要查老档案").status_code == 422
    told = head.get(reverse("desk:today"))
    (line,) = told.context["case_today"]["waiting"]
    assert line["what"] == "批准延期" and line["url"] == at("step", case, "approve_extension")
    assert "去批准" in told.content.decode()
    assert [x["case"].pk for x in head.get(reverse("desk:cases"), {"mine": "1"}).context["lines"]] == [case.pk]
    form = head.get(line["url"]).content.decode()
    assert 'value="10"' in form and "要查老档案" in form
    assert do(head, case, "decline_extension", why="").status_code == 422
    assert do(head, case, "decline_extension", why="档案已经数字化").status_code == 302
    assert "档案已经数字化" in clerk.get(at("case", case)).content.decode()
    today = head.get(reverse("desk:today")).context["case_today"]
    assert not today or not today["waiting"]
    assert do(clerk, case, "ask_extension", days="5", why="涉及三个科室").status_code == 302
    assert do(head, case, "approve_extension", days="5", why="涉及三个科室").status_code == 302
    # Received on Monday 2026-11-16: 20 working days end on 2026-12-14, five more on 2026-12-21.
    case.refresh_from_db()
    assert case.due_on == dt.date(2026, 12, 14)
    assert do(clerk, case, "notify_extension").status_code == 302
    case.refresh_from_db()
    assert case.due_on == dt.date(2026, 12, 21)


def test_the_fifteen_days_run_from_the_day_a_letter_was_served(signed_in: SignedIn) -> None:
    """第三十二条: 自收到征求意见书之日起15个工作日. Asked on a Sunday: 23-27 (5), 30 (6), December 1-4 (10), 7-11 (15)."""
    case, clerk = make(), signed_in("shen.yihe")
    # Received on 2026-11-16: seven working days end on 11-25 (第三十条).
    assert ("告知补正", dt.date(2026, 11, 25), False) in clerk.get(at("case", case)).context["clock"]["inner"]
    asked = do(clerk, case, "ask_third_party", party="青禾建材公司", information="合同")
    assert asked.status_code == 302
    consultation = standing(case).consultations[0]
    assert consultation.asked == TODAY and consultation.lapses() == dt.date(2026, 12, 11)
    form = clerk.get(at("step", case, "consultation_served")).content.decode()
    assert "青禾建材公司（2026-11-22发出）" in form and 'value="0" checked' in form
    for served in ("", "2026-11-21", "2026-11-23"):
        assert do(clerk, case, "consultation_served", of="0", served=served).status_code == 422
    assert do(clerk, case, "consultation_served", of="1", served="2026-11-22").status_code == 422
    assert do(clerk, case, "consultation_served", of="0", served="2026-11-22").status_code == 302
    page = clerk.get(at("case", case)).content.decode()
    assert "征求意见书送达" in page and "第1份征求意见书" in page
    inner = clerk.get(at("case", case)).context["clock"]["inner"]
    assert inner[0] == ("等对方意见", dt.date(2026, 12, 11), False) and "告知补正" not in [n for n, _, _ in inner]
    gone = clerk.get(at("step", case, "consultation_served"))
    assert gone.status_code == 422 and "没有等着登记送达的征求意见书" in gone.content.decode()


def test_the_letter_is_seen_before_it_is_sent(signed_in: SignedIn) -> None:
    """先看文书 shows what the step would write, in full, and leaves nothing: no step, number, letter, message or event."""
    case, clerk = make(), signed_in("shen.yihe")

    def counts() -> list[int]:
        kinds = (Step, Letter, Event, Message, Series, File)
        return [*(m.objects.count() for m in kinds), sum(Series.objects.values_list("last", flat=True))]

    typed = {"points": "请写明是哪一年\n请写明是哪条路", "reply_by": "2026-12-11"}
    before = counts()
    looked = do(clerk, case, "ask_correction", do="look", **typed)
    page = looked.content.decode()
    assert looked.status_code == 200 and counts() == before
    assert "贺知远" in page and "请写明是哪条路" in page and "（发出时编号）" in page and "2026年12月11日" in page
    assert 'value="2026-12-11"' in page and "请写明是哪一年\n请写明是哪条路</textarea>" in page
    refused = do(clerk, case, "ask_correction", do="look", points="", reply_by="2026-12-11")
    assert refused.status_code == 422 and counts() == before
    assert do(clerk, case, "ask_correction", do="take", **typed).status_code == 302
    sent = letters.plain_text(document(Letter.objects.get(case=case, code="correction"))).split("\n")
    shown = [text for _, lines in looked.context["shown"] for text in lines]
    number = Letter.objects.get(case=case, code="correction").number
    assert [t.replace("（发出时编号）", number) for t in shown] == [t for t in sent if t.strip()]


def test_a_letter_of_the_head_does_not_show_who_asks(signed_in: SignedIn) -> None:
    """The head sets a date and sees its letter; who asks is known to the office's clerk and to who signs."""
    case, clerk = make(), signed_in("shen.yihe")
    assert do(clerk, case, "ask_reasons", points="一月五十件", reply_by="2026-12-04").status_code == 302
    assert do(clerk, case, "reasons_given", text="研究").status_code == 302
    seen = do(signed_in("luo.jing"), case, "set_date", do="look", date="2027-01-29", why="数量多").content.decode()
    assert "贺**" in seen and "贺知远" not in seen and "2027年1月29日" in seen


def test_the_fee_of_the_month_and_its_letter_stand_beside_the_fee(signed_in: SignedIn) -> None:
    """国办函〔2020〕109号: the eleventh to thirtieth piece of a month cost 100 each; the twelfth makes 200 of the month."""
    with_payment()
    cases = [make(title=f"第{n}件") for n in range(12)]
    clerk = signed_in("shen.yihe")
    assert 'name="count" value="1"' in clerk.get(at("step", cases[-1], "fee_notice")).content.decode()
    page = do(clerk, cases[-1], "fee_notice", basis="pieces", count="1").content.decode()
    assert (
        "算出来：100元" in page and "这个月共12件，按件累计应收200元" in page and "第11至12件，2件×100元＝200元" in page
    )
    assert "会写成这样的文书" in page and "到县政务服务中心缴费窗口缴纳" in page
    assert not Letter.objects.filter(case=cases[-1], code="fee").exists()


def test_a_slip_is_put_right_and_what_stood_there_is_kept_under_seal(signed_in: SignedIn) -> None:
    """更正登记: no period begins anew; who asks is shown to the clerk alone, and the log says that the form was opened."""
    case, clerk = make(), signed_in("shen.yihe")
    form = clerk.get(at("step", case, "correct_entry")).content.decode()
    assert 'value="贺知远"' in form and Event.objects.filter(verb="open_paper", reason="更正登记").count() == 1
    assert signed_in("luo.jing").get(at("step", case, "correct_entry")).status_code == 422
    now = {**NATURAL, "name": "何知远", "phone": "13900005678"}
    assert do(clerk, case, "correct_entry", **now, why="").status_code == 422
    assert do(clerk, case, "correct_entry", **NATURAL, why="打错").status_code == 422  # nothing changed
    wrong = do(clerk, case, "correct_entry", **{**now, "id_number": "110105194912310021"}, why="打错")
    assert wrong.status_code == 422 and 'value="何知远"' in wrong.content.decode()
    due = case.due_on
    assert do(clerk, case, "correct_entry", **now, why="登记时打错").status_code == 302
    case.refresh_from_db()
    assert json.loads(case.applicant)["name"] == "何知远" and case.due_on == due
    assert [x.pk for x in by_identity(who("shen.yihe"), NATURAL["id_number"])] == [case.pk]
    page = clerk.get(at("case", case)).content.decode()
    assert "更正登记" in page and "登记时打错" in page and "姓名或者单位名称、电话" in page
    assert "贺知远" not in page and "何知远" not in page  # masked for everybody
    step = case.steps.get(verb="correct_entry")
    assert json.loads(step.told)["was"] == {"name": "贺知远", "phone": "13800001234"}
    assert "贺知远" not in str(Event.objects.filter(verb="correct_entry").values_list("payload", flat=True))
    assert case.letters.filter(code="registration").count() == 2
    assert do(clerk, case, "split", items="甲\n乙").status_code == 302  # nobody has worked on it


def test_once_signed_only_the_ways_to_reach_may_change(signed_in: SignedIn) -> None:
    case, clerk, act = make(), signed_in("shen.yihe"), {"actor": who("shen.yihe"), "on": TODAY}
    actions.draft_answer(case.pk, "not_exist", {"search": "查过", "reason": "没有制作"}, **act)
    actions.check_answer(case.pk, actor=who("fan.siyuan"), on=TODAY)
    actions.sign_answer(case.pk, actor=who("he.jinsong"), on=TODAY)
    refused = do(clerk, case, "correct_entry", **{**NATURAL, "name": "何知远"}, why="打错")
    assert refused.status_code == 422 and "只能更正联系方式" in refused.content.decode()
    assert do(clerk, case, "correct_entry", **{**NATURAL, "address": "别处"}, why="搬家").status_code == 302


def test_a_draft_is_taken_back_before_it_is_signed(signed_in: SignedIn) -> None:
    case, clerk, act = make(), signed_in("shen.yihe"), {"actor": who("shen.yihe"), "on": TODAY}
    assert clerk.post(at("recall", case)).status_code == 422
    actions.draft_answer(case.pk, "not_exist", {"search": "查过", "reason": "没有制作"}, **act)
    assert "撤回修改" in clerk.get(at("review", case)).content.decode()
    assert "撤回修改" not in signed_in("fan.siyuan").get(at("review", case)).content.decode()
    assert clerk.post(at("recall", case)).headers["Location"] == at("answer", case)
    assert "查过" in clerk.get(at("answer", case)).content.decode()
    assert "撤回修改" in clerk.get(at("case", case)).content.decode()
    assert signed_in("fan.siyuan").post(at("review", case), {"do": "pass", "stage": "check"}).status_code != 200


def test_another_unit_is_asked_for_help_and_the_period_goes_on(signed_in: SignedIn) -> None:
    """协办函 (第十一条); unlike an opinion, its time is not taken out (第三十三条第三款)."""
    case, clerk = make(), signed_in("shen.yihe")
    typed = {
        "party": "县交通运输局",
        "information": "养护合同",
        "points": "查有没有2025年的\n",
        "reply_by": "2026-11-27",
    }
    assert do(clerk, case, "ask_assist", **{**typed, "reply_by": "2026-11-22"}).status_code == 422
    assert do(clerk, case, "ask_assist", **typed).status_code == 302
    text = letters.plain_text(document(Letter.objects.get(case=case, code="assist")))
    assert "县交通运输局" in text and "查有没有2025年的" in text and "2026年11月27日" in text and "贺知远" not in text
    due = case.due_on
    case.refresh_from_db()
    assert case.due_on == due and case.consulting == 0


def test_a_correction_of_ones_record_is_sent_on_with_a_letter(signed_in: SignedIn) -> None:
    """第四十一条: 转送有权机关, with the letter to it beside the one to the applicant."""
    case, clerk = make(purpose="amend"), signed_in("shen.yihe")
    assert "转送给哪个机关" in clerk.get(at("answer", case) + "?outcome=amend_elsewhere").content.decode()
    typed = {"outcome": "amend_elsewhere", "t-reason": "由登记机构保存", "t-party": "县自然资源局", "do": "submit"}
    assert clerk.post(at("answer", case), typed).status_code == 302
    actions.check_answer(case.pk, actor=who("fan.siyuan"), on=TODAY)
    actions.sign_answer(case.pk, actor=who("he.jinsong"), on=TODAY)
    text = letters.plain_text(document(Letter.objects.get(case=case, code="amend_transfer")))
    assert "县自然资源局" in text and "由登记机构保存" in text and "贺知远" in text


def test_requests_on_public_health_are_marked(signed_in: SignedIn) -> None:
    """R3: more is given than the Regulation alone asks; a ground that only may be used is pointed at, to all three."""
    case, clerk = make(title="某村传染病疫情的处置情况"), signed_in("shen.yihe")
    assert "最大限度提供" in clerk.get(at("tree", case)).content.decode()
    page = clerk.get(at("answer", case) + "?outcome=refused&ground=internal").content.decode()
    assert "不是法律禁止公开" in page
    assert "不是法律禁止公开" not in clerk.get(at("answer", case) + "?outcome=refused&ground=safety").content.decode()
    other = make(title="道路养护")
    assert "最大限度提供" not in clerk.get(at("tree", other)).content.decode()


def test_after_a_signature_the_next_one_is_offered(signed_in: SignedIn) -> None:
    first, second, act = make(), make(title="另一件"), {"actor": who("shen.yihe"), "on": TODAY}
    for case in (first, second):
        actions.draft_answer(case.pk, "not_exist", {"search": "查过", "reason": "没有制作"}, **act)
    legal = signed_in("fan.siyuan")
    there = legal.post(at("review", first), {"do": "pass", "stage": "check"}).headers["Location"]
    page = legal.get(there).content.decode()
    assert "还有1件等您" in page and at("review", second) in page
    assert "件等您" not in legal.get(at("case", first)).content.decode()
    there = legal.post(at("review", second), {"do": "pass", "stage": "check"}).headers["Location"]
    assert "件等您" not in legal.get(there).content.decode()


def test_a_longer_period_waits_for_exactly_those_who_may_approve_it(signed_in: SignedIn) -> None:
    """第三十三条第二款: the list of what waits and the table of rights say the same of everybody in the county."""
    case = make()
    actions.ask_extension(case.pk, 5, "要查老档案", actor=who("shen.yihe"), on=TODAY)
    told = {True: 0, False: 0}
    for person in Person.objects.filter(is_active=True):
        viewer = viewer_of(person, TODAY)
        may_approve = bool(viewer.held) and may(viewer, "case.extend", office_thing(case, viewer))
        assert any(w.what == "批准延期" for w in waiting_for(viewer)) == may_approve, person.username
        told[may_approve] += 1
    assert told[True] >= 2 and told[False] >= 20
