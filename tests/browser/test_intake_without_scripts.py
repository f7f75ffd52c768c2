"""The intake without scripts: each step on a row is a page of its own, and leads back to the row."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
PASTED = """青禾县2026年政务公开补充任务分工

序号\t工作任务\t具体要求\t责任单位\t完成时限
1\t公开预算\t公开县级预算执行情况，附表格和说明。每季度公布一次。\t县财政局\t2026年12月10日前
2\t公开教育信息\t公布义务教育学校招生范围和结果。\tNAME\t2026年12月20日前
"""


def bring(page: Page, name: str = "县教育局") -> str:
    """Paste the table and send it; the address of the draft comes back."""
    page.goto("/desk/plans/")
    page.get_by_label("或者粘贴文字").fill(PASTED.replace("NAME", name))
    press(page.get_by_role("button", name="上传并核对"))
    page.wait_for_url(re.compile(r"/desk/plans/draft/\d+/$"))
    return page.url


def back_at(page: Page, draft: str, key: str) -> None:
    """The page is the draft again, at the row."""
    assert page.url == f"{draft}#row-{key}"
    expect(page.locator(f"#row-{key}")).to_be_in_viewport()


def key_of(page: Page, at: int) -> str:
    """The key of a row."""
    return page.locator("#rows article.row").nth(at).get_attribute("data-key") or ""


def whole(page: Page) -> None:
    """A page with its frame, not a part of one."""
    expect(page.get_by_role("navigation", name="主要栏目")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_a_row_is_corrected(visit: Visit) -> None:
    """Given no scripts, when 修改 is pressed, then a whole page opens, and 保存 leads back to the row."""
    page = visit("chen.yu", script=False)
    draft = bring(page)
    key = key_of(page, 1)
    rows = page.locator("#rows article.row")
    rows.nth(1).get_by_role("link", name="修改").click()
    whole(page)
    page.get_by_label("具体要求").fill("公布义务教育学校招生计划。")
    page.get_by_role("button", name="保存").click()
    back_at(page, draft, key)
    expect(rows.nth(1)).to_contain_text("招生计划。")
    rows.nth(1).get_by_role("link", name="修改").click()
    page.get_by_role("link", name="取消").click()
    back_at(page, draft, key)


def test_a_row_is_split(visit: Visit) -> None:
    """Given no scripts, when 拆分 is pressed, then a page offers every place to cut, and the row is two."""
    page = visit("chen.yu", script=False)
    draft = bring(page)
    key = key_of(page, 0)
    rows = page.locator("#rows article.row")
    rows.nth(0).get_by_role("button", name="拆分").click()
    whole(page)
    page.get_by_role("button", name="在第18个字后断开").click()
    back_at(page, draft, key)
    expect(rows).to_have_count(3)
    expect(rows.nth(0).locator("[data-text]")).to_have_text(re.compile("附表格和说明。$"))
    expect(rows.nth(1).locator("[data-text]")).to_have_text("每季度公布一次。")
    # A place without a mark is told by its number.
    rows.nth(1).get_by_role("button", name="拆分").click()
    page.get_by_label("第几个字后面", exact=False).fill("3")
    page.get_by_role("button", name="断开", exact=True).click()
    expect(rows).to_have_count(4)
    expect(rows.nth(1).locator("[data-text]")).to_have_text("每季度")


def test_a_name_is_answered(visit: Visit) -> None:
    """Given no scripts and a name no body has, when it is pressed, then a page asks whom it means, once."""
    page = visit("chen.yu", script=False)
    draft = bring(page, "校舍安全专班")
    key = key_of(page, 1)
    page.get_by_role("button", name="“校舍安全专班”是哪个单位？").click()
    whole(page)
    asked = page.url
    page.get_by_role("checkbox", name=re.compile("青禾县教育体育局$")).check()
    page.get_by_role("button", name="记住").click()
    back_at(page, draft, key)
    expect(page.get_by_role("button", name="“校舍安全专班”是哪个单位？")).to_have_count(0)
    page.goto(asked.split("#")[0])
    expect(page.get_by_text("都已经有对应的单位")).to_be_visible()


def test_the_next_open_row(visit: Visit) -> None:
    """Given no scripts, when 下一条待定 is pressed, then the first row that is open is in sight."""
    page = visit("chen.yu", script=False)
    draft = bring(page, "教学楼安全专班")
    page.get_by_role("link", name="下一条待定").click()
    back_at(page, draft, key_of(page, 1))


@pytest.mark.parametrize("query", ["row/{}/?edit=1", "row/{}/?split=1", "row/{}/", "?ask={}"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_pages_are_clean(visit: Visit, query: str, phone: bool) -> None:
    """Given such a page opened in a tab of its own, then it can be read, and no script stumbles over it."""
    page = visit("chen.yu", phone=phone)
    draft = bring(page, "操场安全专班")
    page.goto(draft + query.format(key_of(page, 1)))
    whole(page)
    see(page)
    if "edit" in query:
        page.get_by_role("button", name="保存").click()
        page.wait_for_url(re.compile(r"/draft/\d+/#row-"))


def test_scripts_take_the_part_only(visit: Visit) -> None:
    """Given scripts, when a row is corrected, then the answer is the row and no second frame of the page."""
    page = visit("chen.yu")
    draft = bring(page)
    page.locator("#rows article.row").nth(0).get_by_role("link", name="修改").click()
    expect(page.locator("article.row.editing")).to_have_count(1)
    expect(page.get_by_role("navigation", name="主要栏目")).to_have_count(1)
    page.locator("article.row.editing").get_by_role("link", name="取消").click()
    expect(page.locator("article.row.editing")).to_have_count(0)
    assert page.url == draft
