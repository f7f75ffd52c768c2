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
    for _ in range(600):
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
    page.goto("/desk/")
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
    page.locator(".row.editing a", has_text="取消").click()
    page.wait_for_load_state("networkidle")
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


SUBSIDY = {
    "title": "2026年竹溪村耕地地力保护补贴发放结果",
    "issuers": "白露镇财政所",
    "formed": "2026-11-19",
    "summary": "竹溪村2026年耕地地力保护补贴共发放3户，金额1498.72元。",
    "fields.programme": "耕地地力保护补贴",
    "fields.year": "2026",
    "fields.batch": "第一批",
    "fields.village": "竹溪村",
    "fields.total": "1498.72",
    "fields.posted_from": "2026-11-09",
    "fields.posted_until": "2026-11-18",
    "fields.posted_at": "村务公开栏",
    "fields.objection_phone": "0799-5549113",
}
PAYMENTS = [
    ("郑长水", "一组", "99082119680312101X", "6200990000123456789", "", "", "98.6元/亩", "6.2", "611.32"),
    ("尤春燕", "二组", "990821197207082020", "6200990000123450022", "", "", "98.6元/亩", "5.0", "493.00"),
    ("柳满仓", "三组", "990821195911233030", "6200990000123451137", "", "", "98.6元/亩", "4.0", "394.40"),
]
INTERPRETATION = {
    "title": "《青禾县住宅小区物业服务质量评价办法（试行）》解读",
    "issuers": "青禾县住房和城乡建设局",
    "formed": "2026-11-20",
    "contact": "县住房和城乡建设局物业管理股 0999-2310028",
    "fields.interpreter": "县住房和城乡建设局局长 潘世霖",
    "fields.plan": "提纲：背景、内容、范围、标准、新旧差异。形式：文字。途径：政府网站。时间：与文件同时。",
}
OLD = [
    ("信息种类", "标题", "文号", "发布机构", "成文日期", "发布日期", "主题", "内容", "原网址"),
    (
        "行政规范性文件",
        "青禾县城区犬只管理办法",
        "青禾政规〔2018〕4号",
        "青禾县人民政府",
        "2018-05-08",
        "2018-05-15",
        "公安、安全、司法",
        "第一条　为规范城区养犬，制定本办法。",
        "/zwgk/2018/0515/1001.html",
    ),
    (
        "其他政策文件",
        "关于做好2017年秋季森林防火工作的通知",
        "青禾政办发〔2017〕31号",
        "青禾县人民政府办公室",
        "2017-09-20",
        "2017-09-22",
        "农业、林业、水利",
        "各乡镇要落实护林员巡山制度。",
        "/zwgk/2017/0922/0877.html",
    ),
    ("其他政策文件", "", "", "青禾县人民政府办公室", "2016-03-01", "2016-03-02", "", "正文没有标题。", ""),
]
LINES = [
    (
        "1",
        "机构概况",
        "机关职能",
        "职责、内设机构、办公地址、联系方式",
        "20(2)",
        "信息形成或者变更之日起20个工作日内",
        "各部门",
    ),
    (
        "2",
        "重点领域",
        "惠民补贴发放结果",
        "项目、村组、标准、金额",
        "国办发〔2022〕8号",
        "每年12月31日前",
        "各乡镇（街道）",
    ),
    ("3", "政策文件", "行政规范性文件", "文件全文、解读、有效性", "20(1)", "公布之日起20个工作日内", "县政府办公室"),
    ("4", "应急管理", "预警信息", "预警级别、范围、建议", "20(12)", "第一时间", "县应急局"),
]


def fill(page: Page, values: dict[str, str]) -> None:
    """Fill a record's form; a long text is written on its page, not in the bare field."""
    for name, value in values.items():
        page.fill(f"#record-form [name='{name}']", value)


def settle_down(page: Page) -> None:
    """Wait for the check that runs while one writes."""
    page.wait_for_timeout(1200)
    page.wait_for_load_state("networkidle")


def sign(browser: Browser, address: str, who: str, record: str, say: str = "", picture: str = "") -> None:
    """Keep the next gate of a record as somebody."""
    page = sign_in(window(browser, address), who)
    page.goto(record)
    page.locator(".do-line a.primary").first.click()
    page.wait_for_selector("#decide")
    for tick in page.locator("#decide [name=checked]").all():
        tick.check()
    if say:
        page.fill("#decide [name=comment]", say)
    if picture:
        shoot(page, picture)
    press(page, "同意", "#decide")
    page.context.close()


def publishing(browser: Browser, address: str, folder: Path) -> None:
    """A record written, checked, covered, signed at every gate, once on a phone, published, changed, compared."""
    clerk = sign_in(window(browser, address), "tian.jiaxin")
    clerk.goto("/desk/records/")
    shoot(clerk, "records")
    clerk.goto("/desk/records/new/subsidy/")
    fill(clerk, SUBSIDY)
    for at, row in enumerate(PAYMENTS):
        cells = clerk.locator("table.grid tbody tr").nth(at).locator("input")
        for n, text in enumerate(row):
            cells.nth(n).fill(text)
    press(clerk, "保存草稿")
    settle_down(clerk)
    shoot(clerk, "record-form", "[name='fields.village']")
    press(clerk, "一键遮盖个人信息")
    book = Workbook()
    book.active.append(("村（组）", "户数", "面积（亩）", "金额（元）"))
    book.active.append(("竹溪村", 3, 15.2, 1498.72))
    book.properties.creator = "田嘉忻"
    book.save(folder / "竹溪村补贴汇总表.xlsx")
    clerk.set_input_files(".drop [name=file]", folder / "竹溪村补贴汇总表.xlsx")
    clerk.wait_for_selector(".files li")
    settle_down(clerk)
    shoot(clerk, "record-covered", "[name='fields.village']")
    press(clerk, "保存并提交审核")
    record = clerk.url.split("?")[0]
    sign(browser, address, "yu.hang", record, picture="review")
    sign(browser, address, "cheng.shuning", record)
    clerk.goto(record)
    shoot(clerk, "chain")
    sign(browser, address, "guo.min", record, "不涉及国家秘密和工作秘密，可以公开。")
    clerk.goto(record)
    clerk.locator("summary", has_text="发签字链接").click()
    clerk.locator("[name=person] option", has_text="李若兰").first.evaluate("e => { e.selected = true; }")
    press(clerk, "生成链接")
    link = clerk.input_value("#sign-link")
    phone = window(browser, address, PHONE)
    phone.goto(link)
    shoot(phone, "sign-phone")
    press(phone, "同意")
    clerk.goto(record)
    clerk.fill("[name=moment]", "2026-12-01T09:00")
    shoot(clerk, "approved")
    press(clerk, "发布")
    press(clerk, "修改")
    clerk.fill("#record-form [name='fields.objection_phone']", "0799-5549120")
    clerk.fill("#f-note", "更正异议受理电话")
    press(clerk, "保存草稿")
    clerk.goto(f"{record}compare/")
    shoot(clerk, "compare")
    clerk.goto(f"{record}withdraw/")
    clerk.fill("[name=reason]", "名单有误，正在核对")
    shoot(clerk, "record-withdraw")


def together(browser: Browser, address: str, chief: Page) -> None:
    """三同步: the document alone is refused; with its interpretation both go out at once."""
    chief.goto("/desk/records/?tab=review")
    chief.locator("a", has_text="物业服务质量评价办法").first.click()
    chief.wait_for_load_state()
    document = chief.url
    press(chief, "发布")
    shoot(chief, "together-refused")
    writer = sign_in(window(browser, address), "dong.qian")
    writer.goto(document)
    writer.locator("a", has_text="物业服务质量评价办法解读").click()
    writer.wait_for_load_state()
    writer.locator("a", has_text="接着写").click()
    writer.wait_for_load_state()
    fill(writer, INTERPRETATION)
    writer.select_option("#record-form [name='fields.form']", "文字解读")
    writer.locator("[role=textbox][aria-label=正文]").fill(
        "背景依据：物业服务好不好，过去没有统一的评价标准。目标任务：让业主说了算。主要内容：分四类打分，每年公布。"
        "适用范围：县城住宅小区。执行标准：满分100分，60分以下整改。注意事项：业主每年评价一次。"
        "关键词：本办法所称物业服务质量，是指保洁、保安、维修、绿化四项。惠民利民：结果与收费挂钩。新旧差异：首次制定。"
    )
    press(writer, "保存并提交审核")
    record = writer.url.split("?")[0]
    for who, say in (
        ("ji.guoan", ""),
        ("shao.zhiyuan", ""),
        ("guo.min", "不涉及国家秘密和工作秘密，可以公开。"),
        ("pan.shilin", ""),
    ):
        sign(browser, address, who, record, say)
    chief.goto(document)
    press(chief, "发布")
    shoot(chief, "together")


def keeping(page: Page, folder: Path) -> None:
    """Validity, a round of clean-up, old documents brought in."""
    page.goto("/desk/records/validity/")
    shoot(page, "validity")
    page.goto("/desk/records/validity/?tab=rounds")
    page.fill("[name=title]", "2026年规范性文件清理")
    page.fill("[name=due]", "2026-12-31")
    if not page.locator("[name=title]").is_visible():
        page.locator("summary", has_text="开始一轮清理").click()
    page.locator("form[action$='/open/']").locator("[name=owner] option", has_text="人民政府办公室").first.evaluate(
        "e => { e.selected = true; }"
    )
    press(page, "开始")
    shoot(page, "round")
    page.goto("/desk/records/import/")
    book = Workbook()
    for row in OLD:
        book.active.append(row)
    book.save(folder / "历史文件.xlsx")
    page.set_input_files("#f-file", folder / "历史文件.xlsx")
    page.locator("#f-owner option", has_text="青禾县人民政府办公室").first.evaluate("e => { e.selected = true; }")
    press(page, "上传并开始")
    page.wait_for_selector("text=导入完成")
    shoot(page, "import")


def directory(page: Page, folder: Path) -> None:
    """A directory brought in and looked at, an adjustment, the matrix, a cell."""
    page.goto("/desk/scheme/")
    with page.expect_download() as coming:
        page.locator("a", has_text="下载空表").click()
    empty = folder / "目录.xlsx"
    coming.value.save_as(empty)
    book = load_workbook(empty)
    sheet = book.worksheets[0]
    sheet.cell(1, 1).value = "青禾县2027年政府信息主动公开目录"
    for at, (number, first, second, content, basis, limit, owner) in enumerate(LINES, 4):
        texts = {1: number, 2: first, 3: second, 4: content, 5: basis, 6: limit, 7: owner, 9: "√", 11: "√", 13: "√"}
        for column, text in texts.items():
            sheet.cell(at, column).value = text
    book.save(empty)
    page.set_input_files("form[action$='/import/'] [name=file]", empty)
    press(page, "上传并核对")
    shoot(page, "directory")
    page.goto("/desk/scheme/")
    page.locator("a", has_text="青禾县政府信息主动公开基本目录").first.click()
    page.wait_for_load_state()
    page.locator("a", has_text="提出调整").nth(2).click()
    page.wait_for_load_state()
    shoot(page, "propose")
    page.goto("/desk/matrix/")
    shoot(page, "matrix")
    page.locator(".matrix td.c-late a").first.click()
    page.wait_for_load_state()
    shoot(page, "line")
    page.goto("/desk/evidence/")
    shoot(page, "evidence")
    page.goto("/desk/search/?q=低保")
    shoot(page, "search")


def outside(browser: Browser, address: str) -> None:
    """What the citizen sees."""
    page = window(browser, address)
    page.goto("/")
    shoot(page, "site")
    page.goto("/search/?q=低保")
    shoot(page, "site-search")
    page.goto("/data/")
    shoot(page, "site-data")
    phone = window(browser, address, PHONE)
    phone.goto("/policy/")
    phone.locator("main a", has_text="青禾县").first.click()
    phone.wait_for_load_state()
    shoot(phone, "site-phone")


def requests(browser: Browser, address: str, folder: Path) -> None:
    """A request asked for on a phone, and how it is handled."""
    citizen = window(browser, address, PHONE)
    citizen.goto("/ask/")
    shoot(citizen, "ask-phone")
    clerk = sign_in(window(browser, address), "deng.lin")
    clerk.goto("/desk/cases/")
    shoot(clerk, "cases")
    clerk.goto("/desk/cases/?q=宅基地&state=open")
    clerk.locator("main table a").first.click()
    clerk.wait_for_load_state()
    shoot(clerk, "case")
    case = clerk.url
    clerk.goto(f"{case}answer/?outcome=partial&ground=third_party")
    shoot(clerk, "case-answer")
    original = Document()
    original.add_paragraph("谷雨乡石桥村宅基地审批结果：樊守田一户，120平方米，证件号码见附表。")
    original.save(str(folder / "审批结果.docx"))
    clerk.goto(f"{case}papers/")
    clerk.select_option("#f-kind", "source")
    clerk.set_input_files("#f-file", str(folder / "审批结果.docx"))
    press(clerk, "上传")
    clerk.locator("main a", has_text="制作提供给申请人的副本").first.click()
    clerk.wait_for_load_state()
    clerk.fill("[name=words-0-text]", "樊守田")
    clerk.fill("[name=words-0-reason]", "个人隐私")
    press(clerk, "先查找，看看有几处")
    shoot(clerk, "case-supply")
    legal = sign_in(window(browser, address, PHONE), "fan.siyuan")
    legal.goto("/desk/")
    legal.locator("main a", has_text="去审核").first.click()
    legal.wait_for_load_state()
    shoot(legal, "case-review")
    office = sign_in(window(browser, address), "chen.yu")
    for name, path in (("counter", "counter/"), ("board", "board/"), ("case-annual", "cases/annual/2025/")):
        office.goto(f"/desk/{path}")
        shoot(office, name)
    citizen.goto("/ask/progress/")
    shoot(citizen, "progress-phone")


def main() -> None:
    """Make all pictures anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held, sync_playwright() as play:
        folder = Path(held)
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"),
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
            publishing(browser, address, folder)
            together(browser, address, clerk)
            keeping(clerk, folder)
            directory(clerk, folder)
            outside(browser, address)
            requests(browser, address, folder)
        browser.close()


if __name__ == "__main__":
    main()
