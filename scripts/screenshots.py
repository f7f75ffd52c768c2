"""The pictures of the manual: two sites on temporary folders, gone through with Chromium as the manual tells.

    python scripts/screenshots.py

Needs the extra `test` and a system's `chromium`. Writes docs/images/*.png, each at most 150 kB.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docx import Document
from openpyxl import Workbook, load_workbook
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).parent.parent / "docs" / "images"
DAY = "2026-11-22"
WIDE, PHONE = (1366, 768), (360, 800)
LIMIT = 150_000
PASSWORD = "Gongkai-2026"

BODIES = [
    ("名称", "类别", "上级机构", "别称", "政府信息公开工作机构"),
    ("松泉县", "县（市、区）", "", "", ""),
    ("松泉县人民政府办公室", "部门", "松泉县", "县政府办、县府办", ""),
    ("政务公开股", "内设机构", "松泉县人民政府办公室", "", "是"),
    ("松泉县司法局", "部门", "松泉县", "", ""),
    ("松泉县财政局", "部门", "松泉县", "", ""),
    ("石桥镇人民政府", "乡镇", "松泉县", "石桥镇", ""),
]
PEOPLE = [
    ("账号", "姓名", "电话", "机构", "岗位", "初始密码"),
    ("li.wen", "李文", "0000-1001", "松泉县", "主管部门", "Songquan-2026"),
    ("li.wen", "李文", "", "松泉县人民政府办公室", "经办", ""),
    ("he.jing", "何静", "", "松泉县司法局", "经办", "Songquan-2026"),
    ("tang.yu", "唐雨", "", "松泉县民政局", "经办", "Songquan-2026"),
]
TASKS = [
    ("序号", "工作任务", "具体要求", "牵头单位", "配合单位", "完成时限"),
    ("1", "政策公开", "规范性文件公布后20个工作日内，把解读材料放到文件旁边。", "县司法局", "县政府办公室", ""),
    (
        "2",
        "",
        "汇编现行有效的惠企政策，按行业分类公开。",
        "县发展改革和科技局",
        "县财政局、县数据局",
        "2026年12月15日前",
    ),
    ("3", "数据开放", "公布第四季度数据开放清单。", "县数据局", "各部门", "12月底前"),
    ("4", "互动回应", "对网民留言及时答复，重要留言向县政府报告。", "县信访局", "各乡镇（街道）", "及时"),
    ("5", "队伍建设", "举办一次政务公开业务培训。", "县政府办公室", "", "11月底前"),
]


def port() -> int:
    """A free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def site(command: str) -> Iterator[str]:
    """`gongkai demo` or `gongkai serve` on a folder that is gone afterwards; gives its address."""
    with tempfile.TemporaryDirectory(prefix="gongkai-pictures-") as folder:
        at = port()
        env = {**os.environ, "GONGKAI_DATA_DIR": folder, "GONGKAI_TODAY": DAY}
        env.pop("GONGKAI_DATABASE_URL", None)
        server = subprocess.Popen([sys.executable, "-m", "gongkai", command, "--port", str(at)], env=env)
        try:
            address = f"http://127.0.0.1:{at}"
            await_(address, server)
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def await_(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the site answers."""
    for _ in range(240):
        if server.poll() is not None:
            raise SystemExit(f"the site ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/desk/sign-in/", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the site does not answer")


def shoot(page: Page, name: str, at: str | None = None) -> None:
    """What the window shows, with `at` scrolled to its top, as a PNG of few colours."""
    if at:
        page.locator(at).first.evaluate("e => e.scrollIntoView({block: 'start'})")
        page.evaluate("scrollBy(0, -12)")
    page.wait_for_timeout(250)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (128, 64, 32, 16):
        held = io.BytesIO()
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(held, "PNG", optimize=True)
        if held.tell() <= LIMIT:
            break
    else:
        raise SystemExit(f"{name} has {held.tell()} bytes with {colours} colours")
    (OUT / f"{name}.png").write_bytes(held.getvalue())
    print(f"{name}.png {held.tell() // 1000} kB", flush=True)


def window(browser: Browser, address: str, size: tuple[int, int] = WIDE) -> Page:
    """A browser of its own, in Chinese."""
    made = browser.new_context(
        base_url=address, viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    return made.new_page()


def sign_in(page: Page, who: str, password: str = PASSWORD) -> Page:
    """Sign somebody in."""
    page.goto("/desk/sign-in/")
    page.fill("[name=username]", who)
    page.fill("[name=password]", password)
    page.click("main button")
    page.wait_for_load_state()
    return page


def press(page: Page, text: str, within: str = "main") -> None:
    """Press a button and wait for what comes."""
    page.locator(within).get_by_role("button", name=text, exact=True).first.click()
    page.wait_for_load_state("networkidle")


def first_start(browser: Browser, address: str, folder: Path) -> None:
    """The administrator, bodies and people from a table, the first sign-in of a clerk."""
    page = window(browser, address)
    page.goto("/")
    for field, value in (("name", "系统管理员"), ("username", "admin"), ("password", PASSWORD), ("again", PASSWORD)):
        page.fill(f"[name={field}]", value)
    shoot(page, "first")
    press(page, "建立管理员并登录")
    page.locator("summary", has_text="用一张表导入").click()
    page.locator("form[action$='/table/']").locator("[name=on]").fill("2019-01-01")
    shoot(page, "orgs-empty")
    book = Workbook()
    book.remove(book.active)
    for title, rows in (("机构", BODIES), ("人员", PEOPLE)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(folder / "机构人员.xlsx")
    page.set_input_files("[name=file]", folder / "机构人员.xlsx")
    press(page, "导入")
    shoot(page, "orgs-imported")
    page.goto("/desk/orgs/")
    shoot(page, "orgs")
    clerk = sign_in(window(browser, address), "li.wen", "Songquan-2026")
    shoot(clerk, "password")


def plan_of(folder: Path) -> Path:
    """An invented plan of the sample county, with a name that nobody knows."""
    made = Document()
    made.add_heading("青禾县2026年第四季度政务公开重点任务分工表", 1)
    made.add_paragraph("青禾县人民政府办公室　2026年10月9日印发")
    table = made.add_table(len(TASKS), len(TASKS[0]))
    table.style = "Table Grid"
    for r, row in enumerate(TASKS):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    path = folder / "第四季度重点任务.docx"
    made.save(str(path))
    return path


def intake(page: Page, folder: Path) -> None:
    """方案: upload, look at what is doubtful, answer a name, import."""
    page.goto("/desk/plans/")
    shoot(page, "plans")
    page.set_input_files("[name=file]", plan_of(folder))
    press(page, "上传并核对")
    page.wait_for_selector("#rows .row")
    page.locator("#rows .row.open").first.hover()
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "intake")
    page.locator("[data-ask]").first.click()
    page.locator("#ask option", has_text="青禾县政务服务和数据管理局").first.evaluate("e => { e.selected = true; }")
    shoot(page, "ask")
    press(page, "记住", "#ask")
    page.locator("[data-edit]").nth(4).click()
    page.wait_for_selector(".row.editing")
    shoot(page, "intake-edit", ".row.editing")
    press(page, "取消", ".row.editing")
    if page.locator("#bar").get_by_role("button", name="全部确认").count():
        press(page, "全部确认", "#bar")
    for field, value in (("issued_on", "2026-10-09"), ("issuer", "青禾县人民政府办公室"), ("year", "2026")):
        page.fill(f"#head [name={field}]", value)
    press(page, "确认导入", "#bar")
    shoot(page, "imported")


def matters(page: Page) -> dict[str, str]:
    """Addresses of the tasks just imported, by a word of each."""
    links = page.locator("table.ledger td.text a")
    told = [(links.nth(i).inner_text(), links.nth(i).get_attribute("href") or "") for i in range(links.count())]
    return {w: next(h for t, h in told if w in t) for w in ("解读材料", "惠企政策", "网民留言", "业务培训")}


def work(browser: Browser, clerk: Page, address: str) -> None:
    """Schedule, report, return, settle."""
    found = matters(clerk)
    clerk.goto(found["解读材料"])
    clerk.fill("[name=day]", "2026-11-05")
    shoot(clerk, "happening", "section[aria-label=各期时限]")
    press(clerk, "算出期限")
    clerk.goto(found["网民留言"])
    clerk.select_option("[name=every]", "month")
    shoot(clerk, "review", "section[aria-label=各期时限]")
    press(clerk, "设定")
    bureau = sign_in(window(browser, address), "jiang.ruoxi")
    bureau.goto(found["解读材料"])
    bureau.fill("#report textarea", "两份规范性文件的解读材料已放到文件页面旁边，共4篇。")
    bureau.check("#report [name=finished]")
    shoot(bureau, "report", "#report")
    press(bureau, "提交进展")
    clerk.goto(found["解读材料"])
    clerk.locator("#report details summary").last.click()
    clerk.fill("#report details [name=text]", "第二份文件还缺图解，请补上链接。")
    shoot(clerk, "return", "#report")
    press(clerk, "退回", "#report details")
    bureau.goto("/desk/mine/")
    shoot(bureau, "mine", "article.card:has-text('退回')")
    bureau.goto(found["解读材料"])
    bureau.fill("#report textarea", "图解已补，链接放在文件页面。")
    bureau.check("#report [name=finished]")
    press(bureau, "提交进展")
    clerk.goto("/desk/")
    shoot(clerk, "today")
    clerk.goto(found["解读材料"])
    clerk.fill("#settle [name=text]", "解读材料和图解都已公开。")
    shoot(clerk, "settle", "#settle")
    press(clerk, "办结", "#settle")
    shoot(clerk, "settled")


def table(page: Page, folder: Path) -> None:
    """The ledger filtered, opened beside the list, exported, brought back."""
    page.goto("/desk/ledger/?year=2026")
    plan = page.locator("select[name=plan] option", has_text="青禾县2026年政务公开工作要点").first.get_attribute(
        "value"
    )
    page.select_option("select[name=plan]", plan)
    press(page, "筛选")
    shoot(page, "ledger")
    page.locator("table.ledger td.text a").nth(2).click()
    page.wait_for_selector("#drawer .matter")
    shoot(page, "drawer")
    page.locator("#drawer [data-close]").click()
    with page.expect_download() as coming:
        page.locator(".tabs a", has_text="xlsx").click()
    came = folder / "台账.xlsx"
    coming.value.save_as(came)
    book = load_workbook(came)
    sheet = book.worksheets[0]
    head = next(r for r in sheet.iter_rows() if any(c.value == "完成时限" for c in r))
    column = next(c.column for c in head if c.value == "完成时限")
    support = next(c.column for c in head if c.value == "配合单位")
    sheet.cell(head[0].row + 2, column).value = "2026年12月20日前"
    sheet.cell(head[0].row + 3, support).value = "县档案馆、县融媒体中心"
    book.save(came)
    page.goto("/desk/plans/")
    page.set_input_files("[name=file]", came)
    page.check("[name=kind][value=changes]")
    press(page, "上传并核对")
    shoot(page, "changes")
    page.goto("/desk/plans/")
    page.locator("a", has_text="撤下").first.click()
    page.wait_for_load_state()
    page.fill("[name=reason]", "县政府办公室已印发修订后的方案")
    shoot(page, "withdraw")


def people(page: Page) -> None:
    """请人代理."""
    page.locator(".me summary").click()
    shoot(page, "me")
    page.locator(".me a", has_text="请人代理").click()
    page.wait_for_load_state()
    page.locator("summary", has_text="请人代理").click()
    page.select_option("[name=person]", index=3)
    page.fill("[name=since]", "2026-11-30")
    page.fill("[name=until]", "2026-12-04")
    shoot(page, "acting")


def main() -> None:
    """Make all pictures anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held, sync_playwright() as play:
        folder = Path(held)
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN"},
        )
        with site("serve") as address:
            first_start(browser, address, folder)
        with site("demo") as address:
            page = window(browser, address)
            page.goto("/desk/sign-in/")
            page.fill("[name=username]", "chen.yu")
            shoot(page, "sign-in")
            clerk = sign_in(page, "chen.yu")
            intake(clerk, folder)
            work(browser, clerk, address)
            table(clerk, folder)
            clerk.goto("/desk/")
            people(clerk)
            phone = sign_in(window(browser, address, PHONE), "zhou.zhengping")
            shoot(phone, "today-phone")
            member = sign_in(window(browser, address, PHONE), "jiang.ruoxi")
            member.goto("/desk/mine/")
            shoot(member, "mine-phone")
        browser.close()


if __name__ == "__main__":
    main()
