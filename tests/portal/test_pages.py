"""Every page of the portal: it answers, says what it must, asks the database few questions, is light."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.base.actions import SYSTEM, record_event
from gongkai.orgs.models import Kind, Name, Organisation, Place
from gongkai.orgs.reads import tree_on
from gongkai.portal import about
from gongkai.records.kinds import kinds
from gongkai.search import reads as searching
from gongkai.search.follow import rebuild
from gongkai.search.models import Missed
from tests.portal import DAY, FOUNDED, County

SHARED = sum(f.stat().st_size for f in (files("gongkai.portal") / "static/portal").iterdir() if f.is_file())  # type: ignore[attr-defined]


@pytest.fixture
def get(county: County, client: Client) -> Callable[..., str]:
    """Opens a page, and says how many questions it may ask."""
    tree_on(DAY)

    def open_(address: str, most: int = 99, status: int = 200) -> str:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(address)
        assert answer.status_code == status, (address, answer.status_code)
        told = "\n".join(q["sql"][:200] for q in asked.captured_queries)
        assert len(asked) <= most, (address, len(asked), told)
        text = answer.content.decode()
        assert len(answer.content) + SHARED < 60_000, (address, len(answer.content))
        assert "Set-Cookie" not in answer.headers
        return text

    return open_


def test_home(get: Callable[..., str]) -> None:
    text = get("/", 12)
    places = [text.index(w) for w in ("首页", "政府信息公开", "政策文件", "解读回应", "办事服务")]
    assert places == sorted(places)
    assert "临溪县临时救助实施办法" in text and "临溪县政策解读示例" in text


@pytest.mark.parametrize("code", sorted(kinds()))
def test_lists_and_records_of_every_kind(get: Callable[..., str], county: County, code: str) -> None:
    text = get(f"/list/{code}/", 6)
    assert kinds()[code].name in text
    page = get(f"/p/{county.records[code]}.html", 8)
    for name in (
        "ColumnName",
        "ColumnDescription",
        "ColumnKeywords",
        "ColumnType",
        "ArticleTitle",
        "PubDate",
        "ContentSource",
    ):
        assert f'<meta name="{name}" content="' in page, name
    assert '<meta name="PubDate" content="2026-03-02 09:30">' in page
    assert page.startswith('<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">')


def test_head_table_is_in_order(get: Callable[..., str], county: County) -> None:
    page = get(f"/p/{county.records['normative']}.html")
    head = page[page.index('<dl class="head">') :]
    words = ["索引号", "主题分类", "发文机关", "成文日期", "标题", "发文字号", "发布日期", "有效性"]
    places = [head.index(f"<dt>{w}</dt>") for w in words]
    assert places == sorted(places)
    assert "临民规〔2026〕1号" in page and "尚未施行" in page and "自2026年4月1日起施行" in page


def test_linked_both_ways(get: Callable[..., str], county: County) -> None:
    document, told = county.records["normative"], county.records["interpretation"]
    page = get(f"/p/{document}.html")
    aside = page[page.index("<aside") :]
    for title in ("解读", "问答", "办事", "咨询电话"):
        assert f"<h2>{title}</h2>" in aside
    assert f'href="/p/{told}.html"' in aside and 'href="tel:0799-5550101"' in aside
    assert f'href="/p/{document}.html"' in get(f"/p/{told}.html")


def test_tables_have_totals_and_a_drawing_in_words(get: Callable[..., str], county: County) -> None:
    page = get(f"/p/{county.records['debt']}.html")
    foot = page[page.index("<tfoot>") : page.index("</tfoot>")]
    assert "合计" in foot and "6,872.00" in foot  # 1200.50 + 1545.50 + 1890.50 + 2235.50, added by hand
    assert '<svg class="chart" role="img"' in page and "<desc" in page


def test_a_project_is_a_line_of_stages(get: Callable[..., str], county: County) -> None:
    page = get(f"/p/{county.records['project']}.html")
    assert '<ol class="timeline">' in page
    assert [page.index(w) for w in ("批准　", "招标投标　", "征收　", "施工　")] == sorted(
        page.index(w) for w in ("批准　", "招标投标　", "征收　", "施工　")
    )


def test_budgets_as_a_matrix_and_plans_as_a_series(get: Callable[..., str], county: County) -> None:
    text = get("/list/budget/", 6)
    head = text[text.index('<table class="grid matrix">') :]
    assert head.index(">2026<") < head.index(">2025<") < head.index(">2024<")
    assert head.count("未公开") == 3  # 民政局 2026, 财政局 2025 and 2024
    text = get("/list/planning/", 6)
    line = text[text.index("<h3>养老服务发展规划</h3>") :]
    assert line.index("十三五") < line.index("2016—2020年") < line.index("十四五")


def test_the_column_has_its_four_blocks_and_fifteen_items(get: Callable[..., str], county: County) -> None:
    text = get("/gk/", 8)
    for block in ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"):
        assert block in text
    assert "（一）行政法规、规章和规范性文件" in text
    assert "（十五）法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息" in text
    assert text.count("市政建设") == 1 and "宅基地使用情况审核" not in text
    for name in ("临溪县民政局", "枫桥镇人民政府", "东门街道办事处"):
        assert name in text
    town = get(f"/gk/{county.orgs['town']}/", 8)
    assert "宅基地使用情况审核" in town and "市政建设" not in town
    assert "枫桥镇政府信息公开指南" in town and "临溪县临时救助" not in town
    listed = get(f"/gk/{county.orgs['town']}/open/21-4/", 8)
    assert "关于宅基地审批结果的公示" in listed
    assert "关于宅基地审批结果的公示" in get(f"/gk/{county.orgs['county']}/open/19/", 8)


def test_the_site_is_of_the_body_that_has_something_out(
    get: Callable[..., str], county: County, press_folder: Path
) -> None:
    """Given a city above that has nothing out, then the column is the county's; site.toml may say otherwise."""
    city = Organisation.objects.create(kind=Kind.CITY, position=0)
    Name.objects.create(organisation=city, text="云上市人民政府", since=FOUNDED)
    Place.objects.create(organisation=city, since=FOUNDED)
    Place.objects.filter(organisation=county.orgs["county"]).update(parent=city)
    with transaction.atomic():
        record_event("place", "organisation", city.pk, actor=SYSTEM, on=DAY)
    assert "<h1>临溪县人民政府政府信息公开</h1>" in get("/gk/", 11)  # the tree is read anew
    about.path().write_text('body = "云上市人民政府"\n', "utf-8")
    assert '<p class="side-head">云上市人民政府</p>' in get("/gk/", 8)


def test_other_pages_of_the_column(get: Callable[..., str], county: County, client: Client) -> None:
    civil = county.orgs["civil"]
    assert "临溪县政府信息公开制度示例" in get(f"/gk/{civil}/systems/", 6)
    assert "临溪县政府信息公开年报示例" in get(f"/gk/{civil}/reports/", 6)
    assert "还没有公布" in get(f"/gk/{county.orgs['street']}/reports/")
    assert "依申请公开的办理的第一段" in get(f"/gk/{county.orgs['county']}/apply/")  # the office keeps it
    assert "还没有公布政府信息公开指南" in get(f"/gk/{county.orgs['street']}/apply/")
    assert client.get(f"/gk/{county.orgs['town']}/guide/")["Location"] == f"/p/{county.records['guide-town']}.html"
    assert client.get(f"/gk/{county.orgs['relief']}/")["Location"] == f"/gk/{civil}/"
    get("/gk/999999/", status=404)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=临民规(2026)1号", True),
        ("q=临民规［2026］第01号", True),
        ("q=救助 办法", True),
        ("q=养老", False),
        ("kind=normative", True),
        ("kind=policy", False),
        ("kind=nonsense", True),
        ("year=2026", True),
        ("year=2025", False),
        ("year=99999999", True),
        ("topic=民政、扶贫、救灾", True),
        ("topic=国防", False),
        ("validity=pending", True),
        ("validity=in-force", False),
        ("validity=repealed", False),
        ("validity='; DROP", True),
        ("owner=abc&owner=99999999999999999999", True),
        ("order=formed&page=77", True),
    ],
)
def test_the_library_is_narrowed(get: Callable[..., str], county: County, query: str, found: bool) -> None:
    text = get(f"/policy/?{query}", 6)
    assert (f"/p/{county.records['normative']}.html" in text) is found
    feed = get(f"/policy/rss/?{query}", 6)
    assert (f"/p/{county.records['normative']}.html" in feed) is found


def test_owners_stay_chosen(get: Callable[..., str], county: County) -> None:
    civil, finance = county.orgs["civil"], county.orgs["finance"]
    text = get(f"/policy/?owner={civil}&owner={finance}&q=救助")
    assert f'name="owner" value="{civil}" checked' in text and "已选2个" in text
    assert f"/policy/rss/?owner={civil}&amp;owner={finance}" in text


@pytest.fixture
def index(county: County) -> Iterator[None]:
    """The index of search over the county."""
    searching._spelling.cache_clear()
    rebuild()
    yield
    searching.engine().rebuild([])
    searching._spelling.cache_clear()


def test_search(get: Callable[..., str], county: County, index: None) -> None:
    document = county.records["normative"]
    text = get("/search/?q=临民规【2026】1号", 8)
    assert text.index(f"/p/{document}.html") and "临民规〔2026〕1号" in text
    assert text.count('role="search"') == 2 and "one-box" in text  # the header's is hidden: one box
    text = get("/search/?q=救助办法", 8)
    assert "<mark>救助</mark>" in text and 'rel="alternate" type="application/json" href="/search.json?q=' in text
    assert "没有找到" in get("/search/?q=没有这样的词汇", 13)  # kept for staff the first time
    assert "没有找到" in get("/search/?q=没有这样的词汇", 8)
    assert Missed.objects.get(text="没有这样的词汇").count == 2
    assert "&lt;script&gt;" in get("/search/?q=<script>", 13)


def test_search_with_nothing_typed_helps(get: Callable[..., str], county: County, index: None) -> None:
    text = get("/search/", 8)
    assert "想了解什么？" in text and "怎样申请（依申请公开）" in text and "民政、扶贫、救灾" in text
    assert f"/p/{county.records['service_guide']}.html" in text and f"/p/{county.records['policy_qa']}.html" in text


def test_search_is_narrowed_and_the_choice_stays(get: Callable[..., str], county: County, index: None) -> None:
    text = get("/search/?q=临溪县&kind=办事指南&kind=政策问答&year=2026&order=date", 8)
    assert "共2条" in text and f"/p/{county.records['policy_qa']}.html" in text
    out = "?q=%E4%B8%B4%E6%BA%AA%E5%8E%BF&amp;kind=%E6%94%BF%E7%AD%96%E9%97%AE%E7%AD%94&amp;year=2026&amp;order=date"
    assert text.count(f'href="{out}"') == 2  # the tick itself and the line of what is chosen
    assert 'aria-current="true">按日期' in text and "已选，按下去掉" in text
    assert "共0条" in get("/search/?q=临溪县&kind=没有这一种", 8)


def test_another_spelling_and_the_words_as_they_are(get: Callable[..., str], county: County, index: None) -> None:
    text = get("/search/?q=linshijiuzhu", 8)
    assert "按“<strong>临时救助</strong>”检索" in text and "仍按“linshijiuzhu”检索" in text
    text = get("/search/?q=linshijiuzhu&literal=1", 8)
    assert "没有找到" in text and "按“<strong>" not in text


def test_some_of_the_words(get: Callable[..., str], county: County, index: None) -> None:
    assert "没有全部包含这些词" in get("/search/?q=临时救助 火星 漂流", 8)


def test_the_passage_leads_to_its_place(get: Callable[..., str], county: County, index: None) -> None:
    document = county.records["normative"]
    assert f'href="/p/{document}.html#body">正文</a>' in get("/search/?q=公平公正的原则", 8)
    debt = county.records["debt"]
    text = get("/search/?q=地方政府债务 限额", 8)
    anchors = set(re.findall(rf"/p/{debt}\.html#([\w-]+)", text))
    page = get(f"/p/{debt}.html")
    assert all(f'id="{a}"' in page for a in anchors)


def test_pages_of_results(get: Callable[..., str], county: County, index: None) -> None:
    text = get("/search/?q=临溪县&page=2", 8)
    assert "第2页" in text and 'rel="prev"' in text and '<ol class="lines results" start="11">' in text
    assert "第3页，共3页" in get("/search/?q=临溪县&page=88", 8)


def test_suggestions(get: Callable[..., str], county: County, index: None) -> None:
    import json

    assert "临溪县临时救助实施办法" in json.loads(get("/search/suggest/?q=救助实施", 3))
    assert json.loads(get("/search/suggest/")) == []
    assert 'data-suggest="/search/suggest/"' in get("/policy/")


def test_maps_feeds_and_robots(get: Callable[..., str], county: County) -> None:
    page = get("/sitemap/", 6)
    assert "财政预算" in page and "枫桥镇人民政府" in page
    assert "http://testserver/sitemap-0.xml" in get("/sitemap.xml", 3)
    part = get("/sitemap-0.xml", 4)
    assert f"<loc>http://testserver/p/{county.records['normative']}.html</loc><lastmod>2026-03-02" in part
    get("/sitemap-9.xml", status=404)
    assert "Disallow: /desk/" in get("/robots.txt")
    assert "临溪县临时救助实施办法" in get("/rss/", 3) and "临溪县政策解读示例" in get("/rss/interpretation/", 3)
    get("/rss/nothing/", status=404)
    get("/list/nothing/", status=404)


def test_each_door_says_in_its_own_words_that_there_is_no_such_page(get: Callable[..., str]) -> None:
    assert 'class="search"' in get("/nothing/", status=404)
    assert 'class="search"' not in get("/desk/nothing/", status=404)


def test_scripts_and_styles_come_from_the_site_only(get: Callable[..., str], county: County) -> None:
    for address in ("/", "/gk/", "/policy/", f"/p/{county.records['debt']}.html"):
        text = get(address)
        assert " style=" not in text and "<style" not in text and " onclick" not in text
        scripts = [part.split(">")[0] for part in text.split("<script")[1:]]
        assert all('src="/static/' in s or 'type="application/ld+json"' in s for s in scripts)
        assert "http://" not in text.replace("http://testserver", "").replace("http://www.w3.org", "")
