"""公开时限: strings of county and township directories, each with what it asks for, typed by hand.

The first block are the strings of law.md §5 and YAML 15.7; the others are met in directories or differ from these in
digits, blanks and words only.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.scheme.reading import Kind, read_limit

MADE_OR_CHANGED = "信息形成或者变更"
LIMITS: list[tuple[str, dict[str, Any]]] = [
    ("信息形成或者变更之日起20个工作日内", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": MADE_OR_CHANGED}),
    ("信息形成之日起20个工作日内", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": "信息形成"}),
    ("自信息形成或者变更之日起20个工作日内予以公开", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": MADE_OR_CHANGED}),
    ("自制作或获取该信息之日起20个工作日内公开", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": "制作或获取该信息"}),
    ("20工作日", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": ""}),
    ("信息形成或变更之日起3个工作日内", {"kind": "relative", "amount": 3, "unit": "wd", "trigger": "信息形成或变更"}),
    ("实时公开", {"kind": "immediate"}),
    ("实时", {"kind": "immediate"}),
    ("及时公开", {"kind": "promptly", "cap": 20}),
    ("及时", {"kind": "promptly", "cap": 20}),
    ("及时公开，公告期限为5个工作日", {"kind": "promptly", "posting_days": 5, "posting_unit": "wd", "also": ("posting",)}),
    ("公告期限为5个工作日", {"kind": "posting", "posting_days": 5, "posting_unit": "wd"}),
    ("按季度", {"kind": "periodic", "period": "quarter"}),
    ("按月", {"kind": "periodic", "period": "month"}),
    ("按半年", {"kind": "periodic", "period": "half-year"}),
    ("按年", {"kind": "periodic", "period": "year"}),
    ("长期公开", {"kind": "standing"}),
    ("集中公示7天", {"kind": "posting", "posting_days": 7, "posting_unit": "d"}),
    # named in the brief
    ("二十个工作日", {"kind": "relative", "amount": 20, "unit": "wd"}),
    ("２０个工作日内", {"kind": "relative", "amount": 20, "unit": "wd"}),
    ("20 个 工作日 内", {"kind": "relative", "amount": 20, "unit": "wd"}),
    ("20个工作日内", {"kind": "relative", "amount": 20, "unit": "wd"}),
    ("每年公开一次，信息形成之日起20个工作日内", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": "信息形成", "period": "year", "also": ("periodic",)}),
    ("按季度公开", {"kind": "periodic", "period": "quarter"}),
    ("公示期不少于7天", {"kind": "posting", "posting_days": 7, "posting_unit": "d"}),
    ("每年3月31日前", {"kind": "yearly_by", "month": 3, "day": 31}),
    ("每年6月底前公开", {"kind": "yearly_by", "month": 6, "day": None}),
    ("变更后及时更新", {"kind": "on_change"}),
    # calendar days, other events (law.md §1.3)
    ("本级人民代表大会或其常务委员会批准后20日内", {"kind": "relative", "amount": 20, "unit": "d", "trigger": "本级人民代表大会或其常务委员会批准"}),
    ("财政部门批复后二十日内", {"kind": "relative", "amount": 20, "unit": "d", "trigger": "财政部门批复"}),
    ("中标、成交供应商确定之日起2个工作日内", {"kind": "relative", "amount": 2, "unit": "wd", "trigger": "中标、成交供应商确定"}),
    ("自采购合同签订之日起两个工作日内", {"kind": "relative", "amount": 2, "unit": "wd", "trigger": "采购合同签订"}),
    ("收到批准文件之日起15个工作日内", {"kind": "relative", "amount": 15, "unit": "wd", "trigger": "收到批准文件"}),
    ("自作出行政处罚决定之日起七个工作日内", {"kind": "relative", "amount": 7, "unit": "wd", "trigger": "作出行政处罚决定"}),
    ("信息形成20个工作日内公开", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": "信息形成"}),
    ("信息形成（变更）之日起20个工作日内", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": "信息形成(变更)"}),
    ("信息形成或者变更之日起\n20个工作日内", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": MADE_OR_CHANGED}),
    ("自信息形成或者变更之日起20个工作日内及时公开；法律、法规另有规定的，从其规定", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": MADE_OR_CHANGED}),
    ("信息形成后24小时内", {"kind": "relative", "amount": 24, "unit": "h", "trigger": "信息形成"}),
    ("文件印发之日起1个月内", {"kind": "relative", "amount": 1, "unit": "m", "trigger": "文件印发"}),
    ("决定作出后一周内", {"kind": "relative", "amount": 7, "unit": "d", "trigger": "决定作出"}),
    ("每季度终了后15日内", {"kind": "relative", "amount": 15, "unit": "d", "trigger": "每季度终了", "period": "quarter"}),
    ("信息形成之日起5个自然日内", {"kind": "relative", "amount": 5, "unit": "d", "trigger": "信息形成"}),
    ("及时公开，20个工作日内", {"kind": "relative", "amount": 20, "unit": "wd", "trigger": ""}),
    ("10个工作日内公布，公示期不少于7日", {"kind": "relative", "amount": 10, "unit": "wd", "posting_days": 7, "posting_unit": "d"}),
    ("提前5个工作日", {"kind": "before", "amount": 5, "unit": "wd"}),
    ("听证会召开前7日", {"kind": "before", "amount": 7, "unit": "d", "trigger": "听证会召开"}),
    ("提前10日公告", {"kind": "before", "amount": 10, "unit": "d"}),
    ("事项办结后及时公开", {"kind": "promptly", "trigger": "事项办结"}),
    ("公示期满后3个工作日内", {"kind": "relative", "amount": 3, "unit": "wd", "trigger": "公示期满"}),
    ("信息形成之日起5个工作日内公开，长期公开", {"kind": "relative", "amount": 5, "unit": "wd", "also": ("standing",)}),
    # posting
    ("公示期：5个工作日", {"kind": "posting", "posting_days": 5, "posting_unit": "wd"}),
    ("公告期不少于30日", {"kind": "posting", "posting_days": 30, "posting_unit": "d"}),
    ("公示时间不得少于十个工作日", {"kind": "posting", "posting_days": 10, "posting_unit": "wd"}),
    ("公示7个工作日以上", {"kind": "posting", "posting_days": 7, "posting_unit": "wd"}),
    ("及时公开，公示不少于三天", {"kind": "promptly", "posting_days": 3, "posting_unit": "d"}),
    ("征求意见期限不少于30日", {"kind": "posting", "posting_days": 30, "posting_unit": "d"}),
    # periods
    ("每月公开", {"kind": "periodic", "period": "month"}),
    ("每季度更新一次", {"kind": "periodic", "period": "quarter"}),
    ("每半年公布一次", {"kind": "periodic", "period": "half-year"}),
    ("一年一次", {"kind": "periodic", "period": "year"}),
    ("年度公开", {"kind": "periodic", "period": "year"}),
    ("每周更新", {"kind": "periodic", "period": "week"}),
    ("每学期公开一次", {"kind": "periodic", "period": "term"}),
    ("按年度公开", {"kind": "periodic", "period": "year"}),
    ("每月10日前", {"kind": "periodic", "period": "month", "day": 10}),
    ("按季度及时公开", {"kind": "periodic", "period": "quarter", "also": ("promptly",)}),
    # by a day of each year
    ("每年一月底前", {"kind": "yearly_by", "month": 1, "day": None}),
    ("每年年底前", {"kind": "yearly_by", "month": 12, "day": None}),
    ("每年第一季度", {"kind": "yearly_by", "month": 3, "day": None}),
    ("次年1月31日前", {"kind": "yearly_by", "month": 1, "day": 31, "next_year": True}),
    ("每年12月份", {"kind": "yearly_by", "month": 12, "day": None}),
    ("每年十二月三十一日前", {"kind": "yearly_by", "month": 12, "day": 31}),
    # standing and change
    ("常年公开", {"kind": "standing"}),
    ("长期公开，变更后及时更新", {"kind": "standing", "also": ("on_change",)}),
    ("长期公开（动态更新）", {"kind": "standing", "also": ("on_change",)}),
    ("动态调整", {"kind": "on_change"}),
    ("信息发生变化时及时更新", {"kind": "on_change"}),
    ("立即公开", {"kind": "immediate"}),
    ("即时", {"kind": "immediate"}),
    ("及时公开并动态更新", {"kind": "promptly", "also": ("on_change",)}),
]  # fmt: skip
UNKNOWN = ["", "按规定时限公开", "定期", "视情况而定", "2026年6月30日前", "批准后20内", "法定时限内"]
DEFAULTS: dict[str, Any] = {
    "amount": None, "unit": "", "posting_days": None, "posting_unit": "", "period": "", "month": None, "day": None,
    "next_year": False, "rest": "",
}  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), LIMITS, ids=[r for r, _ in LIMITS])
def test_a_limit_is_read(raw: str, expected: dict[str, Any]) -> None:
    limit = read_limit(raw)
    for name, value in (DEFAULTS | expected).items():
        assert getattr(limit, name) == value, name
    assert limit.raw == raw


@pytest.mark.parametrize("raw", UNKNOWN)
def test_what_is_not_understood_is_kept_and_said(raw: str) -> None:
    limit = read_limit(raw)
    assert limit.kind is Kind.UNKNOWN
    assert limit.raw == raw and limit.amount is None


def test_what_stands_beside_is_said() -> None:
    limit = read_limit("信息形成之日起20个工作日内（征地信息10个工作日内）")
    assert (limit.kind, limit.amount) == (Kind.RELATIVE, 20)
    assert "征地信息10个工作日" in limit.rest


@given(st.text("信息形成变更之日起二十20个工作内及时公开，每年季度月底前长期示不少于7天()；— ", max_size=30))
def test_any_words_are_kept(raw: str) -> None:
    limit = read_limit(raw)
    assert limit.raw == raw and limit.kind in Kind
