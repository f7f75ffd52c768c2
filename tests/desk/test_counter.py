"""收件 at the counter: what is asked, what is refused with all that was typed, what is printed and handed over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.base.models import Event
from gongkai.cases.models import Attachment, Case, Setup, Template
from gongkai.orgs.models import Kind, Organisation, Person
from gongkai.orgs.reads import tree_on, viewer_of
from tests.desk import TODAY

pytestmark = pytest.mark.django_db
NEW = "/desk/counter/new/"
SignedIn = Callable[[str], Client]


def body(name: str = "青禾县司法局") -> int:
    return next(n.id for n in tree_on(TODAY).live() if n.name == name)


def typed(**more: Any) -> dict[str, Any]:
    """A complete request as the form sends it; keywords change it."""
    return {
        "body": body(), "purpose": "access", "channel": "in_person", "on": TODAY.isoformat(),
        "applicant_kind": "natural", "name": "桑小满", "id_kind": "居民身份证", "id_number": "11010519491231002X",
        "phone": "13900001234", "title": "法律援助案件补贴标准", "asked": "2025年的补贴标准", "form": "纸质",
        "way": "自行领取", **more,
    }  # fmt: skip


def check(client: Client, **more: Any) -> Any:
    return client.post(NEW, {**typed(**more), "step": "check"})


def save(client: Client, **more: Any) -> Case:
    answer = client.post(NEW, {**typed(**more), "step": "save"})
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(pk=int(re.findall(r"/(\d+)/$", answer["Location"])[0]))


def rules(answer: Any) -> set[str]:
    assert answer.status_code == 422
    return set(re.findall(r'data-rule="([^"]+)"', answer.content.decode()))


def test_a_counter_takes_in_for_every_body_of_its_county(signed_in: SignedIn) -> None:
    """R7: 政务大厅 of the county takes in for the county's departments and towns; a town's counter for the county too."""
    offered = re.findall(r'<option value="(\d+)"', signed_in("xia.lan").get(NEW).content.decode())
    kinds = set(Organisation.objects.filter(pk__in=offered).values_list("kind", flat=True))
    assert {Kind.COUNTY, Kind.DEPARTMENT, Kind.TOWNSHIP} <= kinds and len(offered) > 20
    case = save(signed_in("xia.lan"), body=body("白露镇"))
    assert case.body_id == body("白露镇") and case.taken_by == Person.objects.get(username="xia.lan")
    own = re.findall(r'<option value="(\d+)"', signed_in("jiang.ruoxi").get(NEW).content.decode())
    assert own == [str(body())]
    assert signed_in("admin").get(NEW).status_code == 404


def test_the_form_never_asks_for_the_purpose(signed_in: SignedIn) -> None:
    """第二十九条 knows three things and no fourth: nothing like 用途 is a field, and nobody reads one."""
    page = signed_in("xia.lan").get(NEW).content.decode()
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z_]+)"', page))
    assert names == {
        "csrfmiddlewaretoken", "body", "purpose", "channel", "oral", "on", "confirmed", "place", "earlier",
        "applicant_kind", "name", "id_kind", "id_number", "representative", "person", "phone", "email", "address",
        "postcode", "title", "document_number", "asked", "form", "way", "help", "help_more",
    }  # fmt: skip
    assert "申请公开信息" in page and "不要问" in page


def test_the_day_of_receipt_is_told_before_anything_is_kept(signed_in: SignedIn) -> None:
    """第三十一条, channel by channel; 第三十三条 gives the last day."""
    client = signed_in("xia.lan")
    page = check(client).content.decode()
    assert "收到申请之日是2026年11月22日" in page and "答复期限到2026年12月18日" in page
    page = check(client, channel="mail_signed", on="2026-11-20", earlier="1").content.decode()
    assert "签收之日就是收到申请之日" in page and "2026年11月20日，<b>收到申请之日是2026年11月20日" in page
    page = check(client, channel="mail_unsigned").content.decode()
    assert "还没有双方确认" in page and "法律要求今天就确认" in page
    page = check(client, channel="mail_unsigned", on="2026-11-20", confirmed="2026-11-22", earlier="1").content.decode()
    assert "收到申请之日是2026年11月22日" in page and "确认得晚了" in page
    page = check(client, channel="fax", confirmed="2026-11-22").content.decode()
    assert "收到申请之日是2026年11月22日" in page
    # 更正 has no period in the law.
    page = check(client, purpose="amend").content.decode()
    assert "收到申请之日是2026年11月22日" in page and "答复期限到" not in page
    assert not Case.objects.filter(taken_by=Person.objects.get(username="xia.lan")).exists()


def test_a_confirmed_day_of_another_channel_is_left_out(signed_in: SignedIn) -> None:
    """The browser sends the field that is hidden for this channel, too."""
    assert save(signed_in("xia.lan"), confirmed="2026-11-20").received_on == TODAY


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"id_number": "110105194912310021"}, "request.id"),
        ({"applicant_kind": "business", "id_number": "91350100M000100Y44", "person": "高远"}, "request.id"),
        ({"applicant_kind": "business", "id_number": "91350100M000100Y43"}, "request.person"),
        ({"name": " "}, "request.name"),
        ({"phone": ""}, "request.contact"),
        ({"email": "a@"}, "request.email"),
        ({"title": "", "asked": ""}, "request.asked"),
        ({"form": ""}, "request.form"),
        ({"way": "邮寄"}, "request.address"),
        ({"applicant_kind": "x"}, "request.kind"),
        ({"purpose": "x"}, "request.purpose"),
        ({"channel": ""}, "receive.channel"),
        ({"channel": "fax", "oral": "1"}, "request.oral"),
        ({"on": ""}, "request.on"),
        ({"on": "昨天"}, "form.date"),
        ({"on": "2026-11-23"}, "request.later"),
        ({"on": "2026-11-20"}, "request.earlier"),
        ({"channel": "fax", "confirmed": "2026-11-23"}, "request.later"),
        ({"channel": "fax", "confirmed": "2026-11-20"}, "receive.confirmed"),
        ({"body": "0"}, "request.body"),
    ],
)
@pytest.mark.parametrize("step", ["check", "save"])
def test_a_refusal_keeps_what_was_typed(signed_in: SignedIn, more: dict[str, str], rule: str, step: str) -> None:
    client = signed_in("xia.lan")
    count = Case.objects.count()
    answer = client.post(NEW, {**typed(help=["听力障碍，需要文字或者手语沟通"], **more), "step": step})
    assert rule in rules(answer)
    page = answer.content.decode()
    assert "2025年的补贴标准" in page or "asked" in more
    assert re.search(r'value="听力障碍，需要文字或者手语沟通" checked', page)
    for name in ("id_number", "on", "name", "phone"):
        assert f'value="{more.get(name, typed()[name])}"' in page, name
    assert Case.objects.count() == count


def test_an_oral_request_is_read_back_and_signed(signed_in: SignedIn) -> None:
    """第二十九条第一款: who cannot write asks by word of mouth; it is filled in, read out, and marked."""
    client = signed_in("xia.lan")
    assert 'name="oral" value="1" checked' in client.get(NEW + "?oral=1").content.decode()
    page = check(client, oral="1", help=["阅读困难，需要代读"]).content.decode()
    assert "读给申请人听" in page and "110 105 194 912 310 02X" in page and "<dd>阅读困难，需要代读</dd>" in page
    back = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    assert back["asked"] == "2025年的补贴标准" and back["oral"] == "1"
    again = client.post(NEW, {**back, "step": "back"}).content.decode()
    assert 'value="桑小满"' in again and "2025年的补贴标准" in again
    case = Case.objects.get(pk=int(client.post(NEW, {**back, "step": "save"})["Location"].split("/")[-2]))
    assert case.oral and case.help == "阅读困难，需要代读"
    sheet = client.get(reverse("desk:counter-sheet", args=[case.pk])).content.decode()
    assert "夏岚代为填写" in sheet and "申请人签名" in sheet and "<svg" in sheet and "11010519491231002X" in sheet
    assert "style=" not in sheet


def test_pressed_twice_it_is_one_request(signed_in: SignedIn) -> None:
    client = signed_in("xia.lan")
    told = {**typed(), "step": "save", "token": "abc"}
    first, second = client.post(NEW, told)["Location"], client.post(NEW, told)["Location"]
    assert first == second
    assert client.post(NEW, {**told, "token": "abd"})["Location"] != first


def test_the_size_of_letters_stays_and_loses_nothing(signed_in: SignedIn) -> None:
    client = signed_in("xia.lan")
    page = client.post(NEW, {**typed(), "size": "3"}).content.decode()
    assert "size-3" in page and 'value="桑小满"' in page and 'aria-pressed="true">特大' in page
    assert "size-3" in client.get("/desk/counter/").content.decode()
    client.post("/desk/counter/size/", {"size": "9"})
    assert "size-3" in client.get("/desk/counter/").content.decode()


def test_receipt_and_papers(signed_in: SignedIn) -> None:
    """The receipt has number, code and the address of the progress page; no code stands in an address."""
    client = signed_in("xia.lan")
    case = save(client)
    page = client.get(reverse("desk:counter-case", args=[case.pk])).content.decode()
    assert "桑**" in page and "桑小满" not in page and case.code not in page
    slip = client.get(reverse("desk:counter-receipt", args=[case.pk])).content.decode()
    grouped = "-".join(case.code[i : i + 4] for i in (0, 4, 8))
    assert grouped in slip and "/ask/progress/" in slip and "11010519491231002X" not in slip and "small-sheet" in slip
    assert Event.objects.filter(verb="show_code", subject_id=str(case.pk)).exists()
    for code in ("registration", "receipt"):
        answer = client.get(reverse("desk:counter-letter", args=[case.pk, code]))
        assert answer.status_code == 200 and answer.content[:2] == b"PK"
    assert client.get(reverse("desk:counter-letter", args=[case.pk, "correction"])).status_code == 404
    where = reverse("desk:counter-attach", args=[case.pk])
    assert rules(client.post(where, {"kind": "form"})) == {"paper.file"}
    assert rules(client.post(where, {"kind": "source"})) == {"paper.kind"}
    empty = SimpleUploadedFile("a.pdf", b"")
    assert rules(client.post(where, {"kind": "identity", "file": empty})) == {"paper.empty"}
    for kind in ("form", "identity"):
        client.post(where, {"kind": kind, "file": SimpleUploadedFile("扫描.pdf", b"%PDF")})
    assert sorted(Attachment.objects.filter(case=case).values_list("kind", flat=True)) == ["form", "identity"]
    assert 'class="ok"' in client.get(reverse("desk:counter-case", args=[case.pk])).content.decode()


def test_the_scanned_code_finds_the_request_again(signed_in: SignedIn) -> None:
    client = signed_in("xia.lan")
    case = save(client)
    grouped = "-".join(case.code[i : i + 4] for i in (0, 4, 8)).lower()
    assert client.post("/desk/counter/find/", {"code": grouped})["Location"].endswith(f"/counter/{case.pk}/")
    assert rules(client.post("/desk/counter/find/", {"code": "nothing"})) == {"code.unknown"}
    assert rules(signed_in("jiang.ruoxi").post("/desk/counter/find/", {"code": grouped})) == {"code.unknown"}


def test_what_one_took_in_another_does_not_see(signed_in: SignedIn) -> None:
    case = save(signed_in("xia.lan"))
    assert case.number in signed_in("xia.lan").get("/desk/counter/").content.decode()
    for who in ("shi.xiaoman", "jiang.ruoxi", "chen.yu"):
        client = signed_in(who)
        assert case.title not in client.get("/desk/counter/").content.decode()
        for name in ("case", "sheet", "receipt"):
            assert client.get(reverse(f"desk:counter-{name}", args=[case.pk])).status_code == 404, (who, name)


def test_tomorrow_it_is_the_office_s(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was typed is shown at the counter on the day on which it was typed, or while this person stays signed in."""
    from gongkai.base import clock

    case = save(signed_in("xia.lan"))
    sheet = reverse("desk:counter-sheet", args=[case.pk])

    def opened(later: int) -> int:
        """So many days on, by the true clock; whoever takes in has signed in anew."""
        moment = clock.now() + dt.timedelta(days=later)
        monkeypatch.setattr("gongkai.desk.counter.now", lambda: moment)
        with clock.on_day(moment.astimezone(clock.ZONE).date()):
            return int(signed_in("xia.lan").get(sheet).status_code)

    assert opened(0) == 200
    assert opened(1) == 404


# 设置


def test_settings_say_what_they_mean_and_keep_what_was_typed(signed_in: SignedIn) -> None:
    client = signed_in("jiang.ruoxi")
    page = client.get("/desk/cases/setup/").content.decode()
    assert "《行政复议法》第二十二条第二款" in page and "现在推出：" in page
    told = {"body": body(), "phone": "0999-1", "draft_days": "99", "online_channel": "ftp://a"}
    answer = client.post("/desk/cases/setup/", told)
    assert rules(answer) == {"setup.number", "setup.online"}
    assert 'value="99"' in answer.content.decode() and not Setup.objects.filter(body=body()).exists()
    assert client.post("/desk/cases/setup/", {**told, "draft_days": "5", "online_channel": ""}).status_code == 302
    assert Setup.objects.get(body=body()).draft_days == 5
    assert rules(client.post("/desk/cases/setup/", {"body": body()})) == {"setup.empty"}
    assert client.post("/desk/cases/setup/", {**told, "body": body("白露镇")}).status_code == 404
    assert client.get(f"/desk/cases/setup/?body={body('白露镇')}").status_code == 404


def test_templates_go_out_and_come_back(signed_in: SignedIn) -> None:
    client = signed_in("jiang.ruoxi")
    where = reverse("desk:case-setup-template", args=["receipt"])
    made = client.get(reverse("desk:case-setup-built-in", args=["receipt"])).content
    assert client.get(reverse("desk:case-setup-preview", args=["receipt"])).content[:2] == b"PK"
    assert client.get(reverse("desk:case-setup-own", args=["receipt"])).status_code == 404
    assert rules(client.post(where, {"body": body()})) == {"letter.file"}
    assert rules(client.post(where, {"body": body(), "file": SimpleUploadedFile("a.docx", b"nothing")}))
    sent = {"body": body(), "file": SimpleUploadedFile("a.docx", made)}
    assert client.post(where, sent).status_code == 302
    assert client.get(reverse("desk:case-setup-own", args=["receipt"])).content == made
    assert "本机关模板" in client.get("/desk/cases/setup/").content.decode()
    client.post(reverse("desk:case-setup-retire", args=["receipt"]), {"body": body()})
    assert Template.objects.get(body=body()).retired
    assert client.get("/desk/cases/setup/no_such_letter/").status_code == 404


def test_personal_data_is_erased_after_asking_twice(signed_in: SignedIn) -> None:
    from gongkai.base.clock import on_day
    from gongkai.cases import actions

    client = signed_in("jiang.ruoxi")
    clerk = viewer_of(Person.objects.get(username="jiang.ruoxi"), TODAY)
    actions.change_setup(body(), {"retention_years": "1"}, actor=clerk, on=TODAY)
    case = save(client)
    actions.withdraw(case.pk, actor=clerk, on=TODAY)
    actions.archive(case.pk, actor=clerk, on=TODAY)
    where = "/desk/cases/setup/erasure/"
    assert "没有期满的" in client.get(where).content.decode()
    with on_day(dt.date(2027, 11, 22)):
        assert case.number in client.get(where).content.decode()
        assert rules(client.post(where, {})) == {"erase.none"}
        assert "不能恢复" in client.post(where, {"case": case.pk}).content.decode()
        assert rules(client.post(where, {"case": case.pk, "step": "erase"})) == {"erase.sure"}
        assert Case.objects.get(pk=case.pk).erased_on is None
        answer = client.post(where, {"case": case.pk, "step": "erase", "sure": "1"}, follow=True)
        assert "已经删除1件" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).title == "（已删除）"
