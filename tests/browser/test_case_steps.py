"""Steps with a second person or a second look: a longer period, a letter before it is sent, areas drawn on a page."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Page, expect
from reportlab.pdfgen.canvas import Canvas

from tests.browser.site import Site
from tests.browser.test_cases import make
from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]


def test_the_head_is_asked_on_a_phone_and_the_letter_is_seen_first(visit: Visit, site: Site) -> None:
    pk = make(site, "in_person", "2026-11-16", "水库除险加固方案")
    clerk = visit("shen.yihe", path=f"/desk/cases/{pk}/")
    press(clerk.get_by_role("link", name="请示延期"))
    see(clerk)
    clerk.get_by_label(re.compile("想延长几个工作日")).fill("10")
    clerk.get_by_label(re.compile("延期的理由")).fill("要调老档案")
    press(clerk.get_by_role("button", name="请负责人批准"))
    head = visit("luo.jing", phone=True, path="/desk/")
    press(
        head.locator(".case-today li.mine", has_text="水库除险加固方案").get_by_role("link", name=re.compile("去批准"))
    )
    see(head)
    expect(head.get_by_label(re.compile("延期的理由"))).to_have_value("要调老档案")
    press(head.get_by_role("button", name="批准延期"))
    clerk.goto("/desk/")
    press(clerk.locator(".case-today li", has_text="把延期告知申请人").get_by_role("link", name=re.compile("去办")))
    press(clerk.get_by_role("link", name="告知延期"))
    press(clerk.get_by_role("button", name="先看文书"))
    see(clerk)
    told = clerk.get_by_role("region", name="延长答复期限告知书")
    expect(told).to_contain_text("政府信息公开工作机构负责人罗静于2026年11月22日同意")
    expect(told).to_contain_text("贺知远")
    expect(told).to_contain_text("（发出时编号）")
    expect(told).to_contain_text("2026年12月28日")
    press(clerk.get_by_role("button", name="发出延期告知书"))
    expect(clerk.locator(".clock")).to_contain_text("2026年12月28日")
    see(clerk)


def drag(page: Page, part: tuple[float, float, float, float]) -> None:
    """Draw a rectangle on the first page, in parts of its width and height."""
    sheet = page.locator(".pick-page").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    at = [box["x"] + box["width"] * part[0], box["y"] + box["height"] * part[1]]
    to = [box["x"] + box["width"] * part[2], box["y"] + box["height"] * part[3]]
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(*to, steps=3)
    page.mouse.up()


def test_areas_of_a_page_are_drawn_and_gone_from_the_copy(visit: Visit, site: Site) -> None:
    pk = make(site, "in_person", "2026-11-18", "供水合同")
    page = visit("shen.yihe", path=f"/desk/cases/{pk}/papers/")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawString(100, 700, "SECRET NAME")
    canvas.drawString(100, 100, "PUBLIC PART")
    canvas.save()
    page.get_by_label("文件").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}
    )
    press(page.get_by_role("button", name="上传"))
    press(page.get_by_role("link", name=re.compile("^制作提供给申请人的副本")))
    page.get_by_text("看页面，框选区域（1页）").click()
    expect(page.locator(".pick-page img")).to_have_js_property("complete", True)
    for part in ((0.1, 0.12, 0.6, 0.2), (0.1, 0.4, 0.3, 0.45), (0.5, 0.5, 0.7, 0.6)):
        drag(page, part)
    expect(page.locator(".pick-box")).to_have_count(3)
    expect(page.locator("[name=areas-0-left]")).to_have_value("2.10")
    expect(page.locator("[name=areas-2-page]")).to_have_value("1")
    see(page)
    for n in range(3):
        page.locator(f"[name=areas-{n}-reason]").fill("个人隐私")
    press(page.get_by_role("button", name="遮盖并制作副本"))
    page.get_by_text("遮盖了3处").click()
    see(page)
    with page.expect_download() as held:
        page.locator("li", has_text="由“a.pdf”制作").get_by_role("link").first.click()
    data = held.value.path().read_bytes()
    assert data.startswith(b"%PDF-") and b"SECRET" not in data
