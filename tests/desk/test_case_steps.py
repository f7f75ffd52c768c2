"""Steps of a request that wait for somebody else: the head who lets the period be longer, the letter that was served."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from gongkai.base.models import Event, File, Message
from gongkai.cases import letters
from gongkai.cases.actions.common import standing
from gongkai.cases.actions.letters import document
from gongkai.cases.models import Letter, Series, Step
from tests.desk import TODAY
from tests.desk.asked import SignedIn, at, do, make, with_payment


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
    assert gone.status_code == 422 and "没有还没登记送达的征求意见书" in gone.content.decode()


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
