"""信息处理费: what a request costs, with the working shown (国办函〔2020〕109号). Amounts are whole yuan."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Slice:
    """So many units at a rate."""

    first: int
    last: int
    rate: int

    @property
    def count(self) -> int:
        """How many units."""
        return self.last - self.first + 1

    @property
    def amount(self) -> int:
        """Yuan of this slice."""
        return self.count * self.rate


@dataclass(frozen=True, slots=True)
class Fee:
    """What is to be paid, slice by slice; `unit` is 件 or 页."""

    amount: int
    slices: tuple[Slice, ...]
    unit: str
    name: str
    citation: str
    note: str

    @property
    def working(self) -> list[str]:
        """The working in words: 第11至30件，20件×100元=2000元."""
        out = []
        for s in self.slices:
            span = f"第{s.first}{self.unit}" if s.first == s.last else f"第{s.first}至{s.last}{self.unit}"
            cost = f"{s.count}{self.unit}×{s.rate}元＝{s.amount}元" if s.rate else f"{s.count}{self.unit}不收费"
            out.append(f"{span}，{cost}")
        return out


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("gongkai.law") / "tables" / "fees.toml").read_text("utf-8"))


def by_piece(count: int, before: int = 0) -> Fee:
    """The fee of `count` pieces by piece, after `before` pieces of the same applicant in the same calendar month.

    Raises ValueError for numbers that are none of pieces. 第四条: for every kind of decision.
    """
    return _fee("piece", before, count)


def by_page(pages: int) -> Fee:
    """The fee of one request by its pages (第五条): one side of A4 or smaller is a page."""
    return _fee("page", 0, pages)


def _fee(kind: str, before: int, count: int) -> Fee:
    if count < 1 or before < 0:
        raise ValueError("件数和页数是正整数")
    rule = _data()[kind]
    out: list[Slice] = []
    at, last = before + 1, before + count
    for first, upto, rate in _bands(rule, last):
        begin, end = max(first, at), min(upto, last)
        if begin <= end:
            out.append(Slice(begin, end, rate))
    return Fee(sum(s.amount for s in out), tuple(out), rule["unit"], rule["name"], rule["citation"], rule["note"])


def _bands(rule: dict[str, Any], last: int) -> list[tuple[int, int, int]]:
    bands, first = [], 1
    for one in rule["slices"]:
        upto = one["upto"] or max(last, first)
        bands.append((first, upto, one["rate"]))
        first = upto + 1
    step = rule.get("step")
    rate = step["first"] if step else 0
    while step and first <= last:
        bands.append((first, first + step["size"] - 1, rate))
        first, rate = first + step["size"], rate + step["more"]
    return bands


def attainable(basis: str, amount: int) -> bool:
    """Whether some number of pieces (`pieces`) or pages (`pages`) of one request costs exactly `amount` yuan.

    By piece, what the applicant asked for earlier in the month counts first, so any run of pieces is possible.
    """
    if amount <= 0:
        return False
    if basis == "pages":
        return count_of("pages", amount) is not None
    # Rates go up in whole steps of the first: any multiple of it is a run of pieces, or a single dearer piece.
    first = next(s["rate"] for s in _data()["piece"]["slices"] if s["rate"])
    return bool(amount % first == 0)


LARGEST = 1_000_000
"""Yuan: no request comes near it, and what the bands give is counted through up to here at most."""


def count_of(basis: str, amount: int) -> int | None:
    """How many pages, or how many pieces by an applicant without any before, cost exactly `amount` yuan; None where no
    number does. Above the free ones each number has its own amount."""
    if amount > LARGEST:
        return None
    make = by_page if basis == "pages" else by_piece
    low, high = 1, amount // 10 + 40  # the lowest rate above nought is 10 yuan
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if make(middle).amount < amount else (low, middle)
    return low if amount > 0 and make(low).amount == amount else None
