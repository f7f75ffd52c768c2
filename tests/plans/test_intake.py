"""Changes to the rows of a draft: what each does, what it refuses, and that it can be taken back."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.base.issues import Refused
from gongkai.plans import intake
from gongkai.plans.intake import Row, Splice
from gongkai.plans.reading.deadlines import Deadline
from gongkai.plans.reading.model import Doubt, Plan, Task

YEAR = 2020


def row(key: str = "a", **other: Any) -> Row:
    """A row as a reading gives it, with nothing special about it."""
    made = intake.row_of(
        Task(no="1", path=["一、公开"], text="公布权责清单。", responsible_raw="办公室", lead=["办公室"])
    )
    return {**made, "key": key, **other}


def after(rows: list[Row], change: Splice) -> list[Row]:
    """The rows after a change; those before are untouched, and the change backwards gives them again."""
    before = copy.deepcopy(rows)
    made = intake.apply(rows, change)
    assert rows == before
    assert intake.apply(made, intake.reverse(change)) == before
    return made


def refused(do: Callable[[], object]) -> str:
    """The rule that a refusal names; its words are Chinese."""
    with pytest.raises(Refused) as caught:
        do()
    (issue,) = caught.value.issues
    assert any("\u4e00" <= c <= "\u9fff" for c in issue.say)
    return issue.rule


# What is read.


def test_rows_of_a_reading() -> None:
    tasks = [
        Task(
            no=None,
            path=[],
            text="甲",
            responsible_raw="",
            deadlines=[Deadline("6月底前", "by_date", (0, 4), "2020-06-30")],
        ),
        Task(no="2", path=[], text="乙", responsible_raw="", warnings=[Doubt("lead", "没有写单位", 0.3)]),
    ]
    one, two = intake.rows_of(Plan(tasks))
    assert (one["no"], one["deadline_raw"], one["accepted"], one["edited"]) == ("", "", True, False)
    assert one["deadlines"] == [{"raw": "6月底前", "kind": "by_date", "date": "2020-06-30"}]
    assert two["doubts"] == [{"field": "lead", "reason": "没有写单位", "confidence": 0.3}] and not two["accepted"]
    assert one["key"] != two["key"] and "warnings" not in one


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("办公室、法规股", ["办公室", "法规股"]),
        ("办公室，法规股,财务股；执法股;信息中心", ["办公室", "法规股", "财务股", "执法股", "信息中心"]),
        (" 办公室 \n\n法规股\n办公室", ["办公室", "法规股"]),
        ("各科室（中心）", ["各科室（中心）"]),
        ("、，", []),
        ("", []),
    ],
)
def test_names_typed_into_a_cell(typed: str, names: list[str]) -> None:
    assert intake.names_in(typed) == names


# Editing.


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"lead": "法规股、财务股"}, {"lead": ["法规股", "财务股"]}),
        ({"support": "各股室"}, {"support": ["各股室"], "lead": ["办公室"]}),
        ({"lead": "", "persons": "牛犇同志"}, {"lead": [], "persons": ["牛犇同志"]}),
        ({"path": "一、公开\n（一）目录"}, {"path": ["一、公开", "（一）目录"]}),
        ({"path": "一、公开 › （一）目录"}, {"path": ["一、公开", "（一）目录"]}),
        ({"no": " 12 "}, {"no": "12", "text": "公布权责清单。"}),
        # The date is read again from what was typed; a month without a year takes the plan's.
        (
            {"text": "10月底前公布权责清单。"},
            {"deadlines": [{"raw": "10月底前", "kind": "by_date", "date": "2020-10-31", "year_inferred": True}]},
        ),
        (
            {"deadline_raw": "2020年11月底"},
            {
                "deadline_raw": "2020年11月底",
                "deadlines": [{"raw": "2020年11月底", "kind": "by_date", "date": "2020-11-30"}],
            },
        ),
        (
            {"deadline_raw": "长期坚持", "text": "6月15日前公布。"},
            {
                "deadlines": [
                    {"raw": "长期坚持", "kind": "other"},
                    {"raw": "6月15日前", "kind": "by_date", "date": "2020-06-15", "year_inferred": True},
                ]
            },
        ),
        # Printed in the column and in the clause alike: owed once.
        (
            {"deadline_raw": "年底前", "text": "年底前公布。"},
            {"deadlines": [{"raw": "年底前", "kind": "by_date", "date": "2020-12-31", "year_inferred": True}]},
        ),
    ],
)
def test_edit_cells(values: dict[str, str], expected: dict[str, Any]) -> None:
    (made,) = after([row(accepted=False)], intake.edit([row(accepted=False)], "a", values, YEAR))
    assert {k: made[k] for k in expected} == expected
    assert made["edited"] and made["accepted"] and made["key"] == "a"


def test_editing_a_date_away_leaves_none() -> None:
    dated = row(text="6月底前公布。", deadlines=intake.dated("6月底前公布。", "", YEAR))
    assert [d["date"] for d in dated["deadlines"]] == ["2020-06-30"]
    (made,) = after([dated], intake.edit([dated], "a", {"text": "公布。"}, YEAR))
    assert made["deadlines"] == []


def test_editing_names_keeps_the_dates_read() -> None:
    read = [{"raw": "本季度", "kind": "other"}]  # not what `dated` would read from the clause
    (made,) = after([row(deadlines=read)], intake.edit([row(deadlines=read)], "a", {"lead": "法规股"}, YEAR))
    assert made["deadlines"] == read


@pytest.mark.parametrize(
    ("field", "left"),
    [
        ("lead", ["deadlines", "columns"]),
        ("support", ["deadlines", "columns"]),
        ("text", ["responsible", "lead", "columns"]),
        ("deadline_raw", ["responsible", "lead", "columns"]),
        ("no", ["responsible", "lead", "deadlines", "columns"]),
    ],
)
def test_a_correction_settles_the_doubts_about_it(field: str, left: list[str]) -> None:
    doubts = [{"field": f, "reason": "", "confidence": 0.5} for f in ("responsible", "lead", "deadlines", "columns")]
    doubted = row(doubts=doubts, inherited={"responsible_raw": "行1", "no": "行1"}, accepted=False)
    (made,) = after([doubted], intake.edit([doubted], "a", {field: "甲"}, YEAR))
    assert [d["field"] for d in made["doubts"]] == left
    assert ("responsible_raw" in made["inherited"]) == (field not in ("lead", "support"))
    assert ("no" in made["inherited"]) == (field != "no")


# Accepting, splitting, joining, adding, dropping.


def test_accept() -> None:
    rows = [row("a", accepted=False), row("b", accepted=False)]
    assert [r["accepted"] for r in after(rows, intake.accept(rows, "b"))] == [False, True]
    assert [r["accepted"] for r in after(rows, intake.accept_all(rows))] == [True, True]
    assert after([row()], intake.accept([row()], "a", accepted=False))[0]["accepted"] is False


def test_split_gives_each_half_its_own_dates() -> None:
    text = "6月底前公布清单。2．年底前开展检查。"
    rows = [row(text=text, deadlines=intake.dated(text, "", YEAR)), row("z")]
    one, two, last = after(rows, intake.split(rows, "a", text.index("2．"), YEAR))
    assert (one["key"], one["no"], one["text"]) == ("a", "1", "6月底前公布清单。")
    assert (two["no"], two["text"], two["lead"]) == ("2", "年底前开展检查。", ["办公室"])
    assert [[d["date"] for d in r["deadlines"]] for r in (one, two)] == [["2020-06-30"], ["2020-12-31"]]
    assert two["key"] not in ("a", "z") and last["key"] == "z"
    assert two["source"] == one["source"] and one["accepted"] and two["edited"]


@pytest.mark.parametrize(
    ("second", "no", "text"),
    [("（3）开展检查。", "3", "开展检查。"), ("4、开展检查。", "4", "开展检查。"), ("开展检查。", "", "开展检查。")],
)
def test_split_takes_the_number(second: str, no: str, text: str) -> None:
    rows = [row(text="公布清单。" + second)]
    two = after(rows, intake.split(rows, "a", len("公布清单。"), YEAR))[1]
    assert (two["no"], two["text"]) == (no, text)


@pytest.mark.parametrize(
    "second", ["2021年底前完成检查。", "10月底前完成检查。", "5个工作日内答复。", "12345热线入库。", "3.5万件办结。"]
)
def test_split_leaves_figures_that_are_no_number(second: str) -> None:
    rows = [row(text="公布清单。" + second)]
    two = after(rows, intake.split(rows, "a", len("公布清单。"), YEAR))[1]
    assert (two["no"], two["text"]) == ("", second)


def test_split_into_equal_halves_gives_two_keys() -> None:
    rows = [row(text="aa")]
    assert len({r["key"] for r in after(rows, intake.split(rows, "a", 1, YEAR))}) == 2


def test_split_refuses_a_half_of_only_a_number() -> None:
    rows = [row(text="公布清单。2.")]
    assert refused(lambda: intake.split(rows, "a", 5, YEAR)) == "draft.split"


def test_join() -> None:
    rows = [
        row("a", text="公布", deadline_raw="", support=["财务股", "法规股"], doubts=[{"field": "text"}]),
        row(
            "b",
            text="清单，6月底前。",
            deadline_raw="6月底前",
            lead=["法规股"],
            persons=["牛犇同志"],
            doubts=[{"field": "no"}],
        ),
        row("c"),
    ]
    made, last = after(rows, intake.join(rows, "a", YEAR))
    assert (made["key"], made["text"], last["key"]) == ("a", "公布清单，6月底前。", "c")
    # Who leads does not also support.
    assert (made["lead"], made["support"], made["persons"]) == (["办公室", "法规股"], ["财务股"], ["牛犇同志"])
    assert [d["date"] for d in made["deadlines"]] == ["2020-06-30"]
    assert made["doubts"] == [{"field": "text"}, {"field": "no"}] and made["accepted"]


def test_join_keeps_the_dates_of_two_columns() -> None:
    rows = [row("a", text="公布。", deadline_raw="6月底前"), row("b", text="检查。", deadline_raw="10月底前")]
    (made,) = after(rows, intake.join(rows, "a", YEAR))
    assert "2020-06-30" in [d["date"] for d in made["deadlines"]]


def test_join_loses_no_date() -> None:
    rows = [row("a", text="公布。", deadline_raw="6月底前"), row("b", text="检查。", deadline_raw="10月底前")]
    (made,) = after(rows, intake.join(rows, "a", YEAR))
    assert [d["date"] for d in made["deadlines"]] == ["2020-06-30", "2020-10-31"]


def test_add_and_drop() -> None:
    rows = [row("a", support=["法规股"]), row("b")]
    one, new, two = after(rows, intake.add(rows, "a"))
    assert (one["key"], two["key"]) == ("a", "b")
    assert (new["text"], new["path"], new["lead"], new["support"]) == ("", ["一、公开"], ["办公室"], ["法规股"])
    assert not new["accepted"] and new["doubts"][0]["field"] == "text" and set(new) == set(one)
    first, *rest = after(rows, intake.add(rows, None))
    assert (first["path"], first["lead"], [r["key"] for r in rest]) == ([], [], ["a", "b"])
    assert [r["key"] for r in after(rows, intake.drop(rows, "a"))] == ["b"]
    assert after([row()], intake.drop([row()], "a")) == []


def test_refusals() -> None:
    rows = [row("a"), row("b")]
    assert refused(lambda: intake.find(rows, "gone")) == "draft.row"
    for verb in (intake.accept, intake.drop, intake.add):
        assert refused(lambda verb=verb: verb(rows, "gone")) == "draft.row"
    assert refused(lambda: intake.edit(rows, "gone", {"no": "1"}, YEAR)) == "draft.row"
    assert refused(lambda: intake.edit(rows, "a", {"accepted": "1"}, YEAR)) == "draft.field"
    assert refused(lambda: intake.edit(rows, "a", {"text": "  "}, YEAR)) == "draft.text"
    assert refused(lambda: intake.join(rows, "b", YEAR)) == "draft.join"
    for at in (0, 7, 99):
        assert refused(lambda at=at: intake.split(rows, "a", at, YEAR)) == "draft.split"


# Any sequence of changes can be taken back, step by step.

WORDS = st.text(st.sampled_from("公布清单，。、；年月日底前6 1a\n（）"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_sequence_is_undone_step_by_step(data: st.DataObject) -> None:
    rows = [row(str(i), text=f"公布清单{i}。年底前检查") for i in range(data.draw(st.integers(0, 4)))]
    before: list[list[Row]] = []
    undo: list[Splice] = []
    for _ in range(data.draw(st.integers(0, 12))):
        verb = data.draw(st.sampled_from(["edit", "accept", "accept_all", "split", "join", "add", "drop"]))
        key = data.draw(st.sampled_from([r["key"] for r in rows] or ["none"]))
        try:
            if verb == "edit":
                values = data.draw(st.dictionaries(st.sampled_from(intake.FIELDS), WORDS, min_size=1, max_size=3))
                change = intake.edit(rows, key, values, YEAR)
            elif verb == "split":
                change = intake.split(rows, key, data.draw(st.integers(0, 14)), YEAR)
            elif verb == "join":
                change = intake.join(rows, key, YEAR)
            elif verb == "accept_all":
                change = intake.accept_all(rows)
            elif verb == "add":
                change = intake.add(rows, data.draw(st.sampled_from([None, key])))
            else:
                change = (intake.accept if verb == "accept" else intake.drop)(rows, key)
        except Refused:
            continue
        before.append(copy.deepcopy(rows))
        undo.append(intake.reverse(change))
        made = intake.apply(rows, change)
        assert intake.reverse(intake.reverse(change)) == change
        rows = made
    while undo:
        rows = intake.apply(rows, undo.pop())
        assert rows == before.pop()
