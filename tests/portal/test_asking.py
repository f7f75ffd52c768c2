"""我要申请 and 查进度: what is asked, what is told, and what nobody learns. By the pages, as forms without scripts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from gongkai.base.clock import on_day
from gongkai.base.models import Event, Message
from gongkai.cases import actions
from gongkai.cases.models import Case, Opening, Setup
from gongkai.law.outcomes import grounds, must
from gongkai.orgs.models import Organisation, Person, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.portal import ask_found, ask_limits
from gongkai.portal.models import Attempt
from gongkai.search import reads as searching
from gongkai.search.follow import rebuild
from tests.portal import FOUNDED, County
from tests.portal.hidden import build

DAY = dt.date(2026, 3, 2)
MONDAY = dt.date(2026, 3, 9)
NAME, NUMBER, PHONE = "苏晓梅", "110101199003078515", "13800000017"
PERSON = {"name": NAME, "id_kind": "居民身份证", "id_number": NUMBER, "phone": PHONE}
WORDS = "想看民政局去年发放临时救助的标准和审批流程"


@pytest.fixture(autouse=True)
def _indexed(county: County) -> Iterator[None]:
    rebuild()
    yield
    searching.engine().rebuild([])
    searching._spelling.cache_clear()


@pytest.fixture
def people(county: County) -> dict[str, int]:
    """Who handles requests at 民政局: somebody for each post."""
    civil = Organisation.objects.get(pk=county.orgs["civil"])
    out = {}
    for key, role in (("who", Role.CLERK), ("boss", Role.REVIEWER), ("law", Role.LEGAL), ("pen", Role.SIGNER)):
        person = Person.objects.create(username=f"ask-{key}", name=f"{key}甲")
        Post.objects.create(person=person, organisation=civil, role=role, since=FOUNDED)
        out[key] = person.pk
    Setup.objects.create(
        body=civil, phone="0799-5550101", pay_how="到民政局一楼窗口缴纳", online_channel="https://fy.example.cn/"
    )
    return out


def who(people: dict[str, int], key: str, day: dt.date) -> Viewer:
    return viewer_of(Person.objects.get(pk=people[key]), day)


def fill(client: Client, county: County, **more: Any) -> None:
    """Everything up to the reading back."""
    said = {"way": "网上获取", "form": "网上查看", "applicant_kind": "natural", **PERSON, **more}
    start = "/ask/amend/" if more.get("purpose") == "amend" else "/ask/"
    assert client.post(start, {"words": more.get("words", WORDS)}).status_code == 302
    assert client.post("/ask/body/", {"body": str(county.orgs[more.get("body", "civil")])}).status_code == 302
    for name in ("what", "how", "who", "contact"):
        if name == "what":
            asked = {k: said.get(k, "") for k in ("title", "document_number")} | {"asked": said.get("asked", WORDS)}
            answer = client.post("/ask/what/", asked)
        else:
            answer = client.post(f"/ask/{name}/", said)
        assert answer.status_code == 302, (name, answer.content.decode())


def send(client: Client) -> Any:
    draft = re.search(r'name="draft" value="([^"]+)"', client.get("/ask/check/").content.decode())
    assert draft is not None
    return client.post("/ask/check/", {"draft": draft[1]})


def asked(client: Client, county: County, **more: Any) -> Case:
    fill(client, county, **more)
    assert send(client)["Location"] == "/ask/done/"
    return Case.objects.latest("pk")


def opened(code: str) -> Client:
    """A browser at which a code was typed."""
    client = Client()
    assert client.post("/ask/progress/", {"code": code})["Location"] == "/ask/progress/case/"
    return client


def told(client: Client) -> str:
    return str(client.get("/ask/progress/case/").content.decode())


# -- asking


def test_from_words_to_code(client: Client, county: County) -> None:
    """Given a question in one's own words, when all seven screens are answered, then there is one case and its code."""
    assert "想了解什么" in client.get("/ask/").content.decode()
    assert client.post("/ask/", {"words": WORDS})["Location"] == "/ask/found/"
    page = client.get("/ask/found/").content.decode()
    assert "临溪县临时<mark>" in page or "临时救助" in page
    assert "这就是我要的" in page and "没有找到，继续申请" in page
    assert client.post("/ask/found/")["Location"] == "/ask/body/"
    page = client.get("/ask/body/").content.decode()
    assert page.index("临溪县民政局") < page.index("临溪县财政局")  # named in the words, so first
    fill(client, county)
    page = client.get("/ask/check/").content.decode()
    for said in ("临溪县民政局", WORDS, NAME, NUMBER, PHONE, "网上获取", "自然人"):
        assert said in page
    assert page.count(">改<") == 5
    assert send(client)["Location"] == "/ask/done/"
    case = Case.objects.get()
    page = client.get("/ask/done/").content.decode()
    assert "-".join(re.findall("....", case.code)) in page and "<svg" in page
    assert "2026-03-30" in page  # twenty working days from the 2nd of March
    assert case.channel == "internet" and case.state == "submitted" and case.title == WORDS
    assert case.body_id == county.orgs["civil"] and case.received_on is None


def test_this_is_what_i_wanted(client: Client, county: County) -> None:
    """The record that answers ends the request before anybody said their name."""
    client.post("/ask/", {"words": "临时救助"})
    pk = county.records["normative"]
    assert client.post("/ask/found/", {"take": str(pk)})["Location"] == f"/p/{pk}.html"
    assert client.get("/ask/body/")["Location"] == "/ask/?late=1"
    assert not Case.objects.exists()


def test_what_others_asked_for_comes_first(client: Client, county: County, people: dict[str, int]) -> None:
    case = asked(client, county, title="临时救助标准", asked=f"{NAME}想知道")
    opening = Opening.objects.create(
        body=case.body, title=f"{NAME}的临时救助", words="临时 救助 标准", proposed_on=DAY, accepted=True,
        decided_on=DAY, record=county.get("normative"),
    )  # fmt: skip
    client.post("/ask/", {"words": "临时救助标准是多少"})
    page = client.get("/ask/found/").content.decode()
    assert "别人申请过、后来公开了的" in page and NAME not in page
    Opening.objects.filter(pk=opening.pk).update(accepted=False)
    assert "别人申请过" not in client.get("/ask/found/").content.decode()


def test_of_few_applicants_nothing_is_told(county: County) -> None:
    """Whoever types a neighbour's name learns nothing: not by one case, and not by a word that one applicant used."""

    def ended(title: str, mark: str) -> None:
        serial = Case.objects.count() + 1
        Case.objects.create(
            body_id=county.orgs["civil"], year=2026, serial=serial, code=f"C{serial}", code_mark=f"m{serial}",
            applicant_kind="natural", applicant_mark=mark, title=title, asked=title, channel="internet", state="closed",
            submitted_on=DAY, delivered_on=DAY, ended_on=DAY, outcome="disclosed",
        )  # fmt: skip

    ended("李桂花的低保审批表", "a")
    ended("李桂花的低保审批表", "a")
    assert ask_found._answered("李桂花 低保 审批表") == []
    for mark in "bcd":
        ended("低保审批表", mark)
    assert ask_found._answered("低保审批表") == [("予以公开", 5)]
    with_name, without = ask_found._answered("低保审批表李桂花"), ask_found._answered("低保审批表王大柱")
    assert with_name == without
    assert ask_found._answered("李桂花") == []


def test_hidden_records_show_at_no_screen(client: Client, county: County) -> None:
    world = build(county)
    rebuild()
    for sort, pk in world.hidden.items():
        record = world.record(sort)
        if pk in world.public:
            continue
        client.post("/ask/", {"words": record.title})
        assert f"/p/{pk}.html" not in client.get("/ask/found/").content.decode(), sort
        if record.standing != "published" or record.audience != "public":
            assert client.post("/ask/found/", {"take": str(pk)})["Location"] == "/ask/body/"


def test_a_refusal_keeps_what_was_typed(client: Client, county: County) -> None:
    """Given a wrong number, when the form is sent, then 422 says the rule and all that was typed stands there."""
    client.post("/ask/", {"words": WORDS})
    client.post("/ask/body/", {"body": str(county.orgs["civil"])})
    client.post("/ask/what/", {"asked": WORDS})
    answer = client.post("/ask/how/", {"form": "纸质", "help": ["视力障碍"]})
    page = answer.content.decode()
    assert answer.status_code == 422 and "请选怎样获取（第二十九条）" in page
    assert page.count(" checked>") == 1 + 2  # 纸质, 视力障碍, and the size of the letters
    client.post("/ask/how/", {"form": "纸质", "way": "邮寄", "help": ["视力障碍", "阅读有困难"]})
    client.post("/ask/who/", {"applicant_kind": "natural"})
    answer = client.post("/ask/contact/", {**PERSON, "id_number": "110101199003078516"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "身份证号码不对" in page and "选了邮寄，请填写收件地址" in page
    assert f'value="{NAME}"' in page and "110101199003078516" in page and 'href="#f-id_number"' in page
    client.post("/ask/contact/", {**PERSON, "address": "临溪县东门路1号"})
    send(client)
    assert Case.objects.get().help == "视力障碍、阅读有困难"
    client.post("/ask/", {"words": "字" * 3001})
    assert client.post("/ask/", {"words": "字" * 3001}).status_code == 422


@pytest.mark.parametrize("kind", ["business", "research", "charity", "legal_service", "other"])
def test_an_organisation_says_its_code_and_whom_to_talk_to(client: Client, county: County, kind: str) -> None:
    more = {"name": "临溪某某服务部", "id_number": "91350100M000100Y43", "person": "周可", "applicant_kind": kind}
    case = asked(client, county, **more)
    assert case.applicant_kind == kind and "91350100M000100Y43" in case.applicant


def test_the_purpose_is_never_asked(client: Client, county: County) -> None:
    fill(client, county)
    for name in ("what", "how", "who", "contact"):
        page = client.get(f"/ask/{name}/").content.decode()
        labels = re.findall(r"<(?:label|legend)[^>]*>(.*?)</(?:label|legend)>", page)
        assert not [one for one in labels if "用途" in one or "为什么" in one or "目的" in one]


def test_no_screen_is_skipped(client: Client, county: County) -> None:
    client.post("/ask/", {"words": WORDS})
    for name in ("what", "how", "who", "contact", "check"):
        assert client.get(f"/ask/{name}/")["Location"] == "/ask/body/"
    assert client.post("/ask/body/", {"body": "999999"}).status_code == 422
    assert client.post("/ask/body/", {"body": str(county.orgs["relief"])}).status_code == 422  # a section is no organ


def test_a_changed_line_leads_back_to_the_reading(client: Client, county: County) -> None:
    fill(client, county)
    client.get("/ask/check/")
    assert client.post("/ask/how/", {"form": "纸质", "way": "自行领取"})["Location"] == "/ask/check/"
    assert client.post("/ask/who/", {"applicant_kind": "charity"})["Location"] == "/ask/contact/"


def test_sent_twice_is_one_case(client: Client, county: County) -> None:
    fill(client, county)
    draft = re.search(r'name="draft" value="([^"]+)"', client.get("/ask/check/").content.decode())
    assert draft is not None
    for _ in range(3):
        assert client.post("/ask/check/", {"draft": draft[1]})["Location"] == "/ask/done/"
    assert Case.objects.count() == 1
    fill(client, county, asked="另一件事，救灾物资")
    assert client.post("/ask/check/", {"draft": draft[1]})["Location"] == "/ask/done/"  # the old page, pressed again
    assert Case.objects.count() == 1
    send(client)
    assert Case.objects.count() == 2


def test_to_correct_a_record_about_oneself(client: Client, county: County) -> None:
    """第四十一条: another entry, the same path, no period."""
    client.post("/ask/amend/", {"words": "社保缴费少记了一年"})
    client.post("/ask/body/", {"body": str(county.orgs["civil"])})
    answer = client.post("/ask/what/", {"asked": ""})
    assert answer.status_code == 422 and "要更正哪一份记录" in answer.content.decode()
    case = asked(
        client, county, purpose="amend", words="社保缴费少记了一年", title="缴费记录", asked="2024年应为12个月"
    )
    assert case.purpose == "amend"
    page = client.get("/ask/done/").content.decode()
    assert "没有法定的答复期限" in page and "20个工作日" not in page


def test_what_is_kept_on_the_way_is_sealed(client: Client, county: County) -> None:
    fill(client, county)
    held = "".join(str(s.get_decoded()) for s in Session.objects.all())
    assert held and not [t for t in (NAME, NUMBER, PHONE, "临时救助") if t in held]
    client.post("/ask/leave/")
    assert client.get("/ask/check/")["Location"] == "/ask/?late=1"


def test_a_draft_is_gone_after_two_hours(client: Client, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(client, county)
    monkeypatch.setattr("time.time", lambda: timezone.now().timestamp() + 7300)
    assert client.get("/ask/check/")["Location"] == "/ask/?late=1"
    assert "已经清除" in client.get("/ask/?late=1").content.decode()


def test_so_many_a_day_from_one_address(client: Client, county: County) -> None:
    for number in range(10):
        asked(client, county, asked=f"第{number}件事")
    fill(client, county, asked="第十一件事")
    answer = send(client)
    assert (
        answer.status_code == 429
        and "第十一件事" in answer.content.decode()
        and "邮寄或者当面" in answer.content.decode()
    )
    assert Case.objects.count() == 10
    assert not [a for a in Attempt.objects.all() if "127.0.0.1" in a.mark]
    Attempt.objects.update(at=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert send(client).status_code == 302


# -- progress


def test_a_stranger_with_a_wrong_code_learns_nothing(client: Client, county: County) -> None:
    """One that is wrong by a letter, one never given, none at all: the same words; then 429 for an hour."""
    case = asked(client, county)
    wrong = ("A" if case.code[0] != "A" else "B") + case.code[1:]
    stranger, seen = Client(), set()
    for code in (wrong, "ZZZZZZZZZZZZ", "x", "", "1' or 1=1 --", "字" * 70):
        answer = stranger.post("/ask/progress/", {"code": code})
        assert answer.status_code == 422
        text = re.sub(r'value="[^"]*"', "", answer.content.decode())
        seen.add(text)
        assert case.number not in text and case.title not in text
    assert len(seen) == 1
    for _ in range(4):
        stranger.post("/ask/progress/", {"code": wrong})
    for code in (wrong, case.code):
        answer = stranger.post("/ask/progress/", {"code": code})
        assert answer.status_code == 429 and "一小时后再试" in answer.content.decode()
    assert Attempt.objects.filter(what="code").count() == ask_limits.LIMITS["code"][0]
    Attempt.objects.filter(what="code").update(at=timezone.now() - dt.timedelta(minutes=61))
    assert stranger.post("/ask/progress/", {"code": case.code.lower()}).status_code == 302


def test_right_codes_are_not_counted(client: Client, county: County) -> None:
    case = asked(client, county)
    for _ in range(12):
        opened(case.code)


def test_without_the_code_there_is_nothing(client: Client, county: County) -> None:
    case = asked(client, county)
    letter = case.letters.earliest("pk")
    stranger = Client()
    for at in ("case/", "withdraw/"):
        assert stranger.get(f"/ask/progress/{at}")["Location"] == "/ask/progress/"
    for at in (f"letter/{letter.pk}.docx", f"letter/{letter.pk}.pdf", "paper/1/", "letter/999.docx"):
        assert stranger.get(f"/ask/progress/{at}").status_code == 404
    for at in ("correct", "reasons", "suggest", "withdraw", "follow"):
        assert stranger.post(f"/ask/progress/{at}/", {"sure": "1", "text": "x"})["Location"] == "/ask/progress/"
    mine = opened(case.code)
    assert mine.get(f"/ask/progress/letter/{letter.pk}.docx").status_code == 404  # the register stays inside
    case.refresh_from_db()
    assert case.state == "submitted"


def test_pages_are_kept_by_nobody(client: Client, county: County) -> None:
    case = asked(client, county)
    mine = opened(case.code)
    for held, at in ((client, "/ask/done/"), (mine, "/ask/progress/case/"), (mine, "/ask/progress/"), (mine, "/ask/")):
        answer = held.get(at)
        assert answer["Cache-Control"] == "private, no-store" and "noindex" in answer["X-Robots-Tag"]
        assert 'name="robots" content="noindex' in answer.content.decode()
    page = told(mine)
    assert NAME not in page and NUMBER not in page and PHONE not in page and case.code not in page
    assert "苏**" in page
    mine.post("/ask/leave/")
    assert mine.get("/ask/progress/case/").status_code == 302


def test_the_five_steps_of_a_disclosure(client: Client, county: County, people: dict[str, int]) -> None:
    """Given a request, when it is confirmed, a third party asked, decided, delivered, then each step shows with its day,
    the outcome only once it went out, and letters and papers can be fetched."""
    case = asked(client, county)
    mine = opened(case.code)
    assert "等临溪县民政局与您确认收到" in told(mine) and "正在进行" in told(mine)
    actions.confirm(case.pk, actor=who(people, "who", DAY), on=DAY)
    page = told(mine)
    assert "2026-03-30（周一）之前答复" in page and "为什么是2026-03-30这一天" in page and "登记回执" in page
    with on_day(MONDAY):
        actions.ask_third_party(case.pk, "某某企业", "合同", actor=who(people, "who", MONDAY), on=MONDAY, served=MONDAY)
        page = told(mine)
        assert "不计入答复期限" in page and "某某企业" not in page and "征求意见告知书" in page
    later = dt.date(2026, 3, 12)
    with on_day(later):
        actions.third_party_replied(case.pk, True, actor=who(people, "who", later), on=later)
        paper = actions.attach(
            case.pk, "supplied", "标准.txt", "每人每月".encode(), actor=who(people, "who", later), on=later
        )
        actions.draft_answer(
            case.pk, "disclosed", dict.fromkeys(must("disclosed"), "随文提供"), actor=who(people, "who", later), on=later
        )  # fmt: skip
        actions.check_answer(case.pk, actor=who(people, "law", later), on=later)
        actions.sign_answer(case.pk, actor=who(people, "pen", later), on=later)
        page = told(mine)
        answer = case.letters.filter(code="disclosed").get()
        assert "正在送达" in page and "予以公开" not in page and "行政复议" not in page
        assert mine.get(f"/ask/progress/letter/{answer.pk}.docx").status_code == 404
        assert mine.get(f"/ask/progress/paper/{paper.pk}/").status_code == 404
        actions.deliver(case.pk, "internet", actor=who(people, "who", later), on=later)
        page = told(mine)
        assert "已经答复：予以公开" in page and "6个月内" in page and "https://fy.example.cn/" in page
        for name in ("who甲", "law甲", "pen甲"):
            assert name not in page
        got = mine.get(f"/ask/progress/letter/{answer.pk}.docx")
        assert (
            got.content[:2] == b"PK"
            and "attachment" in got["Content-Disposition"]
            and got["Cache-Control"] == "private, no-store"
        )
        got = mine.get(f"/ask/progress/paper/{paper.pk}/")
        assert got.content.decode() == "每人每月"
        inside = {
            row.pk
            for row in case.letters.exclude(code__in=("receipt", "third_party_applicant", "disclosed", "service"))
        }
        for pk in inside:
            assert mine.get(f"/ask/progress/letter/{pk}.docx").status_code == 404
        other = asked(Client(), county)
        assert opened(other.code).get(f"/ask/progress/letter/{answer.pk}.docx").status_code == 404


def test_a_refusal_leads_to_reconsideration_first(client: Client, county: County, people: dict[str, int]) -> None:
    case = asked(client, county)
    actions.confirm(case.pk, actor=who(people, "who", DAY), on=DAY)
    texts = dict.fromkeys(must("refused", "internal"), "说明")
    actions.draft_answer(
        case.pk,
        "refused",
        texts,
        ground="internal",
        category=grounds()["internal"].categories[0],
        separable=False,
        actor=who(people, "who", DAY),
        on=DAY,
    )
    actions.check_answer(case.pk, actor=who(people, "law", DAY), on=DAY)
    actions.sign_answer(case.pk, actor=who(people, "pen", DAY), on=DAY)
    actions.deliver(case.pk, "internet", actor=who(people, "who", DAY), on=DAY)
    page = told(opened(case.code))
    assert "先" in page and "临溪县人民政府" in page and "要先申请行政复议" in page and "直接起诉" not in page


def test_an_extension_counts_once_it_was_told(client: Client, county: County, people: dict[str, int]) -> None:
    case = asked(client, county)
    actions.confirm(case.pk, actor=who(people, "who", DAY), on=DAY)
    actions.approve_extension(case.pk, 10, "内部的理由", actor=who(people, "boss", DAY), on=DAY)
    mine = opened(case.code)
    page = told(mine)
    assert "2026-03-30（周一）之前答复" in page and "延长期限" not in page and "内部的理由" not in page
    actions.notify_extension(case.pk, actor=who(people, "who", DAY), on=DAY)
    page = told(mine)
    assert "告知延期10个工作日" in page and "2026-03-30（周一）之前答复" not in page


def test_correction_from_the_page(client: Client, county: County, people: dict[str, int]) -> None:
    """Given 补正告知, when the applicant writes it here, then the period begins anew and what was asked stays."""
    case = asked(client, county)
    actions.confirm(case.pk, actor=who(people, "who", DAY), on=DAY)
    actions.ask_correction(case.pk, ["请写明年度"], dt.date(2026, 3, 20), actor=who(people, "who", DAY), on=DAY)
    mine = opened(case.code)
    page = told(mine)
    assert "请写明年度" in page and "请在2026-03-20之前提交" in page
    answer = mine.post("/ask/progress/correct/", {"text": "  "})
    assert answer.status_code == 422 and "请写明补正的内容" in answer.content.decode()
    with on_day(MONDAY):
        assert mine.post("/ask/progress/correct/", {"text": "2025年度"}).status_code == 302
        page = told(mine)
    case.refresh_from_db()
    assert case.state == "open" and WORDS in case.asked and "2025年度" in case.asked
    assert "重新计算" in page and "2026-04-07" in page
    event = Event.objects.filter(subject="case", verb="correction_received").latest("seq")
    assert event.name == "申请人" and "2025年度" not in event.payload
    answer = mine.post("/ask/progress/correct/", {"text": "再补一次"})
    assert answer.status_code == 422


def test_what_was_told_stands_on_the_page(client: Client, county: County, people: dict[str, int]) -> None:
    """In the order in which it was told; with an address it waits for e-mail too, without any it is read here alone."""
    case = asked(client, county)
    actor = who(people, "who", DAY)
    actions.confirm(case.pk, actor=actor, on=DAY)
    actions.ask_correction(case.pk, ["哪一年"], DAY + dt.timedelta(20), actor=actor, on=DAY)
    first, second = Message.objects.filter(addressee=f"case:{case.pk}").order_by("id")
    assert "双方确认" in first.text and "需要补正" in second.text
    notices = told(opened(case.code)).partition("发给您的通知（2）")[2].partition("</details>")[0]
    assert 0 < notices.index("申请已经双方确认") < notices.index(f"请在{DAY + dt.timedelta(20)}之前补正")
    other = asked(client, county)
    assert "发给您的通知" not in told(opened(other.code))


def test_without_mail_and_telephone_the_page_is_the_way(client: Client, county: County, people: dict[str, int]) -> None:
    case = asked(client, county, phone="", email="", address="云泽县河滨路3号", way="邮寄")
    actions.confirm(case.pk, actor=who(people, "who", DAY), on=DAY)
    assert Message.objects.get(addressee=f"case:{case.pk}").channel == "site"
    assert "发给您的通知（1）" in told(opened(case.code))


def test_withdrawing_asks_once_more(client: Client, county: County) -> None:
    case = asked(client, county)
    mine = opened(case.code)
    assert mine.post("/ask/progress/withdraw/", {}).status_code == 422
    assert mine.post("/ask/progress/withdraw/", {"sure": "1"}).status_code == 302
    page = told(mine)
    assert "您已经撤回申请" in page and "建议主动公开" not in page
    assert mine.get("/ask/progress/withdraw/")["Location"] == "/ask/progress/case/"


def test_the_fee_and_giving_up(client: Client, county: County, people: dict[str, int]) -> None:
    case = asked(client, county)
    clerk = who(people, "who", DAY)
    actions.confirm(case.pk, actor=clerk, on=DAY)
    actions.fee_notice(case.pk, "pages", 40, actor=clerk, on=DAY)
    mine = opened(case.code)
    page = told(mine)
    assert "40元" in page and "到民政局一楼窗口缴纳" in page and "未经核实" not in page
    late = dt.date(2026, 6, 1)
    with on_day(late):
        actions.fee_lapsed(case.pk, actor=who(people, "who", late), on=late)
        page = told(opened(case.code))
    assert "逾期没有缴费，视为放弃申请" in page


def test_late_is_said(client: Client, county: County, people: dict[str, int]) -> None:
    case = asked(client, county)
    actions.confirm(case.pk, actor=who(people, "who", DAY), on=DAY)
    with on_day(dt.date(2026, 4, 20)):
        page = told(opened(case.code))
    assert "已经超过答复期限" in page and "临溪县人民政府" in page and "第四十七条" in page


def test_sent_on_to_another_organ(client: Client, county: County, people: dict[str, int]) -> None:
    """The other organ gives another code: whoever holds the old one is told."""
    case = asked(client, county)
    new = actions.transfer(case.pk, county.orgs["finance"], actor=who(people, "who", DAY), on=DAY, why="归财政局")
    mine = opened(case.code)
    page = told(mine)
    assert "临溪县财政局" in page and "-".join(re.findall("....", new.code)) in page
    assert mine.post("/ask/progress/follow/", {"case": str(new.pk)}).status_code == 302
    assert "等临溪县财政局与您确认收到" in told(mine)
    other = asked(Client(), county)
    assert mine.post("/ask/progress/follow/", {"case": str(other.pk)}).status_code == 404


def test_suggesting_publication(client: Client, county: County) -> None:
    case = asked(client, county)
    mine = opened(case.code)
    assert "建议主动公开" in told(mine)
    for _ in range(2):
        mine.post("/ask/progress/suggest/")
    assert Opening.objects.get().suggested and "有人建议过把这类信息主动公开" in told(mine)


def test_a_case_shows_at_no_public_exit(client: Client, county: County) -> None:
    """Search, lists, maps, feeds, data: nothing of a request stands in any."""
    case = asked(client, county, title="独一无二柒捌玖的救助档案")
    rebuild()
    stranger = Client()
    told = (
        "/",
        "/gk/",
        "/search/?q=",
        "/search.json?q=",
        "/sitemap/",
        "/sitemap-0.xml",
        "/rss/",
        "/api/records",
        "/api/search?q=",
    )
    for at in told:
        address = at + quote("柒捌玖") if at.endswith("=") else at
        page = stranger.get(address).content.decode()
        assert "独一无二" not in page and case.code not in page, at
    assert "独一无二" not in "".join(Message.objects.values_list("text", flat=True))
    assert "/ask/progress/" not in stranger.get("/sitemap-0.xml").content.decode()


def test_entries(client: Client, county: County) -> None:
    for at in ("/", "/gk/", f"/gk/{county.orgs['civil']}/apply/", "/search/", "/search/?q=没有这样的词儿"):
        main = client.get(at).content.decode().partition("<main")[2]
        assert 'href="/ask/"' in main, at
    assert 'href="/ask/progress/"' in client.get("/policy/").content.decode()


def test_a_stale_form_is_told_in_the_words_of_this_door(county: County) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/ask/", {"words": "x"})
    assert answer.status_code == 403 and "Cookie" in answer.content.decode() and "登录" not in answer.content.decode()


def test_weight_and_questions(
    client: Client, county: County, people: dict[str, int], django_assert_max_num_queries: Any
) -> None:
    """No page asks more the more there is; none is heavy."""
    case = asked(client, county)
    actions.confirm(case.pk, actor=who(people, "who", DAY), on=DAY)
    mine = opened(case.code)
    client.post("/ask/", {"words": WORDS})
    for held, at, most in (
        (client, "/ask/", 4), (client, "/ask/found/", 22), (client, "/ask/body/", 16), (client, "/ask/what/", 6),
        (client, "/ask/done/", 12), (mine, "/ask/progress/", 3), (mine, "/ask/progress/case/", 26),
    ):  # fmt: skip
        with django_assert_max_num_queries(most) as seen:
            answer = held.get(at)
        print(at, len(answer.content), len(seen.captured_queries))
        assert len(answer.content) < 30_000, at
