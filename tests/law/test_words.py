"""What people read: the steps, the assumptions, and the refusals."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from gongkai.law.calendar import Calendar
from gongkai.law.clocks import ClockError, due, rules, working_days
from gongkai.law.rulebook import KINDS, load

R = {"received": "2026-09-21"}


def texts(rule: str, facts: dict, **more: object) -> str:
    return "\n".join(f"{s.day} {s.text} {s.basis}" for s in due(rule, facts, **more).steps)


def test_reply_names_holidays_and_make_up_days() -> None:
    words = texts("reply", R)
    assert "2026-09-25至09-27 中秋节放假，不计" in words
    assert "2026-10-01至10-07 国庆节放假，不计 国办发明电〔2025〕7号" in words
    assert "2026-10-10（周六）调休上班，计入" in words
    assert "第20个工作日为2026-10-26（周一）" in words
    assert "第三十一条" in words and "第二百零一条" in words


def test_json() -> None:
    found = due("依申请公开答复", {"收到日期": "2026年9月21日"}).to_json()
    assert found["due"] == "2026-10-26" and found["provisional"] is False
    assert found["rule"] == "reply" and "第三十三条" in found["citation"]
    assert set(found["steps"][0]) == {"date", "text", "basis"}
    json.dumps(found)
    later = working_days(40, "2026-11-23").to_json()
    assert later["provisional_reason"] == "2027年放假安排通知尚未收录，暂按周一至周五计算，通知发布后须重算"


def test_consultation_says_what_it_assumes() -> None:
    open_ = due("reply", R | {"third_party_asked": "2026-09-22"})
    assert "送达日期未提供" in open_.assumptions[0] and "2026-10-20" in open_.assumptions[0]
    served = {"co_producer_asked": "2026-09-22", "co_producer_served": "2026-09-23"}
    assert "视为同意公开" in texts("reply", R | served)
    assert "由行政机关依照条例的规定决定" in texts("reply", R | {"third_party_asked": "2026-09-22"})
    both = {
        "third_party_asked": "2026-09-22",
        "third_party_answered": "2026-09-30",
        "co_producer_asked": "2026-09-28",
        "co_producer_answered": "2026-10-10",
    }
    words = texts("reply", R | both)
    assert "其中2个与其他期间重叠，只扣除一次" in words
    assert "调休上班，但在征求意见期间，不计" in words
    late = {"third_party_asked": "2026-09-22", "third_party_answered": "2026-10-30"}
    assert "只扣除到该日" in texts("reply", R | late) and due("reply", R | late).assumptions
    assert "发出时期限已届满" in texts("reply", R | {"third_party_asked": "2026-11-01"})
    before = late | {"third_party_answered": "2026-09-24", "correction_received": "2026-09-28"}
    assert "在期限重新计算之前结束" in texts("reply", R | before)


def test_other_steps() -> None:
    assert "尚未收到补正" in texts("reply", R | {"correction_asked": "2026-09-23"})
    assert "已超过收到申请之日起7个工作日" in texts("reply", R | {"correction_asked": "2026-10-09"})
    assert "未经核实" in texts("reply", R | {"paid": "2026-10-09"})
    assert "尚未告知" in texts("reply", R | {"extension_approved": "2026-10-09"})
    extended = R | {"extension_approved": "2026-10-20", "extension_notified": "2026-10-20"}
    assert "增加20个工作日" in texts("reply", extended)
    spent = extended | {"correction_received": "2026-10-21"}
    assert "针对重新计算之前的期限" in texts("reply", spent)
    assert "代替原期限（2026-10-26）" in texts("reply", R | {"set_date": "2026-12-31"})
    assert "以双方确认之日为收到申请之日" in texts("reply", {"channel": "互联网", "confirmed": "2026-09-21"})
    assert "不顺延" in texts("annual_report_department", {"year": 2025})
    assert "第二百零三条" in texts("reconsideration", {"known": "2026-08-04"})
    assert "施行日未经核实" in texts("fee_payment", {"fee_notified": "2020-12-01"})
    assert "2027年放假安排通知尚未收录，可能调整" in texts("proactive_publish", {"formed": "2026-12-01"})


def test_settings_are_marked_and_may_be_changed() -> None:
    for rule in rules():
        assert rule.setting == (rule.src in "LSM" or rule.code == "message_hard_limit"), rule.code
        assert set(rule.kinds) <= set(KINDS)
    assert "本期限为可配置的默认值，未经核实" in texts("message_general", {"received": "2026-11-23"})
    changed = due("message_general", {"received": "2026-11-23"}, settings={"message_general": 3})
    assert changed.day == dt.date(2026, 11, 26)
    assert any("改为3个工作日" in step.text for step in changed.steps)
    with pytest.raises(ClockError, match="法定期限"):
        due("reply", R, settings={"reply": 30})
    paid = R | {"fee_notified": "2026-10-08", "paid": "2026-10-09"}
    assert due("reply", paid, settings={"reply.paid": False}).day == dt.date(2026, 10, 26)
    assert "期限不重新计算" in texts("reply", paid, settings={"reply.paid": False})


def test_versions_follow_the_start_day(tmp_path: Path) -> None:
    (tmp_path / "facts.toml").write_text('[received]\nlabel = "收到日期"\nmeaning = "收到"\n', "utf-8")
    body = """[[rule]]
code = "x"
title = "某期限"
kind = "run"
unit = "wd"
start = ["received"]
from = "自收到之日起"
src = "F"
"""
    old = 'amount = 3\ncitation = "旧法"\nin_force_from = 2020-01-01\nin_force_to = 2026-09-21\n'
    new = 'amount = 5\ncitation = "新法"\nin_force_from = 2026-09-22\n'
    (tmp_path / "x.toml").write_text(body + old + body + new, "utf-8")
    laws = load(tmp_path)
    assert due("x", {"received": "2026-09-21"}, rulebook=laws).day == dt.date(2026, 9, 24)
    assert due("x", {"received": "2026-09-22"}, rulebook=laws).day == dt.date(2026, 9, 30)
    with pytest.raises(ClockError, match="自2020-01-01起施行"):
        due("x", {"received": "2019-12-31"}, rulebook=laws)


ASK = {"third_party_asked": "2026-09-23"}
EXT = {"extension_approved": "2026-10-20", "extension_notified": "2026-10-20"}


@pytest.mark.parametrize(
    ("rule", "facts", "words"),
    [
        ("replay", R, ["没有名为“replay”", "依申请公开答复", "reply"]),
        ("答复期", R, ["没有名为", "是否指"]),
        ("zzzzzz", R, ["--list"]),
        ("", R, ["没有名为"]),
        ("reply", {}, ["缺少“收到日期”（received）", "channel"]),
        ("proactive_publish", {}, ["缺少“形成日期”（formed）或“变更日期”（changed）"]),
        ("reply", {"channel": "互联网", "submitted": "2026-09-21"}, ["双方确认日期", "confirmed"]),
        ("reply", {"channel": "信鸽", "received": "2026-09-21"}, ["不认识渠道“信鸽”"]),
        ("reply", R | {"channel": "fax", "confirmed": "2026-09-22"}, ["不一致"]),
        ("reply", {"channel": "fax", "confirmed": "2026-09-22", "submitted": "2026-09-23"}, ["早于"]),
        ("reply", R | {"colour": "2026-09-22"}, ["不使用事实“colour”", "可用的有"]),
        ("reply", {"received": "2026-02-30"}, ["“2026-02-30”不是日期"]),
        ("reply", {"received": "昨天"}, ["不是日期"]),
        ("reply", {"received": 20260921}, ["不是日期"]),
        ("reply", {"received": "0026-09-21"}, ["请检查年份"]),
        ("reply", {"received": "9999-12-31T23:00-10:00"}, ["不是日期"]),
        ("reply", {"received": ["2026-09-21", "2026-09-22"]}, ["只能有一个"]),
        ("reply", R | {"收到日期": "2026-09-22"}, ["只能有一个"]),
        ("reply", R | {"paid.2": "2026-09-22"}, ["只能有一个"]),
        ("reply", R | {"third_party_asked.0": "2026-09-22"}, ["序号"]),
        ("reply", {"received": "2019-05-14"}, ["自2019-05-15起施行", "2019-05-14"]),
        ("annual_report_department", {"year": 2018}, ["2019年度"]),
        ("annual_report_department", {"year": "去年"}, ["年份"]),
        ("annual_report_department", {"year": dt.date.max}, ["2198"]),
        ("annual_report_department", {"year": "9" * 5000}, ["年份"]),
        ("two\nlines", R, ["two lines"]),
        ("reply", {"received": "two\nlines"}, ["two lines"]),
        (
            "reply",
            R | ASK | {"third_party_answered": "2026-09-22"},
            ["第三方答复日期", "早于", "征求第三方意见日期"],
        ),
        ("reply", R | ASK | {"third_party_served": "2026-09-22"}, ["早于"]),
        ("reply", R | {"third_party_asked": "2026-09-20"}, ["早于", "收到日期"]),
        (
            "reply",
            R | {"third_party_answered": "2026-09-30"},
            ["缺少“征求第三方意见日期”（third_party_asked）"],
        ),
        ("reply", R | ASK | {"third_party_answered.2": "2026-09-30"}, ["第2次", "缺少"]),
        ("reply", R | {"correction_received": "2026-09-20"}, ["早于"]),
        ("reply", R | {"correction_asked": "2026-09-24", "correction_received": "2026-09-23"}, ["早于"]),
        ("reply", R | {"fee_notified": "2026-09-24", "paid": "2026-09-23"}, ["早于"]),
        ("proactive_publish", {"formed": "2026-09-22", "changed": "2026-09-21"}, ["早于"]),
        ("reply", R | EXT | {"extension_days": 21}, ["延长天数21不合规定", "1至20个工作日", "第三十三条"]),
        ("reply", R | EXT | {"extension_days": 0}, ["1至20"]),
        ("reply", R | EXT | {"extension_days": "很多"}, ["天数"]),
        ("reply", R | {"extension_days": 5}, ["延期批准日期"]),
        ("reply", R | {"extension_notified": "2026-10-20"}, ["延期批准日期"]),
        (
            "reply",
            R | EXT | {"extension_approved": "2026-10-27", "extension_notified": "2026-10-27"},
            ["2026-10-26"],
        ),
        (
            "reply",
            R | EXT | {"extension_notified": "2026-10-27"},
            ["延期告知日期", "晚于原期限最后一日2026-10-26"],
        ),
        ("reply", R | EXT | {"extension_notified": "2026-10-19"}, ["早于"]),
        ("reply", R | {"set_date": "2026-09-20"}, ["早于"]),
        ("opinion_other", {"occurred": "2026-11-27"}, ["时分"]),
        ("opinion_other", {"occurred": dt.date(2026, 11, 27)}, ["时分"]),
        ("petition_finish", {"accepted": "2026-08-04"} | EXT, ["晚于原期限最后一日2026-10-08"]),
        ("direct_suit", {"known": "2199-12-01"}, ["2199年"]),
        ("reply", {"received": "2199-12-20"}, ["2199年"]),
    ],
)
def test_refusals(rule: str, facts: dict, words: list[str]) -> None:
    with pytest.raises(ClockError) as caught:
        due(rule, facts)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert "\n" not in message and message[-1] in "。？"
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("n", [0, -1, 1.5, True, 10**9])
def test_working_days_refuses(n: object) -> None:
    with pytest.raises(ClockError, match="整数"):
        working_days(n, "2026-09-21")  # type: ignore[arg-type]


def test_empty_values_are_not_yet() -> None:
    facts = R | {"correction_received": None, "third_party_asked": ["2026-09-22", None], "paid": ""}
    assert due("reply", facts | {"third_party_answered": ["2026-09-24"]}).day == dt.date(2026, 10, 28)


def test_overlay_changes_the_reply(tmp_path: Path) -> None:
    file = tmp_path / "local.toml"
    file.write_text('title = "某县通知"\nwork = [2026-10-11]\n', "utf-8")
    local = Calendar.load(file)
    assert due("reply", R, local).day == dt.date(2026, 10, 23)
    assert "2026-10-11（周日）调休上班，计入 某县通知" in texts("reply", R, calendar=local)
