"""王大爷 looks for 低保 on an old phone of 360 × 640, with no account; the same by keyboard alone, and without scripts."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]
SMALL = {"width": 360, "height": 640}
GUIDE, DOCUMENT = "最低生活保障申请办事指南", "青禾县最低生活保障审核确认实施办法"


def ask(site: Site, at: str) -> dict[str, object]:
    """What the API answers."""
    with urllib.request.urlopen(site.url + at, timeout=10) as answer:
        made: dict[str, object] = json.load(answer)
    return made


@pytest.fixture(scope="module", autouse=True)
def _indexed(site: Site) -> None:
    """The follower has taken in the county: as many are found as are out."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if ask(site, "/api/search?q=")["total"] == ask(site, "/api/records?limit=1")["total"]:
            return
        time.sleep(0.3)
    raise AssertionError("the index did not come up")


def look(page: Page, name: str, script: bool = True) -> Page:
    """See a page; with GONGKAI_SHOTS set, keep its picture there. Without scripts axe cannot run: the width alone."""
    folder = os.environ.get("GONGKAI_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"portal-{name}.png", full_page=True)
    if script:
        return see(page)
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window, page.url
    return page


def small(visit: Visit, path: str = "/", *, script: bool = True) -> Page:
    """A window of 360 × 640 for somebody with no account."""
    page = visit(phone=True, path=path, script=script)
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_box_to_the_form(visit: Visit, script: bool) -> None:
    """Given 低保 in the box, then the guide is among the first three, then its document, the 解读, and the form to fill in."""
    page = small(visit, script=script)
    look(page, "home", script)
    page.locator("#q").fill("低保")
    press(page.locator("main").get_by_role("button", name="搜索"))
    titles = page.locator("ol.results h2 a")
    guide = titles.filter(has_text=GUIDE)
    assert any(GUIDE in words for words in titles.all_inner_texts()[:3])
    expect(titles.first.locator("mark").first).to_be_visible()
    assert titles.first.bounding_box()["y"] < SMALL["height"]  # type: ignore[index]
    look(page, "results", script)
    press(guide)
    expect(page.get_by_role("heading", level=1)).to_have_text(GUIDE)
    look(page, "guide", script)
    press(page.get_by_role("complementary").get_by_role("link", name=DOCUMENT))
    expect(page.get_by_role("heading", level=1)).to_contain_text(DOCUMENT)
    look(page, "document", script)
    document = page.url
    press(page.get_by_role("complementary").get_by_role("link", name="解读"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("低保怎么申请")
    look(page, "interpretation", script)
    page.goto(document)
    with page.expect_download() as got:
        page.locator("#files a").first.click()
    assert got.value.suggested_filename.endswith(".docx")
    assert Path(got.value.path()).read_bytes()[:2] == b"PK"


def test_by_keyboard_alone(visit: Visit) -> None:
    """The list of suggestions is a combobox: down, up, escape, enter; then on by Tab and Enter."""
    page = visit(path="/search/")
    box = page.get_by_role("combobox").locator("visible=true")
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "q":
            break
        page.keyboard.press("Tab")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("低保怎么")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    look(page, "suggestions")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("低保怎么")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("低保怎么")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _ in range(60):
        if page.evaluate("document.activeElement.closest('ol.results') !== null"):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_be_visible()


def test_what_is_chosen_from_the_suggestions_is_searched(visit: Visit) -> None:
    page = visit(path="/policy/")
    box = page.locator("#top-q")
    box.press_sequentially("dibao", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("低保")
    with page.expect_navigation():
        page.get_by_role("option").first.click()
    expect(page.locator("ol.results li").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_filters_stay(visit: Visit, script: bool) -> None:
    """Two kinds and a year, ordered by date, on the phone; one taken away again; the address holds it all."""
    page = small(visit, f"/search/?q={quote('低保')}", script=script)
    every = page.locator("p.told").first.inner_text()
    for name in ("办事指南", "政策问答"):
        page.get_by_label("筛选").first.check()
        press(page.get_by_role("navigation", name="筛选").get_by_role("link", name=name))
    expect(page.locator(".taken")).to_contain_text("办事指南")
    kinds = set(page.locator("ol.results li p.quiet span:first-child").all_inner_texts())
    assert kinds <= {"办事指南", "政策问答"}
    look(page, "narrowed", script)
    press(page.get_by_role("link", name="按日期"))
    days = page.locator("ol.results time").all_inner_texts()
    assert days == sorted(days, reverse=True) and page.url.count("kind=") == 2
    press(page.locator(".taken a").filter(has_text="政策问答"))
    assert page.url.count("kind=") == 1 and "order=date" in page.url
    press(page.get_by_role("link", name="全部清除"))
    assert page.locator("p.told").first.inner_text() == every


def test_another_spelling_nothing_and_some(visit: Visit) -> None:
    page = small(visit, "/search/?q=dibao")
    expect(page.locator("p.told").first).to_contain_text("按“低保”检索")
    press(page.get_by_role("link", name="仍按“dibao”检索"))
    expect(page.locator(".empty")).to_contain_text("没有找到")
    look(page, "nothing")
    press(page.locator(".empty").get_by_role("link", name="申请公开"))
    expect(page.get_by_role("heading", level=1)).to_have_text("想了解什么？")
    page.goto(f"/search/?q={quote('低保 火星 漂流')}")
    expect(page.locator("p.told").first).to_contain_text("没有全部包含这些词")
    look(page, "some")


def test_the_place_of_a_passage_is_there(visit: Visit, site: Site) -> None:
    """Each place named beside a passage leads to a file or to a part of the page."""
    page = visit(path=f"/search/?q={quote('低保')}")
    places = [a.get_attribute("href") or "" for a in page.locator("a.place").all()]
    assert places
    for place in places:
        address, _, part = place.partition("#")
        with urllib.request.urlopen(site.url + address, timeout=10) as answer:
            held = answer.read()
        assert not part or f'id="{part}"'.encode() in held, place


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "wide"])
def test_every_page_is_clean(visit: Visit, site: Site, phone: bool) -> None:
    """At 360 × 640 and at 1366 × 768: nothing scrolls sideways, axe finds nothing, the console is silent."""
    width = "phone" if phone else "wide"
    page = small(visit) if phone else visit(path="/")
    kinds = ("normative", "interpretation", "debt", "project", "leaders", "subsidy", "service_guide", "budget")
    found = {k: ask(site, f"/api/records?kind={k}&limit=1")["records"] for k in kinds}
    records = {k: rows[0]["url"] for k, rows in found.items() if rows}  # type: ignore[index]
    fixed = {"gk": "/gk/", "apply": "/gk/", "policy": "/policy/", "search": "/search/", "data": "/data/"}
    fixed |= {"sitemap": "/sitemap/", "list": "/list/notice/", "matrix": "/list/budget/", "series": "/list/planning/"}
    for name, path in {**fixed, **records}.items():
        page.goto(path)
        if name == "apply":
            press(page.get_by_role("navigation", name="政府信息公开栏目").get_by_role("link", name="依申请公开"))
        look(page, f"{width}-{name}")


def test_a_table_is_taken_home(visit: Visit, site: Site) -> None:
    """下载CSV beside a table, JSON below the page, and the twins of a list."""
    listed = ask(site, "/api/records?kind=debt&limit=1")["records"]
    page = visit(path=listed[0]["url"])  # type: ignore[index]
    with page.expect_download() as got:
        page.get_by_role("link", name="下载CSV").first.click()
    assert Path(got.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
    page.goto("/list/notice/")
    with page.expect_download() as got:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert got.value.suggested_filename == "notice.csv"
