"""陈瑜 at the ledger: filters, the drawer, the table out and in again, many tasks at once."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
COUNTY = "青禾县2026年政务公开工作要点分工方案"


def rows(page: Page) -> int:
    """How many tasks are listed."""
    return page.locator("table.ledger a[hx-target]").count()


def narrowed(page: Page, **choice: str) -> int:
    """Choose in the form at the top, press 筛选, and count."""
    page.goto("/desk/ledger/")
    form = page.get_by_role("search")
    for label, value in choice.items():
        field = form.get_by_label(label, exact=False)
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        elif field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)
    press(form.get_by_role("button", name="筛选"))
    return rows(page)


def tasks(page: Page) -> list[str]:
    """What is listed."""
    return page.locator("table.ledger a[hx-target]").all_inner_texts()


def export(page: Page, form: str, to: Path) -> Path:
    """Press the link of an export and keep what comes."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=form, exact=True).click()
    path = to / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def bring_back(page: Page, path: Path) -> None:
    """Send an exported table back as 改过的台账."""
    page.goto("/desk/plans/")
    page.locator("select[name=body]").select_option(label="青禾县")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_label("改过的台账", exact=False).check()
    press(page.get_by_role("button", name="上传并核对"))


def test_filters(visit: Visit) -> None:
    """Given the ledger of the county, then each filter leaves what it says, and its words stay chosen."""
    page = visit("chen.yu", path="/desk/ledger/")
    see(page)
    everything = rows(page)
    assert everything > 30
    justice = narrowed(page, 责任单位="县司法局", 方案=COUNTY)
    see(page)
    with_groups = narrowed(page, 责任单位="县司法局", 方案=COUNTY, 含="")
    assert 0 < justice < with_groups <= 28
    assert page.get_by_label("含“各科室”", exact=False).is_checked()
    leading = narrowed(page, 责任单位="县司法局", 方案=COUNTY, 牵头="牵头")
    helping = narrowed(page, 责任单位="县司法局", 方案=COUNTY, 牵头="配合")
    assert leading and helping and leading + helping == justice
    for cell in page.locator("td[data-label=配合]").all_inner_texts():
        assert "司法局" in cell
    assert narrowed(page, 年份="2024") == 22
    assert narrowed(page, 方案=COUNTY) == 28
    dated = narrowed(page, 方案=COUNTY, 时限类型="有固定日期")
    assert 0 < dated < 28
    between = narrowed(page, 方案=COUNTY, 时限起="2026-12-01", 时限止="2026-12-25")
    assert between == sum(t != "" for t in tasks(page)) > 0
    assert narrowed(page, 方案=COUNTY, 文字="小微权力") == 1
    assert narrowed(page, 方案=COUNTY, 文字="没有这样的词") == 0
    expect(page.locator("table.ledger")).to_contain_text("没有符合条件的任务")
    see(page)


def test_states(visit: Visit) -> None:
    """Given the states above the table, when one is pressed, then the list has as many tasks as it says."""
    page = visit("chen.yu", path="/desk/ledger/?" + urlencode({"q": "", "year": 2026}))
    told = page.locator("nav.tabs > a").all_inner_texts()
    assert len(told) > 3
    for text in told[1:]:
        press(page.locator("nav.tabs > a", has_text=text))
        assert rows(page) == int(text.split()[1]), text
        assert set(page.locator("td[data-label=状态]").all_inner_texts()) == {text.split()[0]}


def test_drawer(visit: Visit) -> None:
    """Given the list, when a task is pressed, then it opens beside the list, and Escape gives the focus back."""
    page = visit("chen.yu", path="/desk/ledger/?" + urlencode({"year": 2026, "q": "小微权力清单"}))
    link = page.locator("table.ledger a[hx-target]").first
    words = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", level=2).first).to_contain_text(words)
    expect(drawer.get_by_role("button", name="关闭")).to_be_focused()
    expect(page.locator("table.ledger")).to_be_visible()
    see(page)
    page.keyboard.press("Escape")
    expect(drawer).to_be_empty()
    expect(link).to_be_focused()
    link.click()
    drawer.get_by_role("button", name="关闭").click()
    expect(link).to_be_focused()


def test_source(visit: Visit) -> None:
    """Given a task, when its place in the original is asked for, then the document opens with the clause lit."""
    page = visit("chen.yu", path="/desk/ledger/?" + urlencode({"year": 2026, "q": "小微权力清单"}))
    words = page.locator("table.ledger a[hx-target]").first.inner_text()
    page.goto(page.locator("table.ledger a[hx-target]").first.get_attribute("href") or "")
    page.get_by_role("link", name="看原文里的位置").click()
    lit = page.locator(".paper .lit")
    expect(lit.first).to_be_in_viewport()
    assert words[:12] in re.sub(r"\s", "", lit.first.inner_text())
    see(page)


def test_out_and_in_again(visit: Visit, tmp_path: Path) -> None:
    """Given the exported table, brought back as it is it changes nothing; one corrected cell is one proposal.

    Accepted, it stands in the ledger; 撤销 takes it back.
    """
    page = visit("chen.yu")
    listed = narrowed(page, 方案=COUNTY)
    path = export(page, "xlsx", tmp_path)
    assert COUNTY in path.name
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    head = next(r for r in sheet.iter_rows() if any(c.value == "台账号" for c in r))
    columns = {c.value: c.column for c in head if c.value}
    assert sheet.max_row - head[0].row == listed

    bring_back(page, path)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有改动")
    see(page)

    at = next(
        r
        for r in range(head[0].row + 1, sheet.max_row + 1)
        if "长者食堂" in str(sheet.cell(r, columns["具体要求"]).value)
    )
    before = str(sheet.cell(at, columns["完成时限"]).value or "")
    sheet.cell(at, columns["完成时限"]).value = "2026年12月18日前"
    changed = tmp_path / "改过.xlsx"
    book.save(changed)
    bring_back(page, changed)
    proposals = page.locator("table.plain-table tbody tr")
    expect(proposals).to_have_count(1)
    expect(proposals.locator("ins")).to_have_text("2026年12月18日前")
    expect(proposals.locator("del")).to_have_text(before)
    see(page)
    page.get_by_role("button", name="采纳勾选的修改").click()
    page.wait_for_url(re.compile("/desk/ledger/"))
    narrowed(page, 方案=COUNTY, 文字="长者食堂")
    due = page.locator("td[data-label=时限]").first
    expect(due).to_contain_text("2026-12-18")
    page.get_by_role("button", name="撤销").click()
    expect(due).not_to_contain_text("2026-12-18")
    if before:
        expect(due).to_contain_text(before)


def test_a_corrected_deadline_takes_the_place_of_the_old(visit: Visit) -> None:
    """Given a task whose clause says 2026年12月20日前, when its 完成时限 becomes 18 December, then that is all it owes."""
    page = visit("chen.yu")
    narrowed(page, 方案=COUNTY, 文字="对照上年度和本年度任务")
    page.goto(page.locator("table.ledger a[hx-target]").first.get_attribute("href") or "")
    page.get_by_text("修改这项任务").click()
    page.locator("details.edit").get_by_label("完成时限").fill("2026年12月18日前")
    page.locator("details.edit").get_by_role("button", name="保存").click()
    expect(page.locator("ul.duties time").first).to_have_text("2026年12月18日")
    expect(page.locator("ul.duties li")).to_have_count(1, timeout=1000)


def test_docx(visit: Visit, tmp_path: Path) -> None:
    """Given a filtered list, when docx is pressed, then Word's file holds the title and exactly these tasks."""
    page = visit("chen.yu")
    listed = narrowed(page, 方案=COUNTY, 责任单位="县司法局")
    words = tasks(page)
    document = Document(io.BytesIO(export(page, "docx", tmp_path).read_bytes()))
    assert any(COUNTY in p.text for p in document.paragraphs)
    text = {c.text for r in document.tables[0].rows for c in r.cells}
    assert all(any(w in t for t in text) for w in words)
    assert len(document.tables[0].rows) >= listed


def test_many_at_once(visit: Visit) -> None:
    """Given two ticked tasks, when a helping body is added to both, then both show it, and one step takes it back."""
    page = visit("chen.yu")
    narrowed(page, 方案="白露镇2026年政务公开工作任务分工表")
    ticks = page.locator("table.ledger input[name=task]")
    ticks.nth(1).check()
    ticks.nth(4).check()
    page.get_by_label("改哪一栏").select_option(label="添加配合单位")
    page.get_by_label("时限或单位").fill("青禾县档案馆")
    page.get_by_role("button", name="修改", exact=True).click()
    expect(page.locator("td[data-label=配合]", has_text="青禾县档案馆")).to_have_count(2)
    expect(page.locator("form.undo")).to_contain_text("2项任务")
    assert "plan=" in page.url, "the filter stays"
    see(page)
    page.locator("form.undo").get_by_role("button", name="撤销").click()
    expect(page.locator("td[data-label=配合]", has_text="青禾县档案馆")).to_have_count(0)
    expect(page.locator("form.undo")).to_have_count(0)

    page.get_by_role("button", name="修改", exact=True).click()
    expect(page.locator("#told")).to_contain_text("请先勾选")
    see(page)
