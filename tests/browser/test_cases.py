"""A request on its way: 沈一禾 runs it, 蒋若溪 answers, 范思远 checks the law, 何劲松 signs on his phone."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.site import ROOT, Site, environment
from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]

_MAKE = """
import datetime as dt, sys, django
django.setup()
from gongkai.base.clock import on_day
from gongkai.cases import actions
from gongkai.cases.models import Setup
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
channel, day, title = sys.argv[1], dt.date.fromisoformat(sys.argv[2]), sys.argv[3]
clerk = viewer_of(Person.objects.get(username="shen.yihe"), day)
county = next(o.id for o in clerk.tree.live() if o.name == "青禾县")
Setup.objects.update_or_create(body_id=county, defaults={"pay_how": "到政务服务中心缴费窗口缴纳"})
values = {"applicant_kind": "natural", "name": "贺知远", "id_kind": "护照", "id_number": "E00000001"}
values |= {"phone": "13800001234", "title": title, "asked": title + "，要明细。", "form": "纸质", "way": "自行领取"}
with on_day(day):
    if channel == "internet":
        case = actions.submit(county, values, on=day)
    else:
        case = actions.receive(county, values, channel, actor=clerk, on=day)
print(case.pk)
"""


def make(site: Site, channel: str, day: str, title: str) -> int:
    """A request that came in on a day, made through the same actions."""
    env = {**environment(site.data), "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}
    command = [sys.executable, "-c", _MAKE, channel, day, title]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    return int(done.stdout.split()[-1])


def look(page: Page, script: bool) -> None:
    """Look closely where axe can run."""
    if script:
        see(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_net_to_the_archive(visit: Visit, site: Site, script: bool) -> None:
    title = f"养护资金分配表{'一' if script else '二'}"
    pk = make(site, "internet", "2026-11-19", title)
    address = f"/desk/cases/{pk}/"
    hers = visit("shen.yihe", script=script, path="/desk/cases/")
    look(hers, script)
    expect(hers.get_by_role("navigation", name="主要栏目").locator("[aria-current]")).to_have_text("依申请")
    press(hers.get_by_role("link", name=title))
    look(hers, script)
    expect(hers.locator("#main")).to_contain_text("期限还没有起算")
    expect(hers.locator("#main")).not_to_contain_text("贺知远")
    hers.get_by_text("查看全部").click()
    hers.get_by_label("为什么需要查看").fill("打电话双方确认")
    press(hers.get_by_role("button", name="查看", exact=True))
    expect(hers.locator("#main")).to_contain_text("贺知远")
    hers.goto(address)
    expect(hers.locator("#main")).not_to_contain_text("贺知远")
    press(hers.get_by_role("link", name="双方确认"))
    look(hers, script)
    hers.get_by_label(re.compile("双方确认的日期")).fill("2026-11-20")
    press(hers.get_by_role("button", name="确认收到"))
    expect(hers.locator(".clock")).to_contain_text("还剩20个工作日")
    press(hers.get_by_role("link", name="分办"))
    look(hers, script)
    hers.get_by_label(re.compile("承办单位")).select_option(label="青禾县司法局")
    press(hers.get_by_role("button", name="分办"))
    look(hers, script)

    section = visit("jiang.ruoxi", script=script, path="/desk/mine/")
    look(section, script)
    section.goto(address)
    look(section, script)
    press(section.get_by_role("link", name="拟写答复"))
    look(section, script)
    press(section.get_by_role("link", name="一步一步问答，帮您定"))
    for reply in ("清楚", "是政府信息公开申请", "由本机关负责", "有", "可以公开", "不收"):
        look(section, script)
        press(section.locator("a.way").filter(has_text=re.compile(f"^{reply}")).first)
    look(section, script)
    press(section.get_by_role("button", name="送法制审核"))
    expect(section.locator("#told")).to_contain_text("获取信息的方式")
    look(section, script)
    section.get_by_label(re.compile("获取信息的方式")).fill("到县政府办公室自行领取")
    press(section.get_by_role("button", name="存草稿，看文书"))
    expect(section.get_by_role("region", name="文书内容")).to_contain_text("到县政府办公室自行领取")
    look(section, script)
    press(section.get_by_role("button", name="送法制审核"))

    legal = visit("fan.siyuan", script=script, path="/desk/")
    look(legal, script)
    legal.goto(f"{address}answer/review/")
    look(legal, script)
    expect(legal.get_by_role("region", name="文书内容")).not_to_contain_text("贺知远")
    press(legal.get_by_role("button", name="退回"))
    expect(legal.locator("#told")).to_contain_text("退回修改的意见")
    legal.get_by_label(re.compile("意见")).fill("依据、方式都清楚")
    press(legal.get_by_role("button", name="同意"))

    boss = visit("he.jinsong", phone=True, script=script, path="/desk/")
    look(boss, script)
    press(boss.locator(".case-today li.mine", has_text=title).get_by_role("link", name=re.compile("去签发")))
    look(boss, script)
    expect(boss.locator("#main")).to_contain_text("法制审核：范思远")
    press(boss.get_by_role("button", name="同意并签发"))
    expect(boss.locator("#main")).to_contain_text("待送达")
    look(boss, script)

    hers.goto(address)
    press(hers.get_by_role("link", name="送达"))
    look(hers, script)
    hers.get_by_label("当面").check()
    hers.get_by_label("凭证").fill("送达回证，本人签名")
    press(hers.get_by_role("button", name="登记送达"))
    expect(hers.locator(".clock")).to_contain_text("在期限之内")
    press(hers.get_by_role("link", name="归档"))
    press(hers.get_by_role("button", name="归档"))
    expect(hers.locator(".account")).to_contain_text("送达回证，本人签名")
    look(hers, script)
    press(hers.get_by_role("link", name=re.compile("^文书")))
    look(hers, script)
    with hers.expect_download() as held:
        hers.locator("tr", has_text="予以公开告知书").get_by_role("link", name="docx").click()
    assert "自行领取" in "".join(p.text for p in Document(held.value.path()).paragraphs)
    hers.goto(f"{address}print/")
    expect(hers.locator("#main")).to_contain_text("行政机关内部使用")
    look(hers, script)


def test_a_correction_by_keyboard_and_why_this_day(visit: Visit, site: Site) -> None:
    """At 360 px without a mouse: what is refused keeps its words; the clock explains itself day by day."""
    pk = make(site, "in_person", "2026-11-17", "供水水质检测报告")
    page = visit("shen.yihe", phone=True, path=f"/desk/cases/{pk}/")
    see(page)
    for text in ("为什么是这一天", "逐日看", "现在不能办的", "不常用的"):
        summary = page.locator("summary", has_text=text)
        summary.focus()
        page.keyboard.press("Enter")
    see(page)
    expect(page.locator("table.days").first).to_contain_text("17日：周二，起算日，当日不计")
    expect(page.locator(".never")).to_contain_text("先作出决定")
    link = page.get_by_role("link", name="告知补正")
    link.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    see(page)
    page.get_by_label(re.compile("补正期限")).focus()
    page.get_by_label(re.compile("补正期限")).fill("2026-11-01")
    page.get_by_label(re.compile("需要补正的事项")).focus()
    page.keyboard.type("写明要哪一年的")
    page.get_by_role("button", name="发出补正告知书").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("合理的补正期限")
    expect(page.get_by_label(re.compile("需要补正的事项"))).to_have_value("写明要哪一年的")
    see(page)
    page.get_by_label(re.compile("补正期限")).fill("2026-12-10")
    press(page.get_by_role("button", name="发出补正告知书"))
    expect(page.locator(".clock")).to_contain_text("等申请人补正")
    see(page)


def test_a_fee_and_a_copy_with_parts_covered(visit: Visit, site: Site) -> None:
    pk = make(site, "in_person", "2026-11-18", "道路养护合同")
    page = visit("shen.yihe", phone=True, path=f"/desk/cases/{pk}/step/fee_notice/")
    see(page)
    page.get_by_label(re.compile("按量")).check()
    page.get_by_label(re.compile("件数或者页数")).fill("101")
    press(page.get_by_role("button", name="算一算"))
    expect(page.locator("#fee-title")).to_have_text("算出来：720元")
    see(page)
    page.goto(f"/desk/cases/{pk}/papers/")
    see(page)
    made, out = Document(), io.BytesIO()
    made.add_paragraph("联系人张小满，金额10万元。")
    made.save(out)
    page.get_by_label("文件").set_input_files({"name": "合同.docx", "mimeType": "", "buffer": out.getvalue()})
    press(page.get_by_role("button", name="上传"))
    press(page.get_by_role("link", name=re.compile("^制作提供给申请人的副本")))
    see(page)
    page.get_by_label("要遮盖的文字").first.fill("张小满")
    press(page.get_by_role("button", name="先查找，看看有几处"))
    expect(page.locator(".found")).to_contain_text("找到1处")
    see(page)
    press(page.get_by_role("button", name="遮盖并制作副本"))
    expect(page.locator("#told")).to_contain_text("每一处遮盖都要写明理由")
    page.get_by_label("理由").first.fill("个人隐私")
    press(page.get_by_role("button", name="遮盖并制作副本"))
    page.get_by_text("遮盖了1处").click()
    see(page)


def test_a_stranger_finds_nothing(visit: Visit, site: Site) -> None:
    pk = make(site, "in_person", "2026-11-18", "会议纪要")
    page = visit("ding.yichen", path=f"/desk/cases/{pk}/")
    expect(page.locator("h1")).to_have_text("没有这一页")
    page.goto("/desk/cases/?q=会议纪要")
    expect(page.locator("#main")).not_to_contain_text("会议纪要")
