"""What pages, the API and the command line get: passages, marks, what is gone, and the index that keeps itself whole."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from gongkai.base.clock import on_day
from gongkai.base.followers import catch_up
from gongkai.base.models import Cursor
from gongkai.orgs.models import Organisation
from gongkai.records.models import Record, Standing
from gongkai.search import follow, reads
from gongkai.search.follow import SearchFollower
from gongkai.search.models import Missed
from gongkai.search.text import lexicon
from tests.records import DAY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site(tmp_path: Path, db: None) -> Iterator[Organisation]:
    """A site of its own with one organisation and three records that are out."""
    from tests.search.victim import put, town

    with override_settings(GONGKAI_DATA_DIR=tmp_path, GONGKAI_SEARCH="tantivy"), on_day(DAY):
        owner = Organisation.objects.get(pk=town().orgs["civil"])
        put(owner, "低保审核确认办法", "规定审核，确认，公示。低保的审核确认由镇里办理。&lt;i&gt;A&amp;B")
        put(owner, "校车安全通知", "校车停运。")
        put(owner, "春茶开采", "鲜叶价格。")
        catch_up([SearchFollower()])
        yield owner


def test_marks_that_touch_are_one() -> None:
    assert reads.marked("低保审核确认办法", ["审核", "确认"]) == "低保<mark>审核确认</mark>办法"
    assert reads.marked("最低生活保障", ["最低生活", "生活保障"]) == "<mark>最低生活保障</mark>"
    assert reads.marked("<审核>&", ["审核"]) == "&lt;<mark>审核</mark>&gt;&amp;"
    assert reads.marked("HPV 与 hpv", ["hpv"]) == "<mark>HPV</mark> 与 <mark>hpv</mark>"
    assert reads.marked("审核", []) == "审核"


def test_the_passage_where_the_whole_query_stands() -> None:
    from gongkai.search.asking import read

    asked = read("低保审核确认办法", lexicon())
    needles, whole = reads.needles_of(asked), reads.whole_of(asked)
    scattered = "审核、确认、办法，低保。" * 3
    places = (("正文", scattered + "无关。" * 60 + "依照低保审核确认办法办理。"), ("附件", scattered))
    place, passage = reads.best_passage(places, needles, whole)
    assert place == "正文"
    assert "<mark>低保审核确认办法</mark>" in passage
    assert reads.best_passage((("正文", "别的话。"),), needles, whole) == ("正文", "别的话。")
    assert reads.best_passage((), needles, whole) == ("", "")


def test_a_passage_takes_less_than_a_millisecond() -> None:
    """On the average over texts of usual length; one of 200,000 characters among them."""
    texts = [
        (("内容概述", "低保怎么申请。"), ("正文", f"第{n}条 审核确认低保。" * 60 + "无关的话。" * 300))
        for n in range(99)
    ]
    texts.append((("附件", "收入支出情况表，" * 25_000),))
    needles = ["最低生活保障", "审核确认", "低保", "申请", "办法", "收入"]
    best = 1.0
    for _ in range(3):
        begun = time.perf_counter()
        for places in texts:
            reads.best_passage(places, needles, ["低保怎么申请"])
        best = min(best, (time.perf_counter() - begun) / len(texts))
    print(f"{best * 1000:.3f} ms a hit")
    assert best < 0.003  # on a quiet machine a third of it


def test_results_with_passage_and_facets(site: Organisation) -> None:
    page = reads.search("低保 审核确认")
    assert page.total == 1 and page.facets["kind"] == [("会议与动态", 1)]
    (result,) = page.results
    assert result.title_html == "<mark>低保审核确认</mark>办法"
    assert result.place == "正文" and "<mark>审核确认</mark>" in result.passage and "<i>" not in result.passage
    assert result.url == f"/p/{result.record.pk}.html"
    (told,) = reads.as_json(page)["results"]
    assert "<i>A&B" in told["passage"] and "mark" not in told["passage"]
    assert reads.search("dibao").instead == "低保"
    assert reads.search("").total == 3 and reads.search("低保", offset=-5, limit=3).total == 1


def test_the_withdrawn_is_not_shown_even_before_the_index_knows(site: Organisation) -> None:
    Record.objects.filter(title="校车安全通知").update(standing=Standing.WITHDRAWN, withdrawal_reason="x")
    assert reads.search("校车").results == []


def test_what_found_nothing_is_kept_for_staff_without_numbers_of_persons(site: Organisation) -> None:
    for text in ("火星移民", "火星移民 ", "张某 13812345678", "138 1234-5678", "\x00火星\ud800"):
        reads.search(text, note=True)
    held = {m.text: m.count for m in Missed.objects.all()}
    assert held == {"火星移民": 2, "火星": 1}


def test_an_index_deleted_by_hand_comes_back(site: Organisation, tmp_path: Path) -> None:
    """No question makes an empty one in its place, no event one that holds only itself."""
    from tests.search.victim import put

    shutil.rmtree(tmp_path / "search")
    time.sleep(0.6)
    assert reads.search("低保").total == 0 and not reads.engine().fresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(follow, "SMALL", 0)
        put(site, "新来的通知", "")
        catch_up([SearchFollower()])
        assert not reads.engine().fresh()
        follow.new_day()
    assert reads.engine().count() == 4 and reads.search("新来的").total == 1 and reads.search("低保").total == 1
    for path in (tmp_path / "search").glob("v*"):  # the folder without what points to it, and the other way about
        shutil.rmtree(path)
    put(site, "又来的通知", "")
    catch_up([SearchFollower()])
    assert reads.engine().count() == 5


def test_a_day_alone_changes_what_is_in_force(site: Organisation) -> None:
    import datetime as dt

    record = Record.objects.get(title="校车安全通知")
    Record.objects.filter(pk=record.pk).update(kind="normative", expires=DAY)
    follow.rebuild()
    assert reads.search("校车").facets["validity"] == [("现行有效", 1)]
    with on_day(DAY + dt.timedelta(days=1)):
        follow.new_day()
        time.sleep(0.6)
        assert reads.search("校车").facets["validity"] == [("失效", 1)]
    assert Cursor.objects.get(name=follow.DAY).seq == (DAY + dt.timedelta(days=1)).toordinal()


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_")}
    env |= {"GONGKAI_DATA_DIR": str(folder), "GONGKAI_TODAY": DAY.isoformat()}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_command(tmp_path: Path) -> None:
    assert command(tmp_path, "-m", "tests.search.victim", "fill", "12").returncode == 0
    shutil.rmtree(tmp_path / "search")
    done = command(tmp_path, "-m", "gongkai", "search", "临时救助通知", "--format", "json", "--limit", "2")
    assert done.returncode == 0 and not done.stderr, done.stderr
    told = json.loads(done.stdout)
    assert {"total", "facets", "results"} <= set(told) and told["total"] == 2
    assert told["facets"]["owner"] == [{"value": "石桥县民政局", "count": 2}]
    first = told["results"][0]
    shape = ("title", "document_number", "kind", "owner", "date", "validity", "url", "passage", "score")
    assert set(shape) <= set(first)
    assert first["title"].startswith("临时救助通知") and first["kind"] == "会议与动态" and first["score"] > 0
    assert first["url"].startswith("/p/") and "mark" not in first["passage"]
    again = command(tmp_path, "-m", "gongkai", "search", "--rebuild")
    assert again.returncode == 0 and again.stdout == "检索库里有12条。\n"
    plain = command(tmp_path, "-m", "gongkai", "search", "没有这样的词", "--kind", "会议与动态")
    assert plain.returncode == 0 and plain.stdout.startswith("共0条")
    both = command(
        tmp_path, "-m", "gongkai", "search", "通知", "--kind", "办事指南", "--kind", "会议与动态", "--rebuild"
    )
    assert "共12条" in both.stdout
