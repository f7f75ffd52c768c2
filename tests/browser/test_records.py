"""蒋若溪 writes, five people review, 魏东晟 signs on his phone by a link; then withdrawn."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
TITLE = "关于公布调解员名单的公告"
ID = "110101199003078515"


def look(page: Page, name: str = "") -> Page:
    """See a page; with GONGKAI_SHOTS set, keep its picture there."""
    folder = os.environ.get("GONGKAI_SHOTS")
    if folder and name:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    return see(page)


def write(page: Page, title: str, body: str) -> None:
    """起草通知公告, from the list to the filled form."""
    page.goto("/desk/records/")
    press(page.get_by_role("link", name="起草信息").first)
    press(page.get_by_role("link", name="通知公告"))
    page.get_by_label("标题").fill(title)
    page.get_by_label("类型").select_option("公告")
    page.get_by_label("成文日期").fill("2026-11-20")
    page.get_by_label("来源").fill("青禾县司法局")
    page.get_by_role("textbox", name="正文").fill(body)


def decide(page: Page, title: str, comment: str) -> None:
    """Open what waits, tick everything, 同意."""
    page.goto("/desk/records/?tab=mine")
    press(page.get_by_role("link", name=re.compile(rf"办理\s*：{re.escape(title)}")))
    for box in page.locator("#decide input[type=checkbox]").all():
        box.check()
    page.locator("#decide textarea").fill(comment)
    press(page.get_by_role("button", name="同意"))


def test_personal_data_pasted_and_covered(visit: Visit) -> None:
    """Given an ID number in a text, then the rail shows it masked, it cannot be submitted, and one button covers it."""
    hers = visit("jiang.ruoxi")
    write(hers, "关于慰问的公告", f"张三，身份证号{ID}，已经领取。")
    expect(hers.locator("#checks .findings.block")).to_contain_text("身份证")
    expect(hers.locator("#checks")).to_contain_text("遮盖后")
    look(hers, "form")
    press(hers.get_by_role("button", name="保存并提交审核"))
    expect(hers.locator("#told")).to_contain_text("身份证")
    look(hers, "form-refused")
    press(hers.get_by_role("button", name="一键遮盖个人信息"))
    expect(hers.get_by_role("status").first).to_contain_text("个人信息已遮盖")
    expect(hers.get_by_role("textbox", name="正文")).not_to_contain_text(ID)
    expect(hers.locator("#checks .ok")).to_be_visible()
    look(hers, "form-covered")
    expect(hers.get_by_role("textbox", name="正文")).to_contain_text("张三")
    press(hers.get_by_role("button", name="保存并提交审核"))
    expect(hers.locator("ol.chain li[aria-current]")).to_contain_text("一审一校")


def test_from_the_first_word_to_the_tombstone(visit: Visit) -> None:
    """Given a notice submitted, when three people pass it, the last by a link on his phone, then it is out; withdrawn."""
    hers = visit("jiang.ruoxi", path="/desk/records/")
    look(hers, "list-empty")
    hers.goto("/desk/records/new/")
    look(hers, "new")
    write(hers, TITLE, "张某某被聘为调解员。")
    expect(hers.locator("#checks .ok")).to_be_visible()
    press(hers.get_by_role("button", name="保存并提交审核"))
    expect(hers.locator("ol.chain li[aria-current]")).to_contain_text("一审一校")
    look(hers, "record")
    record = hers.url

    first = visit("shao.kewei", path="/desk/")
    expect(first.locator("main")).to_contain_text(TITLE)
    look(first, "today-reviewer")
    first.goto("/desk/records/?tab=mine")
    look(first, "mine")
    press(first.get_by_role("link", name=re.compile(rf"办理\s*：{TITLE}")))
    look(first, "version")
    press(first.get_by_role("button", name="同意"))
    expect(first.locator("#told")).to_contain_text("没核对的")
    decide(first, TITLE, "同意。")
    decide(visit("guo.min"), TITLE, "不涉及国家秘密和工作秘密，可以公开。")

    hers.goto(record)
    hers.get_by_text("发签字链接").click()
    hers.get_by_label("请谁办理").select_option(label="魏东晟（县司法局签发）")
    press(hers.get_by_role("button", name="生成链接"))
    look(hers, "link")
    address = hers.get_by_label("链接").input_value()
    hers.get_by_role("button", name="复制链接").click()
    expect(hers.locator("#copied")).to_have_text("已复制")

    his = visit(phone=True, path="/desk/sign-in/")
    his.goto(address)
    expect(his.locator("article")).to_contain_text("被聘为调解员")
    expect(his.locator("main")).not_to_contain_text(ID)
    look(his, "sign-phone")
    his.get_by_role("button", name="同意").click()
    expect(his.get_by_role("heading", level=1)).to_have_text("已办理：同意")
    look(his, "sign-done")
    his.goto(address)
    expect(his.get_by_role("heading", level=1)).to_have_text("这个链接已经失效")

    hers.goto(record)
    press(hers.get_by_role("button", name="发布", exact=True))
    expect(hers.locator(".status").first).to_have_text("已公开")
    expect(hers.locator("table.audit tbody tr")).to_have_count(3)
    expect(hers.locator("table.audit")).to_contain_text("链接签字")
    look(hers, "published")
    press(hers.get_by_role("link", name="看公开的样子"))
    look(hers, "preview")
    press(hers.get_by_role("link", name="手机"))
    look(hers, "preview-phone")
    hers.goto(record)
    press(hers.get_by_role("link", name="撤回"))
    hers.get_by_label("撤回的理由").fill("名单有变化，重新公布。")
    look(hers, "withdraw")
    press(hers.get_by_role("button", name="确定撤回"))
    expect(hers.locator("main")).to_contain_text("名单有变化，重新公布。")


@pytest.mark.parametrize("phone", [False, True])
def test_every_page_of_records(visit: Visit, phone: bool) -> None:
    """At both widths, for who writes and who oversees: nothing scrolls sideways, axe finds nothing."""
    width = "phone" if phone else "wide"
    page = visit("jiang.ruoxi", phone=phone)
    for name, path in (
        ("list", "/desk/records/"),
        ("published", "/desk/records/?tab=withdrawn"),
        ("new", "/desk/records/new/"),
        ("normative", "/desk/records/new/normative/"),
        ("subsidy", "/desk/records/new/subsidy/"),
        ("guide", "/desk/records/new/service_guide/"),
        ("validity", "/desk/records/validity/"),
        ("rounds", "/desk/records/validity/?tab=rounds"),
        ("import", "/desk/records/import/"),
    ):
        page.goto(path)
        look(page, f"{width}-{name}")
    page = visit("chen.yu", phone=phone, path="/desk/records/settings/")
    look(page, f"{width}-settings")


def test_without_scripts(visit: Visit) -> None:
    """Written, saved with rows of a table, and submitted with no script at all."""
    page = visit("jiang.ruoxi", script=False, path="/desk/records/new/notice/")
    page.get_by_label("标题").fill("没有脚本的通知")
    page.get_by_label("类型").select_option("通知")
    page.get_by_label("成文日期").fill("2026-11-20")
    page.get_by_label("来源").fill("青禾县司法局")
    page.get_by_label("正文").fill("第一段。\n第二段。")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("status").first).to_contain_text("已保存")
    page.get_by_role("button", name="保存并提交审核").click()
    expect(page.locator("ol.chain")).to_contain_text("一审一校")


def test_old_documents_imported_while_the_page_is_open(visit: Visit, tmp_path: Path) -> None:
    """The bar moves by itself to the end; what was refused can be fetched as a table."""
    table = tmp_path / "旧文件.csv"
    rows = [f"旧办法第{n}号,青司〔2019〕{n}号,2019-05-06,正文第{n}份。" for n in range(1, 31)]
    table.write_text("\n".join(["标题,文号,成文日期,内容", *rows, "没有日期的,青司〔2019〕99号,,正文。"]), "utf-8")
    page = visit("jiang.ruoxi", path="/desk/records/import/")
    page.get_by_label("表格").set_input_files(table)
    press(page.get_by_role("button", name="上传并开始"))
    expect(page.locator("#import")).to_contain_text("导入完成：31/31行，导入30条，1行没有导入", timeout=60_000)
    look(page, "import-done")
    with page.expect_download() as got:
        page.get_by_role("link", name="下载这些行").click()
    assert got.value.suggested_filename.endswith(".xlsx")


def test_rows_from_a_sheet_into_the_cells(visit: Visit) -> None:
    """Pasted into the first cell, rows fill the table and add what is missing."""
    page = visit("jiang.ruoxi", path="/desk/records/new/subsidy/")
    cell = page.get_by_label("第1行姓名")
    cell.focus()
    page.evaluate(
        """() => { const d = new DataTransfer();
        d.setData('text/plain', ['张三','李四','王五','赵六','钱七'].map((n) => n + '\\t白露村').join('\\n'));
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true })); }"""
    )
    expect(page.get_by_label("第5行姓名")).to_have_value("钱七")
    expect(page.get_by_label("第5行村（组）")).to_have_value("白露村")
    page.get_by_role("button", name="加一行").first.click()
    expect(page.get_by_label("第6行姓名")).to_be_focused()


def test_pasted_from_word(visit: Visit) -> None:
    """Colours and scripts go, a table with merged cells stays; the site's policy has nothing to complain of."""
    page = visit("jiang.ruoxi", path="/desk/records/new/notice/")
    body = page.get_by_role("textbox", name="正文")
    body.focus()
    page.evaluate(
        """() => { const d = new DataTransfer();
        d.setData('text/html', '<html><head><style>p{color:red}</style></head><body><p class=MsoNormal style="color:red">红字<o:p></o:p></p><table style="width:9cm"><tr><td colspan=2 style="border:1px">合并</td></tr><tr><td>一</td><td>二</td></tr></table><script>alert(1)</script></body></html>');
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true })); }"""
    )
    expect(body.locator("td[colspan='2']")).to_have_text("合并")
    expect(body).to_contain_text("红字")
    assert page.locator("textarea[name=body]").evaluate("f => /style|script|Mso/.test(f.value)") is False
