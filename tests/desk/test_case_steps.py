"""Steps of a request that wait for somebody else: the head who lets the period be longer, the letter that was served."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from gongkai.cases.actions.common import standing
from tests.desk import TODAY
from tests.desk.asked import SignedIn, at, do, make


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
    assert inner[0] == ("等对方意见", dt.date(2026, 12, 11), False) and "告知补正" not in dict(
        (n, d) for n, d, _ in inner
    )
    gone = clerk.get(at("step", case, "consultation_served"))
    assert gone.status_code == 422 and "没有还没登记送达的征求意见书" in gone.content.decode()
