"""Tables three and four of the annual report, counted from rows of cases (国办公开办函〔2021〕30号). Plain Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from gongkai.cases import life
from gongkai.law.annual import BLOCKS, COLUMNS, LEAVES, RESULTS, ROWS

_COLUMN = dict(zip(life.APPLICANTS, COLUMNS, strict=False))

Table = dict[str, dict[str, int]]
Behind = dict[tuple[str, str], list[int]]
RequestRow = tuple[int, str, dt.date | None, dt.date | None, str]
"""Case, kind of applicant, received, ended, row of the report."""
DisputeRow = tuple[int, str, bool, dt.date, dt.date | None, str]
"""Case, kind, whether sued without a reconsideration before, begun, ended, result."""


def request_table(year: int, rows: Iterable[RequestRow]) -> tuple[Table, Behind]:
    """The third table of a year from its cases; those of other years are left out."""
    begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    table = {row: dict.fromkeys(COLUMNS, 0) for row in ROWS}
    behind: Behind = {}

    def add(row: str, column: str, pk: int) -> None:
        for c in (column, COLUMNS[-1]):
            table[row][c] += 1
            behind.setdefault((row, c), []).append(pk)

    for pk, kind, received, ended, row in rows:
        if received is None or received > end or (ended is not None and ended < begin):
            continue
        column = _COLUMN[kind]
        add("new" if received >= begin else "carried", column, pk)
        if ended is None or ended > end:
            add("forward", column, pk)
        else:
            assert row in LEAVES, (pk, row)
            add(row, column, pk)
            add("total", column, pk)
    return table, behind


def dispute_table(year: int, rows: Iterable[DisputeRow]) -> tuple[Table, Behind]:
    """The fourth table of a year from reconsiderations and suits; complaints are in no table."""
    begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    table = {block: dict.fromkeys(RESULTS, 0) for block in BLOCKS}
    behind: Behind = {}
    for pk, kind, first, on, ended, result in rows:
        if kind not in ("reconsider", "sue") or on > end or (ended is not None and ended < begin):
            continue
        block = BLOCKS[0] if kind == "reconsider" else BLOCKS[1] if first else BLOCKS[2]
        open_ = ended is None or ended > end
        for name in (RESULTS[-2] if open_ else life.RESULTS[result], RESULTS[-1]):
            table[block][name] += 1
            behind.setdefault((block, name), []).append(pk)
    return table, behind
