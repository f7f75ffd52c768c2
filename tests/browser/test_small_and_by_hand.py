"""The director's phone, the calendar file, and the keyboard alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.visitor import Visit, see

pytestmark = [pytest.mark.browser, pytest.mark.tree]


def test_the_directors_five_minutes(visit: Visit) -> None:
    """Given 周正平 with a phone, when he reads 今日 and one matter, then nothing is cut off or scrolls sideways."""
    page = visit("zhou.zhengping", phone=True)
    see(page)
    numbers = page.locator("ul.numbers a")
    expect(numbers).to_have_count(6)
    expect(page.get_by_role("heading", name="要紧的事")).to_be_visible()
    first = page.locator("ol.press li").first
    expect(first).to_contain_text("逾期")
    words = first.get_by_role("link").first.inner_text()
    first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(words.rstrip("…")[:20])
    see(page)
    expect(page.get_by_role("button", name="办结", exact=True)).to_have_count(0)
    page.get_by_role("link", name="看原文里的位置").click()
    see(page)


@pytest.mark.parametrize(
    "path", ["/desk/mine/", "/desk/ledger/", "/desk/orgs/", "/desk/plans/", "/desk/password/", "/desk/ledger/?q=无此词"]
)
def test_every_room_on_a_phone(visit: Visit, path: str) -> None:
    """Given a window of 360 px, then each room of the desk can be read and used."""
    see(visit("chen.yu", phone=True, path=path))


def test_calendar_file(visit: Visit, tmp_path: Path) -> None:
    """Given 蒋若溪's calendar file, then it opens and holds her own dated open duties, a whole day each."""
    page = visit("jiang.ruoxi", path="/desk/mine/")
    titles = [t.rstrip("…")[:30] for t in page.locator("article.card h2").all_inner_texts()]
    dated = page.locator("article.card", has=page.locator("dd time")).count()
    with page.expect_download() as coming:
        page.get_by_role("link", name="放进日历（.ics）").click()
    coming.value.save_as(tmp_path / "own.ics")
    calendar = Calendar.from_ical((tmp_path / "own.ics").read_bytes())
    events = calendar.walk("VEVENT")
    assert len(events) >= dated > 0
    assert len({str(e["uid"]) for e in events}) == len(events)
    for event in events:
        assert any(str(event["summary"])[:20] == t[:20] for t in titles), event["summary"]
        assert type(event["dtstart"].dt) is dt.date
        assert event["dtend"].dt - event["dtstart"].dt == dt.timedelta(1)


def test_keyboard_alone(visit: Visit) -> None:
    """Given no mouse, then the first Tab offers the text, the filters come in their order, and Enter narrows."""
    page = visit("chen.yu", path="/desk/ledger/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        if seen[-1] == "筛选":
            break
    order = list(dict.fromkeys(seen))
    assert order[:-1] == ["year", "plan", "org", "part", "groups", "kind", "from", "to", "q"][: len(order) - 1]
    while page.evaluate("document.activeElement.textContent.trim()") != "筛选":
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("文字")).to_be_focused()
    page.keyboard.type("长者食堂")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="筛选")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/ledger/?*q=*")
    expect(page.get_by_label("文字")).to_have_value("长者食堂")
    for text in page.locator("table.ledger a[hx-target]").all_inner_texts():
        assert "长者食堂" in text
    outline = page.get_by_role("button", name="筛选").evaluate("e => (e.focus(), getComputedStyle(e).outlineStyle)")
    assert outline != "none"
