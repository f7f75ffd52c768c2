"""陈瑜 imports the five shared plans: preview, doubts, keyboard, steps on rows, and only then the ledger."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import ROOT, Site
from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
PLANS = ROOT.parent / "shared" / "plans"
ROWS = {"000": 37, "001": 33, "002": 44, "003": 32, "004": 39}
HEADINGS = ("heading-order",)
"""Headings of the document itself stand as h3 below an h1: shown by `test_headings_of_the_document`."""
shared = pytest.mark.skipif(not PLANS.exists(), reason="the shared plans are not beside the repository")


def bring(page: Page, path: Path) -> str:
    """Choose a plan's file at 方案 and send it; the address of the draft comes back."""
    page.goto("/desk/plans/")
    page.get_by_label("文件", exact=False).first.set_input_files(path)
    press(page.get_by_role("button", name="上传并核对"))
    page.wait_for_url(re.compile(r"/desk/plans/draft/\d+/$"))
    return page.url


def total(page: Page) -> int:
    """How many rows the bar at the bottom counts."""
    told = page.locator("#bar [role=status]").inner_text()
    found = re.match(r"(\d+) 条", told)
    assert found, told
    return int(found[1])


@shared
@pytest.mark.parametrize(("plan", "count"), ROWS.items())
def test_shared_plan(visit: Visit, plan: str, count: int) -> None:
    """Given a plan as it came, when 陈瑜 brings it in, then every row stands in the preview and none in the ledger.

    When she confirms the rows and the import, then the ledger lists exactly so many.
    """
    page = visit("chen.yu", path="/desk/plans/")
    before = page.locator("table.plain-table tbody tr").count()
    draft = bring(page, PLANS / f"{plan}.txt")
    see(page, but=HEADINGS)
    assert total(page) == count
    assert page.locator("#rows article.row").count() == count
    assert page.locator(".paper").inner_text().strip()
    page.goto("/desk/plans/")
    assert page.locator("table.plain-table tbody tr").count() == before, "nothing is imported yet"

    page.goto(draft)
    if not page.get_by_label("标题").input_value():
        page.get_by_label("标题").fill(f"往年方案{plan}")
    if not page.get_by_label("年度").input_value():
        page.get_by_label("年度").fill("2020")
    title = page.get_by_label("标题").input_value()
    if page.get_by_role("button", name="全部确认").count():
        # Half done, it is refused in words that name the rows, and nothing is lost.
        page.get_by_role("button", name="确认导入").click()
        expect(page.locator("#told")).to_contain_text("待定")
        press(page.get_by_role("button", name="全部确认"))
    press(page.get_by_role("button", name="确认导入"))
    page.wait_for_url(re.compile(r"/desk/ledger/\?plan=\d+"))
    see(page)
    assert page.locator("table.ledger a[hx-target]").count() == count
    expect(page.locator("tr.plan-row").first).to_contain_text(title)
    expect(page.locator("nav.tabs a").first).to_have_text(f"全部 {count}")


@shared
def test_plan_004_as_printed(visit: Visit) -> None:
    """Given plan 004, then 牵头 and 责任单位 stand apart, the broken name is whole, and a late date is told."""
    page = visit("chen.yu")
    bring(page, PLANS / "004.txt")
    rows = page.locator("#rows")
    # The broken name of the ninth table row is one name.
    whole = rows.locator(".name", has_text=re.compile(r"^\s*政务服务和大数据管理局"))
    assert whole.count() > 0
    names = rows.locator(".name").all_inner_texts()
    assert not [n for n in names if n.strip() in ("政务服务和大", "数据管理局")], "no half names"
    assert rows.locator(".who", has_text="牵头").filter(has_text="配合").count() > 30
    expect(rows.locator(".doubt", has_text="早于印发日期").first).to_be_visible()


@shared
def test_plan_002_years_differ(visit: Visit) -> None:
    """Given plan 002, whose title says one year and its document number another, then the page says so."""
    page = visit("chen.yu")
    bring(page, PLANS / "002.txt")
    expect(page.get_by_text("年份不一致").first).to_be_visible()


@shared
def test_headings_of_the_document(visit: Visit) -> None:
    """Given a document with headings, when 陈瑜 reads the page by ear, then no level of heading is skipped."""
    page = visit("chen.yu")
    bring(page, PLANS / "003.txt")
    see(page)


@shared
def test_hovering_lights_the_source(visit: Visit) -> None:
    """Given the preview, when 陈瑜 points at a row, then its place in the document is lit and in sight."""
    page = visit("chen.yu")
    bring(page, PLANS / "003.txt")
    for number in (5, 20):
        one = page.locator("#rows article.row").nth(number)
        words = one.locator("[data-text]").inner_text()
        one.scroll_into_view_if_needed()
        one.hover()
        lit = page.locator(".paper .lit")
        expect(lit.first).to_be_visible()
        shown = re.sub(r"\s+", "", "".join(lit.all_inner_texts()))
        assert re.sub(r"\s+|^\d+．", "", words)[:24] in shown
        expect(lit.first).to_be_in_viewport()
    # And the other way: a click in the document leads to its row.
    page.locator(".paper mark[data-row]").nth(2).click()
    expect(page.locator("#rows article.row.lit")).to_have_count(1)


@shared
def test_by_keyboard(visit: Visit) -> None:
    """Given rows that are open, when only J, K, E and Enter are used, then rows are walked, confirmed and corrected."""
    page = visit("chen.yu")
    bring(page, PLANS / "002.txt")
    rows = page.locator("#rows article.row")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()

    opened = page.locator("#rows article.row.open")
    waiting = opened.count()
    assert waiting > 1
    page.get_by_role("link", name="下一条待定").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rows article.row.open:focus")).to_have_count(1)
    at = rows.evaluate_all("all => all.indexOf(document.activeElement)")
    page.keyboard.press("Enter")
    expect(opened).to_have_count(waiting - 1)
    expect(rows.nth(at + 1)).to_be_focused()
    expect(page.locator("#bar [role=status]")).to_contain_text(f"{waiting - 1} 待定")

    page.keyboard.press("e")
    editing = page.locator("article.row.editing")
    expect(editing).to_have_count(1)
    expect(editing.get_by_label("具体要求")).to_be_focused()
    see(page)


@shared
def test_steps_on_rows(visit: Visit) -> None:
    """Given the preview of plan 003, when rows are edited, split, joined, added, dropped, then each step undoes."""
    page = visit("chen.yu")
    draft = bring(page, PLANS / "003.txt")
    count = total(page)
    rows = page.locator("#rows article.row")

    def names() -> list[str]:
        return page.locator("#rows [data-text]").all_inner_texts()

    begun = names()
    # In place: the row alone becomes a form, and a row again.
    rows.nth(3).get_by_role("link", name="修改").click()
    form = page.locator("article.row.editing")
    form.get_by_label("具体要求").fill("每季度公开一次预算执行情况。")
    form.get_by_label("牵头单位").fill("县财政局、县审计局")
    see(page, but=HEADINGS)
    form.get_by_role("button", name="保存").click()
    expect(rows.nth(3)).to_contain_text("每季度公开一次预算执行情况。")
    expect(rows.nth(3).locator(".name")).to_contain_text(["县财政局", "县审计局"])
    expect(rows.nth(3).locator(".when")).to_contain_text("每季度")
    assert page.url == draft

    # Split where the text was clicked.
    words = rows.nth(3).locator("[data-text]")
    words.evaluate("p => getSelection().collapse(p.lastChild, 7)")
    rows.nth(3).get_by_role("button", name="拆分").click()
    expect(rows).to_have_count(count + 1)
    expect(rows.nth(3).locator("[data-text]")).to_contain_text("每季度公开一次")
    expect(rows.nth(4).locator("[data-text]")).to_have_text(re.compile("预算执行情况。$"))
    assert total(page) == count + 1

    rows.nth(3).get_by_role("button", name="并入下一条").click()
    expect(rows).to_have_count(count)
    expect(rows.nth(3)).to_contain_text("每季度公开一次预算执行情况。")
    rows.nth(3).get_by_role("button", name="下面加一条").click()
    expect(rows).to_have_count(count + 1)
    expect(rows.nth(4)).to_contain_text("新加的一行")
    rows.nth(4).get_by_role("button", name="删除").click()
    expect(rows).to_have_count(count)
    see(page, but=HEADINGS)

    # Split with no place chosen is refused in words.
    page.reload()
    rows.nth(3).get_by_role("button", name="拆分").click()
    expect(page.locator("#told")).to_contain_text("光标")

    for _ in range(5):
        press(page.get_by_role("button", name="撤销一步"))
    assert names() == begun
    expect(page.get_by_role("button", name="撤销一步")).to_have_count(0)


@shared
def test_a_draft_survives(visit: Visit, site: Site) -> None:
    """Given half a check, when the window is closed and the server stopped and started, then it goes on as left."""
    page = visit("chen.yu")
    draft = bring(page, PLANS / "000.txt")
    page.locator("#rows article.row").nth(1).get_by_role("link", name="修改").click()
    page.locator("article.row.editing").get_by_label("具体要求").fill("这一条改到一半。")
    page.locator("article.row.editing").get_by_role("button", name="保存").click()
    expect(page.locator("#rows article.row").nth(1)).to_contain_text("这一条改到一半。")
    page.context.close()
    site.stop()
    site.start()
    page = visit("chen.yu", path="/desk/plans/")
    see(page)
    path = draft.removeprefix(site.url)
    press(page.locator(f"a[href='{path}']"))
    expect(page.locator("#rows article.row").nth(1)).to_contain_text("这一条改到一半。")
    assert total(page) == ROWS["000"]
    expect(page.get_by_role("button", name="撤销一步")).to_be_visible()
