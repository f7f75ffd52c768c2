"""Deadlines that wait: for an event, or for a period that the office sets."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
RELATIVE = """青禾县2026年补充任务分工

序号\t工作任务\t具体要求\t责任单位
1\t决策公开\t听证会结束后10日内公布听证报告。\t县司法局
2\t信息更新\t机构职能信息变动的，及时更新。\t县司法局
"""


@pytest.fixture
def task(visit: Visit, request: pytest.FixtureRequest) -> str:
    """A plan with a relative deadline and one of 及时, imported by 陈瑜; the address of its ledger."""
    page = visit("chen.yu", path="/desk/plans/")
    page.get_by_label("或者粘贴文字").fill(RELATIVE.replace("补充", f"{request.node.name[:20]}补充"))
    page.locator("select[name=body]").select_option(label="青禾县")
    press(page.get_by_role("button", name="上传并核对"))
    page.get_by_label("印发日期").fill("2026-10-08")
    if page.get_by_role("button", name="全部确认").count():
        page.get_by_role("button", name="保存").first.click()
        page.get_by_role("button", name="全部确认").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_url("**/desk/ledger/?plan=*")
    return page.url


def test_an_event_gives_the_date(visit: Visit, task: str) -> None:
    """Given 听证会结束后10日内, when 陈瑜 says the hearing ended, then it is due on the tenth day after it.

    Ended on Monday 9 November: 民法典第201条 does not count that day, so Thursday 19 November.
    Ended on 11 November the tenth day were a Saturday: 第203条 moves it to Monday 23 November.
    """
    page = visit("chen.yu", path=task)
    row = page.locator("table.ledger tr", has_text="听证会结束后10日内公布")
    expect(row.locator(".status")).to_have_text("待起算")
    page.goto(row.locator("a").first.get_attribute("href") or "")
    see(page)
    page.locator("input[name=day]").fill("2026-11-09")
    page.get_by_role("button", name="算出期限").click()
    expect(page.locator("ul.duties time")).to_have_text("2026年11月19日")
    expect(page.locator(".status").first).to_have_text("已逾期")
    see(page)
    page.goto(task)
    expect(row.locator("time")).to_have_text("2026-11-19")
    page.goto(row.locator("a").first.get_attribute("href") or "")
    page.locator("input[name=day]").fill("2026-11-11")
    page.get_by_role("button", name="算出期限").click()
    expect(page.locator("ul.duties time")).to_have_text(["2026年11月19日", "2026年11月23日"])


def test_a_review_period_gives_dates(visit: Visit, task: str) -> None:
    """Given 及时更新, when 陈瑜 sets a review each quarter, then the quarter's end is due, and 不设 takes it back."""
    page = visit("chen.yu", path=task)
    row = page.locator("table.ledger tr", has_text="机构职能信息变动")
    expect(row.locator(".status")).to_have_text("待起算")
    page.goto(row.locator("a").first.get_attribute("href") or "")
    page.get_by_label("复核周期").select_option(label="每季度")
    page.get_by_role("button", name="设定").click()
    expect(page.locator("ul.duties time").last).to_have_text("2026年12月31日")
    see(page)
    page.get_by_label("复核周期").select_option(label="不设")
    page.get_by_role("button", name="设定").click()
    expect(page.locator("ul.duties time")).to_have_count(0)


def test_an_event_still_to_come_is_refused(visit: Visit, task: str) -> None:
    """Given a day that has not come, when the browser lets it through, then the refusal says so in words."""
    page = visit("chen.yu", path=task)
    page.goto(page.locator("table.ledger tr", has_text="听证会结束").locator("a").first.get_attribute("href") or "")
    field = page.locator("input[name=day]")
    field.evaluate("e => e.removeAttribute('max')")
    field.fill("2027-01-01")
    page.get_by_role("button", name="算出期限").click()
    expect(page.locator("#told li")).to_have_count(1)
    see(page)
