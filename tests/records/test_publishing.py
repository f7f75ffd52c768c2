"""What the public sees: three in step, moments, withdrawal, amendment, personal data covered, files looked through."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest

from gongkai.base.clock import on_day
from gongkai.base.issues import Refused
from gongkai.records import actions, reads
from gongkai.records.models import Original, Record, Standing, State, Version
from tests.records import DAY, Town, all_gates, begun, pass_gate

Make = Callable[..., dict[str, object]]


def ready(town: Town, record: Record) -> Version:
    return all_gates(town, actions.submit(record.pk, actor=town.who("clerk"), on=DAY))


def out(town: Town, record: Record) -> Record:
    ready(town, record)
    actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    return Record.objects.get(pk=record.pk)


def interpretation(of: Record) -> dict[str, object]:
    return {
        "title": f"《{of.draft.title if hasattr(of, 'draft') else of.title}》解读",
        "formed": "2026-02-24",
        "topic": "民政、扶贫、救灾\\社会福利",
        "contact": "社会救助股 0799-5550101",
        "body": "背景依据。目标任务。主要内容。适用范围。执行标准。注意事项。关键词诠释。惠民利民举措。新旧政策差异。",
        "fields": {
            "documents": [of.pk],
            "form": "文字解读",
            "interpreter": "石桥县民政局局长 白山",
            "plan": "提纲：标准、程序；形式：文字；途径：网站；时间：随文件。",
        },
    }


def test_three_in_step(second_reviewer: Town, normative: Make) -> None:
    """Given a document marked 应解读, it is not signed without material, nor published before that is approved."""
    town = second_reviewer
    record = begun(town, normative(interpret="1"))
    version = actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    for person in ("chief", "deputy", "legal", "secrecy"):
        pass_gate(town, version, person)
    with pytest.raises(Refused, match="还没有提交解读方案和解读材料，不能签发"):
        pass_gate(town, version, "head")
    told = begun(town, interpretation(record), "interpretation")
    material = actions.submit(told.pk, actor=town.who("clerk"), on=DAY)
    pass_gate(town, version, "head")
    with pytest.raises(Refused, match="还没有审定，不能发布"):
        actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    all_gates(town, material)
    with pytest.raises(Refused, match="解读的文件《石桥县临时救助实施办法》还没有发布"):
        actions.publish(told.pk, actor=town.who("clerk"), on=DAY)
    went = actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    assert [r.pk for r in went] == [record.pk, told.pk]
    document, text = Record.objects.get(pk=record.pk), Record.objects.get(pk=told.pk)
    assert reads.related(document, None)["by:interprets"] == [text]
    assert reads.related(text, None)["interprets"] == [document]


def test_a_recorded_exemption_lets_it_go(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative(interpret="1", exemption="仅延长有效期，没有新内容"))
    assert out(town, record).standing == Standing.PUBLISHED


def test_a_moment_is_kept_by_the_database(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative())
    ready(town, record)
    with pytest.raises(Refused, match="在现在之后"):
        actions.schedule(record.pk, dt.datetime(2026, 3, 1, 8, 30), actor=town.who("clerk"), on=DAY)
    actions.schedule(record.pk, dt.datetime(2026, 3, 4, 8, 30), actor=town.who("clerk"), on=DAY)
    assert actions.publish_due(on=DAY) == 0 and not reads.visible(None).exists()
    later = dt.date(2026, 3, 5)
    with on_day(later):
        assert actions.publish_due(on=later) == 1
        assert actions.publish_due(on=later) == 0
    assert reads.visible(None).get().title == "石桥县临时救助实施办法"


def test_withdrawn_it_leaves_a_tombstone_with_its_reason(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = out(town, begun(town, normative()))
    with pytest.raises(Refused, match="理由会公开显示"):
        actions.withdraw(record.pk, "  ", actor=town.who("clerk"), on=DAY)
    actions.withdraw(record.pk, "附件有误，更正后重新发布", actor=town.who("clerk"), on=DAY)
    assert not reads.visible(None).exists()
    assert reads.tombs().get().withdrawal_reason == "附件有误，更正后重新发布"
    draft = actions.revise(record.pk, actor=town.who("clerk"), on=DAY)
    assert draft.title == "石桥县临时救助实施办法"
    again = out(town, record)
    assert again.index_number == record.index_number and reads.visible(None).count() == 1


def test_a_draft_lives_beside_what_is_out(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = out(town, begun(town, normative()))
    draft = actions.revise(record.pk, actor=town.who("clerk"), on=DAY)
    actions.write_draft(
        record.pk, {"body": "第一条 修改后的条文。"}, revision=draft.revision, actor=town.who("clerk"), on=DAY
    )
    public = reads.visible(None).select_related("published").get()
    assert public.published is not None and "制定本办法" in public.published.body
    after = out(town, record)
    assert after.published is not None and after.published.number == 2 and after.amended_on == DAY
    old, new = Version.objects.get(record=record, number=1), after.published
    assert old.state == State.SUPERSEDED
    from gongkai.records.kinds import kind_of

    assert reads.compare(old, new, kind_of("normative")) == [
        (
            "正文",
            [
                ("old", "第一条 为了规范临时救助工作，制定本办法。"),
                ("old", "第二条 本办法适用于石桥县。"),
                ("new", "第一条 修改后的条文。"),
            ],
        )
    ]


def test_index_numbers_are_never_given_twice(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    office = town.who("office")
    actions.set_numbering(town.orgs["civil"], "11441700007280420Y", "{code}/{year}-{serial:05d}", actor=office, on=DAY)
    first = out(town, begun(town, normative()))
    actions.withdraw(first.pk, "撤回", actor=town.who("clerk"), on=DAY)
    second = out(town, begun(town, normative(title="另一份办法", document_number="石民规〔2026〕2号")))
    assert (first.index_number, second.index_number) == (
        "11441700007280420Y/2026-00001",
        "11441700007280420Y/2026-00002",
    )


ID = "440106199003072314"
NOTICE = {"source": "石桥县民政局", "fields": {"notice_type": "公示"}, "formed": "2026-02-24"}


def test_personal_data_stops_the_way_out_until_it_is_covered(second_reviewer: Town) -> None:
    town = second_reviewer
    record = begun(
        town,
        {
            **NOTICE,
            "title": "2026年临时救助发放公示",
            "body": "<p>申请人王某，身份证号4401061990<b>03072314</b>，手机13812345678。</p>",
        },
        "notice",
    )
    with pytest.raises(Refused, match="身份证号"):
        actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    actions.cover(record.pk, revision=0, actor=town.who("clerk"), on=DAY)
    draft = Record.objects.get(pk=record.pk).draft
    assert "03072314" not in draft.body and "440106" in draft.body and "138****5678" in draft.body
    kept = Original.objects.get()
    assert "03072314" in kept.content["body"]
    with pytest.raises(Refused, match="只有保密审查岗位可以查看"):
        actions.reveal(kept.pk, "核对", actor=town.who("clerk"), on=DAY)
    with pytest.raises(Refused, match="写明理由"):
        actions.reveal(kept.pk, "", actor=town.who("secrecy"), on=DAY)
    assert "03072314" in actions.reveal(kept.pk, "核对遮盖是否正确", actor=town.who("secrecy"), on=DAY)["body"]
    actions.submit(record.pk, actor=town.who("clerk"), on=DAY)


def sheet() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["姓名", "身份证号", "金额"])
    page.append(["王某", ID, 800])
    page.column_dimensions["B"].hidden = True
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_an_attachment_is_looked_through_hidden_columns_too(second_reviewer: Town) -> None:
    town = second_reviewer
    values = {**NOTICE, "title": "发放公示", "body": "见附件。"}
    record = begun(town, values, "notice")
    draft = actions.attach(record.pk, sheet(), "名单.xlsx", {}, revision=0, actor=town.who("clerk"), on=DAY)
    assert any("隐藏" in f["say"] for f in draft.attachments[0]["findings"])
    assert ID not in str(draft.attachments), "what was found is not kept with the draft: it would be the leak itself"
    with pytest.raises(Refused, match="隐藏"):
        actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    actions.cover(record.pk, revision=draft.revision, actor=town.who("clerk"), on=DAY)
    actions.submit(record.pk, actor=town.who("clerk"), on=DAY)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "a.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.png"),
        (b"MZ\x90\x00" + b"\0" * 200, "a.docx"),
    ],
)
def test_active_content_is_refused_whatever_its_name(second_reviewer: Town, data: bytes, name: str) -> None:
    town = second_reviewer
    record = begun(town, {"title": "公示"}, "notice")
    with pytest.raises(Refused):
        actions.attach(record.pk, data, name, {}, revision=0, actor=town.who("clerk"), on=DAY)


def test_a_map_without_its_number_is_stopped(second_reviewer: Town) -> None:
    """D7: 含地图 ticked without 审图号 does not pass; with the number it does."""
    town = second_reviewer
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + bytes.fromhex(
        "0000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
    )
    record = begun(town, {**NOTICE, "title": "学区划分公示", "body": "见图。"}, "notice")
    draft = actions.attach(
        record.pk, png, "学区图.png", {"alt": "学区划分图", "map": "1"}, revision=0, actor=town.who("clerk"), on=DAY
    )
    with pytest.raises(Refused, match="审图号"):
        actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    digest = draft.attachments[0]["digest"]
    actions.describe(
        record.pk, digest, {"map_number": "云S〔2026〕012号"}, revision=draft.revision, actor=town.who("clerk"), on=DAY
    )
    actions.submit(record.pk, actor=town.who("clerk"), on=DAY)


def test_limited_records_are_found_by_their_code_only(second_reviewer: Town) -> None:
    town = second_reviewer
    values = {
        **NOTICE,
        "title": "某小区改造补偿名单",
        "body": "名单。",
        "audience": "limited",
        "audience_basis": "只涉及本小区住户，在需要的范围内公开",
    }
    record = out(town, begun(town, values, "notice"))
    assert not reads.visible(None).exists()
    assert record.access_code and reads.by_code(record.access_code) == record
    assert reads.by_code("x") is None
    actions.withdraw(record.pk, "期满", actor=town.who("clerk"), on=DAY)
    assert reads.by_code(record.access_code) is None and not reads.tombs().exists()
