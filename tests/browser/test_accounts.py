"""Signing in, wrong passwords, a password of one's own, and the very first start."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, StorageState, expect

from gongkai.demo.county import PASSWORD
from tests.browser.site import Site
from tests.browser.test_intake_input import PASTED
from tests.browser.visitor import Visit, Visitors, press, see, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.tree]
OWN = "Qinghe-zijide-88"
GIVEN = "Chushi-mima-2026"


@pytest.fixture
def empty_site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """A server on an empty folder: the first start."""
    opened = Site(tmp_path / "empty", "serve")
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def empty(browser: Browser, empty_site: Site, sessions: dict[tuple[str, str], StorageState]) -> Iterator[Visitors]:
    """Opens a window at the empty site."""
    visitors = Visitors(browser, empty_site.url, sessions)
    yield visitors
    visitors.close()


def new_password(page: Page, old: str, new: str) -> None:
    """Fill in the form for a password of one's own."""
    page.get_by_label("现在的密码").fill(old)
    page.get_by_label("新密码", exact=False).first.fill(new)
    page.get_by_label("再输一次新密码").fill(new)
    page.get_by_role("button", name="保存").click()


def test_sign_in_leads_onward(visit: Visit) -> None:
    """Given a link from a colleague, when one signs in, then that page opens; signed out, it asks again."""
    page = visit(path="/desk/ledger/?year=2025")
    see(page)
    sign_in(page, page.url.split("/desk/")[0], "shen.yihe")
    page.wait_for_url("**/desk/ledger/?year=2025")
    page.locator("details.me summary").click()
    expect(page.locator("details.me")).to_contain_text("政务公开股 经办")
    see(page)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/desk/sign-in/")
    page.goto("/desk/mine/")
    assert "/desk/sign-in/?next=" in page.url


def test_five_wrong_passwords(visit: Visit, site: Site) -> None:
    """Given five wrong passwords, then the page says how long to wait, and the right one does not help."""
    page = visit(path="/desk/sign-in/")
    for _ in range(4):
        sign_in(page, site.url, "feng.tao", "wrong")
        expect(page.locator("#told")).to_contain_text("账号或密码不对")
        expect(page.get_by_label("账号")).to_have_value("feng.tao")
    see(page)
    sign_in(page, site.url, "feng.tao", "wrong")
    expect(page.locator("#told")).to_contain_text("15分钟")
    see(page)
    sign_in(page, site.url, "feng.tao")
    expect(page.locator("#told")).to_contain_text("已暂停登录")
    other = visit("dong.qian", fresh=True)
    expect(other.get_by_role("heading", level=1)).to_have_text("今日工作台")


def test_a_password_of_ones_own(visit: Visit) -> None:
    """Given a person the administrator has just made, when she signs in, then nothing opens before a new password."""
    admin = visit("admin", path="/desk/orgs/")
    see(admin)
    admin.get_by_text("添加人员", exact=True).click()
    form = admin.locator("details", has=admin.get_by_text("添加人员", exact=True))
    form.get_by_label("姓名").fill("尹新月")
    form.get_by_label("账号").fill("yin.xinyue")
    form.get_by_label("初始密码", exact=False).fill(GIVEN)
    form.get_by_role("button").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("尹新月")
    see(admin)

    page = visit()
    sign_in(page, page.url.split("/desk/")[0], "yin.xinyue", GIVEN)
    page.wait_for_url("**/desk/password/")
    expect(page.locator("main")).to_contain_text("请先改成自己的")
    see(page)
    page.goto("/desk/ledger/")
    assert page.url.endswith("/desk/password/")
    new_password(page, GIVEN, "12345")
    expect(page.locator("#told li").first).to_be_visible()
    see(page)
    new_password(page, GIVEN, OWN)
    expect(page.get_by_role("status")).to_contain_text("密码已经改好")
    page.goto("/desk/sign-in/")
    sign_in(page, page.url.split("/desk/")[0], "yin.xinyue", OWN)
    expect(page.locator("main")).to_contain_text("还没有要办的事")
    see(page)


def test_a_new_password_keeps_the_session(visit: Visit) -> None:
    """Given a changed password, when 回到工作台 is pressed, then one is still signed in and need not type it again."""
    page = visit("hong.mei", fresh=True, path="/desk/password/")
    new_password(page, PASSWORD, OWN)
    expect(page.get_by_role("status")).to_contain_text("密码已经改好")
    press(page.get_by_role("link", name="回到工作台"))
    assert "/desk/sign-in/" not in page.url


def test_the_first_start(empty: Visitors) -> None:
    """Given an empty folder, then the system asks for its administrator, and each empty page says what comes next.

    When bodies and people are there, the new 主管部门 imports the first plan, and the ledger has it.
    """
    page = empty()
    page.wait_for_url("**/desk/first/")
    see(page)
    page.get_by_label("姓名").fill("管理员甲")
    page.get_by_label("账号").fill("guanli")
    page.get_by_label("密码", exact=False).first.fill(OWN)
    page.get_by_label("再输一次密码").fill(OWN + "x")
    page.get_by_role("button", name="建立管理员并登录").click()
    expect(page.locator("#told")).to_contain_text("不一样")
    expect(page.get_by_label("姓名")).to_have_value("管理员甲")
    page.get_by_label("密码", exact=False).first.fill(OWN)
    page.get_by_label("再输一次密码").fill(OWN)
    page.get_by_role("button", name="建立管理员并登录").click()
    page.wait_for_url("**/desk/orgs/")
    see(page)
    page.goto("/desk/")
    see(page).get_by_role("main").get_by_role("link", name="机构人员").click()

    form = page.locator("details.panel", has=page.get_by_text("添加机构", exact=True))
    form.get_by_label("名称").fill("临溪县")
    form.get_by_label("类别").select_option(label="县（市、区）")
    form.get_by_role("button", name="添加").click()
    expect(page.locator("ul.tree li")).to_have_count(1)

    # The table out, filled, in again; twice is not double.
    page.get_by_text("用一张表导入", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载现在的表（也是样表）").click()
    book = load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    assert book["机构"]["A2"].value == "临溪县"
    book["机构"].append(["临溪县人民政府办公室", "部门", "临溪县", "县政府办公室", ""])
    for name in ("县财政局", "县教育局", "县司法局"):
        book["机构"].append([f"临溪{name}", "部门", "临溪县", name, ""])
    book["人员"].append(["bai.lin", "白林", "", "临溪县/临溪县人民政府办公室", "经办", GIVEN])
    filled = io.BytesIO()
    book.save(filled)
    sheet = {"name": "机构.xlsx", "mimeType": "application/octet-stream", "buffer": filled.getvalue()}
    for words in ("添加了4个机构、1个人、1个岗位", "添加了0个机构、0个人、0个岗位"):
        page.goto("/desk/orgs/")
        page.get_by_text("用一张表导入", exact=True).click()
        page.locator("input[type=file]").set_input_files([sheet])  # type: ignore[list-item]
        page.get_by_role("button", name="导入", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text(words)
        see(page)

    page.goto("/desk/orgs/")
    page.locator("ul.tree").get_by_role("link", name="临溪县", exact=True).click()
    page.get_by_text("任命", exact=True).first.click()
    panel = page.locator("details.panel", has=page.get_by_text("任职日期"))
    panel.get_by_label("人员").select_option(label="白林（bai.lin）")
    panel.get_by_label("岗位").select_option(label="主管部门")
    panel.get_by_role("button", name="任命").click()
    expect(page.locator("main")).to_contain_text("白林 主管部门")
    see(page)

    clerk = empty()
    sign_in(clerk, empty.base, "bai.lin", GIVEN)
    clerk.wait_for_url("**/desk/password/")
    new_password(clerk, GIVEN, OWN + "9")
    expect(clerk.get_by_role("status")).to_contain_text("密码已经改好")
    clerk.goto("/desk/sign-in/")
    sign_in(clerk, empty.base, "bai.lin", OWN + "9")
    clerk.wait_for_url(re.compile(r"/desk/$"))
    clerk.goto("/desk/ledger/")
    expect(clerk.locator("main")).to_contain_text("台账还是空的")
    see(clerk)
    clerk.goto("/desk/mine/")
    expect(clerk.locator("main")).to_contain_text("现在没有要办的事项")
    see(clerk)
    clerk.goto("/desk/")
    see(clerk).get_by_role("link", name="导入方案").click()
    clerk.get_by_label("或者粘贴文字").fill(PASTED)
    press(clerk.get_by_role("button", name="上传并核对"))
    clerk.wait_for_url(re.compile(r"/desk/plans/draft/\d+/$"))
    if clerk.get_by_role("button", name="全部确认").count():
        clerk.get_by_role("button", name="全部确认").click()
        clerk.wait_for_load_state()
    clerk.get_by_role("button", name="确认导入").click()
    clerk.wait_for_url("**/desk/ledger/?plan=*")
    expect(clerk.locator("table.ledger a[hx-target]")).to_have_count(3)
    see(clerk)
