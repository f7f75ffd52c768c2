"""Who sees what at a record's address: versions, withdrawals, codes, files, old addresses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gongkai.records import actions
from gongkai.records.models import Draft, Record
from tests.portal import DAY, County, lawful, out, through

SECRET = "看不见的标题"


def rewrite(county: County, record: Record, note: str, **values: object) -> Record:
    actions.revise(record.pk, actor=county.who("clerk"), on=DAY)
    draft = Draft.objects.get(record=record)
    actions.write_draft(record.pk, values, revision=draft.revision, actor=county.who("clerk"), on=DAY)
    return through(county, Record.objects.get(pk=record.pk), note)


def test_versions_that_were_public_stay_readable(county: County, client: Client) -> None:
    record = lawful(county)
    rewrite(county, record, "提高了标准", body="第一条 新的内容。")
    page = client.get(f"/p/{record.pk}.html").content.decode()
    assert "新的内容" in page and "提高了标准" in page and f"/p/{record.pk}/v1.html" in page
    assert "这里是修改后的版本" in page
    old = client.get(f"/p/{record.pk}/v1.html").content.decode()
    assert "为了规范帮扶工作" in old and "已被新版代替" in old and 'content="noindex"' in old
    assert client.get(f"/p/{record.pk}/v2.html").status_code == 404  # the present one has its own address


def test_nothing_before_a_withdrawal_comes_back(county: County, client: Client) -> None:
    """Given v1, v2, a withdrawal, v3: what was withdrawn and what went before stay away."""
    record = lawful(county, body="第一条 最早的内容。")
    rewrite(county, record, "", body="第一条 误发的内容。")
    actions.withdraw(record.pk, "含有不应公开的内容。", actor=county.who("clerk"), on=DAY)
    answer = client.get(f"/p/{record.pk}.html")
    assert answer.status_code == 410
    text = answer.content.decode()
    assert "该信息已撤回" in text and "含有不应公开的内容" in text and "2026-03-02" in text and "误发" not in text
    rewrite(county, Record.objects.get(pk=record.pk), "", body="第一条 更正后的内容。")
    assert "更正后" in client.get(f"/p/{record.pk}.html").content.decode()
    for number in (1, 2, 3):
        assert client.get(f"/p/{record.pk}/v{number}.html").status_code == 404


def test_a_draft_on_top_changes_nothing(county: County, client: Client) -> None:
    record = lawful(county)
    before = client.get(f"/p/{record.pk}.html").content
    actions.revise(record.pk, actor=county.who("clerk"), on=DAY)
    actions.write_draft(record.pk, {"title": SECRET}, revision=0, actor=county.who("clerk"), on=DAY)
    assert client.get(f"/p/{record.pk}.html").content == before


def test_repealed_says_by_what(county: County, client: Client) -> None:
    record = lawful(county)
    new = county.records["normative"]
    told = out(county, "interpretation", "帮扶办法解读", fields={"documents": [record.pk]}, name="told")
    actions.decide_validity(record.pk, "repeal", actor=county.who("clerk"), on=DAY, by=new)
    page = client.get(f"/p/{record.pk}.html").content.decode()
    assert "本文件已废止（2026年3月2日）" in page and f'依据：<a href="/p/{new}.html">' in page
    assert "请以现行规定为准" in client.get(f"/p/{told.pk}.html").content.decode()


def test_lapsed_and_in_force_by_the_day(county: County, client: Client) -> None:
    from gongkai.base.clock import on_day

    pk = county.records["normative"]
    for day, said in (
        (dt.date(2026, 4, 1), "现行有效"),
        (dt.date(2031, 3, 31), "现行有效"),
        (dt.date(2031, 4, 1), "本文件已失效"),
    ):
        with on_day(day):
            page = client.get(f"/p/{pk}.html").content.decode()
        assert said in page and ('class="banner' in page) is (said != "现行有效")


@pytest.mark.parametrize("audience", ["limited", "on_request", "internal"])
def test_what_is_not_public_shows_nowhere(county: County, client: Client, audience: str) -> None:
    """One hidden record must show in none of the ways out."""
    more = {"audience": audience, "audience_basis": "内部使用"}
    record = out(county, "normative", SECRET, name="secret", document_number="临民规〔2026〕77号", **more)
    told = out(county, "interpretation", "公开的解读", fields={"documents": [record.pk]}, name="told")
    linked = client.get(f"/p/{told.pk}.html").content.decode()
    assert SECRET not in linked
    civil = county.orgs["civil"]
    for address in (
        *("/", "/policy/", "/policy/?q=77", "/list/normative/", "/rss/", "/rss/normative/", "/policy/rss/"),
        *("/gk/", f"/gk/{civil}/", f"/gk/{civil}/open/20-1/", f"/search/?q={SECRET}", "/sitemap/", "/sitemap-0.xml"),
    ):
        text = client.get(address).content.decode()
        assert SECRET not in text.replace(f"“{SECRET}”", "").replace(f'value="{SECRET}"', "").replace(
            f"<title>{SECRET} ·", ""
        ), address
        assert f"/p/{record.pk}.html" not in text, address
    assert client.get(f"/p/{record.pk}.html").status_code == 404
    assert client.get(f"/p/{record.pk}/v1.html").status_code == 404


def test_a_code_opens_what_is_for_a_limited_circle(county: County, client: Client) -> None:
    file = ("名单.pdf", b"%PDF-1.4 list", "application/pdf")
    more = {"audience": "limited", "audience_basis": "本村公示"}
    record = out(county, "subsidy", "荷塘村补贴名单", name="village", files=[file], **more)
    assert record.access_code is not None
    answer = client.get(f"/x/{record.access_code}/")
    text = answer.content.decode()
    assert answer.status_code == 200 and "荷塘村补贴名单" in text and 'content="noindex, nofollow"' in text
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer" and 'name="referrer" content="no-referrer"' in text
    file_answer = client.get(f"/x/{record.access_code}/名单.pdf")
    assert b"".join(file_answer.streaming_content) == b"%PDF-1.4 list"  # type: ignore[attr-defined]
    assert "no-store" in file_answer["Cache-Control"]
    assert client.get("/x/nonsense/").status_code == 404
    assert client.get(f"/p/{record.pk}/名单.pdf").status_code == 404


def test_files_are_handed_out_under_safe_names(county: County, client: Client) -> None:
    files = [
        ("附表 一（2026）.xlsx", b"PK one", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("../../etc/页面.html", b"<script>", "text/html"),
        ("图#1?.svg", b"<svg onload=alert(1)>", "image/svg+xml"),
        ("长" * 150 + ".pdf", b"%PDF", "application/pdf"),
    ]
    record = out(county, "notice", "有附件的公告", name="files", files=files)
    page = client.get(f"/p/{record.pk}.html").content.decode()
    import re
    from urllib.parse import unquote

    links = re.findall(rf'href="(/p/{record.pk}/[^"]+)"', page)
    assert len(links) == 4
    names = [unquote(link.rsplit("/", 1)[1]) for link in links]
    assert names[0] == "附表 一（2026）.xlsx" and names[1] == "页面.html.bin" and names[2] == "图 1 .svg.bin"
    assert len(names[3].encode()) < 200
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer["Content-Type"].split(";")[0] not in ("text/html", "image/svg+xml", "text/xml")
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/p/{record.pk}/别的.pdf").status_code == 404


def test_old_addresses_lead_on(county: County, client: Client) -> None:
    for old, pk in (("/art/2019/3/1/art_12_34.html", "policy"), ("http://old.gov.cn/show.asp?id=7", "notice")):
        Record.objects.filter(pk=county.records[pk]).update(old_address=old)
    answer = client.get("/old/art/2019/3/1/art_12_34.html")
    assert answer.status_code == 301 and answer["Location"] == f"/p/{county.records['policy']}.html"
    assert client.get("/old/show.asp?id=7")["Location"] == f"/p/{county.records['notice']}.html"
    assert client.get("/old/ow.asp?id=7").status_code == 404
    Record.objects.filter(pk=county.records["notice"]).update(audience="internal")
    assert client.get("/old/show.asp?id=7").status_code == 404


def test_data_for_machines_cannot_end_its_block(county: County, client: Client) -> None:
    record = out(county, "notice", "</script><script>alert(1)</script>公告", name="bad")
    page = client.get(f"/p/{record.pk}.html").content.decode()
    assert "<script>alert" not in page and "\\u003C/script\\u003E" in page


def test_the_site_says_of_itself_only_what_it_was_told(county: County, client: Client, press_folder: object) -> None:
    from gongkai.portal import about

    page = client.get(f"/p/{county.records['normative']}.html").content.decode()
    for word in ("网站标识码", "ICP", "主办单位", "我为政府网站找错", "SiteIDCode"):
        assert word not in page
    about.path().write_text(
        'name = "临溪县人民政府"\nurl = "https://www.linxi.example"\nid_code = "4400000001"\nhost = "县府办"\nicp = "某ICP备1号"\n'
        'correction_url = "javascript:alert(1)"\n',
        "utf-8",
    )
    page = client.get(f"/p/{county.records['normative']}.html").content.decode()
    assert "网站标识码：4400000001" in page and '<meta name="SiteIDCode" content="4400000001">' in page
    assert '<meta name="SiteDomain" content="www.linxi.example">' in page and "主办单位：县府办" in page
    assert "site_code=4400000001" in page and "javascript:" not in page
    assert "扫一扫在手机打开当前页" in page and '<link rel="canonical" href="https://www.linxi.example/p/' in page
