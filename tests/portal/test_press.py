"""The press: files in step with what the public may see, written once, whole, and gone when they must be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client, TestCase, override_settings

from gongkai.base.actions import path_of
from gongkai.base.clock import on_day
from gongkai.base.followers import restart, step
from gongkai.base.models import Cursor, Event
from gongkai.orgs.models import Organisation
from gongkai.portal import paper, press, waiting
from gongkai.records import actions
from gongkai.records.models import Draft, Record
from tests.portal import DAY, County, lawful, out, through

URL = "https://www.linxi.example"


@pytest.fixture(autouse=True)
def _site(press_folder: Path):  # type: ignore[no-untyped-def]
    with override_settings(GONGKAI_SITE_URL=URL):
        yield


@pytest.fixture
def follower(county: County) -> press.PressFollower:
    """One that has read everything so far."""
    last = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    Cursor.objects.update_or_create(name="press", defaults={"seq": last})
    return press.PressFollower()


def catch_up(follower: press.PressFollower) -> None:
    """To the end of the log; what is drawn after the commit is drawn, what is for later waits."""
    with patch.object(waiting, "work_off_aside"), TestCase.captureOnCommitCallbacks(execute=True):
        while step(follower):
            pass


def page(pk: int) -> str:
    return (paper.folder() / f"{pk}.html").read_text("utf-8")


def test_pressed_is_what_is_drawn_live(county: County, client: Client) -> None:
    done = press.press_all()
    assert done.failed == 0 and done.records == Record.objects.count()
    for pk in county.records.values():
        assert client.get(f"/p/{pk}.html").content.decode() == page(pk)


def test_the_same_bytes_are_not_written_twice(county: County, press_folder: Path) -> None:
    press.press_all()
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in press_folder.rglob("*") if p.is_file()}
    again = press.press_all(again=True)
    assert again.written == 0 and again.removed == 0 and again.records == len(press.everybody())
    assert before == {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in press_folder.rglob("*") if p.is_file()}
    assert not press.out_of_date()


def test_published_and_withdrawn(
    county: County, follower: press.PressFollower, press_folder: Path, client: Client
) -> None:
    record = lawful(county)
    catch_up(follower)
    assert "临溪县困难群众帮扶办法" in page(record.pk)
    told = out(county, "interpretation", "帮扶办法解读", fields={"documents": [record.pk]}, name="told")
    catch_up(follower)
    assert f'href="/p/{told.pk}.html"' in page(record.pk) and f'href="/p/{record.pk}.html"' in page(told.pk)
    actions.withdraw(record.pk, "内容有误。", actor=county.who("clerk"), on=DAY)
    catch_up(follower)
    assert "该信息已撤回" in page(record.pk) and "规范帮扶工作" not in page(record.pk)
    assert f"/p/{record.pk}.html" not in page(told.pk)


def test_files_go_with_a_withdrawal(county: County, follower: press.PressFollower, press_folder: Path) -> None:
    files = [("名单 一.pdf", b"%PDF names", "application/pdf"), ("页.html", b"<script>", "text/html")]
    record = out(county, "notice", "有附件的公告", name="files", files=files)
    catch_up(follower)
    placed = press_folder / str(record.pk) / "名单 一.pdf"
    kept = path_of(record.published.attachments[0]["digest"])  # type: ignore[union-attr]
    assert placed.read_bytes() == b"%PDF names" and placed.stat().st_mode & 0o777 == 0o644
    assert sorted(p.name for p in placed.parent.iterdir()) == ["名单 一.pdf", "页.html.bin"]
    actions.withdraw(record.pk, "名单有误。", actor=county.who("clerk"), on=DAY)
    catch_up(follower)
    assert not placed.parent.exists() and kept.exists()


def test_a_narrower_audience_leaves_no_page_behind(county: County, follower: press.PressFollower) -> None:
    record = lawful(county)
    catch_up(follower)
    assert (paper.folder() / f"{record.pk}.html").exists()
    actions.revise(record.pk, actor=county.who("clerk"), on=DAY)
    more = {"audience": "limited", "audience_basis": "限于工作范围"}
    actions.write_draft(record.pk, more, revision=0, actor=county.who("clerk"), on=DAY)
    through(county, Record.objects.get(pk=record.pk))
    catch_up(follower)
    assert not (paper.folder() / f"{record.pk}.html").exists() and not (paper.folder() / str(record.pk)).exists()


def test_what_a_new_version_no_longer_points_to_is_drawn_again(county: County, follower: press.PressFollower) -> None:
    one, two = lawful(county), lawful(county, title="临溪县另一个办法", document_number="临民规〔2026〕8号")
    values = {
        "title": "办法解读",
        "formed": "2026-02-24",
        "contact": "0799-5550101",
        "topic": "民政、扶贫、救灾\\社会福利",
        "body": "背景依据。目标任务。主要内容。适用范围。执行标准。注意事项。关键词诠释。惠民利民举措。新旧政策差异。",
        "fields": {
            "documents": [one.pk],
            "form": "文字解读",
            "interpreter": "县民政局",
            "plan": "提纲；形式；途径；时间。",
        },
    }
    told = lawful(county, "interpretation", **values)
    catch_up(follower)
    assert f"/p/{told.pk}.html" in page(one.pk) and f"/p/{told.pk}.html" not in page(two.pk)
    actions.revise(told.pk, actor=county.who("clerk"), on=DAY)
    draft = Draft.objects.get(record=told)
    change = {"fields": {"documents": [two.pk]}}
    actions.write_draft(told.pk, change, revision=draft.revision, actor=county.who("clerk"), on=DAY)
    through(county, Record.objects.get(pk=told.pk))
    catch_up(follower)
    assert f"/p/{told.pk}.html" not in page(one.pk) and f"/p/{told.pk}.html" in page(two.pk)
    old = paper.folder() / str(told.pk) / "v1.html"
    assert old.exists() and "已被新版代替" in old.read_text("utf-8")
    actions.withdraw(told.pk, "有误。", actor=county.who("clerk"), on=DAY)
    catch_up(follower)
    assert not old.exists() and f"/p/{told.pk}.html" not in page(two.pk)


def test_validity_reaches_the_documents_that_lean_on_it(county: County, follower: press.PressFollower) -> None:
    record = lawful(county)
    told = out(county, "policy_qa", "帮扶办法问答", fields={"documents": [record.pk]}, name="told")
    by = lawful(county, title="临溪县废止办法", document_number="临民规〔2026〕10号")
    actions.decide_validity(record.pk, "repeal", actor=county.who("clerk"), on=DAY, by=by.pk)
    catch_up(follower)
    assert "本文件已废止" in page(record.pk) and f'/p/{by.pk}.html"' in page(record.pk)
    assert "已废止，请以现行规定为准" in page(told.pk)
    actions.withdraw(by.pk, "有误。", actor=county.who("clerk"), on=DAY)
    catch_up(follower)
    assert f'/p/{by.pk}.html"' not in page(record.pk)


def test_another_day_changes_what_stands(county: County, follower: press.PressFollower) -> None:
    """临时救助实施办法 comes into force on 1 April 2026 and ends on 31 March 2031."""
    press.press_all()
    pk = county.records["normative"]
    assert "本文件尚未施行" in page(pk)
    with on_day(dt.date(2026, 3, 31)):
        press.turn_of_day()
        assert "本文件尚未施行" in page(pk)
    with on_day(dt.date(2026, 4, 1)):
        assert press.turn_of_day() >= 1
        assert "本文件尚未施行" not in page(pk) and "现行有效" in page(pk)
        assert press.turn_of_day() == 0
    with on_day(dt.date(2031, 4, 1)):
        press.turn_of_day()
        assert "本文件已失效" in page(pk)


def test_many_are_left_for_later_and_survive(county: County, follower: press.PressFollower) -> None:
    for n in range(70):
        out(county, "news", f"动态第{n}条", "street", name=f"many-{n}")
    press.press_all()
    name = Organisation.objects.get(pk=county.orgs["street"]).names.get()
    catch_up(follower)
    assert not waiting.left()
    name.text = "东门街道办事处（新）"
    name.save()
    from gongkai.base.actions import SYSTEM, record_event

    with transaction.atomic():
        record_event("rename", "organisation", county.orgs["street"], actor=SYSTEM, on=DAY)
    catch_up(follower)
    assert waiting.left()  # the transaction did not wait for seventy pages

    def dies(ids: list[int]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        waiting.work_off(dies)
    assert waiting.left()
    assert waiting.work_off(press.press) == 70
    assert not waiting.left()
    from gongkai.records import reads

    for pk in reads.visible(None).filter(owner=county.orgs["street"]).values_list("pk", flat=True):
        assert (paper.folder() / f"{pk}.html").exists()


def test_an_import_is_pressed(county: County, follower: press.PressFollower) -> None:
    table = "标题,发文字号,成文日期,发布日期,有效性,正文,原网址\n旧办法,临民规〔2019〕3号,2019-03-01,2019-03-05,废止,第一条 旧的。,/a/1.html\n"
    actor = county.who("authority")
    run = actions.begin_import(table.encode(), "旧文件.csv", county.orgs["county"], actor=actor, on=DAY)
    done = actions.run_import(run.pk, actor=actor, on=DAY)
    assert done.made == 1, done.refused
    catch_up(follower)
    record = Record.objects.get(title="旧办法")
    assert "本文件已废止" in page(record.pk) and "2019-03-05 09:00" in page(record.pk)


def test_stopped_and_gone_on(county: County, press_folder: Path) -> None:
    seen: list[int] = []

    def told(done: int, every: int) -> None:
        seen.append(done)
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.press_all(told)
    have = len(list(press_folder.glob("*.html")))
    assert 0 < have < len(press.everybody())
    (press_folder / "999999.html").write_text("stray")
    (press_folder / "999998").mkdir()
    (press_folder / "999998" / "a.pdf").write_text("stray")
    (press_folder / ".new-left").write_text("half")
    counts: list[int] = []
    done = press.press_all(lambda n, of: counts.append(n))
    assert counts[0] == 20 and done.records == len(press.everybody()) - 20
    assert sorted(press.pressed()) == press.everybody()
    assert not list(press_folder.glob(".new-*")) and not (press_folder / "999998").exists()


def test_only_what_is_missing_before_serving(county: County, press_folder: Path) -> None:
    press.press_all()
    pk = county.records["notice"]
    (press_folder / f"{pk}.html").unlink()
    (press_folder / "999999.html").write_text("stray")
    done = press.press_missing()
    assert done.records == 1 and done.written == 1 and (press_folder / f"{pk}.html").exists()
    assert not (press_folder / "999999.html").exists()


def test_one_that_cannot_be_drawn_does_not_hold_up_the_others(
    county: County, press_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = county.records["policy"], county.records["notice"]
    press.press([bad, good])
    before = page(bad)
    real = press.page_of

    def breaks(sheet):  # type: ignore[no-untyped-def]
        if sheet.record.pk == bad:
            raise ZeroDivisionError
        return real(sheet) + "<!-- new -->"

    monkeypatch.setattr(press, "page_of", breaks)
    assert press.press([bad, good]).failed == 1
    assert page(bad) == before and page(good).endswith("<!-- new -->")
    Record.objects.filter(pk=bad).update(audience="internal")
    press.press([bad])
    assert not (press_folder / f"{bad}.html").exists()


def test_a_kind_that_is_gone_takes_its_pages_along(county: County, press_folder: Path) -> None:
    pk = county.records["news"]
    press.press([pk])
    Record.objects.filter(pk=pk).update(kind="no_longer")
    press.press([pk])
    assert not (press_folder / f"{pk}.html").exists()


def test_started_again_everything_is_drawn(county: County, follower: press.PressFollower, press_folder: Path) -> None:
    press.press_all()
    for path in press_folder.glob("*.html"):
        path.write_text("old")
    restart(follower)
    catch_up(follower)
    waiting.work_off(press.press)
    assert all(p.read_text("utf-8").endswith("</html>\n") for p in press_folder.glob("*.html"))


def test_without_an_address_there_is_no_code(county: County, press_folder: Path) -> None:
    with override_settings(GONGKAI_SITE_URL=""):
        press.press([county.records["notice"]])
        assert "扫一扫" not in page(county.records["notice"])
    assert press.out_of_date()
    press.press([county.records["notice"]])
    assert "扫一扫" in page(county.records["notice"])
