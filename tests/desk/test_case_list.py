"""Requests at the desk, many: the list, its filters and way out, what 今日 says, a lost code."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.base.followers import catch_up
from gongkai.base.models import Event
from gongkai.cases import actions
from gongkai.cases.actions.letters import written_later
from gongkai.cases.life import State
from gongkai.cases.models import Case
from gongkai.cases.reads import ByUrgency
from gongkai.ledger.follow import LedgerFollower
from gongkai.ledger.models import Matter
from tests.desk import TODAY
from tests.desk.asked import NATURAL, SignedIn, at, county, make, who, with_payment


@pytest.fixture(autouse=True)
def _pay(county: None) -> None:
    with_payment()


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
    assert clerk.post(address, {"on": "十一月"}).status_code == 422
    assert clerk.post(address, {"on": "2026-11-23"}).status_code == 422
    assert clerk.post(address, {"on": "2026-11-20"}).status_code == 302
    page = clerk.get(at("case", case)).content.decode()
    assert "2026-11-20提交了答复和证据" in page and "最晚11月25日" not in page
