"""夏岚 at the hall takes in a request by word of mouth and hands over the receipt; 蒋若溪 counts, decides, sets; 陈瑜 oversees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
NUMBERS = iter(range(10_000_000, 99_999_999))


def look(page: Page, script: bool = True) -> None:
    """axe needs scripts; without them the width is still looked at."""
    if script:
        see(page)
    else:
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, page.url


def fill(page: Page, title: str, name: str = "桑小满") -> None:
    page.get_by_label("向哪个机关申请").select_option(label="青禾县司法局")
    page.get_by_label("姓名或者单位名称").fill(name)
    page.get_by_label("证件名称").select_option("护照")
    page.get_by_label("证件号码").fill(f"E{next(NUMBERS)}")
    page.get_by_label("联系电话").fill("13900001234")
    page.get_by_label("信息的名称").fill(title)
    page.get_by_label("具体描述").fill("2025年的，按案件类型分的")
    page.get_by_label("希望的形式").select_option("纸质")
    page.get_by_label("怎样获取").select_option("自行领取")


@BOTH
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_an_oral_request_from_word_to_receipt(visit: Visit, tmp_path: Path, script: bool, phone: bool) -> None:
    hers = visit("xia.lan", script=script, phone=phone, path="/desk/counter/")
    look(hers, script)
    press(hers.get_by_role("link", name=re.compile("口头申请，代填")))
    press(hers.get_by_role("button", name="特大"))
    look(hers, script)
    press(hers.get_by_role("button", name="填好了，读给申请人听"))
    expect(hers.locator("#say-name")).to_contain_text("请填写姓名")
    look(hers, script)
    fill(hers, "法律援助案件补贴标准")
    hers.get_by_label("阅读困难，需要代读").check()
    press(hers.get_by_role("button", name="填好了，读给申请人听"))
    expect(hers.get_by_role("heading", level=1)).to_have_text("读给申请人听")
    expect(hers.locator(".clock-told")).to_contain_text("收到申请之日是2026年11月22日")
    look(hers, script)
    press(hers.get_by_role("button", name="改一改"))
    hers.get_by_label("联系电话").fill("13900005678")
    press(hers.get_by_role("button", name="填好了，读给申请人听"))
    expect(hers.locator(".spoken")).to_contain_text("13900005678")
    press(hers.get_by_role("button", name="申请人说没有错，登记"))
    look(hers, script)
    press(hers.get_by_role("link", name="打印申请表"))
    expect(hers.locator("svg.qr")).to_be_visible()
    code = hers.locator(".code").inner_text()
    look(hers, script)
    press(hers.get_by_role("link", name=re.compile("^回到")))
    scan = tmp_path / "签名表.pdf"
    scan.write_bytes(b"%PDF-1.4 signed")
    hers.get_by_label("扫描件或者照片").set_input_files(scan)
    press(hers.get_by_role("button", name="上传"))
    expect(hers.locator("li.ok")).to_contain_text("签名表.pdf")
    press(hers.get_by_role("link", name="打印回执"))
    expect(hers.locator(".small-sheet")).to_contain_text(code)
    look(hers, script)
    hers.goto("/desk/counter/")
    hers.get_by_label(re.compile("查询码")).fill(code.lower())
    press(hers.get_by_role("button", name="找到这件"))
    expect(hers.get_by_role("heading", level=1)).to_contain_text("已经登记")


def test_by_keyboard_alone(visit: Visit) -> None:
    """Enter in a field looks at what was typed; it changes neither size nor page without saying why."""
    hers = visit("xia.lan", path="/desk/counter/new/")
    hers.get_by_label("姓名或者单位名称").fill("桑小满")
    with hers.expect_navigation():
        hers.keyboard.press("Enter")
    expect(hers.locator(".issues")).to_contain_text("请填写证件号码")
    expect(hers.get_by_label("姓名或者单位名称")).to_have_value("桑小满")


def test_fields_follow_the_kind_of_applicant_and_the_channel(visit: Visit) -> None:
    hers = visit("xia.lan", path="/desk/counter/new/")
    expect(hers.get_by_label("法定代表人（单位）")).to_be_hidden()
    hers.get_by_label("商业企业").check()
    expect(hers.get_by_label("法定代表人（单位）")).to_be_visible()
    expect(hers.get_by_label("证件名称")).to_be_hidden()
    expect(hers.get_by_label("双方确认的日期")).to_be_hidden()
    hers.get_by_label(re.compile("^平常信函")).check()
    expect(hers.get_by_label("双方确认的日期")).to_be_visible()
    see(hers)


@BOTH
def test_three_requests_one_proposal_and_the_year_s_numbers(visit: Visit, script: bool) -> None:
    thing = "鉴定机构考核结果" if script else "公证收费减免名单"
    hers = visit("xia.lan", script=script, path="/desk/counter/new/")
    for n in range(3):
        hers.goto("/desk/counter/new/")
        fill(hers, thing, f"桑小{n}")
        press(hers.get_by_role("button", name="填好了，核对"))
        press(hers.get_by_role("button", name="没有错，登记"))
    his = visit("jiang.ruoxi", script=script, path="/desk/openings/")
    look(his, script)
    press(his.get_by_role("link", name=thing))
    expect(his.locator(".case-list").get_by_role("link")).to_have_count(3)
    look(his, script)
    his.get_by_label(re.compile("^不转")).check()
    press(his.get_by_role("button", name="保存决定"))
    expect(his.locator("#say-why")).to_contain_text("请写明理由")
    look(his, script)
    his.get_by_label(re.compile("^转为主动公开")).check()
    press(his.get_by_role("button", name="保存决定"))
    expect(his.locator(".clock-told")).to_contain_text("转为主动公开")
    look(his, script)
    his.goto("/desk/cases/annual/2026/")
    look(his, script)
    expect(his.locator("main")).to_contain_text("全部相符")
    press(his.locator(".figures a").first)
    look(his, script)
    with his.expect_download() as came:
        his.goto("/desk/cases/annual/2026/")
        his.get_by_role("link", name="下载表格（xlsx）").click()
    assert came.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_oversight_questions_library_and_settings(visit: Visit, phone: bool) -> None:
    hers = visit("chen.yu", phone=phone, path="/desk/board/")
    see(hers)
    if hers.locator(".figures tbody a").count():
        press(hers.locator(".figures tbody a").first)
        see(hers)
    for path in ("questions", "library"):
        hers.goto(f"/desk/board/{path}/")
        see(hers)
    his = visit("jiang.ruoxi", phone=phone, path="/desk/board/questions/")
    press(his.get_by_role("button", name="提交问题"))
    expect(his.locator("#say-title")).to_be_visible()
    see(his)
    title = f"考核打分表算不算内部事务{'（手机）' if phone else ''}"
    his.get_by_label("问题，一句话").fill(title)
    his.get_by_label(re.compile("^说明")).fill("考核已经结束，结果已经公布。")
    press(his.get_by_role("button", name="提交问题"))
    hers.goto("/desk/board/questions/")
    press(hers.get_by_role("link", name=title, exact=True))
    hers.get_by_label(re.compile("^怎样办")).fill("结果公布以后，打分表区分处理。")
    press(hers.get_by_role("button", name="发布指导意见"))
    see(hers)
    his.reload()
    expect(his.locator("main")).to_contain_text("打分表区分处理")
    see(his)
    his.goto("/desk/cases/setup/")
    see(his)
    his.get_by_label("拟稿要早于答复期限的工作日数").fill("0")
    press(his.get_by_role("button", name="保存设置"))
    expect(his.locator("#say-draft_days")).to_be_visible()
    see(his)
    his.goto("/desk/cases/setup/")
    press(his.get_by_role("link", name="登记回执"))
    see(his)
    his.goto("/desk/cases/setup/erasure/")
    see(his)
