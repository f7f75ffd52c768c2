"""苏晓梅 asks for information on her phone, with no account; the same by keyboard alone, and without scripts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import ROOT, Site, environment
from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
SMALL = {"width": 360, "height": 640}
WORDS = "县民政局去年临时救助每个人发多少钱，怎么审批"

OFFICE = """
import sys
from gongkai.site.boot import boot
boot()
import datetime as dt
from gongkai.base.clock import today
from gongkai.cases import actions, reads
from gongkai.law.outcomes import must
from gongkai.orgs.models import Organisation, Person, Post, Role
from gongkai.orgs.reads import viewer_of

case, upto, on = reads.by_code(sys.argv[1]), sys.argv[2], today()

def who(role):
    person, new = Person.objects.get_or_create(username=f"asking-{case.body_id}-{role}", defaults={"name": "演练"})
    if new:
        Post.objects.create(person=person, organisation_id=case.body_id, role=role, since=dt.date(2020, 1, 1))
    at = viewer_of(person, on).tree.office_of(case.body_id)
    if new and at != case.body_id:
        Post.objects.create(person=person, organisation_id=at, role=role, since=dt.date(2020, 1, 1))
    return viewer_of(person, on)

actions.confirm(case.pk, actor=who(Role.CLERK), on=on)
if upto == "correct":
    actions.ask_correction(case.pk, ["请写明哪一年"], on + dt.timedelta(14), actor=who(Role.CLERK), on=on)
if upto == "answer":
    actions.attach(case.pk, "supplied", "临时救助标准.txt", "每人每月".encode(), actor=who(Role.CLERK), on=on)
    texts = dict.fromkeys(must("disclosed"), "随文提供")
    actions.draft_answer(case.pk, "disclosed", texts, actor=who(Role.CLERK), on=on)
    actions.check_answer(case.pk, actor=who(Role.LEGAL), on=on)
    actions.sign_answer(case.pk, actor=who(Role.SIGNER), on=on)
    actions.deliver(case.pk, "internet", actor=who(Role.CLERK), on=on)
"""


def office(site: Site, code: str, upto: str) -> None:
    """The organ does its part: confirms, asks for a correction, or answers."""
    done = subprocess.run(
        [sys.executable, "-c", OFFICE, code, upto],
        env=environment(site.data),
        cwd=ROOT,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module", autouse=True)
def _indexed(site: Site) -> None:
    """The follower has taken in the county."""

    def count(at: str) -> int:
        with urllib.request.urlopen(site.url + at, timeout=10) as answer:
            return int(json.load(answer)["total"])

    until = time.monotonic() + 90
    while time.monotonic() < until:
        if count("/api/search?q=") == count("/api/records?limit=1"):
            return
        time.sleep(0.3)
    raise AssertionError("the index did not come up")


def look(page: Page, name: str, script: bool = True) -> Page:
    """See a page; with GONGKAI_SHOTS set, keep its picture there. Without scripts axe cannot run: the width alone."""
    folder = os.environ.get("GONGKAI_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"ask-{name}.png", full_page=True)
    if script:
        return see(page)
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window, page.url
    return page


def forward(page: Page, name: str = "下一步") -> None:
    """Press the button that leads on."""
    press(page.locator("main").get_by_role("button", name=name))


def ask(page: Page, shot: str, script: bool = True) -> str:
    """From the front page to the code, looking at every screen."""
    press(page.locator("main").get_by_role("link", name="我要申请"))
    expect(page.get_by_role("heading", level=1)).to_have_text("想了解什么？")
    look(page, f"{shot}-1-start", script)
    page.get_by_label("想了解什么？").fill(WORDS)
    forward(page)
    look(page, f"{shot}-2-found", script)
    expect(page.get_by_role("button", name=re.compile("^这就是我要的")).first).to_be_visible()
    press(page.get_by_role("button", name=re.compile("继续申请")))
    look(page, f"{shot}-3-body", script)
    page.get_by_label("青禾县民政局", exact=True).check()
    forward(page)
    expect(page.get_by_label("具体描述")).to_have_value(WORDS)
    look(page, f"{shot}-4-what", script)
    forward(page)
    page.get_by_label(re.compile("^网上查看")).check()
    look(page, f"{shot}-5-how", script)
    forward(page)  # she forgot one of the two
    expect(page.get_by_role("alert")).to_contain_text("请选怎样获取")
    expect(page.get_by_label(re.compile("^网上查看"))).to_be_checked()
    look(page, f"{shot}-5-refused", script)
    page.get_by_label(re.compile("^网上获取")).check()
    forward(page)
    page.get_by_label(re.compile("^自然人")).check()
    look(page, f"{shot}-6-who", script)
    forward(page)
    page.get_by_label(re.compile("^姓名")).fill("苏晓梅")
    page.get_by_label(re.compile("^证件号码")).fill("110101199003078516")
    page.get_by_label("电话").fill("13800000017")
    look(page, f"{shot}-7-contact", script)
    forward(page)
    expect(page.get_by_role("alert")).to_contain_text("身份证号码不对")
    expect(page.get_by_label(re.compile("^姓名"))).to_have_value("苏晓梅")
    look(page, f"{shot}-7-refused", script)
    page.get_by_label(re.compile("^证件号码")).fill("110101199003078515")
    forward(page)
    look(page, f"{shot}-8-check", script)
    press(page.get_by_role("link", name=re.compile("改.*要什么信息")))
    page.get_by_label(re.compile("^信息的名称")).fill("临时救助标准和审批流程")
    forward(page)
    expect(page.get_by_text("临时救助标准和审批流程")).to_be_visible()
    forward(page, "提交申请")
    expect(page.get_by_role("heading", level=1)).to_have_text("申请已经提交")
    look(page, f"{shot}-9-done", script)
    return page.locator(".code-big").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_on_a_phone_from_the_question_to_the_answer(visit: Visit, site: Site, script: bool) -> None:
    """Given 苏晓梅 on a phone of 360 × 640, when she asks, corrects and is answered, then she sees each step and fetches
    the letter."""
    shot = "phone" if script else "plain"
    page = visit(phone=True, path="/", script=script)
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    code = ask(page, shot, script)
    assert re.fullmatch(r"([2-9A-Z]{4}-){2}[2-9A-Z]{4}", code)
    page.goto("/ask/progress/")
    look(page, f"{shot}-code", script)
    page.get_by_label("查询码").fill(code.lower().replace("-", " "))
    forward(page, "查看")
    expect(page.get_by_role("heading", level=1)).to_contain_text("等青禾县民政局与您确认收到")
    look(page, f"{shot}-submitted", script)
    office(site, code, "correct")
    page.reload()
    look(page, f"{shot}-correct", script)
    page.get_by_label("补正的内容").fill("2025年")
    forward(page, "提交补正")
    expect(page.get_by_role("heading", level=1)).to_contain_text("正在办理")
    page.get_by_text("为什么是").click()
    look(page, f"{shot}-open", script)
    with page.expect_download() as got:
        page.get_by_role("link", name=re.compile("Word.*登记回执")).click()
    assert got.value.suggested_filename == "登记回执.docx"
    press(page.get_by_role("link", name="撤回申请"))
    look(page, f"{shot}-withdraw", script)
    page.get_by_label("我确认撤回").check()
    forward(page, "撤回申请")
    expect(page.get_by_role("heading", level=1)).to_have_text("您已经撤回申请")
    look(page, f"{shot}-withdrawn", script)
    forward(page, "离开，忘掉查询码")
    page.goto("/ask/progress/case/")
    assert page.url.endswith("/ask/progress/")


def test_the_code_of_the_picture_stands_in_no_address(visit: Visit, site: Site) -> None:
    """Given the QR code, when it is opened, then the case is there, and no request had the code in its address."""
    page = visit(path="/")
    code = ask(page, "desk")
    office(site, code, "answer")
    asked: list[str] = []
    reader = visit(path="/")
    reader.on("request", lambda r: asked.append(r.url))
    reader.goto(f"/ask/progress/#{code.replace('-', '')}")
    reader.wait_for_url("**/ask/progress/case/")
    expect(reader.get_by_role("heading", level=1)).to_have_text("已经答复：予以公开")
    look(reader, "desk-answered")
    assert code.replace("-", "") not in "".join(u.partition("#")[0] for u in asked)
    with reader.expect_download() as got:
        reader.get_by_role("link", name=re.compile("^下载.*临时救助标准")).click()
    assert Path(got.value.path()).read_text("utf-8") == "每人每月"
    reader.locator("#size-e").check()
    look(reader, "desk-answered-large")
    wrong = visit(path="/ask/progress/")
    wrong.get_by_label("查询码").fill("ZZZZ-ZZZZ-ZZZZ")
    forward(wrong, "查看")
    expect(wrong.get_by_role("alert")).to_contain_text("没有查到")
    look(wrong, "desk-wrong")


COUNT = """
from gongkai.site.boot import boot
boot()
from gongkai.cases.models import Case
print(Case.objects.count())
"""


def cases(site: Site) -> int:
    """How many requests there are."""
    told = subprocess.run([sys.executable, "-c", COUNT], env=environment(site.data), cwd=ROOT, capture_output=True)
    return int(told.stdout)


def test_pressed_four_times_at_once_is_one_case(visit: Visit, site: Site) -> None:
    """Given an impatient finger, when the same form comes four times in the same moment, then there is one case."""
    page = visit(path="/ask/")
    page.locator("#f-words").fill("养老服务设施的分布")
    forward(page)
    press(page.get_by_role("button", name=re.compile("继续申请")))
    page.locator("input[name=body]").first.check()
    forward(page)
    forward(page)
    page.get_by_label(re.compile("^网上查看")).check()
    page.get_by_label(re.compile("^网上获取")).check()
    forward(page)
    page.get_by_label(re.compile("^自然人")).check()
    forward(page)
    for name, text in (("name", "苏晓梅"), ("id_number", "110101199003078515"), ("phone", "13800000017")):
        page.locator(f"#f-{name}").fill(text)
    forward(page)
    before = cases(site)
    form = page.locator("main form.go")
    data = {k: form.locator(f"input[name={k}]").get_attribute("value") or "" for k in ("csrfmiddlewaretoken", "draft")}
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())

    def send(_: int) -> str:
        asked = urllib.request.Request(
            f"{site.url}/ask/check/", urllib.parse.urlencode(data).encode(), {"Cookie": cookies, "Origin": site.url}
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return str(answer.url)

    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(send, range(4)))
    assert all(e.endswith("/ask/done/") for e in ends)
    assert cases(site) == before + 1


def tab_to(page: Page, wanted: str) -> None:
    """On by Tab until the wanted element has the focus."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement.matches(s)", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(wanted)


def enter(page: Page) -> None:
    """Enter, and the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_by_keyboard_alone(visit: Visit) -> None:
    """Tab, space and arrows, Enter: from the question to the code and to the case."""
    page = visit(path="/ask/")
    tab_to(page, "#f-words")
    page.keyboard.type("想看2025年城乡低保的标准")
    tab_to(page, "main form .go button")
    enter(page)
    tab_to(page, "main form.go button")
    enter(page)
    tab_to(page, "#f-words")
    page.keyboard.type("民政局")
    tab_to(page, "button[name=find]")
    enter(page)
    tab_to(page, "input[name=body]")
    page.keyboard.press("Space")
    tab_to(page, "main .go button")
    enter(page)
    tab_to(page, "main .go button")
    enter(page)
    for name in ("form", "way"):
        tab_to(page, f"input[name={name}]")
        page.keyboard.press("Space")
        if name == "way":
            for _ in range(3):
                page.keyboard.press("ArrowDown")
    expect(page.get_by_label(re.compile("^网上获取"))).to_be_checked()
    tab_to(page, "main .go button")
    enter(page)
    tab_to(page, "input[name=applicant_kind]")
    page.keyboard.press("Space")
    tab_to(page, "main .go button")
    enter(page)
    for name, text in (("name", "苏晓梅"), ("id_number", "110101199003078515"), ("phone", "13800000017")):
        tab_to(page, f"#f-{name}")
        page.keyboard.type(text)
    enter(page)
    tab_to(page, "main form.go button")
    enter(page)
    code = page.locator(".code-big").inner_text()
    page.goto("/ask/progress/")
    tab_to(page, "#f-code")
    page.keyboard.type(code)
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("已经提交")


def test_other_entries(visit: Visit) -> None:
    """更正 has a path of its own; an organisation is asked for its code; no axe fault on any."""
    page = visit(path="/ask/amend/")
    look(page, "amend-start")
    page.locator("#f-words").fill("社保缴费记录少了一年")
    forward(page)
    page.get_by_label("机关的名称").fill("没有这个")
    forward(page, "查找")
    look(page, "amend-body-none")
    page.get_by_label("机关的名称").fill("人力资源")
    forward(page, "查找")
    look(page, "amend-body")
    forward(page)
    expect(page.get_by_role("alert")).to_contain_text("请选一个机关")
    page.locator("input[name=body]").first.check()
    forward(page)
    look(page, "amend-what")
    page.get_by_label(re.compile("^哪一份记录")).fill("缴费记录")
    forward(page)
    page.locator("input[name=form]").first.check()
    page.locator("input[name=way]").nth(2).check()
    forward(page)
    page.get_by_label(re.compile("^商业企业")).check()
    forward(page)
    look(page, "amend-contact")
    forward(page, "清除填写的内容并离开")
    assert page.url.rstrip("/").count("/") == 2
