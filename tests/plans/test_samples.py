"""The sample county's plans, read: every field of every task as a person typed it."""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from gongkai.plans.reading import Plan, read_plan
from tests.plans.score import deadline_key, score

GOLDS = Path(__file__).parent / "gold"
SAMPLES = ("2024-qinghe.txt", "2025-qinghe.xlsx", "2026-bailu.html", "2026-qinghe.docx", "2026-yunze.pdf")


def gold_of(sample: str) -> dict[str, Any]:
    """The gold of a sample by its file name."""
    shape: dict[str, Any] = json.loads((GOLDS / f"{Path(sample).stem}.gold.json").read_text(encoding="utf-8"))
    return shape


def read_sample(sample: str) -> Plan:
    """A sample, read from the installed package."""
    with as_file(files("gongkai.demo") / "plans" / sample) as path:
        return read_plan(path)


@pytest.fixture(scope="module", params=SAMPLES)
def both(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """A gold and the reading of its document."""
    return gold_of(request.param), read_sample(request.param).to_json()


@pytest.mark.parametrize("field", ["no", "path", "text", "lead", "support", "persons"])
def test_field(both: tuple[dict[str, Any], dict[str, Any]], field: str) -> None:
    gold, read = both
    assert [t[field] for t in read["tasks"]] == [t[field] for t in gold["tasks"]]


def test_responsible_raw(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    gold, read = both

    def squeezed(raw: str | dict[str, str]) -> list[str]:
        # A PDF breaks the line where its column ends.
        return ["".join(v.split()) for v in (raw.values() if isinstance(raw, dict) else [raw])]

    assert [squeezed(t["responsible_raw"]) for t in read["tasks"]] == [
        squeezed(t["responsible_raw"]) for t in gold["tasks"]
    ]


def test_deadlines(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    gold, read = both
    assert [sorted(map(str, map(deadline_key, t["deadlines"]))) for t in read["tasks"]] == [
        sorted(map(str, map(deadline_key, t["deadlines"]))) for t in gold["tasks"]
    ]


@pytest.mark.parametrize("field", ["title", "issuer", "year", "issued_on", "doc_refs", "cited_titles"])
def test_document(both: tuple[dict[str, Any], dict[str, Any]], field: str) -> None:
    gold, read = both
    assert read[field] == gold[field]


def test_score_is_full(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    gold, read = both
    found = score(gold["tasks"], read["tasks"])
    assert (set(found.f1.values()), found.wrong) == ({1.0}, [])


# -- warnings --------------------------------------------------------------------------------------------


def warned(plan: Plan, part: str) -> list[int]:
    """Positions (from 1) of the tasks with a warning that says `part`."""
    return [i for i, t in enumerate(plan.tasks, 1) if any(part in w.reason for w in t.warnings)]


def test_overdue_when_issued() -> None:
    # Issued on 16 April 2026; the list of projects was due by the end of March.
    assert warned(read_sample("2026-qinghe.docx"), "印发时已逾期") == [2]


@pytest.mark.parametrize("sample", ["2024-qinghe.txt", "2026-bailu.html", "2026-yunze.pdf"])
def test_nothing_else_is_overdue(sample: str) -> None:
    assert warned(read_sample(sample), "印发时已逾期") == []


def test_year_of_title_and_of_number_differ() -> None:
    plan = read_sample("2026-qinghe.docx")
    assert warned(plan, "年份不一致") == [24]
    assert any("青禾政办函〔2024〕31号" in w.reason for w in plan.tasks[23].warnings)


def test_year_of_a_title_without_year_is_inferred() -> None:
    plan = read_sample("2024-qinghe.txt")
    assert [w.field for w in plan.warnings] == ["year"]
    assert "推定为2024年" in plan.warnings[0].reason


def test_year_of_a_phrase_without_year_is_inferred() -> None:
    # 11月底前 in task 3 and 6月10日前 in task 9, 10月底前 in task 16.
    assert warned(read_sample("2026-qinghe.docx"), "没有写年份") == [3, 9, 16]
    assert warned(read_sample("2026-yunze.pdf"), "没有写年份") == [1, 7, 11, 21, 24]


def test_blank_cell_of_a_dump_inherits_with_a_doubt() -> None:
    assert warned(read_sample("2024-qinghe.txt"), "责任单元格为空") == [5]


def test_blank_cell_of_a_word_table_inherits_with_a_doubt() -> None:
    # Task 14 stands in a cell that the file merges: that is no doubt. Task 5 stands beside an empty one.
    plan = read_sample("2026-qinghe.docx")
    assert warned(plan, "责任单元格为空") == [5]
    assert plan.tasks[13].inherited
    assert plan.tasks[4].inherited


def test_same_as_above_is_no_doubt() -> None:
    plan = read_sample("2026-bailu.html")
    assert plan.tasks[9].lead == ["便民服务中心"]
    assert warned(plan, "责任单元格为空") == []


def test_alignment_pairs_each_task_once() -> None:
    for entry in json.loads((GOLDS / "align.json").read_text(encoding="utf-8")):
        for side, name in enumerate(("before", "after")):
            places = [pair[side] for pair in entry["pairs"]]
            assert len(set(places)) == len(places)
            assert max(places) <= len(gold_of(f"{entry[name]}.json")["tasks"])
