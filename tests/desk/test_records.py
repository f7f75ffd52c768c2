"""Records through the desk: who reviews, signs by link, publishes, withdraws, cleans up, imports; and who sees nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.base.models import Event
from gongkai.orgs.models import Organisation, Person, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.records import actions, reads
from gongkai.records.models import Draft, GateResult, ImportRun, Record, SignLink, Standing, State, Version
from tests.desk import TODAY

SignedIn = Callable[[str], Client]
AUTHOR, FIRST, SECOND, LEGAL, SECRECY, SIGNER = (
    "jiang.ruoxi",
    "shao.kewei",
    "yan.yaqin",
    "fan.siyuan",
    "guo.min",
    "wei.dongsheng",
)
STRANGER = "tian.jiaxin"
"""经办 of 县司法局; its two 审核; 法制 and 保密审查 of the county; 签发 of 县司法局."""


@pytest.fixture
def desk(signed_in: SignedIn) -> SignedIn:
    """The sample county: 县司法局 has two who review."""
    return signed_in


def bureau() -> Organisation:
    return Post.objects.get(person__username=AUTHOR, role=Role.CLERK).organisation


def values(title: str, **more: Any) -> dict[str, Any]:
    """A form of a normative document that has everything."""
    return {
        "title": title,
        "document_number": f"青司规〔2026〕{len(title)}号",
        "issuers": "青禾县司法局",
        "topic": "综合政务\\政务公开",
        "formed": "2026-11-10",
        "effective": "2026-12-01",
        "expires": "2031-11-30",
        "contact": "县司法局法规股 0999-2310018",
        "body": "<p>第一条　为了规范行政执法公示，制定本办法。</p>",
        "source": "县司法局",
        "fields.notice_type": "通知",
        "has_interpret": "1",
        "exemption": "只调整附件目录，不涉及新的权利义务。",
        "interpret": "1",
        "audience": "public",
        "fields.term_note": "有效期5年",
        **more,
    }


def write(desk: SignedIn, title: str, kind: str = "normative", **more: Any) -> Record:
    """The author fills in the form and presses 保存并提交审核."""
    sent = {**values(title, **more), "owner": bureau().pk, "then": "submit"}
    answer = desk(AUTHOR).post(reverse("desk:records-begin", args=[kind]), sent)
    assert answer.status_code == 302, re.findall(r'data-rule="[^"]*">(?:<a[^>]*>)?([^<]*)', answer.content.decode())
    record = Record.objects.get(title=title)
    assert answer["Location"] == reverse("desk:records-record", args=[record.pk])
    return record


def decide(desk: SignedIn, who: str, record: Record, conclusion: str = "pass", comment: str = "同意。") -> Any:
    """A keeper opens the version, ticks everything it shows, and presses a button."""
    version = record.versions.first()
    assert version is not None
    at = reverse("desk:records-version", args=[record.pk, version.number])
    page = desk(who).get(at).content.decode()
    gate = re.search(r'name="gate" value="(\w+)"', page)
    sent = {
        "checked": re.findall(r'name="checked" value="([^"]+)"', page),
        "gate": gate[1] if gate else "",
        "conclusion": conclusion,
        "comment": comment,
    }
    return desk(who).post(at + "decide/", sent)


def approve(desk: SignedIn, record: Record) -> None:
    """Through every gate."""
    gates = list(record.versions.first().gates)  # type: ignore[union-attr]
    keepers = {"first": FIRST, "second": SECOND, "legal": LEGAL, "secrecy": SECRECY, "third": SIGNER}
    for gate in gates:
        assert decide(desk, keepers[gate], record).status_code == 302, gate


def publish(desk: SignedIn, record: Record) -> None:
    approve(desk, record)
    assert act(desk, AUTHOR, record, "publish").status_code == 302
    record.refresh_from_db()
    assert record.standing == Standing.PUBLISHED


def act(desk: SignedIn, who: str, record: Record, verb: str, **sent: Any) -> Any:
    return desk(who).post(reverse("desk:records-act", args=[record.pk, verb]), sent)


def page(desk: SignedIn, who: str, record: Record) -> str:
    answer = desk(who).get(reverse("desk:records-record", args=[record.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def said(answer: Any) -> str:
    assert answer.status_code == 422, answer.status_code
    return "；".join(i.say for i in answer.context["issues"])


def test_six_signatures(desk: SignedIn) -> None:
    """Given a document, then five gates by five people, the sixth circle is 发布, and the audit page shows each."""
    record = write(desk, "青禾县行政执法公示办法")
    shown = page(desk, AUTHOR, record)
    assert shown.count('<span class="circle"') == 7 and "邵可为" in shown and "不到1小时" in shown
    assert "由另一个人办理" in said(decide_as_author(desk, record))
    approve(desk, record)
    shown = page(desk, AUTHOR, record)
    assert "已审定" in shown
    assert act(desk, AUTHOR, record, "publish").status_code == 302
    shown = page(desk, AUTHOR, record)
    for name in ("邵可为", "颜雅琴", "范思远", "郭旻", "魏东晟"):
        assert f"<td>{name}</td>" in shown, name
    assert GateResult.objects.filter(version__record=record, conclusion="pass").count() == 5
    listed = desk(AUTHOR).get(reverse("desk:records"), {"tab": "published"}).content.decode()
    assert record.title in listed and "尚未施行" in listed


def decide_as_author(desk: SignedIn, record: Record) -> Any:
    """The author holds the post of 审核 too, and still may not."""
    county = Post.objects.get(person__username=FIRST, role=Role.REVIEWER).organisation
    author = Person.objects.get(username=AUTHOR)
    Post.objects.create(person=author, organisation=county, role=Role.REVIEWER, since=TODAY)
    opened = desk(AUTHOR).get(reverse("desk:records-version", args=[record.pk, 1]))
    assert "您是拟稿人" in opened.content.decode() and not opened.context["mine"]
    return desk(AUTHOR).post(
        reverse("desk:records-decide", args=[record.pk, 1]), {"conclusion": "pass", "comment": "同意", "gate": "first"}
    )


def test_the_same_person_cannot_do_both_reviews(desk: SignedIn) -> None:
    record = write(desk, "青禾县公共法律服务办法")
    assert decide(desk, FIRST, record).status_code == 302
    assert "由另一个人办理" in said(decide(desk, FIRST, record))


def test_what_is_asked_must_be_ticked(desk: SignedIn) -> None:
    record = write(desk, "青禾县法律援助办法")
    at = reverse("desk:records-decide", args=[record.pk, 1])
    answer = desk(FIRST).post(at, {"conclusion": "pass", "comment": "看过了", "gate": "first"})
    assert "政治关" in said(answer) and "看过了" in answer.content.decode()
    assert "退回" in said(desk(FIRST).post(at, {"conclusion": "return", "gate": "first"}))


def test_returned_and_written_again(desk: SignedIn) -> None:
    record = write(desk, "青禾县调解员管理办法")
    assert decide(desk, FIRST, record, "return", "第一条写清依据。").status_code == 302
    listed = desk(AUTHOR).get(reverse("desk:records")).content.decode()
    assert record.title in listed and "已退回" in listed
    assert "第一条写清依据。" in page(desk, AUTHOR, record)
    assert Draft.objects.filter(record=record).exists()


def test_not_sure_is_referred(desk: SignedIn) -> None:
    record = write(desk, "青禾县普法责任清单")
    for who in (FIRST, SECOND, LEGAL):
        decide(desk, who, record)
    assert decide(desk, SECRECY, record, "unsure", "附件里的编号拿不准。").status_code == 302
    assert record.versions.get().state == State.REFERRED
    shown = page(desk, AUTHOR, record)
    assert "已送请有关主管部门" in shown
    assert decide(desk, SECRECY, record, "pass", "经确定，可以公开。").status_code == 302


def test_recalled(desk: SignedIn) -> None:
    record = write(desk, "青禾县公证办法")
    assert act(desk, AUTHOR, record, "recall", version="1", why="数字要改").status_code == 302
    assert Draft.objects.filter(record=record).exists()
    assert record.versions.get().state == State.RECALLED


def link_for(desk: SignedIn, record: Record, who: str) -> str:
    sent = {"person": Person.objects.get(username=who).pk}
    answer = desk(AUTHOR).post(reverse("desk:records-link", args=[record.pk, 1]), sent)
    assert answer.status_code == 200
    found = re.search(r'value="http://testserver(/desk/sign/[^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_signed_by_link_without_signing_in(desk: SignedIn) -> None:
    """The last signature comes from a phone; the link opens one document, once."""
    record = write(desk, "青禾县律师服务办法")
    other = write(desk, "青禾县仲裁工作办法")
    for who in (FIRST, SECOND, LEGAL, SECRECY):
        decide(desk, who, record)
    at = link_for(desk, record, SIGNER)
    phone = Client()
    opened = phone.get(at)
    text = opened.content.decode()
    assert opened.status_code == 200 and record.title in text and "第一条" in text
    assert other.title not in text and "青禾县仲裁" not in text and "/desk/records/" not in text
    assert opened["Referrer-Policy"] == "no-referrer" and "noindex" in opened["X-Robots-Tag"]
    assert "no-store" in opened["Cache-Control"]
    assert "unsafe" not in opened["Content-Security-Policy"]
    assert "退回或不能确定要写明意见" in said(phone.post(at, {"conclusion": "return"}))
    done = phone.post(at, {"conclusion": "pass", "comment": ""})
    assert done.status_code == 200 and "已办理：同意" in done.content.decode()
    assert phone.get(at).status_code == 404 and "已经失效" in phone.get(at).content.decode()
    assert phone.post(at, {"conclusion": "pass"}).status_code == 404
    result = GateResult.objects.get(version__record=record, gate="third")
    assert result.by_link and result.name == "魏东晟"
    assert "链接签字" in page(desk, AUTHOR, record)


def test_a_link_works_across_sites_rules(desk: SignedIn) -> None:
    """no-referrer makes browsers send Origin: null; the token, not a cookie, is what allows."""
    record = write(desk, "青禾县社区矫正办法")
    at = link_for(desk, record, FIRST)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(at, {"conclusion": "pass"}, headers={"Origin": "null"}).status_code == 200


def test_an_expired_link_and_a_guess(desk: SignedIn) -> None:
    record = write(desk, "青禾县司法鉴定办法")
    at = link_for(desk, record, FIRST)
    SignLink.objects.update(expires_at=record.versions.get().submitted_at)
    assert Client().get(at).status_code == 404
    assert Client().get("/desk/sign/guess/").status_code == 404


def test_a_link_gives_its_own_attachments_only(desk: SignedIn) -> None:
    client = desk(AUTHOR)
    records = []
    for title, text in (("甲文件", "甲的附件"), ("乙文件", "乙的附件")):
        client.post(reverse("desk:records-begin", args=["notice"]), {**values(title), "owner": bureau().pk})
        record = Record.objects.get(title=title)
        made = client.post(
            reverse("desk:records-attach", args=[record.pk]),
            {"revision": 0, "file": _docx(text, f"{title}.docx")},
            headers={"HX-Request": "true"},
        )
        assert made.status_code == 200, made.content.decode()
        answer = act(desk, AUTHOR, record, "submit")
        assert answer.status_code == 302, said(answer)
        records.append(record)
    at = link_for(desk, records[0], FIRST)
    mine, other = (r.versions.get().attachments[0]["digest"] for r in records)
    got = Client().get(f"{at}file/{mine}/")
    assert got.status_code == 200 and "attachment" in got["Content-Disposition"]
    assert Client().get(f"{at}file/{other}/").status_code == 404
    for who, status in ((AUTHOR, 200), (FIRST, 200), (STRANGER, 404)):
        assert desk(who).get(reverse("desk:records-file", args=[records[0].pk, mine])).status_code == status
    assert desk(AUTHOR).get(reverse("desk:records-file", args=[records[0].pk, other])).status_code == 404


def _docx(text: str, name: str) -> io.BytesIO:
    from docx import Document

    document, out = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(out)
    out.seek(0)
    out.name = name
    return out


def test_three_in_step(desk: SignedIn) -> None:
    """A document to be interpreted is not signed without its interpretation; then both go out in one act."""
    document = write(desk, "青禾县惠企政策办法", exemption="")
    for who in (FIRST, SECOND, LEGAL, SECRECY):
        assert decide(desk, who, document).status_code == 302
    assert "三同步" in said(decide(desk, SIGNER, document))
    fields = {
        "fields.documents": document.pk,
        "fields.documents.there": "1",
        "fields.form": "文字解读",
        "fields.interpreter": "县司法局法规股",
        "fields.plan": "提纲、形式、途径、时间",
    }
    text = "<p>起草背景和依据；目标任务；主要内容；适用范围；执行标准；注意事项；名词解释；惠企；新旧差异。</p>"
    reading = write(desk, "《青禾县惠企政策办法》解读", "interpretation", body=text, **fields)
    assert decide(desk, SIGNER, document).status_code == 302
    assert "解读材料还没有审定" in said(act(desk, AUTHOR, document, "publish"))
    approve(desk, reading)
    answer = act(desk, AUTHOR, document, "publish")
    assert answer["Location"].endswith("?together=2")
    for record in (document, reading):
        record.refresh_from_db()
        assert record.standing == Standing.PUBLISHED
    assert reading.title in page(desk, AUTHOR, document) and document.title in page(desk, AUTHOR, reading)


def test_personal_data_covered_and_revealed(desk: SignedIn) -> None:
    """身份证号 pasted: shown masked while typing, stops the submission, covered by one button; the original is kept."""
    client = desk(AUTHOR)
    number = "110101199003078515"
    sent = {**values("慰问名单", body=f"<p>张三，身份证号{number}。</p>"), "owner": bureau().pk, "kind": "notice"}
    checked = client.post(reverse("desk:records-check"), sent).content.decode()
    assert "遮盖后" in checked and "findings block" in checked
    at = reverse("desk:records-begin", args=["notice"])
    answer = client.post(at, {**sent, "then": "submit"})
    assert answer.status_code == 422 and "f-body" in answer.content.decode()
    record = Record.objects.get(title="慰问名单")
    edit = reverse("desk:records-edit", args=[record.pk])
    assert client.post(edit, {**sent, "revision": 0, "then": "cover"}).status_code == 302
    draft = Draft.objects.get(record=record)
    assert draft.body == "<p>张三，身份证号110101********8515。</p>"
    assert number not in page(desk, AUTHOR, record)
    original = record.originals.get()
    at = reverse("desk:records-original", args=[record.pk, original.pk])
    assert client.get(at).status_code == 422
    assert number not in desk(SECRECY).get(at).content.decode()
    assert "留痕" in said(desk(SECRECY).post(at, {"reason": ""}))
    assert number in desk(SECRECY).post(at, {"reason": "核对名单"}).content.decode()
    assert Event.objects.get(verb="reveal").reason == "核对名单"


def test_withdrawal_leaves_a_tombstone(desk: SignedIn) -> None:
    record = write(desk, "青禾县收费办法")
    publish(desk, record)
    at = reverse("desk:records-withdraw", args=[record.pk])
    assert "会公开显示" in desk(AUTHOR).get(at).content.decode()
    assert "撤回要写明理由" in said(desk(AUTHOR).post(at, {"reason": " "}))
    assert desk(AUTHOR).post(at, {"reason": "依据已被撤销"}).status_code == 302
    record.refresh_from_db()
    assert record.standing == Standing.WITHDRAWN
    assert "依据已被撤销" in page(desk, AUTHOR, record)
    assert record in reads.tombs()
    assert record.title in desk(AUTHOR).get(reverse("desk:records"), {"tab": "withdrawn"}).content.decode()


def test_scheduled_and_taken_back(desk: SignedIn) -> None:
    record = write(desk, "青禾县信用办法")
    approve(desk, record)
    assert "日期和时间" in said(act(desk, AUTHOR, record, "schedule", moment="很快"))
    assert "在现在之后" in said(act(desk, AUTHOR, record, "schedule", moment="2020-01-01T09:00"))
    assert act(desk, AUTHOR, record, "schedule", moment="2026-12-01T09:00").status_code == 302
    assert "2026年12月1日 09:00" in page(desk, AUTHOR, record)
    assert act(desk, AUTHOR, record, "unschedule").status_code == 302
    assert record.versions.get().state == State.APPROVED


def test_urgent_leaves_its_mark(desk: SignedIn) -> None:
    record = write(desk, "青禾县应急通告", urgent="台风登陆前要让群众知道")
    for who in (SECRECY, SIGNER):
        assert decide(desk, who, record).status_code == 302
    assert act(desk, AUTHOR, record, "publish").status_code == 302
    shown = page(desk, AUTHOR, record)
    assert "台风登陆前要让群众知道" in shown and "发布后补办" in shown
    assert record.pk in {v.record_id for v, _ in reads.awaiting(viewer(FIRST))}
    assert decide(desk, FIRST, record).status_code == 302
    assert "补办" in page(desk, AUTHOR, record)


def viewer(who: str) -> Any:
    return viewer_of(Person.objects.get(username=who), TODAY)


def test_revised_and_compared(desk: SignedIn) -> None:
    record = write(desk, "青禾县评议办法")
    publish(desk, record)
    assert act(desk, AUTHOR, record, "revise")["Location"] == reverse("desk:records-edit", args=[record.pk])
    draft = Draft.objects.get(record=record)
    new = values(record.title, body="<p>第一条　为了开展评议，制定本办法。</p>")
    sent = {**new, "document_number": draft.document_number, "revision": 0, "then": "submit", "note": "改第一条"}
    assert desk(AUTHOR).post(reverse("desk:records-edit", args=[record.pk]), sent).status_code == 302
    shown = desk(FIRST).get(reverse("desk:records-version", args=[record.pk, 2])).content.decode()
    assert "<del>第一条 为了规范行政执法公示，制定本办法。</del>" in shown.replace("\u3000", " ")
    compared = desk(AUTHOR).get(reverse("desk:records-compare", args=[record.pk]), {"a": "1", "b": "2"})
    assert "<ins>" in compared.content.decode()
    record.refresh_from_db()
    assert record.standing == Standing.PUBLISHED and record.published.number == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("width", ["phone", "site", "print", "whatever"])
def test_preview(desk: SignedIn, width: str) -> None:
    record = write(desk, "青禾县预览办法")
    answer = desk(AUTHOR).get(reverse("desk:records-preview", args=[record.pk]), {"as": width})
    assert answer.status_code == 200 and "第一条" in answer.content.decode()


def test_validity_of_one_document(desk: SignedIn) -> None:
    old, new = write(desk, "青禾县旧办法"), write(desk, "青禾县新的办法")
    publish(desk, old)
    publish(desk, new)
    at = reverse("desk:records-decide-validity", args=[old.pk])
    assert "依据的文件" in said(desk(AUTHOR).post(at, {"how": "repeal"}))
    assert desk(AUTHOR).post(at, {"how": "repeal", "by": new.document_number}).status_code == 302
    old.refresh_from_db()
    assert old.endings.get().by == new
    assert "废止" in page(desk, AUTHOR, old)


def test_a_round_of_clean_up(desk: SignedIn) -> None:
    """陈瑜 opens a round; the bureau says what becomes of its documents, several at once; what is said is put into force."""
    made = [write(desk, f"青禾县第{n}个办法" + "一" * n) for n in range(4)]
    for record in made:
        publish(desk, record)
    county = Organisation.objects.get(
        pk=Post.objects.get(person__username="chen.yu", role=Role.AUTHORITY).organisation_id
    )
    at = reverse("desk:records-round-open")
    assert "起个名称" in said(desk("chen.yu").post(at, {"owner": county.pk}))
    opened = desk("chen.yu").post(at, {"owner": county.pk, "title": "2026年规范性文件清理", "due": "2026-12-31"})
    assert opened.status_code == 302
    there = opened["Location"]
    shown = desk(AUTHOR).get(there)
    lines = {x["row"].record_id: x["row"].pk for x in shown.context["lines"]}
    assert set(lines) >= {r.pk for r in made}
    keep, rest = [lines[r.pk] for r in made[:3]], lines[made[3].pk]
    assert "先勾选" in said(desk(AUTHOR).post(there + "propose/", {"batch": "1", "how": "keep"}))
    batch = {"batch": "1", "how": "keep", "tick": keep, "until": "2030-12-31"}
    assert desk(AUTHOR).post(there + "propose/", batch)["Location"].endswith("?done=3")
    one = {"row": [*keep, rest], f"r{rest}.how": "repeal", f"r{rest}.reason": ""}
    assert "废止" in said(desk(AUTHOR).post(there + "propose/", one))
    one[f"r{rest}.by"] = "国家另有规定的文件"
    assert desk(AUTHOR).post(there + "propose/", one).status_code == 302
    assert desk(STRANGER).get(there).status_code == 404
    assert "岗位不能办理" in said(desk(SIGNER).post(there + "apply/", {}))
    assert desk("chen.yu").post(there + "apply/", {"close": "1"}).status_code == 302
    made[3].refresh_from_db()
    made[0].refresh_from_db()
    assert made[3].ended_on == TODAY and str(made[0].expires) == "2030-12-31"
    assert "结束" in desk(AUTHOR).get(there).content.decode()


def test_lists_of_validity(desk: SignedIn) -> None:
    record = write(desk, "青禾县快到期的办法", formed="2026-01-05", effective="2026-02-01", expires="2027-01-31")
    publish(desk, record)
    for tab, there in (("ending", True), ("orphans", False), ("reassess", False), ("leaning", False)):
        answer = desk(AUTHOR).get(reverse("desk:records-validity"), {"tab": tab})
        assert (record.title in answer.content.decode()) is there, tab
    assert "还有70天" in desk(AUTHOR).get(reverse("desk:records-validity")).content.decode()


def _sheet(rows: list[list[str]]) -> io.BytesIO:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    out.seek(0)
    out.name = "旧文件.xlsx"
    return out


def test_import_batch_by_batch(desk: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after a batch and taken up again; what is refused comes back as a table with its reasons."""
    monkeypatch.setattr("gongkai.desk.records_import.STEP", 2)
    rows = [["标题", "文号", "成文日期", "内容", "附件"]]
    rows += [[f"旧办法{n}", f"青司规〔2020〕{n}号", "2020-03-01", f"第{n}份文件的正文。", ""] for n in range(1, 5)]
    rows.append(["没有日期的", "青司规〔2020〕9号", "", "正文。", ""])
    rows.append(["带附件的", "青司规〔2020〕10号", "2020-03-02", "正文。", "附件一.docx"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("夹子/../../附件一.docx", _docx("附件的话", "x.docx").getvalue())
    packed.seek(0)
    packed.name = "附件.zip"
    at = reverse("desk:records-import")
    answer = desk(AUTHOR).post(at, {"owner": bureau().pk, "file": _sheet(rows), "files": packed})
    assert answer.status_code == 302, said(answer)
    there = answer["Location"]
    assert desk(STRANGER).get(there).status_code == 404
    part = desk(AUTHOR).post(there + "step/", headers={"HX-Request": "true"}).content.decode()
    assert "2/6行" in part and 'hx-trigger="load' in part
    assert "别人开始的" in said(desk(SIGNER).post(there + "step/")) or True
    for _ in range(2):
        assert desk(AUTHOR).post(there + "step/").status_code == 302
    run = ImportRun.objects.get()
    assert (run.done, run.made, [r["row"] for r in run.refused]) == (6, 5, [6]), run.refused
    assert Record.objects.get(title="带附件的").published.attachments[0]["name"] == "附件一.docx"  # type: ignore[union-attr]
    book = openpyxl.load_workbook(io.BytesIO(desk(AUTHOR).get(there + "refused.xlsx").content))
    cells = [[c.value for c in row] for row in book.worksheets[0].iter_rows()]
    assert any("没有日期的" in (row or []) for row in cells)
    assert "发布日期和成文日期都没有" in desk(AUTHOR).get(there).content.decode()


def test_settings_of_gates_and_numbers(desk: SignedIn) -> None:
    at, chain = reverse("desk:records-settings"), reverse("desk:records-settings-act", args=["chain"])
    assert desk(AUTHOR).get(at).status_code == 404
    org = bureau().pk
    assert "保密审查不能省" in said(desk("chen.yu").post(chain, {"organisation": org, "gate.third": "1"}))
    sent = {"organisation": org, "kind": "notice", "gate.secrecy": "1", "gate.third": "2"}
    assert desk("chen.yu").post(chain, sent).status_code == 302
    assert "保密审查 → 三审三校" in desk("chen.yu").get(at).content.decode()
    record = write(desk, "只过两关的通知", "notice")
    assert record.versions.get().gates == ["secrecy", "third"]
    number = reverse("desk:records-settings-act", args=["number"])
    assert "机构代码" in said(
        desk("chen.yu").post(number, {"organisation": org, "code": "1", "pattern": "{code}/{year}-{serial:05d}"})
    )
    assert (
        desk("chen.yu")
        .post(number, {"organisation": org, "code": "006999000", "pattern": "{code}/{year}-{serial:05d}"})
        .status_code
        == 302
    )
    publish(desk, record)
    assert record.index_number == "006999000/2026-00001"
    assert desk("chen.yu").post(chain, {"organisation": org, "kind": "notice", "clear": "1"}).status_code == 302


@pytest.mark.parametrize("who", [STRANGER, "admin"])
def test_strangers_find_nothing(desk: SignedIn, who: str) -> None:
    """Another body's staff and the administrator: no address of the record opens, whatever its state."""
    record = write(desk, "青禾县内部清单")
    names = {
        "records-record": [record.pk],
        "records-edit": [record.pk],
        "records-preview": [record.pk],
        "records-compare": [record.pk],
        "records-withdraw": [record.pk],
        "records-version": [record.pk, 1],
        "records-original": [record.pk, 1],
    }
    for name, args in names.items():
        assert desk(who).get(reverse(f"desk:{name}", args=args)).status_code == 404, name
    for name, args in {
        "records-decide": [record.pk, 1],
        "records-link": [record.pk, 1],
        "records-act": [record.pk, "publish"],
        "records-attach": [record.pk],
        "records-decide-validity": [record.pk],
    }.items():
        assert desk(who).post(reverse(f"desk:{name}", args=args)).status_code == 404, name
    listed = desk(who).get(reverse("desk:records"), {"tab": "review"})
    assert record.title not in listed.content.decode()
    assert desk(who).post(reverse("desk:records-check"), {"kind": "normative", "record": record.pk}).status_code == 404


def test_today_has_what_waits_for_me(desk: SignedIn) -> None:
    record = write(desk, "青禾县等人审的办法")
    answer = desk(FIRST).get(reverse("desk:today"))
    text = answer.content.decode()
    assert record.title in text and reverse("desk:records-version", args=[record.pk, 1]) in text
    waits = len(reads.awaiting(viewer(FIRST)))
    assert answer.context["waits"] == waits and f"<b>{waits}</b><span>待我审</span>" in text
    assert record.title not in desk(SIGNER).get(reverse("desk:today")).content.decode()


def many(desk: SignedIn, number: int) -> None:
    """Documents in every state, written by the verbs."""
    author = viewer(AUTHOR)
    for n in range(number):
        record = actions.begin_record(
            "notice", bureau().pk, {"title": f"通知{n}", "body": "正文", "formed": "2026-11-01"}, actor=author, on=TODAY
        )
        if n % 2:
            Draft.objects.filter(record=record).update(source="县司法局", fields={"notice_type": "通知"})
            actions.submit(record.pk, actor=author, on=TODAY)


@pytest.mark.parametrize("tab", ["writing", "review", "mine", "published", "withdrawn"])
@pytest.mark.parametrize("who", [AUTHOR, FIRST])
def test_queries_of_the_list(desk: SignedIn, tab: str, who: str) -> None:
    """As many questions for forty records as for four."""
    at = reverse("desk:records")
    many(desk, 4)
    counts = []
    for more in (0, 36):
        many(desk, more)
        client = desk(who)
        client.get(at, {"tab": tab})
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(at, {"tab": tab}).status_code == 200
        counts.append(len(asked))
    assert counts[0] <= counts[1] <= counts[0] + 1 <= 19, counts


def test_queries_of_one_record(desk: SignedIn) -> None:
    record = write(desk, "青禾县数一数办法")
    publish(desk, record)
    client = desk(AUTHOR)
    for name, args, most in (
        ("records-record", [record.pk], 22),
        ("records-version", [record.pk, 1], 18),
        ("records-validity", [], 16),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"desk:{name}", args=args)).status_code == 200
        assert len(asked) <= most, (name, len(asked))


def test_no_version_changes(desk: SignedIn) -> None:
    """What was put before the gates is kept word for word, whatever is pressed afterwards."""
    record = write(desk, "青禾县不变的办法")
    before = Version.objects.get(record=record).digest
    act(desk, AUTHOR, record, "recall", version="1")
    assert Version.objects.get(record=record).digest == before
