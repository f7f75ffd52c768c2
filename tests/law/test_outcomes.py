"""Outcomes: rows of the report, remedy clauses, who reconsiders. Typed from the articles."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.law.annual import BLOCKS, COLUMNS, LEAVES, RESULTS, ROWS, check_disputes, check_requests
from gongkai.law.outcomes import goes_to, grounds, must, outcomes, remedy, report_row, tells_online

DAY = dt.date(2026, 3, 2)


def test_every_row_of_the_third_table_has_an_outcome() -> None:
    rows = {o.row for o in outcomes().values() if not o.withholds or o.row} | {g.row for g in grounds().values()}
    assert rows == set(LEAVES)
    assert len(LEAVES) == 21 and len(ROWS) == 25


@pytest.mark.parametrize(
    ("ground", "row"),
    [
        ("state_secret", "3.1"),
        ("law_forbidden", "3.2"),
        ("safety", "3.3"),
        ("third_party", "3.4"),
        ("internal", "3.5"),
        ("process", "3.6"),
        ("enforcement", "3.7"),
    ],
)
def test_a_refusal_counts_under_its_ground(ground: str, row: str) -> None:
    """国办公开办函〔2021〕30号; what is disclosed in part counts as that only."""
    assert report_row("refused", ground) == row
    assert report_row("partial", ground) == "2"
    assert {"ground", "reason", "separable"} <= set(must("refused", ground))


def test_a_refusal_without_a_ground_has_no_row() -> None:
    with pytest.raises(KeyError):
        report_row("refused")


@pytest.mark.parametrize(
    ("code", "variant"),
    [
        ("disclosed", "A"),
        ("already_public", "A"),
        ("partial", "B"),
        ("refused", "B"),
        ("registry_query", "A"),
        ("not_exist", "A"),
        ("not_responsible", "A"),
        ("needs_processing", "A"),
        ("petition_like", "A"),
        ("repeat", "A"),
        ("excessive", "A"),
        ("other", "A"),
    ],
)
def test_refusals_go_to_reconsideration_first(code: str, variant: str) -> None:
    """行政复议法第二十三条第一款第四项: only refusals under 条例第十四条至第十六条, and the withheld part of 部分公开."""
    made = remedy(code, DAY, "石桥县人民政府")
    assert made.code == variant
    assert ("应当在收到本告知书之日起60日内先向石桥县人民政府" in made.text) == (variant == "B")
    assert ("6个月内" in made.text) == (variant == "A" or code == "partial")


def test_the_law_on_the_day_of_the_decision_counts() -> None:
    assert remedy("refused", dt.date(2023, 12, 31), "石桥县人民政府").code == "A"
    assert remedy("refused", dt.date(2024, 1, 1), "石桥县人民政府").code == "B"


def test_an_answer_over_the_internet_tells_where_to_ask_online() -> None:
    """行政复议法第二十二条第二款."""
    assert (
        "互联网提交行政复议申请：https://fy.example"
        in remedy("disclosed", DAY, "县政府", online="https://fy.example").text
    )


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [
        ("department", "本级人民政府"),
        ("judicial", "本级人民政府或者上一级司法行政部门"),
        ("county", "上一级地方人民政府"),
        ("township", "上一级地方人民政府"),
        ("street", "设立它的本级人民政府"),
        ("vertical", "上一级主管部门"),
    ],
)
def test_who_reconsiders(kind: str, phrase: str) -> None:
    """行政复议法第二十四条、第二十七条、第二十八条, in force 2024-01-01."""
    assert goes_to(kind, dt.date(2024, 1, 1)).phrase == phrase


def test_before_2024_there_was_a_choice() -> None:
    """The law before the revision: 本级人民政府 or 上一级主管部门; kept from memory, so a default only."""
    assert goes_to("department", dt.date(2023, 12, 31)).phrase == "本级人民政府或者上一级主管部门"
    assert not tells_online(dt.date(2023, 12, 31)) and tells_online(dt.date(2024, 1, 1))


def table(**rows: list[int]) -> dict[str, dict[str, int]]:
    full = {key: dict.fromkeys(COLUMNS, 0) for key in ROWS}
    for key, values in rows.items():
        full[key.replace("_", ".").removeprefix("r")] = dict(zip(COLUMNS, values, strict=True))
    return full


def test_a_real_report_holds() -> None:
    """Figures of a 2025 report of a provincial capital: four rows, results laid into one leaf."""
    held = table(
        new=[13612, 252, 0, 45, 128, 32, 14069],
        carried=[535, 6, 0, 1, 18, 0, 560],
        r1=[13364, 252, 0, 44, 121, 29, 13810],
        total=[13364, 252, 0, 44, 121, 29, 13810],
        forward=[783, 6, 0, 2, 25, 3, 819],
    )
    assert check_requests(held) == []
    fourth = dict(zip(BLOCKS, ([376, 97, 196, 121, 790], [16, 1, 12, 27, 56], [74, 1, 30, 51, 156]), strict=True))
    assert check_disputes({b: dict(zip(RESULTS, v, strict=True)) for b, v in fourth.items()}) == []


def test_each_identity_is_found_broken() -> None:
    held = table(new=[2, 0, 0, 0, 0, 0, 2], r1=[1, 0, 0, 0, 0, 0, 1], total=[1, 0, 0, 0, 0, 0, 1])
    assert {b.code for b in check_requests(held)} == {"H1"}
    held = table(new=[1, 0, 0, 0, 0, 0, 1], total=[1, 0, 0, 0, 0, 0, 1])
    assert {b.code for b in check_requests(held)} == {"H2"}
    held = table(new=[1, 0, 0, 0, 0, 0, 2], forward=[1, 0, 0, 0, 0, 0, 2])
    assert {b.code for b in check_requests(held)} == {"H3"}
    held = table(carried=[1, 0, 0, 0, 0, 0, 1], forward=[1, 0, 0, 0, 0, 0, 1])
    assert [b.code for b in check_requests(held, before=table())] == ["H6", "H6"]
    held["new"]["自然人"] = -1
    assert [b.code for b in check_requests(held)] == ["H5"]
