"""A draft under intake: begun, corrected by several hands, undone, dropped; and nothing kept of what is refused."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gongkai.base.issues import Refused
from gongkai.base.models import Event, File
from gongkai.ledger.models import Matter
from gongkai.plans import actions, intake, reads
from gongkai.plans.models import Draft, Plan, Task
from tests.plans.bureau import DAY, HEAD, Bureau, build, follow, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(settings: Any, tmp_path: Path) -> Bureau:
    """With a data folder of its own: what is kept there is counted."""
    settings.GONGKAI_DATA_DIR = tmp_path
    return build()


def begun(bureau: Bureau, data: bytes | None = None, name: str = "plan.txt") -> Draft:
    return actions.begin_intake(data or sheet(), name, bureau.body, actor=bureau.viewer("wang"), on=DAY)


def rule(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    """The rules a refusal names; each says in Chinese what to do."""
    assert all(any("\u4e00" <= c <= "\u9fff" for c in i.say) for i in caught.value.issues)
    return [i.rule for i in caught.value.issues]


def kept() -> tuple[int, ...]:
    files = sum(1 for p in (Path(settings.GONGKAI_DATA_DIR) / "files").rglob("*") if p.is_file())
    return Draft.objects.count(), File.objects.count(), Plan.objects.count(), Event.objects.count(), files


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "plan.docx", "plan.file"),
        (b"\x00\x01\x02\xff" * 300, "plan.docx", "plan.file"),
        (b"%PDF-1.4 broken", "plan.pdf", "plan.file"),
        (b"PK\x03\x04 cut off", "plan.xlsx", "plan.file"),
        ("各科室：\n    明天下午三点开会。\n".encode(), "通知.txt", "plan.file"),
        ("| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n".encode(), "表.txt", "plan.file"),
    ],
    ids=["empty", "noise", "pdf", "zip", "letter", "table"],
)
def test_junk_is_refused_and_nothing_is_kept(bureau: Bureau, data: bytes, name: str, expected: str) -> None:
    before = kept()
    with pytest.raises(Refused) as caught:
        actions.begin_intake(data, name, bureau.body, actor=bureau.viewer("wang"), on=DAY)
    assert rule(caught) == [expected]
    assert kept() == before


def test_a_draft_holds_what_was_read_and_is_not_in_the_ledger(bureau: Bureau) -> None:
    draft = Draft.objects.get(pk=begun(bureau).pk)
    assert draft.head == {
        "title": HEAD,
        "issuer": "青川县市场监督管理局办公室",
        "year": 2020,
        "issued_on": "2020-08-21",
        "doc_refs": [],
    }
    assert [r["no"] for r in draft.rows] == ["1", "2", "3", "4", "5", "6"]
    assert (draft.version, draft.undone, draft.person_id) == (0, [], bureau.people["wang"].pk)
    assert draft.file.name == "plan.txt" and draft.file.size == len(sheet())
    follow()
    assert (Plan.objects.count(), Task.objects.count(), Matter.objects.count()) == (0, 0, 0)
    assert [d.pk for d in reads.drafts(bureau.viewer("wang"))] == [draft.pk]
    assert not reads.drafts(bureau.viewer("li")) and not reads.drafts(bureau.viewer("sun"))


def test_the_same_file_twice_is_kept_once(bureau: Bureau) -> None:
    one, two = begun(bureau), begun(bureau)
    assert one.pk != two.pk and one.file_id == two.file_id and File.objects.count() == 1


def test_steps_survive_and_are_undone_to_the_beginning(bureau: Bureau) -> None:
    draft, wang = begun(bureau), bureau.viewer("wang")
    read = draft.rows
    keys = [r["key"] for r in read]
    steps = [
        lambda rows, year: intake.edit(rows, keys[0], {"text": "12月15日前公布。"}, year),
        lambda rows, year: intake.split(rows, keys[4], 5, year),
        lambda rows, year: intake.join(rows, keys[1], year),
        lambda rows, _: intake.drop(rows, keys[5]),
        lambda rows, _: intake.add(rows, None),
        lambda rows, _: intake.accept_all(rows),
    ]
    states = []
    for number, step in enumerate(steps):
        states.append(Draft.objects.get(pk=draft.pk).rows)
        actions.change_draft(draft.pk, step, actor=wang, version=number)
    actions.change_head(draft.pk, {"title": "改过的标题"}, actor=wang)
    held = Draft.objects.get(pk=draft.pk)
    assert (held.version, len(held.undone), held.head["title"]) == (7, 7, "改过的标题")
    assert [d["date"] for r in held.rows for d in r["deadlines"] if "12月15日" in d["raw"]] == ["2020-12-15"]
    actions.undo_draft(draft.pk, actor=wang)
    for state in reversed(states):
        actions.undo_draft(draft.pk, actor=wang)
        assert Draft.objects.get(pk=draft.pk).rows == state
    held = Draft.objects.get(pk=draft.pk)
    assert (held.rows, held.head["title"], held.version) == (read, HEAD, 14)
    with pytest.raises(Refused) as caught:
        actions.undo_draft(draft.pk, actor=wang)
    assert rule(caught) == ["draft.undo"]


def test_two_windows_on_one_draft_are_told(bureau: Bureau) -> None:
    draft, wang = begun(bureau), bureau.viewer("wang")
    key = draft.rows[0]["key"]
    actions.change_draft(draft.pk, lambda r, _: intake.accept(r, key), actor=wang, version=0)
    with pytest.raises(Refused) as caught:
        actions.change_draft(draft.pk, lambda r, _: intake.drop(r, key), actor=wang, version=0)
    assert rule(caught) == ["draft.version"]
    held = Draft.objects.get(pk=draft.pk)
    assert (len(held.rows), held.version) == (6, 1)


def test_a_refused_step_changes_nothing(bureau: Bureau) -> None:
    draft, wang = begun(bureau), bureau.viewer("wang")
    with pytest.raises(Refused):
        actions.change_draft(draft.pk, lambda r, _: intake.drop(r, "gone"), actor=wang)
    held = Draft.objects.get(pk=draft.pk)
    assert (held.rows, held.version, held.undone) == (draft.rows, 0, [])


def test_another_year_dates_again_what_has_no_year(bureau: Bureau) -> None:
    draft, wang = begun(bureau), bureau.viewer("wang")
    actions.change_head(draft.pk, {"year": "2021", "issued_on": ""}, actor=wang)
    held = Draft.objects.get(pk=draft.pk)
    assert held.rows[0]["deadlines"] == [
        {"raw": "10月底前", "kind": "by_date", "date": "2021-10-31", "year_inferred": True}
    ]
    assert (held.head["year"], held.head["issued_on"], held.head["title"]) == (2021, "", HEAD)


YEARLESS = "青川县市场监督管理局政务公开工作要点分工方案"


def test_a_year_typed_dates_what_had_none(bureau: Bureau) -> None:
    draft, wang = begun(bureau, sheet(head=YEARLESS, foot="")), bureau.viewer("wang")
    assert draft.head["year"] == "" and draft.rows[0]["deadlines"][0]["kind"] == "other"
    actions.change_head(draft.pk, {"year": "2020"}, actor=wang)
    assert Draft.objects.get(pk=draft.pk).rows[0]["deadlines"][0]["date"] == "2020-10-31"


def test_the_present_year_typed_dates_what_had_none(bureau: Bureau) -> None:
    draft, wang = begun(bureau, sheet(head=YEARLESS, foot="")), bureau.viewer("wang")
    year = draft.begun_at.year
    actions.change_head(draft.pk, {"year": str(year)}, actor=wang)
    assert Draft.objects.get(pk=draft.pk).rows[0]["deadlines"][0]["kind"] == "by_date"


def test_the_year_of_a_draft_is_that_of_china(bureau: Bureau) -> None:
    draft = begun(bureau, sheet(head=YEARLESS, foot=""))
    draft.begun_at = dt.datetime(2026, 1, 1, 7, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai")).astimezone(dt.UTC)
    assert actions.year_of(draft) == 2026


def test_a_change_of_year_can_be_undone(bureau: Bureau) -> None:
    draft, wang = begun(bureau), bureau.viewer("wang")
    actions.change_head(draft.pk, {"year": "2021"}, actor=wang)
    actions.undo_draft(draft.pk, actor=wang)
    held = Draft.objects.get(pk=draft.pk)
    assert (held.head["year"], held.rows) == (2020, draft.rows)


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ({"title": "  "}, ["plan.title"]),
        ({"year": "二〇二〇"}, ["plan.year"]),
        ({"year": "1999"}, ["plan.year"]),
        ({"issued_on": "8月21日"}, ["plan.issued_on"]),
        ({"issued_on": "2020-02-30"}, ["plan.issued_on"]),
        ({"title": "", "year": "", "issued_on": "?"}, ["plan.title", "plan.year", "plan.issued_on"]),
    ],
)
def test_a_wrong_head_is_refused_whole(bureau: Bureau, values: dict[str, str], rules: list[str]) -> None:
    draft = begun(bureau)
    with pytest.raises(Refused) as caught:
        actions.change_head(draft.pk, values, actor=bureau.viewer("wang"))
    assert rule(caught) == rules
    assert Draft.objects.get(pk=draft.pk).head == draft.head


def test_a_dropped_draft_is_gone_but_told_of(bureau: Bureau) -> None:
    draft, wang = begun(bureau), bureau.viewer("wang")
    pk = draft.pk
    actions.drop_draft(pk, actor=wang, on=DAY)
    assert not Draft.objects.exists()
    assert [e.verb for e in Event.objects.filter(subject="draft").order_by("seq")] == ["begin_intake", "drop_draft"]
    with pytest.raises(Refused) as caught:
        actions.drop_draft(pk, actor=wang, on=DAY)
    assert rule(caught) == ["draft.gone"]


@pytest.mark.parametrize("who", ["li", "zhao", "sun", "admin"])
def test_without_the_right_no_step_is_taken(bureau: Bureau, who: str) -> None:
    draft, viewer = begun(bureau), bureau.viewer(who)
    before = kept()
    steps = {
        "plan.import": lambda: actions.begin_intake(sheet(), "x.txt", bureau.body, actor=viewer, on=DAY),
        "change": lambda: actions.change_draft(draft.pk, lambda r, _: intake.accept_all(r), actor=viewer),
        "undo": lambda: actions.undo_draft(draft.pk, actor=viewer),
        "head": lambda: actions.change_head(draft.pk, {"title": "别的"}, actor=viewer),
        "confirm": lambda: actions.confirm_intake(draft.pk, actor=viewer, on=DAY),
        "drop": lambda: actions.drop_draft(draft.pk, actor=viewer, on=DAY),
    }
    for name, step in steps.items():
        with pytest.raises(Refused) as caught:
            step()
        assert rule(caught) == ["plan.import" if name == "plan.import" else "draft.gone"]
    assert kept() == before
    held = Draft.objects.get(pk=draft.pk)
    assert (held.version, held.head, held.rows) == (0, draft.head, draft.rows)
