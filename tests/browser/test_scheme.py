"""陈瑜 brings in a directory, says whose the doubtful line is, and sees what is late; 蒋若溪 opens a cell on her phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gongkai.scheme.reading import Levels, Line, read_limit, write_directory
from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
TWENTY = "信息形成或者变更之日起20个工作日内"


def line(number: str, level2: str, limit: str, owner: str) -> Line:
    return Line(
        number=number,
        area="公共法律服务",
        level1="法律服务",
        level2=level2,
        content=f"{level2}的名称、内容、依据",
        basis="《政府信息公开条例》第二十条",
        limit=read_limit(limit),
        owner=owner,
        owners=owner.split("、"),
        audience_all=True,
        proactive=True,
        levels=Levels(True, True),
    )


def directory(tmp_path: Path) -> Path:
    path = tmp_path / "公共法律服务目录.xlsx"
    lines = [
        line("1", "规范性文件", TWENTY, "县司法局"),
        line("2", "年度报告", "每年1月31日前", "县司法局、各镇（街道）"),
        line("3", "法律援助办事指南", "长期公开", "县司法局"),
        line("4", "预算", "每年3月31日前", "县法律援助处"),
    ]
    write_directory(lines, path)
    return path


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_directory_from_its_file_to_its_matrix(visit: Visit, tmp_path: Path, script: bool) -> None:
    his = visit("chen.yu", script=script, path="/desk/scheme/")
    look(his, "list", script)
    his.locator("form[action$='/scheme/import/']").get_by_label("哪个单位的目录").select_option(label="青禾县")
    his.get_by_label("文件").set_input_files(directory(tmp_path))
    press(his.get_by_role("button", name="上传并核对"))
    look(his, "draft", script)
    expect(his.locator("li.doubtful")).to_contain_text("县法律援助处")
    press(his.locator("li.doubtful").get_by_role("link", name=re.compile("修改")))
    look(his, "row", script)
    his.locator(".pick-scroll").get_by_label(re.compile("青禾县财政局$")).check()
    press(his.get_by_role("button", name="没有疑问了，保存"))
    expect(his.locator("li.doubtful")).to_have_count(0)
    title = f"公共法律服务标准目录{'一' if script else '二'}"
    his.get_by_label("标题").fill(title)
    his.get_by_label("施行日期").fill("2026-01-01")
    his.get_by_role("radio", name="基层政务公开标准目录").check()
    press(his.get_by_role("button", name=re.compile("^确认，4行")))
    look(his, "scheme", script)
    press(his.get_by_role("link", name="应公开情况"))
    look(his, "matrix", script)
    matrix = his.url
    late = his.locator("ul.cells a.c-late")
    number = int(late.locator("b").inner_text())
    assert number >= 2  # the reports of January and the budget of March
    press(late)
    look(his, "matrix-late", script)
    assert his.locator("ul.cell-list li").count() == number
    press(his.locator("ul.cell-list a").first)
    look(his, "line", script)
    expect(his.get_by_text("为什么是这一天").first).to_be_visible()

    hers = visit("jiang.ruoxi", phone=True, script=script, path="/desk/matrix/")
    for name, path in (("matrix", None), ("today", "/desk/"), ("mine", "/desk/mine/"), ("evidence", "/desk/evidence/")):
        if path:
            hers.goto(path)
        look(hers, f"phone-{name}", script)
    hers.goto(matrix)
    look(hers, "phone-matrix-own", script)
    cell = hers.locator("table.matrix td a", has_text="不能判断").first
    press(cell)
    look(hers, "phone-line", script)
    press(hers.get_by_role("link", name=re.compile("^现在公开")).first)
    expect(hers.get_by_label("公开主体")).to_have_value(re.compile(r"\d+"))
    his = visit("chen.yu", phone=True, script=script, path="/desk/scheme/")
    look(his, "phone-list", script)
    his.goto(his.get_by_role("link", name=title, exact=True).get_attribute("href") or "")
    look(his, "phone-scheme", script)


def look(page: Page, name: str, script: bool) -> None:
    """Look closely where axe can run."""
    if script:
        see(page)


def test_an_adjustment_is_proposed_and_decided(visit: Visit) -> None:
    his = visit("chen.yu", path="/desk/scheme/")
    form = his.locator("form[action$='/scheme/new/']")
    form.get_by_label("标题").fill("手工目录")
    press(form.get_by_role("button", name="建立"))
    press(his.get_by_role("link", name="添加一行"))
    see(his)
    his.get_by_label("一级事项").fill("机构职能")
    his.get_by_label("公开时限").fill("长期公开")
    his.locator(".pick-scroll").get_by_label(re.compile("青禾县司法局$")).check()
    his.get_by_label("机构职能", exact=True).check()
    press(his.get_by_role("button", name="添加"))
    see(his)
    address = his.url

    hers = visit("jiang.ruoxi", path=address)
    press(hers.get_by_role("link", name=re.compile("提出调整")).first)
    see(hers)
    hers.get_by_label("公开时限").fill("每年6月30日前")
    press(hers.get_by_role("button", name="提出"))
    see(hers)
    expect(hers.locator("#main")).to_contain_text("请写调整的理由")
    hers.get_by_label(re.compile("^理由")).fill("职责调整")
    press(hers.get_by_role("button", name="提出"))
    expect(hers.locator("#main")).to_contain_text("待定的调整")
    see(hers)

    his.goto("/desk/scheme/")
    see(his)
    press(his.get_by_role("button", name=re.compile("^同意")))
    his.goto(address)
    expect(his.locator("section", has_text="调整历史").locator("ins").first).to_have_text("每年6月30日前")
    see(his)
