"""Other ways in: pasted text, and what is refused."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
PASTED = """青禾县2026年政务公开补充任务分工

序号\t工作任务\t具体要求\t责任单位\t完成时限
1\t公开预算\t公开县级预算执行情况，附表格和说明。\t县财政局\t2026年12月10日前
2\t公开教育信息\t公布义务教育学校招生范围和结果。\t县教育局\t2026年12月20日前
3\t公开执法信息\t公布行政处罚决定，及时更新。\t县司法局\t长期坚持
"""


def test_pasted_text(visit: Visit) -> None:
    """Given a table copied from a web page, when 陈瑜 pastes it, then its rows stand in the preview."""
    page = visit("chen.yu", path="/desk/plans/")
    see(page)
    page.get_by_label("或者粘贴文字").fill(PASTED)
    press(page.get_by_role("button", name="上传并核对"))
    page.wait_for_url(re.compile(r"/desk/plans/draft/\d+/$"))
    see(page)
    rows = page.locator("#rows article.row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("县教育局")
    expect(rows.nth(1).locator("time")).to_have_text("2026-12-20")


def test_junk_is_refused(visit: Visit) -> None:
    """Given a picture named .docx and text already pasted, then the refusal is Chinese and what was typed is kept."""
    page = visit("chen.yu", path="/desk/plans/")
    typed = "1\t一条还没有写完的任务"
    page.get_by_label("或者粘贴文字").fill(typed)
    junk = {"name": "方案.docx", "mimeType": "application/octet-stream", "buffer": b"\x00\x01junk\xff" * 40}
    page.locator("input[type=file]").set_input_files(junk)
    press(page.get_by_role("button", name="上传并核对"))
    told = page.locator("#told li")
    expect(told).to_have_count(1)
    assert re.search(r"[\u4e00-\u9fff]{6,}", told.inner_text())
    expect(page.get_by_label("或者粘贴文字")).to_have_value(typed)
    see(page)


def test_text_without_tasks_is_refused(visit: Visit) -> None:
    """Given a notice with no task in it, when it is pasted, then the page says what a plan must have."""
    page = visit("chen.yu", path="/desk/plans/")
    page.get_by_label("或者粘贴文字").fill("今天下午三点开会，请准时参加。")
    press(page.get_by_role("button", name="上传并核对"))
    expect(page.locator("#told")).to_contain_text("没有读到任务")
    expect(page.get_by_label("或者粘贴文字")).to_have_value("今天下午三点开会，请准时参加。")


def test_a_name_is_answered_once(visit: Visit) -> None:
    """Given a name no body has, when 陈瑜 says whom it means, then no row of the draft asks again."""
    page = visit("chen.yu", path="/desk/plans/")
    page.get_by_label("或者粘贴文字").fill(
        PASTED.replace("县教育局", "学校安全专班").replace("县财政局", "学校安全专班")
    )
    press(page.get_by_role("button", name="上传并核对"))
    ask = page.get_by_role("button", name="“学校安全专班”是哪个单位？")
    expect(ask).to_have_count(2)
    ask.first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    see(page)
    dialog.locator("select").select_option(index=3)
    dialog.get_by_role("button", name="记住").click()
    expect(page.locator("#rows article.row")).to_have_count(3)
    expect(ask).to_have_count(0)
    expect(page.locator("#bar [role=status]")).to_contain_text("0 待定")
