"""信息处理费. Values of 国办函〔2020〕109号 typed from the measure's own tiers; a naive count checks them at random."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.fees import attainable, by_page, by_piece, count_of


@pytest.mark.parametrize(
    ("pieces", "yuan"),
    [(1, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (35, 3000), (40, 4000), (41, 4300), (50, 7000), (51, 7400)],
)
def test_by_piece(pieces: int, yuan: int) -> None:
    assert by_piece(pieces).amount == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"), [(1, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740), (300, 6700)]
)
def test_by_page(pages: int, yuan: int) -> None:
    assert by_page(pages).amount == yuan


def test_the_working_is_shown() -> None:
    """35 requests in one month: 20 × 100 + 5 × 200."""
    assert by_piece(35).working == [
        "第1至10件，10件不收费",
        "第11至30件，20件×100元＝2000元",
        "第31至35件，5件×200元＝1000元",
    ]
    assert by_piece(1, before=34).working == ["第35件，1件×200元＝200元"]


@pytest.mark.parametrize("count", [0, -1])
def test_what_is_no_number_of_pieces(count: int) -> None:
    with pytest.raises(ValueError, match="正整数"):
        by_piece(count)


def naive_piece(n: int) -> int:
    """One piece after the other, as a person would count on fingers."""
    total = 0
    for at in range(1, n + 1):
        if at <= 10:
            continue
        total += 100 if at <= 30 else 200 + 100 * ((at - 31) // 10)
    return total


def naive_page(n: int) -> int:
    return sum(0 if p <= 30 else 10 if p <= 100 else 20 if p <= 200 else 40 for p in range(1, n + 1))


@given(st.integers(1, 400), st.integers(0, 200))
def test_against_counting_one_by_one(count: int, before: int) -> None:
    assert by_piece(count, before).amount == naive_piece(before + count) - naive_piece(before)
    assert by_page(count).amount == naive_page(count)


@pytest.mark.parametrize(
    ("basis", "amount", "count"),
    [
        ("pages", 10, 31),
        ("pages", 380, 68),
        ("pages", 700, 100),
        ("pages", 2740, 201),
        ("pages", 15, None),
        ("pages", 0, None),
        ("pieces", 100, 11),
        ("pieces", 2200, 31),
        ("pieces", 7000, 50),
        ("pieces", 150, None),
    ],
)
def test_what_an_amount_was_for(basis: str, amount: int, count: int | None) -> None:
    """国办函〔2020〕109号第四条、第五条: 380元 is 38 pages over the free thirty; 15元 is nothing."""
    assert count_of(basis, amount) == count
    assert attainable(basis, amount) == (count is not None)


def test_pieces_after_others_may_cost_what_no_first_pieces_do() -> None:
    """One piece after forty others in the month costs 300元."""
    assert by_piece(1, before=40).amount == 300 and attainable("pieces", 300)
