"""蒋若溪 of the county's justice bureau and 陈瑜 of the office: progress, returned, told again, settled.

Each with the script of the pages and without it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
WITH_SCRIPT = "政策文件与解读材料同步起草"
WITHOUT = "征地补偿安置方案、老旧小区改造方案"
FEED = "“村村响”广播和《青禾发布》栏目"


def look(page: Page, script: bool) -> None:
    """Look closely where axe can run."""
    if script:
        see(page)


def open_mine(page: Page, task: str) -> None:
    """我的事项, and there the card of a task."""
    page.goto("/desk/mine/")
    card = page.locator("article.card", has_text=task)
    expect(card).to_have_count(1)
    for question in ("为什么", "到什么时候", "怎样算办好"):
        expect(card).to_contain_text(question)
    press(card.get_by_role("link", name="写进展"))


def ask(page: Page, words: str) -> None:
    """Write progress and ask for settlement."""
    form = page.locator("#report form.stack")
    form.get_by_label("写进展").fill(words)
    form.get_by_label("已经做完", exact=False).check()
    form.get_by_role("button", name="提交进展").click()
    expect(page.locator("ol.reports")).to_contain_text(words)


@pytest.mark.parametrize(("task", "script"), [(WITH_SCRIPT, True), (WITHOUT, False)], ids=["script", "no script"])
def test_progress_returned_and_settled(visit: Visit, task: str, script: bool) -> None:
    """Given a task of the justice bureau, when 蒋若溪 asks to settle it, then 陈瑜 finds it, and returns it.

    When she has read why and written again, then he settles it, and the account names both at every step.
    """
    hers = visit("jiang.ruoxi", script=script)
    look(hers, script)
    hers.get_by_role("link", name="我的事项").first.click()
    look(hers, script)
    open_mine(hers, task)
    assert "#report" in hers.url
    look(hers, script)
    ask(hers, "已经公布，链接写在这里。")
    expect(hers.locator("#settle")).to_have_count(0)

    his = visit("chen.yu", script=script)
    look(his, script)
    number = his.locator("ul.numbers a", has_text="待我办结")
    assert int(number.locator("b").inner_text()) >= 1
    his.goto(f"/desk/ledger/?year=2026&q={task}")
    his.goto(his.locator("table.ledger a[hx-target]").get_attribute("href") or "")
    his.get_by_text("退回", exact=True).first.click()
    his.get_by_label("还缺什么").fill("请补上公布的日期。")
    his.locator("#report").get_by_role("button", name="退回").click()
    expect(his.locator("#report")).to_contain_text("退回：请补上公布的日期。")
    look(his, script)

    hers.goto("/desk/mine/")
    expect(hers.locator("article.card", has_text=task)).to_contain_text("退回：请补上公布的日期。")
    look(hers, script)
    open_mine(hers, task)
    ask(hers, "2026年11月20日在县政府网站公布。")

    his.reload()
    settle = his.locator("#settle form")
    for box in settle.get_by_role("checkbox").all():
        box.check()
    settle.get_by_label("结果").fill("看过，已经公布。")
    settle.get_by_role("button", name="办结").click()
    expect(his.locator(".status").first).to_have_text("已办结")
    look(his, script)

    hers.goto("/desk/mine/?show=done")
    hers.locator("article.card", has_text=task).get_by_role("link").first.click()
    expect(hers.locator(".duties")).to_contain_text("2026-11-22办结")
    hers.get_by_text(re.compile("全部经过")).click()
    steps = [re.sub(r"\s+", " ", s) for s in hers.locator("details.events li").all_inner_texts()]
    told = [s for s in steps if s.startswith("2026-11-22")]
    assert [re.sub(r"：.*", "", s) for s in told] == [
        "2026-11-22 陈瑜 办结",
        "2026-11-22 蒋若溪 写了进展",
        "2026-11-22 陈瑜 退回进展",
        "2026-11-22 蒋若溪 写了进展",
    ]
    look(hers, script)


def count_behind(page: Page, number: str) -> tuple[int, int]:
    """A number of 今日, and how many tasks its list has."""
    page.goto("/desk/")
    link = page.locator("ul.numbers a", has_text=number)
    told = int(link.locator("b").inner_text())
    press(link)
    return told, page.locator("table.ledger a[hx-target]").count()


def test_what_is_asked_for_late_is_in_the_list(visit: Visit) -> None:
    """Given an overdue task whose settlement is asked for, when 陈瑜 presses 待我办结, then the list holds it."""
    his = visit("chen.yu", path=f"/desk/ledger/?year=2026&q={FEED}")
    his.goto(his.locator("table.ledger a[hx-target]").first.get_attribute("href") or "")
    ask(his, "已经补上。")
    told, listed = count_behind(his, "待我办结")
    assert told == listed > 0


@pytest.mark.parametrize(("who", "number"), [("chen.yu", "已逾期"), ("jiang.ruoxi", "已逾期"), ("che.li", "待起算")])
def test_a_number_is_as_long_as_its_list(visit: Visit, who: str, number: str) -> None:
    """Given 今日, when a number is pressed, then the list behind it has as many tasks as it says."""
    told, listed = count_behind(visit(who), number)
    assert told == listed


def test_due_within_a_week_is_as_long_as_its_list(visit: Visit) -> None:
    """Given 七天内到期, when 田嘉忻 presses it, then the list has as many tasks as it says."""
    told, listed = count_behind(visit("tian.jiaxin"), "七天内到期")
    assert told == listed


def test_what_waits_for_me_is_on_the_first_page(visit: Visit) -> None:
    """Given a long list of what is late, when 蒋若溪 asks for settlement, then 陈瑜 finds it on 今日 all the same."""
    hers = visit("jiang.ruoxi", path="/desk/ledger/?year=2026&q=年度报告按照")
    hers.goto(hers.locator("table.ledger a[hx-target]").first.get_attribute("href") or "")
    ask(hers, "年报材料已交。")
    his = visit("chen.yu")
    assert his.locator("ol.press li", has_text="年度报告按照").count() == 1


def test_progress_in_the_drawer(visit: Visit) -> None:
    """Given the drawer, when progress is written in it, then it is kept, and the page shows it."""
    page = visit("chen.yu", path="/desk/ledger/?year=2026&q=长者食堂、日间照料")
    link = page.locator("table.ledger a[hx-target]").first
    link.click()
    drawer = page.locator("#drawer")
    drawer.get_by_label("写进展").fill("便民地图已经印好。")
    drawer.get_by_role("button", name="提交进展").click()
    expect(page.locator("ol.reports")).to_contain_text("便民地图已经印好。")
    drawer = page.get_by_label("给同事的备注").or_(page.get_by_placeholder("给同事的备注"))
    drawer.first.fill("电话核实过。")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_label("备注", exact=True).first).to_contain_text("电话核实过。")
    see(page)


def test_empty_progress_keeps_the_page(visit: Visit) -> None:
    """Given blanks instead of words, then the refusal says what to write, and nothing is changed."""
    page = visit("jiang.ruoxi", path="/desk/mine/")
    page.get_by_role("link", name="写进展").first.click()
    page.locator("#report form.stack").get_by_label("写进展").fill("   ")
    page.locator("#report form.stack").get_by_role("button", name="提交进展").click()
    expect(page.locator("#told")).to_contain_text("请写一句进展")
    see(page)


def test_reopened_in_place(visit: Visit) -> None:
    """Given a settled task, when 陈瑜 takes the settlement back, then the page shows it once and is no drawer."""
    page = visit("chen.yu", path="/desk/ledger/?year=2026&status=done")
    row = page.locator("table.ledger tr", has=page.locator("input[name=task]")).first
    page.goto(row.locator("a[hx-target]").get_attribute("href") or "")
    page.get_by_text("撤销办结", exact=True).first.click()
    page.get_by_label("原因").first.fill("佐证不全。")
    page.get_by_role("button", name="撤销", exact=True).first.click()
    expect(page.locator("details.events")).to_contain_text("撤销办结：佐证不全。")
    assert page.locator("#matter").count() == 1
