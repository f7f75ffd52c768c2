"""Validity: terms, repeal and what leans on it, clean-up rounds; import of old documents."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.base.issues import Refused
from gongkai.records import actions, reads, rules
from gongkai.records.kinds import kind_of
from gongkai.records.models import CleanUp, CleanUpRow, Draft, Record
from tests.records import DAY, Town, begun
from tests.records.test_publishing import interpretation, out

Make = Callable[..., dict[str, object]]


def test_validity_follows_decisions_then_dates(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = out(town, begun(town, normative()))
    days = {dt.date(2026, 3, 31): "pending", dt.date(2026, 4, 1): "valid", dt.date(2031, 3, 31): "valid"}
    days |= {dt.date(2031, 4, 1): "lapsed"}
    for day, state in days.items():
        assert rules.validity(record, day) == state, day
        assert list(reads.visible(None).filter(reads.valid_on(day, state))) == [record]
        for other in set(rules.VALIDITY) - {state}:
            assert not reads.visible(None).filter(reads.valid_on(day, other)).exists(), (day, other)


def test_repeal_flags_what_leans_on_it(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    old = out(town, begun(town, normative()))
    told = out(town, begun(town, interpretation(old), "interpretation"))
    new = out(town, begun(town, normative(title="新办法", document_number="石民规〔2026〕2号")))
    assert not reads.leaning_on_ended(None, DAY).exists()
    with pytest.raises(Refused, match="写明依据的文件"):
        actions.decide_validity(old.pk, "repeal", actor=town.who("clerk"), on=DAY)
    actions.decide_validity(old.pk, "repeal", actor=town.who("clerk"), on=DAY, by=new.pk)
    held = Record.objects.get(pk=old.pk)
    assert rules.validity(held, DAY) == "repealed" and held.endings.get().by == new
    assert list(reads.leaning_on_ended(None, DAY)) == [told]
    with pytest.raises(Refused, match="已经废止"):
        actions.decide_validity(old.pk, "invalid", actor=town.who("clerk"), on=DAY, reason="再来")


def test_what_ends_soon_is_told(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    out(town, begun(town, normative(expires="2026-08-20", effective="2024-08-21")))
    assert reads.ending_soon(town.who("clerk"), dt.date(2026, 2, 20)).count() == 0
    assert reads.ending_soon(town.who("clerk"), dt.date(2026, 2, 21)).count() == 1


def test_a_round_over_every_document(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    documents = [
        out(town, begun(town, normative(title=f"办法{n}", document_number=f"石民规〔2026〕{n}号"))) for n in range(1, 5)
    ]
    with pytest.raises(Refused, match="文件清理由"):
        actions.open_cleanup(town.orgs["civil"], "清理", actor=town.who("stranger"), on=DAY)
    round_ = actions.open_cleanup(town.orgs["county"], "2026年规范性文件清理", actor=town.who("office"), on=DAY)
    rows = {r.record_id: r.pk for r in CleanUpRow.objects.filter(cleanup=round_)}
    assert set(rows) == {d.pk for d in documents}
    clerk = town.who("clerk")
    actions.propose(rows[documents[0].pk], "keep", actor=clerk, on=DAY, until=dt.date(2029, 12, 31))
    actions.propose(rows[documents[1].pk], "repeal", actor=clerk, on=DAY, by=documents[0].pk)
    actions.propose(rows[documents[2].pk], "invalid", actor=clerk, on=DAY, reason="调整对象已消失")
    with pytest.raises(Refused, match="还有1份文件没有意见"):
        actions.apply_cleanup(round_.pk, actor=town.who("office"), on=DAY, close=True)
    assert rules.validity(Record.objects.get(pk=documents[1].pk), DAY) == "pending", "nothing was half applied"
    actions.propose(rows[documents[3].pk], "modify", actor=clerk, on=DAY)
    assert actions.apply_cleanup(round_.pk, actor=town.who("office"), on=DAY, close=True) == 4
    after = dt.date(2026, 5, 1)
    states = [rules.validity(Record.objects.get(pk=d.pk), after) for d in documents]
    assert states == ["valid", "repealed", "invalid", "modified"]
    assert Record.objects.get(pk=documents[0].pk).expires == dt.date(2029, 12, 31)
    assert CleanUp.objects.get().closed_on == DAY


def rows_of(*rows: dict[str, str]) -> bytes:
    made = io.StringIO()
    writer = csv.DictWriter(
        made, ["标题", "文号", "发布机构", "成文日期", "发布日期", "有效性", "正文", "附件", "索引号"]
    )
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode("utf-8-sig")


def test_old_documents_come_in_and_what_does_not_hold_is_told(second_reviewer: Town, tmp_path: Path) -> None:
    town = second_reviewer
    (tmp_path / "附件一.txt").write_text("附件正文", "utf-8")
    data = rows_of(
        {
            "标题": "旧办法",
            "文号": "石民规[2019]第3号",
            "成文日期": "2019年5月6日",
            "发布日期": "2019-05-08",
            "有效性": "有效",
            "正文": "第一条",
            "附件": "附件一.txt",
            "索引号": "007280420/2019-00003",
        },
        {
            "标题": "废止的办法",
            "文号": "石民规〔2018〕1号",
            "成文日期": "2018-01-02",
            "有效性": "废止",
            "正文": "第一条",
        },
        {"标题": "没有日期的", "文号": "石民规〔2018〕9号", "正文": "第一条"},
        {
            "标题": "附件丢了",
            "文号": "石民规〔2018〕2号",
            "成文日期": "2018-01-02",
            "正文": "第一条",
            "附件": "没有.docx",
        },
        {"标题": "有身份证", "文号": "石民规〔2018〕5号", "成文日期": "2018-01-02", "正文": "王某 440106199003072314"},
        {"标题": "旧办法", "文号": "石民规〔2019〕3号", "成文日期": "2019-05-06", "正文": "第一条"},
    )
    clerk = town.who("clerk")
    run = actions.begin_import(data, "旧文件.csv", town.orgs["civil"], actor=clerk, on=DAY)
    run = actions.run_import(run.pk, actor=clerk, on=DAY, files=tmp_path, most=2)
    assert (run.done, run.made) == (2, 2)
    again = actions.begin_import(data, "旧文件.csv", town.orgs["civil"], actor=clerk, on=DAY)
    assert again.pk == run.pk, "taken up where it stopped"
    run = actions.run_import(run.pk, actor=clerk, on=DAY, files=tmp_path)
    assert [(r["row"], r["title"]) for r in run.refused] == [
        (4, "没有日期的"),
        (5, "附件丢了"),
        (6, "有身份证"),
        (7, "旧办法"),
    ]
    assert (run.done, run.made) == (6, 2)
    old = Record.objects.get(title="旧办法")
    assert old.index_number == "007280420/2019-00003" and old.document_number == "石民规〔2019〕3号"
    assert old.first_published_at is not None and old.first_published_at.astimezone().year == 2019
    assert rules.validity(Record.objects.get(title="废止的办法"), DAY) == "repealed"
    assert reads.visible(None).count() == 2


def test_a_table_without_a_title_column_is_refused(second_reviewer: Town) -> None:
    with pytest.raises(Refused, match="没有内容"):
        actions.begin_import(
            "甲,乙\n1,2\n".encode(), "表.csv", second_reviewer.orgs["civil"], actor=second_reviewer.who("clerk"), on=DAY
        )


@pytest.mark.parametrize(
    ("title", "expires", "said"),
    [
        ("石桥县临时救助实施办法", "2031-04-01", ""),
        ("石桥县临时救助实施办法", "2031-04-02", "有效期超过5年"),
        ("石桥县临时救助实施办法（试行）", "2029-04-01", ""),
        ("石桥县临时救助实施暂行办法", "2029-04-02", "有效期超过3年"),
    ],
)
def test_how_long_a_document_may_be_valid(title: str, expires: str, said: str) -> None:
    """The kind's file says how long, and how long on trial."""
    held = Draft(title=title, effective=dt.date(2026, 4, 1), expires=dt.date.fromisoformat(expires), fields={})
    found = [f.say for f in rules.missing(kind_of("normative"), held) if f.rule == "term"]
    assert [s.partition("。")[0] for s in found] == ([said] if said else [])
    assert not found or found[0].endswith("规范性文件有效期一般不超过5年，试行、暂行的不超过3年（以本省规定为准）。")
