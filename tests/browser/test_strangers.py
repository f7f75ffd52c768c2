"""What is not one's own: nobody, the administrator, another body."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_intake_input import PASTED
from tests.browser.visitor import Visit, press, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]


def status(page: Page, path: str) -> int:
    """The answer to an address, after where it leads."""
    answer = page.goto(path)
    assert answer is not None
    return answer.status


@pytest.fixture
def county(visit: Visit) -> dict[str, str]:
    """Addresses of the county's things: a draft, a row of it, a matter, a plan."""
    page = visit("chen.yu", path="/desk/plans/")
    page.get_by_label("或者粘贴文字").fill(PASTED)
    page.locator("select[name=body]").select_option(label="青禾县")
    press(page.get_by_role("button", name="上传并核对"))
    page.wait_for_url(re.compile(r"/desk/plans/draft/\d+/$"))
    draft = "/desk/" + page.url.partition("/desk/")[2]
    key = page.locator("#rows article.row").first.get_attribute("data-key")
    page.goto("/desk/plans/")
    plan = page.locator("tr", has_text="青禾县2026年政务公开工作要点").get_by_role("link", name="原文")
    page.goto(plan.get_attribute("href") or "")
    source = "/desk/" + page.url.partition("/desk/")[2]
    number = source.split("/")[3]
    page.goto(f"/desk/ledger/?plan={number}")
    matter = page.locator("table.ledger a[hx-target]").first.get_attribute("href") or ""
    return {
        "draft": draft,
        "row": f"{draft}row/{key}/",
        "source": source,
        "original": f"/desk/plans/{number}/original/",
        "withdraw": f"/desk/plans/{number}/withdraw/",
        "matter": matter,
        "ledger": f"/desk/ledger/?plan={number}",
    }


def test_nobody_is_sent_to_sign_in(visit: Visit, county: dict[str, str]) -> None:
    """Given nobody signed in, then every address leads to 登录, and a request of a part of a page does too."""
    page = visit()
    for path in ["/desk/", "/desk/mine/", "/desk/mine/gongkai.ics", "/desk/orgs/", "/desk/ledger/", *county.values()]:
        assert status(page, path) == 200
        assert "/desk/sign-in/?next=" in page.url, path
        expect(page.get_by_role("heading", level=1)).to_have_text("登录工作台")
    see(page)
    part = page.request.get(county["matter"], headers={"HX-Request": "true"})
    assert part.status == 204
    assert part.headers["hx-redirect"] == "/desk/sign-in/"


def test_the_administrator_sees_no_business(visit: Visit, county: dict[str, str]) -> None:
    """Given the administrator, then bodies and people open, and nothing of plans and tasks does."""
    page = visit("admin")
    for name in ("draft", "row", "source", "original", "withdraw", "matter"):
        assert status(page, county[name]) == 404, name
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这一页")
    see(page)
    page.goto(county["ledger"])
    expect(page.locator("main")).to_contain_text("台账还是空的")
    expect(page.get_by_role("navigation", name="主要栏目")).not_to_contain_text("方案")
    assert status(page, "/desk/plans/") == 404
    assert status(page, "/desk/orgs/") == 200


def test_another_county_body(visit: Visit, county: dict[str, str]) -> None:
    """Given 车莉 of 白露镇, then the county's drafts are none of hers, nor may she withdraw or settle; she may read."""
    page = visit("che.li")
    for name in ("draft", "row", "withdraw"):
        assert status(page, county[name]) == 404, name
    assert status(page, county["matter"]) == 200
    for words in ("办结", "修改这项任务"):
        expect(page.get_by_role("button", name=words, exact=True)).to_have_count(0)
    assert status(page, county["source"]) == 200


def test_the_town_is_not_the_county(visit: Visit) -> None:
    """Given the plan of 白露镇, then 蒋若溪 of the county's bureau sees nothing of it, by list, address or file."""
    own = visit("tian.jiaxin", path="/desk/plans/")
    row = own.locator("tr", has_text="白露镇2026年政务公开工作任务分工表")
    source = row.get_by_role("link", name="原文").get_attribute("href") or ""
    own.goto("/desk/ledger/?q=小微权力清单逐村上墙&year=2026")
    matter = own.locator("table.ledger a[hx-target]").first.get_attribute("href") or ""
    page = visit("jiang.ruoxi")
    for path in (source, source.replace("source", "original"), matter):
        assert status(page, path) == 404, path
    page.goto("/desk/ledger/?q=小微权力清单逐村上墙&year=2026")
    expect(page.locator("table.ledger a[hx-target]")).to_have_count(0)
    see(page)
    for form in ("xlsx", "docx"):
        assert page.request.get(f"/desk/ledger/export.{form}?q=小微权力清单逐村上墙").status == 200


def test_no_act_by_a_strangers_hand(visit: Visit, county: dict[str, str]) -> None:
    """Given a form put together by hand, then what a post does not allow is refused in words and nothing is changed."""
    page = visit("shi.xiaoman")
    page.goto(county["matter"])
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    before = page.locator("ul.duties").inner_text()
    for verb, values in (("settle", {"clock": "by1"}), ("change", {"text": "改成别的"}), ("review", {"every": "week"})):
        told = page.request.post(
            f"{county['matter']}{verb}/", form={"csrfmiddlewaretoken": token, **values}, headers={"Referer": page.url}
        )
        assert told.status == 422, verb
        assert "您的岗位不能办理这一步" in told.text()
    page.reload()
    assert page.locator("ul.duties").inner_text() == before
