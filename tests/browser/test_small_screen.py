"""A phone of 360 × 640: what its first screen shows of the ledger, and of 今日 for those who decide."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
SMALL = {"width": 360, "height": 640}
WAITS = ("年度报告按照", "政策文件与解读材料同步起草", "长者食堂、日间照料")
"""Tasks whose settlement is asked for."""


def small(visit: Visit, who: str, path: str, *, script: bool = True) -> Page:
    """A window of 360 × 640."""
    page = visit(who, phone=True, path=path, script=script)
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_ledger_begins_on_the_first_screen(visit: Visit, script: bool) -> None:
    """Given the ledger on a phone, then filters are one line that tells which, and the first task is in sight."""
    page = small(visit, "chen.yu", "/desk/ledger/?year=2026&status=overdue", script=script)
    line = page.locator("details.filter-fold > summary")
    listed = page.locator("table.ledger a[hx-target]")
    expect(line).to_have_text(f"筛选：2026年 · 已逾期（{listed.count()}项）")
    expect(page.get_by_label("责任单位")).to_be_hidden()
    expect(listed.first).to_be_in_viewport(ratio=1)
    if script:
        see(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_filters_unfold_by_keyboard(visit: Visit, script: bool) -> None:
    """Given the folded filters, when Enter is pressed on their line, then they can be chosen, and the line says it."""
    page = small(visit, "chen.yu", "/desk/ledger/", script=script)
    line = page.locator("details.filter-fold > summary")
    line.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("责任单位")).to_be_visible()
    if script:
        see(page)
    page.get_by_label("责任单位").select_option(label="县司法局")
    page.get_by_label("牵头/配合").select_option(label="牵头")
    page.get_by_label("时限起").fill("2026-12-01")
    page.get_by_label("文字").fill("公开")
    press(page.get_by_role("button", name="筛选"))
    told = "筛选：2026年 · 牵头 县司法局 · 时限2026-12-01起 · “公开”"
    expect(line).to_contain_text(told)
    expect(page.get_by_label("责任单位")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_filters_stand_open_on_a_wide_screen(visit: Visit, script: bool) -> None:
    """Given a wide window, then the filters are there without pressing anything."""
    page = visit("chen.yu", path="/desk/ledger/", script=script)
    expect(page.get_by_label("责任单位")).to_be_visible()
    page.get_by_label("文字").fill("长者食堂")
    press(page.get_by_role("button", name="筛选"))
    expect(page.get_by_label("文字")).to_have_value("长者食堂")


def parts(page: Page) -> list[str]:
    """The headings of 今日, in order."""
    return [t.split()[0] for t in page.locator(".deciding h3").all_inner_texts()]


def test_who_oversees_sees_first_what_waits(visit: Visit) -> None:
    """Given 罗静, who oversees the county and prepares nothing, then her phone shows what waits, is late, comes next.

    When she presses the button of what waits, then she can settle it.
    """
    admin = visit("admin", path="/desk/orgs/")
    admin.get_by_role("link", name="青禾县", exact=True).click()
    admin.locator("summary", has_text="任命").click()
    form = admin.locator("form[action$='/appoint/']")
    form.get_by_label("人员").select_option(label="罗静（luo.jing）")
    form.get_by_label("岗位").select_option(label="主管部门")
    form.get_by_role("button", name="任命").click()
    his = visit("chen.yu")
    for words in WAITS:
        his.goto(f"/desk/ledger/?year=2026&q={words}")
        his.goto(his.locator("table.ledger a[hx-target]").first.get_attribute("href") or "")
        form = his.locator("#report form.stack")
        form.get_by_label("写进展").fill("已经做完。")
        form.get_by_label("已经做完", exact=False).check()
        form.get_by_role("button", name="提交进展").click()
        expect(his.locator("ol.reports")).to_contain_text("已经做完。")

    page = small(visit, "luo.jing", "/desk/")
    see(page)
    assert parts(page) == ["等您办结", "已逾期", "14天内到期", "逾期未公开", "依申请公开"]
    for heading in page.locator(".deciding h3").all()[:3]:  # what waits, what is late, what comes next
        expect(heading).to_be_in_viewport(ratio=1)
    late = page.locator(".deciding li.s-overdue")
    expect(late.nth(0)).to_be_in_viewport(ratio=1)
    for line in late.all()[:2]:
        expect(line.locator(".whose")).not_to_be_empty()
        expect(line.locator(".late")).to_be_visible()
    # The rest unfolds where it stands.
    fold = page.locator(".deciding details.fold").first
    expect(fold.locator("li").first).to_be_hidden()
    fold.locator("summary").press("Enter")
    expect(fold.locator("li").first).to_be_visible()
    see(page)
    press(page.locator(".deciding li.s-asked").first.get_by_role("link", name="看进展、办结"))
    expect(page.locator("#settle").get_by_role("button", name="办结", exact=True)).to_be_in_viewport()


def test_who_signs_sees_what_is_late_and_whose(visit: Visit) -> None:
    """Given 李若兰, who signs for 白露镇 and settles nothing, then what is late comes first, then what is due."""
    page = small(visit, "li.ruolan", "/desk/")
    see(page)
    assert parts(page) == ["已逾期", "14天内到期", "依申请公开"]
    first = page.locator(".deciding li").first
    expect(first).to_be_in_viewport(ratio=1)
    expect(first.locator(".whose")).to_have_text("党政综合办公室")
    expect(first.locator(".late")).to_be_visible()
    expect(page.locator(".deciding li.s-due").first).to_be_in_viewport(ratio=1)


def test_on_a_wide_screen_nothing_folds(visit: Visit) -> None:
    """Given the same page on a wide screen without scripts, then all lines are there."""
    page = visit("li.ruolan", script=False)
    expect(page.locator(".deciding details.fold li").first).to_be_visible()
    expect(page.locator("ul.numbers a")).to_have_count(6)
